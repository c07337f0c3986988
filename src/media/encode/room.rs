//! Room on the disk for a film that is made in parts: a disk that ran full is told of the film that was asked for, with what the rest of
//! it takes and what is free, not of some part in a work folder.

use super::{Container, EncodeError, encoder::free_in, unfinished_files};
use std::path::{Path, PathBuf};

/// The film that the parts will be.
#[derive(Clone, Debug)]
pub(super) struct Film {
    pub output: PathBuf,
    pub frames: u64,
    pub container: Container,
}

impl Film {
    /// Bytes that joining `whole` bytes of parts takes for a moment: MP4 and MOV files are put together from a first copy.
    fn joined(&self, whole: u64) -> u64 {
        whole * if matches!(self.container, Container::Mp4 | Container::Mov) { 2 } else { 1 }
    }

    fn folder(&self) -> &Path {
        self.output.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// An error while parts are made in `parts`: `frames` pictures took `done` bytes in finished parts and `open` in one that goes with
    /// this error.
    pub fn while_coding(&self, e: EncodeError, parts: &Path, frames: u64, done: u64, open: u64) -> EncodeError {
        if !matches!(e, EncodeError::DiskFull(_)) {
            return e;
        }
        let bytes = done + open;
        let whole = (bytes as f64 * self.frames.max(frames) as f64 / frames.max(1) as f64) as u64;
        let joined = if same_disk(parts, self.folder()) { self.joined(whole) } else { 0 };
        self.no_room(parts, whole.saturating_sub(done) + joined, open)
    }

    /// An error while parts of `whole` bytes are joined.
    pub fn while_joining(&self, e: EncodeError, whole: u64) -> EncodeError {
        if !matches!(e, EncodeError::DiskFull(_)) {
            return e;
        }
        let begun = unfinished_files(&self.output).iter().filter_map(|p| p.metadata().ok()).map(|m| m.len()).sum();
        self.no_room(self.folder(), self.joined(whole), begun)
    }

    /// Before anything is written: there must be room for `needed`.
    pub fn check(&self, parts: &Path, needed: u64) -> Result<(), EncodeError> {
        match free_in(parts) {
            Ok(free) if free < needed => {
                Err(EncodeError::NoRoom { needed, free, output: self.output.clone(), folder: parts.to_owned(), begun: false })
            }
            // a system that does not say: the write itself reports a full disk
            _ => Ok(()),
        }
    }

    /// `coming`: what is removed because of this error.
    fn no_room(&self, folder: &Path, needed: u64, coming: u64) -> EncodeError {
        let free = free_in(folder).unwrap_or(0) + coming;
        EncodeError::NoRoom { needed, free, output: self.output.clone(), folder: folder.to_owned(), begun: true }
    }
}

#[cfg(unix)]
fn same_disk(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    matches!((a.metadata(), b.metadata()), (Ok(a), Ok(b)) if a.dev() == b.dev())
}
#[cfg(not(unix))]
fn same_disk(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_reckoned_from_what_there_is() {
        let dir = tempfile::tempdir().unwrap();
        let film = Film { output: dir.path().join("film.mov"), frames: 100, container: Container::Mov };
        let full = || EncodeError::DiskFull(dir.path().join("00001.packets"));
        let needed = |e| match e {
            EncodeError::NoRoom { needed, output, begun: true, .. } if output == film.output => needed,
            other => panic!("{other:?}"),
        };
        // 20 pictures took 200 bytes: 1000 in all, of which 150 are safe; then twice as much for the film
        assert_eq!(needed(film.while_coding(full(), dir.path(), 20, 150, 50)), 850 + 2000);
        assert_eq!(needed(film.while_joining(full(), 1000)), 2000);
        assert!(matches!(film.while_joining(EncodeError::Stalled(1), 5), EncodeError::Stalled(1)));
        let e = film.check(dir.path(), u64::MAX).unwrap_err();
        assert!(e.to_string().contains("film.mov"), "{e}");
    }
}
