//! What an export does with the captions of a film: into the picture, into a stream of their own, or nothing.

use super::{ExportError, ExportRequest};
use crate::{
    base::Time,
    media::encode::{Container, TextTrack, TimedText},
    model::{Project, Sequence},
};
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::Arc};

/// Where captions go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaptionsTo {
    /// Into the picture where the project says so, else nowhere.
    #[default]
    Project,
    /// Into the picture.
    Burn,
    /// Into a stream of text that players can switch on: MP4, MOV and Matroska.
    Mux,
    /// Into a file beside the film; whoever asks for the export writes it.
    Sidecar,
    None,
}

impl CaptionsTo {
    /// The film with its captions in the picture, or without.
    pub(super) fn apply(self, project: &Arc<Project>) -> Arc<Project> {
        let burn = match self {
            Self::Project => return project.clone(),
            Self::Burn => true,
            Self::Mux | Self::Sidecar | Self::None => false,
        };
        let mut changed = project.clone();
        Arc::make_mut(&mut Arc::make_mut(&mut changed).sequence).burn_captions = burn;
        changed
    }
}

/// The captions that stand in a part of the film, in its time. None where the export wants no stream, or there are none.
///
/// # Errors
/// Such a file cannot have one.
pub(super) fn track(request: &ExportRequest, range: &Range<i64>, container: Container) -> Result<Option<TextTrack>, ExportError> {
    if request.captions != CaptionsTo::Mux {
        return Ok(None);
    }
    if !container.takes_text() {
        return Err(ExportError::NoTextTrack(container.name()));
    }
    let s = &request.project.sequence;
    let captions = captions_within(s, range);
    Ok((!captions.is_empty()).then(|| TextTrack { language: s.caption_language.clone(), captions }))
}

/// The captions that stand in these frames, or in all, with times from the first of them.
pub fn captions_within(s: &Sequence, range: &Range<i64>) -> Vec<TimedText> {
    let at = |frame: i64| Time::from_frames(frame.clamp(range.start, range.end) - range.start, s.frame_rate);
    let shown = s.captions.iter().filter(|c| c.start < range.end && c.end() > range.start);
    shown.map(|c| TimedText { start: at(c.start), end: at(c.end()), text: c.text.clone() }).collect()
}
