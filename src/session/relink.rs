//! Missing files found again: one by one, or all that lie in a folder. Nothing here reads a file; the library does.

use super::{MediaState, Session};
use crate::{
    base::{MediaId, MediaInfo, Severity, Trouble},
    edit::{EditCommand, MediaChange},
    engine::{Search, Task},
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
        let wanted: Vec<_> = offline.map(|(id, m)| (*id, m.file.path.clone(), m.file.size)).collect();
        if wanted.is_empty() {
            self.tell(Severity::Warning, "every file of the project is there".into(), None);
        } else {
            self.library.ask(Task::Search { folder, wanted });
        }
    }

    pub(super) fn on_relinked(&mut self, id: MediaId, path: PathBuf, info: Result<(MediaInfo, u64), Trouble>) {
        let Some(media) = self.project().media.get(&id).cloned() else { return };
        let (info, size) = match info {
            Ok(found) => found,
            Err(t) => return self.tell(Severity::Failure, t.text, t.hint),
        };
        let differences = differences(&media, &info);
        let file = MediaFile { path, size };
        let name = media.name.clone();
        if self.edit_told(&EditCommand::SetMedia { id, change: MediaChange::File { file, info } }) {
            let text = format!("{name} is linked to another file");
            match differences.is_empty() {
                true => self.good_news(text),
                false => {
                    let text = format!("{text}: {}", differences.join(", "));
                    self.tell(Severity::Warning, text, Some("look at its clips; Undo takes the old file back".into()));
                }
            }
        }
    }

    pub(super) fn on_searched(&mut self, folder: &Path, search: Search) {
        let project = self.project().clone();
        let found = search.found.iter().filter_map(|(id, path, size)| Some((id, path, size, project.media.get(id)?)));
        let commands: Vec<_> = found
            .map(|(id, path, size, media)| {
                let file = MediaFile { path: path.clone(), size: *size };
                EditCommand::SetMedia { id: *id, change: MediaChange::File { file, info: media.info.clone() } }
            })
            .collect();
        let linked = commands.len();
        if linked > 0 && !self.edit_told(&EditCommand::Batch(commands)) {
            return;
        }
        let hint = match search.other_size.len() {
            0 => None,
            n => Some(format!("{} of the right name and another size: relink one by one", files(n))),
        };
        let missing = project.media.keys().filter(|id| matches!(self.bin.state(**id), MediaState::Offline(_))).count();
        match (linked, missing) {
            (0, _) => self.tell(Severity::Warning, format!("no missing file was found in {}", folder.display()), hint),
            (n, 0) => self.good_news(format!("{} found and linked again", files(n))),
            (n, m) => self.tell(Severity::Warning, format!("{} found and linked again, {m} still missing", files(n)), hint),
        }
    }

    /// Show where a media's file lies.
    pub(super) fn reveal_media(&mut self, id: MediaId) {
        let Some(folder) = self.project().media.get(&id).and_then(|m| m.file.path.parent()).map(Path::to_path_buf) else { return };
        if let Err(e) = open::that_detached(&folder) {
            self.tell(Severity::Failure, format!("the folder could not be shown ({e}): {}", folder.display()), None);
        }
    }
}

fn files(n: usize) -> String {
    if n == 1 { "1 file".into() } else { format!("{n} files") }
}

/// In what another file is unlike the one that a media has, as far as clips notice.
fn differences(media: &Media, new: &MediaInfo) -> Vec<String> {
    let mut differences = Vec::new();
    let old = &media.info;
    let still = |i: &MediaInfo| i.video.as_ref().is_some_and(|v| v.still);
    let shorter = (old.duration - new.duration).as_secs_f64();
    if shorter > SAME_LENGTH_SECS && !still(new) {
        differences.push(format!("it is {shorter:.1} s shorter"));
    }
    match (&old.video, &new.video) {
        (Some(_), None) => differences.push("it has no picture".into()),
        (Some(a), Some(b)) if a.frame_rate != b.frame_rate && !a.still && !b.still => {
            differences.push(format!(
                "it has {} frames per second, not {}",
                super::rate_text(b.frame_rate),
                super::rate_text(a.frame_rate)
            ));
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (&old.video, &new.video)
        && a.display_size() != b.display_size()
    {
        let (w, h) = b.display_size();
        differences.push(format!("its picture is {w}×{h}"));
    }
    if old.audio.is_some() && new.audio.is_none() {
        differences.push("it has no sound".into());
    }
    differences
}
