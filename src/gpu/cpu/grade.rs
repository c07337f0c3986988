//! Effects on rows of straight light. Twin of `graded` in `composite.wgsl`.

use super::{
    input::matrix,
    power::{affine_power, power},
    simd::{fma, kernel},
};
use crate::gpu::params::{MAX_GRADED, STAGE_MATRIX, STAGE_TONE, StageParams};

/// Runs the stages over the columns from `x` on of row `y`, in place.
pub(super) fn graded(stages: &[StageParams], x: usize, y: usize, r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    for s in stages {
        match s.kind {
            STAGE_MATRIX => matrix(&s.rows, r, g, b),
            STAGE_TONE => {
                for (i, row) in [&mut *r, &mut *g, &mut *b].into_iter().enumerate() {
                    if s.before != 1.0 {
                        power(s.before, row);
                    }
                    affine_power(s.rows[0][i], s.rows[1][i], s.rows[2][i], row);
                }
            }
            _ => {
                let (cx, cy) = (x as f32 + 0.5, y as f32 + 0.5);
                let at = |m: &[f32; 4]| m[0] * cx + m[1] * cy + m[2];
                let along = |m: &[f32; 4]| (at(m), m[0]);
                vignette(along(&s.rows[0]), along(&s.rows[1]), &s.rows[2], r, g, b);
            }
        }
    }
    for row in [r, g, b] {
        hold(row);
    }
}

#[inline(always)]
fn vignette_body<const FMA: bool>(u: (f32, f32), v: (f32, f32), m: &[f32; 4], r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    for (i, ((r, g), b)) in r.iter_mut().zip(g).zip(b).enumerate() {
        let (x, y) = (fma::<FMA>(u.1, i as f32, u.0), fma::<FMA>(v.1, i as f32, v.0));
        let t = ((fma::<FMA>(x, x, y * y).sqrt() - m[1]) * m[2]).clamp(0.0, 1.0);
        let k = 1.0 - m[0] * (t * t * (3.0 - 2.0 * t));
        (*r, *g, *b) = (*r * k, *g * k, *b * k);
    }
}
#[inline(always)]
fn hold_body<const FMA: bool>(row: &mut [f32]) {
    for v in row {
        *v = v.clamp(-MAX_GRADED, MAX_GRADED);
    }
}
kernel! {
    /// Each pixel times its factor: `u` and `v` are the first pixel's place and the step to the next.
    fn vignette(u: (f32, f32), v: (f32, f32), m: &[f32; 4], r: &mut [f32], g: &mut [f32], b: &mut [f32]) = vignette_body
}
kernel! { fn hold(row: &mut [f32]) = hold_body }
