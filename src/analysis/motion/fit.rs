//! The camera that most matches agree on.
//!
//! Two matches make a hypothesis (a similarity), the one with most weight behind it is where a robust fit of the turning and zooming
//! camera begins: RANSAC (Fischler & Bolles 1981), then Gauss-Newton with Tukey weights of shrinking width.

use super::{coarse::solve4, patches::Match};
use crate::analysis::stabilize::{Mat3, Pose};

/// Hypotheses tried.
const HYPOTHESES: usize = 256;
/// Farthest that a match may be from a hypothesis to speak for it, in pixels of a picture 640 wide.
const NEAR_PX: f64 = 1.2;
/// Weights below this are none.
pub(super) const LEAST: f32 = 0.02;
const ROUNDS: usize = 10;

/// A fitted camera.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub pose: Pose,
    /// Share of the usable matches that agree.
    pub agree: f64,
    /// Mean distance of the usable matches from where the camera puts them, a distant one counted as one pixel; in pixels of 640.
    pub miss_px: f64,
}

/// A pixel of a picture 640 wide.
const PIXEL: f64 = 1.0 / 640.0;

fn usable(matches: &[Match]) -> impl Iterator<Item = &Match> {
    matches.iter().filter(|m| m.weight > LEAST)
}

fn pair(p: (f32, f32)) -> (f64, f64) {
    (f64::from(p.0), f64::from(p.1))
}

/// Weights of the matches, less those that the best hypothesis speaks against. Without any that holds, the weights as they are.
fn agreed(matches: &[Match]) -> (Vec<f64>, f64) {
    let all: Vec<f64> = matches.iter().map(|m| f64::from(m.weight)).collect();
    let used: Vec<usize> = (0..matches.len()).filter(|i| matches[*i].weight > LEAST).collect();
    if used.len() < 12 {
        return (all, 1.0);
    }
    // the same numbers each time: the outcome belongs to the pictures
    let mut rng = fastrand::Rng::with_seed(0x5eed);
    let near = NEAR_PX * PIXEL;
    let mut best: (f64, Option<[f64; 4]>) = (0.0, None);
    for _ in 0..HYPOTHESES {
        let (m, n) = (&matches[used[rng.usize(0..used.len())]], &matches[used[rng.usize(0..used.len())]]);
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
        let score: f64 = used
            .iter()
            .map(|i| {
                let miss = off(&model, &matches[*i]) / near;
                f64::from(matches[*i].weight).sqrt() * (1.0 - miss * miss).max(0.0)
            })
            .sum();
        if score > best.0 {
            best = (score, Some(model));
        }
    }
    let Some(model) = best.1 else { return (all, 1.0) };
    let kept = used.iter().filter(|i| off(&model, &matches[**i]) < near).count();
    let share = kept as f64 / used.len() as f64;
    if share < 0.25 {
        // no camera that most agree on, as with rows exposed in turn: all have their say
        return (all, share);
    }
    let weight = |m: &Match, w: f64| {
        let miss = off(&model, m) / (2.0 * near);
        w * (1.0 - miss * miss).max(0.0).powi(2)
    };
    (matches.iter().zip(&all).map(|(m, w)| weight(m, *w)).collect(), share)
}

fn off(model: &[f64; 4], m: &Match) -> f64 {
    let ((x, y), (u, v)) = (pair(m.from), pair(m.to));
    let [a, b, c, d] = *model;
    (a * x - b * y + c - u).hypot(b * x + a * y + d - v)
}

/// The pose after `before` in which the matches end up. None where too few can be used.
pub(super) fn fit(matches: &[Match], before: &Pose, focal: f64) -> Option<Fit> {
    let (start, _) = agreed(matches);
    let back = before.inverse_homography(focal);
    let mut pose = *before;
    let mut cap = 4.0 * PIXEL;
    for round in 0..ROUNDS {
        let map = compose(&pose.homography(focal), &back);
        let places: Vec<Option<(f64, f64)>> = matches.iter().map(|m| project(&map, m)).collect();
        let misses: Vec<f64> = matches
            .iter()
            .zip(&places)
            .map(|(m, p)| p.map_or(f64::INFINITY, |p| (f64::from(m.to.0) - p.0).hypot(f64::from(m.to.1) - p.1)))
            .collect();
        let mut live: Vec<f64> =
            misses.iter().zip(&start).filter(|(d, w)| **w > f64::from(LEAST) && d.is_finite()).map(|(d, _)| *d).collect();
        if live.len() < 6 {
            return None;
        }
        let middle = live.len() / 2;
        let spread = 1.4826 * *live.select_nth_unstable_by(middle, f64::total_cmp).1;
        let first = round == 0;
        let width = if first { f64::INFINITY } else { 4.0 * spread.max(0.06 * PIXEL).min(cap) };
        if !first {
            cap = (0.6 * cap).max(0.4 * PIXEL).max(spread.min(2.0 * PIXEL));
        }
        let (mut normal, mut right) = ([[0.0_f64; 4]; 4], [0.0_f64; 4]);
        for (((m, place), miss), weight) in matches.iter().zip(&places).zip(&misses).zip(&start) {
            let Some((x, y)) = *place else { continue };
            let t = miss / width;
            if t >= 1.0 || *weight <= 0.0 {
                continue;
            }
            let w = weight * (1.0 - t * t).powi(2);
            let (rx, ry) = (f64::from(m.to.0) - x, f64::from(m.to.1) - y);
            let slopes = pose.velocities(focal, x, y);
            for p in 0..4 {
                right[p] += w * (slopes[p].0 * rx + slopes[p].1 * ry);
                for q in p..4 {
                    normal[p][q] += w * (slopes[p].0 * slopes[q].0 + slopes[p].1 * slopes[q].1);
                }
            }
        }
        (0..4).for_each(|p| normal[p][p] += 1e-9);
        let step = solve4(&normal, &right)?;
        pose = Pose { yaw: pose.yaw + step[0], pitch: pose.pitch + step[1], roll: pose.roll + step[2], log_zoom: pose.log_zoom + step[3] };
        if !first && step.iter().all(|s| s.abs() < 1e-3 * PIXEL) {
            break;
        }
    }
    let map = compose(&pose.homography(focal), &back);
    let (mut count, mut agree, mut miss) = (0.0, 0.0, 0.0);
    for m in usable(matches) {
        let place = project(&map, m);
        let d = place.map_or(f64::INFINITY, |p| (f64::from(m.to.0) - p.0).hypot(f64::from(m.to.1) - p.1)) / PIXEL;
        count += 1.0;
        agree += f64::from(u8::from(d < NEAR_PX));
        miss += d.min(1.0);
    }
    let sound = pose.yaw.is_finite() && pose.pitch.is_finite() && pose.roll.is_finite() && pose.log_zoom.is_finite();
    (sound && count > 0.0).then(|| Fit { pose, agree: agree / count, miss_px: miss / count })
}

fn compose(a: &Mat3, b: &Mat3) -> Mat3 {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j]))
}

fn project(map: &Mat3, m: &Match) -> Option<(f64, f64)> {
    let (x, y) = pair(m.from);
    let [u, v, w] = [0, 1, 2].map(|i| map[i][0] * x + map[i][1] * y + map[i][2]);
    (w > 1e-6).then(|| (u / w, v / w))
}
