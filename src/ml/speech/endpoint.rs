//! A recogniser behind OpenAI's interface, `POST {address}/audio/transcriptions`: a server on this machine (whisper.cpp's,
//! faster-whisper's, LocalAI …) or anywhere. Off unless somebody gives an address.
//!
//! The answer is not trusted: it is bounded in size and time, redirects are not followed, and a key goes only over HTTPS or to
//! this machine.

use super::{
    Recogniser, SpeechError,
    form::{Form, form},
};
use crate::speech::{Transcript, whisper};
use std::{
    io::Read,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// How often a request looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(50);
/// A piece may take so long to recognise: ten minutes, what a slow processor needs for the longest piece.
const LONGEST: Duration = Duration::from_secs(600);
/// Largest answer that is read: an hour of words is a hundredth of it.
const MAX_ANSWER: u64 = 32 << 20;
/// Letters of a server's own words that are shown.
const MAX_REASON: usize = 160;

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
    target: String,
}

impl Endpoint {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// The address is none of HTTP, names nobody, or would send the key in the clear over a network.
    pub fn new(address: EndpointAddress) -> Result<Self, SpeechError> {
        let bad = |reason: &str| SpeechError::BadAddress { url: shown(&address.url), reason: reason.to_owned() };
        let base = address.url.trim().trim_end_matches('/');
        let (scheme, rest) = base.split_once("://").ok_or_else(|| bad("it does not begin with http:// or https://"))?;
        if !matches!(scheme, "http" | "https") {
            return Err(bad("it does not begin with http:// or https://"));
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(bad("a password does not belong into the address"));
        }
        let host = match authority.strip_prefix('[') {
            Some(six) => six.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        if host.is_empty() || base.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(bad("it names no server"));
        }
        let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if address.key.is_some() && scheme == "http" && !here {
            return Err(bad("a key is sent over https only"));
        }
        let target = format!("{base}/audio/transcriptions");
        Ok(Self { address, target })
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
        format!("{} {}", shown(&self.address.url), self.address.model)
    }

    fn longest_secs(&self) -> u32 {
        // 9.6 MB as WAV; the usual limit is 25 MB
        300
    }

    fn recognise(&mut self, sound: &[f32], language: Option<&str>, cancelled: &dyn Fn() -> bool) -> Result<Transcript, SpeechError> {
        let form = form(sound, &self.address.model, language);
        let (address, target) = (self.address.clone(), self.target.clone());
        let (out, answers) = mpsc::channel();
        let url = shown(&self.target);
        let lost = |reason: String| SpeechError::Unreachable { url: url.clone(), reason };
        // a read cannot be broken off; a thread of its own may be left behind, and ends when the server answers or its time is up
        let ask = move || drop(out.send(ask(&address, &target, form)));
        thread::Builder::new().name("recogniser".into()).spawn(ask).map_err(|e| lost(e.to_string()))?;
        let begun = Instant::now();
        let answer = loop {
            match answers.recv_timeout(LOOK) {
                Ok(answer) => break answer?,
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(lost("it stopped".into())),
                Err(mpsc::RecvTimeoutError::Timeout) if cancelled() => return Err(SpeechError::Cancelled),
                Err(mpsc::RecvTimeoutError::Timeout) if begun.elapsed() > self.address.longest => {
                    return Err(SpeechError::Slow { url, secs: self.address.longest.as_secs() });
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
            }
        };
        whisper::read(&answer).map_err(|reason| SpeechError::Nonsense { url, reason })
    }
}

/// One request; the text of the answer.
fn ask(address: &EndpointAddress, target: &str, form: Form) -> Result<String, SpeechError> {
    let url = shown(target);
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(address.longest))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .build();
    let agent: ureq::Agent = config.into();
    let mut request = agent.post(target).header("Content-Type", format!("multipart/form-data; boundary={}", form.boundary));
    if let Some(key) = &address.key {
        request = request.header("Authorization", format!("Bearer {key}"));
    }
    let failed = |e: ureq::Error| match e {
        ureq::Error::Timeout(_) => SpeechError::Slow { url: url.clone(), secs: address.longest.as_secs() },
        other => SpeechError::Unreachable { url: url.clone(), reason: line(&other.to_string()) },
    };
    let answer = request.send(&form.body[..]).map_err(failed)?;
    let status = answer.status().as_u16();
    let mut bytes = Vec::new();
    let read = answer.into_body().into_reader().take(MAX_ANSWER + 1).read_to_end(&mut bytes);
    if status != 200 {
        let words = String::from_utf8_lossy(&bytes);
        let told = serde_json::from_str::<serde_json::Value>(&words).ok();
        // OpenAI: {"error": {"message": …}}; others: {"error": …}, {"detail": …}
        let message = told.as_ref().and_then(|v| [&v["error"]["message"], &v["error"], &v["detail"]].into_iter().find_map(|m| m.as_str()));
        return Err(SpeechError::Refused { url, status, reason: line(message.unwrap_or(&words)) });
    }
    read.map_err(|e| SpeechError::Unreachable { url: url.clone(), reason: line(&e.to_string()) })?;
    if bytes.len() as u64 > MAX_ANSWER {
        return Err(SpeechError::Nonsense { url, reason: format!("it is larger than {} MiB", MAX_ANSWER >> 20) });
    }
    String::from_utf8(bytes).map_err(|_| SpeechError::Nonsense { url, reason: "it is no text".into() })
}

/// A server's words as one short line without control signs.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(MAX_REASON).collect()
}
