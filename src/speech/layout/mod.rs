//! Captions from words by the rules that subtitlers keep: lines of 42 columns, two of them, 17 characters a second, two frames
//! between captions, breaks where a sentence breaks, ends on cuts that are near.
//!
//! Numbers: BBC Subtitle Guidelines 1.2 and Netflix's Timed Text Style Guide. Times are frames of the timeline.

mod breaks;
mod timing;

use super::split;
use crate::base::{FrameRate, Rounding, Time};
use std::ops::Range;

/// A word on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    pub text: String,
    /// First frame, and the first after it.
    pub start: i64,
    pub end: i64,
}

/// A caption that was laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    pub start: i64,
    /// First frame after it.
    pub end: i64,
    /// Lines, separated by `\n`.
    pub text: String,
    /// Words of the list that it was made from.
    pub words: Range<usize>,
}

impl Laid {
    /// Columns of the text, the line break counted as a space.
    pub fn columns(&self) -> usize {
        split::columns(&self.text.replace('\n', " "))
    }
}

/// What captions keep to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Columns of a line; a wide sign takes two.
    pub columns: usize,
    pub lines: usize,
    pub columns_per_sec: usize,
    /// Frames between two captions.
    pub gap: i64,
    pub shortest: Time,
    pub longest: Time,
    /// A silence of this length ends a caption.
    pub pause: Time,
    /// How much later than its words a caption may come or go, so that there is time to read it.
    pub late: Time,
    /// A cut no farther away takes the end of a caption.
    pub near_cut: Time,
}

impl Default for Rules {
    fn default() -> Self {
        let ms = |v| Time::from_samples(v, 1000);
        Self {
            columns: 42,
            lines: 2,
            columns_per_sec: 17,
            gap: 2,
            shortest: ms(833),
            longest: ms(7000),
            pause: ms(1000),
            late: ms(1000),
            near_cut: ms(300),
        }
    }
}

impl Rules {
    /// For an upright picture: short lines, and few words at a time.
    pub fn upright() -> Self {
        Self { columns: 18, ..Self::default() }
    }
}

/// Captions, and how many of them are faster to say than to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captions {
    pub list: Vec<Laid>,
    /// Captions with more characters a second than the rules want: who spoke left no time for more.
    pub too_fast: usize,
}

/// The rules in frames.
struct Frames {
    rate: FrameRate,
    gap: i64,
    shortest: i64,
    longest: i64,
    pause: i64,
    late: i64,
    near_cut: i64,
    columns_per_sec: usize,
}

impl Frames {
    fn of(rules: &Rules, rate: FrameRate) -> Self {
        let frames = |t: Time| t.to_frames(rate, Rounding::Ceil);
        Self {
            rate,
            gap: rules.gap.max(0),
            shortest: frames(rules.shortest).max(1),
            longest: rules.longest.to_frames(rate, Rounding::Floor).max(1),
            pause: frames(rules.pause).max(1),
            late: frames(rules.late).max(0),
            near_cut: frames(rules.near_cut).max(0),
            columns_per_sec: rules.columns_per_sec.max(1),
        }
    }

    /// Frames that it takes to read so much.
    fn reading(&self, columns: usize) -> i64 {
        let secs = Time::from_ratio(i64::try_from(columns).unwrap_or(i64::MAX), i64::try_from(self.columns_per_sec).unwrap_or(1));
        secs.to_frames(self.rate, Rounding::Ceil)
    }
}

/// Captions of words that are in order and do not overlap. `cuts` are frames in order; no caption ends after `end`, where one is
/// given, unless its words do.
pub fn captions(words: &[Spoken], cuts: &[i64], end: Option<i64>, rate: FrameRate, rules: &Rules) -> Captions {
    let frames = Frames::of(rules, rate);
    let mut list: Vec<Laid> = Vec::new();
    let mut from = 0;
    for group in words.chunk_by(|a, b| b.start - a.end < frames.pause) {
        list.extend(breaks::captions(group, from, &frames, rules));
        from += group.len();
    }
    timing::time(&mut list, cuts, end, &frames);
    let too_fast = list.iter().filter(|c| c.end - c.start < frames.reading(c.columns())).count();
    Captions { list, too_fast }
}
