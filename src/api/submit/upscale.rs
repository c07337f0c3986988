//! `POST /api/jobs/upscale`: Real-ESRGAN of a picture or a video.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, name_or_path, submit};
use crate::{
    api::input::{Args, within},
    session::jobs::JobSpec,
};
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Make a picture or a video larger; sound is kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Upscale {
    /// A picture or a video.
    input: String,
    output: String,
    /// Name of a model, or the path of its weights.
    model: Option<String>,
    /// 2, 3 or 4.
    #[schema(minimum = 2, maximum = 4)]
    scale: Option<u32>,
    /// Side of the tiles in pixels; smaller ones need less memory. 0: whole pictures.
    #[schema(maximum = 4096)]
    tile: Option<u32>,
    /// Strength of noise reduction, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    denoise: Option<f32>,
}

impl Request for Upscale {
    const KIND: Kind = kinds::UPSCALE;
    type Checked = ();

    fn check(self, roots: &Roots) -> Result<(), Refusal> {
        within("scale", self.scale, 2, 4)?;
        within("tile", self.tile, 0, 4096)?;
        within("denoise", self.denoise, 0.0, 1.0)?;
        let input = roots.input("input", &self.input)?;
        let _output = roots.output_beside("output", &self.output, &[&input])?;
        let _model = self.model.map(|m| name_or_path("model", &m, roots)).transpose()?;
        Ok(())
    }

    fn specs((): (), _: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        Ok(Vec::new())
    }
}

/// Make a picture or a video larger.
#[utoipa::path(post, path = "/api/jobs/upscale", tag = "new jobs", params(Placing), request_body = Upscale,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn upscale(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Upscale>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
