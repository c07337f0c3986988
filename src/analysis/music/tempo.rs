//! How fast: the length of a beat over the piece, up to the question whether one counts twice or half as fast.
//!
//! Autocorrelation of the attacks in windows of eight seconds, and the smoothest way through them (Viterbi). Pure.

use super::{curve::at, hear::FRAMES_PER_SEC};

/// Slowest and fastest tempo that is looked for, beats per minute.
pub(super) const SLOWEST_BPM: f64 = 50.0;
pub(super) const FASTEST_BPM: f64 = 210.0;
/// Tempi per octave that are told apart.
const STEPS: f64 = 60.0;
/// Seconds that one estimate looks at, and from one to the next.
const WINDOW_SECS: f64 = 8.0;
const EVERY_SECS: f64 = 1.0;
/// Middle and width (octaves) of where people tap: after D. Moelants, "Preferred tempo reconsidered" (2002).
const PRIOR_BPM: f64 = 118.0;
const PRIOR_OCTAVES: f64 = 0.9;
/// Cost of a change of tempo by an octave within a second.
const CHANGE_COST: f64 = 12.0;

/// Length of a beat over time.
#[derive(Clone, Debug)]
pub(super) struct TempoCurve {
    /// Values of the curves in a beat, one for each second.
    periods: Vec<f64>,
    /// How strongly the piece repeats itself after a beat: about 0 for noise, 1 for a machine.
    pub clarity: f64,
}

impl TempoCurve {
    /// Values of the curves in the beat around this value.
    pub fn period_at(&self, frame: f64) -> f64 {
        let place = frame / FRAMES_PER_SEC / EVERY_SECS;
        let last = self.periods.len().saturating_sub(1);
        let i = (place.max(0.0) as usize).min(last);
        let f = (place - i as f64).clamp(0.0, 1.0);
        match self.periods.get(i) {
            Some(p) => p + (self.periods[(i + 1).min(last)] - p) * f,
            None => FRAMES_PER_SEC * 0.5,
        }
    }

    /// The median tempo.
    pub fn bpm(&self) -> f64 {
        60.0 * FRAMES_PER_SEC / super::curve::median(&self.periods).max(1.0)
    }

    /// The same piece counted with beats so many times as long.
    pub fn times(&self, factor: f64) -> Self {
        Self { periods: self.periods.iter().map(|p| p * factor).collect(), clarity: self.clarity }
    }
}

/// How much a listener would rather tap at this tempo, at most 1.
pub(super) fn prior(bpm: f64) -> f64 {
    (-0.5 * ((bpm / PRIOR_BPM).log2() / PRIOR_OCTAVES).powi(2)).exp()
}

/// Follow the tempo of the attacks. `near` narrows the search to a quarter of an octave around a given tempo.
pub(super) fn follow(attacks: &[f32], near: Option<f64>) -> TempoCurve {
    let steps = ((FASTEST_BPM / SLOWEST_BPM).log2() * STEPS) as usize;
    let bpm = |s: usize| SLOWEST_BPM * (s as f64 / STEPS).exp2();
    let window = (WINDOW_SECS * FRAMES_PER_SEC) as usize;
    let hop = (EVERY_SECS * FRAMES_PER_SEC) as usize;
    let count = attacks.len().div_ceil(hop).max(1);
    let longest = (60.0 / SLOWEST_BPM * FRAMES_PER_SEC * 2.0) as usize + 2;
    let mut scores = Vec::with_capacity(count);
    let mut plain = Vec::with_capacity(count);
    for w in 0..count {
        let centre = w * hop;
        let from = centre.saturating_sub(window / 2).min(attacks.len().saturating_sub(window));
        let part = &attacks[from..(from + window).min(attacks.len())];
        let again = autocorrelation(part, longest);
        let salience = |s: usize| {
            let period = 60.0 / bpm(s) * FRAMES_PER_SEC;
            f64::from(at(&again, period)).max(0.0)
        };
        let combined = |s: usize| {
            let period = 60.0 / bpm(s) * FRAMES_PER_SEC;
            let far = near.map_or(prior(bpm(s)), |n| if (bpm(s) / n).log2().abs() < 0.25 { 1.0 } else { 0.0 });
            (salience(s) + 0.5 * f64::from(at(&again, 2.0 * period)).max(0.0)) * far
        };
        scores.push((0..steps).map(combined).collect::<Vec<_>>());
        plain.push((0..steps).map(salience).collect::<Vec<_>>());
    }
    let path = smoothest(&scores);
    let periods = path.iter().zip(&scores).map(|(&s, row)| 60.0 / (bpm(0) * ((s as f64 + vertex(row, s)) / STEPS).exp2()) * FRAMES_PER_SEC);
    let clarity = path.iter().zip(&plain).map(|(&s, row)| row[s]).sum::<f64>() / path.len().max(1) as f64;
    TempoCurve { periods: periods.collect(), clarity }
}

/// Normalised so that lag 0 gives 1; each lag by the number of products it has.
fn autocorrelation(part: &[f32], longest: usize) -> Vec<f32> {
    let mean = part.iter().sum::<f32>() / part.len().max(1) as f32;
    let centred: Vec<f32> = part.iter().map(|v| v - mean).collect();
    let power = centred.iter().map(|v| v * v).sum::<f32>() / part.len().max(1) as f32;
    (0..longest.min(part.len()))
        .map(|lag| {
            let n = centred.len() - lag;
            let sum: f32 = centred.iter().zip(&centred[lag..]).map(|(a, b)| a * b).sum();
            sum / n as f32 / power.max(1e-9)
        })
        .collect()
}

/// The way through rows of scores that wins the most for the least change.
fn smoothest(rows: &[Vec<f64>]) -> Vec<usize> {
    let width = rows.first().map_or(0, Vec::len);
    let mut best = rows.first().cloned().unwrap_or_default();
    let mut came = Vec::with_capacity(rows.len());
    // a tempo does not move farther within a second
    let reach = (STEPS / 6.0) as usize;
    for row in rows.iter().skip(1) {
        let (mut next, mut from) = (Vec::with_capacity(width), Vec::with_capacity(width));
        for (s, here) in row.iter().enumerate().take(width) {
            let near = s.saturating_sub(reach)..(s + reach + 1).min(width);
            let cost = |p: usize| best[p] - CHANGE_COST * (p.abs_diff(s) as f64 / STEPS).powi(2) * STEPS / 10.0;
            let (p, score) = near.map(|p| (p, cost(p))).max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((s, 0.0));
            next.push(score + here);
            from.push(p);
        }
        best = next;
        came.push(from);
    }
    let mut at = (0..width).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
    let mut path = vec![at];
    for from in came.iter().rev() {
        at = from[at];
        path.push(at);
    }
    path.reverse();
    path
}

/// Where between its neighbours the peak at `s` lies, −0.5…0.5 steps.
fn vertex(row: &[f64], s: usize) -> f64 {
    if s == 0 || s + 1 >= row.len() {
        return 0.0;
    }
    let (a, b, c) = (row[s - 1], row[s], row[s + 1]);
    let bend = a - 2.0 * b + c;
    if bend.abs() < 1e-12 { 0.0 } else { (0.5 * (a - c) / bend).clamp(-0.5, 0.5) }
}
