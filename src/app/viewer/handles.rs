//! Handles on the picture for the selected clip: drag it to move it, its corners to scale it, just outside them to turn it.
//! A click picks the topmost clip under the pointer. One drag is one undo step.

use super::{
    grips::{self, Grip, Guides, Held, Manner, Point},
    overlays,
    stage::Stage,
};
use crate::{
    app::{
        state::{Cx, Selection},
        theme::UNTINTED,
        words::tr,
    },
    base::ClipId,
    edit::{self, ClipChange, EditCommand},
    model::{Animated, Blendable, Clip, Curve, Ease, Key, TrackKind, Transform},
    session::{Command, outline},
};
use egui::{
    CornerRadius, CursorIcon, Key as KeyCode, PointerButton, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
    accesskit::Role, vec2,
};
use std::sync::Arc;

/// Half the side of a corner's square, and how near the pointer must come, in points.
const CORNER: f32 = 4.0;
const REACH: f32 = 10.0;

/// What the handles remember between passes.
#[derive(Debug, Default)]
pub struct HandlesState {
    dragged: Option<(ClipId, Held)>,
    guides: Guides,
}

impl HandlesState {
    /// Keys belong to the drag while there is one.
    pub fn is_dragging(&self) -> bool {
        self.dragged.is_some()
    }
}

/// Sequence pixels ↔ points on the screen.
#[derive(Clone, Copy)]
struct Map {
    canvas: Rect,
    size: (f64, f64),
}

impl Map {
    fn to_screen(self, p: Point) -> Pos2 {
        let share = vec2((p.0 / self.size.0) as f32, (p.1 / self.size.1) as f32);
        self.canvas.min + share * self.canvas.size()
    }
    fn to_sequence(self, p: Pos2) -> Point {
        let share = (p - self.canvas.min) / self.canvas.size();
        (f64::from(share.x) * self.size.0, f64::from(share.y) * self.size.1)
    }
    /// Sequence pixels under a length in points.
    fn length(self, points: f32) -> f64 {
        f64::from(points) * self.size.0 / f64::from(self.canvas.width().max(1.0))
    }
}

/// The one selected clip that shows under the playhead and may be moved.
fn target(cx: &Cx<'_>, frame: i64) -> Option<Arc<Clip>> {
    let s = &cx.project.sequence;
    let mut shown = s.video_tracks().filter(|t| !t.muted && !t.locked).filter_map(|t| t.clip_index_at(frame).map(|i| &t.clips[i]));
    let found = shown.find(|c| c.enabled && cx.shared.selection.clips.contains(&c.id))?.clone();
    let pictures = cx.shared.selection.clips.iter().filter(|id| s.clip(**id).is_some_and(|(t, _)| t.kind == TrackKind::Video));
    (pictures.count() == 1).then_some(found)
}

/// The topmost clip whose picture lies under a point of the sequence.
fn clip_at(cx: &Cx<'_>, frame: i64, p: Point) -> Option<ClipId> {
    let tracks = cx.project.sequence.video_tracks().rev().filter(|t| !t.muted);
    let mut shown = tracks.filter_map(|t| t.clip_index_at(frame).map(|i| &t.clips[i])).filter(|c| c.enabled);
    shown.find(|c| outline(&cx.project, c, &c.transform_at(frame)).is_some_and(|corners| grips::inside(&corners, p))).map(|c| c.id)
}

/// Draw the handles over the picture and carry out what is dragged.
pub fn handles_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut HandlesState, stage: &Stage, within: Rect) {
    let s = &cx.project.sequence;
    let map = Map { canvas: stage.canvas, size: (f64::from(s.width.max(1)), f64::from(s.height.max(1))) };
    let frame = cx.program.playhead();
    if cx.program.is_playing() && !state.is_dragging() {
        return;
    }
    let clip = target(cx, frame);
    let corners = clip.as_ref().and_then(|c| outline(&cx.project, c, &c.transform_at(frame)));
    interact(ui, cx, state, stage, map, clip.as_deref().zip(corners));
    if let Some((clip, corners)) = clip.as_ref().zip(corners) {
        paint(ui, cx, state, map, within, clip, &corners);
    }
}

fn interact(ui: &Ui, cx: &mut Cx<'_>, state: &mut HandlesState, stage: &Stage, map: Map, held: Option<(&Clip, [Point; 4])>) {
    let response = &stage.response;
    let reach = map.length(REACH);
    let hand = ui.input(|i| i.key_down(KeyCode::Space));
    if let Some((clip, corners)) = held {
        let start = response.drag_started_by(PointerButton::Primary) && !hand;
        let origin = ui.input(|i| i.pointer.press_origin());
        if let Some(from) = origin.filter(|_| start).map(|p| map.to_sequence(p))
            && let Some(grip) = grips::grip_at(&corners, from, reach)
        {
            state.dragged =
                Some((clip.id, Held { grip, transform: clip.transform_at(cx.program.playhead()), corners, from, frame: map.size }));
            cx.out.send(Command::Begin("Transform clip"));
        }
        if let Some(pos) = response.hover_pos().filter(|_| state.dragged.is_none()) {
            match grips::grip_at(&corners, map.to_sequence(pos), reach) {
                Some(Grip::Scale(_)) => ui.ctx().set_cursor_icon(CursorIcon::ResizeNwSe),
                Some(Grip::Rotate) => ui.ctx().set_cursor_icon(CursorIcon::Crosshair),
                Some(Grip::Move) => ui.ctx().set_cursor_icon(CursorIcon::Move),
                None => {}
            }
        }
    }
    if let Some((clip, held)) = state.dragged {
        drag(ui, cx, state, stage, map, (clip, held));
    } else if response.clicked_by(PointerButton::Primary)
        && let Some(pos) = response.interact_pointer_pos()
    {
        let found = clip_at(cx, cx.program.playhead(), map.to_sequence(pos));
        let clips = found.map_or_else(Vec::new, |id| edit::with_links(&cx.project, &[id]));
        cx.out.select(Selection::clips(clips));
    }
}

fn drag(ui: &Ui, cx: &mut Cx<'_>, state: &mut HandlesState, stage: &Stage, map: Map, (clip, held): (ClipId, Held)) {
    if ui.input(|i| i.key_pressed(KeyCode::Escape)) || cx.project.sequence.clip(clip).is_none() {
        cx.out.send(Command::Abort);
        *state = HandlesState::default();
        return;
    }
    let (modifiers, moved) = ui.input(|i| (i.modifiers, i.pointer.delta() != Vec2::ZERO));
    if let Some(pos) = stage.response.interact_pointer_pos().filter(|_| moved || stage.response.drag_stopped()) {
        let reach = if cx.shared.snapping != modifiers.alt { map.length(8.0) } else { 0.0 };
        let (transform, guides) = held.dragged(map.to_sequence(pos), Manner { straight: modifiers.shift, reach });
        state.guides = guides;
        if let Some((_, c)) = cx.project.sequence.clip(clip) {
            cx.out.send(Command::EditAbsolute(placed(c, cx.program.playhead(), transform)));
        }
    }
    if stage.response.drag_stopped() || !ui.input(|i| i.pointer.any_down()) {
        cx.out.send(Command::Commit);
        *state = HandlesState::default();
    }
}

/// The edit that puts a clip's picture there at a frame: what is animated gets a key, the rest its value.
fn placed(clip: &Clip, frame: i64, to: Transform) -> EditCommand {
    let (keys, at) = (&clip.keyframes, frame - clip.start);
    let mut fixed = Transform { position: clip.transform.position, scale: clip.transform.scale, rotation: clip.transform.rotation, ..to };
    fixed.opacity = clip.transform.opacity;
    let mut changes = Vec::new();
    match with_key(&keys.position, at, to.position) {
        Some(curve) => changes.push(ClipChange::Animate(Animated::Position(curve))),
        None => fixed.position = to.position,
    }
    match with_key(&keys.scale, at, to.scale) {
        Some(curve) => changes.push(ClipChange::Animate(Animated::Scale(curve))),
        None => fixed.scale = to.scale,
    }
    match with_key(&keys.rotation, at, to.rotation) {
        Some(curve) => changes.push(ClipChange::Animate(Animated::Rotation(curve))),
        None => fixed.rotation = to.rotation,
    }
    changes.push(ClipChange::Transform(fixed));
    let mut edits: Vec<_> = changes.into_iter().map(|change| EditCommand::SetClip { clip: clip.id, change }).collect();
    if edits.len() == 1 { edits.remove(0) } else { EditCommand::Batch(edits) }
}

/// The curve with a key at a frame; None where the value is not animated. A key that moves keeps its ease.
fn with_key<T: Blendable + PartialEq>(curve: &Curve<T>, frame: i64, value: T) -> Option<Curve<T>> {
    if curve.is_empty() {
        return None;
    }
    let mut curve = curve.clone();
    let ease = curve.key_at(frame).map_or_else(Ease::default, |k| k.ease);
    curve.set(Key { frame, value, ease });
    Some(curve)
}

fn paint(ui: &mut Ui, cx: &Cx<'_>, state: &HandlesState, map: Map, within: Rect, clip: &Clip, corners: &[Point; 4]) {
    let theme = cx.theme;
    let position = clip.transform_at(cx.program.playhead()).position;
    let points = corners.map(|c| map.to_screen(c));
    let painter = ui.painter_at(within);
    let edge = |width, color| Shape::closed_line(points.to_vec(), Stroke::new(width, color));
    painter.add(edge(3.0, theme.overlay_shade()));
    painter.add(edge(1.5, theme.accent()));
    let (x, y) = (f64::from(position.0), f64::from(position.1));
    let c = map.to_screen((map.size.0 / 2.0 + x, map.size.1 / 2.0 + y));
    overlays::cross(&painter, theme, c, 5.0, Stroke::new(1.5, theme.accent()));
    let names = ["viewer-corner-left-top", "viewer-corner-right-top", "viewer-corner-right-bottom", "viewer-corner-left-bottom"];
    for (i, (at, name)) in points.into_iter().zip(names.map(tr)).enumerate() {
        let square = Rect::from_center_size(at, Vec2::splat(CORNER * 2.0));
        // only named here: the stage takes the drag
        ui.interact(square, ui.scope_id().with(("corner", i)), Sense::hover())
            .widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, true, &name));
        painter.rect_filled(square, CornerRadius::same(2), UNTINTED);
        painter.rect_stroke(square, CornerRadius::same(2), Stroke::new(1.5, theme.accent()), StrokeKind::Outside);
    }
    let line = Stroke::new(1.0, theme.warning());
    if let Some(x) = state.guides.x {
        let x = map.to_screen((x, 0.0)).x;
        painter.vline(x, map.canvas.y_range(), line);
    }
    if let Some(y) = state.guides.y {
        let y = map.to_screen((0.0, y)).y;
        painter.hline(map.canvas.x_range(), y, line);
    }
}
