//! `POST /api/jobs/stabilize`: a video without its shake.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, submit};
use crate::{
    api::input::{Args, within},
    session::jobs::{JobSpec, StabilizeAsk, StabilizeZoom, steady_wish},
};
use axum::extract::State;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
use utoipa::ToSchema;

/// Take the shake out of a video.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Stabilize {
    /// A video.
    input: String,
    output: String,
    /// How still, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    smoothness: Option<f64>,
    zoom: Option<Zoom>,
    /// Share of the picture that may be cut off, 0 to 0.3.
    #[schema(minimum = 0, maximum = 0.3)]
    max_crop: Option<f64>,
    /// As if the camera had stood still.
    tripod: Option<bool>,
    /// File of motion that an earlier run has measured.
    analysis: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum Zoom {
    None,
    Static,
    Dynamic,
}

/// A request that is right.
pub(in super::super) struct Checked {
    input: PathBuf,
    output: PathBuf,
    ask: StabilizeAsk,
}

impl Request for Stabilize {
    const KIND: Kind = kinds::STABILIZE;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        within("smoothness", self.smoothness, 0.0, 1.0)?;
        within("max_crop", self.max_crop, 0.0, 0.3)?;
        let input = roots.input("input", &self.input)?;
        let output = roots.output_beside("output", &self.output, &[&input])?;
        let analysis = self.analysis.map(|a| roots.input("analysis", &a)).transpose()?;
        let zoom = self.zoom.map(|z| match z {
            Zoom::None => StabilizeZoom::None,
            Zoom::Static => StabilizeZoom::Static,
            Zoom::Dynamic => StabilizeZoom::Dynamic,
        });
        let wish = steady_wish(self.smoothness, self.max_crop, zoom, self.tripod.unwrap_or(false));
        Ok(Checked { input, output, ask: StabilizeAsk { wish, analysis } })
    }

    fn specs(c: Checked, desk: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        let spec = desk.stabilize(&c.input, &c.output, &c.ask).map_err(|t| Refusal::bad(t.text).field("output").hints(t.hint))?;
        Ok(vec![spec])
    }
}

/// Take the shake out of a video.
#[utoipa::path(post, path = "/api/jobs/stabilize", tag = "new jobs", params(Placing), request_body = Stabilize,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn stabilize(
    server: State<Arc<Server>>,
    place: Args<Placing>,
    body: Body<Stabilize>,
) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
