//! Why a file could not be written.

use crate::{
    base::{
        UserError,
        words::{Said, say, size_text},
    },
    media::error::shown,
};
use std::{fmt, path::PathBuf};

/// Why encoding failed. Nothing is left behind under the final name.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    Unwritable {
        path: PathBuf,
        reason: String,
    },
    Busy(PathBuf),
    DiskFull(PathBuf),
    NotEnoughSpace {
        needed: u64,
        free: u64,
        path: PathBuf,
    },
    /// `folder`, in which a part of `output` or the whole is made, has no room for the rest. `begun`: it had when that began, so that it
    /// may have again.
    NoRoom {
        needed: u64,
        free: u64,
        output: PathBuf,
        folder: PathBuf,
        begun: bool,
    },
    NoEncoder {
        codec: &'static str,
        package: &'static str,
    },
    Mismatch {
        what: &'static str,
        container: &'static str,
    },
    BadInput(String),
    Failed(String),
    Stalled(u64),
}

impl EncodeError {
    pub(in crate::media) fn said(&self) -> Said<'_> {
        match self {
            Self::Unwritable { path, reason } => say!("error-media-unwritable", path = shown(path), reason = reason.as_str()),
            Self::Busy(path) => say!("error-media-busy", path = shown(path)),
            Self::DiskFull(path) => say!("error-media-disk-full", path = shown(path)),
            Self::NotEnoughSpace { needed, free, path } => {
                say!("error-media-no-space", needed = size_text(*needed), free = size_text(*free), path = shown(path))
            }
            Self::NoRoom { needed, free, output, folder, .. } => {
                let (needed, free) = (size_text(*needed), size_text(*free));
                say!("error-media-no-room", needed = needed, free = free, path = shown(output), folder = shown(folder))
            }
            Self::NoEncoder { codec, package } => say!("error-media-no-encoder", codec = *codec, package = *package),
            Self::Mismatch { what, container } => say!("error-media-mismatch", what = *what, container = *container),
            Self::BadInput(what) => say!("error-media-bad-input", what = what.as_str()),
            Self::Failed(reason) => say!("error-media-encoder-failed", reason = reason.as_str()),
            Self::Stalled(secs) => say!("error-media-encoder-stalled", secs = secs.to_string()),
        }
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for EncodeError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}
