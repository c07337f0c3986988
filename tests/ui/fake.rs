//! A program without files, decoders or devices: a real document with real history, made-up pictures and sound.

use crate::film::landscape;
use montage_ai::{
    app::program::{Program, ProgramView},
    base::{ClipId, MediaId, Picture, Severity, Time, UserError},
    edit::{EditCommand, History, append_media},
    gpu::{Rendered, ScopeData},
    media::encode::Container,
    model::{Clip, Project, Speed},
    session::{
        Command, Deck, EarlierVersion, ImportProgress, JobState, JobStatus, Level, Levels, MediaState, Notice, Preset, ProxyOffer,
        ProxyReason, ProxyState, Recoverable, Relinks, Settings, Source, SpeechState, StatusLine, SteadyState, StorageReport, Transport,
        ViewState, Viewer, heavy, models::ModelView, montage::Style, search::SearchView, source_project,
    },
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// See the module.
pub struct Fake {
    pub history: History,
    pub sent: Vec<Command>,
    pub playhead: i64,
    pub playing: bool,
    pub speed: Speed,
    pub looping: Option<(i64, i64)>,
    pub source: Option<Source>,
    pub scopes: Option<(Arc<ScopeData>, u64)>,
    /// What the meters show; without it a sound while it plays.
    pub meters: Option<Levels>,
    pub viewer: Viewer,
    pub states: HashMap<MediaId, MediaState>,
    pub proxies: HashMap<MediaId, ProxyState>,
    pub offer: Option<ProxyOffer>,
    pub relinks: Option<Relinks>,
    pub storage: Option<StorageReport>,
    pub storage_busy: bool,
    pub steady: HashMap<MediaId, SteadyState>,
    pub speech: HashMap<MediaId, SpeechState>,
    pub search: SearchView,
    /// A recogniser of speech is set up.
    pub recogniser: bool,
    /// To be counted up with `states` in a running window.
    pub states_serial: u64,
    pub importing: Option<ImportProgress>,
    pub jobs: Vec<JobStatus>,
    pub notices: Vec<Notice>,
    /// Edits that the document refused, in words.
    pub refused: Vec<String>,
    pub path: Option<PathBuf>,
    pub saved_revision: u64,
    pub settings: Settings,
    pub read_only: bool,
    pub recoverable: Vec<Recoverable>,
    pub versions: Vec<EarlierVersion>,
    pub models: Arc<[ModelView]>,
    pub speech_models: Arc<[ModelView]>,
    pub fetching: Option<(String, f32)>,
    pub rates: HashMap<String, f64>,
    pub styles: Arc<[Style]>,
    status: StatusLine,
    presets: Vec<Preset>,
    thumbnails: HashMap<(MediaId, i64), Picture>,
}

impl Fake {
    pub fn new(project: Project) -> Self {
        let s = &project.sequence;
        let status = StatusLine { renderer: "Radeon 780M".into(), format: format!("{}×{} · 29.97", s.width, s.height) };
        let history = History::new(Arc::new(project));
        let saved_revision = history.revision();
        Self {
            history,
            sent: Vec::new(),
            playhead: 0,
            playing: false,
            speed: Speed::NORMAL,
            looping: None,
            source: None,
            scopes: None,
            meters: None,
            viewer: Viewer::default(),
            states: HashMap::new(),
            proxies: HashMap::new(),
            offer: None,
            relinks: None,
            storage: None,
            storage_busy: false,
            steady: HashMap::new(),
            speech: HashMap::new(),
            search: SearchView::default(),
            recogniser: true,
            states_serial: 0,
            importing: None,
            jobs: Vec::new(),
            notices: Vec::new(),
            refused: Vec::new(),
            path: None,
            saved_revision,
            settings: Settings::default(),
            read_only: false,
            recoverable: Vec::new(),
            versions: Vec::new(),
            models: Arc::default(),
            speech_models: Arc::default(),
            fetching: None,
            rates: HashMap::new(),
            styles: montage_ai::session::montage::styles().0.into(),
            status,
            presets: presets(),
            thumbnails: HashMap::new(),
        }
    }

    pub fn with_picture(mut self) -> Self {
        self.viewer.image = Some(Rendered::Picture(landscape(3, 0.4, 960, 540)));
        self.viewer.image_serial = 1;
        self.viewer.state = ViewState::UpToDate;
        self
    }

    /// Seconds of a media whose pictures were asked for.
    pub fn thumbnail_times(&self, media: u64) -> Vec<i64> {
        self.thumbnails.keys().filter(|(m, _)| m.0 == media).map(|(_, second)| *second).collect()
    }

    /// Edits sent so far, those of gestures included.
    pub fn edits(&self) -> Vec<&EditCommand> {
        let edit = |c| match c {
            &Command::Edit(ref e) | &Command::EditAbsolute(ref e) => Some(e),
            _ => None,
        };
        self.sent.iter().filter_map(edit).collect()
    }

    pub fn clip(&self, id: u64) -> Arc<Clip> {
        self.project().sequence.clip(ClipId(id)).expect("the clip is there").1.clone()
    }
}

impl ProgramView for Fake {
    fn project(&self) -> &Arc<Project> {
        self.history.current()
    }
    fn revision(&self) -> u64 {
        self.history.revision()
    }
    fn project_path(&self) -> Option<&Path> {
        self.path.as_deref()
    }
    fn is_dirty(&self) -> bool {
        self.history.revision() != self.saved_revision
    }
    fn is_read_only(&self) -> bool {
        self.read_only
    }
    fn recoverable(&self) -> &[Recoverable] {
        &self.recoverable
    }
    fn versions(&self) -> &[EarlierVersion] {
        &self.versions
    }
    fn playhead(&self) -> i64 {
        self.playhead
    }
    fn is_playing(&self) -> bool {
        self.playing
    }
    fn viewer(&self) -> &Viewer {
        &self.viewer
    }
    fn speed(&self) -> Speed {
        self.speed
    }
    fn looping(&self) -> Option<(i64, i64)> {
        self.looping
    }
    fn scopes(&self) -> Option<&(Arc<ScopeData>, u64)> {
        self.scopes.as_ref()
    }
    fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }
    fn media_state(&self, media: MediaId) -> MediaState {
        self.states.get(&media).cloned().unwrap_or(MediaState::Online)
    }
    fn speech_state(&self, media: MediaId) -> SpeechState {
        self.speech.get(&media).cloned().unwrap_or(SpeechState::Unknown)
    }
    fn search(&self) -> &SearchView {
        &self.search
    }
    fn can_transcribe(&self) -> bool {
        self.recogniser
    }
    fn speech_models(&self) -> &Arc<[ModelView]> {
        &self.speech_models
    }
    fn fetching(&self) -> Option<(&str, f32)> {
        self.fetching.as_ref().map(|(name, far)| (name.as_str(), *far))
    }
    fn steady_state(&self, media: MediaId) -> SteadyState {
        self.steady.get(&media).cloned().unwrap_or_default()
    }
    fn proxy_state(&self, media: MediaId) -> ProxyState {
        self.proxies.get(&media).copied().unwrap_or_default()
    }
    fn proxy_reason(&self, media: MediaId) -> Option<ProxyReason> {
        match self.proxy_state(media) {
            ProxyState::Ready | ProxyState::Making(_) => None,
            ProxyState::Stale => Some(ProxyReason::Stale),
            _ => self.project().media.get(&media).and_then(|m| heavy(&m.info, m.file.size)),
        }
    }
    fn proxy_offer(&self) -> Option<&ProxyOffer> {
        self.offer.as_ref()
    }
    fn storage(&self) -> Option<&StorageReport> {
        self.storage.as_ref()
    }
    fn storage_busy(&self) -> bool {
        self.storage_busy
    }
    fn relinks(&self) -> Option<&Relinks> {
        self.relinks.as_ref()
    }
    fn media_serial(&self) -> u64 {
        self.states_serial
    }
    fn import_progress(&self) -> Option<ImportProgress> {
        self.importing
    }
    fn thumbnail(&mut self, media: MediaId, time: Time) -> Option<&Picture> {
        self.history.current().media.get(&media)?.info.video.as_ref()?;
        let second = time.as_secs_f64().floor() as i64;
        Some(self.thumbnails.entry((media, second)).or_insert_with(|| landscape(media.0, second as f32 * 0.07, 160, 90)))
    }
    fn waveform(&mut self, media: MediaId, from_secs: f64, to_secs: f64, columns: usize) -> Option<Vec<(f32, f32)>> {
        let at = |i: usize| from_secs + (to_secs - from_secs) * i as f64 / columns.max(1) as f64;
        let level = |t: f64| {
            let slow = (t * 1.3 + media.0 as f64).sin() * 0.5 + 0.5;
            let quick = (t * 17.0).sin().abs() * (t * 5.3).cos().abs();
            (0.12 + 0.6 * slow * quick + 0.15 * quick) as f32
        };
        Some((0..columns).map(|i| (-level(at(i)) * 0.9, level(at(i)))).collect())
    }
    fn jobs(&self) -> &[JobStatus] {
        &self.jobs
    }
    fn undo_label(&self) -> Option<&str> {
        self.history.undo_label()
    }
    fn redo_label(&self) -> Option<&str> {
        self.history.redo_label()
    }
    fn undo_labels(&self) -> Vec<&str> {
        self.history.undo_labels().collect()
    }
    fn redo_labels(&self) -> Vec<&str> {
        self.history.redo_labels().collect()
    }
    fn status(&self) -> &StatusLine {
        &self.status
    }
    fn presets(&self) -> &[Preset] {
        &self.presets
    }
    fn meters(&self) -> Levels {
        let level = |peak_db, hold_db| Level { peak_db, hold_db, over: false };
        let playing = Levels { channels: [level(-6.0, -3.0), level(-1.0, -0.5)], moving: false };
        self.meters.unwrap_or(if self.playing { playing } else { Levels::default() })
    }
    fn font_families(&mut self) -> Arc<[String]> {
        ["DejaVu Sans", "Inter", "Liberation Serif", "Noto Sans"].map(String::from).into()
    }
    fn models(&self) -> &Arc<[ModelView]> {
        &self.models
    }
    fn upscale_rate(&self, model: &str) -> Option<f64> {
        self.rates.get(model).copied()
    }
    fn styles(&self) -> &Arc<[Style]> {
        &self.styles
    }
    fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl Program for Fake {
    fn poll(&mut self) -> bool {
        false
    }
    fn dispatch(&mut self, command: Command) {
        self.sent.push(command.clone());
        let done = match command {
            Command::Edit(e) => self.history.exec(&e),
            Command::EditAbsolute(e) => self.history.exec_absolute(&e),
            Command::Append(media) => {
                let edit = append_media(self.project(), &media);
                self.history.exec(&edit)
            }
            other => {
                self.obey(other);
                Ok(())
            }
        };
        if let Err(e) = done {
            self.refused.push(e.to_string());
            self.notices.push(Notice { severity: Severity::Failure, good: false, text: e.to_string(), hint: e.hint() });
        }
    }
    fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}

impl Fake {
    fn obey(&mut self, command: Command) {
        match command {
            Command::Begin(label) => self.history.begin(label),
            Command::Commit => self.history.commit(),
            Command::Abort => self.history.abort(),
            Command::Undo => drop(self.history.undo()),
            Command::Redo => drop(self.history.redo()),
            Command::Seek(f) | Command::Scrub(f) => self.playhead = f,
            Command::Step(by) => self.playhead += by,
            Command::Play => self.playing = true,
            Command::Pause => self.playing = false,
            Command::Program(what) => self.run_program(what),
            Command::Source(what) => {
                if let Some(source) = &mut self.source {
                    run(&mut source.deck, what);
                }
            }
            Command::OpenSource(media) => self.open_source(media),
            Command::CloseSource => self.source = None,
            Command::Scopes(of) => {
                let data = match &self.viewer.image {
                    Some(Rendered::Picture(p)) if of.is_some() => ScopeData::of(p),
                    _ => None,
                };
                self.scopes = data.map(|d| (Arc::new(d), 1));
            }
            Command::Compare(what) => self.viewer.before = what.map(|_| Rendered::Picture(landscape(3, 1.6, 960, 540))),
            Command::Set(setting) => self.settings = self.settings.clone().with(setting),
            Command::MakeProxies(media) => {
                self.offer = None;
                self.proxies.extend(media.into_iter().map(|id| (id, ProxyState::Making(0.0))));
            }
            Command::DeclineProxies => self.offer = None,
            Command::ClearStorage => self.storage_busy = true,
            Command::ApplyRelinks(_) | Command::CloseRelinks => self.relinks = None,
            Command::TogglePlay => self.playing = !self.playing,
            Command::ResetMeters => {
                if let Some(m) = &mut self.meters {
                    m.channels.iter_mut().for_each(|c| c.over = false);
                }
            }
            Command::Export { output, .. } => self.jobs.push(JobStatus {
                id: self.jobs.len() as u64 + 1,
                title: "Exporting".into(),
                state: JobState::Running,
                progress: 0.3,
                rate: 48.0,
                time_left: Some(12.0),
                output,
                ..JobStatus::default()
            }),
            _ => {}
        }
    }
}

impl Fake {
    fn run_program(&mut self, what: Transport) {
        let mut deck = Deck::default();
        (deck.playhead, deck.playing, deck.speed, deck.range) = (self.playhead, self.playing, self.speed, self.looping);
        deck.viewer.dropped_frames = self.viewer.dropped_frames;
        run(&mut deck, what);
        (self.playhead, self.playing, self.speed, self.looping) = (deck.playhead, deck.playing, deck.speed, deck.range);
        self.viewer.dropped_frames = deck.viewer.dropped_frames;
    }

    pub fn open_source(&mut self, media: MediaId) {
        let Some(m) = self.project().media.get(&media).cloned() else { return };
        let project = Arc::new(source_project(media, &m, &self.project().sequence));
        let mut deck = Deck::default();
        deck.viewer.image = m.info.video.as_ref().map(|_| Rendered::Picture(landscape(media.0, 0.9, 960, 540)));
        deck.viewer.image_serial = media.0;
        deck.viewer.state = ViewState::UpToDate;
        self.source = Some(Source { media, project, deck });
    }
}

/// What a deck without a player makes of a wish.
fn run(deck: &mut Deck, what: Transport) {
    match what {
        Transport::Seek(f) | Transport::Scrub(f) => deck.playhead = f.max(0),
        Transport::Step(by) => deck.playhead = (deck.playhead + by).max(0),
        Transport::Play => deck.playing = true,
        Transport::Pause => deck.playing = false,
        Transport::TogglePlay => deck.playing = !deck.playing,
        Transport::Shuttle(speed) => (deck.playing, deck.speed) = (!speed.is_freeze(), speed),
        Transport::Loop(range) => deck.range = range,
        Transport::ResetDropped => deck.viewer.dropped_frames = 0,
    }
}

fn presets() -> Vec<Preset> {
    let row = |name: &str, title: &str, extension: &str, description: &str, available| Preset {
        name: name.into(),
        title: title.into(),
        extension: extension.into(),
        description: description.into(),
        container: Container::Mp4,
        video: None,
        audio: None,
        available,
    };
    vec![
        row("h264", "H.264", "mp4", "Plays everywhere: phones, browsers, televisions", true),
        row("hevc", "HEVC", "mp4", "Half the size of H.264; newer players", true),
        row("prores", "ProRes 422 HQ", "mov", "For further editing; large files", true),
        row("webm", "VP9 and Opus", "webm", "For the web, free of licences", true),
        row("av1", "AV1", "mkv", "Smallest files, slow to make", false),
        row("png", "PNG pictures", "", "One picture a frame, in a folder", true),
    ]
}
