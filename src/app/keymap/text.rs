//! Keys as files write them: `Ctrl+Shift+Z`, with the names of egui's keys. Ctrl stands for Cmd on a Mac.

use egui::{Key, KeyboardShortcut, Modifiers};

/// `Ctrl+Alt+Shift+Delete`.
pub fn key_name(key: KeyboardShortcut) -> String {
    let m = key.modifiers;
    let mut name = String::new();
    for (on, text) in [(m.command || m.ctrl, "Ctrl+"), (m.alt, "Alt+"), (m.shift, "Shift+")] {
        if on {
            name.push_str(text);
        }
    }
    name.push_str(key.logical_key.name());
    name
}

/// The key of a name, modifiers in any order.
pub fn parse_key(name: &str) -> Option<KeyboardShortcut> {
    let mut modifiers = Modifiers::NONE;
    let mut rest = name.trim();
    while let Some((first, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty()) {
        modifiers = modifiers.plus(match first.trim().to_ascii_lowercase().as_str() {
            "ctrl" | "cmd" => Modifiers::COMMAND,
            "alt" | "option" => Modifiers::ALT,
            "shift" => Modifiers::SHIFT,
            _ => return None,
        });
        rest = after;
    }
    let key = Key::from_name(rest.trim())?;
    Some(KeyboardShortcut::new(modifiers, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_comes_back_from_its_name() {
        for modifiers in [Modifiers::NONE, Modifiers::COMMAND, Modifiers::COMMAND.plus(Modifiers::SHIFT).plus(Modifiers::ALT)] {
            for key in Key::ALL {
                let shortcut = KeyboardShortcut::new(modifiers, *key);
                assert_eq!(parse_key(&key_name(shortcut)), Some(shortcut), "{}", key_name(shortcut));
            }
        }
        assert_eq!(parse_key("shift+CTRL+z"), parse_key("Ctrl+Shift+Z"));
        for wrong in ["", "Ctrl+", "Hyper+Z", "Ctrl+Nothing", "+"] {
            assert!(parse_key(wrong).is_none() || wrong == "+", "{wrong}");
        }
    }
}
