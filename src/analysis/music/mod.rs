//! What an editor wants to know of a piece of music: tempo, beats, bars, energy, parts, and how far to trust all that.
//!
//! Pure: samples in, facts out; runs on the caller's thread and takes about a hundredth of the piece's length. Speech and
//! noise get no grid: where the beat is not clear, there are no beats.

mod bars;
mod curve;
mod hear;
mod level;
mod measure;
mod sections;
mod tempo;
mod track;

pub use crate::base::Counting;
pub use hear::{Ear, RATE};
pub use measure::f_measure;
pub use sections::ENERGY_SECS;

use serde::{Deserialize, Serialize};

/// Below this confidence there is no grid.
pub const LEAST_CONFIDENCE: f64 = 0.3;
/// Shorter pieces have no tempo that could be told.
const SHORTEST_SECS: f64 = 3.0;
/// Seconds whose mean is taken off the attacks, so that only what stands out counts.
const STAND_OUT_SECS: f64 = 0.5;

/// What a part of the piece is for a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    Intro,
    Build,
    Drop,
    Verse,
    Outro,
}

impl Label {
    /// As files and scripts write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Intro => "intro",
            Self::Build => "build",
            Self::Drop => "drop",
            Self::Verse => "verse",
            Self::Outro => "outro",
        }
    }
}

/// A part of the piece.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub start_secs: f64,
    pub end_secs: f64,
    pub label: Label,
    /// Mean of the energy curve, 0–1.
    pub energy: f64,
}

/// A piece of music, analysed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Music {
    pub duration_secs: f64,
    /// Median tempo; none where the beat is not clear.
    pub tempo_bpm: Option<f64>,
    /// 0 for noise, towards 1 for a clear beat.
    pub confidence: f64,
    /// Beats in seconds, rising.
    pub beats: Vec<f64>,
    /// Which of `beats` begin a bar, rising.
    pub downbeats: Vec<usize>,
    pub beats_per_bar: usize,
    /// 0–1 each [`ENERGY_SECS`].
    pub energy: Vec<f32>,
    pub sections: Vec<Section>,
}

impl Music {
    /// Energy at a time, 0–1.
    pub fn energy_at(&self, secs: f64) -> f64 {
        f64::from(curve::at(&self.energy, secs / ENERGY_SECS))
    }

    /// The part that sounds at a time.
    pub fn section_at(&self, secs: f64) -> Option<&Section> {
        self.sections.iter().rev().find(|s| s.start_secs <= secs)
    }
}

/// Analyse samples that lie in memory, mono at [`RATE`].
pub fn analyse(samples: &[f32], counting: &Counting) -> Music {
    let mut ear = Ear::new();
    ear.push(samples);
    ear.finish().count(counting)
}

/// What was heard, of which the counting can be asked again at little cost.
pub struct Heard {
    curves: hear::Curves,
    samples: usize,
}

impl Heard {
    fn new(curves: hear::Curves, samples: usize) -> Self {
        Self { curves, samples }
    }

    /// Find the beats and everything that hangs on them.
    pub fn count(&self, counting: &Counting) -> Music {
        let curves = &self.curves;
        let duration_secs = self.samples as f64 / f64::from(RATE);
        let energy = sections::energy(curves);
        let grid = (duration_secs >= SHORTEST_SECS).then(|| grid(curves, counting)).flatten();
        let confidence = grid.as_ref().map_or(0.0, |g| g.confidence);
        let grid = grid.filter(|g| g.confidence >= LEAST_CONFIDENCE);
        let beats: Vec<f64> = grid.as_ref().map(|g| g.beats.clone()).unwrap_or_default();
        let bars = bars::find(&beats, curves, counting.beats_per_bar, counting.bar_offset);
        let lines: Vec<f64> = if bars.firsts.len() >= 2 {
            bars.firsts.iter().map(|i| beats[*i]).collect()
        } else {
            (0..(duration_secs / 2.0) as usize).map(|i| i as f64 * 2.0).collect()
        };
        let sections = sections::find(&lines, curves, &energy, duration_secs);
        Music {
            duration_secs,
            tempo_bpm: grid.map(|g| g.tempo_bpm),
            confidence,
            downbeats: bars.firsts,
            beats_per_bar: bars.beats_per_bar,
            beats,
            energy,
            sections,
        }
    }
}

struct Grid {
    tempo_bpm: f64,
    confidence: f64,
    beats: Vec<f64>,
}

fn grid(curves: &hear::Curves, counting: &Counting) -> Option<Grid> {
    let width = (STAND_OUT_SECS * hear::FRAMES_PER_SEC) as usize;
    let attacks = curve::stand_out(&curves.rise, width);
    let drums: Vec<f32> =
        curve::stand_out(&curves.low, width).iter().zip(&curve::stand_out(&curves.mid, width)).map(|(a, b)| a + b).collect();
    let tempo = tempo::follow(&attacks, counting.tempo_bpm);
    let count = match counting.tempo_bpm {
        Some(_) => level::Count { beats: track::chain(&attacks, &tempo), tempo },
        None => level::best(&attacks, &drums, &tempo),
    };
    let times = if counting.times.is_finite() && counting.times > 0.0 { counting.times } else { 1.0 };
    let beats = if times == 1.0 { count.beats } else { track::chain(&attacks, &count.tempo.times(1.0 / times)) };
    let beats = track::place(&beats, curves);
    if beats.len() < 4 {
        return None;
    }
    let lengths: Vec<f64> = beats.windows(2).map(|w| w[1] - w[0]).collect();
    Some(Grid { tempo_bpm: 60.0 / curve::median(&lengths).max(1e-3), confidence: trust(count.tempo.clarity, &lengths), beats })
}

/// How far to trust beats with these distances under a tempo of this clarity.
fn trust(clarity: f64, lengths: &[f64]) -> f64 {
    let median = curve::median(lengths).max(1e-3);
    let off: Vec<f64> = lengths.iter().map(|l| (l / median - 1.0).abs()).collect();
    // beats that wander by a tenth are followed, by a third they are invented
    (clarity * (1.0 - curve::median(&off) / 0.3)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::tracks::{Pattern, Track};

    fn short(pattern: Pattern, bpm: f64) -> Track {
        Track { secs: 14.0, ..Track::new(pattern, bpm) }
    }

    fn music(track: &Track) -> Music {
        analyse(&track.render(), &Counting::default())
    }

    fn downbeats(m: &Music) -> Vec<f64> {
        m.downbeats.iter().map(|i| m.beats[*i]).collect()
    }

    // the whole grid of patterns, tempi, ramps and noise is `montage-ai bench music`
    #[test]
    fn beats_and_bars_of_known_pieces_are_found() {
        for track in [
            short(Pattern::Rock, 174.0),
            short(Pattern::FourOnTheFloor, 72.0),
            Track { noise_snr_db: Some(10.0), ..short(Pattern::Syncopated, 105.0) },
            Track { ramp: 0.08, ..short(Pattern::Waltz, 110.0) },
            short(Pattern::SixEight, 90.0),
        ] {
            let m = music(&track);
            let f = f_measure(&track.beats_secs(), &m.beats);
            assert!(f > 0.97, "{track:?}: F {f:.3}, {:?} BPM", m.tempo_bpm);
            let d = f_measure(&track.downbeats_secs(), &downbeats(&m));
            assert!(d > 0.97, "{track:?}: F {d:.3} of bar lines, {} beats a bar", m.beats_per_bar);
            let off = |b: &f64| track.beats_secs().iter().map(|t| (t - b).abs()).fold(1.0, f64::min);
            let worst = m.beats.iter().map(off).fold(0.0, f64::max);
            assert!(worst < 0.03, "{track:?}: a beat is {worst:.3} s off");
        }
    }

    #[test]
    fn noise_and_silence_get_no_grid() {
        let mut noise = crate::sample::tracks::noise(8.0);
        for samples in [noise.clone(), vec![0.0; 100_000], Vec::new(), {
            noise.truncate(500);
            noise
        }] {
            let m = analyse(&samples, &Counting::default());
            assert!(m.beats.is_empty() && m.tempo_bpm.is_none(), "confidence {}", m.confidence);
            assert!(m.confidence < LEAST_CONFIDENCE);
            assert!(m.energy.iter().all(|e| (0.0..=1.0).contains(e)));
        }
    }

    #[test]
    fn the_user_has_the_last_word_on_how_to_count() {
        let track = short(Pattern::Rock, 100.0);
        let mut ear = Ear::new();
        // the size of the blocks does not matter
        track.render().chunks(10_007).for_each(|b| ear.push(b));
        let heard = ear.finish();
        let plain = heard.count(&Counting::default());
        assert_eq!(plain, music(&track));
        assert!((plain.tempo_bpm.unwrap() - 100.0).abs() < 1.0);
        let double = heard.count(&Counting { times: 2.0, ..Counting::default() });
        assert!((double.tempo_bpm.unwrap() - 200.0).abs() < 2.0);
        let near = heard.count(&Counting { tempo_bpm: Some(52.0), ..Counting::default() });
        assert!((near.tempo_bpm.unwrap() - 50.0).abs() < 1.0);
        let shifted = heard.count(&Counting { bar_offset: 1, ..Counting::default() });
        assert_eq!(shifted.downbeats[0], plain.downbeats[0] + 1);
        assert!(heard.count(&Counting { beats_per_bar: Some(7), ..Counting::default() }).downbeats.windows(2).all(|w| w[1] - w[0] == 7));
    }

    #[test]
    fn a_quiet_beginning_is_an_intro() {
        let track = Track { quiet_secs: 10.0, secs: 30.0, ..Track::new(Pattern::FourOnTheFloor, 120.0) };
        let m = music(&track);
        let labels: Vec<Label> = m.sections.iter().map(|s| s.label).collect();
        assert_eq!(labels, [Label::Intro, Label::Drop], "{:?}", m.sections);
        assert!((m.sections[1].start_secs - 10.3).abs() < 0.6, "{:?}", m.sections);
        assert!(m.energy_at(3.0) < m.energy_at(20.0));
        assert_eq!(m.section_at(25.0).map(|s| s.label), Some(Label::Drop));
    }
}
