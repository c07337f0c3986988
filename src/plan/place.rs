//! Where a picture lies on the canvas: fit, scale, rotation and position in one affine map, free of rounding noise.

use super::Affine2;
use crate::model::{Crop, Fit, Transform};

impl Affine2 {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);

    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        (m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5])
    }
}

/// Sequence size in pixels and the canvas that stands for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Canvas {
    pub sequence: (u32, u32),
    pub size: (u32, u32),
}

impl Canvas {
    /// The sequence's size over `divisor`, rounded up to even; divisor 1 keeps odd sizes as they are.
    pub fn new(sequence: (u32, u32), divisor: u32) -> Self {
        let sequence = (sequence.0.max(1), sequence.1.max(1));
        let side = |v: u32| if divisor <= 1 { v } else { v.div_ceil(divisor).next_multiple_of(2) };
        Self { sequence, size: (side(sequence.0), side(sequence.1)) }
    }

    /// So many times as wide and high; 0 and 1 leave it.
    pub fn larger(self, times: u32) -> Self {
        let times = times.max(1);
        Self { size: (self.size.0.saturating_mul(times), self.size.1.saturating_mul(times)), ..self }
    }
}

/// Cosine and sine of clockwise degrees, exact at quarter turns.
fn turn(degrees: f32) -> (f64, f64) {
    let d = f64::from(degrees).rem_euclid(360.0);
    match d {
        0.0 => (1.0, 0.0),
        90.0 => (0.0, 1.0),
        180.0 => (-1.0, 0.0),
        270.0 => (0.0, -1.0),
        _ => (d.to_radians().cos(), d.to_radians().sin()),
    }
}

/// Size that a shown source of `source` pixels takes in the sequence before the transform.
/// The side that decides is the sequence's own, exactly.
fn fitted(fit: Fit, source: (f64, f64), sequence: (f64, f64)) -> (f64, f64) {
    // Sides are small integers (16384 at most in a sound document): the products are exact.
    let (by_width, by_height) = (sequence.0 * source.1, sequence.1 * source.0);
    let use_width = match fit {
        Fit::None => return source,
        Fit::Fit => by_width <= by_height,
        Fit::Fill => by_width >= by_height,
    };
    if by_width == by_height {
        sequence
    } else if use_width {
        (sequence.0, by_width / source.0)
    } else {
        (by_height / source.1, sequence.1)
    }
}

/// Map from a media picture as shown (`source` pixels) to canvas pixels.
///
/// x' = W/2 + px + s·(cos·fx·(x − w/2) − sin·fy·(y − h/2)), y' likewise, then sequence to canvas pixels. Each term is one
/// quotient of products of sizes, so that a 1:1 picture gives exactly the identity.
pub(super) fn place_media(canvas: Canvas, source: (u32, u32), t: &Transform) -> Affine2 {
    let source = (f64::from(source.0.max(1)), f64::from(source.1.max(1)));
    let sequence = (f64::from(canvas.sequence.0), f64::from(canvas.sequence.1));
    place(canvas, source, fitted(t.fit, source, sequence), t)
}

/// Map from a canvas-sized picture (a title) to canvas pixels.
pub(super) fn place_canvas_picture(canvas: Canvas, t: &Transform) -> Affine2 {
    let size = (f64::from(canvas.size.0), f64::from(canvas.size.1));
    place(canvas, size, (f64::from(canvas.sequence.0), f64::from(canvas.sequence.1)), t)
}

fn place(canvas: Canvas, source: (f64, f64), fitted: (f64, f64), t: &Transform) -> Affine2 {
    let (w, h) = (f64::from(canvas.sequence.0), f64::from(canvas.sequence.1));
    let (cw, ch) = (f64::from(canvas.size.0), f64::from(canvas.size.1));
    let s = f64::from(t.scale);
    let (cos, sin) = turn(t.rotation);
    let (cos, sin) = (s * cos, s * sin);
    let (px, py) = (f64::from(t.position.0), f64::from(t.position.1));
    let (fw, fh) = fitted;
    Affine2(
        [
            cos * (cw * fw / (w * source.0)),
            -sin * (cw * fh / (w * source.1)),
            cw / 2.0 + cw * px / w - cos * (cw * fw / (2.0 * w)) + sin * (cw * fh / (2.0 * w)),
            sin * (ch * fw / (h * source.0)),
            cos * (ch * fh / (h * source.1)),
            ch / 2.0 + ch * py / h - sin * (ch * fw / (2.0 * h)) - cos * (ch * fh / (2.0 * h)),
        ]
        // −0 and 0 are the same place and must hash alike
        .map(|v| v + 0.0),
    )
}

/// The part of a shown source that `crop` leaves: left, top, right, bottom in its pixels. None when nothing is left.
pub(super) fn cropped(source: (u32, u32), crop: &Crop) -> Option<[f32; 4]> {
    let (w, h) = (source.0 as f32, source.1 as f32);
    let side = |v: f32| v.clamp(0.0, 1.0);
    let r = [w * side(crop.left), h * side(crop.top), w - w * side(crop.right), h - h * side(crop.bottom)];
    (r[0] < r[2] && r[1] < r[3]).then_some(r)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(sequence: (u32, u32), divisor: u32, source: (u32, u32), t: Transform) -> [f64; 6] {
        place_media(Canvas::new(sequence, divisor), source, &t).0
    }

    #[test]
    fn a_picture_of_the_sequence_size_is_left_exactly_alone() {
        for size in [(1920, 1080), (1919, 1079), (1, 1), (4096, 1716)] {
            for fit in [Fit::Fit, Fit::Fill, Fit::None] {
                assert_eq!(map(size, 1, size, Transform { fit, ..Transform::default() }), Affine2::IDENTITY.0);
            }
        }
        // and so is a small picture on the preview canvas of its own size
        assert_eq!(map((1920, 1080), 3, (640, 360), Transform::default()), Affine2::IDENTITY.0);
    }

    #[test]
    fn fit_leaves_bars_and_fill_crops() {
        let t = Transform::default();
        let wide = Affine2(map((1920, 1080), 1, (1920, 800), t));
        assert_eq!(wide.apply(0.0, 0.0), (0.0, 140.0));
        assert_eq!(wide.apply(1920.0, 800.0), (1920.0, 940.0));
        let fill = Affine2(map((1920, 1080), 1, (1080, 1080), Transform { fit: Fit::Fill, ..t }));
        assert_eq!(fill.apply(0.0, 540.0), (0.0, 540.0));
        assert_eq!(fill.apply(1080.0, 540.0), (1920.0, 540.0));
        assert!(fill.apply(0.0, 0.0).1 < 0.0);
        let none = Affine2(map((1920, 1080), 1, (100, 100), Transform { fit: Fit::None, ..t }));
        assert_eq!(none.apply(0.0, 0.0), (910.0, 490.0));
    }

    #[test]
    fn the_transform_scales_and_turns_clockwise_about_the_centre_then_moves() {
        let t = Transform { scale: 0.5, rotation: 90.0, position: (100.0, -50.0), ..Transform::default() };
        let m = Affine2(map((1920, 1080), 1, (1920, 1080), t));
        assert_eq!(m.apply(960.0, 540.0), (1060.0, 490.0));
        // 960 right of the centre comes to lie 480 below it
        assert_eq!(m.apply(1920.0, 540.0), (1060.0, 970.0));
        let half = Affine2(map((1920, 1080), 2, (1920, 1080), t));
        assert_eq!(half.apply(960.0, 540.0), (530.0, 245.0));
    }

    #[test]
    fn preview_canvases_are_even_and_still_filled_to_the_edge() {
        let c = Canvas::new((1919, 1079), 2);
        assert_eq!(c.size, (960, 540));
        let m = place_media(c, (1919, 1079), &Transform::default());
        assert_eq!(m.apply(0.0, 0.0), (0.0, 0.0));
        let (x, y) = m.apply(1919.0, 1079.0);
        assert!((x - 960.0).abs() < 1e-9 && (y - 540.0).abs() < 1e-9);
    }

    #[test]
    fn titles_start_out_as_the_canvas_itself() {
        for divisor in [1, 2, 4] {
            assert_eq!(place_canvas_picture(Canvas::new((1920, 1080), divisor), &Transform::default()), Affine2::IDENTITY);
        }
    }

    #[test]
    fn crop_is_in_shown_pixels_and_may_leave_nothing() {
        let c = Crop { left: 0.25, top: 0.0, right: 0.5, bottom: 0.1 };
        assert_eq!(cropped((400, 100), &c), Some([100.0, 0.0, 200.0, 90.0]));
        assert_eq!(cropped((400, 100), &Crop { left: 0.5, right: 0.5, ..Crop::default() }), None);
    }
}
