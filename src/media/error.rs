//! What can go wrong with media files, in words for a user.

use super::encode::EncodeError;
use crate::base::{
    UserError,
    words::{Said, say},
};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Why a media file could not be read or written. The path comes last in every message.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    Init(String),
    NotFound(PathBuf),
    Unreadable {
        path: PathBuf,
        reason: String,
    },
    Empty(PathBuf),
    /// The content is of no kind that can be read; `found` says what it looks like.
    NotMedia {
        path: PathBuf,
        found: String,
    },
    Damaged {
        path: PathBuf,
        reason: String,
    },
    NoVideo(PathBuf),
    NoAudio(PathBuf),
    /// `package` is the Debian package whose plug-in reads it, where there is one.
    NoDecoder {
        path: PathBuf,
        codec: String,
        package: Option<&'static str>,
    },
    Decode {
        path: PathBuf,
        reason: String,
    },
    /// A wait ran into its limit; the pipeline was given up.
    Stalled {
        path: PathBuf,
        doing: &'static str,
        secs: u64,
    },
    TooLarge {
        path: PathBuf,
        width: u32,
        height: u32,
    },
    /// The probing child process found an error; its words.
    Probe {
        message: String,
        hint: Option<String>,
    },
    ProbeDied {
        path: PathBuf,
        reason: String,
    },
    Cancelled,
    Encode(#[from] EncodeError),
}

impl MediaError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::Init(reason) => say!("error-media-init", reason = reason.as_str()),
            Self::NotFound(path) => say!("error-media-not-found", path = shown(path)),
            Self::Unreadable { path, reason } => say!("error-media-unreadable", path = shown(path), reason = reason.as_str()),
            Self::Empty(path) => say!("error-media-empty", path = shown(path)),
            Self::NotMedia { path, found } => say!("error-media-not-media", path = shown(path), found = found.as_str()),
            Self::Damaged { path, reason } => say!("error-media-damaged", path = shown(path), reason = reason.as_str()),
            Self::NoVideo(path) => say!("error-media-no-video", path = shown(path)),
            Self::NoAudio(path) => say!("error-media-no-audio", path = shown(path)),
            Self::NoDecoder { path, codec, .. } => say!("error-media-no-decoder", path = shown(path), codec = codec.as_str()),
            Self::Decode { path, reason } => say!("error-media-decode", path = shown(path), reason = reason.as_str()),
            Self::Stalled { path, doing, secs } => {
                say!("error-media-stalled", path = shown(path), doing = *doing, secs = secs.to_string())
            }
            Self::TooLarge { path, width, height } => {
                say!("error-media-too-large", path = shown(path), width = width.to_string(), height = height.to_string())
            }
            Self::Probe { message, .. } => say!("error-media-probe", message = message.as_str()),
            Self::ProbeDied { path, reason } => say!("error-media-probe-died", path = shown(path), reason = reason.as_str()),
            Self::Cancelled => say!("error-media-cancelled"),
            Self::Encode(e) => e.said(),
        }
    }
}

impl fmt::Display for MediaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for MediaError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NoDecoder { package: Some(p), .. } => Some(say!("error-media-install", package = *p).text()),
            Self::Probe { hint, .. } => hint.clone(),
            _ => self.said().hint(),
        }
    }
}

/// A path as text.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
