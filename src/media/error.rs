//! What can go wrong with media files, in words for a user.

use super::encode::EncodeError;
use crate::base::UserError;
use std::path::PathBuf;

/// Why a media file could not be read or written. The path comes last in every message.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("GStreamer could not be started: {0}")]
    Init(String),
    #[error("the file does not exist: {}", .0.display())]
    NotFound(PathBuf),
    #[error("the file cannot be opened ({reason}): {}", .path.display())]
    Unreadable { path: PathBuf, reason: String },
    #[error("the file is empty: {}", .0.display())]
    Empty(PathBuf),
    /// The content is of no kind that can be read; `found` says what it looks like.
    #[error("{found}, not a video, sound or picture: {}", .path.display())]
    NotMedia { path: PathBuf, found: String },
    #[error("the file is damaged or incomplete ({reason}): {}", .path.display())]
    Damaged { path: PathBuf, reason: String },
    #[error("the file has no picture: {}", .0.display())]
    NoVideo(PathBuf),
    #[error("the file has no sound: {}", .0.display())]
    NoAudio(PathBuf),
    /// `package` is the Debian package whose plug-in reads it, where there is one.
    #[error("no decoder for {codec} is installed: {}", .path.display())]
    NoDecoder { path: PathBuf, codec: String, package: Option<&'static str> },
    #[error("decoding failed ({reason}): {}", .path.display())]
    Decode { path: PathBuf, reason: String },
    /// A wait ran into its limit; the pipeline was given up.
    #[error("reading did not answer within {secs} s while {doing}: {}", .path.display())]
    Stalled { path: PathBuf, doing: &'static str, secs: u64 },
    #[error("a picture of {width}×{height} is too large: {}", .path.display())]
    TooLarge { path: PathBuf, width: u32, height: u32 },
    /// The probing child process found an error; its words.
    #[error("{message}")]
    Probe { message: String, hint: Option<String> },
    #[error("the file could not be examined ({reason}): {}", .path.display())]
    ProbeDied { path: PathBuf, reason: String },
    #[error("cancelled")]
    Cancelled,
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl UserError for MediaError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Init(_) => "install GStreamer 1.22 or newer (Debian: gstreamer1.0-plugins-base)",
            Self::NotFound(_) => "check the path; a moved file can be linked again",
            Self::Unreadable { .. } => "check that you may read the file",
            Self::Empty(_) => "copy or download the file again",
            Self::NotMedia { .. } => {
                "choose a video, sound or picture file (mp4, mov, mkv, webm, avi, wav, mp3, flac, ogg, png, jpg, webp)"
            }
            Self::Damaged { .. } => "copy or download the file again; a recording that was cut off may need a repair tool",
            Self::NoVideo(_) => "use the file on an audio track",
            Self::NoAudio(_) => "use the file on a video track",
            Self::NoDecoder { package: Some(p), .. } => return Some(format!("install the package {p}")),
            Self::NoDecoder { package: None, .. } => "convert the file to another codec, for example with ffmpeg",
            Self::Decode { .. } => "the file may be damaged; try to play it in another program",
            Self::Stalled { .. } => "try again; if it happens every time the file or its disk is damaged",
            Self::TooLarge { .. } => "scale the picture down first",
            Self::Probe { hint, .. } => return hint.clone(),
            Self::ProbeDied { .. } => "the file made its decoder crash or run without end; convert it first, for example with ffmpeg",
            Self::Cancelled => return None,
            Self::Encode(e) => return e.hint(),
        };
        Some(text.into())
    }
}
