//! Why a film's motion is not known.

use crate::{
    base::{
        UserError,
        words::{Said, say},
    },
    media::MediaError,
};
use std::{fmt, path::PathBuf};

/// Why a film was not measured.
#[derive(Debug, thiserror::Error)]
pub enum SteadyError {
    NoPicture(PathBuf),
    Still(PathBuf),
    Media(#[from] MediaError),
    Thread(String),
    Cancelled,
}

impl SteadyError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::NoPicture(path) => say!("error-steady-no-picture", path = path.display().to_string()),
            Self::Still(path) => say!("error-steady-still", path = path.display().to_string()),
            Self::Media(e) => say!("error-steady-media", message = e.to_string()),
            Self::Thread(reason) => say!("error-steady-thread", reason = reason.as_str()),
            Self::Cancelled => say!("error-steady-cancelled"),
        }
    }
}

impl fmt::Display for SteadyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for SteadyError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Media(e) => e.hint(),
            other => other.said().hint(),
        }
    }
}
