//! What lies on the disk for this user's jobs, as the settings page shows it: measured and cleared on a thread of its own.

use super::{
    Session,
    jobs::{Cache, Storage, Usage, free_bytes, size_text},
};
use crate::base::{Severity, words::say};
use crossbeam::channel::{Receiver, bounded};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// The cache as it was when it was looked at last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StorageReport {
    pub folder: PathBuf,
    /// Bytes that it may take.
    pub budget: u64,
    /// By sort of file; as `work` what unfinished jobs keep, which the budget does not govern.
    pub usage: BTreeMap<String, Usage>,
    /// Bytes that are free on its disk.
    pub free: u64,
}

/// What a thread found out, and how many bytes it has freed where it was to clear.
type Answer = (StorageReport, Option<u64>);

/// What is known, and what is being found out.
#[derive(Default)]
pub(super) struct Shelf {
    report: Option<StorageReport>,
    asked: Option<Receiver<Answer>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Look,
    /// Remove what was used longest ago until the rest fits into the budget.
    Trim,
    Clear,
}

fn work(storage: &Storage, cache: &Cache, work: Work) -> Answer {
    let freed = match work {
        Work::Look => None,
        Work::Trim => Some(cache.trim()),
        Work::Clear => Some(storage.clear()),
    };
    let folder = storage.root().to_path_buf();
    let free = free_bytes(&folder).unwrap_or(0);
    (StorageReport { budget: storage.budget(), usage: storage.usage(), free, folder }, freed)
}

impl Session {
    /// What lies in the cache; None until it has been looked at. See `Command::LookAtStorage`.
    pub fn storage(&self) -> Option<&StorageReport> {
        self.shelf.report.as_ref()
    }

    /// The cache is being measured or cleared.
    pub fn storage_busy(&self) -> bool {
        self.shelf.asked.is_some()
    }

    pub(super) fn look_at_storage(&mut self) {
        self.ask_storage(Work::Look);
    }

    pub(super) fn clear_storage(&mut self) {
        self.ask_storage(Work::Clear);
    }

    /// The settings may give the cache other room.
    pub(super) fn size_storage(&mut self) {
        let bytes = u64::from(self.settings.get().disk_cache_gib) << 30;
        let cache = self.jobs.desk().cache();
        let before = cache.budget();
        if bytes == before {
            return;
        }
        cache.set_budget(bytes);
        self.ask_storage(if bytes < before { Work::Trim } else { Work::Look });
    }

    fn ask_storage(&mut self, what: Work) {
        // who only looks can wait for the next look
        if what == Work::Look && self.shelf.asked.is_some() {
            return;
        }
        let (tell, answer) = bounded(1);
        let desk = self.jobs.desk();
        let (storage, cache, wake) = (desk.storage(), desk.cache().clone(), Arc::clone(&self.wake));
        let run = move || {
            let _ = tell.send(work(&storage, &cache, what));
            wake();
        };
        match std::thread::Builder::new().name("storage".into()).spawn(run) {
            Ok(_) => self.shelf.asked = Some(answer),
            Err(e) => self.say(Severity::Failure, &say!("session-storage-not-asked", reason = e.to_string())),
        }
    }

    /// Take in what was found out; true when anything changed.
    pub(super) fn poll_storage(&mut self) -> bool {
        let Some((report, freed)) = self.shelf.asked.as_ref().and_then(|a| a.try_recv().ok()) else { return false };
        self.shelf = Shelf { report: Some(report), asked: None };
        if let Some(bytes) = freed.filter(|b| *b > 0) {
            let text = say!("session-storage-freed", size = size_text(bytes)).text();
            self.good_news(text);
        }
        true
    }

    /// Show the cache in the desktop's file manager.
    pub(super) fn reveal_storage(&mut self) {
        let folder = self.jobs.desk().cache().root().to_path_buf();
        self.reveal(folder);
    }
}
