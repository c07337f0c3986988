//! The event stream: every change, from where one left off, for many at once, and nobody waits for the slow.

use crate::support::{Desk, Event, Stream, until};
use serde_json::{Value, json};
use std::{collections::BTreeMap, thread};

fn is_job(event: &Event, id: u64, state: &str) -> bool {
    event.name == "job" && event.data["id"] == id && event.data["state"] == state
}

#[test]
fn a_listener_hears_each_job_to_its_end() {
    let desk = Desk::new();
    let mut stream = desk.listen(None);
    let hello = stream.next().unwrap();
    assert_eq!((stream.status, &*hello.name, &hello.data["serial"].to_string()), (200, "hello", &hello.id));
    let id = desk.enter(json!({"frames": 20, "ms": 10}));
    let heard = stream.until("the end", |e| is_job(e, id, "completed"));
    let jobs: Vec<_> = heard.iter().filter(|e| e.name == "job").collect();
    assert!(jobs.iter().any(|e| e.data["state"] == "running" && e.data["progress"]["fraction"].as_f64().unwrap() > 0.0), "{heard:#?}");
    // numbers grow, and each is that of the change itself
    let serials: Vec<u64> = jobs.iter().map(|e| e.id.parse().unwrap()).collect();
    assert!(serials.windows(2).all(|w| w[0] < w[1]), "{serials:?}");
    assert!(jobs.iter().all(|e| Some(e.data["serial"].as_u64().unwrap()) == e.id.parse().ok()));
    let counts = stream.until("the counts", |e| e.name == "counts" && e.data["completed"] == 1);
    assert_eq!(counts.last().unwrap().data["running"], 0);
    // what is told is what the list says
    assert_eq!(desk.get("/api/jobs").ok()["jobs"][0], jobs.last().unwrap().data);
}

#[test]
fn a_listener_that_comes_back_hears_what_it_has_missed_and_nothing_twice() {
    let desk = Desk::new();
    let mut stream = desk.listen(None);
    let first = desk.enter(json!({}));
    let last = stream.until("the first job's end", |e| is_job(e, first, "completed")).pop().unwrap().id;
    drop(stream);
    let missed = desk.enter_all(vec![json!({}), json!({"fail": "torn"}), json!({})]);
    for (id, state) in missed.iter().zip(["completed", "failed", "completed"]) {
        desk.until(*id, state);
    }
    let mut stream = desk.listen(Some(&last));
    let heard = stream.until("the counts", |e| e.name == "counts");
    assert_eq!(heard[0].name, "hello");
    let told: BTreeMap<u64, String> = heard
        .iter()
        .filter(|e| e.name == "job")
        .map(|e| (e.data["id"].as_u64().unwrap(), e.data["state"].as_str().unwrap().into()))
        .collect();
    let wanted = missed.iter().copied().zip(["completed", "failed", "completed"].map(String::from)).collect();
    assert_eq!(told, wanted);
    assert_eq!(heard.iter().filter(|e| e.name == "job").count(), 3, "{heard:#?}");
    // and goes on hearing
    let next = desk.enter(json!({}));
    stream.until("the next job's end", |e| is_job(e, next, "completed"));
}

#[test]
fn a_number_that_means_nothing_here_starts_afresh() {
    let desk = Desk::new();
    for last in ["18446744073709551615", "x", "-1", "1.5", ""] {
        assert_eq!(desk.listen(Some(last)).next().unwrap().name, "reset", "{last:?}");
    }
}

#[test]
fn dropped_jobs_are_told_as_a_fresh_start() {
    let desk = Desk::new();
    let id = desk.enter(json!({}));
    desk.until(id, "completed");
    let mut stream = desk.listen(None);
    stream.until("the counts", |e| e.name == "counts");
    desk.jobs.clear(None);
    stream.until("the reset", |e| e.name == "reset");
    assert_eq!(desk.get("/api/jobs").ok()["total"], 0);
}

/// Reads until `last` is completed; the states in which each job was last seen.
fn follow(mut stream: Stream, last: u64) -> BTreeMap<u64, String> {
    let mut seen = BTreeMap::new();
    for event in stream.until("the last job's end", |e| is_job(e, last, "completed")) {
        if event.name == "job" {
            seen.insert(event.data["id"].as_u64().unwrap(), event.data["state"].as_str().unwrap().to_owned());
        }
    }
    seen
}

#[test]
fn two_hundred_listeners_hear_all_while_ten_thousand_jobs_wait() {
    let desk = Desk::new();
    // one job holds each place of the lane, so that the crowd waits
    let holders: Vec<_> = (0..2).map(|_| desk.enter(json!({"frames": 1_000_000, "ms": 5}))).collect();
    holders.iter().for_each(|id| drop(desk.until(*id, "running")));
    let crowd = desk.enter_all(vec![json!({}); 10_000]);
    assert_eq!(desk.get("/api/jobs?state=queued&limit=1").ok()["total"], 10_000);
    let mut streams: Vec<_> = (0..200).map(|_| desk.listen(None)).collect();
    for stream in &mut streams {
        assert_eq!(stream.next().unwrap().name, "hello");
    }
    assert_eq!(desk.get("/api/health").ok()["listeners"], 200);
    let listeners: Vec<_> = streams
        .into_iter()
        .map(|s| {
            let id = crowd[9_999];
            thread::spawn(move || follow(s, id))
        })
        .collect();
    // the rest is cancelled, so that the test need not wait for it; the last one runs when its turn comes
    for id in &crowd[..9_990] {
        let _ = desk.jobs.cancel(montage_ai::jobs::JobId(*id));
    }
    for id in &holders {
        desk.delete(&format!("/api/jobs/{id}")).ok();
    }
    for listener in listeners {
        let seen = listener.join().unwrap();
        let cancelled = crowd[..9_990].iter().filter(|id| seen.get(id).is_some_and(|s| s == "cancelled")).count();
        assert_eq!(cancelled, 9_990, "a listener has missed something");
    }
}

#[test]
fn nobody_waits_for_a_listener_that_does_not_read() {
    let desk = Desk::new();
    let sleepers: Vec<_> = (0..20).map(|_| desk.listen(None)).collect();
    // far more than the sockets and rings hold: each change is a few hundred bytes
    let ids = desk.enter_all((0..5_000).map(|_| json!({"frames": 2, "ms": 0})).collect());
    ids.iter().for_each(|id| drop(desk.until(*id, "completed")));
    // one of them wakes up: it is behind, and gets everything all the same
    let mut late = sleepers.into_iter().next().unwrap();
    let last = desk.enter(json!({}));
    let mut seen: BTreeMap<u64, Value> = BTreeMap::new();
    for event in late.until("the last job's end", |e| is_job(e, last, "completed")) {
        if event.name == "job" {
            seen.insert(event.data["id"].as_u64().unwrap(), event.data["state"].clone());
        }
    }
    assert!(ids.iter().all(|id| seen.get(id).is_some_and(|s| s == "completed")), "something is missing");
    drop(late);
    until("the listeners to be gone", || desk.get("/api/health").ok()["listeners"] == 0);
}

#[test]
fn the_server_ends_its_streams_and_stops_soon() {
    let mut desk = Desk::new();
    let mut streams: Vec<_> = (0..20).map(|_| desk.listen(None)).collect();
    let _idle = desk.connect();
    desk.enter(json!({"frames": 1_000_000, "ms": 5}));
    let took = desk.stop();
    assert!(took.as_secs() < 5, "took {took:?}");
    for stream in &mut streams {
        while stream.next().is_some() {}
    }
    assert!(std::net::TcpStream::connect(desk.addr).is_err());
}
