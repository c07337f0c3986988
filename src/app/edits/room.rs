//! How far ends, cuts and transitions can go: what the media and the neighbours leave.

use crate::{
    app::index::DocIndex,
    base::{ClipId, Rounding, Time},
    edit::Edge,
    model::{Clip, Project, Track, TransitionKind},
};
use std::{collections::BTreeSet, sync::Arc};

/// Stands for "as far as one likes" in frames.
pub const UNLIMITED: i64 = 1 << 40;

/// Frames of media before the clip's first and after its last frame. [`UNLIMITED`] for stills, titles, colours, freezes.
pub fn source_room(project: &Project, clip: &Clip) -> (i64, i64) {
    let Some((source_in, speed)) = clip.content.source() else { return (UNLIMITED, UNLIMITED) };
    let Some(length) = project.source_duration(&clip.content) else { return (UNLIMITED, UNLIMITED) };
    if speed.is_freeze() {
        return (UNLIMITED, UNLIMITED);
    }
    let rate = project.sequence.frame_rate;
    let used = speed.source_span(Time::from_frames(clip.duration, rate));
    let forward = speed.0 > 0;
    let (before, after) = if forward { (source_in, length - source_in - used) } else { (length - source_in, source_in + used) };
    let frames = |t: Time| t.scale(i64::from(speed.1), i64::from(speed.0).abs()).to_frames(rate, Rounding::Floor).max(0);
    (frames(before), frames(after))
}

/// Frames to which an edge can be trimmed without touching the neighbour or running out of media: (first, last).
pub fn trim_range(project: &Project, track: &Track, clip: &Clip, edge: Edge) -> (i64, i64) {
    let (low, high) = ripple_range(project, clip, edge);
    let after = track.clips.partition_point(|c| c.start <= clip.start);
    match edge {
        Edge::Start => {
            let wall = after.checked_sub(2).and_then(|j| track.clips.get(j)).map_or(0, |c| c.end());
            (low.max(wall).max(0), high)
        }
        Edge::End => (low, high.min(track.clips.get(after).map_or(UNLIMITED, |c| c.start))),
    }
}

/// The same with neighbours that give way.
pub fn ripple_range(project: &Project, clip: &Clip, edge: Edge) -> (i64, i64) {
    let (before, after) = source_room(project, clip);
    match edge {
        Edge::Start => (clip.start.saturating_sub(before), clip.end() - 1),
        Edge::End => (clip.start + 1, clip.end().saturating_add(after)),
    }
}

/// The clip, and unless it is taken alone those linked to it whose same end lies at the same frame, on unlocked tracks. The
/// clip itself comes first.
pub fn ends_together(index: &DocIndex, clip: ClipId, edge: Edge, alone: bool) -> Vec<(&Arc<Track>, &Arc<Clip>)> {
    let Some((_, grabbed)) = index.clip(clip) else { return Vec::new() };
    let end_of = |c: &Clip| if edge == Edge::Start { c.start } else { c.end() };
    let one = BTreeSet::from([clip]);
    let set = if alone { one } else { index.linked(&one) };
    let mut found = index.clips(&set);
    found.retain(|(t, c)| !t.locked && end_of(c) == end_of(grabbed));
    found.sort_by_key(|(_, c)| c.id != clip);
    found
}

/// Frames of clip `i` of a track that transitions at its start and its end take.
pub fn taken(track: &Track, i: usize) -> (i64, i64) {
    let Some(clip) = track.clips.get(i) else { return (0, 0) };
    let before = i.checked_sub(1).and_then(|j| track.transition_after(track.clips[j].id)).filter(|x| x.right == clip.id);
    (before.map_or(0, |x| x.after), track.transition_after(clip.id).map_or(0, |x| x.before))
}

/// Most frames before and after the cut behind clip `left` (by place in its track) that a transition there can take.
pub fn transition_room(project: &Project, track: &Track, left: usize, kind: TransitionKind) -> (i64, i64) {
    let (Some(l), Some(r)) = (track.clips.get(left), track.clips.get(left + 1)) else { return (0, 0) };
    let (before, after) = (l.duration - taken(track, left).0, r.duration - taken(track, left + 1).1);
    if matches!(kind, TransitionKind::DipToColor { .. }) {
        // one clip at a time is seen: around the middle of the dip no handles are needed
        let half = before.min(after).max(0);
        return (half, half);
    }
    (before.min(source_room(project, r).0).max(0), after.min(source_room(project, l).1).max(0))
}
