//! Splitting, trimming to the playhead, moving by frames and tracks, taking stretches out, closing gaps.

use super::{Desk, batch, room};
use crate::{
    app::words::tr,
    base::ClipId,
    edit::{ClipMove, Edge, EditCommand, Placement, split_linked},
    model::{Clip, Project, Track, TrackKind},
};
use std::{collections::BTreeSet, sync::Arc};

/// Cut clips at `frame`: those of `only` and what is linked to them, or where that is empty all on unlocked tracks.
pub fn split(project: &Project, only: &BTreeSet<ClipId>, frame: i64) -> Option<EditCommand> {
    let all = || project.sequence.tracks.iter().filter_map(|t| t.clip_index_at(frame).map(|i| t.clips[i].id)).collect();
    let clips: Vec<ClipId> = if only.is_empty() { all() } else { only.iter().copied().collect() };
    split_linked(project, &clips, frame)
}

/// Trim the clips under the playhead (of the selection, or all on unlocked tracks) so that they start or end there.
pub fn trim_to(desk: &Desk<'_>, edge: Edge) -> Option<EditCommand> {
    let (only, frame) = (&desk.selection.clips, desk.frame);
    let tracks = desk.project.sequence.tracks.iter().filter(|t| !t.locked);
    let under = tracks.filter_map(|t| t.clip_index_at(frame).map(|i| &t.clips[i]));
    let commands = under
        .filter(|c| (only.is_empty() || only.contains(&c.id)) && c.start < frame)
        .map(|c| EditCommand::Trim { clip: c.id, edge, to: frame })
        .collect();
    batch(commands)
}

/// The same for one clip and what is linked to it, and everything later follows: the selected clip under the playhead, or
/// the one on the lowest picture track, or on the first track of sound.
pub fn ripple_trim_to(desk: &Desk<'_>, edge: Edge) -> Option<EditCommand> {
    let under = |t: &&Arc<Track>| !t.locked && t.clip_index_at(desk.frame).is_some_and(|i| t.clips[i].start < desk.frame);
    let clip_of = |t: &Arc<Track>| t.clip_index_at(desk.frame).map(|i| t.clips[i].id);
    let s = &desk.project.sequence;
    let tracks = s.video_tracks().chain(s.audio_tracks()).filter(under);
    let mut clips = tracks.filter_map(clip_of);
    let only = &desk.selection.clips;
    let clip = if only.is_empty() { clips.next() } else { clips.find(|c| only.contains(c)) }?;
    let ends = room::ends_together(desk.index, clip, edge, false);
    let first = ends.first()?.1;
    let by = desk.frame - if edge == Edge::Start { first.start } else { first.end() };
    (by != 0).then(|| EditCommand::RippleTrim { clips: ends.iter().map(|(_, c)| c.id).collect(), edge, by })
}

/// Move the selected clips by frames.
pub fn nudge(desk: &Desk<'_>, by: i64) -> Option<EditCommand> {
    let clips: Vec<_> = desk.selected().filter(|(t, _)| !t.locked).collect();
    let by = by.max(-clips.iter().map(|(_, c)| c.start).min()?);
    let moves = clips.iter().map(|(t, c)| ClipMove { clip: c.id, track: t.id, start: c.start + by }).collect();
    (by != 0).then_some(EditCommand::Move { moves, mode: Placement::Overwrite })
}

/// Move the selected clips one track up the screen (−1) or down (1); those whose kind has no track there stay.
pub fn to_track(desk: &Desk<'_>, down: i64) -> Option<EditCommand> {
    let s = &desk.project.sequence;
    let mut moves = Vec::new();
    for kind in [TrackKind::Video, TrackKind::Audio] {
        let of_kind: Vec<&Arc<Track>> = s.tracks.iter().filter(|t| t.kind == kind).collect();
        // pictures are stacked upwards
        let step = if kind == TrackKind::Video { -down } else { down };
        let place = |t: &Arc<Track>| of_kind.iter().position(|o| o.id == t.id).map(|p| p as i64);
        let clips: Vec<_> = desk.selected().filter(|(t, _)| t.kind == kind && !t.locked).collect();
        let fits = |(t, _): &(&Arc<Track>, &Arc<Clip>)| {
            let to = place(t).map_or(-1, |p| p + step);
            usize::try_from(to).ok().and_then(|to| of_kind.get(to)).is_some_and(|t| !t.locked)
        };
        if !clips.iter().all(fits) {
            continue;
        }
        moves.extend(clips.iter().filter_map(|(t, c)| {
            let to = usize::try_from(place(t)? + step).ok()?;
            Some(ClipMove { clip: c.id, track: of_kind.get(to)?.id, start: c.start })
        }));
    }
    (!moves.is_empty()).then_some(EditCommand::Move { moves, mode: Placement::Overwrite })
}

/// Take the marked range out of all unlocked tracks; `close` closes the gap.
///
/// # Errors
/// Nothing is marked.
pub fn take_range(desk: &Desk<'_>, close: bool) -> Result<Option<EditCommand>, String> {
    let (from, to) = desk.marks.range(desk.project.sequence.duration()).ok_or_else(|| tr("edits-no-range"))?;
    let tracks = Vec::new();
    Ok(Some(if close { EditCommand::Extract { from, to, tracks } } else { EditCommand::Lift { from, to, tracks } }))
}

/// Close the gaps of the selected clips' tracks, or without a selection of all tracks: the stretches in which none of them has
/// anything.
///
/// # Errors
/// There is no gap.
pub fn close_gaps(desk: &Desk<'_>) -> Result<Option<EditCommand>, String> {
    let places = desk.index.places(&desk.selection.clips);
    let all = desk.selection.clips.is_empty();
    let tracks = desk.project.sequence.tracks.iter().zip(&places).filter(|(t, p)| all || (!p.is_empty() && !t.locked));
    let tracks: Vec<&Arc<Track>> = tracks.map(|(t, _)| t).collect();
    let mut spans: Vec<(i64, i64)> = tracks.iter().flat_map(|t| t.clips.iter().map(|c| (c.start, c.end()))).collect();
    spans.sort_unstable();
    let concerned = || if all { Vec::new() } else { tracks.iter().map(|t| t.id).collect() };
    let (mut commands, mut end) = (Vec::new(), 0);
    for (from, to) in spans {
        if from > end {
            commands.push(EditCommand::Extract { from: end, to: from, tracks: concerned() });
        }
        end = end.max(to);
    }
    // from the end, so that what is still to come stays where it was found
    commands.reverse();
    batch(commands).map(Some).ok_or_else(|| tr("edits-no-gaps"))
}

/// Clips that start at the playhead or later (or, backwards, end there or earlier), on unlocked tracks.
pub fn from_playhead(desk: &Desk<'_>, forward: bool) -> BTreeSet<ClipId> {
    let tracks = desk.project.sequence.tracks.iter().filter(|t| !t.locked);
    tracks
        .flat_map(|t| {
            let at = t.clips.partition_point(|c| if forward { c.end() <= desk.frame } else { c.start < desk.frame });
            if forward { &t.clips[at..] } else { &t.clips[..at] }
        })
        .map(|c| c.id)
        .collect()
}

/// The nearest start or end of a clip after `frame` (or before it), on any track.
pub fn next_edge(project: &Project, frame: i64, forward: bool) -> Option<i64> {
    let tracks = project.sequence.tracks.iter();
    let edges = tracks.flat_map(|t| {
        let at = t.clips.partition_point(|c| c.end() <= frame);
        let near = &t.clips[at.saturating_sub(2)..(at + 2).min(t.clips.len())];
        near.iter().flat_map(|c| [c.start, c.end()])
    });
    if forward { edges.filter(|f| *f > frame).min() } else { edges.filter(|f| *f < frame).max() }
}

/// The nearest marker after `frame` (or before it).
pub fn next_marker(project: &Project, frame: i64, forward: bool) -> Option<i64> {
    let markers = &project.sequence.markers;
    if forward {
        markers.get(markers.partition_point(|m| m.frame <= frame)).map(|m| m.frame)
    } else {
        markers.partition_point(|m| m.frame < frame).checked_sub(1).map(|i| markers[i].frame)
    }
}
