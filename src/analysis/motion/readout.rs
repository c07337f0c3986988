//! How long a sensor takes to read a picture, from its first row to its last: that under which one camera explains what moved.

use super::{
    dense::Match,
    fit::{LEAST, fit_all, fit_moving},
    focal::Pair,
    place::{FEW, Link, Optics, Placed, Seen, place},
};
use crate::analysis::stabilize::Pose;
use rayon::prelude::*;

/// Readouts tried, in parts of the time from frame to frame; negative where rows are read from below.
const TRIED: [f64; 7] = [-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9];
/// Then between the neighbours of the best, this far from it.
const CLOSER: [f64; 2] = [0.2, 0.07];
/// The longest and the shortest that is believed.
const MOST: f64 = 1.0;
const LEAST_PART: f64 = 0.05;
/// What a readout must take off the misses to be believed.
const GAIN: f64 = 0.1;
/// Stretches of film that are looked at, and frames of each.
const STRETCHES: usize = 4;
const FRAMES: usize = 32;
/// Matches of each picture that are enough here.
const ENOUGH: usize = 200;
/// Pairs that are looked at to tell whether rows move apart at all.
const PAIRS: usize = 24;

fn thinned(matches: &[Match]) -> Vec<Match> {
    let used: Vec<Match> = matches.iter().filter(|m| m.weight > LEAST).copied().collect();
    used.iter().step_by(used.len().div_ceil(ENOUGH).max(1)).copied().collect()
}

/// Whether the rows of pictures move apart more than a still camera explains.
pub(super) fn is_skewed(pairs: &[Pair<'_>], focal: f64) -> bool {
    let step = pairs.len().div_ceil(PAIRS).max(1);
    let misses: Vec<(f64, f64)> = pairs
        .par_iter()
        .step_by(step)
        .filter_map(|m| {
            let m = thinned(m.matches);
            let still = fit_all(&m, &Pose::default(), focal)?;
            Some((still.miss_px, fit_moving(&m, &Pose::default(), focal)?.miss_px))
        })
        .collect();
    let (still, moving) = misses.iter().fold((0.0, 0.0), |(a, b), (p, q)| (a + p, b + q));
    misses.len() * 2 > PAIRS.min(pairs.len()) && moving < (1.0 - GAIN) * still
}

/// Seconds from the first row to the last of a film whose rows move apart; 0 where none explains it.
pub(super) fn estimate(seen: &[Seen], frame_secs: f64, optics: &Optics) -> f64 {
    let stretches = stretches(seen);
    if stretches.is_empty() {
        return 0.0;
    }
    let cost = |part: f64| {
        let optics = Optics { readout_secs: part * frame_secs, ..*optics };
        let misses: Vec<f64> = stretches.iter().flat_map(|seen| misses(seen, &optics)).collect();
        misses.iter().sum::<f64>() / misses.len().max(1) as f64
    };
    let costs: Vec<f64> = TRIED.par_iter().map(|p| cost(*p)).collect();
    let still = costs[TRIED.len() / 2];
    let mut best = TRIED.iter().zip(&costs).fold((0.0, f64::INFINITY), |b, (p, c)| if *c < b.1 { (*p, *c) } else { b });
    for step in CLOSER {
        let around: Vec<f64> = [-step, step].par_iter().map(|s| cost((best.0 + s).clamp(-MOST, MOST))).collect();
        let bend = around[0] + around[1] - 2.0 * best.1;
        let vertex =
            if bend > 0.0 { (0.5 * (around[0] - around[1]) / bend).clamp(-1.0, 1.0) } else { f64::from(around[1] < around[0]) * 2.0 - 1.0 };
        let part = (best.0 + vertex * step).clamp(-MOST, MOST);
        let there = cost(part);
        if there < best.1 {
            best = (part, there);
        }
    }
    if best.1 < (1.0 - GAIN) * still && best.0.abs() > LEAST_PART { best.0 * frame_secs } else { 0.0 }
}

/// What the frames of a stretch miss under a readout.
fn misses(seen: &[Seen], optics: &Optics) -> Vec<f64> {
    let mut placed: Vec<Placed> = Vec::new();
    place(seen, &mut placed, seen.len(), optics);
    placed.iter().filter_map(|p| p.miss_px).collect()
}

/// Stretches of film in which every frame is known to follow the one before, spread over the whole.
fn stretches(seen: &[Seen]) -> Vec<Vec<Seen>> {
    let follows = |i: usize| match &seen[i].link {
        Link::Moved { matches, .. } => matches.len() > FEW,
        Link::Same => true,
        _ => false,
    };
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut start = 0;
    for i in 1..=seen.len() {
        let goes_on = i < seen.len() && follows(i);
        if !goes_on || i - start == FRAMES {
            if i - start >= FRAMES / 4 {
                found.push(start..i);
            }
            start = i;
        }
    }
    let step = found.len().div_ceil(STRETCHES).max(1);
    let own = |range: std::ops::Range<usize>| {
        let first = range.start;
        let link = |i: usize| match &seen[i].link {
            _ if i == first => Link::Start,
            Link::Moved { from, .. } if *from < first => Link::Start,
            Link::Moved { from, matches } => Link::Moved { from: from - first, matches: thinned(matches) },
            other => other.clone(),
        };
        range.map(|i| Seen { link: link(i), ..seen[i].clone() }).collect()
    };
    found.into_iter().step_by(step).map(own).collect()
}
