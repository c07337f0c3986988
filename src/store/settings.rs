//! What a user set once for all projects.

use super::{Dirs, StoreError, write_atomic};
use ron::{Options, extensions::Extensions, ser::PrettyConfig};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, io, path::PathBuf};

/// Projects that the Open Recent menu remembers.
const MAX_RECENT: usize = 12;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    Dark,
    Light,
    /// As the desktop says.
    System,
}

/// What becomes of films that are heavy to cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProxyPolicy {
    /// Proxies are made where the user asks for them.
    Never,
    /// They are offered when such a film comes in.
    #[default]
    Ask,
    /// They are made when such a film comes in.
    Automatic,
}

/// How proxies are coded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProxyCodec {
    /// Quick to reach any picture, three times the size.
    #[default]
    Mjpeg,
    H264,
}

/// Settings of this user. Fields that a newer version wrote are ignored, missing ones are as usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// Size of text and controls, 1 = as the screen says.
    pub ui_scale: f32,
    /// Language tag such as `de`; None = as the desktop says.
    pub language: Option<String>,
    /// The viewer draws 1/n of the sequence's width and height: 1, 2 or 4; 0 = as quick as the machine is.
    pub preview_divisor: u32,
    /// Short pieces of sound are heard while scrubbing.
    pub scrub_sound: bool,
    /// Moving things catch on cuts and markers in a new window.
    pub snapping: bool,
    /// Memory for the viewers' finished pictures, in MiB.
    pub frame_cache_mib: u32,
    /// The viewers show proxies where media have them.
    pub use_proxies: bool,
    pub proxy_policy: ProxyPolicy,
    pub proxy_codec: ProxyCodec,
    /// How the timeline follows the playhead, as the window names it; None = as usual.
    pub follow: Option<String>,
    /// Length of a new transition in tenths of a second.
    pub transition_tenths: i64,
    /// Room on the disk for what can be made again (proxies, upscaled and stabilised pictures), in GiB.
    pub disk_cache_gib: u32,
    /// Address of a recogniser of speech with OpenAI's interface; None = this machine recognises.
    pub speech_server: Option<String>,
    /// Name of the model with which this machine recognises speech; None = the best that is here and fits.
    pub speech_model: Option<String>,
    /// Preset of the last export.
    pub export_preset: Option<String>,
    /// Folder of the last export.
    pub export_folder: Option<PathBuf>,
    /// Newest first.
    pub recent_projects: Vec<PathBuf>,
    /// Arrangement of the window's panels; RON that the window alone understands.
    pub layout: Option<String>,
    /// The user's own keys; RON that the window alone understands.
    pub keymap: Option<String>,
    /// What single panels remember (columns, sort order), by the panel's name; RON that the panel alone understands.
    pub panels: BTreeMap<String, String>,
}

/// One change of the settings. Changes, not whole settings, go to the disk, so that two windows keep each other's.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Theme(Theme),
    UiScale(f32),
    Language(Option<String>),
    PreviewDivisor(u32),
    ScrubSound(bool),
    Snapping(bool),
    FrameCacheMib(u32),
    UseProxies(bool),
    ProxyPolicy(ProxyPolicy),
    ProxyCodec(ProxyCodec),
    Follow(Option<String>),
    TransitionTenths(i64),
    DiskCacheGib(u32),
    SpeechServer(Option<String>),
    SpeechModel(Option<String>),
    ExportPreset(Option<String>),
    ExportFolder(Option<PathBuf>),
    /// Puts a project at the head of the recent ones.
    RecentProject(PathBuf),
    /// Takes a project that is no longer there off the list.
    ForgetProject(PathBuf),
    Layout(Option<String>),
    Keymap(Option<String>),
    /// None forgets what the panel remembered.
    Panel {
        name: String,
        state: Option<String>,
    },
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            ui_scale: 1.0,
            language: None,
            preview_divisor: 0,
            scrub_sound: true,
            snapping: true,
            frame_cache_mib: 512,
            use_proxies: true,
            proxy_policy: ProxyPolicy::default(),
            proxy_codec: ProxyCodec::default(),
            follow: None,
            transition_tenths: 10,
            disk_cache_gib: 20,
            speech_server: None,
            speech_model: None,
            export_preset: None,
            export_folder: None,
            recent_projects: Vec::new(),
            layout: None,
            keymap: None,
            panels: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Where the settings lie.
    pub fn file(dirs: &Dirs) -> PathBuf {
        dirs.config.join("settings.ron")
    }

    /// The settings in `dirs`; the usual ones where there are none yet.
    ///
    /// # Errors
    /// The file is there but cannot be read or understood. The caller says so and goes on with `Settings::default()`.
    pub fn load(dirs: &Dirs) -> Result<Self, StoreError> {
        let path = Self::file(dirs);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        let options = Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
        let settings: Self = options.from_str(&text).map_err(|e| {
            let at = e.span.start;
            StoreError::Malformed { path, line: at.line, column: at.col, what: e.code.to_string() }
        })?;
        Ok(settings.within_limits())
    }

    /// Saves the settings in `dirs`.
    ///
    /// # Errors
    /// The folder or the file cannot be written.
    pub fn save(&self, dirs: &Dirs) -> Result<(), StoreError> {
        dirs.create()?;
        let text = ron::ser::to_string_pretty(self, PrettyConfig::new().new_line("\n"))
            .map_err(|e| StoreError::Unwritable { what: e.to_string() })?;
        write_atomic(&Self::file(dirs), (text + "\n").as_bytes())
    }

    /// The settings after one change; values out of range are brought into it.
    #[must_use]
    pub fn with(mut self, change: Setting) -> Self {
        match change {
            Setting::Theme(v) => self.theme = v,
            Setting::UiScale(v) => self.ui_scale = v,
            Setting::Language(v) => self.language = v,
            Setting::PreviewDivisor(v) => self.preview_divisor = v,
            Setting::ScrubSound(v) => self.scrub_sound = v,
            Setting::Snapping(v) => self.snapping = v,
            Setting::FrameCacheMib(v) => self.frame_cache_mib = v,
            Setting::UseProxies(v) => self.use_proxies = v,
            Setting::ProxyPolicy(v) => self.proxy_policy = v,
            Setting::ProxyCodec(v) => self.proxy_codec = v,
            Setting::Follow(v) => self.follow = v,
            Setting::TransitionTenths(v) => self.transition_tenths = v,
            Setting::DiskCacheGib(v) => self.disk_cache_gib = v,
            Setting::SpeechServer(v) => self.speech_server = v.map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()),
            Setting::SpeechModel(v) => self.speech_model = v,
            Setting::ExportPreset(v) => self.export_preset = v,
            Setting::ExportFolder(v) => self.export_folder = v,
            Setting::RecentProject(path) => {
                self.recent_projects.retain(|p| *p != path);
                self.recent_projects.insert(0, path);
            }
            Setting::ForgetProject(path) => self.recent_projects.retain(|p| *p != path),
            Setting::Layout(v) => self.layout = v,
            Setting::Keymap(v) => self.keymap = v,
            Setting::Panel { name, state: Some(state) } => drop(self.panels.insert(name, state)),
            Setting::Panel { name, state: None } => drop(self.panels.remove(&name)),
        }
        self.within_limits()
    }

    /// Values that a hand wrote out of range would make the window unusable.
    fn within_limits(mut self) -> Self {
        self.ui_scale = if self.ui_scale.is_finite() { self.ui_scale.clamp(0.5, 3.0) } else { 1.0 };
        if !matches!(self.preview_divisor, 0 | 1 | 2 | 4) {
            self.preview_divisor = 0;
        }
        self.frame_cache_mib = self.frame_cache_mib.clamp(64, 65_536);
        self.transition_tenths = self.transition_tenths.clamp(1, 600);
        self.disk_cache_gib = self.disk_cache_gib.clamp(1, 65_536);
        self.recent_projects.truncate(MAX_RECENT);
        self
    }
}
