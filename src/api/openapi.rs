//! `GET /api/openapi.json`: the API described from the handlers' own types, so that it cannot say anything else.

use super::{error::Refusal, events, health, submit, table};
use axum::Json;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "Montage AI", description = "Jobs of the video editor: submit, watch, cancel, retry.", license(name = "MIT OR Apache-2.0")),
    paths(
        table::list, table::show, table::cancel, table::retry, table::pause, table::resume, events::events, health::health, openapi,
        submit::export::export, submit::montage::montage, submit::proxy::proxy, submit::stabilize::stabilize,
        submit::transcribe::transcribe, submit::upscale::upscale,
    ),
    components(schemas(Refusal)),
    tags((name = "jobs", description = "The table of jobs"), (name = "new jobs", description = "One address for each kind of work"))
)]
struct Description;

/// The description, for files and tests.
pub fn description() -> serde_json::Value {
    serde_json::to_value(Description::openapi()).unwrap_or_default()
}

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn openapi() -> Json<serde_json::Value> {
    Json(description())
}
