//! The pointer in the lanes: what is hovered, selected, dragged, cut. One interaction for all clips; what lies under the
//! pointer is found by arithmetic.

use super::{
    Drag, Rubber, TimelineState,
    gesture::{Gesture, Note, Pointer, Start},
    hit::{self, Hit, Part},
    lanes::Lanes,
    menu,
    snap::Snapper,
};
use crate::{
    app::{
        edits,
        state::{Cx, Gap, Selection, Tool},
        words::tr,
    },
    base::ClipId,
    edit::{ClipChange, EditCommand},
    model::{Curve, Key as CurveKey},
    session::Command,
};
use egui::{CursorIcon, Key, PointerButton, Pos2, Rect, Response, Ui, WidgetInfo, accesskit::Role, pos2};
use std::collections::BTreeSet;

/// How near things catch, in points.
pub const SNAP_POINTS: f64 = 8.0;
/// How near the lanes' ends a drag makes them scroll, in points.
const SCROLL_ZONE: f32 = 24.0;

/// What this pass found out for painting.
#[derive(Default)]
pub struct Hovered {
    pub clip: Option<ClipId>,
    /// Where the razor would cut: frame, whether it caught, and the lane (None = all).
    pub cut: Option<(i64, bool, Option<usize>)>,
}

/// Selecting, cutting and dragging in the lanes.
pub fn lanes(ui: &mut Ui, state: &mut TimelineState, cx: &mut Cx<'_>, lanes: &Lanes, response: &Response) -> Hovered {
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, tr("timeline-lanes")));
    let selection = &cx.shared.selection;
    let index = cx.index;
    let at = |pos: Pos2| hit::hit(lanes, index, pos, |id| selection.clips.contains(&id));
    let under = response.hover_pos().filter(|_| response.hovered()).map(at);
    if let Some(hit) = &under {
        set_cursor(ui, cx.shared.tool, hit, &state.drag);
    }
    if response.drag_started_by(PointerButton::Primary)
        && let Some(origin) = ui.input(|i| i.pointer.press_origin())
    {
        state.drag = begin_drag(ui, state, cx, lanes, origin, at(origin));
    }
    drag(ui, state, cx, lanes, response);
    if (response.clicked() || response.secondary_clicked())
        && let Some(pos) = response.interact_pointer_pos()
    {
        let hit = at(pos);
        click(ui, state, cx, lanes, pos, &hit, response.secondary_clicked());
        if response.secondary_clicked() {
            state.menu_hit = Some((hit, lanes.frame_at(pos.x).floor() as i64));
        }
    }
    if response.double_clicked()
        && let Some(Hit::Clip { clip, .. }) = &under
        && clip.nested().is_some()
    {
        cx.out.run(crate::app::commands::CommandId::OpenNested);
    }
    response.context_menu(|ui| menu::lanes(ui, cx, state.menu_hit.as_ref()));
    let cut = response.hover_pos().filter(|_| cx.shared.tool == Tool::Razor && response.hovered()).map(|pos| {
        let all = ui.input(|i| i.modifiers.shift);
        let (frame, caught) = razor_frame(ui, cx, lanes, pos);
        (frame, caught, lanes.index_at(pos.y).filter(|_| !all))
    });
    let clip = match under {
        Some(Hit::Clip { clip, .. }) => Some(clip.id),
        _ => None,
    };
    Hovered { clip, cut }
}

fn set_cursor(ui: &Ui, tool: Tool, hit: &Hit, drag: &Drag) {
    let cursor = match (tool, hit, drag) {
        (_, _, Drag::Edit(g)) if g.moves_an_end() => CursorIcon::ResizeHorizontal,
        (_, _, Drag::Edit(g)) if matches!(g.last.note, Note::Decibels(_) | Note::Opacity(_)) => CursorIcon::ResizeVertical,
        (_, _, Drag::Edit(_) | Drag::Hand) => CursorIcon::Grabbing,
        (_, _, Drag::Rubber(_) | Drag::Stretch(_)) => CursorIcon::Crosshair,
        (Tool::Hand, ..) => CursorIcon::Grab,
        (Tool::Zoom, ..) => CursorIcon::ZoomIn,
        (_, Hit::Clip { locked: true, .. }, _) => CursorIcon::NotAllowed,
        (Tool::Razor, Hit::Clip { .. }, _) => CursorIcon::VerticalText,
        (Tool::Slip, Hit::Clip { .. }, _) => CursorIcon::ResizeColumn,
        (Tool::Slide, Hit::Clip { .. }, _) => CursorIcon::Grab,
        (Tool::Roll, Hit::Clip { part: Part::Edge { .. }, .. }, _) => CursorIcon::ResizeColumn,
        (Tool::Roll | Tool::RippleTrim, Hit::Clip { part: Part::Body, .. }, _) => CursorIcon::Default,
        (_, Hit::Clip { part: Part::Edge { .. }, .. } | Hit::Transition { .. }, _) => CursorIcon::ResizeHorizontal,
        (_, Hit::Clip { part: Part::FadeIn | Part::FadeOut | Part::Key(_), .. }, _) => CursorIcon::PointingHand,
        (_, Hit::Clip { part: Part::Line, .. }, _) => CursorIcon::ResizeVertical,
        _ => CursorIcon::Default,
    };
    ui.ctx().set_cursor_icon(cursor);
}

/// The clips that are taken along when `clip` is taken hold of: the selection if it holds it, else it and its links; with
/// the track tool all from it on.
fn grabbed(ui: &Ui, cx: &Cx<'_>, clip: ClipId) -> BTreeSet<ClipId> {
    let (alt, shift) = ui.input(|i| (i.modifiers.alt, i.modifiers.shift));
    if cx.shared.tool == Tool::TrackSelect {
        return from_clip_on(cx, clip, shift);
    }
    if cx.shared.selection.clips.contains(&clip) && !alt {
        return cx.shared.selection.clips.clone();
    }
    let one = BTreeSet::from([clip]);
    // Alt takes one clip out of its link
    if alt { one } else { cx.index.with_links(&one) }
}

/// `clip` and everything that starts with it or later; on its own track only, or on all unlocked ones.
fn from_clip_on(cx: &Cx<'_>, clip: ClipId, one_track: bool) -> BTreeSet<ClipId> {
    let Some((track, c)) = cx.index.clip(clip) else { return BTreeSet::new() };
    let tracks = cx.project.sequence.tracks.iter().filter(|t| !t.locked && (!one_track || t.id == track.id));
    tracks.flat_map(|t| &t.clips[t.clips.partition_point(|o| o.start < c.start)..]).map(|c| c.id).collect()
}

fn begin_drag(ui: &Ui, state: &TimelineState, cx: &mut Cx<'_>, lanes: &Lanes, origin: Pos2, hit: Hit) -> Drag {
    let frame = lanes.frame_at(origin.x);
    let modifiers = ui.input(|i| i.modifiers);
    let tool = cx.shared.tool;
    match tool {
        Tool::Hand => return Drag::Hand,
        Tool::Zoom => return Drag::Stretch(frame),
        Tool::Razor => return Drag::Over,
        _ => {}
    }
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
        Hit::Empty | Hit::Gap { .. } => {
            let keep = if modifiers.shift { cx.shared.selection.clips.clone() } else { BTreeSet::new() };
            return Drag::Rubber(Rubber { frame, y: lanes.unscrolled(origin.y), keep });
        }
    };
    let marks = cx.shared.marks;
    let extra: Vec<i64> = [Some(cx.program.playhead()), marks.start, marks.end].into_iter().flatten().collect();
    let start = Start {
        project: &cx.project,
        index: cx.index,
        lanes,
        tool,
        grab: (frame, lanes.unscrolled(origin.y)),
        selected: &selected,
        alone: modifiers.alt,
        command: modifiers.command,
        extra_snaps: &extra,
    };
    match Gesture::start(&hit, &start) {
        Some(gesture) => Drag::Edit(Box::new(gesture)),
        None => match state.drag {
            Drag::None => Drag::Over,
            _ => Drag::None,
        },
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
    let pos = ui.input(|i| i.pointer.interact_pos());
    match &mut state.drag {
        Drag::None => return,
        Drag::Over => {}
        Drag::Edit(g) => {
            if let Some(pos) = pos {
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
        Drag::Hand => {
            let delta = ui.input(|i| i.pointer.delta());
            state.view = state.view.panned(-f64::from(delta.x)).held(cx.project.sequence.duration(), f64::from(lanes.rect.width()));
            state.scroll = (state.scroll - delta.y).max(0.0);
        }
        Drag::Stretch(from) => {
            if let Some(pos) = pos.filter(|_| released) {
                let (a, b) = (from.min(lanes.frame_at(pos.x)), from.max(lanes.frame_at(pos.x)));
                state.view = state.view.spanning(a, b, f64::from(lanes.rect.width()));
            }
        }
    }
    if released {
        state.drag = Drag::None;
    } else if let Some(pos) = pos.filter(|_| matches!(state.drag, Drag::Edit(_) | Drag::Rubber(_))) {
        scroll_along(ui, state, cx, lanes, pos);
    }
}

/// A drag near the end of the lanes moves the view.
fn scroll_along(ui: &Ui, state: &mut TimelineState, cx: &Cx<'_>, lanes: &Lanes, pos: Pos2) {
    let over = |p: f32, low: f32, high: f32| (p - (high - SCROLL_ZONE)).max(0.0) - ((low + SCROLL_ZONE) - p).max(0.0);
    let dx = over(pos.x, lanes.rect.left(), lanes.rect.right()).clamp(-80.0, 80.0);
    // at the very start there is nothing to scroll to
    let dx = if state.view.left <= 0.0 { dx.max(0.0) } else { dx };
    let dy = over(pos.y, lanes.rect.top() - SCROLL_ZONE, lanes.rect.bottom() + SCROLL_ZONE).clamp(-40.0, 40.0);
    if dx != 0.0 {
        let seconds = f64::from(ui.input(|i| i.stable_dt).min(0.1));
        let view = state.view.panned(f64::from(dx) * seconds * 12.0);
        state.view =
            view.held(cx.project.sequence.duration() + (lanes.rect.width() as f64 / view.scale) as i64, f64::from(lanes.rect.width()));
        ui.ctx().request_repaint();
    }
    if dy != 0.0 && lanes.content_height() > lanes.rect.height() {
        state.scroll = (state.scroll + dy * 0.2).max(0.0);
        ui.ctx().request_repaint();
    }
}

fn snap_radius(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes) -> f64 {
    let alt = ui.input(|i| i.modifiers.alt);
    if cx.shared.snapping != alt { SNAP_POINTS / lanes.view.scale } else { 0.0 }
}

fn pointer(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes, pos: Pos2) -> Pointer {
    let modifiers = ui.input(|i| i.modifiers);
    Pointer {
        frame: lanes.frame_at(pos.x),
        level: lanes.level_at(pos.y),
        y: lanes.unscrolled(pos.y),
        snap_radius: snap_radius(ui, cx, lanes),
        frames_per_point: 1.0 / lanes.view.scale,
        ripple: modifiers.command,
        straight: modifiers.shift,
    }
}

/// The frame that the razor cuts at, and whether it caught on something.
fn razor_frame(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes, pos: Pos2) -> (i64, bool) {
    let frame = lanes.frame_at(pos.x);
    let radius = snap_radius(ui, cx, lanes);
    let snaps = Snapper::new(&cx.project.sequence, cx.index, BTreeSet::new(), [cx.program.playhead()]);
    let caught = if radius > 0.0 { snaps.near(frame, radius) } else { None };
    (caught.unwrap_or(frame.round() as i64), caught.is_some())
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

fn click(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>, lanes: &Lanes, pos: Pos2, hit: &Hit, secondary: bool) {
    let modifiers = ui.input(|i| i.modifiers);
    match (cx.shared.tool, hit) {
        (Tool::Zoom, _) if !secondary => {
            let factor = if modifiers.alt { 0.5 } else { 2.0 };
            state.view = state.view.zoomed_at(f64::from(pos.x - lanes.rect.left()), factor);
            state.view.left = state.view.left.max(0.0);
        }
        (Tool::Hand, _) if !secondary => {}
        (Tool::Razor, Hit::Clip { clip, locked: false, .. }) if !secondary => {
            let (frame, _) = razor_frame(ui, cx, lanes, pos);
            let only = if modifiers.shift { BTreeSet::new() } else { BTreeSet::from([clip.id]) };
            if let Some(edit) = edits::split(&cx.project, &only, frame) {
                cx.out.send(Command::Edit(edit));
            }
        }
        (Tool::Razor, _) if !secondary => {}
        (Tool::TrackSelect, Hit::Clip { clip, .. }) if !secondary => {
            let set = from_clip_on(cx, clip.id, modifiers.shift);
            cx.out.select(Selection::clips(set));
        }
        (_, Hit::Clip { clip, part: Part::Key(frame), .. }) if !secondary => {
            cx.out.select(Selection { key: Some((clip.id, *frame)), ..Selection::clips([clip.id]) });
        }
        (_, Hit::Clip { clip, track, part: Part::Line, locked: false }) if !secondary && (modifiers.command || modifiers.alt) => {
            let frame = lanes.frame_at(pos.x).floor() as i64 - clip.start;
            if let Some(edit) = add_key(lanes, clip, *track, frame) {
                cx.out.send(Command::Edit(edit));
                cx.out.select(Selection { key: Some((clip.id, frame)), ..Selection::clips([clip.id]) });
            }
        }
        (_, Hit::Clip { clip, .. }) => {
            let already = cx.shared.selection.clips.contains(&clip.id);
            let toggle = modifiers.shift || modifiers.command;
            if secondary && already {
                return;
            }
            let alone = BTreeSet::from([clip.id]);
            let group = if modifiers.alt { alone } else { cx.index.with_links(&alone) };
            let set: BTreeSet<ClipId> = match (toggle, already) {
                (true, true) => cx.shared.selection.clips.difference(&group).copied().collect(),
                (true, false) => cx.shared.selection.clips.union(&group).copied().collect(),
                (false, _) => group,
            };
            state.focus = Some(clip.id);
            cx.out.select(Selection::clips(set));
        }
        (_, Hit::Transition { id, .. }) => cx.out.select(Selection { transition: Some(*id), ..Selection::default() }),
        (_, Hit::Gap { .. } | Hit::Empty) => {
            let gap = match hit {
                Hit::Gap { track, from, to } => Some(Gap { track: *track, from: *from, to: *to }),
                _ => None,
            };
            cx.out.select(Selection { gap, ..Selection::default() });
            if !secondary {
                cx.out.send(Command::Seek(lanes.frame_at(pos.x).floor().max(0.0) as i64));
            }
        }
    }
}

/// A key where the line is, so that nothing changes yet.
fn add_key(lanes: &Lanes, clip: &crate::model::Clip, track: crate::base::TrackId, frame: i64) -> Option<EditCommand> {
    let lane = lanes.index_of(track).map(|i| &lanes.lanes[i])?;
    let scale = super::curve::Scale::of(lane)?;
    let mut curve: Curve<f32> = scale.curve(clip).clone();
    curve.set(CurveKey { frame, value: scale.value(clip, frame), ease: Default::default() });
    Some(EditCommand::SetClip { clip: clip.id, change: ClipChange::Animate(scale.animated(curve)) })
}
