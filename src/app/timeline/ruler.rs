//! The ruler: timecode ticks at a spacing that suits the zoom, markers, the marked range and the playhead's head.

use super::lanes::Lanes;
use crate::{
    app::{fonts, state::Cx, theme::Theme, theme::size},
    base::FrameRate,
};
use egui::{Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// Frames between labelled ticks and between small ticks, for labels at least `label_width` points apart.
pub fn tick_spacing(rate: FrameRate, scale: f64, label_width: f64) -> (i64, i64) {
    let base = i64::from(rate.timecode_base());
    let frames = [1, 2, 5, 10].into_iter().filter(|f| *f < base).map(|f| (f, 1));
    let seconds =
        [(1, 5), (2, 4), (5, 5), (10, 10), (15, 3), (30, 6), (60, 6), (120, 4), (300, 5), (600, 10), (900, 3), (1800, 6), (3600, 6)];
    let seconds = seconds.into_iter().map(|(s, parts)| (s * base, (s * base / parts).max(1)));
    let mut hours = (1..).map(|h| (h * 7200 * base, h * 1800 * base));
    frames
        .chain(seconds)
        .find(|(major, _)| *major as f64 * scale >= label_width)
        .or_else(|| hours.find(|(major, _)| *major as f64 * scale >= label_width))
        .unwrap_or((base, base))
}

/// Frames of the labelled ticks and the small ticks in `[from, to)`.
pub fn ticks(from: i64, to: i64, spacing: (i64, i64)) -> impl Iterator<Item = (i64, bool)> {
    let (major, minor) = (spacing.0.max(1), spacing.1.max(1));
    let first = from.max(0).div_euclid(minor) * minor;
    (0..).map(move |i| first + i * minor).take_while(move |f| *f < to).map(move |f| (f, f % major == 0))
}

/// Paint the ruler into `rect`, which lies over `lanes.rect` with the same left and right.
pub fn paint(painter: &Painter, cx: &Cx<'_>, rect: Rect, lanes: &Lanes) {
    let (theme, sequence, marks) = (cx.theme, &cx.project.sequence, cx.shared.marks);
    painter.rect_filled(rect, CornerRadius::ZERO, theme.surface(1));
    if let Some((a, b)) = marks.range(sequence.duration()) {
        let range = Rect::from_min_max(pos2(lanes.x(a), rect.bottom() - 6.0), pos2(lanes.x(b), rect.bottom()));
        painter.rect_filled(range, CornerRadius::ZERO, theme.accent().gamma_multiply(0.55));
    }
    let spacing = tick_spacing(sequence.frame_rate, lanes.view.scale, 92.0);
    let (from, to) = lanes.visible();
    let font = fonts::regular(size::SMALL - 1.0);
    let mut lines = Mesh::default();
    for (frame, major) in ticks(from, to, spacing) {
        let x = lanes.x(frame).round();
        let height = if major { rect.height() - 4.0 } else { 4.0 };
        let color = if major { theme.line() } else { theme.faint().gamma_multiply(0.6) };
        lines.add_colored_rect(Rect::from_min_max(pos2(x, rect.bottom() - height), pos2(x + 1.0, rect.bottom())), color);
        if major {
            let job = fonts::tabular(painter.ctx(), &sequence.timecode(frame), &font, theme.secondary());
            let galley = painter.layout_job(job);
            painter.galley(pos2(x + 5.0, rect.top() + 3.0), galley, Color32::PLACEHOLDER);
        }
    }
    painter.add(Shape::mesh(lines));
    paint_markers(painter, cx, rect, lanes);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, theme.hairline());
}

fn paint_markers(painter: &Painter, cx: &Cx<'_>, rect: Rect, lanes: &Lanes) {
    let theme = cx.theme;
    let (from, to) = lanes.visible();
    // markers that would lie on one another are drawn once, but not those with a name or a length
    let mut covered = f32::NEG_INFINITY;
    for m in cx.index.markers_in(from, to) {
        if m.duration == 0 && lanes.x(m.frame) < covered {
            continue;
        }
        covered = lanes.x(m.frame) + 2.0;
        let color = theme.marker(m.color);
        let x = lanes.x(m.frame);
        if m.duration > 0 {
            let band = Rect::from_min_max(pos2(x, rect.bottom() - 12.0), pos2(lanes.x(m.frame + m.duration), rect.bottom()));
            painter.rect_filled(band, CornerRadius::same(2), color.gamma_multiply(0.28));
        }
        painter.vline(x, lanes.rect.y_range(), Stroke::new(1.0, color.gamma_multiply(0.5)));
        let (top, bottom) = (rect.bottom() - 11.0, rect.bottom());
        let flag = vec![pos2(x - 4.0, top), pos2(x + 4.0, top), pos2(x + 4.0, bottom - 4.0), pos2(x, bottom), pos2(x - 4.0, bottom - 4.0)];
        painter.add(Shape::convex_polygon(flag, color, Stroke::NONE));
        if !m.name.is_empty() {
            let galley = painter.layout_no_wrap(m.name.clone(), fonts::regular(size::SMALL - 1.0), color);
            let back = Rect::from_min_size(pos2(x + 6.0, rect.bottom() - 14.0), galley.size() + vec2(6.0, 1.0));
            painter.rect_filled(back, CornerRadius::same(3), theme.surface(1));
            painter.galley(back.min + vec2(3.0, 0.0), galley, color);
        }
    }
}

/// The playhead: a head in the ruler and a line through the lanes.
pub fn paint_playhead(painter: &Painter, theme: &Theme, ruler: Rect, lanes: &Lanes, frame: i64) {
    let x = lanes.x(frame);
    if x < ruler.left() - 6.0 || x > ruler.right() + 6.0 {
        return;
    }
    let color = theme.accent();
    painter.vline(x, ruler.top()..=lanes.rect.bottom(), Stroke::new(1.5, color));
    let (top, mid) = (ruler.bottom() - 15.0, ruler.bottom() - 6.0);
    let head: Vec<Pos2> = vec![pos2(x - 6.0, top), pos2(x + 6.0, top), pos2(x + 6.0, mid), pos2(x, ruler.bottom()), pos2(x - 6.0, mid)];
    painter.add(Shape::convex_polygon(head, color, Stroke::NONE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_run_into_each_other_at_any_zoom() {
        for rate in [FrameRate::FPS_24, FrameRate::NTSC_30, FrameRate::FPS_60] {
            let mut scale = 1e-4;
            while scale < 60.0 {
                let (major, minor) = tick_spacing(rate, scale, 92.0);
                assert!(major as f64 * scale >= 92.0 || scale >= 46.0, "{rate} at {scale}: {major}");
                assert_eq!(major % minor, 0, "{rate} at {scale}: small ticks do not meet the large ones");
                scale *= 1.3;
            }
        }
    }

    #[test]
    fn ticks_start_before_the_view_and_stop_with_it() {
        let all: Vec<_> = ticks(7, 21, (10, 5)).collect();
        assert_eq!(all, [(5, false), (10, true), (15, false), (20, true)]);
    }
}
