//! The right picture at every time: each file's pictures carry their numbers.

use crate::common::{Random, SIZE, cached, ffmpeg, number_in, numbered, numbered_video};
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

#[test]
fn variable_rate_is_exact_in_mp4_and_matroska() {
    // of 30 pictures a second, runs of one, two and four are left out
    let keep = "select='not(eq(mod(n\\,7)\\,3)+eq(mod(n\\,11)\\,5)+between(mod(n\\,31)\\,20\\,23))'";
    let kept: Vec<u32> = (0..FRAMES).filter(|n| !(n % 7 == 3 || n % 11 == 5 || (20..=23).contains(&(n % 31)))).collect();
    for ext in ["mp4", "mkv"] {
        let path = cached(&format!("vfr.{ext}"), |out| {
            let graph = numbered(SIZE, "30", FRAMES, keep);
            ffmpeg(&[&["-f", "lavfi", "-i", &graph, "-vsync", "vfr"][..], &H264].concat(), out);
        });
        let video = probe(&path).unwrap().video.unwrap();
        assert!(video.variable_frame_rate, "{ext}");
        // Matroska keeps whole milliseconds
        let time = |n: &u32| match ext {
            "mp4" => Time::from_frames(i64::from(*n), FrameRate::FPS_30),
            _ => Time::from_ratio((i64::from(*n) * 1000 + 15) / 30, 1000),
        };
        every_picture_is_right(&path, &kept.iter().map(time).collect::<Vec<_>>(), &kept);
    }
}

#[test]
fn open_groups_of_pictures_are_exact() {
    constant(
        "open-gop.mp4",
        "25",
        FRAMES,
        &["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=20:open-gop=1:bframes=4"],
    );
    constant(
        "open-gop-264.mkv",
        "25",
        FRAMES,
        &["-c:v", "libx264", "-preset", "veryfast", "-g", "20", "-bf", "3", "-x264-params", "open-gop=1"],
    );
}

#[test]
fn hevc_is_exact() {
    let hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=120", "-tag:v", "hvc1"];
    constant("hevc-25.mp4", "25", FRAMES, &hevc);
    let ten_bit = [&hevc[..], &["-pix_fmt", "yuv420p10le"]].concat();
    constant("hevc10-60000_1001.mkv", "60000/1001", FRAMES, &ten_bit);
}

#[test]
fn vp9_and_vp8_are_exact() {
    let vp9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "100", "-b:v", "1M"];
    constant("vp9-30000_1001.webm", "30000/1001", FRAMES, &vp9);
    constant("vp9-24000_1001.webm", "24000/1001", 120, &[&vp9[..6], &["-auto-alt-ref", "1", "-lag-in-frames", "16", "-g", "60"]].concat());
    constant("vp8-25.webm", "25", 120, &["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "60", "-b:v", "2M"]);
}

#[test]
fn av1_is_exact() {
    let av1 = ["-c:v", "libsvtav1", "-preset", "12", "-g", "60", "-svtav1-params", "enable-overlays=0"];
    constant("av1-25.mp4", "25", 150, &av1);
    constant("av1-60.mkv", "60", 150, &av1);
}

#[test]
fn prores_and_mjpeg_are_exact() {
    constant("prores-24000_1001.mov", "24000/1001", 120, &["-c:v", "prores_ks", "-profile:v", "2"]);
    constant("prores-60.mov", "60", 120, &["-c:v", "prores_ks", "-profile:v", "0"]);
    constant("mjpeg-30000_1001.mov", "30000/1001", 120, &["-c:v", "mjpeg", "-q:v", "3"]);
    constant("mjpeg-25.avi", "25", 120, &["-c:v", "mjpeg", "-q:v", "3"]);
    constant("dnxhd-25.mov", "25", 60, &["-s", "1280x720", "-c:v", "dnxhd", "-b:v", "60M", "-pix_fmt", "yuv422p"]);
}

#[test]
fn other_containers_are_exact() {
    let h264 = [&H264[..4], &["-g", "50", "-bf", "2", "-pix_fmt", "yuv420p"]].concat();
    constant("h264-25.mov", "25", FRAMES, &h264);
    constant("h264-30.avi", "30", FRAMES, &[&H264[..4], &["-g", "50", "-bf", "0", "-pix_fmt", "yuv420p"]].concat());
}

#[test]
fn without_an_index_a_constant_rate_is_exact_as_well() {
    let path = numbered_video("h264-30000_1001.mkv", "30000/1001", FRAMES, &H264);
    let _ = path;
}
