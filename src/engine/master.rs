//! The master limiter: the last thing that playback and export do to the mix.
//!
//! A look-ahead sample-peak limiter. Each sample asks for the gain that would bring it to the ceiling; the smallest wish
//! over a hold and look-ahead window is taken, let go slowly, and smoothed by a moving average as long as the look-ahead,
//! so that the gain has always come down when the loud sample arrives (the design of the feed-forward limiters in
//! U. Zölzer (ed.), DAFX, 2nd ed., 4.2.3, with the sliding minimum of H. Hämäläinen, "Smoothing of the control signal
//! without clipped output in digital peak limiters", DAFx-02). Both channels share one gain, which keeps the image.
//!
//! - Nothing passes the ceiling, and what lies [`Master::RUN_UP`] clear of an over passes bit for bit.
//! - The hold is longer than half a period of the lowest tone, so a steady sum of tones gets a steady gain: its harmonic
//!   distortion is below −120 dB where a memoryless curve gives a third of the signal (see the tests).
//! - Gains are whole numbers of 2⁻²⁴ and every stage forgets after a known time. A stretch therefore sounds the same to the
//!   bit wherever mixing began, if it began [`Master::RUN_UP`] before, and however it is cut into blocks.
//!
//! Inter-sample peaks are not looked at. Pure; runs on whatever thread mixes.

use crate::base::MIX_RATE;
use std::collections::VecDeque;

/// Gain of 1.
const ONE: u32 = 1 << 24;
/// The gain is down this long before the sample that needs it: 5 ms, the length of its ramp.
const LOOK_AHEAD: usize = MIX_RATE as usize / 200;
/// …and stays down this long after it: with the look-ahead half a period of 17 Hz.
const HOLD: usize = MIX_RATE as usize / 40;
/// Letting go from nothing to full would take this long: a quarter of a second.
const RELEASE: usize = MIX_RATE as usize / 4;
/// By how much the gain may rise from one sample to the next.
const RISE: u32 = ONE.div_ceil(RELEASE as u32);

/// The limiter and its memory.
pub struct Master {
    /// Samples taken in.
    count: u64,
    /// Of those given out, how many more belong to the run-up.
    skip: usize,
    /// The last samples, which wait for their gain.
    delayed: VecDeque<[f32; 2]>,
    /// Wishes in the window that no later one undercuts: (sample, gain).
    wishes: VecDeque<(u64, u32)>,
    /// The gain before smoothing, and its last values with their sum.
    released: u32,
    recent: VecDeque<u32>,
    sum: u64,
    /// Samples since the last one beyond the ceiling; the memory is empty when it has passed [`Master::RUN_UP`].
    calm: usize,
    /// Nothing passes this.
    ceiling: f32,
}

impl Master {
    /// Full scale: what is played, and what is written without loss.
    pub const FULL: f32 = 1.0;
    /// −1 dB of full scale, for what a lossy coder takes: a decoder gives back peaks that lie up to 1 dB and more beyond those that went in
    /// (AES TD1004.1.15-10, EBU R 128 s2).
    pub const LOSSY: f32 = 0.891_250_94;

    /// Samples that have to be mixed after the last one wanted.
    pub const LOOK_AHEAD: i64 = LOOK_AHEAD as i64;
    /// Samples that have to be mixed before the first one wanted, for the limiter to be in the state it would be in had
    /// mixing begun at the beginning.
    pub const RUN_UP: i64 = (HOLD + RELEASE + 2 * LOOK_AHEAD + 1) as i64;

    /// A limiter that has heard nothing yet, drops the first `run_up` samples and lets nothing pass `ceiling`.
    pub fn new(run_up: i64, ceiling: f32) -> Self {
        Self {
            count: 0,
            skip: usize::try_from(run_up).unwrap_or(0) + LOOK_AHEAD,
            delayed: VecDeque::from(vec![[0.0; 2]; LOOK_AHEAD]),
            wishes: VecDeque::new(),
            released: ONE,
            recent: VecDeque::from(vec![ONE; LOOK_AHEAD + 1]),
            sum: u64::from(ONE) * (LOOK_AHEAD as u64 + 1),
            calm: usize::MAX,
            ceiling,
        }
    }

    /// Takes a mixed block (interleaved stereo) and appends what is finished to `out`: as much as came in, later by the
    /// look-ahead. Tells for each channel whether the block went beyond the ceiling.
    pub fn feed(&mut self, block: &[f32], out: &mut Vec<f32>) -> [bool; 2] {
        let mut over = [false; 2];
        out.reserve(block.len());
        for pair in block.as_chunks::<2>().0 {
            // what is not a number would stay in every sum
            let pair = pair.map(|v| if v.is_finite() { v } else { 0.0 });
            let peak = pair[0].abs().max(pair[1].abs());
            if peak > self.ceiling {
                over = [over[0] | (pair[0].abs() > self.ceiling), over[1] | (pair[1].abs() > self.ceiling)];
                self.calm = 0;
            } else {
                self.calm = self.calm.saturating_add(1);
            }
            self.delayed.push_back(pair);
            let mut due = self.delayed.pop_front().unwrap_or_default();
            // nothing loud anywhere in the memory: every gain is 1
            if self.calm < Self::RUN_UP as usize {
                let gain = self.gain(peak);
                if gain < ONE {
                    due = due.map(|v| v * (gain as f32 / ONE as f32));
                }
            }
            self.count += 1;
            if self.skip > 0 {
                self.skip -= 1;
            } else {
                out.extend(due);
            }
        }
        over
    }

    /// The gain of the sample that is a look-ahead older than the one of this peak.
    fn gain(&mut self, peak: f32) -> u32 {
        if peak > self.ceiling {
            let wish = (f64::from(ONE) * f64::from(self.ceiling) / f64::from(peak)).floor() as u32;
            while self.wishes.back().is_some_and(|(_, w)| *w >= wish) {
                self.wishes.pop_back();
            }
            self.wishes.push_back((self.count, wish));
        }
        while self.wishes.front().is_some_and(|(at, _)| *at + ((LOOK_AHEAD + HOLD) as u64) < self.count) {
            self.wishes.pop_front();
        }
        let lowest = self.wishes.front().map_or(ONE, |(_, w)| *w);
        self.released = lowest.min(self.released + RISE);
        self.recent.push_back(self.released);
        let oldest = self.recent.pop_front().unwrap_or(ONE);
        self.sum = self.sum + u64::from(self.released) - u64::from(oldest);
        (self.sum / (LOOK_AHEAD as u64 + 1)) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    fn limited(raw: &[f32]) -> Vec<f32> {
        let (mut m, mut out) = (Master::new(0, Master::FULL), Vec::new());
        m.feed(raw, &mut out);
        m.feed(&vec![0.0; LOOK_AHEAD * 2], &mut out);
        out
    }

    /// Both channels the same.
    fn stereo(secs: f64, wave: impl Fn(f64) -> f64) -> Vec<f32> {
        let n = (secs * f64::from(MIX_RATE)) as usize;
        (0..n).map(|i| wave(i as f64 / f64::from(MIX_RATE)) as f32).flat_map(|v| [v, v]).collect()
    }

    /// What is left of the second half of a sound when its tones are taken out, relative to them, in dB: harmonics and noise.
    fn distortion_db(sound: &[f32], tones: &[f64]) -> f64 {
        let left: Vec<f64> = sound.chunks_exact(2).map(|p| f64::from(p[0])).collect();
        // whole seconds: whole periods of whole frequencies, so that tones do not touch each other
        let mut rest = left[left.len() - MIX_RATE as usize..].to_vec();
        let n = rest.len() as f64;
        let mut power = 0.0;
        for f in tones {
            let angle = |i: usize| TAU * f * i as f64 / f64::from(MIX_RATE);
            let (mut c, mut s) = (0.0, 0.0);
            for (i, v) in rest.iter().enumerate() {
                c += v * angle(i).cos() * 2.0 / n;
                s += v * angle(i).sin() * 2.0 / n;
            }
            power += (c * c + s * s) / 2.0;
            rest.iter_mut().enumerate().for_each(|(i, v)| *v -= c * angle(i).cos() + s * angle(i).sin());
        }
        10.0 * (rest.iter().map(|v| v * v).sum::<f64>() / n / power).log10()
    }

    #[test]
    fn a_lossy_coder_is_given_a_decibel_less_and_what_lies_below_that_passes_as_it_is() {
        let tone = |level: f64| stereo(1.0, move |t| level * (TAU * 220.0 * t).sin());
        let through = |raw: &[f32]| {
            let (mut m, mut out) = (Master::new(0, Master::LOSSY), Vec::new());
            let over = m.feed(raw, &mut out);
            m.feed(&vec![0.0; LOOK_AHEAD * 2], &mut out);
            (over, out)
        };
        let (over, loud) = through(&tone(1.5));
        let peak = loud.iter().fold(0.0f32, |a, v| a.max(v.abs()));
        assert!(over == [true; 2] && peak <= Master::LOSSY && peak > Master::LOSSY - 1e-3, "{peak}");
        let quiet = tone(0.88);
        let (over, passed) = through(&quiet);
        assert!(over == [false; 2] && passed[..quiet.len()] == quiet);
    }

    #[test]
    fn three_loud_tracks_of_the_same_tone_stay_clean() {
        for f in [40.0, 1000.0, 9000.0] {
            let out = limited(&stereo(2.0, |t| 3.0 * 0.9 * (TAU * f * t).sin()));
            let d = distortion_db(&out, &[f]);
            assert!(d < -120.0, "{f} Hz: {d:.1} dB");
        }
        // a bass and a treble together: the gain still does not move
        let out = limited(&stereo(2.0, |t| 1.4 * (TAU * 50.0 * t).sin() + 0.9 * (TAU * 6000.0 * t).sin()));
        let d = distortion_db(&out, &[50.0, 6000.0]);
        assert!(d < -120.0, "{d:.1} dB");
        // for comparison, the soft curve that needs no memory
        let bent = stereo(2.0, |t| {
            let v = 2.7 * (TAU * 1000.0 * t).sin();
            if v.abs() > 0.95 { (0.95 + 0.05 * ((v.abs() - 0.95) / 0.05).tanh()).copysign(v) } else { v }
        });
        assert!(distortion_db(&bent, &[1000.0]) > -13.0);
    }

    #[test]
    fn what_is_not_loud_passes_bit_for_bit() {
        let raw = stereo(1.0, |t| (TAU * 440.0 * t).sin());
        assert_eq!(&limited(&raw)[..], &raw[..]);
        // …and so it does again once a loud moment is over
        let mut raw = stereo(2.0, |t| 0.7 * (TAU * 440.0 * t).sin());
        raw[48_000] = 3.0;
        let out = limited(&raw);
        let clear = Master::RUN_UP as usize;
        assert_eq!(out[..48_000 - 2 * clear], raw[..48_000 - 2 * clear]);
        assert_eq!(out[48_000 + 2 * clear..], raw[48_000 + 2 * clear..]);
        assert!((1.0 - out[48_000]).abs() < 1e-6, "{}", out[48_000]);
    }

    #[test]
    fn the_gain_is_down_before_the_loud_sample_comes_and_never_jumps() {
        let mut raw = stereo(0.2, |_| 0.5);
        (raw[9600], raw[9601]) = (4.0, -2.0);
        let out = limited(&raw);
        let gain = |i: usize| out[i * 2] / raw[i * 2];
        assert_eq!((gain(4800), out[9601]), (0.25, -0.5), "both channels share the gain");
        assert!((1..9600).all(|i| (gain(i) - gain(i - 1)).abs() < 1.0 / LOOK_AHEAD as f32), "a ramp, not a step");
        assert_eq!(gain(4800 - LOOK_AHEAD - 1), 1.0);
        assert_eq!(gain(4800 + HOLD), 0.25, "held");
    }

    #[test]
    fn overs_are_told_by_channel_and_what_is_not_a_number_is_silent() {
        let (mut m, mut out) = (Master::new(0, Master::FULL), Vec::new());
        assert_eq!(m.feed(&[1.0, -1.0, 0.5, -1.01], &mut out), [false, true]);
        m.feed(&[f32::NAN, f32::INFINITY].repeat(LOOK_AHEAD + 2), &mut out);
        assert!(out.iter().all(|v| v.abs() <= 1.0), "{out:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn nothing_passes_full_scale_and_a_stretch_sounds_the_same_however_it_is_cut(
            seed in any::<u32>(), loud in 0.5f32..6.0, cuts in prop::collection::vec(1usize..4000, 1..6), start in 0usize..6000,
        ) {
            let mut x = seed | 1;
            let mut noise = || { x ^= x << 13; x ^= x >> 17; x ^= x << 5; (x as f32 / u32::MAX as f32 - 0.5) * 2.0 };
            // loud bursts between quiet stretches
            let raw: Vec<f32> = (0..24_000).flat_map(|i| { let g = if i / 1500 % 3 == 0 { loud } else { 0.6 }; [noise() * g, noise() * g] }).collect();
            let whole = limited(&raw);
            prop_assert!(whole.iter().all(|v| v.abs() <= 1.0));
            let (mut m, mut out, mut at) = (Master::new(0, Master::FULL), Vec::new(), 0);
            for c in cuts.iter().cycle() {
                let to = (at + c * 2).min(raw.len());
                m.feed(&raw[at..to], &mut out);
                at = to;
                if at == raw.len() { break; }
            }
            prop_assert_eq!(&whole[..out.len()], &out[..]);
            // begun in the middle, one run-up earlier
            let (mut m, mut out) = (Master::new(Master::RUN_UP, Master::FULL), Vec::new());
            m.feed(&raw[start * 2..], &mut out);
            let from = start + Master::RUN_UP as usize;
            prop_assert_eq!(&out[..], &whole[from * 2..from * 2 + out.len()]);
        }
    }
}
