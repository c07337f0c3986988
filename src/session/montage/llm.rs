//! Asks a language model over HTTP: any server that speaks the protocol of OpenAI's chat completions, on this machine unless the user says
//! otherwise. What is sent is the question alone; a key comes from the environment and goes to nobody but the server that was named.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    sync::mpsc::{RecvTimeoutError, channel},
    time::Duration,
};

/// Ollama's usual place.
pub const DEFAULT_URL: &str = "http://127.0.0.1:11434/v1";
pub const DEFAULT_MODEL: &str = "llama3.2";
/// Where a key is looked for, in this order.
const KEYS: [&str; 2] = ["MONTAGE_AI_LLM_KEY", "OPENAI_API_KEY"];
/// The whole of an answer may take so long.
#[cfg(not(test))]
const PATIENCE: Duration = Duration::from_secs(60);
#[cfg(test)]
const PATIENCE: Duration = Duration::from_millis(800);
/// Nobody there is found out sooner.
const CONNECT: Duration = Duration::from_secs(5);
/// A longer reply is none.
const MOST_BYTES: u64 = 256 << 10;
/// How often a stop is looked for.
const LOOK: Duration = Duration::from_millis(50);

/// A language model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assistant {
    /// Up to and without `/chat/completions`.
    pub url: String,
    pub model: String,
}

impl Default for Assistant {
    fn default() -> Self {
        Self { url: DEFAULT_URL.into(), model: DEFAULT_MODEL.into() }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AskError {
    Stopped,
    Failed(String),
}

/// Whether a key is in the environment.
pub fn has_key() -> bool {
    key().is_some()
}

fn key() -> Option<String> {
    KEYS.iter().filter_map(|name| std::env::var(name).ok()).find(|k| !k.trim().is_empty())
}

/// The body of the reply. Blocks; `cancel` is asked twenty times a second.
pub(super) fn ask(assistant: &Assistant, question: &Value, cancel: &dyn Fn() -> bool) -> Result<String, AskError> {
    let failed = |why: &str| AskError::Failed(why.to_owned());
    let (url, host) = target(&assistant.url).ok_or_else(|| failed("its address is no http:// or https:// address"))?;
    let local = is_local(&host);
    let key = key();
    if key.is_some() && !local && url.starts_with("http://") {
        return Err(failed("a key is only sent over https://"));
    }
    let body = question.to_string();
    let (tell, answer) = channel();
    let work = move || {
        // the asker may have gone away
        let _ = tell.send(post(&url, key.as_deref(), body, local));
    };
    std::thread::Builder::new().name("language model".into()).spawn(work).map_err(|e| failed(&e.to_string()))?;
    loop {
        match answer.recv_timeout(LOOK) {
            Ok(reply) => return reply.map_err(AskError::Failed),
            Err(RecvTimeoutError::Timeout) if cancel() => return Err(AskError::Stopped),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(failed("asking it failed")),
        }
    }
}

fn post(url: &str, key: Option<&str>, body: String, local: bool) -> Result<String, String> {
    let mut request = ureq::post(url)
        .config()
        .timeout_global(Some(PATIENCE))
        .timeout_connect(Some(CONNECT.min(PATIENCE)))
        // a redirect would take question and key to somebody who was not named
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false);
    if local {
        request = request.proxy(None);
    }
    let mut request = request.build().header("Content-Type", "application/json");
    if let Some(key) = key {
        request = request.header("Authorization", format!("Bearer {key}"));
    }
    let mut reply = request.send(body).map_err(|e| e.to_string())?;
    let status = reply.status().as_u16();
    if status != 200 {
        return Err(format!("it answered with status {status}"));
    }
    reply.body_mut().with_config().limit(MOST_BYTES).read_to_string().map_err(|e| e.to_string())
}

/// Address of the completions, and the host in it. None for what is no plain web address.
fn target(url: &str) -> Option<(String, String)> {
    let url = url.trim().trim_end_matches('/');
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"))?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let plain = |c: char| c.is_ascii_graphic();
    if authority.is_empty() || authority.contains('@') || !url.chars().all(plain) || url.contains(['?', '#']) {
        return None;
    }
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?.to_owned(),
        None => authority.split(':').next()?.to_owned(),
    };
    Some((format!("{url}/chat/completions"), host))
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::mpsc::Receiver,
    };

    /// A server for one request that replies with these bytes, piece by piece with pauses between; what it was sent.
    pub fn server(pieces: Vec<Vec<u8>>, pause: Duration) -> (Assistant, Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let (tell, sent) = channel();
        std::thread::spawn(move || {
            let Ok((mut peer, _)) = listener.accept() else { return };
            let (mut buffer, mut heard) = ([0; 65_536], String::new());
            loop {
                let n = peer.read(&mut buffer).unwrap_or(0);
                heard.push_str(&String::from_utf8_lossy(&buffer[..n]));
                let whole = heard.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length =
                        head.to_ascii_lowercase().split("content-length: ").nth(1).and_then(|l| l.lines().next()?.trim().parse().ok());
                    length.is_none_or(|l: usize| body.len() >= l)
                });
                if n == 0 || whole {
                    break;
                }
            }
            let _ = tell.send(heard);
            for piece in pieces {
                if peer.write_all(&piece).is_err() {
                    return;
                }
                std::thread::sleep(pause);
            }
        });
        (Assistant { url, model: "test".into() }, sent)
    }

    pub fn reply(status: &str, body: &str) -> Vec<u8> {
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            .into()
    }

    /// A chat completion with this text.
    pub fn completion(text: &str) -> Vec<u8> {
        reply("200 OK", &json!({ "choices": [{ "message": { "role": "assistant", "content": text } }] }).to_string())
    }

    #[test]
    fn a_good_reply_comes_back_and_only_the_question_was_sent() {
        let (assistant, sent) = server(vec![completion("{}")], Duration::ZERO);
        let body = ask(&assistant, &json!({ "wish": "sea" }), &|| false).unwrap();
        assert!(body.contains("choices"));
        let sent = sent.recv().unwrap();
        assert!(sent.starts_with("POST /v1/chat/completions HTTP/1.1\r\n") && sent.ends_with(r#"{"wish":"sea"}"#), "{sent}");
    }

    #[test]
    fn slow_dead_broken_and_hostile_servers_fail_within_the_patience() {
        let why = |assistant: &Assistant| match ask(assistant, &json!({}), &|| false) {
            Err(AskError::Failed(why)) => why,
            other => panic!("{other:?}"),
        };
        let trickle =
            vec![b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec(); 1].into_iter().chain(vec![b"x".to_vec(); 200]).collect();
        let (slow, _) = server(trickle, Duration::from_millis(60));
        let began = std::time::Instant::now();
        assert!(why(&slow).contains("time"), "{}", why(&slow));
        assert!(began.elapsed() < Duration::from_secs(10));
        let (refusing, _) = server(vec![reply("500 Internal Server Error", "no")], Duration::ZERO);
        assert!(why(&refusing).contains("500"));
        let elsewhere = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec();
        let (redirecting, _) = server(vec![elsewhere], Duration::ZERO);
        assert!(why(&redirecting).contains("302"), "a redirect is not followed");
        let (huge, _) = server(vec![reply("200 OK", &"x".repeat((MOST_BYTES + 1) as usize))], Duration::ZERO);
        assert!(!why(&huge).is_empty());
        let (garbage, _) = server(vec![b"\0\x01garbage".to_vec()], Duration::ZERO);
        assert!(!why(&garbage).is_empty());
        let closed = Assistant { url: "http://127.0.0.1:1/v1".into(), model: "m".into() };
        assert!(!why(&closed).is_empty());
    }

    #[test]
    fn a_stop_is_heard_at_once_and_odd_addresses_are_refused() {
        let (silent, _) = server(vec![Vec::new()], Duration::from_secs(1));
        assert_eq!(ask(&silent, &json!({}), &|| true), Err(AskError::Stopped));
        for odd in ["file:///etc/passwd", "http://", "ftp://a", "http://user:key@host/v1", "http://a b", "127.0.0.1:11434"] {
            assert_eq!(target(odd), None, "{odd}");
        }
        assert_eq!(target(" http://localhost:11434/v1/ ").unwrap().0, "http://localhost:11434/v1/chat/completions");
        assert!(["localhost", "127.0.0.1", "::1"].into_iter().all(is_local) && !is_local("example.org"));
        assert_eq!(target("http://[::1]:8080/v1").unwrap().1, "::1");
    }
}
