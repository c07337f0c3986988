//! The slim slider beside a number. UI thread.

use crate::app::theme::Theme;
use egui::{CornerRadius, Id, Rect, Response, Sense, Ui, WidgetInfo, pos2};
use std::ops::RangeInclusive;

/// A value on a rail, from the left end or, where the range has both signs, from the middle. Dragging sets it.
///
/// It takes no keys: the number beside it does.
pub fn slider(
    ui: &mut Ui,
    theme: &Theme,
    rect: Rect,
    value: &mut f64,
    range: &RangeInclusive<f64>,
    name: (&str, usize),
    mixed: bool,
) -> Response {
    let id = Id::unique(("inspector slider", name));
    let mut response = ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
    let (low, high) = (*range.start(), *range.end());
    let (left, right) = (rect.left() + 4.0, rect.right() - 4.0);
    if let Some(pos) = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on()) {
        let wanted = low + (high - low) * f64::from(((pos.x - left) / (right - left)).clamp(0.0, 1.0));
        if wanted != *value || mixed {
            *value = wanted;
            response.mark_changed();
        }
    }
    let now = *value;
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::slider(enabled, now, name.0));
    let x = |v: f64| left + (right - left) * ((v.clamp(low, high) - low) / (high - low)) as f32;
    let rail = |a: f32, b: f32| Rect::from_min_max(pos2(a, rect.center().y - 1.5), pos2(b, rect.center().y + 1.5));
    let radius = CornerRadius::same(2);
    let live = enabled && (response.hovered() || response.is_pointer_button_down_on());
    ui.painter().rect_filled(rail(left, right), radius, theme.surface(3));
    if mixed {
        return response;
    }
    let origin = if low < 0.0 && high > 0.0 && (low + high).abs() < high { x(0.0) } else { left };
    let fill = if live { theme.text() } else { theme.secondary() };
    ui.painter().rect_filled(rail(origin.min(x(now)), origin.max(x(now))), radius, fill);
    if origin != left {
        // where zero is not at an end, a level value would otherwise leave no mark
        ui.painter().vline(x(now), rect.center().y - 3.5..=rect.center().y + 3.5, egui::Stroke::new(2.0, fill));
    }
    if live {
        ui.painter().circle_filled(pos2(x(now), rect.center().y), 4.5, fill);
    }
    response
}
