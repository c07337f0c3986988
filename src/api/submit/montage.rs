//! `POST /api/jobs/montage`: the automatic edit.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, submit};
use crate::{
    api::input::{Args, plain, within},
    session::{jobs::JobSpec, montage::Wish},
};
use axum::extract::State;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
use utoipa::ToSchema;

/// Cut footage to music, as an editable project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Montage {
    /// The footage.
    #[schema(min_items = 1)]
    media: Vec<String>,
    /// Without it the cuts are even.
    music: Option<String>,
    /// Project file (.montage) to write.
    output: String,
    /// Name of a style.
    style: Option<String>,
    /// What it should be like, in words.
    prompt: Option<String>,
    /// Seconds; as long as the music unless given.
    #[schema(exclusive_minimum = 0, maximum = 86400)]
    duration: Option<f64>,
    /// The same seed gives the same edit.
    seed: Option<u64>,
    /// Film to export at once.
    export: Option<String>,
}

/// A request that is right.
pub(in super::super) struct Checked {
    wish: Wish,
    output: PathBuf,
    export: Option<PathBuf>,
}

impl Request for Montage {
    const KIND: Kind = kinds::MONTAGE;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        plain("style", self.style.as_deref())?;
        plain("prompt", self.prompt.as_deref())?;
        within("duration", self.duration, 0.001, 86400.0)?;
        if self.media.is_empty() {
            return Err(Refusal::bad("media: there is no footage").field("media"));
        }
        let media: Vec<PathBuf> =
            self.media.iter().enumerate().map(|(i, m)| roots.input(&format!("media[{i}]"), m)).collect::<Result<_, _>>()?;
        let music = self.music.map(|m| roots.input("music", &m)).transpose()?;
        let inputs: Vec<_> = media.iter().chain(&music).map(PathBuf::as_path).collect();
        let output = roots.output_beside("output", &self.output, &inputs)?;
        let export = self.export.map(|e| roots.output_beside("export", &e, &inputs)).transpose()?;
        let wish = Wish {
            media,
            music,
            style: self.style,
            prompt: self.prompt.unwrap_or_default(),
            duration_secs: self.duration,
            seed: self.seed.unwrap_or(1),
            ..Wish::default()
        };
        Ok(Checked { wish, output, export })
    }

    fn specs(c: Checked, desk: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        Ok(vec![desk.montage(c.wish, &c.output, c.export.as_deref())])
    }
}

/// Cut footage to music.
#[utoipa::path(post, path = "/api/jobs/montage", tag = "new jobs", params(Placing), request_body = Montage,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn montage(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Montage>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
