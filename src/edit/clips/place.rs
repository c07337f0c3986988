//! Inserting and moving clips.

use crate::{
    base::{ClipId, TrackId},
    edit::{ClipMove, EditError, Placement, draft::Draft, limits, ripple, track_ops},
    model::{Clip, Transition},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub(in crate::edit) fn insert(d: &mut Draft, track: TrackId, clip: &Clip, mode: Placement) -> Result<(), EditError> {
    insert_all(d, std::iter::once((track, clip)), mode)
}

/// Puts new clips on tracks together: rippling makes room once, from the first start to the last end.
pub(in crate::edit) fn insert_all<'a>(
    d: &mut Draft,
    clips: impl Iterator<Item = (TrackId, &'a Clip)>,
    mode: Placement,
) -> Result<(), EditError> {
    let mut placed = Vec::new();
    for (track, clip) in clips {
        let t = d.track_index(track)?;
        d.check_clip(clip)?;
        d.check_kind(clip, &d.project.sequence.tracks[t])?;
        if !limits::is_inside_media(&d.project, clip, d.rate()) {
            return Err(EditError::OutsideMedia { clip: d.clip_name(clip) });
        }
        d.claim(clip.id.0)?;
        placed.push((t, clip));
    }
    if mode == Placement::Ripple {
        make_room_for_all(d, placed.iter().map(|(t, c)| (*t, c.start, c.end())))?;
    }
    for (t, clip) in placed {
        if mode == Placement::Overwrite {
            d.clear(t, clip.start, clip.end())?;
        }
        d.place(t, Arc::new(clip.clone()))?;
    }
    Ok(())
}

/// Puts time in for clips given as (track, start, end).
fn make_room_for_all(d: &mut Draft, clips: impl Iterator<Item = (usize, i64, i64)>) -> Result<(), EditError> {
    let (mut at, mut end, mut tracks) = (i64::MAX, 0, Vec::new());
    for (t, from, to) in clips {
        (at, end) = (at.min(from), end.max(to));
        if !tracks.contains(&t) {
            tracks.push(t);
        }
    }
    if tracks.is_empty() { Ok(()) } else { ripple::open(d, at, end - at, &tracks) }
}

/// Lifts all clips off their tracks, then puts them down in the order of their new starts; rippling makes room once for all. A transition between two clips
/// that still meet afterwards goes with them.
pub(in crate::edit) fn move_clips(d: &mut Draft, moves: &[ClipMove], mode: Placement) -> Result<(), EditError> {
    let ids: Vec<ClipId> = moves.iter().map(|m| m.clip).collect();
    let from = d.tracks_of(&ids)?;
    let ids: HashSet<ClipId> = ids.into_iter().collect();
    if mode != Placement::Strict {
        d.keep_ids();
    }
    let (mut lifted, mut hanging) = (HashMap::new(), Vec::new());
    for t in from {
        let track = d.open(t)?;
        track.transitions.retain(|x| {
            let stays = !ids.contains(&x.left) && !ids.contains(&x.right);
            if !stays {
                hanging.push(*x);
            }
            stays
        });
        track.clips.retain(|c| {
            let stays = !ids.contains(&c.id);
            if !stays {
                lifted.insert(c.id, c.clone());
            }
            stays
        });
    }
    let mut order = moves.to_vec();
    order.sort_by_key(|m| m.start);
    if mode == Placement::Ripple {
        let mut spans = Vec::with_capacity(order.len());
        for m in &order {
            let Some(clip) = lifted.get(&m.clip) else { return Err(EditError::NoClip(m.clip)) };
            let moved = Clip { start: m.start, ..(**clip).clone() };
            d.check_clip(&moved)?;
            spans.push((d.track_index(m.track)?, moved.start, moved.end()));
        }
        make_room_for_all(d, spans.into_iter())?;
    }
    let mut down: HashSet<ClipId> = HashSet::with_capacity(order.len());
    for m in &order {
        let Some(mut clip) = lifted.remove(&m.clip) else { return Err(EditError::NoClip(m.clip)) };
        let t = d.track_index(m.track)?;
        d.check_kind(&clip, &d.project.sequence.tracks[t])?;
        if clip.start != m.start {
            Arc::make_mut(&mut clip).start = m.start;
        }
        d.check_clip(&clip)?;
        // Clips of the group must not cut each other, whatever the mode.
        let others = d.project.sequence.tracks[t].clips_in(clip.start, clip.end());
        if let Some(other) = others.iter().find(|c| down.contains(&c.id)) {
            return Err(EditError::Overlap { clip: d.clip_name(&clip), other: d.clip_name(other) });
        }
        if mode == Placement::Overwrite {
            d.clear(t, clip.start, clip.end())?;
        }
        d.place(t, clip)?;
        down.insert(m.clip);
    }
    rehang(d, &hanging)
}

/// Hangs transitions on the tracks where their left clips are now; `finish` drops those whose cut is gone.
fn rehang(d: &mut Draft, hanging: &[Transition]) -> Result<(), EditError> {
    for x in hanging {
        if let Ok((t, _)) = d.find(x.left) {
            track_ops::hang(d.open(t)?, *x);
        }
    }
    Ok(())
}
