//! Transfer curves for rows of samples: the reference display's power 2.4 as polynomials that vectorise, the HDR curves
//! by table, and the highlight roll-off. Twin of `curve.wgsl`'s functions.

use super::simd::{fma, kernel};
use crate::{
    base::color::Transfer,
    gpu::params::{TONE_MAP_KNEE, TRANSFER_HLG, TRANSFER_LINEAR, TRANSFER_PQ, TRANSFER_SDR},
};

/// v^0.4 over √v on [0, 1.5²]: minimax (Remez) of the error that the pair v²·P leaves in code values; at most 0.11 of a
/// 10-bit step for v ≤ 1.12.
const TO_LINEAR: [f32; 5] = [0.037_038_975, 1.288_584, -0.562_475_1, 0.308_179_25, -0.071_517_04];
/// L^(1/2.4) = t^(5/3) over t = L^(1/4) on [0, 1.63]: minimax; at most 0.22 of a 10-bit step for signals up to 1.12.
const FROM_LINEAR: [f32; 8] =
    [-0.000_209_532_9, 0.059_478_41, 1.763_881_1, -2.248_920_3, 2.964_687_5, -2.370_295_5, 1.003_889_1, -0.172_385_99];
/// Ends of the ranges that the polynomials were fitted on: the largest signal, and its light.
const MAX_SIGNAL: f32 = 2.25;
const MAX_LIGHT: f32 = 7.0;

/// Signal to light on the reference display, odd-symmetric.
#[inline(always)]
pub(super) fn sdr_to_linear<const FMA: bool>(v: f32) -> f32 {
    let a = v.abs().min(MAX_SIGNAL);
    let s = a.sqrt();
    let mut p = TO_LINEAR[4];
    p = fma::<FMA>(p, s, TO_LINEAR[3]);
    p = fma::<FMA>(p, s, TO_LINEAR[2]);
    p = fma::<FMA>(p, s, TO_LINEAR[1]);
    p = fma::<FMA>(p, s, TO_LINEAR[0]);
    (a * a * p).copysign(v)
}

/// The inverse of [`sdr_to_linear`].
#[inline(always)]
pub(super) fn sdr_from_linear<const FMA: bool>(l: f32) -> f32 {
    let t = l.abs().min(MAX_LIGHT).sqrt().sqrt();
    let mut p = FROM_LINEAR[7];
    p = fma::<FMA>(p, t, FROM_LINEAR[6]);
    p = fma::<FMA>(p, t, FROM_LINEAR[5]);
    p = fma::<FMA>(p, t, FROM_LINEAR[4]);
    p = fma::<FMA>(p, t, FROM_LINEAR[3]);
    p = fma::<FMA>(p, t, FROM_LINEAR[2]);
    p = fma::<FMA>(p, t, FROM_LINEAR[1]);
    p = fma::<FMA>(p, t, FROM_LINEAR[0]);
    p.max(0.0).copysign(l)
}

#[inline(always)]
fn sdr_to_linear_body<const FMA: bool>(row: &mut [f32]) {
    for v in row {
        *v = sdr_to_linear::<FMA>(*v);
    }
}
#[inline(always)]
fn sdr_from_linear_body<const FMA: bool>(row: &mut [f32]) {
    for v in row {
        *v = sdr_from_linear::<FMA>(*v);
    }
}
kernel! { fn sdr_to_linear_row(row: &mut [f32]) = sdr_to_linear_body }
kernel! { fn sdr_from_linear_row(row: &mut [f32]) = sdr_from_linear_body }

fn transfer_of(code: u32) -> Transfer {
    match code {
        TRANSFER_LINEAR => Transfer::Linear,
        TRANSFER_PQ => Transfer::Pq,
        TRANSFER_HLG => Transfer::Hlg,
        _ => Transfer::Bt709,
    }
}

/// Non-linear signal to light, in place.
pub(super) fn to_linear(transfer: u32, row: &mut [f32]) {
    match transfer {
        TRANSFER_SDR => sdr_to_linear_row(row),
        TRANSFER_LINEAR => {}
        _ => {
            let table = Table::get(transfer);
            row.iter_mut().for_each(|v| *v = table.to_linear(*v));
        }
    }
}

/// Light to non-linear signal, in place.
pub(super) fn from_linear(transfer: u32, row: &mut [f32]) {
    match transfer {
        TRANSFER_SDR => sdr_from_linear_row(row),
        TRANSFER_LINEAR => {}
        code => {
            let t = transfer_of(code);
            row.iter_mut().for_each(|v| *v = t.from_linear(f64::from(*v)) as f32);
        }
    }
}

/// The SDR curve with the precision of its formula, in place: a matrix in linear light can leave a small difference of
/// large values, in which the polynomials' error would show.
pub(super) fn sdr_to_linear_precise(row: &mut [f32]) {
    let table = Table::get(TRANSFER_SDR);
    row.iter_mut().for_each(|v| *v = table.to_linear(v.abs()).copysign(*v));
}

/// A curve sampled at steps of 1/4096; linear in between (for SDR at most 3e-8 of light off, for HDR 1/4 of a 10-bit step).
struct Table {
    values: Vec<f32>,
    end: f32,
}

impl Table {
    const STEPS: usize = 4096;

    fn get(transfer: u32) -> &'static Self {
        use std::sync::OnceLock;
        static SDR: OnceLock<Table> = OnceLock::new();
        static PQ: OnceLock<Table> = OnceLock::new();
        static HLG: OnceLock<Table> = OnceLock::new();
        let (cell, end) = match transfer {
            TRANSFER_PQ => (&PQ, 1.0),
            TRANSFER_HLG => (&HLG, 1.0),
            _ => (&SDR, MAX_SIGNAL),
        };
        cell.get_or_init(|| {
            let t = transfer_of(transfer);
            let last = (end * Self::STEPS as f32) as usize + 1;
            Self { values: (0..=last).map(|i| t.to_linear(i as f64 / Self::STEPS as f64) as f32).collect(), end }
        })
    }

    fn to_linear(&self, v: f32) -> f32 {
        let x = v.clamp(0.0, self.end) * Self::STEPS as f32;
        let i = x as usize;
        let f = x - i as f32;
        self.values[i] + (self.values[i + 1] - self.values[i]) * f
    }
}

/// Highlight roll-off of HDR into SDR, on the largest component so that hue stays.
///
/// The idea of ITU-R BT.2390 §5.4.1's EETF (nothing changes below a knee, a smooth curve compresses what lies above to the
/// target's white), with Reinhard's rational curve above the knee: value and slope are continuous there, SDR white is
/// the limit.
pub(super) fn tone_map(r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    for ((r, g), b) in r.iter_mut().zip(g).zip(b) {
        let m = r.max(*g).max(*b);
        if m > TONE_MAP_KNEE {
            let t = (m - TONE_MAP_KNEE) / (1.0 - TONE_MAP_KNEE);
            let k = (TONE_MAP_KNEE + (1.0 - TONE_MAP_KNEE) * t / (1.0 + t)) / m;
            *r *= k;
            *g *= k;
            *b *= k;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_stay_within_a_quarter_of_a_ten_bit_step_of_the_exact_curves() {
        for i in -1200..=1120 {
            let v = i as f32 / 1000.0;
            let exact = f64::from(v.abs()).powf(2.4).copysign(f64::from(v));
            let mut row = [v];
            to_linear(TRANSFER_SDR, &mut row);
            let seen = f64::from(row[0].abs()).powf(1.0 / 2.4);
            assert!((seen - f64::from(v.abs())).abs() < 0.25 / 1023.0 || v < -1.12, "{v}: {seen}");
            let mut row = [exact as f32];
            from_linear(TRANSFER_SDR, &mut row);
            assert!((row[0] - v).abs() < 0.25 / 1023.0 || v < -1.12, "{v}: {}", row[0]);
        }
    }

    #[test]
    fn hdr_tables_follow_the_standards() {
        for t in [TRANSFER_PQ, TRANSFER_HLG] {
            for i in 0..=1023 {
                let v = i as f32 / 1023.0;
                let mut row = [v];
                to_linear(t, &mut row);
                let back = transfer_of(t).from_linear(f64::from(row[0])) as f32;
                assert!((back - v).abs() < 0.3 / 1023.0, "{t} {v} {back}");
            }
        }
    }

    #[test]
    fn roll_off_keeps_what_lies_below_the_knee_and_never_passes_white() {
        let (mut r, mut g, mut b) = ([0.9, 0.95, 4.9, 49.0], [0.1, 0.2, 0.3, 0.4], [0.0; 4]);
        tone_map(&mut r, &mut g, &mut b);
        assert_eq!((r[0], g[0]), (0.9, 0.1));
        assert!(r[0] < r[1] && r[1] < r[2] && r[2] < r[3] && r[3] < 1.0, "{r:?}");
    }
}
