//! What the inspector remembers between passes, and how its changes become undo steps.

use super::keys::Param;
use crate::{
    app::state::Cx,
    base::{CaptionId, ClipId},
    edit::{EditCommand, label},
    model::Effect,
    session::Command,
};
use egui::{Key, Ui};
use std::collections::BTreeSet;

/// See the module.
#[derive(Debug, Default)]
pub struct InspectorState {
    /// A value is being dragged: its edits are one undo step.
    dragging: bool,
    /// Escape took the drag back: nothing more until the button is up.
    stopped: bool,
    /// A text is being typed: its edits are one undo step.
    typing: Option<Typing>,
    /// Sections that are folded away, by key.
    pub(super) closed: BTreeSet<&'static str>,
    /// Parameters whose curve is shown.
    pub(super) curves: BTreeSet<Param>,
    /// The key that is dragged in a curve: its frame now.
    pub(super) held_key: Option<(Param, i64)>,
    /// Effects that were copied from a clip.
    pub(super) copied_effects: Vec<Effect>,
    /// Which effects of a clip were on when all were switched off.
    pub(super) bypassed: Option<(ClipId, Vec<bool>)>,
    /// Effects of the stack that are folded away.
    pub(super) folded_effects: BTreeSet<usize>,
    /// The effect that is dragged to another place.
    pub(super) held_effect: Option<usize>,
    /// What is searched for among things to add or choose.
    pub(super) search: String,
}

/// A text field, so that leaving it for another starts a new undo step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typing {
    Title(ClipId),
    ClipName(ClipId),
    Marker,
    MarkerNote,
    Caption(CaptionId),
    Project,
    Sequence,
    Media,
}

/// What an edit is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Gesture,
    Alone,
    /// Of a gesture that was taken back.
    Nothing,
}

impl InspectorState {
    /// End a running gesture before anything else touches the document; true when there was one.
    pub fn finish(&mut self) -> bool {
        let was = self.dragging || self.typing.is_some();
        (self.dragging, self.typing) = (false, None);
        was
    }

    /// A value is being dragged.
    pub fn is_dragging(&self) -> bool {
        self.dragging
    }

    /// Send a change of a value: while the button is down as part of a gesture, else by itself.
    pub(super) fn change(&mut self, ui: &Ui, cx: &mut Cx<'_>, edit: EditCommand) {
        match self.begin(ui, cx, &edit) {
            Part::Gesture => cx.out.send(Command::EditAbsolute(edit)),
            Part::Alone => cx.out.send(Command::Edit(edit)),
            Part::Nothing => {}
        }
    }

    /// [`Self::change`] by an amount: the steps of a drag add up.
    pub(super) fn change_by(&mut self, ui: &Ui, cx: &mut Cx<'_>, edit: EditCommand) {
        if self.begin(ui, cx, &edit) != Part::Nothing {
            cx.out.send(Command::Edit(edit));
        }
    }

    /// [`Self::change`] of something that may have no room: a drag stops where the document says no, without a word.
    pub(super) fn change_if_possible(&mut self, ui: &Ui, cx: &mut Cx<'_>, edit: EditCommand) {
        if !ui.input(|i| i.pointer.primary_down()) || crate::edit::apply(&cx.project, &edit).is_ok() {
            self.change(ui, cx, edit);
        }
    }

    /// Starts a gesture where the button is down.
    fn begin(&mut self, ui: &Ui, cx: &mut Cx<'_>, edit: &EditCommand) -> Part {
        if self.stopped {
            return Part::Nothing;
        }
        if !ui.input(|i| i.pointer.primary_down()) {
            return Part::Alone;
        }
        if !self.dragging {
            cx.out.send(Command::Begin(label(edit)));
            self.dragging = true;
        }
        Part::Gesture
    }

    /// Send a change of a text that is being typed.
    pub(super) fn type_into(&mut self, cx: &mut Cx<'_>, what: Typing, edit: EditCommand) {
        if self.typing != Some(what) {
            if self.typing.is_some() {
                cx.out.send(Command::Commit);
            }
            cx.out.send(Command::Begin(label(&edit)));
            self.typing = Some(what);
        }
        cx.out.send(Command::EditAbsolute(edit));
    }

    /// The field was left: typing is done.
    pub(super) fn typed(&mut self, cx: &mut Cx<'_>) {
        if self.typing.take().is_some() {
            cx.out.send(Command::Commit);
        }
    }

    /// The clip whose title or name is being typed.
    pub(super) fn typing_clip(&self) -> Option<ClipId> {
        match self.typing {
            Some(Typing::Title(id) | Typing::ClipName(id)) => Some(id),
            _ => None,
        }
    }

    pub(super) fn end_pass(&mut self, ui: &Ui, cx: &mut Cx<'_>) {
        let down = ui.input(|i| i.pointer.primary_down());
        if self.dragging && ui.input(|i| i.key_pressed(Key::Escape)) {
            (self.dragging, self.stopped) = (false, true);
            cx.out.send(Command::Abort);
        }
        if self.dragging && !down {
            self.dragging = false;
            cx.out.send(Command::Commit);
        }
        if !down {
            (self.held_key, self.stopped) = (None, false);
        }
    }
}
