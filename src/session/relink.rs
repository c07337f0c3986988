//! Missing files found again: one by one, or all that lie in a folder. Nothing here reads a file; the library does.

use super::{MediaState, Session};
use crate::{
    base::{
        MediaId, MediaInfo, Severity, Stamp, Trouble,
        words::{decimal, tr, tr_args},
    },
    edit::{EditCommand, MediaChange},
    engine::{FoundBy, PreviewCommand, Search, Task},
    model::{Media, MediaFile, Project},
};
use std::path::{Path, PathBuf};

/// A file that may take the place of one that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relink {
    pub media: MediaId,
    /// The media's name.
    pub name: String,
    pub old: PathBuf,
    pub new: PathBuf,
    /// How sure it is that they are the same.
    pub by: FoundBy,
    /// What the new file is.
    pub stamp: Stamp,
}

/// What a search for missing files came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relinks {
    pub folder: PathBuf,
    /// Not all has been looked at yet.
    pub searching: bool,
    pub found: Vec<Relink>,
    /// What is still missing.
    pub lost: Vec<Lost>,
}

/// A file that was not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    pub media: MediaId,
    pub old: PathBuf,
    /// There is a file of its name, but with other content.
    pub other_content: bool,
}

impl Relinks {
    /// `missing` says which media's files cannot be read.
    pub(super) fn of(project: &Project, folder: PathBuf, search: &Search, missing: impl Fn(&MediaId) -> bool) -> Self {
        let found = search.found.iter().filter_map(|hit| {
            let m = project.media.get(&hit.id)?;
            let (name, old) = (m.name.clone(), m.file.path.clone());
            Some(Relink { media: hit.id, name, old, new: hit.path.clone(), by: hit.by, stamp: hit.stamp })
        });
        let found: Vec<Relink> = found.collect();
        let lost = project.media.iter().filter(|(id, _)| missing(id) && !found.iter().any(|r| r.media == **id));
        let lost = lost.map(|(id, m)| Lost { media: *id, old: m.file.path.clone(), other_content: search.other_content.contains(id) });
        Self { folder, searching: false, lost: lost.collect(), found }
    }
}

impl Relink {
    /// The edit; None where the media is no more.
    pub(super) fn command(&self, project: &Project) -> Option<EditCommand> {
        let info = Box::new(project.media.get(&self.media)?.info.clone());
        let file = MediaFile::new(&self.new, self.stamp);
        Some(EditCommand::SetMedia { id: self.media, change: MediaChange::File { file, info } })
    }
}

/// Lengths that differ by less are the same: containers round differently.
const SAME_LENGTH_SECS: f64 = 0.05;

impl Session {
    /// Let another file take the place of a media's; its clips stay.
    pub(super) fn relink(&mut self, id: MediaId, path: PathBuf) {
        if self.project().media.contains_key(&id) {
            self.library.ask(Task::Relink { id, path });
        }
    }

    /// Search a folder for every file that cannot be read; what is found waits for the user's word.
    pub(super) fn search_missing(&mut self, folder: PathBuf) {
        let offline = self.project().media.iter().filter(|(id, _)| matches!(self.bin.state(**id), MediaState::Offline(_)));
        let wanted: Vec<_> = offline.map(|(id, m)| (*id, m.file.clone())).collect();
        if wanted.is_empty() {
            self.tell(Severity::Warning, tr("bin-told-nothing-missing"), None);
        } else {
            self.relinks = Some(Relinks { folder: folder.clone(), searching: true, ..Relinks::default() });
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
            self.proxy_after_reading(id);
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

    pub(super) fn on_searched(&mut self, folder: PathBuf, search: &Search) {
        // the search was given up, or another one is meant
        if self.relinks.as_ref().is_some_and(|r| r.searching && r.folder == folder) {
            let offline = |id: &MediaId| matches!(self.bin.state(*id), MediaState::Offline(_));
            self.relinks = Some(Relinks::of(self.project(), folder, search, offline));
        }
    }

    /// What was found for missing files, until the user says what of it to take.
    pub fn relinks(&self) -> Option<&Relinks> {
        self.relinks.as_ref()
    }

    pub(super) fn close_relinks(&mut self) {
        self.relinks = None;
    }

    /// Let files that were found take the places of these, as one step.
    pub(super) fn apply_relinks(&mut self, chosen: &[MediaId]) {
        let Some(relinks) = self.relinks.take() else { return };
        let rows: Vec<&Relink> = relinks.found.iter().filter(|r| chosen.contains(&r.media)).collect();
        let project = self.project().clone();
        let commands: Vec<_> = rows.iter().filter_map(|r| r.command(&project)).collect();
        let linked = commands.len();
        if linked == 0 || !self.edit_told(&EditCommand::Batch(commands)) {
            return;
        }
        for row in rows {
            self.bin.came_back(row.media);
            self.preview.send(PreviewCommand::Reopen(row.media));
        }
        let missing = project.media.keys().filter(|id| matches!(self.bin.state(**id), MediaState::Offline(_))).count();
        match missing {
            0 => self.good_news(tr_args("bin-told-found", &[("n", linked.into())])),
            m => self.tell(Severity::Warning, tr_args("bin-told-found-some", &[("n", linked.into()), ("missing", m.into())]), None),
        }
    }

    /// Show where a media's file lies.
    pub(super) fn reveal_media(&mut self, id: MediaId) {
        let Some(folder) = self.project().media.get(&id).and_then(|m| m.file.path.parent()).map(Path::to_path_buf) else { return };
        self.reveal(folder);
    }

    /// Show a folder in the desktop's file manager.
    pub(super) fn reveal(&mut self, folder: PathBuf) {
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
            let (new, old) = (super::view::rate_text(b.frame_rate), super::view::rate_text(a.frame_rate));
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
