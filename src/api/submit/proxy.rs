//! `POST /api/jobs/proxy`: small stand-ins of heavy media.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, submit};
use crate::{api::input::Args, session::jobs::JobSpec};
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Make proxies: pictures of 720 lines or less that are quick to seek in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Proxy {
    /// Media files; one job each.
    #[schema(min_items = 1, max_items = 1000)]
    inputs: Vec<String>,
    /// `mjpeg` (usual: quickest to seek in) or `h264` (smaller).
    codec: Option<ProxyCodec>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum ProxyCodec {
    Mjpeg,
    H264,
}

impl Request for Proxy {
    const KIND: Kind = kinds::PROXY;
    type Checked = ();

    fn check(self, roots: &Roots) -> Result<(), Refusal> {
        if self.inputs.is_empty() || self.inputs.len() > 1000 {
            return Err(Refusal::bad(format!("inputs: {} files are not within 1 to 1000", self.inputs.len())).field("inputs"));
        }
        for (i, input) in self.inputs.iter().enumerate() {
            roots.input(&format!("inputs[{i}]"), input)?;
        }
        let _ = self.codec;
        Ok(())
    }

    fn specs((): (), _: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        Ok(Vec::new())
    }
}

/// Make proxies of media files.
#[utoipa::path(post, path = "/api/jobs/proxy", tag = "new jobs", params(Placing), request_body = Proxy,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn proxy(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Proxy>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
