//! How a job looks to a program: the JSON of the command line and of the HTTP API, the same in both.

use super::{Job, Millis, Owner, Pause, State, Table, Wait};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};
use utoipa::ToSchema;

/// One job.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobView {
    pub id: u64,
    /// What is done: `proxy`, `export`, `upscale`, `stabilize`, `transcribe`, `montage` …
    pub kind: String,
    /// What it works on, for people.
    pub subject: String,
    /// `queued`, `waiting`, `running`, `paused`, `completed`, `failed` or `cancelled`.
    pub state: &'static str,
    /// The job that a waiting one waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<u64>,
    /// When a waiting job is tried again (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<String>,
    /// Its program ended before it did: a retry goes on with what is finished.
    pub interrupted: bool,
    /// It was told to stop and does so at the next moment that it can; then its state is `cancelled`.
    pub cancelling: bool,
    pub progress: ProgressView,
    /// Runs begun.
    pub attempts: u32,
    /// Which workers it needs: `cpu`, `gpu` or `io`.
    pub lane: &'static str,
    /// Jobs that must be completed first.
    pub after: Vec<u64>,
    /// Jobs that were submitted together have the same number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<u64>,
    /// When it was submitted (RFC 3339).
    pub created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// Of a completed job; what is in it depends on the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub result: Option<serde_json::Value>,
    /// Of a failed job, and of one that waits for its next attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorView>,
    /// Whether the program that was asked runs it; else another one of this user does, or did.
    pub here: bool,
    /// Number of its last change; grows over all jobs.
    pub serial: u64,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = Progress)]
pub struct ProgressView {
    /// 0–1.
    pub fraction: f32,
    /// What it does now.
    pub step: String,
    /// Frames per second; 0 while not known.
    pub rate: f32,
    /// Seconds left; null while not known.
    pub secs_left: Option<f32>,
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobError)]
pub struct ErrorView {
    /// What happened, and to which file.
    pub error: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The same again may go better.
    pub retryable: bool,
}

/// One job with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = JobDetail)]
pub struct JobDetail {
    #[serde(flatten)]
    pub job: JobView,
    /// What its runner was told.
    #[schema(value_type = Object)]
    pub params: serde_json::Value,
    /// What its runner noted, the last hundred lines.
    pub log: Vec<String>,
}

impl JobView {
    pub fn of(job: &Job) -> Self {
        let (waits_for, retry_at) = match job.state {
            State::Waiting(Wait::For(id)) => (Some(id.0), None),
            State::Waiting(Wait::Retry(at)) => (None, Some(rfc3339(at))),
            _ => (None, None),
        };
        let p = &job.progress;
        Self {
            id: job.id.0,
            kind: job.kind.as_str().to_owned(),
            subject: job.subject.clone(),
            state: job.state.as_str(),
            waits_for,
            retry_at,
            interrupted: job.state == State::Paused(Pause::Interrupted),
            cancelling: job.stopping,
            progress: ProgressView { fraction: p.fraction, step: p.step.clone(), rate: p.rate, secs_left: p.secs_left },
            attempts: job.attempts,
            lane: job.lane.as_str(),
            after: job.after.iter().map(|id| id.0).collect(),
            batch: job.batch.map(|b| b.0),
            created: rfc3339(job.created),
            started: job.started.map(rfc3339),
            ended: job.ended.map(rfc3339),
            result: job.result.as_deref().cloned(),
            error: job.failure.as_ref().map(|f| ErrorView { error: f.text.clone(), hint: f.hint.clone(), retryable: f.retryable }),
            here: job.owner == Owner::Ours,
            serial: job.serial,
        }
    }
}

impl JobView {
    /// Nothing more will happen to it unless somebody asks.
    pub fn is_over(&self) -> bool {
        matches!(self.state, "completed" | "failed" | "cancelled")
    }
}

impl JobDetail {
    pub fn of(job: &Job) -> Self {
        Self { job: JobView::of(job), params: (*job.params).clone(), log: job.log.to_vec() }
    }
}

/// How many jobs are in each state; every state is there.
pub fn job_counts(table: &Table) -> BTreeMap<&'static str, u64> {
    let mut counts: BTreeMap<_, _> = State::NAMES.into_iter().map(|n| (n, 0)).collect();
    for job in table.jobs() {
        *counts.entry(job.state.as_str()).or_default() += 1;
    }
    counts
}

/// UTC, to the millisecond.
fn rfc3339(millis: Millis) -> String {
    // a clock beyond the year 9999 has no such text
    let time = SystemTime::UNIX_EPOCH + Duration::from_millis(millis.min(253_402_300_799_999));
    humantime::format_rfc3339_millis(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_to_the_millisecond_and_never_panic() {
        assert_eq!(rfc3339(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
        assert_eq!(rfc3339(u64::MAX), "9999-12-31T23:59:59.999Z");
    }
}
