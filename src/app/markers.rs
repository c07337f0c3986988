//! The markers panel: every marker of the sequence in order; a click seeks, name and note are edited in place. UI thread.

use super::{
    commands::CommandId as C,
    fonts, icons,
    state::{Cx, Selection},
    theme::size,
    widgets,
    words::{tr, tr_args},
};
use crate::{base::MarkerId, edit::EditCommand, model::Marker, session::Command};
use egui::{
    Align, CornerRadius, Key, Layout, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

const ROW: f32 = 58.0;

/// What the panel remembers between passes.
#[derive(Debug, Default)]
pub struct MarkersState {
    editing: Option<Editing>,
}

/// A marker whose name and note are fields for now.
#[derive(Debug)]
struct Editing {
    marker: MarkerId,
    name: String,
    note: String,
    /// The field that gets the focus in this pass.
    focus: Option<Field>,
    /// One of the fields has the focus in this pass.
    focused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Name,
    Note,
}

impl MarkersState {
    fn edit(&mut self, marker: &Marker, focus: Field) {
        let (name, note) = (marker.name.clone(), marker.note.clone());
        self.editing = Some(Editing { marker: marker.id, name, note, focus: Some(focus), focused: true });
    }
}

/// Draw the panel into all of `ui`.
pub fn markers_ui(ui: &mut Ui, state: &mut MarkersState, cx: &mut Cx<'_>) {
    let sequence = cx.project.sequence.clone();
    let mut markers: Vec<&Marker> = sequence.markers.iter().collect();
    markers.sort_by_key(|m| m.frame);
    ui.horizontal(|ui| {
        ui.label(RichText::new(tr_args("shell-markers", &[("n", markers.len().into())])).small().color(cx.theme.secondary()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| widgets::command_button(ui, cx, C::AddMarker, false));
    });
    if markers.is_empty() {
        widgets::empty(ui, cx.theme, icons::FLAG, &tr("shell-no-markers"), &tr("shell-no-markers.tip"));
        return;
    }
    ui.add_space(2.0);
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(ui, ROW, markers.len(), |ui, rows| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for marker in &markers[rows] {
            row_ui(ui, state, cx, marker, &sequence.timecode(marker.frame));
        }
    });
}

fn row_ui(ui: &mut Ui, state: &mut MarkersState, cx: &mut Cx<'_>, marker: &Marker, time: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW - 2.0), Sense::click());
    let selected = cx.shared.selection.marker == Some(marker.id);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, selected, format!("{time}, {}", marker.name)));
    if response.double_clicked() {
        let below = response.interact_pointer_pos().is_some_and(|p| p.y > rect.center().y);
        state.edit(marker, if below { Field::Note } else { Field::Name });
    } else if response.clicked() {
        cx.out.send(Command::Seek(marker.frame));
        cx.out.select(Selection { marker: Some(marker.id), ..Selection::default() });
    }
    let radius = CornerRadius::same(size::RADIUS);
    if selected || response.hovered() {
        ui.painter().rect_filled(rect, radius, if selected { cx.theme.surface(3) } else { cx.theme.surface(2) });
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(8.0, 4.0));
    let line = |y: f32, height: f32| Rect::from_min_size(pos2(inner.left(), inner.top() + y), vec2(inner.width(), height));
    let mut top = ui.new_child(UiBuilder::new().max_rect(line(0.0, 24.0)).layout(Layout::left_to_right(Align::Center)));
    color_ui(&mut top, cx, marker, time);
    let job = fonts::tabular(ui.ctx(), time, &fonts::regular(size::SMALL), cx.theme.secondary());
    top.label(top.painter().layout_job(job));
    top.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let label = tr_args("shell-delete-marker", &[("time", time.into())]);
        if widgets::icon_button_sized(ui, cx.theme, icons::TRASH, &label, &label, true, false, 20.0, 13.0).clicked() {
            cx.out.send(Command::Edit(EditCommand::RemoveMarker { id: marker.id }));
        }
        let label = tr_args("shell-edit-marker", &[("time", time.into())]);
        if widgets::icon_button_sized(ui, cx.theme, icons::PENCIL, &label, &label, true, false, 20.0, 13.0).clicked() {
            state.edit(marker, Field::Name);
        }
        let place = ui.available_rect_before_wrap();
        let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center)));
        text_ui(&mut ui, state, cx, marker, Field::Name, &tr_args("shell-marker-name", &[("time", time.into())]));
    });
    let mut bottom = ui.new_child(UiBuilder::new().max_rect(line(25.0, 22.0)).layout(Layout::left_to_right(Align::Center)));
    bottom.add_space(20.0);
    let label = tr_args("shell-marker-note", &[("time", time.into())]);
    text_ui(&mut bottom, state, cx, marker, Field::Note, &label);
    finish(ui, state, cx, marker);
}

/// The marker's colour; a click offers the others.
fn color_ui(ui: &mut Ui, cx: &mut Cx<'_>, marker: &Marker, time: &str) {
    let dot = RichText::new("●").size(13.0).color(cx.theme.marker(marker.color));
    let menu = ui.menu_button(dot, |ui| {
        ui.horizontal(|ui| {
            for i in 0..cx.theme.tokens().markers.len() as u8 {
                let label = tr_args("shell-marker-color-n", &[("n", (i + 1).into())]);
                let response = ui.selectable_label(marker.color == i, RichText::new("●").size(16.0).color(cx.theme.marker(i)));
                if response.accessible_name(label).clicked() {
                    cx.out.send(Command::Edit(EditCommand::SetMarker { marker: Marker { color: i, ..marker.clone() } }));
                    ui.close();
                }
            }
        });
    });
    menu.response.accessible_name(tr_args("shell-marker-color", &[("time", time.into())]));
}

/// Name or note: a text, or a field while the marker is edited.
fn text_ui(ui: &mut Ui, state: &mut MarkersState, cx: &Cx<'_>, marker: &Marker, field: Field, label: &str) {
    let (font, hint, color) = match field {
        Field::Name => (fonts::semibold(size::TEXT), tr("shell-marker-no-name"), cx.theme.text()),
        Field::Note => (fonts::regular(size::SMALL), tr("shell-marker-no-note"), cx.theme.secondary()),
    };
    let width = ui.available_width();
    let Some(editing) = state.editing.as_mut().filter(|e| e.marker == marker.id) else {
        let text = if field == Field::Name { &marker.name } else { &marker.note };
        let galley = widgets::elided(ui, text, font, color, width);
        let at = pos2(ui.cursor().left(), ui.max_rect().center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
        return;
    };
    ui.spacing_mut().interact_size.y = 18.0;
    let text = if field == Field::Name { &mut editing.name } else { &mut editing.note };
    let edit = TextEdit::singleline(text).id_salt(field as u8).font(font).text_color(color).hint_text(hint).margin(vec2(4.0, 2.0));
    let response = ui.add(edit.desired_width(width - 8.0)).accessible_name(label);
    if editing.focus == Some(field) {
        editing.focus = None;
        response.request_focus();
    }
    if response.has_focus() {
        editing.focused = true;
    }
}

/// Editing ends when the focus leaves both fields, with one step for both; Esc puts them back.
fn finish(ui: &Ui, state: &mut MarkersState, cx: &mut Cx<'_>, marker: &Marker) {
    let Some(editing) = state.editing.as_mut().filter(|e| e.marker == marker.id) else { return };
    if std::mem::take(&mut editing.focused) || editing.focus.is_some() {
        return;
    }
    let Some(done) = state.editing.take() else { return };
    let next = Marker { name: done.name, note: done.note, ..marker.clone() };
    if next != *marker && !ui.input(|i| i.key_pressed(Key::Escape)) {
        cx.out.send(Command::Edit(EditCommand::SetMarker { marker: next }));
    }
}
