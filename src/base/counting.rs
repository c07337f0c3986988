//! How the beats of a piece of music are to be counted, as a person decides it: what analyses ask and documents remember.

use serde::{Deserialize, Serialize};

/// How to count; the default lets the analysis choose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counting {
    /// Beats per minute to look around, within a quarter of an octave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tempo_bpm: Option<f64>,
    /// Times the tempo found: 2 counts twice as fast, 0.5 half as fast.
    pub times: f64,
    /// Beats of a bar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beats_per_bar: Option<usize>,
    /// Every bar line that many beats later.
    pub bar_offset: i32,
}

/// Ranges of what may be asked for: tempi in beats per minute (what [`Counting::tempo_bpm`] can find), beats of a bar, and beats by which
/// bars are moved.
pub const TEMPO_BPM: std::ops::RangeInclusive<f64> = 50.0..=210.0;
pub const BAR_BEATS: std::ops::RangeInclusive<usize> = 1..=16;
pub const BAR_OFFSET: std::ops::RangeInclusive<i32> = -64..=64;

impl Default for Counting {
    fn default() -> Self {
        Self { tempo_bpm: None, times: 1.0, beats_per_bar: None, bar_offset: 0 }
    }
}

impl Counting {
    /// Whether every value is within its range.
    pub fn is_sound(&self) -> bool {
        self.tempo_bpm.is_none_or(|t| TEMPO_BPM.contains(&t))
            && (0.25..=4.0).contains(&self.times)
            && self.beats_per_bar.is_none_or(|n| BAR_BEATS.contains(&n))
            && BAR_OFFSET.contains(&self.bar_offset)
    }
}
