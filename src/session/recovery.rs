//! Unsaved work that a crash has left: found at the start, brought back by itself or offered, never thrown away unasked.

use super::{
    Notice, Session,
    safety::News,
    steps::{Replayed, replay},
};
use crate::{
    base::{
        Severity, Trouble,
        words::{say, tr, tr_args},
    },
    store::{self, Access, Dirs, Entry, Origin, Orphan, Recording, Unreadable},
};
use std::path::{Path, PathBuf};

/// Work that comes back by itself does so at most this often without being touched: something in it may be what crashes.
const TRIES: usize = 2;

/// Unsaved work of before a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recoverable {
    pub id: u64,
    /// Name of the project.
    pub name: String,
    /// Its file; None while it was never saved.
    pub document: Option<PathBuf>,
    /// Changes since it was saved.
    pub changes: usize,
    /// When the last of them was made, in this machine's time: `2026-11-25 22:50:49`.
    pub when: String,
}

/// What a dead process left.
pub(super) struct Left {
    pub entry: Recoverable,
    orphan: Box<Orphan>,
    /// It belongs to the project that the window was started with.
    wanted: bool,
    /// How often it came back without being touched.
    tries: usize,
}

/// What it was made of again.
pub(super) struct Restored {
    left: Left,
    replayed: Replayed,
    access: Option<Access>,
    /// The document's file has changed since.
    newer: bool,
}

/// Who wants it back.
pub(super) enum By {
    /// The start of the window, perhaps with a project.
    Start(Option<PathBuf>),
    User,
}

/// What dead processes left, less what was saved anyway; what cannot be read is put aside.
fn scan(dirs: &Dirs, wanted: Option<&Path>) -> (Vec<Left>, Vec<Trouble>) {
    let same = |a: &Path, b: &Path| a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b);
    let (mut left, mut troubles) = (Vec::new(), Vec::new());
    for (orphan, id) in store::orphans(dirs).into_iter().zip(1..) {
        match &orphan.recording {
            Ok(recording) => match unsaved(recording) {
                None => orphan.remove(),
                Some((document, changes)) => {
                    let wanted = matches!((&document, wanted), (Some(d), Some(w)) if same(d, w));
                    let tries = recording.entries.iter().rev().take_while(|e| **e == Entry::Resumed).count();
                    let (name, when) = (recording.origin.name.clone(), store::local_text(orphan.written));
                    let entry = Recoverable { id, name, document, changes, when };
                    left.push(Left { entry, orphan: Box::new(orphan), wanted, tries });
                }
            },
            // the newer program will want it
            Err(Unreadable::Newer) => {}
            Err(_) => troubles.push(hopeless(orphan, &tr("session-unrecovered-damaged"))),
        }
    }
    (left, troubles)
}

fn hopeless(orphan: Orphan, why: &str) -> Trouble {
    let place = orphan.set_aside();
    say!("session-unrecovered", why = why, place = place.display().to_string()).trouble()
}

/// The file of a recorded document and the number of changes that it does not hold; None where it holds all.
fn unsaved(recording: &Recording) -> Option<(Option<PathBuf>, usize)> {
    let Origin { document, saved, .. } = &recording.origin;
    let (mut document, mut saved, mut changes) = (document.clone(), *saved, 0);
    for entry in &recording.entries {
        match entry {
            Entry::Saved { document: d, behind } => {
                document = Some(d.clone());
                saved = !behind;
                changes = if *behind { changes } else { 0 };
            }
            Entry::Done(_) | Entry::Undone | Entry::Redone => (saved, changes) = (false, changes + 1),
            Entry::Joined(_) => saved = false,
            _ => {}
        }
    }
    let making = matches!(recording.entries.last(), Some(Entry::Draft(_)));
    (making || !saved).then_some((document, changes + usize::from(making)))
}

/// `own`: the file that this window has already.
fn restore(left: Left, own: Option<&Path>) -> Result<Restored, Trouble> {
    let replayed = match left.orphan.recording.as_ref().map(replay) {
        Ok(Ok(replayed)) => replayed,
        Ok(Err(e)) => return Err(hopeless(*left.orphan, &e.to_string())),
        Err(_) => return Err(hopeless(*left.orphan, &tr("session-unrecovered-damaged"))),
    };
    let written = left.orphan.written;
    let newer = |d: &PathBuf| std::fs::metadata(d).and_then(|m| m.modified()).is_ok_and(|t| t > written);
    let newer = replayed.document.as_ref().is_some_and(newer);
    let access = replayed.document.as_deref().filter(|d| Some(*d) != own).map(store::acquire);
    Ok(Restored { left, replayed, access, newer })
}

impl Session {
    /// Unsaved work of before a crash that is not in the window, newest first.
    pub fn recoverable(&self) -> &[Recoverable] {
        &self.safety.offered
    }

    pub(super) fn start(&mut self, path: Option<PathBuf>, recover: bool) {
        // files named beside a project belong into it, also where its unsaved work comes back first
        self.hold_imports();
        match (self.safety.dirs.clone(), path) {
            // opened once it is known whether there is unsaved work on it
            (Some(dirs), open) => self.safety.ask("recovery", move || {
                let (left, troubles) = scan(&dirs, open.as_deref());
                News::Scanned { left, open, recover, troubles }
            }),
            (None, path) => self.begin(path),
        }
    }

    /// The end of the start: nothing had to be brought back.
    fn begin(&mut self, path: Option<PathBuf>) {
        if let Some(path) = path {
            self.open(path);
        }
        self.release_imports();
    }

    pub(super) fn on_scanned(&mut self, mut left: Vec<Left>, open: Option<PathBuf>, recover: bool) {
        let first = left.iter().position(|l| recover && (l.wanted || open.is_none()) && l.tries < TRIES);
        let own = first.filter(|_| !self.is_dirty()).map(|i| left.remove(i));
        self.safety.offer(left);
        match own {
            Some(left) => self.restore(left, By::Start(open)),
            None => self.begin(open),
        }
    }

    pub(super) fn recover(&mut self, id: u64) {
        if let Some(left) = self.safety.withdraw(id) {
            self.restore(left, By::User);
        }
    }

    fn restore(&mut self, left: Left, by: By) {
        let own = self.path.clone().filter(|path| self.owns(path));
        self.safety.ask("recovery", move || News::Restored { restored: restore(left, own.as_deref()).map(Box::new), by });
    }

    pub(super) fn discard_recovery(&mut self, id: u64) {
        if let Some(left) = self.safety.withdraw(id) {
            // unlinking a file that is open here waits for nothing
            left.orphan.remove();
        }
    }

    pub(super) fn on_restored(&mut self, restored: Result<Box<Restored>, Trouble>, by: By) {
        match (restored, by) {
            // the user has begun something else while this was being read
            (Ok(r), By::Start(_)) if self.is_dirty() => {
                self.safety.offer(vec![r.left]);
                self.release_imports();
            }
            (Ok(r), By::Start(_)) => {
                self.take_over(*r);
                self.release_imports();
            }
            (Ok(r), By::User) => self.take_over(*r),
            (Err(t), by) => {
                self.tell(Severity::Failure, t.text, t.hint);
                if let By::Start(path) = by {
                    self.begin(path);
                }
            }
        }
    }

    fn take_over(&mut self, restored: Restored) {
        let Restored { left, replayed, access, newer } = restored;
        let name = replayed.history.current().name.clone();
        let name = if name.trim().is_empty() { tr("shell-untitled") } else { name };
        let said = say!("session-recovered", n = replayed.changes.max(1), name = name);
        let document = replayed.document.clone();
        let access = match &document {
            None => Access::Unlocked,
            Some(path) => self.access_after(path, access),
        };
        // another window has the file by now: this becomes a document of its own
        let moved = matches!(access, Access::Taken(_));
        let (path, access) = if moved { (None, Access::Unlocked) } else { (document, access) };
        let hint = match &replayed.stopped {
            Some(why) => Some(tr_args("session-recovered.stopped", &[("why", why.as_str().into())])),
            None if moved => Some(tr("session-recovered.moved")),
            None if newer => Some(tr("session-recovered.newer")),
            None if replayed.differs => Some(tr("session-recovered.differs")),
            None => said.hint(),
        };
        let text = said.text();
        let good = replayed.is_whole();
        self.history.adopt(Replayed { document: path.clone(), ..replayed }, left.orphan, moved);
        self.saved_revision = None;
        self.settle(path, access);
        self.notices.push(Notice { severity: Severity::Warning, good, text, hint });
    }
}
