//! The bar above the ruler: tools, edits at the playhead, snapping and zoom.

use crate::app::{
    commands::CommandId as C,
    icons,
    state::{Cx, Tool},
    theme::{Theme, size},
    widgets,
};
use egui::{Align, Layout, Ui, UiBuilder, accesskit::Role};

use super::view::TimeView;

/// Draw the bar; the zoom slider changes `view` around `anchor_x` points from the lanes' left edge.
pub fn tools_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: egui::Rect, view: &mut TimeView, anchor_x: f64) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(egui::vec2(10.0, 0.0))).layout(Layout::left_to_right(Align::Center)));
    ui.spacing_mut().item_spacing.x = 4.0;
    widgets::command_button(&mut ui, cx, C::SelectTool, cx.shared.tool == Tool::Select);
    widgets::command_button(&mut ui, cx, C::RazorTool, cx.shared.tool == Tool::Razor);
    gap(&mut ui);
    for id in [C::Undo, C::Redo] {
        widgets::command_button(&mut ui, cx, id, false);
    }
    gap(&mut ui);
    for id in [C::Split, C::RippleDelete, C::Dissolve, C::Title, C::AddMarker] {
        widgets::command_button(&mut ui, cx, id, false);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        widgets::command_button(ui, cx, C::ZoomFit, false);
        widgets::command_button(ui, cx, C::ZoomIn, false);
        zoom_slider(ui, cx.theme, view, anchor_x);
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
    let text = egui::RichText::new(format!("{} Snap", icons::MAGNET)).size(size::TEXT).color(color);
    let response = ui.add(egui::Button::new(text).frame(false));
    response.widget_info(|| egui::WidgetInfo::selected(Role::Button, true, on, spec.text()));
    if response.on_hover_text(spec.hover_text(ui.ctx())).clicked() {
        cx.out.run(C::Snapping);
    }
}

fn zoom_slider(ui: &mut Ui, theme: &Theme, view: &mut TimeView, anchor_x: f64) {
    let mut value = view.scale.ln();
    let before = value;
    let response = widgets::slider(ui, theme, &mut value, (0.005f64).ln()..=(60.0f64).ln(), 90.0, "Timeline zoom");
    if response.on_hover_text("Zoom (Ctrl and scroll in the timeline)").changed() {
        *view = view.zoomed_at(anchor_x, (value - before).exp());
    }
}
