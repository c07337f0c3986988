//! Removing clips, with or without closing the gaps.

use crate::{
    base::ClipId,
    edit::{EditError, draft::Draft},
};
use std::{collections::HashSet, sync::Arc};

pub(in crate::edit) fn remove(d: &mut Draft, clips: &[ClipId], ripple: bool) -> Result<(), EditError> {
    let from = d.tracks_of(clips)?;
    let ids: HashSet<ClipId> = clips.iter().copied().collect();
    for t in from {
        let track = d.open(t)?;
        let mut gone = 0;
        track.clips.retain_mut(|c| {
            if ids.contains(&c.id) {
                gone += c.duration;
                return false;
            }
            if ripple && gone > 0 {
                Arc::make_mut(c).start -= gone;
            }
            true
        });
    }
    Ok(())
}
