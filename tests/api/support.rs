//! A server with jobs that do as they are told, and a client that speaks plain HTTP so that it can also speak it badly.

use montage_ai::{
    api::{self, Options, Running},
    jobs::{self, Ended, Failure, Job, JobContext, JobId, JobSpec, Jobs, Kind, Lane, Lanes, Progress, Retry, Runner},
    session,
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Nothing here takes long; what is not there by then never comes.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The kind of the jobs of these tests.
pub const WORK: Kind = Kind::named("work");

/// Does what the parameters say: `{"frames": n, "ms": pause after each, "fail": "text", "panic": "text", "deaf": ms that it does
/// not listen at first}`.
struct Worker;

impl Runner for Worker {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let frames = params["frames"].as_u64().unwrap_or(0);
        cx.log("begun");
        std::thread::sleep(Duration::from_millis(params["deaf"].as_u64().unwrap_or(0)));
        for n in 0..frames {
            cx.sleep(Duration::from_millis(params["ms"].as_u64().unwrap_or(1)))?;
            let fraction = (n + 1) as f32 / frames as f32;
            cx.progress(Progress { fraction, step: "working".into(), rate: 24.5, secs_left: Some((frames - n - 1) as f32) });
        }
        if let Some(text) = params["panic"].as_str() {
            panic!("{text}");
        }
        match params["fail"].as_str() {
            Some(text) => Err(Failure { text: text.into(), hint: Some("look at it <b>closely</b>".into()), retryable: false }.into()),
            None => Ok(json!({ "frames": frames })),
        }
    }
}

/// Kinds that the API can submit.
pub fn runners_of_this_build() -> [Kind; 1] {
    [session::jobs::kinds::EXPORT]
}

/// A running server; its roots and the rest of its world vanish with it.
pub struct Desk {
    pub addr: SocketAddr,
    pub jobs: Jobs,
    pub root: PathBuf,
    pub world: TempDir,
    running: Option<Running>,
}

impl Desk {
    pub fn new() -> Self {
        Self::with("127.0.0.1:0", None)
    }

    pub fn with(addr: &str, token: Option<&str>) -> Self {
        let world = TempDir::new().unwrap();
        let root = world.path().canonicalize().unwrap().join("root");
        fs::create_dir(&root).unwrap();
        let worker: Arc<dyn Runner> = Arc::new(Worker);
        let mut runners = HashMap::from([(WORK, worker.clone())]);
        // stands in for the engines, which have tests of their own
        runners.extend(runners_of_this_build().map(|kind| (kind, worker.clone())));
        let options = jobs::Options {
            journal: Some(world.path().join("journal")),
            work: world.path().join("work"),
            lanes: Lanes { cpu: 2, gpu: 1, io: 2 },
            retry: Retry::default(),
            runners,
        };
        let jobs = Jobs::start(options).unwrap();
        let token_file = token.map(|t| {
            let file = world.path().join("token");
            fs::write(&file, t).unwrap();
            file
        });
        let options = Options { addr: addr.parse().unwrap(), roots: vec![root.clone()], token_file, hosts: Vec::new() };
        let kinds = runners_of_this_build().to_vec();
        let desk = session::jobs::Desk::over(jobs.clone(), kinds, &world.path().join("data"));
        let running = api::start(options, Arc::new(desk)).unwrap();
        Self { addr: running.addr(), jobs, root, world, running: Some(running) }
    }

    /// Enters a job of [`WORK`]; its number.
    pub fn enter(&self, params: Value) -> u64 {
        self.enter_all(vec![params])[0]
    }

    pub fn enter_all(&self, params: Vec<Value>) -> Vec<u64> {
        let spec = |(i, p)| JobSpec::new(WORK, format!("clip {i}.mov"), p, Lane::Cpu);
        let specs = params.into_iter().enumerate().map(spec).collect();
        let ids = self.jobs.submit_batch(specs).wait().unwrap().unwrap().ids;
        // the table shows them a moment after they are entered
        until("the jobs to show", || ids.iter().all(|id| self.jobs.snapshot().get(*id).is_some()));
        ids.into_iter().map(|id| id.0).collect()
    }

    /// Waits until a job is as wanted.
    pub fn until(&self, id: u64, state: &str) -> Arc<Job> {
        let job = || self.jobs.snapshot().get(JobId(id)).cloned();
        until(&format!("job {id} to be {state}"), || job().is_some_and(|j| j.state.as_str() == state));
        job().unwrap()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], Some(&body.to_string()))
    }
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    /// One request with these headers beside Host and the length of the body.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
        let mut text = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            text += &format!("Host: {}\r\n", self.addr);
        }
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = body {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        self.raw(format!("{text}Connection: close\r\n\r\n{}", body.unwrap_or_default()).as_bytes())
    }

    /// Exactly these bytes, on a connection of their own.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // a server that has heard enough may close before it was told everything
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::read(&answer)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    pub fn listen(&self, last: Option<&str>) -> Stream {
        Stream::open(self.connect(), self.addr, last)
    }

    /// Stops the server; how long that took.
    pub fn stop(&mut self) -> Duration {
        let begin = Instant::now();
        self.running.take().unwrap().stop(Duration::from_secs(5));
        begin.elapsed()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.stop();
        }
        self.jobs.close(Duration::from_secs(5));
    }
}

/// Waits until `condition` holds.
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What the server said.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|l| l.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let headers: Vec<_> = lines.filter_map(|l| l.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
        Self { status, headers, body: body.to_owned() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| &**v)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("not JSON ({e}): {self:?}"))
    }

    /// The body of an answer that must be a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json()
    }

    /// Status and field of a refusal, which must have words.
    #[track_caller]
    pub fn refusal(&self) -> (u16, Option<String>) {
        let body = self.json();
        assert!(self.status >= 400 && body["error"].as_str().is_some_and(|e| e.len() > 10 && !e.contains('\n')), "{self:?}");
        (self.status, body["field"].as_str().map(str::to_owned))
    }
}

/// An event as a browser would see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: String,
    pub data: Value,
}

/// An open event stream.
pub struct Stream {
    reader: BufReader<TcpStream>,
    pub status: u16,
}

impl Stream {
    fn open(mut stream: TcpStream, addr: SocketAddr, last: Option<&str>) -> Self {
        let last = last.map(|l| format!("Last-Event-ID: {l}\r\n")).unwrap_or_default();
        write!(stream, "GET /api/events HTTP/1.1\r\nHost: {addr}\r\n{last}\r\n").unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while reader.read_line(&mut head).unwrap() > 2 {}
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { reader, status }
    }

    /// The next event; None when the server has closed the stream. Signs of life are skipped, chunk sizes have no colon.
    pub fn next(&mut self) -> Option<Event> {
        let mut event = Event::default();
        let mut line = String::new();
        loop {
            line.clear();
            if self.reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some(("event", name)) => event.name = name.to_owned(),
                Some(("id", id)) => event.id = id.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                // the blank line at an event's end; the one at a chunk's end comes with nothing before it
                None if line.trim_end().is_empty() && !event.name.is_empty() => return Some(event),
                _ => {}
            }
        }
    }

    /// Reads on until an event is as wanted; all events on the way, it included.
    #[track_caller]
    pub fn until(&mut self, what: &str, wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut all = Vec::new();
        loop {
            let event = self.next().unwrap_or_else(|| panic!("the stream ended before {what}, after {} events", all.len()));
            all.push(event.clone());
            if wanted(&event) {
                return all;
            }
        }
    }
}
