//! Why there is no proxy.

use crate::{
    base::{
        UserError,
        words::{Said, say},
    },
    media::MediaError,
};
use std::{fmt, path::PathBuf};

/// Why a proxy was not made. Nothing is left under its name in any of these cases.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    NoPicture(PathBuf),
    Still(PathBuf),
    Transparent(PathBuf),
    Media(#[from] MediaError),
    Convert(String),
    Thread(String),
    /// The pictures ended before their number.
    RanDry,
    Cancelled,
}

impl ProxyError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::NoPicture(path) => say!("error-proxy-no-picture", path = path.display().to_string()),
            Self::Still(path) => say!("error-proxy-still", path = path.display().to_string()),
            Self::Transparent(path) => say!("error-proxy-transparent", path = path.display().to_string()),
            Self::Media(e) => say!("error-proxy-media", message = e.to_string()),
            Self::Convert(reason) => say!("error-proxy-convert", reason = reason.as_str()),
            Self::Thread(reason) => say!("error-proxy-thread", reason = reason.as_str()),
            Self::RanDry => say!("error-proxy-ran-dry"),
            Self::Cancelled => say!("error-proxy-cancelled"),
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for ProxyError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Media(e) => e.hint(),
            other => other.said().hint(),
        }
    }
}
