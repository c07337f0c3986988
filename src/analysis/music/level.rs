//! Which of the tempi that fit is the beat: twice as fast, half as fast, or in threes. Pure.
//!
//! Every candidate's own beats are compared with what lies between them. On the beat stand bass drum and snare; between two
//! beats at most hats and single notes. Where the halves are as strong as the beats one counts too slowly, where every
//! second beat is weak too fast.

use super::{
    curve::peak_near,
    tempo::{FASTEST_BPM, SLOWEST_BPM, TempoCurve, prior},
    track::chain,
};

/// Beats for one beat of the first guess.
const RATIOS: [f64; 7] = [1.0, 2.0, 0.5, 1.5, 2.0 / 3.0, 3.0, 1.0 / 3.0];
/// Every second beat has at least so much of the strength of the others, or they are no beats.
const EVEN: f64 = 0.5;
/// The middle between two beats has at most so much of the strength of a beat.
const HALF: f64 = 0.62;
/// Of three beats the weakest has at least so much of the strongest.
const THREE: f64 = 0.3;
/// The thirds of a beat have at most so much of the beat's strength.
const THIRD: f64 = 0.65;
/// How soft these limits are.
const SOFT: f64 = 0.1;
/// What the liking for medium tempi counts beside them.
const LIKING: f64 = 0.5;
/// An attack may be so many values off its place.
const REACH: usize = 4;

/// A way to count, with its beats in values of the curves.
pub(super) struct Count {
    pub tempo: TempoCurve,
    pub beats: Vec<f64>,
}

/// The most plausible way to count `tempo`: its beats follow `attacks`, their weight is told from `drums`.
pub(super) fn best(attacks: &[f32], drums: &[f32], tempo: &TempoCurve) -> Count {
    let mut choice: Option<(f64, Count)> = None;
    for ratio in RATIOS {
        let guess = tempo.times(1.0 / ratio);
        if ratio != 1.0 && !(SLOWEST_BPM..=FASTEST_BPM).contains(&guess.bpm()) {
            continue;
        }
        let beats = chain(attacks, &guess);
        let score = score(&beats, drums, guess.bpm());
        if choice.as_ref().is_none_or(|(best, _)| score > *best) {
            choice = Some((score, Count { tempo: guess, beats }));
        }
    }
    choice.map_or_else(|| Count { tempo: tempo.clone(), beats: Vec::new() }, |(_, count)| count)
}

/// Log-odds that people count like that.
fn score(beats: &[f64], drums: &[f32], bpm: f64) -> f64 {
    let strength = |place: f64| f64::from(peak_near(drums, place, REACH));
    let mean = |values: &mut dyn Iterator<Item = f64>| {
        let (sum, n) = values.fold((0.0, 0u32), |(s, n), v| (s + v, n + 1));
        sum / f64::from(n.max(1))
    };
    let strengths: Vec<f64> = beats.iter().map(|b| strength(*b)).collect();
    let on = mean(&mut strengths.iter().copied()).max(1e-6);
    let between = |part: f64| mean(&mut beats.windows(2).map(|w| strength(w[0] + (w[1] - w[0]) * part))) / on;
    // the weakest of every n-th beat against the strongest
    let weakest = |n: usize| {
        let means: Vec<f64> = (0..n).map(|p| mean(&mut strengths.iter().skip(p).step_by(n).copied())).collect();
        let most = means.iter().fold(1e-9f64, |m, v| m.max(*v));
        means.iter().fold(most, |m, v| m.min(*v)) / most
    };
    // ln of the logistic function: about 0 for what is fine, falling steadily for what is not
    let fine = |x: f64| -(-x / SOFT).exp().ln_1p();
    LIKING * prior(bpm).ln()
        + fine(weakest(2) - EVEN)
        + fine(HALF - between(0.5))
        + fine(weakest(3) - THREE)
        + fine(THIRD - 0.5 * (between(1.0 / 3.0) + between(2.0 / 3.0)))
}
