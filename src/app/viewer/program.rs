//! The program viewer: the film's picture on the darkest surface, what helps to judge and compose it, the deck below.

use super::{
    ViewerState, compare,
    face::Face,
    handles, meters, path, scrub, stage,
    transport::{self, speed_text},
    welcome,
};
use crate::{
    app::{fonts, state::Cx, theme::size, words::tr},
    session::Enlarged,
};
use egui::{Align2, CornerRadius, Rect, Ui, pos2, vec2};

/// Height of the row above the picture of a narrow viewer, in points.
const HEADER: f32 = 30.0;

/// Draw the program viewer into all of `ui`.
pub fn program_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    let deck = Rect::from_min_max(pos2(area.left(), area.bottom() - size::TRANSPORT), area.max);
    let bar = Rect::from_min_max(pos2(area.left(), deck.top() - scrub::HEIGHT), pos2(area.right(), deck.top()));
    ui.painter().rect_filled(area, CornerRadius::ZERO, cx.theme.surface(0));
    ui.painter().rect_filled(Rect::from_min_max(bar.min, area.max), CornerRadius::ZERO, cx.theme.surface(1));
    let face = Face::program(cx);
    let header = if transport::needs_header(area.width()) { HEADER } else { 0.0 };
    let mut above = Rect::from_min_max(area.min + vec2(0.0, header), bar.right_top());
    // not where it would leave the picture no room
    if let Some((clip, steady)) = path::shown(cx).filter(|_| above.height() > 2.5 * path::HEIGHT) {
        let strip = above.with_min_y(above.bottom() - path::HEIGHT);
        above.max.y = strip.top();
        path::path_ui(ui, cx, strip, &clip, &steady);
    }
    if cx.project.media.is_empty() && face.duration == 0 {
        welcome::welcome_ui(ui, cx, above);
    } else {
        let with_meters = above.width() > 420.0 && above.height() > 160.0;
        let right = if with_meters { above.right() - meters::WIDTH } else { above.right() };
        let room = Rect::from_min_max(above.min, pos2(right, above.bottom()));
        picture_ui(ui, state, cx, &face, room);
        if with_meters {
            let rect = Rect::from_min_max(pos2(right, above.top() + 4.0), above.max - vec2(0.0, 4.0));
            meters::meters_ui(ui, cx, rect);
        }
    }
    if header > 0.0 {
        let rect = Rect::from_min_size(area.min, vec2(area.width(), header));
        transport::header_ui(ui, state, cx, &face, rect);
    }
    scrub::scrub_ui(ui, cx, &face, bar);
    transport::transport_ui(ui, state, cx, &face, deck);
    ui.expand_to_include_rect(area);
}

/// The picture and all that lies over it.
pub fn picture_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>, face: &Face, room: Rect) {
    let stage = stage::stage_ui(ui, cx, face, &mut state.zoom, room);
    let seen = stage.canvas.intersect(room);
    if face.duration == 0 {
        ui.painter().text(seen.center(), Align2::CENTER_CENTER, tr("viewer-nothing"), fonts::regular(size::TEXT), cx.theme.secondary());
        return;
    }
    if cx.shared.compare {
        let what = tr(if face.viewer.enlarged == Enlarged::Shown { "viewer-upscaled" } else { "viewer-after" });
        compare::compare_ui(ui, cx, &mut state.compare, &stage, room, &what);
    }
    state.overlays.paint(&ui.painter_at(room), cx.theme, stage.canvas);
    // nothing lies over what is judged
    if !cx.shared.compare {
        handles::handles_ui(ui, cx, &mut state.handles, &stage, room);
    }
    stage::state_ui(ui, cx, face, seen);
    stage::enlarged_ui(ui, cx, face, seen);
    if let Some(speed) = speed_text(face.speed).filter(|_| face.playing) {
        stage::chip(ui, cx, seen.right_bottom() + vec2(-10.0, -10.0), Align2::RIGHT_BOTTOM, &speed, cx.theme.text(), 120.0);
    }
}
