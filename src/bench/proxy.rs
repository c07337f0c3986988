//! A proxy beside ffmpeg making the same one: the same 20 s of 1080p H.264 with sound to 720p MJPEG and 24-bit PCM in .mov, both with as
//! many threads as they like, the best of three runs in turn.
//!
//! ffmpeg scales as it does unasked and codes with `-q:v 3`, which gives a file of about the size of ours: the sizes are told beside. Ours
//! runs in this process with all that belongs to it: probing before and after in a child, parts on the disk that outlast a crash, joining
//! them, and flushing the file to the disk, which ffmpeg does not. ffmpeg's own start, some hundredths of a second, is not taken off.

use super::{
    Context, Row,
    footage::{FPS, SECS},
    process,
};
use crate::{
    base::{Trouble, words::size_text},
    engine::{ProxyFormat, ProxyRequest, make_proxy},
};
use std::{path::Path, sync::atomic::AtomicBool};

const RUNS: usize = 3;

/// Seconds, and bytes of the file.
#[derive(Clone, Copy)]
struct Run {
    wall: f64,
    cpu: f64,
    bytes: u64,
}

impl Run {
    fn best(self, other: Option<Self>) -> Self {
        other.map_or(self, |o| Self { wall: self.wall.min(o.wall), cpu: self.cpu.min(o.cpu), bytes: self.bytes })
    }
}

pub(super) fn proxy(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let film = cx.footage.long_gop()?;
    let (mut mine, mut peer) = (None, None);
    for _ in 0..RUNS {
        mine = Some(ours(&film, cx.footage.dir())?.best(mine));
        peer = Some(ffmpeg(&film, cx.footage.dir())?.best(peer));
    }
    let (Some(mine), Some(peer)) = (mine, peer) else { return Ok(Vec::new()) };
    let per_frame = |secs: f64| secs * 1e3 / f64::from(SECS * FPS);
    let ffmpeg = process::version("ffmpeg");
    (cx.say)(&format!("proxy: ours has {}, that of ffmpeg {}", size_text(mine.bytes), size_text(peer.bytes)));
    Ok(vec![
        Row::new("proxy 1080p H.264 → 720p MJPEG, wall per frame", per_frame(mine.wall), "ms")
            .beside(&ffmpeg, per_frame(peer.wall))
            .goal("≤ 1.0 × ffmpeg"),
        Row::new("proxy 1080p H.264 → 720p MJPEG, CPU per frame", per_frame(mine.cpu), "ms").beside(&ffmpeg, per_frame(peer.cpu)),
        Row::new("proxy 1080p H.264 → 720p MJPEG, size", mine.bytes as f64 / 1e6, "MB").beside(&ffmpeg, peer.bytes as f64 / 1e6),
    ])
}

fn ours(film: &Path, dir: &Path) -> Result<Run, Trouble> {
    let work = tempfile::tempdir_in(dir).map_err(|e| Trouble::new(format!("{e}: {}", dir.display()), "free some disk space"))?;
    let output = dir.join("proxy-ours.mov");
    let request = ProxyRequest { input: film.to_owned(), output, format: ProxyFormat::Mjpeg, work_dir: work.path().to_owned() };
    let before = process::cpu_secs() + process::children_cpu_secs();
    let made = make_proxy(&request, &AtomicBool::new(false), &mut |_| {}).map_err(|e| Trouble::of(&e))?;
    let cpu = process::cpu_secs() + process::children_cpu_secs() - before;
    Ok(Run { wall: made.wall_secs, cpu, bytes: made.bytes })
}

fn ffmpeg(film: &Path, dir: &Path) -> Result<Run, Trouble> {
    let output = dir.join("proxy-ffmpeg.mov");
    let (from, to) = (film.to_string_lossy(), output.to_string_lossy());
    let picture = ["-vf", "scale=1280:720", "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p"];
    let args = [&["-v", "error", "-nostdin", "-y", "-i", &from][..], &picture, &["-c:a", "pcm_s24le", &to]].concat();
    let used = process::run("ffmpeg", &args)?;
    Ok(Run { wall: used.wall_secs, cpu: used.cpu_secs, bytes: output.metadata().map_or(0, |m| m.len()) })
}
