//! Speech to text as a job: with the recogniser that is set up, or from what somebody imported for the film before.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, Progress, Runner, WorkKey, kinds, media_ended};
use crate::{
    base::{ContentHash, Trouble, words::say},
    engine::{self, Speech, Survey, TranscribeError},
    media,
    ml::{
        models::speech::{self, Machine},
        speech::{Endpoint, EndpointAddress, Recogniser, SpeechError, Vad, Whisper, whisper},
    },
    session::{batch, survey, words},
    speech::Transcript,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

/// Where a recogniser answers.
const URL: &str = "MONTAGE_AI_SPEECH_URL";
/// Which model it is asked for.
const MODEL: &str = "MONTAGE_AI_SPEECH_MODEL";
/// What it wants to be told by who may ask. Read when a job runs and written nowhere.
const KEY: &str = "MONTAGE_AI_SPEECH_KEY";

/// Where recognisers on this machine usually listen.
pub const USUAL_RECOGNISER: &str = EndpointAddress::USUAL;

/// Who recognises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SpeechEngine {
    /// The server of the address or of the environment where there is one, else this machine.
    #[default]
    Usual,
    /// whisper.cpp, in this program.
    Here,
}

/// What is wanted; what is not said is as the environment says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TranscribeAsk {
    #[serde(default)]
    pub engine: SpeechEngine,
    /// Address of a recogniser with OpenAI's interface.
    #[serde(default)]
    pub url: Option<String>,
    /// The server's name of a model; on this machine a name, a file or a folder of them.
    #[serde(default)]
    pub model: Option<String>,
    /// A code such as `de`; None = the recogniser finds out.
    #[serde(default)]
    pub language: Option<String>,
    /// A transcript that was imported before does not do.
    #[serde(default)]
    pub anew: bool,
}

/// Whether a server is set up by the environment.
pub fn has_recogniser() -> bool {
    set(URL).is_some()
}

fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// All that the runner needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    input: PathBuf,
    hash: ContentHash,
    /// Where its text goes.
    output: Option<PathBuf>,
    format: Option<words::TranscriptFormat>,
    /// A transcript that was imported for this film.
    known: Option<PathBuf>,
    /// A model of this machine; without one the server is asked.
    #[serde(default)]
    file: Option<PathBuf>,
    url: String,
    model: String,
    language: Option<String>,
}

/// Who is asked: a server and its model, or a file on this machine.
fn engine_of(models: &Path, ask: &TranscribeAsk, language: Option<&str>) -> Result<(String, String, Option<PathBuf>), SpeechError> {
    let url = ask.url.clone().or_else(|| set(URL)).filter(|_| ask.engine != SpeechEngine::Here);
    if let Some(url) = url {
        let model = ask.model.clone().or_else(|| set(MODEL)).unwrap_or_else(|| EndpointAddress::USUAL_MODEL.to_owned());
        endpoint(&url, &model)?;
        return Ok((url, model, None));
    }
    language.map(whisper::language).transpose()?;
    let file = speech::choose(ask.model.as_deref(), language, models, Machine::here())?;
    // another run of the program may stand elsewhere
    let file = std::path::absolute(&file).unwrap_or(file);
    let model = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok((String::new(), model, Some(file)))
}

/// What is to be done for one file. Reads a part of it. The user's models lie in `models`.
pub(super) fn spec(
    data: Option<&Path>,
    models: &Path,
    input: &Path,
    output: Option<(&Path, words::TranscriptFormat)>,
    ask: &TranscribeAsk,
) -> Result<JobSpec, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let input = std::path::absolute(input).map_err(unreadable)?;
    let hash = media::stamp(&input).map_err(unreadable)?.hash.ok_or_else(|| unreadable(std::io::ErrorKind::InvalidData.into()))?;
    let known = data.map(|d| words::imported(d, hash)).filter(|p| !ask.anew && p.is_file());
    let language = ask.language.clone().filter(|l| l != "auto");
    let (url, model, file) = match &known {
        Some(_) => Default::default(),
        None => engine_of(models, ask, language.as_deref()).map_err(|e| Trouble::of(&e))?,
    };
    let (output, format) = match output {
        Some((path, format)) => (Some(std::path::absolute(path).map_err(unreadable)?), Some(format)),
        None => (None, None),
    };
    let target = output.as_deref().map_or_else(String::new, |o| o.to_string_lossy().into_owned());
    let source = known.as_deref().map_or_else(|| format!("{url} {model} {file:?} {language:?}"), |_| "imported".to_owned());
    let key = WorkKey::of(["transcribe", &hash.to_string(), &source, &target, &format!("{format:?}")]);
    let subject = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    // a server waits for the network, whisper.cpp takes every thread there is
    let lane = if file.is_some() { Lane::Cpu } else { Lane::Io };
    let params = Params { input, hash, output, format, known, file, url, model, language };
    Ok(JobSpec::new(kinds::TRANSCRIBE, subject, json!(params), lane).keyed(key))
}

fn endpoint(url: &str, model: &str) -> Result<Endpoint, SpeechError> {
    Endpoint::new(EndpointAddress { model: model.to_owned(), key: set(KEY), ..EndpointAddress::new(url) })
}

/// Recognises.
pub(super) struct Transcriber {
    cache: Cache,
    /// Where the user's models lie.
    models: PathBuf,
}

impl Transcriber {
    pub fn new(cache: Cache, models: PathBuf) -> Self {
        Self { cache, models }
    }

    fn words(&self, p: &Params, cx: &JobContext) -> Result<(Transcript, PathBuf), Ended> {
        if let Some(known) = &p.known {
            return Ok((words::read(known).map_err(Failure::permanent)?, known.clone()));
        }
        let now = media::stamp(&p.input).ok().and_then(|s| s.hash);
        if now.is_some_and(|now| now != p.hash) {
            return Err(Failure::permanent(say!("session-film-changed", path = p.input.display().to_string()).trouble()).into());
        }
        let info = batch::probe(&p.input).map_err(Failure::permanent)?;
        let failed = |e: SpeechError| Failure::of(&e);
        let mut recogniser: Box<dyn Recogniser> = match &p.file {
            Some(file) => Box::new(Whisper::load(file).map_err(failed)?),
            None => Box::new(endpoint(&p.url, &p.model).map_err(failed)?),
        };
        cx.log(recogniser.describe());
        let vad = self.vad(cx);
        let cache = self.cache.root().join(survey::SORT);
        let mut progress = |fraction| cx.progress(Progress { fraction, step: String::new(), rate: 0.0, secs_left: None });
        let cancelled = || cx.check().is_err();
        let stop = || cx.stop_flag().load(Ordering::Relaxed);
        let mut survey = Survey { cache: Some(&cache), cancel: &cancelled, progress: &mut progress };
        let work = Some(cx.work_dir());
        let speech = Speech { path: &p.input, info: &info, language: p.language.as_deref(), work, vad, stop: &stop };
        let found = engine::transcribe(speech, recogniser.as_mut(), &mut survey);
        let (transcript, file) = found.map_err(|e| ended(&e))?;
        let file = file.ok_or_else(|| Failure::permanent(say!("session-film-changed", path = p.input.display().to_string()).trouble()))?;
        Ok((transcript, file))
    }

    /// Who finds out where somebody speaks, where that is here and works. Without it less is known, nothing is missing.
    fn vad(&self, cx: &JobContext) -> Option<Vad> {
        let file = speech::silero(&self.models)?;
        Vad::load(&file).inspect_err(|e| cx.log(e.to_string())).ok()
    }
}

impl Runner for Transcriber {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let (transcript, file) = self.words(&p, cx)?;
        if let (Some(output), Some(format)) = (&p.output, p.format) {
            cx.check()?;
            words::write(&transcript, output, format).map_err(Failure::permanent)?;
        }
        Ok(json!({
            "hash": p.hash,
            "transcript": file,
            "output": p.output.as_ref().unwrap_or(&file),
            "language": transcript.language(),
            "words": transcript.words().len(),
        }))
    }

    fn still_good(&self, result: &Value) -> bool {
        let there = |key: &str| result[key].as_str().is_some_and(|p| Path::new(p).is_file());
        there("transcript") && there("output")
    }
}

fn ended(e: &TranscribeError) -> Ended {
    match e {
        TranscribeError::Speech(SpeechError::Cancelled) => Ended::Stopped,
        TranscribeError::Speech(s) if s.passes() => Failure::transient(Trouble::of(e)).into(),
        TranscribeError::Media(media) => media_ended(media, e),
        _ => Failure::of(e).into(),
    }
}
