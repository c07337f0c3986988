//! The program without a face: it owns the document's history, the viewer, the background readers and the jobs.
//!
//! Faces send [`Command`]s and read plain values; nothing here blocks: slow work happens on other threads, whose results
//! [`Session::poll`] takes in. Owned by one thread (the window's, or a test's).

pub mod batch;
mod bin;
mod command;
mod deck;
pub mod demo;
mod dispatch;
pub mod doctor;
mod files;
mod graphics;
mod handover;
mod held;
mod imports;
pub mod jobs;
mod keeper;
pub mod models;
pub mod montage;
mod proxies;
mod recorded;
mod recovery;
mod relink;
mod safety;
pub mod search;
mod settings;
mod shown;
pub mod shuttle;
mod source;
mod steady;
mod steps;
mod storage;
pub mod survey;
pub mod timelines;
mod typefaces;
mod upscaling;
mod view;
pub mod words;

pub use crate::engine::{ExportProgress, ExportReport, Level, Levels, MEDIA_EXTENSIONS, Peaks, Preset};
pub use crate::interchange::{FCPXML_VERSIONS, Format as TimelineFormat, Target as TimelineTarget, WriteOptions as TimelineOptions};
pub use crate::ml::models::ENDS as MODEL_EXTENSIONS;
pub use crate::store::{Dirs, ProxyCodec, ProxyPolicy, Setting, Settings, Theme as ThemeSetting};
pub use crate::{
    engine::{Enlarge, Enlarged, FoundBy, Monitor, SteadyNote, SteadyPath},
    plan::{Without, outline},
};
pub use command::Command;
pub use deck::{Deck, Transport};
pub use graphics::AdapterChoice;
pub use imports::ImportProgress;
pub use montage::MontageWish;
pub use proxies::{ProxyOffer, ProxyReason, ProxyState, heavy};
pub use recovery::Recoverable;
pub use relink::{Lost, Relink, Relinks};
pub use safety::EarlierVersion;
pub use source::{Source, source_project};
pub use steady::SteadyState;
pub use storage::StorageReport;
pub use upscaling::UpscaleWish;
pub use view::{JobState, JobStatus, JobWait, MediaState, Notice, StatusLine, ViewState, Viewer};
pub use words::{SpeechState, SpeechWish};

use crate::{
    base::{FrameRate, MediaId, Severity, Trouble, UserError},
    edit::{self, EditCommand},
    engine::{self, Library, Preview, PreviewCommand},
    gpu::{GpuContext, RenderError, ScopeData},
    model::{Project, Sequence},
};
use bin::Bin;
use deck::Threaded;
use graphics::renderer_for;
use imports::Imports;
use recorded::Recorded;
use safety::Safety;
use settings::SettingsKeeper;
use source::Sources;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};
use typefaces::Typefaces;

/// How to start a session.
pub struct SessionOptions {
    /// The shared device; None draws on the processor.
    pub gpu: Option<GpuContext>,
    /// Draw on the processor even where there is a device (`--cpu`).
    pub force_cpu: bool,
    /// Leave the machine's sound output alone (tests, servers).
    pub silent: bool,
    /// Where settings lie and what must outlive a crash; None keeps nothing (tests, benchmarks).
    pub dirs: Option<Dirs>,
    /// Called from other threads when [`Session::poll`] has something to take in.
    pub wake: Arc<dyn Fn() + Send + Sync>,
}

/// Why a session could not start.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("a thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
    #[error(transparent)]
    Media(#[from] crate::media::MediaError),
    #[error(transparent)]
    Render(#[from] RenderError),
    /// The jobs have nowhere to work.
    #[error(transparent)]
    Jobs(#[from] Trouble),
}

/// An open program.
pub struct Session {
    history: Recorded,
    path: Option<PathBuf>,
    /// Revision that the file on disk holds; None where it holds none of this history.
    saved_revision: Option<u64>,
    program: Deck,
    sources: Sources,
    /// Counts up with each new set.
    scopes: Option<(Arc<ScopeData>, u64)>,
    preview: Preview,
    library: Library,
    bin: Bin,
    /// Media of which it was said that their sound cannot be read.
    silent: BTreeSet<MediaId>,
    imports: Imports,
    /// Missing files that were found and wait for the user's word.
    relinks: Option<Relinks>,
    jobs: jobs::Panel,
    held: held::Held,
    proxies: proxies::Proxies,
    upscaling: upscaling::Upscaling,
    steadies: steady::Steadies,
    montages: montage::Montages,
    speech: words::Speech,
    searching: search::Searching,
    presets: Vec<Preset>,
    notices: Vec<Notice>,
    settings: SettingsKeeper,
    safety: Safety,
    typefaces: Typefaces,
    renderer_name: String,
    status: StatusLine,
    shelf: storage::Shelf,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Session {
    /// Start with an empty project.
    ///
    /// # Errors
    /// GStreamer, the device or a thread could not be started.
    pub fn new(options: SessionOptions) -> Result<Self, SessionError> {
        crate::media::init()?;
        let renderer = renderer_for(options.gpu.as_ref(), options.force_cpu)?;
        let renderer_name = renderer.name();
        let preview = Preview::start(renderer, options.silent, options.wake.clone())?;
        let library = Library::start(options.wake.clone())?;
        let (settings, wrong) = SettingsKeeper::start(options.dirs.as_ref())?;
        let (gpu, force_cpu) = (options.gpu, options.force_cpu);
        let tools = jobs::Tools {
            device: {
                let gpu = gpu.clone();
                Arc::new(move || gpu.clone().filter(|_| !force_cpu))
            },
            renderer: Arc::new(move || renderer_for(gpu.as_ref(), force_cpu).map_err(|e| Trouble::of(&e))),
        };
        let upscaling = upscaling::Upscaling::new(options.dirs.clone(), tools.device.clone(), options.wake.clone());
        let (jobs, no_journal) = jobs::Panel::open(options.dirs.as_ref(), tools, options.wake.clone())?;
        let (history, safety) = safety::start(options.dirs, options.wake.clone(), Arc::new(empty_project()))?;
        let mut session = Self {
            saved_revision: Some(history.revision()),
            history,
            path: None,
            program: Deck::default(),
            sources: Sources::default(),
            scopes: None,
            preview,
            library,
            bin: Bin::default(),
            silent: BTreeSet::new(),
            imports: Imports::default(),
            relinks: None,
            held: held::Held::new(jobs.desk().cache().clone()),
            jobs,
            proxies: proxies::Proxies::default(),
            upscaling,
            steadies: steady::Steadies::default(),
            montages: montage::Montages::new(options.wake.clone()),
            speech: words::Speech::default(),
            searching: search::Searching::new(options.wake.clone()),
            presets: engine::presets(),
            notices: Vec::new(),
            settings,
            safety,
            typefaces: Typefaces::new(options.wake.clone()),
            renderer_name,
            status: StatusLine::default(),
            shelf: storage::Shelf::default(),
            wake: options.wake,
        };
        session.preview.set_scrub_sound(session.settings.get().scrub_sound);
        if let Some(e) = wrong {
            session.notices.push(Notice { severity: Severity::Warning, good: false, text: e.to_string(), hint: e.hint() });
        }
        if let Some(t) = no_journal {
            session.notices.push(Notice { severity: Severity::Warning, good: false, text: t.text, hint: t.hint });
        }
        session.preview.send(PreviewCommand::Motions(steady::motions(session.jobs.desk().cache().root())));
        session.tell_interrupted();
        session.size_cache();
        session.choose_files();
        session.refresh(false);
        Ok(session)
    }

    /// Give the viewers the memory for finished pictures that the settings say.
    fn size_cache(&self) {
        self.preview.send(PreviewCommand::CacheBytes((self.settings.get().frame_cache_mib as usize) << 20));
    }

    /// Take in what the background threads have finished; true when anything changed.
    pub fn poll(&mut self) -> bool {
        let mut changed = false;
        while let Ok(event) = self.preview.events.try_recv() {
            self.on_preview(event);
            changed = true;
        }
        while let Ok(found) = self.library.found.try_recv() {
            self.on_found(found);
            changed = true;
        }
        self.deliver_imports(false);
        self.deliver_variants();
        self.tell_offline();
        changed
            | self.poll_safety()
            | self.poll_jobs()
            | self.poll_upscaling()
            | self.poll_montages()
            | self.poll_search()
            | self.poll_storage()
    }

    pub fn project(&self) -> &Arc<Project> {
        self.history.current()
    }
    /// Counts up with every change of the document, undo and redo included.
    pub fn revision(&self) -> u64 {
        self.history.revision()
    }
    pub fn project_path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
    /// Has the document changed since it was saved or opened?
    pub fn is_dirty(&self) -> bool {
        self.saved_revision != Some(self.history.revision())
    }
    /// Frame under the playhead.
    pub fn playhead(&self) -> i64 {
        self.program.playhead
    }
    pub fn is_playing(&self) -> bool {
        self.program.playing
    }
    pub fn viewer(&self) -> &Viewer {
        &self.program.viewer
    }
    /// What the scopes show, and a number that counts up with each new set. See [`Command::Scopes`].
    pub fn scopes(&self) -> Option<&(Arc<ScopeData>, u64)> {
        self.scopes.as_ref()
    }
    /// The program viewer's deck.
    pub fn deck(&self) -> &Deck {
        &self.program
    }
    /// All jobs that are known here, by ascending id: ours, those that an earlier run left, and other programs' (see
    /// [`Command::WatchJobs`]).
    pub fn jobs(&self) -> &[JobStatus] {
        self.jobs.rows()
    }
    /// Where jobs are made and submitted.
    pub fn desk(&self) -> &jobs::Desk {
        self.jobs.desk()
    }
    pub fn presets(&self) -> &[Preset] {
        &self.presets
    }
    pub fn status(&self) -> &StatusLine {
        &self.status
    }
    /// What the master's level meters show now.
    pub fn meters(&self) -> Levels {
        self.preview.meters.levels()
    }
    pub fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }
    pub fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }
    /// Names of the steps that can be undone, the next one first: the history list.
    pub fn undo_labels(&self) -> impl Iterator<Item = &'static str> {
        self.history.undo_labels()
    }
    /// Names of the steps that can be done again, the next one first.
    pub fn redo_labels(&self) -> impl Iterator<Item = &'static str> {
        self.history.redo_labels()
    }
    /// Families that titles can be set in; empty until they are found.
    pub fn font_families(&mut self) -> Arc<[String]> {
        self.typefaces.families()
    }
    pub fn settings(&self) -> &Settings {
        self.settings.get()
    }
    /// Messages since the last call, oldest first.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    /// Unused ids, for edits that make new things.
    pub fn fresh_ids(&self) -> impl Iterator<Item = u64> + use<> {
        edit::fresh_ids(self.project())
    }

    fn edit(&mut self, command: &EditCommand, absolute: bool) {
        let done = if absolute { self.history.exec_absolute(command) } else { self.history.exec(command) };
        match done {
            Ok(()) => self.refresh(absolute),
            Err(e) => self.fail(&e),
        }
    }

    /// As [`Self::edit`]; true when it was done.
    fn edit_told(&mut self, command: &EditCommand) -> bool {
        let before = self.history.revision();
        self.dispatch(Command::Edit(command.clone()));
        self.history.revision() != before
    }

    /// As [`Self::edit`], but part of the last undo step where that left revision `since`.
    fn edit_joined(&mut self, command: &EditCommand, since: Option<u64>) {
        match self.history.exec_joined(command, since) {
            Ok(()) => self.refresh(false),
            Err(e) => self.fail(&e),
        }
    }

    fn fail(&mut self, e: &dyn UserError) {
        self.notices.push(Notice { severity: e.severity(), good: false, text: e.to_string(), hint: e.hint() });
    }

    fn good_news(&mut self, text: String) {
        self.notices.push(Notice { severity: Severity::Warning, good: true, text, hint: None });
    }

    /// After any change of the document: viewer, media states, status line.
    fn refresh(&mut self, scrubbing: bool) {
        let project = self.history.current().clone();
        self.bin.follow(&project, &self.library);
        self.held.follow(&project);
        let s = &project.sequence;
        self.status = StatusLine {
            renderer: self.renderer_name.clone(),
            format: format!("{}×{} · {}", s.width, s.height, view::rate_text(s.frame_rate)),
        };
        // what plays goes on with the new document; what stands is drawn anew
        self.preview.send(PreviewCommand::Edited(project));
        self.with_program(|t| t.changed(scrubbing));
        self.refresh_source();
    }

    fn with_program(&mut self, act: impl FnOnce(&mut Threaded<'_>)) {
        let project = self.history.current();
        act(&mut Threaded { deck: &mut self.program, monitor: Monitor::Program, project, preview: &self.preview });
    }

    fn transport(&mut self, what: Transport) {
        self.with_program(|t| t.obey(what));
    }

    fn set_quality(&mut self, divisor: u32) {
        let quality = if matches!(divisor, 1 | 2 | 4) { divisor } else { 0 };
        self.preview.send(PreviewCommand::Quality(quality));
        self.program.viewer.quality = quality;
        self.with_program(|t| t.changed(false));
        if let Some(source) = &mut self.sources.open {
            source.deck.viewer.quality = quality;
        }
        self.with_source(|t| t.changed(false));
    }
}

/// What a new window holds: HD at 30 frames per second, until the first clip says otherwise.
fn empty_project() -> Project {
    Project::new("Untitled", Sequence::new(1920, 1080, FrameRate::FPS_30))
}
