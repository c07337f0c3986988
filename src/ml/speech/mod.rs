//! Speech to text: what a recogniser is, the one that is compiled in (whisper.cpp) and the one that is reached over HTTP, and who finds
//! out where somebody speaks at all. Everything blocks and is called from worker threads.

mod endpoint;
mod error;
mod form;
#[cfg(test)]
mod genuine_tests;
mod log;
mod processor;
mod stretches;
#[cfg(test)]
mod tests;
mod vad;
pub mod whisper;

pub use endpoint::{Endpoint, EndpointAddress};
pub use error::SpeechError;
pub use processor::can_compute;
pub use stretches::{Rule, stretches};
pub use vad::Vad;
pub use whisper::Whisper;

use crate::speech::Transcript;
use std::ops::Range;

/// Samples per second that recognisers listen to, mono.
pub const RATE: u32 = 16_000;

/// What is listened to.
#[derive(Clone, Copy, Debug)]
pub struct Sound<'a> {
    /// Mono, at [`RATE`].
    pub samples: &'a [f32],
    /// Where somebody speaks, in samples, in order and apart; None where nobody has looked.
    pub speech: Option<&'a [Range<usize>]>,
}

/// Who waits for a recogniser.
pub struct Waiting<'a> {
    /// Asked several times a second and answered at once; true stops the work.
    pub stop: &'a dyn Fn() -> bool,
    /// Told the part that is done, 0–1, where that is known.
    pub progress: &'a mut dyn FnMut(f32),
}

/// Turns sound into words.
pub trait Recogniser: Send {
    /// What it is, with everything that changes its results: results are kept under this name.
    fn describe(&self) -> String;

    /// Longest piece that it takes at once, in seconds.
    fn longest_secs(&self) -> u32;

    /// The words of a piece of sound, with times from the piece's beginning. `language` is a code such as `de`; None = it finds out.
    ///
    /// # Errors
    /// It cannot be reached or does not work, what it answers is no transcript, or it was stopped.
    fn recognise(&mut self, sound: Sound<'_>, language: Option<&str>, waiting: &mut Waiting<'_>) -> Result<Transcript, SpeechError>;
}
