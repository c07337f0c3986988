//! The one table of commands: keys, icon, when each can be used and where it stands in the menus; its words are the message
//! `command-<name>` of the language files and their `.tip`. Menus, tool bars, shortcuts, tooltips, the palette and the
//! shortcut help all read it. UI thread.

mod clip;
mod edit;
mod file;
mod ids;
mod playback;
mod timeline;
mod view;
mod when;

pub use ids::CommandId;
pub use when::{Facts, When};

use super::words::tr;
use egui::{Context, Event, Key, KeyboardShortcut, Modifiers};
use std::sync::LazyLock;

/// The menu that lists a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    File,
    Edit,
    Clip,
    Timeline,
    Playback,
    View,
}

impl Menu {
    pub const ALL: [Self; 6] = [Self::File, Self::Edit, Self::Clip, Self::Timeline, Self::Playback, Self::View];

    pub fn title(self) -> String {
        tr(match self {
            Self::File => "shell-menu-file",
            Self::Edit => "shell-menu-edit",
            Self::Clip => "shell-menu-clip",
            Self::Timeline => "shell-menu-timeline",
            Self::Playback => "shell-menu-playback",
            Self::View => "shell-menu-view",
        })
    }
}

/// One row of the table.
pub struct Spec {
    pub id: CommandId,
    pub menu: Menu,
    /// Entries of one menu with different groups are parted by a line; some groups are submenus ([`submenu`]).
    pub group: u8,
    pub icon: char,
    /// The first is shown; the others work too.
    pub keys: &'static [KeyboardShortcut],
    pub when: When,
    /// Goes on while the key is held.
    pub repeats: bool,
}

const fn row(id: CommandId, menu: Menu, group: u8, icon: char, keys: &'static [KeyboardShortcut], when: When) -> Spec {
    Spec { id, menu, group, icon, keys, when, repeats: false }
}

const fn key(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}
const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}
const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}
const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}
const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

/// The rows of every family, in any order.
const FAMILIES: [&[Spec]; 6] = [file::ROWS, edit::ROWS, clip::ROWS, timeline::ROWS, playback::ROWS, view::ROWS];

struct Table {
    /// In menu order.
    rows: Vec<&'static Spec>,
    /// By `CommandId as usize`.
    by_id: Vec<&'static Spec>,
    /// By `CommandId as usize`: keys of the text and of the tooltip.
    words: Vec<(String, String)>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut rows: Vec<&Spec> = FAMILIES.into_iter().flatten().collect();
    rows.sort_by_key(|s| (s.menu, s.group));
    let of = |id: CommandId| rows.iter().copied().find(|s| s.id == id).unwrap_or_else(|| unreachable!("{id:?} has no row"));
    let by_id = CommandId::ALL.iter().map(|id| of(*id)).collect();
    let words = CommandId::ALL.iter().map(|id| (format!("command-{}", id.name()), format!("command-{}.tip", id.name()))).collect();
    Table { rows, by_id, words }
});

/// Title's key of the submenu that a group stands in, where it does.
pub fn submenu(menu: Menu, group: u8) -> Option<&'static str> {
    view::SUBMENUS.iter().find(|(m, g, _)| (*m, *g) == (menu, group)).map(|(_, _, title)| *title)
}

/// All rows in menu order.
pub fn all() -> impl Iterator<Item = &'static Spec> {
    TABLE.rows.iter().copied()
}

/// The row of a command.
pub fn spec(id: CommandId) -> &'static Spec {
    TABLE.by_id[id as usize]
}

impl CommandId {
    /// `ripple-delete`: what files call the command.
    pub fn name(self) -> String {
        let mut name = String::new();
        for c in format!("{self:?}").chars() {
            if c.is_ascii_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.push(c.to_ascii_lowercase());
        }
        name
    }
}

impl Spec {
    const fn repeating(self) -> Self {
        Self { repeats: true, ..self }
    }

    /// What the command is called.
    pub fn text(&self) -> String {
        tr(&TABLE.words[self.id as usize].0)
    }

    /// What it does, in a sentence.
    pub fn tooltip(&self) -> String {
        tr(&TABLE.words[self.id as usize].1)
    }

    /// Text of the first key, for menus and tooltips; empty without one.
    pub fn key_text(&self, ctx: &Context) -> String {
        self.keys.first().map_or_else(String::new, |k| ctx.format_shortcut(k))
    }

    /// Tooltip with the key behind it.
    pub fn hover_text(&self, ctx: &Context) -> String {
        let key = self.key_text(ctx);
        if key.is_empty() { self.tooltip() } else { format!("{}  ({key})", self.tooltip()) }
    }
}

/// Take the pressed shortcuts out of this pass's input, before any widget sees them.
///
/// Modifiers must match exactly, so that Ctrl+Shift+S never triggers Ctrl+S. Held keys count only for repeating commands.
pub fn take_pressed(ctx: &Context) -> Vec<CommandId> {
    let mut pressed = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            let hit = all().find(|s| s.keys.iter().any(|k| k.logical_key == *key && modifiers.matches_exact(k.modifiers)));
            if let Some(spec) = hit.filter(|s| s.repeats || !*repeat) {
                pressed.push(spec.id);
            }
            hit.is_none()
        });
    });
    if !pressed.is_empty() {
        // an arrow that moved the playhead must not move the focus as well
        ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
    }
    pressed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::words;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_commands_share_a_key() {
        let mut seen: Vec<(KeyboardShortcut, CommandId)> = Vec::new();
        for s in all() {
            for k in s.keys {
                let before = seen.iter().find(|(other, _)| other == k);
                assert!(before.is_none(), "{:?} and {:?} both want {k:?}", before.map(|b| b.1), s.id);
                seen.push((*k, s.id));
            }
        }
    }

    #[test]
    fn every_command_is_listed_once_with_words_for_it_in_every_language() {
        for id in CommandId::ALL {
            assert_eq!(all().filter(|s| s.id == *id).count(), 1, "{id:?} must have one row");
        }
        for language in words::Language::ALL {
            words::set_language(language);
            let mut texts = BTreeSet::new();
            for s in all() {
                assert!(!s.text().starts_with("command-"), "{:?} has no text", s.id);
                assert!(!s.tooltip().starts_with("command-"), "{:?} has no tooltip", s.id);
                assert!(texts.insert(s.text()), "{language:?}: two commands are called {}", s.text());
            }
        }
    }

    #[test]
    fn every_message_for_a_command_has_a_command() {
        let names: BTreeSet<String> = CommandId::ALL.iter().map(|id| id.name()).collect();
        assert!(names.contains("ripple-delete"));
        let file = include_str!("../../../assets/locale/en/commands.ftl");
        let of_none: Vec<&str> = file.lines().filter_map(|l| l.strip_prefix("command-")?.split(' ').next()).collect();
        let of_none: Vec<_> = of_none.into_iter().filter(|name| !names.contains(*name)).collect();
        assert!(of_none.is_empty(), "{of_none:?}");
    }

    #[test]
    fn a_key_with_more_modifiers_is_another_command() {
        let press = |modifiers: Modifiers, key: Key| {
            // a context of its own: a key that was never released would count as held
            let ctx = Context::default();
            let mut input = egui::RawInput::default();
            input.events.push(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
            let mut got = Vec::new();
            ctx.run_ui(input, |ui| got.extend(take_pressed(ui.ctx()))).textures_delta.clear();
            got
        };
        let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        assert_eq!(press(ctrl, Key::S), [CommandId::Save]);
        assert_eq!(press(ctrl | Modifiers::SHIFT, Key::S), [CommandId::SaveAs]);
        assert_eq!(press(Modifiers::NONE, Key::S), [CommandId::Split]);
        assert_eq!(press(Modifiers::ALT, Key::S), []);
    }
}
