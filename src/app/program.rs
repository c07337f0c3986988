//! What the window needs of the program behind it. `Session` is the one implementation in the product; tests put a
//! made-up one in its place and so need no decoder. Everything here returns at once.

use crate::{
    base::{MediaId, Picture, Time},
    gpu::ScopeData,
    model::{Project, Speed},
    session::{
        Command, EarlierVersion, ImportProgress, JobStatus, Levels, MediaState, Notice, Preset, ProxyOffer, ProxyReason, ProxyState,
        Recoverable, Relinks, Session, Settings, Source, SpeechState, StatusLine, SteadyState, StorageReport, Viewer, models::ModelView,
        montage::Style, search::SearchView,
    },
};
use std::{path::Path, sync::Arc};

/// The reading half, which panels see. Pictures and waveforms that are not there yet are asked for in the background.
pub trait ProgramView {
    fn project(&self) -> &Arc<Project>;
    fn revision(&self) -> u64;
    fn project_path(&self) -> Option<&Path>;
    fn is_dirty(&self) -> bool;
    /// True where another window has the project: edits are refused.
    fn is_read_only(&self) -> bool;
    /// Unsaved work of before a crash that can be brought back, newest first.
    fn recoverable(&self) -> &[Recoverable];
    /// Earlier versions of the project, newest first, as of the last [`Command::ListVersions`].
    fn versions(&self) -> &[EarlierVersion];
    fn playhead(&self) -> i64;
    fn is_playing(&self) -> bool;
    fn viewer(&self) -> &Viewer;
    /// How fast the program plays, negative backwards.
    fn speed(&self) -> Speed;
    /// Range that the program plays over and over.
    fn looping(&self) -> Option<(i64, i64)>;
    /// What the scopes show, and a number that counts up with each new set.
    fn scopes(&self) -> Option<&(Arc<ScopeData>, u64)>;
    /// What the source viewer shows.
    fn source(&self) -> Option<&Source>;
    fn media_state(&self, media: MediaId) -> MediaState;
    /// How a media stands with its proxy.
    fn proxy_state(&self, media: MediaId) -> ProxyState;
    /// Why a media is better cut with a proxy; None where it does well without, or has one.
    fn proxy_reason(&self, media: MediaId) -> Option<ProxyReason>;
    /// Heavy films that wait for the user's word.
    fn proxy_offer(&self) -> Option<&ProxyOffer>;
    /// What lies in the cache, as of the last [`Command::LookAtStorage`].
    fn storage(&self) -> Option<&StorageReport>;
    /// The cache is being measured or cleared.
    fn storage_busy(&self) -> bool;
    /// What was found for missing files, until the user says what of it to take.
    fn relinks(&self) -> Option<&Relinks>;
    /// How a media stands with the analysis of its camera.
    fn steady_state(&self, media: MediaId) -> SteadyState;
    /// How a media without a transcript stands.
    fn speech_state(&self, media: MediaId) -> SpeechState;
    /// What was found for what is asked, and how much of the footage is known.
    fn search(&self) -> &SearchView;
    /// A recogniser of speech is set up.
    fn can_transcribe(&self) -> bool;
    /// Models of speech, as of the last `SpeechWish::ListModels`.
    fn speech_models(&self) -> &Arc<[ModelView]>;
    /// The model that is being fetched, and how far that is, 0–1.
    fn fetching(&self) -> Option<(&str, f32)>;
    /// Counts up with every change of what [`Self::media_state`] says.
    fn media_serial(&self) -> u64;
    /// How far files are being brought in; None while none are.
    fn import_progress(&self) -> Option<ImportProgress>;
    /// The nearest thumbnail there is, RGBA8.
    fn thumbnail(&mut self, media: MediaId, time: Time) -> Option<&Picture>;
    /// Lowest and highest sample in each of `columns` equal parts of `[from_secs, to_secs)`, −1 to 1.
    fn waveform(&mut self, media: MediaId, from_secs: f64, to_secs: f64, columns: usize) -> Option<Vec<(f32, f32)>>;
    fn jobs(&self) -> &[JobStatus];
    fn undo_label(&self) -> Option<&str>;
    fn redo_label(&self) -> Option<&str>;
    /// Names of the steps that can be undone, the next one first.
    fn undo_labels(&self) -> Vec<&str>;
    /// Names of the steps that can be done again, the next one first.
    fn redo_labels(&self) -> Vec<&str>;
    fn status(&self) -> &StatusLine;
    fn presets(&self) -> &[Preset];
    /// What the master's level meters show now; while they are `moving`, paint again soon.
    fn meters(&self) -> Levels;
    /// Families that titles can be set in; empty until they are found.
    fn font_families(&mut self) -> Arc<[String]>;
    /// Models that can make pictures larger, as of the last `UpscaleWish::ListModels`.
    fn models(&self) -> &Arc<[ModelView]>;
    /// Source pixels that a model makes larger in a second on this machine, once measured (`UpscaleWish::Rate`).
    fn upscale_rate(&self, model: &str) -> Option<f64>;
    /// Styles of the automatic montage, as of the last `MontageWish::ListStyles`.
    fn styles(&self) -> &Arc<[Style]>;
    /// Changed by [`Command::Set`].
    fn settings(&self) -> &Settings;
}

/// The writing half, which only the shell uses, once per pass.
pub trait Program: ProgramView {
    /// Take in results of background threads; true = something changed.
    fn poll(&mut self) -> bool;
    fn dispatch(&mut self, command: Command);
    fn take_notices(&mut self) -> Vec<Notice>;
}

impl ProgramView for Session {
    fn project(&self) -> &Arc<Project> {
        Session::project(self)
    }
    fn revision(&self) -> u64 {
        Session::revision(self)
    }
    fn project_path(&self) -> Option<&Path> {
        Session::project_path(self)
    }
    fn is_dirty(&self) -> bool {
        Session::is_dirty(self)
    }
    fn is_read_only(&self) -> bool {
        Session::is_read_only(self)
    }
    fn recoverable(&self) -> &[Recoverable] {
        Session::recoverable(self)
    }
    fn versions(&self) -> &[EarlierVersion] {
        Session::versions(self)
    }
    fn playhead(&self) -> i64 {
        Session::playhead(self)
    }
    fn is_playing(&self) -> bool {
        Session::is_playing(self)
    }
    fn viewer(&self) -> &Viewer {
        Session::viewer(self)
    }
    fn speed(&self) -> Speed {
        Session::deck(self).speed
    }
    fn looping(&self) -> Option<(i64, i64)> {
        Session::deck(self).range
    }
    fn scopes(&self) -> Option<&(Arc<ScopeData>, u64)> {
        Session::scopes(self)
    }
    fn source(&self) -> Option<&Source> {
        Session::source(self)
    }
    fn media_state(&self, media: MediaId) -> MediaState {
        Session::media_state(self, media)
    }
    fn search(&self) -> &SearchView {
        Session::search(self)
    }
    fn proxy_state(&self, media: MediaId) -> ProxyState {
        Session::proxy_state(self, media)
    }
    fn proxy_reason(&self, media: MediaId) -> Option<ProxyReason> {
        Session::proxy_reason(self, media)
    }
    fn proxy_offer(&self) -> Option<&ProxyOffer> {
        Session::proxy_offer(self)
    }
    fn storage(&self) -> Option<&StorageReport> {
        Session::storage(self)
    }
    fn storage_busy(&self) -> bool {
        Session::storage_busy(self)
    }
    fn relinks(&self) -> Option<&Relinks> {
        Session::relinks(self)
    }
    fn steady_state(&self, media: MediaId) -> SteadyState {
        Session::steady_state(self, media)
    }
    fn speech_state(&self, media: MediaId) -> SpeechState {
        Session::speech_state(self, media)
    }
    fn can_transcribe(&self) -> bool {
        Session::can_transcribe(self)
    }
    fn speech_models(&self) -> &Arc<[ModelView]> {
        Session::speech_models(self)
    }
    fn fetching(&self) -> Option<(&str, f32)> {
        Session::fetching(self)
    }
    fn media_serial(&self) -> u64 {
        Session::media_serial(self)
    }
    fn import_progress(&self) -> Option<ImportProgress> {
        Session::import_progress(self)
    }
    fn thumbnail(&mut self, media: MediaId, time: Time) -> Option<&Picture> {
        Session::thumbnail(self, media, time)
    }
    fn waveform(&mut self, media: MediaId, from_secs: f64, to_secs: f64, columns: usize) -> Option<Vec<(f32, f32)>> {
        Session::peaks(self, media).map(|p| p.window(from_secs, to_secs, columns))
    }
    fn jobs(&self) -> &[JobStatus] {
        Session::jobs(self)
    }
    fn undo_label(&self) -> Option<&str> {
        Session::undo_label(self)
    }
    fn redo_label(&self) -> Option<&str> {
        Session::redo_label(self)
    }
    fn undo_labels(&self) -> Vec<&str> {
        Session::undo_labels(self).collect()
    }
    fn redo_labels(&self) -> Vec<&str> {
        Session::redo_labels(self).collect()
    }
    fn status(&self) -> &StatusLine {
        Session::status(self)
    }
    fn presets(&self) -> &[Preset] {
        Session::presets(self)
    }
    fn meters(&self) -> Levels {
        Session::meters(self)
    }
    fn font_families(&mut self) -> Arc<[String]> {
        Session::font_families(self)
    }
    fn models(&self) -> &Arc<[ModelView]> {
        Session::models(self)
    }
    fn upscale_rate(&self, model: &str) -> Option<f64> {
        Session::upscale_rate(self, model)
    }
    fn styles(&self) -> &Arc<[Style]> {
        Session::styles(self)
    }
    fn settings(&self) -> &Settings {
        Session::settings(self)
    }
}

impl Program for Session {
    fn poll(&mut self) -> bool {
        Session::poll(self)
    }
    fn dispatch(&mut self, command: Command) {
        Session::dispatch(self, command);
    }
    fn take_notices(&mut self) -> Vec<Notice> {
        Session::take_notices(self)
    }
}
