//! The dialog that shows and changes the keys: search, click a row, press the new keys; a preset to start from. UI thread.

use super::{Keymap, Preset, clipboard_key, pressed_key};
use crate::app::{
    commands::{self, CommandId, Menu, Spec},
    fonts, icons,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use egui::{
    Align, Align2, ComboBox, CornerRadius, Event, Key, KeyboardShortcut, Layout, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind,
    TextEdit, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};

/// What the dialog remembers.
#[derive(Debug, Default)]
pub struct KeyEditor {
    pub open: bool,
    /// Opened in this pass: the search has the focus.
    fresh: bool,
    search: String,
    /// The row that waits for keys.
    recording: Option<CommandId>,
    /// Keys that were pressed for a command, but belong to another.
    taken: Option<Taken>,
}

#[derive(Clone, Copy, Debug)]
struct Taken {
    by: CommandId,
    key: KeyboardShortcut,
    wanted_for: CommandId,
}

/// What was asked for in a pass.
enum Change {
    Record(CommandId),
    Set(CommandId, Vec<KeyboardShortcut>),
    Reset(CommandId),
    Preset(Preset),
}

impl KeyEditor {
    pub fn show(&mut self) {
        *self = Self { open: true, fresh: true, ..Self::default() };
    }
}

/// Draw the dialog while it is open. Some = the user changed the keys.
pub fn editor_ui(ui: &Ui, state: &mut KeyEditor, theme: &Theme) -> Option<Keymap> {
    if !state.open {
        return None;
    }
    let map = Keymap::of(ui.ctx());
    let mut change = None;
    let response = widgets::dialog(theme, "key editor").show(ui.ctx(), |ui| {
        let room = ui.ctx().content_rect().size();
        ui.set_width((room.x - 80.0).clamp(300.0, 620.0));
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr("command-edit-shortcuts.title")).font(fonts::semibold(16.0)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let name = tr("shell-close-key-editor");
                if widgets::icon_button(ui, theme, icons::CLOSE, &name, &tr("shell-close"), true, false).clicked() {
                    state.open = false;
                }
            });
        });
        ui.add_space(8.0);
        head_ui(ui, state, &map, &mut change);
        ui.add_space(8.0);
        let height = (room.y - 230.0).max(120.0);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            list_ui(ui, state, theme, &map, &mut change);
        });
        ui.add_space(8.0);
        foot_ui(ui, state, theme, &mut change);
    });
    if state.recording.is_none() && response.should_close() {
        state.open = false;
    }
    state.take_keys(ui, &map, &mut change);
    let next = match change? {
        Change::Record(id) => {
            (state.recording, state.taken) = (Some(id), None);
            return None;
        }
        Change::Set(id, keys) => map.with(id, keys),
        Change::Reset(id) => map.reset(id),
        Change::Preset(preset) => Keymap::of_preset(preset),
    };
    (state.recording, state.taken) = (None, None);
    Some(next)
}

impl KeyEditor {
    /// While a row waits, the next key is its own, whatever it would do otherwise; Esc ends the waiting.
    fn take_keys(&mut self, ui: &Ui, map: &Keymap, change: &mut Option<Change>) {
        let Some(id) = self.recording else { return };
        let mut pressed = None;
        ui.input_mut(|i| {
            i.events.retain(|e| match e {
                Event::Key { key, pressed: down, repeat, modifiers, .. } => {
                    if *down && !*repeat && pressed.is_none() {
                        pressed = Some(pressed_key(*key, *modifiers));
                    }
                    false
                }
                Event::Text(_) => false,
                other => {
                    let key = clipboard_key(other);
                    pressed = pressed.or(key);
                    key.is_none()
                }
            });
        });
        let Some(key) = pressed else { return };
        ui.ctx().memory_mut(|m| m.move_focus(egui::FocusDirection::None));
        if key.logical_key == Key::Escape && key.modifiers.is_none() {
            self.recording = None;
            return;
        }
        match map.command(key).filter(|other| *other != id) {
            Some(by) => (self.taken, self.recording) = (Some(Taken { by, key, wanted_for: id }), None),
            None => *change = Some(Change::Set(id, vec![key])),
        }
    }
}

fn head_ui(ui: &mut Ui, state: &mut KeyEditor, map: &Keymap, change: &mut Option<Change>) {
    ui.horizontal(|ui| {
        let width = ui.available_width() - 236.0;
        let search = TextEdit::singleline(&mut state.search)
            .hint_text(format!("{} {}", icons::SEARCH, tr("shell-search-commands")))
            .desired_width(width.max(90.0))
            .margin(vec2(8.0, 5.0));
        let field = ui.add(search).accessible_name(tr("shell-search-commands"));
        if std::mem::take(&mut state.fresh) {
            field.request_focus();
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let reset = ui.add_enabled(map.has_own(), egui::Button::new(tr("shell-reset-keys")));
            if reset.on_hover_text(tr("shell-reset-keys.tip")).clicked() {
                *change = Some(Change::Preset(map.preset()));
            }
            let combo = ComboBox::from_id_salt("preset").selected_text(map.preset().name()).width(130.0).show_ui(ui, |ui| {
                for preset in Preset::ALL {
                    if ui.selectable_label(preset == map.preset(), preset.name()).clicked() {
                        *change = Some(Change::Preset(preset));
                    }
                }
            });
            combo.response.accessible_name(tr("shell-key-preset"));
        });
    });
}

fn list_ui(ui: &mut Ui, state: &KeyEditor, theme: &Theme, map: &Keymap, change: &mut Option<Change>) {
    let words: Vec<String> = state.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let found = |spec: &Spec| {
        let keys = map.keys(spec.id).iter().map(|k| commands::key_text(*k)).collect::<Vec<_>>().join(" ");
        let text = format!("{} {keys}", spec.text()).to_lowercase();
        words.iter().all(|w| text.contains(w))
    };
    let mut any = false;
    for menu in Menu::ALL {
        let rows: Vec<&Spec> = commands::all().filter(|s| s.menu == menu && found(s)).collect();
        if rows.is_empty() {
            continue;
        }
        any = true;
        widgets::section(ui, theme, &menu.title());
        for spec in rows {
            row_ui(ui, state, theme, map, spec, change);
        }
    }
    if !any {
        ui.add_space(30.0);
        ui.vertical_centered(|ui| ui.label(RichText::new(tr("shell-no-command-found")).color(theme.secondary())));
    }
}

fn row_ui(ui: &mut Ui, state: &KeyEditor, theme: &Theme, map: &Keymap, spec: &Spec, change: &mut Option<Change>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::click());
    let (text, keys) = (spec.text(), map.keys(spec.id));
    let recording = state.recording == Some(spec.id);
    let names: Vec<String> = keys.iter().map(|k| commands::key_text(*k)).collect();
    response.widget_info(|| {
        let mut info = WidgetInfo::selected(Role::Button, true, recording, format!("{text}: {}", names.join(", ")));
        info.hint_text = Some(tr("shell-press-keys"));
        info
    });
    if response.clicked() {
        *change = Some(Change::Record(spec.id));
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    if recording || response.hovered() || response.has_focus() {
        let fill = if recording { theme.accent_tint() } else { theme.surface(2) };
        ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    }
    if response.has_focus() {
        let radius = CornerRadius::same(size::RADIUS);
        ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, theme.accent()), StrokeKind::Inside);
    }
    let icon_at = pos2(rect.left() + 16.0, rect.center().y);
    ui.painter().text(icon_at, Align2::CENTER_CENTER, spec.icon, fonts::icon(size::ICON), theme.secondary());
    let name = widgets::elided(ui, &text, fonts::regular(size::TEXT), theme.text(), rect.width() * 0.55);
    ui.painter().galley(pos2(rect.left() + 32.0, rect.center().y - name.size().y / 2.0), name, theme.text());
    let mut right = rect.right() - 8.0;
    if map.is_own(spec.id) {
        let at = Rect::from_center_size(pos2(right - 9.0, rect.center().y), vec2(20.0, 20.0));
        let mut place = ui.new_child(egui::UiBuilder::new().max_rect(at));
        let label = tr_args("shell-reset-key", &[("command", text.as_str().into())]);
        if widgets::icon_button_sized(&mut place, theme, icons::RESET, &label, &label, true, false, 20.0, 13.0).clicked() {
            *change = Some(Change::Reset(spec.id));
        }
        right -= 26.0;
    }
    if recording {
        let words = tr("shell-press-keys");
        ui.painter().text(pos2(right, rect.center().y), Align2::RIGHT_CENTER, words, fonts::regular(size::SMALL), theme.accent_text());
        return;
    }
    for name in names.iter().rev() {
        right = widgets::paint_key(ui, theme, name, pos2(right, rect.center().y)) - 4.0;
    }
}

/// What to do about a key that belongs to another command; else how the list is used.
fn foot_ui(ui: &mut Ui, state: &mut KeyEditor, theme: &Theme, change: &mut Option<Change>) {
    ui.horizontal(|ui| {
        ui.set_min_height(28.0);
        let Some(taken) = state.taken else {
            let key = if state.recording.is_some() { "shell-press-keys-hint" } else { "shell-key-editor-hint" };
            ui.label(RichText::new(tr(key)).small().color(theme.secondary()));
            return;
        };
        let args = [("key", commands::key_text(taken.key).into()), ("command", commands::spec(taken.by).text().into())];
        ui.label(RichText::new(format!("{} {}", icons::WARNING, tr_args("shell-key-taken", &args))).color(theme.warning()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if widgets::primary_button(ui, theme, &tr("shell-take-key"), true).clicked() {
                *change = Some(Change::Set(taken.wanted_for, vec![taken.key]));
            }
            if widgets::plain_button(ui, tr("shell-cancel")).clicked() {
                state.taken = None;
            }
        });
    });
}
