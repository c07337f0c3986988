//! What a user set once for all projects.

use super::{Dirs, StoreError, write_atomic};
use ron::{Options, extensions::Extensions, ser::PrettyConfig};
use serde::{Deserialize, Serialize};
use std::{
    io,
    path::{Path, PathBuf},
};

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

/// Settings of this user. Fields that a newer version wrote are ignored, missing ones are as usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// Size of text and controls, 1 = as the screen says.
    pub ui_scale: f32,
    /// The viewer draws 1/n of the sequence's width and height: 1, 2 or 4.
    pub preview_divisor: u32,
    /// Export with a hardware encoder where one was proven to work.
    pub hardware_encoding: bool,
    /// Memory for decoded pictures, in MiB.
    pub frame_cache_mib: u32,
    /// Preset of the last export.
    pub export_preset: Option<String>,
    /// Folder of the last export.
    pub export_folder: Option<PathBuf>,
    /// Newest first.
    pub recent_projects: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            ui_scale: 1.0,
            preview_divisor: 1,
            hardware_encoding: true,
            frame_cache_mib: 512,
            export_preset: None,
            export_folder: None,
            recent_projects: Vec::new(),
        }
    }
}

impl Settings {
    fn file(dirs: &Dirs) -> PathBuf {
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

    /// Puts a project at the head of the recent ones.
    pub fn remember(&mut self, project: &Path) {
        self.recent_projects.retain(|p| p != project);
        self.recent_projects.insert(0, project.to_owned());
        self.recent_projects.truncate(MAX_RECENT);
    }

    /// Values that a hand wrote out of range would make the window unusable.
    fn within_limits(mut self) -> Self {
        self.ui_scale = if self.ui_scale.is_finite() { self.ui_scale.clamp(0.5, 3.0) } else { 1.0 };
        if !matches!(self.preview_divisor, 1 | 2 | 4) {
            self.preview_divisor = 1;
        }
        self.frame_cache_mib = self.frame_cache_mib.clamp(64, 65_536);
        self.recent_projects.truncate(MAX_RECENT);
        self
    }
}
