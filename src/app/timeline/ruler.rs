//! The ruler: timecode ticks at a spacing that suits the zoom, markers, the marked range and the playhead's head.

use super::lanes::Lanes;
use crate::{
    app::{fonts, state::Cx, theme::Theme, theme::size},
    base::FrameRate,
    model::{Marker, Sequence},
};
use egui::{Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

/// Height of the zone at the ruler's lower edge in which flags and the ends of the range are taken hold of.
pub const FLAGS: f32 = 13.0;
/// Height of the strip of sections.
pub const SECTIONS: f32 = 16.0;
/// Markers without a name that follow each other this closely are beats: ticks, not flags.
const BEATS_APART: f32 = 72.0;
/// Labels are at least this far apart.
pub const LABEL: f64 = 92.0;

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

/// How a sequence labels its frames, so that ticks lie on round labels: drop-frame counting leaves labels out, and the first
/// frame may have any label.
#[derive(Clone, Copy, Debug)]
pub struct Counting {
    base: i64,
    /// Labels left out at the start of every minute but each tenth; 0 = none.
    skipped: i64,
    start: i64,
}

impl Counting {
    pub fn of(s: &Sequence) -> Self {
        let base = i64::from(s.frame_rate.timecode_base());
        let drops = s.drop_frame && s.frame_rate.can_drop_frames();
        Self { base, skipped: if drops { base / 15 } else { 0 }, start: s.start_timecode }
    }

    /// The number that a frame's label counts as: hours, minutes, seconds and frames at the nominal rate.
    fn label(self, frame: i64) -> i64 {
        let n = frame + self.start;
        if self.skipped == 0 || n < 0 {
            return n;
        }
        let (minute, ten) = (self.base * 60 - self.skipped, self.base * 600 - self.skipped * 9);
        let (tens, rest) = (n / ten, n % ten);
        let minutes = if rest < self.base * 60 { 0 } else { (rest - self.base * 60) / minute + 1 };
        n + self.skipped * (9 * tens + minutes)
    }

    /// The frame with that label; of a label that is left out the next one's.
    fn frame(self, label: i64) -> i64 {
        let minutes = label.div_euclid(self.base * 60);
        let missing = minutes % 10 != 0 && label.rem_euclid(self.base * 60) < self.skipped;
        let label = if missing { minutes * self.base * 60 + self.skipped } else { label };
        label - self.skipped * (minutes - minutes.div_euclid(10)) - self.start
    }
}

/// Frames of the labelled ticks and the small ticks in `[from, to)`.
pub fn ticks(from: i64, to: i64, spacing: (i64, i64), counting: Counting) -> impl Iterator<Item = (i64, bool)> {
    let (major, minor) = (spacing.0.max(1), spacing.1.max(1));
    let first = counting.label(from.max(0)).div_euclid(minor) * minor;
    let labels = (0..).map(move |i| first + i * minor);
    labels.map(move |l| (counting.frame(l), l % major == 0)).take_while(move |(f, _)| *f < to)
}

/// Paint the ruler into `rect`, which lies over `lanes.rect` with the same left and right.
pub fn paint(painter: &Painter, cx: &Cx<'_>, rect: Rect, lanes: &Lanes) {
    let (theme, sequence) = (cx.theme, &cx.project.sequence);
    painter.rect_filled(rect, CornerRadius::ZERO, theme.surface(1));
    paint_range(painter, cx, rect, lanes);
    let spacing = tick_spacing(sequence.frame_rate, lanes.view.scale, LABEL);
    let (from, to) = lanes.visible();
    let font = fonts::regular(size::SMALL - 1.0);
    let mut lines = Mesh::default();
    for (frame, major) in ticks(from, to, spacing, Counting::of(sequence)) {
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

/// The marked range: a band with a bracket at each end that is set.
fn paint_range(painter: &Painter, cx: &Cx<'_>, rect: Rect, lanes: &Lanes) {
    let marks = cx.shared.marks;
    let Some((a, b)) = marks.range(cx.project.sequence.duration()) else { return };
    let color = cx.theme.accent();
    let (x0, x1) = (lanes.x(a).max(rect.left() - 8.0), lanes.x(b).min(rect.right() + 8.0));
    if x1 < x0 {
        return;
    }
    let band = Rect::from_min_max(pos2(x0, rect.bottom() - 7.0), pos2(x1, rect.bottom()));
    painter.rect_filled(band, CornerRadius::ZERO, color.gamma_multiply(0.35));
    let over = Rect::from_min_max(pos2(x0, lanes.rect.top()), pos2(x1, lanes.rect.bottom()));
    painter.rect_filled(over, CornerRadius::ZERO, color.gamma_multiply(0.05));
    for (frame, side) in [(marks.start, 1.0), (marks.end, -1.0)] {
        let Some(x) = frame.map(|f| lanes.x(f)) else { continue };
        let stroke = Stroke::new(2.0, color);
        painter.vline(x, rect.bottom() - FLAGS..=rect.bottom(), stroke);
        painter.hline(egui::Rangef::new(x.min(x + 5.0 * side), x.max(x + 5.0 * side)), rect.bottom() - FLAGS, stroke);
    }
}

/// The strip of sections under the ruler: markers with a length, in their colours, with their names.
pub fn paint_sections(painter: &Painter, cx: &Cx<'_>, strip: Rect, lanes: &Lanes) {
    painter.rect_filled(strip, CornerRadius::ZERO, cx.theme.surface(1));
    let (from, to) = lanes.visible();
    for m in cx.index.markers_in(from, to).iter().filter(|m| m.duration > 0) {
        let color = cx.theme.marker(m.color);
        let (x0, x1) = (lanes.x(m.frame), lanes.x(m.frame + m.duration));
        let band = Rect::from_min_max(pos2(x0, strip.top()), pos2(x1 - 1.0, strip.bottom() - 1.0)).intersect(strip.expand2(vec2(4.0, 0.0)));
        painter.rect_filled(band, CornerRadius::ZERO, color.gamma_multiply(0.28));
        let edge = Rect::from_min_max(band.min, pos2(band.left() + 2.0, band.bottom()));
        painter.rect_filled(edge, CornerRadius::ZERO, color.gamma_multiply(0.8));
        let room = band.right() - band.left().max(strip.left()) - 10.0;
        if room > 16.0 && !m.name.is_empty() {
            let galley = elided(painter, &m.name, cx.theme.text(), room);
            painter.galley(pos2(band.left().max(strip.left()) + 6.0, band.center().y - galley.size().y / 2.0), galley, color);
        }
        painter.vline(x0, lanes.rect.y_range(), Stroke::new(1.0, color.gamma_multiply(0.4)));
    }
    painter.hline(strip.x_range(), strip.bottom() - 0.5, cx.theme.hairline());
}

pub(super) fn elided(painter: &Painter, text: &str, color: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), fonts::regular(size::SMALL - 1.0), color);
    job.wrap.max_width = width.floor().max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    painter.layout_job(job)
}

fn paint_markers(painter: &Painter, cx: &Cx<'_>, rect: Rect, lanes: &Lanes) {
    let theme = cx.theme;
    let (from, to) = lanes.visible();
    // markers that would lie on one another are drawn once, and names only where they fit
    let points: Vec<_> = cx.index.markers_in(from, to).iter().filter(|m| m.duration == 0).collect();
    let is_beat = |m: &Marker| m.name.is_empty() && m.note.is_empty();
    let mut covered = [f32::NEG_INFINITY; 2];
    let mut before = f32::NEG_INFINITY;
    for (i, m) in points.iter().enumerate() {
        let x = lanes.x(m.frame);
        // a beat hides no marker with a name
        let covered = &mut covered[usize::from(is_beat(m))];
        if x < *covered {
            continue;
        }
        *covered = x + 2.0;
        let color = theme.marker(m.color);
        let selected = cx.shared.selection.marker == Some(m.id);
        let next = points[i + 1..].iter().find(|n| is_beat(n) == is_beat(m)).map_or(f32::INFINITY, |n| lanes.x(n.frame));
        // a beat among many
        let beat = !selected && (next - x < 9.0 || is_beat(m) && (next - x).min(x - before) < BEATS_APART);
        if is_beat(m) {
            before = x;
        }
        let strength = match (selected, beat) {
            (true, _) => 0.9,
            (false, true) => 0.18,
            (false, false) => 0.4,
        };
        painter.vline(x, lanes.rect.y_range(), Stroke::new(1.0, color.gamma_multiply(strength)));
        if beat {
            painter.vline(x, rect.bottom() - 7.0..=rect.bottom(), Stroke::new(1.0, color));
            continue;
        }
        let (top, bottom) = (rect.bottom() - FLAGS + 2.0, rect.bottom());
        let flag = vec![pos2(x - 4.0, top), pos2(x + 4.0, top), pos2(x + 4.0, bottom - 4.0), pos2(x, bottom), pos2(x - 4.0, bottom - 4.0)];
        let stroke = if selected { Stroke::new(1.5, theme.text()) } else { Stroke::NONE };
        painter.add(Shape::convex_polygon(flag, color, stroke));
        let room = (next - x - 14.0).min(160.0);
        if !m.name.is_empty() && room > 20.0 {
            let galley = elided(painter, &m.name, color, room);
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
        let s = Sequence::new(1920, 1080, FrameRate::FPS_25);
        let all: Vec<_> = ticks(7, 21, (10, 5), Counting::of(&s)).collect();
        assert_eq!(all, [(5, false), (10, true), (15, false), (20, true)]);
    }

    #[test]
    fn ticks_lie_on_round_labels_in_drop_frame_and_after_any_start() {
        let mut s = Sequence::new(1920, 1080, FrameRate::NTSC_30);
        assert!(s.drop_frame);
        for start in [0, 107_892, 1234] {
            s.start_timecode = start;
            let minute = 30 * 60;
            let labels: Vec<_> = ticks(0, 60_000, (5 * minute, minute), Counting::of(&s)).map(|(f, _)| s.timecode(f)).collect();
            assert!(labels.len() > 30);
            // the first frame of a minute is 00 only every tenth minute
            assert!(labels.iter().all(|l| l.ends_with(":00;02") || l.ends_with("0:00;00")), "{labels:?}");
        }
        for frame in 0..40_000 {
            let c = Counting::of(&s);
            assert_eq!(c.frame(c.label(frame)), frame);
        }
    }
}
