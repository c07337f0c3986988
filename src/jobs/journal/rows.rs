//! Jobs as the columns of the journal: what never changes, and what does, each as JSON, so that a new field needs no new table.

use super::{
    super::{
        failure::Failure,
        spec::{BatchId, JobId, JobSpec, Kind, Lane, Priority, WorkKey},
        table::{Job, Millis, Owner, Pause, Progress, State, Wait},
    },
    Request,
};
use rusqlite::Row;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
struct Fixed {
    kind: Kind,
    subject: String,
    params: Arc<Value>,
    key: Option<String>,
    lane: Lane,
    priority: Priority,
    after: Vec<JobId>,
    batch: Option<BatchId>,
    asked: bool,
    created: Millis,
}

#[derive(Serialize, Deserialize)]
struct Moving {
    state: Stored,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    stopping: bool,
    fraction: f32,
    step: String,
    rate: f32,
    secs_left: Option<f32>,
    attempts: u32,
    started: Option<Millis>,
    ended: Option<Millis>,
    result: Option<Arc<Value>>,
    failure: Option<Failure>,
    log: Arc<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stored {
    Queued,
    For(JobId),
    Retry(Millis),
    Running,
    Paused,
    Interrupted,
    Completed,
    Failed,
    Cancelled,
}

pub(super) fn new_job(spec: JobSpec, batch: Option<BatchId>, now: Millis) -> Job {
    Job {
        id: JobId(0),
        kind: spec.kind,
        subject: spec.subject,
        params: Arc::new(spec.params),
        key: spec.key,
        lane: spec.lane,
        priority: spec.priority,
        after: spec.after,
        batch,
        asked: spec.asked,
        state: State::Queued,
        stopping: false,
        progress: Progress::default(),
        attempts: 0,
        created: now,
        started: None,
        ended: None,
        result: None,
        failure: None,
        log: Arc::default(),
        owner: Owner::Ours,
        serial: 0,
    }
}

pub(super) fn fixed(job: &Job) -> String {
    let fixed = Fixed {
        kind: job.kind.clone(),
        subject: job.subject.clone(),
        params: job.params.clone(),
        key: job.key.as_ref().map(|k| k.as_str().to_owned()),
        lane: job.lane,
        priority: job.priority,
        after: job.after.clone(),
        batch: job.batch,
        asked: job.asked,
        created: job.created,
    };
    serde_json::to_string(&fixed).unwrap_or_default()
}

pub(super) fn moving(job: &Job) -> String {
    let state = match job.state {
        State::Queued => Stored::Queued,
        State::Waiting(Wait::For(id)) => Stored::For(id),
        State::Waiting(Wait::Retry(at)) => Stored::Retry(at),
        State::Running => Stored::Running,
        State::Paused(Pause::Asked) => Stored::Paused,
        State::Paused(Pause::Interrupted) => Stored::Interrupted,
        State::Completed => Stored::Completed,
        State::Failed => Stored::Failed,
        State::Cancelled => Stored::Cancelled,
    };
    let moving = Moving {
        state,
        stopping: job.stopping,
        fraction: job.progress.fraction,
        step: job.progress.step.clone(),
        rate: job.progress.rate,
        secs_left: job.progress.secs_left,
        attempts: job.attempts,
        started: job.started,
        ended: job.ended,
        result: job.result.clone(),
        failure: job.failure.clone(),
        log: job.log.clone(),
    };
    serde_json::to_string(&moving).unwrap_or_default()
}

/// A row of `id, owner, fixed, moving`: the job (its owner not settled) and the owner's name. None where the text cannot be
/// read: one damaged line must not hide the others.
pub(super) fn read(row: &Row<'_>) -> Result<Option<(Job, String)>, rusqlite::Error> {
    let (id, owner): (i64, String) = (row.get(0)?, row.get(1)?);
    let (fixed, moving): (String, String) = (row.get(2)?, row.get(3)?);
    let read = serde_json::from_str::<Fixed>(&fixed).and_then(|f| Ok((f, serde_json::from_str::<Moving>(&moving)?)));
    let Ok((f, m)) = read else {
        tracing::warn!("job {id} of the journal cannot be read");
        return Ok(None);
    };
    let state = match m.state {
        Stored::Queued => State::Queued,
        Stored::For(id) => State::Waiting(Wait::For(id)),
        Stored::Retry(at) => State::Waiting(Wait::Retry(at)),
        Stored::Running => State::Running,
        Stored::Paused => State::Paused(Pause::Asked),
        Stored::Interrupted => State::Paused(Pause::Interrupted),
        Stored::Completed => State::Completed,
        Stored::Failed => State::Failed,
        Stored::Cancelled => State::Cancelled,
    };
    let job = Job {
        id: JobId(id.unsigned_abs()),
        kind: f.kind,
        subject: f.subject,
        params: f.params,
        key: f.key.map(WorkKey::stored),
        lane: f.lane,
        priority: f.priority,
        after: f.after,
        batch: f.batch,
        asked: f.asked,
        state,
        stopping: m.stopping,
        progress: Progress { fraction: m.fraction, step: m.step, rate: m.rate, secs_left: m.secs_left },
        attempts: m.attempts,
        created: f.created,
        started: m.started,
        ended: m.ended,
        result: m.result,
        failure: m.failure,
        log: m.log,
        owner: Owner::Gone,
        serial: 0,
    };
    Ok(Some((job, owner)))
}

pub(super) fn request_name(what: Request) -> &'static str {
    match what {
        Request::Cancel => "cancel",
        Request::Pause => "pause",
        Request::Resume => "resume",
        Request::Retry => "retry",
    }
}

pub(super) fn request(name: &str) -> Option<Request> {
    Some(match name {
        "cancel" => Request::Cancel,
        "pause" => Request::Pause,
        "resume" => Request::Resume,
        "retry" => Request::Retry,
        _ => return None,
    })
}
