//! From the text of a project file to a sound document, or to an error that says where the text is wrong.

use super::{
    StoreError, VERSION,
    migrate::to_current,
    paths::normalize,
    stored::{Header, StoredFile, StoredMedia, StoredProject, StoredVariant},
};
use crate::model::{Media, MediaFile, Project, Sequence, Track, Variant};
use ron::{Options, extensions::Extensions};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Problems of a damaged project that an error names; the rest is counted.
const NAMED_PROBLEMS: usize = 3;

/// Reads the bytes of a project file that lies (or is to lie) at `path`. Media paths are resolved against its folder.
///
/// # Errors
/// As for [`super::load`]. No bytes make it panic.
pub fn from_text(bytes: &[u8], path: &Path) -> Result<Project, StoreError> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let (line, column) = position(&bytes[..e.valid_up_to()]);
        StoreError::NotText { path: path.to_owned(), line, column }
    })?;
    // `link: 3` reads like `link: Some(3)`, for those who write by hand.
    let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let stored: StoredProject = options.from_str(text).map_err(|e| match options.from_str::<Header>(text) {
        Ok(h) if h.version > VERSION => StoreError::Newer { path: path.to_owned(), version: h.version },
        _ => {
            let (at, what) = (e.span.start, e.code.to_string());
            StoreError::Malformed { path: path.to_owned(), line: at.line, column: at.col, what }
        }
    })?;
    let version = stored.version;
    if version > VERSION {
        return Err(StoreError::Newer { path: path.to_owned(), version });
    }
    let Some(stored) = to_current(stored) else { return Err(StoreError::UnknownVersion { path: path.to_owned(), version }) };
    let dir = path.parent().unwrap_or(Path::new(""));
    let mut problems = Vec::new();
    let mut media = BTreeMap::new();
    for m in stored.media {
        let StoredMedia { id, name, file, info, folder, color_override, proxy, upscaled, transcript } = m;
        let file = MediaFile { path: resolve(dir, &file), size: file.size, modified: file.modified, hash: file.hash };
        let [proxy, upscaled] = [proxy, upscaled].map(|v| v.map(|v| Box::new(variant(dir, v))));
        let loaded = Media { name, file, info, folder, color_override, proxy, upscaled, transcript };
        if media.insert(id, Arc::new(loaded)).is_some() {
            problems.push(format!("{id} is there twice"));
        }
    }
    let mut others = BTreeMap::new();
    for s in stored.others {
        let id = s.id;
        if others.insert(id, in_order(s)).is_some() {
            problems.push(format!("{id} is there twice"));
        }
    }
    let mut folders = stored.folders;
    folders.sort_unstable();
    folders.dedup();
    let project = Project { name: stored.name, media, folders, sequence: in_order(stored.sequence), others };
    problems.extend(project.validate().into_iter().map(|p| p.0));
    if problems.is_empty() {
        return Ok(project);
    }
    let further = problems.len().saturating_sub(NAMED_PROBLEMS);
    problems.truncate(NAMED_PROBLEMS);
    Err(StoreError::Unsound { path: path.to_owned(), problems, further })
}

/// Version of the file format that `bytes` are written in; None where they are no project.
pub(super) fn version_of(bytes: &[u8]) -> Option<u32> {
    ron::from_str::<Header>(std::str::from_utf8(bytes).ok()?).ok().map(|h| h.version)
}

/// Line and column, both from 1, of the end of `before`.
fn position(before: &[u8]) -> (usize, usize) {
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

fn variant(dir: &Path, v: StoredVariant) -> Variant {
    Variant { path: resolve(dir, &v.file), of: v.of, recipe: v.recipe, info: v.info }
}

/// Where a media file is: beside the project if it is there, else at its absolute path if it is there, else beside the
/// project (offline).
fn resolve(dir: &Path, file: &StoredFile) -> PathBuf {
    let beside = normalize(&dir.join(&file.path.0));
    match &file.absolute {
        Some(a) if !beside.exists() && a.0.exists() => a.0.clone(),
        _ => beside,
    }
}

/// The same sequence in canonical order. A merge of two people's clips is a sound document even where it put the lines
/// the wrong way round.
fn in_order(mut sequence: Arc<Sequence>) -> Arc<Sequence> {
    let is_sorted = |t: &Track| t.clips.is_sorted_by_key(|c| (c.start, c.id)) && t.transitions.is_sorted_by_key(|x| (x.left, x.id));
    let s = Arc::make_mut(&mut sequence);
    for t in s.tracks.iter_mut().filter(|t| !is_sorted(t)) {
        let t = Arc::make_mut(t);
        t.clips.sort_by_key(|c| (c.start, c.id));
        t.transitions.sort_by_key(|x| (x.left, x.id));
    }
    s.markers.sort_by_key(|m| (m.frame, m.id));
    sequence
}
