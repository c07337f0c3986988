//! The focal length of a film: that under which a turning camera explains most of what moved.

use super::{fit::fit, patches::Match};
use crate::analysis::stabilize::Pose;
use rayon::prelude::*;

/// Focal lengths tried, in widths of the picture: from wide to tele.
const TRIED: [f64; 7] = [0.6, 0.75, 0.95, 1.2, 1.6, 2.4, 6.0];
/// What is taken where nothing tells: a little wider than a phone's main camera.
pub(super) const USUAL: f64 = 1.0;
/// Pairs that are looked at, at most and at least.
const PAIRS: usize = 25;
const FEWEST: usize = 5;
/// Where the worst is no worse than this times the best, the film does not tell.
const TELLING: f64 = 1.06;

/// Estimates the focal length from matches of pairs of pictures, each with at least 40 of them.
pub(super) fn estimate(pairs: &[&[Match]]) -> f64 {
    let step = (pairs.len() / PAIRS).max(1);
    let chosen: Vec<&[Match]> = pairs.iter().step_by(step).copied().collect();
    if chosen.len() < FEWEST {
        return USUAL;
    }
    let costs: Vec<f64> = TRIED
        .par_iter()
        .map(|focal| {
            let misses: Vec<f64> = chosen.iter().filter_map(|m| fit(m, &Pose::default(), *focal)).map(|f| f.miss_px).collect();
            misses.iter().sum::<f64>() / misses.len().max(1) as f64
        })
        .collect();
    let (best, least) = costs.iter().enumerate().fold((0, f64::INFINITY), |b, (i, c)| if *c < b.1 { (i, *c) } else { b });
    let most = costs.iter().fold(0.0_f64, |m, c| m.max(*c));
    if most < TELLING * least || !most.is_finite() {
        return USUAL;
    }
    if best == 0 || best == TRIED.len() - 1 {
        return TRIED[best];
    }
    // vertex of the parabola through the three about the best, over the logarithm
    let x = [best - 1, best, best + 1].map(|i| TRIED[i].ln());
    let y = [best - 1, best, best + 1].map(|i| costs[i]);
    let (d0, d2) = ((y[0] - y[1]) / (x[0] - x[1]), (y[2] - y[1]) / (x[2] - x[1]));
    let bend = (d2 - d0) / (x[2] - x[0]);
    if bend <= 0.0 {
        return TRIED[best];
    }
    let slope = d0 - bend * (x[0] - x[1]);
    (x[1] - slope / (2.0 * bend)).clamp(x[0], x[2]).exp()
}
