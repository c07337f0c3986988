//! Transcripts as JSON in the shape that Whisper gave the world:
//! `{text, language, segments: [{id, start, end, text, words: [{word, start, end, probability}]}]}`, seconds as numbers.
//!
//! Read are also its relatives: OpenAI's endpoint (`words` beside `segments`), whisper.cpp (`transcription` with offsets in
//! milliseconds), WhisperX (`score`), and words that are called `text` with a `confidence`, as our command line writes them.

use super::{split, transcript::Transcript, word::Word};
use crate::base::Time;
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest text that is read: a hundred hours of words with their times.
pub const MAX_BYTES: usize = 256 << 20;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    duration: Option<f64>,
    #[serde(default)]
    segments: Option<Vec<Segment>>,
    #[serde(default, alias = "word_segments")]
    words: Option<Vec<Said>>,
    /// whisper.cpp
    #[serde(default)]
    transcription: Option<Vec<Cpp>>,
    #[serde(default)]
    result: Option<CppResult>,
}

#[derive(Deserialize)]
struct Segment {
    #[serde(default)]
    start: Option<f64>,
    #[serde(default)]
    end: Option<f64>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    words: Option<Vec<Said>>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    word: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    start: Option<f64>,
    #[serde(default)]
    end: Option<f64>,
    #[serde(default)]
    probability: Option<f64>,
    #[serde(default)]
    confidence: Option<f64>,
    #[serde(default)]
    score: Option<f64>,
}

#[derive(Deserialize)]
struct Cpp {
    offsets: CppOffsets,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct CppOffsets {
    from: i64,
    to: i64,
}

#[derive(Deserialize)]
struct CppResult {
    #[serde(default)]
    language: Option<String>,
}

/// Reads a transcript. Times that are missing lie between their neighbours.
///
/// # Errors
/// One line that says what is wrong: no JSON, another shape, nothing said in a file that has text.
pub fn read(text: &str) -> Result<Transcript, String> {
    if text.len() > MAX_BYTES {
        return Err(format!("the text is larger than {} MiB", MAX_BYTES >> 20));
    }
    let file: File = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| short(&e.to_string()))?;
    let language = file.language.or(file.result.and_then(|r| r.language)).unwrap_or_default();
    let phrases: Vec<Vec<Word>> = if let Some(list) = file.transcription {
        let ms = |v: i64| Time::from_samples(v.clamp(0, i64::from(u32::MAX)), 1000);
        list.into_iter().map(|c| split::timed(&c.text, ms(c.offsets.from), ms(c.offsets.to), None)).collect()
    } else {
        let (segments, loose) = (file.segments.unwrap_or_default(), file.words.unwrap_or_default());
        if segments.is_empty() && loose.is_empty() {
            // what an endpoint answers that knows no times
            let all = file.text.ok_or("there are no segments in it")?;
            vec![split::timed(&all, Time::ZERO, secs(file.duration.unwrap_or(0.0)), None)]
        } else if loose.is_empty() || segments.iter().any(|s| s.words.as_ref().is_some_and(|w| !w.is_empty())) {
            segments.into_iter().map(segment).collect()
        } else {
            spread(&segments, said(loose, 0.0, 0.0))
        }
    };
    let words = phrases.into_iter().flat_map(|mut phrase| {
        if let Some(first) = phrase.first_mut() {
            first.opens = true;
        }
        phrase
    });
    Ok(Transcript::new(&language, words))
}

/// A message of the parser is one line, and a short one.
fn short(text: &str) -> String {
    text.chars().take(160).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn secs(value: f64) -> Time {
    // 1e6 s are far beyond the latest word
    Time::from_secs_f64(if value.is_finite() { value.clamp(0.0, 1e7) } else { 0.0 })
}

fn segment(s: Segment) -> Vec<Word> {
    let (start, end) = (s.start.unwrap_or(0.0), s.end.or(s.start).unwrap_or(0.0));
    match s.words.filter(|w| !w.is_empty()) {
        Some(words) => said(words, start, end),
        None => split::timed(&s.text.unwrap_or_default(), secs(start), secs(end.max(start)), None),
    }
}

/// Words with the times they have; one without (a number, for WhisperX) begins where the last one ended and ends where the next
/// begins.
fn said(words: Vec<Said>, start: f64, end: f64) -> Vec<Word> {
    let mut at = start;
    let nexts: Vec<Option<f64>> = words.iter().map(|w| w.start).skip(1).chain([Some(end)]).collect();
    let mut list = Vec::with_capacity(words.len());
    for (w, next) in words.into_iter().zip(nexts) {
        let from = w.start.unwrap_or(at);
        let to = w.end.or(next).unwrap_or(from).max(from);
        at = to;
        let sure = w.probability.or(w.confidence).or(w.score).map(|c| c as f32);
        let word = Word { confidence: sure, ..Word::new(secs(from), secs(to), w.word.or(w.text).unwrap_or_default()) };
        list.push(word);
    }
    list
}

/// Words that stand beside the segments: a word opens a phrase when it is the first in its segment's time.
fn spread(segments: &[Segment], words: Vec<Word>) -> Vec<Vec<Word>> {
    let starts: Vec<Time> = segments.iter().filter_map(|s| s.start).map(secs).collect();
    let mut phrases: Vec<Vec<Word>> = vec![Vec::new()];
    let mut next = 0;
    for word in words {
        let middle = word.start + (word.end - word.start).scale(1, 2);
        let begun = starts.iter().skip(next).take_while(|s| **s <= middle).count();
        if begun > 0 {
            next += begun;
            phrases.push(Vec::new());
        }
        if let Some(last) = phrases.last_mut() {
            last.push(word);
        }
    }
    phrases
}

/// The transcript as JSON. A word has its text and its confidence under two names: Whisper's `word` (with the space before it)
/// and `probability`, and `text` and `confidence`.
pub fn to_json(transcript: &Transcript) -> Value {
    let secs = |t: Time| t.as_secs_f64();
    let word = |w: &Word| {
        // the shortest text of an f32 and not its neighbour in f64
        let sure = w.confidence.and_then(|c| c.to_string().parse::<f64>().ok());
        json!({ "word": format!(" {}", w.text), "text": w.text, "start": secs(w.start), "end": secs(w.end),
                "probability": sure, "confidence": sure })
    };
    let segments: Vec<Value> = transcript
        .phrases()
        .enumerate()
        .map(|(id, words)| {
            json!({
                "id": id,
                "start": words.first().map_or(0.0, |w| secs(w.start)),
                "end": words.last().map_or(0.0, |w| secs(w.end)),
                "text": split::joined(words.iter().map(|w| w.text.as_str())),
                "words": words.iter().map(word).collect::<Vec<_>>(),
            })
        })
        .collect();
    let language = if transcript.language().is_empty() { Value::Null } else { transcript.language().into() };
    json!({ "text": transcript.text().trim_end(), "language": language, "segments": segments })
}
