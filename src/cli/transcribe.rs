//! `transcribe`: what is said in a file, or a transcript from elsewhere for it.

use super::{
    args::{TextForm, TranscribeArgs},
    jobs::{failed_if, stay},
    media::refuse_overwriting_input,
    report::{Failure, Report},
};
use crate::{
    session::{
        AdapterChoice, Dirs, batch,
        jobs::{Desk, SpeechEngine, State, TranscribeAsk},
        words::{self, TranscriptFormat},
    },
    speech::{Transcript, whisper},
};
use serde_json::{Value, json};
use std::path::Path;

fn format_of(a: &TranscribeArgs) -> TranscriptFormat {
    let said = a.format.map(|f| match f {
        TextForm::Srt => TranscriptFormat::Srt,
        TextForm::Vtt => TranscriptFormat::Vtt,
        TextForm::Txt => TranscriptFormat::Txt,
        TextForm::Json => TranscriptFormat::Json,
    });
    said.or_else(|| a.output.as_deref().and_then(TranscriptFormat::of)).unwrap_or(TranscriptFormat::Txt)
}

pub(super) fn transcribe(a: &TranscribeArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    if let Some(output) = &a.output {
        refuse_overwriting_input(output, &a.input)?;
    }
    match &a.import {
        Some(from) => import(a, from, report),
        None => recognise(a, adapter, report),
    }
}

/// Takes a transcript from elsewhere: into a project, or to be found by whoever asks for the film's words.
fn import(a: &TranscribeArgs, from: &Path, report: &Report) -> Result<(), Failure> {
    let transcript = words::read(from)?;
    let kept = if batch::is_project(&a.input) {
        let project = batch::open(&a.input)?;
        batch::save(&a.input, &words::attach(&project, a.media.as_deref(), transcript.clone())?)?;
        a.input.clone()
    } else {
        words::keep(&Dirs::find().data, &a.input, &transcript)?
    };
    tell(a, &transcript, &kept, report)
}

fn recognise(a: &TranscribeArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    if batch::is_project(&a.input) {
        return Err(Failure::usage(
            format!("a project has no sound of its own: {}", a.input.display()),
            "name one of its media, or attach a transcript with --import FILE",
        ));
    }
    let desk = Desk::headless(Some(&Dirs::find()), adapter)?;
    let language = a.language.clone().filter(|l| l != "auto");
    let engine = if a.here { SpeechEngine::Here } else { SpeechEngine::Usual };
    let anew = a.here || a.endpoint.is_some() || a.model.is_some();
    let ask = TranscribeAsk { engine, url: a.endpoint.clone(), model: a.model.clone(), language, anew };
    let spec = desk.transcribe(&a.input, None, &ask)?;
    let submitted = desk.jobs().submit(spec).wait().map_err(|e| Failure::failed(e.to_string(), None))??;
    let ended = stay(&desk, &submitted.ids, report)?;
    if let Some(r) = ended.iter().find(|j| j.state == State::Completed).and_then(|j| j.result.as_deref()) {
        let file = r["transcript"].as_str().unwrap_or_default();
        tell(a, &words::read(Path::new(file))?, Path::new(file), report)?;
    }
    ended.iter().try_for_each(|j| failed_if(j))
}

/// Writes the text where that was asked for, and says what was found.
fn tell(a: &TranscribeArgs, transcript: &Transcript, kept: &Path, report: &Report) -> Result<(), Failure> {
    let format = format_of(a);
    if let Some(output) = &a.output {
        words::write(transcript, output, format)?;
    }
    let mut json = whisper::to_json(transcript);
    json["output"] = a.output.as_deref().map_or(Value::Null, |o| json!(o));
    json["transcript"] = json!(kept);
    let text = match &a.output {
        Some(output) => format!("{}: {} words", output.display(), transcript.words().len()),
        None => words::text(transcript, format).trim_end().to_owned(),
    };
    report.result(&json, &text)
}
