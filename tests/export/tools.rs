//! Test pictures and sounds, and what ffprobe and ffmpeg say about a file.

use montage_ai::base::{ColorTags, MIX_RATE, Picture, PixelFormat};
use std::{path::Path, process::Command};

/// A picture whose top rows carry `n` as 16 black or white cells, over a slowly moving ramp.
pub fn numbered(format: PixelFormat, width: u32, height: u32, n: u64) -> Picture {
    let (layout, len) = Picture::packed_layout(format, width, height);
    let mut data = vec![0u8; len];
    let (cell, rows) = (width / 16, height / 4);
    let luma = |x: u32, y: u32| -> u8 {
        let (bit, inside) = (x / cell.max(1), y < rows);
        match inside {
            true if bit < 16 && n >> bit & 1 == 1 => 235,
            true => 16,
            false => (40 + (x + y + 2 * n as u32) % 150) as u8,
        }
    };
    for y in 0..height {
        for x in 0..width {
            let v = luma(x, y);
            match format {
                PixelFormat::I420 | PixelFormat::Nv12 | PixelFormat::I422 | PixelFormat::I444 => data[(y * width + x) as usize] = v,
                PixelFormat::Rgba8 => data[((y * width + x) * 4) as usize..][..4].copy_from_slice(&[v, v, v, 255]),
                PixelFormat::Rgba16 => {
                    for c in 0..4 {
                        let v = if c == 3 { u16::MAX } else { u16::from(v) * 257 };
                        data[((y * width + x) * 8 + c * 2) as usize..][..2].copy_from_slice(&v.to_le_bytes());
                    }
                }
                PixelFormat::P010 => {
                    data[((y * width + x) * 2) as usize..][..2].copy_from_slice(&(u16::from(v) << 8).to_le_bytes());
                }
                _ => data[((y * width + x) * 2) as usize..][..2].copy_from_slice(&(u16::from(v) << 2).to_le_bytes()),
            }
        }
    }
    if !format.is_rgb() {
        let (bytes, grey) = (format.bytes_per_sample(), if format == PixelFormat::P010 { 512u16 << 6 } else { 512 });
        for c in data[layout[1].offset..].chunks_exact_mut(bytes) {
            if bytes == 1 { c[0] = 128 } else { c.copy_from_slice(&grey.to_le_bytes()) }
        }
    }
    Picture::from_packed(format, width, height, data, ColorTags::BT709).unwrap()
}

/// The number in a grey picture's cells.
pub fn read_number(luma: &[u8], width: usize, height: usize) -> u64 {
    let cell = width / 16;
    (0..16).filter(|b| luma[(height / 8) * width + b * cell + cell / 2] > 128).fold(0, |n, b| n | 1 << b)
}

/// Sound with a click at each whole second: 0.8 for 48 samples, else a soft tone.
pub fn clicks(start: i64, samples: i64) -> Vec<f32> {
    clicks_every(start, samples, i64::from(MIX_RATE))
}

/// The same with a click every `step` samples.
pub fn clicks_every(start: i64, samples: i64, step: i64) -> Vec<f32> {
    let tone = |i: i64| 0.02 * (i as f32 * 440.0 * std::f32::consts::TAU / MIX_RATE as f32).sin();
    (start..start + samples).map(|i| if i.rem_euclid(step) < 48 { 0.8 } else { tone(i) }).flat_map(|v| [v, v]).collect()
}

pub fn run(program: &str, args: &[&str]) -> Vec<u8> {
    let out = Command::new(program).args(args).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

/// Range, matrix, transfer and primaries of the pictures. ProRes is limited by definition and does not say so; newer ffprobes
/// then answer "unknown".
pub fn colours(path: &Path) -> Vec<String> {
    let mut tags = probe(path, "v", "stream=color_range,color_space,color_transfer,color_primaries");
    if probe(path, "v", "stream=codec_name") == ["prores"] && tags[0] == "unknown" {
        tags[0] = "tv".into();
    }
    tags
}

/// Entries of a stream as ffprobe prints them: `entry` such as `stream=codec_name,r_frame_rate`.
pub fn probe(path: &Path, stream: &str, entries: &str) -> Vec<String> {
    let out = run(
        "ffprobe",
        &["-v", "error", "-select_streams", stream, "-show_entries", entries, "-of", "default=nk=1:nw=1", path.to_str().unwrap()],
    );
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

pub fn probe_format(path: &Path, entries: &str) -> Vec<String> {
    let out = run("ffprobe", &["-v", "error", "-show_entries", entries, "-of", "default=nk=1:nw=1", path.to_str().unwrap()]);
    String::from_utf8(out).unwrap().lines().map(str::to_owned).collect()
}

/// The numbers in all pictures, decoded by ffmpeg.
pub fn numbers(path: &Path, width: usize, height: usize) -> Vec<u64> {
    let p = path.to_str().unwrap();
    let grey = run("ffmpeg", &["-v", "error", "-i", p, "-map", "0:v", "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "gray", "-"]);
    grey.chunks_exact(width * height).map(|f| read_number(f, width, height)).collect()
}

/// Left channel, decoded by ffmpeg.
pub fn left(path: &Path) -> Vec<f32> {
    channel(path, 0)
}

/// Right channel.
pub fn right(path: &Path) -> Vec<f32> {
    channel(path, 1)
}

fn channel(path: &Path, which: usize) -> Vec<f32> {
    let p = path.to_str().unwrap();
    let raw = run("ffmpeg", &["-v", "error", "-i", p, "-map", "0:a", "-f", "f32le", "-ar", "48000", "-ac", "2", "-"]);
    raw.chunks_exact(8).map(|c| f32::from_le_bytes(c[4 * which..][..4].try_into().unwrap())).collect()
}

/// Sample at which each click of [`clicks`] starts.
pub fn click_positions(left: &[f32]) -> Vec<i64> {
    let seconds = (left.len() as i64 - 2000) / i64::from(MIX_RATE) + 1;
    click_positions_near(left, &(0..seconds).map(|s| s * i64::from(MIX_RATE)).collect::<Vec<_>>())
}

/// Sample at which a click starts within 3000 samples of each place: the best match of its 48 samples and their edges.
pub fn click_positions_near(left: &[f32], places: &[i64]) -> Vec<i64> {
    let level = |i: i64| usize::try_from(i).ok().and_then(|i| left.get(i)).copied().unwrap_or(0.0);
    let score = |at: i64| -> f32 {
        let inside: f32 = (0..48).map(|k| level(at + k)).sum();
        let outside: f32 = (1..=24).map(|k| level(at - k).abs() + level(at + 47 + k).abs()).sum();
        inside - outside
    };
    places.iter().map(|near| (near - 3000..near + 3000).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap_or(-1)).collect()
}
