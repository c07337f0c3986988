//! A whole film: decoded on a thread of its own, made larger and coded on the caller's. Finished parts stay in the work folder, so that
//! an interrupted run goes on behind them.
//!
//! Number and times of the pictures stay, at constant and variable rates; so do primaries, transfer, matrix and range. A turned film is
//! written upright. 10-bit films stay in 10 bits. Sound goes over as it is, packet by packet, between MP4 and MOV files and between
//! Matroska's; else it is decoded and coded without loss, or with little where the output's container has no lossless coding; so is that
//! of a part of a film, cut to the sample at its pictures' edges.

use super::{Moment, UpscaleError, UpscaleReport, UpscaleRequest, large::enlarged, picture_of, still::checked};
use crate::{
    base::{
        MediaInfo, Picture, Time, VideoInfo,
        color::{Matrix, Range},
    },
    engine::{
        joining::join_parts,
        progress::{ExportProgress, Teller},
        relay,
    },
    media::{
        self, PacketIndex,
        encode::{
            Aim, AudioCodec, AudioSettings, Container, EncodeSettings, Joiner, Quality, SegmentedEncoder, Speed, VideoCodec, VideoSettings,
            add_sound, takes_sound_of,
        },
    },
    ml::{MlError, Upscaler},
};
use crossbeam::channel::{Receiver, bounded};
use std::{
    ops::Range as Span,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

/// Decoded pictures that wait: one is computed for much longer than the next is decoded.
const WAITING: usize = 2;

struct Film<'a> {
    request: &'a UpscaleRequest,
    info: &'a MediaInfo,
    index: Arc<PacketIndex>,
    /// The pictures that are made larger.
    span: Span<usize>,
    settings: EncodeSettings,
    variable: bool,
    cancel: &'a AtomicBool,
}

/// Makes a film larger. As [`super::upscale_file`].
pub(super) fn upscale_film(
    request: &UpscaleRequest,
    info: &MediaInfo,
    video: &VideoInfo,
    upscaler: &mut dyn Upscaler,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<UpscaleReport, UpscaleError> {
    let started = Instant::now();
    if video.alpha {
        return Err(UpscaleError::Transparent(request.input.clone()));
    }
    let index = Arc::new(PacketIndex::scan(&request.input, info, &|| cancel.load(Ordering::Relaxed))?);
    if index.is_empty() {
        return Err(UpscaleError::NoPicture(request.input.clone()));
    }
    let variable = !index.is_constant() || index.time_of(0) != Time::ZERO;
    let span = span(request, &index)?;
    let settings = settings(request, info, video, &index, variable, span.len())?;
    let size = settings.video.as_ref().map_or((0, 0), |v| (v.width, v.height));
    let stamp = media::quick_stamp(&request.input).ok();
    let recipe = format!("{} of {} {stamp:?} {span:?} by {}", request.recipe, request.input.display(), upscaler.describe());
    let frames = span.len() as u64;
    let aim = Aim { recipe: &recipe, output: &request.output, frames };
    let encoder = SegmentedEncoder::open(&request.work_dir, &settings, aim)?;
    let mut teller = Teller::new(frames as i64, progress);
    teller.resume(encoder.finished_frames() as i64);
    let film = Film { request, info, index, span, settings, variable, cancel };
    film.pictures(encoder, upscaler, &mut teller)?;
    teller.done();
    Ok(UpscaleReport {
        frames,
        size,
        scale: f64::from(size.0) / f64::from(upright(video).0.max(1)),
        wall_secs: started.elapsed().as_secs_f64(),
    })
}

/// The pictures that are wanted: those that show at some time between the two moments.
fn span(request: &UpscaleRequest, index: &PacketIndex) -> Result<Span<usize>, UpscaleError> {
    let Some((from, to)) = request.range else { return Ok(0..index.len()) };
    let number = |moment: Moment, after: bool| match moment {
        Moment::Frame(n) => usize::try_from(n).unwrap_or(usize::MAX).min(index.len()),
        Moment::Time(t) if t >= index.end() => index.len(),
        Moment::Time(t) => {
            let n = index.frame_at(t);
            n + usize::from(after && index.time_of(n) < t)
        }
    };
    let span = number(from, false)..number(to, true);
    if span.is_empty() { Err(UpscaleError::EmptyRange { from, to, frames: index.len() }) } else { Ok(span) }
}

/// Coded size, turned upright.
fn upright(video: &VideoInfo) -> (u32, u32) {
    if video.rotation.swaps_sides() { (video.height, video.width) } else { (video.width, video.height) }
}

fn settings(
    request: &UpscaleRequest,
    info: &MediaInfo,
    video: &VideoInfo,
    index: &PacketIndex,
    variable: bool,
    frames: usize,
) -> Result<EncodeSettings, UpscaleError> {
    let deep = video.bit_depth > 8;
    let extension = request.output.extension().map_or_else(String::new, |e| e.to_string_lossy().to_lowercase());
    let (container, codec, audio) = match extension.as_str() {
        "mov" => (Container::Mov, if deep { VideoCodec::ProRes } else { VideoCodec::H264 }, AudioCodec::Pcm24),
        "mkv" => (Container::Mkv, if deep { VideoCodec::Hevc } else { VideoCodec::H264 }, AudioCodec::Flac),
        "webm" => (Container::WebM, VideoCodec::Vp9, AudioCodec::Opus),
        "mp4" | "m4v" => (Container::Mp4, if deep { VideoCodec::Hevc } else { VideoCodec::H264 }, AudioCodec::Aac),
        _ => return Err(UpscaleError::Extension(request.output.clone())),
    };
    let (w, h) = request.target.size(upright(video));
    // chroma is halved, and GStreamer's muxers take no side below 16
    let even = |n: u32| (n + (n & 1)).max(16);
    let (width, height) = (even(w), even(h));
    checked((width, height))?;
    let mut color = video.color;
    if color.matrix == Matrix::Rgb {
        (color.matrix, color.range) = (Matrix::Bt709, Range::Limited);
    }
    let (a, b) = video.pixel_aspect;
    let pixel_aspect = if video.rotation.swaps_sides() { (b, a) } else { (a, b) };
    let new = VideoSettings::new(codec, width, height, index.frame_rate());
    let quality = if codec == VideoCodec::Vp9 { Quality::Constant(24) } else { Quality::Constant(16) };
    let ten_bit = deep && codec != VideoCodec::Vp9 || codec == VideoCodec::ProRes;
    let video = VideoSettings { color, variable, quality, speed: Speed::Fast, pixel_aspect, ten_bit, ..new };
    let copied = request.range.is_none() && takes_sound_of(container, &request.input, info);
    let sound = info.audio.is_some() && !copied;
    let audio = sound.then_some(AudioSettings { codec: audio, bitrate_kbps: 320 });
    // a floor: a plain film takes no less
    let expected = u64::from(width) * u64::from(height) * frames as u64 / 200;
    Ok(EncodeSettings { container, video: Some(video), audio, text: None, expected_bytes: Some(expected) })
}

impl Film<'_> {
    fn check(&self) -> Result<(), UpscaleError> {
        if self.cancel.load(Ordering::Relaxed) { Err(UpscaleError::Cancelled) } else { Ok(()) }
    }

    fn pictures(&self, mut encoder: SegmentedEncoder, upscaler: &mut dyn Upscaler, teller: &mut Teller<'_>) -> Result<(), UpscaleError> {
        let finished = usize::try_from(encoder.finished_frames()).unwrap_or(usize::MAX);
        let rest = self.span.start.saturating_add(finished)..self.span.end;
        let (out, decoded) = bounded(WAITING);
        thread::scope(|scope| {
            let (wanted, film) = (rest.clone(), (self.request.input.as_path(), self.info, &self.index));
            let name = thread::Builder::new().name("upscale decode".into());
            let reading = name
                .spawn_scoped(scope, move || relay::decode(film, wanted, &out, || self.check()))
                .map_err(|e| UpscaleError::Thread(e.to_string()))?;
            let coded = self.enlarge(&mut encoder, rest, &decoded, upscaler, teller);
            drop(decoded);
            let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            match coded {
                // the reader's error explains it
                Err(UpscaleError::RanDry) => read.and(Err(UpscaleError::RanDry)),
                other => other,
            }
        })?;
        self.check()?;
        if self.info.audio.is_some() && self.settings.audio.is_none() {
            // pictures alone first; the sound is put in from the original
            let container = self.settings.container;
            let silent = self.request.work_dir.join(format!("silent.{}", container.name().to_lowercase()));
            self.joined(encoder.join(&silent)?)?;
            add_sound(container, &silent, &self.request.input, &self.request.output)?;
            let _ = std::fs::remove_file(&silent);
            return Ok(());
        }
        self.joined(encoder.join(&self.request.output)?)
    }

    fn enlarge(
        &self,
        encoder: &mut SegmentedEncoder,
        rest: Span<usize>,
        from: &Receiver<Picture>,
        upscaler: &mut dyn Upscaler,
        teller: &mut Teller<'_>,
    ) -> Result<(), UpscaleError> {
        let Some(v) = &self.settings.video else { return Err(UpscaleError::RanDry) };
        let size = (v.width as usize, v.height as usize);
        for n in rest {
            let picture = relay::next(from, || self.check())?.ok_or(UpscaleError::RanDry)?;
            let large = match enlarged(upscaler, &picture, size, self.cancel, &mut |_| {}) {
                Err(MlError::Cancelled) => return Err(UpscaleError::Cancelled),
                other => other?,
            };
            let large = picture_of(&large, encoder.video_format(), v.color).map_err(|_| MlError::Memory)?;
            let large = Picture { pixel_aspect: v.pixel_aspect, ..large };
            relay::push(encoder, &large, n, self.span.start, &self.index, self.variable)?;
            teller.tell((n + 1 - self.span.start) as i64);
        }
        Ok(())
    }

    /// Join the parts, with the sound that has to be coded.
    fn joined(&self, joiner: Joiner) -> Result<(), UpscaleError> {
        let sound = self.settings.audio.is_some().then_some(self.request.input.as_path());
        if join_parts(joiner, &self.index, self.span.clone(), self.info, sound, || self.check())? {
            Ok(())
        } else {
            Err(UpscaleError::RanDry)
        }
    }
}
