//! Geometry of transitions that move: which part of the canvas each side has, and where its picture lies.

use super::{Affine2, Input, Mask};
use crate::model::Side;

/// Masks of the outgoing and the incoming side of a wipe at `progress` (0–1); their shares add up to 1 everywhere.
///
/// The edge stands across the direction `angle` and crosses the whole canvas, its soft width included, while progress goes
/// from 0 to 1.
pub(super) fn sides_of_wipe(canvas: (u32, u32), angle: f32, softness: f32, progress: f32) -> [Mask; 2] {
    let (w, h) = (f64::from(canvas.0), f64::from(canvas.1));
    let (sin, cos) = f64::from(angle).to_radians().sin_cos();
    let corners = [0.0, w * cos, h * sin, w * cos + h * sin];
    let (low, high) = corners.iter().fold((f64::MAX, f64::MIN), |(a, b), c| (a.min(*c), b.max(*c)));
    let softness = ((high - low) * f64::from(softness.clamp(0.0, 1.0))).max(1.0);
    let edge = low - softness / 2.0 + f64::from(progress) * (high - low + softness);
    [Mask { edge: [cos, sin, -edge], softness }, Mask { edge: [-cos, -sin, edge], softness }]
}

/// Part of the canvas and movement in canvas pixels of one side of a slide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sliding {
    mask: Mask,
    by: (f64, f64),
}

/// The outgoing and the incoming side of a slide at `progress` (0–1).
pub(super) fn sides_of_slide(canvas: (u32, u32), from: Side, push: bool, progress: f32) -> [Sliding; 2] {
    let (w, h) = (f64::from(canvas.0), f64::from(canvas.1));
    let p = f64::from(progress);
    // direction in which the incoming picture moves, and how far it has to go
    let ((dx, dy), way) = match from {
        Side::Left => ((1.0, 0.0), w),
        Side::Right => ((-1.0, 0.0), w),
        Side::Top => ((0.0, 1.0), h),
        Side::Bottom => ((0.0, -1.0), h),
    };
    // its leading edge, measured along the movement
    let start = (dx * w + dy * h).min(0.0);
    let edge = start + p * way;
    let mask = |sign: f64| Mask { edge: [sign * dx, sign * dy, -sign * edge], softness: 1.0 };
    let moved = |by: f64| (dx * by, dy * by);
    let out = if push { moved(p * way) } else { (0.0, 0.0) };
    [Sliding { mask: mask(1.0), by: out }, Sliding { mask: mask(-1.0), by: moved((p - 1.0) * way) }]
}

/// The input on its side of a slide.
pub(super) fn slid(input: Input, side: Sliding) -> Input {
    let mut m = input.transform.0;
    m[2] += side.by.0;
    m[5] += side.by.1;
    Input { transform: Affine2(m), mask: Some(side.mask), ..input }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(m: &Mask, x: f64, y: f64) -> f64 {
        ((m.edge[0] * x + m.edge[1] * y + m.edge[2]) / m.softness + 0.5).clamp(0.0, 1.0)
    }

    proptest! {
        #[test]
        fn the_two_sides_of_a_wipe_share_every_pixel(angle in -720.0f32..720.0, soft in 0.0f32..=1.0, p in 0.0f32..=1.0, x in 0.0f64..=320.0, y in 0.0f64..=180.0) {
            let [out, into] = sides_of_wipe((320, 180), angle, soft, p);
            prop_assert!((share(&out, x, y) + share(&into, x, y) - 1.0).abs() < 1e-6);
            let [out, into] = sides_of_wipe((320, 180), angle, soft, 0.0);
            prop_assert!(share(&out, x, y) > 1.0 - 1e-6 && share(&into, x, y) < 1e-6);
            let into = sides_of_wipe((320, 180), angle, soft, 1.0)[1];
            prop_assert!(share(&into, x, y) > 1.0 - 1e-6);
        }
    }

    #[test]
    fn a_wipe_goes_where_its_angle_points() {
        let into = |angle| sides_of_wipe((320, 180), angle, 0.0, 0.5)[1];
        assert_eq!((share(&into(0.0), 10.0, 90.0), share(&into(0.0), 310.0, 90.0)), (1.0, 0.0));
        assert_eq!((share(&into(90.0), 160.0, 10.0), share(&into(90.0), 160.0, 170.0)), (1.0, 0.0));
        assert_eq!((share(&into(180.0), 10.0, 90.0), share(&into(180.0), 310.0, 90.0)), (0.0, 1.0));
    }

    #[test]
    fn a_slide_brings_the_picture_in_behind_its_leading_edge() {
        for from in [Side::Left, Side::Top, Side::Right, Side::Bottom] {
            for push in [false, true] {
                let [out, into] = sides_of_slide((320, 180), from, push, 1.0);
                assert_eq!(into.by, (0.0, 0.0), "{from:?}: it has arrived");
                assert!(share(&into.mask, 160.0, 90.0) == 1.0 && share(&out.mask, 160.0, 90.0) == 0.0);
                let [out, into] = sides_of_slide((320, 180), from, push, 0.0);
                assert!(share(&into.mask, 160.0, 90.0) == 0.0 && share(&out.mask, 160.0, 90.0) == 1.0);
                assert_eq!((out.by, into.by.0.abs() + into.by.1.abs() > 0.0), ((0.0, 0.0), true));
            }
        }
        let [out, into] = sides_of_slide((320, 180), Side::Left, true, 0.25);
        assert_eq!((out.by, into.by), ((80.0, 0.0), (-240.0, 0.0)));
        assert_eq!((share(&into.mask, 79.0, 0.0), share(&into.mask, 81.0, 0.0)), (1.0, 0.0));
    }
}
