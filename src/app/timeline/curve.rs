//! The line over a clip that shows its loudness (sound) or its opacity (pictures), with its keys: where it lies, and how it
//! is painted. Lengths here are points from the top of the lanes before scrolling.

use super::lanes::{Lane, Lanes};
use crate::{
    app::theme::size,
    model::{Clip, Curve, TrackKind},
};
use egui::{Color32, Pos2, Rect, Shape, Stroke, pos2};

/// Loudest and quietest that the line can be dragged to, in decibels; at the bottom it is silence.
const LOUDEST: f32 = 12.0;
const QUIETEST: f32 = -48.0;
const SILENCE: f32 = -96.0;
/// Share of the height above 0 dB.
const ABOVE: f32 = 0.3;
/// A lane lower than this has no room for a line.
const MIN_HEIGHT: f32 = 34.0;
/// Lanes higher than this show the lines of all their clips, not only of the selected ones.
pub const TALL: f32 = 84.0;
/// Clips narrower than this have none.
pub const MIN_WIDTH: f32 = 24.0;
/// How near the pointer takes hold of the line and of a key.
const REACH: f32 = 3.5;
const KEY_REACH: f32 = 6.0;

/// Levels and heights of one lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub kind: TrackKind,
    top: f32,
    bottom: f32,
}

/// What lies under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    Line,
    /// Frame of the key, from the clip's first.
    Key(i64),
}

impl Scale {
    pub fn of(lane: &Lane) -> Option<Self> {
        let (top, bottom) = (lane.top + size::NAME_BAR + 5.0, lane.top + lane.height - 4.0);
        (lane.height >= MIN_HEIGHT).then_some(Self { kind: lane.track.kind, top, bottom })
    }

    /// The curve that the line shows.
    pub fn curve<'c>(&self, clip: &'c Clip) -> &'c Curve<f32> {
        match self.kind {
            TrackKind::Audio => &clip.keyframes.gain_db,
            TrackKind::Video => &clip.keyframes.opacity,
        }
    }

    /// The value where the curve is empty.
    pub fn fixed(&self, clip: &Clip) -> f32 {
        match self.kind {
            TrackKind::Audio => clip.gain_db,
            TrackKind::Video => clip.transform.opacity,
        }
    }

    /// The value at a frame from the clip's first.
    pub fn value(&self, clip: &Clip, frame: i64) -> f32 {
        self.curve(clip).at(frame).unwrap_or_else(|| self.fixed(clip))
    }

    /// Height of a level.
    pub fn y(&self, value: f32) -> f32 {
        let span = self.bottom - self.top;
        match self.kind {
            TrackKind::Video => self.bottom - value.clamp(0.0, 1.0) * span,
            TrackKind::Audio if value >= 0.0 => self.top + (1.0 - value.min(LOUDEST) / LOUDEST) * ABOVE * span,
            TrackKind::Audio => self.top + (ABOVE + value.max(QUIETEST) / QUIETEST * (1.0 - ABOVE)) * span,
        }
    }

    /// The level at a height, a tenth of a decibel or a hundredth exactly; it rests at 0 dB, and silence is at the bottom.
    pub fn value_at(&self, y: f32) -> f32 {
        let span = (self.bottom - self.top).max(1.0);
        let share = ((y - self.top) / span).clamp(0.0, 1.0);
        match self.kind {
            TrackKind::Video => ((1.0 - share) * 100.0).round() / 100.0,
            TrackKind::Audio if share >= 0.995 => SILENCE,
            TrackKind::Audio => {
                let db = if share < ABOVE { (1.0 - share / ABOVE) * LOUDEST } else { (share - ABOVE) / (1.0 - ABOVE) * QUIETEST };
                if db.abs() < 0.5 { 0.0 } else { (db * 10.0).round() / 10.0 }
            }
        }
    }

    /// What the pointer takes hold of; `pos` is on screen.
    pub fn grip(&self, lanes: &Lanes, clip: &Clip, pos: Pos2) -> Option<Grip> {
        let y = lanes.unscrolled(pos.y);
        let near = |k: &&crate::model::Key<f32>| {
            let x = lanes.x(clip.start.saturating_add(k.frame));
            (pos.x - x).abs() <= KEY_REACH && (y - self.y(k.value)).abs() <= KEY_REACH
        };
        let inside = |k: &&crate::model::Key<f32>| (0..clip.duration).contains(&k.frame);
        if let Some(key) = self.curve(clip).keys().iter().filter(inside).find(near) {
            return Some(Grip::Key(key.frame));
        }
        let frame = lanes.frame_at(pos.x).floor() as i64 - clip.start;
        ((y - self.y(self.value(clip, frame))).abs() <= REACH).then_some(Grip::Line)
    }

    /// The line and its keys within `rect`, the visible part of the clip on screen. `selected` is the frame of the key that
    /// stands out.
    pub fn shapes(&self, lanes: &Lanes, clip: &Clip, rect: Rect, line: Color32, accent: Color32, selected: Option<i64>) -> Vec<Shape> {
        let on_screen = |v: f32| self.y(v) + lanes.rect.top() - lanes.scroll;
        let curve = self.curve(clip);
        let (left, right) = (rect.left(), rect.right());
        let mut points = Vec::new();
        let mut add = |x: f32| {
            let frame = (lanes.frame_at(x) - clip.start as f64).round() as i64;
            points.push(pos2(x, on_screen(self.value(clip, frame))));
        };
        add(left);
        if !curve.is_empty() {
            // eased pieces are bent: a point every few pixels, and one at each key
            let keys = curve.keys().iter().map(|k| lanes.x(clip.start.saturating_add(k.frame)));
            let mut xs: Vec<f32> = (1..).map(|i| left + i as f32 * 6.0).take_while(|x| *x < right).collect();
            xs.extend(keys.clone().filter(|x| (left..right).contains(x)));
            xs.sort_by(f32::total_cmp);
            xs.into_iter().for_each(&mut add);
        }
        add(right);
        let mut shapes = vec![Shape::line(points, Stroke::new(1.5, line))];
        let first = curve.keys().partition_point(|k| lanes.x(clip.start.saturating_add(k.frame)) < left - 4.0);
        let mut drawn = f32::NEG_INFINITY;
        for k in curve.keys()[first..].iter().take_while(|k| lanes.x(clip.start.saturating_add(k.frame)) <= right + 4.0) {
            let x = lanes.x(clip.start.saturating_add(k.frame));
            // keys that would lie on one another are drawn once
            if x - drawn < 3.0 || !(0..clip.duration).contains(&k.frame) {
                continue;
            }
            drawn = x;
            let c = pos2(x, on_screen(k.value));
            let (r, color) = if selected == Some(k.frame) { (5.0, accent) } else { (4.0, line) };
            let diamond = vec![pos2(c.x, c.y - r), pos2(c.x + r, c.y), pos2(c.x, c.y + r), pos2(c.x - r, c.y)];
            shapes.push(Shape::convex_polygon(diamond, color, Stroke::NONE));
        }
        shapes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_and_its_height_agree() {
        for kind in [TrackKind::Audio, TrackKind::Video] {
            let s = Scale { kind, top: 20.0, bottom: 220.0 };
            let levels: &[f32] = if kind == TrackKind::Audio { &[12.0, 6.0, 0.0, -3.0, -24.0, -96.0] } else { &[0.0, 0.25, 1.0] };
            for v in levels {
                assert!((s.value_at(s.y(*v)) - v).abs() < 0.11, "{kind:?} {v}: {}", s.value_at(s.y(*v)));
            }
        }
    }

    #[test]
    fn the_line_rests_at_nought_and_stays_within_its_ends() {
        let s = Scale { kind: TrackKind::Audio, top: 20.0, bottom: 220.0 };
        assert_eq!(s.value_at(s.y(0.3)), 0.0);
        assert_eq!((s.value_at(-50.0), s.value_at(1000.0)), (LOUDEST, SILENCE));
    }
}
