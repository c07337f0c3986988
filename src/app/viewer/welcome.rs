//! An empty project's stage: where to begin.

use crate::app::{commands::CommandId as C, fonts, icons, state::Cx, widgets, words::tr};
use egui::{Align, CornerRadius, Layout, Rect, RichText, Shape, Stroke, Ui, UiBuilder, vec2};

/// Draw it into `stage`.
pub fn welcome_ui(ui: &mut Ui, cx: &mut Cx<'_>, stage: Rect) {
    let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
    let frame = Rect::from_center_size(stage.center(), (stage.size() - vec2(48.0, 48.0)).min(vec2(560.0, 300.0)).max(vec2(220.0, 150.0)));
    let color = if hovering { cx.theme.accent() } else { cx.theme.line() };
    if hovering {
        ui.painter().rect_filled(frame, CornerRadius::same(12), cx.theme.accent_tint());
    }
    let corners = [frame.left_top(), frame.right_top(), frame.right_bottom(), frame.left_bottom(), frame.left_top()];
    ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(1.5, color), 6.0, 6.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(frame.shrink(20.0)).layout(Layout::top_down(Align::Center)));
    let room = (frame.height() - 40.0 - 140.0).max(0.0) / 2.0;
    ui.add_space(room);
    ui.label(RichText::new(icons::FILM_SLATE.to_string()).size(40.0).color(cx.theme.accent()));
    ui.add_space(4.0);
    ui.label(RichText::new(tr("viewer-welcome")).font(fonts::semibold(18.0)));
    ui.label(RichText::new(tr("viewer-welcome-text")).color(cx.theme.secondary()));
    ui.add_space(12.0);
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, 30.0), Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(((width - 330.0) / 2.0).max(0.0));
        if widgets::primary_button(ui, cx.theme, &tr("viewer-import"), true).clicked() {
            cx.out.run(C::Import);
        }
        if widgets::plain_button(ui, tr("viewer-open-project")).clicked() {
            cx.out.run(C::Open);
        }
        if widgets::plain_button(ui, tr("viewer-add-title")).clicked() {
            cx.out.run(C::Title);
        }
    });
}
