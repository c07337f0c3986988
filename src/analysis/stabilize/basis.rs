//! What a path is made of where it is slow: a cubic B-spline with far fewer knots than there are frames, and the price of the
//! course in its coefficients. Where a path must follow its bounds more quickly than that, it is made of its frames.

use super::{
    course::Course,
    solver::{BAND, Vector},
};

/// Time between knots in units of 1/ω, at most.
const SPACING: f64 = 0.55;
/// Frames between knots from which a spline pays.
const PAYS: f64 = 2.0;
/// Weights of four coefficients within an interval (uniform cubic B-spline; de Boor 1978), by powers of the part of it gone.
const PIECES: [[f64; 4]; 4] = [[1.0, -3.0, 3.0, -1.0], [4.0, 0.0, -6.0, 3.0], [1.0, 3.0, 3.0, -3.0], [0.0, 0.0, 0.0, 1.0]];

/// How each frame's pose is made of coefficients, and what they cost.
pub(super) struct Basis<'a> {
    course: &'a Course,
    /// First of the (at most four) coefficients of each frame.
    pub first: Vec<usize>,
    pub weights: Vec<[f64; 4]>,
    /// Second derivatives of the price, the same for all four components: by coefficient, those three, two and one before, and
    /// itself.
    pub band: Vec<[f64; 4]>,
    /// The price's linear part; none where the coefficients are the frames.
    pull: Option<Vector>,
}

impl<'a> Basis<'a> {
    /// Of frames: each is a coefficient.
    pub fn frames(course: &'a Course) -> Self {
        let n = course.len();
        Self { course, first: (0..n).collect(), weights: vec![[1.0, 0.0, 0.0, 0.0]; n], band: course.curvature(), pull: None }
    }

    /// Of a spline, `finer` times as fine as the course's cut-off asks. None where that is no coarser than its frames.
    pub fn spline(course: &'a Course, finer: f64) -> Option<Self> {
        let spacing = SPACING / course.omega / finer;
        let (first, last) = (course.times.first()?, course.times.last()?);
        let intervals = ((last - first) / spacing).ceil().max(1.0);
        let spacing = (last - first) / intervals;
        if spacing < PAYS || intervals * PAYS > course.len() as f64 {
            return None;
        }
        let intervals = intervals as usize;
        let mut band = vec![[0.0; 4]; intervals + 3];
        let energy = energy(&course.prices, spacing);
        for j in 0..intervals {
            add(&mut band, j, &energy);
        }
        let (mut firsts, mut weights) = (Vec::with_capacity(course.len()), Vec::with_capacity(course.len()));
        let mut pull = vec![[0.0; 4]; intervals + 3];
        for (i, time) in course.times.iter().enumerate() {
            let at = (time - first) / spacing;
            let j = (at as usize).min(intervals - 1);
            let t = at - j as f64;
            let powers = [1.0, t, t * t, t * t * t];
            let b: [f64; 4] = PIECES.map(|p| p.iter().zip(powers).map(|(c, t)| c * t).sum::<f64>() / 6.0);
            let weight = course.weights[i];
            add(&mut band, j, &std::array::from_fn(|m| std::array::from_fn(|n| weight * b[m] * b[n])));
            for (m, b) in b.iter().enumerate() {
                (0..4).for_each(|k| pull[j + m][k] += weight * b * course.wanted[i][k]);
            }
            firsts.push(j);
            weights.push(b);
        }
        Some(Self { course, first: firsts, weights, band, pull: Some(pull) })
    }

    /// The pose of a frame.
    pub fn at(&self, i: usize, c: &Vector) -> [f64; 4] {
        let (first, b) = (self.first[i], &self.weights[i]);
        if self.pull.is_none() {
            return c[first];
        }
        std::array::from_fn(|k| b[0] * c[first][k] + b[1] * c[first + 1][k] + b[2] * c[first + 2][k] + b[3] * c[first + 3][k])
    }

    /// Adds `value` of a frame to the coefficients that make it.
    pub fn spread(&self, i: usize, value: &[f64; 4], to: &mut Vector) {
        for (m, b) in self.weights[i].iter().enumerate().filter(|(_, b)| **b != 0.0) {
            (0..4).for_each(|k| to[self.first[i] + m][k] += b * value[k]);
        }
    }

    /// Slope of the price at coefficients.
    pub fn gradient(&self, c: &Vector) -> Vector {
        let Some(pull) = &self.pull else { return self.course.gradient_at(c) };
        let mut slope: Vector = pull.iter().map(|p| p.map(|p| -p)).collect();
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

/// Price of the first three derivatives over one interval, as a matrix over its four coefficients.
fn energy(prices: &[f64; 3], spacing: f64) -> [[f64; 4]; 4] {
    let mut out = [[0.0; 4]; 4];
    let mut pieces = PIECES.map(|p| p.map(|c| c / 6.0));
    for (order, price) in prices.iter().enumerate() {
        // each derivative takes a power and divides by the interval's length
        for p in &mut pieces {
            *p = [p[1], 2.0 * p[2], 3.0 * p[3], 0.0];
        }
        let scale = price * spacing.powi(1 - 2 * (order as i32 + 1));
        for m in 0..4 {
            for n in 0..4 {
                let product = |a: usize, b: usize| pieces[m][a] * pieces[n][b] / (a + b + 1) as f64;
                out[m][n] += scale * (0..16).map(|k| product(k / 4, k % 4)).sum::<f64>();
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::stabilize::course::Shot;

    #[test]
    fn a_spline_costs_what_its_frames_cost() {
        let n = 240;
        let poses: Vector = (0..n).map(|i| std::array::from_fn(|k| (0.02 * i as f64 + k as f64).sin())).collect();
        let times = (0..n).map(|i| f64::from(i) / 30.0).collect();
        let shot = Shot { times, own: poses.clone(), wanted: poses, weights: vec![1.0; n as usize], frame_secs: 1.0 / 30.0, omega: 0.06 };
        let course = Course::new(&shot);
        let (frames, spline) = (Basis::frames(&course), Basis::spline(&course, 1.0).unwrap());
        // along a cubic, which both can follow: the slope of the price per unit of it
        let along = |basis: &Basis<'_>, value: &dyn Fn(f64) -> f64| {
            let path: Vector = course.times.iter().map(|t| [value(*t); 4]).collect();
            match basis.pull {
                None => (basis.gradient(&path), path),
                Some(_) => {
                    let (a, b) = (course.times[0], course.times[course.len() - 1]);
                    let last = basis.band.len() - 3;
                    let step = (b - a) / last as f64;
                    // coefficients of a line are the line itself at their centres
                    let c: Vector = (0..basis.band.len()).map(|j| [value(a + (j as f64 - 1.0) * step); 4]).collect();
                    (basis.gradient(&c), c)
                }
            }
        };
        let line = |t: f64| 0.3 + 0.001 * t;
        let price = |basis: &Basis<'_>| -> f64 {
            let (slope, c) = along(basis, &line);
            slope.iter().zip(&c).map(|(s, c)| s[0] * c[0]).sum()
        };
        let (a, b) = (price(&frames), price(&spline));
        assert!((a - b).abs() < 1e-3 * a.abs().max(1.0), "{a} and {b}");
        assert!(Basis::spline(&course, 20.0).is_none());
    }
}
