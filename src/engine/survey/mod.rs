//! Looks into media for the automatic montage: decodes, has `analysis` judge, and remembers what it found by the file's content.
//!
//! Everything here blocks for as long as decoding takes; call it on a worker's thread.

mod hear;
mod kept;
mod listen;
mod look;
mod seen;
mod transcribe;
mod watch;

pub use listen::listen;
pub use look::{LookError, look, seen, seen_file};
pub use seen::Seen;
pub use transcribe::{Speech, TranscribeError, transcribe};
pub use watch::{Watched, watch, watched};

use std::path::Path;

/// How a survey is run.
pub struct Survey<'a> {
    /// Where results are kept, the folder of the cache's sort `analysis`; None keeps nothing.
    pub cache: Option<&'a Path>,
    /// Asked several times a second; true stops the work.
    pub cancel: &'a dyn Fn() -> bool,
    /// Told the part that is done, 0–1.
    pub progress: &'a mut dyn FnMut(f32),
}
