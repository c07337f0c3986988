//! The sound of a nested sequence, as segments of the sequence that it lies in.
//!
//! Every segment of the inner sequence becomes one of the outer: placed through the clip's in-point and speed, its gain and
//! envelope multiplied by the clip's. So a nest costs nothing at mixing time and sounds as its clips would.

use super::{AudioSegment, Envelope, mix};
use crate::{
    base::{MIX_RATE, Rounding, Time},
    model::{Project, Sequence, Speed},
};

/// Pieces that stand for a stretch where two ramps multiply: off by at most (1/16)² / 4 of their product.
const RAMP_PIECES: i64 = 16;

/// Where the outer sequence's samples lie in the inner one: inner flick = `at_zero` + speed · sample · flicks per sample.
#[derive(Clone, Copy)]
struct Map {
    at_zero: Time,
    speed: Speed,
}

impl Map {
    fn inner(self, sample: i64) -> Time {
        self.at_zero + self.speed.source_span(Time(sample.saturating_mul(mix::FLICKS_PER_SAMPLE)))
    }
    /// The outer sample at an inner sample, rounded.
    fn outer(self, inner: i64, rounding: Rounding) -> i64 {
        let flicks = i128::from(inner) * i128::from(mix::FLICKS_PER_SAMPLE) - i128::from(self.at_zero.0);
        let (num, den) = (i128::from(self.speed.0), i128::from(self.speed.1.max(1)) * flicks);
        let (num, den) = if num < 0 { (-num, -den) } else { (num, den) };
        rounding.div(den, num.max(1) * i128::from(mix::FLICKS_PER_SAMPLE)).clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4)) as i64
    }
    /// The outer samples whose inner point lies in inner samples `[from, to)`.
    fn span(self, from: i64, to: i64) -> (i64, i64) {
        if self.speed.0 > 0 {
            (self.outer(from, Rounding::Ceil), self.outer(to, Rounding::Ceil))
        } else {
            (self.outer(to, Rounding::Floor) + 1, self.outer(from, Rounding::Floor) + 1)
        }
    }
}

/// What sequence `s`, shown by `clip`, adds to the outer sequence's window.
pub(super) fn segments(project: &Project, s: &Sequence, clip: &mix::Sounding<'_>, window: (i64, i64), depth: u32) -> Vec<AudioSegment> {
    let at_zero = clip.source_in + mix::source_offset(clip.start, clip.rate, clip.speed, 0);
    let map = Map { at_zero, speed: clip.speed };
    let (from, to) = (clip.from.max(window.0), clip.to.min(window.1));
    let ends = [map.inner(from), map.inner(to)].map(|t| t.to_samples(MIX_RATE, Rounding::Floor));
    let inside = (ends[0].min(ends[1]) - 1, ends[0].max(ends[1]) + 2);
    let inner = mix::heard(project, s, inside, depth);
    inner.into_iter().filter_map(|segment| outer_segment(segment, map, clip, (from, to))).collect()
}

fn outer_segment(inner: AudioSegment, map: Map, clip: &mix::Sounding<'_>, (from, to): (i64, i64)) -> Option<AudioSegment> {
    let (a, b) = map.span(inner.start, inner.start.saturating_add(inner.len));
    let (start, end) = (a.max(from), b.min(to));
    if start >= end {
        return None;
    }
    let speed = product(clip.speed, inner.speed)?;
    let passed = map.inner(start) - Time(inner.start.saturating_mul(mix::FLICKS_PER_SAMPLE));
    let outside = Envelope(clip.envelope.0.iter().map(|c| (c.0 + clip.from - start, c.1)).collect());
    let mut inside: Vec<(i64, f32)> =
        inner.envelope.0.iter().map(|c| (map.outer(inner.start + c.0, Rounding::Nearest) - start, c.1)).collect();
    if map.speed.0 < 0 {
        inside.reverse();
    }
    inside.dedup_by_key(|c| c.0);
    Some(AudioSegment {
        media: inner.media,
        start,
        len: end - start,
        source: inner.source + inner.speed.source_span(passed),
        speed,
        gain: [inner.gain[0] * clip.gain[0], inner.gain[1] * clip.gain[1]],
        envelope: multiplied(&outside, &Envelope(inside)),
    })
}

/// Both speeds one after the other, reduced; None where the ratio cannot be written.
fn product(a: Speed, b: Speed) -> Option<Speed> {
    let (num, den) = (i64::from(a.0) * i64::from(b.0), u64::from(a.1) * u64::from(b.1));
    let g = crate::base::time::gcd(num.unsigned_abs(), den).max(1);
    Some(Speed(i32::try_from(num / g as i64).ok()?, u32::try_from(den / g).ok()?))
}

/// The product of two gains over time.
fn multiplied(a: &Envelope, b: &Envelope) -> Envelope {
    match (a.0.is_empty(), b.0.is_empty()) {
        (true, _) => return b.clone(),
        (_, true) => return a.clone(),
        _ => {}
    }
    let mut corners: Vec<i64> = a.0.iter().chain(&b.0).map(|c| c.0).collect();
    corners.sort_unstable();
    corners.dedup();
    let is_flat = |e: &Envelope, from: i64, to: i64| e.gain_at(from) == e.gain_at(to);
    let mut all = Vec::with_capacity(corners.len());
    for pair in corners.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        all.push(from);
        if !is_flat(a, from, to) && !is_flat(b, from, to) {
            let pieces = RAMP_PIECES.min(to - from);
            all.extend((1..pieces).map(|i| from + (to - from) * i / pieces));
        }
    }
    all.extend(corners.last());
    Envelope(all.into_iter().map(|n| (n, a.gain_at(n) * b.gain_at(n))).collect())
}
