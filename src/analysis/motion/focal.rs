//! The focal length of a film: that under which a turning camera explains most of what moved.

use super::{
    dense::Match,
    fit::{agreeing, fit_all, fit_moving},
};
use crate::analysis::stabilize::Pose;
use rayon::prelude::*;

/// Focal lengths tried first, in widths of the picture: from wide to tele.
const TRIED: [f64; 7] = [0.6, 0.75, 0.95, 1.2, 1.6, 2.4, 6.0];
/// What is taken where nothing tells: a little wider than a phone's main camera.
pub(super) const USUAL: f64 = 1.0;
/// Pairs that are looked at, at most and at least.
const PAIRS: usize = 48;
const FEWEST: usize = 5;
/// Where the worst is no worse than this times the best, the film does not tell.
const TELLING: f64 = 1.03;
/// Rounds of the search between the neighbours of the best, each of which leaves 0.618 of the interval.
const ROUNDS: usize = 12;

/// A pair of pictures: what matches, and the camera at the first.
pub(super) struct Pair<'a> {
    pub matches: &'a [Match],
    pub before: Pose,
}

/// Estimates the focal length from pairs of pictures with at least 40 matches each. `is_skewed`: the camera moved while the
/// rows of each were read. None where they do not tell.
pub(super) fn estimate(pairs: &[Pair<'_>], is_skewed: bool) -> Option<f64> {
    let step = pairs.len().div_ceil(PAIRS).max(1);
    let chosen: Vec<(Vec<Match>, Pose)> =
        pairs.par_iter().step_by(step).map(|p| (if is_skewed { p.matches.to_vec() } else { agreeing(p.matches) }, p.before)).collect();
    if chosen.len() < FEWEST {
        return None;
    }
    let fit = if is_skewed { fit_moving } else { fit_all };
    let cost = |focal: f64| {
        let costs: Vec<f64> = chosen.par_iter().map(|(m, before)| fit(m, before, focal).map_or(0.25, |f| f.cost)).collect();
        costs.iter().sum::<f64>() / costs.len() as f64
    };
    let costs = TRIED.map(cost);
    let (best, least) = costs.iter().enumerate().fold((0, f64::INFINITY), |b, (i, c)| if *c < b.1 { (i, *c) } else { b });
    let most = costs.iter().fold(0.0_f64, |m, c| m.max(*c));
    if most.is_nan() || most < TELLING * least {
        return None;
    }
    // golden section over the logarithm
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (TRIED[best.saturating_sub(1)].ln(), TRIED[(best + 1).min(TRIED.len() - 1)].ln());
    let at = |low: f64, high: f64| (high - golden * (high - low), low + golden * (high - low));
    let (mut a, mut b) = at(low, high);
    let (mut cost_a, mut cost_b) = (cost(a.exp()), cost(b.exp()));
    for _ in 0..ROUNDS {
        if cost_a < cost_b {
            high = b;
            (a, b) = at(low, high);
            (cost_b, cost_a) = (cost_a, cost(a.exp()));
        } else {
            low = a;
            (a, b) = at(low, high);
            (cost_a, cost_b) = (cost_b, cost(b.exp()));
        }
    }
    Some((0.5 * (low + high)).exp())
}
