//! Footage found by what is asked for in plain words: an index of shots, and shots ranked for a query.
//!
//! Text (what is said, names, folders, notes) is ranked by BM25 with stemming in its language; looks (light, colours, movement, sound)
//! by what the analysis measured; what pictures show by directions that somebody else computed. Every result says which word decided,
//! as data.
//!
//! Pure: no document, no files, no clock; the same index and query give the same ranking.

mod index;
mod lane;
mod lexicon;
mod look;
mod pictures;
mod query;
mod script;
mod shots;
mod tongue;

pub use index::{By, Hit, Index, Reason, Seen};
pub use look::{Look, Scale, Trait};
pub use pictures::{Glimpse, Pictures};
pub use query::{Query, Wish};
pub use script::{Sentence, sentences};
pub use shots::{Material, Note, Shot, Span, shots};
pub use tongue::Tongue;

#[cfg(test)]
mod tests;
