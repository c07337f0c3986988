//! Why an edit cannot be made, in words for a user. Clips, tracks and media are named as the window shows them.

use crate::base::{ClipId, MarkerId, MediaId, SequenceId, TrackId, TransitionId, UserError};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("{0} is not in the project")]
    NoMedia(MediaId),
    #[error("{0} is not in the sequence")]
    NoTrack(TrackId),
    #[error("{0} is not in the sequence")]
    NoClip(ClipId),
    #[error("{0} is not in the sequence")]
    NoTransition(TransitionId),
    #[error("{0} is not in the sequence")]
    NoMarker(MarkerId),
    #[error("the id {0} is already in use")]
    IdInUse(u64),
    #[error("{0} is named twice in one command")]
    Twice(ClipId),
    #[error("track “{track}” is locked")]
    Locked { track: String },
    #[error("“{clip}” has no {wanted} and cannot go on track “{track}”")]
    WrongKind { clip: String, wanted: &'static str, track: String },
    #[error("“{clip}” would overlap “{other}”")]
    Overlap { clip: String, other: String },
    #[error("“{clip}” would reach beyond its media")]
    OutsideMedia { clip: String },
    #[error("frame {frame} is not inside “{clip}”")]
    OutsideClip { clip: String, frame: i64 },
    #[error("“{clip}” would start before the timeline")]
    BeforeStart { clip: String },
    #[error("“{clip}” would end past the longest possible timeline")]
    TooLong { clip: String },
    #[error("“{left}” and “{right}” do not meet at a cut")]
    NotACut { left: String, right: String },
    #[error("there already is a transition after “{left}”")]
    TransitionThere { left: String },
    #[error("a transition needs at least one frame and none below zero")]
    EmptyTransition,
    #[error("the transition needs {needed} frames of “{clip}” beyond the cut, and there are {available}")]
    NoHandles { clip: String, needed: i64, available: i64 },
    #[error("the transition is longer than “{clip}” has room for")]
    TransitionTooLong { clip: String },
    #[error("“{media}” is used by “{clip}”")]
    MediaInUse { media: String, clip: String },
    #[error("“{clip}” is not a {wanted}")]
    WrongContent { clip: String, wanted: &'static str },
    #[error("frames {from} to {to} are no stretch of the timeline")]
    EmptyRange { from: i64, to: i64 },
    #[error("there is no gap at frame {0}")]
    NoGap(i64),
    #[error("the end of “{clip}” does not lie at the same frame as the others, or on the same track")]
    EndsApart { clip: String },
    #[error("no clip follows “{clip}” at a cut")]
    NoCut { clip: String },
    #[error("“{clip}” would show the sequence that it lies in")]
    ShowsItself { clip: String },
    #[error("{0} is not in the project")]
    NoSequence(SequenceId),
    #[error("sequence “{sequence}” is shown by “{clip}”")]
    SequenceInUse { sequence: String, clip: String },
    #[error("{0:?} is not a folder of the bin")]
    NoFolder(String),
    #[error("there already is a folder {0:?}")]
    FolderThere(String),
    #[error("nothing is selected")]
    Nothing,
    #[error("there is no place {index} among {tracks} tracks")]
    NoSuchPlace { index: usize, tracks: usize },
    #[error("no ids are left above those in use")]
    NoIdsLeft,
    /// A value that no document may hold, in the words of the document's own check.
    #[error("{0}")]
    Invalid(String),
}

impl UserError for EditError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Locked { .. } => "unlock the track in its header",
            Self::Overlap { .. } => "make room first, or place it by overwriting or rippling",
            Self::OutsideMedia { .. } => "trim it less, or slow it down",
            Self::NoHandles { .. } => "shorten the transition, or trim the clip to leave media beyond the cut",
            Self::TransitionTooLong { .. } => "shorten the transition",
            Self::SequenceInUse { .. } => "delete the clips that show it first",
            Self::MediaInUse { .. } => "delete its clips first",
            Self::NotACut { .. } => "a transition needs two clips side by side on one track",
            Self::IdInUse(_) => "choose an id above every id in the project",
            Self::WrongKind { .. } => "pictures go on video tracks, sound on audio tracks",
            _ => return None,
        };
        Some(text.into())
    }
}
