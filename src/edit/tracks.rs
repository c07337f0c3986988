//! Commands on tracks.

use super::{EditError, TrackChange, draft::Draft};
use crate::{
    base::TrackId,
    model::{Track, TrackKind},
};
use std::sync::Arc;

pub(super) fn add(d: &mut Draft, id: TrackId, kind: TrackKind, index: usize) -> Result<(), EditError> {
    let tracks = d.project.sequence.tracks.len();
    if index > tracks {
        return Err(EditError::NoSuchPlace { index, tracks });
    }
    d.claim(id.0)?;
    d.sequence().tracks.insert(index, Arc::new(Track::new(id, kind)));
    Ok(())
}

pub(super) fn remove(d: &mut Draft, id: TrackId) -> Result<(), EditError> {
    let i = d.track_index(id)?;
    d.open(i)?;
    d.sequence().tracks.remove(i);
    Ok(())
}

/// Puts a track at another place among the others.
pub(super) fn move_to(d: &mut Draft, id: TrackId, index: usize) -> Result<(), EditError> {
    let i = d.track_index(id)?;
    let tracks = d.project.sequence.tracks.len();
    if index >= tracks {
        return Err(EditError::NoSuchPlace { index, tracks });
    }
    let track = d.sequence().tracks.remove(i);
    d.sequence().tracks.insert(index, track);
    Ok(())
}

/// The lock guards clips and transitions; a locked track can still be named, muted and turned down.
pub(super) fn set(d: &mut Draft, id: TrackId, change: &TrackChange) -> Result<(), EditError> {
    let i = d.track_index(id)?;
    if let TrackChange::GainDb(v) = change
        && !v.is_finite()
    {
        return Err(EditError::Invalid(format!("the volume of {id} is not a number")));
    }
    let t = Arc::make_mut(&mut d.sequence().tracks[i]);
    match change {
        TrackChange::Name(name) => t.name.clone_from(name),
        TrackChange::Muted(v) => t.muted = *v,
        TrackChange::Solo(v) => t.solo = *v,
        TrackChange::Locked(v) => t.locked = *v,
        TrackChange::SyncLock(v) => t.sync_lock = *v,
        TrackChange::Height(v) => t.height = *v,
        TrackChange::GainDb(v) => t.gain_db = *v,
    }
    Ok(())
}
