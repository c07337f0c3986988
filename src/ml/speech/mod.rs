//! Speech to text: what a recogniser is, and the one that is reached over HTTP. Everything blocks and is called from worker
//! threads.

mod endpoint;
mod error;
mod form;
#[cfg(test)]
mod tests;

pub use endpoint::{Endpoint, EndpointAddress};
pub use error::SpeechError;

use crate::speech::Transcript;

/// Samples per second that recognisers listen to, mono.
pub const RATE: u32 = 16_000;

/// Turns sound into words.
pub trait Recogniser: Send {
    /// What it is, with everything that changes its results: results are kept under this name.
    fn describe(&self) -> String;

    /// Longest piece that it takes at once, in seconds.
    fn longest_secs(&self) -> u32;

    /// The words of a piece of mono sound at [`RATE`], with times from the piece's beginning. `language` is a code such as `de`;
    /// None = it finds out. `cancelled` is asked several times a second.
    ///
    /// # Errors
    /// It cannot be reached or does not work, what it answers is no transcript, or it was cancelled.
    fn recognise(&mut self, sound: &[f32], language: Option<&str>, cancelled: &dyn Fn() -> bool) -> Result<Transcript, SpeechError>;
}
