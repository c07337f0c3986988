//! The job table over HTTP: list, one job, cancel, retry. Reading is a look at the published table; what changes it waits on
//! threads that may wait.

use super::{
    Server,
    error::Refusal,
    input::{Args, within},
};
use crate::session::jobs::{Closed, Job, JobDetail, JobId, JobView, Jobs, Owner, State as JobState, Wish};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use utoipa::{IntoParams, ToSchema};

/// Jobs on one page unless the request says otherwise, and at most.
const PAGE: u64 = 100;
const MAX_PAGE: u64 = 1000;
/// How long an answer waits for what was asked to show in the table.
const SHOWS: Duration = Duration::from_millis(500);
/// The same for a job of another program, which looks four times a second for what is asked of it; and for a job to stop.
const OTHERS: Duration = Duration::from_secs(2);

/// Which jobs, and which part of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// States, separated by commas; all unless given.
    state: Option<String>,
    /// Kinds, separated by commas; all unless given.
    kind: Option<String>,
    /// `newest` (usual) or `oldest` first.
    #[param(inline)]
    order: Option<Order>,
    /// Jobs on a page, 1 to 1000; 100 unless given.
    limit: Option<u64>,
    /// Only jobs with a smaller number: `next` of the page before, newest first.
    before: Option<u64>,
    /// Only jobs with a greater number: `next` of the page before, oldest first.
    after: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Order {
    #[default]
    Newest,
    Oldest,
}

/// One page of the table.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct JobPage {
    jobs: Vec<JobView>,
    /// Jobs of these states and kinds, on all pages.
    total: usize,
    /// For `before` (newest first) or `after` (oldest first) of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
    /// Number of the table's last change: where the event stream goes on (`Last-Event-ID`).
    serial: u64,
}

fn words(text: Option<&str>) -> Option<Vec<&str>> {
    text.map(|t| t.split(',').map(str::trim).collect())
}

impl Listing {
    fn page(&self, jobs: &Jobs) -> Result<JobPage, Refusal> {
        within("limit", self.limit, 1, MAX_PAGE)?;
        let states = words(self.state.as_deref());
        if let Some(strange) = states.iter().flatten().find(|s| !JobState::NAMES.contains(s)) {
            let hint = format!("states are {}", JobState::NAMES.join(", "));
            return Err(Refusal::bad(format!("state: there is no state {strange:?}")).field("state").hint(hint));
        }
        let kinds = words(self.kind.as_deref());
        let table = jobs.snapshot();
        let wanted = |j: &&Arc<Job>| {
            states.as_ref().is_none_or(|s| s.contains(&j.state.as_str())) && kinds.as_ref().is_none_or(|k| k.contains(&j.kind.as_str()))
        };
        let on_page = |j: &&Arc<Job>| self.before.is_none_or(|b| j.id.0 < b) && self.after.is_none_or(|a| j.id.0 > a);
        let limit = usize::try_from(self.limit.unwrap_or(PAGE)).unwrap_or(usize::MAX);
        let total = table.jobs().iter().filter(wanted).count();
        let all = table.jobs().iter().filter(wanted).filter(on_page);
        // one more than asked for tells whether there is a next page
        let mut found: Vec<_> = match self.order.unwrap_or_default() {
            Order::Newest => all.rev().take(limit + 1).collect(),
            Order::Oldest => all.take(limit + 1).collect(),
        };
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|j| j.id.0);
        Ok(JobPage { jobs: found.into_iter().map(|j| JobView::of(j)).collect(), total, next, serial: table.serial() })
    }
}

/// The jobs of this user.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", params(Listing),
    responses((status = 200, description = "A page of the table", body = JobPage),
              (status = 400, description = "A wrong parameter", body = Refusal)))]
pub(super) async fn list(State(server): State<Arc<Server>>, Args(listing): Args<Listing>) -> Result<Json<JobPage>, Refusal> {
    listing.page(server.desk.jobs()).map(Json)
}

fn find(jobs: &Jobs, id: &str) -> Result<Arc<Job>, Refusal> {
    let number = id.parse().map_err(|_| Refusal::bad(format!("id: {id:?} is not the number of a job")).field("id"))?;
    jobs.snapshot().get(JobId(number)).cloned().ok_or_else(|| Refusal::unknown(format!("there is no job {number}")))
}

/// One job with its parameters and its log.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = u64, Path, description = "The job's number")),
    responses((status = 200, description = "The job", body = JobDetail),
              (status = 404, description = "There is no such job", body = Refusal)))]
pub(super) async fn show(State(server): State<Arc<Server>>, Path(id): Path<String>) -> Result<Json<JobDetail>, Refusal> {
    find(server.desk.jobs(), &id).map(|j| Json(JobDetail::of(&j)))
}

/// Cancel a job. A running one stops at the next moment that it can, mostly within half a second.
#[utoipa::path(delete, path = "/api/jobs/{id}", tag = "jobs", params(("id" = u64, Path, description = "The job's number")),
    responses((status = 200, description = "The job, over: cancelled, unless it ended by itself first", body = JobView),
              (status = 202, description = "The job was told to stop (`cancelling`) and has not stopped yet", body = JobView),
              (status = 404, description = "There is no such job", body = Refusal),
              (status = 409, description = "The job is over", body = Refusal)))]
pub(super) async fn cancel(server: State<Arc<Server>>, id: Path<String>) -> Result<(StatusCode, Json<JobView>), Refusal> {
    let Json(mut job) = ask(server, id, Wish::Cancel).await?;
    // the program that runs it has the wish in its journal, also where it has not answered yet
    job.cancelling = !job.is_over();
    Ok((if job.cancelling { StatusCode::ACCEPTED } else { StatusCode::OK }, Json(job)))
}

/// Run a failed, cancelled or interrupted job again.
#[utoipa::path(post, path = "/api/jobs/{id}/retry", tag = "jobs", params(("id" = u64, Path, description = "The job's number")),
    responses((status = 200, description = "The job as it is now", body = JobView),
              (status = 404, description = "There is no such job", body = Refusal),
              (status = 409, description = "The job neither failed nor was it cancelled or interrupted", body = Refusal)))]
pub(super) async fn retry(server: State<Arc<Server>>, id: Path<String>) -> Result<Json<JobView>, Refusal> {
    ask(server, id, Wish::Retry).await
}

/// Let a job stand; others take its place.
#[utoipa::path(post, path = "/api/jobs/{id}/pause", tag = "jobs", params(("id" = u64, Path, description = "The job's number")),
    responses((status = 200, description = "The job as it is now", body = JobView),
              (status = 404, description = "There is no such job", body = Refusal),
              (status = 409, description = "The job is over, or stands already", body = Refusal)))]
pub(super) async fn pause(server: State<Arc<Server>>, id: Path<String>) -> Result<Json<JobView>, Refusal> {
    ask(server, id, Wish::Pause).await
}

/// Let a paused or interrupted job go on.
#[utoipa::path(post, path = "/api/jobs/{id}/resume", tag = "jobs", params(("id" = u64, Path, description = "The job's number")),
    responses((status = 200, description = "The job as it is now", body = JobView),
              (status = 404, description = "There is no such job", body = Refusal),
              (status = 409, description = "The job does not stand", body = Refusal)))]
pub(super) async fn resume(server: State<Arc<Server>>, id: Path<String>) -> Result<Json<JobView>, Refusal> {
    ask(server, id, Wish::Resume).await
}

async fn ask(State(server): State<Arc<Server>>, Path(id): Path<String>, wish: Wish) -> Result<Json<JobView>, Refusal> {
    let jobs = server.desk.jobs().clone();
    tokio::task::spawn_blocking(move || {
        let before = find(&jobs, &id)?;
        if !wish.fits(&before) || !wish.ask(&jobs, before.id).wait().map_err(closed)? {
            // it may have ended while it was asked
            let state = find(&jobs, &id)?.state.as_str();
            return Err(Refusal::new(StatusCode::CONFLICT, format!("job {id} is {state}: it cannot be {}", wish.done())));
        }
        let patience = if wish == Wish::Cancel || before.owner == Owner::Other { OTHERS } else { SHOWS };
        let shown = shown(&jobs, before.id, patience, |j| j.serial != before.serial && j.state != before.state);
        Ok(Json(JobView::of(&shown.unwrap_or(before))))
    })
    .await?
}

pub(super) fn closed(_: Closed) -> Refusal {
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "the server is closing")
}

/// The job that was just submitted, once the table has it. Blocks.
pub(super) fn entered(jobs: &Jobs, id: JobId) -> Option<Arc<Job>> {
    shown(jobs, id, SHOWS, |_| true)
}

/// The job once the table shows it so, or as it is after some patience. Blocks.
fn shown(jobs: &Jobs, id: JobId, patience: Duration, wanted: impl Fn(&Job) -> bool) -> Option<Arc<Job>> {
    let begin = Instant::now();
    loop {
        let job = jobs.snapshot().get(id).cloned();
        if job.as_ref().is_some_and(|j| wanted(j)) || begin.elapsed() >= patience {
            return job;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
