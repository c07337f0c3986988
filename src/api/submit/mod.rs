//! New jobs. Each kind is one file: its request, what is wrong with it, and the job that it becomes. To add a kind, add its
//! file, its route in `mod.rs` of this room and its line in `openapi.rs`.

pub(super) mod export;
pub(super) mod montage;
pub(super) mod proxy;
pub(super) mod stabilize;
pub(super) mod transcribe;
pub(super) mod upscale;

use super::{
    Server,
    error::Refusal,
    input::{Args, Body},
    roots::Roots,
    table::{closed, entered},
};
use crate::session::jobs::{Desk, JobId, JobSpec, JobView, Kind, Priority, kinds};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{path::Path, sync::Arc};
use utoipa::{IntoParams, ToSchema};

/// The body of a `POST /api/jobs/<kind>`. Unknown fields are refused, so that a misspelt option is not silently the usual one.
pub(super) trait Request: DeserializeOwned + Send + 'static {
    const KIND: Kind;
    /// What the request has become once it is known to be right: paths resolved and allowed.
    type Checked: Send;

    /// Checks the numbers and confines the paths. Reads the disk.
    ///
    /// # Errors
    /// 400 with the field that is wrong, 403 with the path that is outside.
    fn check(self, roots: &Roots) -> Result<Self::Checked, Refusal>;

    /// The jobs that do it. Asked only where [`Desk::can`] do them.
    ///
    /// # Errors
    /// 400 where what a file holds does not fit the request.
    fn specs(checked: Self::Checked, desk: &Desk, roots: &Roots) -> Result<Vec<JobSpec>, Refusal>;
}

/// When the job runs, in the address: `?after=7&priority=background`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Placing {
    /// Numbers of jobs that must be completed first, separated by commas.
    after: Option<String>,
    /// `background`, `normal` (usual) or `urgent`.
    #[param(inline)]
    priority: Option<Rank>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Rank {
    Background,
    Normal,
    Urgent,
}

/// What was submitted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Submission {
    jobs: Vec<JobView>,
    /// Jobs that were there already: the same work on the same input, under way or done.
    existing: Vec<u64>,
    /// Several jobs that were submitted together.
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<u64>,
}

/// Why a job was not entered, for the description.
#[derive(utoipa::IntoResponses)]
#[allow(dead_code, reason = "describes what Refusal says")]
pub(super) enum NotEntered {
    /// A field or a parameter is wrong; it is named.
    #[response(status = 400)]
    Wrong(Refusal),
    /// A path leads out of the roots; its field is named.
    #[response(status = 403)]
    Outside(Refusal),
    /// The body is longer than 1 MiB.
    #[response(status = 413)]
    Long(Refusal),
    /// The body is not sent as JSON.
    #[response(status = 415)]
    Strange(Refusal),
    /// This build has no engine for this kind of work.
    #[response(status = 501)]
    Missing(Refusal),
}

/// The answer to a submission: 202, where the (first) job is, and the jobs.
pub(super) type Accepted = (StatusCode, [(HeaderName, String); 1], Json<Submission>);

impl Placing {
    /// The jobs before it.
    fn check(&self, server: &Server) -> Result<Vec<JobId>, Refusal> {
        let mut after = Vec::new();
        for text in self.after.iter().flat_map(|t| t.split(',')) {
            let number = text.trim().parse().map(JobId).map_err(|_| format!("{text:?} is not the number of a job"));
            let id =
                number.and_then(|id| server.desk.jobs().snapshot().get(id).map(|j| j.id).ok_or_else(|| format!("there is no job {id}")));
            after.push(id.map_err(|e| Refusal::bad(format!("after: {e}")).field("after"))?);
        }
        Ok(after)
    }
}

impl From<Rank> for Priority {
    fn from(rank: Rank) -> Self {
        match rank {
            Rank::Background => Self::Background,
            Rank::Normal => Self::Normal,
            Rank::Urgent => Self::Urgent,
        }
    }
}

/// Check a request and enter its jobs.
pub(super) async fn submit<R: Request>(
    State(server): State<Arc<Server>>,
    Args(placing): Args<Placing>,
    Body(request): Body<R>,
) -> Result<Accepted, Refusal> {
    // paths are looked up and the journal written
    tokio::task::spawn_blocking(move || {
        let checked = request.check(&server.roots)?;
        let placed = placing.check(&server)?;
        if !server.desk.can(&R::KIND) {
            return Err(not_in_this_build(&R::KIND));
        }
        let mut specs = R::specs(checked, &server.desk, &server.roots)?;
        for spec in &mut specs {
            spec.after.extend(&placed);
            spec.priority = placing.priority.map_or(spec.priority, Priority::from);
        }
        let jobs = server.desk.jobs();
        let ticket = if specs.len() > 1 {
            jobs.submit_batch(specs)
        } else {
            let one = specs.pop().ok_or_else(|| Refusal::bad("there is nothing to do"))?;
            jobs.submit(one)
        };
        let submitted = ticket.wait().map_err(closed)?.map_err(|t| {
            let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, t.text);
            Refusal { hint: t.hint, ..refusal }
        })?;
        let views: Vec<_> = submitted.ids.iter().filter_map(|id| entered(jobs, *id)).map(|j| JobView::of(&j)).collect();
        let place = submitted.ids.first().map_or_else(|| "/api/jobs".to_owned(), |id| format!("/api/jobs/{id}"));
        let existing = submitted.existing.iter().map(|id| id.0).collect();
        let submission = Submission { jobs: views, existing, batch: submitted.batch.map(|b| b.0) };
        Ok((StatusCode::ACCEPTED, [(header::LOCATION, place)], Json(submission)))
    })
    .await?
}

/// 501: the kind is known and its engine is not here.
fn not_in_this_build(kind: &Kind) -> Refusal {
    let version = env!("CARGO_PKG_VERSION");
    Refusal::new(StatusCode::NOT_IMPLEMENTED, format!("{kind}: this build ({version}) does not have it yet"))
        .hint("a later build will; the request itself is fine")
}

/// A path as the journal keeps it.
///
/// # Errors
/// 400 where it is no Unicode: it could not be written down.
pub(super) fn text(field: &str, path: &Path) -> Result<String, Refusal> {
    path.to_str().map(str::to_owned).ok_or_else(|| Refusal::bad(format!("{field}: the resolved path is not Unicode")).field(field))
}

/// A name from a fixed list, or a path (anything with a `/`) under the roots.
///
/// # Errors
/// As [`Roots::input`].
pub(super) fn name_or_path(field: &str, text: &str, roots: &Roots) -> Result<String, Refusal> {
    super::input::plain(field, Some(text))?;
    if text.contains(['/', '\\']) || text.starts_with('.') { self::text(field, &roots.input(field, text)?) } else { Ok(text.to_owned()) }
}
