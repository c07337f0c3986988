//! `POST /api/jobs/transcribe`: speech to text.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, name_or_path, submit};
use crate::{
    api::input::{Args, plain},
    session::jobs::JobSpec,
};
use axum::extract::State;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Speech to text.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Transcribe {
    /// A file with speech.
    input: String,
    /// Where the text goes; its end (.srt, .vtt, .txt, .json) says how, unless `format` does.
    output: Option<String>,
    format: Option<TextFormat>,
    /// Name of a model, or the path of one.
    model: Option<String>,
    /// Language code such as `de`, or `auto`.
    language: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum TextFormat {
    Srt,
    Vtt,
    Txt,
    Json,
}

impl Request for Transcribe {
    const KIND: Kind = kinds::TRANSCRIBE;
    type Checked = ();

    fn check(self, roots: &Roots) -> Result<(), Refusal> {
        plain("language", self.language.as_deref())?;
        let input = roots.input("input", &self.input)?;
        let _output = self.output.map(|o| roots.output_beside("output", &o, &[&input])).transpose()?;
        let _model = self.model.map(|m| name_or_path("model", &m, roots)).transpose()?;
        let _format = self.format;
        Ok(())
    }

    fn specs((): (), _: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        Ok(Vec::new())
    }
}

/// Write down what is said in a file.
#[utoipa::path(post, path = "/api/jobs/transcribe", tag = "new jobs", params(Placing), request_body = Transcribe,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn transcribe(
    server: State<Arc<Server>>,
    place: Args<Placing>,
    body: Body<Transcribe>,
) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
