//! Reasons in the user's language.

use super::{By, MODEL, Reason, Trait};
use crate::base::words::{decimal, say, size_text, tr};

/// The word for a look: `pan to the left`.
pub fn trait_name(of: Trait) -> String {
    tr(&format!("search-look-{}", of.name()))
}

/// That nobody looks at pictures, and how to change that.
pub fn without_model() -> String {
    say!("search-without-model", name = MODEL.name.as_ref(), size = size_text(MODEL.bytes)).text()
}

/// Why, in a few words: `“harbour” is said at 0:12`.
pub fn explain(reason: &Reason) -> String {
    match &reason.by {
        By::Said { word, at_secs } => {
            let secs = at_secs.max(0.0);
            let time = format!("{}:{:02}", secs as u64 / 60, secs as u64 % 60);
            say!("search-why-said", word = word.as_str(), time = time)
        }
        By::Note(word) => say!("search-why-note", word = word.as_str()),
        By::Name(word) => say!("search-why-name", word = word.as_str()),
        By::Folder(word) => say!("search-why-folder", word = word.as_str()),
        By::Seen { part, .. } => {
            say!("search-why-seen", text = reason.text.as_str(), part = decimal(f64::from(part.clamp(0.0, 1.0)) * 100.0, 0))
        }
        By::Look(look) => {
            let part = decimal(f64::from(reason.points.clamp(0.0, 1.0)) * 100.0, 0);
            say!("search-why-look", look = trait_name(*look), part = part)
        }
    }
    .text()
}
