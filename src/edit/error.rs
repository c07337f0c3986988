//! Why an edit cannot be made, in words for a user. Clips, tracks and media are named as the window shows them.

use crate::base::{
    CaptionId, ClipId, MarkerId, MediaId, SequenceId, TrackId, TransitionId, UserError,
    words::{Said, say},
};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    NoMedia(MediaId),
    NoTrack(TrackId),
    NoClip(ClipId),
    NoTransition(TransitionId),
    NoMarker(MarkerId),
    NoCaption(CaptionId),
    /// Another caption stands there already.
    CaptionThere {
        text: String,
    },
    IdInUse(u64),
    Twice(ClipId),
    Locked {
        track: String,
    },
    /// `wanted` is `picture` or `sound`.
    WrongKind {
        clip: String,
        wanted: &'static str,
        track: String,
    },
    Overlap {
        clip: String,
        other: String,
    },
    OutsideMedia {
        clip: String,
    },
    OutsideClip {
        clip: String,
        frame: i64,
    },
    BeforeStart {
        clip: String,
    },
    TooLong {
        clip: String,
    },
    NotACut {
        left: String,
        right: String,
    },
    TransitionThere {
        left: String,
    },
    EmptyTransition,
    NoHandles {
        clip: String,
        needed: i64,
        available: i64,
    },
    TransitionTooLong {
        clip: String,
    },
    MediaInUse {
        media: String,
        clip: String,
    },
    /// `wanted` is `title`, `colour` or `media`.
    WrongContent {
        clip: String,
        wanted: &'static str,
    },
    EmptyRange {
        from: i64,
        to: i64,
    },
    NoGap(i64),
    EndsApart {
        clip: String,
    },
    NoCut {
        clip: String,
    },
    ShowsItself {
        clip: String,
    },
    NoSequence(SequenceId),
    SequenceInUse {
        sequence: String,
        clip: String,
    },
    NoFolder(String),
    FolderThere(String),
    Nothing,
    NoSuchPlace {
        index: usize,
        tracks: usize,
    },
    NoIdsLeft,
    /// A value that no document may hold, in the words of the document's own check.
    Invalid(String),
}

impl EditError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::NoMedia(id) => say!("error-edit-not-in-project", what = id.to_string()),
            Self::NoSequence(id) => say!("error-edit-not-in-project", what = id.to_string()),
            Self::NoTrack(id) => say!("error-edit-not-there", what = id.to_string()),
            Self::NoClip(id) => say!("error-edit-not-there", what = id.to_string()),
            Self::NoTransition(id) => say!("error-edit-not-there", what = id.to_string()),
            Self::NoMarker(id) => say!("error-edit-not-there", what = id.to_string()),
            Self::NoCaption(id) => say!("error-edit-not-there", what = id.to_string()),
            Self::CaptionThere { text } => say!("error-edit-caption-there", text = text.as_str()),
            Self::IdInUse(id) => say!("error-edit-id-in-use", id = id.to_string()),
            Self::Twice(id) => say!("error-edit-twice", what = id.to_string()),
            Self::Locked { track } => say!("error-edit-locked", track = track.as_str()),
            Self::WrongKind { clip, wanted, track } => {
                say!("error-edit-wrong-kind", clip = clip.as_str(), wanted = *wanted, track = track.as_str())
            }
            Self::Overlap { clip, other } => say!("error-edit-overlap", clip = clip.as_str(), other = other.as_str()),
            Self::OutsideMedia { clip } => say!("error-edit-outside-media", clip = clip.as_str()),
            Self::OutsideClip { clip, frame } => say!("error-edit-outside-clip", clip = clip.as_str(), frame = frame.to_string()),
            Self::BeforeStart { clip } => say!("error-edit-before-start", clip = clip.as_str()),
            Self::TooLong { clip } => say!("error-edit-too-long", clip = clip.as_str()),
            Self::NotACut { left, right } => say!("error-edit-not-a-cut", left = left.as_str(), right = right.as_str()),
            Self::TransitionThere { left } => say!("error-edit-transition-there", left = left.as_str()),
            Self::EmptyTransition => say!("error-edit-empty-transition"),
            Self::NoHandles { clip, needed, available } => {
                say!("error-edit-no-handles", clip = clip.as_str(), needed = needed.to_string(), available = available.to_string())
            }
            Self::TransitionTooLong { clip } => say!("error-edit-transition-too-long", clip = clip.as_str()),
            Self::MediaInUse { media, clip } => say!("error-edit-media-in-use", media = media.as_str(), clip = clip.as_str()),
            Self::WrongContent { clip, wanted } => say!("error-edit-wrong-content", clip = clip.as_str(), wanted = *wanted),
            Self::EmptyRange { from, to } => say!("error-edit-empty-range", from = from.to_string(), to = to.to_string()),
            Self::NoGap(frame) => say!("error-edit-no-gap", frame = frame.to_string()),
            Self::EndsApart { clip } => say!("error-edit-ends-apart", clip = clip.as_str()),
            Self::NoCut { clip } => say!("error-edit-no-cut", clip = clip.as_str()),
            Self::ShowsItself { clip } => say!("error-edit-shows-itself", clip = clip.as_str()),
            Self::SequenceInUse { sequence, clip } => {
                say!("error-edit-sequence-in-use", sequence = sequence.as_str(), clip = clip.as_str())
            }
            Self::NoFolder(folder) => say!("error-edit-no-folder", folder = folder.as_str()),
            Self::FolderThere(folder) => say!("error-edit-folder-there", folder = folder.as_str()),
            Self::Nothing => say!("error-edit-nothing"),
            Self::NoSuchPlace { index, tracks } => say!("error-edit-no-place", index = *index, tracks = *tracks),
            Self::NoIdsLeft => say!("error-edit-no-ids"),
            Self::Invalid(problem) => say!("error-edit-invalid", problem = problem.as_str()),
        }
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for EditError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}
