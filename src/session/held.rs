//! Keeps the files of the cache that the open project uses, for as long as it is open: neither a full cache nor whoever clears it takes
//! them away. The disk is touched on a thread of its own, which starts with the first such file.

use super::jobs::{Cache, InUse};
use crate::model::{Media, Project};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
    thread::JoinHandle,
};

pub(super) struct Held {
    cache: Cache,
    thread: Option<(Sender<BTreeSet<PathBuf>>, JoinHandle<()>)>,
    /// What the thread was told last, and the media that this was made from.
    told: BTreeSet<PathBuf>,
    seen: Vec<Arc<Media>>,
}

impl Held {
    pub fn new(cache: Cache) -> Self {
        Self { cache, thread: None, told: BTreeSet::new(), seen: Vec::new() }
    }

    /// The project is this now. Quick where its media are the same.
    pub fn follow(&mut self, project: &Project) {
        let same = self.seen.len() == project.media.len() && self.seen.iter().zip(project.media.values()).all(|(a, b)| Arc::ptr_eq(a, b));
        if same {
            return;
        }
        self.seen = project.media.values().cloned().collect();
        let variants = self.seen.iter().flat_map(|m| [&m.proxy, &m.upscaled]).flatten();
        let wanted: BTreeSet<_> = variants.map(|v| v.path.clone()).filter(|p| p.starts_with(self.cache.root())).collect();
        if wanted == self.told {
            return;
        }
        if self.thread.is_none() {
            let (tell, told) = unbounded();
            let cache = self.cache.clone();
            match std::thread::Builder::new().name("held files".into()).spawn(move || hold(&cache, &told)) {
                Ok(thread) => self.thread = Some((tell, thread)),
                // they can be made again
                Err(e) => return tracing::warn!("files of the cache are not held: {e}"),
            }
        }
        if let Some((tell, _)) = &self.thread {
            let _ = tell.send(wanted.clone());
            self.told = wanted;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((tell, thread)) = self.thread.take() {
            drop(tell);
            // lets go of its locks, which takes a moment at most
            let _ = thread.join();
        }
    }
}

fn hold(cache: &Cache, told: &Receiver<BTreeSet<PathBuf>>) {
    let mut held: HashMap<PathBuf, InUse> = HashMap::new();
    while let Ok(mut wanted) = told.recv() {
        // only the newest counts
        while let Ok(newer) = told.try_recv() {
            wanted = newer;
        }
        held.retain(|path, _| wanted.contains(path));
        for path in wanted {
            if !held.contains_key(&path)
                && let Some(kept) = cache.keep(&path)
            {
                held.insert(path, kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::FrameRate, model::Sequence};
    use std::time::{Duration, Instant};

    #[test]
    fn the_proxies_of_the_open_project_stay_whoever_clears_the_cache() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path(), &["proxies"], 0);
        let [used, unused] = ["used.mov", "unused.mov"].map(|name| cache.path("proxies", name));
        std::fs::create_dir_all(used.parent().unwrap()).unwrap();
        [&used, &unused].iter().for_each(|p| std::fs::write(p, "film").unwrap());
        let mut project = Project::new("a", Sequence::new(320, 180, FrameRate::FPS_25));
        let mut media = crate::model::fixture::film("a", FrameRate::FPS_25, 100);
        let mut proxy = crate::model::fixture::proxy_of(&media);
        proxy.path = used.clone();
        media.proxy = Some(Box::new(proxy));
        project.media.insert(crate::base::MediaId(1), Arc::new(media));

        let mut held = Held::new(cache.clone());
        held.follow(&project);
        let begin = Instant::now();
        let lock = dir.path().join(".in-use");
        while std::fs::read_dir(&lock).map_or(0, Iterator::count) == 0 && begin.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(2));
        }
        cache.clear(None);
        assert!(used.exists() && !unused.exists());
        drop(held);
        cache.clear(None);
        assert!(!used.exists(), "nobody uses it any more");
    }
}
