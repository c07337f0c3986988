//! Where the beats are: the chain of attacks that keeps the tempo best, and then each beat placed to the millisecond.
//!
//! The chain is found by dynamic programming after D. Ellis, "Beat tracking by dynamic programming" (2007), with a period
//! that changes over the piece. Pure.

use super::{
    curve::{blur, median},
    hear::{Curves, FINE_PER_SEC, FRAMES_PER_SEC},
    tempo::TempoCurve,
};

/// How dear a beat is that comes too early or too late.
const TIGHTNESS: f64 = 100.0;

/// Places of the beats in values of the curves.
pub(super) fn chain(attacks: &[f32], tempo: &TempoCurve) -> Vec<f64> {
    let typical = 60.0 / tempo.bpm() * FRAMES_PER_SEC;
    let local = blur(attacks, typical / 32.0);
    let n = local.len();
    let (mut best, mut came) = (vec![0.0f64; n], vec![usize::MAX; n]);
    for i in 0..n {
        let period = tempo.period_at(i as f64);
        let (near, far) = ((period * 0.6).round() as usize, (period * 1.6).round() as usize);
        let from = i.saturating_sub(far);
        let mut choice = (f64::NEG_INFINITY, usize::MAX);
        let until = i.saturating_sub(near.max(1));
        for (j, reached) in best.iter().enumerate().take(until).skip(from) {
            let off = ((i - j) as f64 / period).ln();
            let score = reached - TIGHTNESS * off * off;
            if score > choice.0 {
                choice = (score, j);
            }
        }
        best[i] = f64::from(local[i]);
        if choice.1 != usize::MAX {
            best[i] += choice.0;
            came[i] = choice.1;
        }
    }
    let last = n.saturating_sub(typical as usize);
    let Some(mut at) = (last..n).max_by(|a, b| best[*a].total_cmp(&best[*b])) else { return Vec::new() };
    let mut beats = Vec::new();
    while at != usize::MAX {
        beats.push(at);
        at = came[at];
    }
    beats.reverse();
    trim(&mut beats, &local);
    beats.into_iter().map(|b| b as f64).collect()
}

/// Beats before the music begins and after it has ended are none.
fn trim(beats: &mut Vec<usize>, local: &[f32]) {
    let strength: Vec<f64> = beats.iter().map(|b| f64::from(local[*b])).collect();
    let rms = (strength.iter().map(|s| s * s).sum::<f64>() / strength.len().max(1) as f64).sqrt();
    let floor = 0.2 * rms;
    let from = strength.iter().position(|s| *s > floor).unwrap_or(beats.len());
    let to = strength.iter().rposition(|s| *s > floor).map_or(from, |p| p + 1);
    *beats = beats[from..to].to_vec();
}

/// Seconds of each beat, moved to the steepest rise nearby and then to the line through its neighbours.
pub(super) fn place(beats: &[f64], curves: &Curves) -> Vec<f64> {
    let level: Vec<f32> = curves.fine.iter().map(|v| (v.max(1e-10)).ln()).collect();
    let found: Vec<(f64, f64)> = beats.iter().map(|b| attack_near(&level, b / FRAMES_PER_SEC)).collect();
    let secs: Vec<f64> = found.iter().map(|f| f.0).collect();
    smooth(&secs, &found.iter().map(|f| f.1).collect::<Vec<_>>())
}

/// Seconds of the steepest rise of the fine level within 35 ms, and how steep it is.
fn attack_near(level: &[f32], secs: f64) -> (f64, f64) {
    const REACH: i64 = 35;
    const SPAN: i64 = 8;
    let centre = (secs * FINE_PER_SEC).round() as i64;
    let mean = |from: i64, to: i64| {
        let (from, to) = (from.clamp(0, level.len() as i64) as usize, to.clamp(0, level.len() as i64) as usize);
        if from >= to { 0.0 } else { f64::from(level[from..to].iter().sum::<f32>()) / (to - from) as f64 }
    };
    let mut choice = (secs, 0.0);
    for c in centre - REACH..=centre + REACH {
        let rise = mean(c, c + SPAN) - mean(c - SPAN, c);
        // what lies nearer wins over what is hardly steeper
        let weight = rise * (1.0 - 0.4 * (c - centre).abs() as f64 / REACH as f64);
        if weight > choice.1 {
            choice = (c as f64 / FINE_PER_SEC, weight);
        }
    }
    choice
}

/// Each time replaced by that of the straight line through the eight beats around it, weighted by how clear they are;
/// what lies off the line by more than the others is left out.
fn smooth(secs: &[f64], weights: &[f64]) -> Vec<f64> {
    const HALF: usize = 4;
    (0..secs.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(HALF), (i + HALF + 1).min(secs.len()));
            if to - from < 4 {
                return secs[i];
            }
            let mut keep: Vec<usize> = (from..to).filter(|j| weights[*j] > 0.0).collect();
            for _ in 0..2 {
                let Some(line) = line(&keep, secs, weights, i) else { return secs[i] };
                let off = |j: usize| (secs[j] - line.0 - line.1 * (j as f64 - i as f64)).abs();
                let limit = (3.0 * median(&keep.iter().map(|j| off(*j)).collect::<Vec<_>>())).max(0.004);
                keep.retain(|j| off(*j) <= limit);
            }
            let Some((at, _)) = line(&keep, secs, weights, i) else { return secs[i] };
            if (at - secs[i]).abs() < 0.05 { at } else { secs[i] }
        })
        .collect()
}

/// Value at beat `i` and slope of the weighted line through these beats.
fn line(keep: &[usize], secs: &[f64], weights: &[f64], i: usize) -> Option<(f64, f64)> {
    let (mut w, mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for &j in keep {
        let (u, v, q) = (j as f64 - i as f64, secs[j], weights[j]);
        w += q;
        x += q * u;
        y += q * v;
        xx += q * u * u;
        xy += q * u * v;
    }
    let det = w * xx - x * x;
    (keep.len() >= 3 && det.abs() > 1e-9).then(|| ((xx * y - x * xy) / det, (w * xy - x * y) / det))
}
