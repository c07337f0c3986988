//! Why a montage put a clip where it is, as bars; and what can be done about it. UI thread.

use super::{InspectorState, rows};
use crate::{
    app::{
        commands::CommandId as C,
        fonts,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::words::decimal,
    model::Chosen,
    session::montage::reason,
};
use egui::{Align2, Color32, CornerRadius, Rect, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

/// Reasons that are shown; less than this many points is none.
const MOST: usize = 6;
const LEAST: f32 = 0.05;
/// Height of a reason, in points.
const ROW: f32 = 34.0;

/// The section; `chosen` is of the one clip that is selected.
pub(super) fn chosen_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, chosen: &Chosen) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-why", |_| {}) {
        return;
    }
    let counted: Vec<&(String, f32)> = chosen.reasons.iter().filter(|r| r.1.abs() >= LEAST).collect();
    let most = counted.iter().map(|r| r.1.abs()).fold(0.5, f32::max);
    if counted.is_empty() {
        rows::note(ui, cx.theme, &tr("inspector-why-nothing"));
    }
    for (wish, points) in counted.iter().take(MOST) {
        reason_ui(ui, cx, &widgets::sentence(&reason(wish)), *points, *points / most);
    }
    if counted.len() > MOST {
        rows::note(ui, cx.theme, &tr_args("inspector-why-more", &[("n", (counted.len() - MOST).into())]));
    }
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        widgets::command_button(ui, cx, C::RerollShot, false);
        widgets::command_button(ui, cx, C::LockShot, chosen.locked);
        let note = match (chosen.locked, chosen.refused.len()) {
            (true, _) => tr("inspector-why-locked"),
            (false, 0) => tr("inspector-why-reroll"),
            (false, n) => tr_args("inspector-why-refused", &[("n", n.into())]),
        };
        ui.add(egui::Label::new(egui::RichText::new(note).small().color(cx.theme.secondary())).wrap());
    });
}

/// A reason: its words, its points, a bar of them.
fn reason_ui(ui: &mut Ui, cx: &Cx<'_>, words: &str, points: f32, share: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let sign = if points < 0.0 { "−" } else { "+" };
    let figure = format!("{sign}{}", decimal(f64::from(points.abs()), 2));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{words} {figure}")));
    let theme = cx.theme;
    let color = if points < 0.0 { theme.faint() } else { theme.accent() };
    let painter = ui.painter();
    let figure = painter.layout_job(fonts::tabular(ui.ctx(), &figure, &fonts::regular(size::SMALL), theme.secondary()));
    let room = rect.width() - figure.size().x - 8.0;
    painter.galley(pos2(rect.right() - figure.size().x, rect.top() + 4.0), figure, Color32::PLACEHOLDER);
    let text = widgets::elided(ui, words, fonts::regular(size::TEXT), theme.text(), room);
    let painter = ui.painter();
    let at = Align2::LEFT_TOP.anchor_size(rect.left_top() + vec2(0.0, 3.0), text.size());
    painter.galley(at.min, text, theme.text());
    let rail = Rect::from_min_size(pos2(rect.left(), rect.bottom() - 9.0), vec2(rect.width(), 4.0));
    painter.rect_filled(rail, CornerRadius::same(2), theme.surface(3));
    let bar = Rect::from_min_size(rail.min, vec2(rail.width() * share.abs().clamp(0.0, 1.0), rail.height()));
    painter.rect_filled(bar, CornerRadius::same(2), color);
}
