//! Media files in and out through GStreamer: probing, decoding, sound, encoding. Knows no document and no GPU.
//!
//! Everything here blocks and is called from worker threads, never from the window's thread.

pub mod encode;
mod error;
mod output;

pub use error::MediaError;
pub use output::{AudioOutput, OutputClock, OutputError, OutputStopper};

/// Starts GStreamer once for the process; later calls return at once.
///
/// # Errors
/// GStreamer's registry could not be set up.
pub fn init() -> Result<(), MediaError> {
    gstreamer::init().map_err(|e| MediaError::Init(e.to_string()))
}
