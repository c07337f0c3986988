//! Heads of the list's columns: a click orders by one, a drag on its edge makes it wider, a right-click chooses which are
//! shown. UI thread.

use super::{
    BinState,
    prefs::{Column, MIN_COLUMN},
};
use crate::app::{fonts, icons, state::Cx, theme::size, widgets, words::tr_args};
use egui::{CornerRadius, CursorIcon, Id, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

pub const HEIGHT: f32 = 24.0;
/// Space between a cell's text and its edges.
pub const PAD: f32 = 6.0;
/// Width of the edge that can be dragged.
const EDGE: f32 = 7.0;

/// Draw the heads over the top of what can be seen; `left` is where the content begins.
pub fn head_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, left: f32, width: f32) {
    let top = ui.clip_rect().top();
    let all = Rect::from_min_size(pos2(left, top), vec2(width, HEIGHT));
    // what scrolls away goes under it, and no click goes through
    ui.interact(all, Id::unique("column heads"), Sense::hover());
    ui.painter().rect_filled(all, CornerRadius::ZERO, cx.theme.surface(1));
    ui.painter().hline(all.x_range(), all.bottom() - 0.5, cx.theme.hairline());
    let columns: Vec<(Column, f32)> = state.prefs.shown().map(|c| (c.column, c.width)).collect();
    let mut x = left;
    for (column, width) in columns {
        let rect = Rect::from_min_size(pos2(x, top), vec2(width, HEIGHT));
        head(ui, state, cx, column, rect);
        x += width;
    }
}

fn head(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, column: Column, rect: Rect) {
    let sort = state.prefs.sort;
    let (title, ordered) = (column.title(), sort.by == column);
    let response = ui.interact(rect, Id::unique(("column head", column)), Sense::click());
    let label = match (ordered, sort.descending) {
        (false, _) => title.clone(),
        (true, false) => tr_args("bin-column-ascending", &[("column", title.clone().into())]),
        (true, true) => tr_args("bin-column-descending", &[("column", title.clone().into())]),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &label));
    if response.clicked() {
        state.prefs.sort.click(column);
    }
    response.context_menu(|ui| columns_menu(ui, state));
    let color = if ordered || response.hovered() { cx.theme.text() } else { cx.theme.secondary() };
    let arrow = if ordered { 12.0 } else { 0.0 };
    let text = widgets::elided(ui, &title, fonts::semibold(size::SMALL), color, rect.width() - 2.0 * PAD - arrow);
    let at = if column.is_figure() { rect.right() - PAD - text.size().x - arrow } else { rect.left() + PAD };
    let end = at + text.size().x;
    ui.painter().galley(pos2(at, rect.center().y - text.size().y / 2.0), text, color);
    if ordered {
        let icon = if sort.descending { icons::CARET_DOWN } else { icons::CARET_UP };
        ui.painter().text(pos2(end + 7.0, rect.center().y), egui::Align2::CENTER_CENTER, icon, fonts::icon(9.0), cx.theme.accent());
    }
    if response.has_focus() {
        let ring = Stroke::new(1.0, cx.theme.accent());
        ui.painter().rect_stroke(rect.shrink(1.0), CornerRadius::same(3), ring, StrokeKind::Inside);
    }
    edge(ui, state, cx, column, &title, rect);
}

fn edge(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, column: Column, title: &str, head: Rect) {
    let rect = Rect::from_center_size(pos2(head.right(), head.center().y), vec2(EDGE, head.height()));
    let response = ui.interact(rect, Id::unique(("column edge", column)), Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, tr_args("bin-column-width", &[("column", title.into())])));
    let live = response.hovered() || response.dragged();
    let stroke = if live { Stroke::new(1.5, cx.theme.accent()) } else { cx.theme.hairline() };
    ui.painter().vline(head.right() - 0.5, head.y_range().shrink(5.0), stroke);
    if live {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    if let Some(pos) = response.interact_pointer_pos().filter(|_| response.dragged())
        && let Some(c) = state.prefs.columns.iter_mut().find(|c| c.column == column)
    {
        c.width = (pos.x - head.left()).max(MIN_COLUMN);
    }
}

fn columns_menu(ui: &mut Ui, state: &mut BinState) {
    ui.set_min_width(150.0);
    for c in state.prefs.columns.iter_mut().filter(|c| c.column != Column::Name) {
        ui.checkbox(&mut c.shown, c.column.title());
    }
}
