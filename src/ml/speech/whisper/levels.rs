//! How loud a chunk is, so that words begin and end where their sound does [whisper.cpp moves tokens the same way]. Pure.

use super::super::RATE;
use std::ops::Range;

/// Samples of a hundredth of a second.
const STEP: usize = RATE as usize / 100;
/// Looked at around a word for what is loud there: 125 ms on each side [whisper.cpp].
const AROUND: i64 = 12;
/// An end moves outwards so far at most: a word that begins much earlier than Whisper says is another one.
const MOST: i64 = 30;
/// No word is shorter.
const SHORTEST: i64 = 2;

/// The mean level of each hundredth of a second.
pub struct Levels<'a> {
    samples: &'a [f32],
}

impl<'a> Levels<'a> {
    pub fn of(samples: &'a [f32]) -> Self {
        Self { samples }
    }

    fn end(&self) -> i64 {
        self.samples.len().div_ceil(STEP) as i64
    }

    fn at(&self, centi: i64) -> f32 {
        let from = (centi.max(0) as usize * STEP).min(self.samples.len());
        let part = &self.samples[from..(from + STEP).min(self.samples.len())];
        part.iter().map(|s| s.abs()).sum::<f32>() / part.len().max(1) as f32
    }

    fn mean(&self, range: Range<i64>) -> f32 {
        let n = (range.end - range.start).max(1) as f32;
        range.map(|c| self.at(c)).sum::<f32>() / n
    }

    /// Where a word that is said from `start` to `end` really begins and ends: within the sound, not before `free_from`, and not moved
    /// beyond `free_to`, where the next one begins.
    pub fn fit(&self, start: i64, end: i64, free_from: i64, free_to: i64) -> (i64, i64) {
        let last = self.end();
        let (mut start, mut end) = (start.clamp(0, last), end.clamp(0, last));
        let loud = 0.5 * self.mean((start - AROUND).max(0)..(end + AROUND).min(last));
        if loud > 0.0 && end > start {
            if self.at(start) > loud {
                let least = free_from.max(start - MOST).max(0);
                while start > least && self.at(start - 1) > loud {
                    start -= 1;
                }
            } else {
                while start < end && self.at(start) <= loud {
                    start += 1;
                }
            }
            if self.at(end - 1) > loud {
                let most = (end + MOST).min(free_to).min(last);
                while end < most && self.at(end) > loud {
                    end += 1;
                }
            } else {
                while end > start && self.at(end - 1) <= loud {
                    end -= 1;
                }
            }
        }
        start = start.max(free_from);
        (start, end.max(start + SHORTEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loud from 1 s to 1.5 s, of two.
    fn sound() -> Vec<f32> {
        (0..2 * RATE as usize).map(|n| if (16_000..24_000).contains(&n) { 0.5 } else { 0.001 }).collect()
    }

    #[test]
    fn ends_move_to_where_the_sound_is() {
        let samples = sound();
        let levels = Levels::of(&samples);
        assert_eq!(levels.fit(80, 180, 0, 200), (100, 150), "inwards over silence");
        assert_eq!(levels.fit(110, 140, 0, 200), (100, 150), "outwards over sound");
        assert_eq!(levels.fit(110, 140, 105, 145), (105, 145), "not into other words");
        // nothing to go by, nowhere to be, nothing at all
        assert_eq!(Levels::of(&[0.0; 3200]).fit(5, 10, 0, 99), (5, 10));
        assert_eq!(levels.fit(500, 600, 0, 999), (200, 202));
        assert_eq!(Levels::of(&[]).fit(3, 4, 0, 9), (0, 2));
    }
}
