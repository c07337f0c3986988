//! OpenTimelineIO: the JSON of its objects ([`schema`]), and its timelines as documents of this program and back.
//!
//! [`schema`] stands alone: it knows OTIO and nothing of this program.

mod items;
mod private;
mod read;
pub mod schema;
mod write;
pub(super) mod zip;

pub(super) use read::read;
pub(super) use write::write;
