//! The project file's own structure where it differs from the document in memory: version, media as a list, their paths.

use super::paths::StoredPath;
use crate::{
    base::{ColorTags, ContentHash, MediaId, MediaInfo, Stamp},
    model::Sequence,
    speech::Transcript,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Version of the project file that this program writes, and the newest it reads.
pub const VERSION: u32 = 6;

/// A project file. Written by hand in `write`, read through this.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredProject {
    pub version: u32,
    #[serde(default)]
    pub name: String,
    /// A list, not a map: a merge that brings the same id twice is then seen, not silently halved.
    #[serde(default)]
    pub media: Vec<StoredMedia>,
    #[serde(default)]
    pub folders: Vec<String>,
    pub sequence: Arc<Sequence>,
    /// A list for the same reason as `media`.
    #[serde(default)]
    pub others: Vec<Arc<Sequence>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredMedia {
    pub id: MediaId,
    #[serde(default)]
    pub name: String,
    pub file: StoredFile,
    pub info: MediaInfo,
    #[serde(default)]
    pub folder: String,
    #[serde(default)]
    pub color_override: Option<ColorTags>,
    #[serde(default)]
    pub proxy: Option<StoredVariant>,
    #[serde(default)]
    pub upscaled: Option<StoredVariant>,
    #[serde(default)]
    pub transcript: Option<Arc<Transcript>>,
}

/// A file that was made from a media's own.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredVariant {
    pub file: StoredFile,
    #[serde(default)]
    pub of: Stamp,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub recipe: String,
    pub info: MediaInfo,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoredFile {
    /// As seen from the project's folder; absolute where they have nothing in common.
    pub path: StoredPath,
    /// The absolute path as well, for files outside the project's folder: tried second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absolute: Option<StoredPath>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub size: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub modified: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub hash: Option<ContentHash>,
}

fn is_default<T: Default + PartialEq>(v: &T) -> bool {
    *v == T::default()
}

/// Just the version, of a file whose rest may not be understood.
#[derive(Deserialize)]
pub(super) struct Header {
    pub version: u32,
}
