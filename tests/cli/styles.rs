//! Every style of the montage, made of the sample film: a valid video each, visibly unlike the others. Storyboards of all lie in the
//! test folder afterwards, to be looked at; those of a whole run are in `assets/storyboards`.

use crate::{
    common,
    desk::Desk,
    footage::{raw_frames, text},
};
use image::{RgbImage, imageops};
use montage_ai::{
    gpu::{AdapterPick, GpuContext},
    sample::{Options, make_with},
    store,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

const SIZE: (u32, u32) = (160, 90);
/// Columns of a storyboard.
const COLUMNS: u32 = 4;

/// What a film looks like.
#[derive(Debug)]
struct Look {
    shots: usize,
    transitions: usize,
    /// Mean distance of red, green and blue from their grey, 0–1.
    saturation: f64,
    /// Red less blue.
    warmth: f64,
    /// Mean brightness of the first frame beside that of all.
    first: f64,
    size: (u32, u32),
}

/// The sample film, small: five seconds of each clip.
fn footage() -> (Vec<PathBuf>, PathBuf) {
    let gpu = GpuContext::headless(&AdapterPick::Best).expect("a graphics adapter; a software one will do");
    let options = Options { width: SIZE.0, height: SIZE.1, max_frames: 150, max_music_secs: 12 };
    let set = make_with(&common::media_dir(), &gpu, &options, &mut |_, _| {}, &AtomicBool::new(false)).unwrap();
    (set.clips, set.music)
}

fn frames(film: &Path, size: (u32, u32)) -> Vec<RgbImage> {
    let bytes = raw_frames(film, "rgb24");
    let len = (size.0 * size.1 * 3) as usize;
    bytes.chunks_exact(len).map(|f| RgbImage::from_raw(size.0, size.1, f.to_vec()).unwrap()).collect()
}

/// The middle of each shot, row by row.
fn storyboard(frames: &[RgbImage], shots: &[(usize, usize)]) -> RgbImage {
    let (w, h) = frames[0].dimensions();
    let rows = (shots.len() as u32).div_ceil(COLUMNS);
    let mut board = RgbImage::new(COLUMNS * w, rows * h);
    for (i, (from, to)) in shots.iter().enumerate() {
        let (x, y) = (i as u32 % COLUMNS * w, i as u32 / COLUMNS * h);
        imageops::replace(&mut board, &frames[(from + to) / 2], x.into(), y.into());
    }
    board
}

fn look(frames: &[RgbImage], shots: usize, transitions: usize) -> Look {
    let mean = |f: &RgbImage, of: fn([f64; 3]) -> f64| {
        f.pixels().map(|p| of(p.0.map(|v| f64::from(v) / 255.0))).sum::<f64>() / f64::from(f.width() * f.height())
    };
    let luma = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let over =
        |of: fn([f64; 3]) -> f64| frames.iter().step_by(5).map(|f| mean(f, of)).sum::<f64>() / frames.iter().step_by(5).count() as f64;
    Look {
        shots,
        transitions,
        saturation: over(|[r, g, b]| {
            let grey = (r + g + b) / 3.0;
            (r - grey).abs() + (g - grey).abs() + (b - grey).abs()
        }),
        warmth: over(|[r, _, b]| r - b),
        first: mean(&frames[0], luma) / over(luma),
        size: frames[0].dimensions(),
    }
}

#[test]
fn every_style_exports_a_valid_film_of_the_sample_footage_that_looks_like_itself() {
    let (clips, music) = footage();
    let desk = Desk::new();
    let styles: Value = desk.json(["styles"]);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("storyboards");
    std::fs::create_dir_all(&folder).unwrap();
    let mut looks = BTreeMap::new();
    for style in styles.as_array().unwrap() {
        let name = style["name"].as_str().unwrap();
        let (project, film) = (format!("{name}.montage"), format!("{name}.mp4"));
        let wish = ["--music", text(&music), "--style", name, "--duration", "12", "-o", &project, "--export", &film];
        desk.json(["montage"].into_iter().chain(clips.iter().map(|c| text(c))).chain(wish));
        let p = store::load(&desk.path(&project)).unwrap();
        let s = &p.sequence;
        let frames = frames(&desk.path(&film), (s.width, s.height));
        assert_eq!(frames.len() as i64, s.duration(), "{name}: as long as planned");
        let track = s.video_tracks().next().unwrap();
        let shots: Vec<(usize, usize)> = track.clips.iter().map(|c| (c.start as usize, c.end() as usize - 1)).collect();
        storyboard(&frames, &shots).save(folder.join(format!("{name}.png"))).unwrap();
        let look = look(&frames, shots.len(), track.transitions.len());
        println!("{name:<18} {look:?}");
        looks.insert(name.to_owned(), look);
    }
    assert_eq!(looks.len(), 15);
    let of = |name: &str| &looks[name];
    // pacing
    assert!(of("mtv").shots >= 3 * of("minimalist").shots && of("action").shots > of("cinematic").shots);
    // grade
    assert!(of("minimalist").saturation < 0.7 * of("dynamic").saturation && of("hitchcock").saturation < of("mtv").saturation);
    assert!(of("wes_anderson").warmth > of("dynamic").warmth + 0.05 && of("vlog").warmth > of("action").warmth);
    // whips where the music is loud, none where a style has none; fades in
    assert!(of("mtv").transitions > 0 && of("action").transitions > 0 && of("hitchcock").transitions < of("mtv").transitions);
    assert!(of("cinematic").first < 0.3 && of("wedding").first < 0.3 && of("mtv").first > 0.5);
    // shape
    assert_eq!((of("short_vertical").size, of("dynamic").size), ((SIZE.1, SIZE.0), SIZE));
}
