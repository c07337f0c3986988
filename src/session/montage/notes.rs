//! What a user should know of how a montage came about, as data: whoever shows it says it in its own language, whichever program and
//! language planned it.

use crate::base::words::{decimal, say};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that went otherwise than wished.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// Of so many shots some are shown again, jump, or run slower.
    ScarceFootage {
        forced: usize,
        shots: usize,
    },
    /// The music has no beat that could be told: an even grid.
    NoBeat {
        confidence: f64,
    },
    /// Nobody wished for a length, and the footage does not last as long as the music.
    FootageEnds {
        secs: f64,
        reuse: u32,
    },
    /// The wish was longer than the music.
    MusicEnds {
        secs: f64,
    },
    LoudnessNotSet {
        why: String,
    },
    /// The prompt names what the film shall begin or end with, and no shot is that.
    NothingFits {
        what: String,
    },
    /// A language model was asked, and the rules decided.
    ModelNotUsed {
        url: String,
        why: String,
    },
    /// A style file of the user's that is none.
    StyleRefused {
        why: String,
    },
}

impl Note {
    /// In the language of now.
    pub fn text(&self) -> String {
        match self {
            Self::ScarceFootage { forced, shots } => say!("assist-note-scarce", forced = *forced, shots = *shots),
            Self::NoBeat { confidence } => say!("assist-note-no-beat", confidence = decimal(*confidence, 2)),
            Self::FootageEnds { secs, reuse } => say!("assist-note-footage-ends", secs = decimal(*secs, 1), reuse = *reuse),
            Self::MusicEnds { secs } => say!("assist-note-music-ends", secs = decimal(*secs, 1)),
            Self::LoudnessNotSet { why } => say!("assist-note-loudness", why = why.as_str()),
            Self::NothingFits { what } => say!("assist-content-missing", what = what.as_str()),
            Self::ModelNotUsed { url, why } => say!("assist-note-model", url = url.as_str(), why = why.as_str()),
            Self::StyleRefused { why } => return why.clone(),
        }
        .text()
    }

    /// For the decisions: the data, and what it says in the language of whoever planned.
    pub(super) fn json(&self) -> Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        value["text"] = self.text().into();
        value
    }
}

/// The notes of a montage's decisions; what is none (of another version of the program) is left out.
pub fn notes(decisions: &Value) -> Vec<Note> {
    decisions["notes"].as_array().into_iter().flatten().filter_map(|n| Note::deserialize(n).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::words::{Language, set_language};
    use serde_json::json;

    #[test]
    fn a_note_is_said_in_the_language_of_whoever_shows_it() {
        let all = [
            Note::ScarceFootage { forced: 2, shots: 9 },
            Note::NoBeat { confidence: 0.125 },
            Note::FootageEnds { secs: 4.5, reuse: 2 },
            Note::MusicEnds { secs: 5.0 },
            Note::LoudnessNotSet { why: "why".into() },
            Note::NothingFits { what: "a harbour".into() },
            Note::ModelNotUsed { url: "http://127.0.0.1".into(), why: "why".into() },
            Note::StyleRefused { why: "a.ron".into() },
        ];
        set_language(Language::English);
        let decisions = json!({ "notes": all.iter().map(Note::json).collect::<Vec<_>>() });
        assert_eq!(decisions["notes"][3]["text"], "the music ends after 5.0 s, and so does the film");
        set_language(Language::German);
        let read = notes(&decisions);
        assert_eq!(read, all);
        assert_eq!(read[3].text(), "Die Musik endet nach 5,0 s, und mit ihr der Film.");
        for note in &read[..7] {
            assert!(!decisions["notes"].to_string().contains(&note.text()), "{note:?} has no words in German");
        }
        assert_eq!(notes(&json!({ "notes": ["of an earlier version", { "note": "of a later one" }] })), []);
    }
}
