//! The automatic montage on the command line: cuts and loudness measured in the exported film, and footage that is not as it should be.

use crate::{
    common,
    desk::Desk,
    footage::{raw_frames, text},
};
use image::{GrayImage, Luma};
use montage_ai::{
    base::{FrameRate, Time},
    sample::tracks::{Pattern, RATE, Track},
    store,
};
use serde_json::Value;
use std::{fs, path::Path, process::Command};

const SIZE: (u32, u32) = (96, 54);
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

/// Mean of each frame of a film of [`SIZE`], 0–255.
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

/// Where a film goes over from one shot to the next, in frames: that of the new shot's first frame at a hard cut, the middle of a
/// dissolve, wherever it begins and ends within `reach`. Dissolves are mixed in light.
fn middle(levels: &[f64], cut: i64, reach: i64) -> f64 {
    let light = |f: i64| (levels[f.clamp(0, levels.len() as i64 - 1) as usize] / 255.0).powf(2.4);
    let mean = |from: i64| (light(from) + light(from + 1)) / 2.0;
    let (a, b) = (mean(cut - reach - 1), mean(cut + reach));
    // as long as the old shot is still to be seen, each frame by its part
    (cut - reach) as f64 + (cut - reach..cut + reach).map(|f| 1.0 - (light(f) - a) / (b - a)).sum::<f64>()
}

/// Samples as a WAV file, mono.
fn write_wav(path: &Path, samples: &[f32], rate: u32) {
    let data: Vec<u8> = samples.iter().flat_map(|s| ((s * 32_000.0) as i16).to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend([rate, rate * 2].into_iter().flat_map(u32::to_le_bytes));
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    fs::write(path, file).unwrap();
}

/// A film of shots of 3 s, each of one grey with a little grain that moves.
fn shots(path: &Path, rate: &str, greys: &[u8]) {
    let shot = |g: &u8| format!("color=c=0x{g:02x}{g:02x}{g:02x}:s={}x{}:r={rate}:d=3,noise=alls=9:allf=t,setsar=1", SIZE.0, SIZE.1);
    let graph: Vec<String> = greys.iter().enumerate().map(|(i, g)| format!("{}[s{i}]", shot(g))).collect();
    let all: String = (0..greys.len()).map(|i| format!("[s{i}]")).collect();
    let graph = format!("{};{all}concat=n={}", graph.join(";"), greys.len());
    common::ffmpeg(&["-f", "lavfi", "-i", &graph, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "16", "-pix_fmt", "yuv420p"], path);
}

/// Seconds of the films whose cuts are measured. `MONTAGE_CUTS_SECS=300 cargo test --test cli cuts_lie -- --nocapture` takes minutes and
/// prints the README's figures; `MONTAGE_PROGRAM` names a program (a release build) that is measured in the place of the test's own.
fn measured_secs() -> f64 {
    std::env::var("MONTAGE_CUTS_SECS").ok().and_then(|s| s.parse().ok()).unwrap_or(12.0)
}

#[test]
fn cuts_lie_on_the_true_beats_in_the_exported_film_with_dissolves_and_it_is_as_loud_as_others() {
    let secs = measured_secs();
    for (rate, pattern, ramp) in
        [("24000/1001", Pattern::Rock, 0.0), ("30000/1001", Pattern::Syncopated, 0.03), ("60", Pattern::FourOnTheFloor, 0.0)]
    {
        let (desk, _) = desk(&[]);
        let greys = [[40u8, 200, 120], [240, 80, 160]];
        let media: Vec<String> = (0..greys.len()).map(|i| format!("film{i}.mp4")).collect();
        greys.iter().zip(&media).for_each(|(g, name)| shots(&desk.path(name), rate, g));
        let track = Track { secs, ramp, ..Track::new(pattern, 126.3) };
        write_wav(&desk.path("music.wav"), &track.render(), RATE);
        let truth = track.beats_secs();
        let wish = ["--music", "music.wav", "--style", "plain", "--seed", "3", "-o", "film.montage", "--export", "film.mp4"];
        // a long film takes longer than the desk's patience
        let all = ["montage", "--json"].into_iter().chain(media.iter().map(String::as_str)).chain(wish);
        let out = desk.command(all).output().unwrap();
        assert!(out.status.success(), "{rate}: {}", String::from_utf8_lossy(&out.stderr));
        let made: Value = serde_json::from_slice(&out.stdout).unwrap();
        let project = store::load(&desk.path("film.montage")).unwrap();
        let fps = project.sequence.frame_rate;
        assert_eq!(format!("{fps}"), rate.trim_end_matches("/1"), "the film has the footage's rate");
        let levels = levels(&desk.path("film.mp4"));
        assert_eq!(levels.len() as i64, project.sequence.duration(), "{rate}: as long as planned");
        assert_eq!(levels.len() as i64, (secs * fps.as_f64()).round() as i64, "{rate}: as long as the music");
        let planned: Vec<f64> = made["decisions"]["shots"].as_array().unwrap().iter().map(|s| s["planned"].as_f64().unwrap()).collect();
        let track = project.sequence.video_tracks().next().unwrap();
        let (mut measured, mut soft, mut off_plan, mut off_beat, mut heard) = (0, 0, 0.0f64, 0.0f64, 0.0f64);
        for (w, planned) in track.clips.windows(2).zip(&planned[1..]) {
            let cut = w[1].start;
            let transition = track.transition_after(w[0].id).map(|x| (x.before, x.after));
            let (before, after) = transition.unwrap_or((0, 0));
            // shots of the same grey have no cut to be seen
            let reach = before.max(after) + 1;
            let contrast = (levels[(cut - reach) as usize] - levels[(cut + reach) as usize]).abs();
            if contrast < 15.0 {
                continue;
            }
            // half a frame, and what half a code value in each frame of a dissolve does to its middle
            let allowed = 0.5 + 0.5 * (before + after) as f64 / contrast;
            // one that begins and ends at unlike distances from its cut has its middle beside it
            let seen = middle(&levels, cut, reach) - (after - before) as f64 / 2.0;
            let beat = truth.iter().copied().min_by(|a, b| (a - planned).abs().total_cmp(&(b - planned).abs())).unwrap();
            heard = heard.max((planned - beat).abs());
            let (plan, true_beat) = ((seen - planned * fps.as_f64()).abs(), (seen - beat * fps.as_f64()).abs());
            assert!(plan <= allowed, "{rate}: the cut at {cut} is seen {plan:.3} frames off the beat it was planned for, of {allowed:.3}");
            (off_plan, off_beat) = (off_plan.max(plan), off_beat.max(true_beat));
            (measured, soft) = (measured + 1, soft + usize::from(transition.is_some()));
        }
        println!(
            "{rate}: {} shots, {measured} cuts seen, {soft} of them dissolves; at most {off_plan:.3} frames off the planned beat, \
             {off_beat:.3} off the true one; beats heard within {:.2} ms",
            planned.len(),
            heard * 1e3
        );
        assert!(measured * 10 >= planned.len() * 7 && soft >= 6, "{rate}: {measured} cuts, {soft} dissolves of {}", planned.len());
        assert!(heard < 0.003, "{rate}: a beat was heard {heard:.4} s off");
        assert!(off_beat <= off_plan + heard * fps.as_f64(), "{rate}: {off_beat:.3} frames off the true beat");
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

#[test]
fn music_from_any_point_counted_as_one_likes_and_a_film_of_ones_own_size_and_rate() {
    let (desk, media) = desk(&[40, 120, 210]);
    kicks(&desk.path("kicks.wav"), 120.0, 16.0);
    let made = |more: &[&str]| {
        let wish = ["--music", "kicks.wav", "--style", "plain", "--music-start", "4.1", "-o", "film.montage"];
        let made = desk.json(["montage"].into_iter().chain(media.iter().map(String::as_str)).chain(wish).chain(more.iter().copied()));
        let cuts: Vec<f64> =
            made["decisions"]["shots"].as_array().unwrap().iter().skip(1).map(|s| s["planned"].as_f64().unwrap()).collect();
        (store::load(&desk.path("film.montage")).unwrap(), cuts)
    };
    let (project, cuts) = made(&["--size", "480p", "--fps", "24000/1001", "--aspect", "1:1"]);
    let s = &project.sequence;
    assert_eq!((s.width, s.height, s.frame_rate), (480, 480, FrameRate::NTSC_24));
    // beats of the music at 0.25 s and each half second lie as much earlier in the film as it begins later
    let off = |c: &f64| ((c + 4.1 - 0.25) / 0.5 - ((c + 4.1 - 0.25) / 0.5).round()).abs();
    assert!(cuts.len() >= 8 && cuts.iter().all(|c| off(c) < 0.02), "{cuts:?}");
    assert!((s.duration_time().as_secs_f64() - 11.9).abs() < 0.05, "the rest of the music");
    let beats = |p: &montage_ai::model::Project| p.sequence.markers.iter().filter(|m| m.duration == 0).count();
    let (half, fewer) = made(&["--half", "--bar-offset", "1"]);
    assert!(beats(&half) * 2 <= beats(&project) + 2 && fewer.len() < cuts.len(), "{} of {} beats", beats(&half), beats(&project));
    let kept = &half.sequence.montage.as_ref().unwrap();
    assert_eq!((kept.counting.times, kept.counting.bar_offset, kept.music_start.as_secs_f64()), (0.5, 1, 4.1));
    let all = ["montage", "grey40.png", "--music", "kicks.wav", "--music-start", "60", "-o", "none.montage"];
    desk.run(all).failed_clearly(&["music ends before"]);
    for wrong in [["--size", "7p"], ["--fps", "1000"], ["--aspect", "0:1"], ["--bar-offset", "1000"], ["--tempo", "20"]] {
        desk.run(["montage", "grey40.png", "-o", "none.montage"].into_iter().chain(wrong)).exit(2);
    }
}

#[test]
fn beats_are_where_they_are_in_every_format_of_music() {
    let (desk, _) = desk(&[]);
    let track = Track { secs: 14.0, ..Track::new(Pattern::Rock, 112.0) };
    write_wav(&desk.path("music.wav"), &track.render(), RATE);
    let wav = desk.path("music.wav");
    for (name, codec) in [("a.wav", "pcm_s16le"), ("b.mp3", "libmp3lame"), ("c.flac", "flac"), ("d.ogg", "libvorbis"), ("e.m4a", "aac")] {
        common::ffmpeg(&["-i", text(&wav), "-ac", "2", "-ar", "44100", "-c:a", codec], &desk.path(name));
        let heard = desk.json(["beats", name]);
        let beats: Vec<f64> = heard["beats"].as_array().unwrap().iter().filter_map(Value::as_f64).collect();
        let off = |t: &f64| beats.iter().map(|b| b - t).min_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap();
        let off: Vec<f64> = track.beats_secs().iter().map(off).collect();
        let late = off.iter().sum::<f64>() / off.len() as f64;
        // MP3 begins with the delay of its coder, in a film just as in the analysis
        assert!(late.abs() < if codec == "libmp3lame" { 0.03 } else { 0.005 }, "{name}: the beats are {late:.4} s late");
        let worst = off.iter().map(|o| (o - late).abs()).fold(0.0, f64::max);
        assert!(worst < 0.01, "{name}: a beat is {worst:.4} s off the others");
        assert!((heard["tempo_bpm"].as_f64().unwrap() - 112.0).abs() < 0.3 && heard["confidence"].as_f64().unwrap() > 0.5, "{name}");
    }
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
    // and where nobody asked for a length the film ends with the footage, and that is said too
    let (secs, said) = came_to(&desk, &["short.mp4", "--music", "kicks.wav"]);
    assert!(near(secs, 1.2) && said.contains("less footage than music"), "{secs} {said}");
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
