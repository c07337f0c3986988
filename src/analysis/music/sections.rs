//! How much is going on over the piece, and its parts: intro, build, drop, verse, outro. Pure.
//!
//! Each bar gets loudness, attacks and harmony; a part begins where the bars before differ most from those behind (novelty
//! after J. Foote, 2000). Names come from energy and place, so that they say what a cut can use, not what a musician hears.

use super::{
    Label, Section,
    curve::moving_mean,
    hear::{CHROMA_EVERY, Curves, FRAMES_PER_SEC},
};

/// Seconds from one value of the energy curve to the next.
pub const ENERGY_SECS: f64 = 0.25;
/// Loudness below the loudest part that counts as no energy, in dB.
const RANGE_DB: f64 = 30.0;
/// Bars compared on each side of a possible border.
const SIDE: usize = 4;
/// No part is shorter.
const SHORTEST_SECS: f64 = 5.0;
/// Differences below are the ups and downs of any piece.
const LEAST_NOVELTY: f64 = 0.35;

/// 0 where it is quiet and empty, 1 where it is loudest and densest; each [`ENERGY_SECS`].
pub(super) fn energy(curves: &Curves) -> Vec<f32> {
    let step = (ENERGY_SECS * FRAMES_PER_SEC) as usize;
    let seconds = FRAMES_PER_SEC as usize;
    let power: Vec<f32> = curves.rms.iter().map(|r| r * r).collect();
    let level: Vec<f64> = moving_mean(&power, seconds).iter().step_by(step).map(|p| 10.0 * f64::from(p.max(1e-10)).log10()).collect();
    let busy: Vec<f64> = moving_mean(&curves.rise, 2 * seconds).iter().step_by(step).map(|v| f64::from(*v)).collect();
    let most_level = top(&level);
    let most_busy = top(&busy).max(1e-6);
    if most_level < -70.0 {
        return vec![0.0; level.len()];
    }
    let mix = |(l, b): (&f64, &f64)| 0.75 * ((l - most_level) / RANGE_DB + 1.0).clamp(0.0, 1.0) + 0.25 * (b / most_busy).clamp(0.0, 1.0);
    level.iter().zip(&busy).map(|pair| mix(pair) as f32).collect()
}

/// What one value in twenty exceeds: a single bang is not the measure.
fn top(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) * 19 / 20).copied().unwrap_or_default()
}

/// The parts of a piece of `duration` seconds. `lines` are times where a part may begin: bar lines, or every two seconds.
pub(super) fn find(lines: &[f64], curves: &Curves, energy: &[f32], duration: f64) -> Vec<Section> {
    let bars: Vec<(f64, f64)> =
        lines.iter().enumerate().map(|(i, from)| (*from, lines.get(i + 1).copied().unwrap_or(duration).max(*from))).collect();
    let features: Vec<Vec<f64>> = bars.iter().map(|(from, to)| feature(curves, energy, *from, *to)).collect();
    let novelty: Vec<f64> = (0..bars.len()).map(|i| novelty(&features, i)).collect();
    let mut borders: Vec<f64> = Vec::new();
    let mut order: Vec<usize> = (1..bars.len()).filter(|i| is_peak(&novelty, *i) && novelty[*i] > LEAST_NOVELTY).collect();
    order.sort_by(|a, b| novelty[*b].total_cmp(&novelty[*a]).then(a.cmp(b)));
    for i in order {
        let at = bars[i].0;
        let far = |b: &f64| (b - at).abs() >= SHORTEST_SECS;
        if at >= SHORTEST_SECS && duration - at >= SHORTEST_SECS && borders.iter().all(far) {
            borders.push(at);
        }
    }
    borders.sort_by(f64::total_cmp);
    let starts: Vec<f64> = std::iter::once(0.0).chain(borders.iter().copied()).collect();
    let parts: Vec<(f64, f64)> = starts.iter().enumerate().map(|(i, s)| (*s, starts.get(i + 1).copied().unwrap_or(duration))).collect();
    label(&parts, energy)
}

fn is_peak(values: &[f64], i: usize) -> bool {
    let before = i.checked_sub(1).and_then(|p| values.get(p)).copied().unwrap_or(f64::NEG_INFINITY);
    let after = values.get(i + 1).copied().unwrap_or(f64::NEG_INFINITY);
    values[i] >= before && values[i] > after
}

/// Energy, bass and attacks, and the twelve pitch classes of a bar, scaled so that 1 is a change one hears at once.
fn feature(curves: &Curves, energy: &[f32], from: f64, to: f64) -> Vec<f64> {
    let mean = |curve: &[f32], per_sec: f64| {
        let (a, b) = ((from * per_sec) as usize, ((to * per_sec) as usize).max((from * per_sec) as usize + 1));
        let part = curve.get(a.min(curve.len())..b.min(curve.len())).unwrap_or_default();
        part.iter().map(|v| f64::from(*v)).sum::<f64>() / part.len().max(1) as f64
    };
    let mut out = vec![
        3.0 * mean(energy, 1.0 / ENERGY_SECS),
        0.5 * mean(&curves.low, FRAMES_PER_SEC),
        0.8 * mean(&curves.mid, FRAMES_PER_SEC),
        0.8 * mean(&curves.rise, FRAMES_PER_SEC),
    ];
    let per_sec = FRAMES_PER_SEC / CHROMA_EVERY as f64;
    let mut pitches = [0.0f64; 12];
    for chroma in curves.chroma.iter().take((to * per_sec) as usize + 1).skip((from * per_sec) as usize) {
        pitches.iter_mut().zip(chroma).for_each(|(p, c)| *p += f64::from(*c));
    }
    let length = pitches.iter().map(|v| v * v).sum::<f64>().sqrt().max(1e-9);
    out.extend(pitches.iter().map(|v| 0.3 * v / length));
    out
}

/// Distance between the mean bars on both sides of the line before bar `i`.
fn novelty(features: &[Vec<f64>], i: usize) -> f64 {
    let (from, to) = (i.saturating_sub(SIDE), (i + SIDE).min(features.len()));
    if i == 0 || to == i {
        return 0.0;
    }
    let mean = |part: &[Vec<f64>], k: usize| part.iter().map(|f| f[k]).sum::<f64>() / part.len() as f64;
    let (before, after) = (&features[from..i], &features[i..to]);
    (0..features[i].len()).map(|k| (mean(after, k) - mean(before, k)).powi(2)).sum::<f64>().sqrt()
}

fn label(parts: &[(f64, f64)], energy: &[f32]) -> Vec<Section> {
    let mean = |from: f64, to: f64| {
        let (a, b) = ((from / ENERGY_SECS) as usize, ((to / ENERGY_SECS) as usize).max((from / ENERGY_SECS) as usize + 1));
        let part = energy.get(a.min(energy.len())..b.min(energy.len())).unwrap_or_default();
        f64::from(part.iter().sum::<f32>()) / part.len().max(1) as f64
    };
    let levels: Vec<f64> = parts.iter().map(|(from, to)| mean(*from, *to)).collect();
    let (least, most) = levels.iter().fold((1.0f64, 0.0f64), |(a, b), v| (a.min(*v), b.max(*v)));
    let spread = most - least;
    // place between the quietest and the loudest part
    let rank = |i: usize| if spread < 0.06 { 0.5 } else { (levels[i] - least) / spread };
    let last = parts.len().saturating_sub(1);
    let is_drop = |i: usize| spread >= 0.06 && rank(i) >= 0.75 && (i == 0 || levels[i] - levels[i - 1] >= 0.25 * spread);
    parts
        .iter()
        .enumerate()
        .map(|(i, &(start_secs, end_secs))| {
            let label = if last == 0 || spread < 0.06 {
                Label::Verse
            } else if i == 0 && rank(i) < 0.6 {
                Label::Intro
            } else if i == last && rank(i) < 0.6 {
                Label::Outro
            } else if is_drop(i) || (i > 0 && rank(i) >= 0.75 && rank(i - 1) >= 0.75) {
                Label::Drop
            } else if i < last && is_drop(i + 1) {
                Label::Build
            } else {
                Label::Verse
            };
            Section { start_secs, end_secs, label, energy: levels[i] }
        })
        .collect()
}
