//! Opening, saving, importing.

use super::{MediaState, Notice, Session};
use crate::{
    base::{
        MediaId, MediaInfo, Severity, Stamp, Trouble,
        words::{Said, say},
    },
    edit::{self, EditCommand},
    engine::{Found, Task},
    model::{Media, MediaFile, Project},
    store::{Access, Setting},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

impl Session {
    /// A new document in place of the old one; history starts anew.
    pub(super) fn replace(&mut self, project: Project, path: Option<PathBuf>, access: Access) {
        self.history.reset(Arc::new(project), path.clone(), true);
        self.saved_revision = Some(self.history.revision());
        self.settle(path, access);
    }

    /// What goes with every new document in the history.
    pub(super) fn settle(&mut self, path: Option<PathBuf>, access: Access) {
        self.imports.drop_all();
        self.close_source();
        self.sources.forget();
        self.silent.clear();
        self.bin.start_over();
        self.proxies.start_over();
        self.montages.start_over();
        self.relinks = None;
        self.program = self.program.reloaded();
        self.path = path;
        self.safety.access = access;
        self.refresh(false);
    }

    pub(super) fn open(&mut self, path: PathBuf) {
        let path = whole(path);
        self.safety.opening = self.history.revision();
        self.hold_imports();
        self.library.ask(Task::OpenProject { lock: !self.owns(&path), path });
    }

    pub(super) fn save(&mut self) {
        match self.path.clone() {
            Some(path) => self.save_as(path),
            None => self.say(Severity::Failure, &say!("session-no-file")),
        }
    }

    pub(super) fn save_as(&mut self, path: PathBuf) {
        let path = whole(path);
        let (project, revision, lock) = (self.history.current().clone(), self.history.revision(), !self.owns(&path));
        self.library.ask(Task::SaveProject { path, project, revision, lock });
    }

    pub(super) fn append(&mut self, media: &[MediaId]) {
        match append_command(self.project(), media) {
            Ok(command) => self.edit(&command, false),
            Err(e) => self.fail(&e),
        }
    }

    pub(super) fn on_found(&mut self, found: Found) {
        match found {
            Found::Import { serial, news } => self.on_import(serial, news),
            Found::Relinked { id, path, info } => self.on_relinked(id, path, info),
            Found::Searched { folder, search } => self.on_searched(folder, &search),
            Found::GivenUp { id, times } => self.bin.forget_thumbnails(id, self.history.current(), &times),
            Found::Checked { id, trouble, changed, lost } => {
                self.bin.checked(id, changed, lost);
                let state = trouble.map_or(MediaState::Online, MediaState::Offline);
                self.set_media_state(id, state);
                self.choose_files();
                if changed && self.project().media.get(&id).is_some_and(|m| m.proxy.is_some()) {
                    self.consider_proxies([id]);
                }
            }
            Found::Thumbnail { id, time, picture } => {
                if let Some(m) = self.history.current().media.get(&id) {
                    self.bin.set_thumbnail(id, m, time, picture);
                }
            }
            Found::Peaks { id, peaks } => self.bin.set_peaks(id, peaks),
            Found::Opened { path, project } => {
                self.on_opened(path, project);
                self.release_imports();
            }
            Found::Saved { path, revision, done } => match done {
                Ok(access) => {
                    self.good_news(say!("session-saved", path = path.display().to_string()).text());
                    self.saved_revision = Some(revision);
                    self.remember(&path);
                    self.history.saved(path.clone(), revision);
                    self.safety.access = self.access_after(&path, access);
                    self.path = Some(path);
                }
                Err(t) => self.tell(Severity::Failure, t.text, t.hint),
            },
        }
    }

    fn on_opened(&mut self, path: PathBuf, project: Result<(Project, Option<Access>), Trouble>) {
        match project {
            // what was begun (or recovered) since the wish has not been asked about
            Ok(_) if self.is_dirty() && self.history.revision() != self.safety.opening => {
                self.say(Severity::Warning, &say!("session-changed-meanwhile", path = path.display().to_string()));
            }
            Ok((project, access)) => {
                self.remember(&path);
                let access = self.access_after(&path, access);
                self.say_access(&path, &access);
                self.replace(project, Some(path), access);
            }
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }

    fn remember(&mut self, path: &Path) {
        self.settings.change(Setting::RecentProject(path.to_owned()));
    }

    pub(super) fn tell(&mut self, severity: Severity, text: String, hint: Option<String>) {
        self.notices.push(Notice { severity, good: false, text, hint });
    }

    /// The same from the language files.
    pub(super) fn say(&mut self, severity: Severity, said: &Said<'_>) {
        self.tell(severity, said.text(), said.hint());
    }
}

/// A path that means the same from any folder: a journal outlives the folder that the program was started in.
fn whole(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// A bin entry for a probed file, named after it.
pub(super) fn media_entry(path: PathBuf, info: MediaInfo, stamp: Stamp) -> Media {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    Media::new(name, MediaFile::new(path, stamp), info)
}

/// Puts media at the end of the timeline. An empty timeline first takes the format of the first picture.
///
/// # Errors
/// The picture's size cannot be a sequence's.
pub(super) fn append_command(project: &Project, media: &[MediaId]) -> Result<EditCommand, edit::EditError> {
    let s = &project.sequence;
    let first = media.iter().filter_map(|id| project.media.get(id)).find_map(|m| m.info.video.as_ref().filter(|v| !v.still));
    let Some(video) = first.filter(|_| s.duration() == 0) else { return Ok(edit::append_media(project, media)) };
    let (width, height) = video.display_size();
    // encoders want even sides
    let even = |v: u32| (v + v % 2).clamp(2, 16384);
    let format = EditCommand::SetFormat { width: even(width), height: even(height), frame_rate: video.frame_rate, color: s.color };
    let formatted = edit::apply(project, &format)?;
    Ok(EditCommand::Batch(vec![format, edit::append_media(&formatted, media)]))
}
