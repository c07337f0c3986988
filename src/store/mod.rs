//! Files of the program's own: projects, settings, and where they lie. The only room of the document that touches the disk.
//!
//! Blocking; runs on whatever thread asks (not the window's). Knows no edit and no media beyond their paths.

mod atomic;
mod dirs;
mod error;
mod journal;
mod lock;
mod migrate;
mod paths;
mod read;
mod settings;
mod stored;
#[cfg(test)]
mod tests;
mod versions;
mod when;
mod write;

pub use atomic::write_atomic;
use atomic::write_atomic_after;
pub use dirs::Dirs;
pub use error::StoreError;
pub use journal::{Entry, Journal, Origin, Orphan, Recording, Unreadable, fingerprint, journal_folder, orphans};
pub use lock::{Access, DocumentLock, acquire};
pub use read::from_text;
pub use settings::{ProxyCodec, ProxyPolicy, Setting, Settings, Theme};
pub use stored::VERSION;
pub use versions::{KEPT_VERSIONS, Version, versions, versions_folder};
pub use when::local_text;
pub use write::to_text;

use crate::model::Project;
use std::path::{Path, PathBuf};

/// Extension of project files, without the dot.
pub const EXTENSION: &str = "montage";

/// Opens a project. Media that are not there are no error: their clips show a slate until they are relinked.
///
/// # Errors
/// The file cannot be read, is not a project (with line and column), comes from a newer version, or breaks the
/// document's own rules.
pub fn load(path: &Path) -> Result<Project, StoreError> {
    let _span = tracing::info_span!("load project", path = %path.display()).entered();
    let path = &absolute(path)?;
    let bytes = std::fs::read(path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    // an earlier version speaks of its media as the project does
    from_text(&bytes, &versions::project_of(path).unwrap_or_else(|| path.clone()))
}

/// Saves a project so that at every moment the old file or the new one is there whole. What the file held before becomes a
/// [`Version`]; a file of an older format is kept beside it as well.
///
/// # Errors
/// The folder or the file cannot be written; what was there before still is.
pub fn save(path: &Path, project: &Project) -> Result<(), StoreError> {
    let _span = tracing::info_span!("save project", path = %path.display()).entered();
    let path = &absolute(path)?;
    let text = to_text(project, path)?;
    write_atomic_after(path, text.as_bytes(), || {
        // a folder that takes no version may still take the project, and that matters more
        if let Err(e) = keep_old(path, &text) {
            tracing::warn!("the earlier version could not be kept: {e}");
        }
    })
}

/// Before another text takes its place.
fn keep_old(path: &Path, text: &str) -> Result<(), StoreError> {
    let Ok((saved, old)) = std::fs::metadata(path).and_then(|m| Ok((m.modified()?, std::fs::read(path)?))) else { return Ok(()) };
    if old == text.as_bytes() {
        return Ok(());
    }
    versions::keep(path, saved)?;
    match read::version_of(&old) {
        Some(version) if version < VERSION => versions::keep_old_format(path, version),
        _ => Ok(()),
    }
}

fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    std::path::absolute(path).map_err(|source| StoreError::Read { path: path.to_owned(), source })
}
