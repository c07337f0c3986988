//! What is looked at before an export starts.

use super::{ExportError, ExportRequest};
use crate::{
    base::MediaId,
    engine::paths::Paths,
    media::{quick_stamp, stamp},
    model::{Media, Project, Rendition, TrackKind},
    plan::Choice,
};
use std::{
    collections::BTreeSet,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What to export, as it turned out to be there.
#[derive(Debug)]
pub(super) struct Checked {
    /// The frames.
    pub range: Range<i64>,
    pub choice: Choice,
    /// Files that are missing and replaced by proxies.
    pub stand_ins: Vec<PathBuf>,
}

/// The frames to export, after all that can be refused beforehand was.
pub(super) fn check(request: &ExportRequest) -> Result<Checked, ExportError> {
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
    let used: Vec<(MediaId, &Media)> = used(project, &range).into_iter().filter_map(|id| Some((id, &**project.media.get(&id)?))).collect();
    let (stand_ins, missing): (Vec<&Media>, Vec<&Media>) =
        used.iter().map(|(_, m)| *m).filter(|m| !m.file.path.is_file()).partition(|m| request.allow_proxies && has_proxy(m));
    let paths = |media: Vec<&Media>| media.iter().map(|m| m.file.path.clone()).collect();
    if !missing.is_empty() {
        return Err(ExportError::Offline(paths(missing)));
    }
    if request.preset.video.is_none() && !has_sound(project) {
        return Err(ExportError::NoSound);
    }
    // what was enlarged from another file than there is now shows something else
    let changed = used.iter().filter(|(_, m)| m.upscaled.is_some() && has_changed(m)).map(|(id, _)| *id).collect();
    let choice = Choice { changed: Arc::new(changed), ..Choice::default() };
    Ok(Checked { range, choice, stand_ins: paths(stand_ins) })
}

fn has_proxy(media: &Media) -> bool {
    media.usable(Rendition::Proxy).is_some_and(|v| v.path.is_file())
}

/// Whether a file that is there is no longer what the project remembers.
fn has_changed(media: &Media) -> bool {
    let was = media.file.stamp();
    let now = quick_stamp(&media.file.path).and_then(|now| if was.untouched(&now) { Ok(was) } else { stamp(&media.file.path) });
    now.is_ok_and(|now| !was.same_content(&now))
}

/// Whether any clip lies on an audio track.
pub(super) fn has_sound(project: &Project) -> bool {
    project.sequence.audio_tracks().any(|t| !t.clips.is_empty())
}

/// Names of the clips that are to be steadied and cannot be, since their media were not analysed.
pub(super) fn unsteadied(request: &ExportRequest, range: &Range<i64>) -> Vec<String> {
    let project = &*request.project;
    let mut paths = Paths::new(request.motions.clone());
    // those of nested sequences count wherever they lie
    let open = project.sequence.video_tracks().flat_map(|t| t.clips_in(range.start, range.end));
    let inner = project.others.values().flat_map(|s| s.video_tracks()).flat_map(|t| &t.clips);
    let mut names = Vec::new();
    for clip in open.chain(inner).filter(|c| c.enabled && c.steadied().is_some()) {
        let Some(media) = project.media_of(&clip.content).filter(|m| m.info.video.as_ref().is_some_and(|v| !v.still)) else { continue };
        if !media.file.hash.is_some_and(|hash| paths.knows(hash)) {
            names.push(if clip.name.is_empty() { media.name.clone() } else { clip.name.clone() });
        }
    }
    names.dedup();
    names
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
