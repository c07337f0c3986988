//! The few instruments' parts that the sample film's sound is made of: oscillators, noise, filter, reverb, stereo bus.
//!
//! Pure and deterministic: the same calls give the same samples. Everything runs at the mix rate.

use crate::base::MIX_RATE;
use std::f32::consts::{FRAC_PI_4, PI, TAU};

/// Samples per second, for sums in floating point.
pub const RATE: f32 = MIX_RATE as f32;

/// Frequency of a MIDI note number in hertz (A4 = 69 = 440 Hz, equal temperament).
pub fn note_hz(note: f32) -> f32 {
    440.0 * ((note - 69.0) / 12.0).exp2()
}

/// White noise in −1…1 (xorshift32).
#[derive(Clone, Debug)]
pub struct Noise(u32);

impl Noise {
    pub fn new(seed: u32) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9) | 1)
    }
    pub fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        (self.0 >> 8) as f32 / 8_388_608.0 - 1.0
    }
    /// In 0…1.
    pub fn unit(&mut self) -> f32 {
        0.5 * (self.next() + 1.0)
    }
}

/// One period of a band-limited waveform, summed from its harmonics.
pub struct Wavetable(Vec<f32>);

impl Wavetable {
    const LEN: usize = 2048;

    /// `amplitude(k)` is the level of harmonic `k` (1 = the fundamental).
    pub fn new(harmonics: usize, amplitude: impl Fn(usize) -> f32) -> Self {
        let mut table = vec![0.0; Self::LEN + 1];
        for k in 1..=harmonics {
            let a = amplitude(k);
            for (i, v) in table.iter_mut().enumerate() {
                // whole periods of the table, so that large products stay exact
                *v += a * (TAU * ((i * k) % Self::LEN) as f32 / Self::LEN as f32).sin();
            }
        }
        Self(table)
    }

    /// Value at `phase` in 0–1, linearly interpolated.
    pub fn at(&self, phase: f32) -> f32 {
        let x = phase * Self::LEN as f32;
        let i = (x as usize).min(Self::LEN - 1);
        let f = x - i as f32;
        self.0[i] + (self.0[i + 1] - self.0[i]) * f
    }
}

/// State-variable filter after V. Zavalishin, "The Art of VA Filter Design": low, band and high pass at once.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    s1: f32,
    s2: f32,
}

/// The three outputs of [`Filter`] for one sample.
pub struct Bands {
    pub low: f32,
    pub band: f32,
    pub high: f32,
}

impl Filter {
    /// One sample in; cut-off in hertz, `q` the quality (0.7 = no peak).
    pub fn step(&mut self, x: f32, cutoff_hz: f32, q: f32) -> Bands {
        let g = (PI * (cutoff_hz / RATE).clamp(0.0, 0.45)).tan();
        let k = 1.0 / q;
        let high = (x - (g + k) * self.s1 - self.s2) / (1.0 + g * (g + k));
        let band = g * high + self.s1;
        let low = g * band + self.s2;
        self.s1 = 2.0 * band - self.s1;
        self.s2 = 2.0 * low - self.s2;
        Bands { low, band: band * k, high }
    }
}

/// Left and right samples of the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Stereo {
    pub left: Vec<f32>,
    pub right: Vec<f32>,
}

impl Stereo {
    pub fn silence(samples: usize) -> Self {
        Self { left: vec![0.0; samples], right: vec![0.0; samples] }
    }
    pub fn len(&self) -> usize {
        self.left.len()
    }
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Add one sample at a place between left (−1) and right (1), at constant power; outside the buffer it is lost.
    pub fn add(&mut self, index: usize, value: f32, pan: f32) {
        if let (Some(l), Some(r)) = (self.left.get_mut(index), self.right.get_mut(index)) {
            let angle = (pan + 1.0) * FRAC_PI_4;
            *l += value * angle.cos();
            *r += value * angle.sin();
        }
    }

    /// Add a voice of `secs` seconds that starts at `at_secs`; `voice(t, i)` gives the sample `i` at `t` seconds.
    pub fn voice(&mut self, at_secs: f64, secs: f32, pan: f32, mut voice: impl FnMut(f32, usize) -> f32) {
        let from = (at_secs * f64::from(MIX_RATE)).round().max(0.0) as usize;
        let angle = (pan + 1.0) * FRAC_PI_4;
        let (gain_left, gain_right) = (angle.cos(), angle.sin());
        let to = from.saturating_add((secs * RATE) as usize).min(self.len());
        for n in from..to {
            let v = voice((n - from) as f32 / RATE, n - from);
            self.left[n] += v * gain_left;
            self.right[n] += v * gain_right;
        }
    }

    /// Add another bus, times `gain`.
    pub fn mix(&mut self, other: &Self, gain: f32) {
        for (a, b) in [(&mut self.left, &other.left), (&mut self.right, &other.right)] {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += gain * b);
        }
    }

    /// Change every sample: `f(index, left, right)` gives the new pair.
    pub fn shape(&mut self, mut f: impl FnMut(usize, f32, f32) -> (f32, f32)) {
        for (i, (l, r)) in self.left.iter_mut().zip(&mut self.right).enumerate() {
            (*l, *r) = f(i, *l, *r);
        }
    }

    /// Largest magnitude.
    pub fn peak(&self) -> f32 {
        self.left.iter().chain(&self.right).fold(0.0, |m, v| m.max(v.abs()))
    }

    /// Scale so that the largest magnitude is `peak`; silence stays.
    pub fn normalise(&mut self, peak: f32) {
        let now = self.peak();
        if now > 0.0 {
            let gain = peak / now;
            self.shape(|_, l, r| (l * gain, r * gain));
        }
    }

    /// L R L R …
    pub fn interleaved(&self) -> Vec<f32> {
        self.left.iter().zip(&self.right).flat_map(|(l, r)| [*l, *r]).collect()
    }

    /// An echo that bounces between the sides, `secs` apart, each time `feedback` as loud.
    pub fn echo(&self, secs: f64, feedback: f32) -> Self {
        let delay = (secs * f64::from(MIX_RATE)).round().max(1.0) as usize;
        let mut out = Self::silence(self.len());
        for n in delay..self.len() {
            let m = n - delay;
            out.left[n] = feedback * (self.left[m] + out.right[m]);
            out.right[n] = feedback * (0.6 * self.right[m] + out.left[m]);
        }
        out
    }

    /// A hall: parallel combs and serial all-passes after M. Schroeder, with damping in the combs (as J. A. Moorer
    /// added), their lengths a little apart on both sides. Wet signal only. `decay` in 0–1.
    pub fn reverb(&self, decay: f32) -> Self {
        let side = |input: &[f32], spread: usize| {
            let mut out = vec![0.0; input.len()];
            for length in [1687, 1601, 2053, 2251] {
                let length = length + spread;
                let mut line = vec![0.0; length];
                let (mut at, mut damped) = (0, 0.0);
                for (o, x) in out.iter_mut().zip(input) {
                    let y: f32 = line[at];
                    damped += 0.45 * (y - damped);
                    line[at] = x + decay * damped;
                    *o += 0.25 * y;
                    at = if at + 1 == length { 0 } else { at + 1 };
                }
            }
            for length in [347, 113] {
                let mut line = vec![0.0; length + spread / 3];
                let mut at = 0;
                for o in &mut out {
                    let delayed: f32 = line[at];
                    let x = *o + 0.6 * delayed;
                    line[at] = x;
                    *o = delayed - 0.6 * x;
                    at = if at + 1 == line.len() { 0 } else { at + 1 };
                }
            }
            out
        };
        Self { left: side(&self.left, 0), right: side(&self.right, 37) }
    }
}

/// A rise from 0 to 1 over `attack` seconds, then an exponential fall with time constant `decay`.
pub fn pluck(t: f32, attack: f32, decay: f32) -> f32 {
    if t < attack { t / attack } else { (-(t - attack) / decay).exp() }
}

/// 1 in the middle, rising and falling along a cosine over `rise` and `fall` seconds at the ends of `total`.
pub fn swell(t: f32, total: f32, rise: f32, fall: f32) -> f32 {
    let ease = |x: f32| 0.5 - 0.5 * (PI * x.clamp(0.0, 1.0)).cos();
    ease(t / rise.max(1e-4)) * ease((total - t) / fall.max(1e-4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_low_pass_keeps_what_is_below_and_removes_what_is_above() {
        let level = |hz: f32| {
            let mut f = Filter::default();
            let out: Vec<f32> = (0..9600).map(|i| f.step((TAU * hz * i as f32 / RATE).sin(), 1000.0, 0.7).low).collect();
            out[4800..].iter().fold(0.0_f32, |m, v| m.max(v.abs()))
        };
        assert!(level(100.0) > 0.95, "{}", level(100.0));
        assert!(level(10_000.0) < 0.02, "{}", level(10_000.0));
    }

    #[test]
    fn an_echo_comes_after_its_time_on_the_other_side() {
        let mut s = Stereo::silence(1000);
        s.left[0] = 1.0;
        let e = s.echo(100.0 / f64::from(MIX_RATE), 0.5);
        assert_eq!((e.left[100], e.right[100], e.right[200], e.left[300]), (0.5, 0.0, 0.25, 0.125));
    }

    #[test]
    fn a_voice_past_the_end_is_cut_off_and_panned_hard_it_is_on_one_side() {
        let mut s = Stereo::silence(480);
        s.voice(0.005, 1.0, 1.0, |_, _| 1.0);
        assert_eq!(s.right[239], 0.0);
        assert!(s.right[240..].iter().all(|v| (*v - 1.0).abs() < 1e-6));
        assert!(s.peak() <= 1.0 + 1e-6 && s.left.iter().all(|v| v.abs() < 1e-6));
    }

    #[test]
    fn a_reverb_dies_away() {
        let mut s = Stereo::silence(MIX_RATE as usize * 2);
        s.left[0] = 1.0;
        let wet = s.reverb(0.7);
        let energy = |from: usize, to: usize| wet.left[from..to].iter().map(|v| v * v).sum::<f32>();
        assert!(energy(1000, 24_000) > 100.0 * energy(60_000, 96_000));
        assert_eq!(wet.right.iter().map(|v| v.abs()).fold(0.0, f32::max), 0.0);
    }
}
