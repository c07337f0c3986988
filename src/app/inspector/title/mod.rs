//! Settings of titles: text, typeface, place, outline, shadow, and looks to begin with. UI thread.

mod font;
mod place;
mod presets;

use super::{
    InspectorState,
    rows::{self, Number, Unit},
    scope::Scope,
    state::Typing,
};
use crate::{
    app::{icons, state::Cx, words::tr},
    base::ClipId,
    edit::{ClipChange, EditCommand},
    model::{ClipContent, TextStyle, Title},
};
use egui::{Popup, TextEdit, Ui};

/// The titles of the selection, and what becomes of them.
pub struct Titles<'a> {
    clips: Vec<(ClipId, &'a Title)>,
    new: Option<Vec<Title>>,
}

impl<'a> Titles<'a> {
    fn of(scope: &Scope<'a>) -> Self {
        let title = |c: &&'a crate::model::Clip| if let ClipContent::Title(t) = &c.content { Some((c.id, t)) } else { None };
        Self { clips: scope.clips.iter().filter_map(title).collect(), new: None }
    }
    pub fn all(&self) -> impl Iterator<Item = &Title> {
        self.clips.iter().map(|c| c.1)
    }
    pub fn first(&self) -> Option<&'a Title> {
        self.clips.first().map(|c| c.1)
    }
    /// What all titles have; None where they differ.
    pub fn same<T: PartialEq>(&self, value: impl Fn(&Title) -> T) -> Option<T> {
        let first = value(self.first()?);
        self.all().all(|t| value(t) == first).then_some(first)
    }
    /// Changes every title.
    pub fn set(&mut self, f: impl Fn(&mut Title)) {
        let clips = &self.clips;
        self.new.get_or_insert_with(|| clips.iter().map(|c| c.1.clone()).collect()).iter_mut().for_each(f);
    }
    fn edit(self) -> Option<EditCommand> {
        let changed = self.clips.iter().zip(self.new?).filter(|(old, new)| *old.1 != *new);
        let mut edits: Vec<_> = changed.map(|(old, new)| EditCommand::SetClip { clip: old.0, change: ClipChange::Title(new) }).collect();
        match edits.len() {
            0 => None,
            1 => edits.pop(),
            _ => Some(EditCommand::Batch(edits)),
        }
    }
}

pub fn title_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let mut titles = Titles::of(scope);
    let aspect = cx.project.sequence.width as f32 / cx.project.sequence.height.max(1) as f32;
    let theme = cx.theme;
    let mut preset = None;
    let open = rows::section(ui, theme, &mut state.closed, "inspector-title", |ui| {
        let more = rows::tail_response(ui, theme, icons::MORE, &tr("inspector-presets"));
        Popup::menu(&more).show(|ui| {
            ui.set_min_width(160.0);
            for p in presets::all() {
                if ui.button(tr(p.name.key())).clicked() {
                    preset = Some(p);
                }
            }
        });
    });
    if let Some(p) = preset {
        titles.set(|t| t.style.clone_from(&p.style));
        let (x, y) = p.place;
        let blocks: Vec<_> = titles.all().map(|t| place::block(ui, &Title { style: p.style.clone(), ..t.clone() }, aspect)).collect();
        for (t, (w, h)) in titles.new.iter_mut().flatten().zip(blocks) {
            t.position = (place::place(x, w), place::place(y, h));
        }
    }
    if open {
        text_ui(ui, state, cx, scope, &titles);
    }
    if rows::section(ui, theme, &mut state.closed, "inspector-font", |_| {}) {
        font::font_ui(ui, &mut state.search, cx, &mut titles);
    }
    if rows::section(ui, theme, &mut state.closed, "inspector-place", |_| {}) {
        position_ui(ui, cx, &mut titles, aspect);
    }
    if rows::section(ui, theme, &mut state.closed, "inspector-edges", |_| {}) {
        edges_ui(ui, cx, &mut titles);
    }
    if let Some(edit) = titles.edit() {
        state.change(ui, cx, edit);
    }
}

/// The text, while one title is selected.
fn text_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, titles: &Titles<'_>) {
    let (Some(clip), Some(title)) = (scope.only(), titles.first()) else {
        rows::note(ui, cx.theme, &tr("inspector-several-titles"));
        return;
    };
    let mut text = title.text.clone();
    let field = TextEdit::multiline(&mut text).desired_rows(2).desired_width(f32::INFINITY).margin(egui::vec2(8.0, 6.0));
    let response = ui.add(field).accessible_name(tr("inspector-title-text"));
    if response.changed() {
        let change = ClipChange::Title(Title { text, ..title.clone() });
        state.type_into(cx, Typing::Title(clip.id), EditCommand::SetClip { clip: clip.id, change });
    }
    if response.lost_focus() {
        state.typed(cx);
    }
}

fn position_ui(ui: &mut Ui, cx: &Cx<'_>, titles: &mut Titles<'_>, aspect: f32) {
    if let Some(first) = titles.first()
        && let Some((x, y)) = place::place_ui(ui, cx.theme, first, aspect)
    {
        titles.set(|t| t.position = (x, y));
    }
    let label = tr("inspector-position");
    let names = [tr("inspector-title-x"), tr("inspector-title-y")];
    let n = Number::new(&label, Unit::Percent, -100.0..=200.0, 50.0).places(1).speed(0.1);
    font::pair(ui, cx, titles, &n, [&names[0], &names[1]], [0.5, 0.5], [|t| &mut t.position.0, |t| &mut t.position.1]);
}

/// Outline and shadow.
fn edges_ui(ui: &mut Ui, cx: &Cx<'_>, titles: &mut Titles<'_>) {
    let label = tr("inspector-outline");
    let n = Number::new(&label, Unit::Percent, 0.0..=10.0, 0.0).places(2).speed(0.01).slider(0.0..=2.0);
    font::number(ui, cx, titles, &n, 100.0, |t| &mut t.style.outline);
    let Some(first) = titles.first() else { return };
    if first.style.outline > 0.0
        && let Some(color) = rows::color(ui, cx.theme, &tr("inspector-color"), &tr("inspector-outline-color"), first.style.outline_color)
    {
        titles.set(|t| t.style.outline_color = color);
    }
    let has_shadow = titles.same(|t| t.style.shadow_color[3] > 0.0);
    if let Some(on) = rows::toggle(ui, cx.theme, &tr("inspector-shadow"), has_shadow) {
        let usual = TextStyle::default().shadow_color[3];
        titles.set(|t| t.style.shadow_color[3] = if on { usual } else { 0.0 });
    }
    if has_shadow != Some(true) {
        return;
    }
    let label = tr("inspector-shadow-offset");
    let names = [tr("inspector-shadow-x"), tr("inspector-shadow-y")];
    let n = Number::new(&label, Unit::Percent, -20.0..=20.0, f64::NAN).places(1).speed(0.02);
    font::pair(ui, cx, titles, &n, [&names[0], &names[1]], [0.0, 0.004], [|t| &mut t.style.shadow.0, |t| &mut t.style.shadow.1]);
    let label = tr("inspector-shadow-blur");
    let n = Number::new(&label, Unit::Percent, 0.0..=20.0, 1.2).places(1).speed(0.02).slider(0.0..=5.0);
    font::number(ui, cx, titles, &n, 100.0, |t| &mut t.style.shadow_blur);
    if let Some(color) = rows::color(ui, cx.theme, &tr("inspector-color"), &tr("inspector-shadow-color"), first.style.shadow_color) {
        titles.set(|t| t.style.shadow_color = color);
    }
}
