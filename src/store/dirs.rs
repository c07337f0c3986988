//! Where the program keeps what is its own.

use super::StoreError;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Folders of this user, by the rules of the platform (XDG on Linux). `MONTAGE_AI_HOME` puts all three under one folder,
/// for tests and portable use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// What can be made again: peaks, thumbnails, indices, sample media.
    pub cache: PathBuf,
    /// What cannot: recovery files, models.
    pub data: PathBuf,
    /// Settings.
    pub config: PathBuf,
}

impl Dirs {
    /// The folders of this environment; they may not exist yet.
    pub fn find() -> Self {
        if let Some(home) = std::env::var_os("MONTAGE_AI_HOME").filter(|h| !h.is_empty()) {
            return Self::at(Path::new(&home));
        }
        match directories::ProjectDirs::from("", "", "montage-ai") {
            Some(d) => Self { cache: d.cache_dir().into(), data: d.data_dir().into(), config: d.config_dir().into() },
            // A user without a home (a service): at least within one boot.
            None => Self::at(&std::env::temp_dir().join("montage-ai")),
        }
    }

    /// All three under one folder.
    pub fn at(home: &Path) -> Self {
        Self { cache: home.join("cache"), data: home.join("data"), config: home.join("config") }
    }

    /// Makes sure that the folders are there.
    ///
    /// # Errors
    /// One cannot be made.
    pub fn create(&self) -> Result<(), StoreError> {
        [&self.cache, &self.data, &self.config]
            .into_iter()
            .try_for_each(|d| fs::create_dir_all(d).map_err(|source| StoreError::Write { path: d.clone(), source }))
    }
}
