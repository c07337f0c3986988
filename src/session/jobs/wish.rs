//! What can be asked of a job, for faces that say so in words: a button that does nothing is worse than a refusal.

use super::{Job, JobId, Jobs, Pause, State, Ticket};

/// Something that a user wants of one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Cancel,
    Pause,
    Resume,
    Retry,
}

impl Wish {
    /// Whether it makes sense now. The job may have moved on by the time that it is asked.
    pub fn fits(self, job: &Job) -> bool {
        match self {
            Self::Cancel => !job.state.is_over(),
            Self::Pause => !job.state.is_over() && !matches!(job.state, State::Paused(_)),
            Self::Resume => matches!(job.state, State::Paused(_)),
            Self::Retry => matches!(job.state, State::Failed | State::Cancelled | State::Paused(Pause::Interrupted)),
        }
    }

    /// Ask for it; the answer is false where there is nothing to do.
    pub fn ask(self, jobs: &Jobs, id: JobId) -> Ticket<bool> {
        match self {
            Self::Cancel => jobs.cancel(id),
            Self::Pause => jobs.pause(id),
            Self::Resume => jobs.resume(id),
            Self::Retry => jobs.retry(id),
        }
    }

    /// The word for a job to which it was done.
    pub fn done(self) -> &'static str {
        match self {
            Self::Cancel => "cancelled",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Retry => "retried",
        }
    }
}
