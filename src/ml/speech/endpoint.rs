//! A recogniser behind OpenAI's interface, `POST {address}/audio/transcriptions`: a server on this machine (whisper.cpp's,
//! faster-whisper's, LocalAI …) or anywhere. Off unless somebody gives an address.

use super::{
    Recogniser, Sound, SpeechError, Waiting,
    form::{Form, form},
};
use crate::{
    ml::remote::{AskError, Question, Remote},
    speech::{Transcript, whisper},
};
use std::time::Duration;

const PATH: &str = "audio/transcriptions";
/// A piece may take so long to recognise: ten minutes, what a slow processor needs for the longest piece.
const LONGEST: Duration = Duration::from_secs(600);
/// Largest answer that is read: an hour of words is a hundredth of it.
const MAX_ANSWER: u64 = 32 << 20;

/// Where to ask, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointAddress {
    /// Up to and with the version: `http://127.0.0.1:8000/v1`.
    pub url: String,
    pub model: String,
    pub key: Option<String>,
    /// How long an answer may take.
    pub longest: Duration,
}

impl EndpointAddress {
    /// Where servers on this machine usually listen.
    pub const USUAL: &str = "http://127.0.0.1:8000/v1";
    /// The name that most servers understand.
    pub const USUAL_MODEL: &str = "whisper-1";

    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), model: Self::USUAL_MODEL.to_owned(), key: None, longest: LONGEST }
    }
}

/// A recogniser that is reached over HTTP.
#[derive(Debug)]
pub struct Endpoint {
    address: EndpointAddress,
    remote: Remote,
}

impl Endpoint {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// The address is none of HTTP, names nobody, or would send the key in the clear over a network.
    pub fn new(address: EndpointAddress) -> Result<Self, SpeechError> {
        let bad = |reason: &str| SpeechError::BadAddress { url: shown(&address.url), reason: reason.to_owned() };
        let remote = Remote::new(&address.url, address.key.clone()).map_err(bad)?;
        Ok(Self { address, remote })
    }
}

/// An address as it may be shown: without what may be secret.
fn shown(url: &str) -> String {
    let rest = url.split(['?', '#']).next().unwrap_or_default();
    match (rest.find("://"), rest.rfind('@')) {
        (Some(a), Some(b)) if a + 3 < b => format!("{}…{}", &rest[..a + 3], &rest[b..]),
        _ => rest.chars().take(200).collect(),
    }
}

impl Recogniser for Endpoint {
    fn describe(&self) -> String {
        format!("{} {}", self.address.url, self.address.model)
    }

    fn longest_secs(&self) -> u32 {
        // 9.6 MB as WAV; the usual limit is 25 MB
        300
    }

    fn recognise(&mut self, sound: Sound<'_>, language: Option<&str>, waiting: &mut Waiting<'_>) -> Result<Transcript, SpeechError> {
        let Form { boundary, body } = form(sound.samples, &self.address.model, language);
        let content_type = format!("multipart/form-data; boundary={boundary}");
        let question = Question { path: PATH, content_type, body, longest: self.address.longest, most_bytes: MAX_ANSWER };
        let url = self.remote.target(PATH);
        match self.remote.ask(question, waiting.stop) {
            Ok(answer) => whisper::read(&answer).map_err(|reason| SpeechError::Nonsense { url, reason }),
            Err(AskError::Cancelled) => Err(SpeechError::Cancelled),
            Err(AskError::Slow(secs)) => Err(SpeechError::Slow { url, secs }),
            Err(AskError::Unreachable(reason)) => Err(SpeechError::Unreachable { url, reason }),
            Err(AskError::Refused { status, reason }) => Err(SpeechError::Refused { url, status, reason }),
            Err(AskError::Nonsense(reason)) => Err(SpeechError::Nonsense { url, reason }),
        }
    }
}
