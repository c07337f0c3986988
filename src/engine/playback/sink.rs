//! Where playback's sound goes: the system's output, or in tests one that writes down what it is given.

use crate::{
    base::Time,
    media::{AudioOutput, OutputClock},
};

/// A place for sound with a clock of its own. Positions are samples since it was opened or flushed. Never blocks.
pub(in crate::engine) trait Sink {
    /// Samples that may be pushed now.
    fn room(&self) -> i64;
    /// Position behind the last pushed sample.
    fn next(&self) -> i64;
    /// Position that is heard now, or would be if there were sound.
    fn now(&self) -> i64;
    /// Interleaved stereo to be heard at position `at`. False when the sink has failed.
    fn push(&mut self, at: i64, samples: Vec<f32>) -> bool;
    /// Silence at once, positions from 0 on. False when the sink has failed.
    fn flush(&mut self) -> bool;
    fn clock(&self) -> Box<dyn SinkClock>;
}

/// Reads a sink's position from another thread.
pub(in crate::engine) trait SinkClock: Send {
    /// What is heard now; None once the sink was flushed or closed.
    fn heard(&self) -> Option<Time>;
}

impl Sink for AudioOutput {
    fn room(&self) -> i64 {
        self.room()
    }
    fn next(&self) -> i64 {
        self.next()
    }
    fn now(&self) -> i64 {
        self.now()
    }
    fn push(&mut self, at: i64, samples: Vec<f32>) -> bool {
        self.push(at, samples)
    }
    fn flush(&mut self) -> bool {
        self.flush()
    }
    fn clock(&self) -> Box<dyn SinkClock> {
        Box::new(self.clock())
    }
}

impl SinkClock for OutputClock {
    fn heard(&self) -> Option<Time> {
        self.position()
    }
}

/// Opens an output on the thread that will own it: the system's, or for `true` a silent one.
pub(in crate::engine) type OpenSink = Box<dyn Fn(bool) -> Option<Box<dyn Sink>> + Send>;

/// Through GStreamer.
pub(in crate::engine) fn system() -> OpenSink {
    Box::new(|silent| match AudioOutput::open(silent) {
        Ok(output) => Some(Box::new(output)),
        Err(e) => {
            tracing::error!("{e}");
            None
        }
    })
}
