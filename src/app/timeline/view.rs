//! Which part of time the lanes show. Positions are whole frames in the document and `f64` here, narrowed to `f32`
//! points only at the very end: at 10 hours a point is then still exact.

/// Mapping between frames and points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeView {
    /// Frame at the left edge of the lanes; may be fractional.
    pub left: f64,
    /// Points per frame.
    pub scale: f64,
}

/// Farthest in: one frame is this many points wide.
pub const MAX_SCALE: f64 = 60.0;
/// Farthest out, in points per frame: 24 hours at 60 frames per second in about 500 points.
const MIN_SCALE: f64 = 1.0e-4;

impl Default for TimeView {
    fn default() -> Self {
        Self { left: 0.0, scale: 2.0 }
    }
}

impl TimeView {
    /// Point of a frame's start, from the lanes' left edge.
    pub fn x(&self, frame: f64) -> f64 {
        (frame - self.left) * self.scale
    }

    /// Frame (fractional) at a point, from the lanes' left edge.
    pub fn frame_at(&self, x: f64) -> f64 {
        self.left + x / self.scale
    }

    /// Zoom by `factor`, keeping the time under point `x` where it is.
    pub fn zoomed_at(&self, x: f64, factor: f64) -> Self {
        let scale = (self.scale * factor).clamp(MIN_SCALE, MAX_SCALE);
        let under = self.frame_at(x);
        Self { left: under - x / scale, scale }
    }

    /// Move the view right by `dx` points.
    pub fn panned(&self, dx: f64) -> Self {
        Self { left: self.left + dx / self.scale, ..*self }
    }

    /// Show `[0, frames)` in `width` points with a little room at the end.
    pub fn fitted(frames: i64, width: f64) -> Self {
        let frames = frames.max(1) as f64;
        Self { left: 0.0, scale: ((width.max(50.0) - 24.0) / frames).clamp(MIN_SCALE, MAX_SCALE) }
    }

    /// Show `[from, to)` in all of `width`.
    pub fn spanning(&self, from: f64, to: f64, width: f64) -> Self {
        // a stretch of nothing is a slip of the hand
        if (to - from) * self.scale < 4.0 {
            return *self;
        }
        let scale = (width.max(50.0) / (to - from)).clamp(MIN_SCALE, MAX_SCALE);
        let middle = (from + to) / 2.0;
        Self { left: (middle - width / 2.0 / scale).max(0.0), scale }
    }

    /// Keep the view from leaving `[0, frames)` behind: never left of 0, never wholly past the end.
    pub fn held(&self, frames: i64, width: f64) -> Self {
        let last = (frames.max(0) as f64 - 0.25 * width / self.scale).max(0.0);
        Self { left: self.left.clamp(0.0, last), ..*self }
    }

    /// The view moved as little as needed to show `frame` inside `width`, leaving a margin.
    pub fn showing(&self, frame: f64, width: f64) -> Self {
        let x = self.x(frame);
        if x < 0.0 || x > width { Self { left: (frame - width * 0.1 / self.scale).max(0.0), ..*self } } else { *self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn zooming_keeps_the_time_under_the_pointer(left in 0.0f64..1e9, scale in 0.001f64..50.0, x in 0.0f64..4000.0, factor in 0.2f64..5.0) {
            let v = TimeView { left, scale };
            let z = v.zoomed_at(x, factor);
            // to a thousandth of a point, ten thousand hours into a timeline
            prop_assert!((z.x(v.frame_at(x)) - x).abs() < 1e-3 * z.scale.max(1.0));
        }
        #[test]
        fn a_point_and_its_frame_agree(left in 0.0f64..1e7, scale in 0.001f64..50.0, frame in 0i64..10_000_000) {
            let v = TimeView { left, scale };
            prop_assert!((v.frame_at(v.x(frame as f64)) - frame as f64).abs() < 1e-3);
        }
    }

    #[test]
    fn fitting_shows_everything_and_zoom_has_ends() {
        let v = TimeView::fitted(1000, 1024.0);
        assert!(v.x(1000.0) <= 1024.0 && v.x(1000.0) > 900.0);
        assert_eq!(v.zoomed_at(0.0, 1e9).scale, MAX_SCALE);
        assert_eq!(v.zoomed_at(0.0, 1e-9).scale, MIN_SCALE);
    }

    #[test]
    fn the_view_never_leaves_the_film_behind() {
        let v = TimeView { left: 1e9, scale: 1.0 }.held(1000, 400.0);
        assert_eq!(v.left, 900.0);
        assert_eq!(TimeView { left: -5.0, scale: 1.0 }.held(1000, 400.0).left, 0.0);
        assert_eq!(TimeView { left: 50.0, scale: 1.0 }.held(0, 400.0).left, 0.0);
    }
}
