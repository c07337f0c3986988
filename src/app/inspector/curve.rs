//! The curve of an animated value over its clip: keys that are dragged in time and value, the playhead. UI thread.

use super::{
    InspectorState,
    animate::EASES,
    keys::{Line, Param, Value},
    rows::{self, Number, Row},
    scope::Scope,
};
use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::{Theme, size},
        words::{tr, tr_args},
    },
    model::Clip,
    session::Command,
};
use egui::{Align2, CornerRadius, CursorIcon, Id, Pos2, Rangef, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

/// Height of the view in points.
const HEIGHT: f32 = 72.0;
/// How far from a key the pointer still takes it, in points.
const REACH: f32 = 8.0;

/// Frames and values to points, and back.
#[derive(Clone, Copy, Debug)]
struct Scale {
    rect: Rect,
    /// First and last frame of the clip.
    frames: (f64, f64),
    /// Lowest and highest value that has a place.
    values: (f64, f64),
}

impl Scale {
    fn new(rect: Rect, duration: i64, line: &Line, parts: usize) -> Self {
        let all = line.keys().iter().flat_map(|k| [k.value.0, k.value.1].into_iter().take(parts)).map(f64::from);
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        // a level line lies in the middle
        let room = if high - low > 1e-6 { (high - low) * 0.15 } else { (high.abs() * 0.5).max(0.5) };
        Self { rect: rect.shrink2(vec2(7.0, 4.0)), frames: (0.0, ((duration - 1).max(1)) as f64), values: (low - room, high + room) }
    }
    fn x(&self, frame: f64) -> f32 {
        self.rect.left() + self.rect.width() * ((frame - self.frames.0) / (self.frames.1 - self.frames.0)) as f32
    }
    fn y(&self, value: f64) -> f32 {
        self.rect.bottom() - self.rect.height() * ((value - self.values.0) / (self.values.1 - self.values.0)) as f32
    }
    fn frame(&self, x: f32) -> i64 {
        let share = f64::from((x - self.rect.left()) / self.rect.width().max(1.0));
        (self.frames.0 + share * (self.frames.1 - self.frames.0)).round() as i64
    }
    /// Change of value over points upwards.
    fn by(&self, points: f32) -> f64 {
        f64::from(points / self.rect.height().max(1.0)) * (self.values.1 - self.values.0)
    }
}

/// A curve with its place on the screen.
struct View<'a> {
    clip: &'a Clip,
    param: Param,
    line: Line,
    scale: Scale,
}

impl View<'_> {
    fn point(&self, frame: i64, value: f32) -> Pos2 {
        pos2(self.scale.x(frame as f64), self.scale.y(f64::from(value)))
    }

    /// The key under the pointer, and which of its parts.
    fn key_at(&self, pos: Pos2) -> Option<(i64, usize)> {
        let parts = parts(self.param);
        let all =
            self.line.keys().iter().flat_map(|k| [k.value.0, k.value.1].into_iter().take(parts).enumerate().map(|(i, v)| (k.frame, i, v)));
        let near = all.map(|(frame, i, v)| (frame, i, self.point(frame, v).distance(pos))).min_by(|a, b| a.2.total_cmp(&b.2))?;
        (near.2 <= REACH).then_some((near.0, near.1))
    }
}

fn parts(param: Param) -> usize {
    if param == Param::Position { 2 } else { 1 }
}

/// Draws the curve under its row where it is open and one clip is selected.
pub fn curve_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, param: Param, n: &Number<'_>, factor: f64) {
    let Some(clip) = scope.only().filter(|c| param.is_animated(c) && state.curves.contains(&param)) else { return };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let rect = rect.shrink2(vec2(0.0, 3.0));
    let name = tr_args("inspector-curve-view-of", &[("name", n.label.into())]);
    let response = ui.interact(rect, Id::unique(("inspector curve", param)), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
    let line = param.line(clip);
    // the value under the hand must not run away while it stretches the view
    let memory = response.id.with("scale");
    let fresh = Scale::new(rect, clip.duration, &line, parts(param));
    let scale = if state.held_key.is_some() {
        ui.data(|d| d.get_temp::<(f64, f64)>(memory)).map_or(fresh, |values| Scale { values, ..fresh })
    } else {
        fresh
    };
    let view = View { clip, param, line, scale };
    let over = response.hover_pos().and_then(|p| view.key_at(p));
    if response.drag_started()
        && let Some((frame, part)) = ui.input(|i| i.pointer.press_origin()).and_then(|p| view.key_at(p))
    {
        state.held_key = Some((param, frame));
        ui.data_mut(|d| {
            d.insert_temp(memory, scale.values);
            d.insert_temp(response.id, part);
        });
    }
    let held = state.held_key.filter(|h| h.0 == param).map(|h| h.1);
    if let (Some(frame), true) = (held, response.dragged()) {
        drag_key(ui, state, cx, &view, frame, (n, factor), &response);
    } else if response.clicked() || (held.is_none() && response.dragged()) {
        let at = response.interact_pointer_pos().map(|p| over.map_or(scale.frame(p.x), |k| k.0).clamp(0, clip.duration - 1));
        if let Some(frame) = at {
            cx.out.send(Command::Seek(clip.start + frame));
        }
    }
    if over.is_some() || held.is_some() {
        ui.set_cursor_icon(CursorIcon::Move);
    }
    let live = held.or(over.map(|k| k.0));
    paint(ui, cx.theme, rect, &view, scope.frame(clip), live);
    if let Some(key) = live.and_then(|f| view.line.key_at(f)) {
        let parts = [key.value.0, key.value.1].into_iter().take(parts(param)).map(|v| n.text(f64::from(v) * factor));
        let text = parts.collect::<Vec<_>>().join("  ");
        let at = rect.left_top() + vec2(6.0, 3.0);
        ui.painter().text(at, Align2::LEFT_TOP, text, fonts::regular(10.0), cx.theme.secondary());
    }
    ease_ui(ui, state, cx, scope, param, clip);
}

/// How the curve goes on from the key at or before the playhead.
fn ease_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, param: Param, clip: &Clip) {
    let options = EASES.map(|(ease, key)| (ease, tr(key)));
    let now = param.ease(clip, scope.frame(clip));
    let row = Row::next(ui);
    let all = tr("inspector-keys-remove-all");
    if rows::sign(ui, cx.theme, row.slot(2), icons::TRASH, (&all, param as usize), &all)
        && let Some(edit) = scope.many(|c| param.stop(c, scope.frame(c)))
    {
        state.change(ui, cx, edit);
    }
    if let Some(ease) = ui.push_id(param, |ui| rows::choice_in(ui, cx.theme, row, &tr("inspector-ease"), now, &options)).inner
        && let Some(edit) = scope.many(|c| param.set_ease(c, scope.frame(c), ease).into_iter().collect())
    {
        state.change(ui, cx, edit);
    }
}

fn drag_key(
    ui: &Ui,
    state: &mut InspectorState,
    cx: &mut Cx<'_>,
    view: &View<'_>,
    frame: i64,
    (n, factor): (&Number<'_>, f64),
    response: &egui::Response,
) {
    let (Some(pos), Some(key)) = (response.interact_pointer_pos(), view.line.key_at(frame)) else { return };
    let part = ui.data(|d| d.get_temp::<usize>(response.id)).unwrap_or(0);
    let by = view.scale.by(-response.drag_delta().y);
    let moved = |v: f32| ((f64::from(v) + by) * factor).clamp(*n.range.start(), *n.range.end()) / factor;
    let value: Value = if part == 0 { (moved(key.value.0) as f32, key.value.1) } else { (key.value.0, moved(key.value.1) as f32) };
    if let Some((change, to)) = view.param.move_key(view.clip, frame, view.scale.frame(pos.x), value)
        && (to != frame || value != key.value)
    {
        state.held_key = Some((view.param, to));
        state.change(ui, cx, crate::edit::EditCommand::SetClip { clip: view.clip.id, change });
    }
}

fn paint(ui: &Ui, theme: &Theme, rect: Rect, view: &View<'_>, playhead: i64, live: Option<i64>) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, CornerRadius::same(size::RADIUS), theme.surface(0));
    let s = &view.scale;
    for share in [0.25, 0.5, 0.75] {
        painter.hline(rect.x_range(), rect.top() + rect.height() * share, theme.hairline());
    }
    for part in (0..parts(view.param)).rev() {
        let color = if part == 0 { theme.text() } else { theme.secondary() };
        let value = |frame: f64| view.line.at(frame.round() as i64).map(|v| if part == 0 { v.0 } else { v.1 });
        // one sample a point at most; every frame where there are fewer
        let steps = (s.rect.width() as usize).min(view.clip.duration.clamp(2, 4096) as usize).max(2);
        let sample = |i: usize| {
            let frame = s.frames.1 * i as f64 / (steps - 1) as f64;
            value(frame).map(|v| pos2(s.x(frame.round()), s.y(f64::from(v))))
        };
        painter.add(Shape::line((0..steps).filter_map(sample).collect(), Stroke::new(1.5, color)));
    }
    let x = s.x(playhead as f64);
    painter.vline(x, Rangef::new(rect.top(), rect.bottom()), Stroke::new(1.0, theme.accent()));
    for key in view.line.keys() {
        for value in [key.value.0, key.value.1].into_iter().take(parts(view.param)) {
            let c = view.point(key.frame, value);
            let r = if live == Some(key.frame) { 5.0 } else { 4.0 };
            let points = vec![c - vec2(0.0, r), c + vec2(r, 0.0), c + vec2(0.0, r), c - vec2(r, 0.0)];
            let fill = if key.frame == playhead { theme.accent() } else { theme.surface(3) };
            painter.add(Shape::convex_polygon(points, fill, Stroke::new(1.2, theme.accent())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ease, Key};

    #[test]
    fn points_and_frames_go_both_ways() {
        let line = Line::new([(0, 1.0), (99, 3.0)].map(|(frame, v)| Key { frame, value: (v, 0.0), ease: Ease::Linear }));
        let s = Scale::new(Rect::from_min_size(pos2(10.0, 20.0), vec2(200.0, 70.0)), 100, &line, 1);
        for frame in [0, 1, 50, 99] {
            assert_eq!(s.frame(s.x(frame as f64)), frame);
        }
        assert!(s.y(1.0) > s.y(3.0), "more is higher");
        assert!(s.rect.y_range().contains(s.y(1.0)) && s.rect.y_range().contains(s.y(3.0)));
        assert!((s.by(s.y(1.0) - s.y(3.0)) - 2.0).abs() < 1e-4);
    }

    #[test]
    fn a_level_curve_and_a_clip_of_one_frame_have_a_place() {
        let line = Line::new([Key { frame: 0, value: (0.0, 0.0), ease: Ease::Linear }]);
        let s = Scale::new(Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 70.0)), 1, &line, 1);
        assert!(s.x(0.0).is_finite() && s.y(0.0).is_finite());
        assert_eq!(s.rect.center().y, s.y(0.0));
    }
}
