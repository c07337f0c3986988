//! Commands on the folders of the media bin. A folder's path names all folders above it, which exist as long as it does.

use super::{EditError, draft::Draft};
use crate::model::is_folder;
use std::sync::Arc;

fn check(path: &str) -> Result<(), EditError> {
    if is_folder(path) { Ok(()) } else { Err(EditError::NoFolder(path.to_owned())) }
}

/// Whether `path` is `folder` or lies in it.
fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Makes a folder and those above it.
pub(super) fn ensure(d: &mut Draft, path: &str) -> Result<(), EditError> {
    check(path)?;
    let folders = &mut d.project.folders;
    for (end, _) in path.match_indices('/').chain([(path.len(), "")]) {
        if let Err(at) = folders.binary_search_by(|f| f.as_str().cmp(&path[..end])) {
            folders.insert(at, path[..end].to_owned());
        }
    }
    Ok(())
}

pub(super) fn add(d: &mut Draft, path: &str) -> Result<(), EditError> {
    if d.project.folders.iter().any(|f| f == path) {
        return Err(EditError::FolderThere(path.to_owned()));
    }
    ensure(d, path)
}

/// Moves a folder with all that is in it; a folder of the new name takes it in.
pub(super) fn rename(d: &mut Draft, from: &str, to: &str) -> Result<(), EditError> {
    if !d.project.folders.iter().any(|f| f == from) || is_in(to, from) && to != from {
        return Err(EditError::NoFolder(from.to_owned()));
    }
    check(to)?;
    let moved = |path: &str| format!("{to}{}", &path[from.len()..]);
    let inside: Vec<String> = d.project.folders.iter().filter(|f| is_in(f, from)).cloned().collect();
    d.project.folders.retain(|f| !is_in(f, from));
    for f in &inside {
        ensure(d, &moved(f))?;
    }
    for m in d.project.media.values_mut().filter(|m| is_in(&m.folder, from)) {
        let folder = moved(&m.folder);
        Arc::make_mut(m).folder = folder;
    }
    Ok(())
}

/// Takes a folder away; what is in it moves to the folder above.
pub(super) fn remove(d: &mut Draft, path: &str) -> Result<(), EditError> {
    if !d.project.folders.iter().any(|f| f == path) {
        return Err(EditError::NoFolder(path.to_owned()));
    }
    let above = path.rsplit_once('/').map_or("", |p| p.0);
    let up = |inside: &str| {
        let rest = inside[path.len()..].trim_start_matches('/');
        [above, rest].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("/")
    };
    let inside: Vec<String> = d.project.folders.iter().filter(|f| is_in(f, path) && *f != path).cloned().collect();
    d.project.folders.retain(|f| !is_in(f, path));
    for f in &inside {
        ensure(d, &up(f))?;
    }
    for m in d.project.media.values_mut().filter(|m| is_in(&m.folder, path)) {
        let folder = up(&m.folder);
        Arc::make_mut(m).folder = folder;
    }
    Ok(())
}
