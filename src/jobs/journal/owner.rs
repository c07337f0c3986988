//! Which programs are alive: each holds a lock on a small file, which the operating system lets go of when the program ends,
//! however it ends.

use std::{
    collections::HashMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// This program's life. Dropping it is its end.
pub(super) struct Life {
    name: String,
    folder: PathBuf,
    /// Held for its lock.
    _file: File,
}

impl Life {
    /// Begin in `folder`; the name is new.
    pub fn begin(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        loop {
            let name = format!("{}-{:08x}", std::process::id(), fastrand::u32(..));
            let path = folder.join(&name);
            let file = match File::options().write(true).create_new(true).open(&path) {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                opened => opened?,
            };
            match file.try_lock() {
                Ok(()) => {}
                // no locks here (some network drives): the program counts as alive as long as its file is there
                Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(e)) => return Err(e),
                Err(TryLockError::WouldBlock) => continue,
            }
            return Ok(Self { name, folder: folder.to_owned(), _file: file });
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.folder.join(&self.name));
    }
}

/// Who is alive, asked once each.
pub(super) struct Lives<'a> {
    own: Option<&'a Life>,
    known: HashMap<String, bool>,
}

impl<'a> Lives<'a> {
    pub fn new(own: Option<&'a Life>) -> Self {
        Self { own, known: HashMap::new() }
    }

    pub fn is_alive(&mut self, name: &str) -> bool {
        let Some(own) = self.own else { return false };
        if own.name == name {
            return true;
        }
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let alive = holds_its_lock(&own.folder, name);
        self.known.insert(name.to_owned(), alive);
        alive
    }
}

fn holds_its_lock(folder: &Path, name: &str) -> bool {
    // a name comes from the database: it must not lead out of the folder
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return false;
    }
    let path = folder.join(name);
    let Ok(file) = File::options().write(true).open(&path) else { return false };
    match file.try_lock() {
        Ok(()) => {
            // it died without tidying up
            let _ = fs::remove_file(&path);
            false
        }
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_alive_while_it_holds_its_lock() {
        let dir = tempfile::tempdir().unwrap();
        let (me, other) = (Life::begin(dir.path()).unwrap(), Life::begin(dir.path()).unwrap());
        let name = other.name().to_owned();
        assert!(Lives::new(Some(&me)).is_alive(&name));
        assert!(Lives::new(Some(&me)).is_alive(me.name()));
        drop(other);
        assert!(!Lives::new(Some(&me)).is_alive(&name));
        assert!(!Lives::new(Some(&me)).is_alive("../../etc/passwd"));
    }

    #[test]
    fn a_lock_file_left_by_a_crash_hinders_nobody() {
        let dir = tempfile::tempdir().unwrap();
        let me = Life::begin(dir.path()).unwrap();
        fs::write(dir.path().join("1-dead"), "").unwrap();
        assert!(!Lives::new(Some(&me)).is_alive("1-dead"));
        assert!(!dir.path().join("1-dead").exists());
    }
}
