//! Names, options, JSON keys and exit status: what scripts rely on.

use crate::{
    desk::{Desk, Running},
    footage::{Film, X264, numbers, picture, video_stream},
};
use serde_json::{Value, json};
use std::fs;

const AAC: &str = "-c:a aac -b:a 128k";

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}")).keys().map(String::as_str).collect()
}

#[track_caller]
fn has_keys(value: &Value, wanted: &[&str]) {
    let keys = keys(value);
    for key in wanted {
        assert!(keys.contains(key), "no key {key:?} in {value}");
    }
}

#[test]
fn wrong_usage_ends_with_status_2_and_says_so_on_stderr_alone() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    let before = desk.listing();
    for arguments in [
        &["probe"][..],
        &["frame", "film.mp4"],
        &["frame", "film.mp4", "--at", "0"],
        &["frame", "film.mp4", "--at", "noon", "-o", "out.png"],
        &["frame", "film.mp4", "--at=-1", "-o", "out.png"],
        &["export", "film.montage"],
        &["export", "film.montage", "-o", "out.mp4", "--range", "5"],
        &["export", "film.montage", "-o", "out.mp4", "--preset", "no-such-preset"],
        &["new", "other.montage", "film.mp4", "--fps", "0"],
        &["new", "other.montage", "film.mp4", "--size", "12"],
        &["edit", "film.montage"],
        &["presets", "--no-such-option"],
    ] {
        let outcome = desk.run(arguments).exit(2);
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(!outcome.stderr.is_empty() && !outcome.stderr.contains("panicked"), "{arguments:?}: {}", outcome.stderr);
    }
    assert_eq!(desk.listing(), before);
}

#[test]
fn help_and_version_are_results() {
    let desk = Desk::new();
    let help = desk.run(["--help"]).succeeded().stdout;
    for command in ["demo", "probe", "new", "frame", "export", "presets", "edit", "jobs", "serve", "doctor", "bench"] {
        assert!(help.lines().any(|l| l.trim_start().starts_with(command)), "{command} is not in the help:\n{help}");
        assert!(!desk.run([command, "--help"]).succeeded().stdout.is_empty());
    }
    let version = desk.run(["--version"]).succeeded().stdout;
    assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
}

#[test]
fn probe_tells_the_truth() {
    let desk = Desk::new();
    let film = Film { rate: "30000/1001", frames: 60, audio: AAC, ..Film::default() };
    desk.copy(&film.file(), "film.mp4");
    let probe = desk.json(["probe", "film.mp4"]);
    has_keys(&probe, &["path", "container", "duration_secs", "video", "audio", "variable_frame_rate"]);
    assert!(probe["path"].as_str().unwrap().ends_with("film.mp4"));
    assert_eq!((&probe["container"], &probe["variable_frame_rate"]), (&"mp4".into(), &false.into()));
    assert!((probe["duration_secs"].as_f64().unwrap() - 2.002).abs() < 0.03, "{probe}");
    let video = &probe["video"];
    for (key, value) in [
        ("codec", json!("h264")),
        ("width", json!(320)),
        ("height", json!(180)),
        ("display_width", json!(320)),
        ("display_height", json!(180)),
        ("rotation", json!(0)),
        ("frame_rate", json!("30000/1001")),
        ("frames", json!(60)),
        ("bit_depth", json!(8)),
    ] {
        assert_eq!(video[key], value, "{key} of {video}");
    }
    has_keys(video, &["pixel_format"]);
    assert_eq!(video["color"]["primaries"], "bt709");
    assert_eq!(video["color"]["transfer"], "bt709");
    assert_eq!(video["color"]["matrix"], "bt709");
    assert_eq!(video["color"]["range"], "limited");
    assert_eq!(probe["audio"], json!({ "codec": "aac", "rate": 48000, "channels": 1 }));
    // For a person: a few lines with the same.
    let text = desk.run(["probe", "film.mp4"]).succeeded().stdout;
    assert!(text.contains("h264") && text.contains("30000/1001") && text.contains("aac"), "{text}");
}

#[test]
fn a_new_project_takes_rate_and_size_from_its_first_clip() {
    let desk = Desk::new();
    desk.copy(&Film { audio: AAC, ..Film::default() }.file(), "a.mp4");
    desk.copy(&Film { width: 640, height: 360, rate: "30", frames: 90, ..Film::default() }.file(), "b.mp4");
    let new = desk.json(["new", "film.montage", "a.mp4", "b.mp4"]);
    has_keys(&new, &["project", "duration_secs", "clips"]);
    assert_eq!((&new["duration_secs"], &new["clips"]), (&5.0.into(), &2.into()));
    let frame = desk.json(["frame", "film.montage", "--at", "0", "-o", "frame.png"]);
    assert_eq!((&frame["width"], &frame["height"]), (&320.into(), &180.into()));
    let new = desk.json(["new", "other.montage", "a.mp4", "b.mp4", "--fps", "30000/1001", "--size", "200x100"]);
    assert!((new["duration_secs"].as_f64().unwrap() - 5.0).abs() < 0.1, "{new}");
    let frame = desk.json(["frame", "other.montage", "--at", "30f", "-o", "frame.png"]);
    assert_eq!((&frame["width"], &frame["height"], &frame["frame"]), (&200.into(), &100.into(), &30.into()));
    assert!((frame["time_secs"].as_f64().unwrap() - 1.001).abs() < 1e-9, "{frame}");
}

#[test]
fn a_frame_is_taken_at_a_time_or_by_number() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    // A time means the frame that is on screen then.
    for (at, frame) in [("0", 0), ("17f", 17), ("1.0", 25), ("1.039", 25), ("1.04", 26), ("1.999", 49)] {
        let out = desk.json(["frame", "film.mp4", "--at", at, "-o", "frame.png"]);
        assert_eq!(out["frame"], frame, "at {at}");
        assert_eq!(out["time_secs"], f64::from(frame) / 25.0, "at {at}");
        let png = picture(&desk.path("frame.png"));
        assert_eq!((&out["width"], &out["height"]), (&png.width().into(), &png.height().into()));
        assert_eq!(numbers(&desk.path("frame.png")), [frame], "at {at}");
    }
}

#[test]
fn export_reports_what_it_wrote_and_takes_the_container_from_the_name() {
    let desk = Desk::new();
    desk.copy(&Film { audio: AAC, ..Film::default() }.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    for (name, codec) in [("out.mp4", "h264"), ("out.mov", "prores"), ("out.mkv", "h264"), ("out.webm", "vp9")] {
        let out = desk.json(["export", "film.montage", "-o", name]);
        has_keys(&out, &["output", "frames", "duration_secs", "wall_secs"]);
        assert!(out["output"].as_str().unwrap().ends_with(name), "{out}");
        assert_eq!((&out["frames"], &out["duration_secs"]), (&50.into(), &2.0.into()), "{name}");
        assert_eq!(video_stream(&desk.path(name))["codec_name"], codec, "{name}");
        assert_eq!(numbers(&desk.path(name)), (0..50).collect::<Vec<_>>(), "{name}");
    }
    for name in ["out.wav", "out.flac", "out.mp3"] {
        desk.json(["export", "film.montage", "-o", name]);
        assert_eq!(video_stream(&desk.path(name)), Value::Null, "{name}");
    }
    // A media file is a project of one clip.
    desk.json(["export", "film.mp4", "-o", "copy.mp4", "--range", "10f..20f"]);
    assert_eq!(numbers(&desk.path("copy.mp4")), (10..20).collect::<Vec<_>>());
}

#[test]
fn a_range_is_given_in_seconds_or_frames() {
    let desk = Desk::new();
    desk.copy(&Film { frames: 100, ..Film::default() }.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    for (range, frames) in [("10f..20f", 10..20), ("1..2", 25..50), ("3.96..4", 99..100), ("90f..4", 90..100)] {
        let out = desk.json(["export", "film.montage", "-o", "out.mp4", "--range", range]);
        assert_eq!(out["frames"], frames.len(), "{range}");
        assert_eq!(numbers(&desk.path("out.mp4")), frames.collect::<Vec<u32>>(), "{range}");
    }
}

#[test]
fn every_preset_is_listed_by_the_name_that_export_takes() {
    let desk = Desk::new();
    let presets = desk.json(["presets"]);
    let presets = presets.as_array().unwrap();
    assert!(presets.len() >= 6, "{presets:?}");
    let text = desk.run(["presets"]).succeeded().stdout;
    desk.copy(&Film { frames: 10, audio: AAC, ..Film::default() }.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4", "--size", "64x36"]).succeeded();
    for preset in presets {
        let name = preset["name"].as_str().unwrap();
        assert!(text.contains(name), "{name} is not in the text list");
        if preset["available"] == false {
            continue;
        }
        // Without an extension it is a folder of pictures.
        let extension = preset["extension"].as_str().unwrap_or_else(|| panic!("{name} has no extension: {preset}"));
        let out = if extension.is_empty() { name.to_owned() } else { format!("{name}.{extension}") };
        desk.run(["export", "film.montage", "-o", &out, "--preset", name]).succeeded();
    }
}

#[test]
fn edits_are_applied_and_counted() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    desk.write("edits.ron", "RenameProject(name: \"Holiday\")\n\n// a comment\nRenameProject(name: \"Holiday 2\")\n");
    let out = desk.json(["edit", "film.montage", "--commands", "edits.ron"]);
    assert_eq!(out["applied"], 2, "{out}");
    has_keys(&out, &["revision"]);
    assert!(fs::read_to_string(desk.path("film.montage")).unwrap().contains("Holiday 2"));
}

#[test]
fn doctor_names_each_check_and_its_remedy() {
    let desk = Desk::new();
    let out = desk.json(["doctor"]);
    assert_eq!(out["ok"], true, "{out}");
    let checks = out["checks"].as_array().unwrap();
    assert!(checks.len() >= 5, "{out}");
    for check in checks {
        has_keys(check, &["name", "ok", "detail", "fix"]);
        assert!(check["ok"] == true || check["fix"].as_str().is_some_and(|f| !f.is_empty()), "no remedy: {check}");
    }
}

#[test]
fn progress_as_json_is_one_object_a_line_and_only_rises() {
    let desk = Desk::new();
    desk.copy(&Film { frames: 100, video: &format!("{X264} -g 50"), ..Film::default() }.file(), "film.mp4");
    let mut command = desk.command(["export", "film.mp4", "-o", "out.mkv", "--json", "--progress", "json"]);
    command.stdin(std::process::Stdio::null());
    let outcome = Running::start(command).end().succeeded();
    assert_eq!(outcome.json()["frames"], 100);
    let fractions: Vec<f64> = outcome
        .stderr
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap_or_else(|e| panic!("{e}: {l}"))["progress"].as_f64().unwrap())
        .collect();
    assert!(!fractions.is_empty() && fractions.is_sorted(), "{fractions:?}");
    assert!(fractions.iter().all(|f| (0.0..=1.0).contains(f)), "{fractions:?}");
}

#[test]
fn a_run_without_a_terminal_says_nothing_beside_its_result() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    for arguments in [
        &["probe", "film.mp4"][..],
        &["new", "film.montage", "film.mp4"],
        &["frame", "film.montage", "--at", "1", "-o", "frame.png"],
        &["export", "film.montage", "-o", "out.mp4"],
        &["presets"],
    ] {
        let outcome = desk.run(arguments).succeeded();
        assert_eq!(outcome.stderr, "", "{arguments:?}");
        assert!(!outcome.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn missing_files_are_found_again_under_a_folder_by_what_they_hold() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "a.mp4");
    desk.copy(&Film { first: 500, ..Film::default() }.file(), "b.mp4");
    desk.run(["new", "film.montage", "a.mp4", "b.mp4"]).succeeded();
    fs::create_dir_all(desk.path("archive/2026")).unwrap();
    fs::rename(desk.path("a.mp4"), desk.path("archive/2026/a.mp4")).unwrap();
    fs::remove_file(desk.path("b.mp4")).unwrap();
    desk.write("archive/b.mp4", "the right name, but no film");
    let before = fs::read(desk.path("film.montage")).unwrap();
    let dry = desk.json(["relink", "film.montage", "--under", "archive", "--dry-run"]);
    has_keys(&dry, &["project", "relinked", "unsure", "missing", "saved"]);
    assert_eq!((&dry["saved"], fs::read(desk.path("film.montage")).unwrap()), (&json!(false), before));
    let done = desk.json(["relink", "film.montage", "--under", "archive"]);
    assert_eq!((&done["saved"], &done["relinked"], &done["missing"]), (&json!(true), &dry["relinked"], &dry["missing"]));
    assert_eq!(done["relinked"][0]["by"], "content");
    assert_eq!(done["relinked"][0]["to"], json!(desk.path("archive/2026/a.mp4")));
    assert_eq!(done["missing"], json!([{ "path": desk.path("b.mp4"), "other_content": true }]));
    desk.run(["frame", "film.montage", "--at", "0", "-o", "first.png"]).succeeded();
    let again = desk.json(["relink", "film.montage", "--under", "archive"]);
    assert_eq!((&again["relinked"], &again["saved"]), (&json!([]), &json!(false)));
    desk.run(["relink", "film.montage", "--under", "nowhere"]).failed_clearly(&["nowhere"]);
    desk.run(["relink", "a.mov", "--under", "archive"]).exit(2);
}
