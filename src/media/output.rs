//! Sound to the system's output, and the clock that playback follows.
//!
//! `appsrc ! audioconvert ! audioresample ! autoaudiosink`, or a synchronised `fakesink` where the machine has no
//! output: the picture then follows the pipeline's clock just the same. Owned by one thread (the mixer's) and never
//! blocks it; [`OutputClock`] is a cheap handle for whoever needs the position.
//!
//! The position is that of the sink: its clock counts the samples that the device has played, its own delay included, and
//! the pipeline is not live, so GStreamer adds no latency that would have to be taken off (a latency query says 0). At the
//! monitor of a PulseAudio sink the sound of a position is heard within 2 ms of the clock saying so.

use crate::base::{
    MIX_RATE, Rounding, Time, UserError,
    words::{Said, say},
};
use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// Samples that may wait in front of the sink (0.15 s): enough for a slow decoder, little enough for an edit to be heard soon.
const QUEUED_SAMPLES: u64 = MIX_RATE as u64 * 3 / 20;
/// What the sink itself holds, in microseconds; its default of 0.2 s would make grains and edits sluggish.
const SINK_BUFFER_US: i64 = 60_000;
const BYTES_PER_SAMPLE: u64 = 8; // two channels of f32

/// Why no sound output could be opened, not even the silent one.
#[derive(Debug, thiserror::Error)]
pub struct OutputError(String);

impl OutputError {
    fn said(&self) -> Said<'_> {
        say!("error-media-output", reason = self.0.as_str())
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for OutputError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}

/// An open sound output. Positions are counted in samples since it was opened or flushed.
pub struct AudioOutput {
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
    /// Position behind the last pushed sample.
    next: i64,
    flushes: Arc<AtomicU64>,
}

/// Reads the position of an output from any thread, until the output is flushed or closed.
#[derive(Clone)]
pub struct OutputClock {
    pipeline: gst::glib::WeakRef<gst::Pipeline>,
    flushes: Arc<AtomicU64>,
    flush: u64,
}

impl OutputClock {
    /// Output position that is heard now: zero before the first sample is, None once the output was flushed or closed.
    pub fn position(&self) -> Option<Time> {
        let pipeline = self.pipeline.upgrade()?;
        let position = pipeline.query_position::<gst::ClockTime>().map_or(Time::ZERO, |t| Time::from_nanos(t.nseconds()));
        // a flush announces itself first: a position taken before that is one of this clock's
        (self.flushes.load(Ordering::SeqCst) == self.flush).then_some(position)
    }
}

impl AudioOutput {
    /// Sound that is to be heard sooner than this many samples from now may come too late for the device.
    pub const LEAD: i64 = MIX_RATE as i64 * (SINK_BUFFER_US + 10_000) / 1_000_000;

    /// Open the system's default output; the null output where that fails or `silent` is asked for.
    ///
    /// # Errors
    /// Not even the null output could be built: GStreamer's base plug-ins are missing.
    pub fn open(silent: bool) -> Result<Self, OutputError> {
        super::init().map_err(|e| OutputError(e.to_string()))?;
        if !silent {
            match Self::build("autoaudiosink") {
                Ok(output) => return Ok(output),
                Err(e) => tracing::warn!("no sound output, playing silently: {e}"),
            }
        }
        Self::build("fakesink")
    }

    fn build(sink_name: &str) -> Result<Self, OutputError> {
        let make = |name: &str| gst::ElementFactory::make(name).build().map_err(|_| OutputError(format!("the element {name} is missing")));
        let caps = gst::Caps::builder("audio/x-raw")
            .field("format", "F32LE")
            .field("rate", MIX_RATE as i32)
            .field("channels", 2i32)
            .field("layout", "interleaved")
            .build();
        let source = gst_app::AppSrc::builder().caps(&caps).format(gst::Format::Time).max_bytes(0).build();
        let (convert, resample, sink) = (make("audioconvert")?, make("audioresample")?, make(sink_name)?);
        if sink_name == "fakesink" {
            sink.set_property("sync", true);
        }
        if let Some(chooser) = sink.downcast_ref::<gst::Bin>() {
            // called once, for the sink that was chosen
            chooser.connect_element_added(|_, chosen| {
                if chosen.find_property("buffer-time").is_some_and(|p| p.value_type() == i64::static_type()) {
                    chosen.set_property("buffer-time", SINK_BUFFER_US);
                }
            });
        }
        let pipeline = gst::Pipeline::new();
        let chain = [source.upcast_ref(), &convert, &resample, &sink];
        let failed = |what: &str| OutputError(what.to_owned());
        pipeline.add_many(chain).map_err(|_| failed("the pipeline could not be built"))?;
        gst::Element::link_many(chain).map_err(|_| failed("the pipeline could not be linked"))?;
        let output = Self { pipeline, source, next: 0, flushes: Arc::default() };
        output.pipeline.set_state(gst::State::Playing).map_err(|_| failed(&output.bus_text()))?;
        Ok(output)
    }

    fn bus_text(&self) -> String {
        let message = self.pipeline.bus().and_then(|b| b.pop_filtered(&[gst::MessageType::Error]));
        match message.as_ref().map(|m| m.view()) {
            Some(gst::MessageView::Error(e)) => e.error().to_string(),
            _ => "the sound output could not be opened".into(),
        }
    }

    pub fn clock(&self) -> OutputClock {
        OutputClock { pipeline: self.pipeline.downgrade(), flushes: self.flushes.clone(), flush: self.flushes.load(Ordering::SeqCst) }
    }

    /// Samples that may be pushed now; 0 while enough are waiting.
    pub fn room(&self) -> i64 {
        QUEUED_SAMPLES.saturating_sub(self.source.current_level_bytes() / BYTES_PER_SAMPLE) as i64
    }

    /// Position behind the last pushed sample.
    pub fn next(&self) -> i64 {
        self.next
    }

    /// Position that is heard now, or would be if there were sound; 0 until the first sample after opening or a flush.
    pub fn now(&self) -> i64 {
        // a clock's position stops at the end of what was pushed, the running time goes on
        let running = (self.pipeline.current_state() == gst::State::Playing).then(|| self.pipeline.current_running_time()).flatten();
        running.map_or(0, |t| Time::from_nanos(t.nseconds()).to_samples(MIX_RATE, Rounding::Ceil))
    }

    /// Append interleaved stereo samples, to be heard at position `at`; what lies between them and the last ones is
    /// silence. Never blocks. False when the output has failed.
    pub fn push(&mut self, at: i64, samples: Vec<f32>) -> bool {
        if self.failed() {
            return false;
        }
        let len = (samples.len() / 2) as i64;
        let mut buffer = gst::Buffer::from_slice(Samples(samples));
        let nanos = |s: i64| gst::ClockTime::from_nseconds(Time::from_samples(s, MIX_RATE).nanos(Rounding::Nearest));
        if let Some(b) = buffer.get_mut() {
            b.set_pts(nanos(at));
            b.set_duration(nanos(at + len) - nanos(at));
            if at != self.next {
                b.set_flags(gst::BufferFlags::DISCONT);
            }
        }
        self.next = at + len;
        self.source.push_buffer(buffer).is_ok()
    }

    /// Silence at once: what waits is thrown away, positions begin at 0 again with the next push, and clocks handed out
    /// so far have none any more. False when the output has failed.
    pub fn flush(&mut self) -> bool {
        self.flushes.fetch_add(1, Ordering::SeqCst);
        self.next = 0;
        self.source.send_event(gst::event::FlushStart::new()) && self.source.send_event(gst::event::FlushStop::new(true)) && !self.failed()
    }

    fn failed(&self) -> bool {
        let Some(bus) = self.pipeline.bus() else { return true };
        while let Some(m) = bus.pop() {
            if let gst::MessageView::Error(e) = m.view() {
                tracing::warn!("the sound output failed: {}", e.error());
                return true;
            }
        }
        false
    }
}

impl Drop for AudioOutput {
    fn drop(&mut self) {
        self.flushes.fetch_add(1, Ordering::SeqCst);
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

/// Lets a buffer own samples without a copy into bytes.
struct Samples(Vec<f32>);

impl AsRef<[u8]> for Samples {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        thread::sleep,
        time::{Duration, Instant},
    };

    /// Push silence for as long, as fast as it is taken.
    fn play(out: &mut AudioOutput, secs: f64) {
        let end = out.next() + (secs * f64::from(MIX_RATE)) as i64;
        while out.next() < end {
            if out.room() > 0 {
                assert!(out.push(out.next(), vec![0.0; 1024 * 2]));
            } else {
                sleep(Duration::from_millis(5));
            }
        }
    }

    #[test]
    fn the_null_output_runs_in_real_time_and_never_blocks() {
        let mut out = AudioOutput::open(true).unwrap();
        let clock = out.clock();
        let t0 = Instant::now();
        play(&mut out, 0.7);
        // all but what may wait must have been waited for
        assert!(t0.elapsed().as_secs_f64() > 0.4, "{:?}", t0.elapsed());
        let heard = clock.position().unwrap().as_secs_f64();
        assert!(heard > 0.4 && heard <= t0.elapsed().as_secs_f64(), "{heard}");
        drop(out);
        assert_eq!(clock.position(), None);
    }

    #[test]
    fn a_flush_silences_at_once_and_starts_the_clock_anew() {
        let mut out = AudioOutput::open(true).unwrap();
        let before = out.clock();
        play(&mut out, 0.4);
        assert!(out.flush());
        assert_eq!((before.position(), out.next()), (None, 0));
        let clock = out.clock();
        assert_eq!(out.room(), QUEUED_SAMPLES as i64);
        let mut latency = gst::query::Latency::new();
        assert!(out.pipeline.query(&mut latency));
        let (live, least, _) = latency.result();
        assert_eq!((live, least), (false, gst::ClockTime::ZERO));
        // nothing is heard until something is pushed
        sleep(Duration::from_millis(50));
        assert_eq!(clock.position(), Some(Time::ZERO));
        let t0 = Instant::now();
        play(&mut out, 0.5);
        let (heard, passed) = (clock.position().unwrap().as_secs_f64(), t0.elapsed().as_secs_f64());
        assert!(heard > 0.2 && heard <= passed, "{heard} of {passed}");
    }

    #[test]
    fn sound_after_a_pause_keeps_its_place() {
        let mut out = AudioOutput::open(true).unwrap();
        let clock = out.clock();
        play(&mut out, 0.1);
        sleep(Duration::from_millis(200));
        let now = out.now();
        assert!(now > out.next(), "time runs on: {now}");
        assert!(out.push(now + 960, vec![0.0; 2048]));
        sleep(Duration::from_millis(100));
        assert!(clock.position().unwrap() > Time::from_samples(now, MIX_RATE));
        assert!(out.flush());
        assert_eq!(out.now(), 0);
    }
}
