//! The endpoint against a server that answers well, slowly, wrongly and with malice.

use super::*;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

/// A server for one request: what it was sent, after it gave `answer`.
fn server(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/", listener.local_addr().unwrap());
    let (out, asked) = channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut got = Vec::new();
        let mut block = [0; 4096];
        while !got.ends_with(b"--\r\n") {
            match stream.read(&mut block) {
                Ok(n) if n > 0 => got.extend(&block[..n]),
                _ => break,
            }
        }
        answer(&mut stream);
        let _ = out.send(got);
    });
    (url, asked)
}

fn http(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into()
}

fn waiting<'a>(stop: &'a dyn Fn() -> bool, progress: &'a mut dyn FnMut(f32)) -> Waiting<'a> {
    Waiting { stop, progress }
}

fn asks(url: &str, longest: Duration) -> Result<Transcript, SpeechError> {
    let address = EndpointAddress { key: Some("s3cret".into()), longest, ..EndpointAddress::new(url) };
    Endpoint::new(address)?.recognise(Sound { samples: &[0.0, 0.5, -2.0], speech: None }, Some("de"), &mut waiting(&|| false, &mut |_| {}))
}

fn answered(answer: Vec<u8>) -> Result<Transcript, SpeechError> {
    let (url, _asked) = server(move |s| drop(s.write_all(&answer)));
    asks(&url, Duration::from_secs(20))
}

#[test]
fn a_good_answer_is_a_transcript_and_the_request_is_openais() {
    let body = r#"{"language":"german","text":"Guten Tag","words":[{"word":"Guten","start":0.1,"end":0.4},{"word":"Tag","start":0.5,"end":0.9}],
        "segments":[{"start":0.1,"end":0.9,"text":"Guten Tag"}]}"#;
    let answer = http("200 OK", body);
    let (url, asked) = server(move |s| drop(s.write_all(&answer)));
    let t = asks(&url, Duration::from_secs(20)).unwrap();
    assert_eq!((t.language(), t.text().as_str()), ("de", "Guten Tag\n"));
    let got = asked.recv().unwrap();
    let text = String::from_utf8_lossy(&got);
    assert!(text.starts_with("POST /v1/audio/transcriptions HTTP/1.1\r\n"), "{text}");
    let small = text.to_lowercase();
    for part in ["authorization: bearer s3cret", "name=\"model\"\r\n\r\nwhisper-1", "name=\"language\"\r\n\r\nde", "verbose_json", "riff"] {
        assert!(small.contains(part), "{part}");
    }
    // three samples of 16 bit after the head of 44 bytes, the last one clipped
    let file = got.windows(4).position(|w| w == b"RIFF").unwrap();
    assert_eq!(got[file + 40..file + 50], [6, 0, 0, 0, 0, 0, 0, 64, 1, 128]);
}

#[test]
fn bad_answers_are_one_line_that_says_whether_to_try_again() {
    let no = http("401 Unauthorized", r#"{"error":{"message":"wrong\nkey"}}"#);
    let busy = http("503 Busy", "<html>later</html>");
    let redirect = b"HTTP/1.1 302 Found\r\nLocation: http://198.51.100.1/\r\nContent-Length: 0\r\n\r\n".to_vec();
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"text\":".to_vec();
    let cases = [
        (no, false, "wrong key"),
        (busy, true, "503"),
        (redirect, false, "302"),
        (short, true, ""),
        (http("200 OK", "<html>"), false, ""),
        (http("200 OK", r#"{"segments":"x"}"#), false, ""),
        (http("200 OK", "\u{7}"), false, ""),
        (b"nonsense\r\n\r\n".to_vec(), true, ""),
        (Vec::new(), true, ""),
    ];
    for (answer, passes, says) in cases {
        let told = String::from_utf8_lossy(&answer).into_owned();
        let e = answered(answer).unwrap_err();
        let text = e.to_string();
        assert!(e.passes() == passes && !text.contains('\n') && text.contains(says) && text.chars().count() < 400, "{told:?}: {text}");
        assert!(!text.contains("s3cret"));
    }
    let hostile = r#"{"segments":[{"start":-5,"end":7,"text":"<script>x</script>\u0000 y"},{"start":null,"text":null}]}"#;
    assert_eq!(answered(http("200 OK", hostile)).unwrap().text(), "<script>x</script> y\n");
}

#[test]
fn a_slow_server_is_left_when_its_time_is_up_and_at_once_when_cancelled() {
    let slow = || server(|_| thread::sleep(Duration::from_secs(30))).0;
    assert!(matches!(asks(&slow(), Duration::from_millis(200)), Err(SpeechError::Slow { .. })));
    let begun = Instant::now();
    let mut endpoint = Endpoint::new(EndpointAddress::new(slow())).unwrap();
    assert_eq!(
        endpoint.recognise(Sound { samples: &[0.0], speech: None }, None, &mut waiting(&|| true, &mut |_| {})),
        Err(SpeechError::Cancelled)
    );
    assert!(begun.elapsed() < Duration::from_secs(10), "it did not wait for the answer");
}

#[test]
fn addresses_that_cannot_be_or_would_give_the_key_away_are_refused() {
    let with = |url: &str, key: bool| Endpoint::new(EndpointAddress { key: key.then(|| "k".into()), ..EndpointAddress::new(url) }).err();
    for url in ["", "x", "ftp://a/v1", "http://", "http://a b/", "https://u:p@host/v1", "file:///etc/passwd"] {
        let e = with(url, false).unwrap_or_else(|| panic!("{url:?} was taken"));
        assert!(!e.to_string().contains("u:p"), "{e}");
    }
    assert!(with("http://example.org/v1", true).is_some() && with("http://example.org/v1", false).is_none());
    for here in ["http://localhost:1/v1", "http://127.0.0.1/v1", "http://[::1]:8/v1", "https://example.org/v1"] {
        assert_eq!(with(here, true), None);
    }
}
