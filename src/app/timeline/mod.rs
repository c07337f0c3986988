//! The timeline: one painter-drawn widget over sorted tracks. It draws only what is visible, turns pointer positions into
//! absolute edits, and asks for them through the queue. UI thread; nothing here waits.

mod access;
mod clips;
mod drop;
mod gesture;
mod headers;
mod hit;
mod interact;
mod lanes;
mod ruler;
mod snap;
mod strips;
mod tools;
mod view;

pub use access::clip_node_id;
pub use clips::clip_name;
pub use drop::DraggedMedia;
pub use view::TimeView;

use super::{
    fonts,
    state::{Cx, Selection},
    theme::{Theme, size},
};
use crate::{base::ClipId, model::Sequence};
use egui::{Align2, Color32, CornerRadius, Id, Mesh, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};
use gesture::Gesture;
use lanes::Lanes;
use std::{collections::BTreeSet, sync::Arc};

/// A rectangle being drawn over the lanes to select clips: origin in frames and in points of unscrolled lanes.
#[derive(Clone, Debug)]
struct Rubber {
    frame: f64,
    y: f32,
    /// What was selected before and stays so (Shift).
    keep: BTreeSet<ClipId>,
}

/// What the pointer is doing.
#[derive(Clone, Debug, Default)]
enum Drag {
    #[default]
    None,
    Edit(Box<Gesture>),
    Rubber(Rubber),
    /// Ended by Esc; nothing happens until the button is up.
    Over,
}

/// What the timeline remembers between passes.
#[derive(Debug, Default)]
pub struct TimelineState {
    pub view: TimeView,
    scroll: f32,
    drag: Drag,
    width: f32,
    /// Length and identity of the timeline seen last, to fit the view to a newly opened one.
    seen_empty: bool,
    started: bool,
    selected: Option<SelectedPlaces>,
}

/// Where the selected clips lie, as long as neither selection nor document changes.
#[derive(Debug)]
struct SelectedPlaces {
    selection: Arc<Selection>,
    sequence: Arc<Sequence>,
    /// For each track the places of its selected clips, rising.
    places: Arc<Vec<Vec<usize>>>,
}

impl TimelineState {
    /// Zoom around the middle of the lanes.
    pub fn zoom(&mut self, factor: f64) {
        self.view = self.view.zoomed_at(f64::from(self.width) / 2.0, factor);
    }

    /// Zoom around `frame` where it is visible, else around the middle.
    pub fn zoom_around(&mut self, frame: i64, factor: f64) {
        let x = self.view.x(frame as f64);
        let x = if (0.0..=f64::from(self.width)).contains(&x) { x } else { f64::from(self.width) / 2.0 };
        self.view = self.view.zoomed_at(x, factor);
    }

    /// Show the whole timeline.
    pub fn fit(&mut self, frames: i64) {
        self.view = TimeView::fitted(frames, f64::from(self.width));
    }

    /// Scroll so that `frame` can be seen.
    pub fn reveal(&mut self, frame: i64) {
        self.view = self.view.showing(frame as f64, f64::from(self.width));
    }

    /// For each track the places of its selected clips.
    fn places(&mut self, cx: &Cx<'_>) -> Arc<Vec<Vec<usize>>> {
        let (selection, sequence) = (&cx.shared.selection, &cx.project.sequence);
        let known = |s: &&SelectedPlaces| Arc::ptr_eq(&s.selection, selection) && Arc::ptr_eq(&s.sequence, sequence);
        if let Some(s) = self.selected.as_ref().filter(known) {
            return s.places.clone();
        }
        let places = Arc::new(cx.index.places(&selection.clips));
        self.selected = Some(SelectedPlaces { selection: selection.clone(), sequence: sequence.clone(), places: places.clone() });
        places
    }

    /// True while a drag changes the document.
    pub fn is_editing(&self) -> bool {
        matches!(self.drag, Drag::Edit(_))
    }
}

/// Draw the timeline into all of `ui`.
pub fn timeline_ui(ui: &mut Ui, state: &mut TimelineState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    ui.painter().rect_filled(area, CornerRadius::ZERO, cx.theme.surface(1));
    let tools = Rect::from_min_size(area.min, vec2(area.width(), size::TOOLS));
    let headers = size::HEADERS.min(area.width() * 0.3);
    let ruler = Rect::from_min_max(pos2(area.left() + headers, tools.bottom()), pos2(area.right(), tools.bottom() + size::RULER));
    let lanes_rect = Rect::from_min_max(ruler.left_bottom(), area.max);
    let duration = cx.project.sequence.duration();
    state.width = lanes_rect.width();
    let empty = duration == 0;
    if !empty && (state.seen_empty || !state.started) {
        state.fit(duration);
    }
    state.started = true;
    state.seen_empty = empty;

    let playhead = cx.program.playhead();
    let anchor = state.view.x(playhead as f64);
    let anchor = if (0.0..=f64::from(state.width)).contains(&anchor) { anchor } else { f64::from(state.width) / 2.0 };
    tools::tools_ui(ui, cx, tools, &mut state.view, anchor);
    ui.painter().hline(area.x_range(), tools.bottom() - 0.5, cx.theme.hairline());
    interact::scroll_and_zoom(ui, state, Rect::from_min_max(ruler.min, area.max), lanes_rect, duration);
    if cx.program.is_playing() && matches!(state.drag, Drag::None) {
        state.reveal(playhead);
    }

    let lanes = Lanes::new(&cx.project.sequence, lanes_rect, state.scroll, state.view);
    state.scroll = state.scroll.clamp(0.0, (lanes.content_height() - lanes_rect.height()).max(0.0));
    let lanes = Lanes { scroll: state.scroll, ..lanes };

    let corner = Rect::from_min_max(pos2(area.left(), ruler.top()), pos2(ruler.left(), ruler.bottom()));
    ui.painter().hline(corner.x_range(), corner.bottom() - 0.5, cx.theme.hairline());
    headers::headers_ui(ui, cx, Rect::from_min_max(corner.left_bottom(), pos2(ruler.left(), area.bottom())), &lanes);

    let id = Id::unique("timeline lanes");
    let response = ui.interact(lanes_rect, id, Sense::click_and_drag());
    let hovered = interact::lanes(ui, state, cx, &lanes, &response);
    let ghost = drop::receive(ui, cx, &lanes, &response);

    paint_ground(ui, cx.theme, &lanes, cx.project.sequence.frame_rate);
    let selected = state.places(cx);
    for lane in &lanes.lanes {
        let r = lanes.lane_rect(lane);
        if r.bottom() >= lanes_rect.top() && r.top() <= lanes_rect.bottom() {
            let selected = selected.get(lane.place).map_or(&[][..], Vec::as_slice);
            clips::paint_lane(ui, cx, &lanes, lane, selected, hovered);
        }
    }
    let painter = ui.painter_at(Rect::from_min_max(pos2(ruler.left(), ruler.top()), area.max));
    ruler::paint(&painter, cx, ruler, &lanes);
    interact::ruler(ui, cx, state, &lanes, ruler);
    if let Some(ghost) = ghost {
        ghost.paint(&ui.painter_at(lanes_rect), cx.theme, &lanes);
    }
    paint_drag(ui, state, cx, &lanes, ruler);
    ruler::paint_playhead(&painter, cx.theme, ruler, &lanes, cx.program.playhead());
    if cx.project.media.is_empty() && empty {
        let text = "Your film goes here";
        painter.text(lanes_rect.center(), Align2::CENTER_CENTER, text, fonts::regular(size::TEXT), cx.theme.secondary());
    }
    access::add_nodes(ui, cx, &lanes, id);
    // everything was painted: claim the room, or the panel would shrink to nothing
    ui.expand_to_include_rect(area);
}

/// Lane backgrounds and the faint lines under the ruler's ticks.
fn paint_ground(ui: &Ui, theme: &Theme, lanes: &Lanes, rate: crate::base::FrameRate) {
    let painter = ui.painter_at(lanes.rect);
    painter.rect_filled(lanes.rect, CornerRadius::ZERO, theme.surface(0));
    for lane in &lanes.lanes {
        painter.rect_filled(lanes.lane_rect(lane), CornerRadius::ZERO, theme.surface(1).gamma_multiply(0.75));
    }
    let spacing = ruler::tick_spacing(rate, lanes.view.scale, 92.0);
    let (from, to) = lanes.visible();
    let mut lines = Mesh::default();
    for (frame, _) in ruler::ticks(from, to, (spacing.0, spacing.0)) {
        let x = lanes.x(frame).round();
        lines.add_colored_rect(
            Rect::from_min_max(pos2(x, lanes.rect.top()), pos2(x + 1.0, lanes.rect.bottom())),
            theme.line().gamma_multiply(0.45),
        );
    }
    painter.add(Shape::mesh(lines));
}

/// Snap line, rubber band and the small text of a running drag.
fn paint_drag(ui: &Ui, state: &TimelineState, cx: &Cx<'_>, lanes: &Lanes, ruler: Rect) {
    let painter = ui.painter_at(Rect::from_min_max(ruler.min, lanes.rect.max));
    match &state.drag {
        Drag::Edit(g) => {
            if let Some(frame) = g.last.caught {
                painter.vline(lanes.x(frame), ruler.top()..=lanes.rect.bottom(), Stroke::new(1.0, cx.theme.warning()));
            }
            if let Some(pos) = ui.input(|i| i.pointer.hover_pos()).filter(|_| g.last.edit.is_some()) {
                paint_amount(&painter, cx, pos, g.last.moved_by);
            }
        }
        Drag::Rubber(r) => {
            if let Some(rect) = interact::rubber_rect(ui, lanes, r) {
                painter.rect_filled(rect, CornerRadius::same(2), cx.theme.accent_tint());
                painter.rect_stroke(rect, CornerRadius::same(2), Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
            }
        }
        Drag::None | Drag::Over => {}
    }
}

fn paint_amount(painter: &egui::Painter, cx: &Cx<'_>, pos: Pos2, frames: i64) {
    let sign = if frames > 0 { "+" } else { "" };
    let text = format!("{sign}{}", crate::base::format_timecode(frames, cx.project.sequence.frame_rate, false));
    let job = fonts::tabular(painter.ctx(), &text, &fonts::regular(size::SMALL), cx.theme.text());
    let galley = painter.layout_job(job);
    let rect = Rect::from_min_size(pos + vec2(14.0, -26.0), galley.size() + vec2(12.0, 6.0));
    painter.rect_filled(rect, CornerRadius::same(4), cx.theme.surface(3));
    painter.galley(rect.min + vec2(6.0, 3.0), galley, Color32::PLACEHOLDER);
}
