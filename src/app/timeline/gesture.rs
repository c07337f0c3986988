//! Drags in the lanes. A gesture remembers where it began and turns each pointer position into one absolute edit against
//! the document as it was then; the session replaces the one before. Nothing here paints or touches the document.

use super::{
    hit::{Hit, Part},
    lanes::Lanes,
    snap::Snapper,
};
use crate::{
    app::{edits, index::DocIndex},
    base::{ClipId, TrackId, TransitionId},
    edit::{ClipChange, ClipMove, Edge, EditCommand, Placement},
    model::{Project, TrackKind, TransitionKind},
};
use std::{collections::BTreeSet, sync::Arc};

/// Where the pointer is and what is held down.
#[derive(Clone, Copy, Debug)]
pub struct Pointer {
    pub frame: f64,
    /// Lane under the pointer.
    pub lane: Option<usize>,
    /// Frames within which things catch; 0 while snapping is off.
    pub snap_radius: f64,
    /// Push later clips aside instead of covering them.
    pub ripple: bool,
}

/// What a pointer position asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub edit: Option<EditCommand>,
    /// Frame on which something caught, to draw its line.
    pub caught: Option<i64>,
    /// A few words beside the pointer: by how much.
    pub moved_by: i64,
}

#[derive(Clone, Debug)]
struct Moving {
    clip: ClipId,
    track: TrackId,
    kind: TrackKind,
    start: i64,
    end: i64,
}

#[derive(Clone, Debug)]
struct Trimming {
    clip: ClipId,
    from: i64,
    range: (i64, i64),
}

#[derive(Clone, Debug)]
enum Kind {
    Move { clips: Vec<Moving>, grabbed_lane: usize, kind: TrackKind },
    Trim { edge: Edge, targets: Vec<Trimming> },
    Fade { clip: ClipId, fade_in: bool, start: i64, end: i64, other: i64 },
    Transition { id: TransitionId, kind: TransitionKind, cut: i64, most: (i64, i64) },
}

/// One drag from press to release.
#[derive(Clone, Debug)]
pub struct Gesture {
    kind: Kind,
    grab: f64,
    snaps: Snapper,
    /// Whether the session has been told of the gesture; it is not before something really changes.
    pub begun: bool,
    pub last: Step,
}

impl Gesture {
    /// What a drag of `hit` that began at frame `grab` does; None where it does nothing (locked, empty).
    pub fn start(
        project: &Arc<Project>,
        index: &DocIndex,
        lanes: &Lanes,
        hit: &Hit,
        grab: f64,
        selected: &BTreeSet<ClipId>,
        extra_snaps: &[i64],
    ) -> Option<Self> {
        let kind = match hit {
            Hit::Clip { locked: true, .. } | Hit::Transition { locked: true, .. } | Hit::Empty => return None,
            Hit::Clip { clip, track, part: Part::Body, .. } => {
                let clips = moving(index, selected);
                let kind = project.sequence.track(*track)?.kind;
                let held = clips.iter().any(|m| m.clip == clip.id);
                held.then_some(Kind::Move { clips, grabbed_lane: lanes.index_of(*track)?, kind })?
            }
            Hit::Clip { clip, part: Part::Edge(edge), .. } => {
                let targets = trimming(project, index, clip.id, *edge, selected);
                Kind::Trim { edge: *edge, targets }
            }
            Hit::Clip { clip, part: part @ (Part::FadeIn | Part::FadeOut), .. } => {
                let fade_in = *part == Part::FadeIn;
                let other = if fade_in { clip.fade_out } else { clip.fade_in };
                Kind::Fade { clip: clip.id, fade_in, start: clip.start, end: clip.end(), other }
            }
            Hit::Transition { id, .. } => transition(project, *id)?,
        };
        let still: BTreeSet<ClipId> = match &kind {
            Kind::Move { clips, .. } => clips.iter().map(|m| m.clip).collect(),
            Kind::Trim { targets, .. } => targets.iter().map(|t| t.clip).collect(),
            Kind::Fade { .. } | Kind::Transition { .. } => BTreeSet::new(),
        };
        let snaps = Snapper::new(&project.sequence, index, still, extra_snaps.iter().copied());
        Some(Self { kind, grab, snaps, begun: false, last: Step::default() })
    }

    /// Name of the undo step.
    pub fn label(&self) -> &'static str {
        match self.kind {
            Kind::Move { .. } => "Move clip",
            Kind::Trim { .. } => "Trim clip",
            Kind::Fade { .. } => "Change fade",
            Kind::Transition { .. } => "Change transition",
        }
    }

    /// The edit for a pointer position.
    pub fn step(&self, lanes: &Lanes, pointer: &Pointer) -> Step {
        let delta = pointer.frame - self.grab;
        match &self.kind {
            Kind::Move { clips, grabbed_lane, kind } => self.step_move(lanes, pointer, delta, clips, *grabbed_lane, *kind),
            Kind::Trim { edge, targets } => self.step_trim(pointer, delta, *edge, targets),
            Kind::Fade { clip, fade_in, start, end, other } => {
                let frame = pointer.frame.round() as i64;
                let most = (end - start - other).max(0);
                let length = if *fade_in { frame - start } else { end - frame }.clamp(0, most);
                let change = if *fade_in { ClipChange::FadeIn(length) } else { ClipChange::FadeOut(length) };
                Step { edit: Some(EditCommand::SetClip { clip: *clip, change }), caught: None, moved_by: length }
            }
            Kind::Transition { id, kind, cut, most } => {
                let half = (pointer.frame - *cut as f64).abs().round() as i64;
                let (before, after) = (half.min(most.0), half.min(most.1));
                if before + after < 1 {
                    return Step::default();
                }
                let edit = EditCommand::SetTransition { id: *id, kind: *kind, before, after };
                Step { edit: Some(edit), caught: None, moved_by: before + after }
            }
        }
    }

    fn step_move(&self, lanes: &Lanes, pointer: &Pointer, delta: f64, clips: &[Moving], grabbed_lane: usize, kind: TrackKind) -> Step {
        let edges: Vec<i64> = clips.iter().flat_map(|m| [m.start, m.end]).collect();
        let snapped = if pointer.snap_radius > 0.0 { self.snaps.shift(&edges, delta, pointer.snap_radius) } else { None };
        let earliest = clips.iter().map(|m| m.start).min().unwrap_or(0);
        let (by, caught) = snapped.map_or((delta.round() as i64, None), |(by, frame)| (by, Some(frame)));
        let by = by.max(-earliest);
        let lane_by = self.lane_shift(lanes, pointer, clips, grabbed_lane, kind);
        if by == 0 && lane_by == 0 {
            // back where it began: the absolute edit of "nothing" is a move onto itself
            let edit = self.last.edit.is_some().then(|| move_edit(lanes, clips, kind, 0, 0, pointer.ripple));
            return Step { edit, caught, moved_by: 0 };
        }
        Step { edit: Some(move_edit(lanes, clips, kind, by, lane_by, pointer.ripple)), caught, moved_by: by }
    }

    /// By how many lanes of their kind the clips move, such that none leaves the lanes.
    fn lane_shift(&self, lanes: &Lanes, pointer: &Pointer, clips: &[Moving], grabbed_lane: usize, kind: TrackKind) -> i64 {
        let same: Vec<usize> = (0..lanes.lanes.len()).filter(|i| lanes.lanes[*i].track.kind == kind).collect();
        let place = |lane: usize| same.iter().position(|i| *i == lane).map(|p| p as i64);
        let (Some(from), Some(to)) = (place(grabbed_lane), pointer.lane.and_then(place)) else { return 0 };
        let places = clips.iter().filter(|m| m.kind == kind).filter_map(|m| lanes.index_of(m.track).and_then(place));
        let (low, high) = places.fold((i64::MAX, i64::MIN), |(a, b), p| (a.min(p), b.max(p)));
        (to - from).clamp(-low, (same.len() as i64 - 1 - high).max(-low))
    }

    fn step_trim(&self, pointer: &Pointer, delta: f64, edge: Edge, targets: &[Trimming]) -> Step {
        let Some(first) = targets.first() else { return Step::default() };
        let edges: Vec<i64> = targets.iter().map(|t| t.from).collect();
        let snapped = if pointer.snap_radius > 0.0 { self.snaps.shift(&edges, delta, pointer.snap_radius) } else { None };
        let (by, caught) = snapped.map_or((delta.round() as i64, None), |(by, frame)| (by, Some(frame)));
        // all linked ends move by the same, as far as the tightest allows
        let low = targets.iter().map(|t| t.range.0 - t.from).max().unwrap_or(0);
        let high = targets.iter().map(|t| t.range.1 - t.from).min().unwrap_or(0);
        let held = by.clamp(low.min(0), high.max(0));
        let mut edits: Vec<EditCommand> = targets.iter().map(|t| EditCommand::Trim { clip: t.clip, edge, to: t.from + held }).collect();
        let edit = if pointer.ripple {
            EditCommand::RippleTrim { clips: targets.iter().map(|t| t.clip).collect(), edge, by: held }
        } else if edits.len() == 1 {
            edits.remove(0)
        } else {
            EditCommand::Batch(edits)
        };
        let idle = held == 0 && self.last.edit.is_none();
        Step {
            edit: (!idle).then_some(edit),
            caught: caught.filter(|_| held == by).filter(|f| *f == first.from + held || targets.len() > 1),
            moved_by: held,
        }
    }
}

fn move_edit(lanes: &Lanes, clips: &[Moving], kind: TrackKind, by: i64, lane_by: i64, ripple: bool) -> EditCommand {
    let to = |m: &Moving| if m.kind == kind { lanes.neighbour(m.track, kind, lane_by) } else { m.track };
    let moves = clips.iter().map(|m| ClipMove { clip: m.clip, track: to(m), start: m.start + by }).collect();
    edits::moves(moves, if ripple { Placement::Ripple } else { Placement::Overwrite })
}

fn moving(index: &DocIndex, selected: &BTreeSet<ClipId>) -> Vec<Moving> {
    let clips = index.clips(selected).into_iter().filter(|(t, _)| !t.locked);
    clips.map(|(t, c)| Moving { clip: c.id, track: t.id, kind: t.kind, start: c.start, end: c.end() }).collect()
}

/// The grabbed clip and the clips linked to it whose same end lies at the same frame.
fn trimming(project: &Project, index: &DocIndex, clip: ClipId, edge: Edge, selected: &BTreeSet<ClipId>) -> Vec<Trimming> {
    let Some((_, grabbed)) = index.clip(clip) else { return Vec::new() };
    let end_of = |c: &crate::model::Clip| if edge == Edge::Start { c.start } else { c.end() };
    let from = end_of(grabbed);
    let linked = index.with_links(&[clip].into());
    let together = |c: &crate::model::Clip| {
        c.id == clip || (c.link.is_some() && c.link == grabbed.link && selected.contains(&c.id) && end_of(c) == from)
    };
    let mut found: Vec<Trimming> = index
        .clips(&linked)
        .into_iter()
        .filter(|(t, c)| !t.locked && together(c))
        .map(|(t, c)| Trimming { clip: c.id, from, range: edits::trim_range(project, t, c, edge) })
        .collect();
    // the grabbed one first
    found.sort_by_key(|t| t.clip != clip);
    found
}

fn transition(project: &Project, id: TransitionId) -> Option<Kind> {
    let (track, t) = project.sequence.tracks.iter().find_map(|t| t.transitions.iter().find(|x| x.id == id).map(|x| (t, x)))?;
    let i = track.clip_index(t.left)?;
    let (left, right) = (&track.clips[i], track.clips.get(i + 1)?);
    let taken_left = track.transitions.iter().find(|x| x.right == left.id).map_or(0, |x| x.after);
    let taken_right = track.transitions.iter().find(|x| x.left == right.id).map_or(0, |x| x.before);
    let before = edits::source_room(project, right).0.min(left.duration - taken_left);
    let after = edits::source_room(project, left).1.min(right.duration - taken_right);
    Some(Kind::Transition { id, kind: t.kind, cut: left.end(), most: (before.max(0), after.max(0)) })
}
