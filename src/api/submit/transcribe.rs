//! `POST /api/jobs/transcribe`: speech to text.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, name_or_path, submit};
use crate::{
    api::input::{Args, plain},
    session::{
        jobs::{JobSpec, SpeechEngine, TranscribeAsk},
        words::TranscriptFormat,
    },
};
use axum::extract::State;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
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
    /// `here`: whisper.cpp in this program, even where the server was started with MONTAGE_AI_SPEECH_URL; else as that says.
    engine: Option<Engine>,
    /// Name of a model, or a ggml file of Whisper; the best that is here unless given. With a recogniser elsewhere its name there.
    model: Option<String>,
    /// Language code such as `de`, or `auto`.
    language: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum Engine {
    Usual,
    Here,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum TextFormat {
    Srt,
    Vtt,
    Txt,
    Json,
}

/// A request that is right.
pub(in super::super) struct Checked {
    input: PathBuf,
    output: Option<(PathBuf, TranscriptFormat)>,
    ask: TranscribeAsk,
}

impl Request for Transcribe {
    const KIND: Kind = kinds::TRANSCRIBE;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        plain("language", self.language.as_deref())?;
        let input = roots.input("input", &self.input)?;
        let output = self.output.map(|o| roots.output_beside("output", &o, &[&input])).transpose()?;
        // a name, as a rule; a server of one's own may want a path
        let model = self.model.map(|m| name_or_path("model", &m, roots)).transpose()?;
        let said = self.format.map(|f| match f {
            TextFormat::Srt => TranscriptFormat::Srt,
            TextFormat::Vtt => TranscriptFormat::Vtt,
            TextFormat::Txt => TranscriptFormat::Txt,
            TextFormat::Json => TranscriptFormat::Json,
        });
        let output = match output {
            Some(path) => {
                let format = said.or_else(|| TranscriptFormat::of(&path));
                let unknown = || Refusal::bad("output: its end says no format").field("output").hint("use .srt, .vtt, .txt or .json");
                Some((path, format.ok_or_else(unknown)?))
            }
            None => None,
        };
        let engine = if matches!(self.engine, Some(Engine::Here)) { SpeechEngine::Here } else { SpeechEngine::Usual };
        let anew = model.is_some() || engine == SpeechEngine::Here;
        Ok(Checked { input, output, ask: TranscribeAsk { engine, url: None, model, language: self.language, anew } })
    }

    fn specs(c: Checked, desk: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        let output = c.output.as_ref().map(|(path, format)| (path.as_path(), *format));
        let spec = desk.transcribe(&c.input, output, &c.ask).map_err(|t| Refusal::bad(t.text).field("input").hints(t.hint))?;
        Ok(vec![spec])
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
