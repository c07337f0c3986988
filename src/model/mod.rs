//! The document: project, media, sequences, tracks, clips, effects, transitions, markers, captions. Plain data and its invariants.
//!
//! Positions and lengths on a timeline are whole frames of the sequence's rate; points inside media are exact [`Time`].
//! Tracks and clips are behind `Arc`, so that an edit copies one track's list and one clip, and undo keeps the old
//! values for nothing. Everything serialises to the RON project file; `store` adds the file's version and layout.

mod caption;
mod clip;
mod effect;
#[cfg(test)]
pub(crate) mod fixture;
mod keyframes;
mod media;
mod montage;
mod sequence;
mod stabilize;
mod terse;
mod validate;

pub use caption::{Caption, CaptionStyle, MAX_CAPTION_BYTES, caption_styles, is_language_tag};
pub use clip::{Blend, Clip, ClipContent, Crop, Fit, SOFT_SECS, Speed, TextAlign, TextStyle, Title, Transform, db_to_gain};
pub use effect::{Effect, EffectKind, MAX_EFFECTS};
pub use keyframes::{Animated, Blendable, Curve, Ease, Key, Keyframes};
pub use media::{Media, MediaFile, Rendition, Variant};
pub use montage::{Chosen, MAX_MONTAGE_TEXT, MAX_REASONS, Montage};
pub use sequence::{Marker, Sequence, Side, Track, TrackKind, Transition, TransitionKind};
pub use stabilize::{Border, MAX_READOUT_MS, MAX_STABILIZE_CROP, RollingShutter, Stabilize, StabilizeZoom};
pub use validate::{MAX_FRAME, MAX_ID, MAX_POSITION_PX, MAX_SIDE_PX, Problem, caption_problem, is_folder};

use crate::base::{MediaId, SequenceId, Time};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// One film: its media and its sequences.
///
/// `media` is ordered by id, which is the order of import; a merge of two branches' imports is then a plain text merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    pub name: String,
    #[serde(default)]
    pub media: BTreeMap<MediaId, Arc<Media>>,
    /// Folders of the media bin, `Day 1/Cam A`, those that hold nothing too. In order, each once; every folder above one in
    /// the list is in the list.
    #[serde(default)]
    pub folders: Vec<String>,
    /// The open sequence: what is edited, shown and exported.
    pub sequence: Arc<Sequence>,
    /// The other sequences, which clips may show.
    #[serde(default)]
    pub others: BTreeMap<SequenceId, Arc<Sequence>>,
}

impl Project {
    /// An empty project with one video and one audio track.
    pub fn new(name: impl Into<String>, sequence: Sequence) -> Self {
        Self { name: name.into(), media: BTreeMap::new(), folders: Vec::new(), sequence: Arc::new(sequence), others: BTreeMap::new() }
    }

    /// Media of a clip's content, None where it is none and for dangling ids.
    pub fn media_of(&self, content: &ClipContent) -> Option<&Arc<Media>> {
        match content {
            ClipContent::Media { media, .. } => self.media.get(media),
            _ => None,
        }
    }

    /// The sequence of that id, open or not.
    pub fn sequence_of(&self, id: SequenceId) -> Option<&Arc<Sequence>> {
        if self.sequence.id == id { Some(&self.sequence) } else { self.others.get(&id) }
    }

    /// All sequences, the open one first.
    pub fn sequences(&self) -> impl Iterator<Item = &Arc<Sequence>> {
        std::iter::once(&self.sequence).chain(self.others.values())
    }

    /// Whether sequence `outer` shows sequence `inner`, at any depth; a sequence shows itself.
    pub fn shows(&self, outer: SequenceId, inner: SequenceId) -> bool {
        let mut seen = BTreeSet::new();
        let mut todo = vec![outer];
        while let Some(id) = todo.pop() {
            if id == inner {
                return true;
            }
            if seen.insert(id)
                && let Some(s) = self.sequence_of(id)
            {
                todo.extend(s.tracks.iter().flat_map(|t| &t.clips).filter_map(|c| c.nested()));
            }
        }
        false
    }

    /// Length of what is behind a clip; None where it has no end (stills, titles, colours, unknown media).
    pub fn source_duration(&self, content: &ClipContent) -> Option<Time> {
        if let ClipContent::Sequence { sequence, .. } = content {
            return self.sequence_of(*sequence).map(|s| s.duration_time());
        }
        let m = self.media_of(content)?;
        if m.info.video.as_ref().is_some_and(|v| v.still) { None } else { Some(m.info.duration) }
    }

    /// Largest id in use anywhere, 0 for none: new ids start above it.
    pub fn max_id(&self) -> u64 {
        let media = self.media.keys().next_back().map_or(0, |m| m.0);
        self.sequences().map(|s| s.max_id()).max().unwrap_or(0).max(media)
    }
}

/// The id of a project's first sequence.
pub const FIRST_SEQUENCE: SequenceId = SequenceId(1);
