//! The file of an open journal: made, added to, removed.

use super::{EXTENSION, Entry, FORMAT, Head, Origin, PLACE, Recording, UNFINISHED, frame, line};
use crate::{
    model::Project,
    store::{StoreError, paths::StoredPath, to_text},
};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// An open journal, locked for this process.
pub struct Journal {
    file: File,
    path: PathBuf,
    /// Records in it.
    count: u64,
    /// Bytes of whole records.
    len: u64,
    /// Bytes up to the end of the base.
    base_len: u64,
}

impl Journal {
    /// A new journal in `folder`, flushed to the disk together with its first entries.
    ///
    /// # Errors
    /// The folder cannot be written, the disk is full; nothing is left behind.
    pub fn create(folder: &Path, origin: &Origin, base: &Project, entries: &[Entry]) -> Result<Self, StoreError> {
        Self::make(folder, None, origin, base, entries)
    }

    /// Begins anew in the same place with another base: at every moment the old journal or the new one is there whole.
    ///
    /// # Errors
    /// As for [`Self::create`]; the old journal stays.
    pub fn renew(&mut self, origin: &Origin, base: &Project, entries: &[Entry]) -> Result<(), StoreError> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        *self = Self::make(folder, Some(&self.path), origin, base, entries)?;
        Ok(())
    }

    fn make(folder: &Path, place: Option<&Path>, origin: &Origin, base: &Project, entries: &[Entry]) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|source| StoreError::Write { path: folder.to_owned(), source })?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut names = (0u32..).map(|n| folder.join(format!("{}-{}-{n}.{UNFINISHED}", since.as_millis(), std::process::id())));
        let (file, path) = loop {
            let Some(path) = names.next() else { return Err(StoreError::Unwritable { what: "no free name".into() }) };
            match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => break (file, path),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(StoreError::Write { path, source }),
            }
        };
        let mut journal = Self { file, path, count: 0, len: 0, base_len: 0 };
        match journal.begin(place, origin, base, entries) {
            Ok(()) => Ok(journal),
            Err(e) => {
                let _ = fs::remove_file(&journal.path);
                Err(e)
            }
        }
    }

    fn begin(&mut self, place: Option<&Path>, origin: &Origin, base: &Project, entries: &[Entry]) -> Result<(), StoreError> {
        // where the file system knows no locks, the process's number in the name serves
        if let Err(e) = self.file.try_lock() {
            tracing::debug!("{}: no lock: {e}", self.path.display());
        }
        let head =
            Head { format: FORMAT, name: origin.name.clone(), document: origin.document.clone().map(StoredPath), saved: origin.saved };
        let mut bytes = Vec::new();
        frame(0, b'H', line(&head)?.as_bytes(), &mut bytes);
        frame(1, b'B', to_text(base, Path::new(PLACE))?.as_bytes(), &mut bytes);
        let base_len = bytes.len() as u64;
        for (entry, index) in entries.iter().zip(2..) {
            entry.frame(index, &mut bytes)?;
        }
        self.write(&bytes)?;
        // others see it locked and whole, or not at all
        let finished = place.map_or_else(|| self.path.with_extension(EXTENSION), Path::to_path_buf);
        fs::rename(&self.path, &finished).map_err(|source| StoreError::Write { path: finished.clone(), source })?;
        self.path = finished;
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            File::open(folder).and_then(|d| d.sync_all()).map_err(|source| StoreError::Write { path: folder.to_owned(), source })?;
        }
        (self.count, self.base_len) = (2 + entries.len() as u64, base_len);
        Ok(())
    }

    /// Goes on with a journal that another process left: what follows its sound part is cut off.
    pub(super) fn resume(file: File, path: PathBuf, found: &Recording) -> Result<Self, StoreError> {
        file.set_len(found.len).map_err(|source| StoreError::Write { path: path.clone(), source })?;
        Ok(Self { file, path, count: 2 + found.entries.len() as u64, len: found.len, base_len: found.base_len })
    }

    /// Adds entries and waits until the disk has them.
    ///
    /// # Errors
    /// The disk is full or gone. The journal is as before and can be tried again.
    pub fn append(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        for (entry, index) in entries.iter().zip(self.count..) {
            entry.frame(index, &mut bytes)?;
        }
        self.write(&bytes)?;
        self.count += entries.len() as u64;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let mut write = || {
            self.file.seek(SeekFrom::Start(self.len))?;
            self.file.write_all(bytes)?;
            self.file.sync_data()
        };
        if let Err(source) = write() {
            // half a record at the end would hide all that come after it
            let _ = self.file.set_len(self.len);
            return Err(StoreError::Write { path: self.path.clone(), source });
        }
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Bytes after the base: what a new base would save.
    pub fn tail_bytes(&self) -> u64 {
        self.len - self.base_len
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The document is safe elsewhere: the journal goes.
    pub fn remove(self) {
        if let Err(e) = fs::remove_file(&self.path) {
            tracing::warn!("{}: {e}", self.path.display());
        }
    }
}
