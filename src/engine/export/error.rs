//! Why an export did not happen. Nothing is left under the final name in any of these cases.

use crate::{
    base::{
        UserError,
        words::{Said, say},
    },
    gpu::RenderError,
    media::MediaError,
};
use std::{fmt, path::PathBuf};

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    Empty,
    BadRange {
        from: i64,
        to: i64,
    },
    Broken(String),
    OverInput(PathBuf),
    Offline(Vec<PathBuf>),
    NoSound,
    /// A file of this kind has no stream of captions.
    NoTextTrack(&'static str),
    TooLongForWav,
    Media(#[from] MediaError),
    Render {
        frame: i64,
        source: RenderError,
    },
    Cancelled,
    Stopped(&'static str),
}

impl ExportError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::Empty => say!("error-export-empty"),
            Self::BadRange { from, to } => say!("error-export-bad-range", from = from.to_string(), to = to.to_string()),
            Self::Broken(problem) => say!("error-export-broken", problem = problem.as_str()),
            Self::OverInput(path) => say!("error-export-over-input", path = path.display().to_string()),
            Self::Offline(files) => {
                let list: Vec<String> = files.iter().map(|p| p.display().to_string()).collect();
                say!("error-export-offline", n = files.len(), files = list.join(", "))
            }
            Self::NoSound => say!("error-export-no-sound"),
            Self::NoTextTrack(container) => say!("error-export-no-text-track", container = *container),
            Self::TooLongForWav => say!("error-export-too-long-for-wav"),
            Self::Media(e) => say!("error-export-media", message = e.to_string()),
            Self::Render { frame, source } => say!("error-export-render", frame = frame.to_string(), reason = source.to_string()),
            Self::Cancelled => say!("error-export-cancelled"),
            Self::Stopped(reason) => say!("error-export-stopped", reason = *reason),
        }
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for ExportError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Media(e) => e.hint(),
            _ => self.said().hint(),
        }
    }
}
