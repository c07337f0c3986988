//! Who has a project open: an advisory lock on a small hidden file beside it, so that two windows do not overwrite each other.
//!
//! The operating system holds the lock and lets go of it when the process ends, however it ends; a lock file that a crash left
//! behind hinders nobody. Where there are no locks (some network drives) or the folder cannot be written, there is none.

use super::journal::is_at;
use crate::base::words::{tr, tr_args};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
};

/// How often to try again when the lock file is removed under our hands.
const TRIES: usize = 16;

/// May the document be changed here?
#[derive(Debug)]
pub enum Access {
    Ours(DocumentLock),
    /// There can be no lock in that place: everybody may.
    Unlocked,
    /// Another window has it; who, as far as that is known: `process 4711 on studio`.
    Taken(String),
}

/// The right to change a document's file. Dropping it gives the right back.
#[derive(Debug)]
pub struct DocumentLock {
    file: File,
    path: PathBuf,
    document: PathBuf,
}

impl DocumentLock {
    /// Whether this is the lock of `document`, under whatever name.
    pub fn is_of(&self, document: &Path) -> bool {
        real(document) == self.document
    }
}

impl Drop for DocumentLock {
    fn drop(&mut self) {
        // only while it is still ours by name: a folder may have been moved, and another file lie there
        if is_at(&self.file, &self.path) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The document's own place, links resolved; it need not be there yet.
fn real(document: &Path) -> PathBuf {
    if let Ok(path) = fs::canonicalize(document) {
        return path;
    }
    let full = std::path::absolute(document).unwrap_or_else(|_| document.to_owned());
    match (full.parent().and_then(|d| fs::canonicalize(d).ok()), full.file_name()) {
        (Some(dir), Some(name)) => dir.join(name),
        _ => full,
    }
}

/// `.film.montage.lock` beside `film.montage`.
fn lock_file(document: &Path) -> Option<PathBuf> {
    let mut name = std::ffi::OsString::from(".");
    name.push(document.file_name()?);
    name.push(".lock");
    Some(document.with_file_name(name))
}

/// Takes the lock of a document. Returns at once.
pub fn acquire(document: &Path) -> Access {
    let document = real(document);
    let Some(path) = lock_file(&document) else { return Access::Unlocked };
    for _ in 0..TRIES {
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        // another user's lock file can at least be read, which is enough to lock it
        let Ok(mut file) = open.or_else(|_| File::open(&path)) else { return Access::Unlocked };
        match file.try_lock() {
            Ok(()) if is_at(&file, &path) => {
                // only for people to read
                let _ = file.set_len(0).and_then(|()| file.write_all(format!("{} {}", std::process::id(), host()).as_bytes()));
                return Access::Ours(DocumentLock { file, path, document });
            }
            // its owner has just removed it
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut who = String::new();
                let _ = file.take(200).read_to_string(&mut who);
                return Access::Taken(holder(&who));
            }
            Err(TryLockError::Error(e)) => {
                tracing::info!("no lock beside {}: {e}", document.display());
                return Access::Unlocked;
            }
        }
    }
    Access::Unlocked
}

/// For people: what a lock file says.
fn holder(text: &str) -> String {
    match text.trim().split_once(' ') {
        Some((pid, host)) => tr_args("session-holder", &[("pid", pid.into()), ("host", host.into())]),
        None => tr("session-holder-unknown"),
    }
}

fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname").map_or_else(|_| "localhost".into(), |name| name.trim().to_owned())
}
