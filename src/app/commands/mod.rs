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
mod viewers;
mod when;

pub use ids::CommandId;
pub use when::{Facts, When};

use super::{keymap::Keymap, words::tr};
use egui::{Context, Key, KeyboardShortcut, Modifiers};
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
    /// Of the usual keymap; the first is shown, the others work too.
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
const fn ctrl_alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::ALT), key)
}
const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn alt_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT.plus(Modifiers::SHIFT), key)
}

/// The rows of every family, in any order.
const FAMILIES: [&[Spec]; 7] = [file::ROWS, edit::ROWS, clip::ROWS, timeline::ROWS, playback::ROWS, view::ROWS, viewers::ROWS];

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

/// Groups that are submenus, with the keys of their titles: what is mostly used by key or button.
const SUBMENUS: &[(Menu, u8, &str)] = &[
    (Menu::Clip, 4, "shell-menu-nudge"),
    (Menu::Clip, 6, "shell-menu-source"),
    (Menu::Timeline, 0, "shell-menu-tools"),
    (Menu::Timeline, 3, "shell-menu-tracks"),
    (Menu::Timeline, 4, "shell-menu-zoom"),
    (Menu::Timeline, 5, "shell-menu-follow"),
    (Menu::Playback, 1, "shell-menu-go-to"),
    (Menu::View, 0, "shell-menu-quality"),
    (Menu::View, 1, "shell-menu-panels"),
];

/// Title's key of the submenu that a group stands in, where it does.
pub fn submenu(menu: Menu, group: u8) -> Option<&'static str> {
    SUBMENUS.iter().find(|(m, g, _)| (*m, *g) == (menu, group)).map(|(_, _, title)| *title)
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

    /// Text of the first key in force, for menus and tooltips; empty without one.
    pub fn key_text(&self, ctx: &Context) -> String {
        Keymap::of(ctx).keys(self.id).first().map_or_else(String::new, |k| key_text(*k))
    }

    /// Tooltip with the key behind it.
    pub fn hover_text(&self, ctx: &Context) -> String {
        let key = self.key_text(ctx);
        if key.is_empty() { self.tooltip() } else { format!("{}  ({key})", self.tooltip()) }
    }
}

/// A key as people read it: `Ctrl+Shift+Z`, `Strg+Umschalt+Z`, `←`.
pub fn key_text(key: KeyboardShortcut) -> String {
    let m = key.modifiers;
    let mut text = String::new();
    for (on, name) in [(m.command || m.ctrl, "shell-key-ctrl"), (m.alt, "shell-key-alt"), (m.shift, "shell-key-shift")] {
        if on {
            text.push_str(&tr(name));
            text.push('+');
        }
    }
    let sign = match key.logical_key {
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Comma => ",",
        Key::Period => ".",
        Key::Semicolon => ";",
        Key::Quote => "'",
        Key::Minus => "-",
        Key::Plus => "+",
        Key::Equals => "=",
        Key::Slash => "/",
        Key::Backslash => "\\",
        Key::OpenBracket => "[",
        Key::CloseBracket => "]",
        Key::Backtick => "`",
        Key::Space => return text + &tr("shell-key-space"),
        Key::Enter => return text + &tr("shell-key-enter"),
        Key::Delete => return text + &tr("shell-key-delete"),
        Key::Backspace => return text + &tr("shell-key-backspace"),
        Key::Home => return text + &tr("shell-key-home"),
        Key::End => return text + &tr("shell-key-end"),
        Key::PageUp => return text + &tr("shell-key-page-up"),
        Key::PageDown => return text + &tr("shell-key-page-down"),
        Key::Insert => return text + &tr("shell-key-insert"),
        other => other.name(),
    };
    text + sign
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::words;
    use std::collections::BTreeSet;

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
}
