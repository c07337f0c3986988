//! Transitions: at one cut, at all selected cuts, and of another kind.

use super::{Desk, batch, room::transition_room};
use crate::{
    app::words::{tr, tr_args},
    base::TransitionId,
    edit::{EditCommand, fresh_ids},
    model::{Project, Side, Track, TrackKind, Transition, TransitionKind},
};
use std::sync::Arc;

/// Kinds offered, with the keys of their names.
pub const KINDS: [(TransitionKind, &str); 6] = [
    (TransitionKind::CrossDissolve, "edits-dissolve"),
    (TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] }, "edits-dip-black"),
    (TransitionKind::DipToColor { color: [1.0; 4] }, "edits-dip-white"),
    (TransitionKind::Wipe { angle: 0.0, softness: 0.1 }, "edits-wipe"),
    (TransitionKind::Slide { from: Side::Right, push: false }, "edits-slide"),
    (TransitionKind::Slide { from: Side::Right, push: true }, "edits-push"),
];

/// A transition of `length` frames over the cut behind clip `left` of a track, as long as the clips allow.
fn over_cut(project: &Project, track: &Track, left: usize, id: u64, kind: TransitionKind, length: i64) -> Option<EditCommand> {
    let (l, r) = (track.clips.get(left)?, track.clips.get(left + 1)?);
    let room = transition_room(project, track, left, kind);
    let half = length.max(2) / 2;
    let (before, after) = (half.min(room.0), (length - half).min(room.1));
    if before + after < 1 {
        return None;
    }
    Some(match track.transition_after(l.id).filter(|x| x.right == r.id) {
        Some(x) => EditCommand::SetTransition { id: x.id, kind, before: x.before.min(room.0), after: x.after.min(room.1) },
        None => EditCommand::AddTransition { id: TransitionId(id), left: l.id, right: r.id, kind, before, after },
    })
}

fn is_cut(track: &Track, left: usize) -> bool {
    track.clips.get(left + 1).is_some_and(|r| track.clips[left].end() == r.start)
}

/// A transition at the cut behind clip `left` of the track at place `track`.
///
/// # Errors
/// The clips leave no room for one.
pub fn at_cut(desk: &Desk<'_>, track: &Track, left: usize, kind: TransitionKind) -> Result<EditCommand, String> {
    let id = fresh_ids(desk.project).next().unwrap_or(u64::MAX);
    over_cut(desk.project, track, left, id, kind, desk.transition).ok_or_else(|| tr("edits-no-handles"))
}

/// Transitions at all cuts between selected clips; where none is selected, at the cut nearest to the playhead; where one
/// clip is, at the nearer of its ends. `sound` asks for cross-fades of sound only, else pictures come first.
///
/// # Errors
/// Why there is no place for one, in words.
pub fn add(desk: &Desk<'_>, kind: TransitionKind, sound: bool) -> Result<EditCommand, String> {
    let chosen = desk.index.places(&desk.selection.clips);
    let of_kind = |t: &Track| !t.locked && (!sound || t.kind == TrackKind::Audio);
    let mut ids = fresh_ids(desk.project);
    let mut all = Vec::new();
    let mut cuts = 0;
    for (track, places) in desk.project.sequence.tracks.iter().zip(&chosen) {
        if !of_kind(track) || (!sound && track.kind == TrackKind::Audio && places.len() < 2) {
            continue;
        }
        for pair in places.windows(2).filter(|p| p[0] + 1 == p[1] && is_cut(track, p[0])) {
            let there = track.transition_after(track.clips[pair[0]].id).is_some_and(|x| x.right == track.clips[pair[1]].id);
            if there {
                continue;
            }
            cuts += 1;
            let id = ids.next().unwrap_or(u64::MAX);
            all.extend(over_cut(desk.project, track, pair[0], id, kind, desk.transition));
        }
    }
    if cuts > 0 {
        return batch(all).ok_or_else(|| tr("edits-no-handles"));
    }
    let any = !desk.selection.clips.is_empty();
    let (_, _, track, left) = desk
        .project
        .sequence
        .tracks
        .iter()
        .zip(&chosen)
        .filter(|(t, _)| of_kind(t))
        .flat_map(|(t, places)| near(t, desk.frame, any.then_some(places)))
        .min_by_key(|(distance, rank, _, _)| (*distance, *rank))
        .ok_or_else(|| tr("edits-no-cut"))?;
    at_cut(desk, track, left, kind)
}

type Near<'a> = (i64, bool, &'a Arc<Track>, usize);

/// The free cuts of a track nearest to a frame, or those at the ends of the selected clips.
fn near<'a>(track: &'a Arc<Track>, frame: i64, only: Option<&Vec<usize>>) -> Vec<Near<'a>> {
    let free = |i: &usize| is_cut(track, *i) && track.transition_after(track.clips[*i].id).is_none();
    let ranked = |i: usize| ((track.clips[i].end() - frame).abs(), track.kind == TrackKind::Audio, track, i);
    match only {
        Some(places) => places.iter().flat_map(|i| [i.checked_sub(1), Some(*i)]).flatten().filter(free).map(ranked).collect(),
        None => {
            let at = track.clips.partition_point(|c| c.end() <= frame);
            let before = (0..at).rev().find(free);
            let after = (at..track.clips.len()).find(free);
            before.into_iter().chain(after).map(ranked).collect()
        }
    }
}

/// Another kind for a transition that is there; shortened where it needs handles that are missing.
///
/// # Errors
/// The clips have no media beyond the cut for it.
pub fn set_kind(desk: &Desk<'_>, id: TransitionId, kind: TransitionKind) -> Result<Option<EditCommand>, String> {
    let Some((track, x)) = find(desk.project, id) else { return Ok(None) };
    let Some(left) = desk.index.place(x.left).map(|p| p.1) else { return Ok(None) };
    let room = transition_room(desk.project, track, left, kind);
    let (before, after) = (x.before.min(room.0), x.after.min(room.1));
    if before + after < 1 {
        return Err(tr("edits-no-handles"));
    }
    Ok(Some(EditCommand::SetTransition { id, kind, before, after }))
}

/// A transition and its track.
pub fn find(project: &Project, id: TransitionId) -> Option<(&Arc<Track>, &Transition)> {
    project.sequence.tracks.iter().find_map(|t| t.transitions.iter().find(|x| x.id == id).map(|x| (t, x)))
}

/// What a kind is called.
pub fn name(kind: &TransitionKind) -> String {
    let same = |k: &TransitionKind| std::mem::discriminant(k) == std::mem::discriminant(kind);
    let exact = KINDS.iter().find(|(k, _)| k == kind).or_else(|| KINDS.iter().find(|(k, _)| same(k)));
    exact.map_or_else(String::new, |(_, key)| tr(key))
}

/// `Dissolve, 24 frames`: a transition for people.
pub fn describe(x: &Transition) -> String {
    tr_args("edits-transition", &[("kind", name(&x.kind).into()), ("frames", x.duration().into())])
}
