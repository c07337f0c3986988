//! A transcript: the words of a recording in order, and the language they are in.

use super::{
    split,
    word::{LATEST, SHORTEST, Word},
};
use crate::base::Time;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::ops::Range;

/// Most words of a transcript: a hundred hours of a fast speaker.
pub const MAX_WORDS: usize = 1_200_000;

/// A silence of this length begins a new paragraph.
pub const PARAGRAPH_PAUSE: Time = Time(crate::base::FLICKS_PER_SEC * 6 / 5);

/// Letters of a language's code at most (`zh-Hant-HK` and longer).
const MAX_LANGUAGE: usize = 35;

/// What is said in a recording.
///
/// Words are in order and never overlap, each is sound by itself, and the first opens a phrase.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Transcript {
    /// Code such as `de` (BCP 47); empty where it is not known.
    #[serde(skip_serializing_if = "String::is_empty")]
    language: String,
    words: Vec<Word>,
}

impl Transcript {
    /// Words from anywhere, made to fit: in order of their start, without overlaps (an earlier word ends where the next
    /// begins), none before zero or without length; a text of several words is several words that share its time. What has
    /// no text is left out, and what lies after [`LATEST`].
    pub fn new(language: &str, words: impl IntoIterator<Item = Word>) -> Self {
        let mut raw: Vec<Word> = words.into_iter().flat_map(parts).take(MAX_WORDS).collect();
        raw.sort_by_key(|w| w.start);
        let starts: Vec<Time> = raw.iter().map(|w| w.start).skip(1).chain([LATEST]).collect();
        let mut free_from = Time::ZERO;
        let mut kept: Vec<Word> = Vec::with_capacity(raw.len());
        let mut opens = true;
        for (mut word, next) in raw.into_iter().zip(starts) {
            word.start = word.start.max(free_from);
            word.end = word.end.min(next.max(free_from)).max(word.start + SHORTEST);
            opens |= word.opens;
            if word.end > LATEST {
                break;
            }
            free_from = word.end;
            word.opens = std::mem::take(&mut opens);
            kept.push(word);
        }
        Self { language: language_code(language), words: kept }
    }

    pub fn language(&self) -> &str {
        &self.language
    }

    pub fn words(&self) -> &[Word] {
        &self.words
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// First time after the last word.
    pub fn end(&self) -> Time {
        self.words.last().map_or(Time::ZERO, |w| w.end)
    }

    /// The recogniser's phrases, or the captions it was read from.
    pub fn phrases(&self) -> impl Iterator<Item = &[Word]> {
        self.words.chunk_by(|_, next| !next.opens)
    }

    /// Words between long pauses, as ranges of [`Self::words`].
    pub fn paragraphs(&self) -> Vec<Range<usize>> {
        let mut from = 0;
        self.words
            .chunk_by(|a, b| b.start - a.end < PARAGRAPH_PAUSE)
            .map(|words| {
                let range = from..from + words.len();
                from = range.end;
                range
            })
            .collect()
    }

    /// Everything that is said, a paragraph a line.
    pub fn text(&self) -> String {
        let line = |range: Range<usize>| split::joined(self.words[range].iter().map(|w| w.text.as_str())) + "\n";
        self.paragraphs().into_iter().map(line).collect()
    }

    /// With another text for one word: of several words when it is, without it when it is empty. A corrected word is sure.
    /// None where there is no such word.
    pub fn corrected(&self, index: usize, text: &str) -> Option<Self> {
        let old = self.words.get(index)?;
        let mut new = split::timed(text, old.start, old.end, Some(1.0));
        if let Some(first) = new.first_mut() {
            first.opens = old.opens;
        }
        let mut words = self.words.clone();
        if old.opens
            && new.is_empty()
            && let Some(next) = words.get_mut(index + 1)
        {
            next.opens = true;
        }
        words.splice(index..=index, new);
        Some(Self::new(&self.language, words))
    }

    /// This, then a piece that was recognised by itself and begins at `at`.
    pub fn join(self, piece: Self, at: Time) -> Self {
        let language = if self.language.is_empty() { piece.language } else { self.language };
        let later = piece.words.into_iter().map(|w| Word { start: w.start + at, end: w.end + at, ..w });
        Self::new(&language, self.words.into_iter().chain(later))
    }

    /// Words of which any part lies in `[from, to)`.
    pub fn between(&self, from: Time, to: Time) -> Range<usize> {
        let a = self.words.partition_point(|w| w.end <= from);
        let b = self.words.partition_point(|w| w.start < to);
        a..b.max(a)
    }
}

/// A word as it came, as sound words; several where it is several.
fn parts(word: Word) -> Vec<Word> {
    let confidence = word.confidence.filter(|c| c.is_finite()).map(|c| c.clamp(0.0, 1.0));
    let start = word.start.clamp(Time::ZERO, LATEST);
    let end = word.end.clamp(start, LATEST);
    let mut list = split::timed(&word.text, start, end, confidence);
    if let Some(first) = list.first_mut() {
        first.opens = word.opens;
    }
    list
}

/// `de`, `en-GB`; names that recognisers say in full as their code. Everything else is not known.
fn language_code(language: &str) -> String {
    // names that OpenAI's endpoint answers with (openai/whisper, tokenizer.py), the most spoken ones
    const NAMES: [(&str, &str); 20] = [
        ("english", "en"),
        ("german", "de"),
        ("french", "fr"),
        ("spanish", "es"),
        ("italian", "it"),
        ("portuguese", "pt"),
        ("dutch", "nl"),
        ("polish", "pl"),
        ("russian", "ru"),
        ("ukrainian", "uk"),
        ("turkish", "tr"),
        ("swedish", "sv"),
        ("danish", "da"),
        ("norwegian", "no"),
        ("finnish", "fi"),
        ("chinese", "zh"),
        ("japanese", "ja"),
        ("korean", "ko"),
        ("arabic", "ar"),
        ("hindi", "hi"),
    ];
    let small = language.trim().to_lowercase();
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == small) {
        return (*code).to_owned();
    }
    let code = language.trim();
    let primary = code.split('-').next().unwrap_or_default();
    let is_code = (2..=3).contains(&primary.len())
        && primary.chars().all(|c| c.is_ascii_alphabetic())
        && code.len() <= MAX_LANGUAGE
        && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_code { code.to_owned() } else { String::new() }
}

impl<'de> Deserialize<'de> for Transcript {
    /// A project file may have been written by anybody: what does not hold is an error, not mended silently.
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "Transcript")]
        struct Raw {
            #[serde(default)]
            language: String,
            words: Vec<Word>,
        }
        let raw = Raw::deserialize(d)?;
        let sound = Self::new(&raw.language, raw.words.iter().cloned());
        match sound.words.iter().zip(&raw.words).find(|(a, b)| a != b) {
            Some((_, wrong)) => Err(de::Error::custom(format!("the word `{wrong}` of a transcript overlaps another or is no word"))),
            None if sound.words.len() != raw.words.len() => Err(de::Error::custom("a transcript has too many words")),
            None => Ok(sound),
        }
    }
}
