//! The history of the document together with its journal: reads like a history, and whatever changes it is told to the
//! thread that keeps the journal.

use super::{
    keeper::{Keeper, What},
    steps::{Replayed, Step},
};
use crate::{
    edit::{EditCommand, EditError, History},
    model::Project,
    store::{Origin, Orphan},
};
use std::{ops::Deref, path::PathBuf, sync::Arc};

/// What a gesture has done so far, as the journal would do it again.
struct Gesture {
    start: Arc<Project>,
    edits: Step,
    /// The last absolute edit, which the next one replaces.
    absolute: Option<EditCommand>,
}

impl Gesture {
    fn step(&self) -> Step {
        match &self.absolute {
            None => self.edits.clone(),
            Some(last) => Arc::new(self.edits.iter().chain([last]).cloned().collect()),
        }
    }
}

/// A history whose every change goes to the journal. Without a keeper it is only a history.
pub(super) struct Recorded {
    history: History,
    keeper: Option<Keeper>,
    gesture: Option<Gesture>,
}

impl Deref for Recorded {
    type Target = History;
    fn deref(&self) -> &History {
        &self.history
    }
}

impl Recorded {
    pub fn new(history: History, keeper: Option<Keeper>) -> Self {
        Self { history, keeper, gesture: None }
    }

    pub fn keeper(&self) -> Option<&Keeper> {
        self.keeper.as_ref()
    }

    fn happened(&mut self, what: What) {
        if let Some(keeper) = &mut self.keeper {
            keeper.happened(what, self.history.current());
        }
    }

    /// As [`History::exec`].
    ///
    /// # Errors
    /// The command does not apply.
    pub fn exec(&mut self, command: &EditCommand) -> Result<(), EditError> {
        self.history.exec(command)?;
        match &mut self.gesture {
            None => self.happened(What::Done(Arc::new(vec![command.clone()]))),
            Some(g) => {
                let edits = Arc::make_mut(&mut g.edits);
                edits.extend(g.absolute.take());
                edits.push(command.clone());
                let step = g.step();
                self.happened(What::Draft(step));
            }
        }
        Ok(())
    }

    /// As [`History::exec_joined`].
    ///
    /// # Errors
    /// The command does not apply.
    pub fn exec_joined(&mut self, command: &EditCommand, since: Option<u64>) -> Result<(), EditError> {
        if self.gesture.is_some() || !self.history.joins(since) {
            return self.exec(command);
        }
        self.history.exec_joined(command, since)?;
        self.happened(What::Joined(Arc::new(vec![command.clone()])));
        Ok(())
    }

    /// As [`History::exec_absolute`].
    ///
    /// # Errors
    /// The command does not apply.
    pub fn exec_absolute(&mut self, command: &EditCommand) -> Result<(), EditError> {
        if self.gesture.is_none() {
            return self.exec(command);
        }
        self.history.exec_absolute(command)?;
        if let Some(g) = &mut self.gesture {
            g.absolute = Some(command.clone());
            let step = g.step();
            self.happened(What::Draft(step));
        }
        Ok(())
    }

    pub fn begin(&mut self, label: &'static str) {
        self.commit();
        self.history.begin(label);
        self.gesture = Some(Gesture { start: self.history.current().clone(), edits: Step::default(), absolute: None });
    }

    pub fn commit(&mut self) {
        self.history.commit();
        let Some(g) = self.gesture.take() else { return };
        // a gesture that came back to where it began is no step
        let what = if Arc::ptr_eq(&g.start, self.history.current()) { What::Dropped } else { What::Done(g.step()) };
        self.happened(what);
    }

    pub fn abort(&mut self) {
        self.history.abort();
        if self.gesture.take().is_some() {
            self.happened(What::Dropped);
        }
    }

    pub fn undo(&mut self) -> Option<&'static str> {
        if self.gesture.is_some() {
            let label = self.history.undo_label();
            self.abort();
            return label;
        }
        let label = self.history.undo()?;
        self.happened(What::Undone);
        Some(label)
    }

    pub fn redo(&mut self) -> Option<&'static str> {
        self.abort();
        let label = self.history.redo()?;
        self.happened(What::Redone);
        Some(label)
    }

    /// The document as it was at `revision` is in this file now.
    pub fn saved(&mut self, document: PathBuf, revision: u64) {
        let behind = revision != self.history.revision();
        self.happened(What::Saved { document, behind });
    }

    /// Another document altogether.
    pub fn reset(&mut self, project: Arc<Project>, document: Option<PathBuf>, saved: bool) {
        self.gesture = None;
        self.history.reset(project.clone());
        if let Some(keeper) = &mut self.keeper {
            keeper.begin(Origin { name: project.name.clone(), document, saved }, project);
        }
    }

    /// A document that a crash left, with its history. `whole`: all that its journal says is in it. `moved`: its file is no
    /// longer the one that the journal names.
    pub fn adopt(&mut self, r: Replayed, orphan: Box<Orphan>, moved: bool) {
        self.gesture = None;
        let whole = r.is_whole().then_some(r.draft_done);
        self.history.go_on_with(r.history);
        let now = self.history.current().clone();
        if let Some(keeper) = &mut self.keeper {
            let origin = Origin { name: now.name.clone(), document: r.document, saved: false };
            keeper.adopt(orphan, whole, origin, now.clone(), r.depth);
            if moved {
                keeper.happened(What::Changed, &now);
            }
        }
    }

    /// The user is done with the document: nothing of it is kept for a recovery.
    pub fn close(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            keeper.close();
        }
    }
}
