//! Media files in and out through GStreamer: probing, decoding, sound, encoding. Knows no document and no GPU.
//!
//! Everything here blocks and is called from worker threads, never from the window's thread.

mod audio;
mod cache;
mod chain;
mod container;
pub mod convert;
pub mod encode;
mod error;
mod format;
mod guard;
mod index;
mod link;
mod mp4;
mod output;
mod pass;
mod peaks;
mod probe;
mod prober;
mod reader;
mod registry;
mod stamp;
mod still;
mod survey;
mod thumbs;

pub use audio::AudioReader;
pub use error::MediaError;
pub use guard::{PROBE_COMMAND, probe_child_main, probe_guarded, set_probe_helper};
pub use index::PacketIndex;
pub use output::{AudioOutput, OutputClock, OutputError};
pub use pass::every_picture;
pub use peaks::Peaks;
pub use probe::{probe, probe_with_index};
pub use prober::{Prober, probe_server_main};
pub use reader::{Frame, Reach, ReaderOptions, VideoReader};
pub use registry::DecoderPreference;
pub use stamp::{quick_stamp, stamp};
pub use still::still;
pub use thumbs::thumbnails;

/// Starts GStreamer once for the process; later calls return at once.
///
/// # Errors
/// GStreamer's registry could not be set up.
pub fn init() -> Result<(), MediaError> {
    gstreamer::init().map_err(|e| MediaError::Init(e.to_string()))
}

/// Version of the GStreamer that runs.
pub fn version() -> String {
    gstreamer::version_string().to_string()
}

/// Whether a GStreamer element is installed; [`init`] must have run.
pub fn has_element(name: &str) -> bool {
    gstreamer::ElementFactory::find(name).is_some()
}
