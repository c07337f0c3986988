//! Every address: what it answers, and what it refuses.

use crate::support::{Desk, until};
use montage_ai::jobs::JobId;
use serde_json::{Value, json};
use std::fs;

fn ids(page: &Value) -> Vec<u64> {
    page["jobs"].as_array().unwrap().iter().map(|j| j["id"].as_u64().unwrap()).collect()
}

#[test]
fn the_table_is_listed_by_state_and_kind_and_in_pages() {
    let desk = Desk::new();
    let all = desk.enter_all((0..25).map(|n| if n == 7 { json!({"fail": "torn: seven.mov"}) } else { json!({}) }).collect());
    for id in &all {
        desk.until(*id, if *id == all[7] { "failed" } else { "completed" });
    }
    let mut newest: Vec<_> = all.clone();
    newest.reverse();
    let page = desk.get("/api/jobs").ok();
    assert_eq!((ids(&page), &page["total"], page.get("next")), (newest.clone(), &json!(25), None));
    assert_eq!(ids(&desk.get("/api/jobs?state=failed").ok()), [all[7]]);
    assert_eq!(desk.get("/api/jobs?state=failed,completed&kind=work").ok()["total"], 25);
    assert_eq!(desk.get("/api/jobs?state=running").ok()["total"], 0);
    assert_eq!(desk.get("/api/jobs?kind=proxy,export").ok()["jobs"], json!([]));

    // page by page, in both directions, nothing twice and nothing missing
    for (order, cursor, wanted) in [("newest", "before", &newest), ("oldest", "after", &all)] {
        let (mut seen, mut rest, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = desk.get(&format!("/api/jobs?order={order}&limit=10{rest}")).ok();
            seen.extend(ids(&page));
            pages += 1;
            let Some(next) = page["next"].as_u64() else { break };
            rest = format!("&{cursor}={next}");
        }
        assert_eq!((&seen, pages), (wanted, 3));
    }
    assert!(desk.get("/api/jobs?limit=25").ok().get("next").is_none());

    let job = &desk.get("/api/jobs?state=failed").ok()["jobs"][0];
    assert_eq!(
        (&job["kind"], &job["subject"], &job["state"], &job["attempts"]),
        (&json!("work"), &json!("clip 7.mov"), &json!("failed"), &json!(1))
    );
    assert_eq!(job["error"], json!({"error": "torn: seven.mov", "hint": "look at it <b>closely</b>", "retryable": false}));
    let time = job["ended"].as_str().unwrap();
    assert!(time.len() == 24 && time.ends_with('Z') && job["created"].as_str().unwrap() <= time, "{job}");
}

#[test]
fn wrong_parameters_are_named() {
    let desk = Desk::new();
    for (query, field) in [
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=many", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("before=-5", "before"),
        ("after=1.5", "after"),
        ("state=sleeping", "state"),
        ("state=", "state"),
        ("order=up", "order"),
        ("colour=red", "colour"),
        ("limit=1&limit=2", "limit"),
    ] {
        assert_eq!(desk.get(&format!("/api/jobs?{query}")).refusal(), (400, Some(field.into())), "{query}");
    }
}

#[test]
fn one_job_is_shown_with_its_parameters_and_log() {
    let desk = Desk::new();
    let id = desk.enter(json!({"frames": 3}));
    desk.until(id, "completed");
    let job = desk.get(&format!("/api/jobs/{id}")).ok();
    assert_eq!(
        (&job["id"], &job["params"], &job["result"], &job["log"]),
        (&json!(id), &json!({"frames": 3}), &json!({"frames": 3}), &json!(["begun"]))
    );
    assert_eq!(job["progress"]["fraction"], 1.0);
    for (wrong, status) in [("4711", 404), ("-1", 400), ("1.5", 400), ("x", 400), ("%2e%2e%2fetc", 400), ("99999999999999999999999", 400)] {
        assert_eq!(desk.get(&format!("/api/jobs/{wrong}")).refusal().0, status, "{wrong}");
    }
}

#[test]
fn a_job_is_cancelled_and_run_again() {
    let desk = Desk::new();
    let id = desk.enter(json!({"frames": 100_000, "ms": 1}));
    desk.until(id, "running");
    let path = format!("/api/jobs/{id}");
    assert_eq!(desk.post(&format!("{path}/retry"), &json!({})).refusal().0, 409);
    let answer = desk.delete(&path);
    assert_eq!(answer.status, 200);
    let job = answer.ok();
    assert_eq!((&job["state"], &job["cancelling"]), (&json!("cancelled"), &json!(false)), "the answer is how it is now");
    assert_eq!(desk.delete(&path).refusal().0, 409);
    let again = desk.post(&format!("{path}/retry"), &json!({})).ok();
    assert!(["queued", "running"].contains(&again["state"].as_str().unwrap()), "{again}");
    desk.until(id, "running");
    desk.post(&format!("{path}/pause"), &json!({})).ok();
    desk.until(id, "paused");
    assert_eq!(desk.post(&format!("{path}/pause"), &json!({})).refusal().0, 409);
    desk.post(&format!("{path}/resume"), &json!({})).ok();
    desk.until(id, "running");
    assert_eq!(desk.post(&format!("{path}/resume"), &json!({})).refusal().0, 409);
    desk.delete(&path).ok();
    for what in ["/api/jobs/4711", "/api/jobs/x"] {
        assert!(matches!(desk.delete(what).refusal().0, 400 | 404));
        assert!(matches!(desk.post(&format!("{what}/retry"), &json!({})).refusal().0, 400 | 404));
    }
    // a failed one, too; and a panic is a failure of one job that says what it was
    let id = desk.enter(json!({"panic": "the wheel came off"}));
    let job = desk.until(id, "failed");
    assert!(job.failure.as_ref().unwrap().text.contains("the wheel came off"), "{job:?}");
    desk.post(&format!("/api/jobs/{id}/retry"), &json!({})).ok();
    until("another attempt", || desk.jobs.snapshot().get(JobId(id)).is_some_and(|j| j.serial > job.serial && j.state == job.state));
}

#[test]
fn a_job_that_does_not_stop_at_once_is_told_as_cancelling() {
    let desk = Desk::new();
    let id = desk.enter(json!({"deaf": 9000, "frames": 1}));
    desk.until(id, "running");
    let path = format!("/api/jobs/{id}");
    let answer = desk.delete(&path);
    assert_eq!(answer.status, 202);
    let job: Value = answer.json();
    assert_eq!((&job["state"], &job["cancelling"]), (&json!("running"), &json!(true)));
    assert_eq!(desk.get(&path).ok()["cancelling"], true, "everybody sees it");
    desk.until(id, "cancelled");
    assert_eq!(desk.get(&path).ok()["cancelling"], false);
}

#[test]
fn health_counts_jobs_and_says_what_this_build_can_do() {
    let desk = Desk::new();
    let id = desk.enter(json!({"fail": "no such luck"}));
    desk.until(id, "failed");
    let health = desk.get("/api/health").ok();
    assert_eq!((&health["status"], &health["jobs"]["failed"], &health["jobs"]["queued"]), (&json!("ok"), &json!(1), &json!(0)));
    assert_eq!((&health["version"], &health["kinds"]), (&json!(env!("CARGO_PKG_VERSION")), &json!(["export"])));
}

#[test]
fn other_addresses_and_methods_are_refused_in_json() {
    let desk = Desk::new();
    for path in [
        "/api",
        "/api/",
        "/api/job",
        "/api/jobs/",
        "/api/jobs/1/delete",
        "/etc/passwd",
        "/../etc/passwd",
        "/%2e%2e/etc/passwd",
        "//api/jobs",
        "/status.js/x",
    ] {
        assert_eq!(desk.get(path).refusal().0, 404, "{path}");
    }
    assert_eq!(desk.post("/api/jobs/dance", &json!({})).refusal().0, 405);
    assert_eq!(desk.post("/api/jobs", &json!({})).refusal().0, 405);
    assert_eq!(desk.delete("/api/jobs").refusal().0, 405);
    assert_eq!(desk.send("PUT", "/api/jobs/1", &[], None).refusal().0, 405);
    assert_eq!(desk.delete("/api/events").refusal().0, 405);
}

/// A good request for each kind, given the files that it names.
pub fn good(kind: &str) -> Value {
    match kind {
        "transcribe" => json!({"input": "film.mp4", "output": "words.srt", "format": "srt", "language": "de", "model": "base"}),
        "upscale" => json!({"input": "film.mp4", "output": "large.mp4", "scale": 2, "tile": 256, "denoise": 0.5, "model": "general"}),
        "stabilize" => {
            json!({"input": "film.mp4", "output": "still.mp4", "smoothness": 0.5, "zoom": "static", "max_crop": 0.1, "tripod": false})
        }
        "proxy" => json!({"inputs": ["film.mp4"], "codec": "h264"}),
        "export" => json!({"project": "film.mp4", "output": "out.mp4", "preset": "h264-1080p", "range": [0, 10]}),
        "montage" => {
            json!({
                "media": ["film.mp4"], "music": "music.wav", "output": "film.montage", "style": "calm", "duration": 30, "seed": 7,
                "prompt": "slow", "music_start": 12.5, "tempo": 92, "count": "half", "beats_per_bar": 3, "bar_offset": -1,
                "aspect": "9:16", "size": 720, "fps": "30000/1001", "llm": true, "llm_model": "llama3.2", "export": "montage.mp4",
            })
        }
        _ => unreachable!("{kind}"),
    }
}

pub const KINDS: [&str; 6] = ["transcribe", "upscale", "stabilize", "proxy", "export", "montage"];

#[test]
fn every_kind_names_the_field_that_is_wrong() {
    let desk = Desk::new();
    fs::write(desk.root.join("film.mp4"), "x").unwrap();
    fs::write(desk.root.join("music.wav"), "x").unwrap();
    for kind in KINDS {
        let path = format!("/api/jobs/{kind}");
        let without = |field: &str| {
            let mut body = good(kind);
            body.as_object_mut().unwrap().remove(field);
            body
        };
        let with = |field: &str, value: Value| {
            let mut body = good(kind);
            body[field] = value;
            body
        };
        let wrong: Vec<(&str, Value)> = match kind {
            "transcribe" => {
                vec![("input", without("input")), ("format", with("format", json!("pdf"))), ("language", with("language", json!("")))]
            }
            "upscale" => vec![
                ("output", without("output")),
                ("scale", with("scale", json!(-2))),
                ("scale", with("scale", json!(5))),
                ("tile", with("tile", json!(-1))),
                ("tile", with("tile", json!(1.5))),
                ("denoise", with("denoise", json!(-0.1))),
                ("denoise", with("denoise", json!(1.1))),
                ("range", with("range", json!([10, 10]))),
                ("range[0]", with("range", json!([-1, 10]))),
            ],
            "stabilize" => vec![
                ("smoothness", with("smoothness", json!(-1))),
                ("max_crop", with("max_crop", json!(0.31))),
                ("zoom", with("zoom", json!("fast"))),
                ("tripod", with("tripod", json!("yes"))),
                ("analysis", with("analysis", json!("gone.json"))),
            ],
            "proxy" => vec![
                ("inputs", without("inputs")),
                ("inputs", with("inputs", json!([]))),
                ("inputs", with("inputs", json!(vec!["film.mp4"; 1001]))),
                ("inputs[0]", with("inputs", json!([5]))),
                ("inputs[1]", with("inputs", json!(["film.mp4", "gone.mp4"]))),
                ("codec", with("codec", json!("dv"))),
            ],
            "export" => vec![
                ("project", without("project")),
                ("range", with("range", json!([10, 10]))),
                ("range[0]", with("range", json!([-1, 10]))),
                ("preset", with("preset", json!("\u{7}"))),
            ],
            _ => vec![
                ("media", with("media", json!([]))),
                ("duration", with("duration", json!(-1))),
                ("seed", with("seed", json!(-1))),
                ("music_start", with("music_start", json!(-0.5))),
                ("tempo", with("tempo", json!(300))),
                ("count", with("count", json!("thrice"))),
                ("beats_per_bar", with("beats_per_bar", json!(0))),
                ("bar_offset", with("bar_offset", json!(100))),
                ("aspect", with("aspect", json!("9x16"))),
                ("aspect", with("aspect", json!("0:1"))),
                ("size", with("size", json!(12))),
                ("fps", with("fps", json!("fast"))),
                ("fps", with("fps", json!("1"))),
                ("llm", with("llm", json!("http://example.org/v1"))),
                ("llm_model", with("llm_model", json!(""))),
            ],
        };
        for (field, body) in wrong {
            assert_eq!(desk.post(&path, &body).refusal(), (400, Some(field.into())), "{kind}: {body}");
        }
        assert_eq!(desk.post(&path, &with("colour", json!("red"))).refusal(), (400, Some("colour".into())), "{kind}");
        for body in ["", "{", "[1]", "null", "\"x\"", "{} {}"] {
            let answer = desk.send("POST", &path, &[("Content-Type", "application/json")], Some(body));
            assert_eq!(answer.refusal().0, 400, "{kind}: {body:?}");
        }
        let deep = format!("{{\"input\": {}", "[".repeat(500_000));
        assert_eq!(desk.send("POST", &path, &[("Content-Type", "application/json")], Some(&deep)).refusal().0, 400);
        assert_eq!(desk.post(&format!("{path}?after=4711"), &good(kind)).refusal().0, 400);
        assert_eq!(desk.post(&format!("{path}?priority=high"), &good(kind)).refusal(), (400, Some("priority".into())));
    }
    assert_eq!(desk.jobs.snapshot().jobs().len(), 0, "a refused request left a job");
}

/// Kinds whose engine is not there yet.
fn missing(kind: &str) -> bool {
    kind != "export"
}

#[test]
fn a_kind_that_this_build_cannot_do_says_so() {
    let desk = Desk::new();
    fs::write(desk.root.join("film.mp4"), "x").unwrap();
    fs::write(desk.root.join("music.wav"), "x").unwrap();
    for kind in KINDS.into_iter().filter(|k| missing(k)) {
        let answer = desk.post(&format!("/api/jobs/{kind}"), &good(kind));
        assert_eq!(answer.refusal().0, 501);
        assert!(answer.json()["error"].as_str().unwrap().contains(env!("CARGO_PKG_VERSION")), "{answer:?}");
    }
}
