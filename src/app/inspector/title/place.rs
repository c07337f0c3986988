//! Where a title stands: a small frame with nine places and a block that is dragged and snaps. UI thread.

use crate::{
    app::{
        fonts,
        theme::{Theme, size},
        words::tr,
    },
    model::Title,
};
use egui::{CornerRadius, CursorIcon, Id, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, vec2};

/// Margin of the title-safe area as a share of each side (SMPTE ST 2046-1: 90 % of the frame).
const SAFE: f32 = 0.05;
/// How near in the frame a dragged title snaps.
const SNAP: f32 = 0.02;
/// Height of the small frame in points, at most.
const HEIGHT: f32 = 104.0;

/// The places, row by row, with the keys of their names.
const PLACES: [[&str; 3]; 3] = [
    ["inspector-place-top-left", "inspector-place-top", "inspector-place-top-right"],
    ["inspector-place-left", "inspector-place-middle", "inspector-place-right"],
    ["inspector-place-bottom-left", "inspector-place-bottom", "inspector-place-bottom-right"],
];

/// Width and height of a title's block as shares of the frame, near enough for placing it: the window's own typeface stands
/// for the title's.
pub fn block(ui: &Ui, title: &Title, aspect: f32) -> (f32, f32) {
    let s = &title.style;
    let font = if s.weight >= 600 { fonts::semibold(100.0) } else { fonts::regular(100.0) };
    let lines = title.text.lines().count().max(1) as f32;
    let letters = title.text.lines().map(|l| l.chars().count()).max().unwrap_or(0) as f32;
    let galley = ui.painter().layout_no_wrap(title.text.clone(), font, egui::Color32::PLACEHOLDER);
    let width = (galley.size().x / 100.0 + letters * s.tracking) * s.size / aspect.max(0.01);
    (width.clamp(0.0, 1.0), (lines * s.line_height * s.size).clamp(0.0, 1.0))
}

/// The middle of a block at place 0 (left, top), 1 (middle) or 2 (right, bottom) of the safe area.
pub fn place(i: usize, length: f32) -> f32 {
    if length >= 1.0 - 2.0 * SAFE {
        return 0.5;
    }
    match i {
        0 => SAFE + length / 2.0,
        1 => 0.5,
        _ => 1.0 - SAFE - length / 2.0,
    }
}

/// A position, or the place that it is near to.
fn snapped(at: f32, length: f32) -> f32 {
    let places = (0..3).map(|i| place(i, length));
    places.min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs())).filter(|p| (p - at).abs() <= SNAP).unwrap_or(at)
}

/// Some = the title shall stand there.
pub fn place_ui(ui: &mut Ui, theme: &Theme, title: &Title, aspect: f32) -> Option<(f32, f32)> {
    let width = ui.available_width();
    let (area, _) = ui.allocate_exact_size(vec2(width, (width / aspect).min(HEIGHT) + 8.0), Sense::hover());
    let area = area.shrink2(vec2(0.0, 4.0));
    let frame = Rect::from_center_size(area.center(), vec2((area.height() * aspect).min(area.width()), area.height()));
    let (bw, bh) = block(ui, title, aspect);
    let at = |x: f32, y: f32| frame.min + vec2(x * frame.width(), y * frame.height());
    let painter = ui.painter();
    painter.rect_filled(frame, CornerRadius::same(3), theme.canvas());
    let safe = Rect::from_min_max(at(SAFE, SAFE), at(1.0 - SAFE, 1.0 - SAFE));
    painter.rect_stroke(safe, CornerRadius::ZERO, theme.hairline(), StrokeKind::Inside);
    let back = ui.interact(frame, Id::unique("inspector title frame"), Sense::CLICK | Sense::DRAG).on_hover_cursor(CursorIcon::Move);
    back.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), tr("inspector-place-frame")));
    let (px, py) = title.position;
    let rect = Rect::from_center_size(at(px, py), vec2((bw * frame.width()).max(6.0), (bh * frame.height()).max(4.0)));
    let mut chosen = None;
    if back.dragged() && back.drag_delta() != egui::Vec2::ZERO {
        let free = ui.input(|i| i.modifiers.shift);
        let memory = back.id;
        let from = if back.drag_started() { None } else { ui.data(|d| d.get_temp::<(f32, f32)>(memory)) }.unwrap_or(title.position);
        let by = back.drag_delta();
        let to = ((from.0 + by.x / frame.width()).clamp(0.0, 1.0), (from.1 + by.y / frame.height()).clamp(0.0, 1.0));
        ui.data_mut(|d| d.insert_temp(memory, to));
        chosen = Some(if free { to } else { (snapped(to.0, bw), snapped(to.1, bh)) });
    }
    let clipped = ui.painter().with_clip_rect(frame.intersect(ui.clip_rect()));
    clipped.rect_filled(rect, CornerRadius::same(2), theme.accent().gamma_multiply(0.35));
    clipped.rect_stroke(rect, CornerRadius::same(2), Stroke::new(1.0, theme.accent()), StrokeKind::Inside);
    for (y, line) in PLACES.iter().enumerate() {
        for (x, key) in line.iter().enumerate() {
            // the dots stand in a square grid, whatever the title's size
            let centre = at([SAFE + 0.03, 0.5, 0.97 - SAFE][x], [SAFE + 0.06, 0.5, 0.94 - SAFE][y]);
            let spot = (place(x, bw), place(y, bh));
            let on = (spot.0 - px).abs() < 1e-4 && (spot.1 - py).abs() < 1e-4;
            let response =
                ui.interact(Rect::from_center_size(centre, vec2(16.0, 16.0)), Id::unique(("inspector title place", x, y)), Sense::click());
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), on, tr(key)));
            let live = response.hovered() || response.has_focus();
            let color = if on {
                theme.accent()
            } else if live {
                theme.joint()
            } else {
                theme.faint()
            };
            ui.painter().circle_filled(centre, if live || on { 4.0 } else { 2.5 }, color);
            if response.has_focus() {
                ui.painter().circle_stroke(centre, 6.5, Stroke::new(1.0, theme.accent()));
            }
            if response.on_hover_text(tr(key)).clicked() {
                chosen = Some(spot);
            }
        }
    }
    ui.add_space(size::ROW / 12.0);
    chosen.filter(|p| *p != title.position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_stands_inside_the_safe_area_at_every_place() {
        for length in [0.1, 0.4, 0.89] {
            for i in 0..3 {
                let middle = place(i, length);
                assert!(middle - length / 2.0 >= SAFE - 1e-6 && middle + length / 2.0 <= 1.0 - SAFE + 1e-6, "{length} at {i}");
            }
        }
        assert_eq!(place(0, 0.95), 0.5, "one that is too wide stands in the middle");
    }

    #[test]
    fn a_position_snaps_only_when_near() {
        assert_eq!(snapped(0.51, 0.2), 0.5);
        assert_eq!(snapped(0.16, 0.2), place(0, 0.2));
        assert_eq!(snapped(0.3, 0.2), 0.3);
    }
}
