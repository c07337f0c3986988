//! Test media, made by ffmpeg when first asked for and kept in the target directory between runs.
//!
//! Every picture carries its number: sixteen cells along the top, white for a set bit, the lowest bit on the left. They are
//! large enough to survive any codec. Include with `#[path = "../common/mod.rs"] mod common;`.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod clip;
pub mod whisper;

use montage_ai::base::{Picture, PixelFormat};
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

/// Width and height of generated pictures unless a test asks for others.
pub const SIZE: (u32, u32) = (320, 180);

/// Folder that lives as long as the build directory.
pub fn media_dir() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("media-v1");
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// The file `name`, made once by `make`, which gets a temporary path with the same extension to write to.
pub fn cached(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let path = media_dir().join(name);
    if !path.exists() {
        // tests run side by side, in several processes: each writes its own and the last rename wins
        let unique = format!("new-{}-{}-{name}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let fresh = media_dir().join(unique);
        make(&fresh);
        std::fs::rename(&fresh, &path).unwrap();
    }
    path
}

/// Run ffmpeg with these arguments and the output's path at the end.
pub fn ffmpeg<S: AsRef<std::ffi::OsStr>>(args: &[S], output: &Path) {
    let mut command = Command::new("ffmpeg");
    command.args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]).args(args).arg(output);
    let done = command.output().expect("ffmpeg is installed by `make test`");
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// What ffprobe says about an entry of the first stream of a kind (`v`, `a`), such as `stream=nb_read_packets`.
pub fn ffprobe(path: &Path, select: &str, entries: &str) -> String {
    let args = ["-v", "error", "-count_packets", "-select_streams", select, "-show_entries", entries, "-of", "default=nw=1:nk=1"];
    let done = Command::new("ffprobe").args(args).arg(path).output().expect("ffprobe comes with ffmpeg");
    String::from_utf8_lossy(&done.stdout).trim().to_string()
}

/// An ffmpeg filter graph of a moving picture with its number in every frame. `select` may be a filter that drops frames
/// after numbering, to make a variable rate (`select='…'`), or empty.
pub fn numbered(size: (u32, u32), rate: &str, frames: u32, select: &str) -> String {
    let cell = size.0 / 20;
    let mut graph = format!("testsrc2=s={}x{}:r={rate},trim=end_frame={frames},setsar=1", size.0, size.1);
    graph += &format!(",drawbox=x=0:y=0:w={}:h={cell}:color=black:t=fill", cell * 16);
    for bit in 0..16 {
        let x = bit * cell;
        graph += &format!(",drawbox=x={x}:y=0:w={cell}:h={cell}:color=white:t=fill:enable='mod(floor(n/{})\\,2)'", 1 << bit);
    }
    if select.is_empty() { graph } else { format!("{graph},{select}") }
}

/// Make a file of numbered pictures. `codec` are ffmpeg's arguments for the encoder.
pub fn numbered_video(name: &str, rate: &str, frames: u32, codec: &[&str]) -> PathBuf {
    cached(name, |out| {
        let graph = numbered(SIZE, rate, frames, "");
        let input = ["-f", "lavfi", "-i", &graph, "-an"];
        ffmpeg(&[&input[..], codec].concat(), out);
    })
}

/// The number that a picture carries.
pub fn number_in(picture: &Picture) -> u32 {
    let (w, h) = (picture.width as usize, picture.height);
    let cell = w / 20;
    let row = picture.row(0, (cell as u32 / 2).min(h - 1));
    let wide = picture.format.bytes_per_sample() == 2;
    let step = if picture.format.is_rgb() { 4 } else { 1 };
    (0..16).fold(0, |number, bit| {
        let x = (bit * cell + cell / 2) * step;
        let v = if wide { u32::from(u16::from_le_bytes([row[2 * x], row[2 * x + 1]])) } else { u32::from(row[x]) };
        let full = match picture.format {
            PixelFormat::P010 | PixelFormat::Rgba16 => 65535,
            f => (1u32 << f.bits()) - 1,
        };
        number | u32::from(v * 2 > full) << bit
    })
}

/// The bytes of an MP4 or MOV file without the second at which it was made, which stands in the headers of the film and its tracks.
pub fn undated(path: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let index = bytes.len().min(256 << 10);
    for at in 0..index.saturating_sub(16) {
        if [b"mvhd", b"tkhd", b"mdhd"].iter().any(|name| bytes[at..].starts_with(*name)) {
            bytes[at + 8..at + 16].fill(0);
        }
    }
    bytes
}

/// Numbers that look random and are the same in every run (xorshift64).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}
