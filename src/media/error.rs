//! What can go wrong with media files, in words for a user.

use super::encode::EncodeError;
use crate::base::UserError;

/// Why a media file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("GStreamer could not be started: {0}")]
    Init(String),
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

impl UserError for MediaError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Init(_) => Some("install GStreamer 1.22 or newer (Debian: gstreamer1.0-plugins-base)".into()),
            Self::Encode(e) => e.hint(),
        }
    }
}
