//! Dragging in the bin: media and whole folders out of it or into a folder, and a box that selects. Other panels take what
//! is dragged by its payload, [`DraggedMedia`]. UI thread.

use super::{BinState, body::Body, changes, listing::Row};
use crate::{
    app::{fonts, icons, state::Cx, theme::size, timeline::DraggedMedia, widgets, words::tr_args},
    base::MediaId,
    session::Command,
};
use egui::{CornerRadius, DragAndDrop, LayerId, Order, Pos2, Rect, Response, Stroke, StrokeKind, Ui, vec2};
use std::{collections::BTreeSet, sync::Arc};

/// Distance from the edge at which a drag scrolls, and how fast, in points and points a second.
const EDGE: f32 = 28.0;
const EDGE_SPEED: f32 = 500.0;

/// What is going on.
#[derive(Debug, Default)]
pub struct Drag {
    /// The folder that is dragged, where it is one.
    folder: Option<Arc<str>>,
    /// Corner of a box in the content, and what was selected before it.
    boxed: Option<(Pos2, BTreeSet<MediaId>)>,
    /// Folder under the pointer that would take what is dragged.
    pub over: Option<String>,
}

/// Begin to drag what a row stands for.
pub fn start(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>, row: &Row) {
    state.drag.folder = None;
    let media = match row {
        Row::Folder { path, .. } => {
            state.drag.folder = Some(path.clone());
            state.media_in(path)
        }
        Row::Media { id, .. } if cx.shared.selection.media.contains(id) => {
            state.listing.media().filter(|m| cx.shared.selection.media.contains(m)).collect()
        }
        Row::Media { id, .. } => {
            state.select(cx, BTreeSet::from([*id]));
            vec![*id]
        }
    };
    DragAndDrop::set_payload(ui.ctx(), DraggedMedia(media));
}

/// Media over the rows: mark the folder that would take them; put them there on release.
pub fn receive(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>, body: &Body) {
    state.drag.over = None;
    let Some(payload) = DragAndDrop::payload::<DraggedMedia>(ui.ctx()) else {
        state.drag.folder = None;
        return;
    };
    let Some(pos) = ui.input(|i| i.pointer.interact_pos()).filter(|p| body.clip.contains(*p)) else { return };
    scroll_at_edge(ui, body, pos);
    let row = state.places.at(pos - body.origin.to_vec2()).and_then(|i| state.listing.rows.get(i));
    let into = row.map_or_else(String::new, |r| state.folder_of(r));
    let edit = match &state.drag.folder {
        Some(from) => changes::move_folder(from, &into),
        None => changes::move_to(&cx.project, &payload.0, &into),
    };
    let Some(edit) = edit else { return };
    state.drag.over = Some(into);
    if ui.input(|i| i.pointer.any_released()) {
        DragAndDrop::clear_payload(ui.ctx());
        state.drag = Drag::default();
        cx.out.send(Command::Begin("Move media"));
        cx.out.send(Command::Edit(edit));
        cx.out.send(Command::Commit);
    }
}

fn scroll_at_edge(ui: &Ui, body: &Body, pos: Pos2) {
    let by = (pos.y - (body.clip.bottom() - EDGE)).max(0.0) - (body.clip.top() + EDGE - pos.y).max(0.0);
    if by != 0.0 {
        let step = EDGE_SPEED * ui.input(|i| i.stable_dt).min(0.1);
        ui.scroll_with_delta(vec2(0.0, -by / EDGE * step));
        ui.ctx().request_repaint();
    }
}

/// The empty part of the bin dragged: select what the box touches.
pub fn box_select(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>, body: &Body, background: &Response) {
    let to_content = |p: Pos2| p - body.origin.to_vec2();
    if background.drag_started()
        && let Some(pos) = ui.input(|i| i.pointer.press_origin())
    {
        let add = ui.input(|i| i.modifiers.shift || i.modifiers.command);
        let before = if add { cx.shared.selection.media.clone() } else { BTreeSet::new() };
        state.drag.boxed = Some((to_content(pos), before));
    }
    let Some((corner, before)) = &state.drag.boxed else { return };
    if let Some(pos) = background.interact_pointer_pos() {
        scroll_at_edge(ui, body, pos);
        let rect = Rect::from_two_pos(*corner, to_content(pos));
        let touched = state.places.touched(rect).filter_map(|i| state.listing.rows.get(i)).filter_map(Row::media);
        let media: BTreeSet<MediaId> = before.iter().copied().chain(touched).collect();
        if media != cx.shared.selection.media {
            cx.out.select(crate::app::state::Selection::media(media));
        }
        let shown = rect.translate(body.origin.to_vec2());
        ui.painter().rect_filled(shown, CornerRadius::same(2), cx.theme.accent_tint());
        ui.painter().rect_stroke(shown, CornerRadius::same(2), Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
    }
    if background.drag_stopped() {
        state.drag.boxed = None;
    }
}

/// What hangs at the pointer while media are dragged.
pub fn ghost(ui: &Ui, cx: &Cx<'_>) {
    let Some(payload) = DragAndDrop::payload::<DraggedMedia>(ui.ctx()) else { return };
    let Some(pos) = ui.input(|i| i.pointer.interact_pos()) else { return };
    let text = match &payload.0[..] {
        [one] => cx.project.media.get(one).map(|m| m.name.clone()).unwrap_or_default(),
        more => tr_args("bin-count", &[("n", more.len().into()), ("shown", super::facts::count(more.len()).into())]),
    };
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, egui::Id::unique("dragged media")));
    let icon = painter.layout_no_wrap(icons::STACK.to_string(), fonts::icon(size::ICON), cx.theme.accent());
    let text = widgets::elided(ui, &text, fonts::semibold(size::SMALL), cx.theme.text(), 200.0);
    let width = icon.size().x + text.size().x + 22.0;
    let rect = Rect::from_min_size(pos + vec2(12.0, 10.0), vec2(width, 24.0));
    painter.rect_filled(rect, CornerRadius::same(size::RADIUS), cx.theme.surface(3));
    painter.rect_stroke(rect, CornerRadius::same(size::RADIUS), cx.theme.hairline(), StrokeKind::Inside);
    let y = |h: f32| rect.center().y - h / 2.0;
    let icon_width = icon.size().x;
    let (icon_y, text_y) = (y(icon.size().y), y(text.size().y));
    painter.galley(egui::pos2(rect.left() + 8.0, icon_y), icon, cx.theme.accent());
    painter.galley(egui::pos2(rect.left() + 14.0 + icon_width, text_y), text, cx.theme.text());
}
