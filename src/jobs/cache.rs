//! The cache folder: what can be made again, kept while there is room. Files lie in one folder for each sort (`proxies`, `peaks`,
//! `upscaled`, `work`, …), directly or in folders; nothing else records them, so there is nothing that a crash could leave wrong:
//! the folder is the truth, a file's access is its modification time, and what is half-written has another name.
//!
//! All calls touch the disk: workers' threads and programs without a window. Any number of programs may use one folder at a time.

use crate::base::{
    Trouble,
    words::{say, size_text},
};
use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

/// Room for all sorts together unless the user says otherwise: 20 GiB.
pub const DEFAULT_BUDGET: u64 = 20 << 30;
/// The ends of the names of what is still being written: the encoder's first copy, and the one that it puts together from that.
const PARTS: [&str; 2] = [".part", ".part2"];
/// Parts older than this have no writer any more.
const OLD_PART: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
/// Locks that say who uses what.
const USES: &str = ".in-use";

/// A handle on the folder; cheap. Clones share the budget.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
    sorts: &'static [&'static str],
    budget: Arc<AtomicU64>,
}

/// What a sort of files takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Usage {
    pub files: u64,
    pub bytes: u64,
}

/// Something in the cache that must not go while this lives, however full it gets and whoever clears it. The operating system lets
/// go of it when the program ends, however it ends.
#[derive(Debug)]
pub struct InUse {
    lock: File,
    path: PathBuf,
}

impl Drop for InUse {
    fn drop(&mut self) {
        // where another still holds it too, the name stays theirs
        if self.lock.unlock().is_ok() && self.lock.try_lock().is_ok() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// One thing that stays or goes as a whole: a file, or a folder directly under its sort.
struct Entry {
    path: PathBuf,
    bytes: u64,
    files: u64,
    used: SystemTime,
}

impl Cache {
    /// `root` need not be there yet. What else lies in it than folders called as `sorts` is left alone.
    pub fn new(root: impl Into<PathBuf>, sorts: &'static [&'static str], budget: u64) -> Self {
        Self { root: root.into(), sorts, budget: Arc::new(budget.into()) }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Bytes that it may take.
    pub fn budget(&self) -> u64 {
        self.budget.load(Ordering::Relaxed)
    }

    /// Another budget, from the next look on: [`Cache::trim`] keeps to it at once.
    pub fn set_budget(&self, bytes: u64) {
        self.budget.store(bytes, Ordering::Relaxed);
    }

    /// The place of a file of this sort. Write beside it with [`Cache::part_of`] and rename.
    pub fn path(&self, sort: &str, name: &str) -> PathBuf {
        self.root.join(sort).join(name)
    }

    /// Where a file is written until it is whole: on the same disk, so that a rename is all that is left to do. Parts of programs
    /// that died are removed after a day.
    pub fn part_of(path: &Path) -> PathBuf {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(PARTS[0]);
        path.with_file_name(name)
    }

    /// The file, if it is there; it then counts as just used.
    pub fn find(&self, sort: &str, name: &str) -> Option<PathBuf> {
        let path = self.path(sort, name);
        touch(&path).then_some(path)
    }

    /// Count a file of any sort as just used; false where there is none.
    pub fn touch(&self, path: &Path) -> bool {
        path.starts_with(&self.root) && touch(path)
    }

    /// Hold something that is read for a while and count it as just used. None for what lies elsewhere, is not there, or cannot be
    /// held.
    pub fn keep(&self, path: &Path) -> Option<InUse> {
        let sort = path.strip_prefix(&self.root).ok()?.components().next()?;
        if !self.sorts.iter().any(|s| sort.as_os_str() == *s) {
            return None;
        }
        let held = self.hold(path).map_err(|e| tracing::warn!("{} cannot be held in the cache: {e}", path.display())).ok()?;
        touch(path).then_some(held)
    }

    /// Say that something is in use, or about to be written: it and its parts stay until the answer is dropped. Several may use one
    /// thing. Hold first, then look whether it is there: it may just have gone.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn hold(&self, path: &Path) -> io::Result<InUse> {
        let folder = self.root.join(USES);
        fs::create_dir_all(&folder)?;
        let name = self.lock_name(path);
        loop {
            let lock_path = folder.join(&name);
            let lock = File::options().create(true).truncate(false).write(true).read(true).open(&lock_path)?;
            match lock.try_lock_shared() {
                Ok(()) => {}
                // somebody is looking whether it is free
                Err(TryLockError::WouldBlock) => {
                    std::thread::yield_now();
                    continue;
                }
                Err(TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(e)) => return Err(e),
            }
            // removed between opening and locking: the lock would be on nothing
            if same_file(&lock, &lock_path) {
                return Ok(InUse { lock, path: lock_path });
            }
        }
    }

    fn lock_name(&self, path: &Path) -> String {
        // what stays or goes as a whole is what lies directly under its sort
        let below = path.strip_prefix(&self.root).unwrap_or(path);
        let mut whole: PathBuf = below.components().take(2).collect();
        // a part is in use as long as what it will be
        if let Some(name) = whole.file_name().and_then(|n| n.to_str()).and_then(|n| PARTS.iter().find_map(|p| n.strip_suffix(p))) {
            whole = whole.with_file_name(name);
        }
        format!("{:032x}", xxhash_rust::xxh3::xxh3_128(whole.as_os_str().as_encoded_bytes()))
    }

    /// The right to remove something: nobody holds it, and nobody can until this is dropped.
    fn claim(&self, path: &Path) -> Option<InUse> {
        let folder = self.root.join(USES);
        fs::create_dir_all(&folder).ok()?;
        let lock_path = folder.join(self.lock_name(path));
        let lock = File::options().create(true).truncate(false).write(true).read(true).open(&lock_path).ok()?;
        match lock.try_lock() {
            Ok(()) => same_file(&lock, &lock_path).then_some(InUse { lock, path: lock_path }),
            Err(TryLockError::WouldBlock) => None,
            // no locks in that place: nothing can be in use by them
            Err(TryLockError::Error(_)) => Some(InUse { lock, path: lock_path }),
        }
    }

    /// What each sort takes.
    pub fn usage(&self) -> BTreeMap<String, Usage> {
        let mut all: BTreeMap<String, Usage> = BTreeMap::new();
        for (sort, entry) in self.entries() {
            let u = all.entry(sort).or_default();
            u.files += entry.files;
            u.bytes += entry.bytes;
        }
        all
    }

    /// Remove what was used longest ago until the rest fits into the budget, and what dead writers left. Returns the bytes that
    /// came free. What is in use stays.
    pub fn trim(&self) -> u64 {
        self.trim_to(self.budget())
    }

    /// Make room for `bytes` more within the budget, and see that the disk has it.
    ///
    /// # Errors
    /// The disk has less room than that, also after everything that may go has gone; says how much is needed and how much is free.
    pub fn make_room(&self, bytes: u64) -> Result<(), Trouble> {
        self.trim_to(self.budget().saturating_sub(bytes));
        let free = |e| say!("job-no-work-folder", reason = io::Error::to_string(&e), path = self.root.display().to_string()).trouble();
        let mut room = free_bytes(&self.root).map_err(free)?;
        if room < bytes {
            // rather make things again later than fail now
            let here: u64 = self.entries().iter().map(|e| e.1.bytes).sum();
            if here >= bytes - room {
                self.trim_to(here - (bytes - room));
                room = free_bytes(&self.root).map_err(free)?;
            }
        }
        if room < bytes { Err(not_enough(bytes, room, &self.root)) } else { Ok(()) }
    }

    /// Remove everything that is not in use; of one sort, or all. Returns the bytes that came free.
    pub fn clear(&self, sort: Option<&str>) -> u64 {
        let entries = self.entries().into_iter().filter(|(s, _)| sort.is_none_or(|wanted| wanted == s));
        entries.map(|(_, e)| self.remove(&e)).sum()
    }

    fn trim_to(&self, budget: u64) -> u64 {
        let mut entries: Vec<Entry> = self.entries().into_iter().map(|e| e.1).collect();
        let now = SystemTime::now();
        let mut freed = 0;
        entries.retain(|e| {
            let dead = is_part(&e.path) && now.duration_since(e.used).is_ok_and(|age| age > OLD_PART);
            if dead {
                freed += self.remove(e);
            }
            !dead
        });
        let mut total: u64 = entries.iter().map(|e| e.bytes).sum();
        entries.sort_by(|a, b| a.used.cmp(&b.used).then_with(|| a.path.cmp(&b.path)));
        for entry in entries {
            if total <= budget {
                break;
            }
            // its writer is at work
            if is_part(&entry.path) {
                continue;
            }
            let gone = self.remove(&entry);
            total -= gone;
            freed += gone;
        }
        freed
    }

    fn remove(&self, entry: &Entry) -> u64 {
        let Some(_claim) = self.claim(&entry.path) else { return 0 };
        let removed = if entry.path.is_dir() { fs::remove_dir_all(&entry.path) } else { fs::remove_file(&entry.path) };
        match removed {
            Ok(()) => entry.bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => 0,
            Err(e) => {
                tracing::warn!("{} cannot be removed from the cache: {e}", entry.path.display());
                0
            }
        }
    }

    fn entries(&self) -> Vec<(String, Entry)> {
        let mut found = Vec::new();
        for sort in self.sorts {
            for entry in fs::read_dir(self.root.join(sort)).into_iter().flatten().flatten() {
                if let Some(e) = measure(&entry.path()) {
                    found.push(((*sort).to_owned(), e));
                }
            }
        }
        found
    }
}

/// A disk that has not room enough.
pub fn not_enough(needed: u64, free: u64, path: &Path) -> Trouble {
    say!("job-no-space", needed = size_text(needed), free = size_text(free), path = path.display().to_string()).trouble()
}

fn is_part(path: &Path) -> bool {
    path.file_name().is_some_and(|n| PARTS.iter().any(|p| n.as_encoded_bytes().ends_with(p.as_bytes())))
}

/// Count a file as just used; false where there is none.
fn touch(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let now = SystemTime::now();
    if file.set_modified(now).is_err() {
        // opened for reading only on some systems
        let _ = File::options().append(true).open(path).and_then(|f| f.set_modified(now));
    }
    true
}

/// Size and last use of a file, or of a folder with all that is in it. Links are not followed.
fn measure(path: &Path) -> Option<Entry> {
    let meta = fs::symlink_metadata(path).ok()?;
    let used = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    if !meta.is_dir() {
        return Some(Entry { path: path.to_owned(), bytes: meta.len(), files: 1, used });
    }
    let mut whole = Entry { path: path.to_owned(), bytes: 0, files: 0, used };
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if let Some(inner) = measure(&entry.path()) {
            whole.bytes += inner.bytes;
            whole.files += inner.files;
            whole.used = whole.used.max(inner.used);
        }
    }
    Some(whole)
}

/// Room on the disk of a path, for a user without special rights. The nearest folder that is there is asked.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let there = path.ancestors().find(|p| p.exists()).unwrap_or(Path::new("."));
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::CString::new(there.as_os_str().as_bytes()).map_err(io::Error::other)?;
        // SAFETY: all zeros is a statvfs; the call fills it, and reads a string that ends with a zero
        let (rc, s) = unsafe {
            let mut s: libc::statvfs = std::mem::zeroed();
            (libc::statvfs(name.as_ptr(), &mut s), s)
        };
        if rc == 0 {
            return Ok(s.f_bavail.saturating_mul(s.f_frsize));
        }
        Err(io::Error::last_os_error())
    }
    #[cfg(not(unix))]
    {
        let _ = there;
        Ok(u64::MAX)
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    matches!((file.metadata(), fs::metadata(path)), (Ok(a), Ok(b)) if (a.dev(), a.ino()) == (b.dev(), b.ino()))
}
#[cfg(not(unix))]
fn same_file(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const SORTS: &[&str] = &["proxies", "peaks", "work"];

    /// A file of `bytes` that was used `ago` seconds ago.
    fn put(cache: &Cache, sort: &str, name: &str, bytes: usize, ago: u64) -> PathBuf {
        let path = cache.path(sort, name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, vec![0; bytes]).unwrap();
        File::options().append(true).open(&path).unwrap().set_modified(SystemTime::now() - Duration::from_secs(ago)).unwrap();
        path
    }

    fn names(cache: &Cache) -> Vec<String> {
        let mut names: Vec<_> =
            cache.entries().into_iter().map(|(s, e)| format!("{s}/{}", e.path.file_name().unwrap().to_str().unwrap())).collect();
        names.sort();
        names
    }

    fn cache(budget: u64) -> (Cache, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        (Cache::new(dir.path(), SORTS, budget), dir)
    }

    #[test]
    fn what_was_used_longest_ago_goes_first_over_all_sorts() {
        let (cache, _dir) = cache(250);
        put(&cache, "proxies", "old", 100, 300);
        put(&cache, "peaks", "older", 100, 400);
        put(&cache, "proxies", "new", 100, 100);
        put(&cache, "proxies", "newest", 100, 1);
        put(&cache, "sample", "not ours", 1000, 9000);
        assert_eq!(cache.usage()["proxies"], Usage { files: 3, bytes: 300 });
        assert_eq!(cache.trim(), 200);
        assert_eq!(names(&cache), ["proxies/new", "proxies/newest"]);
        assert_eq!(cache.trim(), 0);
        assert!(cache.path("sample", "not ours").exists(), "what is no sort of ours stays");
    }

    #[test]
    fn finding_a_file_is_using_it() {
        let (cache, _dir) = cache(100);
        put(&cache, "proxies", "a", 100, 300);
        put(&cache, "proxies", "b", 100, 200);
        assert!(cache.find("proxies", "a").is_some() && cache.find("proxies", "c").is_none());
        cache.trim();
        assert_eq!(names(&cache), ["proxies/a"]);
        put(&cache, "proxies", "c", 100, 200);
        let kept = cache.keep(&cache.path("proxies", "c")).unwrap();
        assert!(cache.keep(&cache.path("sample", "a")).is_none() && cache.keep(&cache.path("proxies", "none")).is_none());
        cache.clone().set_budget(0);
        cache.trim();
        assert_eq!(names(&cache), ["proxies/c"]);
        drop(kept);
        cache.trim();
        assert!(names(&cache).is_empty());
    }

    #[test]
    fn what_is_in_use_stays_through_trimming_and_clearing_until_the_last_lets_go() {
        let (cache, _dir) = cache(0);
        let path = put(&cache, "proxies", "a", 100, 300);
        put(&cache, "work/job", "segment", 100, 300);
        let (one, two) = (cache.hold(&path).unwrap(), cache.hold(&path).unwrap());
        let work = cache.hold(&cache.path("work/job", "segment")).unwrap();
        cache.trim();
        cache.clear(None);
        assert_eq!(names(&cache), ["proxies/a", "work/job"]);
        drop((one, work));
        cache.clear(None);
        assert_eq!(names(&cache), ["proxies/a"], "another still uses it");
        drop(two);
        assert_eq!(cache.clear(Some("peaks")), 0);
        assert_eq!(cache.clear(Some("proxies")), 100);
        assert!(names(&cache).is_empty());
        assert_eq!(fs::read_dir(cache.root().join(USES)).unwrap().count(), 0, "no locks are left behind");
    }

    #[test]
    fn parts_stay_while_their_writer_may_live_and_go_after_a_day() {
        let (cache, _dir) = cache(10);
        put(&cache, "proxies", "young.part", 100, 60);
        put(&cache, "proxies", "young.part2", 100, 60);
        put(&cache, "proxies", "dead.part", 100, 2 * 24 * 3600);
        cache.trim();
        assert_eq!(names(&cache), ["proxies/young.part", "proxies/young.part2"]);
        let held = cache.hold(&cache.path("proxies", "young")).unwrap();
        assert_eq!(cache.clear(None), 0, "whoever holds what it will be holds the part");
        drop(held);
        assert_eq!(cache.clear(None), 200);
        assert_eq!(Cache::part_of(Path::new("/c/proxies/x.mov")), Path::new("/c/proxies/x.mov.part"));
    }

    #[test]
    fn a_disk_that_is_too_small_says_what_is_needed_and_what_is_free() {
        let (cache, _dir) = cache(1 << 50);
        put(&cache, "proxies", "a", 100, 1);
        let e = cache.make_room(1 << 49).unwrap_err();
        assert!(e.text.contains(&size_text(1 << 49)), "{}", e.text);
        assert!(e.text.contains("GiB") && e.hint.is_some());
        assert_eq!(names(&cache), ["proxies/a"], "nothing is thrown away for what cannot be");
        let small = Cache::new(cache.root(), SORTS, 150);
        put(&small, "proxies", "b", 100, 1);
        small.make_room(60).unwrap();
        assert!(names(&small).is_empty(), "room is made within the budget");
    }
}
