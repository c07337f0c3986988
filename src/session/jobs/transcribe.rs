//! Speech to text as a job: with the recogniser that is set up, or from what somebody imported for the film before.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, Progress, Runner, WorkKey, kinds, media_ended};
use crate::{
    base::{ContentHash, Trouble, words::say},
    engine::{self, Survey, TranscribeError},
    media,
    ml::speech::{Endpoint, EndpointAddress, SpeechError},
    session::{batch, words},
    speech::Transcript,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Where a recogniser answers.
const URL: &str = "MONTAGE_AI_SPEECH_URL";
/// Which model it is asked for.
const MODEL: &str = "MONTAGE_AI_SPEECH_MODEL";
/// What it wants to be told by who may ask. Read when a job runs and written nowhere.
const KEY: &str = "MONTAGE_AI_SPEECH_KEY";

/// Where recognisers on this machine usually listen.
pub const USUAL_RECOGNISER: &str = EndpointAddress::USUAL;

/// What is wanted; what is not said is as the environment says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TranscribeAsk {
    /// Address of a recogniser with OpenAI's interface.
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub model: Option<String>,
    /// A code such as `de`; None = the recogniser finds out.
    #[serde(default)]
    pub language: Option<String>,
}

/// Whether a recogniser is set up, so that the window may offer it.
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
    url: String,
    model: String,
    language: Option<String>,
}

/// What is to be done for one file. Reads a part of it.
pub(super) fn spec(
    data: Option<&Path>,
    input: &Path,
    output: Option<(&Path, words::TranscriptFormat)>,
    ask: &TranscribeAsk,
) -> Result<JobSpec, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let input = std::path::absolute(input).map_err(unreadable)?;
    let hash = media::stamp(&input).map_err(unreadable)?.hash.ok_or_else(|| unreadable(std::io::ErrorKind::InvalidData.into()))?;
    let by_hand = ask.url.is_some() || ask.model.is_some();
    let known = data.map(|d| words::imported(d, hash)).filter(|p| !by_hand && p.is_file());
    let url = match (ask.url.clone().or_else(|| set(URL)), &known) {
        (Some(url), _) => url,
        (None, Some(_)) => String::new(),
        (None, None) => return Err(Trouble::of(&SpeechError::NoEngine)),
    };
    let model = ask.model.clone().or_else(|| set(MODEL)).unwrap_or_else(|| EndpointAddress::USUAL_MODEL.to_owned());
    if known.is_none() {
        endpoint(&url, &model).map_err(|e| Trouble::of(&e))?;
    }
    let language = ask.language.clone().filter(|l| l != "auto");
    let (output, format) = match output {
        Some((path, format)) => (Some(std::path::absolute(path).map_err(unreadable)?), Some(format)),
        None => (None, None),
    };
    let target = output.as_deref().map_or_else(String::new, |o| o.to_string_lossy().into_owned());
    let source = known.as_deref().map_or_else(|| format!("{url} {model} {language:?}"), |_| "imported".to_owned());
    let key = WorkKey::of(["transcribe", &hash.to_string(), &source, &target, &format!("{format:?}")]);
    let subject = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let params = Params { input, hash, output, format, known, url, model, language };
    Ok(JobSpec::new(kinds::TRANSCRIBE, subject, json!(params), Lane::Io).keyed(key))
}

fn endpoint(url: &str, model: &str) -> Result<Endpoint, SpeechError> {
    Endpoint::new(EndpointAddress { model: model.to_owned(), key: set(KEY), ..EndpointAddress::new(url) })
}

/// Recognises.
pub(super) struct Transcriber {
    cache: Cache,
}

impl Transcriber {
    pub fn new(cache: Cache) -> Self {
        Self { cache }
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
        let mut recogniser = endpoint(&p.url, &p.model).map_err(|e| Failure::of(&e))?;
        let cache = self.cache.root().join("analysis");
        let mut progress = |fraction| cx.progress(Progress { fraction, step: String::new(), rate: 0.0, secs_left: None });
        let cancelled = || cx.check().is_err();
        let mut survey = Survey { cache: Some(&cache), cancel: &cancelled, progress: &mut progress };
        let work = Some(cx.work_dir());
        let found = engine::transcribe(&p.input, &info, &mut recogniser, p.language.as_deref(), work, &mut survey);
        let (transcript, file) = found.map_err(|e| ended(&e))?;
        let file = file.ok_or_else(|| Failure::permanent(say!("session-film-changed", path = p.input.display().to_string()).trouble()))?;
        Ok((transcript, file))
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
