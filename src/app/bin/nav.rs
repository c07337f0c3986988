//! The bin by keyboard and by click: where the cursor is, what a click or a key selects, what keys it takes for itself.
//! Pure but for reading egui's events.

use super::{
    layout::{Places, Step},
    listing::{Key as RowKey, Listing, Row},
};
use crate::base::MediaId;
use egui::{Event, Key, Modifiers};
use std::collections::BTreeSet;

/// Letters further apart in time begin a new word.
const WORD_PAUSE_SECS: f64 = 1.0;

/// What a key means in the bin.
#[derive(Clone, Debug, PartialEq)]
pub enum Press {
    Go(Step, Reach),
    Page { down: bool, reach: Reach },
    First(Reach),
    Last(Reach),
    All,
    Rename,
    Open,
    Remove,
    Text(String),
}

/// What moving the cursor does to the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Select where it goes.
    One,
    /// Select from the anchor to where it goes.
    Range,
}

/// Where the keyboard is.
#[derive(Debug, Default)]
pub struct Nav {
    pub cursor: Option<RowKey>,
    /// Where a range begins.
    anchor: Option<RowKey>,
    /// The bin has the keyboard.
    pub focused: bool,
    /// It was walked by keys since the last click: then letters find names and are no shortcuts.
    pub by_keys: bool,
    /// Keys of this pass.
    pressed: Vec<Press>,
    word: String,
    word_at: f64,
    /// Row to bring into sight.
    pub reveal: Option<RowKey>,
}

impl Nav {
    /// Take what is the bin's out of this pass's events. Called before shortcuts are looked for.
    pub fn take(&mut self, events: &mut Vec<Event>, now: f64) {
        if !self.focused {
            self.by_keys = false;
            return;
        }
        if now - self.word_at > WORD_PAUSE_SECS {
            self.word.clear();
        }
        events.retain(|event| {
            let press = match event {
                Event::Key { key, pressed: true, modifiers, .. } => press(*key, *modifiers),
                Event::Text(text) if self.by_keys => {
                    self.pressed.push(Press::Text(text.clone()));
                    return false;
                }
                _ => None,
            };
            match press {
                Some(press) => {
                    self.by_keys |= matches!(press, Press::Go(..) | Press::Page { .. } | Press::First(_) | Press::Last(_));
                    self.pressed.push(press);
                    false
                }
                // a letter that comes as text too is not also a shortcut
                None => !matches!(event, Event::Key { key, modifiers, .. } if self.by_keys && self.is_text(*key, *modifiers)),
            }
        });
    }

    fn is_text(&self, key: Key, modifiers: Modifiers) -> bool {
        let plain = !modifiers.command && !modifiers.ctrl && !modifiers.alt;
        // the space bar plays, unless it stands within a word
        plain && (key.name().chars().count() == 1 || key == Key::Space && !self.word.is_empty())
    }

    pub fn pressed(&mut self) -> Vec<Press> {
        std::mem::take(&mut self.pressed)
    }

    /// A click on a row: the selection it makes.
    pub fn click(&mut self, listing: &Listing, index: usize, modifiers: Modifiers, selected: &BTreeSet<MediaId>) -> BTreeSet<MediaId> {
        self.by_keys = false;
        let Some(row) = listing.rows.get(index) else { return selected.clone() };
        if modifiers.shift {
            return self.extend(listing, index, modifiers.command, selected);
        }
        self.cursor = Some(row.key());
        self.anchor = Some(row.key());
        let Some(id) = row.media() else { return BTreeSet::new() };
        if !modifiers.command {
            return BTreeSet::from([id]);
        }
        let mut selected = selected.clone();
        if !selected.remove(&id) {
            selected.insert(id);
        }
        selected
    }

    /// From the anchor to a row.
    fn extend(&mut self, listing: &Listing, index: usize, add: bool, selected: &BTreeSet<MediaId>) -> BTreeSet<MediaId> {
        let anchor = self.anchor.clone().or_else(|| self.cursor.clone()).and_then(|k| listing.index_of(&k)).unwrap_or(index);
        self.anchor = listing.rows.get(anchor).map(Row::key);
        self.cursor = listing.rows.get(index).map(Row::key);
        let range = listing.between(anchor, index);
        if add { selected.iter().copied().chain(range).collect() } else { range.collect() }
    }

    /// Put the cursor on a row; the selection that makes.
    pub fn go(&mut self, listing: &Listing, index: usize, reach: Reach, selected: &BTreeSet<MediaId>) -> BTreeSet<MediaId> {
        let Some(row) = listing.rows.get(index) else { return selected.clone() };
        self.reveal = Some(row.key());
        match reach {
            Reach::Range => self.extend(listing, index, false, selected),
            Reach::One => {
                self.cursor = Some(row.key());
                self.anchor = Some(row.key());
                row.media().into_iter().collect()
            }
        }
    }

    /// The row that a step leads to; the first one where there is no cursor yet.
    pub fn target(&self, listing: &Listing, places: &Places, press: &Press, page: f32) -> Option<usize> {
        let last = listing.rows.len().checked_sub(1)?;
        let here = self.cursor.as_ref().and_then(|k| listing.index_of(k));
        match press {
            Press::First(_) => Some(0),
            Press::Last(_) => Some(last),
            Press::Go(step, _) => here.map_or(Some(0), |at| places.step(at, *step)),
            Press::Page { down, .. } => here.map_or(Some(0), |at| places.page(at, page, *down)),
            _ => None,
        }
    }

    /// A letter typed at time `now`: the next row whose name begins with what was typed.
    pub fn type_ahead(&mut self, text: &str, now: f64, listing: &Listing, name: impl Fn(&Row) -> String) -> Option<usize> {
        if now - self.word_at > WORD_PAUSE_SECS {
            self.word.clear();
        }
        self.word_at = now;
        self.word.push_str(&text.to_lowercase());
        let count = listing.rows.len();
        let here = self.cursor.as_ref().and_then(|k| listing.index_of(k)).unwrap_or(0);
        // a first letter goes on from the cursor, more of the word may stay where it is
        let start = here + usize::from(self.word.chars().count() == 1);
        (0..count).map(|i| (start + i) % count).find(|i| name(&listing.rows[*i]).to_lowercase().starts_with(&self.word))
    }

    /// Forget a cursor that is not in the listing any more.
    pub fn keep(&mut self, listing: &Listing) {
        let there = |key: &Option<RowKey>| key.as_ref().is_some_and(|k| listing.index_of(k).is_some());
        if !there(&self.cursor) {
            self.cursor = None;
        }
        if !there(&self.anchor) {
            self.anchor = None;
        }
    }
}

fn press(key: Key, modifiers: Modifiers) -> Option<Press> {
    let reach = if modifiers.shift { Reach::Range } else { Reach::One };
    if modifiers.alt {
        return None;
    }
    if modifiers.command || modifiers.ctrl {
        return match key {
            Key::A if !modifiers.shift => Some(Press::All),
            Key::Enter => Some(Press::Open),
            _ => None,
        };
    }
    Some(match key {
        Key::ArrowLeft => Press::Go(Step::Left, reach),
        Key::ArrowRight => Press::Go(Step::Right, reach),
        Key::ArrowUp => Press::Go(Step::Up, reach),
        Key::ArrowDown => Press::Go(Step::Down, reach),
        Key::PageUp => Press::Page { down: false, reach },
        Key::PageDown => Press::Page { down: true, reach },
        Key::Home => Press::First(reach),
        Key::End => Press::Last(reach),
        Key::F2 | Key::Enter => Press::Rename,
        Key::Delete | Key::Backspace if !modifiers.shift => Press::Remove,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::bin::{
            cards::{
                Cards,
                tests::{media, project},
            },
            listing::Wanted,
            prefs::Sort,
        },
        session::MediaState,
    };

    fn listing() -> (Cards, Listing) {
        let files = ["a.mp4", "b.mp4", "bc.mp4", "d.mp4"].map(|n| media(n, "", 1));
        let mut cards = Cards::default();
        cards.follow(&project(files, &["Folder"]), 1);
        let mut listing = Listing::default();
        let wanted =
            Wanted { search: "", sort: Sort::default(), closed: &BTreeSet::new(), states_serial: 0, state: &|_| MediaState::Online };
        listing.follow(&cards, &wanted);
        (cards, listing)
    }

    fn ids(set: &BTreeSet<MediaId>) -> Vec<u64> {
        set.iter().map(|m| m.0).collect()
    }

    #[test]
    fn clicks_select_one_more_and_ranges() {
        let (_, l) = listing();
        let mut nav = Nav::default();
        let one = nav.click(&l, 1, Modifiers::NONE, &BTreeSet::new());
        assert_eq!(ids(&one), [100]);
        let range = nav.click(&l, 3, Modifiers::SHIFT, &one);
        assert_eq!(ids(&range), [100, 101, 102]);
        let shorter = nav.click(&l, 2, Modifiers::SHIFT, &range);
        assert_eq!(ids(&shorter), [100, 101], "a range starts at its anchor again");
        let without = nav.click(&l, 1, Modifiers::COMMAND, &shorter);
        assert_eq!(ids(&without), [101]);
        let more = nav.click(&l, 4, Modifiers::COMMAND, &without);
        assert_eq!(ids(&more), [101, 103]);
        assert_eq!(ids(&nav.click(&l, 0, Modifiers::NONE, &more)), [0; 0], "a folder is no media");
    }

    #[test]
    fn letters_find_the_next_name_and_a_word_finds_it_whole() {
        let (cards, l) = listing();
        let mut nav = Nav::default();
        let name = |r: &Row| r.media().and_then(|id| cards.get(id)).map_or_else(|| "Folder".into(), |c| c.media.name.clone());
        let mut typed = |text: &str, now: f64| {
            let at = nav.type_ahead(text, now, &l, name);
            if let Some(at) = at {
                nav.go(&l, at, Reach::One, &BTreeSet::new());
            }
            at
        };
        assert_eq!(typed("b", 10.0), Some(2));
        assert_eq!(typed("c", 10.3), Some(3));
        assert_eq!(typed("b", 20.0), Some(2), "around the end");
        assert_eq!(typed("x", 30.0), None);
        assert_eq!(typed("f", 40.0), Some(0));
    }

    #[test]
    fn keys_are_the_bins_only_while_it_has_the_keyboard() {
        let event = |key, modifiers| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
        let keys = || vec![event(Key::End, Modifiers::NONE), event(Key::S, Modifiers::NONE), Event::Text("s".into())];
        let mut nav = Nav::default();
        let mut events = keys();
        nav.take(&mut events, 1.0);
        assert_eq!(events.len(), 3);
        nav.focused = true;
        let mut letters = keys().split_off(1);
        nav.take(&mut letters, 1.0);
        assert_eq!(letters.len(), 2, "after a click letters are shortcuts");
        nav.take(&mut events, 1.0);
        assert_eq!(events, []);
        assert_eq!(nav.pressed(), [Press::Last(Reach::One), Press::Text("s".into())]);
        let mut space = vec![event(Key::Space, Modifiers::NONE)];
        nav.take(&mut space, 1.0);
        assert_eq!(space.len(), 1, "the space bar plays");
    }
}
