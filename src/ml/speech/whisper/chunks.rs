//! What Whisper hears at a time: it takes 30 s at once and invents words in silence, so stretches of speech are put together to as much
//! as it takes, and what lies between far ones is left out. Pure.

use super::super::RATE;
use std::ops::Range;

/// Longest chunk, in samples: the network's window is 30 s, its end is left to what follows the last word.
const MOST: usize = RATE as usize * 28;
/// Heard before and after speech: beginnings are soft.
const AROUND: usize = RATE as usize / 5;
/// A longer silence is not listened to.
const FAR: usize = RATE as usize * 2;
/// One look at the level, 20 ms, and how many of them are quiet together where a long stretch is cut.
const LOOK: usize = RATE as usize / 50;
const QUIET_LOOKS: usize = 10;

/// Parts of the sound to be heard one by one, in order and apart. `speech` is where somebody speaks; None = perhaps everywhere.
pub fn chunks(samples: &[f32], speech: Option<&[Range<usize>]>) -> Vec<Range<usize>> {
    let everywhere = 0..samples.len();
    let speech = speech.unwrap_or(std::slice::from_ref(&everywhere));
    let mut found: Vec<Range<usize>> = Vec::new();
    for stretch in speech {
        let stretch = stretch.start.min(samples.len())..stretch.end.min(samples.len());
        for part in short(samples, stretch) {
            match found.last_mut() {
                Some(last) if part.end - last.start <= MOST && part.start.saturating_sub(last.end) <= FAR => last.end = part.end,
                _ => found.push(part),
            }
        }
    }
    // a little around each, never twice
    let ends: Vec<usize> = std::iter::once(0).chain(found.iter().map(|c| c.end)).collect();
    let nexts: Vec<usize> = found.iter().skip(1).map(|c| c.start).chain([samples.len()]).collect();
    let room = found.iter().zip(ends.iter().zip(&nexts));
    room.map(|(c, (end, next))| {
        let before = (c.start - end.min(&c.start)) / 2;
        let after = (next.max(&c.end) - c.end).div_ceil(2);
        c.start - before.min(AROUND)..c.end + after.min(AROUND)
    })
    .collect()
}

/// A stretch in parts that are short enough, cut where it is quietest in the last third of what fits.
fn short(samples: &[f32], mut stretch: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    while stretch.len() > MOST {
        let cut = quiet_place(samples, stretch.start + MOST / 3 * 2..stretch.start + MOST);
        parts.push(stretch.start..cut);
        stretch.start = cut;
    }
    if !stretch.is_empty() {
        parts.push(stretch);
    }
    parts
}

/// The middle of the quietest fifth of a second.
fn quiet_place(samples: &[f32], within: Range<usize>) -> usize {
    let powers: Vec<f32> = samples[within.clone()].chunks_exact(LOOK).map(|c| c.iter().map(|s| s * s).sum()).collect();
    let quietest = powers.windows(QUIET_LOOKS).map(|w| w.iter().sum::<f32>()).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
    quietest.map_or(within.end, |(i, _)| within.start + (i + QUIET_LOOKS / 2) * LOOK)
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "ranges are what is found")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const S: usize = RATE as usize;

    #[test]
    fn near_stretches_are_heard_together_and_long_silences_are_left_out() {
        let samples = vec![0.0; 100 * S];
        let found = chunks(&samples, Some(&[S..3 * S, 4 * S..10 * S, 20 * S..30 * S, 31 * S..45 * S, 46 * S..52 * S]));
        let a = AROUND;
        assert_eq!(found, [S - a..10 * S + a, 20 * S - a..45 * S + a, 46 * S - a..52 * S + a]);
        assert!(chunks(&samples, Some(&[])).is_empty());
        assert_eq!(chunks(&samples[..S], None), [0..S]);
        assert!(chunks(&[], None).is_empty());
    }

    #[test]
    fn a_long_stretch_is_cut_where_it_is_quiet() {
        let quiet = 25 * S..25 * S + S / 2;
        let samples: Vec<f32> = (0..60 * S).map(|n| if quiet.contains(&n) { 0.0 } else { 0.5 }).collect();
        let found = chunks(&samples, None);
        assert_eq!((found[0].start, found.last().unwrap().end), (0, samples.len()));
        assert!(quiet.contains(&found[0].end), "{found:?}");
    }

    proptest! {
        #[test]
        fn all_speech_is_heard_once_in_pieces_that_fit(parts in prop::collection::vec((1usize..5 * S, 1usize..50 * S), 0..6)) {
            let (mut at, mut speech) = (0, Vec::new());
            for (gap, len) in parts {
                speech.push(at + gap..at + gap + len);
                at += gap + len;
            }
            let samples = vec![0.1; at + 100];
            let found = chunks(&samples, Some(&speech));
            let mut end = 0;
            for c in &found {
                prop_assert!(c.start >= end && c.len() <= MOST + 2 * AROUND && c.end <= samples.len());
                end = c.end;
            }
            for s in speech {
                for sample in [s.start, s.end - 1, (s.start + s.end) / 2] {
                    prop_assert_eq!(found.iter().filter(|c| c.contains(&sample)).count(), 1);
                }
            }
        }
    }
}
