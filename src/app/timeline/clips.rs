//! Paints one lane: clips with name bar, film strip and waveform, fades, transitions. Only what is visible is touched,
//! found by binary search; runs of clips narrower than 3 points become one bar; each kind of thing is one mesh a lane.

use super::{
    curve,
    lanes::{Lane, Lanes},
    strips,
};
use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::{ClipHue, Theme, size},
        widgets,
        words::tr,
    },
    base::ClipId,
    model::{Clip, ClipContent, Project, TrackKind},
    session::MediaState,
};
use egui::{Color32, CornerRadius, Mesh, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, pos2, vec2};
use std::sync::Arc;

/// Clips narrower than this are merged into bars, in points.
const MERGE: f32 = 3.0;
/// Clips narrower than this have no name, strip or wave.
const PLAIN: f32 = 14.0;
/// Clips narrower than this have square corners.
const ROUND: f32 = 40.0;

/// The hue of a clip's kind; sound without a picture of its own counts as music.
pub fn hue<'a>(theme: &'a Theme, project: &Project, clip: &Clip, kind: TrackKind) -> &'a ClipHue {
    let t = theme.tokens();
    match (&clip.content, kind) {
        (ClipContent::Title(_) | ClipContent::Solid { .. } | ClipContent::Adjustment, _) => &t.title,
        (ClipContent::Media { .. } | ClipContent::Sequence { .. }, TrackKind::Video) => &t.video,
        (content, TrackKind::Audio) => {
            if project.media_of(content).is_some_and(|m| m.info.video.is_none()) {
                &t.music
            } else {
                &t.audio
            }
        }
    }
}

/// What a clip is called on the timeline.
pub fn clip_name(project: &Project, clip: &Clip) -> String {
    if !clip.name.is_empty() {
        return one_line(&clip.name);
    }
    match &clip.content {
        ClipContent::Media { .. } => project.media_of(&clip.content).map_or_else(|| tr("timeline-missing-media"), |m| one_line(&m.name)),
        ClipContent::Title(t) => t.text.lines().next().unwrap_or_default().to_owned(),
        ClipContent::Solid { .. } => tr("timeline-colour"),
        ClipContent::Sequence { sequence, .. } => {
            project.sequence_of(*sequence).filter(|s| !s.name.is_empty()).map_or_else(|| sequence.to_string(), |s| one_line(&s.name))
        }
        ClipContent::Adjustment => tr("timeline-adjustment"),
    }
}

/// A name as it fits a bar: line breaks and tabs become spaces.
fn one_line(name: &str) -> String {
    name.replace(|c: char| c.is_control(), " ")
}

/// Shapes of a lane, in drawing order.
#[derive(Default)]
struct Layers {
    flat: Mesh,
    bodies: Vec<Shape>,
    strips: Vec<Mesh>,
    waves: Mesh,
    names: Vec<(Pos2, Arc<egui::Galley>)>,
    overlays: Vec<Shape>,
}

/// Paint the lane's clips, transitions, and a veil where the track is hidden, muted or locked. `selected` are the places
/// of the selected clips in the track, rising.
pub fn paint_lane(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, lane: &Lane, selected: &[usize], hovered: Option<ClipId>) {
    let (from, to) = lanes.visible();
    let clips = lane.track.clips_in(from, to);
    let first = lane.track.clips.partition_point(|c| c.end() <= from);
    let any_selected = |a: usize, b: usize| selected.get(selected.partition_point(|p| *p < first + a)).is_some_and(|p| *p < first + b);
    let mut layers = Layers::default();
    let mut i = 0;
    while i < clips.len() {
        let clip = &clips[i];
        let rect = lanes.clip_rect(lane, clip.start, clip.end());
        if rect.width() < MERGE {
            // all clips that end before the bar is MERGE wide are part of it
            let limit = lanes.frame_at(rect.left() + MERGE);
            let n = clips[i..].partition_point(|c| (c.end() as f64) < limit).max(1);
            let end = clips[i + n - 1].end();
            let bar = Rect::from_min_max(rect.min, pos2(lanes.x(end).max(rect.left() + 1.0), rect.bottom()));
            let color = if any_selected(i, i + n) { cx.theme.accent() } else { hue(cx.theme, &cx.project, clip, lane.track.kind).base.0 };
            layers.flat.add_colored_rect(bar, color);
            i += n;
            continue;
        }
        let looks = Looks { selected: any_selected(i, i + 1), hovered: hovered == Some(clip.id) };
        paint_clip(ui, cx, lanes, lane, clip, rect, looks, &mut layers);
        i += 1;
    }
    let painter = ui.painter_at(lanes.rect);
    painter.add(Shape::mesh(layers.flat));
    painter.extend(layers.bodies);
    painter.extend(layers.strips.into_iter().map(Shape::mesh));
    painter.add(Shape::mesh(layers.waves));
    for (pos, galley) in layers.names {
        painter.galley(pos, galley, cx.theme.on_clip());
    }
    painter.extend(layers.overlays);
    paint_transitions(&painter, cx, lanes, lane);
    if lane.track.muted || lane.track.locked {
        painter.rect_filled(lanes.lane_rect(lane), CornerRadius::ZERO, cx.theme.veil().gamma_multiply(0.7));
    }
}

/// How a clip stands out.
#[derive(Clone, Copy)]
struct Looks {
    selected: bool,
    hovered: bool,
}

#[expect(clippy::too_many_arguments, reason = "one clip of one lane: splitting it into structs would hide what is needed")]
fn paint_clip(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, lane: &Lane, clip: &Clip, rect: Rect, looks: Looks, out: &mut Layers) {
    let kind = lane.track.kind;
    let hue = *hue(cx.theme, &cx.project, clip, kind);
    // a hair of space between neighbours
    let rect = Rect::from_min_max(rect.min, pos2(rect.right() - 1.0, rect.bottom()));
    // never a shape much larger than the screen, whatever the zoom
    let rect = rect.intersect(lanes.rect.expand2(vec2(40.0, 1.0e4)));
    let plain = rect.width() < PLAIN;
    let name_bar = size::NAME_BAR.min(rect.height());
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), name_bar));
    // round corners cost ten times a quad: only where one can see them
    let radius = if rect.width() < ROUND { CornerRadius::ZERO } else { CornerRadius::same(size::CLIP_RADIUS) };
    if radius == CornerRadius::ZERO {
        out.flat.add_colored_rect(rect, hue.body.0);
        out.flat.add_colored_rect(bar, hue.base.0);
    } else {
        out.bodies.push(Shape::rect_filled(rect, radius, hue.body.0));
        out.bodies.push(Shape::rect_filled(bar, CornerRadius { sw: 0, se: 0, ..radius }, hue.base.0));
    }
    let inner = Rect::from_min_max(pos2(rect.left(), rect.top() + name_bar), rect.max);
    let state = clip.media().map(|m| cx.program.media_state(m));
    let offline = matches!(state, Some(MediaState::Offline(_)));
    if !plain && !offline && inner.height() > 8.0 {
        match kind {
            TrackKind::Video => strips::film_strip(ui.ctx(), cx, lanes, clip, inner, &mut out.strips),
            TrackKind::Audio => strips::waveform(cx, lanes, clip, inner, hue.wave.0, &mut out.waves),
        }
    }
    if !plain {
        let visible_left = rect.left().max(lanes.rect.left());
        let label = label(&cx.project, clip, state.as_ref());
        let width = rect.right() - visible_left - 12.0;
        if width > 12.0 {
            let galley = widgets::elided(ui, &label, fonts::regular(size::SMALL), cx.theme.on_clip(), width);
            out.names.push((pos2(visible_left + 6.0, bar.center().y - galley.size().y / 2.0), galley));
        }
        paint_fades(cx.theme, lanes, clip, rect, hue.wave.0, &mut out.overlays);
    }
    if offline {
        let galley = widgets::elided(ui, &tr("timeline-offline"), fonts::regular(size::SMALL), cx.theme.on_clip(), inner.width() - 8.0);
        if inner.width() > 60.0 {
            out.names.push((inner.center() - galley.size() / 2.0, galley));
        }
        out.bodies.push(Shape::rect_filled(inner, CornerRadius { nw: 0, ne: 0, ..radius }, cx.theme.failure().gamma_multiply(0.35)));
    }
    if !clip.enabled {
        out.overlays.push(Shape::rect_filled(rect, radius, cx.theme.veil()));
    }
    if !plain && !offline {
        paint_line(cx, lanes, lane, clip, rect, looks.selected, &mut out.overlays);
    }
    if looks.selected || looks.hovered {
        let stroke = if looks.selected { Stroke::new(2.0, cx.theme.accent()) } else { Stroke::new(1.0, cx.theme.joint()) };
        out.overlays.push(Shape::rect_stroke(rect, radius, stroke, StrokeKind::Inside));
    }
    if looks.selected
        && let Some((a, b)) = super::hit::fade_handles(lanes, lane, clip)
    {
        for p in [a, b] {
            out.overlays.push(Shape::circle_filled(p, 4.0, cx.theme.on_clip()));
            out.overlays.push(Shape::circle_stroke(p, 4.0, Stroke::new(1.0, hue.body.0)));
        }
    }
}

/// Name with signs for what is done to the clip.
fn label(project: &Project, clip: &Clip, state: Option<&MediaState>) -> String {
    let mut text = String::new();
    match state {
        Some(MediaState::Offline(_)) => text.extend([icons::OFFLINE, ' ']),
        Some(MediaState::EndedEarly(_)) => text.extend([icons::WARNING, ' ']),
        _ => {}
    }
    match clip.content {
        ClipContent::Title(_) => text.extend([icons::TEXT, ' ']),
        ClipContent::Adjustment => text.extend([icons::ADJUST, ' ']),
        ClipContent::Sequence { .. } => text.extend([icons::NEST, ' ']),
        _ => {}
    }
    text.push_str(&clip_name(project, clip));
    if clip.effects.iter().any(|e| e.enabled) {
        text.extend([' ', icons::SPARKLE]);
    }
    if clip.group.is_some() {
        text.extend([' ', icons::GROUP]);
    }
    let speed = clip.speed();
    if speed.is_freeze() && clip.content.source().is_some() {
        text.extend([' ', icons::FREEZE]);
    } else if !speed.is_normal() {
        text.push_str(&format!(" · {} %", (f64::from(speed.0) / f64::from(speed.1.max(1)) * 100.0).round()));
    }
    text
}

/// The line of loudness or opacity, over selected clips and in tall lanes.
fn paint_line(cx: &Cx<'_>, lanes: &Lanes, lane: &Lane, clip: &Clip, rect: Rect, selected: bool, out: &mut Vec<Shape>) {
    if rect.width() < curve::MIN_WIDTH || !(selected || lane.height >= curve::TALL) {
        return;
    }
    let Some(scale) = curve::Scale::of(lane) else { return };
    // a line that says nothing is left out where it was not asked for
    if !selected && scale.curve(clip).is_empty() && lane.track.kind == TrackKind::Video {
        return;
    }
    let key = cx.shared.selection.key.filter(|k| k.0 == clip.id).map(|k| k.1);
    let color = cx.theme.on_clip().gamma_multiply(if selected { 0.9 } else { 0.6 });
    out.extend(scale.shapes(lanes, clip, rect.intersect(lanes.rect), color, cx.theme.accent(), key));
}

fn paint_fades(theme: &Theme, lanes: &Lanes, clip: &Clip, rect: Rect, line: Color32, out: &mut Vec<Shape>) {
    let stroke = Stroke::new(1.0, line);
    let (top, bottom) = (rect.top() + size::NAME_BAR, rect.bottom());
    for (frames, edge, full) in
        [(clip.fade_in, clip.start, clip.start + clip.fade_in), (clip.fade_out, clip.end(), clip.end() - clip.fade_out)]
    {
        if frames <= 0 {
            continue;
        }
        let (x0, x1) = (lanes.x(edge), lanes.x(full));
        if (x1 - x0).abs() >= 2.0 {
            out.push(Shape::convex_polygon(vec![pos2(x0, top), pos2(x1, top), pos2(x0, bottom)], theme.veil(), Stroke::NONE));
            out.push(Shape::line_segment([pos2(x0, bottom), pos2(x1, top)], stroke));
        }
    }
}

/// Transitions as bright joints: lightest at the cut, with the crossing lines of a dissolve.
fn paint_transitions(painter: &egui::Painter, cx: &Cx<'_>, lanes: &Lanes, lane: &Lane) {
    let (from, to) = lanes.visible();
    let mut thin = Mesh::default();
    let mut covered = f32::NEG_INFINITY;
    for (t, cut) in cx.index.transitions_in(lane.place, from, to) {
        let rect = lanes.clip_rect(lane, cut - t.before, cut + t.after);
        let joint = cx.theme.joint();
        if rect.width() < 4.0 {
            // far out the cuts themselves are merged, and so are their joints
            if rect.width() >= 1.0 && rect.left() >= covered {
                thin.add_colored_rect(rect, joint);
                covered = rect.left() + MERGE;
            }
            continue;
        }
        let x = lanes.x(cut);
        let mut mesh = Mesh::default();
        let bright = joint.gamma_multiply(0.75);
        for (xs, colors) in
            [([rect.left(), x], [joint.gamma_multiply(0.12), bright]), ([x, rect.right()], [bright, joint.gamma_multiply(0.12)])]
        {
            let i = mesh.vertices.len() as u32;
            for (x, c) in xs.into_iter().zip(colors) {
                mesh.colored_vertex(pos2(x, rect.top()), c);
                mesh.colored_vertex(pos2(x, rect.bottom()), c);
            }
            mesh.add_triangle(i, i + 1, i + 2);
            mesh.add_triangle(i + 1, i + 2, i + 3);
        }
        painter.add(Shape::mesh(mesh));
        let selected = cx.shared.selection.transition == Some(t.id);
        let stroke = if selected { Stroke::new(2.0, cx.theme.accent()) } else { Stroke::new(1.0, joint) };
        painter.rect_stroke(rect, CornerRadius::same(3), stroke, StrokeKind::Inside);
        if rect.width() > 16.0 {
            let line = Stroke::new(1.0, joint.gamma_multiply(0.6));
            let body = Rect::from_min_max(pos2(rect.left(), rect.top() + size::NAME_BAR), rect.max);
            painter.line_segment([body.left_bottom(), body.right_top()], line);
            painter.line_segment([body.left_top(), body.right_bottom()], line);
        }
    }
    painter.add(Shape::mesh(thin));
}
