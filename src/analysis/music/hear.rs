//! From samples to curves: how much begins at each moment, how loud it is, which notes sound. One pass, little memory.
//!
//! Pure; runs on the caller's thread and can be fed in blocks of any size.

use super::Heard;
use realfft::{RealFftPlanner, RealToComplex, num_complex::Complex32};
use std::{f32::consts::TAU, sync::Arc};

/// Samples per second that [`Ear`] listens to: half the mix rate, mono.
pub const RATE: u32 = 24_000;
/// Samples from one value of the curves to the next: 10 ms.
pub(super) const HOP: usize = 240;
/// Values of the curves per second.
pub(super) const FRAMES_PER_SEC: f64 = RATE as f64 / HOP as f64;
/// Samples per value of the fine envelope: 1 ms.
pub(super) const FINE_HOP: usize = 24;
/// Values of the fine envelope per second.
pub(super) const FINE_PER_SEC: f64 = RATE as f64 / FINE_HOP as f64;

/// Window of the short spectrum, 85 ms.
const WINDOW: usize = 2048;
/// Window of the spectrum that tells notes apart, 341 ms, taken each [`CHROMA_EVERY`] values.
const LONG: usize = 8192;
/// Values of the curves from one chroma to the next: 100 ms.
pub(super) const CHROMA_EVERY: usize = 10;
/// Mel bands of the short spectrum.
const BANDS: usize = 40;
const LOWEST_HZ: f32 = 30.0;
const HIGHEST_HZ: f32 = 11_000.0;
/// What lies so far below the loudest so far is silence (dB of power).
const DEPTH_DB: f32 = 75.0;
/// Full scale gives about 50 dB in a band; nothing below this is heard, however quiet the piece.
const FLOOR_DB: f32 = -40.0;
/// Values over which a rise is taken; two make attacks of 20 ms count whole.
const LAG: usize = 2;
/// Bands whose centre lies below: bass drum and bass.
const LOW_HZ: f32 = 180.0;
/// Bands above: hats and cymbals.
const HIGH_HZ: f32 = 5_000.0;

/// The curves; all of the same length but `chroma` and `fine`.
#[derive(Clone, Debug, Default)]
pub(super) struct Curves {
    /// Mean rise of all bands in dB, 100 a second.
    pub rise: Vec<f32>,
    /// Mean rise of the bands that bass and bass drum fill.
    pub low: Vec<f32>,
    /// Mean rise of the bands between bass and hats.
    pub mid: Vec<f32>,
    /// Root mean square of the samples, full scale = 1.
    pub rms: Vec<f32>,
    /// Mean square of the first difference in each millisecond: bright energy, to place attacks finely.
    pub fine: Vec<f32>,
    /// Power in the twelve pitch classes, A first; each `CHROMA_EVERY` values.
    pub chroma: Vec<[f32; 12]>,
}

/// Hears samples, block by block.
pub struct Ear {
    short: Arc<dyn RealToComplex<f32>>,
    long: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    long_window: Vec<f32>,
    filters: Vec<Filter>,
    pitches: Vec<(usize, usize)>,
    /// The last samples, of which the spectra are taken.
    held: Vec<f32>,
    /// Samples heard so far.
    samples: usize,
    loudest_db: f32,
    recent: Vec<[f32; BANDS]>,
    curves: Curves,
    last_sample: f32,
    fine_sum: f32,
    fine_count: usize,
}

/// A triangle over bins of the short spectrum.
struct Filter {
    first: usize,
    weights: Vec<f32>,
    centre_hz: f32,
}

impl Default for Ear {
    fn default() -> Self {
        Self::new()
    }
}

impl Ear {
    pub fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        Self {
            short: planner.plan_fft_forward(WINDOW),
            long: planner.plan_fft_forward(LONG),
            window: hann(WINDOW),
            long_window: hann(LONG),
            filters: mel_filters(),
            pitches: pitch_bins(),
            // half a window of silence before the first sample, so that value n is about time n · 10 ms
            held: vec![0.0; LONG / 2],
            samples: 0,
            loudest_db: FLOOR_DB + DEPTH_DB,
            recent: Vec::new(),
            curves: Curves::default(),
            last_sample: 0.0,
            fine_sum: 0.0,
            fine_count: 0,
        }
    }

    /// Hear the next samples, mono at [`RATE`].
    pub fn push(&mut self, samples: &[f32]) {
        for &s in samples {
            let step = s - self.last_sample;
            self.last_sample = s;
            self.fine_sum += step * step;
            self.fine_count += 1;
            if self.fine_count == FINE_HOP {
                self.curves.fine.push(self.fine_sum / FINE_HOP as f32);
                (self.fine_sum, self.fine_count) = (0.0, 0);
            }
        }
        self.samples += samples.len();
        self.held.extend_from_slice(samples);
        self.drain();
    }

    /// Everything has been heard.
    pub fn finish(mut self) -> Heard {
        self.held.extend(std::iter::repeat_n(0.0, LONG / 2));
        self.drain();
        Heard::new(self.curves, self.samples)
    }

    /// Take all spectra that the held samples allow.
    fn drain(&mut self) {
        let mut at = 0;
        while at + LONG <= self.held.len() {
            self.short_spectrum(at);
            if self.curves.rise.len() % CHROMA_EVERY == 1 {
                self.long_spectrum(at);
            }
            at += HOP;
        }
        self.held.drain(..at.min(self.held.len()));
    }

    fn short_spectrum(&mut self, at: usize) {
        let from = at + (LONG - WINDOW) / 2;
        let samples = &self.held[from..from + WINDOW];
        let middle = &samples[(WINDOW - HOP) / 2..(WINDOW + HOP) / 2];
        let rms = (middle.iter().map(|s| s * s).sum::<f32>() / HOP as f32).sqrt();
        let spectrum = transform(self.short.as_ref(), samples, &self.window);
        let mut bands = [0.0; BANDS];
        for (band, filter) in bands.iter_mut().zip(&self.filters) {
            let power: f32 = filter.weights.iter().zip(&spectrum[filter.first..]).map(|(w, p)| w * p).sum();
            *band = 10.0 * power.max(1e-9).log10();
            self.loudest_db = self.loudest_db.max(*band);
        }
        let floor = (self.loudest_db - DEPTH_DB).max(FLOOR_DB);
        bands.iter_mut().for_each(|b| *b = b.max(floor));
        let (mut low, mut mid, mut all) = ((0.0, 0), (0.0, 0), 0.0);
        if let Some(before) = self.recent.first().filter(|_| self.recent.len() == LAG) {
            for ((now, before), filter) in bands.iter().zip(before).zip(&self.filters) {
                let rise = (now - before.max(floor)).max(0.0);
                all += rise;
                if filter.centre_hz < LOW_HZ {
                    low = (low.0 + rise, low.1 + 1);
                } else if filter.centre_hz < HIGH_HZ {
                    mid = (mid.0 + rise, mid.1 + 1);
                }
            }
        }
        if self.recent.len() == LAG {
            self.recent.remove(0);
        }
        self.recent.push(bands);
        let mean = |(sum, n): (f32, u32)| sum / n.max(1) as f32;
        self.curves.rise.push(all / BANDS as f32);
        self.curves.low.push(mean(low));
        self.curves.mid.push(mean(mid));
        self.curves.rms.push(rms);
    }

    fn long_spectrum(&mut self, at: usize) {
        let spectrum = transform(self.long.as_ref(), &self.held[at..at + LONG], &self.long_window);
        let mut chroma = [0.0; 12];
        for &(bin, class) in &self.pitches {
            chroma[class] += spectrum[bin].sqrt();
        }
        self.curves.chroma.push(chroma);
    }
}

/// Power spectrum of windowed samples, scaled so that a sine of full scale gives about the same in every window length.
fn transform(fft: &dyn RealToComplex<f32>, samples: &[f32], window: &[f32]) -> Vec<f32> {
    let mut input: Vec<f32> = samples.iter().zip(window).map(|(s, w)| s * w).collect();
    let mut output = vec![Complex32::default(); samples.len() / 2 + 1];
    // lengths are those that the transform was planned for, so it cannot fail
    if fft.process(&mut input, &mut output).is_err() {
        return vec![0.0; output.len()];
    }
    let scale = (WINDOW as f32 / samples.len() as f32).powi(2);
    output.iter().map(|c| c.norm_sqr() * scale).collect()
}

fn hann(len: usize) -> Vec<f32> {
    (0..len).map(|i| 0.5 - 0.5 * (TAU * i as f32 / len as f32).cos()).collect()
}

/// Triangles of equal width in mel (O'Shaughnessy, 2595 · log10(1 + f/700)), each with the sum 2 / bandwidth as in Slaney's.
fn mel_filters() -> Vec<Filter> {
    let mel = |hz: f32| 2595.0 * (1.0 + hz / 700.0).log10();
    let hz = |mel: f32| 700.0 * (10f32.powf(mel / 2595.0) - 1.0);
    let (from, to) = (mel(LOWEST_HZ), mel(HIGHEST_HZ));
    let edge = |i: usize| hz(from + (to - from) * i as f32 / (BANDS + 1) as f32);
    let bin_hz = RATE as f32 / WINDOW as f32;
    (0..BANDS)
        .map(|b| {
            let (low, centre, high) = (edge(b), edge(b + 1), edge(b + 2));
            let first = (low / bin_hz).ceil() as usize;
            let last = (high / bin_hz).floor() as usize;
            let weights = (first..=last)
                .map(|i| {
                    let f = i as f32 * bin_hz;
                    let up = (f - low) / (centre - low);
                    let down = (high - f) / (high - centre);
                    // per 100 Hz of width, so that noise fills narrow and wide bands alike
                    up.min(down).max(0.0) * 200.0 / (high - low)
                })
                .collect();
            Filter { first, weights, centre_hz: centre }
        })
        .collect()
}

/// Bins of the long spectrum between 60 Hz and 2 kHz with their pitch class.
fn pitch_bins() -> Vec<(usize, usize)> {
    let bin_hz = RATE as f32 / LONG as f32;
    let bins = (60.0 / bin_hz).ceil() as usize..=(2000.0 / bin_hz) as usize;
    bins.map(|bin| {
        let semitones = 12.0 * (bin as f32 * bin_hz / 55.0).log2();
        (bin, (semitones.round() as i32).rem_euclid(12) as usize)
    })
    .collect()
}
