//! How loud a recording's own sound is, and whether somebody speaks. Pure.
//!
//! Speech is told from its pitch, which comes and goes several times a second: steady tones have it always, noise never. It is no
//! recogniser; singing counts as speech.

use serde::{Deserialize, Serialize};

/// Samples per second that are listened to: half the mix rate, mono.
pub const RATE: usize = 24_000;
/// Seconds from one value to the next.
pub const STEP_SECS: f64 = 0.2;

/// Every third sample tells a pitch: 8 kHz.
const THIN: usize = 3;
/// Samples (thinned) of one look, 40 ms, from one to the next 20 ms.
const LOOK: usize = 320;
const HOP: usize = 160;
/// Pitch of voices, as distances in thinned samples: 400 to 80 Hz.
const LAGS: std::ops::RangeInclusive<usize> = 20..=100;
/// A look with so much likeness a period later has a pitch.
const PITCHED: f32 = 0.6;
/// Looks on each side that are judged together: 1 s in all.
const AROUND: usize = 25;
/// Quieter is silence.
const SILENCE_DB: f32 = -50.0;

/// The sound of a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    /// Level in dB of full scale (root mean square), each [`STEP_SECS`].
    pub level_db: Vec<f32>,
    /// 0 nobody speaks – 1 somebody does, each [`STEP_SECS`].
    pub speech: Vec<f32>,
}

impl Voice {
    /// Mean level and share of speech of a stretch.
    pub fn mean(&self, from_secs: f64, to_secs: f64) -> (f32, f32) {
        let last = self.level_db.len().min(self.speech.len());
        let from = ((from_secs / STEP_SECS).max(0.0) as usize).min(last);
        let to = ((to_secs / STEP_SECS).ceil().max(0.0) as usize).clamp(from, last);
        let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len().max(1) as f32;
        if from == to { (-90.0, 0.0) } else { (mean(&self.level_db[from..to]), mean(&self.speech[from..to])) }
    }
}

/// What 40 ms sound like.
struct Look {
    power: f32,
    pitched: bool,
}

/// Listens to blocks of mono samples at [`RATE`].
#[derive(Default)]
pub struct Listener {
    held: Vec<f32>,
    looks: Vec<Look>,
}

impl Listener {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn push(&mut self, samples: &[f32]) {
        self.held.extend_from_slice(samples);
        let mut at = 0;
        while at + LOOK * THIN <= self.held.len() {
            let part = &self.held[at..at + LOOK * THIN];
            // the mean of three keeps what would fold mostly out
            let thin: Vec<f32> = part.as_chunks::<THIN>().0.iter().map(|c| c.iter().sum::<f32>() / THIN as f32).collect();
            let power = part.iter().map(|s| s * s).sum::<f32>() / part.len() as f32;
            self.looks.push(Look { power, pitched: level(power) > SILENCE_DB && pitch(&thin) > PITCHED });
            at += HOP * THIN;
        }
        self.held.drain(..at);
    }

    pub fn finish(self) -> Voice {
        let per_step = (STEP_SECS * RATE as f64) as usize / (HOP * THIN);
        let mut voice = Voice::default();
        for start in (0..self.looks.len()).step_by(per_step) {
            let step = &self.looks[start..(start + per_step).min(self.looks.len())];
            voice.level_db.push(level(step.iter().map(|l| l.power).sum::<f32>() / step.len() as f32));
            let around = start.saturating_sub(AROUND - per_step / 2)..(start + AROUND + per_step / 2).min(self.looks.len());
            voice.speech.push(speech(&self.looks[around]));
        }
        voice
    }
}

/// Decibels of full scale.
fn level(power: f32) -> f32 {
    10.0 * power.max(1e-9).log10()
}

/// Likeness of the sound with itself a period later, 0–1, for the best period.
fn pitch(samples: &[f32]) -> f32 {
    let mut best = 0.0f32;
    for lag in LAGS {
        let (mut both, mut first, mut second) = (0.0, 1e-9f32, 1e-9f32);
        for (a, b) in samples.iter().zip(&samples[lag..]) {
            both += a * b;
            first += a * a;
            second += b * b;
        }
        best = best.max(both / (first * second).sqrt());
    }
    best
}

/// 0–1 for about a second of looks.
fn speech(looks: &[Look]) -> f32 {
    let n = looks.len().max(1) as f32;
    let pitched = looks.iter().filter(|l| l.pitched).count() as f32 / n;
    let turns = looks.windows(2).filter(|w| w[0].pitched != w[1].pitched).count() as f32 / n;
    let levels: Vec<f32> = looks.iter().map(|l| level(l.power).max(SILENCE_DB - 10.0)).collect();
    let mean = levels.iter().sum::<f32>() / n;
    let deviation = (levels.iter().map(|l| (l - mean).powi(2)).sum::<f32>() / n).sqrt();
    // vowels fill a fifth to nine tenths; the pitch stops two times a second and more; the level moves by several dB
    let ramp = |v: f32, none: f32, full: f32| ((v - none) / (full - none)).clamp(0.0, 1.0);
    ramp(pitched, 0.1, 0.3) * ramp(pitched, 0.98, 0.9) * ramp(turns, 0.02, 0.06) * ramp(deviation, 2.0, 5.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::TAU;

    fn heard(samples: &[f32]) -> Voice {
        let mut listener = Listener::new();
        samples.chunks(777).for_each(|b| listener.push(b));
        listener.finish()
    }

    /// Syllables of 150 ms with a falling pitch, a pause of 80 ms after each.
    fn talk(secs: usize) -> Vec<f32> {
        let sample = |n: usize| {
            let t = n as f32 / RATE as f32;
            let within = t % 0.23;
            if within > 0.15 {
                return 0.0;
            }
            let hz = 140.0 - 60.0 * within;
            let voice: f32 = (1..12).map(|k| (TAU * hz * k as f32 * within).sin() / k as f32).sum();
            0.2 * voice * (within * 60.0).min(1.0) * ((0.15 - within) * 60.0).min(1.0)
        };
        (0..secs * RATE).map(sample).collect()
    }

    #[test]
    fn speech_is_told_from_tones_noise_and_silence() {
        let share = |samples: &[f32]| heard(samples).mean(0.5, 2.5).1;
        assert!(share(&talk(3)) > 0.7, "{}", share(&talk(3)));
        let tone: Vec<f32> = (0..3 * RATE).map(|n| 0.3 * (TAU * 220.0 * n as f32 / RATE as f32).sin()).collect();
        assert!(share(&tone) < 0.1);
        assert!(share(&crate::sample::tracks::noise(3.0)) < 0.1);
        assert_eq!(share(&vec![0.0; 3 * RATE]), 0.0);
    }

    #[test]
    fn levels_are_those_of_full_scale() {
        let sine: Vec<f32> = (0..RATE).map(|n| (TAU * 1000.0 * n as f32 / RATE as f32).sin()).collect();
        assert!((heard(&sine).mean(0.0, 1.0).0 + 3.0).abs() < 0.1);
        assert_eq!(heard(&[]).mean(0.0, 1.0), (-90.0, 0.0));
    }
}
