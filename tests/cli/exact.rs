//! The right frame, the right colour, the right sample, all the way through the program.

use crate::{
    common::Random,
    desk::Desk,
    footage::{
        self, AV1, Film, HEVC_10, MJPEG, PRORES, TAGS, VP9, X264, encode, kept, number, numbers, rate, raw_frames, times, video_stream,
    },
};
use image::imageops;
use montage_ai::{
    base::{FrameRate, MediaId, Time},
    plan::{self, Source},
    store,
};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TRACK: u64 = 2; // the first video track of every new project

/// Replaces the timeline of `film.montage` by these edit commands.
fn edit(desk: &Desk, commands: &str) {
    desk.write("edits.ron", commands);
    desk.run(["edit", "film.montage", "--commands", "edits.ron"]).succeeded();
}

/// `film.montage` at 25 per second with these files imported and nothing on the timeline; the ids of the files.
fn empty_project(desk: &Desk, files: &[(&str, PathBuf)]) -> Vec<MediaId> {
    for (name, file) in files {
        desk.copy(file, name);
    }
    let names = files.iter().map(|(name, _)| *name);
    desk.run(["new", "film.montage"].into_iter().chain(names)).succeeded();
    let project = store::load(&desk.path("film.montage")).unwrap();
    let clips = project.sequence.tracks.iter().flat_map(|t| t.clips.iter().map(|c| c.id.0.to_string())).collect::<Vec<_>>();
    edit(desk, &format!("Remove(clips: [{}], ripple: false)", clips.join(",")));
    files.iter().map(|(name, _)| *project.media.iter().find(|(_, m)| m.file.path.ends_with(name)).unwrap().0).collect()
}

/// The frame number that the plan of `frame` asks for, of films at 25 per second whose first numbers are `firsts`.
fn planned(project: &Path, frame: i64, firsts: &[(MediaId, u32, &str)]) -> u32 {
    let plan = plan::frame(&store::load(project).unwrap(), frame, 1);
    let [layer] = &plan.layers[..] else { panic!("frame {frame}: {plan:?}") };
    let Source::Media(shown) = &layer.inputs[0].source else { panic!("frame {frame}: {plan:?}") };
    let (_, first, fps) = firsts.iter().find(|(m, ..)| *m == shown.media).unwrap();
    first + (shown.time.as_secs_f64() * rate(fps) + 1e-6).floor() as u32
}

#[test]
fn a_cut_up_timeline_exports_exactly_the_planned_frames() {
    let desk = Desk::new();
    let films = [
        Film { frames: 250, ..Film::default() },
        Film { frames: 100, first: 1000, video: VP9, extension: "webm", ..Film::default() },
        Film { frames: 120, first: 2000, rate: "30000/1001", ..Film::default() },
        Film { frames: 100, first: 3000, video: PRORES, extension: "mov", ..Film::default() },
    ];
    let media = empty_project(
        &desk,
        &[("a.mp4", films[0].file()), ("b.webm", films[1].file()), ("c.mp4", films[2].file()), ("d.mov", films[3].file())],
    );
    let firsts: Vec<_> = media.iter().zip(&films).map(|(m, f)| (*m, f.first, f.rate)).collect();
    // Forty short clips from anywhere in the four films, end to end; every tenth plays backwards, every eleventh is frozen.
    let (mut dice, mut commands, mut wanted, mut start) = (Random(42), String::new(), Vec::new(), 0);
    for clip in 0..40 {
        let film = dice.below(4) as usize;
        let length = 1 + dice.below(12);
        let from = 13 + dice.below(u64::from(films[film].frames) - 40);
        let step = match clip {
            c if c % 10 == 9 => -1i64,
            c if c % 11 == 10 => 0,
            _ => 1,
        };
        let source = Time::from_frames(from as i64, films[film].rate.parse().unwrap());
        let speed = if step == 1 { String::new() } else { format!(", speed: ({step}, 1)") };
        writeln!(
            commands,
            "Insert(track: {TRACK}, clip: (id: {}, start: {start}, duration: {length}, content: Media(media: {}, source_in: \"{source}\"{speed})), mode: Strict)",
            1000 + clip,
            media[film].0
        )
        .unwrap();
        for k in 0..length as i64 {
            // The frame on screen `k` frames of 1/25 s after the in-point, in whole numbers.
            let fps: FrameRate = films[film].rate.parse().unwrap();
            let shown = from as i64 + (step * k * i64::from(fps.num())).div_euclid(25 * i64::from(fps.den()));
            wanted.push(films[film].first + shown as u32);
        }
        start += length;
    }
    edit(&desk, &commands);
    let by_plan: Vec<_> = (0..wanted.len() as i64).map(|f| planned(&desk.path("film.montage"), f, &firsts)).collect();
    assert_eq!(by_plan, wanted, "the plan is wrong");
    let out = desk.json(["export", "film.montage", "-o", "out.mp4"]);
    assert_eq!(out["frames"], wanted.len());
    assert_eq!(numbers(&desk.path("out.mp4")), wanted, "the export is wrong");
    for _ in 0..12 {
        let frame = dice.below(wanted.len() as u64) as usize;
        desk.run(["frame", "film.montage", "--at", &format!("{frame}f"), "-o", "frame.png"]).succeeded();
        assert_eq!(numbers(&desk.path("frame.png")), [wanted[frame]], "frame {frame} is wrong");
    }
}

#[test]
fn export_is_exact_in_count_duration_time_and_tags() {
    for fps in ["24000/1001", "25", "30000/1001", "60000/1001", "60"] {
        let desk = Desk::new();
        desk.copy(&Film { rate: fps, frames: 90, audio: "-c:a aac", ..Film::default() }.file(), "film.mp4");
        desk.run(["new", "film.montage", "film.mp4"]).succeeded();
        // Once with the planes going straight to the encoder, once drawn.
        for name in ["direct.mp4", "drawn.mp4"] {
            if name == "drawn.mp4" {
                cover_a_corner(&desk);
            }
            desk.run(["export", "film.montage", "-o", name]).succeeded();
            let stream = video_stream(&desk.path(name));
            assert_eq!(stream["r_frame_rate"], if fps.contains('/') { fps.into() } else { format!("{fps}/1") }, "{name}");
            assert_eq!(stream["nb_read_frames"], "90", "{name} at {fps}");
            for key in ["color_primaries", "color_transfer", "color_space"] {
                assert_eq!(stream[key], "bt709", "{key} of {name}");
            }
            assert_eq!(stream["color_range"], "tv", "{name}");
            let seconds: f64 = stream["duration"].as_str().unwrap().parse().unwrap();
            assert!((seconds - 90.0 / rate(fps)).abs() < 1e-3, "{name} at {fps}: {seconds} s");
            for (n, t) in times(&desk.path(name)).iter().enumerate() {
                assert!((t - n as f64 / rate(fps)).abs() < 1e-4, "{name} at {fps}: frame {n} at {t} s");
            }
        }
    }
}

/// Lays a small patch over the lower right corner, so that every frame has to be drawn.
fn cover_a_corner(desk: &Desk) {
    let project = store::load(&desk.path("film.montage")).unwrap();
    let end = project.sequence.duration();
    edit(
        desk,
        &format!(
            "AddTrack(id: 900, kind: Video, index: 1)\n\
             Insert(track: 900, clip: (id: 901, start: 0, duration: {end}, content: Title((text: \"·\", position: (0.97, 0.95)))), mode: Strict)"
        ),
    );
}

#[test]
fn a_frame_taken_is_the_frame_exported() {
    let desk = Desk::new();
    desk.copy(&Film { frames: 60, ..Film::default() }.file(), "film.mp4");
    desk.copy(&Film { frames: 60, first: 1000, ..Film::default() }.file(), "other.mp4");
    desk.run(["new", "film.montage", "film.mp4", "other.mp4"]).succeeded();
    let project = store::load(&desk.path("film.montage")).unwrap();
    let [left, right] = &project.sequence.track(montage_ai::base::TrackId(TRACK)).unwrap().clips[..] else { panic!("two clips") };
    // A dissolve, a title, a picture turned and moved: everything that is drawn.
    edit(
        &desk,
        &format!(
            "RippleTrim(clips: [{0}], edge: End, by: -10)\n\
             RippleTrim(clips: [{1}], edge: Start, by: 10)\n\
             AddTransition(id: 800, left: {0}, right: {1}, kind: CrossDissolve, before: 5, after: 5)\n\
             AddTrack(id: 900, kind: Video, index: 1)\n\
             Insert(track: 900, clip: (id: 901, start: 40, duration: 20, content: Title((text: \"Hello\", position: (0.5, 0.6)))), mode: Strict)\n\
             SetClip(clip: {0}, change: Transform((rotation: 10.0, scale: 0.8, position: (20.0, -10.0))))",
            left.id.0, right.id.0
        ),
    );
    desk.run(["export", "film.montage", "-o", "frames", "--preset", "png", "--range", "40f..60f"]).succeeded();
    for (n, frame) in [(0, 40), (8, 48), (10, 50), (13, 53), (19, 59)] {
        let exported = footage::picture(&desk.path(format!("frames/{n:08}.png")));
        desk.run(["frame", "film.montage", "--at", &format!("{frame}f"), "-o", "frame.png"]).succeeded();
        let taken = footage::picture(&desk.path("frame.png"));
        assert!(taken == exported, "frame {frame} differs from picture {n} of the export");
    }
}

/// 75 % bars (SMPTE RP 219): white, yellow, cyan, green, magenta, red, blue at 0.75.
const BARS: [[f64; 3]; 7] =
    [[0.75, 0.75, 0.75], [0.75, 0.75, 0.0], [0.0, 0.75, 0.75], [0.0, 0.75, 0.0], [0.75, 0.0, 0.75], [0.75, 0.0, 0.0], [0.0, 0.0, 0.75]];

/// Y′CbCr of R′G′B′ in limited range with the luma coefficients of a standard (ITU-R BT.709-6 §3, BT.601-7 §2.5).
fn limited([r, g, b]: [f64; 3], kr: f64, kb: f64) -> [f64; 3] {
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    [16.0 + 219.0 * y, 128.0 + 224.0 * (b - y) / (2.0 * (1.0 - kb)), 128.0 + 224.0 * (r - y) / (2.0 * (1.0 - kr))]
}
const BT709: (f64, f64) = (0.2126, 0.0722);

const BARS_SIZE: (usize, usize) = (448, 128);

/// A film of the bars, 64 pixels each.
fn bars_film() -> PathBuf {
    let (width, height) = BARS_SIZE;
    let options = format!(
        "{TAGS} -f rawvideo -pix_fmt yuv420p -s {width}x{height} -r 25 -i - \
         -c:v libx264 -preset veryfast -qp 0 -pix_fmt yuv420p {TAGS}"
    );
    kept(&format!("75 % bars {options}"), "mp4", |path| {
        let codes = BARS.map(|c| limited(c, BT709.0, BT709.1).map(|v| v.round() as u8));
        let row = |plane: usize, cell: usize| {
            (0..width).step_by(64).flat_map(move |x| std::iter::repeat_n(codes[x / 64][plane], cell)).collect::<Vec<_>>()
        };
        let frame = [row(0, 64).repeat(height), row(1, 32).repeat(height / 2), row(2, 32).repeat(height / 2)].concat();
        encode(&options, path, frame.repeat(10).into_iter());
    })
}

/// Largest distance of a bar's Y′, Cb or Cr from the standard's value, in 8-bit codes, in the middle of each bar.
fn bars_error(file: &Path) -> f64 {
    let (width, height) = BARS_SIZE;
    let frames = raw_frames(file, "yuv420p");
    let frame = &frames[width * height * 3 / 2 * 4..]; // the fifth
    let (luma, chroma) = frame.split_at(width * height);
    let mut worst = 0f64;
    for (bar, color) in BARS.iter().enumerate() {
        let wanted = limited(*color, BT709.0, BT709.1);
        let x = bar * 64 + 32;
        let got = [
            luma[height / 4 * width + x],
            chroma[height / 8 * width / 2 + x / 2],
            chroma[width * height / 4 + height / 8 * width / 2 + x / 2],
        ];
        for (g, w) in got.iter().zip(wanted) {
            worst = worst.max((f64::from(*g) - w).abs());
        }
    }
    worst
}

#[test]
fn colour_bars_come_out_as_they_went_in() {
    let desk = Desk::new();
    desk.copy(&bars_film(), "bars.mp4");
    assert!(bars_error(&desk.path("bars.mp4")) <= 0.5, "the test film itself is off");
    desk.run(["new", "film.montage", "bars.mp4"]).succeeded();
    desk.run(["export", "film.montage", "-o", "direct.mp4"]).succeeded();
    let direct = bars_error(&desk.path("direct.mp4"));
    assert!(direct <= 1.0 + 0.5, "direct: {direct} codes off");
    cover_a_corner(&desk);
    desk.run(["export", "film.montage", "-o", "drawn.mp4"]).succeeded();
    let drawn = bars_error(&desk.path("drawn.mp4"));
    assert!(drawn <= 2.0 + 0.5, "drawn: {drawn} codes off");
    // As a picture: R′G′B′ of 0.75 is code 191.
    desk.run(["frame", "film.montage", "--at", "4f", "-o", "bars.png"]).succeeded();
    let png = footage::picture(&desk.path("bars.png"));
    for (bar, color) in BARS.iter().enumerate() {
        let got = png.get_pixel(bar as u32 * 64 + 32, 32).0;
        for (g, w) in got.iter().zip(color) {
            assert!((f64::from(*g) - w * 255.0).abs() <= 2.5, "bar {bar}: {got:?}");
        }
    }
}

/// A film with a rotation in its display matrix: `quarter_turns` clockwise when shown.
fn turned(desk: &Desk, quarter_turns: usize) -> PathBuf {
    let mut bytes = fs::read(Film::default().file()).unwrap();
    // Track header, version 0 (ISO/IEC 14496-12 §8.3.2): the matrix starts 40 bytes after the box's type and flags.
    let header = bytes.windows(4).position(|w| w == b"tkhd").unwrap();
    assert_eq!(bytes[header + 4], 0, "track header version");
    let matrix = header + 4 + 4 + 36;
    let (one, minus) = (0x0001_0000u32, 0xffff_0000u32);
    let [a, b, c, d] = [[one, 0, 0, one], [0, one, minus, 0], [minus, 0, 0, minus], [0, minus, one, 0]][quarter_turns];
    for (place, value) in [(0, a), (1, b), (3, c), (4, d)] {
        bytes[matrix + 4 * place..matrix + 4 * place + 4].copy_from_slice(&value.to_be_bytes());
    }
    desk.write(format!("turned{quarter_turns}.mp4"), bytes)
}

#[test]
fn a_turned_film_is_probed_shown_and_exported_upright() {
    let desk = Desk::new();
    for quarter_turns in 1..4 {
        let name = format!("turned{quarter_turns}.mp4");
        turned(&desk, quarter_turns);
        let sides = if quarter_turns == 2 { (320, 180) } else { (180, 320) };
        let video = &desk.json(["probe", &name])["video"];
        assert_eq!(video["rotation"], 90 * quarter_turns);
        assert_eq!((&video["display_width"], &video["display_height"]), (&sides.0.into(), &sides.1.into()));
        desk.run(["new", "film.montage", &name]).succeeded();
        desk.run(["frame", "film.montage", "--at", "33f", "-o", "frame.png"]).succeeded();
        desk.run(["export", "film.montage", "-o", "out.mp4"]).succeeded();
        // Turn the finished picture back: then the number must stand along the top again.
        let back = |picture: &image::GrayImage| match quarter_turns {
            1 => imageops::rotate270(picture),
            2 => imageops::rotate180(picture),
            _ => imageops::rotate90(picture),
        };
        let shown = image::open(desk.path("frame.png")).unwrap().to_luma8();
        assert_eq!(shown.dimensions(), sides);
        assert_eq!(number(&back(&shown)), 33, "{name}");
        let bytes = raw_frames(&desk.path("out.mp4"), "gray");
        let exported: Vec<_> = bytes
            .chunks_exact(320 * 180)
            .map(|f| number(&back(&image::GrayImage::from_raw(sides.0, sides.1, f.to_vec()).unwrap())))
            .collect();
        assert_eq!(exported, (0..50).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn ten_bit_media_and_wide_range_codecs_keep_their_frames() {
    for (video, extension) in [(HEVC_10, "mp4"), (PRORES, "mov"), (AV1, "mkv"), (MJPEG, "mov"), (VP9, "webm")] {
        let desk = Desk::new();
        let name = format!("film.{extension}");
        desk.copy(&Film { video, extension, ..Film::default() }.file(), &name);
        let bits = if video.contains("10le") { 10 } else { 8 };
        assert_eq!(desk.json(["probe", &name])["video"]["bit_depth"], bits, "{video}");
        desk.run(["new", "film.montage", &name]).succeeded();
        desk.run(["frame", "film.montage", "--at", "33f", "-o", "frame.png"]).succeeded();
        assert_eq!(numbers(&desk.path("frame.png")), [33], "{video}");
        desk.run(["export", "film.montage", "-o", "out.mp4"]).succeeded();
        assert_eq!(numbers(&desk.path("out.mp4")), (0..50).collect::<Vec<_>>(), "{video}");
    }
}

#[test]
fn variable_frame_rate_is_shown_on_time() {
    let desk = Desk::new();
    // Frames of 25 per second, of which some are dropped: what stays keeps its time.
    let steady = Film { frames: 100, ..Film::default() }.file();
    let uneven = kept("100 frames, uneven", "mkv", |path| {
        let keep = "select='not(mod(n,7))+not(mod(n,3))+lt(n,20)'";
        let status = Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin", "-i"])
            .arg(&steady)
            .args(["-vf", keep, "-fps_mode", "vfr", "-c:v", "libx264", "-preset", "veryfast", "-crf", "18"])
            .arg(path)
            .status();
        assert!(status.unwrap().success());
    });
    let kept_frames: Vec<u32> = (0..100).filter(|n| n % 7 == 0 || n % 3 == 0 || *n < 20).collect();
    desk.copy(&uneven, "uneven.mkv");
    assert_eq!(desk.json(["probe", "uneven.mkv"])["variable_frame_rate"], true);
    desk.run(["new", "film.montage", "uneven.mkv", "--fps", "25"]).succeeded();
    let out = desk.json(["export", "film.montage", "-o", "out.mp4"]);
    let length = u32::try_from(out["frames"].as_u64().unwrap()).unwrap();
    assert!((99..=101).contains(&length), "{out}");
    let shown: Vec<u32> = (0..length).map(|n| *kept_frames.iter().rfind(|k| **k <= n).unwrap()).collect();
    assert_eq!(numbers(&desk.path("out.mp4")), shown);
    for frame in [1, 19, 20, 23, 50, 98] {
        desk.run(["frame", "film.montage", "--at", &format!("{frame}f"), "-o", "frame.png"]).succeeded();
        assert_eq!(numbers(&desk.path("frame.png")), [shown[frame as usize]], "frame {frame}");
    }
}

/// Ten seconds of silence with one loud sample at each full second, and pictures.
fn clicks(extension: &str) -> PathBuf {
    let pictures = Film { frames: 250, ..Film::default() }.file();
    kept("10 s of clicks with pictures", extension, |path| {
        let samples: Vec<u8> = (0..480_000).flat_map(|n| (if n % 48_000 == 0 { 24_000i16 } else { 0 }).to_le_bytes()).collect();
        let options = format!("-f s16le -ar 48000 -ac 1 -i - -i {} -map 1:v -map 0:a -c:v copy -c:a pcm_s16le", pictures.display());
        encode(&options, path, samples.into_iter());
    })
}

/// Position of the loudest sample in each stretch of half a second that holds one.
fn click_positions(file: &Path) -> Vec<usize> {
    let sound = footage::sound(file);
    let mut found: Vec<usize> = Vec::new();
    for (n, v) in sound.iter().enumerate() {
        if v.abs() > 0.2 {
            match found.last_mut() {
                Some(last) if n - *last < 24_000 => {
                    if v.abs() > sound[*last].abs() {
                        *last = n;
                    }
                }
                _ => found.push(n),
            }
        }
    }
    found
}

#[test]
fn a_click_stays_on_its_sample_through_cut_export_and_import() {
    // Matroska rounds times to milliseconds, which are 48 samples.
    for extension in ["mov", "mkv"] {
        stays_on_its_sample(&clicks(extension), &format!("clicks.{extension}"));
    }
}

fn stays_on_its_sample(file: &Path, name: &str) {
    let desk = Desk::new();
    desk.copy(file, name);
    desk.run(["new", "film.montage", name]).succeeded();
    // Take out seconds 2–4 (pictures and sound): what follows moves up by exactly 96,000 samples.
    let project = store::load(&desk.path("film.montage")).unwrap();
    let clips: Vec<u64> = project.sequence.tracks.iter().flat_map(|t| t.clips.iter().map(|c| c.id.0)).collect();
    let mut commands = String::new();
    for (n, clip) in clips.iter().enumerate() {
        let (middle, tail) = (700 + 2 * n, 701 + 2 * n);
        writeln!(commands, "Split(clip: {clip}, at: 50, new_id: {middle})\nSplit(clip: {middle}, at: 100, new_id: {tail})").unwrap();
    }
    let middles: Vec<_> = (0..clips.len()).map(|n| (700 + 2 * n).to_string()).collect();
    writeln!(commands, "Remove(clips: [{}], ripple: true)", middles.join(",")).unwrap();
    edit(&desk, &commands);
    let wanted: Vec<usize> = (0..8).map(|s| s * 48_000).collect();
    for name in ["out.wav", "out.flac", "out.mkv", "out.mp4", "out.mov", "out.webm"] {
        desk.run(["export", "film.montage", "-o", name]).succeeded();
        assert_eq!(click_positions(&desk.path(name)), wanted, "{name}");
    }
    // Round again: the export, imported and exported once more.
    for name in ["out.mp4", "out.mkv"] {
        desk.run(["new", "again.montage", name]).succeeded();
        desk.run(["export", "again.montage", "-o", "again.wav"]).succeeded();
        assert_eq!(click_positions(&desk.path("again.wav")), wanted, "{name} imported again");
    }
}

#[test]
fn pictures_and_sound_of_ten_minutes_end_together() {
    let desk = Desk::new();
    // A flash and a click every second, 29.97 per second: 30 frames are 1.001 s, so the grid must not slip.
    let film = Film { width: 64, height: 36, rate: "30000/1001", frames: 17_982, audio: "-c:a aac", video: X264, ..Film::default() };
    desk.copy(&film.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    desk.run(["export", "film.montage", "-o", "out.mp4"]).succeeded();
    let all = footage::ffprobe(&desk.path("out.mp4"));
    let length = |kind: &str| -> f64 {
        let stream = all["streams"].as_array().unwrap().iter().find(|s| s["codec_type"] == kind).unwrap();
        stream["duration"].as_str().unwrap().parse().unwrap()
    };
    let wanted = 17_982.0 * 1001.0 / 30_000.0;
    assert!((length("video") - wanted).abs() < 1e-3 && (length("audio") - wanted).abs() < 0.022, "{all}");
    assert_eq!(*numbers(&desk.path("out.mp4")).last().unwrap(), 17_981);
}
