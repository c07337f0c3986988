//! Rolling a cut, and changing the length of the transition over one.

use super::{Note, Pointer, Start, Step, together};
use crate::{
    app::edits::{self, UNLIMITED},
    base::{ClipId, TransitionId},
    edit::{Edge, EditCommand},
    model::TransitionKind,
};

/// Cuts at one frame that move together.
#[derive(Clone, Debug)]
pub struct Roll {
    at: i64,
    lefts: Vec<ClipId>,
    moving: Vec<ClipId>,
    range: (i64, i64),
}

impl Roll {
    /// The cut at an end of `clip` and those of the clips linked to it at the same frame. None where no neighbour meets it.
    pub fn of(s: &Start<'_>, clip: ClipId, edge: Edge) -> Option<Self> {
        let (mut lefts, mut moving, mut range, mut at) = (Vec::new(), Vec::new(), (-UNLIMITED, UNLIMITED), 0);
        for (n, (track, c)) in edits::ends_together(s.index, clip, edge, s.alone).into_iter().enumerate() {
            let i = s.index.place(c.id)?.1;
            let first = if edge == Edge::Start { i.checked_sub(1) } else { Some(i) };
            let pair = first.and_then(|i| Some((track.clips.get(i)?, track.clips.get(i + 1)?))).filter(|(l, r)| l.end() == r.start);
            let Some((left, right)) = pair else {
                if n == 0 {
                    return None;
                }
                continue;
            };
            let (l, r) = (edits::ripple_range(s.project, left, Edge::End), edits::ripple_range(s.project, right, Edge::Start));
            range = (range.0.max(l.0).max(r.0), range.1.min(l.1).min(r.1));
            at = left.end();
            lefts.push(left.id);
            moving.extend([left.id, right.id]);
        }
        (!lefts.is_empty()).then_some(Self { at, lefts, moving, range })
    }

    pub fn clips(&self) -> impl Iterator<Item = ClipId> + '_ {
        self.moving.iter().copied()
    }

    pub fn step(&self, catch: impl Fn(&[i64]) -> (i64, Option<i64>)) -> Step {
        let (by, caught) = catch(&[self.at]);
        let to = (self.at + by).clamp(self.range.0.min(self.at), self.range.1.max(self.at));
        let edit = together(self.lefts.iter().map(|left| EditCommand::Roll { left: *left, to }).collect());
        Step { edit, caught: caught.filter(|f| *f == to), note: Note::By(to - self.at) }
    }
}

/// A transition that gets another length.
#[derive(Clone, Debug)]
pub struct Joint {
    id: TransitionId,
    kind: TransitionKind,
    cut: i64,
    /// Most frames before and after the cut.
    most: (i64, i64),
}

impl Joint {
    pub fn of(s: &Start<'_>, id: TransitionId) -> Option<Self> {
        let track = s.project.sequence.tracks.iter().find(|t| t.transitions.iter().any(|x| x.id == id))?;
        let x = track.transitions.iter().find(|x| x.id == id)?;
        let i = s.index.place(x.left)?.1;
        Some(Self { id, kind: x.kind, cut: track.clips.get(i)?.end(), most: edits::transition_room(s.project, track, i, x.kind) })
    }

    pub fn step(&self, p: &Pointer) -> Step {
        let half = (p.frame - self.cut as f64).abs().round().max(1.0) as i64;
        let (before, after) = (half.min(self.most.0), half.min(self.most.1));
        if before + after < 1 {
            return Step::default();
        }
        let edit = EditCommand::SetTransition { id: self.id, kind: self.kind, before, after };
        Step { edit: Some(edit), caught: None, note: Note::Length(before + after) }
    }
}
