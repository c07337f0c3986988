//! Time stretching that keeps the pitch, for playing at other speeds.
//!
//! WSOLA (Verhelst & Roelands, "An overlap-add technique based on waveform similarity", ICASSP 1993): overlapping windows
//! are taken from the input at the rate of the speed, each moved by up to [`SEARCH`] to where it goes on most like the
//! window before it. Where a window is looked for does not depend on where the last one was found, so the place in the
//! input never drifts: it is off by at most the search range, at any time. What comes out does not depend on how it is
//! asked for. Pure.

use crate::base::MIX_RATE;

/// Windows overlap by half; half a window is 20 ms: two periods of 100 Hz, short enough for speech.
const HALF: usize = MIX_RATE as usize / 50;
/// Windows are moved by at most 10 ms, half a period of 50 Hz.
const SEARCH: usize = MIX_RATE as usize / 100;
/// The search looks at every fourth place and sample first (the waveform below 6 kHz), then at all around the best.
const COARSE: usize = 4;

/// A stretcher for one run at one speed.
pub(super) struct Stretch {
    /// Input samples for each output sample, as a ratio.
    num: u64,
    den: u64,
    /// Input in hand; its first sample is number `base` of the input.
    input: Vec<[f32; 2]>,
    base: usize,
    /// Windows made.
    windows: u64,
    /// Where the input goes on after the last window: its second half, which is still to be faded out.
    tail: usize,
    /// Finished output that nobody has asked for yet.
    ready: Vec<f32>,
}

impl Stretch {
    /// `num / den` input samples for each output sample; both positive.
    pub fn new(num: u32, den: u32) -> Self {
        Self { num: u64::from(num), den: u64::from(den.max(1)), input: Vec::new(), base: 0, windows: 0, tail: 0, ready: Vec::new() }
    }

    /// The next `out.len() / 2` samples. `pull` gives that many of the next input samples, interleaved.
    pub fn read(&mut self, out: &mut [f32], pull: &mut dyn FnMut(&mut [f32])) {
        while self.ready.len() < out.len() {
            self.window(pull);
        }
        out.copy_from_slice(&self.ready[..out.len()]);
        self.ready.drain(..out.len());
    }

    fn window(&mut self, pull: &mut dyn FnMut(&mut [f32])) {
        let nominal = (self.windows * HALF as u64 * self.num / self.den) as usize;
        if self.windows == 0 {
            // nothing to fade from: the input begins as it is
            self.need(2 * HALF, pull);
            self.ready.extend_from_slice(self.input[..HALF].as_flattened());
            self.tail = HALF;
        } else {
            self.need((nominal + SEARCH + 2 * HALF).max(self.tail + HALF), pull);
            let at = self.most_alike(nominal);
            let (old, new) = (self.part(self.tail), self.part(at));
            let mixed = old.iter().zip(new).enumerate().flat_map(|(i, (old, new))| {
                let rise = fade(i);
                [0, 1].map(|c| old[c] + (new[c] - old[c]) * rise)
            });
            let mixed: Vec<f32> = mixed.collect();
            self.ready.extend(mixed);
            self.tail = at + HALF;
        }
        self.windows += 1;
        // what lies before the next window's search and before the tail is not looked at again
        let next = (self.windows * HALF as u64 * self.num / self.den) as usize;
        let keep = next.saturating_sub(SEARCH).min(self.tail);
        let drop = keep.saturating_sub(self.base).min(self.input.len());
        self.input.drain(..drop);
        self.base += drop;
    }

    /// Have the input up to sample `end` in hand.
    fn need(&mut self, end: usize, pull: &mut dyn FnMut(&mut [f32])) {
        let have = self.input.len();
        if self.base + have < end {
            self.input.resize(end - self.base, [0.0; 2]);
            pull(self.input[have..].as_flattened_mut());
        }
    }

    /// Half a window of the input.
    fn part(&self, at: usize) -> &[[f32; 2]] {
        &self.input[at - self.base..at - self.base + HALF]
    }

    /// The place around `nominal` whose half window is most like the tail.
    fn most_alike(&self, nominal: usize) -> usize {
        let tail = self.part(self.tail);
        let (from, to) = (nominal.saturating_sub(SEARCH).max(self.base), nominal + SEARCH);
        let best = |from: usize, to: usize, step: usize| {
            let score = |at: &usize| likeness(tail, self.part(*at), step);
            (from..=to).step_by(step).max_by(|a, b| score(a).total_cmp(&score(b))).unwrap_or(nominal)
        };
        let near = best(from, to, COARSE);
        best(near.saturating_sub(COARSE - 1).max(from), (near + COARSE - 1).min(to), 1)
    }
}

/// Correlation of two stretches of sound, normalised by the power of the second; both channels summed.
fn likeness(a: &[[f32; 2]], b: &[[f32; 2]], step: usize) -> f32 {
    let (mut cross, mut power) = (0.0, 1e-9);
    for (a, b) in a.iter().zip(b).step_by(step) {
        let (a, b) = (a[0] + a[1], b[0] + b[1]);
        cross += a * b;
        power += b * b;
    }
    cross / f32::sqrt(power)
}

/// Raised cosine from 0 to 1 over half a window.
fn fade(i: usize) -> f32 {
    0.5 - 0.5 * (std::f32::consts::PI * (i as f32 + 0.5) / HALF as f32).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    const RATE: f64 = MIX_RATE as f64;

    /// Pulls from a wave, counting what was taken.
    fn source<'a>(wave: &'a dyn Fn(f64) -> f64, at: &'a mut usize) -> impl FnMut(&mut [f32]) + 'a {
        move |out| {
            for p in out.as_chunks_mut::<2>().0 {
                *p = [wave(*at as f64 / RATE) as f32; 2];
                *at += 1;
            }
        }
    }

    fn stretched(num: u32, den: u32, secs: f64, wave: &dyn Fn(f64) -> f64) -> (Vec<f32>, usize) {
        let (mut s, mut taken, mut out) = (Stretch::new(num, den), 0, vec![0.0; (secs * RATE) as usize * 2]);
        s.read(&mut out, &mut source(wave, &mut taken));
        (out.as_chunks::<2>().0.iter().map(|p| p[0]).collect(), taken)
    }

    /// Amplitude of a frequency.
    fn tone(sound: &[f32], f: f64) -> f64 {
        let angle = |i: usize| TAU * f * i as f64 / RATE;
        let (c, s) = sound
            .iter()
            .enumerate()
            .fold((0.0, 0.0), |(c, s), (i, v)| (c + f64::from(*v) * angle(i).cos(), s + f64::from(*v) * angle(i).sin()));
        2.0 / sound.len() as f64 * c.hypot(s)
    }

    const SPEEDS: [(u32, u32); 6] = [(1, 2), (3, 4), (3, 2), (2, 1), (4, 1), (8, 1)];

    #[test]
    fn a_tone_keeps_its_pitch_and_its_level_at_every_speed() {
        for (num, den) in SPEEDS {
            for f in [110.0, 440.0, 2500.0] {
                let (out, taken) = stretched(num, den, 1.0, &|t| 0.8 * (TAU * f * t).sin());
                let kept = tone(&out, f);
                assert!((kept - 0.8).abs() < 0.02, "{f} Hz at {num}/{den}: {kept}");
                let due = RATE * f64::from(num) / f64::from(den);
                assert!((taken as f64 - due).abs() < RATE * 0.06 * f64::from(num.max(den)), "{taken} of {due}");
            }
        }
    }

    #[test]
    fn an_event_comes_when_the_speed_says_so_an_hour_in_too() {
        // a click every second
        let wave = |t: f64| if t.fract() < 0.002 { 1.0 } else { 0.0 };
        for (num, den) in SPEEDS {
            let speed = f64::from(num) / f64::from(den);
            let (out, _) = stretched(num, den, 4.5 / speed, &wave);
            for second in 1..=4 {
                let due = (f64::from(second) / speed * RATE) as usize;
                // at high speeds a window may step over the click itself: it is never heard elsewhere
                let near = |i: usize| i.abs_diff(due) as f64 <= (HALF + SEARCH) as f64 * (1.0 + 1.0 / speed);
                let loud = out.iter().enumerate().filter(|(i, v)| **v > 0.3 && i.abs_diff(due) < due / second as usize / 2);
                assert!(loud.clone().all(|(i, _)| near(i)), "{num}/{den}, second {second}");
            }
        }
        // the place where a window is looked for is exact however many there were
        let mut s = Stretch::new(3, 2);
        s.windows = 3600 * 50;
        assert_eq!(s.windows * HALF as u64 * s.num / s.den, 3600 * u64::from(MIX_RATE) * 3 / 2);
    }

    #[test]
    fn silence_and_noise_pass_without_harm() {
        let (out, _) = stretched(2, 1, 0.5, &|_| 0.0);
        assert!(out.iter().all(|v| *v == 0.0));
        let (out, _) = stretched(2, 1, 0.5, &|t| (t * 1e7).sin());
        assert!(out.iter().all(|v| v.abs() <= 1.0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
        #[test]
        fn it_sounds_the_same_however_it_is_asked_for(blocks in prop::collection::vec(1usize..3000, 1..8), speed in prop::sample::select(SPEEDS.to_vec())) {
            let wave = |t: f64| (TAU * 220.0 * t).sin() * 0.5 + (TAU * 3.0 * t).sin() * 0.2;
            let total: usize = blocks.iter().sum();
            let (mut whole, mut a) = (vec![0.0; total * 2], 0);
            Stretch::new(speed.0, speed.1).read(&mut whole, &mut source(&wave, &mut a));
            let (mut s, mut b, mut parts) = (Stretch::new(speed.0, speed.1), 0, Vec::new());
            let mut pull = source(&wave, &mut b);
            for n in blocks {
                let mut out = vec![0.0; n * 2];
                s.read(&mut out, &mut pull);
                parts.extend(out);
            }
            prop_assert_eq!(whole, parts);
        }
    }
}
