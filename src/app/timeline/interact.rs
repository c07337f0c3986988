//! Pointer, wheel and keys over the timeline: what is hovered, selected, dragged, cut; scroll and zoom; the ruler.

use super::{
    Drag, Rubber, TimelineState, clips,
    gesture::{Gesture, Pointer},
    hit::{self, Hit, Part},
    lanes::Lanes,
};
use crate::{
    app::{
        commands::CommandId as C,
        edits,
        state::{Cx, Selection, Tool},
        widgets,
    },
    base::ClipId,
    session::Command,
};
use egui::{CursorIcon, Key, PointerButton, Pos2, Rect, Response, Sense, Ui, WidgetInfo, accesskit::Role, pos2};
use std::collections::BTreeSet;

/// How near things catch, in points.
const SNAP_POINTS: f64 = 8.0;

/// Wheel and pinch: Ctrl zooms around the pointer, Shift or a second axis moves in time, else lanes scroll if they can.
pub fn scroll_and_zoom(ui: &Ui, state: &mut TimelineState, area: Rect, lanes_rect: Rect, duration: i64) {
    let Some(pos) = ui.input(|i| i.pointer.hover_pos()).filter(|p| area.contains(*p) && ui.rect_contains_pointer(area)) else { return };
    let (zoom, scroll) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta()));
    let width = f64::from(lanes_rect.width());
    if zoom != 1.0 {
        let x = f64::from(pos.x - lanes_rect.left()).max(0.0);
        state.view = state.view.zoomed_at(x, f64::from(zoom));
    } else if scroll != egui::Vec2::ZERO {
        state.view = state.view.panned(-f64::from(scroll.x)).held(duration, width);
        state.scroll = (state.scroll - scroll.y).max(0.0);
    }
    let pan = ui.input(|i| if i.pointer.middle_down() { i.pointer.delta() } else { egui::Vec2::ZERO });
    if pan != egui::Vec2::ZERO {
        state.view = state.view.panned(-f64::from(pan.x)).held(duration, width);
        state.scroll = (state.scroll - pan.y).max(0.0);
    }
    if state.view.left < 0.0 {
        state.view.left = 0.0;
    }
}

/// Selecting, cutting and dragging in the lanes; returns the clip under the pointer.
pub fn lanes(ui: &mut Ui, state: &mut TimelineState, cx: &mut Cx<'_>, lanes: &Lanes, response: &Response) -> Option<ClipId> {
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, "Timeline lanes"));
    let selection = &cx.shared.selection;
    let index = cx.index;
    let at = |pos: Pos2| hit::hit(lanes, index, pos, |id| selection.clips.contains(&id));
    let under = response.hover_pos().filter(|_| response.hovered()).map(at);
    if let Some(hit) = &under {
        set_cursor(ui, cx.shared.tool, hit, &state.drag);
    }
    if response.drag_started_by(PointerButton::Primary)
        && cx.shared.tool == Tool::Select
        && let Some(origin) = ui.input(|i| i.pointer.press_origin())
    {
        state.drag = begin_drag(ui, cx, lanes, origin, at(origin));
    }
    drag(ui, state, cx, lanes, response);
    if (response.clicked() || response.secondary_clicked())
        && let Some(pos) = response.interact_pointer_pos()
    {
        click(ui, cx, lanes, pos, &at(pos), response.secondary_clicked());
    }
    response.context_menu(|ui| context_menu(ui, cx));
    match under {
        Some(Hit::Clip { clip, .. }) => Some(clip.id),
        _ => None,
    }
}

fn set_cursor(ui: &Ui, tool: Tool, hit: &Hit, drag: &Drag) {
    let cursor = match (tool, hit, drag) {
        (_, _, Drag::Edit(g)) if g.label() == "Trim clip" => CursorIcon::ResizeHorizontal,
        (_, _, Drag::Edit(_)) => CursorIcon::Grabbing,
        (_, _, Drag::Rubber(_)) => CursorIcon::Crosshair,
        (_, Hit::Clip { locked: true, .. }, _) => CursorIcon::NotAllowed,
        (Tool::Razor, Hit::Clip { .. }, _) => CursorIcon::VerticalText,
        (Tool::Select, Hit::Clip { part: Part::Edge(_), .. } | Hit::Transition { .. }, _) => CursorIcon::ResizeHorizontal,
        (Tool::Select, Hit::Clip { part: Part::FadeIn | Part::FadeOut, .. }, _) => CursorIcon::PointingHand,
        _ => CursorIcon::Default,
    };
    ui.ctx().set_cursor_icon(cursor);
}

/// The clips that count as selected when `clip` is taken hold of: the selection if it holds it, else it and its links.
fn grabbed(ui: &Ui, cx: &Cx<'_>, clip: ClipId) -> BTreeSet<ClipId> {
    if cx.shared.selection.clips.contains(&clip) {
        return cx.shared.selection.clips.clone();
    }
    let one = BTreeSet::from([clip]);
    // Alt takes one clip out of its link
    if ui.input(|i| i.modifiers.alt) { one } else { cx.index.with_links(&one) }
}

fn begin_drag(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, origin: Pos2, hit: Hit) -> Drag {
    let frame = lanes.frame_at(origin.x);
    let selected = match &hit {
        Hit::Clip { clip, .. } => {
            let set = grabbed(ui, cx, clip.id);
            if set != cx.shared.selection.clips {
                cx.out.select(Selection::clips(set.iter().copied()));
            }
            set
        }
        Hit::Transition { id, .. } => {
            cx.out.select(Selection { transition: Some(*id), ..Selection::default() });
            BTreeSet::new()
        }
        Hit::Empty => {
            let keep = if ui.input(|i| i.modifiers.shift) { cx.shared.selection.clips.clone() } else { BTreeSet::new() };
            return Drag::Rubber(Rubber { frame, y: origin.y - lanes.rect.top() + lanes.scroll, keep });
        }
    };
    let marks = cx.shared.marks;
    let extra: Vec<i64> = [Some(cx.program.playhead()), marks.start, marks.end].into_iter().flatten().collect();
    match Gesture::start(&cx.project, cx.index, lanes, &hit, frame, &selected, &extra) {
        Some(gesture) => Drag::Edit(Box::new(gesture)),
        None => Drag::Over,
    }
}

/// Carry a running drag on: absolute edits while the pointer moves, commit on release, abort on Esc.
fn drag(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>, lanes: &Lanes, response: &Response) {
    let released = response.drag_stopped() || !ui.input(|i| i.pointer.primary_down());
    if ui.input(|i| i.key_pressed(Key::Escape)) {
        if let Drag::Edit(g) = &state.drag
            && g.begun
        {
            cx.out.send(Command::Abort);
        }
        if !matches!(state.drag, Drag::None) {
            state.drag = Drag::Over;
        }
    }
    match &mut state.drag {
        Drag::None => return,
        Drag::Over => {}
        Drag::Edit(g) => {
            if let Some(pos) = ui.input(|i| i.pointer.interact_pos()) {
                let step = g.step(lanes, &pointer(ui, cx, lanes, pos));
                if step.edit != g.last.edit
                    && let Some(edit) = &step.edit
                {
                    if !g.begun {
                        cx.out.send(Command::Begin(g.label()));
                        g.begun = true;
                    }
                    cx.out.send(Command::EditAbsolute(edit.clone()));
                }
                g.last = step;
            }
            if released && g.begun {
                cx.out.send(Command::Commit);
            }
        }
        Drag::Rubber(r) => {
            if let Some(rect) = rubber_rect(ui, lanes, r) {
                let found = inside(cx, lanes, rect).union(&r.keep).copied().collect::<BTreeSet<_>>();
                if found != cx.shared.selection.clips {
                    cx.out.select(Selection::clips(found));
                }
            }
        }
    }
    if released {
        state.drag = Drag::None;
    }
}

fn pointer(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes, pos: Pos2) -> Pointer {
    let (alt, command) = ui.input(|i| (i.modifiers.alt, i.modifiers.command));
    let snapping = cx.shared.snapping != alt;
    Pointer {
        frame: lanes.frame_at(pos.x),
        lane: lanes.index_at(pos.y),
        snap_radius: if snapping { SNAP_POINTS / lanes.view.scale } else { 0.0 },
        ripple: command,
    }
}

/// The rubber band on screen.
pub fn rubber_rect(ui: &Ui, lanes: &Lanes, r: &Rubber) -> Option<Rect> {
    let pos = ui.input(|i| i.pointer.interact_pos())?;
    let x = (f64::from(lanes.rect.left()) + lanes.view.x(r.frame)) as f32;
    Some(Rect::from_two_pos(pos2(x, r.y + lanes.rect.top() - lanes.scroll), pos).intersect(lanes.rect))
}

fn inside(cx: &Cx<'_>, lanes: &Lanes, rect: Rect) -> BTreeSet<ClipId> {
    let (from, to) = (lanes.frame_at(rect.left()).floor() as i64, lanes.frame_at(rect.right()).ceil() as i64);
    let touched = lanes.lanes.iter().filter(|l| lanes.lane_rect(l).intersects(rect));
    let found = touched.flat_map(|l| l.track.clips_in(from, to.max(from + 1))).map(|c| c.id).collect();
    cx.index.with_links(&found)
}

fn click(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, pos: Pos2, hit: &Hit, secondary: bool) {
    match hit {
        Hit::Clip { clip, locked, .. } if cx.shared.tool == Tool::Razor && !secondary => {
            let frame = lanes.frame_at(pos.x).round() as i64;
            if !locked {
                let only = BTreeSet::from([clip.id]);
                if let Some(edit) = edits::split(&cx.project, &only, frame) {
                    cx.out.send(Command::Edit(edit));
                }
            }
        }
        Hit::Clip { clip, .. } => {
            let already = cx.shared.selection.clips.contains(&clip.id);
            let toggle = ui.input(|i| i.modifiers.shift || i.modifiers.command);
            if secondary && already {
                return;
            }
            let alone = BTreeSet::from([clip.id]);
            let group = if ui.input(|i| i.modifiers.alt) { alone } else { cx.index.with_links(&alone) };
            let set = match (toggle, already) {
                (true, true) => cx.shared.selection.clips.difference(&group).copied().collect(),
                (true, false) => cx.shared.selection.clips.union(&group).copied().collect(),
                (false, _) => group,
            };
            cx.out.select(Selection::clips(set));
        }
        Hit::Transition { id, .. } => cx.out.select(Selection { transition: Some(*id), ..Selection::default() }),
        Hit::Empty => {
            cx.out.select(Selection::default());
            if !secondary {
                cx.out.send(Command::Seek(lanes.frame_at(pos.x).floor().max(0.0) as i64));
            }
        }
    }
}

fn context_menu(ui: &mut Ui, cx: &mut Cx<'_>) {
    let facts = cx.facts;
    let clips = cx.selected_clips();
    if let [clip] = clips[..] {
        ui.label(egui::RichText::new(clips::clip_name(&cx.project, clip)).small().color(cx.theme.secondary()));
    }
    for id in [C::Split, C::TrimStart, C::TrimEnd, C::Dissolve] {
        widgets::command_item(ui, cx.theme, &facts, cx.out, id, false);
    }
    ui.separator();
    for id in [C::ToggleEnabled, C::Link] {
        widgets::command_item(ui, cx.theme, &facts, cx.out, id, false);
    }
    ui.separator();
    for id in [C::Delete, C::RippleDelete] {
        widgets::command_item(ui, cx.theme, &facts, cx.out, id, false);
    }
}

/// Scrub by pressing or dragging in the ruler; the picture follows, and the exact one comes on release.
pub fn ruler(ui: &Ui, cx: &mut Cx<'_>, state: &mut TimelineState, lanes: &Lanes, rect: Rect) {
    let response = ui.interact(rect, egui::Id::unique("timeline ruler"), Sense::click_and_drag());
    let playhead = cx.program.playhead();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, "Playhead");
        info.value = Some(playhead as f64);
        info
    });
    let end = cx.project.sequence.duration();
    if let Some(pos) =
        response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on() || response.drag_stopped() || response.clicked())
    {
        // dragging past an end scrolls along
        if response.dragged() && !rect.x_range().contains(pos.x) {
            let over = if pos.x < rect.left() { pos.x - rect.left() } else { pos.x - rect.right() };
            state.view = state.view.panned(f64::from(over) * 0.2).held(end, f64::from(rect.width()));
            ui.ctx().request_repaint();
        }
        let frame = (lanes.frame_at(pos.x).round() as i64).clamp(0, end);
        if response.drag_stopped() || response.clicked() {
            cx.out.send(Command::Seek(frame));
        } else if frame != playhead || ui.input(|i| i.pointer.primary_pressed()) {
            cx.out.send(Command::Scrub(frame));
        }
    }
}
