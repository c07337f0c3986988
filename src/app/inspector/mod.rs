//! The inspector: settings of what is selected, or of the sequence where nothing is. UI thread.
//!
//! A change is sent as a command: while the button is down as part of a gesture, so that each drag is one undo step.

mod animate;
mod caption;
mod chosen;
mod clip;
mod curve;
mod effects;
mod field;
mod keys;
mod marker;
mod media;
mod rows;
mod scope;
mod sequence;
mod slider;
mod sound;
mod speed;
mod stabilize;
mod state;
mod times;
mod title;
mod transform;
mod transition;

pub use state::InspectorState;

use super::{fonts, state::Cx, theme::size, widgets};
use egui::{RichText, ScrollArea, Ui};

/// Draw the inspector into all of `ui`.
pub fn inspector_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let (project, index, shared) = (cx.project.clone(), cx.index, cx.shared);
        let selection = &shared.selection;
        if state.typing_clip().is_some_and(|id| !selection.clips.contains(&id)) {
            state.typed(cx);
        }
        // room for the scroll bar
        ui.set_max_width(ui.available_width() - 4.0);
        let clips = index.clips(&selection.clips);
        rows::set_gutter(ui, if clips.is_empty() { 1 } else { 3 });
        if !clips.is_empty() {
            clip::clips_ui(ui, state, cx, &clips);
        } else if let Some(id) = selection.transition {
            transition::transition_ui(ui, state, cx, id);
        } else if let Some(id) = selection.marker {
            marker::marker_ui(ui, state, cx, id);
        } else if let Some(id) = selection.caption {
            caption::caption_ui(ui, state, cx, id);
        } else {
            let media: Vec<_> = selection.media.iter().filter_map(|id| project.media.get(id).map(|m| (*id, m))).collect();
            if media.is_empty() {
                sequence::sequence_ui(ui, state, cx);
            } else {
                media::media_ui(ui, state, cx, &media);
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
    ui.label(fonts::tabular(ui.ctx(), note, &fonts::regular(size::SMALL), cx.theme.secondary()));
}
