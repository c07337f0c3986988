//! What the automatic montage leaves in the document: of a sequence how it was asked for, of a clip why it is where it is. With it
//! single shots can be chosen anew, in another run of the program too.

use super::clip::is_default;
use crate::base::{Counting, MediaId, Time};
use serde::{Deserialize, Serialize};

/// Longest prompt and record of a montage, in bytes.
pub const MAX_MONTAGE_TEXT: usize = 20_000;
/// Reasons of one clip.
pub const MAX_REASONS: usize = 64;

/// How a sequence was planned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Montage {
    /// Name of the style that was asked for by name; empty where the prompt chose it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub style: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// What a language model made of the prompt, as it was taken; empty where none was asked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub record: String,
    /// In the order in which they were given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub footage: Vec<MediaId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub music: Option<MediaId>,
    /// Point of the music at frame 0.
    #[serde(skip_serializing_if = "is_default")]
    pub music_start: Time,
    /// How its beats were counted.
    #[serde(skip_serializing_if = "is_default")]
    pub counting: Counting,
    #[serde(skip_serializing_if = "is_default")]
    pub seed: u64,
}

/// Why a clip is where it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Chosen {
    /// What counted for and against it: (wish, points), the weightiest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<(String, f32)>,
    /// It stays when others are chosen anew.
    #[serde(skip_serializing_if = "is_default")]
    pub locked: bool,
    /// Shots that were here and were not wanted, each by a point within.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<(MediaId, Time)>,
}

impl Montage {
    pub(super) fn is_sound(&self) -> bool {
        let short = [&self.prompt, &self.record, &self.style].into_iter().all(|t| t.len() <= MAX_MONTAGE_TEXT);
        short && self.music_start >= Time::ZERO && self.counting.is_sound()
    }
}

impl Chosen {
    pub(super) fn is_sound(&self) -> bool {
        self.reasons.len() <= MAX_REASONS && self.reasons.iter().all(|(wish, points)| wish.len() <= 100 && points.is_finite())
    }
}
