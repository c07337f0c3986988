//! Heavy work in the background: a worker pool with lanes, retries, dependencies, pausing and cancelling, one state table that
//! all faces read, and a journal through which nothing is lost or done twice. Knows nothing of video: what a job does is
//! its [`Runner`]'s business.
//!
//! Threads: one manager owns everything (see `manager.rs`), workers are started when they are first needed. [`Jobs`] is a
//! handle that can be cloned and used from any thread; only [`Ticket::wait`] and [`Jobs::close`] wait.

pub mod cache;
mod context;
mod failure;
mod journal;
mod manager;
mod schedule;
mod spec;
mod table;
#[cfg(test)]
mod tests;
mod words;
mod work;
mod workers;

pub use context::{JobContext, Runner};
pub use failure::{Ended, Failure, Retry, passes};
pub use journal::JournalError;
pub use manager::Submitted;
pub use spec::{BatchId, JobId, JobSpec, Kind, Lane, Lanes, Priority, WorkKey};
pub use table::{Job, Millis, Owner, Pause, Progress, State, Summary, Table, Wait};

use crate::base::Trouble;
use crossbeam::channel::{Receiver, Sender, bounded, unbounded};
use journal::{Journal, Request};
use manager::{Manager, Message, Parts, Published};
use schedule::Schedule;
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// How to start.
pub struct Options {
    /// Folder of the journal, shared by all programs of the user. None: the jobs end with the program.
    pub journal: Option<PathBuf>,
    /// Folder under which each job has its work folder.
    pub work: PathBuf,
    pub lanes: Lanes,
    pub retry: Retry,
    /// Who does the jobs of each kind.
    pub runners: HashMap<Kind, Arc<dyn Runner>>,
}

/// The jobs of this user, as this program sees and runs them.
#[derive(Clone)]
pub struct Jobs {
    tell: Sender<Message>,
    published: Published,
    watcher_ids: Arc<AtomicU64>,
    work: Arc<Path>,
}

/// An answer that is on its way. Drop it where nobody needs it.
#[must_use = "wait for it, or drop it on purpose"]
pub struct Ticket<T>(Receiver<T>);

impl<T> Ticket<T> {
    /// Blocks for the time of one write to the journal: not for a window's thread.
    ///
    /// # Errors
    /// The jobs are closed.
    pub fn wait(self) -> Result<T, Closed> {
        self.0.recv().map_err(|_| Closed)
    }
    /// The answer, if it is here.
    pub fn get(&self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

/// The jobs were closed while they were asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the program is closing")]
pub struct Closed;

/// Somebody is told of each change of the table as long as this lives.
pub struct Watch {
    id: u64,
    tell: Sender<Message>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.tell.send(Message::Unwatch(self.id));
    }
}

impl Jobs {
    /// Open the journal and start the manager's thread. Jobs that an ended program left behind stand in the table as
    /// interrupted; nothing of them runs until somebody resumes it.
    ///
    /// # Errors
    /// The journal cannot be used, or there is no thread.
    pub fn start(options: Options) -> Result<Self, JournalError> {
        let mut journal = Journal::open(options.journal.as_deref())?;
        let now = manager::now();
        // grows from one run of the program to the next, so that a watcher's last number stays meaningful
        let mut schedule = Schedule::new(options.lanes, options.retry, now << 10);
        for job in journal.load(now).map_err(|source| journal::unreadable(options.journal.as_deref(), source))? {
            schedule.observe(job, now);
        }
        schedule.take_changed();
        let published: Published = Arc::new(std::sync::RwLock::new(schedule.table()));
        let (tell, inbox) = unbounded();
        let work = Arc::from(options.work.as_path());
        let parts = Parts {
            schedule,
            journal,
            runners: options.runners,
            work: options.work,
            inbox,
            to_self: tell.clone(),
            published: published.clone(),
        };
        let manager = Manager::new(parts);
        std::thread::Builder::new().name("jobs".into()).spawn(move || manager.run()).map_err(JournalError::Thread)?;
        Ok(Self { tell, published, watcher_ids: Arc::default(), work })
    }

    /// Enter jobs. The same work (by its key) is not done twice: its number comes back instead.
    pub fn submit(&self, spec: JobSpec) -> Ticket<Result<Submitted, Trouble>> {
        self.enter(vec![spec], false)
    }

    /// Enter jobs that are told as one.
    pub fn submit_batch(&self, specs: Vec<JobSpec>) -> Ticket<Result<Submitted, Trouble>> {
        self.enter(specs, true)
    }

    fn enter(&self, specs: Vec<JobSpec>, batched: bool) -> Ticket<Result<Submitted, Trouble>> {
        let (reply, answer) = bounded(1);
        let _ = self.tell.send(Message::Submit(specs, batched, reply));
        Ticket(answer)
    }

    /// Stop a job; the answer is false where there is nothing to stop. A running one stops at its next
    /// [`JobContext::check`].
    pub fn cancel(&self, id: JobId) -> Ticket<bool> {
        self.ask(id, Request::Cancel)
    }
    /// Let a job stand; others take its place in the lane.
    pub fn pause(&self, id: JobId) -> Ticket<bool> {
        self.ask(id, Request::Pause)
    }
    /// Let a paused or interrupted job go on. An interrupted one becomes this program's.
    pub fn resume(&self, id: JobId) -> Ticket<bool> {
        self.ask(id, Request::Resume)
    }
    /// Run a failed or cancelled job again; resumes an interrupted one.
    pub fn retry(&self, id: JobId) -> Ticket<bool> {
        self.ask(id, Request::Retry)
    }

    fn ask(&self, id: JobId, what: Request) -> Ticket<bool> {
        let (reply, answer) = bounded(1);
        let _ = self.tell.send(Message::Ask(id, what, reply));
        Ticket(answer)
    }

    /// Drop ended jobs from the table: these, or all.
    pub fn clear(&self, which: Option<BTreeSet<JobId>>) {
        let _ = self.tell.send(Message::Clear(which));
    }

    /// Take in what other programs have written until now; the table shows it when the answer comes.
    pub fn look(&self) -> Ticket<()> {
        let (reply, answer) = bounded(1);
        let _ = self.tell.send(Message::Look(reply));
        Ticket(answer)
    }

    /// The table as it is now. Cheap: takes a lock for the time of a clone of two words.
    pub fn snapshot(&self) -> Table {
        self.published.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Have `wake` called after each change of the table, on the manager's thread: it must return at once. With
    /// `others`, changes by other programs are looked for too, four times a second; without, only while jobs of ours run.
    pub fn watch(&self, others: bool, wake: impl Fn() + Send + Sync + 'static) -> Watch {
        let id = self.watcher_ids.fetch_add(1, Ordering::Relaxed);
        let _ = self.tell.send(Message::Watch(id, Arc::new(wake), others));
        Watch { id, tell: self.tell.clone() }
    }

    /// Stop all jobs and keep what is not over for the next run of the program. Waits for running jobs at most for
    /// `grace`.
    pub fn close(&self, grace: Duration) {
        let (done, closed) = bounded(1);
        if self.tell.send(Message::Close(grace, done)).is_ok() {
            let _ = closed.recv();
        }
    }

    /// Wait until a job is over, interrupted or gone from the table; its last state. For programs without a window.
    pub fn wait_for(&self, id: JobId, mut look: impl FnMut(&Job)) -> Option<Arc<Job>> {
        let (tell, changed) = bounded(1);
        let _watch = self.watch(true, move || {
            let _ = tell.try_send(());
        });
        loop {
            let table = self.snapshot();
            let job = table.get(id)?;
            look(job);
            if job.state.is_over() || job.state == State::Paused(Pause::Interrupted) {
                return Some(job.clone());
            }
            if changed.recv_timeout(Duration::from_secs(1)).is_err_and(|e| e.is_disconnected()) {
                return self.snapshot().get(id).cloned();
            }
        }
    }
}
