//! Long shots in parts that are solved side by side.
//!
//! What a frame's path depends on lies a few periods of the cut-off around it. So the parts overlap by that much and are blended;
//! as the bounds are convex, a blend of paths within them is within them. A part in which nothing comes near a bound needs no
//! solving at all.

use super::{
    course::Course,
    interior::{Bounds, bounded},
    solver::Vector,
};
use rayon::prelude::*;
use std::ops::Range;

/// Lengths of a part's own stretch, of the blend at its ends and of what it overlooks beyond, in units of 1/ω.
const STRETCH: f64 = 24.0;
const BLEND: f64 = 2.0;
const BEYOND: f64 = 3.0;

/// The best correction within bounds, given the best without. `crosses` says of each frame whether the latter leaves its bounds.
pub(super) fn bounded_by_parts(course: &Course, bounds: &Bounds<'_>, free: &Vector, crosses: &[bool]) -> Vector {
    let n = course.len();
    let frames = |units: f64| ((units / course.omega).ceil() as usize).max(8);
    let (stretch, blend, beyond) = (frames(STRETCH), frames(BLEND), frames(BEYOND));
    let parts: Vec<Range<usize>> = (0..n.div_ceil(stretch)).map(|k| k * stretch..((k + 1) * stretch).min(n)).collect();
    let reach = |part: &Range<usize>| part.start.saturating_sub(blend + beyond)..(part.end + blend + beyond).min(n);
    let solved: Vec<(Range<usize>, Option<Vector>)> = parts
        .par_iter()
        .map(|part| {
            let around = reach(part);
            let needed = crosses[around.clone()].iter().any(|c| *c);
            (around.clone(), needed.then(|| bounded(course, around, bounds, free)))
        })
        .collect();
    let mut out = free.clone();
    let mut total = vec![0.0; n];
    let share = |part: &Range<usize>, i: usize| {
        // 1 inside, down to 0 at the end of the blend
        let outside = if i < part.start { part.start - i } else { (i + 1).saturating_sub(part.end) };
        if outside == 0 { 1.0 } else { 0.5 + 0.5 * (std::f64::consts::PI * outside as f64 / (blend + 1) as f64).cos() }
    };
    let own = |part: &Range<usize>| part.start.saturating_sub(blend)..(part.end + blend).min(n);
    for part in &parts {
        own(part).for_each(|i| total[i] += share(part, i));
    }
    for (part, (around, change)) in parts.iter().zip(&solved) {
        let Some(change) = change else { continue };
        for i in own(part) {
            let share = share(part, i) / total[i];
            (0..4).for_each(|k| out[i][k] += share * change[i - around.start][k]);
        }
    }
    out
}
