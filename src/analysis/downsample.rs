//! From the mix rate to a half or a third of it, mono: what the analysis of music and speech listens to. Pure.

use std::f32::consts::PI;

/// Coefficients on each side of the middle of the low-pass, for each sample that becomes one.
const SIDE: usize = 8;

/// Divides the rate of interleaved stereo sound that comes in blocks by a whole number. Sample `n` of what it gives lies at sample
/// `n` times that number of what came.
pub struct Downsampler {
    factor: usize,
    taps: Vec<f32>,
    /// Mono samples of which the filter still needs some.
    held: Vec<f32>,
}

impl Downsampler {
    /// Divides the rate by `factor`, 1 or more.
    pub fn by(factor: usize) -> Self {
        let factor = factor.max(1);
        let side = SIDE * factor;
        // a sinc of half the new rate under a Hann window, unity at 0 Hz
        let taps: Vec<f32> = (-(side as i32)..=side as i32)
            .map(|n| {
                let x = n as f32 * PI / factor as f32;
                let sinc = if n == 0 { 1.0 } else { x.sin() / x };
                sinc * (0.5 + 0.5 * (PI * n as f32 / (side as f32 + 1.0)).cos())
            })
            .collect();
        let sum: f32 = taps.iter().sum();
        Self { factor, taps: taps.into_iter().map(|t| t / sum).collect(), held: vec![0.0; side] }
    }

    /// Take a block of left, right, left, … with an even number of pairs; give what is complete.
    pub fn push(&mut self, stereo: &[f32]) -> Vec<f32> {
        self.held.extend(stereo.as_chunks::<2>().0.iter().map(|[l, r]| 0.5 * (l + r)));
        self.drain()
    }

    /// The last samples.
    pub fn finish(mut self) -> Vec<f32> {
        self.held.extend(vec![0.0; SIDE * self.factor]);
        self.drain()
    }

    fn drain(&mut self) -> Vec<f32> {
        let len = self.taps.len();
        let mut out = Vec::with_capacity(self.held.len() / self.factor);
        let mut at = 0;
        while at + len <= self.held.len() {
            out.push(self.held[at..at + len].iter().zip(&self.taps).map(|(s, t)| s * t).sum());
            at += self.factor;
        }
        self.held.drain(..at.min(self.held.len()));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(hz: f32, pairs: usize) -> Vec<f32> {
        (0..pairs).flat_map(|n| [(2.0 * PI * hz * n as f32 / 48_000.0).sin(); 2]).collect()
    }

    fn halved(stereo: &[f32], block: usize) -> Vec<f32> {
        let mut halver = Downsampler::by(2);
        let mut out: Vec<f32> = stereo.chunks(block).flat_map(|b| halver.push(b)).collect();
        out.extend(halver.finish());
        out
    }

    #[test]
    fn what_can_be_heard_stays_in_place_and_what_would_fold_goes() {
        let out = halved(&sine(1000.0, 4800), 960);
        assert_eq!(out.len(), 2400);
        for (n, v) in out.iter().enumerate().skip(50).take(2300) {
            let wanted = (2.0 * PI * 1000.0 * n as f32 / 24_000.0).sin();
            assert!((v - wanted).abs() < 0.01, "sample {n}: {v} for {wanted}");
        }
        let high = halved(&sine(20_000.0, 4800), 960);
        assert!(high[50..2350].iter().all(|v| v.abs() < 0.02));
    }

    #[test]
    fn a_third_of_the_rate_is_in_place_too() {
        let mut thirds = Downsampler::by(3);
        let mut out = thirds.push(&sine(1000.0, 4800));
        out.extend(thirds.finish());
        assert_eq!(out.len(), 1600);
        for (n, v) in out.iter().enumerate().skip(50).take(1500) {
            let wanted = (2.0 * PI * 1000.0 * n as f32 / 16_000.0).sin();
            assert!((v - wanted).abs() < 0.01, "sample {n}: {v} for {wanted}");
        }
        assert!(Downsampler::by(3).push(&sine(14_000.0, 4800))[50..].iter().all(|v| v.abs() < 0.02));
    }

    #[test]
    fn blocks_do_not_matter() {
        let sound = sine(440.0, 3000);
        assert_eq!(halved(&sound, 6000), halved(&sound, 124));
    }
}
