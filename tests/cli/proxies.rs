//! Proxies from the command line: their cache, originals that change, input that is none, a disk that is full.

use crate::{
    desk::{Desk, Running, listing},
    footage::{Film, encode, kept, numbers},
    serve::Server,
};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn proxy(made: &Value) -> PathBuf {
    PathBuf::from(made["proxy"].as_str().unwrap())
}

#[test]
fn the_cache_is_shown_and_cleared_and_what_was_in_it_is_made_again() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    assert_eq!(desk.json(["jobs", "cache"])["usage"], json!({}));
    let made = proxy(&desk.json(["proxy", "film.mp4"])[0]);
    assert_eq!(proxy(&desk.json(["proxy", "film.mp4"])[0]), made);
    assert_eq!(desk.json(["jobs"]).as_array().unwrap().len(), 1, "the same work is not done twice");

    let cache = desk.json(["jobs", "cache"]);
    let bytes = made.metadata().unwrap().len();
    assert_eq!(Path::new(cache["folder"].as_str().unwrap()), desk.home().join("cache"));
    assert_eq!((&cache["budget"], &cache["bytes"]), (&json!(20u64 << 30), &json!(bytes)));
    assert_eq!(cache["usage"], json!({"proxies": {"files": 1, "bytes": bytes}}));
    assert!(cache.get("cleared").is_none() && made.exists());
    let text = desk.run(["jobs", "cache"]).succeeded().stdout;
    assert!(text.contains("proxies") && text.contains("1 file ") && text.contains("of 20.0 GiB"), "{text}");

    let cleared = desk.json(["jobs", "cache", "--clear"]);
    assert_eq!((&cleared["cleared"], &cleared["bytes"]), (&json!(bytes), &json!(0)));
    assert!(!made.exists());
    assert_eq!(proxy(&desk.json(["proxy", "film.mp4"])[0]), made, "made again under the same name");
    assert!(made.exists());
}

#[test]
fn an_original_that_has_changed_gets_another_proxy() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    let first = proxy(&desk.json(["proxy", "film.montage"])[0]);
    assert_eq!(numbers(&first), (0..50).collect::<Vec<_>>());
    let in_project = |made: &Path| {
        let text = fs::read_to_string(desk.path("film.montage")).unwrap();
        text.contains(made.file_name().unwrap().to_str().unwrap())
    };
    assert!(in_project(&first));

    desk.copy(&Film { first: 1000, frames: 75, ..Film::default() }.file(), "film.mp4");
    let second = proxy(&desk.json(["proxy", "film.mp4"])[0]);
    assert_ne!(second, first);
    assert_eq!(numbers(&second), (1000..1075).collect::<Vec<_>>());
    // the project takes in the file as it now is, or its new proxy would be stale at once
    let outcome = desk.run(["proxy", "film.montage"]).succeeded();
    assert!(outcome.stderr.contains("film.mp4") && outcome.stderr.contains("changed"), "{}", outcome.stderr);
    assert!(in_project(&second) && !in_project(&first));
    assert_eq!(desk.run(["proxy", "film.montage"]).succeeded().stderr, "", "now it knows it");
}

#[test]
fn an_original_that_changes_while_its_proxy_is_made_fails_the_job_and_leaves_nothing() {
    let desk = Desk::new();
    let long = Film { width: 160, height: 90, rate: "4", frames: 400, extension: "mov", ..Film::default() };
    desk.copy(&long.file(), "film.mov");
    let mut program = Running::start(desk.command(["proxy", "film.mov"]));
    let work = desk.home().join("cache/work");
    program.until("a part of it", || {
        let mut folders = fs::read_dir(&work).into_iter().flatten().flatten();
        folders.any(|f| listing(&f.path()).iter().any(|name| name.ends_with(".packets")))
    });
    program.signal(libc::SIGSTOP);
    // in one step, as programs save: who reads the old one reads on in it
    fs::rename(desk.copy(&Film::default().file(), "other.mov"), desk.path("film.mov")).unwrap();
    program.signal(libc::SIGCONT);
    program.end().failed_clearly(&["film.mov", "changed"]);
    let job = desk.json(["jobs"])[0].clone();
    assert_eq!((&job["state"], &job["attempts"], &job["error"]["retryable"]), (&json!("failed"), &json!(1), &json!(false)), "{job}");
    assert_eq!(listing(&desk.home().join("cache/proxies")), Vec::<String>::new());
    assert_eq!(listing(&work), Vec::<String>::new(), "parts of the film that it was are of no use");
    // asked for again, it is the proxy of the film that it is now
    let made = proxy(&desk.json(["proxy", "film.mov"])[0]);
    assert_eq!(numbers(&made), (0..50).collect::<Vec<_>>());
}

#[test]
fn what_no_proxy_can_be_made_of_fails_by_name_and_the_others_are_made() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "good.mp4");
    desk.write("zero.mp4", "");
    desk.write("text.mp4", "no film at all\n".repeat(400));
    let whole = fs::read(Film::default().file()).unwrap();
    desk.write("cut.mp4", &whole[..whole.len() / 2]);
    let sound = kept("a second of sound", "wav", |path| {
        let options = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "sine=d=1"];
        assert!(Command::new("ffmpeg").args(options).arg(path).status().unwrap().success());
    });
    desk.copy(&sound, "sound.wav");
    fs::create_dir(desk.path("folder.mp4")).unwrap();
    let bad = ["zero.mp4", "text.mp4", "cut.mp4", "sound.wav", "folder.mp4", "gone.mp4"];
    for name in bad {
        desk.run(["proxy", name]).failed_clearly(&[name]);
    }
    let all = [&["proxy"][..], &bad, &["good.mp4", "--json"]].concat();
    let outcome = Running::start(desk.command(all)).end().exit(1);
    let made = outcome.json();
    assert_eq!((made.as_array().unwrap().len(), &made[0]["original"]), (1, &json!("good.mp4")));
    for name in bad {
        assert!(outcome.stderr.contains(name), "{name} is not among what went wrong:\n{}", outcome.stderr);
    }
    // a job for each that could be opened, each with its reason
    let failed = desk.json(["jobs", "list", "--state", "failed"]);
    for job in failed.as_array().unwrap() {
        assert!(job["error"]["error"].as_str().unwrap().contains(job["subject"].as_str().unwrap()), "{job}");
    }
    assert_eq!(desk.json(["jobs", "list", "--state", "completed"]).as_array().unwrap().len(), 1);
    assert_eq!(listing(&desk.home().join("cache/proxies")).len(), 1, "no unfinished file");
    let usage = desk.json(["jobs", "cache", "--clear"])["usage"].clone();
    assert_eq!(usage, json!({}), "failed jobs leave nothing that cannot be cleared");
}

/// 320×180 that no encoder can make small: two megabytes and more.
fn noise() -> PathBuf {
    kept("80 frames of noise", "mp4", |path| {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let bytes = (0..320 * 180 * 80).map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        });
        encode("-f rawvideo -pix_fmt gray -s 320x180 -r 25 -i - -c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv420p", path, bytes);
    })
}

/// The command in a mount namespace of its own, where `folder` is a disk of this size; None where the machine allows none.
pub fn on_a_small_disk(desk: &Desk, folder: &Path, size: &str, inner: &Command) -> Option<Command> {
    let mut probe = Command::new("unshare");
    probe.args(["--user", "--map-root-user", "--mount", "true"]).stderr(Stdio::null());
    if !probe.status().is_ok_and(|s| s.success()) {
        // containers and hardened kernels forbid it
        eprintln!("this machine allows no mount namespace");
        return None;
    }
    fs::create_dir_all(folder).unwrap();
    let mut outer = Command::new("unshare");
    outer.args([
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        r#"mount -t tmpfs -o size=$1 small "$2" && shift 2 && exec "$@""#,
        "sh",
    ]);
    outer.arg(size).arg(folder).arg(inner.get_program()).args(inner.get_args());
    outer.current_dir(desk.path("")).envs(inner.get_envs().filter_map(|(k, v)| Some((k, v?))));
    outer.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Some(outer)
}

#[test]
fn a_proxy_on_a_full_disk_says_what_it_needs_and_what_is_free() {
    let desk = Desk::new();
    desk.copy(&noise(), "film.mp4");
    let cache = desk.home().join("cache");
    // what is left on the disk is told before it vanishes
    let inner = desk.command(["proxy", "film.mp4"]);
    let mut told = Command::new("sh");
    told.args(["-c", r#""$@"; status=$?; find "$0" -type f -size +0 ! -name '*.json' >left; exit $status"#]).arg(&cache);
    told.arg(inner.get_program()).args(inner.get_args()).envs(inner.get_envs().filter_map(|(k, v)| Some((k, v?))));
    let Some(command) = on_a_small_disk(&desk, &cache, "2m", &told) else { return };
    let outcome = Running::start(command).end().failed_clearly(&["room", "needed", "free", "MiB", "proxies/"]);
    assert!(!outcome.stderr.contains("recipe") && !outcome.stderr.contains(".packets"), "{}", outcome.stderr);
    assert!(outcome.hint().contains("jobs cache --clear"), "{}", outcome.hint());
    assert_eq!(fs::read_to_string(desk.path("left")).unwrap(), "", "nothing keeps the disk full");
    // the job is failed, not lost, and may be tried again where there is room
    let job = desk.json(["jobs"])[0].clone();
    assert_eq!((&job["state"], &job["attempts"], &job["error"]["retryable"]), (&json!("failed"), &json!(4), &json!(true)), "{job}");
    assert_eq!(desk.json(["jobs", "retry", &job["id"].to_string()])["state"], "completed");
}

#[test]
fn an_export_job_on_a_full_disk_says_what_it_needs_and_what_is_free() {
    let desk = Desk::new();
    desk.copy(&noise(), "film.mp4");
    let (small, inner) = (desk.path("small"), desk.command(["serve", "--addr", "127.0.0.1:0", "--json", "--root", "."]));
    let Some(command) = on_a_small_disk(&desk, &small, "1m", &inner) else { return };
    let server = Server::started(command);
    let wish = json!({"project": "film.mp4", "output": "small/out.mkv"});
    let (status, answer) = server.ask("POST", "/api/jobs/export", Some(&wish));
    assert_eq!(status, 202, "{answer}");
    let id = answer["jobs"][0]["id"].as_u64().unwrap();
    let job = server.until(id, |j| ["failed", "completed"].iter().any(|s| j["state"] == *s));
    let error = job["error"]["error"].as_str().unwrap_or_else(|| panic!("{job}"));
    for word in ["out.mkv", "needed", "free", "MiB", "small"] {
        assert!(error.contains(word), "no {word:?} in {error:?}");
    }
    assert!(!error.contains("recipe") && !error.contains(".packets") && !error.contains(".part"), "{error}");
    assert_eq!((&job["error"]["retryable"], &job["attempts"]), (&json!(true), &json!(4)));
    let seen = PathBuf::from(format!("/proc/{}/root{}", server.id(), small.display()));
    assert_eq!(listing(&seen), Vec::<String>::new(), "no partial file");
    assert_eq!(fs::read_dir(desk.home().join("cache/work")).map_or(0, Iterator::count), 0, "nor finished parts of it");
    // the pool goes on
    let wish = json!({"project": "film.mp4", "output": "out.mkv", "range": [0, 10]});
    let id = server.ask("POST", "/api/jobs/export", Some(&wish)).1["jobs"][0]["id"].as_u64().unwrap();
    assert_eq!(server.until(id, |j| ["failed", "completed"].iter().any(|s| j["state"] == *s))["state"], "completed");
    assert_eq!(server.end(libc::SIGTERM).0, Some(0));
}
