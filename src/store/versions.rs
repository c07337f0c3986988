//! Earlier states of a project file. Every save keeps what it replaces in a hidden folder beside the project
//! (`.film.montage.versions/20261125T225049Z.montage`, named by when it was saved, in UTC), where it moves along with the
//! project and can be copied by hand; the last ten stay. Their media paths are as seen from the project's own folder.

use super::{EXTENSION, StoreError, when::utc_name};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// Earlier states that are kept of each project.
pub const KEPT_VERSIONS: usize = 10;
const SUFFIX: &str = ".versions";

/// An earlier state of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub file: PathBuf,
    /// When this state was saved.
    pub saved: SystemTime,
    pub bytes: u64,
}

/// Folder of the versions of the project at `document`.
pub fn versions_folder(document: &Path) -> Option<PathBuf> {
    let document = fs::canonicalize(document).unwrap_or_else(|_| document.to_owned());
    let mut name = OsString::from(".");
    name.push(document.file_name()?);
    name.push(SUFFIX);
    Some(document.with_file_name(name))
}

/// The project that `file` is a version of, if it lies where versions lie.
pub(super) fn project_of(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?;
    let name = folder.file_name()?.to_str()?.strip_prefix('.')?.strip_suffix(SUFFIX)?;
    Some(folder.with_file_name(name))
}

/// The versions of a project, newest first; none where there is no folder.
pub fn versions(document: &Path) -> Vec<Version> {
    let Some(entries) = versions_folder(document).and_then(|f| fs::read_dir(f).ok()) else { return Vec::new() };
    let version = |e: std::io::Result<fs::DirEntry>| {
        let file = e.ok()?.path();
        let meta = fs::metadata(&file).ok().filter(|m| m.is_file() && file.extension().is_some_and(|e| e == EXTENSION))?;
        Some(Version { file, saved: meta.modified().ok()?, bytes: meta.len() })
    };
    let mut found: Vec<Version> = entries.filter_map(version).collect();
    found.sort_by(|a, b| (b.saved, &b.file).cmp(&(a.saved, &a.file)));
    found
}

/// Keeps the file at `document` as a version, before another takes its place. It is linked, not copied, where the file system
/// can: that takes no room and no time.
pub(super) fn keep(document: &Path, saved: SystemTime) -> Result<(), StoreError> {
    let document = fs::canonicalize(document).unwrap_or_else(|_| document.to_owned());
    let Some(folder) = versions_folder(&document) else { return Ok(()) };
    let failed = |source| StoreError::Write { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(failed)?;
    let name = utc_name(saved);
    // two saves within one second; `_` sorts after the dot
    let mut names = (1u32..).map(|n| if n == 1 { format!("{name}.{EXTENSION}") } else { format!("{name}_{n:03}.{EXTENSION}") });
    let Some(to) = names.by_ref().map(|n| folder.join(n)).find(|p| !p.exists()) else { return Ok(()) };
    if fs::hard_link(&document, &to).is_err() {
        fs::copy(&document, &to).map_err(failed)?;
        let file = fs::File::options().write(true).open(&to).map_err(failed)?;
        file.set_modified(saved).and_then(|()| file.sync_all()).map_err(failed)?;
    }
    for old in versions(&document).into_iter().skip(KEPT_VERSIONS) {
        if let Err(e) = fs::remove_file(&old.file) {
            tracing::warn!("an old version stays: {e}: {}", old.file.display());
        }
    }
    Ok(())
}

/// Keeps a file of an older format beside itself (`film.montage.v1`), once: no later save replaces it.
pub(super) fn keep_old_format(document: &Path, version: u32) -> Result<(), StoreError> {
    let document = fs::canonicalize(document).unwrap_or_else(|_| document.to_owned());
    let mut name = document.file_name().unwrap_or_default().to_owned();
    name.push(format!(".v{version}"));
    let to = document.with_file_name(name);
    if to.exists() || fs::hard_link(&document, &to).is_ok() {
        return Ok(());
    }
    fs::copy(&document, &to).map(drop).map_err(|source| StoreError::Write { path: to, source })
}
