//! The slim bar under a picture: the whole film from left to right, the marked range, markers, the playhead. Dragging
//! scrubs; the ends of the marked range can be dragged.

use super::face::Face;
use crate::{
    app::{
        state::{Cx, Marks},
        words::tr,
    },
    session::{Monitor, Transport},
};
use egui::{CornerRadius, CursorIcon, Id, Rect, Response, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

/// Height in points.
pub const HEIGHT: f32 = 18.0;
/// The pointer takes hold of a mark's end this near to it, in points.
const REACH: f32 = 5.0;

/// What a drag over the bar moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grip {
    Playhead,
    In,
    Out,
}

struct Axis {
    left: f32,
    width: f32,
    frames: i64,
}

impl Axis {
    fn x(&self, frame: i64) -> f32 {
        self.left + self.width * (frame as f64 / self.frames.max(1) as f64) as f32
    }
    fn frame(&self, x: f32) -> i64 {
        let share = f64::from((x - self.left) / self.width.max(1.0)).clamp(0.0, 1.0);
        (share * self.frames as f64).floor() as i64
    }
}

/// Draw the bar into `rect`; the dragged playhead and marks are sent as wishes.
pub fn scrub_ui(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face, rect: Rect) -> Response {
    let id = Id::unique(("scrub bar", face.monitor));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let rail = rect.shrink2(vec2(16.0, 0.0));
    let axis = Axis { left: rail.left(), width: rail.width(), frames: face.duration };
    let name = tr(if face.monitor == Monitor::Program { "viewer-scrub-program" } else { "viewer-scrub-source" });
    let enabled = face.duration > 0;
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, enabled, &name);
        info.value = Some(face.playhead as f64);
        info.current_text_value = Some(face.timecode(face.playhead));
        info
    });
    if enabled {
        interact(ui, cx, face, &axis, &response, id);
    }
    paint(ui, cx, face, &axis, rail, &response);
    response
}

fn interact(ui: &Ui, cx: &mut Cx<'_>, face: &Face, axis: &Axis, response: &Response, id: Id) {
    let near = |x: f32| {
        let close = |frame: Option<i64>| frame.is_some_and(|f| (axis.x(f) - x).abs() <= REACH);
        if close(face.marks.start) {
            Grip::In
        } else if close(face.marks.end) {
            Grip::Out
        } else {
            Grip::Playhead
        }
    };
    let pointer = response.interact_pointer_pos().or(response.hover_pos());
    if let Some(pos) = pointer.filter(|_| response.hovered() && !response.dragged())
        && near(pos.x) != Grip::Playhead
    {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let Some(pos) = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on() || response.drag_stopped()) else {
        return;
    };
    let pressed_at = ui.input(|i| i.pointer.press_origin()).unwrap_or(pos);
    let grip =
        if ui.input(|i| i.pointer.any_pressed()) { near(pressed_at.x) } else { ui.data(|d| d.get_temp(id)).unwrap_or(Grip::Playhead) };
    ui.data_mut(|d| d.insert_temp(id, grip));
    let frame = axis.frame(pos.x);
    let last = face.duration - 1;
    match grip {
        // the exact picture follows a drag by itself; a release asks for it at once
        Grip::Playhead if response.drag_stopped() => face.send(cx.out, Transport::Seek(frame.min(last))),
        Grip::Playhead if frame.min(last) != face.playhead || face.playing => face.send(cx.out, Transport::Scrub(frame.min(last))),
        Grip::Playhead => {}
        Grip::In => {
            let most = face.marks.end.unwrap_or(face.duration) - 1;
            let marks = Marks { start: Some(frame.min(most)), ..face.marks };
            face.set_marks(cx.out, marks);
        }
        Grip::Out => {
            let least = face.marks.start.unwrap_or(0) + 1;
            let marks = Marks { end: Some((frame + 1).clamp(least, face.duration.max(least))), ..face.marks };
            face.set_marks(cx.out, marks);
        }
    }
}

fn paint(ui: &Ui, cx: &Cx<'_>, face: &Face, axis: &Axis, rail: Rect, response: &Response) {
    let theme = cx.theme;
    let live = response.hovered() || response.is_pointer_button_down_on() || response.has_focus();
    let half = if live { 3.0 } else { 2.0 };
    let strip = |a: f32, b: f32| Rect::from_min_max(pos2(a, rail.center().y - half), pos2(b, rail.center().y + half));
    let radius = CornerRadius::same(2);
    let painter = ui.painter();
    painter.rect_filled(strip(rail.left(), rail.right()), radius, theme.surface(3));
    if face.duration == 0 {
        return;
    }
    if let Some((a, b)) = face.marks.range(face.duration) {
        let range = strip(axis.x(a), axis.x(b));
        painter.rect_filled(range, radius, theme.accent().gamma_multiply(0.45));
        for (frame, inward) in [(face.marks.start, 3.0), (face.marks.end, -3.0)] {
            // a bracket that opens towards the range
            let Some(x) = frame.map(|f| axis.x(f)) else { continue };
            let stroke = Stroke::new(1.5, theme.accent());
            let (top, bottom) = (rail.center().y - 6.0, rail.center().y + 6.0);
            painter.vline(x, top..=bottom, stroke);
            painter.hline(x.min(x + inward)..=x.max(x + inward), top, stroke);
            painter.hline(x.min(x + inward)..=x.max(x + inward), bottom, stroke);
        }
    }
    if face.monitor == Monitor::Program {
        for marker in &face.sequence.markers {
            let x = axis.x(marker.frame);
            painter.rect_filled(Rect::from_center_size(pos2(x, rail.center().y), vec2(2.0, 2.0 * half)), 1, theme.marker(marker.color));
        }
    }
    let x = axis.x(face.playhead);
    painter.vline(x, rail.center().y - 7.0..=rail.center().y + 7.0, Stroke::new(2.0, theme.text()));
    painter.circle_filled(pos2(x, rail.center().y), if live { 5.0 } else { 4.0 }, theme.text());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_the_bar_are_frames_and_frames_are_places() {
        let axis = Axis { left: 20.0, width: 500.0, frames: 100 };
        for frame in [0, 1, 50, 99] {
            assert_eq!(axis.frame(axis.x(frame) + 0.1), frame);
        }
        assert_eq!((axis.frame(-50.0), axis.frame(9000.0)), (0, 100));
        let nothing = Axis { left: 0.0, width: 0.0, frames: 0 };
        assert_eq!((nothing.frame(5.0), nothing.x(0)), (0, 0.0));
    }
}
