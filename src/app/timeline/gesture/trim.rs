//! Trimming clips' ends, with or without what follows; dragged over a neighbour, an end makes a dissolve with it.

use super::{Note, Pointer, Start, Step, together};
use crate::{
    app::edits::{self, UNLIMITED},
    base::{ClipId, TransitionId},
    edit::{Edge, EditCommand, fresh_ids},
    model::TransitionKind,
};

/// Points that an end must be dragged over its neighbour before a dissolve is made.
const OVER: f64 = 10.0;

/// The neighbour that an end runs into.
#[derive(Clone, Debug)]
struct Wall {
    left: ClipId,
    right: ClipId,
    at: i64,
    /// Longest dissolve over the neighbour.
    most: i64,
    /// The transition that is there already.
    there: Option<(TransitionId, TransitionKind)>,
    id: TransitionId,
}

#[derive(Clone, Debug)]
struct Target {
    clip: ClipId,
    /// How far its end can go alone: to the neighbour or where the media ends.
    range: (i64, i64),
    /// The same when everything later follows.
    ripple_range: (i64, i64),
    wall: Option<Wall>,
}

/// Ends on the move, all from one frame.
#[derive(Clone, Debug)]
pub struct Trim {
    edge: Edge,
    from: i64,
    targets: Vec<Target>,
    ripple: bool,
}

impl Trim {
    /// The grabbed clip and, unless it is taken alone, the clips linked to it whose same end lies at the same frame.
    pub fn of(s: &Start<'_>, clip: ClipId, edge: Edge, ripple: bool) -> Self {
        let ends = edits::ends_together(s.index, clip, edge, s.alone);
        let from = ends.first().map_or(0, |(_, c)| if edge == Edge::Start { c.start } else { c.end() });
        let mut ids = fresh_ids(s.project);
        let targets = ends
            .into_iter()
            .map(|(track, c)| Target {
                clip: c.id,
                range: edits::trim_range(s.project, track, c, edge),
                ripple_range: edits::ripple_range(s.project, c, edge),
                wall: wall(s, track, c, edge, &mut ids),
            })
            .collect();
        Self { edge, from, targets, ripple }
    }

    pub fn clips(&self) -> impl Iterator<Item = ClipId> + '_ {
        self.targets.iter().map(|t| t.clip)
    }

    /// Whether the tool ripples without a key held.
    pub fn always_ripple(&self) -> bool {
        self.ripple
    }

    pub fn step(&self, p: &Pointer, delta: f64, catch: impl Fn(&[i64]) -> (i64, Option<i64>)) -> Step {
        let ripple = self.ripple != p.ripple;
        let (wanted, caught) = catch(&[self.from]);
        // all ends move by the same, as far as the tightest allows
        let ranges = self.targets.iter().map(|t| if ripple { t.ripple_range } else { t.range });
        let (low, high) = ranges.fold((-UNLIMITED, UNLIMITED), |(a, b), r| (a.max(r.0 - self.from), b.min(r.1 - self.from)));
        let by = wanted.clamp(low.min(0), high.max(0));
        let caught = caught.filter(|f| *f == self.from + by);
        if ripple {
            let clips = self.clips().collect();
            return Step { edit: Some(EditCommand::RippleTrim { clips, edge: self.edge, by }), caught, note: Note::By(by) };
        }
        let to = self.from + by;
        let trims = self.targets.iter().filter(|_| by != 0).map(|t| EditCommand::Trim { clip: t.clip, edge: self.edge, to });
        let mut edits: Vec<EditCommand> = trims.collect();
        let over = if self.edge == Edge::End { delta - by as f64 } else { by as f64 - delta };
        let mut length = 0;
        if over >= OVER * p.frames_per_point {
            let walls = self.targets.iter().filter_map(|t| t.wall.as_ref()).filter(|w| w.at == to);
            for w in walls {
                let frames = (over.round() as i64).clamp(0, w.most);
                edits.extend((frames > 0).then(|| w.dissolve(self.edge, frames)));
                length = length.max(frames);
            }
        }
        let note = if length > 0 { Note::Length(length) } else { Note::By(by) };
        // "nothing" as an absolute edit, to take back what the drag did before
        let nothing = || self.targets.first().map(|t| EditCommand::Trim { clip: t.clip, edge: self.edge, to: self.from });
        Step { edit: together(edits).or_else(nothing), caught, note }
    }

    pub fn is_idle(&self, step: &Step) -> bool {
        step.note == Note::By(0)
    }
}

impl Wall {
    fn dissolve(&self, edge: Edge, frames: i64) -> EditCommand {
        // the part of the film that lies beyond the cut is the one that was dragged there
        let (before, after) = if edge == Edge::End { (0, frames) } else { (frames, 0) };
        match self.there {
            Some((id, kind)) => EditCommand::SetTransition { id, kind, before, after },
            None => EditCommand::AddTransition {
                id: self.id,
                left: self.left,
                right: self.right,
                kind: TransitionKind::CrossDissolve,
                before,
                after,
            },
        }
    }
}

fn wall(
    s: &Start<'_>,
    track: &crate::model::Track,
    clip: &crate::model::Clip,
    edge: Edge,
    ids: &mut impl Iterator<Item = u64>,
) -> Option<Wall> {
    let i = s.index.place(clip.id)?.1;
    let (left, right) = match edge {
        Edge::Start => (track.clips.get(i.checked_sub(1)?)?, track.clips.get(i)?),
        Edge::End => (track.clips.get(i)?, track.clips.get(i + 1)?),
    };
    // the dragged clip gives the handle, beyond what it must be trimmed to reach the cut
    let (before, after) = edits::source_room(s.project, clip);
    let gap = right.start - left.end();
    let (handle, room) = match edge {
        Edge::End => (after - gap, right.duration - edits::taken(track, i + 1).1),
        Edge::Start => (before - gap, left.duration - edits::taken(track, i - 1).0),
    };
    let there = track.transition_after(left.id).filter(|x| x.right == right.id).map(|x| (x.id, x.kind));
    let at = if edge == Edge::End { right.start } else { left.end() };
    let id = TransitionId(ids.next()?);
    Some(Wall { left: left.id, right: right.id, at, most: handle.min(room).max(0), there, id })
}
