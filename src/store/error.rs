//! Why a file of ours could not be read or written, in words for a user.

use super::stored::VERSION;
use crate::base::{
    UserError,
    words::{Said, say, tr},
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    Read { path: PathBuf, source: io::Error },
    Write { path: PathBuf, source: io::Error },
    NotText { path: PathBuf, line: usize, column: usize },
    Malformed { path: PathBuf, line: usize, column: usize, what: String },
    Newer { path: PathBuf, version: u32 },
    UnknownVersion { path: PathBuf, version: u32 },
    Unsound { path: PathBuf, problems: Vec<String>, further: usize },
    Unwritable { what: String },
}

/// The operating system's words without its error number.
fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => tr("error-store-io-not-found"),
        io::ErrorKind::PermissionDenied => tr("error-store-io-permission"),
        io::ErrorKind::StorageFull => tr("error-store-io-full"),
        io::ErrorKind::IsADirectory => tr("error-store-io-folder"),
        io::ErrorKind::ReadOnlyFilesystem => tr("error-store-io-read-only"),
        _ => e.to_string(),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

impl StoreError {
    fn said(&self) -> Said<'_> {
        match self {
            Self::Read { path, source } => say!("error-store-read", path = shown(path), reason = reason(source)),
            Self::Write { path, source } => say!("error-store-write", path = shown(path), reason = reason(source)),
            Self::NotText { path, line, column } => {
                say!("error-store-not-text", path = shown(path), line = line.to_string(), column = column.to_string())
            }
            Self::Malformed { path, line, column, what } => {
                let (line, column) = (line.to_string(), column.to_string());
                say!("error-store-malformed", path = shown(path), line = line, column = column, what = what.as_str())
            }
            Self::Newer { path, version } => {
                say!("error-store-newer", path = shown(path), version = version.to_string(), known = VERSION.to_string())
            }
            Self::UnknownVersion { path, version } => {
                say!("error-store-unknown-version", path = shown(path), version = version.to_string())
            }
            Self::Unsound { path, problems, further } => {
                say!("error-store-unsound", path = shown(path), problems = problems.join("; "), further = *further)
            }
            Self::Unwritable { what } => say!("error-store-unwritable", what = what.as_str()),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for StoreError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => Some(tr("error-store-check-path")),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => Some(tr("error-store-free-space")),
            _ => self.said().hint(),
        }
    }
}
