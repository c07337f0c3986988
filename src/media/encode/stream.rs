//! One output file through a GStreamer pipeline: sources, encoders, muxer, file.
//!
//! Runs on the thread of whoever pushes; GStreamer's own threads encode.

use super::{
    Container, EncodeError, EncodeSettings,
    available::{self, Chosen},
    branch::{AUDIO_PIECE, AudioIn, PACKET_BASE, VideoIn, add, audio_branch, link, make, packet_branch, video_branch},
    feed::{LOOK, STALL_LIMIT},
    format, mp3, mp4,
    part::{PartFile, io_error},
    table,
    text::text_branch,
};
use crate::base::{FrameRate, MIX_RATE, Picture, PixelFormat};
use gstreamer::{self as gst, prelude::*};
use std::{path::Path, sync::atomic::Ordering, time::Instant};

/// Ticks a second of pictures that have no constant rate, in MP4 and MOV. Many clocks of cameras divide it (90,000, 600, 1,000 and
/// those of 30,000 / 1,001); others are off by less than 3 µs, always early, so that no picture comes late.
const VARIABLE_TICKS: u32 = 360_000;

/// Coded pictures that were finished earlier.
pub(super) struct Coded {
    pub caps: gst::Caps,
    /// They have no constant rate.
    pub variable: bool,
}

/// See the module.
pub(super) struct StreamWriter {
    pipeline: gst::Pipeline,
    bus: gst::Bus,
    video: Option<VideoIn>,
    audio: Option<AudioIn>,
    chosen: Option<Chosen>,
    settings: EncodeSettings,
    /// Dropped after the pipeline, which writes to it.
    part: Option<PartFile>,
}

impl StreamWriter {
    pub fn create(path: &Path, settings: &EncodeSettings) -> Result<Self, EncodeError> {
        Self::open(path, settings, None)
    }

    /// A file of pictures that are coded already, and of sound that is not.
    pub fn of_packets(path: &Path, settings: &EncodeSettings, coded: &Coded) -> Result<Self, EncodeError> {
        Self::open(path, settings, Some(coded))
    }

    fn open(path: &Path, settings: &EncodeSettings, coded: Option<&Coded>) -> Result<Self, EncodeError> {
        let part = PartFile::create(path)?;
        let pipeline = gst::Pipeline::new();
        let sink = make("filesink")?;
        sink.set_property("location", part.part());
        sink.set_property("sync", false);
        sink.set_property("async", false);
        add(&pipeline, &[&sink])?;
        let mux = match table::muxer(settings.container) {
            Some((factory, package)) => {
                let m = gst::ElementFactory::make(factory)
                    .build()
                    .map_err(|_| EncodeError::NoEncoder { codec: settings.container.name(), package })?;
                configure_muxer(&m, settings);
                add(&pipeline, &[&m])?;
                link(&m, &sink)?;
                m
            }
            None => sink,
        };
        let mut chosen = None;
        let video = match (&settings.video, coded) {
            (Some(v), Some(coded)) => {
                let ticks = coded.variable.then_some(VARIABLE_TICKS);
                Some(packet_branch(&pipeline, &mux, &coded.caps, v.rate, ticks)?)
            }
            (Some(v), None) => {
                let c = available::choose(v)?;
                let input = video_branch(&pipeline, &mux, v, &c)?;
                chosen = Some(c);
                Some(input)
            }
            (None, _) => None,
        };
        let audio = match &settings.audio {
            Some(a) => Some(audio_branch(&pipeline, &mux, *a, settings.container)?),
            None => None,
        };
        let rate = settings.video.as_ref().map(|v| v.rate);
        let text = settings.text.as_ref().map(|t| text_branch(&pipeline, &mux, t, settings.container, rate)).transpose()?;
        let bus = pipeline.bus().ok_or_else(|| EncodeError::Failed("the pipeline has no bus".into()))?;
        let writer = Self { pipeline, bus, video, audio, chosen, settings: settings.clone(), part: Some(part) };
        if writer.pipeline.set_state(gst::State::Playing).is_err() {
            return Err(writer.reason(EncodeError::Failed("the encoder could not be started".into())));
        }
        if let Some(mut text) = text {
            text.push_all(&|| writer.failed())?;
        }
        Ok(writer)
    }

    pub fn chosen(&self) -> Option<&Chosen> {
        self.chosen.as_ref()
    }

    pub fn video_format(&self) -> Option<PixelFormat> {
        self.chosen.as_ref().map(|c| c.format)
    }

    /// The pipeline's own word for a failure, where it has one.
    fn failed(&self) -> Option<EncodeError> {
        let m = self.bus.pop_filtered(&[gst::MessageType::Error])?;
        self.translate(&m)
    }

    /// After a failure that says little: the pipeline's word for it, which may take a moment to arrive.
    fn reason(&self, otherwise: EncodeError) -> EncodeError {
        let m = self.bus.timed_pop_filtered(gst::ClockTime::from_mseconds(1500), &[gst::MessageType::Error]);
        m.and_then(|m| self.translate(&m)).unwrap_or(otherwise)
    }

    fn translate(&self, m: &gst::Message) -> Option<EncodeError> {
        let gst::MessageView::Error(e) = m.view() else { return None };
        let (error, details) = (e.error(), e.debug().map(|d| d.to_string()).unwrap_or_default());
        tracing::debug!(%error, %details, "the encoding pipeline failed");
        let target = self.part.as_ref().map(|p| p.target().to_owned()).unwrap_or_default();
        Some(match error.kind::<gst::ResourceError>() {
            Some(gst::ResourceError::NoSpaceLeft) => EncodeError::DiskFull(target),
            Some(gst::ResourceError::Write | gst::ResourceError::OpenWrite | gst::ResourceError::Seek) => {
                // "…: Error while writing to file "x".\nsystem error: File too large": the tail is the system's word
                let tail = details.rsplit(['\n', ':']).next().unwrap_or_default().trim();
                let reason = if tail.is_empty() { error.to_string() } else { tail.to_owned() };
                EncodeError::Unwritable { path: target, reason }
            }
            _ => EncodeError::Failed(error.to_string()),
        })
    }

    pub fn push_video(&mut self, picture: &Picture) -> Result<(), EncodeError> {
        if let Some(e) = self.failed() {
            return Err(e);
        }
        let Some(v) = &self.video else { return Err(EncodeError::BadInput("this file has no pictures".into())) };
        let (pts, next) = (frame_time(v.frames, v.rate), frame_time(v.frames + 1, v.rate));
        let mut buffer = format::buffer(picture)?;
        if let Some(b) = buffer.get_mut() {
            b.set_pts(pts);
            // av1enc moves a picture that starts at its predecessor's very end on by 1 ns, and adds this up
            b.set_duration(next - pts - gst::ClockTime::from_nseconds(1));
        }
        // The muxer takes pictures only as far as there is sound: a caller who brings the pictures first must not wait.
        let sound_is_there = self.audio.as_ref().is_none_or(|a| sample_time(a.samples) >= pts);
        v.feed.push(buffer, sound_is_there, &|| self.failed()).map_err(|e| self.true_reason(e))?;
        if let Some(v) = &mut self.video {
            v.frames += 1;
        }
        Ok(())
    }

    /// The next coded picture in the order decoded: shown at `pts`, decoded at `dts`, in nanoseconds from the first picture.
    pub fn push_packet(&mut self, data: Vec<u8>, key: bool, (pts, dts): (u64, i64), duration: u64) -> Result<(), EncodeError> {
        if let Some(e) = self.failed() {
            return Err(e);
        }
        let Some(v) = &self.video else { return Err(EncodeError::BadInput("this file has no pictures".into())) };
        let mut buffer = gst::Buffer::from_mut_slice(data);
        if let Some(b) = buffer.get_mut() {
            b.set_pts(PACKET_BASE + gst::ClockTime::from_nseconds(pts));
            b.set_dts(gst::ClockTime::from_nseconds(PACKET_BASE.nseconds().saturating_add_signed(dts)));
            b.set_duration(gst::ClockTime::from_nseconds(duration));
            if !key {
                b.set_flags(gst::BufferFlags::DELTA_UNIT);
            }
        }
        let sound_is_there = self.audio.as_ref().is_none_or(|a| sample_time(a.samples).nseconds() >= pts);
        v.feed.push(buffer, sound_is_there, &|| self.failed()).map_err(|e| self.true_reason(e))?;
        if let Some(v) = &mut self.video {
            v.frames += 1;
        }
        Ok(())
    }

    pub fn push_audio(&mut self, samples: &[f32]) -> Result<(), EncodeError> {
        if !samples.len().is_multiple_of(2) {
            return Err(EncodeError::BadInput("sound comes in pairs of left and right".into()));
        }
        for piece in samples.chunks(AUDIO_PIECE * 2) {
            if let Some(e) = self.failed() {
                return Err(e);
            }
            let Some(a) = &self.audio else { return Err(EncodeError::BadInput("this file has no sound".into())) };
            let n = piece.len() as u64 / 2;
            let mut buffer = gst::Buffer::from_slice(samples_to_bytes(piece));
            if let Some(b) = buffer.get_mut() {
                let pts = sample_time(a.samples);
                b.set_pts(pts);
                b.set_duration(sample_time(a.samples + n) - pts);
            }
            // beside pictures sound does not wait: an encoder's look-ahead may hold seconds of them back
            a.feed.push(buffer, self.video.is_none(), &|| self.failed()).map_err(|e| self.true_reason(e))?;
            if let Some(a) = &mut self.audio {
                a.samples += n;
            }
        }
        Ok(())
    }

    fn true_reason(&self, e: EncodeError) -> EncodeError {
        match e {
            EncodeError::Failed(_) => self.reason(e),
            e => e,
        }
    }

    /// Waits for the last byte, puts the file in order and gives it its name. Returns frames and samples. `end`: where the pictures
    /// end, in nanoseconds; None = by their number and rate.
    pub fn finish(mut self, end: Option<u64>) -> Result<(u64, u64), EncodeError> {
        let frames = self.video.as_ref().map_or(0, |v| v.frames);
        let (samples, priming) = self.audio.as_ref().map_or((0, 0), |a| (a.samples, a.priming));
        for feed in self.video.iter().map(|v| &v.feed).chain(self.audio.iter().map(|a| &a.feed)) {
            feed.end();
        }
        self.wait_for_end()?;
        // A muxer that refuses a stream's caps says nothing and ends without it.
        let arrived = self.video.as_ref().map_or(0, |v| v.arrived.load(Ordering::Relaxed));
        if arrived < frames {
            return Err(EncodeError::Failed(format!("only {arrived} of {frames} pictures came out of the encoder")));
        }
        self.pipeline.set_state(gst::State::Null).map_err(|_| EncodeError::Failed("the file could not be closed".into()))?;
        let Some(part) = self.part.take() else { return Ok((frames, samples)) };
        let mp4 = matches!(self.settings.container, Container::Mp4 | Container::Mov);
        if mp4 {
            let video = self.settings.video.as_ref().map(|v| mp4::VideoFacts {
                frames,
                rate: v.rate,
                end,
                cicp: format::cicp(v.color, if v.ten_bit { 10 } else { 8 }),
            });
            let audio = self.audio.as_ref().map(|_| mp4::AudioFacts { samples, rate: MIX_RATE, priming });
            mp4::assemble(part.part(), part.assembly(), video, audio).map_err(|e| match e {
                mp4::AssembleError::Io(e) => io_error(part.target(), &e),
                mp4::AssembleError::Shape(what) => EncodeError::Failed(format!("the written file is not as expected: {what}")),
            })?;
        }
        if self.settings.container == Container::Mp3 {
            mp3::assemble(part.part(), part.assembly(), samples).map_err(|e| io_error(part.target(), &e))?;
        }
        part.publish(mp4 || self.settings.container == Container::Mp3)?;
        Ok((frames, samples))
    }

    fn wait_for_end(&self) -> Result<(), EncodeError> {
        let (mut size, mut since) = (u64::MAX, Instant::now());
        let wait = gst::ClockTime::from_mseconds(4 * LOOK.as_millis() as u64);
        loop {
            let m = self.bus.timed_pop_filtered(wait, &[gst::MessageType::Eos, gst::MessageType::Error]);
            match m.as_ref().map(|m| m.view()) {
                Some(gst::MessageView::Eos(_)) => return Ok(()),
                Some(_) => {
                    let e = m.as_ref().and_then(|m| self.translate(m));
                    return Err(e.unwrap_or_else(|| EncodeError::Failed("the pipeline failed".into())));
                }
                None => {}
            }
            let now = self.part.as_ref().and_then(|p| std::fs::metadata(p.part()).ok()).map_or(0, |m| m.len());
            if now != size {
                (size, since) = (now, Instant::now());
            } else if since.elapsed() > STALL_LIMIT {
                return Err(EncodeError::Stalled(STALL_LIMIT.as_secs()));
            }
        }
    }
}

impl Drop for StreamWriter {
    fn drop(&mut self) {
        // stops the threads and closes the file; `part` goes after it
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

/// Ticks a second in which both a frame and a sample are whole numbers, where 32 bits allow it; else 48,000.
pub(super) fn movie_timescale(rate: Option<FrameRate>) -> u32 {
    let Some(rate) = rate else { return MIX_RATE };
    let (a, b) = (u64::from(rate.num()), u64::from(MIX_RATE));
    let lcm = a / crate::base::time::gcd(a, b) * b;
    if lcm <= 1_000_000 { lcm as u32 } else { MIX_RATE }
}

fn configure_muxer(mux: &gst::Element, settings: &EncodeSettings) {
    let rate = settings.video.as_ref().map(|v| v.rate);
    table::set(mux, "movie-timescale", movie_timescale(rate));
    if matches!(settings.container, Container::Mkv | Container::WebM) {
        table::set(mux, "writing-app", "Montage AI");
    }
}

/// Start of frame `n`: the first nanosecond that lies in it.
pub(super) fn frame_time(n: u64, rate: FrameRate) -> gst::ClockTime {
    let ns = (u128::from(n) * 1_000_000_000 * u128::from(rate.den())).div_ceil(u128::from(rate.num()));
    gst::ClockTime::from_nseconds(ns as u64)
}

fn sample_time(n: u64) -> gst::ClockTime {
    let rate = u128::from(MIX_RATE);
    gst::ClockTime::from_nseconds(((u128::from(n) * 1_000_000_000 + rate / 2) / rate) as u64)
}

fn samples_to_bytes(samples: &[f32]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_times_do_not_drift() {
        let r = FrameRate::NTSC_30;
        // one hour and a minute of 29.97: frame 109,890 starts at 3,666.663 s exactly
        assert_eq!(frame_time(109_890, r).nseconds(), 3_666_663_000_000);
        assert_eq!(frame_time(1, r).nseconds(), 33_366_667);
    }

    #[test]
    fn movie_ticks_divide_frames_and_samples() {
        for rate in [FrameRate::NTSC_24, FrameRate::FPS_25, FrameRate::NTSC_30, FrameRate::NTSC_60, FrameRate::FPS_60] {
            let t = movie_timescale(Some(rate));
            assert_eq!(t % MIX_RATE, 0);
            assert_eq!(u64::from(t) * u64::from(rate.den()) % u64::from(rate.num()), 0, "{rate}");
        }
    }
}
