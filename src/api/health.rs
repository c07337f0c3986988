//! `GET /api/health`: whether the server is well, in a few numbers.

use super::Server;
use crate::session::jobs::job_counts;
use axum::{Json, extract::State};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::ToSchema;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`, or `stopping`.
    status: &'static str,
    version: &'static str,
    uptime_secs: u64,
    /// Jobs in each state.
    jobs: BTreeMap<&'static str, u64>,
    /// Kinds that this build can do.
    kinds: Vec<String>,
    /// Open event streams.
    listeners: usize,
}

/// How the server is.
#[utoipa::path(get, path = "/api/health", responses((status = 200, description = "It is there", body = Health)))]
pub(super) async fn health(State(server): State<Arc<Server>>) -> Json<Health> {
    let mut kinds: Vec<_> = server.desk.kinds().iter().map(|k| k.as_str().to_owned()).collect();
    kinds.sort();
    Json(Health {
        status: if *server.stopping.borrow() { "stopping" } else { "ok" },
        version: env!("CARGO_PKG_VERSION"),
        uptime_secs: server.started.elapsed().as_secs(),
        jobs: job_counts(&server.desk.jobs().snapshot()),
        kinds,
        listeners: server.hub.listeners(),
    })
}
