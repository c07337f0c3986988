//! Commands on markers. They are kept in order of frame, then id.

use super::{EditError, draft::Draft};
use crate::{
    base::MarkerId,
    model::{MAX_FRAME, Marker},
};

fn check(m: &Marker) -> Result<(), EditError> {
    let in_range = |v: i64| (0..=MAX_FRAME).contains(&v);
    if in_range(m.frame) && in_range(m.duration) { Ok(()) } else { Err(EditError::Invalid(format!("{} lies outside the timeline", m.id))) }
}

fn put(d: &mut Draft, m: &Marker) {
    let markers = &mut d.sequence().markers;
    let at = markers.partition_point(|x| (x.frame, x.id) < (m.frame, m.id));
    markers.insert(at, m.clone());
}

fn index(d: &Draft, id: MarkerId) -> Result<usize, EditError> {
    d.project.sequence.markers.iter().position(|m| m.id == id).ok_or(EditError::NoMarker(id))
}

pub(super) fn add(d: &mut Draft, m: &Marker) -> Result<(), EditError> {
    check(m)?;
    d.claim(m.id.0)?;
    put(d, m);
    Ok(())
}

pub(super) fn set(d: &mut Draft, m: &Marker) -> Result<(), EditError> {
    check(m)?;
    remove(d, m.id)?;
    put(d, m);
    Ok(())
}

pub(super) fn remove(d: &mut Draft, id: MarkerId) -> Result<(), EditError> {
    let i = index(d, id)?;
    d.sequence().markers.remove(i);
    Ok(())
}
