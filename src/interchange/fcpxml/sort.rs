//! From clips on lanes to tracks.

use super::{
    OUR_ROLE,
    read::{Join, Placed, Reader, Story},
};
use crate::{
    base::FrameRate,
    interchange::{
        InterchangeError,
        build::{Lane, place},
        pieces::usual_track_name,
    },
    model::{Sequence, TrackKind},
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

impl<'d> Reader<'_, 'd> {
    /// Sorts what was placed onto tracks.
    pub(super) fn tracks(&mut self, story: Story, mut s: Sequence) -> Result<Sequence, InterchangeError> {
        let Story { placed, joins, markers, captions, rate, .. } = story;
        let (mut video, mut audio): (Vec<_>, Vec<_>) = placed.into_iter().partition(|p| p.kind == TrackKind::Video);
        // sound below by its lane, from the top
        video.sort_by_key(|p| p.clip.start);
        audio.sort_by_key(|p| p.clip.start);
        let lanes = assign(video, |p| if p.lane >= 0 { Wish::Index(p.lane as usize) } else { Wish::Key(format!("{}", p.lane)) });
        for (i, clips) in lanes.into_iter().enumerate() {
            let track = self.lane(TrackKind::Video, i + 1, clips, &joins, rate)?;
            s.tracks.push(track);
        }
        let numbered = |role: &str| role.strip_prefix(OUR_ROLE).and_then(|n| n.parse::<usize>().ok()).filter(|n| (1..=1000).contains(n));
        let lanes = assign(audio, |p| match numbered(&p.role) {
            Some(n) => Wish::Index(n - 1),
            None => Wish::Key(format!("{} {}", p.role, p.lane)),
        });
        for (i, clips) in lanes.into_iter().enumerate() {
            let track = self.lane(TrackKind::Audio, i + 1, clips, &joins, rate)?;
            s.tracks.push(track);
        }
        s.markers = markers;
        // those of one language: the one that comes first
        let language = captions.iter().min_by_key(|c| c.1).map_or_else(String::new, |c| c.0.clone());
        let (kept, others): (Vec<_>, Vec<_>) = captions.into_iter().partition(|c| c.0 == language);
        for (other, start, _, text) in others {
            self.b.drop(place(text.lines().next().unwrap_or_default(), start, rate), "interchange-import-caption-language", other);
        }
        s.caption_language = language;
        s.captions = self.b.captions(kept.into_iter().map(|(_, start, frames, text)| (start, frames, text)).collect(), rate);
        if s.captions.is_empty() {
            s.caption_language.clear();
        }
        s.markers.sort_by_key(|m| (m.frame, m.id));
        Ok(s)
    }

    pub(super) fn lane(
        &mut self,
        kind: TrackKind,
        number: usize,
        clips: Vec<Placed>,
        joins: &[Join],
        rate: FrameRate,
    ) -> Result<Arc<crate::model::Track>, InterchangeError> {
        let mut lane = Lane::new(&mut self.b, kind, rate);
        lane.name = usual_track_name(kind, number);
        // joins of the lanes that came here, in order, each once
        let here: HashSet<i64> = clips.iter().map(|p| p.lane).collect();
        let mut joins: Vec<&Join> = joins.iter().filter(|j| j.kind == kind && here.contains(&j.lane)).collect();
        joins.sort_by_key(|j| j.cut);
        let mut waiting = joins.into_iter().peekable();
        for p in clips {
            let start = p.clip.start;
            while let Some(j) = waiting.next_if(|j| j.cut <= start) {
                if j.cut == start || (j.cut == lane.at && !lane.track.clips.is_empty()) {
                    if j.cut == lane.at && start > lane.at {
                        // out of the clip before: a gap follows it
                        lane.transition(j.how, j.cut - j.from, j.to - j.cut);
                        lane.gap(&mut self.b, start - lane.at)?;
                    } else {
                        if start > lane.at {
                            lane.gap(&mut self.b, start - lane.at)?;
                        }
                        lane.transition(j.how, j.cut - j.from, j.to - j.cut);
                    }
                } else {
                    self.b.warn(place(&j.name, j.from, rate), "interchange-import-transition-lost", "");
                }
            }
            lane.clip(&mut self.b, p.clip)?;
        }
        let (end, some) = (lane.at, !lane.track.clips.is_empty());
        for j in waiting.filter(|j| j.cut == end && some) {
            lane.transition(j.how, j.cut - j.from, j.to - j.cut);
        }
        Ok(lane.finish(&mut self.b, number))
    }
}

/// Which track a clip would like.
enum Wish {
    Index(usize),
    /// The same track as others of the same key.
    Key(String),
}

/// Puts clips, in order of their start, onto tracks: where they wish, or where there is room.
fn assign(clips: Vec<Placed>, wish: impl Fn(&Placed) -> Wish) -> Vec<Vec<Placed>> {
    let mut tracks: BTreeMap<usize, (i64, Vec<Placed>)> = BTreeMap::new();
    let mut keys: HashMap<String, usize> = HashMap::new();
    let wished: Vec<Option<usize>> = clips.iter().map(|p| if let Wish::Index(i) = wish(p) { Some(i) } else { None }).collect();
    let first_free = wished.iter().flatten().max().map_or(0, |m| m + 1);
    for (p, index) in clips.into_iter().zip(wished) {
        let mut i = match index {
            Some(i) => i,
            None => {
                let Wish::Key(key) = wish(&p) else { continue };
                let next = first_free + keys.len();
                *keys.entry(key).or_insert(next)
            }
        };
        // the next one up that has room
        while tracks.get(&i).is_some_and(|t| t.0 > p.clip.start) {
            i += 1;
        }
        let t = tracks.entry(i).or_default();
        t.0 = p.clip.end();
        t.1.push(p);
    }
    let count = tracks.keys().next_back().map_or(0, |m| m + 1);
    (0..count).map(|i| tracks.remove(&i).map_or_else(Vec::new, |t| t.1)).collect()
}
