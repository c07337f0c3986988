//! Settings of transitions and markers.

use super::{
    InspectorState, Typing, heading,
    rows::{self, Number},
};
use crate::{
    app::{icons, state::Cx, widgets},
    base::{MarkerId, TransitionId},
    edit::EditCommand,
    model::{Marker, TransitionKind},
    session::Command,
};
use egui::{Sense, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Cross,
    Dip,
}

pub fn transition_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: TransitionId) {
    let project = cx.project.clone();
    let Some(t) = project.sequence.tracks.iter().find_map(|t| t.transitions.iter().find(|x| x.id == id)) else { return };
    let name = match t.kind {
        TransitionKind::CrossDissolve => "Cross dissolve",
        TransitionKind::DipToColor { .. } => "Dip to colour",
        TransitionKind::Wipe { .. } => "Wipe",
        TransitionKind::Slide { .. } => "Slide",
    };
    heading(ui, cx, icons::DISSOLVE, name, &format!("{} frames", t.duration()));
    widgets::section(ui, cx.theme, "Transition");
    let mut new = *t;
    let now = if matches!(t.kind, TransitionKind::CrossDissolve) { Kind::Cross } else { Kind::Dip };
    match rows::choice(ui, cx.theme, "Kind", now, &[(Kind::Cross, "Cross dissolve"), (Kind::Dip, "Dip to colour")]) {
        Some(Kind::Cross) => new.kind = TransitionKind::CrossDissolve,
        Some(Kind::Dip) => new.kind = TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] },
        None => {}
    }
    if let TransitionKind::DipToColor { color } = new.kind
        && let Some(color) = rows::color(ui, cx.theme, "Colour", color)
    {
        new.kind = TransitionKind::DipToColor { color };
    }
    let row = |label| Number { label, range: 0.0..=600.0, speed: 0.2, decimals: 0, suffix: " f", slider: Some(0.0..=60.0), default: 15.0 };
    if let Some(v) = rows::number(ui, cx.theme, t.before as f64, &row("Before the cut")) {
        new.before = v as i64;
    }
    if let Some(v) = rows::number(ui, cx.theme, t.after as f64, &row("After the cut")) {
        new.after = v as i64;
    }
    if new != *t && new.duration() > 0 {
        let edit = EditCommand::SetTransition { id, kind: new.kind, before: new.before, after: new.after };
        state.change(ui, cx, "Change transition", edit);
    }
    ui.add_space(8.0);
    if ui.button(format!("{}  Remove transition", icons::TRASH)).clicked() {
        cx.out.send(Command::Edit(EditCommand::RemoveTransition { id }));
    }
}

pub fn marker_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: MarkerId) {
    let project = cx.project.clone();
    let Some(m) = project.sequence.markers.iter().find(|m| m.id == id) else { return };
    heading(ui, cx, icons::FLAG, "Marker", &project.sequence.timecode(m.frame));
    widgets::section(ui, cx.theme, "Name");
    text(ui, state, cx, m, "Marker name", |m| &mut m.name);
    widgets::section(ui, cx.theme, "Note");
    text(ui, state, cx, m, "Marker note", |m| &mut m.note);
    widgets::section(ui, cx.theme, "Colour");
    ui.horizontal(|ui| {
        for i in 0..cx.theme.tokens().markers.len() as u8 {
            let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, m.color == i, format!("Marker colour {}", i + 1)));
            ui.painter().circle_filled(rect.center(), 7.0, cx.theme.marker(i));
            if m.color == i {
                ui.painter().circle_stroke(rect.center(), 9.0, egui::Stroke::new(1.5, cx.theme.text()));
            }
            if response.clicked() {
                cx.out.send(Command::Edit(EditCommand::SetMarker { marker: Marker { color: i, ..m.clone() } }));
            }
        }
    });
    ui.add_space(8.0);
    if ui.button(format!("{}  Remove marker", icons::TRASH)).clicked() {
        cx.out.send(Command::Edit(EditCommand::RemoveMarker { id }));
    }
}

fn text(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, m: &Marker, name: &str, field: impl Fn(&mut Marker) -> &mut String) {
    let mut new = m.clone();
    let edit = TextEdit::singleline(field(&mut new)).desired_width(f32::INFINITY).margin(vec2(8.0, 5.0));
    let response = ui.add(edit).accessible_name(name);
    if response.changed() {
        state.type_into(cx, Typing::Other, "Edit marker", EditCommand::SetMarker { marker: new });
    }
    if response.lost_focus() {
        state.typed(cx);
    }
}
