//! What is said in media: having it recognised, transcripts from anywhere, and how loud it is where nobody says anything. What
//! touches the disk runs on threads of its own, or is called by scripts.

mod recognisers;

use super::{
    Command, Session,
    jobs::{Job, State, kinds},
    safety::News,
};
use crate::{
    base::{ContentHash, MediaId, Severity, Trouble, UserError, words::say},
    edit::{EditCommand, MediaChange},
    engine::stamp_of,
    interchange::{self, InterchangeError},
    model::Project,
    speech::Transcript,
    store::write_atomic,
};
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

pub use crate::interchange::transcript::TextFormat as TranscriptFormat;

/// What can be asked for. See [`Command::Speech`].
#[derive(Clone, Debug, PartialEq)]
pub enum SpeechWish {
    /// Have these recognised; each transcript goes into the document when it is there.
    Transcribe(Vec<MediaId>),
    /// Take a file (`.srt`, `.vtt`, `.json`) as the transcript of a media.
    Import { media: MediaId, path: PathBuf },
    /// Write the transcript of a media.
    Export { media: MediaId, path: PathBuf },
    /// Look again which models of speech there are, for [`Session::speech_models`].
    ListModels,
    /// Fetch a model of speech; the one that fits this machine where none is named.
    FetchModel(Option<String>),
}

/// How a media stands with its transcript, where it has none.
#[derive(Clone, Debug, PartialEq)]
pub enum SpeechState {
    /// Nobody has asked.
    Unknown,
    /// 0–1.
    Running(f32),
    /// What was wrong when it was tried.
    Failed(String),
}

#[derive(Default)]
pub(super) struct Speech {
    /// Which models there are, and which is being fetched.
    recognisers: recognisers::Recognisers,
    /// How far jobs are, by the file.
    running: HashMap<PathBuf, f32>,
    failed: HashMap<PathBuf, String>,
}

/// Where a transcript that was imported for a film of this content is kept.
pub(super) fn imported(data: &Path, hash: ContentHash) -> PathBuf {
    data.join("transcripts").join(format!("{:032x}.json", hash.0))
}

fn trouble(e: &InterchangeError, path: &Path) -> Trouble {
    Trouble { text: format!("{e}: {}", path.display()), hint: e.hint() }
}

/// Reads a transcript: one that was kept, or a file from anywhere. Blocks.
///
/// # Errors
/// It cannot be read, or is none.
pub fn read(path: &Path) -> Result<Transcript, Trouble> {
    let stream = |e: std::io::Error| trouble(&InterchangeError::Stream { reason: e.to_string() }, path);
    let size = fs::metadata(path).map_err(stream)?.len();
    if size > interchange::MAX_BYTES {
        return Err(trouble(&InterchangeError::TooLarge { mib: interchange::MAX_BYTES >> 20 }, path));
    }
    let bytes = fs::read(path).map_err(stream)?;
    // what the program keeps itself is exact
    match serde_json::from_slice::<Transcript>(&bytes) {
        Ok(t) if path.extension().is_some_and(|e| e == "json") => Ok(t),
        _ => interchange::transcript::read(&bytes, path).map_err(|e| trouble(&e, path)),
    }
}

/// Writes a transcript. Blocks.
///
/// # Errors
/// The file cannot be written.
pub fn write(transcript: &Transcript, path: &Path, format: TranscriptFormat) -> Result<(), Trouble> {
    write_atomic(path, interchange::transcript::write(transcript, format).as_bytes()).map_err(|e| Trouble::of(&e))
}

/// The text of a transcript.
pub fn text(transcript: &Transcript, format: TranscriptFormat) -> String {
    interchange::transcript::write(transcript, format)
}

/// Keeps a transcript for a film, so that whoever asks for the film's words gets it. Blocks.
///
/// # Errors
/// The film cannot be read, or the folder of the user's data cannot be written.
pub fn keep(data: &Path, film: &Path, transcript: &Transcript) -> Result<PathBuf, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = film.display().to_string()).trouble();
    let hash = stamp_of(film).hash.ok_or_else(|| unreadable(std::io::ErrorKind::NotFound.into()))?;
    let path = imported(data, hash);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| trouble(&InterchangeError::Stream { reason: e.to_string() }, folder))?;
    }
    let text = serde_json::to_vec(transcript).map_err(|e| trouble(&InterchangeError::Stream { reason: e.to_string() }, &path))?;
    write_atomic(&path, &text).map_err(|e| Trouble::of(&e))?;
    Ok(path)
}

/// A project with a transcript at the media of this name; of its only media with sound where none is given.
///
/// # Errors
/// There is no such media, or several and no name.
pub fn attach(project: &Project, name: Option<&str>, transcript: Transcript) -> Result<Project, Trouble> {
    let fits = |m: &crate::model::Media| match name {
        Some(name) => m.name == name || m.file.path.file_name().is_some_and(|f| f == name),
        None => m.info.audio.is_some(),
    };
    let found: Vec<MediaId> = project.media.iter().filter(|(_, m)| fits(m)).map(|(id, _)| *id).collect();
    let [media] = found[..] else {
        let names: Vec<&str> = project.media.values().filter(|m| m.info.audio.is_some()).map(|m| m.name.as_str()).take(8).collect();
        return Err(say!("session-which-media", n = found.len(), names = names.join(", ")).trouble());
    };
    let change = MediaChange::Transcript(Some(Arc::new(transcript)));
    crate::edit::apply(project, &EditCommand::SetMedia { id: media, change }).map_err(|e| Trouble::of(&e))
}

impl Session {
    pub(super) fn speech(&mut self, wish: SpeechWish) {
        match wish {
            SpeechWish::Transcribe(media) => self.transcribe(&media),
            SpeechWish::ListModels => self.list_speech_models(),
            SpeechWish::FetchModel(name) => self.fetch_model(name.as_deref()),
            SpeechWish::Import { media, path } => self.safety.ask("transcript", move || {
                let read = read(&path);
                News::TranscriptRead { media: vec![media], path: Some(path), read }
            }),
            SpeechWish::Export { media, path } => {
                let Some(transcript) = self.project().media.get(&media).and_then(|m| m.transcript.clone()) else { return };
                let format = TranscriptFormat::of(&path).unwrap_or(TranscriptFormat::Txt);
                let path = if path.extension().is_some() { path } else { path.with_extension(format.extension()) };
                self.safety.ask("transcript", move || {
                    let written = write(&transcript, &path, format);
                    News::TranscriptWritten { path, written }
                });
            }
        }
    }

    fn transcribe(&mut self, media: &[MediaId]) {
        for id in media {
            let Some(m) = self.project().media.get(id).cloned() else { continue };
            self.speech.failed.remove(&m.file.path);
            match self.jobs.desk().transcribe(&m.file.path, None, &self.usual_recogniser()) {
                Ok(spec) => drop(self.jobs.desk().jobs().submit(spec)),
                Err(t) => {
                    self.speech.failed.insert(m.file.path.clone(), t.text.clone());
                    self.tell(Severity::Failure, t.text, t.hint);
                }
            }
        }
    }

    /// How a media without a transcript stands.
    pub fn speech_state(&self, media: MediaId) -> SpeechState {
        let Some(m) = self.project().media.get(&media) else { return SpeechState::Unknown };
        match (self.speech.running.get(&m.file.path), self.speech.failed.get(&m.file.path)) {
            (Some(fraction), _) => SpeechState::Running(*fraction),
            (None, Some(text)) => SpeechState::Failed(text.clone()),
            (None, None) => SpeechState::Unknown,
        }
    }

    /// The table of jobs has changed.
    pub(super) fn follow_speech(&mut self) {
        let table = self.jobs.desk().jobs().snapshot();
        let wanted = table.jobs().iter().filter(|j| j.kind == kinds::TRANSCRIBE && !j.state.is_over());
        self.speech.running = wanted.filter_map(|j| Some((input(j)?.to_path_buf(), j.progress.fraction))).collect();
    }

    /// A job has ended: if it was a recognition, its words are read.
    pub(super) fn take_transcript(&mut self, job: &Job) {
        if job.kind != kinds::TRANSCRIBE {
            return;
        }
        let Some(input) = input(job).map(Path::to_path_buf) else { return };
        match (&job.state, &job.failure, job.result.as_deref().and_then(|r| r["transcript"].as_str())) {
            (State::Completed, _, Some(file)) => {
                let media: Vec<MediaId> = self.project().media.iter().filter(|(_, m)| m.file.path == input).map(|(id, _)| *id).collect();
                let file = PathBuf::from(file);
                if !media.is_empty() {
                    self.safety.ask("transcript", move || News::TranscriptRead { media, path: None, read: read(&file) });
                }
            }
            (State::Failed, Some(f), _) => drop(self.speech.failed.insert(input, f.text.clone())),
            _ => {}
        }
    }

    /// A transcript was read: it goes into the document. `path` is that of a file that somebody chose.
    pub(super) fn on_transcript_read(&mut self, media: &[MediaId], path: Option<&Path>, read: Result<Transcript, Trouble>) {
        match read {
            Ok(transcript) => {
                let words = transcript.words().len();
                let transcript = Arc::new(transcript);
                let set = |id: &MediaId| EditCommand::SetMedia { id: *id, change: MediaChange::Transcript(Some(transcript.clone())) };
                let there = media.iter().filter(|id| self.project().media.contains_key(id));
                let edits: Vec<EditCommand> = there.map(set).collect();
                if edits.is_empty() {
                    return;
                }
                self.dispatch(Command::Edit(EditCommand::Batch(edits)));
                if let Some(path) = path {
                    let said = say!("session-transcript-read", n = words, path = path.display().to_string());
                    self.good_news(said.text());
                }
            }
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }

    pub(super) fn on_transcript_written(&mut self, path: &Path, written: Result<(), Trouble>) {
        match written {
            Ok(()) => {
                let said = say!("session-transcript-written", path = path.display().to_string());
                self.good_news(said.text());
            }
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }
}

/// The file that a job works on.
fn input(job: &Job) -> Option<&Path> {
    job.params.get("input").and_then(|v| v.as_str()).map(Path::new)
}
