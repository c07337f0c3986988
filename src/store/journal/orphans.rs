//! Journals that dead processes left behind: found, claimed, gone on with or put aside.

use super::{EXTENSION, Entry, Journal, Recording, UNFINISHED, Unreadable};
use crate::store::{Dirs, StoreError};
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// An unfinished journal of a dead process goes after this, in seconds.
const UNFINISHED_SECS: u64 = 24 * 3600;

/// A journal whose process is gone.
pub struct Orphan {
    file: File,
    path: PathBuf,
    /// When the last entry was written.
    pub written: SystemTime,
    pub recording: Result<Recording, Unreadable>,
}

impl Orphan {
    /// Goes on with it: what is torn or damaged at its end is cut off. `draft_done`: the step that was being made at the end has
    /// become one; else it is given up.
    ///
    /// # Errors
    /// The file cannot be written, or it has no sound base.
    pub fn resume(self, draft_done: bool) -> Result<Journal, StoreError> {
        let Self { file, path, recording, .. } = self;
        let Ok(found) = recording else { return Err(StoreError::Unwritable { what: format!("{} has no base", path.display()) }) };
        let mut journal = Journal::resume(file, path, &found)?;
        let last = found.entries.iter().rev().find(|e| !matches!(e, Entry::Check(_) | Entry::Resumed));
        let made = match last {
            Some(Entry::Draft(text)) if draft_done => Some(Entry::Done(text.clone())),
            Some(Entry::Draft(_)) => Some(Entry::Dropped),
            _ => None,
        };
        let entries: Vec<Entry> = made.into_iter().chain([Entry::Resumed]).collect();
        journal.append(&entries)?;
        Ok(journal)
    }

    /// Moves it out of the way, for whoever wants to look at it; says where it is then.
    pub fn set_aside(self) -> PathBuf {
        let moved = self.path.parent().map(|d| d.join("aside")).and_then(|aside| {
            fs::create_dir_all(&aside).ok()?;
            let to = aside.join(self.path.file_name()?);
            fs::rename(&self.path, &to).ok().map(|()| to)
        });
        moved.unwrap_or(self.path)
    }

    pub fn remove(self) {
        if let Err(e) = fs::remove_file(&self.path) {
            tracing::warn!("{}: {e}", self.path.display());
        }
    }
}

/// Folder of this user's journals.
pub fn journal_folder(dirs: &Dirs) -> PathBuf {
    dirs.data.join("recovery")
}

/// The journals that dead processes left, newest first. They stay locked for this process as long as the values live. Those
/// that had no time to record anything are removed.
pub fn orphans(dirs: &Dirs) -> Vec<Orphan> {
    let Ok(folder) = fs::read_dir(journal_folder(dirs)) else { return Vec::new() };
    let mut found = Vec::new();
    for path in folder.filter_map(|e| Some(e.ok()?.path())) {
        let taken = match path.extension().and_then(|e| e.to_str()) {
            Some(EXTENSION) => take(path.clone()),
            Some(UNFINISHED) => sweep(&path).map(|()| None),
            _ => Ok(None),
        };
        match taken {
            Ok(orphan) => found.extend(orphan),
            Err(e) => tracing::warn!("{e}: {}", path.display()),
        }
    }
    found.sort_by_key(|o| std::cmp::Reverse(o.written));
    found
}

fn take(path: PathBuf) -> io::Result<Option<Orphan>> {
    let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(_)) if is_alive(&path) => return Ok(None),
        Err(TryLockError::Error(_)) => {}
    }
    // its owner may have closed it in the meantime
    if !is_at(&file, &path) {
        return Ok(None);
    }
    let written = file.metadata()?.modified()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let recording = Recording::of(&bytes);
    if recording == Err(Unreadable::Unfinished) {
        fs::remove_file(&path)?;
        return Ok(None);
    }
    Ok(Some(Orphan { file, path, written, recording }))
}

fn sweep(path: &Path) -> io::Result<()> {
    let age = fs::metadata(path)?.modified()?.elapsed().unwrap_or_default();
    if age.as_secs() > UNFINISHED_SECS { fs::remove_file(path) } else { Ok(()) }
}

/// Whether `path` still names the open `file`.
pub(in crate::store) fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |m: io::Result<fs::Metadata>| m.ok().map(|m| (m.dev(), m.ino()));
        id(file.metadata()).is_some_and(|i| Some(i) == id(fs::metadata(path)))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

/// Whether the process that the journal is named after still runs.
fn is_alive(path: &Path) -> bool {
    let pid = path.file_stem().and_then(|s| s.to_str()).and_then(|s| s.split('-').nth(1)?.parse::<u32>().ok());
    pid.is_some_and(|pid| pid != std::process::id() && Path::new("/proc").join(pid.to_string()).exists())
}
