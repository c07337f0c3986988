//! An undo step as text, and a history made again from a journal. Pure.

use crate::{
    base::words::tr,
    edit::{EditCommand, History, label},
    store::{Entry, Recording, StoreError, fingerprint},
};
use std::{path::PathBuf, sync::Arc};

/// The edits of one undo step, in their order.
pub(super) type Step = Arc<Vec<EditCommand>>;

/// One line; None where a part of it cannot be written as text (a path that is not Unicode).
pub(super) fn step_text(step: &Step) -> Option<String> {
    ron::to_string(step.as_slice()).ok()
}

/// What a journal leads to.
pub(super) struct Replayed {
    pub history: History,
    /// Steps that can be undone and done again.
    pub depth: Depth,
    /// Where the document was saved last.
    pub document: Option<PathBuf>,
    /// Whether that file holds just this.
    pub saved: bool,
    /// Steps since it was saved.
    pub changes: usize,
    /// Why the last entries could not be carried out, if so.
    pub stopped: Option<String>,
    /// The gesture that was open at the end has become a step.
    pub draft_done: bool,
    /// The result is not what the window showed before the crash (a change of the program in between).
    pub differs: bool,
}

/// How far a history goes back and forward.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Depth {
    pub undo: usize,
    pub redo: usize,
}

impl Depth {
    pub fn done(&mut self) {
        (self.undo, self.redo) = (self.undo + 1, 0);
    }
    /// False where the history does not go back so far.
    pub fn undone(&mut self) -> bool {
        let can = self.undo > 0;
        if can {
            (self.undo, self.redo) = (self.undo - 1, self.redo + 1);
        }
        can
    }
    /// False where nothing was undone.
    pub fn redone(&mut self) -> bool {
        let can = self.redo > 0;
        if can {
            (self.undo, self.redo) = (self.undo + 1, self.redo - 1);
        }
        can
    }
}

/// Does again what a journal says, up to the first entry that cannot be done.
///
/// # Errors
/// The project that the journal begins with cannot be read.
pub(super) fn replay(recording: &Recording) -> Result<Replayed, StoreError> {
    let origin = &recording.origin;
    let mut r = Replayed {
        history: History::new(Arc::new(recording.project()?)),
        depth: Depth::default(),
        document: origin.document.clone(),
        saved: origin.saved,
        changes: 0,
        stopped: None,
        draft_done: false,
        differs: false,
    };
    let last = recording.entries.iter().rposition(|e| !matches!(e, Entry::Check(_) | Entry::Resumed));
    for (i, entry) in recording.entries.iter().enumerate() {
        let done = match entry {
            Entry::Done(text) => r.step(text),
            Entry::Joined(text) => r.join(text),
            Entry::Draft(text) if Some(i) == last => r.gesture(text),
            Entry::Undone => r.went(History::undo, Depth::undone),
            Entry::Redone => r.went(History::redo, Depth::redone),
            Entry::Saved { document, behind } => {
                r.document = Some(document.clone());
                r.saved = !behind;
                r.changes = if *behind { r.changes } else { 0 };
                Ok(())
            }
            Entry::Check(hash) => {
                r.differs |= fingerprint(r.history.current())? != *hash;
                Ok(())
            }
            Entry::Draft(_) | Entry::Dropped | Entry::Resumed => Ok(()),
        };
        if let Err(why) = done {
            r.stopped = Some(why);
            break;
        }
    }
    Ok(r)
}

fn parsed(text: &str) -> Result<Vec<EditCommand>, String> {
    ron::from_str(text).map_err(|e| e.code.to_string())
}

impl Replayed {
    /// All that the journal says is in it, as it was.
    pub fn is_whole(&self) -> bool {
        self.stopped.is_none() && !self.differs
    }

    fn step(&mut self, text: &str) -> Result<(), String> {
        let edits = parsed(text)?;
        match &edits[..] {
            [edit] => self.history.exec(edit).map_err(|e| e.to_string())?,
            _ => self.run(&edits)?,
        }
        self.depth.done();
        self.changed()
    }

    /// The gesture that was open at the end; one that has changed nothing is no step.
    fn gesture(&mut self, text: &str) -> Result<(), String> {
        let before = self.history.current().clone();
        self.run(&parsed(text)?)?;
        self.draft_done = !Arc::ptr_eq(&before, self.history.current());
        if self.draft_done {
            self.depth.done();
            self.changed()?;
        }
        Ok(())
    }

    fn run(&mut self, edits: &[EditCommand]) -> Result<(), String> {
        self.history.begin(label(&EditCommand::Batch(edits.to_vec())));
        if let Err(e) = edits.iter().try_for_each(|edit| self.history.exec(edit)) {
            self.history.abort();
            return Err(e.to_string());
        }
        self.history.commit();
        Ok(())
    }

    fn join(&mut self, text: &str) -> Result<(), String> {
        for edit in &parsed(text)? {
            let now = self.history.revision();
            self.history.exec_joined(edit, Some(now)).map_err(|e| e.to_string())?;
        }
        self.depth.redo = 0;
        self.saved = false;
        Ok(())
    }

    fn went(&mut self, go: fn(&mut History) -> Option<&'static str>, count: fn(&mut Depth) -> bool) -> Result<(), String> {
        if !count(&mut self.depth) || go(&mut self.history).is_none() {
            return Err(tr("session-no-such-step"));
        }
        self.changed()
    }

    fn changed(&mut self) -> Result<(), String> {
        self.changes += 1;
        self.saved = false;
        Ok(())
    }
}
