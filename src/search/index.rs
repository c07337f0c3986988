//! The index: shots by what is said in them, what they are called, and how they look; and the ranking for a query. Pure.
//!
//! A shot's points are the sum over the wishes: for each the better of its text and its look, less where it shall not be so. Text
//! counts by its rarity against the rarest word of the query, so that the word that tells shots apart decides. What its pictures show is
//! compared with the query as a whole and comes on top.

use super::{
    lane::Lane,
    lexicon,
    look::Trait,
    pictures::Glimpse,
    query::{Query, Wish},
    shots::Shot,
    tongue::{Cutter, Tongue},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A word that is found counts so much beside a look that fits fully: the subject before its manner.
const TEXT: f32 = 1.5;
/// A picture that shows it beyond doubt: between a look that was measured and a word that somebody wrote.
const SEEN: f32 = 1.2;
/// Less than this is no reason.
const LEAST: f32 = 0.05;
/// Longest list of reasons.
const MOST_REASONS: usize = 6;

/// Kinds of text, the one that says most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    Note,
    Name,
    Said,
    Folder,
}

impl Field {
    const ALL: [Self; 4] = [Self::Note, Self::Name, Self::Said, Self::Folder];

    /// What a word in it counts: what somebody wrote about the shot says what is to be seen, what is said in it only what is spoken of,
    /// and a folder holds many shots.
    fn weight(self) -> f32 {
        match self {
            Self::Note => 1.0,
            Self::Name => 0.95,
            Self::Said => 0.7,
            Self::Folder => 0.6,
        }
    }

    fn text(self, shot: &Shot) -> String {
        match self {
            Self::Note => shot.notes.join("\n"),
            Self::Name => shot.names.join("\n"),
            Self::Folder => shot.folders.join("\n"),
            Self::Said => shot.said().map(|w| w.0).collect::<Vec<_>>().join(" "),
        }
    }
}

/// By what a wish was found.
#[derive(Clone, Debug, PartialEq)]
pub enum By {
    /// It is said: the word there, and when, in seconds of the file.
    Said { word: String, at_secs: f64 },
    /// The word in a note.
    Note(String),
    /// The word in the file's name.
    Name(String),
    /// The word in the name of a folder.
    Folder(String),
    /// It looks or sounds so.
    Look(Trait),
    /// Its picture shows it: how surely, 0–1, and when, in seconds of the file.
    Seen { part: f32, at_secs: f64 },
}

/// What the pictures of shots have of a query.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// What was compared with them.
    pub text: &'a str,
    /// For each shot of the index.
    pub glimpses: &'a [Option<Glimpse>],
}

/// Why a shot fits: one wish and what it counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The wish as it was written.
    pub text: String,
    pub by: By,
    pub points: f32,
}

/// A shot that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its place in [`Index::shots`].
    pub shot: usize,
    pub score: f32,
    /// What counted most first; empty only where the query says nothing but what shall not be.
    pub reasons: Vec<Reason>,
}

/// See the module.
#[derive(Default)]
pub struct Index {
    shots: Vec<Shot>,
    lanes: Vec<Lane>,
}

/// What a wish counts for a shot, and by what.
#[derive(Clone, Debug)]
enum Counted {
    Look(Trait),
    /// The lane and the stem that was found in it.
    Text(usize, String),
    Seen(Glimpse),
}

impl Index {
    /// Index shots. `usual` is the language of names and notes.
    pub fn new(mut shots: Vec<Shot>, usual: Tongue) -> Self {
        rank_sharpness(&mut shots);
        // names and notes may be in any language that is at hand
        let mut tongues: BTreeSet<Tongue> = shots.iter().filter(|s| !s.words.is_empty()).map(|s| s.tongue).collect();
        tongues.extend(lexicon::tongues());
        tongues.insert(usual);
        let mut lanes = Vec::new();
        for field in Field::ALL {
            let texts: Vec<String> = shots.iter().map(|s| field.text(s)).collect();
            if texts.iter().all(String::is_empty) {
                continue;
            }
            for tongue in &tongues {
                let in_it = |s: &Shot| field != Field::Said || s.tongue == *tongue;
                let own: Vec<Option<&str>> =
                    shots.iter().zip(&texts).map(|(s, t)| Some(t.as_str()).filter(|t| in_it(s) && !t.is_empty())).collect();
                if own.iter().any(Option::is_some) {
                    lanes.push(Lane::new(field, Cutter::new(*tongue), &own));
                }
            }
        }
        Self { shots, lanes }
    }

    pub fn shots(&self) -> &[Shot] {
        &self.shots
    }

    /// The shots that fit, best first, at most `most`; of equals the earlier in the index.
    pub fn find(&self, query: &Query, most: usize) -> Vec<Hit> {
        self.find_seen(query, None, most)
    }

    /// The same, with what pictures have of the query.
    pub fn find_seen(&self, query: &Query, seen: Option<Seen<'_>>, most: usize) -> Vec<Hit> {
        let texts: Vec<Vec<(usize, f32, Counted)>> = query.wishes.iter().map(|w| self.texts(w)).collect();
        let rarest = query.wishes.iter().map(|w| self.rarity(w)).fold(0.0f32, f32::max).max(1e-6);
        let mut scores = vec![0.0f32; self.shots.len()];
        let mut counted: Vec<Vec<(usize, f32, Counted)>> = vec![Vec::new(); self.shots.len()];
        for (n, (wish, texts)) in query.wishes.iter().zip(texts).enumerate() {
            let mut best: HashMap<usize, (f32, Counted)> = HashMap::new();
            let mut take = |shot: usize, points: f32, by: Counted| {
                if points > LEAST && best.get(&shot).is_none_or(|b| points > b.0) {
                    best.insert(shot, (points, by));
                }
            };
            if let Some(look) = wish.look {
                for (i, shot) in self.shots.iter().enumerate() {
                    take(i, look.fits(&shot.look), Counted::Look(look));
                }
            }
            for (shot, score, by) in texts {
                take(shot, TEXT * score / rarest, by);
            }
            for (shot, (points, by)) in best {
                let points = if wish.not { -points } else { points };
                scores[shot] += points;
                counted[shot].push((n, points, by));
            }
        }
        for (shot, glimpse) in seen.iter().flat_map(|s| s.glimpses.iter().take(self.shots.len()).enumerate()) {
            let Some(glimpse) = glimpse.filter(|g| SEEN * g.part > LEAST) else { continue };
            scores[shot] += SEEN * glimpse.part;
            counted[shot].push((query.wishes.len(), SEEN * glimpse.part, Counted::Seen(glimpse)));
        }
        // where all that is asked for is what shall not be, whatever is not so fits
        let only_not = !query.is_empty() && query.wishes.iter().all(|w| w.not);
        let mut order: Vec<usize> = (0..self.shots.len()).filter(|i| only_not || scores[*i] > LEAST).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        order.truncate(most);
        let hits = order.into_iter().map(|shot| {
            let counted = std::mem::take(&mut counted[shot]);
            Hit { shot, score: scores[shot], reasons: self.reasons(query, seen, shot, counted) }
        });
        hits.filter(|h| only_not || !h.reasons.is_empty()).collect()
    }

    /// Text fits of a wish: shot, points, where.
    fn texts(&self, wish: &Wish) -> Vec<(usize, f32, Counted)> {
        if !wish.word {
            return Vec::new();
        }
        let mut sums: BTreeMap<(usize, Field), (f32, Counted)> = BTreeMap::new();
        for (l, lane) in self.lanes.iter().enumerate() {
            for asked in lane.cutter.asked(&wish.text) {
                for fit in lane.find(&asked) {
                    let points = lane.field.weight() * fit.score;
                    let place = sums.entry((fit.shot, lane.field)).or_insert_with(|| (0.0, Counted::Text(l, String::new())));
                    // the same text in another language is the same text
                    if points > place.0 {
                        *place = (points, Counted::Text(l, fit.stem));
                    }
                }
            }
        }
        sums.into_iter().map(|((shot, _), (points, by))| (shot, points, by)).collect()
    }

    /// How rare a wish's word is, in the lane in which it is rarest.
    fn rarity(&self, wish: &Wish) -> f32 {
        if !wish.word {
            return 0.0;
        }
        let of_lane = |lane: &Lane| lane.cutter.asked(&wish.text).iter().map(|a| lane.rarity(a)).fold(0.0, f32::max);
        self.lanes.iter().map(of_lane).fold(0.0, f32::max)
    }

    fn reasons(&self, query: &Query, seen: Option<Seen<'_>>, shot: usize, counted: Vec<(usize, f32, Counted)>) -> Vec<Reason> {
        let mut counted: Vec<_> = counted.into_iter().filter(|c| c.1 > 0.0).collect();
        counted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        counted.truncate(MOST_REASONS);
        let reason = |(n, points, by): (usize, f32, Counted)| {
            // what pictures show was asked for as a whole
            let text = query.wishes.get(n).map(|w| w.text.as_str()).or(seen.map(|s| s.text))?.to_owned();
            Some(Reason { text, by: self.by(shot, by)?, points })
        };
        counted.into_iter().filter_map(reason).collect()
    }

    fn by(&self, shot: usize, by: Counted) -> Option<By> {
        let (lane, stem) = match by {
            Counted::Look(look) => return Some(By::Look(look)),
            Counted::Seen(Glimpse { part, at_secs }) => return Some(By::Seen { part, at_secs }),
            Counted::Text(lane, stem) => (self.lanes.get(lane)?, stem),
        };
        let shot = self.shots.get(shot)?;
        let has = |word: &str| lane.cutter.stems(word).contains(&stem);
        let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let in_list = |texts: &[String]| texts.iter().flat_map(|t| t.split_whitespace()).find(|w| has(w)).map(bare);
        Some(match lane.field {
            Field::Said => {
                let (word, at_secs) = shot.said().find(|w| has(w.0))?;
                By::Said { word: bare(word), at_secs }
            }
            Field::Note => By::Note(in_list(&shot.notes)?),
            Field::Name => By::Name(in_list(&shot.names)?),
            Field::Folder => By::Folder(in_list(&shot.folders)?),
        })
    }
}

/// Give each shot that was looked at its place by sharpness; equals share theirs.
fn rank_sharpness(shots: &mut [Shot]) {
    let sharp = |s: &Shot| s.look.moment.as_ref().map(|m| m.sharp);
    let mut all: Vec<f32> = shots.iter().filter_map(sharp).collect();
    all.sort_by(f32::total_cmp);
    let last = all.len().saturating_sub(1);
    for shot in shots {
        let Some(own) = sharp(shot) else { continue };
        let (low, high) = (all.partition_point(|v| *v < own), all.partition_point(|v| *v <= own).saturating_sub(1));
        shot.look.sharp_rank = if last == 0 { 0.5 } else { (low + high) as f32 / 2.0 / last as f32 };
    }
}
