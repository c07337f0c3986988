//! The camera that most matches agree on.
//!
//! Two matches make a hypothesis (a similarity), the one with most weight behind it is where a robust fit of the turning and zooming
//! camera begins: RANSAC (Fischler & Bolles 1981), then Gauss-Newton with Tukey weights of shrinking width. Where rows were exposed
//! one after the other there may be no such camera; then a fit whose camera moves while the picture is read, to second order in
//! the row, begins with all matches.

use super::dense::Match;
use crate::analysis::stabilize::{Mat3, Pose, mul};

/// Hypotheses tried, and matches that judge them at most.
const HYPOTHESES: usize = 256;
const JUDGES: usize = 300;
/// Farthest that a match may be from a hypothesis to speak for it, in pixels of a picture 640 wide.
const NEAR_PX: f64 = 1.2;
/// Least firmness of a match's weaker direction that makes it half a hypothesis.
const CORNER: f32 = 0.05;
/// Weights below this are none.
pub(super) const LEAST: f32 = 0.02;
const ROUNDS: usize = 10;
/// Numbers of a camera, and of one that moves while it is read.
const STILL: usize = 4;
const MOVING: usize = 12;

/// A pixel of a picture 640 wide.
pub(super) const PIXEL: f64 = 1.0 / 640.0;

/// A fitted camera.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub pose: Pose,
    /// What is added to the pose per width below the middle, and per squared width.
    pub drift: [[f64; 4]; 2],
    /// Share of the usable matches that agree.
    pub agree: f64,
    /// Mean distance of the usable matches from where the camera puts them, a distant one counted as one pixel; in pixels of 640.
    pub miss_px: f64,
    /// Mean squared distance by weight, a distant one counted as half a pixel: what optics are judged by.
    pub cost: f64,
}

impl Fit {
    /// The camera while row `y` was read, in widths below the middle.
    pub fn at(&self, y: f64) -> Pose {
        let p = self.pose.array();
        Pose::from_array(std::array::from_fn(|k| p[k] + y * (self.drift[0][k] + y * self.drift[1][k])))
    }
}

fn usable(matches: &[Match]) -> impl Iterator<Item = &Match> {
    matches.iter().filter(|m| m.weight > LEAST)
}

fn pair(p: (f32, f32)) -> (f64, f64) {
    (f64::from(p.0), f64::from(p.1))
}

fn all_of(matches: &[Match]) -> Vec<f64> {
    matches.iter().map(|m| if m.weight > LEAST { f64::from(m.weight) } else { 0.0 }).collect()
}

/// Weights of the matches, less those that the best hypothesis speaks against. Without any that holds, the weights as they are.
fn agreed(matches: &[Match]) -> Vec<f64> {
    let all = all_of(matches);
    let used: Vec<&Match> = usable(matches).collect();
    let corners: Vec<&Match> = used.iter().copied().filter(|m| m.hold[0] + m.hold[2] - 1.0 > CORNER).collect();
    if corners.len() < 12 {
        return all;
    }
    let judges: Vec<&Match> = used.iter().copied().step_by(used.len().div_ceil(JUDGES)).collect();
    // the same numbers each time: the outcome belongs to the pictures
    let mut rng = fastrand::Rng::with_seed(0x5eed);
    let near = NEAR_PX * PIXEL;
    let mut best: (f64, Option<[f64; 4]>) = (0.0, None);
    for _ in 0..HYPOTHESES {
        let (m, n) = (corners[rng.usize(0..corners.len())], corners[rng.usize(0..corners.len())]);
        let (p, q, r, s) = (pair(m.from), pair(m.to), pair(n.from), pair(n.to));
        let (zx, zy) = (p.0 - r.0, p.1 - r.1);
        let apart = zx * zx + zy * zy;
        if apart < 0.15 * 0.15 {
            continue;
        }
        let (wx, wy) = (q.0 - s.0, q.1 - s.1);
        let a = ((wx * zx + wy * zy) / apart, (wy * zx - wx * zy) / apart);
        if (a.0.hypot(a.1) - 1.0).abs() > 0.15 {
            continue;
        }
        let b = (q.0 - a.0 * p.0 + a.1 * p.1, q.1 - a.1 * p.0 - a.0 * p.1);
        let model = [a.0, a.1, b.0, b.1];
        let score: f64 = judges.iter().map(|m| f64::from(m.weight).sqrt() * (1.0 - off(&model, m) / (near * near)).max(0.0)).sum();
        if score > best.0 {
            best = (score, Some(model));
        }
    }
    let Some(model) = best.1 else { return all };
    let kept = used.iter().filter(|m| off(&model, m) < near * near).count();
    if kept * 4 < used.len() {
        return all;
    }
    let weight = |m: &Match, w: f64| w * (1.0 - off(&model, m) / (4.0 * near * near)).max(0.0).powi(2);
    matches.iter().zip(&all).map(|(m, w)| weight(m, *w)).collect()
}

/// Squared distance of a match from a similarity.
fn off(model: &[f64; 4], m: &Match) -> f64 {
    let ((x, y), (u, v)) = (pair(m.from), pair(m.to));
    let [a, b, c, d] = *model;
    m.squared(a * x - b * y + c - u, b * x + a * y + d - v)
}

/// The matches that most agree with.
pub(super) fn agreeing(matches: &[Match]) -> Vec<Match> {
    let weights = agreed(matches);
    matches.iter().zip(weights).filter(|(_, w)| *w > f64::from(LEAST)).map(|(m, w)| Match { weight: w as f32, ..*m }).collect()
}

/// The pose after `before` in which the matches end up. None where too few can be used.
pub(super) fn fit(matches: &[Match], before: &Pose, focal: f64) -> Option<Fit> {
    refined::<STILL>(matches, &agreed(matches), before, focal)
}

/// The same with all matches to begin with, for a camera that may move while its rows are read.
pub(super) fn fit_moving(matches: &[Match], before: &Pose, focal: f64) -> Option<Fit> {
    refined::<MOVING>(matches, &all_of(matches), before, focal)
}

/// The same for one that does not.
pub(super) fn fit_all(matches: &[Match], before: &Pose, focal: f64) -> Option<Fit> {
    refined::<STILL>(matches, &all_of(matches), before, focal)
}

fn refined<const N: usize>(matches: &[Match], start: &[f64], before: &Pose, focal: f64) -> Option<Fit> {
    let back = before.inverse_homography(focal);
    let mut fit = Fit { pose: *before, drift: [[0.0; 4]; 2], agree: 0.0, miss_px: 0.0, cost: 0.0 };
    let mut cap = 4.0 * PIXEL;
    let mut off: Vec<Option<(f64, f64)>> = Vec::new();
    let mut live: Vec<f64> = Vec::with_capacity(matches.len());
    for round in 0..ROUNDS {
        misses::<N>(matches, &fit, &back, focal, &mut off);
        live.clear();
        live.extend(matches.iter().zip(&off).zip(start).filter(|(_, w)| **w > f64::from(LEAST)).filter_map(|((m, r), _)| {
            let (x, y) = (*r)?;
            Some(m.squared(x, y).sqrt())
        }));
        if live.len() < 6.max(N) {
            return None;
        }
        let middle = live.len() / 2;
        let spread = 1.4826 * *live.select_nth_unstable_by(middle, f64::total_cmp).1;
        let first = round == 0;
        let width = if first { f64::INFINITY } else { 4.0 * spread.max(0.06 * PIXEL).min(cap) };
        if !first {
            cap = (0.6 * cap).max(0.4 * PIXEL).max(spread.min(2.0 * PIXEL));
        }
        let mut sums = Powers::default();
        for ((m, r), weight) in matches.iter().zip(&off).zip(start) {
            let Some((rx, ry)) = *r else { continue };
            let t = m.squared(rx, ry) / (width * width);
            if t >= 1.0 || *weight <= 0.0 {
                continue;
            }
            let w = weight * (1.0 - t).powi(2);
            let y = f64::from(m.from.1);
            let (u, v) = (f64::from(m.to.0) - rx, f64::from(m.to.1) - ry);
            let slopes = fit.at(if N > STILL { y } else { 0.0 }).velocities(focal, u, v);
            sums.add(
                &slopes,
                m.hold.map(|v| w * f64::from(v)),
                (rx, ry),
                &[1.0, y, y * y, y * y * y, y * y * y * y][..2 * (N / STILL) - 1],
            );
        }
        let (mut normal, right) = sums.equations::<N>();
        (0..N).for_each(|p| normal[p][p] += 1e-9);
        let step = solve(&normal, &right)?;
        let pose = fit.pose.array();
        fit.pose = Pose::from_array(std::array::from_fn(|k| pose[k] + step[k]));
        for (p, s) in step.iter().enumerate().skip(4) {
            fit.drift[p / 4 - 1][p % 4] += s;
        }
        if !first && step.iter().all(|s| s.abs() < 1e-3 * PIXEL) {
            break;
        }
    }
    misses::<N>(matches, &fit, &back, focal, &mut off);
    let (mut count, mut agree, mut miss, mut total, mut cost) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (m, r) in matches.iter().zip(&off).filter(|(m, _)| m.weight > LEAST) {
        let d = r.map_or(f64::INFINITY, |(x, y)| m.squared(x, y).sqrt()) / PIXEL;
        count += 1.0;
        agree += f64::from(u8::from(d < NEAR_PX));
        miss += d.min(1.0);
        total += f64::from(m.weight);
        cost += f64::from(m.weight) * (d * d).min(0.25);
    }
    let sound = fit.pose.is_finite() && fit.drift.iter().flatten().all(|v| v.is_finite()) && count > 0.0;
    sound.then(|| Fit { agree: agree / count, miss_px: miss / count, cost: cost / total, ..fit })
}

/// Normal equations of a camera, by powers of the row: those of one that moves while it is read are the same sums over and over.
#[derive(Default)]
struct Powers {
    normal: [[[f64; STILL]; STILL]; 5],
    right: [[f64; STILL]; 3],
}

impl Powers {
    /// Adds a match that is off by so much, whose point moves by `slopes` and holds as `hold` says. Powers of its row from the 0th on.
    fn add(&mut self, slopes: &[(f64, f64); STILL], [xx, xy, yy]: [f64; 3], (rx, ry): (f64, f64), powers: &[f64]) {
        let held = slopes.map(|(sx, sy)| (xx * sx + xy * sy, xy * sx + yy * sy));
        let own: [[f64; STILL]; STILL] =
            std::array::from_fn(|p| std::array::from_fn(|q| held[p].0 * slopes[q].0 + held[p].1 * slopes[q].1));
        for (sums, power) in self.normal.iter_mut().zip(powers) {
            sums.as_flattened_mut().iter_mut().zip(own.as_flattened()).for_each(|(s, v)| *s += power * v);
        }
        for (sums, power) in self.right.iter_mut().zip(&powers[..powers.len().div_ceil(2)]) {
            sums.iter_mut().zip(held).for_each(|(s, h)| *s += power * (h.0 * rx + h.1 * ry));
        }
    }

    fn equations<const N: usize>(&self) -> ([[f64; N]; N], [f64; N]) {
        let normal = std::array::from_fn(|p| std::array::from_fn(|q| self.normal[p / STILL + q / STILL][p % STILL][q % STILL]));
        (normal, std::array::from_fn(|p| self.right[p / STILL][p % STILL]))
    }
}

/// How far the matches are from where the camera puts them; None where it cannot see them.
fn misses<const N: usize>(matches: &[Match], fit: &Fit, back: &Mat3, focal: f64, out: &mut Vec<Option<(f64, f64)>>) {
    out.clear();
    let whole = mul(&fit.pose.homography(focal), back);
    let mut known = (f32::NAN, whole);
    out.extend(matches.iter().map(|m| {
        let (x, y) = pair(m.from);
        if N > STILL && m.from.1 != known.0 {
            known = (m.from.1, mul(&fit.at(y).homography(focal), back));
        }
        let [u, v, w] = [0, 1, 2].map(|i| known.1[i][0] * x + known.1[i][1] * y + known.1[i][2]);
        (w > 1e-6).then(|| (f64::from(m.to.0) - u / w, f64::from(m.to.1) - v / w))
    }));
}

/// Equations with a symmetric positive matrix, of which the upper triangle is given (Cholesky).
pub(super) fn solve<const N: usize>(matrix: &[[f64; N]; N], right: &[f64; N]) -> Option<[f64; N]> {
    let mut l = [[0.0; N]; N];
    let mut x = *right;
    for j in 0..N {
        for i in j..N {
            let v = matrix[j][i] - (0..j).map(|k| l[i][k] * l[j][k]).sum::<f64>();
            if i == j {
                if v.is_nan() || v <= 0.0 {
                    return None;
                }
                l[j][j] = v.sqrt();
            } else {
                l[i][j] = v / l[j][j];
            }
        }
    }
    for i in 0..N {
        x[i] = (x[i] - (0..i).map(|k| l[i][k] * x[k]).sum::<f64>()) / l[i][i];
    }
    for i in (0..N).rev() {
        x[i] = (x[i] - (i + 1..N).map(|k| l[k][i] * x[k]).sum::<f64>()) / l[i][i];
    }
    Some(x)
}
