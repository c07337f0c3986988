//! Before and after in one picture: a divider to drag, or both side by side.

use super::stage::{self, Stage, WHOLE};
use crate::app::{screens::Screen, state::Cx, theme::UNTINTED, words::tr};
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Key, Rect, Sense, Shape, Stroke, TextureId, Ui, WidgetInfo, epaint::RectShape, pos2, vec2,
};

/// How both are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    #[default]
    Wipe,
    SideBySide,
}

/// What the comparison remembers between passes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareState {
    pub layout: Layout,
    /// Place of the divider, 0–1 of the picture's width.
    pub at: f32,
}

impl Default for CompareState {
    fn default() -> Self {
        Self { layout: Layout::Wipe, at: 0.5 }
    }
}

/// Draw the picture before the change over the one after it. `what` names the change.
pub fn compare_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut CompareState, stage: &Stage, within: Rect, what: &str) {
    let before = cx.program.viewer().before.clone();
    let shown = cx.pictures.screens.picture(ui.ctx(), Screen::Before, before.as_ref(), cx.program.viewer().image_serial);
    let (Some((before, _)), Some(after)) = (shown, stage.texture) else { return };
    let seen = match state.layout {
        Layout::Wipe => {
            wipe_ui(ui, cx, state, stage, within, before);
            stage.canvas.intersect(within)
        }
        Layout::SideBySide => side_by_side(ui, cx, stage, within, before, after),
    };
    let width = (seen.width() / 2.0 - 30.0).max(20.0);
    stage::chip(ui, cx, seen.left_top() + vec2(10.0, 10.0), Align2::LEFT_TOP, &tr("viewer-before"), cx.theme.text(), width);
    stage::chip(ui, cx, seen.right_top() + vec2(-10.0, 10.0), Align2::RIGHT_TOP, what, cx.theme.text(), width);
}

fn wipe_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut CompareState, stage: &Stage, within: Rect, before: TextureId) {
    let canvas = stage.canvas;
    let grip = |x: f32| Rect::from_center_size(pos2(x, within.center().y), vec2(24.0, within.height()));
    let x = canvas.left() + canvas.width() * state.at;
    let response = ui.interact(grip(x), Id::unique("compare divider"), Sense::click_and_drag());
    let at = state.at;
    response.widget_info(|| WidgetInfo::slider(true, f64::from(at), tr("viewer-divider")));
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        state.at = ((pos.x - canvas.left()) / canvas.width().max(1.0)).clamp(0.0, 1.0);
    }
    if response.double_clicked() {
        state.at = 0.5;
    }
    if response.has_focus() {
        let by = ui.input(|i| i.num_presses(Key::ArrowUp) as f32 - i.num_presses(Key::ArrowDown) as f32);
        state.at = (state.at + by * 0.02).clamp(0.0, 1.0);
    }
    let x = canvas.left() + canvas.width() * state.at;
    let left = Rect::from_min_max(canvas.min, pos2(x, canvas.bottom()));
    let uv = Rect::from_min_max(WHOLE.min, pos2(state.at, 1.0));
    let painter = ui.painter_at(within);
    painter.add(Shape::Rect(RectShape::filled(left, CornerRadius::ZERO, UNTINTED).with_texture(before, uv)));
    let seen = canvas.intersect(within);
    painter.vline(x, seen.y_range(), Stroke::new(4.0, cx.theme.overlay_shade()));
    painter.vline(x, seen.y_range(), Stroke::new(2.0, UNTINTED));
    let c = pos2(x, seen.center().y);
    let radius = if response.hovered() || response.dragged() || response.has_focus() { 15.0 } else { 13.0 };
    painter.circle_filled(c, radius + 1.0, cx.theme.overlay_shade());
    painter.circle_filled(c, radius, UNTINTED);
    let ink = Stroke::new(1.6, cx.theme.canvas());
    painter.hline(c.x - 6.0..=c.x + 6.0, c.y, ink);
    for side in [-1.0, 1.0] {
        let tip = c + vec2(7.0 * side, 0.0);
        painter.add(Shape::line(vec![tip + vec2(-4.0 * side, -4.0), tip, tip + vec2(-4.0 * side, 4.0)], ink));
    }
}

/// Where both lie together.
fn side_by_side(ui: &Ui, cx: &Cx<'_>, stage: &Stage, within: Rect, before: TextureId, after: TextureId) -> Rect {
    let seen = stage.canvas.intersect(within);
    let painter = ui.painter_at(within);
    painter.rect_filled(seen, CornerRadius::ZERO, cx.theme.surface(0));
    let aspect = stage.canvas.width() / stage.canvas.height().max(1.0);
    let mut both = Rect::NOTHING;
    for (i, texture) in [before, after].into_iter().enumerate() {
        let half = seen.width() / 2.0;
        let room = Rect::from_min_size(pos2(seen.left() + half * i as f32, seen.top()), vec2(half, seen.height())).shrink2(vec2(1.0, 0.0));
        let place = crate::app::bin::fit(aspect, room);
        painter.add(Shape::Rect(RectShape::filled(place, CornerRadius::ZERO, UNTINTED).with_texture(texture, WHOLE)));
        both |= place;
    }
    both
}
