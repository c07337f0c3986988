//! The bin with nothing in it, and the search that finds nothing: what to do next. UI thread.

use crate::app::{
    commands::{self, CommandId as C},
    fonts, icons,
    state::Cx,
    theme::size,
    widgets,
    words::{tr, tr_args},
};
use egui::{Align2, CornerRadius, Rect, RichText, Stroke, Ui, pos2, vec2};

/// Length of a dash of the frame and of the space to the next.
const DASH: f32 = 6.0;
const DASH_GAP: f32 = 5.0;

/// No media: where to drop some, and buttons that bring some.
pub fn nothing_yet_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let room = ui.max_rect();
    let hovered = ui.input(|i| !i.raw.hovered_files.is_empty());
    let drop = Rect::from_min_size(room.min + vec2(0.0, 6.0), vec2(room.width(), (room.height() - 110.0).clamp(90.0, 190.0)));
    let color = if hovered { cx.theme.accent() } else { cx.theme.faint() };
    let painter = ui.painter();
    if hovered {
        painter.rect_filled(drop, CornerRadius::same(10), cx.theme.accent_tint());
    }
    let corners = [drop.left_top(), drop.right_top(), drop.right_bottom(), drop.left_bottom(), drop.left_top()];
    painter.extend(egui::Shape::dashed_line(&corners, Stroke::new(1.0, color), DASH, DASH_GAP));
    let center = drop.center();
    painter.text(center - vec2(0.0, 26.0), Align2::CENTER_CENTER, icons::FILM_STRIP, fonts::icon(32.0), color);
    let title = widgets::elided(ui, &tr("bin-empty-title"), fonts::semibold(size::TEXT), cx.theme.text(), drop.width() - 16.0);
    painter.galley(pos2(center.x - title.size().x / 2.0, center.y + 2.0), title, cx.theme.text());
    let line = widgets::elided(ui, &tr("bin-empty-drop"), fonts::regular(size::SMALL), cx.theme.secondary(), drop.width() - 16.0);
    painter.galley(pos2(center.x - line.size().x / 2.0, center.y + 22.0), line, cx.theme.secondary());
    let below = Rect::from_min_max(pos2(room.left(), drop.bottom() + 12.0), room.max);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(below));
    ui.vertical_centered(|ui| {
        for (id, key) in [(C::Import, "bin-empty-files"), (C::ImportFolder, "bin-empty-folder")] {
            let (spec, text) = (commands::spec(id), tr(key));
            let icon = RichText::new(spec.icon.to_string()).font(fonts::icon(size::ICON)).color(cx.theme.secondary());
            let button = egui::Button::new((icon, text.clone())).min_size(vec2(room.width().min(190.0), 28.0));
            if ui.add(button).accessible_name(text).on_hover_text(spec.hover_text(ui.ctx())).clicked() {
                cx.out.run(id);
            }
        }
    });
}

/// Nothing found: what was looked for, and a way back. True = the search shall be cleared.
pub fn nothing_found_ui(ui: &mut Ui, cx: &Cx<'_>, search: &str) -> bool {
    ui.add_space(36.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icons::SEARCH.to_string()).font(fonts::icon(30.0)).color(cx.theme.faint()));
        ui.add_space(4.0);
        ui.label(RichText::new(tr_args("bin-nothing-found", &[("search", search.into())])).font(fonts::semibold(size::TEXT)));
        ui.label(RichText::new(tr("bin-nothing-found-text")).small().color(cx.theme.secondary()));
        ui.add_space(8.0);
        widgets::plain_button(ui, tr("bin-search-clear")).clicked()
    })
    .inner
}
