//! When a shot's own pictures were taken. Repeats come from a rate that was converted (24 pictures shown as 30), before which the pictures were
//! evenly spaced; or they stand for pictures that were lost, and the next one comes when it would have come. The camera tells which it was: its
//! path is the smoother one in its own time.

use super::path::Planned;
use std::ops::Range;

/// As lost pictures count repeats under which the path is so much smoother, by squares.
const SMOOTHER: f64 = 0.7;

/// Times in seconds of a shot's own pictures.
pub(super) fn own_times(frames: &[Planned], shot: Range<usize>) -> Vec<f64> {
    let (mut repeated, mut gaps) = (0.0, Vec::new());
    let (mut shown, mut even, mut poses) = (Vec::with_capacity(shot.len()), Vec::with_capacity(shot.len()), Vec::with_capacity(shot.len()));
    for i in shot {
        let time = frames[i].pts.as_secs_f64();
        if frames[i].shows == i {
            shown.push(time);
            even.push(time - repeated);
            poses.push(frames[i].raw.array());
        } else {
            if gaps.last() != Some(&shown.len()) {
                gaps.push(shown.len());
            }
            repeated += time - frames[i - 1].pts.as_secs_f64();
        }
    }
    if !gaps.is_empty() && roughness(&shown, &poses, &gaps) < SMOOTHER * roughness(&even, &poses, &gaps) { shown } else { even }
}

/// Sum of the squared third divided differences across the places before which something was repeated, in a time whose mean step is 1.
fn roughness(times: &[f64], poses: &[[f64; 4]], gaps: &[usize]) -> f64 {
    let span = times.last().zip(times.first()).map_or(0.0, |(last, first)| last - first);
    let step = span / times.len().saturating_sub(1).max(1) as f64;
    // roll and zoom move the edges of the picture by half as much
    let difference = |w: usize| -> f64 {
        let (t, p) = (&times[w..w + 4], &poses[w..w + 4]);
        let factor = |k: usize| 1.0 / (0..4).filter(|m| *m != k).map(|m| (t[k] - t[m]) / step).product::<f64>();
        let sum = |c: usize| (0..4).map(|k| p[k][c] * factor(k)).sum::<f64>();
        [1.0, 1.0, 0.5, 0.5].iter().enumerate().map(|(c, share)| (share * sum(c)).powi(2)).sum()
    };
    let across = |gap: &usize| gap.saturating_sub(3)..*gap;
    let windows = gaps.iter().flat_map(across).filter(|w| w + 4 <= times.len());
    windows.map(difference).filter(|v| v.is_finite()).sum()
}

/// The usual time from frame to frame in seconds.
pub(super) fn usual_step(times: &[f64]) -> f64 {
    let mut steps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    let middle = steps.len() / 2;
    let step = steps.get_mut(..).filter(|s| !s.is_empty()).map_or(0.0, |s| *s.select_nth_unstable_by(middle, f64::total_cmp).1);
    if step > 1e-4 { step } else { 1.0 / 30.0 }
}
