//! What a shot's path is smoothed by: a price on its distance from the camera's own and on its third differences in time. That is
//! a low-pass run forwards and backwards, 1 / (1 + (ω/ωc)⁶), which lets slow turns through as they are.
//!
//! The distance counts the more the further the smoothest path would stray from where the camera means to go: so a pan is
//! followed closely from where it begins to where it ends, and the slow sway of a hand is not.

use super::{
    geometry::Pose,
    solver::{BAND, Thin, Vector},
};

/// Frames are added before and behind a shot for this long, in units of 1/ω.
const MARGIN: f64 = 5.0;
/// Stretch whose line a shot is carried on by, in units of 1/ω.
const LINE: f64 = 1.35;
/// What a camera does more slowly than this is meant, in hertz.
const MEANT_HZ: f64 = 0.75;
/// A path may stray from what is meant by so many widths, times the seconds of a period of the cut-off, before it counts double;
/// while the camera turns also by what it turns in so many of these periods, up to so many widths a second. So it does not lead the
/// camera before a pan, nor lag behind.
const STRAY: f64 = 0.0012;
const STRAY_PERIODS: f64 = 0.035;
const STRAY_TURNING: f64 = 0.007;

/// One shot without repeated frames, with frames added at both ends.
#[derive(Clone)]
pub(super) struct Course {
    /// The camera's own poses.
    pub own: Vector,
    /// Where the path would rather be.
    pub wanted: Vector,
    /// How much that counts, per frame.
    pub weights: Vec<f64>,
    /// Third differences that end at each frame: coefficients of the frames from three before to the frame itself, times the root
    /// of their price.
    differences: Vec<[f64; 4]>,
    /// How many frames were added before the first.
    pub lead: usize,
    /// When each frame is, in frames of the usual length.
    pub times: Vec<f64>,
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
    /// Adds frames at both ends that go on along the lines that the shot begins and ends with, so that a steady motion does not slow
    /// down there.
    pub fn new(shot: &Shot) -> Self {
        let n = shot.own.len();
        let lead = (MARGIN / shot.omega).ceil() as usize;
        let shown = even_times(&shot.times, shot.frame_secs);
        let ends = [line_end(shot, &shown, false), line_end(shot, &shown, true)];
        let on = |line: &[(f64, f64); 4], rest: f64| line.map(|(at, slope)| at + slope * rest);
        let before = (1..=lead).rev().map(|j| (shown[0] - j as f64, on(&ends[0], -(j as f64)), 1.0));
        let behind = (1..=lead).map(|j| (shown[n - 1] + j as f64, on(&ends[1], j as f64), 1.0));
        let (mut times, mut wanted, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (time, pose, weight) in before.chain((0..n).map(|i| (shown[i], shot.wanted[i], shot.weights[i]))).chain(behind) {
            times.push(time);
            wanted.push(pose);
            weights.push(weight);
        }
        let mut own = wanted.clone();
        own[lead..lead + n].copy_from_slice(&shot.own);
        let differences = differences(&times, shot.omega);
        Self { own, wanted, weights, differences, lead, times, omega: shot.omega }
    }

    /// Has the path keep near to what the camera means to do.
    pub fn follow(&mut self, frame_secs: f64) {
        let period = std::f64::consts::TAU * frame_secs / self.omega;
        let meant_omega = std::f64::consts::TAU * MEANT_HZ * frame_secs;
        if self.omega >= meant_omega {
            return;
        }
        let meant = self.smoothed(&differences(&self.times, meant_omega));
        let slow = self.smoothed(&self.differences);
        let length = |v: [f64; 4]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
        let last = self.len() - 1;
        for i in 0..self.len() {
            let (a, b) = (i.saturating_sub(2), (i + 2).min(last));
            let stray = length(std::array::from_fn(|k| slow[i][k] - meant[i][k]));
            let turn = length(std::array::from_fn(|k| meant[b][k] - meant[a][k])) / (self.times[b] - self.times[a]);
            let allowed = (STRAY + (STRAY_PERIODS * turn / frame_secs).min(STRAY_TURNING)) * period;
            self.weights[i] *= 1.0 + (stray / allowed).powi(2);
        }
    }

    pub fn len(&self) -> usize {
        self.own.len()
    }

    /// Frames for each frame's usual length: 1 where they come evenly.
    pub fn mean_step(&self) -> f64 {
        let length = self.times.last().zip(self.times.first()).map_or(0.0, |(last, first)| last - first);
        if length > 0.0 { (self.len() - 1) as f64 / length } else { 1.0 }
    }

    /// The camera's own pose at a frame, for what one unit of each component is.
    pub fn pose_of(&self, i: usize, units: [f64; 4]) -> Pose {
        Pose::from_array(std::array::from_fn(|k| self.own[i][k] * units[k]))
    }

    /// Slope of the price at a path.
    fn gradient_at(&self, path: &Vector, differences: &[[f64; 4]]) -> Vector {
        let away = |i: usize| std::array::from_fn(|k| self.weights[i] * (path[i][k] - self.wanted[i][k]));
        let mut slope: Vector = (0..path.len()).map(away).collect();
        for (i, c) in differences.iter().enumerate().skip(BAND) {
            let mut sum = [0.0; 4];
            for (c, p) in c.iter().zip(&path[i - BAND..=i]) {
                (0..4).for_each(|k| sum[k] += c * p[k]);
            }
            for (c, s) in c.iter().zip(&mut slope[i - BAND..=i]) {
                (0..4).for_each(|k| s[k] += c * sum[k]);
            }
        }
        slope
    }

    /// The matrix of second derivatives: by frame, how it is tied to those three, two and one before, and to itself. The same
    /// for all four components, which it does not mix.
    fn curvature(&self, differences: &[[f64; 4]]) -> Vec<[f64; 4]> {
        let mut band: Vec<[f64; 4]> = self.weights.iter().map(|w| [0.0, 0.0, 0.0, *w]).collect();
        for (i, c) in differences.iter().enumerate().skip(BAND) {
            for row in 0..4 {
                for column in 0..=row {
                    band[i + row - BAND][BAND + column - row] += c[row] * c[column];
                }
            }
        }
        band
    }

    /// The best path where nothing bounds it.
    fn smoothed(&self, differences: &[[f64; 4]]) -> Vector {
        let matrix = Thin::factored(self.curvature(differences));
        let mut path = self.wanted.clone();
        // the second round takes away what rounding left of a stiff system
        for _ in 0..2 {
            let mut step = self.gradient_at(&path, differences);
            matrix.solve(&mut step);
            for (p, s) in path.iter_mut().zip(&step) {
                (0..4).for_each(|k| p[k] -= s[k]);
            }
        }
        path
    }

    /// The best correction where nothing bounds it.
    pub fn free(&self) -> Vector {
        let path = self.smoothed(&self.differences);
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

/// Coefficients of the third differences, from divided differences of the times, for a cut-off in radians per frame. A long stretch of
/// time counts for as many frames as would fill it.
fn differences(times: &[f64], omega: f64) -> Vec<[f64; 4]> {
    let one = |i: usize| {
        if i < BAND {
            return [0.0; 4];
        }
        let t = &times[i - BAND..=i];
        let share = ((t[BAND] - t[0]) / BAND as f64).sqrt() / omega.powi(3);
        std::array::from_fn(|k| 6.0 * share / (0..=BAND).filter(|m| *m != k).map(|m| t[k] - t[m]).product::<f64>())
    };
    (0..times.len()).map(one).collect()
}

/// The line through the first (or last) stretch of a shot: where it ends, and its slope per frame.
fn line_end(shot: &Shot, times: &[f64], last: bool) -> [(f64, f64); 4] {
    let n = times.len();
    let count = ((LINE / shot.omega).round() as usize).clamp(4, 240).min(n);
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
