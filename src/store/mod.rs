//! Files of the program's own: projects, settings, and where they lie. The only room of the document that touches the disk.
//!
//! Blocking; runs on whatever thread asks (not the window's). Knows no edit and no media beyond their paths.

mod atomic;
mod dirs;
mod error;
mod paths;
mod read;
mod settings;
mod stored;
#[cfg(test)]
mod tests;
mod write;

pub use atomic::write_atomic;
pub use dirs::Dirs;
pub use error::StoreError;
pub use read::from_text;
pub use settings::{Setting, Settings, Theme};
pub use stored::VERSION;
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
    from_text(&bytes, path)
}

/// Saves a project so that at every moment the old file or the new one is there whole.
///
/// # Errors
/// The folder or the file cannot be written; what was there before still is.
pub fn save(path: &Path, project: &Project) -> Result<(), StoreError> {
    let _span = tracing::info_span!("save project", path = %path.display()).entered();
    let path = &absolute(path)?;
    write_atomic(path, to_text(project, path)?.as_bytes())
}

fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    std::path::absolute(path).map_err(|source| StoreError::Read { path: path.to_owned(), source })
}
