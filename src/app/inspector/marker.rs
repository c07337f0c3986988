//! Settings of a marker. UI thread.

use super::{
    InspectorState, heading,
    rows::{self, TimeField},
    state::Typing,
    times::Clock,
};
use crate::{
    app::{icons, state::Cx, words::tr, words::tr_args},
    base::MarkerId,
    edit::EditCommand,
    model::{MAX_FRAME, Marker},
    session::Command,
};
use egui::{Sense, Stroke, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2};

pub fn marker_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: MarkerId) {
    let project = cx.project.clone();
    let Some(m) = project.sequence.markers.iter().find(|m| m.id == id) else { return };
    let title = if m.name.is_empty() { tr("inspector-marker") } else { m.name.clone() };
    heading(ui, cx, icons::FLAG, &title, &project.sequence.timecode(m.frame));
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-marker", |_| {}) {
        let mut name = m.name.clone();
        let (response, changed) =
            rows::text(ui, cx.theme, &tr("inspector-name"), &tr("inspector-marker-name"), &tr("inspector-marker"), &mut name);
        if changed {
            state.type_into(cx, Typing::Marker, EditCommand::SetMarker { marker: Marker { name, ..m.clone() } });
        }
        if response.lost_focus() {
            state.typed(cx);
        }
        color_ui(ui, cx, m);
        times_ui(ui, state, cx, m);
    }
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-note", |_| {}) {
        let mut note = m.note.clone();
        let field = TextEdit::multiline(&mut note).desired_rows(3).desired_width(f32::INFINITY).margin(vec2(8.0, 6.0));
        let response = ui.add(field).accessible_name(tr("inspector-marker-note"));
        if response.changed() {
            state.type_into(cx, Typing::MarkerNote, EditCommand::SetMarker { marker: Marker { note, ..m.clone() } });
        }
        if response.lost_focus() {
            state.typed(cx);
        }
    }
    if rows::action(ui, icons::TRASH, &tr("inspector-remove-marker")) {
        cx.out.send(Command::Edit(EditCommand::RemoveMarker { id }));
    }
}

fn color_ui(ui: &mut Ui, cx: &mut Cx<'_>, m: &Marker) {
    let theme = cx.theme;
    let colors = theme.tokens().markers.len().min(usize::from(u8::MAX)) as u8;
    rows::row(ui, theme, &tr("inspector-color"), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        for i in (0..colors).rev() {
            let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::click());
            let name = tr_args("inspector-marker-color", &[("n", (i + 1).into())]);
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, m.color == i, &name));
            ui.painter().circle_filled(rect.center(), 6.0, theme.marker(i));
            if m.color == i || response.has_focus() {
                ui.painter().circle_stroke(rect.center(), 8.5, Stroke::new(1.5, theme.text()));
            }
            if response.clicked() {
                cx.out.send(Command::Edit(EditCommand::SetMarker { marker: Marker { color: i, ..m.clone() } }));
            }
        }
    });
}

fn times_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, m: &Marker) {
    let clock = Clock::of(&cx.project.sequence);
    let (label, length) = (|f: i64| clock.label(f), |f: i64| clock.length(f));
    let (parse_label, parse_length) = (|text: &str| clock.parse_label(text), |text: &str| clock.parse_length(text));
    let (start, start_name) = (tr("inspector-start"), tr("inspector-marker-start"));
    let field = TimeField { label: &start, name: &start_name, range: 0..=MAX_FRAME, format: &label, parse: &parse_label };
    if let Some(frame) = rows::time(ui, cx.theme, &field, m.frame) {
        state.change(ui, cx, EditCommand::SetMarker { marker: Marker { frame, ..m.clone() } });
    }
    let (duration, duration_name) = (tr("inspector-duration"), tr("inspector-marker-duration"));
    let field = TimeField { label: &duration, name: &duration_name, range: 0..=MAX_FRAME, format: &length, parse: &parse_length };
    if let Some(duration) = rows::time(ui, cx.theme, &field, m.duration) {
        state.change(ui, cx, EditCommand::SetMarker { marker: Marker { duration, ..m.clone() } });
    }
}
