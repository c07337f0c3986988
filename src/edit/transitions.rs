//! Commands on transitions. A transition needs a cut, room in both clips, and media beyond the cut on both sides.

use super::{EditError, draft::Draft, limits, track_ops};
use crate::{
    base::TransitionId,
    model::{Clip, Track, Transition, TransitionKind},
};

/// Frames needed of the right clip before its in-point and of the left clip past its out-point.
///
/// A dip shows only one clip at a time and changes over at its middle, so it needs media beyond the cut only as far as
/// its middle lies off the cut.
fn needed(x: &Transition) -> (i64, i64) {
    match x.kind {
        TransitionKind::CrossDissolve | TransitionKind::Wipe { .. } | TransitionKind::Slide { .. } => (x.before, x.after),
        TransitionKind::DipToColor { .. } => {
            let half = (x.before + x.after + 1) / 2;
            ((half - x.after).max(0), (half - x.before).max(0))
        }
    }
}

/// Checks a transition against its track; `x.left` is clip `left` of it.
fn check(d: &Draft, track: &Track, left: usize, x: &Transition) -> Result<(), EditError> {
    if !x.kind.is_sound() {
        return Err(EditError::Invalid(format!("a setting of {} is out of range", x.id)));
    }
    let (l, r) = (&track.clips[left], &track.clips[left + 1]);
    if x.before < 0 || x.after < 0 || (x.before == 0 && x.after == 0) {
        return Err(EditError::EmptyTransition);
    }
    let live = |at: usize| {
        let (a, b) = (track.clips.get(at)?, track.clips.get(at + 1)?);
        track.transition_after(a.id).filter(|x| x.right == b.id && a.end() == b.start)
    };
    let taken_left = left.checked_sub(1).and_then(live).map_or(0, |p| p.after);
    let taken_right = live(left + 1).map_or(0, |n| n.before);
    for (clip, wants, room) in [(l, x.before, l.duration - taken_left), (r, x.after, r.duration - taken_right)] {
        if wants > room {
            return Err(EditError::TransitionTooLong { clip: d.clip_name(clip) });
        }
    }
    let (before, after) = needed(x);
    for (clip, is_left, needed) in [(l, true, after), (r, false, before)] {
        let available = limits::handle(&d.project, clip, is_left, needed, d.rate());
        if available < needed {
            return Err(EditError::NoHandles { clip: d.clip_name(clip), needed, available });
        }
    }
    Ok(())
}

/// Shortens the transitions of a track (by index) that ask for media beyond the cut which is not there any more, after a
/// slip for instance; one that has nothing left goes.
pub(super) fn hold_to_handles(d: &mut Draft, t: usize) {
    let (track, rate) = (&d.project.sequence.tracks[t], d.rate());
    let held = |x: &Transition| -> Option<Transition> {
        let left = track.clip_index(x.left)?;
        let (l, r) = (&track.clips[left], track.clips.get(left + 1)?);
        let (before, after) = needed(x);
        let has_before = limits::handle(&d.project, r, false, before, rate);
        let has_after = limits::handle(&d.project, l, true, after, rate);
        let mut x = *x;
        match x.kind {
            TransitionKind::CrossDissolve | TransitionKind::Wipe { .. } | TransitionKind::Slide { .. } => {
                (x.before, x.after) = (has_before, has_after);
            }
            // the middle may lie as far off the cut as there is media
            TransitionKind::DipToColor { .. } => {
                x.before = x.before.min(x.after.saturating_add(2 * has_before));
                x.after = x.after.min(x.before.saturating_add(2 * has_after));
            }
        }
        (x.duration() > 0).then_some(x)
    };
    let kept: Vec<Transition> = track.transitions.iter().filter_map(held).collect();
    if kept != track.transitions {
        std::sync::Arc::make_mut(&mut d.sequence().tracks[t]).transitions = kept;
    }
}

pub(super) fn add(d: &mut Draft, x: Transition) -> Result<(), EditError> {
    let (t, i) = d.find(x.left)?;
    let right_at = d.find(x.right)?;
    let track = &d.project.sequence.tracks[t];
    let (left, right): (&Clip, &Clip) = (&track.clips[i], d.clip(right_at));
    if right_at != (t, i + 1) || left.end() != right.start {
        return Err(EditError::NotACut { left: d.clip_name(left), right: d.clip_name(right) });
    }
    if track.transition_after(x.left).is_some_and(|there| there.right == x.right) {
        return Err(EditError::TransitionThere { left: d.clip_name(left) });
    }
    check(d, track, i, &x)?;
    d.claim(x.id.0)?;
    track_ops::hang(d.open(t)?, x);
    Ok(())
}

fn find(d: &Draft, id: TransitionId) -> Result<(usize, Transition), EditError> {
    let tracks = d.project.sequence.tracks.iter().enumerate();
    let mut found = tracks.filter_map(|(t, track)| Some((t, *track.transitions.iter().find(|x| x.id == id)?)));
    found.next().ok_or(EditError::NoTransition(id))
}

pub(super) fn set(d: &mut Draft, id: TransitionId, kind: TransitionKind, before: i64, after: i64) -> Result<(), EditError> {
    let (t, old) = find(d, id)?;
    let x = Transition { kind, before, after, ..old };
    let track = &d.project.sequence.tracks[t];
    let left = track.clip_index(x.left).filter(|i| track.clips.get(i + 1).is_some_and(|r| r.id == x.right));
    check(d, track, left.ok_or(EditError::NoTransition(id))?, &x)?;
    track_ops::hang(d.open(t)?, x);
    Ok(())
}

pub(super) fn remove(d: &mut Draft, id: TransitionId) -> Result<(), EditError> {
    let (t, _) = find(d, id)?;
    d.open(t)?.transitions.retain(|x| x.id != id);
    Ok(())
}
