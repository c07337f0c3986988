//! The cache of this user: results of jobs that can be made again, within the room that the settings give. One folder for all
//! programs; see `jobs::cache` for its rules.

use super::{Cache, Desk, Jobs, Usage};
use crate::{
    jobs::cache::DEFAULT_BUDGET,
    store::{Dirs, Settings},
};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Sorts of files that the budget governs. Sample films and benchmark footage lie beside them and are nobody's to remove.
const SORTS: &[&str] = &["proxies", "upscaled", "stabilized", "analysis", "peaks", "thumbnails"];
/// How usage names what unfinished jobs keep.
const WORK: &str = "work";

/// The cache in the user's folder with the budget of the settings, or in `scratch` where nothing is kept.
pub(super) fn open(dirs: Option<&Dirs>, scratch: &Path) -> Cache {
    match dirs {
        Some(dirs) => {
            let gib = Settings::load(dirs).unwrap_or_default().disk_cache_gib;
            Cache::new(&dirs.cache, SORTS, u64::from(gib) << 30)
        }
        None => Cache::new(scratch, SORTS, DEFAULT_BUDGET),
    }
}

/// A budget that was made smaller, or files that a crash kept from being counted: at each start, without anybody waiting.
pub(super) fn trim_in_background(cache: &Cache) {
    let cache = cache.clone();
    let trim = move || {
        let freed = cache.trim();
        if freed > 0 {
            tracing::info!("the cache gave {freed} bytes free");
        }
    };
    if let Err(e) = std::thread::Builder::new().name("cache".into()).spawn(trim) {
        tracing::warn!("the cache was not looked through: {e}");
    }
}

/// What lies on the disk for jobs, and the way to be rid of it: a handle for a thread of one's own, as each call touches the disk.
#[derive(Clone)]
pub struct Storage {
    cache: Cache,
    work: PathBuf,
    jobs: Jobs,
}

impl Storage {
    /// The folder.
    pub fn root(&self) -> &Path {
        self.cache.root()
    }

    /// Bytes that it may take.
    pub fn budget(&self) -> u64 {
        self.cache.budget()
    }

    /// What lies in it, by sort, and as `work` what unfinished jobs keep.
    pub fn usage(&self) -> BTreeMap<String, Usage> {
        let mut usage = self.cache.usage();
        let work = Cache::new(self.work.parent().unwrap_or(&self.work), &[WORK], u64::MAX).usage();
        usage.extend(work);
        usage
    }

    /// Remove everything that can be made again and is not in use, and what jobs have left that will not go on. Returns the
    /// bytes that came free. Blocks until it is done.
    pub fn clear(&self) -> u64 {
        let bytes = || self.usage().values().map(|u| u.bytes).sum::<u64>();
        let before = bytes();
        self.cache.clear(None);
        self.jobs.clear_work();
        before.saturating_sub(bytes())
    }
}

impl Desk {
    /// Where jobs put what can be made again. Its calls touch the disk.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// What jobs take on the disk.
    pub fn storage(&self) -> Storage {
        Storage { cache: self.cache.clone(), work: self.work.clone(), jobs: self.jobs.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Trouble;
    use std::{fs, sync::Arc};

    #[test]
    fn clearing_takes_what_can_be_made_again_and_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let dirs = Dirs::at(home.path());
        let none = || Err(Trouble::new("nothing is drawn here", ""));
        let tools = crate::session::jobs::Tools { renderer: Arc::new(none), device: Arc::new(|| None) };
        let (desk, wrong) = Desk::open(Some(&dirs), tools).unwrap();
        assert_eq!(wrong, None);
        assert_eq!(desk.cache().budget(), DEFAULT_BUDGET);
        for (folder, name) in [("proxies", "a.mov"), ("work/left", "0"), ("sample", "film.mp4")] {
            fs::create_dir_all(dirs.cache.join(folder)).unwrap();
            fs::write(dirs.cache.join(folder).join(name), [0; 100]).unwrap();
        }
        let storage = desk.storage();
        let usage = storage.usage();
        assert_eq!(usage.iter().map(|(s, u)| (s.as_str(), u.bytes)).collect::<Vec<_>>(), [("proxies", 100), ("work", 100)]);
        assert_eq!(storage.clear(), 200);
        assert!(dirs.cache.join("sample/film.mp4").exists());
        assert!(storage.usage().is_empty());
        desk.close(std::time::Duration::from_secs(60));
    }
}
