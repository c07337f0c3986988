//! What is painted under and over the clips: the ground with its lines, the selected gap, what a running drag shows, the
//! razor's line, the keyboard's frame.

use super::{
    Drag, TimelineState,
    gesture::Note,
    input::{self, Hovered},
    lanes::Lanes,
    ruler,
};
use crate::{
    app::{
        fonts,
        state::Cx,
        theme::{Theme, size},
        words::{tr, tr_args},
    },
    base::format_timecode,
    model::Sequence,
};
use egui::{Color32, CornerRadius, Mesh, Pos2, Rect, Response, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

/// From this width of a frame on each frame has a line, in points.
const FRAME_GRID: f64 = 24.0;

/// Lane backgrounds and the faint lines under the ruler's ticks; far in, one for each frame.
pub fn ground(ui: &Ui, theme: &Theme, lanes: &Lanes, sequence: &Sequence) {
    let painter = ui.painter_at(lanes.rect);
    painter.rect_filled(lanes.rect, CornerRadius::ZERO, theme.surface(0));
    for lane in &lanes.lanes {
        painter.rect_filled(lanes.lane_rect(lane), CornerRadius::ZERO, theme.surface(1).gamma_multiply(0.75));
    }
    let (from, to) = lanes.visible();
    let mut lines = Mesh::default();
    let mut line = |frame: i64, strength: f32| {
        let x = lanes.x(frame).round();
        let rect = Rect::from_min_max(pos2(x, lanes.rect.top()), pos2(x + 1.0, lanes.rect.bottom()));
        lines.add_colored_rect(rect, theme.line().gamma_multiply(strength));
    };
    if lanes.view.scale >= FRAME_GRID {
        (from..to).for_each(|f| line(f, 0.3));
    }
    let (major, _) = ruler::tick_spacing(sequence.frame_rate, lanes.view.scale, ruler::LABEL);
    ruler::ticks(from, to, (major, major), ruler::Counting::of(sequence)).for_each(|(frame, _)| line(frame, 0.55));
    painter.add(Shape::mesh(lines));
}

/// The selected space between clips.
pub fn gap(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes) {
    let Some(gap) = cx.shared.selection.gap else { return };
    let Some(lane) = lanes.index_of(gap.track).map(|i| &lanes.lanes[i]) else { return };
    let rect = lanes.clip_rect(lane, gap.from, gap.to).intersect(lanes.rect.expand(20.0));
    let painter = ui.painter_at(lanes.rect);
    painter.rect_filled(rect, CornerRadius::same(2), cx.theme.accent_tint());
    painter.rect_stroke(rect, CornerRadius::same(2), Stroke::new(1.5, cx.theme.accent()), StrokeKind::Inside);
}

/// Snap line, rubber band and the small text of a running drag.
pub fn drag(ui: &Ui, state: &TimelineState, cx: &Cx<'_>, lanes: &Lanes, ruler: Rect) {
    let painter = ui.painter_at(Rect::from_min_max(ruler.min, lanes.rect.max));
    let pos = ui.input(|i| i.pointer.interact_pos());
    match &state.drag {
        Drag::Edit(g) => {
            if let Some(frame) = g.last.caught {
                painter.vline(lanes.x(frame), ruler.top()..=lanes.rect.bottom(), Stroke::new(1.0, cx.theme.warning()));
            }
            if let (Some(pos), Some(text)) = (pos.filter(|_| g.begun), note(cx, g.last.note)) {
                bubble(&painter, cx, pos, lanes.rect, &text);
            }
        }
        Drag::Rubber(r) => {
            if let Some(rect) = input::rubber_rect(ui, lanes, r) {
                band(&painter, cx, rect);
            }
        }
        Drag::Stretch(from) => {
            if let Some(pos) = pos {
                let x = (f64::from(lanes.rect.left()) + lanes.view.x(*from)) as f32;
                band(&painter, cx, Rect::from_x_y_ranges(x.min(pos.x)..=x.max(pos.x), lanes.rect.y_range()));
            }
        }
        Drag::None | Drag::Hand | Drag::Over => {}
    }
}

fn band(painter: &egui::Painter, cx: &Cx<'_>, rect: Rect) {
    painter.rect_filled(rect, CornerRadius::same(2), cx.theme.accent_tint());
    painter.rect_stroke(rect, CornerRadius::same(2), Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
}

/// What a drag has come to, in words.
fn note(cx: &Cx<'_>, note: Note) -> Option<String> {
    let s = &cx.project.sequence;
    let timecode = |frames: i64| format_timecode(frames, s.frame_rate, false);
    let signed = |frames: i64| format!("{}{}", if frames > 0 { "+" } else { "" }, timecode(frames));
    Some(match note {
        Note::None => return None,
        Note::By(frames) => signed(frames),
        Note::Length(frames) => tr_args("timeline-note-length", &[("time", timecode(frames).into()), ("frames", frames.into())]),
        Note::Slip { by, first, last } => {
            tr_args("timeline-note-slip", &[("by", signed(by).into()), ("first", first.into()), ("last", last.into())])
        }
        Note::Decibels(db) if db <= -96.0 => tr("timeline-note-silence"),
        Note::Decibels(db) => format!("{db:+.1} dB"),
        Note::Opacity(share) => format!("{:.0} %", share * 100.0),
    })
}

/// A few words beside the pointer, kept inside the lanes.
fn bubble(painter: &egui::Painter, cx: &Cx<'_>, pos: Pos2, within: Rect, text: &str) {
    let job = fonts::tabular(painter.ctx(), text, &fonts::regular(size::SMALL), cx.theme.text());
    let galley = painter.layout_job(job);
    let wanted = Rect::from_min_size(pos + vec2(14.0, -28.0), galley.size() + vec2(12.0, 6.0));
    let shift = vec2((within.right() - 4.0 - wanted.right()).min(0.0), (within.top() - 30.0 - wanted.top()).max(0.0));
    let rect = wanted.translate(shift);
    painter.rect_filled(rect, CornerRadius::same(4), cx.theme.surface(3));
    painter.rect_stroke(rect, CornerRadius::same(4), cx.theme.hairline(), StrokeKind::Outside);
    painter.galley(rect.min + vec2(6.0, 3.0), galley, Color32::PLACEHOLDER);
}

/// Where the razor would cut.
pub fn razor(ui: &Ui, cx: &Cx<'_>, lanes: &Lanes, hovered: &Hovered) {
    let Some((frame, caught, lane)) = hovered.cut else { return };
    let x = lanes.x(frame);
    let range = match lane.and_then(|i| lanes.lanes.get(i)) {
        Some(lane) => lanes.lane_rect(lane).y_range(),
        None => lanes.rect.y_range(),
    };
    let color = if caught { cx.theme.warning() } else { cx.theme.text() };
    ui.painter_at(lanes.rect).vline(x, range, Stroke::new(1.0, color));
}

/// The frame around the clip that the keyboard is at.
pub fn focus(ui: &Ui, state: &TimelineState, cx: &Cx<'_>, lanes: &Lanes, response: &Response) {
    if !response.has_focus() {
        return;
    }
    let painter = ui.painter_at(lanes.rect);
    painter.rect_stroke(lanes.rect, CornerRadius::ZERO, Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
    let place = state.focus.and_then(|id| cx.index.place(id));
    let found = place.and_then(|(t, i)| Some((lanes.lanes.iter().find(|l| l.place == t)?, i)));
    if let Some((lane, clip)) = found.and_then(|(lane, i)| Some((lane, lane.track.clips.get(i)?))) {
        let rect = lanes.clip_rect(lane, clip.start, clip.end()).intersect(lanes.rect.expand(20.0));
        painter.rect_stroke(rect.expand(2.0), CornerRadius::same(5), Stroke::new(1.5, cx.theme.text()), StrokeKind::Outside);
    }
}
