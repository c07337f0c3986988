//! What a shot's path is smoothed by: a price on its distance from the camera's own and on its first three differences in time.
//!
//! The prices are those of a third-order Bessel low-pass run forwards and backwards: |B|² = 225 / (x⁶ + 6x⁴ + 45x² + 225), scaled
//! to 1 + 1.216·x² + 0.986·x⁴ + x⁶. It has next to no overshoot, so a camera that begins or ends a pan is not first led the other
//! way, as third differences alone would do by a twentieth of the pan.

use super::solver::{BAND, Thin, Vector};

/// Prices of the first, second and third differences at ω = 1.
const BESSEL: [f64; 3] = [1.216, 0.986, 1.0];
/// The cut-off of the third differences alone, above which this falls as steeply, in parts of ours.
const SHIFT: f64 = 0.8;
/// Frames are added before and behind a shot for this long, in units of 1/ω.
const MARGIN: f64 = 6.0;

/// One shot without repeated frames, with frames added at both ends.
#[derive(Clone)]
pub(super) struct Course {
    /// The camera's own poses.
    pub own: Vector,
    /// Where the path would rather be.
    pub wanted: Vector,
    /// How much that counts, per frame.
    pub weights: Vec<f64>,
    /// Differences of order 1, 2, 3 that end at each frame: coefficients of the frames from three before to the frame itself,
    /// times the root of their price.
    differences: [Vec<[f64; 4]>; 3],
    /// How many frames were added before the first.
    pub lead: usize,
    /// When each frame is, in frames of the usual length.
    pub times: Vec<f64>,
    /// Prices of the first three derivatives in time.
    pub prices: [f64; 3],
    /// Cut-off in radians per frame.
    pub omega: f64,
}

/// A shot to be smoothed: poses in the units of `reach::Frame::units`, one per frame.
pub(super) struct Shot {
    pub times: Vec<f64>,
    pub own: Vector,
    pub wanted: Vector,
    pub weights: Vec<f64>,
    /// Usual time from frame to frame in seconds.
    pub frame_secs: f64,
    /// Cut-off in radians per frame.
    pub omega: f64,
}

impl Course {
    /// Adds frames at both ends that mirror the shot about the ends of the lines that it begins and ends with, so that a steady
    /// motion goes on at the ends instead of slowing down.
    pub fn new(shot: &Shot) -> Self {
        let n = shot.own.len();
        let omega = shot.omega / SHIFT;
        let lead = (MARGIN / omega).ceil() as usize;
        let even = even_times(&shot.times, shot.frame_secs);
        let ends = [line_end(shot, &even, omega, false), line_end(shot, &even, omega, true)];
        let last = n - 1;
        let beyond = |j: usize, at_end: bool| {
            let end = if at_end { last } else { 0 };
            let (line, away) = (&ends[usize::from(at_end)], |i: usize| if at_end { last - i } else { i });
            let mirror = away(j.min(last));
            // a shot shorter than the margin is carried on along its line
            let rest = j.saturating_sub(last) as f64 * if at_end { 1.0 } else { -1.0 };
            let time = 2.0 * even[end] - even[mirror] + rest;
            let pose: [f64; 4] = std::array::from_fn(|k| 2.0 * line[k].0 - shot.wanted[mirror][k] + line[k].1 * rest);
            (time, pose, shot.weights[mirror])
        };
        let before = (1..=lead).rev().map(|j| beyond(j, false));
        let behind = (1..=lead).map(|j| beyond(j, true));
        let (mut times, mut own, mut wanted, mut weights) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let shown = (0..n).map(|i| (even[i], shot.wanted[i], shot.weights[i]));
        for (time, pose, weight) in before.chain(shown).chain(behind) {
            times.push(time);
            own.push(pose);
            wanted.push(pose);
            weights.push(weight);
        }
        own[lead..lead + n].copy_from_slice(&shot.own);
        let prices: [f64; 3] = std::array::from_fn(|k| BESSEL[k] * omega.powi(-2 * (k as i32 + 1)));
        let differences = std::array::from_fn(|k| differences(&times, k + 1, prices[k]));
        Self { own, wanted, weights, differences, lead, times, prices, omega }
    }

    pub fn len(&self) -> usize {
        self.own.len()
    }

    /// A part of the course by itself.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        let differences = [0, 1, 2].map(|order| {
            let mut part = self.differences[order][range.clone()].to_vec();
            // those that reach out of the part are none of its
            part.iter_mut().take(order + 1).for_each(|c| *c = [0.0; 4]);
            part
        });
        Self {
            own: self.own[range.clone()].to_vec(),
            wanted: self.wanted[range.clone()].to_vec(),
            weights: self.weights[range.clone()].to_vec(),
            differences,
            lead: 0,
            times: self.times[range].to_vec(),
            prices: self.prices,
            omega: self.omega,
        }
    }

    /// Slope of the price at a path.
    pub fn gradient_at(&self, path: &Vector) -> Vector {
        let away = |i: usize| std::array::from_fn(|k| self.weights[i] * (path[i][k] - self.wanted[i][k]));
        let mut slope: Vector = (0..path.len()).map(away).collect();
        for coefficients in &self.differences {
            for (i, c) in coefficients.iter().enumerate().skip(1) {
                let first = BAND.saturating_sub(i);
                let mut sum = [0.0; 4];
                for j in first..4 {
                    (0..4).for_each(|k| sum[k] += c[j] * path[i + j - BAND][k]);
                }
                for j in first..4 {
                    (0..4).for_each(|k| slope[i + j - BAND][k] += c[j] * sum[k]);
                }
            }
        }
        slope
    }

    /// The matrix of second derivatives: by frame, how it is tied to those three, two and one before, and to itself. The same
    /// for all four components, which it does not mix.
    pub fn curvature(&self) -> Vec<[f64; 4]> {
        let mut band = vec![[0.0; 4]; self.len()];
        for coefficients in &self.differences {
            for (i, c) in coefficients.iter().enumerate() {
                for row in BAND.saturating_sub(i)..4 {
                    for column in BAND.saturating_sub(i)..=row {
                        band[i + row - BAND][BAND + column - row] += c[row] * c[column];
                    }
                }
            }
        }
        for (band, weight) in band.iter_mut().zip(&self.weights) {
            band[BAND] += weight;
        }
        band
    }

    /// The best correction where nothing bounds it.
    pub fn free(&self) -> Vector {
        let matrix = Thin::factored(self.curvature());
        let mut path = self.own.clone();
        // the second round takes away what rounding left of a stiff system
        for _ in 0..2 {
            let mut step = self.gradient_at(&path);
            matrix.solve(&mut step);
            for (p, s) in path.iter_mut().zip(&step) {
                (0..4).for_each(|k| p[k] -= s[k]);
            }
        }
        path.iter().zip(&self.own).map(|(p, own)| std::array::from_fn(|k| p[k] - own[k])).collect()
    }
}

/// Times in frames of the usual length. What is too close or too far counts as a quarter of it or thirty times as much.
fn even_times(times: &[f64], frame_secs: f64) -> Vec<f64> {
    let mut at = 0.0;
    let steps = times.windows(2).map(|w| ((w[1] - w[0]) / frame_secs).clamp(0.25, 30.0));
    std::iter::once(0.0)
        .chain(steps.map(|s| {
            at += s;
            at
        }))
        .collect()
}

/// Coefficients of the differences of one order, from divided differences of the times. A long stretch of time counts for as
/// many frames as would fill it.
fn differences(times: &[f64], order: usize, price: f64) -> Vec<[f64; 4]> {
    let factorial = [1.0, 1.0, 2.0, 6.0][order];
    let one = |i: usize| {
        let mut c = [0.0; 4];
        if i >= order {
            let t = &times[i - order..=i];
            let share = (price * (t[order] - t[0]) / order as f64).sqrt();
            for k in 0..=order {
                let others: f64 = (0..=order).filter(|m| *m != k).map(|m| t[k] - t[m]).product();
                c[BAND - order + k] = share * factorial / others;
            }
        }
        c
    };
    (0..times.len()).map(one).collect()
}

/// The line through the first (or last) stretch of a shot: where it ends, and its slope per frame.
fn line_end(shot: &Shot, times: &[f64], omega: f64, last: bool) -> [(f64, f64); 4] {
    let n = times.len();
    let count = ((1.0 / omega).round() as usize).clamp(4, 240).min(n);
    let range = if last { n - count..n } else { 0..count };
    let end = if last { times[n - 1] } else { times[0] };
    std::array::from_fn(|k| {
        let (mut w, mut x, mut xx, mut y, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for i in range.clone() {
            let (weight, at, v) = (shot.weights[i], times[i] - end, shot.wanted[i][k]);
            w += weight;
            x += weight * at;
            xx += weight * at * at;
            y += weight * v;
            xy += weight * at * v;
        }
        let det = w * xx - x * x;
        if det > 1e-12 * w * w { ((xx * y - x * xy) / det, (w * xy - x * y) / det) } else { (y / w.max(f64::MIN_POSITIVE), 0.0) }
    })
}
