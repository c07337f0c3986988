//! Which keys run which commands: those of the command table, of a preset that follows another editor, or the user's own.
//! Kept as RON in the settings; presets are `assets/keymaps/*.ron`, compiled in. UI thread.

pub mod editor;
mod text;

pub use text::{key_name, parse_key};

use super::commands::{self, CommandId};
use egui::{Context, Event, Id, Key, KeyboardShortcut, Modifiers};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// Keys that follow an editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Preset {
    #[default]
    Montage,
    Premiere,
    Resolve,
    FinalCut,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::Montage, Self::Premiere, Self::Resolve, Self::FinalCut];

    /// A product's name, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Montage => "Montage",
            Self::Premiere => "Premiere Pro",
            Self::Resolve => "DaVinci Resolve",
            Self::FinalCut => "Final Cut Pro",
        }
    }

    /// Keys by command name. Commands that are not in it keep the table's keys, as far as no other here wants them.
    fn text(self) -> &'static str {
        match self {
            Self::Montage => "{}",
            Self::Premiere => include_str!("../../../assets/keymaps/premiere.ron"),
            Self::Resolve => include_str!("../../../assets/keymaps/resolve.ron"),
            Self::FinalCut => include_str!("../../../assets/keymaps/final-cut.ron"),
        }
    }
}

type Names = BTreeMap<String, Vec<String>>;

/// What the settings keep. Names that this version does not know stay, for the version that wrote them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Stored {
    preset: Preset,
    own: Names,
}

/// The keys in force.
#[derive(Clone, Debug)]
pub struct Keymap {
    stored: Stored,
    /// By `CommandId as usize`.
    keys: Vec<Vec<KeyboardShortcut>>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of_stored(Stored::default())
    }
}

impl Keymap {
    /// The keymap that the settings keep; the usual one where that is none or cannot be read.
    pub fn from_text(text: Option<&str>) -> Self {
        let stored = text.map(ron::from_str).transpose().unwrap_or_else(|e| {
            tracing::warn!("the keymap of the settings cannot be read: {e}");
            None
        });
        Self::of_stored(stored.unwrap_or_default())
    }

    /// For the settings.
    pub fn to_text(&self) -> String {
        ron::to_string(&self.stored).unwrap_or_default()
    }

    /// The keys of a preset, without any of the user's own.
    pub fn of_preset(preset: Preset) -> Self {
        Self::of_stored(Stored { preset, own: Names::new() })
    }

    fn of_stored(stored: Stored) -> Self {
        let mut keys: Vec<Vec<KeyboardShortcut>> = CommandId::ALL.iter().map(|id| commands::spec(*id).keys.to_vec()).collect();
        let preset: Names = ron::from_str(stored.preset.text()).unwrap_or_else(|e| unreachable!("a bundled keymap does not read: {e}"));
        for names in [&preset, &stored.own] {
            for (id, own) in commands_of(names) {
                // what was chosen here is taken from whoever had it
                for other in &mut keys {
                    other.retain(|k| !own.contains(k));
                }
                keys[id as usize] = own;
            }
        }
        Self { stored, keys }
    }

    pub fn preset(&self) -> Preset {
        self.stored.preset
    }

    /// The keys of a command; the first is shown.
    pub fn keys(&self, id: CommandId) -> &[KeyboardShortcut] {
        &self.keys[id as usize]
    }

    /// The command that a key runs.
    pub fn command(&self, key: KeyboardShortcut) -> Option<CommandId> {
        CommandId::ALL.iter().copied().find(|id| self.keys(*id).contains(&key))
    }

    /// Has the user given this command keys of their own?
    pub fn is_own(&self, id: CommandId) -> bool {
        self.stored.own.contains_key(&id.name())
    }

    /// Has the user changed anything?
    pub fn has_own(&self) -> bool {
        !self.stored.own.is_empty()
    }

    /// The keymap in which `id` has `keys` and no other command has any of them.
    #[must_use]
    pub fn with(&self, id: CommandId, keys: Vec<KeyboardShortcut>) -> Self {
        let mut stored = self.stored.clone();
        let mut own = |id: CommandId, keys: &[KeyboardShortcut]| stored.own.insert(id.name(), keys.iter().map(|k| key_name(*k)).collect());
        for other in CommandId::ALL.iter().copied().filter(|o| *o != id) {
            let now = self.keys(other);
            if now.iter().any(|k| keys.contains(k)) {
                let left: Vec<_> = now.iter().copied().filter(|k| !keys.contains(k)).collect();
                own(other, &left);
            }
        }
        own(id, &keys);
        Self::of_stored(stored)
    }

    /// The keymap in which `id` has the preset's keys again, even where another command had taken one of them.
    #[must_use]
    pub fn reset(&self, id: CommandId) -> Self {
        let usual = Self::of_preset(self.stored.preset).keys(id).to_vec();
        let mut next = self.with(id, usual);
        next.stored.own.remove(&id.name());
        Self::of_stored(next.stored)
    }

    /// The keymap of `ctx`.
    pub fn of(ctx: &Context) -> Arc<Self> {
        ctx.data_mut(|d| d.get_temp_mut_or_default::<Arc<Self>>(slot()).clone())
    }

    /// From now on `ctx` has these keys.
    pub fn install(self, ctx: &Context) {
        ctx.data_mut(|d| d.insert_temp(slot(), Arc::new(self)));
    }
}

fn slot() -> Id {
    Id::unique("keymap")
}

fn commands_of(names: &Names) -> impl Iterator<Item = (CommandId, Vec<KeyboardShortcut>)> {
    CommandId::ALL.iter().filter_map(|id| {
        let keys = names.get(&id.name())?;
        Some((*id, keys.iter().filter_map(|k| parse_key(k)).collect()))
    })
}

/// The key of an event, without a Shift that only served to type its sign.
pub fn pressed_key(key: Key, modifiers: Modifiers) -> KeyboardShortcut {
    let shifted = matches!(
        key,
        Key::Plus | Key::Colon | Key::Pipe | Key::Questionmark | Key::Exclamationmark | Key::OpenCurlyBracket | Key::CloseCurlyBracket
    );
    let mut plain = Modifiers { shift: modifiers.shift && !shifted, alt: modifiers.alt, ..Modifiers::NONE };
    plain.command = modifiers.command || modifiers.ctrl || modifiers.mac_cmd;
    KeyboardShortcut::new(plain, key)
}

/// The desktop's keys for the clipboard arrive as what they mean, never as keys.
pub fn clipboard_key(event: &Event) -> Option<KeyboardShortcut> {
    let key = match event {
        Event::Copy => Key::C,
        Event::Cut => Key::X,
        Event::Paste(_) => Key::V,
        _ => return None,
    };
    Some(KeyboardShortcut::new(Modifiers::COMMAND, key))
}

/// Take the pressed shortcuts out of this pass's input, before any widget sees them. Modifiers must match exactly, so that
/// Ctrl+Shift+S never triggers Ctrl+S. Held keys count only for repeating commands. `kept` are keys that, alone, a widget
/// has for itself.
pub fn take_pressed(ctx: &Context, kept: &[Key]) -> Vec<CommandId> {
    let map = Keymap::of(ctx);
    let mut pressed = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let (key, repeat) = match event {
                Event::Key { key, modifiers, .. } if modifiers.is_none() && kept.contains(key) => return true,
                Event::Key { key, pressed: true, repeat, modifiers, .. } => (pressed_key(*key, *modifiers), *repeat),
                other => match clipboard_key(other) {
                    Some(key) => (key, false),
                    None => return true,
                },
            };
            let hit = map.command(key);
            if let Some(id) = hit.filter(|id| !repeat || commands::spec(*id).repeats) {
                pressed.push(id);
            }
            // whoever pastes reads the text from the event
            hit.is_none() || matches!(event, Event::Paste(_))
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
    use std::collections::HashMap;

    fn key(text: &str) -> KeyboardShortcut {
        parse_key(text).unwrap()
    }

    #[test]
    fn no_two_commands_share_a_key_in_any_preset() {
        for preset in Preset::ALL {
            let map = Keymap::of_preset(preset);
            let mut seen: HashMap<KeyboardShortcut, CommandId> = HashMap::new();
            for id in CommandId::ALL {
                for k in map.keys(*id) {
                    let before = seen.insert(*k, *id);
                    assert!(before.is_none(), "{preset:?}: {before:?} and {id:?} both want {}", key_name(*k));
                }
            }
        }
    }

    #[test]
    fn presets_name_commands_and_keys_that_exist_and_agree_with_themselves() {
        for preset in Preset::ALL {
            let names: Names = ron::from_str(preset.text()).unwrap();
            let mut seen = HashMap::new();
            for (name, keys) in &names {
                assert!(CommandId::ALL.iter().any(|id| id.name() == *name), "{preset:?}: there is no command {name}");
                for k in keys {
                    let parsed = parse_key(k).unwrap_or_else(|| panic!("{preset:?}: {name} has no key {k}"));
                    assert_eq!(key_name(parsed), *k, "{preset:?}: {name}");
                    let before = seen.insert(k, name);
                    assert!(before.is_none(), "{preset:?}: {before:?} and {name} both want {k}");
                }
            }
        }
    }

    #[test]
    fn a_preset_changes_what_it_names_and_keeps_the_rest() {
        let map = Keymap::of_preset(Preset::Premiere);
        assert_eq!(map.command(key("C")), Some(CommandId::RazorTool));
        assert_eq!(map.command(key("S")), Some(CommandId::Snapping));
        assert_eq!(map.command(key("Ctrl+Z")), Some(CommandId::Undo));
        assert_eq!(Keymap::of_preset(Preset::Resolve).command(key("Ctrl+B")), Some(CommandId::Split));
    }

    #[test]
    fn an_own_key_is_taken_from_whoever_had_it_comes_back_from_the_settings_and_goes_with_a_reset() {
        let map = Keymap::default().with(CommandId::Title, vec![key("S"), key("Ctrl+Shift+F4")]);
        let back = Keymap::from_text(Some(&map.to_text()));
        for map in [&map, &back] {
            assert_eq!(map.command(key("S")), Some(CommandId::Title));
            assert_eq!(map.command(key("T")), None);
            assert_eq!(map.keys(CommandId::Split), [key("Ctrl+K")]);
            assert!(map.is_own(CommandId::Title) && map.is_own(CommandId::Split) && !map.is_own(CommandId::Undo));
        }
        let reset = back.reset(CommandId::Split);
        assert_eq!(reset.keys(CommandId::Split), [key("S"), key("Ctrl+K")]);
        assert_eq!(reset.keys(CommandId::Title), [key("Ctrl+Shift+F4")]);
        assert_eq!(Keymap::from_text(Some("nonsense")).keys(CommandId::Split), Keymap::default().keys(CommandId::Split));
    }

    #[test]
    fn names_of_another_version_stay_in_the_settings() {
        let map = Keymap::from_text(Some(r#"(preset: Resolve, own: {"from-the-future": ["Hyper+Q"], "undo": ["Ctrl+U"]})"#));
        assert_eq!(map.command(key("Ctrl+U")), Some(CommandId::Undo));
        assert!(map.with(CommandId::Redo, Vec::new()).to_text().contains("from-the-future"));
    }

    #[test]
    fn a_key_with_more_modifiers_is_another_command() {
        let press = |modifiers: Modifiers, key: Key| {
            // a context of its own: a key that was never released would count as held
            let ctx = Context::default();
            let mut input = egui::RawInput::default();
            input.events.push(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
            let mut got = Vec::new();
            ctx.run_ui(input, |ui| got.extend(take_pressed(ui.ctx(), &[]))).textures_delta.clear();
            got
        };
        let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        assert_eq!(press(ctrl, Key::S), [CommandId::Save]);
        assert_eq!(press(ctrl | Modifiers::SHIFT, Key::S), [CommandId::SaveAs]);
        assert_eq!(press(Modifiers::NONE, Key::S), [CommandId::Split]);
        assert_eq!(press(Modifiers::ALT, Key::S), []);
        assert_eq!(press(Modifiers::SHIFT, Key::Plus), [CommandId::ZoomIn], "a plus needs Shift on many keyboards");
    }
}
