//! What is said in a recording, as data: words with their times, the text forms in which transcripts travel, captions laid out
//! from them, and what may go when a recording is cut by its text.
//!
//! Pure: no document, no files, no clock. Times are exact. Whatever comes from outside passes [`Transcript::new`], which makes
//! the invariants hold.

pub mod filler;
pub mod layout;
pub mod split;
mod transcript;
pub mod whisper;
mod word;

pub use transcript::{MAX_WORDS, PARAGRAPH_PAUSE, Transcript};
pub use word::{LATEST, MAX_WORD_CHARS, SHORTEST, Word, WordError, bare};

#[cfg(test)]
pub(crate) mod tests;
