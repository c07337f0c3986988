//! Splitting a clip in two that play on as one.

use crate::{
    base::ClipId,
    edit::{EditError, draft::Draft, track_ops},
};
use std::sync::Arc;

pub(in crate::edit) fn split(d: &mut Draft, clip: ClipId, at: i64, new_id: ClipId) -> Result<(), EditError> {
    let place = d.find(clip)?;
    let c = d.clip(place);
    if at <= c.start || at >= c.end() {
        return Err(EditError::OutsideClip { clip: d.clip_name(c), frame: at });
    }
    d.claim(new_id.0)?;
    let rate = d.rate();
    let track = d.open(place.0)?;
    track_ops::split(track, place.1, at, new_id, rate);
    // The right part is a clip of its own; the caller links it to the other right parts of its group.
    Arc::make_mut(&mut track.clips[place.1 + 1]).link = None;
    Ok(())
}
