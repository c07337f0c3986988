//! Asks a language model over HTTP: any server that speaks the protocol of OpenAI's chat completions, on this machine unless the user says
//! otherwise. What is sent is the question alone; a key comes from the environment and goes to nobody but the server that was named.

use crate::ml::remote::{AskError, Question, Remote};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

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
/// A longer reply is none.
const MOST_BYTES: u64 = 256 << 10;

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

/// Whether a key is in the environment.
pub fn has_key() -> bool {
    key().is_some()
}

fn key() -> Option<String> {
    KEYS.iter().filter_map(|name| std::env::var(name).ok()).find(|k| !k.trim().is_empty())
}

/// The body of the reply. Blocks; `cancel` is asked twenty times a second.
pub(super) fn ask(assistant: &Assistant, question: &Value, cancel: &dyn Fn() -> bool) -> Result<String, AskError> {
    let remote = Remote::new(&assistant.url, key()).map_err(|reason| AskError::Unreachable(reason.to_owned()))?;
    let (content_type, body) = ("application/json".to_owned(), question.to_string().into_bytes());
    remote.ask(Question { path: "chat/completions", content_type, body, longest: PATIENCE, most_bytes: MOST_BYTES }, cancel)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;
    use std::{
        io::{Read, Write},
        net::TcpListener,
        sync::mpsc::{Receiver, channel},
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
        let why = |assistant: &Assistant| ask(assistant, &json!({}), &|| false).unwrap_err().to_string();
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
    fn a_stop_is_heard_at_once() {
        let (silent, _) = server(vec![Vec::new()], Duration::from_secs(1));
        assert_eq!(ask(&silent, &json!({}), &|| true), Err(AskError::Cancelled));
    }
}
