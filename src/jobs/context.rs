//! What a runner holds while it works: when to stop, where to tell how far it is, where to keep what it has finished.

use super::{failure::Ended, spec::JobId, table::Progress};
use crossbeam::channel::Sender;
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How often a job that stands still looks whether it may go on.
const LOOK: Duration = Duration::from_millis(30);

/// Does the jobs of one kind. Runs on a worker's thread, several jobs at a time where the lane allows it.
pub trait Runner: Send + Sync {
    /// Do the work that `params` describe. Call [`JobContext::check`] at least every 100 ms.
    ///
    /// What must survive a crash goes into [`JobContext::work_dir`]: the same job finds it there on its next run.
    ///
    /// # Errors
    /// [`Ended::Stopped`] from `check`, or why it failed.
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended>;

    /// Whether `result` of an earlier job with the same key can be handed out again (its files are still there). Quick.
    fn still_good(&self, _result: &Value) -> bool {
        true
    }
}

/// What is told to the manager while a job runs.
pub(super) enum Told {
    Progress(Progress),
    Log(String),
}

/// Signals to one running job. Flags, because a runner looks at them between frames and must not wait for anything.
#[derive(Default)]
pub(super) struct Signals {
    /// Cancelled, or the program ends.
    pub stop: Arc<AtomicBool>,
    pub pause: AtomicBool,
}

/// The handle of a running job.
pub struct JobContext {
    pub(super) id: JobId,
    pub(super) signals: Arc<Signals>,
    pub(super) tell: Box<dyn Fn(Told) + Send + Sync>,
    pub(super) work_dir: PathBuf,
    pub(super) attempt: u32,
    pub(super) last: bool,
}

impl JobContext {
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Goes on, or says to stop. While the job is paused it does not return; it does when the job is cancelled.
    ///
    /// # Errors
    /// [`Ended::Stopped`]: give up, leave only what is finished.
    pub fn check(&self) -> Result<(), Ended> {
        while self.signals.pause.load(Ordering::Relaxed) && !self.signals.stop.load(Ordering::Relaxed) {
            thread::sleep(LOOK);
        }
        if self.signals.stop.load(Ordering::Relaxed) { Err(Ended::Stopped) } else { Ok(()) }
    }

    /// The flag behind [`JobContext::check`], for code that takes one.
    pub fn stop_flag(&self) -> &AtomicBool {
        &self.signals.stop
    }

    /// Tell how far the job is; as often as one likes.
    pub fn progress(&self, progress: Progress) {
        (self.tell)(Told::Progress(progress));
    }

    /// Note a line for the job's log.
    pub fn log(&self, line: impl Into<String>) {
        (self.tell)(Told::Log(line.into()));
    }

    /// A folder of this job's own, which outlives a crash and goes when the job is completed or cancelled. Made when it is first
    /// asked for; where it cannot be made, the first file written into it says so.
    pub fn work_dir(&self) -> &Path {
        if let Err(e) = std::fs::create_dir_all(&self.work_dir) {
            self.log(super::words::no_work_dir(&self.work_dir, &e).text);
        }
        &self.work_dir
    }

    /// Give back the room that finished parts take: the next run begins anew.
    pub fn put_work_away(&self) {
        super::work::put_away(&self.work_dir);
    }

    /// 1 for the first run.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// A failure of this run is final, also one that might pass.
    pub fn is_last_attempt(&self) -> bool {
        self.last
    }

    /// Sleep that a cancel ends at once (within 30 ms).
    ///
    /// # Errors
    /// As [`JobContext::check`].
    pub fn sleep(&self, time: Duration) -> Result<(), Ended> {
        let end = Instant::now() + time;
        loop {
            self.check()?;
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            thread::sleep(left.min(LOOK));
        }
    }
}

/// What a worker is given.
pub(super) struct Task {
    pub cx: JobContext,
    pub params: Arc<Value>,
    pub runner: Arc<dyn Runner>,
}

/// What a worker says.
pub(super) enum FromWorker {
    Told(JobId, Told),
    Ended(JobId, Result<Value, Ended>),
}

/// Run one task; a panic in it is its failure and nobody else's.
pub(super) fn perform(task: &Task, out: &Sender<super::manager::Message>) {
    let id = task.cx.id;
    let _span = tracing::info_span!("job", id = id.0).entered();
    let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        task.cx.check()?;
        task.runner.run(&task.params, &task.cx)
    }));
    let ended = ran.unwrap_or_else(|panic| Err(Ended::Failed(super::words::panicked(panic.as_ref()))));
    let _ = out.send(super::manager::Message::Worker(FromWorker::Ended(id, ended)));
}
