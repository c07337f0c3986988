//! The inspector: settings of what is selected, or of the sequence where nothing is. UI thread.

mod clip;
mod rows;
mod sequence;
mod timed;
mod title;

use super::{fonts, state::Cx, theme::size, widgets};
use crate::{base::ClipId, edit::EditCommand, session::Command};
use egui::{Key, RichText, ScrollArea, Ui};

/// What the inspector remembers between passes.
#[derive(Debug, Default)]
pub struct InspectorState {
    /// A slider or colour is being dragged: its edits are one undo step.
    dragging: bool,
    /// A text is being typed: its edits are one undo step.
    typing: Option<Typing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typing {
    Title(ClipId),
    Other,
}

impl InspectorState {
    /// End a running gesture before anything else touches the document; true when there was one.
    pub fn finish(&mut self) -> bool {
        let was = self.dragging || self.typing.is_some();
        (self.dragging, self.typing) = (false, None);
        was
    }

    /// Send a change of a slider, number or colour: while the button is down as part of a gesture, else by itself.
    fn change(&mut self, ui: &Ui, cx: &mut Cx<'_>, label: &'static str, edit: EditCommand) {
        if !ui.input(|i| i.pointer.primary_down()) {
            cx.out.send(Command::Edit(edit));
            return;
        }
        if !self.dragging {
            cx.out.send(Command::Begin(label));
            self.dragging = true;
        }
        cx.out.send(Command::EditAbsolute(edit));
    }

    /// Send a change of a text that is being typed.
    fn type_into(&mut self, cx: &mut Cx<'_>, what: Typing, label: &'static str, edit: EditCommand) {
        if self.typing != Some(what) {
            if self.typing.is_some() {
                cx.out.send(Command::Commit);
            }
            cx.out.send(Command::Begin(label));
            self.typing = Some(what);
        }
        cx.out.send(Command::EditAbsolute(edit));
    }

    /// The field was left: typing is done.
    fn typed(&mut self, cx: &mut Cx<'_>) {
        if self.typing.take().is_some() {
            cx.out.send(Command::Commit);
        }
    }

    fn end_pass(&mut self, ui: &Ui, cx: &mut Cx<'_>) {
        if self.dragging && ui.input(|i| i.key_pressed(Key::Escape)) {
            self.dragging = false;
            cx.out.send(Command::Abort);
        }
        if self.dragging && !ui.input(|i| i.pointer.primary_down()) {
            self.dragging = false;
            cx.out.send(Command::Commit);
        }
    }
}

/// Draw the inspector into all of `ui`.
pub fn inspector_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let project = cx.project.clone();
        let clips = cx.shared.selection.clips_of(&project);
        if let Some(Typing::Title(id)) = state.typing
            && !cx.shared.selection.clips.contains(&id)
        {
            state.typed(cx);
        }
        if !clips.is_empty() {
            clip::clips_ui(ui, state, cx, &clips);
        } else if let Some(id) = cx.shared.selection.transition {
            timed::transition_ui(ui, state, cx, id);
        } else if let Some(id) = cx.shared.selection.marker {
            timed::marker_ui(ui, state, cx, id);
        } else {
            let media: Vec<_> = cx.shared.selection.media.iter().filter_map(|id| project.media.get(id)).collect();
            match media[..] {
                [one] => sequence::media_ui(ui, cx, one),
                _ => sequence::sequence_ui(ui, state, cx),
            }
        }
        ui.add_space(16.0);
    });
    state.end_pass(ui, cx);
}

/// Name of what is shown, at the top.
fn heading(ui: &mut Ui, cx: &Cx<'_>, icon: char, name: &str, note: &str) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.label(RichText::new(icon.to_string()).size(16.0).color(cx.theme.accent()));
        let width = ui.available_width();
        let galley = widgets::elided(ui, name, fonts::semibold(size::TEXT + 1.0), cx.theme.text(), width);
        ui.label(galley);
    });
    ui.label(RichText::new(note).small().color(cx.theme.secondary()));
}
