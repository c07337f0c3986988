//! The document: project, media, sequence, tracks, clips, transitions, markers. Plain data and its invariants.
//!
//! Positions and lengths on a timeline are whole frames of the sequence's rate; points inside media are exact [`Time`].
//! Tracks and clips are behind `Arc`, so that an edit copies one track's list and one clip, and undo keeps the old
//! values for nothing. Everything serialises to the RON project file; `store` adds the file's version and layout.

mod clip;
#[cfg(test)]
pub(crate) mod fixture;
mod media;
mod sequence;
mod terse;
mod validate;

pub use clip::{Blend, Clip, ClipContent, Crop, Fit, Speed, TextAlign, TextStyle, Title, Transform, db_to_gain};
pub use media::{Media, MediaFile};
pub use sequence::{Marker, Sequence, Track, TrackKind, Transition, TransitionKind};
pub use validate::{MAX_FRAME, MAX_ID, MAX_POSITION_PX, MAX_SIDE_PX, Problem};

use crate::base::{MediaId, SequenceId, Time};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// One film: its media and its sequence.
///
/// `media` is ordered by id, which is the order of import; a merge of two branches' imports is then a plain text merge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    pub name: String,
    #[serde(default)]
    pub media: BTreeMap<MediaId, Arc<Media>>,
    pub sequence: Arc<Sequence>,
}

impl Project {
    /// An empty project with one video and one audio track.
    pub fn new(name: impl Into<String>, sequence: Sequence) -> Self {
        Self { name: name.into(), media: BTreeMap::new(), sequence: Arc::new(sequence) }
    }

    /// Media of a clip's content, None for titles, solids and dangling ids.
    pub fn media_of(&self, content: &ClipContent) -> Option<&Arc<Media>> {
        match content {
            ClipContent::Media { media, .. } => self.media.get(media),
            ClipContent::Title(_) | ClipContent::Solid { .. } => None,
        }
    }

    /// Length of the media behind a clip; None where it has no end (stills, titles, solids, unknown media).
    pub fn source_duration(&self, content: &ClipContent) -> Option<Time> {
        let m = self.media_of(content)?;
        if m.info.video.as_ref().is_some_and(|v| v.still) { None } else { Some(m.info.duration) }
    }

    /// Largest id in use anywhere, 0 for none: new ids start above it.
    pub fn max_id(&self) -> u64 {
        let s = &self.sequence;
        let media = self.media.keys().next_back().map_or(0, |m| m.0);
        s.tracks
            .iter()
            .flat_map(|t| std::iter::once(t.id.0).chain(t.clips.iter().map(|c| c.id.0)).chain(t.transitions.iter().map(|x| x.id.0)))
            .chain(s.markers.iter().map(|m| m.id.0))
            .chain([media, s.id.0])
            .max()
            .unwrap_or(0)
    }
}

/// The id of a project's first sequence.
pub const FIRST_SEQUENCE: SequenceId = SequenceId(1);
