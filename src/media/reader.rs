//! Pictures of one file at any time asked, exactly. Blocks; owned by one thread.
//!
//! No seek is trusted: the demuxer is sent to a key picture and what the decoder then delivers is placed by its own time,
//! so a demuxer that lands elsewhere costs time, never a wrong picture. Everything decoded on the way is cached, which
//! makes backward steps cheap: one run over a GOP fills the cache with the pictures before the one asked for.

use super::{
    DecoderPreference, MediaError, PacketIndex,
    cache::FrameCache,
    chain::{Chain, Output, Pulled, Spec, TO_KEY},
    container::Container,
    format, survey,
};
use crate::base::{ColorTags, MediaInfo, Picture, Rounding, Time, VideoInfo, color::Matrix, color::Range};
use gstreamer as gst;
use std::{path::Path, sync::Arc};

/// Files up to this size have their packets scanned when opened without an index.
const SCAN_ON_OPEN_BYTES: u64 = 64 << 20;
/// Decode on rather than seek where a key picture lies between but the way is no longer than this.
const SHORT_WAY_FRAMES: i64 = 4;
/// How often a seek is tried from an earlier key picture before the picture counts as missing.
const MAX_STEPS_BACK: usize = 3;
/// A hardware decoder that fails within so many pictures is replaced by software.
const HARDWARE_TRIAL_FRAMES: u64 = 8;

/// One picture and its place in the file.
#[derive(Clone, Debug)]
pub struct Frame {
    pub picture: Picture,
    /// Number in the order shown; by nominal rate where there is no index.
    pub index: usize,
    /// Stream time at which it starts being shown.
    pub pts: Time,
    pub duration: Time,
}

/// How soon a picture can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// At once.
    Cached,
    /// After decoding a few pictures.
    Near,
    /// After a seek and decoding a good part of a long GOP: show [`VideoReader::key_frame_at`] meanwhile.
    Far,
}

/// How a reader works.
#[derive(Clone, Debug)]
pub struct ReaderOptions {
    /// Decoder threads: 1 answers random requests soonest, 0 (all cores) plays best.
    pub max_threads: u32,
    /// Memory for decoded pictures.
    pub cache_bytes: usize,
    /// Exact places of all pictures. Without it large files are placed by their nominal rate.
    pub index: Option<Arc<PacketIndex>>,
    pub decoder: DecoderPreference,
}

impl Default for ReaderOptions {
    /// For scrubbing.
    fn default() -> Self {
        Self { max_threads: 1, cache_bytes: 256 << 20, index: None, decoder: DecoderPreference::Software }
    }
}

impl ReaderOptions {
    /// For playing forward.
    pub fn playback() -> Self {
        Self { max_threads: 0, cache_bytes: 64 << 20, ..Self::default() }
    }

    /// For going through a film once: no picture is asked for again, and the decoder soon gets back the memory of each, warm.
    pub fn once() -> Self {
        Self { max_threads: 0, cache_bytes: 0, ..Self::default() }
    }
}

/// Reads the picture of one file.
pub struct VideoReader {
    spec: Spec,
    video: VideoInfo,
    index: Option<Arc<PacketIndex>>,
    chain: Option<Chain>,
    run: Run,
    cache: FrameCache,
    /// Stretches without pictures of their own, each with the picture held over it: past the end, and where data is lost.
    held: Vec<Held>,
    declared_end: Time,
    ended_early: Option<Time>,
    delivered: u64,
    /// Begin each run one group earlier and with a new decoder, for H.264 whose key pictures are not all starting points
    /// (open groups). After a flush gst-libav 1.22 loses such a key picture (it fails to make up the frame numbers in
    /// between) and shows grey, marked as corrupted; and pictures around it refer to the group before.
    fresh_decoders: bool,
}

/// One stretch of decoding without a seek.
#[derive(Default)]
struct Run {
    last: Option<Frame>,
    /// It began with the first picture of the file.
    from_start: bool,
    /// Pictures before this time may lack what they refer to.
    floor: Time,
}

struct Held {
    until: Time,
    frame: Frame,
}

enum Outcome {
    Found(Frame),
    /// The run holds no picture for that time.
    Missed,
}

impl VideoReader {
    /// Open a file. `info` is what [`super::probe`] says about it.
    ///
    /// # Errors
    /// No picture, no decoder, damaged, or no answer within 5 s.
    pub fn open(path: &Path, info: &MediaInfo, options: ReaderOptions) -> Result<Self, MediaError> {
        let no_video = || MediaError::NoVideo(path.into());
        let video = info.video.clone().ok_or_else(no_video)?;
        let container = Container::from_name(&info.container).filter(|c| !c.is_still()).ok_or_else(no_video)?;
        let index = match options.index {
            None if std::fs::metadata(path).is_ok_and(|m| m.len() <= SCAN_ON_OPEN_BYTES) => {
                Some(Arc::new(survey::scan_video(path, info, &|| false)?))
            }
            given => given,
        };
        let spec = Spec {
            path: path.into(),
            container,
            output: Output::Native,
            max_threads: options.max_threads,
            preference: options.decoder,
            start_nanos: None,
        };
        let chain = Chain::open(&spec)?;
        let declared_end = Time::from_frames(i64::try_from(video.frames).unwrap_or(i64::MAX), video.frame_rate)
            .max(index.as_ref().map_or(Time::ZERO, |i| i.end()));
        Ok(Self {
            spec,
            video,
            index,
            chain: Some(chain),
            run: Run { from_start: true, ..Run::default() },
            cache: FrameCache::new(options.cache_bytes),
            held: Vec::new(),
            declared_end,
            ended_early: None,
            delivered: 0,
            fresh_decoders: false,
        })
    }

    /// The picture shown at `time`: the last one that starts at or before it. Times outside of the media give the first or
    /// last picture, and so does a time where the data is lost: the picture before it is held.
    ///
    /// # Errors
    /// Nothing can be decoded, the file is gone, or no answer within 5 s.
    pub fn frame_at(&mut self, time: Time) -> Result<Frame, MediaError> {
        let t = self.settle(time);
        if let Some(frame) = self.ready(t) {
            return Ok(frame);
        }
        let _span = tracing::debug_span!("decode", at = %t).entered();
        let (mut fallback, mut was_fresh): (Option<Frame>, bool) = (None, self.fresh_decoders);
        for back in 0..=MAX_STEPS_BACK {
            if back > 0 || !self.can_continue(t) {
                self.start_run(t, back)?;
            }
            let mut outcome = self.decode_until(t);
            if self.fresh_decoders && !was_fresh {
                was_fresh = true;
                self.start_run(t, back)?;
                outcome = self.decode_until(t);
            }
            match outcome {
                Ok(Outcome::Found(frame)) => return Ok(frame),
                Ok(Outcome::Missed) => {}
                Err(e) => {
                    self.chain = None;
                    if !self.fall_back_to_software() && matches!(e, MediaError::Stalled { .. } | MediaError::NotFound(_)) {
                        return Err(e);
                    }
                    tracing::warn!(error = %e, "decoding stopped");
                }
            }
            fallback = self.run.last.take().filter(|f| f.pts <= t).or(fallback);
            self.run = Run::default();
            if back >= 1 && fallback.is_some() {
                break;
            }
        }
        // from the very start as a last resort, where no earlier key picture gave anything
        if fallback.is_none() {
            self.restart()?;
            match self.decode_until(t)? {
                Outcome::Found(frame) => return Ok(frame),
                Outcome::Missed => fallback = self.run.last.clone(),
            }
        }
        let reason = "there is no picture in it that could be decoded";
        let frame = fallback.ok_or_else(|| MediaError::Damaged { path: self.spec.path.clone(), reason: reason.into() })?;
        self.hold(&frame, t);
        Ok(frame)
    }

    /// The key picture at or before `time`, which needs no others: the quick answer while [`Reach::Far`].
    ///
    /// # Errors
    /// As [`VideoReader::frame_at`].
    pub fn key_frame_at(&mut self, time: Time) -> Result<Frame, MediaError> {
        let t = self.settle(time);
        if let Some(frame) = self.ready(t) {
            return Ok(frame);
        }
        let key_time = self.index.as_ref().map(|x| x.time_of(x.key_before(x.frame_at(t))));
        if let Some(frame) = key_time.and_then(|k| self.ready(k)) {
            return Ok(frame);
        }
        self.start_run(t, 0)?;
        match self.pull_frame(key_time.unwrap_or(t)) {
            Ok(Some(frame)) if frame.pts <= t => Ok(frame),
            _ => self.frame_at(time),
        }
    }

    /// How soon [`VideoReader::frame_at`] would answer. Decodes nothing.
    pub fn reach(&self, time: Time) -> Reach {
        let t = self.settle(time);
        if self.ready(t).is_some() {
            return Reach::Cached;
        }
        let from = match &self.index {
            _ if self.can_continue(t) => self.run.last.as_ref().map_or(0, |f| f.index),
            Some(index) => index.key_before(index.frame_at(t)),
            None if self.video.gop > 0 => self.nominal_index(t).saturating_sub(self.video.gop as usize / 2),
            None => return Reach::Far,
        };
        let to = self.index.as_ref().map_or_else(|| self.nominal_index(t), |x| x.frame_at(t));
        if to.saturating_sub(from) <= 8 { Reach::Near } else { Reach::Far }
    }

    /// Where the pictures ended although the file promises more, once that has been seen.
    pub fn ended_early(&self) -> Option<Time> {
        self.ended_early
    }

    /// A time as asked, put inside of the media and past what the container's rounding may be off.
    fn settle(&self, time: Time) -> Time {
        let frame = self.video.frame_rate.frame_duration();
        match &self.index {
            Some(index) => time.max(index.time_of(0)),
            None if self.spec.container.rounds_times() => time.max(Time::ZERO) + Time::from_ratio(6, 10_000).min(Time(frame.0 / 4)),
            None => time.max(Time::ZERO) + Time::from_nanos(2),
        }
    }

    fn ready(&self, t: Time) -> Option<Frame> {
        let frame = self.cache.get(t);
        frame.or_else(|| self.held.iter().find(|h| h.frame.pts <= t && t < h.until).map(|h| &h.frame)).cloned()
    }

    fn nominal_index(&self, t: Time) -> usize {
        t.to_frames(self.video.frame_rate, Rounding::Nearest).max(0) as usize
    }

    /// Whether decoding on gets to `t` sooner than a seek.
    fn can_continue(&self, t: Time) -> bool {
        let Some(last) = self.run.last.as_ref().filter(|l| self.chain.is_some() && l.pts <= t) else {
            // nothing decoded yet: the chain stands at the start
            return self.chain.is_some() && self.run.last.is_none() && self.run.from_start && self.start_is_best_for(t);
        };
        match &self.index {
            Some(index) => {
                let target = index.frame_at(t);
                index.key_before(target) <= last.index || (target - last.index) as i64 <= SHORT_WAY_FRAMES
            }
            None => {
                let way = (t - last.pts).to_frames(self.video.frame_rate, Rounding::Floor);
                way <= SHORT_WAY_FRAMES.max(i64::from(self.video.gop) / 2)
            }
        }
    }

    fn start_is_best_for(&self, t: Time) -> bool {
        match &self.index {
            Some(index) => index.key_before(index.frame_at(t)) == 0,
            None => t.to_frames(self.video.frame_rate, Rounding::Floor) <= SHORT_WAY_FRAMES.max(i64::from(self.video.gop) / 2),
        }
    }

    /// Seek to the key picture before `t`, or to the one `back` key pictures before that.
    fn start_run(&mut self, t: Time, back: usize) -> Result<(), MediaError> {
        let (nanos, floor, from_start) = match &self.index {
            Some(index) => {
                let mut key = index.key_before(index.frame_at(t));
                for _ in 0..back {
                    key = index.key_before(key.saturating_sub(1));
                }
                let entry = if self.fresh_decoders { index.key_before(key.saturating_sub(1)) } else { key };
                (if entry == 0 { 0 } else { index.inside_nanos(entry) }, index.time_of(key), entry == 0)
            }
            None => {
                // 0, 1, 4, 16 s before
                let steps = back + usize::from(self.fresh_decoders);
                let earlier = Time::from_secs(if steps == 0 { 0 } else { 1 << (2 * (steps - 1)) });
                let nanos = (t - earlier).nanos(Rounding::Floor);
                (nanos, Time::ZERO, nanos == 0)
            }
        };
        self.run = Run { last: None, from_start, floor };
        if self.fresh_decoders && !from_start {
            self.chain = None;
            match Chain::open(&Spec { start_nanos: Some(nanos), ..self.spec.clone() }) {
                Ok(chain) => self.chain = Some(chain),
                Err(e @ (MediaError::Stalled { .. } | MediaError::NotFound(_))) => return Err(e),
                Err(error) => {
                    tracing::warn!(%error, "no start possible there, decoding from the start");
                    self.restart()?;
                }
            }
            return Ok(());
        }
        if self.chain.is_none() {
            self.chain = Some(Chain::open(&self.spec)?);
            if from_start {
                return Ok(());
            }
        }
        if let Some(Err(error)) = self.chain.as_mut().map(|c| c.seek(TO_KEY, nanos)) {
            tracing::warn!(%error, "no seek possible, decoding from the start");
            self.restart()?;
        }
        Ok(())
    }

    fn restart(&mut self) -> Result<(), MediaError> {
        self.chain = None;
        self.chain = Some(Chain::open(&self.spec)?);
        self.run = Run { from_start: true, ..Run::default() };
        Ok(())
    }

    fn decode_until(&mut self, t: Time) -> Result<Outcome, MediaError> {
        loop {
            let before = self.run.last.clone();
            let Some(frame) = self.pull_frame(t)? else { return Ok(self.at_end(before, t)) };
            if frame.pts > t {
                return Ok(match before {
                    // without an index the next picture's start is what ends this one
                    Some(b) if self.index.is_none() => Outcome::Found(Frame { duration: frame.pts - b.pts, ..b }),
                    // nothing is shown before the first picture
                    None if self.run.from_start => Outcome::Found(frame),
                    _ => Outcome::Missed,
                });
            }
            if t < frame.pts + frame.duration {
                return Ok(Outcome::Found(frame));
            }
        }
    }

    fn at_end(&mut self, last: Option<Frame>, t: Time) -> Outcome {
        let Some(mut last) = last else { return Outcome::Missed };
        if last.duration == Time::ZERO {
            last.duration = self.video.frame_rate.frame_duration();
        }
        let is_final = self.index.as_ref().is_none_or(|x| last.index + 1 >= x.len());
        self.run.last = Some(last.clone());
        if is_final {
            self.hold(&last, t);
            return Outcome::Found(last);
        }
        Outcome::Missed
    }

    /// Show `frame` from now on wherever up to the next key picture after `t` no other can be had.
    fn hold(&mut self, frame: &Frame, t: Time) {
        let next_key = self.index.as_ref().and_then(|x| x.key_after(x.frame_at(t)).map(|k| x.time_of(k)));
        let end = frame.pts + frame.duration;
        let tolerance = Time(2 * self.video.frame_rate.frame_duration().0);
        if end + tolerance < self.declared_end {
            self.ended_early = Some(self.ended_early.map_or(end, |e| e.min(end)));
        }
        self.held.retain(|h| h.frame.pts != frame.pts);
        self.held.push(Held { until: next_key.unwrap_or(Time::MAX), frame: frame.clone() });
    }

    fn fall_back_to_software(&mut self) -> bool {
        let hardware = self.spec.preference == DecoderPreference::Hardware && self.delivered < HARDWARE_TRIAL_FRAMES;
        if hardware {
            tracing::warn!("the hardware decoder failed, software takes over");
            self.spec.preference = DecoderPreference::Software;
        }
        hardware
    }

    /// Decode one picture and keep it. None at the end of the stream.
    fn pull_frame(&mut self, wanted: Time) -> Result<Option<Frame>, MediaError> {
        loop {
            let Some(chain) = self.chain.as_mut() else { return Ok(None) };
            let Pulled::Sample(sample) = chain.pull()? else { return Ok(None) };
            let Some(frame) = self.place(&sample) else { continue };
            if frame.pts < self.run.floor {
                continue;
            }
            if !self.run.from_start && self.run.last.is_none() && is_corrupted(&sample) {
                if self.fresh_decoders {
                    // leading pictures of an open group, which refer to what was not decoded
                    continue;
                }
                self.fresh_decoders = true;
                return Ok(None);
            }
            self.delivered += 1;
            if self.index.is_none()
                && let Some(before) = self.run.last.as_ref().filter(|b| b.pts < frame.pts)
            {
                self.cache.set_duration(before.pts, frame.pts - before.pts);
            }
            self.cache.insert(frame.clone(), wanted);
            self.run.last = Some(frame.clone());
            return Ok(Some(frame));
        }
    }

    fn place(&self, sample: &gst::Sample) -> Option<Frame> {
        let nanos = survey::stream_nanos(sample)?;
        let mut picture = format::picture(sample, self.video.color)?;
        if picture.format.is_rgb() && self.video.color.matrix != Matrix::Rgb {
            // the converter made R'G'B' of it
            picture.color = ColorTags { matrix: Matrix::Rgb, range: Range::Full, ..self.video.color };
        }
        picture.pixel_aspect = self.video.pixel_aspect;
        picture.rotation = self.video.rotation;
        let (index, pts, duration) = match &self.index {
            Some(x) => {
                let i = x.nearest(nanos);
                (i, x.time_of(i), x.duration_of(i))
            }
            None => {
                let pts = Time::from_nanos(nanos);
                // of variable rate: not known before the next picture comes
                let duration = if self.video.variable_frame_rate { Time::ZERO } else { self.video.frame_rate.frame_duration() };
                (self.nominal_index(pts), pts, duration)
            }
        };
        Some(Frame { picture, index, pts, duration })
    }
}

fn is_corrupted(sample: &gst::Sample) -> bool {
    sample.buffer().is_some_and(|b| b.flags().contains(gst::BufferFlags::CORRUPTED))
}
