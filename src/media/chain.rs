//! One pipeline per stream: `filesrc ! demuxer ! [parser !] decoder ! … ! appsink`, built by hand.
//!
//! The autoplug bins of GStreamer 1.22 can swallow a demuxer's error and wait for ever, so the demuxer follows from the
//! container and the decoder from the registry. Every wait here has a limit; a pipeline that ran into one is torn down on
//! a thread of its own, since shutting it may block as well. Blocks; one owner, any worker thread.

use super::{
    MediaError,
    container::Container,
    link::{Report, build},
    registry::{self, DecoderPreference},
};
use crossbeam::channel::Receiver;
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as gst_app;
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

/// Longest wait for the first picture or sample after opening.
const PREROLL_LIMIT: Duration = Duration::from_secs(5);
/// Longest wait for one more picture or block of samples.
const FRAME_LIMIT: Duration = Duration::from_secs(5);
/// How often a wait looks at the bus for an error.
const POLL: gst::ClockTime = gst::ClockTime::from_mseconds(40);

/// The same until the stream is joined, when there is something to do.
const SHORT_POLL: gst::ClockTime = gst::ClockTime::from_mseconds(2);

/// What comes out of the chain.
#[derive(Clone, Debug)]
pub(super) enum Output {
    /// Pictures in the decoder's own format where [`super::format`] knows it, converted otherwise.
    Native,
    /// RGBA pictures of this height, square pixels.
    Rgba { width: u32, height: u32 },
    /// Interleaved f32, 48 kHz, stereo.
    Sound,
    /// The packets as the demuxer gives them, not decoded.
    Packets { sound: bool },
}

impl Output {
    pub fn is_sound(&self) -> bool {
        matches!(self, Self::Sound | Self::Packets { sound: true })
    }
}

/// What to open and how.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    pub path: PathBuf,
    pub container: Container,
    pub output: Output,
    /// Decoder threads; 0 lets the decoder choose.
    pub max_threads: u32,
    pub preference: DecoderPreference,
    /// Start with the key picture at or before this time, with a decoder that has seen nothing else.
    pub start_nanos: Option<u64>,
}

impl Spec {
    /// A stream from its beginning, decoded by one thread of software.
    pub fn plain(path: &Path, container: Container, output: Output) -> Self {
        Self { path: path.into(), container, output, max_threads: 1, preference: DecoderPreference::Software, start_nanos: None }
    }
}

/// To the key picture at or before a time.
pub(super) const TO_KEY: gst::SeekFlags = gst::SeekFlags::KEY_UNIT.union(gst::SeekFlags::SNAP_BEFORE);

/// One item out of the chain.
pub(super) enum Pulled {
    Sample(gst::Sample),
    /// The stream is over. GStreamer ends a cut-off file in the same way as a whole one.
    End,
}

/// A running pipeline with one decoded stream at its end.
pub(super) struct Chain {
    pipeline: gst::Pipeline,
    sink: gst_app::AppSink,
    path: PathBuf,
    /// Caps of the stream as the demuxer gives it.
    pub stream: gst::Caps,
    /// Caps out of the decoder, before any conversion.
    pub decoded: Option<gst::Caps>,
    /// Pulled while opening, not yet handed on.
    first: Option<gst::Sample>,
    stuck: bool,
}

impl Chain {
    /// Open and wait for the first item. Where several decoders fit, the next one is tried when one fails.
    ///
    /// # Errors
    /// No such stream, no decoder, damaged, or no answer within 5 s.
    pub fn open(spec: &Spec) -> Result<Self, MediaError> {
        let _span = tracing::debug_span!("open media", path = %spec.path.display(), output = ?spec.output).entered();
        super::init()?;
        let mut first_error = None;
        for attempt in 0.. {
            match Self::attempt(spec, attempt) {
                Ok(chain) => return Ok(chain),
                Err(Failed { error, more: true }) => {
                    tracing::warn!(%error, attempt, "decoder failed, trying the next");
                    first_error.get_or_insert(error);
                }
                Err(Failed { error, more: false }) => return Err(first_error.unwrap_or(error)),
            }
        }
        unreachable!("the list of decoders ends")
    }

    fn attempt(spec: &Spec, attempt: usize) -> Result<Self, Failed> {
        let (reports, told) = crossbeam::channel::unbounded();
        let (pipeline, sink) = build(spec, attempt, reports)?;
        // not through Paused: a stream that begins with a gap would preroll on that and never show a sample
        let started = pipeline.set_state(gst::State::Playing);
        let mut chain =
            Self { pipeline, sink, path: spec.path.clone(), stream: gst::Caps::new_empty(), decoded: None, first: None, stuck: false };
        let outcome = match started {
            Ok(_) => chain.preroll(spec, &told),
            Err(_) => Err(Failed::last(chain.bus_error().unwrap_or_else(|| chain.damaged("it cannot be opened")))),
        };
        outcome.map(|()| chain)
    }

    fn preroll(&mut self, spec: &Spec, told: &Receiver<Report>) -> Result<(), Failed> {
        let deadline = Instant::now() + PREROLL_LIMIT;
        let mut decoder: Option<gst::Element> = None;
        let mut more = false;
        let mut to_seek = None;
        loop {
            let soon = self.stream.is_empty() || to_seek.is_some();
            self.first = self.sink.try_pull_sample(if soon { SHORT_POLL } else { POLL });
            for report in told.try_iter() {
                match report {
                    Report::Linked(joined) => {
                        (self.stream, decoder, more) = (joined.stream, joined.decoder, joined.more);
                        to_seek = spec.start_nanos.zip(joined.flowing);
                    }
                    Report::NoStream => return Err(Failed::last(self.missing(spec))),
                    Report::NoDecoder(caps) => return Err(Failed::last(self.no_decoder(&caps))),
                    Report::Broken { reason, more } => {
                        return Err(Failed { error: MediaError::Decode { path: self.path.clone(), reason }, more });
                    }
                }
            }
            if let Some((nanos, _)) = to_seek.take_if(|(_, flowing)| flowing.load(Ordering::SeqCst)) {
                self.seek(TO_KEY, nanos)?;
                continue;
            }
            if self.first.is_some() {
                self.decoded = decoder.and_then(|d| d.static_pad("src")?.current_caps()).or_else(|| Some(self.stream.clone()));
                return Ok(());
            }
            if let Some(error) = self.bus_error() {
                return Err(Failed { error, more });
            }
            if self.sink.is_eos() {
                let error = if self.stream.is_empty() { self.missing(spec) } else { self.damaged("nothing in it could be decoded") };
                return Err(Failed { error, more });
            }
            if Instant::now() > deadline {
                self.stuck = true;
                let secs = PREROLL_LIMIT.as_secs();
                return Err(Failed { error: MediaError::Stalled { path: self.path.clone(), doing: "opening it", secs }, more });
            }
        }
    }

    /// The next item.
    ///
    /// # Errors
    /// The pipeline failed, or gave no answer within 5 s. The chain is of no more use then.
    pub fn pull(&mut self) -> Result<Pulled, MediaError> {
        if let Some(sample) = self.first.take() {
            return Ok(Pulled::Sample(sample));
        }
        let deadline = Instant::now() + FRAME_LIMIT;
        loop {
            if let Some(sample) = self.sink.try_pull_sample(POLL) {
                return Ok(Pulled::Sample(sample));
            }
            if let Some(error) = self.bus_error() {
                return Err(error);
            }
            if self.sink.is_eos() {
                return Ok(Pulled::End);
            }
            if Instant::now() > deadline {
                self.stuck = true;
                return Err(MediaError::Stalled { path: self.path.clone(), doing: "decoding", secs: FRAME_LIMIT.as_secs() });
            }
        }
    }

    /// Jump; the next [`Chain::pull`] gives the first item from there.
    ///
    /// # Errors
    /// The stream cannot be sought in.
    pub fn seek(&mut self, flags: gst::SeekFlags, nanos: u64) -> Result<(), MediaError> {
        self.first = None;
        self.pipeline
            .seek_simple(gst::SeekFlags::FLUSH | flags, gst::ClockTime::from_nseconds(nanos))
            .map_err(|_| self.bus_error().unwrap_or_else(|| self.damaged("it has no index to seek by")))
    }

    /// Length as the container states it.
    pub fn duration_nanos(&self) -> Option<u64> {
        self.pipeline.query_duration::<gst::ClockTime>().map(|t| t.nseconds())
    }

    fn bus_error(&self) -> Option<MediaError> {
        let message = self.pipeline.bus()?.pop_filtered(&[gst::MessageType::Error])?;
        let gst::MessageView::Error(e) = message.view() else { return None };
        tracing::debug!(error = %e.error(), debug = ?e.debug(), "pipeline error");
        Some(typed_error(&self.path, &e.error()))
    }

    fn damaged(&self, reason: &str) -> MediaError {
        MediaError::Damaged { path: self.path.clone(), reason: reason.into() }
    }

    fn missing(&self, spec: &Spec) -> MediaError {
        if spec.output.is_sound() { MediaError::NoAudio(self.path.clone()) } else { MediaError::NoVideo(self.path.clone()) }
    }

    fn no_decoder(&self, caps: &gst::Caps) -> MediaError {
        let codec = registry::codec_name(caps);
        let package = registry::package_of_codec(&codec);
        MediaError::NoDecoder { path: self.path.clone(), codec, package }
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        shut(self.pipeline.clone(), self.stuck);
    }
}

/// Stop a pipeline. One that is stuck may block for ever, so that happens on a thread of its own.
pub(super) fn shut(pipeline: gst::Pipeline, stuck: bool) {
    let stop = move || {
        // a failure to stop leaves nothing that could be done
        let _ = pipeline.set_state(gst::State::Null);
    };
    if !stuck {
        stop();
    } else if let Err(e) = std::thread::Builder::new().name("media-reaper".into()).spawn(stop) {
        tracing::error!(error = %e, "a stuck pipeline stays");
    }
}

/// Words for what a pipeline says on its bus.
fn typed_error(path: &Path, e: &gst::glib::Error) -> MediaError {
    let path = path.to_path_buf();
    let reason = e.message().trim_end_matches('.').to_string();
    if e.matches(gst::ResourceError::NotFound) {
        MediaError::NotFound(path)
    } else if e.is::<gst::ResourceError>() {
        MediaError::Unreadable { path, reason }
    } else if e.matches(gst::StreamError::Decode) {
        MediaError::Decode { path, reason }
    } else {
        MediaError::Damaged { path, reason }
    }
}

struct Failed {
    error: MediaError,
    /// Another decoder is left to try.
    more: bool,
}

impl Failed {
    fn last(error: MediaError) -> Self {
        Self { error, more: false }
    }
}

impl From<MediaError> for Failed {
    fn from(error: MediaError) -> Self {
        Self::last(error)
    }
}
