//! Why a file of ours could not be read or written, in words for a user.

use super::stored::VERSION;
use crate::base::UserError;
use std::{io, path::PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open: {}: {}", reason(source), path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot save: {}: {}", reason(source), path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("not a text file (line {line}, column {column}): {}", path.display())]
    NotText { path: PathBuf, line: usize, column: usize },
    #[error("line {line}, column {column}: {what}: {}", path.display())]
    Malformed { path: PathBuf, line: usize, column: usize, what: String },
    #[error("made by a newer version of Montage AI (file version {version}, this program reads up to {VERSION}): {}", path.display())]
    Newer { path: PathBuf, version: u32 },
    #[error("file version {version} never existed: {}", path.display())]
    UnknownVersion { path: PathBuf, version: u32 },
    #[error("the project is damaged: {}{}: {}", problems.join("; "), more(*further), path.display())]
    Unsound { path: PathBuf, problems: Vec<String>, further: usize },
    #[error("cannot write the document as text: {what}")]
    Unwritable { what: String },
}

/// The operating system's words without its error number.
fn reason(e: &io::Error) -> String {
    match e.kind() {
        io::ErrorKind::NotFound => "no such file or folder".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::StorageFull => "the disk is full".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => e.to_string(),
    }
}

fn more(further: usize) -> String {
    if further == 0 { String::new() } else { format!("; and {further} more") }
}

impl UserError for StoreError {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => "check the path",
            Self::Read { .. } => "check the file's permissions",
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => "free some space, or save to another disk",
            Self::Write { .. } => "save to another folder",
            Self::NotText { .. } | Self::Malformed { .. } => {
                "a project is a text file in RON; repair that place, or go back to an earlier copy"
            }
            Self::Newer { .. } => "update Montage AI",
            Self::UnknownVersion { .. } | Self::Unsound { .. } => "go back to an earlier copy, or repair it in a text editor",
            Self::Unwritable { .. } => return None,
        };
        Some(text.into())
    }
}
