//! Test films, painted here and encoded by ffmpeg, and the way back: frame numbers and pixels of a finished file.
//!
//! Each frame carries its number as 16 black or white cells along the top, wide enough to survive any codec. Films are
//! kept between runs, under a name that holds everything they depend on.

use crate::common;
use image::{GrayImage, Luma, RgbImage};
use std::{
    fmt::Write as _,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Cells of a frame number, most significant first.
const CELLS: u32 = 16;

/// A film to be made. `Film::default()` is 50 frames of 320×180 H.264 at 25 per second, without sound.
#[derive(Clone, Copy, Debug)]
pub struct Film<'a> {
    pub width: u32,
    pub height: u32,
    pub rate: &'a str,
    pub frames: u32,
    /// Number of the first frame: films of one test are told apart by their ranges.
    pub first: u32,
    /// ffmpeg options of the video encoder, and any output option.
    pub video: &'a str,
    /// ffmpeg options of the audio encoder for a 440 Hz tone as long as the film; empty for no sound.
    pub audio: &'a str,
    pub extension: &'a str,
}

/// Short distance between key frames would hide seeking faults; one key frame and B-frames are the hard case.
pub const X264: &str = "-c:v libx264 -preset veryfast -crf 18 -g 250 -bf 2 -pix_fmt yuv420p";
pub const VP9: &str = "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 250 -crf 20 -b:v 0";
pub const AV1: &str = "-c:v libaom-av1 -usage realtime -cpu-used 8 -g 250 -crf 25 -pix_fmt yuv420p";
pub const HEVC_10: &str = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=250 -pix_fmt yuv420p10le";
pub const PRORES: &str = "-c:v prores_ks -profile:v 3 -pix_fmt yuv422p10le";
pub const MJPEG: &str = "-c:v mjpeg -q:v 3 -pix_fmt yuvj422p -color_range pc -colorspace bt470bg";
/// For the raw frames and for the file: where they differ, newer ffmpegs convert.
pub const TAGS: &str = "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv";

impl Default for Film<'_> {
    fn default() -> Self {
        Self { width: 320, height: 180, rate: "25", frames: 50, first: 0, video: X264, audio: "", extension: "mp4" }
    }
}

impl Film<'_> {
    /// The finished file. Made on first use; read only, for it is shared by all tests.
    pub fn file(&self) -> PathBuf {
        let seconds = f64::from(self.frames) / rate(self.rate);
        let mut options = format!("{TAGS} -f rawvideo -pix_fmt gray -s {}x{} -r {} -i -", self.width, self.height, self.rate);
        if !self.audio.is_empty() {
            write!(options, " -f lavfi -i sine=frequency=440:sample_rate=48000:duration={seconds}").unwrap();
        }
        write!(options, " {TAGS} {} {}", self.video, self.audio).unwrap();
        let key = format!("{} {} {options}", self.frames, self.first);
        kept(&key, self.extension, |path| {
            encode(&options, path, (0..self.frames).flat_map(|n| painted(self.width, self.height, self.first + n)));
        })
    }
}

/// A file that `make` writes at the path it is given, kept under a name made of `key`.
pub fn kept(key: &str, extension: &str, make: impl FnOnce(&Path)) -> PathBuf {
    common::cached(&format!("cli-{:016x}.{extension}", xxhash_rust::xxh3::xxh3_64(key.as_bytes())), make)
}

/// Runs ffmpeg with `options`, raw frames on its standard input, into `path`.
pub fn encode(options: &str, path: &Path, bytes: impl Iterator<Item = u8>) {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-y"])
        .args(options.split_whitespace())
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed by `make test`");
    let bytes: Vec<u8> = bytes.collect();
    let mut pipe = child.stdin.take().unwrap();
    let written = pipe.write_all(&bytes);
    drop(pipe);
    assert!(child.wait().unwrap().success() && written.is_ok(), "ffmpeg {options}: failed");
}

/// One frame: a ramp that differs from frame to frame, with `number` along the top.
fn painted(width: u32, height: u32, number: u32) -> Vec<u8> {
    GrayImage::from_fn(width, height, |x, y| {
        if y < height / 6 {
            let bit = CELLS - 1 - (x * CELLS / width).min(CELLS - 1);
            Luma([if number >> bit & 1 == 1 { 235 } else { 16 }])
        } else {
            Luma([(60 + (x + y + number * 3) % 120) as u8])
        }
    })
    .into_raw()
}

/// The number that a frame carries.
pub fn number(frame: &GrayImage) -> u32 {
    let (w, h) = frame.dimensions();
    (0..CELLS).fold(0, |n, cell| n << 1 | u32::from(frame.get_pixel((2 * cell + 1) * w / (2 * CELLS), h / 12).0[0] > 128))
}

/// The number of each frame of a film or picture, in order of presentation.
pub fn numbers(path: &Path) -> Vec<u32> {
    let (width, height) = size(path);
    let bytes = ffmpeg(&["-i", text(path), "-an", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"]);
    bytes.chunks_exact((width * height) as usize).map(|f| number(&GrayImage::from_raw(width, height, f.to_vec()).unwrap())).collect()
}

/// Every frame of a film as ffmpeg decodes it, in `pixel_format`.
pub fn raw_frames(path: &Path, pixel_format: &str) -> Vec<u8> {
    ffmpeg(&["-i", text(path), "-an", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", pixel_format, "-"])
}

/// The sound of a file as ffmpeg decodes it: 48 kHz, left and right mixed to one.
pub fn sound(path: &Path) -> Vec<f32> {
    let bytes = ffmpeg(&["-i", text(path), "-vn", "-ac", "1", "-ar", "48000", "-f", "f32le", "-"]);
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// A still picture.
pub fn picture(path: &Path) -> RgbImage {
    image::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).to_rgb8()
}

/// What an X display shows.
pub fn screen(display: &str, width: u32, height: u32) -> RgbImage {
    let size = format!("{width}x{height}");
    let bytes =
        ffmpeg(&["-f", "x11grab", "-video_size", &size, "-i", display, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
    RgbImage::from_raw(width, height, bytes).unwrap()
}

/// What `ffprobe` says of the streams and the container, every packet counted.
pub fn ffprobe(path: &Path) -> serde_json::Value {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json"])
        .arg(path)
        .output()
        .expect("ffprobe is installed by `make test`");
    assert!(out.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

/// The picture stream of [`ffprobe`].
pub fn video_stream(path: &Path) -> serde_json::Value {
    let all = ffprobe(path);
    all["streams"].as_array().unwrap().iter().find(|s| s["codec_type"] == "video").cloned().unwrap_or_default()
}

/// Presentation time of each frame in seconds.
pub fn times(path: &Path) -> Vec<f64> {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=pts_time", "-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap().lines().filter_map(|l| l.trim_end_matches(',').parse().ok()).collect()
}

fn size(path: &Path) -> (u32, u32) {
    // As decoded for showing: ffmpeg turns a picture upright by itself, so ask for what comes out.
    let png = ffmpeg(&["-i", text(path), "-an", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-"]);
    let first = image::load_from_memory(&png).unwrap();
    (first.width(), first.height())
}

fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let out =
        Command::new("ffmpeg").args(["-v", "error", "-nostdin"]).args(arguments).output().expect("ffmpeg is installed by `make test`");
    assert!(out.status.success(), "ffmpeg {arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// `25` or `30000/1001`.
pub fn rate(text: &str) -> f64 {
    let (n, d) = text.split_once('/').unwrap_or((text, "1"));
    n.parse::<f64>().unwrap() / d.parse::<f64>().unwrap()
}

#[test]
fn the_test_films_carry_their_numbers() {
    let mjpeg = Film { video: MJPEG, extension: "mov", ..Film::default() };
    for film in [Film::default(), Film { first: 1000, ..Film::default() }, mjpeg] {
        assert_eq!(numbers(&film.file()), (film.first..film.first + 50).collect::<Vec<_>>(), "{film:?}");
    }
}
