//! `serve` and `jobs`, as processes: the API over its socket, signals, and the table that several programs share.

use crate::{
    desk::{Desk, Running},
    footage::{Film, video_stream},
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(120);

/// A running server; killed if a test gives up on it.
pub struct Server {
    child: Child,
    addr: String,
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    pub fn start(desk: &Desk, more: &[&str]) -> Self {
        let mut arguments = vec!["serve", "--addr", "127.0.0.1:0", "--json", "--root", "."];
        arguments.extend(more);
        Self::started(desk.command(&arguments))
    }

    /// A command that becomes a server.
    pub fn started(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::inherit()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}"));
        assert_eq!(ready["url"], format!("http://{}/", ready["addr"].as_str().unwrap()));
        Self { child, addr: ready["addr"].as_str().unwrap().to_owned(), _stdout: stdout }
    }

    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.addr).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nConnection: close\r\n", self.addr);
        write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
    }

    pub fn until(&self, id: u64, wanted: impl Fn(&Value) -> bool) -> Value {
        let begin = Instant::now();
        loop {
            let job = self.ask("GET", &format!("/api/jobs/{id}"), None).1;
            if wanted(&job) {
                return job;
            }
            assert!(begin.elapsed() < PATIENCE, "{job}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal; the exit status and how long it took to end.
    pub fn end(mut self, signal: i32) -> (Option<i32>, Duration) {
        let pid = i32::try_from(self.child.id()).unwrap();
        // SAFETY: kill(2) touches no memory; the child has not been waited for, so that the id is still its own.
        assert_eq!(unsafe { libc::kill(pid, signal) }, 0);
        let begin = Instant::now();
        let status = self.child.wait().unwrap();
        (status.code(), begin.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An export that takes longer than any test: every frame is enlarged.
fn long_project(desk: &Desk) {
    desk.copy(&Film { frames: 1000, ..Film::default() }.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4", "--size", "1280x720"]).succeeded();
}

#[test]
fn an_export_is_submitted_watched_and_found_in_the_list() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    let server = Server::start(&desk, &[]);
    let (status, submitted) =
        server.ask("POST", "/api/jobs/export", Some(&json!({"project": "film.mp4", "output": "out.mp4", "range": [0, 20]})));
    assert_eq!(status, 202, "{submitted}");
    let id = submitted["jobs"][0]["id"].as_u64().unwrap();
    let job = server.until(id, |j| j["state"] == "completed");
    assert_eq!((&job["kind"], &job["subject"], &job["result"]["frames"]), (&json!("export"), &json!("out.mp4"), &json!(20)));
    assert_eq!(video_stream(&desk.path("out.mp4"))["nb_read_frames"], "20");
    // the same table, from another program
    let listed = desk.json(["jobs", "list"]);
    let facts = |j: &Value| ["id", "kind", "state", "subject", "created", "ended", "result"].map(|k| j[k].clone());
    assert_eq!(facts(&listed[0]), facts(&job));
    assert_eq!(facts(&desk.json(["jobs"])[0]), facts(&job));
    assert_eq!(desk.json(["jobs", "list", "--state", "failed,running"]), json!([]));
    assert_eq!(desk.json(["jobs", "list", "--kind", "export", "--limit", "1"])[0]["id"], id);
    assert_eq!(desk.json(["jobs", "show", &id.to_string()])["result"], job["result"]);
    assert!(desk.run(["jobs"]).succeeded().stdout.contains("out.mp4"));
    // a bad input is a failed job or a refusal, and the pool goes on
    for (name, bytes) in [("empty.mp4", &b""[..]), ("noise.mp4", &[7u8; 5000])] {
        desk.write(name, bytes);
        let (status, refused) = server.ask("POST", "/api/jobs/export", Some(&json!({"project": name, "output": "bad.mp4"})));
        assert_eq!((status, &refused["field"]), (400, &json!("project")), "{refused}");
    }
    let (status, refused) =
        server.ask("POST", "/api/jobs/export", Some(&json!({"project": "film.mp4", "output": "x.mp4", "preset": "nonsense"})));
    assert_eq!((status, &refused["field"]), (400, &json!("preset")), "{refused}");
    assert!(!desk.path("bad.mp4").exists() && !desk.path("x.mp4").exists());
    assert_eq!(server.end(libc::SIGTERM).0, Some(0));
}

#[test]
fn a_project_that_shows_files_outside_the_roots_is_refused() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).unwrap();
    desk.copy(&Film::default().file(), "secret.mp4");
    desk.run(["new", "in/film.montage", "secret.mp4"]).succeeded();
    let mut command = desk.command(["serve", "--addr", "127.0.0.1:0", "--json", "--root", "in"]);
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let addr = serde_json::from_str::<Value>(&line).unwrap()["addr"].as_str().unwrap().to_owned();
    let server = Server { child, addr, _stdout: stdout };
    let (status, refused) = server.ask("POST", "/api/jobs/export", Some(&json!({"project": "film.montage", "output": "out.mp4"})));
    assert_eq!((status, &refused["field"]), (403, &json!("project")), "{refused}");
    assert!(refused["error"].as_str().unwrap().contains("secret.mp4"));
}

#[test]
fn sigterm_stops_a_busy_server_within_ten_seconds_and_its_job_can_be_resumed() {
    let desk = Desk::new();
    long_project(&desk);
    let server = Server::start(&desk, &[]);
    let submit = json!({"project": "film.montage", "output": "out.mp4"});
    let id = server.ask("POST", "/api/jobs/export", Some(&submit)).1["jobs"][0]["id"].as_u64().unwrap();
    server.until(id, |j| j["state"] == "running" && j["progress"]["fraction"].as_f64().unwrap() > 0.0);
    let listeners: Vec<_> = (0..5)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.addr).unwrap();
            write!(stream, "GET /api/events HTTP/1.1\r\nHost: {}\r\n\r\n", server.addr).unwrap();
            stream
        })
        .collect();
    let (status, took) = server.end(libc::SIGTERM);
    assert_eq!(status, Some(0));
    assert!(took < Duration::from_secs(10), "took {took:?}");
    drop(listeners);
    let left = desk.json(["jobs", "show", &id.to_string()]);
    assert_eq!((&left["state"], &left["interrupted"]), (&json!("paused"), &json!(true)), "{left}");
    assert!(!desk.path("out.mp4").exists());
    assert_eq!(desk.json(["jobs", "cancel", &id.to_string()])["state"], "cancelled");
}

#[test]
fn jobs_of_another_program_are_cancelled_and_retried_from_the_command_line() {
    let desk = Desk::new();
    long_project(&desk);
    let server = Server::start(&desk, &[]);
    let submit = json!({"project": "film.montage", "output": "out.mp4"});
    let id = server.ask("POST", "/api/jobs/export", Some(&submit)).1["jobs"][0]["id"].as_u64().unwrap();
    server.until(id, |j| j["state"] == "running");
    let number = id.to_string();
    assert_eq!(desk.json(["jobs", "cancel", &number])["state"], "cancelled");
    assert_eq!(server.until(id, |j| j["state"] == "cancelled")["here"], true);
    desk.run(["jobs", "cancel", &number]).failed_clearly(&[&number, "cancelled"]);
    let again = desk.json(["jobs", "retry", &number]);
    assert!(again["state"] == "queued" || again["state"] == "running", "{again}");
    server.until(id, |j| j["state"] == "running");
    assert_eq!(server.end(libc::SIGINT).0, Some(0));
}

#[test]
fn an_interrupted_job_is_resumed_by_the_command_line_which_stays_until_it_is_done() {
    let desk = Desk::new();
    desk.copy(&Film { frames: 200, ..Film::default() }.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4", "--size", "640x360"]).succeeded();
    let server = Server::start(&desk, &[]);
    let submit = json!({"project": "film.montage", "output": "out.mp4"});
    let id = server.ask("POST", "/api/jobs/export", Some(&submit)).1["jobs"][0]["id"].as_u64().unwrap();
    server.until(id, |j| j["state"] == "running");
    server.end(libc::SIGKILL);
    let mut command = desk.command(["jobs", "resume", "--json", "--progress", "json"]);
    command.stdout(Stdio::piped());
    let outcome = Running::start(command).end().succeeded();
    let ended = outcome.json();
    assert_eq!((&ended[0]["id"], &ended[0]["state"]), (&json!(id), &json!("completed")), "{ended}");
    assert!(outcome.stderr.lines().all(|l| serde_json::from_str::<Value>(l).is_ok()), "{}", outcome.stderr);
    assert_eq!(video_stream(&desk.path("out.mp4"))["nb_read_frames"], "200");
    assert_eq!(desk.json(["jobs", "resume"]), json!([]));
    assert_eq!(desk.json(["jobs", "clear"])["cleared"], 1);
    assert_eq!(desk.json(["jobs", "list"]), json!([]));
}

#[test]
fn wrong_usage_and_unknown_jobs_are_told_clearly() {
    let desk = Desk::new();
    desk.run(["jobs", "show", "4711"]).failed_clearly(&["4711"]);
    desk.run(["jobs", "cancel", "4711"]).failed_clearly(&["4711"]);
    desk.run(["jobs", "list", "--state", "asleep"]).exit(2);
    desk.run(["jobs", "show"]).exit(2);
    desk.run(["jobs", "show", "-3"]).exit(2);
    assert_eq!(desk.json(["jobs"]), json!([]));
    desk.run(["serve", "--addr", "0.0.0.0:0"]).exit(2);
    desk.run(["serve", "--addr", "nonsense"]).exit(2);
    desk.run(["serve", "--addr", "127.0.0.1:0", "--root", "gone"]).failed_clearly(&["gone"]);
    desk.write("weak", "1234");
    desk.run(["serve", "--addr", "0.0.0.0:0", "--root", ".", "--token-file", "weak"]).failed_clearly(&["weak", "characters"]);
    let server = Server::start(&desk, &[]);
    desk.run(["serve", "--addr", &server.addr, "--root", "."]).failed_clearly(&[&server.addr]);
}
