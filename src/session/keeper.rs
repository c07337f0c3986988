//! The thread that writes the journal of the open document. Its owner tells it what happened and never waits; what has
//! gathered is written together and flushed at once, so that an edit is on the disk some tens of milliseconds after it was
//! made. A disk that fails is told once and tried again; the window works on.

use super::steps::{Depth, Step, step_text};
use crate::{
    base::{Trouble, UserError, words::say},
    model::Project,
    store::{Entry, Journal, Origin, Orphan, StoreError, fingerprint},
};
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// A step in the making is written this long after its first change.
const DRAFT: Duration = Duration::from_millis(300);
/// A disk that failed is tried again after this.
const RETRY: Duration = Duration::from_secs(5);
/// Steps between two checks of the whole document.
const CHECK_STEPS: usize = 64;
/// After so many bytes or steps the journal begins anew with what the document is by then.
const MOST_BYTES: u64 = 4 << 20;
const MOST_STEPS: usize = 2000;
/// What may wait for a slow disk; beyond it single steps are left out and a whole copy is written later.
const MOST_WAITING: usize = 4096;
/// How long the end of the program waits for the last write.
const LAST_WRITE: Duration = Duration::from_secs(3);

/// Something that happened to the document.
pub(super) enum What {
    Done(Step),
    /// More of the last step.
    Joined(Step),
    /// The gesture that is open, so far.
    Draft(Step),
    /// The gesture was given up.
    Dropped,
    Undone,
    Redone,
    Saved {
        document: PathBuf,
        behind: bool,
    },
    /// What no other entry says.
    Changed,
}

enum Word {
    Begin { origin: Origin, base: Arc<Project> },
    Adopt { orphan: Box<Orphan>, whole: Option<bool>, origin: Origin, now: Arc<Project>, depth: Depth },
    Happened { what: What, now: Arc<Project> },
    Close,
}

/// Handle of the thread. Dropping it ends the thread: the journal of a saved document goes, that of an unsaved one stays for
/// the next start.
pub(super) struct Keeper {
    words: Option<Sender<Word>>,
    /// Entries were left out.
    behind: bool,
    pub troubles: Receiver<Trouble>,
    /// Disconnected when the thread has ended.
    ended: Receiver<()>,
}

impl Keeper {
    /// Start with a document of which nothing is written until something happens to it.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn start(folder: PathBuf, origin: Origin, base: Arc<Project>, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (words, inbox) = unbounded();
        let (tell, troubles) = unbounded();
        let (end, ended) = unbounded::<()>();
        let clean = origin.saved;
        let writer = Writer {
            folder,
            tell,
            wake,
            origin: Some(origin),
            journal: None,
            now: base.clone(),
            base: Some(base),
            clean,
            depth: Depth::default(),
            steps: 0,
            unchecked: 0,
            pending: Vec::new(),
            rebase: false,
            draft: None,
            draft_written: false,
            failed: None,
        };
        std::thread::Builder::new().name("journal".into()).spawn(move || {
            writer.run(&inbox);
            drop(end);
        })?;
        Ok(Self { words: Some(words), behind: false, troubles, ended })
    }

    fn say(&self, word: Word) {
        if let Some(words) = &self.words
            && words.send(word).is_err()
        {
            tracing::error!("the journal's thread is gone");
        }
    }

    /// Another document from here on; what was written of the last one goes.
    pub fn begin(&mut self, origin: Origin, base: Arc<Project>) {
        self.behind = false;
        self.say(Word::Begin { origin, base });
    }

    /// Goes on with the journal of a dead process, and says whether the gesture that was open at its end has become a step.
    /// Without that word it could not be done again whole: a new one begins and the old one is put aside.
    pub fn adopt(&mut self, orphan: Box<Orphan>, whole: Option<bool>, origin: Origin, now: Arc<Project>, depth: Depth) {
        self.behind = false;
        self.say(Word::Adopt { orphan, whole, origin, now, depth });
    }

    pub fn happened(&mut self, what: What, now: &Arc<Project>) {
        if self.words.as_ref().is_some_and(|w| w.len() >= MOST_WAITING) {
            self.behind = true;
            return;
        }
        if std::mem::take(&mut self.behind) {
            self.say(Word::Happened { what: What::Changed, now: now.clone() });
            if !matches!(what, What::Saved { .. } | What::Draft(_)) {
                return;
            }
        }
        self.say(Word::Happened { what, now: now.clone() });
    }

    /// The user is done with the document: nothing of it is kept.
    pub fn close(&mut self) {
        self.say(Word::Close);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.words = None;
        if self.ended.recv_timeout(LAST_WRITE) == Err(RecvTimeoutError::Timeout) {
            tracing::error!("the journal could not be finished in time");
        }
    }
}

struct Writer {
    folder: PathBuf,
    tell: Sender<Trouble>,
    wake: Arc<dyn Fn() + Send + Sync>,
    /// None after the document was closed.
    origin: Option<Origin>,
    /// None until something has happened.
    journal: Option<Journal>,
    /// What the journal will begin with, while there is none.
    base: Option<Arc<Project>>,
    /// The document as of the last whole step.
    now: Arc<Project>,
    /// The document's file holds it.
    clean: bool,
    /// Steps that the journal knows.
    depth: Depth,
    steps: usize,
    unchecked: usize,
    pending: Vec<Entry>,
    /// The journal must begin anew.
    rebase: bool,
    /// The step in the making, and when to write it.
    draft: Option<(Step, Instant)>,
    draft_written: bool,
    failed: Option<Instant>,
}

impl Writer {
    fn run(mut self, words: &Receiver<Word>) {
        loop {
            let due = self.failed.map(|t| t + RETRY).or(self.draft.as_ref().map(|d| d.1));
            let first = match due {
                Some(at) => words.recv_deadline(at),
                None => words.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match first {
                Ok(word) => {
                    self.take(word);
                    words.try_iter().take(MOST_WAITING).for_each(|w| self.take(w));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.write(false);
        }
        if self.clean {
            self.forget();
        } else {
            self.write(true);
        }
    }

    fn take(&mut self, word: Word) {
        match word {
            Word::Begin { origin, base } => {
                self.forget();
                self.clean = origin.saved;
                self.origin = Some(origin);
                self.now = base.clone();
                self.base = Some(base);
            }
            Word::Adopt { orphan, whole, origin, now, depth } => {
                self.forget();
                (self.clean, self.origin, self.now, self.depth) = (false, Some(origin), now, depth);
                self.adopt(*orphan, whole);
            }
            Word::Happened { what, now } if self.origin.is_some() => self.happened(what, now),
            Word::Happened { .. } => {}
            Word::Close => {
                self.forget();
                self.origin = None;
            }
        }
    }

    /// Nothing is kept of the document so far.
    fn forget(&mut self) {
        if let Some(journal) = self.journal.take() {
            journal.remove();
        }
        self.pending.clear();
        (self.draft, self.draft_written, self.rebase, self.failed, self.base) = (None, false, false, None, None);
        (self.depth, self.steps, self.unchecked) = (Depth::default(), 0, 0);
    }

    fn adopt(&mut self, orphan: Orphan, whole: Option<bool>) {
        if let Some(draft_done) = whole {
            match orphan.resume(draft_done) {
                Ok(journal) => self.journal = Some(journal),
                Err(e) => {
                    tracing::warn!("{e}");
                    self.rebase = true;
                }
            }
            return;
        }
        self.rebase = true;
        self.write(true);
        let place = orphan.set_aside();
        self.say(say!("session-part-kept", place = place.display().to_string()).trouble());
    }

    fn happened(&mut self, what: What, now: Arc<Project>) {
        let draft = matches!(what, What::Draft(_));
        match what {
            What::Draft(step) => {
                let due = self.draft.take().map_or_else(|| Instant::now() + DRAFT, |d| d.1);
                self.draft = Some((step, due));
            }
            What::Dropped => {
                self.draft = None;
                if std::mem::take(&mut self.draft_written) {
                    self.pending.push(Entry::Dropped);
                }
            }
            What::Done(step) => {
                self.changed();
                self.depth.done();
                match step_text(&step) {
                    Some(text) => self.pending.push(Entry::Done(text)),
                    None => self.rebase = true,
                }
            }
            What::Joined(step) => {
                self.changed();
                self.depth.redo = 0;
                match step_text(&step) {
                    // a journal that begins in the middle of a step could not undo it
                    Some(text) if self.depth.undo > 0 => self.pending.push(Entry::Joined(text)),
                    _ => self.rebase = true,
                }
            }
            What::Undone => {
                self.changed();
                self.rebase |= !self.depth.undone();
                self.pending.push(Entry::Undone);
            }
            What::Redone => {
                self.changed();
                self.rebase |= !self.depth.redone();
                self.pending.push(Entry::Redone);
            }
            What::Changed => {
                self.changed();
                self.rebase = true;
            }
            What::Saved { document, behind } => {
                self.clean = !behind;
                if let Some(origin) = &mut self.origin {
                    origin.document = Some(document.clone());
                    origin.saved = self.clean;
                }
                // without a journal there is nothing to recover, and the file is what one would begin with
                if self.journal.is_some() || !self.pending.is_empty() {
                    self.pending.push(Entry::Saved { document, behind });
                }
            }
        }
        if !draft {
            self.now = now;
        }
    }

    fn changed(&mut self) {
        (self.draft, self.draft_written, self.clean) = (None, false, false);
        self.steps += 1;
        self.unchecked += 1;
    }

    /// Writes what has gathered; with `all` also the step in the making, due or not.
    fn write(&mut self, all: bool) {
        if self.failed.is_some_and(|t| t.elapsed() < RETRY) && !all {
            return;
        }
        let due = |at: Instant| all || at <= Instant::now();
        let draft = if self.draft.as_ref().is_some_and(|d| due(d.1)) { self.draft.take() } else { None };
        let draft = draft.and_then(|(step, _)| step_text(&step)).map(Entry::Draft);
        if self.pending.is_empty() && !self.rebase && draft.is_none() {
            return;
        }
        self.draft_written |= draft.is_some();
        match self.put(draft) {
            Ok(()) => self.failed = None,
            Err(e) => {
                tracing::warn!("the journal could not be written: {e}");
                if self.failed.is_none() {
                    let text = say!("session-journal-failed", reason = e.to_string()).text();
                    self.say(Trouble { text, hint: e.hint() });
                }
                (self.failed, self.rebase) = (Some(Instant::now()), true);
            }
        }
        self.pending.clear();
    }

    fn put(&mut self, draft: Option<Entry>) -> Result<(), StoreError> {
        let long = self.steps > MOST_STEPS || self.journal.as_ref().is_some_and(|j| j.tail_bytes() > MOST_BYTES);
        if self.rebase || (long && !self.pending.is_empty()) {
            return self.begin_anew(draft);
        }
        let entries: Vec<Entry> = self.pending.drain(..).chain(draft).collect();
        match (&mut self.journal, &self.origin, self.base.take()) {
            (Some(journal), ..) => journal.append(&entries)?,
            (None, Some(origin), Some(base)) => self.journal = Some(Journal::create(&self.folder, origin, &base, &entries)?),
            (None, ..) => return self.begin_anew(entries.into_iter().find(|e| matches!(e, Entry::Draft(_)))),
        }
        // the edits are safe by now; this may take a while
        if self.unchecked >= CHECK_STEPS
            && let Some(journal) = &mut self.journal
        {
            journal.append(&[Entry::Check(fingerprint(&self.now)?)])?;
            self.unchecked = 0;
        }
        Ok(())
    }

    /// A journal that begins with what the document is now.
    fn begin_anew(&mut self, draft: Option<Entry>) -> Result<(), StoreError> {
        let Some(origin) = self.origin.clone() else { return Ok(()) };
        let origin = Origin { name: self.now.name.clone(), saved: self.clean, ..origin };
        let entries = draft.as_slice();
        match &mut self.journal {
            Some(journal) => journal.renew(&origin, &self.now, entries)?,
            None => self.journal = Some(Journal::create(&self.folder, &origin, &self.now, entries)?),
        }
        (self.depth, self.steps, self.unchecked, self.rebase, self.base) = (Depth::default(), 0, 0, false, None);
        Ok(())
    }

    fn say(&self, trouble: Trouble) {
        let _ = self.tell.send(trouble);
        (self.wake)();
    }
}
