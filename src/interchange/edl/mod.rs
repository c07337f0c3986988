//! CMX3600 edit decision lists: one video track and up to four of sound, cuts and dissolves, constant speeds.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// The comment in which we say where the timeline begins: the list itself says only where its first event does.
const START: &str = "TIMELINE START:";
