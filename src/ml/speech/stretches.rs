//! Where somebody speaks, from how likely it is at each moment: Silero's rule, as whisper.cpp applies it. Pure.

use super::RATE;
use std::ops::Range;

/// How likely becomes yes or no. Times in samples at [`RATE`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Speech begins where it is at least so likely, and ends where it is less likely by [`FALL`].
    pub threshold: f32,
    /// Shorter speech is none.
    pub shortest_speech: usize,
    /// Shorter silence ends nothing.
    pub shortest_silence: usize,
    /// Put on both ends.
    pub pad: usize,
}

/// [whisper.cpp, `whisper_vad_segments_from_probs`]
const FALL: f32 = 0.15;
/// Stretches that lie closer are one [as above].
const APART: usize = RATE as usize / 5;

impl Default for Rule {
    /// As Silero's authors and whisper.cpp have it: 0.5; 250, 100 and 30 ms.
    fn default() -> Self {
        let ms = |ms: usize| RATE as usize * ms / 1000;
        Self { threshold: 0.5, shortest_speech: ms(250), shortest_silence: ms(100), pad: ms(30) }
    }
}

/// Stretches of speech in samples, in order and apart, from likelihoods of moments that are `step` samples long, within `len` samples.
pub fn stretches(likely: &[f32], step: usize, len: usize, rule: &Rule) -> Vec<Range<usize>> {
    let end = (likely.len() * step).min(len);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut keep = |from: usize, to: usize| {
        let to = to.min(end);
        if to > from && to - from > rule.shortest_speech {
            match found.last_mut() {
                Some(last) if from < last.end + APART => last.end = to,
                _ => found.push(from..to),
            }
        }
    };
    // where speech began, and where it may have ended
    let (mut begun, mut ended): (Option<usize>, Option<usize>) = (None, None);
    for (at, likely) in likely.iter().enumerate().map(|(i, p)| (i * step, *p)) {
        if likely >= rule.threshold {
            ended = None;
            begun = begun.or(Some(at));
        } else if let Some(from) = begun
            && likely < (rule.threshold - FALL).max(0.01)
        {
            let to = *ended.get_or_insert(at);
            if at - to >= rule.shortest_silence {
                keep(from, to);
                (begun, ended) = (None, None);
            }
        }
    }
    if let Some(from) = begun {
        keep(from, end);
    }
    let middles: Vec<usize> = found.windows(2).map(|w| w[0].end + (w[1].start - w[0].end) / 2).collect();
    let before = std::iter::once(0).chain(middles.iter().copied());
    let after = middles.iter().copied().chain([len]);
    found.iter().zip(before.zip(after)).map(|(s, (a, b))| s.start.saturating_sub(rule.pad).max(a)..(s.end + rule.pad).min(b)).collect()
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "ranges are what is found")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// So many moments of 32 ms with this likelihood, one after the other.
    fn moments(parts: &[(usize, f32)]) -> Vec<f32> {
        parts.iter().flat_map(|(n, p)| std::iter::repeat_n(*p, *n)).collect()
    }

    fn found(parts: &[(usize, f32)]) -> Vec<Range<usize>> {
        let likely = moments(parts);
        // no pad: the numbers stay those of the moments
        let all = stretches(&likely, 512, likely.len() * 512, &Rule { pad: 0, ..Rule::default() });
        all.into_iter().map(|r| r.start / 512..r.end / 512).collect()
    }

    #[test]
    fn speech_begins_above_the_threshold_and_ends_well_below_it() {
        assert_eq!(found(&[(10, 0.1), (20, 0.9), (10, 0.1)]), [10..30]);
        // between both it goes on; a short silence ends nothing, and neither does what is too short count
        assert_eq!(found(&[(10, 0.1), (20, 0.9), (30, 0.4), (10, 0.9), (20, 0.0)]), [10..70]);
        assert_eq!(found(&[(5, 0.9), (3, 0.0), (20, 0.9), (20, 0.0)]), [0..28]);
        assert!(found(&[(20, 0.0), (7, 0.9), (20, 0.0)]).is_empty());
        // to the end; two that lie close are one
        assert_eq!(found(&[(3, 0.0), (20, 0.6)]), [3..23]);
        assert_eq!(found(&[(20, 0.9), (5, 0.0), (20, 0.9), (20, 0.0), (20, 0.9)]), [0..45, 65..85]);
        assert!(found(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn stretches_are_in_order_apart_and_within(likely in prop::collection::vec(0.0f32..1.0, 0..400), cut in 0usize..512) {
            let len = (likely.len() * 512).saturating_sub(cut);
            let all = stretches(&likely, 512, len, &Rule::default());
            let mut at = 0;
            for r in all {
                prop_assert!(r.start >= at && r.end > r.start && r.end <= len, "{r:?} after {at} in {len}");
                at = r.end;
            }
        }
    }
}
