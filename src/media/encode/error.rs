//! Why a file could not be written.

use crate::base::UserError;
use std::path::PathBuf;

/// Why encoding failed. Nothing is left behind under the final name.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    #[error("the file cannot be written: {reason}: {}", path.display())]
    Unwritable { path: PathBuf, reason: String },
    #[error("another export is writing this file: {}", .0.display())]
    Busy(PathBuf),
    #[error("the disk is full: {}", .0.display())]
    DiskFull(PathBuf),
    #[error("about {needed} bytes are needed and {free} are free: {}", path.display())]
    NotEnoughSpace { needed: u64, free: u64, path: PathBuf },
    #[error("no encoder for {codec} is installed")]
    NoEncoder { codec: &'static str, package: &'static str },
    #[error("{what} cannot be written into {container} files")]
    Mismatch { what: &'static str, container: &'static str },
    #[error("{0}")]
    BadInput(String),
    #[error("the encoder failed: {0}")]
    Failed(String),
    #[error("the encoder made no progress for {0} seconds")]
    Stalled(u64),
}

impl UserError for EncodeError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unwritable { .. } => "choose another folder, or allow writing there".into(),
            Self::Busy(_) => "wait until it has finished, or choose another name".into(),
            Self::DiskFull(_) | Self::NotEnoughSpace { .. } => "free some space or choose another disk; nothing was left behind".into(),
            Self::NoEncoder { package, .. } => format!("install {package}, or choose another preset"),
            Self::Mismatch { .. } => "choose another container or codec".into(),
            Self::BadInput(_) => return None,
            Self::Failed(_) | Self::Stalled(_) => "try another preset, or the software encoder".into(),
        })
    }
}
