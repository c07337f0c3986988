//! What happens on one track: cutting, shifting, and keeping transitions on their cuts. Knows no command and no lock.

use crate::{
    base::{ClipId, FrameRate, Time},
    model::{Clip, MAX_FRAME, Track, Transition},
};
use std::sync::Arc;

/// A clip that shares a frame with `clip`.
pub(super) fn in_the_way<'t>(track: &'t Track, clip: &Clip) -> Option<&'t Clip> {
    track.clips_in(clip.start, clip.end()).first().map(|c| &**c)
}

/// The clip that reaches over both ends of a range, so that clearing it leaves two pieces.
pub(super) fn spanning(track: &Track, from: i64, to: i64) -> Option<&Clip> {
    track.clips_in(from, to).first().filter(|c| c.start < from && c.end() > to).map(|c| &**c)
}

/// Fades that no longer fit are shortened, the fade-out first.
pub(super) fn fit_fades(clip: &mut Clip) {
    clip.fade_in = clip.fade_in.min(clip.duration);
    clip.fade_out = clip.fade_out.min(clip.duration - clip.fade_in);
}

/// Sets the first frame of a clip, its end and its sync with the timeline kept.
pub(super) fn set_start(clip: &mut Clip, start: i64, rate: FrameRate) {
    let point = clip.source_at(start, rate);
    if let (Some((source_in, _)), Some(point)) = (clip.content.source_mut(), point) {
        *source_in = point.max(Time::ZERO);
    }
    // keys stay where they are in the picture
    let by = start - clip.start;
    clip.keyframes.map_frames(|frame| frame.saturating_sub(by).clamp(-MAX_FRAME, MAX_FRAME));
    clip.duration = clip.end() - start;
    clip.start = start;
    fit_fades(clip);
}

/// Sets the first frame after a clip.
pub(super) fn set_end(clip: &mut Clip, end: i64) {
    clip.duration = end - clip.start;
    fit_fades(clip);
}

/// Splits clip `index` at frame `at`, which lies inside it. The left part keeps the id and the fade-in, the right one the
/// fade-out and a transition at the end.
pub(super) fn split(track: &mut Track, index: usize, at: i64, new_id: ClipId, rate: FrameRate) {
    let whole = &track.clips[index];
    let (mut left, mut right) = ((**whole).clone(), (**whole).clone());
    (left.fade_out, right.fade_in, right.id) = (0, 0, new_id);
    (left.soft_out, right.soft_in) = (false, false);
    set_end(&mut left, at);
    set_start(&mut right, at, rate);
    if let Ok(i) = track.transitions.binary_search_by_key(&left.id, |x| x.left) {
        let moved = Transition { left: new_id, ..track.transitions.remove(i) };
        hang(track, moved);
    }
    track.clips[index] = Arc::new(left);
    track.clips.insert(index + 1, Arc::new(right));
}

/// Cuts frames `[from, to)` off every clip. `right` is id and link group of the right piece where one
/// clip spans the range.
pub(super) fn clear(track: &mut Track, from: i64, to: i64, rate: FrameRate, right: Option<(ClipId, Option<u64>)>) {
    if let Some((id, link)) = right
        && let Some(i) = track.clip_index_at(from)
    {
        split(track, i, to, id, rate);
        Arc::make_mut(&mut track.clips[i + 1]).link = link;
    }
    let a = track.clips.partition_point(|c| c.end() <= from);
    let b = track.clips.partition_point(|c| c.start < to).max(a);
    let kept: Vec<Arc<Clip>> = track.clips[a..b]
        .iter()
        .filter(|c| c.start < from || c.end() > to)
        .map(|c| {
            let mut c = (**c).clone();
            if c.start < from {
                (c.fade_out, c.soft_out) = (0, false);
                set_end(&mut c, from);
            } else {
                (c.fade_in, c.soft_in) = (0, false);
                set_start(&mut c, to, rate);
            }
            Arc::new(c)
        })
        .collect();
    track.clips.splice(a..b, kept);
}

/// Moves every clip that starts at `from` or later.
pub(super) fn shift(track: &mut Track, from: i64, by: i64) {
    if by == 0 {
        return;
    }
    let first = track.clips.partition_point(|c| c.start < from);
    for c in &mut track.clips[first..] {
        Arc::make_mut(c).start += by;
    }
}

/// Puts a transition in its place in the order; one that was there for the same left clip goes.
pub(super) fn hang(track: &mut Track, transition: Transition) {
    match track.transitions.binary_search_by_key(&transition.left, |x| x.left) {
        Ok(i) => track.transitions[i] = transition,
        Err(i) => track.transitions.insert(i, transition),
    }
}

/// Drops transitions whose two clips no longer meet and shortens those that no longer fit their clips, in the order of
/// the timeline: a clip's room goes to the transition at its start first.
pub(super) fn settle_transitions(track: &mut Track) {
    let mut kept = Vec::with_capacity(track.transitions.len());
    // Frames of the left clip that the transition at its own start takes.
    let mut taken = 0;
    for pair in track.clips.windows(2) {
        let (l, r) = (&pair[0], &pair[1]);
        let there = track.transition_after(l.id).filter(|x| x.right == r.id && l.end() == r.start);
        let mut after = 0;
        if let Some(x) = there {
            let fitted = Transition { before: x.before.min(l.duration - taken), after: x.after.min(r.duration), ..*x };
            if fitted.duration() > 0 {
                after = fitted.after;
                kept.push(fitted);
            }
        }
        taken = after;
    }
    kept.sort_unstable_by_key(|x| x.left);
    track.transitions = kept;
}
