//! Films without their shake: whatever comes in, a film of as many pictures or one clear error; and the same film twice gives the same path.

use crate::{
    common,
    desk::Desk,
    footage::{self, Film, X264, kept, numbers},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Frames of the shaky films.
const FRAMES: u32 = 20;
const CODEC: &str = "-c:v libx264 -preset veryfast -crf 18 -g 10 -bf 0 -pix_fmt yuv420p";

/// One picture full of detail, seen by a camera that trembles; 25 frames a second, `filter` behind.
fn shaky(filter: &str, codec: &str, extension: &str) -> PathBuf {
    let graph = format!(
        "mandelbrot=s=400x240:start_scale=0.012:end_scale=0.012:start_x=-0.7436:start_y=0.1319:maxiter=300:inner=mincol,\
         trim=end_frame=1,loop=loop=-1:size=1,setpts=N/(25*TB),fps=25,trim=end_frame={FRAMES},format=yuv420p,\
         crop=320:180:x='40+12*sin(9*t)+6*sin(21*t)':y='30+8*sin(13*t)':exact=1{filter}[v]"
    );
    kept(&format!("shaky {graph} {codec}"), extension, |path| {
        let mut args = vec!["-filter_complex", &graph, "-map", "[v]"];
        args.extend(codec.split_whitespace());
        common::ffmpeg(&args, path);
    })
}

/// The film made steady: what the program says of it, and the times of the pictures.
fn steadied(desk: &Desk, film: &Path, frames: usize) -> Value {
    desk.copy(film, "in.mp4");
    let said = desk.json(["stabilize", "in.mp4", "-o", "out.mp4", "--cpu"]);
    assert_eq!(said["frames"], frames, "{said}");
    assert_eq!(footage::times(&desk.path("out.mp4")).len(), frames);
    let crop = said["crop"].as_f64().unwrap();
    assert!((0.0..=0.1 + 1e-6).contains(&crop), "{crop}");
    assert_eq!(desk.listing(), ["in.mp4", "out.mp4"]);
    said
}

fn notes(said: &Value) -> String {
    said["notes"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_film_gives_the_same_path_byte_for_byte() {
    let film = shaky("", CODEC, "mp4");
    let paths = [1, 2].map(|_| {
        // each with a cache of its own
        let desk = Desk::new();
        desk.copy(&film, "in.mp4");
        let said = desk.json(["stabilize", "in.mp4", "-o", "out.mp4", "--cpu", "--analysis", "in.motion"]);
        assert!(said["crop"].as_f64().unwrap() > 0.01, "it was steadied: {said}");
        (fs::read(desk.path("in.motion")).unwrap(), common::undated(&desk.path("out.mp4")))
    });
    assert!(paths[0].0.len() > 40 * FRAMES as usize, "a record for each frame");
    assert_eq!(paths[0].0, paths[1].0, "the paths");
    assert!(paths[0].1 == paths[1].1, "the films");
}

#[test]
fn a_path_that_was_saved_is_used_and_that_of_another_film_is_refused() {
    let desk = Desk::new();
    desk.copy(&shaky("", CODEC, "mp4"), "in.mp4");
    desk.copy(&shaky(",hflip", CODEC, "mp4"), "other.mp4");
    let said = desk.json(["stabilize", "in.mp4", "-o", "out.mp4", "--cpu", "--analysis", "in.motion"]);
    let again = desk.json(["stabilize", "in.mp4", "-o", "again.mp4", "--cpu", "--analysis", "in.motion"]);
    assert_eq!((&said["crop"], &said["frames"]), (&again["crop"], &again["frames"]));
    assert!(common::undated(&desk.path("out.mp4")) == common::undated(&desk.path("again.mp4")));
    desk.run(["stabilize", "other.mp4", "-o", "bad.mp4", "--cpu", "--analysis", "in.motion"]).failed_clearly(&["in.motion"]);
    desk.write("torn.motion", &fs::read(desk.path("in.motion")).unwrap()[..300]);
    desk.run(["stabilize", "in.mp4", "-o", "bad.mp4", "--cpu", "--analysis", "torn.motion"]).failed_clearly(&["torn.motion"]);
    assert!(!desk.path("bad.mp4").exists());
}

#[test]
fn one_picture_and_two_are_left_as_they_are() {
    for frames in [1, 2] {
        let film = Film { frames, first: 40, ..Film::default() }.file();
        let desk = Desk::new();
        let said = steadied(&desk, &film, frames as usize);
        assert_eq!(said["crop"], 0.0);
        assert!(notes(&said).contains("Too short"), "{said}");
        assert_eq!(numbers(&desk.path("out.mp4")), (40..40 + frames).collect::<Vec<_>>());
    }
}

#[test]
fn black_and_a_still_scene_are_left_as_they_are_and_it_says_why() {
    let black = kept("steady black", "mp4", |path| {
        let mut args = vec!["-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=0.64"];
        args.extend(CODEC.split_whitespace());
        common::ffmpeg(&args, path);
    });
    let still = kept("steady still", "mp4", |path| {
        let mut args = vec!["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25,trim=end_frame=1,loop=loop=15:size=1"];
        args.extend(CODEC.split_whitespace());
        common::ffmpeg(&args, path);
    });
    for (film, word) in [(black, "No motion could be measured"), (still, "steady already")] {
        let desk = Desk::new();
        let said = steadied(&desk, &film, 16);
        assert_eq!(said["crop"], 0.0);
        assert!(notes(&said).contains(word), "{said}");
    }
}

#[test]
fn a_film_that_changes_its_size_in_the_middle_is_steadied_as_the_size_it_began_with() {
    let film = kept("steady two sizes", "mp4", |path| {
        let parts = ["", ",scale=160:90"].map(|filter| fs::read(shaky(filter, CODEC, "h264")).unwrap());
        let both = path.with_extension("h264");
        fs::write(&both, parts.concat()).unwrap();
        common::ffmpeg(&["-f", "h264", "-framerate", "25", "-i", footage::text(&both), "-c", "copy"], path);
        fs::remove_file(both).unwrap();
    });
    let desk = Desk::new();
    steadied(&desk, &film, 2 * FRAMES as usize);
    let stream = footage::video_stream(&desk.path("out.mp4"));
    assert_eq!((&stream["width"], &stream["height"]), (&320.into(), &180.into()));
}

#[test]
fn a_film_that_is_damaged_in_the_middle_is_steadied_around_it() {
    let mut bytes = fs::read(shaky("", &format!("{CODEC} -movflags +faststart"), "mp4")).unwrap();
    let payload = bytes.windows(4).position(|w| w == b"mdat").unwrap() + 4;
    let (from, to) = (payload + (bytes.len() - payload) * 4 / 10, payload + (bytes.len() - payload) * 6 / 10);
    bytes[from..to].iter_mut().enumerate().for_each(|(i, b)| *b = (i as u8).wrapping_mul(167) ^ 0x5a);
    let desk = Desk::new();
    let film = desk.write("damaged.mp4", bytes);
    desk.copy(&film, "in.mp4");
    let said = desk.json(["stabilize", "in.mp4", "-o", "out.mp4", "--cpu"]);
    assert_eq!((&said["frames"], footage::times(&desk.path("out.mp4")).len()), (&FRAMES.into(), FRAMES as usize));
}

#[test]
fn uneven_times_tiny_and_huge_pictures_are_steadied_too() {
    // every fourth frame is missing: the film has the rate that it says, and its pictures their times
    let uneven = shaky(",select='mod(n\\,4)'", &format!("{CODEC} -fps_mode vfr"), "mp4");
    let desk = Desk::new();
    desk.copy(&uneven, "in.mp4");
    let said = desk.json(["stabilize", "in.mp4", "-o", "out.mp4", "--cpu"]);
    let times = footage::times(&desk.path("out.mp4"));
    assert_eq!(said["frames"], times.len(), "{said}");
    assert!(times.len() >= 15 && times.last().is_some_and(|t| (0.6..0.8).contains(t)), "{times:?}");
    assert!(said["crop"].as_f64().unwrap() > 0.01, "{said}");

    let desk = Desk::new();
    let tiny = shaky(",crop=16:16", CODEC, "mp4");
    steadied(&desk, &tiny, FRAMES as usize);

    // few enough that an unoptimised build does not bend a picture of 33 million points
    let huge = Film { width: 7680, height: 4320, frames: 2, video: &format!("{X264} -preset ultrafast"), ..Film::default() }.file();
    let desk = Desk::new();
    steadied(&desk, &huge, 2);
    assert_eq!(numbers(&desk.path("out.mp4")), [0, 1]);
}

#[test]
fn sound_alone_and_a_still_picture_do_not_shake() {
    let desk = Desk::new();
    let tone = kept("tone flac 3 s", "flac", |path| {
        common::ffmpeg(&["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=3"], path);
    });
    desk.copy(&tone, "tone.flac");
    desk.run(["stabilize", "tone.flac", "-o", "out.mp4", "--cpu"]).failed_clearly(&["tone.flac", "picture"]);
    image::RgbImage::new(64, 36).save(desk.path("still.png")).unwrap();
    desk.run(["stabilize", "still.png", "-o", "out.mp4", "--cpu"]).failed_clearly(&["still.png"]);
    desk.run(["stabilize", "gone.mp4", "-o", "out.mp4", "--cpu"]).failed_clearly(&["gone.mp4"]);
    assert_eq!(desk.listing(), ["still.png", "tone.flac"]);
}
