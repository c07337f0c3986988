//! What is looked at before an export starts.

use super::{ExportError, ExportRequest};
use crate::{
    base::MediaId,
    model::{Project, TrackKind},
};
use std::{
    collections::BTreeSet,
    ops::Range,
    path::{Path, PathBuf},
};

/// The frames to export, after all that can be refused beforehand was.
pub(super) fn check(request: &ExportRequest) -> Result<Range<i64>, ExportError> {
    let project = &*request.project;
    if let Some(problem) = project.validate().into_iter().next() {
        return Err(ExportError::Broken(problem.to_string()));
    }
    let end = project.sequence.duration();
    if end == 0 {
        return Err(ExportError::Empty);
    }
    let (from, to) = request.range.unwrap_or((0, end));
    let range = from.max(0)..to.min(end);
    if range.is_empty() {
        return Err(ExportError::BadRange { from, to });
    }
    if let Some(file) = project.media.values().map(|m| &m.file.path).find(|p| same_file(&request.output, p)) {
        return Err(ExportError::OverInput(file.clone()));
    }
    let missing: Vec<PathBuf> =
        used(project, &range).iter().filter_map(|id| project.media.get(id)).map(|m| m.file.path.clone()).filter(|p| !p.is_file()).collect();
    if !missing.is_empty() {
        return Err(ExportError::Offline(missing));
    }
    if request.preset.video.is_none() && !has_sound(project) {
        return Err(ExportError::NoSound);
    }
    Ok(range)
}

/// Whether any clip lies on an audio track.
pub(super) fn has_sound(project: &Project) -> bool {
    project.sequence.audio_tracks().any(|t| !t.clips.is_empty())
}

/// Media of the enabled clips that are shown or heard within the range.
fn used(project: &Project, range: &Range<i64>) -> BTreeSet<MediaId> {
    let tracks = project.sequence.tracks.iter().filter(|t| !t.muted);
    let any_solo = project.sequence.audio_tracks().any(|t| t.solo);
    tracks
        .filter(|t| t.kind == TrackKind::Video || !any_solo || t.solo)
        .flat_map(|t| t.clips_in(range.start, range.end))
        .filter(|c| c.enabled)
        .filter_map(|c| c.media())
        .collect()
}

/// Whether both names lead to one file, through links and other spellings too. A file that is not there is no other's.
fn same_file(a: &Path, b: &Path) -> bool {
    if a == b {
        return true;
    }
    #[cfg(unix)]
    if let (Ok(a), Ok(b)) = (std::fs::metadata(a), std::fs::metadata(b)) {
        use std::os::unix::fs::MetadataExt;
        return (a.dev(), a.ino()) == (b.dev(), b.ino());
    }
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
