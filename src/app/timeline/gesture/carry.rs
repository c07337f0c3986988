//! Carrying clips to another time and other tracks.

use super::{Level, Note, Pointer, Start, Step};
use crate::{
    app::timeline::lanes::Lanes,
    base::{ClipId, TrackId},
    edit::{ClipMove, EditCommand, Placement, fresh_ids},
    model::TrackKind,
};

#[derive(Clone, Debug)]
struct Moving {
    clip: ClipId,
    track: TrackId,
    kind: TrackKind,
    start: i64,
    end: i64,
}

/// Clips on the move.
#[derive(Clone, Debug)]
pub struct Carry {
    clips: Vec<Moving>,
    /// All starts and ends.
    edges: Vec<i64>,
    grabbed_lane: usize,
    /// Only clips of the grabbed one's kind change lanes.
    kind: TrackKind,
    /// Id of a track that a drop outside the lanes makes.
    new_track: TrackId,
    tracks: usize,
}

impl Carry {
    pub fn of(s: &Start<'_>, clip: ClipId, track: TrackId) -> Option<Self> {
        let taken = s.index.clips(s.selected).into_iter().filter(|(t, _)| !t.locked);
        let clips: Vec<Moving> =
            taken.map(|(t, c)| Moving { clip: c.id, track: t.id, kind: t.kind, start: c.start, end: c.end() }).collect();
        clips.iter().find(|m| m.clip == clip)?;
        Some(Self {
            edges: clips.iter().flat_map(|m| [m.start, m.end]).collect(),
            grabbed_lane: s.lanes.index_of(track)?,
            kind: s.project.sequence.track(track)?.kind,
            new_track: TrackId(fresh_ids(s.project).next()?),
            tracks: s.project.sequence.tracks.len(),
            clips,
        })
    }

    pub fn clips(&self) -> impl Iterator<Item = ClipId> + '_ {
        self.clips.iter().map(|m| m.clip)
    }

    pub fn step(&self, lanes: &Lanes, p: &Pointer, catch: impl Fn(&[i64]) -> (i64, Option<i64>)) -> Step {
        let earliest = self.edges.iter().min().copied().unwrap_or(0);
        let (by, caught) = catch(&self.edges);
        let mut by = by.max(-earliest);
        let lane_by = self.lane_shift(lanes, p);
        if p.straight && lane_by != 0 {
            by = 0;
        }
        let placement = if p.ripple { Placement::Ripple } else { Placement::Overwrite };
        let edit = match self.onto_new_track(p) {
            Some(add) => {
                let to = |m: &Moving| if m.kind == self.kind { self.new_track } else { m.track };
                EditCommand::Batch(vec![add, EditCommand::Move { moves: self.moves(by, to), mode: placement }])
            }
            None => {
                let to = |m: &Moving| if m.kind == self.kind { lanes.neighbour(m.track, m.kind, lane_by) } else { m.track };
                EditCommand::Move { moves: self.moves(by, to), mode: placement }
            }
        };
        let moved = lane_by != 0 || matches!(edit, EditCommand::Batch(_));
        let note = if moved && by == 0 { Note::None } else { Note::By(by) };
        Step { edit: Some(edit), caught: caught.filter(|f| self.edges.iter().any(|e| e + by == *f)), note }
    }

    fn moves(&self, by: i64, to: impl Fn(&Moving) -> TrackId) -> Vec<ClipMove> {
        self.clips.iter().map(|m| ClipMove { clip: m.clip, track: to(m), start: m.start + by }).collect()
    }

    /// The new track that a pointer past the lanes of the clips' kind asks for: pictures go above, sound below.
    fn onto_new_track(&self, p: &Pointer) -> Option<EditCommand> {
        let outside = match self.kind {
            TrackKind::Video => p.level == Level::Above,
            TrackKind::Audio => p.level == Level::Below,
        };
        // clips from several tracks would fall onto one another there
        let mut tracks = self.clips.iter().filter(|m| m.kind == self.kind).map(|m| m.track);
        let first = tracks.next()?;
        let one_track = tracks.all(|t| t == first);
        (outside && one_track).then_some(EditCommand::AddTrack { id: self.new_track, kind: self.kind, index: self.tracks })
    }

    /// By how many lanes of their kind the clips move, such that none leaves the lanes.
    fn lane_shift(&self, lanes: &Lanes, p: &Pointer) -> i64 {
        let same: Vec<usize> = (0..lanes.lanes.len()).filter(|i| lanes.lanes[*i].track.kind == self.kind).collect();
        let place = |lane: usize| same.iter().position(|i| *i == lane).map(|p| p as i64);
        let Level::Lane(lane) = p.level else { return 0 };
        let (Some(from), Some(to)) = (place(self.grabbed_lane), place(lane)) else { return 0 };
        let places = self.clips.iter().filter(|m| m.kind == self.kind).filter_map(|m| lanes.index_of(m.track).and_then(place));
        let (low, high) = places.fold((i64::MAX, i64::MIN), |(a, b), p| (a.min(p), b.max(p)));
        (to - from).clamp(-low, (same.len() as i64 - 1 - high).max(-low))
    }
}

pub fn is_idle(step: &Step) -> bool {
    step.note == Note::By(0)
}
