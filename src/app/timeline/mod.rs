//! The timeline: one painter-drawn widget over sorted tracks. It draws only what is visible, turns pointer positions into
//! absolute edits, and asks for them through the queue. UI thread; nothing here waits.

mod access;
mod captions;
mod clips;
mod curve;
mod drop;
mod gesture;
mod headers;
mod hit;
mod input;
mod lanes;
mod menu;
mod minimap;
mod navigate;
mod overlay;
mod ruler;
mod scrub;
mod snap;
mod speed;
mod strips;
mod tools;
mod trail;
mod view;

pub use access::clip_node_id;
pub use clips::clip_name;
pub use drop::DraggedMedia;
pub use lanes::{LARGE, SMALL};
pub use navigate::Follow;
pub use view::TimeView;

use super::{
    fonts,
    state::{Cx, Selection},
    theme::size,
    words::tr,
};
use crate::{
    base::ClipId,
    model::{Clip, Marker, Sequence},
};
use egui::{Align2, CornerRadius, Id, Rect, Sense, Ui, pos2};
use gesture::Gesture;
use hit::Hit;
use lanes::Lanes;
use scrub::RulerDrag;
use std::{collections::BTreeSet, sync::Arc};

/// A rectangle being drawn over the lanes to select clips: origin in frames and in points of unscrolled lanes.
#[derive(Clone, Debug)]
struct Rubber {
    frame: f64,
    y: f32,
    /// What was selected before and stays so (Shift).
    keep: BTreeSet<ClipId>,
}

/// What the pointer is doing in the lanes.
#[derive(Clone, Debug, Default)]
enum Drag {
    #[default]
    None,
    Edit(Box<Gesture>),
    Rubber(Rubber),
    /// Moving the view.
    Hand,
    /// A stretch to zoom to, from this frame on.
    Stretch(f64),
    /// Ended by Esc; nothing happens until the button is up.
    Over,
}

/// What the timeline remembers between passes.
#[derive(Debug, Default)]
pub struct TimelineState {
    pub view: TimeView,
    pub follow: Follow,
    scroll: f32,
    drag: Drag,
    ruler: RulerDrag,
    caption: captions::CaptionDrag,
    grip: Option<minimap::Grip>,
    overview: Option<minimap::Overview>,
    overview_dark: bool,
    heads: headers::HeadState,
    width: f32,
    /// Length and identity of the timeline seen last, to fit the view to a newly opened one.
    seen_empty: bool,
    started: bool,
    selected: Option<SelectedPlaces>,
    /// The clip that the keyboard is at.
    focus: Option<ClipId>,
    /// What the open context menu is about, with the frame under it.
    menu_hit: Option<(Hit, i64)>,
    menu_marker: Option<Box<Marker>>,
    speed: Option<speed::SpeedDialog>,
    trail: trail::Trail,
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
    /// Zoom around `frame` where it is visible, else around the middle.
    pub fn zoom_around(&mut self, frame: i64, factor: f64) {
        let x = self.view.x(frame as f64);
        let x = if (0.0..=f64::from(self.width)).contains(&x) { x } else { f64::from(self.width) / 2.0 };
        self.view = self.view.zoomed_at(x, factor);
        self.view.left = self.view.left.max(0.0);
    }

    /// Show the whole timeline.
    pub fn fit(&mut self, frames: i64) {
        self.view = TimeView::fitted(frames, f64::from(self.width));
    }

    /// Show `[from, to)` as large as it fits, with a little room at both ends.
    pub fn fit_range(&mut self, from: i64, to: i64) {
        let room = (to - from).max(1) as f64 * 0.06;
        self.view = self.view.spanning(from as f64 - room, to as f64 + room, f64::from(self.width));
    }

    /// Scroll so that `frame` can be seen.
    pub fn reveal(&mut self, frame: i64) {
        self.view = self.view.showing(frame as f64, f64::from(self.width));
    }

    /// True while a drag changes the document.
    pub fn is_editing(&self) -> bool {
        matches!(self.drag, Drag::Edit(_))
            || scrub::is_editing(&self.ruler)
            || captions::is_editing(&self.caption)
            || self.heads.is_editing()
    }

    /// True while a dialog of the timeline waits for an answer.
    pub fn has_dialog(&self) -> bool {
        self.speed.is_some()
    }

    /// Ask for the speed of the selected clips; `clip` is the first of them.
    pub fn ask_speed(&mut self, clip: &Clip) {
        self.speed = Some(speed::SpeedDialog::new(clip));
    }

    /// Whether the open sequence was opened from another one.
    pub fn is_nested(&self) -> bool {
        self.trail.outer().is_some()
    }

    /// The sequences that were left for nested ones.
    pub fn trail(&mut self) -> &mut trail::Trail {
        &mut self.trail
    }

    /// Whether the lanes have the keyboard's focus, so that arrows walk from clip to clip.
    pub fn has_focus(ctx: &egui::Context) -> bool {
        ctx.memory(|m| m.has_focus(lanes_id()))
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
}

fn lanes_id() -> Id {
    Id::unique("timeline lanes")
}

/// Where the parts of the widget lie.
struct Areas {
    tools: Rect,
    trail: Rect,
    corner: Rect,
    ruler: Rect,
    /// Below the ruler; empty without sections.
    sections: Rect,
    /// Below those; empty without captions.
    captions: Rect,
    headers: Rect,
    lanes: Rect,
    overview: Rect,
}

impl Areas {
    fn new(area: Rect, nested: bool, sections: bool, captions: bool) -> Self {
        let row = |top: f32, height: f32| Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), (top + height).min(area.bottom())));
        let tools = row(area.top(), size::TOOLS);
        let trail = row(tools.bottom(), if nested { trail::HEIGHT } else { 0.0 });
        let split = area.left() + size::HEADERS.min(area.width() * 0.3);
        // a very low panel keeps its lanes
        let strip = if area.height() > 160.0 { minimap::HEIGHT } else { 0.0 };
        let bottom = area.bottom() - strip;
        let right = |r: Rect| Rect::from_min_max(pos2(split, r.top()), r.max);
        let ruler = right(row(trail.bottom(), size::RULER));
        let sections = right(row(ruler.bottom(), if sections { ruler::SECTIONS } else { 0.0 }));
        let captions = right(row(sections.bottom(), if captions { captions::HEIGHT } else { 0.0 }));
        let top = captions.bottom();
        Self {
            tools,
            trail,
            corner: Rect::from_min_max(pos2(area.left(), ruler.top()), pos2(split, top)),
            ruler,
            sections,
            captions,
            headers: Rect::from_min_max(pos2(area.left(), top), pos2(split, bottom.max(top))),
            lanes: Rect::from_min_max(pos2(split, top), pos2(area.right(), bottom.max(top))),
            overview: Rect::from_min_max(pos2(area.left(), bottom), area.max),
        }
    }
}

/// Draw the timeline into all of `ui`.
pub fn timeline_ui(ui: &mut Ui, state: &mut TimelineState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    ui.painter().rect_filled(area, CornerRadius::ZERO, cx.theme.surface(1));
    state.trail.follow(&cx.project, &mut state.view, &mut state.scroll);
    let areas = Areas::new(area, state.is_nested(), cx.index.has_sections(), !cx.project.sequence.captions.is_empty());
    let duration = cx.project.sequence.duration();
    state.width = areas.lanes.width();
    let empty = duration == 0;
    if !empty && (state.seen_empty || !state.started || state.trail.take_unseen()) {
        state.fit(duration);
    }
    state.started = true;
    state.seen_empty = empty;

    tools::tools_ui(ui, cx, areas.tools, state);
    ui.painter().hline(area.x_range(), areas.tools.bottom() - 0.5, cx.theme.hairline());
    trail::trail_ui(ui, cx, areas.trail, &state.trail);
    let lanes = Lanes::new(&cx.project.sequence, areas.lanes, state.scroll, state.view);
    navigate::wheel(ui, state, cx, Rect::from_min_max(areas.ruler.min, areas.lanes.max), &lanes);
    if matches!(state.drag, Drag::None) && matches!(state.ruler, RulerDrag::None) {
        navigate::follow(state, cx.program.playhead(), cx.program.is_playing());
    }
    state.scroll = state.scroll.clamp(0.0, (lanes.content_height() - areas.lanes.height()).max(0.0));
    let lanes = Lanes { scroll: state.scroll, view: state.view, ..lanes };

    ui.painter().rect_filled(areas.corner, CornerRadius::ZERO, cx.theme.surface(1));
    ui.painter().hline(areas.corner.x_range(), areas.corner.bottom() - 0.5, cx.theme.hairline());
    headers::headers_ui(ui, cx, state, areas.headers, &lanes);

    let response = ui.interact(areas.lanes, lanes_id(), Sense::click_and_drag());
    navigate::keys(ui, state, cx, &lanes, &response);
    let hovered = input::lanes(ui, state, cx, &lanes, &response);
    let ghost = drop::receive(ui, cx, &lanes, &response);

    overlay::ground(ui, cx.theme, &lanes, &cx.project.sequence);
    let selected = state.places(cx);
    for lane in &lanes.lanes {
        let r = lanes.lane_rect(lane);
        if r.bottom() >= areas.lanes.top() && r.top() <= areas.lanes.bottom() {
            let selected = selected.get(lane.place).map_or(&[][..], Vec::as_slice);
            clips::paint_lane(ui, cx, &lanes, lane, selected, hovered.clip);
        }
    }
    overlay::gap(ui, cx, &lanes);
    let over_all = Rect::from_min_max(areas.ruler.min, areas.lanes.max);
    let painter = ui.painter_at(over_all);
    ruler::paint(&painter, cx, areas.ruler, &lanes);
    if areas.sections.height() > 0.0 {
        ruler::paint_sections(&painter, cx, areas.sections, &lanes);
    }
    if areas.captions.height() > 0.0 {
        captions::lane(ui, cx, state, &lanes, areas.captions);
        captions::head(&ui.painter_at(areas.corner), cx, areas.corner);
    }
    scrub::ruler(ui, cx, state, &lanes, areas.ruler);
    if let Some(ghost) = ghost {
        ghost.paint(&ui.painter_at(areas.lanes), cx.theme, &lanes);
    }
    overlay::drag(ui, state, cx, &lanes, areas.ruler);
    overlay::razor(ui, cx, &lanes, &hovered);
    overlay::focus(ui, state, cx, &lanes, &response);
    ruler::paint_playhead(&painter, cx.theme, areas.ruler, &lanes, cx.program.playhead());
    minimap::side_bar(ui, state, cx, &lanes);
    if areas.overview.height() > 0.0 {
        minimap::minimap(ui, state, cx, areas.overview, areas.lanes.width());
    }
    if cx.project.media.is_empty() && empty {
        let font = fonts::regular(size::TEXT);
        ui.painter_at(areas.lanes).text(areas.lanes.center(), Align2::CENTER_CENTER, tr("timeline-empty"), font, cx.theme.secondary());
    }
    access::add_nodes(ui, cx, &lanes, lanes_id());
    if let Some(mut dialog) = state.speed.take()
        && speed::speed_ui(ui, &mut dialog, cx)
    {
        state.speed = Some(dialog);
    }
    // everything was painted: claim the room, or the panel would shrink to nothing
    ui.expand_to_include_rect(area);
}
