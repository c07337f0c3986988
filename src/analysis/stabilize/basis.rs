//! What a change of a path is made of: a cubic B-spline with far fewer knots than there are frames, and the price of the course
//! in its coefficients.

use super::{course::Course, solver::BAND, solver::Vector};
use std::ops::Range;

/// Frames between knots, at least.
const FINEST: f64 = 1.0;
/// Weights of four coefficients within an interval (uniform cubic B-spline; de Boor 1978), by powers of the part of it gone.
const PIECES: [[f64; 4]; 4] = [[1.0, -3.0, 3.0, -1.0], [4.0, 0.0, -6.0, 3.0], [1.0, 3.0, 3.0, -3.0], [0.0, 0.0, 0.0, 1.0]];

/// How each frame's change is made of four coefficients in a row, and what they cost.
pub(super) struct Basis {
    /// First of the coefficients of each frame.
    pub first: Vec<usize>,
    pub weights: Vec<[f64; 4]>,
    /// Second derivatives of the price, the same for all four components: by coefficient, those three, two and one before, and
    /// itself. The path without bounds is the cheapest, so there is no linear part.
    pub band: Vec<[f64; 4]>,
}

impl Basis {
    /// For a part of a course, with knots about every `spacing` frames of the usual length.
    pub fn new(course: &Course, part: Range<usize>, spacing: f64) -> Self {
        let times = &course.times[part.clone()];
        let first = times.first().copied().unwrap_or_default();
        let length = times.last().map_or(0.0, |last| last - first);
        let intervals = (length / spacing.max(FINEST)).ceil().max(1.0);
        let spacing = (length / intervals).max(f64::MIN_POSITIVE);
        let intervals = intervals as usize;
        let mut band = vec![[0.0; 4]; intervals + BAND];
        let energy = energy(spacing, course.omega);
        for j in 0..intervals {
            add(&mut band, j, &energy);
        }
        let (mut firsts, mut weights) = (Vec::with_capacity(times.len()), Vec::with_capacity(times.len()));
        for (time, weight) in times.iter().zip(&course.weights[part]) {
            let at = (time - first) / spacing;
            let j = (at as usize).min(intervals - 1);
            let t = at - j as f64;
            let powers = [1.0, t, t * t, t * t * t];
            let b: [f64; 4] = PIECES.map(|p| p.iter().zip(powers).map(|(c, t)| c * t).sum::<f64>() / 6.0);
            add(&mut band, j, &std::array::from_fn(|m| std::array::from_fn(|n| weight * b[m] * b[n])));
            firsts.push(j);
            weights.push(b);
        }
        Self { first: firsts, weights, band }
    }

    /// The change of a frame.
    pub fn at(&self, i: usize, c: &Vector) -> [f64; 4] {
        let b = &self.weights[i];
        let c = &c[self.first[i]..self.first[i] + 4];
        std::array::from_fn(|k| b[0] * c[0][k] + b[1] * c[1][k] + b[2] * c[2][k] + b[3] * c[3][k])
    }

    /// Adds `value` of a frame to the coefficients that make it.
    pub fn spread(&self, i: usize, value: &[f64; 4], to: &mut Vector) {
        for (b, to) in self.weights[i].iter().zip(&mut to[self.first[i]..]) {
            (0..4).for_each(|k| to[k] += b * value[k]);
        }
    }

    /// Slope of the price at coefficients.
    pub fn gradient(&self, c: &Vector) -> Vector {
        let mut slope: Vector = vec![[0.0; 4]; c.len()];
        for (i, row) in self.band.iter().enumerate() {
            for (s, v) in row.iter().enumerate().skip(BAND.saturating_sub(i)) {
                let j = i + s - BAND;
                for k in 0..4 {
                    slope[i][k] += v * c[j][k];
                    if j != i {
                        slope[j][k] += v * c[i][k];
                    }
                }
            }
        }
        slope
    }
}

/// Adds a symmetric 4×4 matrix at coefficient `j`.
fn add(band: &mut [[f64; 4]], j: usize, matrix: &[[f64; 4]; 4]) {
    for m in 0..4 {
        for n in 0..=m {
            band[j + m][BAND + n - m] += matrix[m][n];
        }
    }
}

/// Price of the third derivative over one interval, as a matrix over its four coefficients.
fn energy(spacing: f64, omega: f64) -> [[f64; 4]; 4] {
    let scale = omega.powi(-6) * spacing.powi(-5);
    // of a cubic it is a constant
    std::array::from_fn(|m| std::array::from_fn(|n| scale * PIECES[m][3] * PIECES[n][3]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::stabilize::course::Shot;

    #[test]
    fn a_spline_costs_what_its_frames_cost() {
        let n = 240;
        let still: Vector = vec![[0.0; 4]; n];
        let times = (0..n).map(|i| i as f64 / 30.0).collect();
        let course =
            Course::new(&Shot { times, own: still.clone(), wanted: still, weights: vec![1.0; n], frame_secs: 1.0 / 30.0, omega: 0.1 });
        let basis = Basis::new(&course, 0..course.len(), 6.0);
        let knots = basis.band.len();
        // a wave that the spline can follow
        let wave = |x: f64| (0.05 * x).sin();
        let span = course.times[course.len() - 1] - course.times[0];
        let step = span / (knots - BAND) as f64;
        let c: Vector = (0..knots).map(|j| [wave((j as f64 - 1.0) * step); 4]).collect();
        let of_spline: f64 = 0.5 * basis.gradient(&c).iter().zip(&c).map(|(s, c)| s[0] * c[0]).sum::<f64>();
        let path: Vec<f64> = (0..course.len()).map(|i| basis.at(i, &c)[0]).collect();
        let thirds = path.windows(4).map(|w| (w[3] - 3.0 * w[2] + 3.0 * w[1] - w[0]).powi(2));
        let of_frames = 0.5 * (path.iter().map(|v| v * v).sum::<f64>() + thirds.sum::<f64>() * course.omega.powi(-6));
        assert!((of_spline - of_frames).abs() < 0.01 * of_frames, "{of_spline} and {of_frames}");
        let twice: Vec<f64> = (0..course.len()).map(|i| (path[i] - wave(course.times[i] - course.times[0])).abs()).collect();
        assert!(twice.iter().all(|off| *off < 0.02), "{twice:?}");
    }
}
