//! The command palette: type a few letters of any command, Enter runs it. Recently used ones first. UI thread.

use super::{
    commands::{self, CommandId, Facts, Spec},
    fonts, icons,
    state::Queue,
    theme::{Theme, size},
    widgets,
    words::tr,
};
use egui::{
    Align2, CornerRadius, Key, Modifiers, RichText, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, accesskit::Role, pos2, text::LayoutJob,
    text::TextFormat, vec2,
};

/// Commands that are remembered as recently used.
const RECENT: usize = 8;
const ROW: f32 = 32.0;

/// What the palette remembers.
#[derive(Debug, Default)]
pub struct Palette {
    pub open: bool,
    search: String,
    chosen: usize,
    /// Newest first.
    recent: Vec<CommandId>,
}

/// A command that answers to what was typed.
struct Hit {
    spec: &'static Spec,
    text: String,
    /// Higher is better.
    score: i32,
    /// Characters of `text` that were typed.
    marks: Vec<usize>,
}

impl Palette {
    pub fn show(&mut self) {
        (self.open, self.chosen) = (true, 0);
        self.search.clear();
    }

    /// What the settings keep of it.
    pub fn load(&mut self, text: Option<&String>) {
        let names: Vec<String> = text.and_then(|t| ron::from_str(t).ok()).unwrap_or_default();
        let by_name = |name: &String| CommandId::ALL.iter().copied().find(|id| id.name() == *name);
        self.recent = names.iter().filter_map(by_name).take(RECENT).collect();
    }

    pub fn to_text(&self) -> String {
        ron::to_string(&self.recent.iter().map(|id| id.name()).collect::<Vec<_>>()).unwrap_or_default()
    }

    fn used(&mut self, id: CommandId) {
        self.recent.retain(|r| *r != id);
        self.recent.insert(0, id);
        self.recent.truncate(RECENT);
    }

    fn hits(&self) -> Vec<Hit> {
        let place = |id: CommandId| self.recent.iter().position(|r| *r == id);
        let mut hits: Vec<Hit> = commands::all()
            .filter(|spec| spec.id != CommandId::Palette)
            .filter_map(|spec| {
                let text = spec.text();
                let (score, marks) = score(&text, &self.search)?;
                let bonus = place(spec.id).map_or(0, |i| (RECENT - i) as i32 * if self.search.trim().is_empty() { 100 } else { 2 });
                Some(Hit { spec, text, score: score + bonus, marks })
            })
            .collect();
        // equal ones stay in the order of the menus
        hits.sort_by_key(|h| std::cmp::Reverse(h.score));
        hits
    }
}

/// How well `text` answers to `typed`, and which of its characters do; None where the letters are not in it in this order.
///
/// A run of letters and the start of a word count most, so that "sp" finds "Split" before "Snapping".
fn score(text: &str, typed: &str) -> Option<(i32, Vec<usize>)> {
    let text: Vec<char> = text.chars().collect();
    let lower: Vec<char> = text.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let (mut score, mut marks, mut at) = (0, Vec::new(), 0);
    for word in typed.to_lowercase().split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        let starts = |i: usize| i == 0 || !lower[i - 1].is_alphanumeric();
        // the whole word where it starts one, else anywhere, else its letters one by one
        let whole = |from_start: bool| {
            (0..lower.len().saturating_sub(letters.len() - 1)).find(|i| lower[*i..].starts_with(&letters) && (!from_start || starts(*i)))
        };
        if let Some(i) = whole(true).or_else(|| whole(false)) {
            score += letters.len() as i32 * if starts(i) { 12 } else { 7 } - i as i32 / 4;
            marks.extend(i..i + letters.len());
            at = i + letters.len();
            continue;
        }
        let mut last = None;
        for letter in letters {
            let i = (at..lower.len()).find(|i| lower[*i] == letter)?;
            score += if starts(i) { 5 } else { 1 } + if last == Some(i.wrapping_sub(1)) { 3 } else { 0 };
            marks.push(i);
            (at, last) = (i + 1, Some(i));
        }
    }
    // of equals the shorter one, unless all are equal
    let length = if marks.is_empty() { 0 } else { text.len() as i32 };
    Some((score * 10 - length, marks))
}

/// Draw the palette while it is open. True = a command was run, so what it remembers has changed.
pub fn palette_ui(ui: &Ui, state: &mut Palette, theme: &Theme, facts: &Facts, out: &mut Queue) -> bool {
    if !state.open {
        return false;
    }
    let hits = state.hits();
    let step = |key| ui.input_mut(|i| i.count_and_consume_key(Modifiers::NONE, key)) as i64;
    let by = step(Key::ArrowDown) - step(Key::ArrowUp) + 8 * (step(Key::PageDown) - step(Key::PageUp));
    state.chosen = (state.chosen as i64 + by).clamp(0, hits.len().saturating_sub(1) as i64) as usize;
    let mut run = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter)).then_some(state.chosen);
    let room = ui.ctx().content_rect();
    let width = (room.width() - 60.0).clamp(260.0, 560.0);
    let area = egui::Area::new(egui::Id::unique("palette area")).anchor(Align2::CENTER_TOP, vec2(0.0, (room.height() * 0.12).max(20.0)));
    let response = widgets::dialog(theme, "palette").area(area).show(ui.ctx(), |ui| {
        ui.set_width(width);
        let search = TextEdit::singleline(&mut state.search)
            .hint_text(format!("{} {}", icons::SEARCH, tr("shell-palette-hint")))
            .desired_width(f32::INFINITY)
            .font(fonts::regular(14.0))
            .margin(vec2(10.0, 8.0));
        let field = ui.add(search).accessible_name(tr("shell-search-commands"));
        field.request_focus();
        if field.changed() {
            state.chosen = 0;
        }
        ui.add_space(6.0);
        if hits.is_empty() {
            ui.add_space(16.0);
            ui.vertical_centered(|ui| ui.label(RichText::new(tr("shell-no-command-found")).color(theme.secondary())));
            ui.add_space(16.0);
            return;
        }
        let most = (room.height() * 0.5).clamp(3.0 * ROW, 10.0 * ROW);
        ScrollArea::vertical().max_height(most).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (i, hit) in hits.iter().enumerate() {
                let response = row_ui(ui, theme, facts, hit, i == state.chosen);
                if i == state.chosen && by != 0 {
                    response.scroll_to_me(None);
                }
                if response.clicked() {
                    run = Some(i);
                }
            }
        });
    });
    if response.should_close() {
        state.open = false;
    }
    let Some(spec) = run.and_then(|i| hits.get(i)).map(|h| h.spec).filter(|s| s.when.holds(facts)) else { return false };
    state.open = false;
    state.used(spec.id);
    out.run(spec.id);
    true
}

fn row_ui(ui: &mut Ui, theme: &Theme, facts: &Facts, hit: &Hit, chosen: bool) -> egui::Response {
    let enabled = hit.spec.when.holds(facts);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, chosen, &hit.text));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    if chosen || response.hovered() {
        let fill = if chosen { theme.accent_tint() } else { theme.surface(2) };
        ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    }
    let color = if enabled { theme.text() } else { theme.faint() };
    let icon_color = if enabled { theme.secondary() } else { theme.faint() };
    ui.painter().text(pos2(rect.left() + 18.0, rect.center().y), Align2::CENTER_CENTER, hit.spec.icon, fonts::icon(16.0), icon_color);
    let mut job = LayoutJob::default();
    let mut buffer = [0; 4];
    for (i, c) in hit.text.chars().enumerate() {
        let marked = hit.marks.contains(&i);
        let font = if marked { fonts::semibold(13.0) } else { fonts::regular(13.0) };
        let color = if marked && enabled { theme.accent_text() } else { color };
        job.append(c.encode_utf8(&mut buffer), 0.0, TextFormat::simple(font, color));
    }
    let name = ui.painter().layout_job(job);
    let name_right = rect.left() + 36.0 + name.size().x;
    ui.painter().galley(pos2(rect.left() + 36.0, rect.center().y - name.size().y / 2.0), name, color);
    let menu = fonts::regular(size::SMALL);
    ui.painter().text(pos2(name_right + 10.0, rect.center().y + 0.5), Align2::LEFT_CENTER, hit.spec.menu.title(), menu, icon_color);
    let key = hit.spec.key_text(ui.ctx());
    if !key.is_empty() {
        widgets::paint_key(ui, theme, &key, pos2(rect.right() - 8.0, rect.center().y));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(typed: &str) -> CommandId {
        let palette = Palette { search: typed.into(), ..Palette::default() };
        palette.hits()[0].spec.id
    }

    #[test]
    fn a_few_letters_find_a_command() {
        assert_eq!(best("split"), CommandId::Split);
        assert_eq!(best("SPL play"), CommandId::Split);
        assert_eq!(best("rip del"), CommandId::RippleDelete);
        assert_eq!(best("avt"), CommandId::AddVideoTrack);
        assert_eq!(best("export"), CommandId::Export);
        assert!(Palette { search: "qqqq".into(), ..Palette::default() }.hits().is_empty());
    }

    #[test]
    fn what_was_used_last_comes_first_until_something_is_typed() {
        let mut palette = Palette::default();
        palette.used(CommandId::Title);
        palette.used(CommandId::ZoomFit);
        let mut back = Palette::default();
        back.load(Some(&palette.to_text()));
        let first: Vec<_> = back.hits().iter().take(2).map(|h| h.spec.id).collect();
        assert_eq!(first, [CommandId::ZoomFit, CommandId::Title]);
        back.search = "undo".into();
        assert_eq!(back.hits()[0].spec.id, CommandId::Undo);
    }

    #[test]
    fn letters_are_marked_where_they_are_in_the_text() {
        assert_eq!(score("Add title", "ti").map(|s| s.1), Some(vec![4, 5]));
        assert_eq!(score("Zoom to fit", "ztf").map(|s| s.1), Some(vec![0, 5, 8]));
        assert_eq!(score("Undo", "x"), None);
        assert_eq!(score("Öffnen …", "öff").map(|s| s.1), Some(vec![0, 1, 2]));
    }
}
