//! Why nothing was made larger.

use super::{MAX_SIDE_PX, Moment};
use crate::{
    base::{
        UserError,
        words::{Said, say},
    },
    media::MediaError,
    ml::MlError,
};
use std::{fmt, path::PathBuf};

/// Nothing is left under the output's name in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum UpscaleError {
    NoPicture(PathBuf),
    /// A film that is partly transparent: no codec that is written holds that.
    Transparent(PathBuf),
    /// There is nothing between these.
    EmptyRange {
        from: Moment,
        to: Moment,
        frames: usize,
    },
    /// A picture has no parts in time.
    StillRange(PathBuf),
    /// Nothing is written under such a name.
    Extension(PathBuf),
    TooLarge {
        width: u32,
        height: u32,
    },
    /// More than the viewer makes larger on the spot.
    TooLargeToView {
        width: u32,
        height: u32,
    },
    Media(#[from] MediaError),
    Ml(#[from] MlError),
    Thread(String),
    /// The pictures ended before their number.
    RanDry,
    Cancelled,
}

impl UpscaleError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::NoPicture(path) => say!("error-upscale-no-picture", path = path.display().to_string()),
            Self::Transparent(path) => say!("error-upscale-transparent", path = path.display().to_string()),
            Self::EmptyRange { from, to, frames } => {
                say!("error-upscale-empty-range", from = from.name(), to = to.name(), frames = *frames)
            }
            Self::StillRange(path) => say!("error-upscale-still-range", path = path.display().to_string()),
            Self::Extension(path) => say!("error-upscale-extension", path = path.display().to_string()),
            Self::TooLarge { width, height } => say!("error-upscale-too-large", width = *width, height = *height, most = MAX_SIDE_PX),
            Self::TooLargeToView { width, height } => say!("error-upscale-too-large-to-view", width = *width, height = *height),
            Self::Media(e) => say!("error-upscale-media", message = e.to_string()),
            Self::Ml(e) => say!("error-upscale-media", message = e.to_string()),
            Self::Thread(reason) => say!("error-proxy-thread", reason = reason.as_str()),
            Self::RanDry => say!("error-upscale-ran-dry"),
            Self::Cancelled => say!("error-upscale-cancelled"),
        }
    }
}

impl fmt::Display for UpscaleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for UpscaleError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Media(e) => e.hint(),
            Self::Ml(e) => e.hint(),
            other => other.said().hint(),
        }
    }
}
