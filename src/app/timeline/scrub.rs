//! The pointer in the ruler: scrubbing, and dragging markers and the ends of the marked range.

use super::{TimelineState, lanes::Lanes, menu, ruler, snap::Snapper};
use crate::{
    app::{
        icons,
        state::{Action, Cx, Marks, Selection},
        words::tr,
    },
    edit::EditCommand,
    model::Marker,
    session::Command,
};
use egui::{CursorIcon, Key, Pos2, Rect, Response, Sense, Ui, WidgetInfo, accesskit::Role};
use std::collections::BTreeSet;

/// How near the pointer takes hold of a flag or an end.
const REACH: f32 = 6.0;

/// What is dragged in the ruler.
#[derive(Clone, Debug, Default)]
pub enum RulerDrag {
    #[default]
    None,
    Playhead,
    /// The marker as it was, whether its end is dragged, the frame where it was grabbed, and whether the gesture has begun.
    Marker {
        marker: Box<Marker>,
        end: bool,
        grab: f64,
        begun: bool,
    },
    MarkIn,
    MarkOut,
    /// Ended by Esc.
    Over,
}

/// What lies under the pointer.
enum Grip {
    Marker(Box<Marker>, bool),
    MarkIn,
    MarkOut,
}

fn grip(cx: &Cx<'_>, lanes: &Lanes, rect: Rect, pos: Pos2) -> Option<Grip> {
    if pos.y < rect.bottom() - ruler::FLAGS {
        return None;
    }
    let near = |frame: i64| (lanes.x(frame) - pos.x).abs() <= REACH;
    let frame = lanes.frame_at(pos.x).floor() as i64;
    let reach = (f64::from(REACH) / lanes.view.scale).ceil() as i64 + 1;
    // the one drawn last lies on top
    let markers = cx.index.markers_in(frame.saturating_sub(reach), frame.saturating_add(reach)).iter().rev();
    for m in markers {
        if near(m.frame) || (m.duration > 0 && near(m.frame + m.duration)) {
            return Some(Grip::Marker(Box::new(m.clone()), !near(m.frame)));
        }
    }
    let marks = cx.shared.marks;
    if marks.start.is_some_and(near) {
        return Some(Grip::MarkIn);
    }
    marks.end.is_some_and(near).then_some(Grip::MarkOut)
}

/// Scrub by pressing or dragging in the ruler; the picture follows, and the exact one comes on release. Flags and the ends
/// of the marked range are dragged instead.
pub fn ruler(ui: &Ui, cx: &mut Cx<'_>, state: &mut TimelineState, lanes: &Lanes, rect: Rect) {
    let response = ui.interact(rect, egui::Id::unique("timeline ruler"), Sense::click_and_drag());
    let playhead = cx.program.playhead();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, tr("timeline-playhead"));
        info.value = Some(playhead as f64);
        info
    });
    if let Some(pos) = response.hover_pos()
        && grip(cx, lanes, rect, pos).is_some()
    {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    context(cx, state, lanes, rect, &response);
    if response.is_pointer_button_down_on() && ui.input(|i| i.pointer.primary_pressed()) {
        state.ruler = match ui.input(|i| i.pointer.press_origin()).and_then(|p| Some((p, grip(cx, lanes, rect, p)?))) {
            Some((p, Grip::Marker(marker, end))) => {
                cx.out.select(Selection { marker: Some(marker.id), ..Selection::default() });
                RulerDrag::Marker { marker, end, grab: lanes.frame_at(p.x), begun: false }
            }
            Some((_, Grip::MarkIn)) => RulerDrag::MarkIn,
            Some((_, Grip::MarkOut)) => RulerDrag::MarkOut,
            None => RulerDrag::Playhead,
        };
    }
    if ui.input(|i| i.key_pressed(Key::Escape)) && !matches!(state.ruler, RulerDrag::None) {
        if let RulerDrag::Marker { begun: true, .. } = state.ruler {
            cx.out.send(Command::Abort);
        }
        state.ruler = RulerDrag::Over;
    }
    let released = response.drag_stopped() || response.clicked();
    match state.ruler.clone() {
        RulerDrag::None | RulerDrag::Over => {}
        RulerDrag::Playhead => scrub(ui, cx, state, lanes, rect, &response),
        RulerDrag::Marker { marker, end, grab, begun } => {
            if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged() || released) {
                drag_marker(ui, cx, state, lanes, pos, (&marker, end, grab, begun), released);
            }
        }
        what @ (RulerDrag::MarkIn | RulerDrag::MarkOut) => {
            if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged()) {
                drag_mark(ui, cx, lanes, pos, matches!(what, RulerDrag::MarkIn));
            }
        }
    }
    if released || !ui.input(|i| i.pointer.primary_down()) {
        state.ruler = RulerDrag::None;
    }
}

fn scrub(ui: &Ui, cx: &mut Cx<'_>, state: &mut TimelineState, lanes: &Lanes, rect: Rect, response: &Response) {
    let end = cx.project.sequence.duration();
    let active = response.is_pointer_button_down_on() || response.drag_stopped() || response.clicked();
    let Some(pos) = response.interact_pointer_pos().filter(|_| active) else { return };
    // dragging past an end scrolls along
    if response.dragged() && !rect.x_range().contains(pos.x) {
        let over = if pos.x < rect.left() { pos.x - rect.left() } else { pos.x - rect.right() };
        state.view = state.view.panned(f64::from(over) * 0.2).held(end, f64::from(rect.width()));
        ui.ctx().request_repaint();
    }
    let frame = (lanes.frame_at(pos.x).floor() as i64).clamp(0, end);
    if response.drag_stopped() || response.clicked() {
        cx.out.send(Command::Seek(frame));
    } else if frame != cx.program.playhead() || ui.input(|i| i.pointer.primary_pressed()) {
        cx.out.send(Command::Scrub(frame));
    }
}

/// The nearest frame to catch on, else the one under the pointer.
pub(super) fn caught(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes, frame: f64) -> i64 {
    let alt = ui.input(|i| i.modifiers.alt);
    let snaps = Snapper::new(&cx.project.sequence, cx.index, BTreeSet::new(), [cx.program.playhead()]);
    let near = (cx.shared.snapping != alt).then(|| snaps.near(frame, super::input::SNAP_POINTS / lanes.view.scale)).flatten();
    near.unwrap_or(frame.round() as i64).max(0)
}

fn drag_marker(
    ui: &Ui,
    cx: &mut Cx<'_>,
    state: &mut TimelineState,
    lanes: &Lanes,
    pos: Pos2,
    (was, end, grab, begun): (&Marker, bool, f64, bool),
    released: bool,
) {
    let delta = lanes.frame_at(pos.x) - grab;
    let moved = if end {
        let to = caught(ui, cx, lanes, (was.frame + was.duration) as f64 + delta);
        Marker { duration: (to - was.frame).max(1), ..was.clone() }
    } else {
        Marker { frame: caught(ui, cx, lanes, was.frame as f64 + delta), ..was.clone() }
    };
    let changes = begun || (delta * lanes.view.scale).abs() >= 3.0;
    if changes {
        if !begun {
            cx.out.send(Command::Begin("Change marker"));
            state.ruler = RulerDrag::Marker { marker: Box::new(was.clone()), end, grab, begun: true };
        }
        cx.out.send(Command::EditAbsolute(EditCommand::SetMarker { marker: moved }));
        if released {
            cx.out.send(Command::Commit);
        }
    }
}

fn drag_mark(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, pos: Pos2, start: bool) {
    let frame = caught(ui, cx, lanes, lanes.frame_at(pos.x));
    let marks = cx.shared.marks;
    let moved = if start {
        Marks { start: Some(marks.end.map_or(frame, |e| frame.min(e - 1))), ..marks }
    } else {
        Marks { end: Some(marks.start.map_or(frame.max(1), |s| frame.max(s + 1))), ..marks }
    };
    if moved != marks {
        cx.out.push(Action::Mark(moved));
    }
}

/// The ruler's menu: what can be marked, and for a marker its colour.
fn context(cx: &mut Cx<'_>, state: &mut TimelineState, lanes: &Lanes, rect: Rect, response: &Response) {
    use crate::app::commands::CommandId as C;
    if response.secondary_clicked()
        && let Some(pos) = response.interact_pointer_pos()
    {
        state.menu_marker = match grip(cx, lanes, rect, pos) {
            Some(Grip::Marker(m, _)) => Some(m),
            _ => None,
        };
    }
    response.context_menu(|ui| {
        if let Some(marker) = state.menu_marker.clone() {
            ui.horizontal(|ui| {
                for color in 0..6u8 {
                    let (dot, r) = ui.allocate_exact_size(egui::vec2(24.0, 24.0), Sense::click());
                    let radius = if r.hovered() || r.has_focus() || color == marker.color { 8.0 } else { 6.0 };
                    ui.painter().circle_filled(dot.center(), radius, cx.theme.marker(color));
                    let name = crate::app::words::tr_args("timeline-marker-color", &[("n", (color + 1).into())]);
                    r.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, color == marker.color, &name));
                    if r.clicked() {
                        let marker = Marker { color, ..(*marker).clone() };
                        cx.out.send(Command::Edit(EditCommand::SetMarker { marker }));
                        ui.close();
                    }
                }
            });
            ui.separator();
            if menu::item(ui, cx, icons::TRASH, &tr("timeline-remove-marker")) {
                cx.out.send(Command::Edit(EditCommand::RemoveMarker { id: marker.id }));
            }
        }
        let facts = cx.facts;
        for id in [C::AddMarker, C::MarkIn, C::MarkOut, C::ClearMarks] {
            crate::app::widgets::command_item(ui, cx.theme, &facts, cx.out, id, false);
        }
    });
}

/// Whether a marker is being changed.
pub fn is_editing(drag: &RulerDrag) -> bool {
    matches!(drag, RulerDrag::Marker { begun: true, .. })
}
