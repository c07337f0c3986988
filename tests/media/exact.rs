//! The right picture at every time: each file's pictures carry their numbers.

use crate::common::{Random, number_in, numbered_video};
use montage_ai::{
    base::{FrameRate, Time},
    media::{ReaderOptions, VideoReader, probe},
};
use std::path::Path;

const FRAMES: u32 = 260;
const H264: [&str; 10] = ["-c:v", "libx264", "-preset", "veryfast", "-g", "250", "-bf", "3", "-pix_fmt", "yuv420p"];

/// A hundred random seeks and a hundred random small steps. `times` are the starts of all pictures.
fn every_picture_is_right(path: &Path, times: &[Time], numbers: &[u32]) {
    let info = probe(path).unwrap();
    let video = info.video.as_ref().unwrap();
    assert_eq!(video.frames as usize, times.len(), "number of pictures of {}", path.display());
    let mut reader = VideoReader::open(path, &info, ReaderOptions { cache_bytes: 2 << 20, ..Default::default() }).unwrap();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let last = times.len() - 1;
    let mut check = |n: usize, random: &mut Random, how: &str| {
        let duration = times.get(n + 1).map_or(Time::from_ratio(1, 100), |t| *t - times[n]);
        // at its very start, at its very end, and between
        let into = [0, duration.0 - 1 - duration.0 / 100, random.below(duration.0 as u64 * 9 / 10) as i64][random.below(3) as usize];
        let frame = reader.frame_at(times[n] + Time(into)).unwrap();
        assert_eq!(number_in(&frame.picture), numbers[n], "{how} to {n} + {into} flicks in {}", path.display());
        assert_eq!(frame.index, n, "{how} in {}", path.display());
    };
    for _ in 0..100 {
        let n = random.below(times.len() as u64) as usize;
        check(n, &mut random, "seek");
    }
    let mut n = last / 2;
    for _ in 0..100 {
        n = (n + random.below(9) as usize).saturating_sub(4).min(last);
        check(n, &mut random, "step");
    }
    assert_eq!(reader.ended_early(), None);
}

fn constant(name: &str, rate: &str, frames: u32, codec: &[&str]) {
    let path = numbered_video(name, rate, frames, codec);
    let rate: FrameRate = rate.parse().unwrap();
    let info = probe(&path).unwrap().video.unwrap();
    assert_eq!((info.frame_rate, info.variable_frame_rate), (rate, false), "{}", path.display());
    let times: Vec<Time> = (0..i64::from(frames)).map(|n| Time::from_frames(n, rate)).collect();
    let numbers: Vec<u32> = (0..frames).collect();
    every_picture_is_right(&path, &times, &numbers);
}

#[test]
fn h264_in_mp4_is_exact_at_every_rate() {
    for rate in ["24000/1001", "25", "30000/1001", "60000/1001", "60"] {
        constant(&format!("h264-{}.mp4", rate.replace('/', "_")), rate, FRAMES, &H264);
    }
}

#[test]
fn h264_in_matroska_is_exact_although_its_times_are_rounded() {
    for rate in ["24000/1001", "30000/1001", "60000/1001"] {
        constant(&format!("h264-{}.mkv", rate.replace('/', "_")), rate, FRAMES, &H264);
    }
}
