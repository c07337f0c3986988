//! Missing files found again: one by one, or all that lie in a folder. Nothing here reads a file; the library does.

use super::{MediaState, Session};
use crate::{
    base::{
        MediaId, MediaInfo, Severity, Stamp, Trouble,
        words::{decimal, tr, tr_args},
    },
    edit::{EditCommand, MediaChange},
    engine::{PreviewCommand, Search, Task},
    model::{Media, MediaFile},
};
use std::path::{Path, PathBuf};

/// Lengths that differ by less are the same: containers round differently.
const SAME_LENGTH_SECS: f64 = 0.05;

impl Session {
    /// Let another file take the place of a media's; its clips stay.
    pub(super) fn relink(&mut self, id: MediaId, path: PathBuf) {
        if self.project().media.contains_key(&id) {
            self.library.ask(Task::Relink { id, path });
        }
    }

    /// Search a folder for every file that cannot be read.
    pub(super) fn relink_folder(&mut self, folder: PathBuf) {
        let offline = self.project().media.iter().filter(|(id, _)| matches!(self.bin.state(**id), MediaState::Offline(_)));
        let wanted: Vec<_> = offline.map(|(id, m)| (*id, m.file.clone())).collect();
        if wanted.is_empty() {
            self.tell(Severity::Warning, tr("bin-told-nothing-missing"), None);
        } else {
            self.library.ask(Task::Search { folder, wanted });
        }
    }

    pub(super) fn on_relinked(&mut self, id: MediaId, path: PathBuf, info: Result<(MediaInfo, Stamp), Trouble>) {
        let Some(media) = self.project().media.get(&id).cloned() else { return };
        let (info, stamp) = match info {
            Ok(found) => found,
            Err(t) => return self.tell(Severity::Failure, t.text, t.hint),
        };
        let differences = differences(&media, &info);
        let file = MediaFile::new(path, stamp);
        let (name, same_place) = (media.name.clone(), file.path == media.file.path);
        if self.edit_told(&EditCommand::SetMedia { id, change: MediaChange::File { file, info: Box::new(info) } }) {
            if same_place {
                self.bin.came_back(id);
                self.preview.send(PreviewCommand::Reopen(id));
            }
            self.choose_files();
            let text = tr_args("bin-told-relinked", &[("name", name.into())]);
            match differences.is_empty() {
                true => self.good_news(text),
                false => {
                    let text = format!("{text}: {}", differences.join(", "));
                    self.tell(Severity::Warning, text, Some(tr("bin-told-relinked-hint")));
                }
            }
        }
    }

    pub(super) fn on_searched(&mut self, folder: &Path, search: Search) {
        let project = self.project().clone();
        let found = search.found.iter().filter_map(|(id, path, stamp)| Some((id, path, stamp, project.media.get(id)?)));
        let commands: Vec<_> = found
            .map(|(id, path, stamp, media)| {
                let file = MediaFile::new(path, *stamp);
                EditCommand::SetMedia { id: *id, change: MediaChange::File { file, info: Box::new(media.info.clone()) } }
            })
            .collect();
        let linked = commands.len();
        if linked > 0 && !self.edit_told(&EditCommand::Batch(commands)) {
            return;
        }
        for (id, ..) in &search.found {
            self.bin.came_back(*id);
            self.preview.send(PreviewCommand::Reopen(*id));
        }
        let other_content = search.other_content.len();
        let hint = (other_content > 0).then(|| tr_args("bin-told-other-content", &[("n", other_content.into())]));
        let missing = project.media.keys().filter(|id| matches!(self.bin.state(**id), MediaState::Offline(_))).count();
        match (linked, missing) {
            (0, _) => {
                let folder = folder.display().to_string();
                self.tell(Severity::Warning, tr_args("bin-told-none-found", &[("folder", folder.into())]), hint);
            }
            (n, 0) => self.good_news(tr_args("bin-told-found", &[("n", n.into())])),
            (n, m) => self.tell(Severity::Warning, tr_args("bin-told-found-some", &[("n", n.into()), ("missing", m.into())]), hint),
        }
    }

    /// Show where a media's file lies.
    pub(super) fn reveal_media(&mut self, id: MediaId) {
        let Some(folder) = self.project().media.get(&id).and_then(|m| m.file.path.parent()).map(Path::to_path_buf) else { return };
        if let Err(e) = open::that_detached(&folder) {
            let (why, folder) = (e.to_string(), folder.display().to_string());
            self.tell(Severity::Failure, tr_args("bin-told-not-shown", &[("why", why.into()), ("folder", folder.into())]), None);
        }
    }
}

/// In what another file is unlike the one that a media has, as far as clips notice.
fn differences(media: &Media, new: &MediaInfo) -> Vec<String> {
    let mut differences = Vec::new();
    let old = &media.info;
    let still = |i: &MediaInfo| i.video.as_ref().is_some_and(|v| v.still);
    let shorter = (old.duration - new.duration).as_secs_f64();
    if shorter > SAME_LENGTH_SECS && !still(new) {
        differences.push(tr_args("bin-told-shorter", &[("secs", decimal(shorter, 1).into())]));
    }
    match (&old.video, &new.video) {
        (Some(_), None) => differences.push(tr("bin-told-no-picture")),
        (Some(a), Some(b)) if a.frame_rate != b.frame_rate && !a.still && !b.still => {
            let (new, old) = (super::rate_text(b.frame_rate), super::rate_text(a.frame_rate));
            differences.push(tr_args("bin-told-other-rate", &[("new", new.into()), ("old", old.into())]));
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (&old.video, &new.video)
        && a.display_size() != b.display_size()
    {
        let (w, h) = b.display_size();
        differences.push(tr_args("bin-told-other-frame-size", &[("size", format!("{w}×{h}").into())]));
    }
    if old.audio.is_some() && new.audio.is_none() {
        differences.push(tr("bin-told-no-sound"));
    }
    differences
}
