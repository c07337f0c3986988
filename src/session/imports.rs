//! Bringing files in while the window goes on: what runs, how far it is, and how results become few edits of one undo step.

use super::{Command, Notice, Session};
use crate::{
    base::{
        MediaId, Severity, Trouble,
        words::{tr, tr_args},
    },
    edit::EditCommand,
    engine::{ImportNews, ImportRequest, Task},
    model::Media,
};
use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// Results wait this long for company: each batch copies the list of media and redraws the window.
const BATCH_PAUSE: Duration = Duration::from_millis(250);
/// Failures that get a message each; more become one.
const TOLD_ONE_BY_ONE: usize = 3;
/// An import of this many files says when it is done.
const WORTH_TELLING: usize = 20;

/// How far the running imports are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Files examined so far.
    pub done: usize,
    /// Files to examine; None while folders are still being walked.
    pub total: Option<usize>,
}

#[derive(Default)]
struct Running {
    cancel: Arc<AtomicBool>,
    total: Option<usize>,
    done: usize,
    added: Vec<MediaId>,
    known: Vec<PathBuf>,
    skipped: usize,
    failed: Vec<Trouble>,
    /// By place in the list; not in the document yet.
    arrived: BTreeMap<usize, Media>,
}

impl Running {
    fn is_over(&self) -> bool {
        self.total.is_some_and(|t| self.done >= t)
    }
}

/// The running imports.
#[derive(Default)]
pub(super) struct Imports {
    running: BTreeMap<u64, Running>,
    last_serial: u64,
    last_batch: Option<Instant>,
    /// Revision of the document that the last batch left, and its import.
    left: Option<(u64, u64)>,
    /// Projects that are being opened: what is asked for meanwhile belongs to them.
    opening: u32,
    /// Files and folder of imports that wait for a project.
    waiting: Vec<(Vec<PathBuf>, String)>,
}

impl Imports {
    /// Sum over all that run; None while none does.
    pub fn progress(&self) -> Option<ImportProgress> {
        if self.running.is_empty() {
            return None;
        }
        let total = self.running.values().map(|r| r.total).sum::<Option<usize>>();
        Some(ImportProgress { done: self.running.values().map(|r| r.done).sum(), total })
    }

    /// Give up what is not there yet.
    pub fn drop_all(&mut self) {
        for r in std::mem::take(&mut self.running).into_values() {
            r.cancel.store(true, Ordering::Relaxed);
        }
        self.left = None;
    }
}

impl Drop for Imports {
    fn drop(&mut self) {
        self.drop_all();
    }
}

impl Session {
    /// Files and folders into a folder of the bin; a project file opens.
    pub(super) fn import(&mut self, paths: Vec<PathBuf>, folder: String) {
        let (projects, paths): (Vec<_>, Vec<_>) = paths.into_iter().partition(|p| super::batch::is_project(p));
        if let Some(project) = projects.into_iter().next() {
            self.open(project);
        }
        if paths.is_empty() {
            return;
        }
        if self.imports.opening > 0 {
            self.imports.waiting.push((paths, folder));
            return;
        }
        self.imports.last_serial += 1;
        let serial = self.imports.last_serial;
        let running = Running::default();
        let cancel = running.cancel.clone();
        self.imports.running.insert(serial, running);
        self.library.ask(Task::Import(ImportRequest { serial, paths, folder, known: self.known_files(), cancel }));
    }

    /// A project is being opened.
    pub(super) fn hold_imports(&mut self) {
        self.imports.opening += 1;
    }

    /// A project has been opened, or not: imports that waited for it go on.
    pub(super) fn release_imports(&mut self) {
        self.imports.opening = self.imports.opening.saturating_sub(1);
        if self.imports.opening == 0 {
            for (paths, folder) in std::mem::take(&mut self.imports.waiting) {
                self.import(paths, folder);
            }
        }
    }

    fn known_files(&self) -> HashSet<PathBuf> {
        self.project().media.values().map(|m| m.file.path.clone()).collect()
    }

    /// How far the running imports are; None while none runs.
    pub fn import_progress(&self) -> Option<ImportProgress> {
        self.imports.progress()
    }

    /// Stop importing; what has arrived stays.
    pub(super) fn cancel_imports(&mut self) {
        let Some(progress) = self.imports.progress() else { return };
        self.deliver_imports(true);
        self.imports.drop_all();
        let text = match progress.total {
            None => tr("bin-told-import-stopped"),
            Some(total) => tr_args("bin-told-import-stopped-at", &[("n", progress.done.into()), ("all", total.into())]),
        };
        self.tell(Severity::Warning, text, None);
    }

    /// Undo would take back what an import is still adding to: then the rest is not wanted either.
    pub(super) fn undoes_import(&self) -> bool {
        self.imports
            .left
            .is_some_and(|(revision, serial)| revision == self.history.revision() && self.imports.running.contains_key(&serial))
    }

    pub(super) fn on_import(&mut self, serial: u64, news: ImportNews) {
        // what was cancelled or belongs to another document is not there any more
        let Some(running) = self.imports.running.get_mut(&serial) else { return };
        match news {
            ImportNews::Listed { files, known, skipped } => {
                (running.total, running.known, running.skipped) = (Some(files), known, skipped);
            }
            ImportNews::Probed { index, path, folder, info } => {
                running.done += 1;
                match info {
                    Ok((info, stamp)) => {
                        let media = Media { folder, ..super::files::media_entry(path, *info, stamp) };
                        running.arrived.insert(index, media);
                    }
                    Err(t) => running.failed.push(t),
                }
            }
        }
    }

    /// Put what has arrived into the document, a batch at a time; all of it where `now`. Waits for the end of a drag, of
    /// which it would become a part.
    pub(super) fn deliver_imports(&mut self, now: bool) {
        if self.imports.running.is_empty() || self.history.in_gesture() {
            return;
        }
        // another window may have taken the document meanwhile
        if self.refuses(&Command::CancelImport) {
            self.imports.drop_all();
            return;
        }
        let due = now || self.imports.last_batch.is_none_or(|t| t.elapsed() >= BATCH_PAUSE);
        let serials: Vec<u64> = self.imports.running.keys().copied().collect();
        for serial in serials {
            let Some(running) = self.imports.running.get_mut(&serial) else { continue };
            let over = running.is_over();
            if !over && (!due || running.arrived.is_empty()) {
                continue;
            }
            let media: Vec<Media> = std::mem::take(&mut running.arrived).into_values().collect();
            let added = self.add_media(serial, media);
            if let Some(running) = self.imports.running.get_mut(&serial) {
                running.added.extend(added);
            }
            if over && let Some(mut running) = self.imports.running.remove(&serial) {
                let added = std::mem::take(&mut running.added);
                self.tell_import(running, added.len());
                self.consider_proxies(added);
            }
        }
    }

    /// One edit, which joins the undo step of the same import's earlier ones where nothing came in between. Gives the new media.
    fn add_media(&mut self, serial: u64, media: Vec<Media>) -> Vec<MediaId> {
        if media.is_empty() {
            return Vec::new();
        }
        self.imports.last_batch = Some(Instant::now());
        // two imports may have been asked for the same file before either had it
        let known = self.known_files();
        let mut ids = self.fresh_ids();
        let (mut commands, mut added) = (Vec::with_capacity(media.len()), Vec::with_capacity(media.len()));
        for media in media.into_iter().filter(|m| !known.contains(&m.file.path)) {
            let Some(id) = ids.next().map(MediaId) else { break };
            self.bin.expect_online(id, &media);
            commands.push(EditCommand::AddMedia { id, media });
            added.push(id);
        }
        let since = self.imports.left.filter(|(_, s)| *s == serial).map(|(revision, _)| revision);
        if !added.is_empty() {
            self.edit_joined(&EditCommand::Batch(commands), since);
            self.imports.left = Some((self.history.revision(), serial));
        }
        added
    }

    fn tell_import(&mut self, import: Running, added: usize) {
        let Running { known, skipped, failed, total, .. } = import;
        if failed.len() > TOLD_ONE_BY_ONE {
            let first = failed.first().map(|t| t.text.clone()).unwrap_or_default();
            let (n, all) = (failed.len(), total.unwrap_or(failed.len()));
            let text = tr_args("bin-told-import-failed", &[("n", n.into()), ("all", all.into()), ("first", first.into())]);
            self.tell(Severity::Failure, text, Some(tr("bin-told-import-failed-hint")));
        } else {
            for t in failed {
                self.tell(Severity::Failure, t.text, t.hint);
            }
        }
        if known.is_empty() && skipped == 0 && added < WORTH_TELLING {
            return;
        }
        let mut parts = Vec::new();
        if added > 0 {
            parts.push(tr_args("bin-told-imported", &[("n", added.into())]));
        }
        if let Some(first) = known.first() {
            parts.push(tr_args("bin-told-known", &[("n", known.len().into()), ("name", name_of(first).into())]));
        }
        if skipped > 0 {
            parts.push(tr_args("bin-told-skipped", &[("n", skipped.into())]));
        }
        if parts.is_empty() {
            parts.push(tr("bin-told-no-media"));
        }
        self.notices.push(Notice { severity: Severity::Warning, good: added > 0, text: parts.join("; "), hint: None });
    }
}

fn name_of(path: &std::path::Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}
