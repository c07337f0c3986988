//! The bar above the ruler: tools, edits at the playhead, snapping and zoom.

use super::{TimelineState, view::MAX_SCALE};
use crate::app::{
    commands::CommandId as C,
    icons,
    state::{Cx, Tool},
    theme::size,
    widgets,
    words::tr,
};
use egui::{Align, Layout, Ui, UiBuilder, accesskit::Role};

/// Draw the bar; a narrow one leaves out what menus have too.
pub fn tools_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: egui::Rect, state: &mut TimelineState) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(egui::vec2(10.0, 0.0))).layout(Layout::left_to_right(Align::Center)));
    ui.spacing_mut().item_spacing.x = 2.0;
    for tool in Tool::ALL {
        widgets::command_button(&mut ui, cx, tool.command(), cx.shared.tool == tool);
    }
    if rect.width() >= 720.0 {
        gap(&mut ui);
        for id in [C::Undo, C::Redo] {
            widgets::command_button(&mut ui, cx, id, false);
        }
    }
    if rect.width() >= 900.0 {
        gap(&mut ui);
        for id in [C::Split, C::RippleDelete, C::Dissolve, C::Title, C::AddMarker] {
            widgets::command_button(&mut ui, cx, id, false);
        }
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        widgets::command_button(ui, cx, C::ZoomFit, false);
        widgets::command_button(ui, cx, C::ZoomIn, false);
        zoom_slider(ui, cx, state);
        widgets::command_button(ui, cx, C::ZoomOut, false);
        gap(ui);
        snap_switch(ui, cx);
    });
}

fn gap(ui: &mut Ui) {
    ui.add_space(10.0);
}

fn snap_switch(ui: &mut Ui, cx: &mut Cx<'_>) {
    let spec = crate::app::commands::spec(C::Snapping);
    let on = cx.shared.snapping;
    let color = if on { cx.theme.accent() } else { cx.theme.secondary() };
    let text = egui::RichText::new(format!("{} {}", icons::MAGNET, tr("timeline-snap"))).size(size::TEXT).color(color);
    let response = ui.add(egui::Button::new(text).frame(false));
    response.widget_info(|| egui::WidgetInfo::selected(Role::Button, true, on, spec.text()));
    if response.on_hover_text(spec.hover_text(ui.ctx())).clicked() {
        cx.out.run(C::Snapping);
    }
}

/// Zooms around the playhead where it is in view, else around the middle.
fn zoom_slider(ui: &mut Ui, cx: &Cx<'_>, state: &mut TimelineState) {
    let mut value = state.view.scale.ln();
    let before = value;
    let response = widgets::slider(ui, cx.theme, &mut value, (0.005f64).ln()..=MAX_SCALE.ln(), 90.0, &tr("timeline-zoom"));
    if response.on_hover_text(tr("timeline-zoom-tip")).changed() {
        state.zoom_around(cx.program.playhead(), (value - before).exp());
    }
}
