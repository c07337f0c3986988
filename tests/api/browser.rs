//! A headless Chromium, driven over WebDriver: plain JSON over HTTP to Debian's `chromedriver`.

use crate::support::PATIENCE;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A browser with one window; it ends with the value.
pub struct Browser {
    driver: Child,
    port: u16,
    session: String,
    _profile: TempDir,
}

impl Browser {
    pub fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed by `make test` (Debian: chromium-driver)");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("chromedriver ended").unwrap();
            if let Some((_, rest)) = line.split_once("successfully on port ") {
                break rest.trim_end_matches('.').parse().unwrap();
            }
        };
        // whatever it says later is nobody's
        std::thread::spawn(move || lines.for_each(drop));
        let profile = TempDir::new().unwrap();
        let mut browser = Self { driver, port, session: String::new(), _profile: profile };
        let data = format!("--user-data-dir={}", browser._profile.path().display());
        let quiet =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
        let rest =
            ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--lang=en", "--window-size=1200,900", &data];
        let args: Vec<_> = quiet.into_iter().chain(rest).collect();
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": args, "prefs": {"intl.accept_languages": "en"}},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        browser.session = browser.ask("POST", "/session", &wanted)["sessionId"].as_str().unwrap().to_owned();
        browser
    }

    /// One request to the driver.
    #[track_caller]
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n", self.port);
        write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).unwrap();
        let mut reader = BufReader::new(stream);
        let (mut status, mut length, mut line) = (String::new(), 0, String::new());
        reader.read_line(&mut status).unwrap();
        while reader.read_line(&mut line).unwrap() > 2 {
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        // it leaves the connection open, whatever it was asked
        let mut bytes = vec![0; length];
        reader.read_exact(&mut bytes).unwrap();
        let answer = String::from_utf8(bytes).unwrap();
        assert!(status.contains(" 200 "), "{path} {body}: {status}{answer}");
        serde_json::from_str::<Value>(&answer).unwrap()["value"].take()
    }

    #[track_caller]
    fn tell(&self, what: &str, body: &Value) -> Value {
        self.ask("POST", &format!("/session/{}/{what}", self.session), body)
    }

    #[track_caller]
    pub fn open(&self, address: &str) {
        self.tell("url", &json!({ "url": address }));
    }

    /// What a function body returns in the page.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.tell("execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until an expression is true in the page.
    #[track_caller]
    pub fn until(&self, expression: &str) {
        let begin = Instant::now();
        while self.run(&format!("return Boolean({expression})")) != true {
            if begin.elapsed() >= PATIENCE {
                panic!("waited in vain for {expression}; the page says:\n{}", self.run("return document.body.innerText"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[track_caller]
    fn find(&self, selector: &str) -> String {
        let quoted = serde_json::to_string(selector).unwrap();
        self.until(&format!("document.querySelector({quoted})"));
        let found = self.tell("element", &json!({"using": "css selector", "value": selector}));
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    /// Clicks as a person does: the element must be there, visible and uncovered.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let element = self.find(selector);
        self.tell(&format!("element/{element}/click"), &json!({}));
    }

    /// Types into a field.
    #[track_caller]
    pub fn write(&self, selector: &str, text: &str) {
        let element = self.find(selector);
        self.tell(&format!("element/{element}/value"), &json!({ "text": text }));
    }

    /// A command of the browser's own protocol, for what WebDriver lacks.
    #[track_caller]
    pub fn devtools(&self, command: &str, params: &Value) -> Value {
        self.tell("goog/cdp/execute", &json!({"cmd": command, "params": params}))
    }

    /// What the console has heard since the last call.
    #[track_caller]
    pub fn console(&self) -> Vec<String> {
        let log = self.tell("se/log", &json!({"type": "browser"}));
        log.as_array().unwrap().iter().map(|l| l["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Keeps a picture of the window beside the build's other temporary files.
    pub fn picture(&self, name: &str) -> PathBuf {
        let shot = self.devtools("Page.captureScreenshot", &json!({"format": "png", "captureBeyondViewport": true}));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("status-page");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, base64(shot["data"].as_str().unwrap())).unwrap();
        path
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // the driver closes its browser when it is asked to end; killed, it would leave it behind
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port);
            let _ = stream.read(&mut [0; 64]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The bytes of a text in base 64 (RFC 4648).
fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut held, mut out) = (0u32, 0, Vec::with_capacity(text.len() * 3 / 4));
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|l| *l == letter) else { continue };
        bits = bits << 6 | value as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    out
}
