//! The unfinished file: made beside its target, taken away again unless it is finished.

use super::EncodeError;
use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// `NAME.part` beside `NAME`, locked against a second export to the same name. Removed on drop.
pub(super) struct PartFile {
    target: PathBuf,
    part: PathBuf,
    /// Second file of the same kind, into which the finished file is put together; made on demand.
    assembly: PathBuf,
    lock: Option<File>,
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// The unfinished files that stand beside `target` while it is written, for a program that must end on the spot.
pub fn unfinished_files(target: &Path) -> [PathBuf; 2] {
    [with_suffix(target, ".part"), with_suffix(target, ".part2")]
}

/// What the operating system says, in words, about a path.
pub(super) fn io_error(path: &Path, e: &io::Error) -> EncodeError {
    use io::ErrorKind as K;
    let path = path.to_owned();
    let reason = match e.kind() {
        K::StorageFull | K::QuotaExceeded => return EncodeError::DiskFull(path),
        K::NotFound => "the folder does not exist".into(),
        K::PermissionDenied => "no permission to write there".into(),
        K::ReadOnlyFilesystem => "the disk is read-only".into(),
        K::NotADirectory => "part of the path is a file, not a folder".into(),
        K::IsADirectory => "there is a folder of that name".into(),
        K::InvalidFilename => "the name is too long".into(),
        K::FileTooLarge => "the file would be larger than allowed".into(),
        _ => e.to_string(),
    };
    EncodeError::Unwritable { path, reason }
}

impl PartFile {
    /// Makes the unfinished file, so that a folder that cannot be written shows at once and with its true reason.
    pub fn create(target: &Path) -> Result<Self, EncodeError> {
        let bad = |e: &io::Error| io_error(target, e);
        if target.file_name().is_none() {
            return Err(EncodeError::Unwritable { path: target.to_owned(), reason: "this is not a file name".into() });
        }
        if target.is_dir() {
            return Err(bad(&io::ErrorKind::IsADirectory.into()));
        }
        let [part, assembly] = unfinished_files(target);
        let file = File::options().write(true).create(true).truncate(false).open(&part).map_err(|e| bad(&e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(EncodeError::Busy(target.to_owned())),
            // a file system without locks: the export goes on without this protection
            Err(TryLockError::Error(e)) => tracing::debug!(%e, "no lock on the unfinished file"),
        }
        file.set_len(0).map_err(|e| bad(&e))?;
        Ok(Self { target: target.to_owned(), assembly, part, lock: Some(file) })
    }

    pub fn part(&self) -> &Path {
        &self.part
    }

    pub fn assembly(&self) -> &Path {
        &self.assembly
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Puts the file (the assembled one where there is one) on the disk for good and gives it its name.
    pub fn publish(mut self, assembled: bool) -> Result<(), EncodeError> {
        let from = if assembled { &self.assembly } else { &self.part };
        let bad = |e: io::Error| io_error(&self.target, &e);
        File::open(from).and_then(|f| f.sync_all()).map_err(bad)?;
        fs::rename(from, &self.target).map_err(bad)?;
        if let Some(folder) = self.target.parent() {
            // the name itself: best effort, not every file system can
            let _ = File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).and_then(|f| f.sync_all());
        }
        self.lock = None;
        Ok(())
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        for p in [&self.part, &self.assembly] {
            match fs::remove_file(p) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => tracing::warn!(%e, path = %p.display(), "an unfinished file remains"),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_part_leaves_nothing_and_a_published_one_only_its_target() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("ä film.mp4");
        drop(PartFile::create(&target).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        let p = PartFile::create(&target).unwrap();
        fs::write(p.part(), b"x").unwrap();
        p.publish(false).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert_eq!(fs::read(&target).unwrap(), b"x");
    }

    #[test]
    fn two_exports_to_one_name_do_not_meet() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("film.mp4");
        let first = PartFile::create(&target).unwrap();
        assert!(matches!(PartFile::create(&target), Err(EncodeError::Busy(_))));
        assert!(first.part().exists());
    }

    #[test]
    fn a_folder_that_is_not_there_or_a_folder_in_the_way_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let e = PartFile::create(&dir.path().join("none/film.mp4")).err().unwrap();
        assert!(e.to_string().contains("the folder does not exist"), "{e}");
        let e = PartFile::create(dir.path()).err().unwrap();
        assert!(e.to_string().contains("folder of that name"), "{e}");
    }
}
