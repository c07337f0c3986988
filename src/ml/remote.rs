//! A model that is reached over HTTP, behind OpenAI's interface: one question, one answer.
//!
//! Whoever answers is not trusted: answers are bounded in size and time, redirects are not followed, and a key goes only over HTTPS or
//! to this machine, past any proxy.

use std::{
    io::Read,
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

/// How often a question looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(50);
/// That nobody is there is found out sooner than that an answer takes long.
const CONNECT: Duration = Duration::from_secs(5);
/// Letters of a server's own words that are shown.
const MAX_REASON: usize = 160;

/// Where to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Up to and with the version, without a slash at the end: `http://127.0.0.1:8000/v1`.
    url: String,
    key: Option<String>,
    is_here: bool,
}

/// What to ask.
pub struct Question<'a> {
    /// Follows the address: `chat/completions`.
    pub path: &'a str,
    pub content_type: String,
    pub body: Vec<u8>,
    /// The whole of an answer may take so long.
    pub longest: Duration,
    /// Largest answer that is read.
    pub most_bytes: u64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    #[error("cancelled")]
    Cancelled,
    #[error("there was no answer in time, {0} s")]
    Slow(u64),
    /// Nobody answers there, or the connection broke.
    #[error("{0}")]
    Unreachable(String),
    /// It said no, or that it is busy or broken.
    #[error("it answered with status {status}")]
    Refused { status: u16, reason: String },
    /// What it answered is too large, or no text.
    #[error("{0}")]
    Nonsense(String),
}

impl Remote {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// What is wrong with the address: it is none of HTTP, names nobody, or would send the key in the clear over a network.
    pub fn new(url: &str, key: Option<String>) -> Result<Self, &'static str> {
        let url = url.trim().trim_end_matches('/');
        let (scheme, rest) =
            url.split_once("://").filter(|(s, _)| matches!(*s, "http" | "https")).ok_or("it does not begin with http:// or https://")?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err("a password does not belong into the address");
        }
        let host = match authority.strip_prefix('[') {
            Some(six) => six.split(']').next().unwrap_or_default(),
            None => authority.split(':').next().unwrap_or_default(),
        };
        if host.is_empty() || url.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#')) {
            return Err("it names no server");
        }
        let is_here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if key.is_some() && scheme == "http" && !is_here {
            return Err("a key is sent over https only");
        }
        Ok(Self { url: url.to_owned(), key, is_here })
    }

    /// The address that a question goes to.
    pub fn target(&self, path: &str) -> String {
        format!("{}/{path}", self.url)
    }

    /// The text of the answer. Blocks; `cancelled` is asked twenty times a second.
    ///
    /// # Errors
    /// There is none, or it was cancelled.
    pub fn ask(&self, question: Question<'_>, cancelled: &dyn Fn() -> bool) -> Result<String, AskError> {
        let (target, longest) = (self.target(question.path), question.longest);
        let Question { content_type, body, most_bytes, .. } = question;
        let (remote, begun) = (self.clone(), Instant::now());
        let (out, answers) = channel();
        // a read cannot be broken off; a thread of its own may be left behind, and ends when the server answers or its time is up
        let work = move || drop(out.send(remote.post(&target, &content_type, &body, longest, most_bytes)));
        thread::Builder::new().name("ask a model".into()).spawn(work).map_err(|e| AskError::Unreachable(e.to_string()))?;
        loop {
            match answers.recv_timeout(LOOK) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return Err(AskError::Unreachable("it stopped".into())),
                Err(RecvTimeoutError::Timeout) if cancelled() => return Err(AskError::Cancelled),
                Err(RecvTimeoutError::Timeout) if begun.elapsed() > longest => return Err(AskError::Slow(longest.as_secs())),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn post(&self, target: &str, content_type: &str, body: &[u8], longest: Duration, most_bytes: u64) -> Result<String, AskError> {
        let mut request = ureq::post(target)
            .config()
            .timeout_global(Some(longest))
            .timeout_connect(Some(CONNECT.min(longest)))
            // a redirect would take question and key to somebody who was not named
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false);
        if self.is_here {
            request = request.proxy(None);
        }
        let mut request = request.build().header("Content-Type", content_type);
        if let Some(key) = &self.key {
            request = request.header("Authorization", format!("Bearer {key}"));
        }
        let failed = |e: ureq::Error| match e {
            ureq::Error::Timeout(_) => AskError::Slow(longest.as_secs()),
            other => AskError::Unreachable(line(&other.to_string())),
        };
        let answer = request.send(body).map_err(failed)?;
        let status = answer.status().as_u16();
        let mut bytes = Vec::new();
        let read = answer.into_body().into_reader().take(most_bytes + 1).read_to_end(&mut bytes);
        if status != 200 {
            let words = String::from_utf8_lossy(&bytes);
            let told = serde_json::from_str::<serde_json::Value>(&words).ok();
            // OpenAI: {"error": {"message": …}}; others: {"error": …}, {"detail": …}
            let message =
                told.as_ref().and_then(|v| [&v["error"]["message"], &v["error"], &v["detail"]].into_iter().find_map(|m| m.as_str()));
            return Err(AskError::Refused { status, reason: line(message.unwrap_or(&words)) });
        }
        read.map_err(|e| match e.get_ref().and_then(|e| e.downcast_ref::<ureq::Error>()) {
            Some(ureq::Error::Timeout(_)) => AskError::Slow(longest.as_secs()),
            _ => AskError::Unreachable(line(&e.to_string())),
        })?;
        if bytes.len() as u64 > most_bytes {
            return Err(AskError::Nonsense(format!("it is larger than {} KiB", most_bytes >> 10)));
        }
        String::from_utf8(bytes).map_err(|_| AskError::Nonsense("it is no text".into()))
    }
}

/// A server's words as one short line without control signs.
fn line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ").chars().take(MAX_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_addresses_are_refused_and_a_key_stays_here_or_goes_over_https() {
        for odd in ["file:///etc/passwd", "http://", "ftp://a", "http://user:key@host/v1", "http://a b", "127.0.0.1:11434", "http://a/?b"] {
            assert!(Remote::new(odd, None).is_err(), "{odd}");
        }
        let with_key = |url| Remote::new(url, Some("k".into()));
        assert_eq!(with_key("http://example.org/v1"), Err("a key is sent over https only"));
        for fine in [" http://localhost:11434/v1/ ", "http://127.0.0.1/v1", "http://[::1]:8080/v1", "https://example.org/v1"] {
            assert!(with_key(fine).is_ok(), "{fine}");
        }
        assert_eq!(
            with_key(" http://localhost:11434/v1/ ").unwrap().target("chat/completions"),
            "http://localhost:11434/v1/chat/completions"
        );
    }
}
