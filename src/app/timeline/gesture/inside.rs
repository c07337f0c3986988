//! Slipping the source inside a clip, and sliding a clip between its neighbours.

use super::{Note, Start, Step, together};
use crate::{
    app::edits::{self, UNLIMITED},
    base::{ClipId, Rounding, Time},
    edit::{Edge, EditCommand},
    model::{Clip, Project, Track},
};
use std::collections::BTreeSet;

/// The clips that a drag of `clip` takes along: the selection if it is in it, else what is linked to it.
fn taken(s: &Start<'_>, clip: ClipId) -> BTreeSet<ClipId> {
    match (s.alone, s.selected.contains(&clip)) {
        (true, _) => BTreeSet::from([clip]),
        (false, true) => s.selected.clone(),
        (false, false) => s.index.linked(&BTreeSet::from([clip])),
    }
}

/// Clips that show another piece of their source.
#[derive(Clone, Debug)]
pub struct Slip {
    clips: Vec<ClipId>,
    range: (i64, i64),
    /// First and last point shown by the grabbed clip, how much of the source a frame is, and the source's frame length.
    first: Time,
    last: Time,
    frame: Time,
    source_frame: Time,
}

impl Slip {
    /// None where the grabbed clip has no source to slip.
    pub fn of(s: &Start<'_>, clip: &Clip) -> Option<Self> {
        let rate = s.project.sequence.frame_rate;
        let (first, last) = (clip.source_at(clip.start, rate)?, clip.source_at(clip.end() - 1, rate)?);
        let (mut clips, mut range) = (Vec::new(), (-UNLIMITED, UNLIMITED));
        for (track, c) in s.index.clips(&taken(s, clip.id)) {
            if track.locked || c.content.source().is_none() {
                continue;
            }
            let (before, after) = edits::source_room(s.project, c);
            range = (range.0.max(-before), range.1.min(after));
            clips.push(c.id);
        }
        let source_rate = s.project.media_of(&clip.content).and_then(|m| m.info.video.as_ref()).map_or(rate, |v| v.frame_rate);
        let frame = clip.speed().source_span(rate.frame_duration());
        Some(Self { clips, range, first, last, frame, source_frame: source_rate.frame_duration() })
    }

    /// The source moves with the pointer: to the right shows what is earlier.
    pub fn step(&self, delta: f64) -> Step {
        let by = (-delta.round() as i64).clamp(self.range.0.min(0), self.range.1.max(0));
        let edit = together(self.clips.iter().map(|clip| EditCommand::Slip { clip: *clip, by_frames: by }).collect());
        let number = |t: Time| {
            let at = i128::from(t.0) + i128::from(self.frame.0) * i128::from(by);
            Rounding::Floor.div(at, i128::from(self.source_frame.0.max(1))) as i64
        };
        Step { edit, caught: None, note: Note::Slip { by, first: number(self.first), last: number(self.last) } }
    }
}

/// Clips that move between their neighbours, which give way.
#[derive(Clone, Debug)]
pub struct Slide {
    clips: Vec<ClipId>,
    edges: Vec<i64>,
    range: (i64, i64),
}

impl Slide {
    pub fn of(s: &Start<'_>, clip: &Clip) -> Option<Self> {
        let set = if s.alone { BTreeSet::from([clip.id]) } else { s.index.linked(&BTreeSet::from([clip.id])) };
        let (mut clips, mut edges, mut range) = (Vec::new(), Vec::new(), (-UNLIMITED, UNLIMITED));
        for (track, c) in s.index.clips(&set).into_iter().filter(|(t, _)| !t.locked) {
            let r = slide_range(s.project, track, s.index.place(c.id)?.1);
            range = (range.0.max(r.0), range.1.min(r.1));
            clips.push(c.id);
            edges.extend([c.start, c.end()]);
        }
        (!clips.is_empty()).then_some(Self { clips, edges, range })
    }

    pub fn clips(&self) -> impl Iterator<Item = ClipId> + '_ {
        self.clips.iter().copied()
    }

    pub fn step(&self, catch: impl Fn(&[i64]) -> (i64, Option<i64>)) -> Step {
        let (wanted, caught) = catch(&self.edges);
        let by = wanted.clamp(self.range.0.min(0), self.range.1.max(0));
        let edit = together(self.clips.iter().map(|clip| EditCommand::Slide { clip: *clip, by_frames: by }).collect());
        Step { edit, caught: caught.filter(|_| by == wanted), note: Note::By(by) }
    }
}

/// Frames by which clip `i` of a track can slide: neighbours that touch it keep one frame and stay within their media,
/// gaps are used up.
fn slide_range(project: &Project, track: &Track, i: usize) -> (i64, i64) {
    let Some(clip) = track.clips.get(i) else { return (0, 0) };
    let before = i.checked_sub(1).and_then(|j| track.clips.get(j));
    let after = track.clips.get(i + 1);
    let (mut low, mut high) = (-clip.start, UNLIMITED);
    if let Some(p) = before {
        if p.end() == clip.start {
            let r = edits::ripple_range(project, p, Edge::End);
            (low, high) = (low.max(r.0 - p.end()), high.min(r.1 - p.end()));
        } else {
            low = low.max(p.end() - clip.start);
        }
    }
    if let Some(n) = after {
        if n.start == clip.end() {
            let r = edits::ripple_range(project, n, Edge::Start);
            (low, high) = (low.max(r.0 - n.start), high.min(r.1 - n.start));
        } else {
            high = high.min(n.start - clip.end());
        }
    }
    (low, high)
}
