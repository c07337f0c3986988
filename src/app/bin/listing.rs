//! What the bin shows, in order: folders with their media, searched and sorted. Worked out when something it depends on has
//! changed and kept otherwise. Pure.

use super::{
    cards::{Card, Cards, natural_key},
    prefs::{Column, Sort},
    query::{Query, State},
};
use crate::{base::MediaId, session::MediaState};
use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// One line of the bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Folder {
        path: Arc<str>,
        depth: u16,
        /// Media in it at any depth, as far as they are found.
        count: usize,
        open: bool,
    },
    Media {
        id: MediaId,
        depth: u16,
    },
}

impl Row {
    pub fn key(&self) -> Key {
        match self {
            Self::Folder { path, .. } => Key::Folder(path.clone()),
            Self::Media { id, .. } => Key::Media(*id),
        }
    }

    pub fn media(&self) -> Option<MediaId> {
        match self {
            Self::Media { id, .. } => Some(*id),
            Self::Folder { .. } => None,
        }
    }

    pub fn depth(&self) -> u16 {
        match self {
            Self::Folder { depth, .. } | Self::Media { depth, .. } => *depth,
        }
    }
}

/// What a row stands for, whatever its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Folder(Arc<str>),
    Media(MediaId),
}

/// What a listing is made from.
#[derive(Clone, Debug, PartialEq)]
struct Made {
    cards: u64,
    search: String,
    sort: Sort,
    closed: BTreeSet<String>,
    /// Only where it matters.
    uses: Option<u64>,
    states: Option<u64>,
}

/// The rows and what they were made from.
#[derive(Debug, Default)]
pub struct Listing {
    pub rows: Vec<Row>,
    /// Media found, those in closed folders too.
    pub found: usize,
    /// Counts up with every new listing.
    pub serial: u64,
    query: Query,
    made: Option<Made>,
}

/// What the listing is made from in this pass.
pub struct Wanted<'a> {
    pub search: &'a str,
    pub sort: Sort,
    /// Folders that are closed.
    pub closed: &'a BTreeSet<String>,
    /// Counts up with the states.
    pub states_serial: u64,
    pub state: &'a dyn Fn(MediaId) -> MediaState,
}

impl Listing {
    /// Bring the rows up to date; costs nothing where nothing has changed.
    pub fn follow(&mut self, cards: &Cards, wanted: &Wanted<'_>) {
        if self.made.as_ref().is_none_or(|m| m.search != wanted.search) {
            self.query = Query::parse(wanted.search);
        }
        let asks_uses = self.query.asks_uses() || wanted.sort.by == Column::Uses;
        let (uses, states) = (asks_uses.then(|| cards.uses_serial()), self.query.asks_states().then_some(wanted.states_serial));
        let same = |m: &Made| {
            m.cards == cards.serial
                && m.search == wanted.search
                && m.sort == wanted.sort
                && m.closed == *wanted.closed
                && m.uses == uses
                && m.states == states
        };
        if self.made.as_ref().is_some_and(same) {
            return;
        }
        self.made = Some(Made {
            cards: cards.serial,
            search: wanted.search.to_owned(),
            sort: wanted.sort,
            closed: wanted.closed.clone(),
            uses,
            states,
        });
        self.serial += 1;
        self.make(cards, wanted);
    }

    /// Is anything searched for?
    pub fn is_search(&self) -> bool {
        !self.query.is_empty()
    }

    fn make(&mut self, cards: &Cards, wanted: &Wanted<'_>) {
        let mut inside: HashMap<&str, Vec<(MediaId, &Card)>> = HashMap::new();
        self.found = 0;
        for (id, card) in cards.iter() {
            let state = || (wanted.state)(id);
            if self.query.matches(card, &State { state: &state, uses: cards.uses(id) }) {
                inside.entry(card.media.folder.as_str()).or_default().push((id, card));
                self.found += 1;
            }
        }
        for list in inside.values_mut() {
            list.sort_by(|a, b| order(cards, wanted.sort, a, b));
        }
        let mut folders: HashMap<&str, Vec<&str>> = HashMap::new();
        for path in cards.folders() {
            folders.entry(path.rsplit_once('/').map_or("", |p| p.0)).or_default().push(path);
        }
        for list in folders.values_mut() {
            list.sort_by_cached_key(|path| natural_key(path));
        }
        self.rows.clear();
        let searching = self.is_search();
        let mut tree = Tree { inside, folders, closed: wanted.closed, searching, rows: &mut self.rows };
        tree.put("", 0);
    }

    /// Place of a row.
    pub fn index_of(&self, key: &Key) -> Option<usize> {
        self.rows.iter().position(|r| match (r, key) {
            (Row::Media { id, .. }, Key::Media(k)) => id == k,
            (Row::Folder { path, .. }, Key::Folder(k)) => path == k,
            _ => false,
        })
    }

    /// The media from one row to another, both included.
    pub fn between(&self, a: usize, b: usize) -> impl Iterator<Item = MediaId> + '_ {
        let (a, b) = (a.min(b), a.max(b));
        self.rows.get(a..(b + 1).min(self.rows.len())).unwrap_or_default().iter().filter_map(Row::media)
    }

    /// All media in sight, in order.
    pub fn media(&self) -> impl Iterator<Item = MediaId> + '_ {
        self.rows.iter().filter_map(Row::media)
    }
}

struct Tree<'a> {
    inside: HashMap<&'a str, Vec<(MediaId, &'a Card)>>,
    folders: HashMap<&'a str, Vec<&'a str>>,
    closed: &'a BTreeSet<String>,
    searching: bool,
    rows: &'a mut Vec<Row>,
}

impl<'a> Tree<'a> {
    /// Put the content of a folder; gives the number of media in it.
    fn put(&mut self, folder: &'a str, depth: u16) -> usize {
        let mut count = 0;
        for path in self.folders.get(folder).cloned().unwrap_or_default() {
            let at = self.rows.len();
            // a search looks into closed folders too
            let open = self.searching || !self.closed.contains(path);
            self.rows.push(Row::Folder { path: path.into(), depth, count: 0, open });
            let inside = self.put(path, depth + 1);
            count += inside;
            if self.searching && inside == 0 {
                self.rows.truncate(at);
                continue;
            }
            if !open {
                self.rows.truncate(at + 1);
            }
            if let Some(Row::Folder { count, .. }) = self.rows.get_mut(at) {
                *count = inside;
            }
        }
        let media = self.inside.get(folder).map_or(&[][..], |l| l);
        self.rows.extend(media.iter().map(|(id, _)| Row::Media { id: *id, depth }));
        count + media.len()
    }
}

fn order(cards: &Cards, sort: Sort, (a_id, a): &(MediaId, &Card), (b_id, b): &(MediaId, &Card)) -> Ordering {
    let (m, n) = (&*a.media, &*b.media);
    let codec = |x: &crate::model::Media| {
        let i = &x.info;
        i.video.as_ref().map(|v| v.codec.clone()).or_else(|| i.audio.as_ref().map(|a| a.codec.clone())).unwrap_or_default()
    };
    let rate = |x: &crate::model::Media| x.info.video.as_ref().filter(|v| !v.still).map_or(0.0, |v| v.frame_rate.as_f64());
    let area = |x: &crate::model::Media| x.info.video.as_ref().map(|v| v.display_size()).map_or(0, |(w, h)| u64::from(w) * u64::from(h));
    let by = match sort.by {
        Column::Name => Ordering::Equal,
        Column::Duration => m.info.duration.cmp(&n.info.duration),
        Column::Codec => codec(m).cmp(&codec(n)),
        Column::Rate => rate(m).total_cmp(&rate(n)),
        Column::FrameSize => area(m).cmp(&area(n)),
        Column::FileSize => m.file.size.cmp(&n.file.size),
        Column::Folder => m.folder.cmp(&n.folder),
        Column::Uses => cards.uses(*a_id).cmp(&cards.uses(*b_id)),
        Column::Import => a_id.cmp(b_id),
    };
    // alike ones stand in the order of their names, whichever way the others go
    let names = a.key.cmp(&b.key).then(a_id.cmp(b_id));
    match (sort.by, sort.descending) {
        (Column::Name, true) => names.reverse(),
        (_, true) => by.reverse().then(names),
        (_, false) => by.then(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::bin::cards::tests::{media, project, sound};

    struct Bin {
        cards: Cards,
        listing: Listing,
        closed: BTreeSet<String>,
    }

    impl Bin {
        fn new() -> Self {
            let files = [
                media("b 10.mp4", "", 30),
                media("b 9.mp4", "", 10),
                media("a.mp4", "Day 1", 20),
                media("c.mp4", "Day 1/Cam A", 5),
                sound("tune.flac"),
            ];
            let mut cards = Cards::default();
            cards.follow(&project(files, &["Day 1", "Day 1 b", "Day 1/Cam A", "Day 10", "Day 2"]), 1);
            Self { cards, listing: Listing::default(), closed: BTreeSet::new() }
        }

        fn rows(&mut self, search: &str, by: Column, descending: bool) -> Vec<String> {
            let state = |_| MediaState::Online;
            let sort = Sort { by, descending };
            self.listing.follow(&self.cards, &Wanted { search, sort, closed: &self.closed, states_serial: 0, state: &state });
            let text = |r: &Row| match r {
                Row::Folder { path, count, depth, .. } => format!("{depth} [{path}] {count}"),
                Row::Media { id, depth } => format!("{depth} {}", self.cards.get(*id).unwrap().media.name),
            };
            self.listing.rows.iter().map(text).collect()
        }
    }

    #[test]
    fn folders_stand_before_media_and_hold_theirs() {
        let mut bin = Bin::new();
        let all = ["0 [Day 1] 2", "1 [Day 1/Cam A] 1", "2 c.mp4", "1 a.mp4", "0 [Day 1 b] 0", "0 [Day 2] 0", "0 [Day 10] 0"];
        let top = ["0 b 9.mp4", "0 b 10.mp4", "0 tune.flac"];
        assert_eq!(bin.rows("", Column::Name, false), [&all[..], &top].concat());
        assert_eq!(bin.listing.found, 5);
    }

    #[test]
    fn a_closed_folder_hides_what_is_in_it_until_a_search_looks_there() {
        let mut bin = Bin::new();
        bin.closed.insert("Day 1".into());
        assert_eq!(bin.rows("", Column::Name, false)[..2], ["0 [Day 1] 2", "0 [Day 1 b] 0"]);
        assert_eq!(bin.rows("c.mp4", Column::Name, false), ["0 [Day 1] 1", "1 [Day 1/Cam A] 1", "2 c.mp4"]);
        assert_eq!(bin.rows("nothing", Column::Name, false), [""; 0]);
    }

    #[test]
    fn media_are_ordered_by_any_column_both_ways() {
        let mut bin = Bin::new();
        let mut names =
            |by, descending| bin.rows("folder:x -folder:x", by, descending).len().to_string() + &bin.rows("b", by, descending).join(",");
        assert_eq!(names(Column::Duration, false), "00 b 9.mp4,0 b 10.mp4");
        assert_eq!(names(Column::Duration, true), "00 b 10.mp4,0 b 9.mp4");
        assert_eq!(names(Column::Import, false), "00 b 10.mp4,0 b 9.mp4");
        assert_eq!(names(Column::Name, true), "00 b 10.mp4,0 b 9.mp4");
    }

    #[test]
    fn the_same_wishes_make_the_rows_once() {
        let mut bin = Bin::new();
        bin.rows("b", Column::Name, false);
        bin.rows("b", Column::Name, false);
        assert_eq!(bin.listing.serial, 1);
        bin.rows("b", Column::Name, true);
        assert_eq!(bin.listing.serial, 2);
    }

    #[test]
    fn a_range_holds_the_media_between_two_rows() {
        let mut bin = Bin::new();
        bin.rows("", Column::Name, false);
        let ids: Vec<u64> = bin.listing.between(3, 0).map(|m| m.0).collect();
        assert_eq!(ids, [103, 102]);
        assert_eq!(bin.listing.between(500, 900).count(), 0);
    }
}
