//! The state table: what every face of the program reads.

use super::{
    failure::Failure,
    spec::{BatchId, JobId, Kind, Lane, Priority, WorkKey},
};
use serde::Serialize;
use std::sync::Arc;

/// Milliseconds since 1970, by the machine's clock.
pub type Millis = u64;

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing hinders it but the others before it.
    Queued,
    Waiting(Wait),
    Running,
    Paused(Pause),
    Completed,
    Failed,
    Cancelled,
}

/// What a job waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wait {
    /// Another job.
    For(JobId),
    /// The next attempt, at this time.
    Retry(Millis),
}

/// Why a job stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Somebody said so.
    Asked,
    /// The program that ran it ended; what it had finished is kept.
    Interrupted,
}

impl State {
    /// One word for machines.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Waiting(_) => "waiting",
            Self::Running => "running",
            Self::Paused(_) => "paused",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// All words of [`State::as_str`].
    pub const NAMES: [&'static str; 7] = ["queued", "waiting", "running", "paused", "completed", "failed", "cancelled"];

    /// Nothing more will happen unless somebody asks for it.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// How far a running job is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Progress {
    /// 0–1.
    pub fraction: f32,
    /// What it does now, one or two words.
    pub step: String,
    /// Frames (or what the kind counts) per second; 0 while not known.
    pub rate: f32,
    /// Seconds; None while not known.
    pub secs_left: Option<f32>,
}

/// Whose job it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This program runs or ran it.
    Ours,
    /// Another running program of this user.
    Other,
    /// A program that is no more.
    Gone,
}

/// One line of the table. Cheap to clone behind its [`Arc`]; replaced whole with each change.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    pub id: JobId,
    pub kind: Kind,
    pub subject: String,
    pub params: Arc<serde_json::Value>,
    pub key: Option<WorkKey>,
    pub lane: Lane,
    pub priority: Priority,
    pub after: Vec<JobId>,
    pub batch: Option<BatchId>,
    /// A person asked for it.
    pub asked: bool,
    pub state: State,
    /// It was told to stop and is still in a worker's hands: what it does next is end.
    pub stopping: bool,
    pub progress: Progress,
    /// Runs begun.
    pub attempts: u32,
    pub created: Millis,
    pub started: Option<Millis>,
    pub ended: Option<Millis>,
    /// Of a completed job.
    pub result: Option<Arc<serde_json::Value>>,
    /// Of a failed job, and of one that waits for its next attempt.
    pub failure: Option<Failure>,
    /// What the runner noted, oldest first, the last hundred lines.
    pub log: Arc<Vec<String>>,
    pub owner: Owner,
    /// Serial number of the last change; grows over the whole table, also from one run of the program to the next.
    pub serial: u64,
}

impl Job {
    /// Whether another program's job looks different from what was known of it.
    pub(super) fn differs(&self, read: &Self) -> bool {
        let mut same = read.clone();
        same.serial = self.serial;
        *self != same
    }
}

/// All jobs at one moment.
#[derive(Clone, Debug, Default)]
pub struct Table {
    jobs: Arc<Vec<Arc<Job>>>,
    serial: u64,
}

impl Table {
    /// `jobs` in the order of their numbers.
    pub(super) fn new(jobs: Vec<Arc<Job>>, serial: u64) -> Self {
        Self { jobs: Arc::new(jobs), serial }
    }
    /// In the order of their numbers.
    pub fn jobs(&self) -> &[Arc<Job>] {
        &self.jobs
    }
    pub fn get(&self, id: JobId) -> Option<&Arc<Job>> {
        self.jobs.binary_search_by_key(&id, |j| j.id).ok().and_then(|i| self.jobs.get(i))
    }
    /// Of the newest change.
    pub fn serial(&self) -> u64 {
        self.serial
    }
    /// Jobs that changed after `serial`, oldest change first: what a watcher has missed. Several changes of one job are
    /// told as its newest state.
    pub fn changed_since(&self, serial: u64) -> Vec<Arc<Job>> {
        if serial >= self.serial {
            return Vec::new();
        }
        let mut changed: Vec<_> = self.jobs.iter().filter(|j| j.serial > serial).cloned().collect();
        changed.sort_by_key(|j| j.serial);
        changed
    }
    /// Jobs that still have something before them, interrupted ones apart.
    pub fn active(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.jobs.iter().filter(|j| !j.state.is_over() && j.state != State::Paused(Pause::Interrupted))
    }
    /// Jobs whose program ended before they did: offered for resuming.
    pub fn interrupted(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.jobs.iter().filter(|j| j.state == State::Paused(Pause::Interrupted))
    }
}

/// Several jobs told as one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    pub total: usize,
    pub completed: usize,
    pub failed: usize,
    pub cancelled: usize,
    /// 0–1, over all.
    pub fraction: f32,
}

impl Summary {
    pub fn of<'a>(jobs: impl IntoIterator<Item = &'a Arc<Job>>) -> Self {
        let mut sum = Self::default();
        for job in jobs {
            sum.total += 1;
            sum.fraction += if job.state.is_over() { 1.0 } else { job.progress.fraction };
            match job.state {
                State::Completed => sum.completed += 1,
                State::Failed => sum.failed += 1,
                State::Cancelled => sum.cancelled += 1,
                _ => {}
            }
        }
        sum.fraction /= sum.total.max(1) as f32;
        sum
    }
    pub fn is_over(&self) -> bool {
        self.completed + self.failed + self.cancelled == self.total
    }
}
