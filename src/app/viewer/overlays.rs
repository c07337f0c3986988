//! Lines over the picture that help to compose it: safe areas, centre, thirds, the frame of another shape. Only drawn,
//! never part of the film.

use crate::app::theme::Theme;
use egui::{Align2, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// Action safe area: share of width and height that every screen shows (EBU R 95 for 16:9 production).
pub const ACTION_SAFE: f32 = 0.93;
/// Title and graphics safe area: share of width and height inside which text belongs (EBU R 95).
pub const TITLE_SAFE: f32 = 0.90;

/// A frame of another shape to keep the picture inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    Scope,
    Wide,
    Square,
    Vertical,
}

impl Mask {
    pub const ALL: [Self; 4] = [Self::Scope, Self::Wide, Self::Square, Self::Vertical];

    /// Width over height.
    pub fn aspect(self) -> f32 {
        match self {
            Self::Scope => 2.39,
            Self::Wide => 1.85,
            Self::Square => 1.0,
            Self::Vertical => 9.0 / 16.0,
        }
    }

    /// As the field writes it; the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scope => "2.39:1",
            Self::Wide => "1.85:1",
            Self::Square => "1:1",
            Self::Vertical => "9:16",
        }
    }
}

/// Which lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlays {
    pub safe_areas: bool,
    pub centre: bool,
    pub thirds: bool,
    pub mask: Option<Mask>,
}

impl Overlays {
    pub fn any(self) -> bool {
        self != Self::default()
    }

    /// Draw over the picture at `canvas`.
    pub fn paint(self, painter: &Painter, theme: &Theme, canvas: Rect) {
        if let Some(mask) = self.mask {
            masked(painter, theme, canvas, mask);
        }
        let line = Stroke::new(1.0, theme.overlay());
        if self.thirds {
            for i in [1.0, 2.0] {
                let (x, y) = (canvas.left() + canvas.width() * i / 3.0, canvas.top() + canvas.height() * i / 3.0);
                contour(painter, theme, [pos2(x, canvas.top()), pos2(x, canvas.bottom())], line);
                contour(painter, theme, [pos2(canvas.left(), y), pos2(canvas.right(), y)], line);
            }
        }
        if self.safe_areas {
            for (share, name, anchor) in [(ACTION_SAFE, "93", Align2::LEFT_TOP), (TITLE_SAFE, "90", Align2::LEFT_BOTTOM)] {
                let rect = scaled(canvas, share);
                painter.rect_stroke(rect, CornerRadius::ZERO, Stroke::new(3.0, theme.overlay_shade()), StrokeKind::Middle);
                painter.rect_stroke(rect, CornerRadius::ZERO, line, StrokeKind::Middle);
                // the outer one below its line, the inner one above: they never meet
                let at = rect.left_bottom() + vec2(4.0, if anchor == Align2::LEFT_TOP { 2.0 } else { -3.0 });
                painter.text(at, anchor, name, crate::app::fonts::regular(10.0), theme.overlay());
            }
        }
        if self.centre {
            let (c, arm) = (canvas.center(), (canvas.height() * 0.05).clamp(8.0, 32.0));
            cross(painter, theme, c, arm, line);
        }
    }
}

/// Both arms of a cross, with a dark edge.
pub fn cross(painter: &Painter, theme: &Theme, c: egui::Pos2, arm: f32, line: Stroke) {
    for (width, color) in [(line.width + 2.0, theme.overlay_shade()), (line.width, line.color)] {
        painter.hline(c.x - arm..=c.x + arm, c.y, Stroke::new(width, color));
        painter.vline(c.x, c.y - arm..=c.y + arm, Stroke::new(width, color));
    }
}

/// A line with a dark edge, so that it is seen on bright and on dark pictures.
fn contour(painter: &Painter, theme: &Theme, points: [egui::Pos2; 2], line: Stroke) {
    painter.line_segment(points, Stroke::new(line.width + 2.0, theme.overlay_shade()));
    painter.line_segment(points, line);
}

fn scaled(rect: Rect, share: f32) -> Rect {
    Rect::from_center_size(rect.center(), rect.size() * share)
}

/// The largest rectangle of a mask's shape inside the picture.
fn mask_rect(canvas: Rect, mask: Mask) -> Rect {
    let (w, h) = (canvas.width(), canvas.height());
    let size: Vec2 = if w / h.max(1e-3) > mask.aspect() { vec2(h * mask.aspect(), h) } else { vec2(w, w / mask.aspect()) };
    Rect::from_center_size(canvas.center(), size)
}

fn masked(painter: &Painter, theme: &Theme, canvas: Rect, mask: Mask) {
    let inside = mask_rect(canvas, mask);
    let outside = [
        Rect::from_min_max(canvas.min, pos2(canvas.right(), inside.top())),
        Rect::from_min_max(pos2(canvas.left(), inside.bottom()), canvas.max),
        Rect::from_min_max(pos2(canvas.left(), inside.top()), pos2(inside.left(), inside.bottom())),
        Rect::from_min_max(pos2(inside.right(), inside.top()), pos2(canvas.right(), inside.bottom())),
    ];
    for rect in outside.into_iter().filter(|r| r.width() > 0.5 && r.height() > 0.5) {
        painter.add(Shape::rect_filled(rect, CornerRadius::ZERO, theme.overlay_mask()));
    }
    painter.rect_stroke(inside, CornerRadius::ZERO, Stroke::new(1.0, theme.overlay()), StrokeKind::Outside);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_the_largest_frame_of_its_shape() {
        let canvas = Rect::from_min_size(pos2(10.0, 20.0), vec2(1600.0, 900.0));
        for mask in Mask::ALL {
            let r = mask_rect(canvas, mask);
            assert!((r.width() / r.height() - mask.aspect()).abs() < 1e-3, "{mask:?}");
            assert!(canvas.expand(1e-2).contains_rect(r) && r.center() == canvas.center());
            assert!((r.width() - canvas.width()).abs() < 0.01 || (r.height() - canvas.height()).abs() < 0.01);
        }
    }

    #[test]
    fn safe_areas_are_those_of_the_standard() {
        let canvas = Rect::from_min_size(pos2(0.0, 0.0), vec2(1920.0, 1080.0));
        let rounded = |r: Rect| (r.left().round(), r.top().round());
        assert_eq!(rounded(scaled(canvas, ACTION_SAFE)), (67.0, 38.0));
        assert_eq!(rounded(scaled(canvas, TITLE_SAFE)), (96.0, 54.0));
    }
}
