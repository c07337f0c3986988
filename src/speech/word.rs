//! One word of a transcript, and the one line of text that it is in a project file.

use crate::base::Time;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Letters of the longest word: the longest of any dictionary fits, and what is longer is several.
pub const MAX_WORD_CHARS: usize = 60;

/// No word is shorter: a thousandth of a second, which is what caption files can say.
pub const SHORTEST: Time = Time(crate::base::FLICKS_PER_SEC / 1000);

/// No word ends later: a thousand hours.
pub const LATEST: Time = Time(3_600_000 * crate::base::FLICKS_PER_SEC);

/// A word and when it is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Time of the recording.
    pub start: Time,
    /// Exclusive; at least [`SHORTEST`] after `start`.
    pub end: Time,
    /// Not empty, without white space; with the punctuation that belongs to it.
    pub text: String,
    /// How sure the recogniser was, 0–1; None where nobody said.
    pub confidence: Option<f32>,
    /// Begins a phrase of the recogniser, or a caption of the file it comes from.
    pub opens: bool,
}

impl Word {
    pub fn new(start: Time, end: Time, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into(), confidence: None, opens: false }
    }

    /// Whether a word by itself is as it must be.
    pub(super) fn is_sound(&self) -> bool {
        let text = !self.text.is_empty()
            && self.text.chars().count() <= MAX_WORD_CHARS
            && !self.text.chars().any(|c| c.is_whitespace() || c.is_control());
        let time = self.start >= Time::ZERO && self.end - self.start >= SHORTEST && self.end <= LATEST;
        text && time && self.confidence.is_none_or(|c| (0.0..=1.0).contains(&c))
    }

    /// Whether a person should look at it: the recogniser was less sure than one in two.
    pub fn is_doubtful(&self) -> bool {
        self.confidence.is_some_and(|c| c < 0.5)
    }

    /// The word without punctuation and in small letters, to compare it with others.
    pub fn bare(&self) -> String {
        bare(&self.text)
    }
}

/// A text without punctuation around it, in small letters.
pub fn bare(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// A line that is no word.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a word of a transcript; write `1/2s 3/4s 0.9 word`")]
pub struct WordError(pub String);

/// `1/2s 3/4s 0.93 word`: start, end, confidence (`-` where nobody said), text; a `+` before it where it opens a phrase.
impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.opens {
            f.write_str("+ ")?;
        }
        write!(f, "{} {} ", self.start, self.end)?;
        match self.confidence {
            Some(c) => write!(f, "{c}")?,
            None => f.write_str("-")?,
        }
        write!(f, " {}", self.text)
    }
}

impl FromStr for Word {
    type Err = WordError;
    fn from_str(line: &str) -> Result<Self, WordError> {
        let wrong = || WordError(line.chars().take(80).collect());
        let (opens, rest) = line.strip_prefix("+ ").map_or((false, line), |rest| (true, rest));
        let mut parts = rest.splitn(4, ' ');
        let mut next = || parts.next().ok_or_else(wrong);
        let start = next()?.parse().map_err(|_| wrong())?;
        let end = next()?.parse().map_err(|_| wrong())?;
        let confidence = match next()? {
            "-" => None,
            number => Some(number.parse().map_err(|_| wrong())?),
        };
        let word = Self { start, end, confidence, text: next()?.to_owned(), opens };
        if word.is_sound() { Ok(word) } else { Err(wrong()) }
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let line = std::borrow::Cow::<str>::deserialize(d)?;
        line.parse().map_err(de::Error::custom)
    }
}
