//! From a stack of effects to the stages that the passes run: runs of effects that are matrices on light become one, runs
//! on the signal share one conversion, what changes nothing is left out. Pure numbers; the meaning of each effect is told in
//! [`crate::model::EffectKind`].
//!
//! Formulas:
//! - *Luminance* is the Y row of the working primaries' RGB → XYZ matrix (SMPTE RP 177): for BT.709 0.2126, 0.7152, 0.0722.
//! - *White balance* is a gain per component, without a detour over cone responses: warm lifts red and lowers blue by a
//!   stop at ±1, magenta lowers green and lifts the other two by half a stop; then all three are divided by the
//!   luminance that a grey of 1 has come to, so that grey keeps its brightness.
//! - *Saturation* moves light along the line to its luminance, as the ASC CDL does on the signal: `Y + amount · (c − Y)`.
//! - *Contrast* and *wheels* are affine on the signal, then (wheels) a power, as the ASC CDL's slope, offset and power;
//!   the power keeps the sign, so that colours outside the gamut stay where they are, and black is the floor for all
//!   others: light below it would darken what the picture is mixed with.
//! - *Vignette* falls along the smoothstep 3t² − 2t³.

use super::params::{STAGE_MATRIX, STAGE_TONE, STAGE_VIGNETTE, StageParams};
use crate::{
    base::color::{self, Mat3, Primaries, SDR_GAMMA},
    model::{EffectKind, MAX_EFFECTS},
    plan::Affine2,
};

/// Narrowest fall of a vignette, in half diagonals: one pixel of a small canvas.
const MIN_FALL: f64 = 0.002;

/// A stage before the exponents of the signal curve are folded in.
enum Step {
    Matrix(Mat3),
    /// On the signal, per component: factor, offset, exponent.
    Tone([f64; 3], [f64; 3], [f64; 3]),
    Vignette {
        amount: f64,
        radius: f64,
        softness: f64,
    },
}

/// The stages of `effects` on light of `working` primaries. `to_unit` takes canvas pixels to the distance from the middle
/// of the picture in half diagonals.
pub(super) fn stages(effects: &[EffectKind], working: Primaries, to_unit: Affine2) -> ([StageParams; MAX_EFFECTS], u32) {
    let mut steps: Vec<Step> = Vec::new();
    for effect in effects.iter().take(MAX_EFFECTS) {
        push(&mut steps, step(effect, luminance(working)));
    }
    let is_tone = |i: usize| matches!(steps.get(i), Some(Step::Tone(..)));
    let mut out = [StageParams::default(); MAX_EFFECTS];
    for (i, (o, s)) in out.iter_mut().zip(&steps).enumerate() {
        *o = match s {
            Step::Matrix(m) => StageParams { kind: STAGE_MATRIX, rows: m.map(row), ..StageParams::default() },
            Step::Tone(factor, offset, exponent) => {
                let before = if i > 0 && is_tone(i - 1) { 1.0 } else { 1.0 / SDR_GAMMA };
                let after = if is_tone(i + 1) { 1.0 } else { SDR_GAMMA };
                let rows = [row(*factor), row(*offset), row(exponent.map(|e| e * after))];
                StageParams { kind: STAGE_TONE, rows, before: before as f32, ..StageParams::default() }
            }
            Step::Vignette { amount, radius, softness } => {
                let u = to_unit.0;
                let width = (softness * (1.0 - radius)).max(MIN_FALL);
                let rows = [row([u[0], u[1], u[2]]), row([u[3], u[4], u[5]]), row([*amount, *radius, 1.0 / width])];
                StageParams { kind: STAGE_VIGNETTE, rows, ..StageParams::default() }
            }
        };
    }
    (out, steps.len() as u32)
}

/// From canvas pixels to half diagonals from the middle of a picture of this size, which `to_picture` maps canvas pixels to.
pub(super) fn unit_of_picture(to_picture: Affine2, size: (f64, f64)) -> Affine2 {
    let half = (size.0.hypot(size.1) / 2.0).max(f64::MIN_POSITIVE);
    let m = to_picture.0;
    let (x, y) = (size.0 / 2.0, size.1 / 2.0);
    Affine2([m[0] / half, m[1] / half, (m[2] - x) / half, m[3] / half, m[4] / half, (m[5] - y) / half])
}

fn row(v: [f64; 3]) -> [f32; 4] {
    [v[0] as f32, v[1] as f32, v[2] as f32, 0.0]
}

fn luminance(p: Primaries) -> [f64; 3] {
    p.to_xyz()[1]
}

fn gains(g: [f64; 3]) -> Mat3 {
    [[g[0], 0.0, 0.0], [0.0, g[1], 0.0], [0.0, 0.0, g[2]]]
}

/// None for an effect that changes nothing.
fn step(effect: &EffectKind, luminance: [f64; 3]) -> Option<Step> {
    let wide = |v: [f32; 3]| v.map(f64::from);
    match *effect {
        EffectKind::Exposure { stops } => (stops != 0.0).then(|| Step::Matrix(gains([f64::from(stops).exp2(); 3]))),
        EffectKind::WhiteBalance { temperature, tint } => (temperature != 0.0 || tint != 0.0).then(|| {
            let (warm, magenta) = (f64::from(temperature), 0.5 * f64::from(tint));
            let g = [warm + magenta, -magenta, magenta - warm].map(f64::exp2);
            let grey: f64 = g.iter().zip(luminance).map(|(g, w)| g * w).sum();
            Step::Matrix(gains(g.map(|g| g / grey)))
        }),
        EffectKind::Saturation { amount } => (amount != 1.0).then(|| {
            let a = f64::from(amount);
            Step::Matrix(std::array::from_fn(|i| std::array::from_fn(|j| (1.0 - a) * luminance[j] + if i == j { a } else { 0.0 })))
        }),
        EffectKind::Contrast { amount, pivot } => (amount != 1.0).then(|| {
            let (a, p) = (f64::from(amount), f64::from(pivot));
            Step::Tone([a; 3], [p * (1.0 - a); 3], [1.0; 3])
        }),
        EffectKind::Wheels { lift, gamma, gain } => {
            let (lift, gamma, gain) = (wide(lift), wide(gamma), wide(gain));
            let factor = std::array::from_fn(|i| gain[i] * (1.0 - lift[i]));
            let offset = std::array::from_fn(|i| gain[i] * lift[i]);
            let exponent = gamma.map(|g| 1.0 / g.max(1e-3));
            ((factor, offset, exponent) != ([1.0; 3], [0.0; 3], [1.0; 3])).then_some(Step::Tone(factor, offset, exponent))
        }
        EffectKind::Vignette { amount, radius, softness } => {
            let (amount, radius, softness) = (f64::from(amount), f64::from(radius), f64::from(softness));
            (amount != 0.0).then_some(Step::Vignette { amount, radius, softness })
        }
    }
}

/// Adds a step, into an earlier one where the two are one.
fn push(steps: &mut Vec<Step>, step: Option<Step>) {
    match step {
        None => {}
        Some(Step::Matrix(m)) => {
            // a vignette is one factor for all components: matrices pass through it
            let earlier = steps.iter_mut().rev().find(|s| !matches!(s, Step::Vignette { .. }));
            match earlier {
                Some(Step::Matrix(e)) => *e = color::mul(m, *e),
                _ => steps.push(Step::Matrix(m)),
            }
        }
        Some(Step::Tone(f, o, e)) => match steps.last_mut() {
            Some(Step::Tone(factor, offset, exponent)) if *exponent == [1.0; 3] => {
                for i in 0..3 {
                    factor[i] *= f[i];
                    offset[i] = f[i] * offset[i] + o[i];
                }
                *exponent = e;
            }
            _ => steps.push(Step::Tone(f, o, e)),
        },
        Some(v) => steps.push(v),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(effects: &[EffectKind]) -> Vec<StageParams> {
        let (stages, n) = stages(effects, Primaries::Bt709, Affine2::IDENTITY);
        stages[..n as usize].to_vec()
    }

    const VIGNETTE: EffectKind = EffectKind::Vignette { amount: 0.5, radius: 0.5, softness: 0.6 };

    #[test]
    fn effects_that_leave_alone_are_left_out() {
        assert!(of(&EffectKind::ALL[..5]).is_empty());
        assert!(of(&[EffectKind::Vignette { amount: 0.0, radius: 0.5, softness: 0.6 }]).is_empty());
        assert_eq!(of(&EffectKind::ALL).len(), 1);
    }

    #[test]
    fn matrices_become_one_even_across_a_vignette() {
        let all = [
            EffectKind::Exposure { stops: 1.0 },
            EffectKind::Saturation { amount: 0.5 },
            VIGNETTE,
            EffectKind::WhiteBalance { temperature: 0.3, tint: 0.1 },
        ];
        let kinds: Vec<u32> = of(&all).iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [STAGE_MATRIX, STAGE_VIGNETTE]);
    }

    #[test]
    fn contrast_before_wheels_is_one_stage_and_after_them_two_with_one_conversion() {
        let contrast = EffectKind::Contrast { amount: 2.0, pivot: 0.5 };
        let wheels = EffectKind::Wheels { lift: [0.0; 3], gamma: [2.0; 3], gain: [1.5; 3] };
        let s = of(&[contrast, wheels]);
        assert_eq!(s.len(), 1);
        assert_eq!((s[0].rows[0][0], s[0].rows[1][0], s[0].rows[2][0]), (3.0, -0.75, 1.2));
        let s = of(&[wheels, contrast]);
        let exponents: Vec<(f32, f32)> = s.iter().map(|s| (s.before, s.rows[2][0])).collect();
        assert_eq!(exponents, [((1.0 / 2.4) as f32, 0.5), (1.0, 2.4)]);
    }

    #[test]
    fn white_balance_keeps_the_luminance_of_grey() {
        for (temperature, tint) in [(1.0, 0.0), (-1.0, 0.5), (0.2, -1.0)] {
            let m = of(&[EffectKind::WhiteBalance { temperature, tint }])[0].rows;
            let y = 0.2126 * m[0][0] + 0.7152 * m[1][1] + 0.0722 * m[2][2];
            assert!((y - 1.0).abs() < 1e-3, "{y}");
            assert!(temperature <= 0.0 || m[0][0] > m[2][2], "warm is red before blue");
        }
    }
}
