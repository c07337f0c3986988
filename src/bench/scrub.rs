//! Decoding and seeking beside ffmpeg and melt.

use super::{
    Context, Row,
    footage::{FPS, SECS},
    p50_p95,
    process::{self, cpu_secs},
};
use crate::{
    base::{FrameRate, MediaInfo, Time, Trouble},
    gpu::device::Uploads,
    media::{self, Reach, ReaderOptions, VideoReader},
};
use std::path::Path;

const FRAMES: i64 = (SECS * FPS) as i64;

fn trouble(e: media::MediaError) -> Trouble {
    Trouble::of(&e)
}

fn open(path: &Path, max_threads: u32) -> Result<(MediaInfo, VideoReader), Trouble> {
    let info = media::probe(path).map_err(trouble)?;
    let options = ReaderOptions { max_threads, ..ReaderOptions::default() };
    let reader = VideoReader::open(path, &info, options).map_err(trouble)?;
    Ok((info, reader))
}

fn at(frame: i64) -> Time {
    Time::from_frames(frame, FrameRate::FPS_30)
}

/// The same pseudo-random frames in every run (xorshift64).
fn random_frames(count: usize) -> Vec<i64> {
    let mut x = 0x9E37_79B9_7F4A_7C15u64;
    (0..count)
        .map(|_| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            (x % FRAMES as u64) as i64
        })
        .collect()
}

/// Every frame once, each uploaded to a texture, beside `ffmpeg -f null`.
pub(super) fn decode(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let path = cx.footage.long_gop()?;
    let gpu = cx.adapter.context()?;
    let info = media::probe(&path).map_err(trouble)?;
    let mut reader = VideoReader::open(&path, &info, ReaderOptions::playback()).map_err(trouble)?;
    let mut textures = Uploads::new(&gpu.device);
    let before = cpu_secs();
    for f in 0..FRAMES {
        let frame = reader.frame_at(at(f)).map_err(trouble)?;
        textures.next_frame();
        textures.planes(&gpu.device, &gpu.queue, &frame.picture).map_err(|e| Trouble::new(e.to_string(), "try --cpu"))?;
        // writes are staged until something is submitted
        gpu.queue.submit([]);
    }
    let ours = cpu_secs() - before;
    let mut reader = VideoReader::open(&path, &info, ReaderOptions::playback()).map_err(trouble)?;
    let before = cpu_secs();
    for f in 0..FRAMES {
        reader.frame_at(at(f)).map_err(trouble)?;
    }
    let decoding = cpu_secs() - before;
    drop(reader);
    let text = path.to_string_lossy();
    let peer = process::run("ffmpeg", &["-v", "error", "-nostdin", "-i", &text, "-map", "0:v", "-f", "null", "-"])?.cpu_secs;
    let ms = |s: f64| s * 1e3 / FRAMES as f64;
    Ok(vec![
        Row::new("decode 1080p H.264, CPU per frame", ms(decoding), "ms").beside(process::version("ffmpeg"), ms(peer)),
        Row::new("decode 1080p H.264 to texture, CPU per frame", ms(ours), "ms")
            .beside(process::version("ffmpeg"), ms(peer))
            .goal("≤ 1.2 × ffmpeg -f null"),
    ])
}

/// Random frames on long-GOP originals, intra files and proxies; steps backwards.
pub(super) fn scrub(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let mut rows = Vec::new();
    let long = cx.footage.long_gop()?;
    rows.extend(first_picture(&long)?);
    rows.push(exact(&long, "exact random frame, 1080p GOP 250", 12)?.goal("≤ 1.1 × ffmpeg's accurate seek"));
    rows.push(exact(&cx.footage.intra()?, "exact random frame, 1080p intra", 12)?);
    rows.extend(proxy(&cx.footage.proxy()?, cx)?);
    rows.push(backwards(&long)?);
    rows.extend(super::playback::scrub_layers(cx)?);
    Ok(rows)
}

fn cpu_per_frame(frames: &[i64], mut show: impl FnMut(Time) -> Result<(), Trouble>) -> Result<Vec<f64>, Trouble> {
    frames
        .iter()
        .map(|f| {
            let before = cpu_secs();
            show(at(*f))?;
            Ok((cpu_secs() - before) * 1e3)
        })
        .collect()
}

/// The key picture before a random frame. Each comes from a reader of its own: the file has few key pictures, and one that
/// is held already costs nothing.
fn first_picture(path: &Path) -> Result<Vec<Row>, Trouble> {
    let mut cpu = Vec::new();
    for f in random_frames(20) {
        let (_, mut reader) = open(path, 1)?;
        cpu.extend(cpu_per_frame(&[f], |t| reader.key_frame_at(t).map(|_| ()).map_err(trouble))?);
    }
    let (p50, p95) = p50_p95(&mut cpu);
    Ok(vec![
        Row::new("first picture while dragging, 1080p GOP 250, CPU p50", p50, "ms"),
        Row::new("first picture while dragging, 1080p GOP 250, CPU p95", p95, "ms").goal("≤ 60 ms"),
    ])
}

/// Mean CPU over the same frames. Ours is one reader, and only frames that it does not hold already; ffmpeg's start and
/// opening of the file are measured without a decoder and taken off.
fn exact(path: &Path, name: &str, count: usize) -> Result<Row, Trouble> {
    let (_, mut reader) = open(path, 1)?;
    reader.frame_at(Time::ZERO).map_err(trouble)?;
    let (mut frames, mut ours) = (Vec::new(), Vec::new());
    for f in random_frames(20 * count) {
        if frames.len() < count && matches!(reader.reach(at(f)), Reach::Far | Reach::Near) && !frames.contains(&f) {
            ours.extend(cpu_per_frame(&[f], |t| reader.frame_at(t).map(|_| ()).map_err(trouble))?);
            frames.push(f);
        }
    }
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let text = path.to_string_lossy();
    let ffmpeg = |middle: &[&str], secs: f64| -> Result<f64, Trouble> {
        let at = format!("{secs:.6}");
        let mut args = vec!["-v", "error", "-nostdin", "-threads", "1", "-ss", &at, "-i", &text, "-map", "0:v"];
        args.extend_from_slice(middle);
        args.extend(["-frames:v", "1", "-f", "null", "-"]);
        Ok(process::run("ffmpeg", &args)?.cpu_secs * 1e3)
    };
    let start = mean(&(0..5).map(|_| ffmpeg(&["-c:v", "copy"], 0.0)).collect::<Result<Vec<_>, _>>()?);
    let theirs = frames.iter().map(|f| ffmpeg(&[], *f as f64 / f64::from(FPS)).map(|v| (v - start).max(0.0)));
    let theirs: Vec<f64> = theirs.collect::<Result<_, _>>()?;
    Ok(Row::new(format!("{name}, CPU mean"), mean(&ours), "ms").beside(process::version("ffmpeg"), mean(&theirs)))
}

fn proxy(path: &Path, cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let (_, mut reader) = open(path, 1)?;
    let frames = random_frames(100);
    let mut cpu = cpu_per_frame(&frames, |t| reader.frame_at(t).map(|_| ()).map_err(trouble))?;
    let mean = cpu.iter().sum::<f64>() / cpu.len() as f64;
    let (p50, p95) = p50_p95(&mut cpu);
    let theirs = melt_random(path, &frames, cx)?;
    Ok(vec![
        Row::new("random frame, 720p MJPEG proxy, CPU p50", p50, "ms"),
        Row::new("random frame, 720p MJPEG proxy, CPU p95", p95, "ms").goal("≤ 5 ms"),
        Row::new("random frame, 720p MJPEG proxy, CPU mean", mean, "ms").beside(process::version("melt"), theirs).goal("below melt"),
    ])
}

/// melt playing one-frame entries of one producer: the difference of a long and a short list takes its start off.
fn melt_random(path: &Path, frames: &[i64], cx: &Context<'_>) -> Result<f64, Trouble> {
    let cost = |list: &[i64], name: &str| -> Result<f64, Trouble> {
        let entries: String = list.iter().map(|f| format!("<entry producer=\"p\" in=\"{f}\" out=\"{f}\"/>")).collect();
        let text = format!(
            "<mlt><profile width=\"1280\" height=\"720\" frame_rate_num=\"{FPS}\" frame_rate_den=\"1\" progressive=\"1\" sample_aspect_num=\"1\" sample_aspect_den=\"1\" display_aspect_num=\"16\" display_aspect_den=\"9\" colorspace=\"709\"/><producer id=\"p\" in=\"0\" out=\"{}\"><property name=\"resource\">{}</property><property name=\"mlt_service\">avformat-novalidate</property><property name=\"length\">{FRAMES}</property></producer><playlist id=\"l\">{entries}</playlist></mlt>",
            FRAMES - 1,
            path.display()
        );
        let file = cx.footage.dir().join(name);
        std::fs::write(&file, text).map_err(|e| Trouble::new(format!("{e}: {}", file.display()), "free some disk space"))?;
        let file = file.to_string_lossy();
        Ok(process::run(
            "melt",
            &["-silent", &file, "-consumer", "avformat:/dev/null", "f=rawvideo", "vcodec=rawvideo", "an=1", "real_time=-1"],
        )?
        .cpu_secs)
    };
    let few = frames.len() / 10;
    let (long, short) = (cost(frames, "random-long.mlt")?, cost(&frames[..few], "random-short.mlt")?);
    Ok((long - short).max(0.0) * 1e3 / (frames.len() - few) as f64)
}

fn backwards(path: &Path) -> Result<Row, Trouble> {
    let (_, mut reader) = open(path, 0)?;
    let last = FRAMES - 1;
    let steps: Vec<i64> = (0..120).map(|i| last - 130 - i).collect();
    let before = cpu_secs();
    for f in &steps {
        reader.frame_at(at(*f)).map_err(trouble)?;
    }
    let ms = (cpu_secs() - before) * 1e3 / steps.len() as f64;
    Ok(Row::new("step backwards, 1080p GOP 250, CPU amortised", ms, "ms").goal("≤ 50 ms"))
}
