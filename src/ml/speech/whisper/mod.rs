//! The recogniser that is compiled in: whisper.cpp, with a ggml file of OpenAI's Whisper.

mod calls;
mod chunks;
mod file;
mod levels;
#[cfg(test)]
#[path = "../../../../tests/common/whisper.rs"]
pub(crate) mod scripted;
#[cfg(test)]
mod tests;
mod tokens;

pub use file::{Header, look};

use super::{RATE, Recogniser, Sound, SpeechError, Waiting, can_compute, log};
use crate::{
    base::Time,
    speech::{Transcript, Word},
};
use calls::Calls;
use std::{borrow::Cow, fmt, path::Path};
use tokens::{Kind, Segment, Token};
use whisper_rs::{FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState};

/// Longest piece at a time, in seconds: what a crash or a kill loses at most.
const LONGEST_SECS: u32 = 120;
/// What is shorter is followed by silence.
const LEAST: usize = RATE as usize;
/// More threads than this wait for each other more than they compute.
const MOST_THREADS: usize = 8;
/// Whisper is to begin with the chunk; where words begin is found in the sound.
const FIRST_TIME_SECS: f32 = 0.02;

/// A model that is loaded.
pub struct Whisper {
    context: WhisperContext,
    state: WhisperState,
    name: String,
    many_languages: bool,
    /// What the sound before was in, where nobody says: it does not change from one sentence to the next.
    heard: Option<&'static str>,
}

impl fmt::Debug for Whisper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Whisper {:?}", self.name)
    }
}

/// A language as Whisper calls it, from a code such as `de` or `de-AT`.
///
/// # Errors
/// It knows no such language.
pub fn language(code: &str) -> Result<&'static str, SpeechError> {
    let unknown = || SpeechError::Language(code.to_owned());
    let primary = code.split('-').next().unwrap_or_default().to_ascii_lowercase();
    if primary.is_empty() || !primary.chars().all(|c| c.is_ascii_alphabetic()) {
        return Err(unknown());
    }
    // looked for among those it has: asked for one that it does not know, it would say so in the log too
    let is_it = |id: &i32| [whisper_rs::get_lang_str(*id), whisper_rs::get_lang_str_full(*id)].contains(&Some(primary.as_str()));
    (0..=whisper_rs::get_lang_max_id()).find(is_it).and_then(whisper_rs::get_lang_str).ok_or_else(unknown)
}

/// What is compiled in: `whisper.cpp 1.8.3`.
pub fn version() -> String {
    format!("whisper.cpp {}", whisper_rs::WHISPER_CPP_VERSION)
}

impl Whisper {
    /// Load a file. Takes as long as reading it, and as much memory.
    ///
    /// # Errors
    /// The file is none, not whole, or does not fit in the memory, or the processor is too old.
    pub fn load(path: &Path) -> Result<Self, SpeechError> {
        can_compute()?;
        let wrong = |reason: String| SpeechError::Model { path: path.to_owned(), reason };
        let header = look(path).map_err(|e| wrong(e.to_string()))?;
        log::route();
        if header.tensors == 0 {
            tracing::warn!("a model without weights recognises nothing: {}", path.display());
        }
        let _span = tracing::info_span!("load whisper", path = %path.display()).entered();
        let params = WhisperContextParameters { use_gpu: false, ..WhisperContextParameters::default() };
        let context = WhisperContext::new_with_params(path, params).map_err(|_| wrong("whisper.cpp cannot use it".into()))?;
        let state = context.create_state().map_err(|_| wrong("there is not enough memory for it".into()))?;
        let file = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        // another file of the same name has another size, as a rule; models of one's own are told apart by their times
        let changed = path.metadata().and_then(|m| m.modified()).ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        let name = format!("{} {file} {} {}", version(), header.bytes, changed.unwrap_or_default().as_secs());
        Ok(Self { context, state, name, many_languages: header.many_languages, heard: None })
    }

    /// Whisper's language for this sound; None = it is to find out.
    fn wanted(&self, code: Option<&str>) -> Result<Option<&'static str>, SpeechError> {
        let wanted = code.map(language).transpose()?;
        if self.many_languages {
            return Ok(wanted.or(self.heard));
        }
        match wanted {
            None | Some("en") => Ok(Some("en")),
            Some(other) => Err(SpeechError::EnglishOnly(other.to_owned())),
        }
    }

    /// The words of a chunk, with times from its beginning.
    fn hear(&mut self, samples: &[f32], language: Option<&'static str>, calls: &Calls<'_, '_>) -> Result<Vec<Word>, SpeechError> {
        let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 5 });
        params.set_n_threads(threads());
        params.set_language(Some(language.unwrap_or("auto")));
        // each chunk for itself: what went wrong in one is not carried into the next
        params.set_no_context(true);
        params.set_suppress_nst(true);
        params.set_max_initial_ts(FIRST_TIME_SECS);
        params.set_print_special(false);
        params.set_print_progress(false);
        params.set_print_realtime(false);
        params.set_print_timestamps(false);
        // SAFETY: `calls` outlives the call below, which is made on this thread.
        unsafe { calls.enter(&mut params) };
        // Whisper wants a second at least, and numbers
        let fine = samples.len() >= LEAST && samples.iter().all(|s| s.is_finite());
        let sound: Cow<'_, [f32]> = if fine {
            samples.into()
        } else {
            let silence = std::iter::repeat_n(0.0, LEAST.saturating_sub(samples.len()));
            samples.iter().map(|s| if s.is_finite() { *s } else { 0.0 }).chain(silence).collect()
        };
        let done = self.state.full(params, &sound);
        if calls.is_stopped() {
            return Err(SpeechError::Cancelled);
        }
        done.map_err(|e| SpeechError::Engine(e.to_string()))?;
        let segments = self.segments();
        Ok(tokens::words(&segments, &levels::Levels::of(&sound[..samples.len()])))
    }

    /// What was heard, as data.
    fn segments(&self) -> Vec<Segment> {
        let (begin, end) = (self.context.token_beg(), self.context.token_eot());
        let tokens = |segment: &whisper_rs::WhisperSegment<'_>| {
            let all = (0..segment.n_tokens()).filter_map(|i| segment.get_token(i));
            all.map(|token| {
                let data = token.token_data();
                let kind = match data.id {
                    id if id < end => Kind::Text,
                    id if id == begin => Kind::Begin,
                    _ => Kind::Sign,
                };
                Token {
                    kind,
                    bytes: token.to_bytes().unwrap_or_default().to_vec(),
                    probability: data.p,
                    // times are tokens of 20 ms
                    time: 2 * i64::from(data.tid - begin),
                    time_probability: data.pt,
                    times_probability: data.ptsum,
                }
            })
            .collect()
        };
        self.state.as_iter().map(|s| Segment { start: s.start_timestamp(), end: s.end_timestamp(), tokens: tokens(&s) }).collect()
    }
}

/// As many as the processor has, within reason.
fn threads() -> i32 {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    i32::try_from(all.min(MOST_THREADS)).unwrap_or(1)
}

impl Recogniser for Whisper {
    fn describe(&self) -> String {
        self.name.clone()
    }

    fn longest_secs(&self) -> u32 {
        LONGEST_SECS
    }

    fn recognise(&mut self, sound: Sound<'_>, code: Option<&str>, waiting: &mut Waiting<'_>) -> Result<Transcript, SpeechError> {
        let chunks = chunks::chunks(sound.samples, sound.speech);
        let all: usize = chunks.iter().map(|c| c.len()).sum();
        let (mut words, mut done) = (Vec::new(), 0);
        let mut spoken = self.wanted(code)?;
        for chunk in chunks {
            let part = |samples: usize| samples as f32 / all.max(1) as f32;
            let calls = Calls::new(waiting, part(done), part(chunk.len()));
            let heard = self.hear(&sound.samples[chunk.clone()], spoken, &calls)?;
            if spoken.is_none() && !heard.is_empty() {
                self.heard = whisper_rs::get_lang_str(self.state.full_lang_id_from_state());
                spoken = self.heard;
            }
            let at = Time::from_samples(chunk.start as i64, RATE);
            words.extend(heard.into_iter().map(|w| Word { start: w.start + at, end: w.end + at, ..w }));
            done += chunk.len();
        }
        Ok(Transcript::new(spoken.unwrap_or_default(), words))
    }
}
