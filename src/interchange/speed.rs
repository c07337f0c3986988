//! Speeds as ratios: reduced, rounded, and found again behind decimals.

use crate::{
    base::{FrameRate, Rounding},
    model::Speed,
};

/// The speed that a list says in thousandths of a frame a second, which count at the rate's whole number: 24 for 23.976. Coarser
/// where such a ratio cannot be written.
pub(super) fn list_speed(speed: Speed, rate: FrameRate) -> Option<Speed> {
    let base = i128::from(rate.timecode_base());
    [1, 10, 100, 1000].into_iter().find_map(|step| {
        let n = Rounding::Nearest.div(i128::from(speed.0) * base * 1000, i128::from(speed.1.max(1)) * step);
        ratio(n * step, 1000 * base)
    })
}

/// The same ratio in lowest terms.
pub(super) fn reduced(s: Speed) -> Speed {
    ratio(i128::from(s.0), i128::from(s.1)).unwrap_or(s)
}

/// `num / den` as a speed in lowest terms; None where it cannot be written.
pub(super) fn ratio(num: i128, den: i128) -> Option<Speed> {
    let (mut a, mut b) = (num.unsigned_abs(), den.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let g = i128::try_from(a.max(1)).ok()?;
    let (n, d) = (i32::try_from(num / g).ok()?, u32::try_from(den / g).ok()?);
    (d > 0 && d <= 1_000_000 && n.unsigned_abs() <= 1_000_000).then_some(Speed(n, d))
}

/// The simplest ratio that is the decimal `value`, as far as the decimal says.
pub(super) fn speed_from_f64(value: f64) -> Option<Speed> {
    if !value.is_finite() || value.abs() > 1e6 {
        return None;
    }
    // continued fraction: (h, k) are the last two convergents
    let (mut h, mut k) = ((1i128, 0i128), (0i128, 1i128));
    let mut x = value.abs();
    for _ in 0..40 {
        let whole = x.floor();
        h = (whole as i128 * h.0 + h.1, h.0);
        k = (whole as i128 * k.0 + k.1, k.0);
        if k.0 > 1_000_000 || h.0 > 1_000_000 {
            return ratio(h.1 * if value < 0.0 { -1 } else { 1 }, k.1).or(Some(Speed::NORMAL));
        }
        if (h.0 as f64 / k.0 as f64 - value.abs()).abs() <= 1e-11 * value.abs().max(1e-3) || x - whole < 1e-12 {
            break;
        }
        x = 1.0 / (x - whole);
    }
    ratio(h.0 * if value < 0.0 { -1 } else { 1 }, k.0)
}
