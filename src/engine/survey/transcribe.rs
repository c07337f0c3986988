//! Speech of a file: decoded, cut into pieces where nobody speaks, and recognised piece by piece. Pieces without speech are not asked
//! about. What is recognised is kept: each piece while the whole is not done, the whole by the file's content.

use super::{Survey, hear::blocks, kept};
use crate::{
    analysis::{
        downsample::Downsampler,
        voice::{Listener, Voice},
    },
    base::{
        MIX_RATE, MediaInfo, Rounding, Time, UserError,
        words::{Said, say},
    },
    media::{self, AudioReader, MediaError},
    ml::speech::{RATE, Recogniser, Rule, Sound, SpeechError, Vad, Waiting},
    speech::{Transcript, Word},
};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    ops::Range,
    path::{Path, PathBuf},
};

/// Sort of the results; a change of the way pieces are cut raises the number.
const SORT: &str = "speech-1";
/// Mix samples for one that recognisers listen to.
const FACTOR: usize = (MIX_RATE / RATE) as usize;
/// Samples of one look at the level, 20 ms; a piece ends in the middle of the quietest ten of them.
const LOOK: usize = RATE as usize / 50;
const QUIET_LOOKS: usize = 10;
/// A stretch is asked about when its speech is at least so likely at some time (see `analysis::voice`).
const SPEECH: f32 = 0.05;
/// And when it is not silence throughout, in dB of full scale.
const SILENCE_DB: f32 = -55.0;

/// What is to be written down, and how.
pub struct Speech<'a> {
    pub path: &'a Path,
    pub info: &'a MediaInfo,
    /// A code such as `de`; None = the recogniser finds out.
    pub language: Option<&'a str>,
    /// Finished pieces lie here and are not recognised again.
    pub work: Option<&'a Path>,
    /// Who finds out where somebody speaks; without it pitch and level tell.
    pub vad: Option<Vad>,
    /// Answered at once, also while a job is paused: asked in the midst of a computation.
    pub stop: &'a dyn Fn() -> bool,
}

/// Why there is no transcript.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    NoSound(PathBuf),
    Media(#[from] MediaError),
    Speech(#[from] SpeechError),
    /// The words are known and can be written nowhere.
    NotKept {
        path: PathBuf,
        reason: String,
    },
}

impl TranscribeError {
    fn said(&self) -> Option<Said<'_>> {
        match self {
            Self::NoSound(path) => Some(say!("error-speech-no-sound", path = path.display().to_string())),
            Self::NotKept { path, reason } => {
                Some(say!("error-speech-not-kept", reason = reason.as_str(), path = path.display().to_string()))
            }
            Self::Media(_) | Self::Speech(_) => None,
        }
    }
}

impl fmt::Display for TranscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Media(e) => e.fmt(f),
            Self::Speech(e) => e.fmt(f),
            Self::NoSound(_) | Self::NotKept { .. } => f.write_str(&self.said().map(|s| s.text()).unwrap_or_default()),
        }
    }
}

impl UserError for TranscribeError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Media(e) => e.hint(),
            Self::Speech(e) => e.hint(),
            Self::NoSound(_) | Self::NotKept { .. } => self.said().and_then(|s| s.hint()),
        }
    }
}

/// A piece that is done.
#[derive(Serialize, Deserialize)]
struct Piece {
    /// First mix sample after it.
    end: i64,
    transcript: Transcript,
}

/// The words of a file, and where they are kept.
///
/// # Errors
/// No sound, damaged, the recogniser fails, there is no room for the words, or cancelled.
pub fn transcribe(
    mut speech: Speech<'_>,
    recogniser: &mut dyn Recogniser,
    survey: &mut Survey<'_>,
) -> Result<(Transcript, Option<PathBuf>), TranscribeError> {
    let (path, info, language) = (speech.path, speech.info, speech.language);
    let _span = tracing::info_span!("transcribe", path = %path.display()).entered();
    if info.audio.is_none() {
        return Err(TranscribeError::NoSound(path.to_owned()));
    }
    let finder = if speech.vad.is_some() { " silero" } else { "" };
    let how = format!("{} {}{finder}", recogniser.describe(), language.unwrap_or("auto"));
    let place = survey.cache.and_then(|cache| Some(kept::place(cache, SORT, media::stamp(path).ok()?.hash?, &how)));
    if let Some(found) = place.as_deref().and_then(kept::find) {
        return Ok((found, place));
    }
    let total = info.duration.to_samples(MIX_RATE, Rounding::Ceil).max(0);
    let (mut reader, mut whole, mut at) = (None, Transcript::new(language.unwrap_or(""), []), 0);
    while at < total {
        let file = speech.work.map(|w| w.join(format!("piece-{at}.json")));
        let known: Option<Piece> = file.as_deref().and_then(kept::find).filter(|p: &Piece| p.end > at && p.end <= total);
        let piece = match known {
            Some(piece) => piece,
            None => {
                let reader = match &mut reader {
                    Some(reader) => reader,
                    none => none.insert(AudioReader::open(path, info)?),
                };
                let heard = next(reader, at, total, recogniser.longest_secs(), &mut speech, survey)?;
                let transcript = if heard.speaks {
                    let (from, to) = (at as f32 / total as f32, heard.end as f32 / total as f32);
                    let told = &mut *survey.progress;
                    let mut progress = |part: f32| told(from + (to - from) * part.clamp(0.0, 1.0));
                    let mut waiting = Waiting { stop: speech.stop, progress: &mut progress };
                    let sound = Sound { samples: &heard.sound, speech: heard.stretches.as_deref() };
                    within(recogniser.recognise(sound, language, &mut waiting)?, Time::from_samples(heard.end - at, MIX_RATE))
                } else {
                    Transcript::default()
                };
                let piece = Piece { end: heard.end, transcript };
                // what cannot be kept is done again after a crash, and the whole says that there is no room
                if let Some(Err(e)) = file.as_deref().map(|f| kept::try_keep(f, &piece)) {
                    tracing::debug!("a piece could not be kept: {e}");
                }
                piece
            }
        };
        whole = whole.join(piece.transcript, Time::from_samples(at, MIX_RATE));
        at = piece.end;
        (survey.progress)(at as f32 / total as f32);
    }
    if let Some(place) = &place {
        let not_kept = |e: std::io::Error| TranscribeError::NotKept { path: place.clone(), reason: e.to_string() };
        kept::try_keep(place, &whole).map_err(not_kept)?;
    }
    Ok((whole, place))
}

/// Words of a piece that lie in it: a recogniser may say what it likes.
fn within(t: Transcript, end: Time) -> Transcript {
    let words = t.words().iter().filter(|w| w.start < end).map(|w| Word { end: w.end.min(end), ..w.clone() });
    Transcript::new(t.language(), words.collect::<Vec<_>>())
}

/// The next piece of a file.
struct Heard {
    sound: Vec<f32>,
    /// First mix sample after it.
    end: i64,
    /// Somebody may speak in it.
    speaks: bool,
    /// Where, in samples of `sound`, where that was looked for.
    stretches: Option<Vec<Range<usize>>>,
}

/// The next piece from mix sample `at`.
fn next(
    reader: &mut AudioReader,
    at: i64,
    total: i64,
    longest_secs: u32,
    speech: &mut Speech<'_>,
    survey: &mut Survey<'_>,
) -> Result<Heard, TranscribeError> {
    let wanted = (total - at).min(i64::from(longest_secs.max(2)) * i64::from(MIX_RATE)).max(0);
    let (mut thirds, mut halves, mut listener) = (Downsampler::by(FACTOR), Downsampler::by(2), Listener::new());
    let mut sound = Vec::with_capacity(wanted as usize / FACTOR + 1);
    blocks(reader, at..at + wanted, survey.cancel, |block, _| {
        sound.extend(thirds.push(block));
        listener.push(&halves.push(block));
    })?;
    sound.extend(thirds.finish());
    listener.push(&halves.finish());
    let is_last = at + wanted >= total;
    let found = speech.vad.as_mut().map(|vad| vad.find(&sound, &Rule::default(), speech.stop)).transpose()?;
    let len = match &found {
        _ if is_last => sound.len(),
        Some(stretches) => silent_place(stretches, sound.len()).unwrap_or_else(|| quiet_place(&sound)),
        None => quiet_place(&sound),
    };
    sound.truncate(len);
    let end = if is_last { total } else { at + (len * FACTOR) as i64 };
    let stretches = found.map(|all| all.into_iter().filter(|s| s.start < len).map(|s| s.start..s.end.min(len)).collect::<Vec<_>>());
    let speaks = match &stretches {
        Some(stretches) => !stretches.is_empty(),
        None => speaks(&listener.finish(), len as f64 / f64::from(RATE)),
    };
    Ok(Heard { sound, end, speaks, stretches })
}

/// Where a piece that goes on may be cut, from where somebody speaks in it: in the middle of the longest silence of its last third. None
/// where there is no silence of a fifth of a second.
fn silent_place(stretches: &[Range<usize>], len: usize) -> Option<usize> {
    let third = len / 3 * 2;
    let begins = std::iter::once(0).chain(stretches.iter().map(|s| s.end));
    let ends = stretches.iter().map(|s| s.start).chain([len]);
    let silences = begins.zip(ends).map(|(a, b)| a.max(third)..b.max(third));
    let longest = silences.max_by_key(|s| s.len()).filter(|s| s.len() >= QUIET_LOOKS * LOOK)?;
    Some(longest.start + longest.len() / 2)
}

/// Whether anybody may speak in the first seconds of what was heard.
fn speaks(voice: &Voice, secs: f64) -> bool {
    let steps = (secs / crate::analysis::voice::STEP_SECS).ceil() as usize;
    let mut heard = voice.level_db.iter().zip(&voice.speech).take(steps);
    // too short to judge
    steps < 5 || heard.any(|(level, speech)| *level > SILENCE_DB && *speech >= SPEECH)
}

/// Where a piece that goes on may be cut: in the middle of the quietest fifth of a second of its last third.
fn quiet_place(sound: &[f32]) -> usize {
    let from = sound.len() / 3 * 2;
    let powers: Vec<f32> = sound[from..].chunks_exact(LOOK).map(|c| c.iter().map(|s| s * s).sum()).collect();
    let quietest = powers.windows(QUIET_LOOKS).map(|w| w.iter().sum::<f32>()).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    quietest.map_or(sound.len(), |(i, _)| from + (i + QUIET_LOOKS / 2) * LOOK)
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "ranges are what is found")]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Says where it was asked: one word a piece, and one beyond its end.
    struct Counter {
        asked: usize,
        fails_at: usize,
    }

    impl Recogniser for Counter {
        fn describe(&self) -> String {
            "counter".into()
        }
        fn longest_secs(&self) -> u32 {
            4
        }
        fn recognise(&mut self, sound: Sound<'_>, _: Option<&str>, _: &mut Waiting<'_>) -> Result<Transcript, SpeechError> {
            if self.asked == self.fails_at {
                return Err(SpeechError::Cancelled);
            }
            self.asked += 1;
            let len = Time::from_samples(sound.samples.len() as i64, RATE);
            let word = |from: Time, text: String| Word::new(from, from + Time::from_secs(1), text);
            Ok(Transcript::new("en", [word(Time::ZERO, format!("w{}", self.asked)), word(len, "beyond".into())]))
        }
    }

    /// Ten seconds of syllables with a silence of half a second in every third one, as WAV.
    fn talk(path: &Path) {
        let rate = 16_000u32;
        let sample = |n: u32| {
            let t = n as f32 / rate as f32;
            let within = t % 0.23;
            if within > 0.15 || t % 3.0 > 2.5 {
                return 0i16;
            }
            let voice: f32 = (1..12).map(|k| (std::f32::consts::TAU * (140.0 - 60.0 * within) * k as f32 * within).sin() / k as f32).sum();
            (4000.0 * voice) as i16
        };
        let data: Vec<u8> = (0..rate * 10).flat_map(|n| sample(n).to_le_bytes()).collect();
        let mut file = b"RIFF".to_vec();
        file.extend((36 + data.len() as u32).to_le_bytes());
        file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
        file.extend(rate.to_le_bytes());
        file.extend((rate * 2).to_le_bytes());
        file.extend(b"\x02\0\x10\0data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        std::fs::write(path, file).unwrap();
    }

    #[test]
    fn pieces_are_cut_where_it_is_quiet_go_on_after_a_failure_and_are_kept() {
        media::init().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let (film, cache, work) = (dir.path().join("talk.wav"), dir.path().join("cache"), dir.path().join("work"));
        talk(&film);
        std::fs::create_dir(&work).unwrap();
        let info = media::probe(&film).unwrap();
        let far = Cell::new(0.0);
        let run = |counter: &mut Counter| {
            let mut progress = |part| far.set(part);
            let mut survey = Survey { cache: Some(&cache), cancel: &|| false, progress: &mut progress };
            let speech = Speech { path: &film, info: &info, language: Some("en"), work: Some(&work), vad: None, stop: &|| false };
            transcribe(speech, counter, &mut survey)
        };
        let mut counter = Counter { asked: 0, fails_at: 2 };
        assert!(matches!(run(&mut counter), Err(TranscribeError::Speech(SpeechError::Cancelled))));
        assert!(far.get() > 0.3 && far.get() < 0.9);
        counter.fails_at = usize::MAX;
        let (t, file) = run(&mut counter).unwrap();
        let starts: Vec<f64> = t.words().iter().map(|w| w.start.as_secs_f64()).collect();
        // the pieces begin within the silences of 2.5 to 3, 5.5 to 6 and 8.5 to 9 seconds
        assert_eq!(starts.len(), 4, "{starts:?}");
        for (start, silence) in starts[1..].iter().zip([2.5, 5.5, 8.5]) {
            assert!((silence..silence + 0.5).contains(start), "{starts:?}");
        }
        assert_eq!((counter.asked, far.get(), t.text().contains("beyond")), (4, 1.0, false));
        assert_eq!(run(&mut counter).unwrap(), (t, file));
        assert_eq!(counter.asked, 4, "what is kept is not asked for again");
    }

    #[test]
    fn a_piece_ends_in_the_longest_silence_of_its_last_third() {
        let second = RATE as usize;
        let at = |stretches: &[Range<usize>]| silent_place(stretches, 30 * second).map(|s| s as f64 / f64::from(RATE));
        assert_eq!(at(&[0..21 * second, 22 * second..25 * second, 27 * second..30 * second]), Some(26.0));
        // it begins before that third; nothing but silence; none at all
        assert_eq!(at(&[0..second, 24 * second..30 * second]), Some(22.0));
        assert_eq!(at(&[]), Some(25.0));
        assert_eq!(at(&[0..30 * second]), None);
    }

    #[test]
    fn nobody_is_asked_about_silence() {
        let voice = |level: f32, speech: f32| Voice { level_db: vec![level; 20], speech: vec![speech; 20] };
        assert!(speaks(&voice(-20.0, 0.9), 4.0));
        assert!(!speaks(&voice(-90.0, 0.0), 4.0) && !speaks(&voice(-20.0, 0.0), 4.0));
    }
}
