//! Media of a project: where the file is and what it was when it was imported.

use crate::base::{ColorTags, MediaInfo};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A file as the project remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Absolute in memory; written relative to the project file where that is possible.
    pub path: PathBuf,
    /// Size in bytes when imported, to notice a changed file.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub size: u64,
}

fn is_zero(v: &u64) -> bool {
    *v == 0
}

/// One media of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Media {
    pub name: String,
    pub file: MediaFile,
    pub info: MediaInfo,
    /// Folder of the bin; empty = at the top. One of [`super::Project::folders`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// What the user says the colours are, where the file is wrong or silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color_override: Option<ColorTags>,
}
