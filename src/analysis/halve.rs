//! From the mix rate to half of it, mono: what the music analysis listens to. Pure.

use std::f32::consts::PI;

/// Coefficients on each side of the middle of the low-pass.
const SIDE: usize = 16;

/// Halves the rate of interleaved stereo sound that comes in blocks. Sample `n` of what it gives lies at sample `2 n` of what came.
pub struct Halver {
    taps: Vec<f32>,
    /// Mono samples of which the filter still needs some.
    held: Vec<f32>,
}

impl Default for Halver {
    fn default() -> Self {
        Self::new()
    }
}

impl Halver {
    pub fn new() -> Self {
        // a sinc of a quarter of the rate under a Hann window: half-band, unity at 0 Hz
        let taps: Vec<f32> = (-(SIDE as i32)..=SIDE as i32)
            .map(|n| {
                let x = n as f32 * PI / 2.0;
                let sinc = if n == 0 { 1.0 } else { x.sin() / x };
                0.5 * sinc * (0.5 + 0.5 * (PI * n as f32 / (SIDE as f32 + 1.0)).cos())
            })
            .collect();
        let sum: f32 = taps.iter().sum();
        Self { taps: taps.into_iter().map(|t| t / sum).collect(), held: vec![0.0; SIDE] }
    }

    /// Take a block of left, right, left, … with an even number of pairs; give what is complete.
    pub fn push(&mut self, stereo: &[f32]) -> Vec<f32> {
        self.held.extend(stereo.as_chunks::<2>().0.iter().map(|[l, r]| 0.5 * (l + r)));
        self.drain()
    }

    /// The last samples.
    pub fn finish(mut self) -> Vec<f32> {
        self.held.extend([0.0; SIDE]);
        self.drain()
    }

    fn drain(&mut self) -> Vec<f32> {
        let len = self.taps.len();
        let mut out = Vec::with_capacity(self.held.len() / 2);
        let mut at = 0;
        while at + len <= self.held.len() {
            out.push(self.held[at..at + len].iter().zip(&self.taps).map(|(s, t)| s * t).sum());
            at += 2;
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
        let mut halver = Halver::new();
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
    fn blocks_do_not_matter() {
        let sound = sine(440.0, 3000);
        assert_eq!(halved(&sound, 6000), halved(&sound, 124));
    }
}
