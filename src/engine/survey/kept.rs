//! What surveys found, kept as JSON in the cache and named by what was looked at and how. What cannot be read is made again.

use crate::base::ContentHash;
use serde::{Serialize, de::DeserializeOwned};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// Place of a result. `sort` carries the version of the algorithm, `how` everything else that changes the result.
pub(super) fn place(cache: &Path, sort: &str, content: ContentHash, how: &str) -> PathBuf {
    cache.join(format!("{sort}-{:032x}-{:016x}.json", content.0, xxh3_64(how.as_bytes())))
}

/// The result, if it is there and whole.
pub(super) fn find<T: DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = std::fs::read(path).ok()?;
    let found = serde_json::from_slice(&bytes).ok()?;
    used(path);
    Some(found)
}

/// The cache tells by a file's time what was used last.
pub(super) fn used(path: &Path) {
    let _ = std::fs::File::options().append(true).open(path).and_then(|f| f.set_modified(std::time::SystemTime::now()));
}

/// Keep a result. That it cannot be kept costs time later, nothing else.
pub(super) fn keep<T: Serialize>(path: &Path, value: &T) {
    if let Err(error) = try_keep(path, value) {
        tracing::warn!(%error, "an analysis could not be kept: {}", path.display());
    }
}

/// The same, for a result that is of use only where it lies.
///
/// # Errors
/// It cannot be written.
pub(super) fn try_keep<T: Serialize>(path: &Path, value: &T) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, value)?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_and_damage_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = place(&folder.path().join("analysis"), "music-1", ContentHash(7), "half");
        assert_ne!(path, place(&folder.path().join("analysis"), "music-1", ContentHash(7), "double"));
        assert_eq!(find::<Vec<f64>>(&path), None);
        keep(&path, &vec![1.0, 0.1]);
        assert_eq!(find::<Vec<f64>>(&path), Some(vec![1.0, 0.1]));
        std::fs::write(&path, b"[1.0, 0.").unwrap();
        assert_eq!(find::<Vec<f64>>(&path), None);
    }
}
