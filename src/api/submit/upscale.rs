//! `POST /api/jobs/upscale`: Real-ESRGAN of a picture or a video.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, name_or_path, submit};
use crate::{
    api::input::{Args, within},
    session::jobs::{JobSpec, Moment, UpscaleAsk, UpscaleTarget},
};
use axum::extract::State;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
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
    /// 2 (usual), 3 or 4.
    #[schema(minimum = 2, maximum = 4)]
    scale: Option<u32>,
    /// Pixels of the shorter side, such as 1080, in place of a scale.
    #[schema(minimum = 16, maximum = 8640)]
    to: Option<u32>,
    /// First frame of a video that is made larger and the frame after the last; all of it unless given.
    #[schema(min_items = 2, max_items = 2)]
    range: Option<Vec<u32>>,
    /// Side of the tiles in pixels; smaller ones need less memory. 0: whole pictures.
    #[schema(maximum = 4096)]
    tile: Option<u32>,
    /// Strength of noise reduction, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    denoise: Option<f32>,
}

/// A request that is right.
pub(in super::super) struct Checked {
    input: PathBuf,
    output: PathBuf,
    ask: UpscaleAsk,
}

impl Request for Upscale {
    const KIND: Kind = kinds::UPSCALE;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        within("scale", self.scale, 2, 4)?;
        within("to", self.to, 16, 8640)?;
        if self.to.is_some() && self.scale.is_some() {
            return Err(Refusal::bad("to: the size is given already, by the scale").field("to"));
        }
        within("tile", self.tile, 0, 4096)?;
        within("denoise", self.denoise, 0.0, 1.0)?;
        let range = match self.range.as_deref() {
            None => None,
            Some([a, b]) if a < b => Some((Moment::Frame(u64::from(*a)), Moment::Frame(u64::from(*b)))),
            Some(_) => return Err(Refusal::bad("range: must be two frames, the first before the second").field("range")),
        };
        let input = roots.input("input", &self.input)?;
        let output = roots.output_beside("output", &self.output, &[&input])?;
        let model = self.model.map(|m| name_or_path("model", &m, roots)).transpose()?;
        let target = self.to.map_or_else(|| UpscaleTarget::Times(self.scale.unwrap_or(2)), UpscaleTarget::Height);
        let usual = UpscaleAsk::new(target);
        let tile = self.tile.map(|t| t as usize);
        let ask = UpscaleAsk { model: model.unwrap_or(usual.model), target, denoise: self.denoise, tile, range };
        Ok(Checked { input, output, ask })
    }

    fn specs(c: Checked, desk: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        let spec = desk.upscale(&c.input, Some(&c.output), &c.ask).map_err(|t| Refusal::bad(t.text).field("input").hints(t.hint))?;
        Ok(vec![spec])
    }
}

/// Make a picture or a video larger.
#[utoipa::path(post, path = "/api/jobs/upscale", tag = "new jobs", params(Placing), request_body = Upscale,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn upscale(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Upscale>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
