//! Media files in and out through GStreamer: probing, decoding, sound, encoding. Knows no document and no GPU.
//!
//! Everything here blocks and is called from worker threads, never from the window's thread.

mod audio;
mod cache;
mod chain;
mod container;
pub mod encode;
mod error;
mod format;
mod index;
mod link;
mod mp4;
mod output;
mod probe;
mod reader;
mod registry;
mod still;
mod survey;

pub use audio::AudioReader;
pub use error::MediaError;
pub use index::PacketIndex;
pub use output::{AudioOutput, OutputClock, OutputError, OutputStopper};
pub use probe::{probe, probe_with_index};
pub use reader::{Frame, Reach, ReaderOptions, VideoReader};
pub use registry::DecoderPreference;
pub use still::still;

/// Starts GStreamer once for the process; later calls return at once.
///
/// # Errors
/// GStreamer's registry could not be set up.
pub fn init() -> Result<(), MediaError> {
    gstreamer::init().map_err(|e| MediaError::Init(e.to_string()))
}
