//! The lane of captions under the ruler: what is said, where. A click selects, a drag moves, a drag at an end trims. A caption
//! never goes over another: a drag stops where there is no room.

use super::{TimelineState, lanes::Lanes, ruler, scrub};
use crate::{
    app::{
        fonts,
        state::{Cx, Selection},
        theme::size,
        words::tr,
    },
    edit::{EditCommand, apply},
    model::Caption,
    session::Command,
};
use egui::{CornerRadius, CursorIcon, Key, Painter, Pos2, Rect, Response, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2};

/// Height of the lane.
pub const HEIGHT: f32 = 24.0;
/// How near the pointer takes hold of an end.
const REACH: f32 = 5.0;

/// What of a caption is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    Start,
    End,
}

/// A caption that is dragged: as it was, which part of it, the frame where it was grabbed, and whether the gesture has begun.
#[derive(Clone, Debug, Default)]
pub enum CaptionDrag {
    #[default]
    None,
    Held {
        was: Box<Caption>,
        part: Part,
        grab: f64,
        begun: bool,
    },
    /// Ended by Esc.
    Over,
}

fn hit(cx: &Cx<'_>, lanes: &Lanes, pos: Pos2) -> Option<(Caption, Part)> {
    let near = |frame: i64| (lanes.x(frame) - pos.x).abs() <= REACH;
    let reach = (f64::from(REACH) / lanes.view.scale).ceil() as i64;
    let frame = lanes.frame_at(pos.x).floor() as i64;
    let captions = visible(cx, frame - reach, frame + reach + 1);
    let over = captions.iter().find(|c| c.start <= frame && frame < c.end());
    let c = over.or_else(|| captions.iter().find(|c| near(c.start) || near(c.end())))?;
    // a short one is moved, its ends are in the inspector
    let wide = lanes.x(c.end()) - lanes.x(c.start) > 4.0 * REACH;
    let part = match (near(c.start), near(c.end())) {
        (true, _) if wide => Part::Start,
        (_, true) if wide => Part::End,
        _ => Part::Whole,
    };
    Some((c.clone(), part))
}

/// The captions that touch `[from, to)`, by binary search.
fn visible<'a>(cx: &'a Cx<'_>, from: i64, to: i64) -> &'a [Caption] {
    let all = &cx.project.sequence.captions;
    let (a, b) = (all.partition_point(|c| c.end() <= from), all.partition_point(|c| c.start < to));
    all.get(a..b.max(a)).unwrap_or_default()
}

/// The lane, and what the pointer does in it.
pub fn lane(ui: &Ui, cx: &mut Cx<'_>, state: &mut TimelineState, lanes: &Lanes, rect: Rect) {
    let response = ui.interact(rect, egui::Id::unique("timeline captions"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, tr("timeline-captions")));
    if let Some((_, part)) = response.hover_pos().and_then(|p| hit(cx, lanes, p)) {
        ui.ctx().set_cursor_icon(if part == Part::Whole { CursorIcon::Grab } else { CursorIcon::ResizeHorizontal });
    }
    if response.is_pointer_button_down_on() && ui.input(|i| i.pointer.primary_pressed()) {
        let found = ui.input(|i| i.pointer.press_origin()).and_then(|p| Some((p, hit(cx, lanes, p)?)));
        match found {
            Some((p, (was, part))) => {
                cx.out.select(Selection { caption: Some(was.id), ..Selection::default() });
                state.caption = CaptionDrag::Held { was: Box::new(was), part, grab: lanes.frame_at(p.x), begun: false };
            }
            None => cx.out.select(Selection::default()),
        }
    }
    // a tap goes down and up within one pass
    if response.clicked()
        && let Some((c, _)) = response.interact_pointer_pos().and_then(|p| hit(cx, lanes, p))
    {
        cx.out.select(Selection { caption: Some(c.id), ..Selection::default() });
    }
    if ui.input(|i| i.key_pressed(Key::Escape)) && !matches!(state.caption, CaptionDrag::None) {
        if is_editing(&state.caption) {
            cx.out.send(Command::Abort);
        }
        state.caption = CaptionDrag::Over;
    }
    let released = response.drag_stopped() || response.clicked();
    drag(ui, cx, state, lanes, &response, released);
    if released || !ui.input(|i| i.pointer.primary_down()) {
        state.caption = CaptionDrag::None;
    }
    paint(&ui.painter_at(rect), cx, rect, lanes);
}

fn drag(ui: &Ui, cx: &mut Cx<'_>, state: &mut TimelineState, lanes: &Lanes, response: &Response, released: bool) {
    let CaptionDrag::Held { was, part, grab, begun } = state.caption.clone() else { return };
    let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged() || released) else { return };
    let delta = lanes.frame_at(pos.x) - grab;
    if !begun && (delta * lanes.view.scale).abs() < 3.0 {
        return;
    }
    if !begun {
        cx.out.send(Command::Begin("Change caption"));
        state.caption = CaptionDrag::Held { was: was.clone(), part, grab, begun: true };
    }
    let to = |frame: i64| scrub::caught(ui, cx, lanes, frame as f64 + delta);
    let moved = match part {
        Part::Whole => Caption { start: to(was.start), ..(*was).clone() },
        Part::Start => {
            let start = to(was.start).min(was.end() - 1);
            // words are said when they are said
            let words = was.words.iter().map(|w| (w + was.start - start).max(0)).collect();
            Caption { start, duration: was.end() - start, words, ..(*was).clone() }
        }
        Part::End => Caption { duration: (to(was.end()) - was.start).max(1), ..(*was).clone() },
    };
    let edit = EditCommand::SetCaption { caption: moved };
    if apply(&cx.project, &edit).is_ok() {
        cx.out.send(Command::EditAbsolute(edit));
    }
    if released {
        cx.out.send(Command::Commit);
    }
}

fn paint(painter: &Painter, cx: &Cx<'_>, rect: Rect, lanes: &Lanes) {
    let theme = cx.theme;
    painter.rect_filled(rect, CornerRadius::ZERO, theme.surface(1));
    let (from, to) = lanes.visible();
    for c in visible(cx, from, to) {
        let selected = cx.shared.selection.caption == Some(c.id);
        let right = (lanes.x(c.end()) - 1.0).max(lanes.x(c.start) + 1.0);
        let block = Rect::from_min_max(pos2(lanes.x(c.start), rect.top() + 3.0), pos2(right, rect.bottom() - 3.0));
        painter.rect_filled(block, CornerRadius::same(3), theme.accent().gamma_multiply(if selected { 0.42 } else { 0.2 }));
        if selected {
            painter.rect_stroke(block, CornerRadius::same(3), Stroke::new(1.5, theme.accent()), egui::StrokeKind::Inside);
        }
        let left = block.left().max(rect.left());
        let room = block.right() - left - 10.0;
        if room > 14.0 {
            let text = c.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let galley = ruler::elided(painter, &text, theme.text(), room);
            painter.galley(pos2(left + 5.0, block.center().y - galley.size().y / 2.0), galley, theme.text());
        }
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
}

/// The name of the lane, left of it.
pub fn head(painter: &Painter, cx: &Cx<'_>, corner: Rect) {
    let at = pos2(corner.left() + 12.0, corner.bottom() - HEIGHT / 2.0);
    painter.text(at, egui::Align2::LEFT_CENTER, tr("timeline-captions"), fonts::regular(size::SMALL), cx.theme.secondary());
}

/// Whether a caption is being changed.
pub fn is_editing(drag: &CaptionDrag) -> bool {
    matches!(drag, CaptionDrag::Held { begun: true, .. })
}
