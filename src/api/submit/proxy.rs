//! `POST /api/jobs/proxy`: small stand-ins of heavy media.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, submit};
use crate::{
    api::input::Args,
    session::jobs::{JobSpec, ProxyFormat},
};
use axum::extract::State;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
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

/// A request that is right.
pub(in super::super) struct Checked {
    inputs: Vec<PathBuf>,
    format: ProxyFormat,
}

impl Request for Proxy {
    const KIND: Kind = kinds::PROXY;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        if self.inputs.is_empty() || self.inputs.len() > 1000 {
            return Err(Refusal::bad(format!("inputs: {} files are not within 1 to 1000", self.inputs.len())).field("inputs"));
        }
        let inputs = self.inputs.iter().enumerate().map(|(i, input)| roots.input(&format!("inputs[{i}]"), input));
        let format = match self.codec {
            None | Some(ProxyCodec::Mjpeg) => ProxyFormat::Mjpeg,
            Some(ProxyCodec::H264) => ProxyFormat::H264,
        };
        Ok(Checked { inputs: inputs.collect::<Result<_, _>>()?, format })
    }

    fn specs(c: Checked, desk: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        let spec = |(i, input): (usize, &PathBuf)| {
            desk.proxy(input, c.format).map_err(|t| Refusal::bad(t.text).field(format!("inputs[{i}]")).hints(t.hint))
        };
        c.inputs.iter().enumerate().map(spec).collect()
    }
}

/// Make proxies of media files.
#[utoipa::path(post, path = "/api/jobs/proxy", tag = "new jobs", params(Placing), request_body = Proxy,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn proxy(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Proxy>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
