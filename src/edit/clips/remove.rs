//! Removing clips and stretches of the timeline, with or without closing the gaps.

use crate::{
    base::{ClipId, TrackId},
    edit::{EditError, draft::Draft, ripple},
    model::MAX_FRAME,
};
use std::collections::HashSet;

pub(in crate::edit) fn remove(d: &mut Draft, clips: &[ClipId], close: bool) -> Result<(), EditError> {
    let from = d.tracks_of(clips)?;
    let ids: HashSet<ClipId> = clips.iter().copied().collect();
    let mut ranges = Vec::new();
    for t in &from {
        d.open(*t)?.clips.retain(|c| {
            let goes = ids.contains(&c.id);
            if goes {
                ranges.push((c.start, c.end()));
            }
            !goes
        });
    }
    if close { ripple::close(d, &ripple::merged(ranges), &from) } else { Ok(()) }
}

/// Cuts frames `[from, to)` off the given tracks, all unlocked ones where none is given.
pub(in crate::edit) fn clear(d: &mut Draft, from: i64, to: i64, tracks: &[TrackId], close: bool) -> Result<(), EditError> {
    if from < 0 || to > MAX_FRAME || from >= to {
        return Err(EditError::EmptyRange { from, to });
    }
    let concerned: Vec<usize> = if tracks.is_empty() {
        (0..d.project.sequence.tracks.len()).filter(|t| !d.project.sequence.tracks[*t].locked).collect()
    } else {
        tracks.iter().map(|t| d.track_index(*t)).collect::<Result<_, _>>()?
    };
    for t in &concerned {
        if !d.project.sequence.tracks[*t].clips_in(from, to).is_empty() {
            d.clear(*t, from, to)?;
        }
    }
    if close { ripple::close(d, &[(from, to)], &concerned) } else { Ok(()) }
}

/// Closes the gap of a track that frame `at` lies in.
pub(in crate::edit) fn close_gap(d: &mut Draft, track: TrackId, at: i64) -> Result<(), EditError> {
    let t = d.track_index(track)?;
    let clips = &d.project.sequence.tracks[t].clips;
    let next = clips.partition_point(|c| c.end() <= at);
    let from = next.checked_sub(1).map_or(0, |p| clips[p].end());
    let to = clips.get(next).map(|c| c.start).filter(|start| at >= from && at < *start);
    ripple::close(d, &[(from, to.ok_or(EditError::NoGap(at))?)], &[t])
}
