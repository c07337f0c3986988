//! The whole film in a strip, with the visible part as a window: drag it to move, its ends to zoom, press beside it to go
//! there. Also the bar at the side that scrolls the lanes.

use super::{TimelineState, lanes::Lanes, view::TimeView};
use crate::{
    app::{state::Cx, words::tr},
    model::{ClipContent, TrackKind},
};
use egui::{CornerRadius, CursorIcon, Id, Mesh, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2};
use std::sync::Arc;

pub const HEIGHT: f32 = 22.0;
/// Width of the zone at the window's ends, in points.
const END: f32 = 6.0;
/// The window is never drawn narrower.
const MIN_WINDOW: f32 = 14.0;
/// Runs of clips are merged to cells of this width.
const CELL: f32 = 3.0;
/// Width of the bar at the side.
pub const BAR: f32 = 8.0;

/// Which part of the window is dragged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Grip {
    /// Frames from the window's left end to where it was grabbed.
    Window(f64),
    Left,
    Right,
}

/// What the strip shows of the film, as long as neither it nor the strip's size changes.
#[derive(Debug)]
pub struct Overview {
    sequence: Arc<crate::model::Sequence>,
    rect: Rect,
    span: f64,
    mesh: Arc<Mesh>,
}

/// Draw the strip and move the view as it is dragged.
pub fn minimap(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>, rect: Rect, width: f32) {
    let response = ui.interact(rect, Id::unique("timeline overview"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, tr("timeline-overview")));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, CornerRadius::ZERO, cx.theme.surface(1));
    painter.hline(rect.x_range(), rect.top() + 0.5, cx.theme.hairline());
    let duration = cx.project.sequence.duration();
    let visible = f64::from(width) / state.view.scale;
    // what is looked at past the end of the film belongs to the strip as well
    let span = (duration as f64).max(state.view.left + visible).max(1.0);
    let track = rect.shrink2(vec2(4.0, 3.0));
    let per_frame = f64::from(track.width()) / span;
    let x = |frame: f64| track.left() + (frame * per_frame) as f32;
    let frame_at = |p: Pos2| f64::from(p.x - track.left()) / per_frame;
    painter.add(Shape::Mesh(overview(state, cx, track, span)));
    let playhead = x(cx.program.playhead() as f64);
    painter.vline(playhead, track.y_range(), Stroke::new(1.0, cx.theme.accent()));

    let window = |v: &TimeView| {
        let (a, b) = (x(v.left), x(v.left + f64::from(width) / v.scale));
        let grow = ((MIN_WINDOW - (b - a)) / 2.0).max(0.0);
        Rect::from_min_max(pos2(a - grow, track.top() - 1.0), pos2(b + grow, track.bottom() + 1.0))
    };
    let shown = window(&state.view);
    let at = |p: Pos2| {
        if (p.x - shown.left()).abs() <= END {
            Grip::Left
        } else if (p.x - shown.right()).abs() <= END {
            Grip::Right
        } else if shown.x_range().contains(p.x) {
            Grip::Window(frame_at(p) - state.view.left)
        } else {
            Grip::Window(visible / 2.0)
        }
    };
    if let Some(p) = response.hover_pos() {
        let cursor = if matches!(at(p), Grip::Window(_)) { CursorIcon::Grab } else { CursorIcon::ResizeHorizontal };
        ui.ctx().set_cursor_icon(cursor);
    }
    if response.is_pointer_button_down_on() && ui.input(|i| i.pointer.primary_pressed()) {
        state.grip = response.interact_pointer_pos().map(at);
    }
    if let (Some(grip), Some(p)) = (state.grip, response.interact_pointer_pos()) {
        let (frame, left, right) = (frame_at(p), state.view.left, state.view.left + visible);
        state.view = match grip {
            Grip::Window(from) => TimeView { left: frame - from, ..state.view },
            Grip::Left => state.view.spanning(frame.min(right - 1.0).max(0.0), right, f64::from(width)),
            Grip::Right => state.view.spanning(left, frame.max(left + 1.0), f64::from(width)),
        }
        .held(duration, f64::from(width));
    }
    if response.double_clicked() {
        state.fit(duration);
    }
    if !ui.input(|i| i.pointer.primary_down()) {
        state.grip = None;
    }
    let (fill, edge) = if response.hovered() || state.grip.is_some() { (0.14, 0.9) } else { (0.08, 0.5) };
    let radius = CornerRadius::same(3);
    painter.rect_filled(shown, radius, cx.theme.text().gamma_multiply(fill));
    painter.rect_stroke(shown, radius, Stroke::new(1.0, cx.theme.secondary().gamma_multiply(edge)), StrokeKind::Inside);
}

/// The film as cells of a few points: one row a track, in the hue of what lies there.
fn overview(state: &mut TimelineState, cx: &Cx<'_>, rect: Rect, span: f64) -> Arc<Mesh> {
    let sequence = &cx.project.sequence;
    let same = |o: &&Overview| Arc::ptr_eq(&o.sequence, sequence) && o.rect == rect && o.span == span;
    if let Some(known) = state.overview.as_ref().filter(same).filter(|_| state.overview_dark == cx.theme.tokens().dark) {
        return known.mesh.clone();
    }
    let mut mesh = Mesh::default();
    let video: Vec<_> = sequence.video_tracks().rev().collect();
    let rows: Vec<_> = video.into_iter().chain(sequence.audio_tracks()).collect();
    let height = rect.height() / rows.len().max(1) as f32;
    let per_frame = f64::from(rect.width()) / span;
    let cell = (f64::from(CELL) / per_frame).max(1.0);
    for (i, track) in rows.iter().enumerate() {
        let y = rect.top() + i as f32 * height;
        let mut next = 0;
        while let Some(clip) = track.clips.get(next) {
            // all clips that end within a cell are one bar
            let limit = clip.start as f64 + cell;
            let n = track.clips[next..].partition_point(|c| (c.end() as f64) < limit).max(1);
            let end = track.clips[next + n - 1].end();
            let (x0, x1) = ((clip.start as f64 * per_frame) as f32, (end as f64 * per_frame) as f32);
            let hue = match (&clip.content, track.kind) {
                (ClipContent::Title(_) | ClipContent::Adjustment | ClipContent::Solid { .. }, _) => cx.theme.tokens().title,
                (_, TrackKind::Video) => cx.theme.tokens().video,
                (_, TrackKind::Audio) => cx.theme.tokens().audio,
            };
            let bar = Rect::from_min_max(pos2(rect.left() + x0, y), pos2(rect.left() + x1.max(x0 + 1.0), y + (height - 0.5).max(0.5)));
            mesh.add_colored_rect(bar, hue.base.0.gamma_multiply(0.85));
            next += n;
        }
    }
    let mesh = Arc::new(mesh);
    state.overview = Some(Overview { sequence: sequence.clone(), rect, span, mesh: mesh.clone() });
    state.overview_dark = cx.theme.tokens().dark;
    mesh
}

/// The bar at the right of the lanes; only where not all of them fit.
pub fn side_bar(ui: &Ui, state: &mut TimelineState, cx: &Cx<'_>, lanes: &Lanes) {
    let (content, height) = (lanes.content_height(), lanes.rect.height());
    if content <= height + 0.5 || height < 30.0 {
        return;
    }
    let rect = Rect::from_min_max(pos2(lanes.rect.right() - BAR, lanes.rect.top()), lanes.rect.right_bottom());
    let response = ui.interact(rect, Id::unique("timeline side bar"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, tr("timeline-side-bar")));
    let share = (height / content).clamp(0.05, 1.0);
    let room = rect.height() * (1.0 - share);
    let most = content - height;
    if response.dragged() && room > 0.0 {
        state.scroll = (state.scroll + ui.input(|i| i.pointer.delta().y) * most / room).clamp(0.0, most);
    }
    let top = rect.top() + room * (state.scroll / most).clamp(0.0, 1.0);
    let knob = Rect::from_min_size(pos2(rect.left() + 2.0, top), vec2(BAR - 4.0, rect.height() * share));
    let strong = if response.hovered() || response.dragged() { 0.7 } else { 0.35 };
    ui.painter_at(lanes.rect).rect_filled(knob, CornerRadius::same(2), cx.theme.secondary().gamma_multiply(strong));
}
