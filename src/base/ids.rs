//! Newtype ids. A command names things by id, never by (track, index): an index is stale after the next edit.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    )*};
}

ids! {
    /// One media file of a project.
    MediaId "media ";
    /// One sequence (timeline) of a project.
    SequenceId "sequence ";
    /// One track of a sequence.
    TrackId "track ";
    /// One clip on a track. Unique in the whole project.
    ClipId "clip ";
    /// One transition between two clips.
    TransitionId "transition ";
    /// One marker.
    MarkerId "marker ";
    /// One caption of a sequence.
    CaptionId "caption ";
}
