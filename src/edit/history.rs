//! What was done and can be undone. Owns the current project; old ones are kept whole, since they share what is alike.

use super::{EditCommand, EditError, apply, label};
use crate::model::Project;
use std::sync::Arc;

struct Step {
    /// The project before the step (undo) or after it (redo).
    project: Arc<Project>,
    label: &'static str,
}

/// A drag or another run of changes that counts as one step.
struct Gesture {
    label: &'static str,
    start: Arc<Project>,
    /// What the next absolute command applies to.
    base: Arc<Project>,
}

/// The current project, its past and its future.
pub struct History {
    current: Arc<Project>,
    revision: u64,
    /// Without end: a step on a track of 1,000 clips holds about 10 KB.
    undo: Vec<Step>,
    redo: Vec<Step>,
    gesture: Option<Gesture>,
}

impl History {
    pub fn new(project: Arc<Project>) -> Self {
        Self { current: project, revision: 0, undo: Vec::new(), redo: Vec::new(), gesture: None }
    }

    pub fn current(&self) -> &Arc<Project> {
        &self.current
    }

    /// Grows with every change of [`Self::current`], also by undo and redo.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn replace(&mut self, project: Arc<Project>) -> Arc<Project> {
        self.revision += 1;
        std::mem::replace(&mut self.current, project)
    }

    fn push(&mut self, project: Arc<Project>, label: &'static str) {
        self.undo.push(Step { project, label });
        self.redo.clear();
    }

    /// Does a command: one undo step, or part of the open gesture.
    ///
    /// # Errors
    /// The command does not apply; nothing has changed.
    pub fn exec(&mut self, command: &EditCommand) -> Result<(), EditError> {
        let next = Arc::new(apply(&self.current, command)?);
        let before = self.replace(next);
        match &mut self.gesture {
            Some(g) => g.base = self.current.clone(),
            None => self.push(before, label(command)),
        }
        Ok(())
    }

    /// As [`Self::exec`], but a part of the last step where that left revision `since` and nothing has happened since: results
    /// that come in bit by bit are one step.
    ///
    /// # Errors
    /// The command does not apply; nothing has changed.
    pub fn exec_joined(&mut self, command: &EditCommand, since: Option<u64>) -> Result<(), EditError> {
        if !self.joins(since) {
            return self.exec(command);
        }
        let next = Arc::new(apply(&self.current, command)?);
        self.replace(next);
        self.redo.clear();
        Ok(())
    }

    /// Whether [`Self::exec_joined`] would make no step of its own.
    pub fn joins(&self, since: Option<u64>) -> bool {
        since == Some(self.revision) && self.gesture.is_none() && !self.undo.is_empty()
    }

    /// Does a command that says where things shall be in the end (a drag to a frame): inside a gesture it takes the place
    /// of the last such command instead of adding to it. Outside a gesture the same as [`Self::exec`].
    ///
    /// # Errors
    /// The command does not apply; what the last one did stays.
    pub fn exec_absolute(&mut self, command: &EditCommand) -> Result<(), EditError> {
        let Some(g) = &self.gesture else { return self.exec(command) };
        let next = Arc::new(apply(&g.base, command)?);
        self.replace(next);
        Ok(())
    }

    /// Opens a gesture; one that is still open is committed.
    pub fn begin(&mut self, label: &'static str) {
        self.commit();
        self.gesture = Some(Gesture { label, start: self.current.clone(), base: self.current.clone() });
    }

    /// Closes the gesture as one undo step; none if nothing is different.
    pub fn commit(&mut self) {
        let Some(g) = self.gesture.take() else { return };
        if Arc::ptr_eq(&g.start, &self.current) {
            return;
        }
        if *g.start == *self.current {
            self.replace(g.start);
        } else {
            self.push(g.start, g.label);
        }
    }

    /// Closes the gesture and takes back what it did.
    pub fn abort(&mut self) {
        if let Some(g) = self.gesture.take()
            && !Arc::ptr_eq(&g.start, &self.current)
        {
            self.replace(g.start);
        }
    }

    pub fn in_gesture(&self) -> bool {
        self.gesture.is_some()
    }

    /// Undoes the last step and says its name. An open gesture is that step.
    pub fn undo(&mut self) -> Option<&'static str> {
        if let Some(label) = self.gesture.as_ref().map(|g| g.label) {
            self.abort();
            return Some(label);
        }
        let step = self.undo.pop()?;
        let after = self.replace(step.project);
        self.redo.push(Step { project: after, label: step.label });
        Some(step.label)
    }

    /// Does the last undone step again and says its name. An open gesture is aborted.
    pub fn redo(&mut self) -> Option<&'static str> {
        self.abort();
        let step = self.redo.pop()?;
        let before = self.replace(step.project);
        self.undo.push(Step { project: before, label: step.label });
        Some(step.label)
    }

    pub fn undo_label(&self) -> Option<&'static str> {
        self.gesture.as_ref().map(|g| g.label).or_else(|| self.undo.last().map(|s| s.label))
    }

    pub fn redo_label(&self) -> Option<&'static str> {
        self.redo.last().map(|s| s.label)
    }

    /// Names of the steps that can be undone, the next one first.
    pub fn undo_labels(&self) -> impl Iterator<Item = &'static str> {
        self.undo.iter().rev().map(|s| s.label)
    }

    /// Names of the steps that can be done again, the next one first.
    pub fn redo_labels(&self) -> impl Iterator<Item = &'static str> {
        self.redo.iter().rev().map(|s| s.label)
    }

    /// Another history altogether (a recovered one) takes this one's place. The revision goes on growing.
    pub fn go_on_with(&mut self, other: Self) {
        let revision = self.revision.max(other.revision) + 1;
        *self = Self { revision, ..other };
    }

    /// Another project altogether: no past, no future.
    pub fn reset(&mut self, project: Arc<Project>) {
        self.replace(project);
        self.undo.clear();
        self.redo.clear();
        self.gesture = None;
    }
}
