//! Powers of rows of samples for any exponent and range, in a form that vectorises: effects meet values far outside those
//! that the polynomials of [`super::curve`] were fitted on.

use super::simd::{fma, kernel};

/// Adding and taking it away rounds a float below 2²² to a whole number.
const ROUND: f32 = 12_582_912.0;
/// Bits of √½: where the mantissa's range [√½, √2) begins.
const HALF_ROOT: u32 = 0x3F35_04F3;
/// Below this a value counts as 0: its power could not be told from it.
const LEAST: f32 = 1e-30;

/// log₂ of a normal positive number: its exponent, and twice the series of artanh((m−1)/(m+1)) for its mantissa. The first
/// term left out is below 1e-9.
#[inline(always)]
fn log2<const FMA: bool>(x: f32) -> f32 {
    const K: f32 = 2.0 * std::f32::consts::LOG2_E;
    let bits = x.to_bits().wrapping_sub(HALF_ROOT);
    let exponent = (bits as i32) >> 23;
    let m = f32::from_bits((bits & 0x007F_FFFF).wrapping_add(HALF_ROOT));
    let s = (m - 1.0) / (m + 1.0);
    let q = s * s;
    let mut p = K / 9.0;
    p = fma::<FMA>(p, q, K / 7.0);
    p = fma::<FMA>(p, q, K / 5.0);
    p = fma::<FMA>(p, q, K / 3.0);
    p = fma::<FMA>(p, q, K);
    fma::<FMA>(p, s, exponent as f32)
}

/// 2^y, held between 2^−126 and 2^60, so that no sum of such numbers overflows: the whole part as an exponent, the rest (within ±½) by Taylor's series of e^x.
#[inline(always)]
fn exp2<const FMA: bool>(y: f32) -> f32 {
    let y = y.clamp(-126.0, 60.0);
    let rounded = y + ROUND;
    let x = (y - (rounded - ROUND)) * std::f32::consts::LN_2;
    let scale = f32::from_bits((rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127)) << 23);
    let mut p = 1.0 / 720.0;
    p = fma::<FMA>(p, x, 1.0 / 120.0);
    p = fma::<FMA>(p, x, 1.0 / 24.0);
    p = fma::<FMA>(p, x, 1.0 / 6.0);
    p = fma::<FMA>(p, x, 0.5);
    p = fma::<FMA>(p, x, 1.0);
    p = fma::<FMA>(p, x, 1.0);
    p * scale
}

/// |v|^e with the sign of v.
#[inline(always)]
fn signed_power<const FMA: bool>(v: f32, e: f32) -> f32 {
    let a = v.abs();
    let p = exp2::<FMA>(e * log2::<FMA>(a.max(LEAST)));
    (if a > LEAST { p } else { 0.0 }).copysign(v)
}

#[inline(always)]
fn power_body<const FMA: bool>(e: f32, row: &mut [f32]) {
    for v in row {
        *v = signed_power::<FMA>(*v, e);
    }
}
#[inline(always)]
fn affine_power_body<const FMA: bool>(factor: f32, offset: f32, e: f32, row: &mut [f32]) {
    for v in row {
        *v = signed_power::<FMA>(fma::<FMA>(*v, factor, offset), e).max(v.min(0.0));
    }
}
kernel! {
    /// `|v|^e` with the sign of v, in place.
    pub(super) fn power(e: f32, row: &mut [f32]) = power_body
}
kernel! {
    /// The same of `v · factor + offset`, but no lower than v or 0: what was not below black does not get there.
    pub(super) fn affine_power(factor: f32, offset: f32, e: f32, row: &mut [f32]) = affine_power_body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_keep_to_a_millionth_over_the_range_of_light() {
        for e in [2.4, 1.0 / 2.4, 0.24, 24.0, 1.0] {
            for i in -400i32..=400 {
                let v = if i == 0 { 0.0 } else { (10f32.powf(i.unsigned_abs() as f32 / 50.0 - 6.0)).copysign(i as f32) };
                let exact = f64::from(v.abs()).powf(f64::from(e)).copysign(f64::from(v));
                if !(1e-36..1e18).contains(&exact.abs()) {
                    continue;
                }
                let mut row = [v; 3];
                power(e, &mut row);
                let off = (f64::from(row[1]) - exact).abs() / exact.abs();
                let allowed = 2e-7 * (4.0 + f64::from(e) * f64::from(v.abs().log2().abs()));
                assert!(off < allowed, "{v}^{e}: {} for {exact}, {off} off", row[1]);
            }
            let mut zeros = [0.0, -0.0, 1e-38];
            power(e, &mut zeros);
            assert!(zeros.iter().all(|v| *v == 0.0));
        }
    }
}
