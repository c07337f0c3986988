//! Short pieces of music in many patterns whose beats, bars and tempo are known exactly: what the beat tracker is held against.
//!
//! Pure and deterministic: the same [`Track`] gives the same samples, mono at [`RATE`].

use super::synth::{Noise, note_hz};
use std::f64::consts::TAU;

/// Samples per second: half the mix rate, which is what the analysis listens to.
pub const RATE: u32 = 24_000;
const RATE_F: f64 = RATE as f64;

/// How the instruments play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Kick on 1 and 3, snare on 2 and 4, hats in eighths.
    Rock,
    /// A kick on every beat, claps on 2 and 4, open hats between.
    FourOnTheFloor,
    /// Kick on 1 and just before 3, snare on 2 and 4, hats in eighths: drum and bass.
    Breakbeat,
    /// Kicks between the beats, snare on 2 and 4, hats in sixteenths.
    Syncopated,
    /// A ride cymbal with swung eighths, soft kick on every beat, hat on 2 and 4.
    Swing,
    /// Three beats in a bar: bass on 1, chords on 2 and 3.
    Waltz,
    /// Two beats of three eighths each: kick, snare, hats in eighths.
    SixEight,
    /// No drums: a piano strikes each beat, louder on 1.
    Piano,
}

impl Pattern {
    pub const ALL: [Self; 8] =
        [Self::Rock, Self::FourOnTheFloor, Self::Breakbeat, Self::Syncopated, Self::Swing, Self::Waltz, Self::SixEight, Self::Piano];

    /// Beats from one bar line to the next.
    pub fn beats_per_bar(self) -> usize {
        match self {
            Self::Waltz => 3,
            Self::SixEight => 2,
            _ => 4,
        }
    }
}

/// A piece to make.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    pub pattern: Pattern,
    /// Beats per minute at the start.
    pub bpm: f64,
    pub secs: f64,
    /// First beat.
    pub offset_secs: f64,
    /// Part by which the tempo has changed at the end: 0.08 is 8 % faster.
    pub ramp: f64,
    /// White noise below the music, in dB of power; none without.
    pub noise_snr_db: Option<f64>,
    /// So many seconds at the start have no drums and are 14 dB softer.
    pub quiet_secs: f64,
    pub seed: u32,
}

impl Track {
    /// 24 seconds of a steady piece.
    pub fn new(pattern: Pattern, bpm: f64) -> Self {
        Self { pattern, bpm, secs: 24.0, offset_secs: 0.31, ramp: 0.0, noise_snr_db: None, quiet_secs: 0.0, seed: 1 }
    }

    /// When each beat falls, in seconds.
    pub fn beats_secs(&self) -> Vec<f64> {
        let mut beats = Vec::new();
        let mut at = self.offset_secs;
        while at < self.secs - 0.2 {
            beats.push(at);
            at += 60.0 / (self.bpm * (1.0 + self.ramp * at / self.secs));
        }
        beats
    }

    /// When each bar begins, in seconds.
    pub fn downbeats_secs(&self) -> Vec<f64> {
        self.beats_secs().into_iter().step_by(self.pattern.beats_per_bar()).collect()
    }

    /// Mono samples at [`RATE`], peak 0.9.
    pub fn render(&self) -> Vec<f32> {
        let mut band = Band { out: vec![0.0; (self.secs * RATE_F) as usize], noise: Noise::new(self.seed) };
        let beats = self.beats_secs();
        for (i, &at) in beats.iter().enumerate() {
            let next = beats.get(i + 1).copied().unwrap_or(at + 60.0 / self.bpm);
            self.beat(&mut band, i, at, next - at);
        }
        if let Some(snr) = self.noise_snr_db {
            let power = band.out.iter().map(|v| v * v).sum::<f64>() / band.out.len().max(1) as f64;
            // the noise generator is uniform in −1…1, of which the power is 1/3
            let gain = (3.0 * power * 10f64.powf(-snr / 10.0)).sqrt();
            for v in &mut band.out {
                *v += gain * f64::from(band.noise.next());
            }
        }
        let peak = band.out.iter().fold(1e-9f64, |m, v| m.max(v.abs()));
        band.out.iter().map(|v| (v / peak * 0.9) as f32).collect()
    }

    fn beat(&self, band: &mut Band, index: usize, at: f64, len: f64) {
        let meter = self.pattern.beats_per_bar();
        let (place, bar) = (index % meter, index / meter);
        let quiet = at < self.quiet_secs;
        let level = if quiet { 0.2 } else { 1.0 };
        self.harmony(band, bar, place, at, len, level);
        if !quiet {
            self.drums(band, place, at, len);
        }
    }

    /// Bass and chord; they change with the bar.
    fn harmony(&self, band: &mut Band, bar: usize, place: usize, at: f64, len: f64, level: f64) {
        const ROOTS: [f32; 4] = [45.0, 41.0, 48.0, 43.0];
        let root = ROOTS[bar % ROOTS.len()];
        let meter = self.pattern.beats_per_bar() as f64;
        if place == 0 {
            band.tone(at, len * meter, root, 0.28 * level, 1.2);
            for third in [12.0, 16.0, 19.0] {
                band.tone(at, len * meter, root + third, 0.1 * level, 0.8);
            }
        }
        match self.pattern {
            Pattern::Piano => {
                for note in [24.0, 28.0, 31.0] {
                    band.tone(at, len, root + note, if place == 0 { 0.3 } else { 0.17 } * level, 5.0);
                }
            }
            Pattern::Waltz if place > 0 => {
                for note in [24.0, 28.0, 31.0] {
                    band.tone(at, len * 0.8, root + note, 0.2 * level, 6.0);
                }
            }
            // something tells the beat in a quiet beginning
            _ if level < 1.0 => band.tone(at, len * 0.7, root + 24.0, 0.35 * level, 6.0),
            _ => {}
        }
    }

    fn drums(&self, band: &mut Band, place: usize, at: f64, len: f64) {
        match self.pattern {
            Pattern::Rock => {
                if place.is_multiple_of(2) {
                    band.kick(at, 1.0)
                } else {
                    band.snare(at, 0.9)
                }
                band.hat(at, 0.5);
                band.hat(at + len / 2.0, 0.4);
            }
            Pattern::FourOnTheFloor => {
                band.kick(at, 1.0);
                if place % 2 == 1 {
                    band.snare(at, 0.6);
                }
                band.hat(at + len / 2.0, 0.6);
                band.tone(at + len / 2.0, len * 0.4, 40.0, 0.2, 8.0);
            }
            Pattern::Breakbeat => {
                match place {
                    0 => band.kick(at, 1.0),
                    2 => band.kick(at + len / 2.0, 0.9),
                    _ => band.snare(at, 1.0),
                }
                band.hat(at, 0.5);
                band.hat(at + len / 2.0, 0.4);
            }
            Pattern::Syncopated => {
                match place {
                    0 => {
                        band.kick(at, 1.0);
                        band.kick(at + len * 0.75, 0.7);
                    }
                    2 => band.kick(at + len * 0.5, 0.8),
                    _ => band.snare(at, 0.9),
                }
                for q in 0..4 {
                    band.hat(at + len * 0.25 * f64::from(q), if q == 0 { 0.5 } else { 0.3 });
                }
            }
            Pattern::Swing => {
                band.kick(at, 0.45);
                band.ride(at, 0.5);
                if place % 2 == 1 {
                    band.hat(at, 0.6);
                    band.ride(at + len * 0.66, 0.35);
                }
            }
            Pattern::Waltz => {
                if place == 0 {
                    band.kick(at, 0.8);
                } else {
                    band.hat(at, 0.35);
                }
            }
            Pattern::SixEight => {
                if place == 0 {
                    band.kick(at, 1.0)
                } else {
                    band.snare(at, 0.8)
                }
                for e in 0..3 {
                    band.hat(at + len / 3.0 * f64::from(e), if e == 0 { 0.5 } else { 0.35 });
                }
            }
            Pattern::Piano => {}
        }
    }
}

/// White noise at [`RATE`], which has no beat.
pub fn noise(secs: f64) -> Vec<f32> {
    let mut noise = Noise::new(5);
    (0..(secs * RATE_F) as usize).map(|_| 0.3 * noise.next()).collect()
}

struct Band {
    out: Vec<f64>,
    noise: Noise,
}

impl Band {
    /// Add `voice(t)` from `at` for `secs`.
    fn play(&mut self, at: f64, secs: f64, mut voice: impl FnMut(f64, f64) -> f64) {
        let from = (at * RATE_F).round() as usize;
        let to = (from + (secs * RATE_F) as usize).min(self.out.len());
        for n in from.min(to)..to {
            let noise = f64::from(self.noise.next());
            // a little less than a millisecond to rise, so that nothing clicks
            let t = (n - from) as f64 / RATE_F;
            self.out[n] += voice(t, noise) * (t * 1500.0).min(1.0);
        }
    }
    fn kick(&mut self, at: f64, gain: f64) {
        // the pitch falls from 150 to 50 Hz; the phase is its integral
        self.play(at, 0.25, |t, _| gain * (-t * 18.0).exp() * (TAU * (50.0 * t + 2.5 * (1.0 - (-t * 40.0).exp()))).sin());
    }
    fn snare(&mut self, at: f64, gain: f64) {
        self.play(at, 0.2, |t, n| gain * 0.6 * (n * (-t * 25.0).exp() + 0.5 * (TAU * 190.0 * t).sin() * (-t * 20.0).exp()));
    }
    fn hat(&mut self, at: f64, gain: f64) {
        let mut last = 0.0;
        self.play(at, 0.06, |t, n| {
            let high = n - last;
            last = n;
            gain * 0.3 * high * (-t * 110.0).exp()
        });
    }
    fn ride(&mut self, at: f64, gain: f64) {
        let mut last = 0.0;
        self.play(at, 0.3, |t, n| {
            let high = n - last;
            last = n;
            gain * 0.2 * (high * (-t * 25.0).exp() + 0.5 * (TAU * 5100.0 * t).sin() * (-t * 12.0).exp())
        });
    }
    fn tone(&mut self, at: f64, secs: f64, note: f32, gain: f64, decay: f64) {
        let hz = f64::from(note_hz(note));
        self.play(at, secs, |t, _| {
            let overtones: f64 = (1..5).map(|k| (TAU * hz * f64::from(k) * t).sin() / f64::from(k * k)).sum();
            gain * overtones * (-t * decay).exp() * ((secs - t) * 200.0).min(1.0)
        });
    }
}
