//! Work folders: where jobs keep what is finished of something that is not. A job finds its folder again by its key, after a crash too,
//! so a folder must be either whole or none at all: it is put away by a rename, and only what has no job's name any more is taken apart.

use super::{Jobs, table::Job};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Ends the names of what is being removed. Neither keys nor numbers have a dot.
const AWAY: &str = "away";

/// The folder of a job: by its key, so that the same work finds what an earlier try has finished.
pub(super) fn folder(work: &Path, job: &Job) -> PathBuf {
    match &job.key {
        Some(key) => work.join(key.as_str()),
        None => work.join(format!("job-{}", job.id)),
    }
}

/// Removes a work folder. A program that dies on the way leaves it whole, or under a name that [`sweep`] knows.
pub(super) fn put_away(folder: &Path) {
    if is_away(folder) {
        return remove(folder);
    }
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    // one that another program left half removed may have the same name before its dot
    name.push(format!("-{:016x}.{AWAY}", fastrand::u64(..)));
    let away = folder.with_file_name(name);
    match fs::rename(folder, &away) {
        Ok(()) => remove(&away),
        Err(e) => warn(folder, &e),
    }
}

/// Removes what programs that died left half removed.
pub(super) fn sweep(work: &Path) {
    in_there(work).iter().filter(|path| is_away(path)).for_each(|path| remove(path));
}

/// Everything in the folder of the work folders.
pub(super) fn in_there(work: &Path) -> Vec<PathBuf> {
    fs::read_dir(work).into_iter().flatten().flatten().map(|e| e.path()).collect()
}

fn is_away(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == AWAY)
}

fn remove(path: &Path) {
    if let Err(e) = fs::remove_dir_all(path) {
        warn(path, &e);
    }
}

fn warn(path: &Path, e: &io::Error) {
    // few jobs make a folder, and two programs may sweep at once
    if e.kind() != io::ErrorKind::NotFound {
        tracing::warn!("{} cannot be removed: {e}", path.display());
    }
}

impl Jobs {
    /// Remove what jobs have left that will not go on. Blocks until it is done.
    pub fn clear_work(&self) {
        // listed first: the folder of a job that comes meanwhile is not among them, and a job is in the journal before it has one
        let left = in_there(&self.work);
        if self.look().wait().is_err() {
            return;
        }
        let table = self.snapshot();
        let needed: BTreeSet<_> = table.jobs().iter().filter(|j| !j.state.is_over()).map(|j| folder(&self.work, j)).collect();
        left.iter().filter(|f| !needed.contains(*f)).for_each(|f| put_away(f));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("part"), "x").unwrap();
    }

    #[test]
    fn a_folder_goes_as_a_whole_and_one_that_is_not_there_is_no_trouble() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("0123abcd"), dir.path().join("89ef"));
        full(&one);
        full(&other);
        put_away(&one);
        put_away(&one);
        assert_eq!(in_there(dir.path()), [other]);
    }

    #[test]
    fn what_was_left_half_removed_is_swept_and_work_folders_stay() {
        let dir = tempfile::tempdir().unwrap();
        let (whole, half) = (dir.path().join("89ef"), dir.path().join("89ef-0000000000000001.away"));
        full(&whole);
        full(&half);
        sweep(dir.path());
        assert_eq!(in_there(dir.path()), [whole]);
        full(&half);
        put_away(&half);
        assert!(!half.exists());
        sweep(&dir.path().join("nowhere"));
    }
}
