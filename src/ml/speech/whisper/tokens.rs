//! Whisper's tokens as words. Tokens are bytes: a word is several of them, a sign may be parts of two, and Chinese has many words in
//! one. Pure.
//!
//! Times: Whisper says when segments begin and end, and for some tokens how likely a time is; tokens between share the time by the length
//! of what is spoken [whisper.cpp, `whisper_exp_compute_token_level_timestamps`], and ends move to where the sound is [`Levels`].

use super::levels::Levels;
use crate::{
    base::Time,
    speech::{Word, split},
};

/// A hundredth of a second: Whisper's unit of time.
const CENTI: u32 = 100;
/// A token's time counts when it is at least so likely, and all times together [whisper.cpp, `thold_pt`, `thold_ptsum`].
const LIKELY: f32 = 0.01;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes of text.
    Text,
    /// The first time of a window.
    Begin,
    /// A time, a language, an end …
    Sign,
}

/// A token as Whisper gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub bytes: Vec<u8>,
    /// 0–1.
    pub probability: f32,
    /// The likeliest time at it, in hundredths from the window's beginning, how likely it is, and how likely any time is.
    pub time: i64,
    pub time_probability: f32,
    pub times_probability: f32,
}

/// What Whisper calls a segment: about a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Hundredths from the chunk's beginning.
    pub start: i64,
    pub end: i64,
    pub tokens: Vec<Token>,
}

/// The words of segments, with times from the chunk's beginning.
pub fn words(segments: &[Segment], levels: &Levels<'_>) -> Vec<Word> {
    let mut clock = Clock::default();
    let mut all: Vec<Said> = Vec::new();
    for segment in segments {
        let spans = clock.spans(segment);
        let text = Text::of(segment, &spans);
        if !is_noise(&text.text) {
            all.extend(text.words());
        }
    }
    let mut free_from = 0;
    let nexts: Vec<i64> = all.iter().skip(1).map(|s| s.start).chain([i64::MAX]).collect();
    let fitted = all.into_iter().zip(nexts).map(|(said, next)| {
        let (start, end) = (said.start.max(free_from), said.end.max(free_from));
        let (start, end) = levels.fit(start, end, free_from, next.max(end));
        free_from = end;
        let time = |centi: i64| Time::from_samples(centi, CENTI);
        let confidence = Some(said.probability.clamp(0.0, 1.0));
        Word { confidence, opens: said.opens, ..Word::new(time(start), time(end), said.text) }
    });
    fitted.collect()
}

/// What Whisper writes for what is no speech: `[MUSIC]`, `(applause)`, `*sighs*`, notes.
fn is_noise(text: &str) -> bool {
    let text = text.trim();
    let within = |open: char, close: char| {
        text.len() > 1 && text.starts_with(open) && text.ends_with(close) && text.matches(open).count() == if open == close { 2 } else { 1 }
    };
    within('[', ']') || within('(', ')') || within('*', '*') || text.starts_with('♪') || !text.chars().any(char::is_alphanumeric)
}

/// How long a sign is spoken, as whisper.cpp weighs it [`voice_length`].
fn weight(c: char) -> f64 {
    match c {
        ' ' => 0.01,
        ',' => 2.0,
        '.' | '!' | '?' => 3.0,
        '0'..='9' => 3.0,
        _ => 1.0,
    }
}

/// Where windows begin, and the last time that was believed.
#[derive(Default)]
struct Clock {
    window: i64,
    last: i64,
}

impl Clock {
    /// When each token of a segment is spoken, in hundredths.
    fn spans(&mut self, segment: &Segment) -> Vec<(f64, f64)> {
        let (start, end) = (segment.start, segment.end.max(segment.start));
        let tokens = &segment.tokens;
        if tokens.first().is_some_and(|t| t.kind == Kind::Begin) {
            (self.window, self.last) = (start, 0);
        }
        // beginnings that are known: the segment's, and those that Whisper is sure enough of
        let mut known = vec![(0, start as f64)];
        for (i, token) in tokens.iter().enumerate().skip(1) {
            let at = self.window + token.time;
            let sure = token.time_probability > LIKELY && token.times_probability > LIKELY;
            if sure && token.time > self.last && (start..=end).contains(&at) && known.last().is_none_or(|k| k.1 <= at as f64) {
                known.push((i, at as f64));
                self.last = token.time;
            }
        }
        known.push((tokens.len(), end as f64));
        let weights: Vec<f64> = tokens.iter().map(length).collect();
        let mut spans = Vec::with_capacity(tokens.len());
        for pair in known.windows(2) {
            let ((from, begin), (to, finish)) = (pair[0], pair[1]);
            let all: f64 = weights[from..to].iter().sum();
            let mut at = begin;
            for weight in &weights[from..to] {
                let next = if all > 0.0 { at + (finish - begin) * weight / all } else { begin };
                spans.push((at, next));
                at = next;
            }
        }
        spans
    }
}

fn length(token: &Token) -> f64 {
    match token.kind {
        Kind::Text => String::from_utf8_lossy(&token.bytes).chars().map(weight).sum(),
        _ => 0.0,
    }
}

/// The text of a segment, and whose each byte of it is.
struct Text<'a> {
    segment: &'a Segment,
    spans: &'a [(f64, f64)],
    text: String,
    /// Token of each byte, and its place among the token's bytes that are no space.
    owners: Vec<(usize, usize)>,
    /// Bytes of each token that are no space.
    lengths: Vec<usize>,
}

/// A word, in hundredths.
struct Said {
    text: String,
    start: i64,
    end: i64,
    probability: f32,
    /// The first of its segment.
    opens: bool,
}

impl<'a> Text<'a> {
    fn of(segment: &'a Segment, spans: &'a [(f64, f64)]) -> Self {
        let (mut bytes, mut owners) = (Vec::new(), Vec::new());
        let mut lengths = vec![0; segment.tokens.len()];
        for (i, token) in segment.tokens.iter().enumerate().filter(|(_, t)| t.kind == Kind::Text) {
            for byte in &token.bytes {
                owners.push((i, lengths[i]));
                bytes.push(*byte);
                lengths[i] += usize::from(!byte.is_ascii_whitespace());
            }
        }
        // what is no text is left out, with its owners
        let (mut text, mut kept, mut at) = (String::new(), Vec::new(), 0);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            kept.extend_from_slice(&owners[at..at + chunk.valid().len()]);
            at += chunk.valid().len() + chunk.invalid().len();
        }
        Self { segment, spans, text, owners: kept, lengths }
    }

    fn words(&self) -> Vec<Said> {
        split::words(&self.text).into_iter().enumerate().filter_map(|(i, word)| self.said(word, i == 0)).collect()
    }

    fn said(&self, word: &str, opens: bool) -> Option<Said> {
        let from = word.as_ptr() as usize - self.text.as_ptr() as usize;
        // punctuation has a token and a time of its own, which is the pause after the word
        let spoken = word.trim_matches(|c: char| !c.is_alphanumeric());
        let (spoken, from) = match spoken.is_empty() {
            true => (word, from),
            false => (spoken, spoken.as_ptr() as usize - self.text.as_ptr() as usize),
        };
        let owners = &self.owners[from..from + spoken.len()];
        let (first, last) = (owners.first()?, owners.last()?);
        let within = |token: usize, bytes: usize| {
            let (start, end) = self.spans[token];
            start + (end - start) * bytes as f64 / self.lengths[token].max(1) as f64
        };
        let mut tokens: Vec<usize> = owners.iter().map(|o| o.0).collect();
        tokens.dedup();
        let sure: f32 = tokens.iter().map(|t| self.segment.tokens[*t].probability).sum();
        Some(Said {
            text: word.to_owned(),
            start: within(first.0, first.1).round() as i64,
            end: within(last.0, last.1 + 1).round() as i64,
            probability: sure / tokens.len() as f32,
            opens,
        })
    }
}
