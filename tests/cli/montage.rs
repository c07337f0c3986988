//! The automatic montage on the command line: cuts and loudness measured in the exported film, and footage that is not as it should be.

use crate::{
    common,
    desk::Desk,
    footage::{raw_frames, text},
};
use image::{GrayImage, Luma};
use montage_ai::{base::Time, store};
use serde_json::Value;
use std::{fs, path::Path, process::Command};

const SIZE: (u32, u32) = (64, 36);
/// Every second beat a cut, everywhere a dissolve, nothing else.
const PLAIN: &str = r#"(name: "plain", title: "Plain",
    pacing: (intro: [2], build: [2], drop: [2], verse: [2], outro: [2], energy: 0, surprise: 0, on_bars: false, min_secs: 0.3, max_secs: 4),
    choice: (reuse: 100),
    transitions: (dissolve_secs: 0.2, dissolve_below: 1, fade_out_secs: 0),
)"#;

/// A desk with the plain style, and pictures of one grey each.
fn desk(greys: &[u8]) -> (Desk, Vec<String>) {
    let desk = Desk::new();
    let folder = desk.home().join("config/styles");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("plain.ron"), PLAIN).unwrap();
    let picture = |grey: &u8| {
        let name = format!("grey{grey}.png");
        GrayImage::from_pixel(SIZE.0, SIZE.1, Luma([*grey])).save(desk.path(&name)).unwrap();
        name
    };
    let names = greys.iter().map(picture).collect();
    (desk, names)
}

/// A kick on every beat, `secs` long; the first one at 0.25 s.
fn kicks(path: &Path, bpm: f64, secs: f64) {
    let beat = 60.0 / bpm;
    let phase = format!("mod(t+{:.6},{beat:.9})", beat - 0.25 % beat);
    let kick = format!("aevalsrc='0.7*sin(2*PI*(150-90*{phase})*{phase})*exp(-20*{phase})':s=48000:d={secs}");
    common::ffmpeg(&["-f", "lavfi", "-i", &kick], path);
}

/// A film of one grey at a rate, that the montage takes its rate from.
fn film(path: &Path, rate: &str) {
    let picture = format!("color=c=0x808080:s={}x{}:r={rate}:d=0.6", SIZE.0, SIZE.1);
    common::ffmpeg(&["-f", "lavfi", "-i", &picture, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"], path);
}

/// Mean of each frame, 0–255.
fn levels(path: &Path) -> Vec<f64> {
    let frames = raw_frames(path, "gray");
    let size = (SIZE.0 * SIZE.1) as usize;
    frames.chunks_exact(size).map(|f| f.iter().map(|v| f64::from(*v)).sum::<f64>() / size as f64).collect()
}

/// Integrated loudness and highest true peak, as ffmpeg measures them.
fn loudness(path: &Path) -> (f64, f64) {
    let out = Command::new("ffmpeg")
        .args(["-nostats", "-i", text(path), "-vn", "-af", "ebur128=peak=sample", "-f", "null", "-"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let summary = said.rsplit("Summary:").next().unwrap();
    let figure = |label: &str| summary.split(label).nth(1).and_then(|s| s.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN);
    (figure("I:"), figure("Peak:"))
}

/// Where a film goes from the level of one shot half way to that of the next, in frames: −0.5 from the first frame of the new shot at
/// a hard cut. Dissolves are mixed in light.
fn crossing(levels: &[f64], cut: i64, reach: i64) -> f64 {
    let light = |v: f64| (v / 255.0).powf(2.4);
    let at = |f: i64| light(levels[f.clamp(0, levels.len() as i64 - 1) as usize]);
    let (a, b) = (at(cut - reach), at(cut + reach));
    let share = |f: i64| (at(f) - a) / (b - a);
    let first = (cut - reach..cut + reach).find(|f| share(*f) >= 0.5).expect("it comes to the next shot");
    let (before, after) = (share(first - 1), share(first));
    (first - 1) as f64 + (0.5 - before) / (after - before)
}

#[test]
fn cuts_lie_on_their_beats_in_the_exported_film_with_dissolves_and_it_is_as_loud_as_others() {
    let (bpm, secs) = (126.0, 12.0);
    for rate in ["24000/1001", "30000/1001", "60"] {
        let (desk, mut media) = desk(&[40, 120, 210]);
        film(&desk.path("rate.mp4"), rate);
        media.push("rate.mp4".into());
        kicks(&desk.path("kicks.wav"), bpm, secs);
        let wish = ["--music", "kicks.wav", "--style", "plain", "--seed", "3", "-o", "film.montage", "--export", "film.mp4"];
        let made = desk.json(["montage"].into_iter().chain(media.iter().map(String::as_str)).chain(wish));
        let project = store::load(&desk.path("film.montage")).unwrap();
        let fps = project.sequence.frame_rate;
        assert_eq!(format!("{fps}"), rate.trim_end_matches("/1"), "the film has the footage's rate");
        let levels = levels(&desk.path("film.mp4"));
        assert_eq!(levels.len() as i64, project.sequence.duration(), "{rate}: as long as planned");
        let planned: Vec<f64> = made["decisions"]["shots"].as_array().unwrap().iter().map(|s| s["planned"].as_f64().unwrap()).collect();
        let track = project.sequence.video_tracks().next().unwrap();
        let mut measured = 0;
        for (w, planned) in track.clips.windows(2).zip(&planned[1..]) {
            let cut = w[1].start;
            let (before, after) = track.transition_after(w[0].id).map_or((0, 0), |x| (x.before, x.after));
            // shots of the same grey have no cut to be seen
            if (levels[(cut - before - 1) as usize] - levels[(cut + after + 1) as usize]).abs() < 20.0 {
                continue;
            }
            let seen = crossing(&levels, cut, before.max(after) + 1) + 0.5 - (after - before) as f64 / 2.0;
            let off = seen - planned * fps.as_f64();
            assert!(off.abs() <= 0.56, "{rate}: the cut at {planned} s is seen {off:.2} frames off");
            let beat = (planned - 0.25) / (60.0 / bpm);
            let from_beat = (beat - beat.round()).abs() * 60.0 / bpm;
            assert!(from_beat < 0.012, "{rate}: {planned} s is {from_beat:.4} s off the true beat");
            measured += 1;
        }
        assert!(measured >= 6, "{rate}: {measured} cuts");
        assert!(track.transitions.len() >= 6);
        let (lufs, peak) = loudness(&desk.path("film.mp4"));
        assert!((lufs + 14.0).abs() <= 0.5, "{rate}: {lufs} LUFS");
        assert!(peak <= 0.3, "{rate}: {peak} dBFS");
    }
}

#[test]
fn the_same_wish_gives_the_same_project_byte_for_byte_and_another_seed_another() {
    let (desk, mut media) = desk(&[40, 120, 210, 70, 160]);
    film(&desk.path("rate.mp4"), "25");
    media.push("rate.mp4".into());
    kicks(&desk.path("kicks.wav"), 120.0, 8.0);
    let made = |seed: &str| {
        let wish = ["--music", "kicks.wav", "--seed", seed, "-o", "film.montage"];
        desk.json(["montage"].into_iter().chain(media.iter().map(String::as_str)).chain(wish));
        fs::read(desk.path("film.montage")).unwrap()
    };
    let first = made("5");
    assert!(String::from_utf8_lossy(&first).contains("reasons:"));
    assert_eq!(made("5"), first);
    assert_ne!(made("6"), first);
}

/// What a montage of these came to: its length in seconds, and everything that was said of it.
fn came_to(desk: &Desk, arguments: &[&str]) -> (f64, String) {
    let made: Value = desk.json(["montage"].iter().chain(arguments).chain(&["-o", "film.montage"]));
    let project = store::load(&desk.path("film.montage")).unwrap();
    assert_eq!(project.validate(), []);
    let secs = Time::from_frames(project.sequence.duration(), project.sequence.frame_rate).as_secs_f64();
    (secs, format!("{} {}", made["decisions"]["notes"], made["decisions"]["skipped"]))
}

#[test]
fn poor_footage_and_music_give_a_film_or_a_clear_error() {
    let (desk, _) = desk(&[40, 200]);
    film(&desk.path("short.mp4"), "25");
    kicks(&desk.path("kicks.wav"), 120.0, 5.0);
    common::ffmpeg(&["-f", "lavfi", "-i", "anullsrc=r=48000", "-t", "6"], &desk.path("silent.wav"));
    desk.write("broken.mp4", b"this is no film");
    let near = |secs: f64, wanted: f64| (secs - wanted).abs() < 0.05;
    // no music: an even grid
    let (secs, _) = came_to(&desk, &["grey40.png", "grey200.png", "--duration", "4"]);
    assert!(near(secs, 4.0), "{secs}");
    // music of five seconds, a wish for a minute
    let (secs, said) = came_to(&desk, &["grey40.png", "--music", "kicks.wav", "--duration", "60"]);
    assert!(near(secs, 5.0) && said.contains("music ends"), "{secs} {said}");
    // one clip, hardly longer than a beat: it is shown again, and that is said
    let (secs, said) = came_to(&desk, &["short.mp4", "--music", "kicks.wav", "--duration", "4"]);
    assert!(near(secs, 4.0) && said.contains("too little footage"), "{secs} {said}");
    // silence has no beat
    let (secs, said) = came_to(&desk, &["grey40.png", "grey200.png", "--music", "silent.wav"]);
    assert!(near(secs, 6.0) && said.contains("no clear beat"), "{secs} {said}");
    // what cannot be read is left out and named
    let (_, said) = came_to(&desk, &["broken.mp4", "grey40.png", "--duration", "2"]);
    assert!(said.contains("broken.mp4"), "{said}");
    desk.run(["montage", "broken.mp4", "-o", "none.montage"]).failed_clearly(&["nothing to cut", "broken.mp4"]);
    desk.run(["montage", "grey40.png", "--music", "broken.mp4", "-o", "none.montage"]).failed_clearly(&["broken.mp4"]);
    desk.run(["montage", "grey40.png", "--style", "spart", "-o", "none.montage"]).failed_clearly(&["spart"]);
    // nobody answers: the rules decide, and say so
    let (_, said) = came_to(&desk, &["grey40.png", "--duration", "2", "--prompt", "a wedding", "--llm=http://127.0.0.1:1/v1"]);
    assert!(said.contains("language model") && said.contains("built-in rules"), "{said}");
    assert!(!desk.path("none.montage").exists());
}
