//! Sound to the system's output, and the clock that playback follows.
//!
//! `appsrc ! audioconvert ! audioresample ! autoaudiosink`, or a synchronised `fakesink` where the machine has no
//! output: the picture then follows the pipeline's clock just the same. Owned by one thread (the mixer's);
//! [`OutputClock`] is a cheap handle for whoever needs the position.

use crate::base::{
    MIX_RATE, Rounding, Time, UserError,
    words::{Said, say},
};
use gst::prelude::*;
use gstreamer as gst;
use gstreamer_app as gst_app;
use std::fmt;

/// Blocks wait in the output for at most this many samples (0.2 s): little enough that a stop is heard at once.
const QUEUED_SAMPLES: u64 = MIX_RATE as u64 / 5;
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

/// An open sound output.
pub struct AudioOutput {
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
    pushed: i64,
}

/// Reads the position of an output from any thread.
#[derive(Clone)]
pub struct OutputClock(gst::glib::WeakRef<gst::Pipeline>);

impl OutputClock {
    /// Sound played since the output was opened; zero before the first sample is heard, None once it is closed.
    pub fn position(&self) -> Option<Time> {
        let pipeline = self.0.upgrade()?;
        Some(pipeline.query_position::<gst::ClockTime>().map_or(Time::ZERO, |t| Time::from_nanos(t.nseconds())))
    }
}

impl AudioOutput {
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
        let source = gst_app::AppSrc::builder()
            .caps(&caps)
            .format(gst::Format::Time)
            .block(true)
            .max_bytes(QUEUED_SAMPLES * BYTES_PER_SAMPLE)
            .build();
        let (convert, resample, sink) = (make("audioconvert")?, make("audioresample")?, make(sink_name)?);
        if sink_name == "fakesink" {
            sink.set_property("sync", true);
        }
        let pipeline = gst::Pipeline::new();
        let chain = [source.upcast_ref(), &convert, &resample, &sink];
        let failed = |what: &str| OutputError(what.to_owned());
        pipeline.add_many(chain).map_err(|_| failed("the pipeline could not be built"))?;
        gst::Element::link_many(chain).map_err(|_| failed("the pipeline could not be linked"))?;
        let output = Self { pipeline, source, pushed: 0 };
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
        OutputClock(self.pipeline.downgrade())
    }

    /// Append interleaved stereo samples; blocks while the output holds 0.2 s. False when the output has failed.
    pub fn push(&mut self, samples: &[f32]) -> bool {
        if self.pipeline.bus().is_some_and(|b| b.have_pending()) && self.failed() {
            return false;
        }
        let len = (samples.len() / 2) as i64;
        let mut buffer = gst::Buffer::from_slice(Samples(samples.to_vec()));
        let nanos = |s: i64| gst::ClockTime::from_nseconds(Time::from_samples(s, MIX_RATE).nanos(Rounding::Nearest));
        if let Some(b) = buffer.get_mut() {
            b.set_pts(nanos(self.pushed));
            b.set_duration(nanos(self.pushed + len) - nanos(self.pushed));
        }
        self.pushed += len;
        self.source.push_buffer(buffer).is_ok()
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

    /// A handle that unblocks a waiting [`AudioOutput::push`] from another thread and silences the output.
    pub fn stopper(&self) -> OutputStopper {
        OutputStopper(self.pipeline.downgrade())
    }
}

impl Drop for AudioOutput {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

/// Silences an output from any thread.
pub struct OutputStopper(gst::glib::WeakRef<gst::Pipeline>);

impl OutputStopper {
    pub fn stop(&self) {
        if let Some(p) = self.0.upgrade() {
            let _ = p.set_state(gst::State::Null);
        }
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

    #[test]
    fn the_null_output_runs_in_real_time_and_stops_at_once() {
        let mut out = AudioOutput::open(true).unwrap();
        let clock = out.clock();
        let t0 = std::time::Instant::now();
        for _ in 0..30 {
            assert!(out.push(&[0.0; 1024 * 2]));
        }
        // 30 × 1024 samples are 0.64 s; all but the last 0.2 s (and one block) must have been waited for
        assert!(t0.elapsed().as_secs_f64() > 0.3, "{:?}", t0.elapsed());
        assert!(clock.position().unwrap() > Time::ZERO);
        out.stopper().stop();
        assert!(!out.push(&[0.0; 1024 * 2]));
        drop(out);
        assert_eq!(clock.position(), None);
    }
}
