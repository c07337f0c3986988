//! The effects of clips: a stack that is added to, switched, put in order, copied. UI thread.

mod stack;
mod wheel;

use super::{
    InspectorState,
    field::Shown,
    rows::{self, Number, Row, Unit},
    scope::Scope,
};
use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::{Theme, size},
        widgets,
        words::{tr, tr_args},
    },
    edit::{ClipChange, EditCommand},
    model::{Effect, EffectKind, MAX_EFFECTS},
    session::Command,
};
use egui::{
    Align2, Button, CornerRadius, Id, Popup, PopupCloseBehavior, Rect, Response, Sense, Stroke, TextEdit, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use wheel::Reach;

pub fn effects_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let same = scope.same(|c| c.effects.clone());
    let any = scope.clips.iter().any(|c| !c.effects.is_empty());
    let mut asked = None;
    let (search, copied) = (&mut state.search, &state.copied_effects);
    let open = rows::section(ui, cx.theme, &mut state.closed, "inspector-effects", |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        asked = tail_ui(ui, cx.theme, scope, same.as_deref(), any, (search, copied));
    });
    if let Some(asked) = asked {
        carry_out(ui, state, cx, scope, asked);
    }
    if !open {
        return;
    }
    match same.as_deref() {
        Some([]) => rows::note(ui, cx.theme, &tr("inspector-no-effects")),
        Some(stack) => stack_ui(ui, state, cx, scope, stack),
        None => rows::note(ui, cx.theme, &tr("inspector-effects-differ")),
    }
}

/// What the head of the section was asked for.
enum Asked {
    Add(EffectKind),
    Switch(bool),
    Copy,
    Paste,
    RemoveAll,
}

fn tail_ui(
    ui: &mut Ui,
    theme: &Theme,
    scope: &Scope<'_>,
    same: Option<&[Effect]>,
    any: bool,
    (search, copied): (&mut String, &[Effect]),
) -> Option<Asked> {
    let mut asked = None;
    if any {
        let mut on = scope.clips.iter().any(|c| c.effects.iter().any(|e| e.enabled));
        if widgets::switch(ui, theme, &mut on, &tr("inspector-all-effects")).on_hover_text(tr("inspector-all-effects-tip")).clicked() {
            asked = Some(Asked::Switch(on));
        }
        ui.add_space(4.0);
    }
    let more = rows::tail_response(ui, theme, icons::MORE, &tr("inspector-effects-menu"));
    Popup::menu(&more).show(|ui| {
        ui.set_min_width(180.0);
        let mut entry = |ui: &mut Ui, on: bool, key: &str, what: Asked| {
            if ui.add_enabled(on, Button::new(tr(key))).clicked() {
                asked = Some(what);
            }
        };
        entry(ui, same.is_some_and(|s| !s.is_empty()), "inspector-effects-copy", Asked::Copy);
        entry(ui, !copied.is_empty(), "inspector-effects-paste", Asked::Paste);
        ui.separator();
        entry(ui, any, "inspector-effects-remove", Asked::RemoveAll);
    });
    let room = scope.clips.iter().any(|c| c.effects.len() < MAX_EFFECTS);
    let add = ui.add_enabled_ui(room, |ui| rows::tail_response(ui, theme, icons::PLUS, &tr("inspector-add-effect"))).inner;
    if add.clicked() {
        search.clear();
    }
    Popup::menu(&add).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        if let Some(kind) = add_ui(ui, theme, search, add.clicked()) {
            asked = Some(Asked::Add(kind));
            ui.close();
        }
    });
    asked
}

/// The effects there are, with a search.
fn add_ui(ui: &mut Ui, theme: &Theme, search: &mut String, first: bool) -> Option<EffectKind> {
    ui.set_min_width(190.0);
    let field = TextEdit::singleline(search).hint_text(tr("inspector-search-effects")).desired_width(178.0).margin(vec2(8.0, 4.0));
    let field = ui.add(field).accessible_name(tr("inspector-search-effects"));
    if first {
        field.request_focus();
    }
    ui.add_space(2.0);
    let words = search.trim().to_lowercase();
    let found: Vec<EffectKind> = EffectKind::ALL.into_iter().filter(|k| tr(stack::name_key(k)).to_lowercase().contains(&words)).collect();
    if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
        return found.first().copied();
    }
    if found.is_empty() {
        rows::note(ui, theme, &tr("inspector-nothing-found"));
    }
    let mut chosen = None;
    for kind in found {
        let name = tr(stack::name_key(&kind));
        let icon = egui::RichText::new(stack::icon(&kind).to_string()).font(fonts::icon(size::ICON)).color(theme.secondary());
        let button = Button::new((icon, &name)).min_size(vec2(178.0, size::ROW));
        if ui.add(button).accessible_name(&name).clicked() {
            chosen = Some(kind);
        }
    }
    chosen
}

fn carry_out(ui: &Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, asked: Asked) {
    let first = scope.clips.first();
    let edit = match asked {
        Asked::Add(kind) => scope.many(|c| stack::added(&c.effects, kind).map(ClipChange::Effects).into_iter().collect()),
        Asked::Switch(on) => {
            let before = state.bypassed.take();
            if let (false, Some(c)) = (on, first) {
                state.bypassed = Some((c.id, c.effects.iter().map(|e| e.enabled).collect()));
            }
            let flags = before.filter(|b| first.is_some_and(|c| c.id == b.0)).map(|b| b.1);
            scope.each(|c| ClipChange::Effects(stack::switched(&c.effects, on, flags.as_deref())))
        }
        Asked::Copy => {
            state.copied_effects = first.map(|c| c.effects.clone()).unwrap_or_default();
            None
        }
        Asked::Paste => scope.each(|c| ClipChange::Effects(stack::pasted(&c.effects, &state.copied_effects))),
        Asked::RemoveAll => scope.each(|_| ClipChange::Effects(Vec::new())),
    };
    if let Some(edit) = edit {
        state.change(ui, cx, edit);
    }
}

/// All clips take this stack.
fn replace(scope: &Scope<'_>, new: &[Effect]) -> Option<EditCommand> {
    scope.each(|_| ClipChange::Effects(new.to_vec()))
}

fn stack_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, effects: &[Effect]) {
    let mut places = Vec::with_capacity(effects.len());
    let mut new = None;
    for (i, effect) in effects.iter().enumerate() {
        let top = ui.cursor().top();
        let asked = head_ui(ui, cx.theme, state, i, effects);
        if !state.folded_effects.contains(&i) {
            let was = ui.is_enabled();
            ui.add_enabled_ui(was && effect.enabled, |ui| {
                if let Some(kind) = settings_ui(ui, cx.theme, i, &effect.kind) {
                    new = Some(stack::changed(effects, i, |e| e.kind = kind));
                }
            });
        }
        if asked.is_some() {
            new = asked;
        }
        places.push((top, ui.cursor().top()));
    }
    if let Some(to) = drop_ui(ui, cx.theme, state, &places)
        && let Some(from) = state.held_effect.take()
    {
        state.folded_effects.clear();
        new = Some(stack::moved(effects, from, to));
    }
    if let Some(new) = new.filter(|n| n != effects)
        && let Some(edit) = replace(scope, &new)
    {
        // what was moved or removed is done with a click; a setting may be part of a drag
        if new.len() == effects.len() {
            state.change(ui, cx, edit);
        } else {
            cx.out.send(Command::Edit(edit));
        }
    }
}

/// While an effect is dragged: shows where it would go. Some = it was let go there.
fn drop_ui(ui: &Ui, theme: &Theme, state: &mut InspectorState, places: &[(f32, f32)]) -> Option<usize> {
    let from = state.held_effect.filter(|i| *i < places.len())?;
    let y = ui.input(|i| i.pointer.latest_pos())?.y;
    let others = places.iter().enumerate().filter(|(i, _)| *i != from);
    let to = others.clone().filter(|(_, p)| (p.0 + p.1) / 2.0 < y).count();
    let line = match others.map(|(_, p)| *p).nth(to) {
        Some(next) => next.0,
        None => places.last()?.1,
    };
    let line = if to == from { places[from].0 } else { line };
    let x = ui.max_rect().x_range();
    ui.painter().hline(x, line, Stroke::new(2.0, theme.accent()));
    ui.set_cursor_icon(egui::CursorIcon::Grabbing);
    ui.input(|i| !i.pointer.primary_down()).then_some(to)
}

/// The head of one effect; Some = the stack after what was asked for.
fn head_ui(ui: &mut Ui, theme: &Theme, state: &mut InspectorState, i: usize, effects: &[Effect]) -> Option<Vec<Effect>> {
    let effect = effects.get(i)?;
    let name = tr(stack::name_key(&effect.kind));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW + 2.0), Sense::hover());
    ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), CornerRadius::same(size::RADIUS), theme.surface(2));
    grip_ui(ui, theme, state, i, &name, rect);
    let folded = state.folded_effects.contains(&i);
    let body = Rect::from_x_y_ranges(rect.left() + 20.0..=rect.right() - 60.0, rect.y_range());
    let response = ui.interact(body, Id::unique(("inspector effect", i)), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(Role::Button, ui.is_enabled(), !folded, tr_args("inspector-effect-of", &[("name", name.as_str().into())]))
    });
    if response.clicked() {
        if folded {
            state.folded_effects.remove(&i)
        } else {
            state.folded_effects.insert(i)
        };
    }
    let color = if effect.enabled && ui.is_enabled() { theme.text() } else { theme.secondary() };
    let y = rect.center().y;
    ui.painter().text(pos2(body.left() + 8.0, y), Align2::CENTER_CENTER, stack::icon(&effect.kind), fonts::icon(14.0), theme.secondary());
    let galley = widgets::elided(ui, &name, fonts::regular(size::TEXT), color, body.width() - 22.0);
    ui.painter().galley(pos2(body.left() + 20.0, y - galley.size().y / 2.0), galley, color);
    if response.has_focus() {
        ui.painter().rect_stroke(rect, CornerRadius::same(size::RADIUS), Stroke::new(1.0, theme.accent()), egui::StrokeKind::Inside);
    }
    let mut asked = None;
    let tail = rect.with_min_x(rect.right() - 58.0).shrink2(vec2(6.0, 0.0));
    let builder = egui::UiBuilder::new().max_rect(tail).layout(egui::Layout::right_to_left(egui::Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let mut on = effect.enabled;
        if widgets::switch(ui, theme, &mut on, &tr_args("inspector-effect-on", &[("name", name.as_str().into())])).clicked() {
            asked = Some(stack::changed(effects, i, |e| e.enabled = on));
        }
        let more = rows::tail_response(ui, theme, icons::MORE, &tr_args("inspector-effect-menu-of", &[("name", name.as_str().into())]));
        Popup::menu(&more).show(|ui| asked = menu_ui(ui, i, effects).or(asked.take()));
    });
    response.context_menu(|ui| asked = menu_ui(ui, i, effects).or(asked.take()));
    asked
}

/// The handle that an effect is dragged by.
fn grip_ui(ui: &Ui, theme: &Theme, state: &mut InspectorState, i: usize, name: &str, rect: Rect) -> Response {
    let grip = rect.with_max_x(rect.left() + 20.0);
    let response = ui.interact(grip, Id::unique(("inspector effect grip", i)), Sense::DRAG).on_hover_cursor(egui::CursorIcon::Grab);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), tr_args("inspector-effect-move", &[("name", name.into())])));
    if response.drag_started() {
        state.held_effect = Some(i);
    }
    let color = if response.hovered() { theme.text() } else { theme.faint() };
    ui.painter().text(grip.center(), Align2::CENTER_CENTER, icons::GRIP, fonts::icon(13.0), color);
    response
}

fn menu_ui(ui: &mut Ui, i: usize, effects: &[Effect]) -> Option<Vec<Effect>> {
    ui.set_min_width(160.0);
    let mut asked = None;
    let mut entry = |ui: &mut Ui, on: bool, key: &str, new: &dyn Fn() -> Vec<Effect>| {
        if ui.add_enabled(on, Button::new(tr(key))).clicked() {
            asked = Some(new());
            ui.close();
        }
    };
    entry(ui, i > 0, "inspector-effect-up", &|| stack::moved(effects, i, i.saturating_sub(1)));
    entry(ui, i + 1 < effects.len(), "inspector-effect-down", &|| stack::moved(effects, i, i + 1));
    ui.separator();
    entry(ui, true, "inspector-effect-reset", &|| stack::changed(effects, i, |e| e.kind = stack::fresh(&e.kind)));
    entry(ui, true, "inspector-effect-remove", &|| stack::removed(effects, i));
    asked
}

/// The numbers of an effect, or its wheels. Some = changed.
fn settings_ui(ui: &mut Ui, theme: &Theme, place: usize, kind: &EffectKind) -> Option<EffectKind> {
    if let EffectKind::Wheels { lift, gamma, gain } = *kind {
        return wheels_ui(ui, theme, place, [lift, gamma, gain]);
    }
    let fresh = stack::settings(&stack::fresh(kind));
    let mut new = None;
    for (i, (s, fresh)) in stack::settings(kind).into_iter().zip(fresh).enumerate() {
        let label = tr(s.key);
        let default = f64::from(fresh.value) * s.factor;
        let speed = (s.slider.1 - s.slider.0) / 400.0;
        let n = Number::new(&label, s.unit, s.range.0..=s.range.1, default).places(s.places).speed(speed).slider(s.slider.0..=s.slider.1);
        let now = f64::from(s.value) * s.factor;
        if let Some(change) = rows::number(ui, theme, &n.salt(place), Shown::one(now)) {
            new = Some(stack::with_setting(*kind, i, (change.of(now).clamp(s.range.0, s.range.1) / s.factor) as f32));
        }
    }
    new
}

const REACHES: [(&str, Reach); 3] = [
    ("inspector-lift", Reach { neutral: 0.0, rim: 0.25, master: (-0.5, 0.5), range: (-1.0, 1.0) }),
    ("inspector-gamma", Reach { neutral: 1.0, rim: 0.5, master: (0.2, 1.8), range: (0.1, 10.0) }),
    ("inspector-gain-wheel", Reach { neutral: 1.0, rim: 0.5, master: (0.0, 2.0), range: (0.0, 4.0) }),
];

fn wheels_ui(ui: &mut Ui, theme: &Theme, place: usize, value: [[f32; 3]; 3]) -> Option<EffectKind> {
    let mut now = value;
    let width = ui.available_width();
    let side = ((width - 16.0) / 3.0).clamp(48.0, 120.0);
    ui.add_space(4.0);
    let (area, _) = ui.allocate_exact_size(vec2(width, side + 36.0), Sense::hover());
    let gap = (width - 3.0 * side) / 2.0;
    for (i, (key, reach)) in REACHES.iter().enumerate() {
        let rect = Rect::from_min_size(area.min + vec2((side + gap) * i as f32, 0.0), vec2(side, side + 34.0));
        if let Some(v) = wheel::wheel_ui(ui, theme, rect, &tr(key), place, now[i], reach) {
            now[i] = v;
        }
    }
    for (i, (key, reach)) in REACHES.iter().enumerate() {
        let label = tr(key);
        let names = ["inspector-red-of", "inspector-green-of", "inspector-blue-of"].map(|k| tr_args(k, &[("name", label.as_str().into())]));
        let n = Number::new(&label, Unit::Plain, f64::from(reach.range.0)..=f64::from(reach.range.1), f64::from(reach.neutral));
        let n = n.places(2).speed(0.004).salt(place);
        let shown = now[i].map(|v| Shown::one(f64::from(v)));
        let row = Row::next(ui);
        if let Some((part, change)) = rows::numbers(ui, theme, row, &n, &[&names[0], &names[1], &names[2]], &shown) {
            now[i][part] = change.of(f64::from(now[i][part])) as f32;
        }
        if rows::reset_numbers(ui, theme, row, &n, &shown) {
            now[i] = [reach.neutral; 3];
        }
    }
    (now != value).then_some(EffectKind::Wheels { lift: now[0], gamma: now[1], gain: now[2] })
}
