//! Paths of long media are planned here while the thread that draws goes on: one after another, those of the newest frame first, on as many
//! threads of their own as leave the window its share of the processor.

use super::{Key, Planned};
use crate::{analysis::stabilize::MotionTrack, base::ContentHash};
use crossbeam::channel::{Receiver, Sender, unbounded};
use rayon::ThreadPool;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::available_parallelism,
};

/// What has become of a path: none where nobody waited for it any longer, or planning failed.
pub struct Made {
    key: Key,
    stop: Arc<AtomicBool>,
    planned: Option<Planned>,
}

/// Plans paths. Belongs to the thread that draws.
pub(super) struct Background {
    /// What the newest frame needs, and whose figures are looked at.
    frame: Vec<Key>,
    figures: Option<Key>,
    running: Option<(Key, Arc<AtomicBool>)>,
    /// Those that could not be planned are not tried again.
    failed: Vec<Key>,
    /// Made with the first path.
    pool: Option<ThreadPool>,
    done: Sender<Made>,
    made: Receiver<Made>,
}

impl Default for Background {
    fn default() -> Self {
        let (done, made) = unbounded();
        Self { frame: Vec::new(), figures: None, running: None, failed: Vec::new(), pool: None, done, made }
    }
}

impl Background {
    pub fn made(&self) -> Receiver<Made> {
        self.made.clone()
    }

    /// A frame needs these paths; what the one before needed is for nobody now.
    pub fn want_for_frame(&mut self, keys: &[Key]) {
        self.frame = keys.to_vec();
        // it would take the processor from the frame that is drawn; where its figures are looked at it begins again afterwards
        if self.running.as_ref().is_some_and(|(key, _)| !keys.contains(key)) {
            self.stop();
        }
    }

    /// Figures of this path are looked at, and of no other.
    pub fn want_for_figures(&mut self, key: Key) {
        self.figures = Some(key);
        if self.running.as_ref().is_some_and(|(running, _)| *running != key && !self.frame.contains(running)) {
            self.stop();
        }
    }

    /// A media's camera is no longer known to have moved so.
    pub fn forget(&mut self, media: ContentHash) {
        self.frame.retain(|key| key.0 != media);
        self.figures.take_if(|key| key.0 == media);
        self.failed.retain(|key| key.0 != media);
        if self.running.as_ref().is_some_and(|(key, _)| key.0 == media) {
            self.stop();
        }
    }

    /// What is to be planned now, if nothing is.
    pub fn next(&self) -> Option<Key> {
        let wanted = || self.frame.iter().copied().chain(self.figures);
        if self.running.is_some() { None } else { wanted().find(|key| !self.failed.contains(key)) }
    }

    pub fn plan(&mut self, key: Key, track: Arc<MotionTrack>) {
        if self.pool.is_none() {
            let threads = (available_parallelism().map_or(1, usize::from) / 2).max(1);
            match rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(|n| format!("camera paths {n}")).build() {
                Ok(pool) => self.pool = Some(pool),
                Err(e) => tracing::error!("no threads for camera paths: {e}"),
            }
        }
        let Some(pool) = &self.pool else { return self.failed.push(key) };
        let (stop, done) = (Arc::new(AtomicBool::new(false)), self.done.clone());
        self.running = Some((key, stop.clone()));
        pool.spawn(move || {
            // what goes wrong here goes wrong for this path alone
            let planned = catch_unwind(AssertUnwindSafe(|| Planned::of(key, &track, &stop))).ok().flatten();
            // the receiver goes away with the thread that draws
            let _ = done.send(Made { key, stop, planned });
        });
    }

    /// The path that was made, if somebody still waits for it.
    pub fn take(&mut self, made: Made) -> Option<Planned> {
        self.running.take_if(|(_, stop)| Arc::ptr_eq(stop, &made.stop));
        if made.stop.load(Ordering::Relaxed) {
            return None;
        }
        if made.planned.is_none() {
            tracing::error!(media = %made.key.0, "the path of a camera could not be planned");
            self.failed.push(made.key);
        }
        self.frame.retain(|key| *key != made.key);
        self.figures.take_if(|key| *key == made.key);
        made.planned
    }

    fn stop(&mut self) {
        if let Some((_, stop)) = &self.running {
            stop.store(true, Ordering::Relaxed);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop();
    }
}
