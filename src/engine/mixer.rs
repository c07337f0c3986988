//! The mixer: audio plans and media samples in, the sum of all sounds out. Playback and export use the same one, and put
//! the master limiter behind it.
//!
//! Pure apart from the reader it is handed; no clock, no device, no state, so a stretch sounds the same however it is cut
//! into windows. Runs on whatever thread asks.

use crate::{
    base::{FLICKS_PER_SEC, MIX_RATE, MediaId},
    plan::{AudioPlan, AudioSegment},
};

/// Fills interleaved stereo samples of a media file from a sample position on; positions before its start and after its
/// end are silence. `(media, first sample, out)`.
pub type ReadSound<'a> = dyn FnMut(MediaId, i64, &mut [f32]) + 'a;

const FLICKS_PER_SAMPLE: i64 = FLICKS_PER_SEC / MIX_RATE as i64;

/// Media samples read in one go at other than normal speed; bounds memory at any speed.
const MAX_SPAN: i64 = 1 << 18;

/// Mixes a plan: `2 · plan.len` interleaved samples, which may lie beyond full scale.
///
/// At normal speed, gain 1 and no envelope a segment passes bit for bit, placed on the nearest sample. Other speeds are
/// resampled by cubic interpolation (pitch follows speed, as with tape); reverse reads backwards.
pub fn mix(plan: &AudioPlan, read: &mut ReadSound<'_>) -> Vec<f32> {
    let frames = usize::try_from(plan.len).unwrap_or(0);
    let mut out = vec![0.0f32; frames * 2];
    let mut scratch = Vec::new();
    for s in &plan.segments {
        let (from, to) = (s.start.max(plan.start), (s.start.saturating_add(s.len)).min(plan.start.saturating_add(plan.len)));
        if from >= to {
            continue;
        }
        let (a, b) = ((from - plan.start) as usize, (to - plan.start) as usize);
        add_segment(s, from - s.start, &mut out[a * 2..b * 2], &mut scratch, read);
    }
    out
}

/// Adds a segment from its sample `offset` on to `out`.
fn add_segment(s: &AudioSegment, offset: i64, out: &mut [f32], scratch: &mut Vec<f32>, read: &mut ReadSound<'_>) {
    let len = (out.len() / 2) as i64;
    if s.speed.is_freeze() || s.speed.1 == 0 {
        return;
    }
    if s.speed.is_normal() {
        let at = nearest_sample(s.source.0) + offset;
        scratch.clear();
        scratch.resize(out.len(), 0.0);
        read(s.media, at, scratch);
        add_shaped(s, offset, scratch, out);
        return;
    }
    let (num, den) = (i64::from(s.speed.0), i64::from(s.speed.1));
    // as many output samples at a time as keep the media samples in between within bounds
    let step = ((i128::from(MAX_SPAN) * i128::from(den)) / i128::from(num.unsigned_abs())).clamp(1, i128::from(len.max(1))) as i64;
    let mut resampled = vec![0.0f32; step as usize * 2];
    let mut done = 0;
    while done < len {
        let n = step.min(len - done);
        let block = &mut resampled[..n as usize * 2];
        resample(s, offset + done, block, scratch, read);
        add_shaped(s, offset + done, block, &mut out[done as usize * 2..(done + n) as usize * 2]);
        done += n;
    }
}

/// The sample nearest to a time in flicks.
fn nearest_sample(flicks: i64) -> i64 {
    (flicks + FLICKS_PER_SAMPLE / 2).div_euclid(FLICKS_PER_SAMPLE)
}

/// Media position of a segment's sample `n`, as whole sample and rest in 0–1.
fn position(s: &AudioSegment, n: i64) -> (i64, f32) {
    let (num, den) = (i128::from(s.speed.0), i128::from(s.speed.1));
    let unit = den * i128::from(FLICKS_PER_SAMPLE);
    let exact = i128::from(s.source.0) * den + i128::from(n) * num * i128::from(FLICKS_PER_SAMPLE);
    let whole = exact.div_euclid(unit);
    let rest = exact.rem_euclid(unit) as f64 / unit as f64;
    (whole.clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4)) as i64, rest as f32)
}

fn resample(s: &AudioSegment, offset: i64, out: &mut [f32], scratch: &mut Vec<f32>, read: &mut ReadSound<'_>) {
    let last = offset + (out.len() / 2) as i64 - 1;
    let (a, b) = (position(s, offset).0, position(s, last).0);
    // one sample before and two after each position for the cubic
    let (from, to) = (a.min(b) - 1, a.max(b) + 3);
    scratch.clear();
    scratch.resize((to - from) as usize * 2, 0.0);
    read(s.media, from, scratch);
    for (i, pair) in out.chunks_exact_mut(2).enumerate() {
        let (whole, t) = position(s, offset + i as i64);
        let at = (whole - 1 - from) as usize * 2;
        for (c, v) in pair.iter_mut().enumerate() {
            let p = |k: usize| scratch.get(at + k * 2 + c).copied().unwrap_or(0.0);
            *v = catmull_rom(p(0), p(1), p(2), p(3), t);
        }
    }
}

/// The cubic through `b` (t = 0) and `c` (t = 1) whose slopes there are those of their neighbours (Catmull & Rom 1974).
fn catmull_rom(a: f32, b: f32, c: f32, d: f32, t: f32) -> f32 {
    let (m0, m1) = ((c - a) * 0.5, (d - b) * 0.5);
    let (t2, t3) = (t * t, t * t * t);
    (2.0 * t3 - 3.0 * t2 + 1.0) * b + (t3 - 2.0 * t2 + t) * m0 + (3.0 * t2 - 2.0 * t3) * c + (t3 - t2) * m1
}

/// `out += samples · gain · envelope`, walking the envelope's corners.
fn add_shaped(s: &AudioSegment, offset: i64, samples: &[f32], out: &mut [f32]) {
    let corners = &s.envelope.0;
    let len = (out.len() / 2) as i64;
    let mut n = 0;
    while n < len {
        let at = offset + n;
        let next = corners.partition_point(|c| c.0 <= at);
        let run = corners.get(next).map_or(len - n, |c| (c.0 - at).min(len - n));
        let (from, slope) = match (next.checked_sub(1).and_then(|i| corners.get(i)), corners.get(next)) {
            (Some(a), Some(b)) => {
                let slope = f64::from(b.1 - a.1) / (b.0 - a.0) as f64;
                (f64::from(a.1) + slope * (at - a.0) as f64, slope)
            }
            (Some(a), None) => (f64::from(a.1), 0.0),
            (None, Some(b)) => (f64::from(b.1), 0.0),
            (None, None) => (1.0, 0.0),
        };
        let range = n as usize * 2..(n + run) as usize * 2;
        for (i, (o, v)) in out[range.clone()].chunks_exact_mut(2).zip(samples[range].chunks_exact(2)).enumerate() {
            let e = (from + slope * i as f64) as f32;
            o[0] += v[0] * (s.gain[0] * e);
            o[1] += v[1] * (s.gain[1] * e);
        }
        n += run;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::Time, model::Speed, plan::Envelope};
    use proptest::prelude::*;

    /// Left counts samples (scaled), right is its negative; silence outside 0..48000.
    fn counting(_: MediaId, start: i64, out: &mut [f32]) {
        for (i, p) in out.chunks_exact_mut(2).enumerate() {
            let n = start + i as i64;
            let v = if (0..48_000).contains(&n) { n as f32 / 65_536.0 } else { 0.0 };
            p.copy_from_slice(&[v, -v]);
        }
    }

    fn segment(start: i64, len: i64, source: Time) -> AudioSegment {
        AudioSegment { media: MediaId(1), start, len, source, speed: Speed::NORMAL, gain: [1.0; 2], envelope: Envelope::default() }
    }

    fn plan(start: i64, len: i64, segments: Vec<AudioSegment>) -> AudioPlan {
        AudioPlan { start, len, segments }
    }

    #[test]
    fn an_untouched_segment_passes_bit_for_bit_on_its_sample() {
        let out = mix(&plan(100, 50, vec![segment(110, 20, Time::from_samples(1000, MIX_RATE))]), &mut counting);
        let left: Vec<f32> = out.chunks_exact(2).map(|p| p[0]).collect();
        let want: Vec<f32> =
            (100..150).map(|n: i64| if (110..130).contains(&n) { (1000 + n - 110) as f32 / 65_536.0 } else { 0.0 }).collect();
        assert_eq!(left, want);
    }

    #[test]
    fn sounds_add_up_beyond_full_scale() {
        let mut loud = |_: MediaId, _: i64, out: &mut [f32]| out.fill(0.75);
        let one = segment(0, 10, Time::ZERO);
        let sum = mix(&plan(0, 10, vec![one.clone(), one]), &mut loud);
        assert!(sum.iter().all(|v| *v == 1.5), "{sum:?}");
    }

    #[test]
    fn double_speed_reads_every_second_sample_and_reverse_reads_backwards() {
        let mut s = segment(0, 100, Time::from_samples(500, MIX_RATE));
        s.speed = Speed(2, 1);
        let out = mix(&plan(0, 100, vec![s.clone()]), &mut counting);
        assert!((0..100).all(|n| out[n * 2] == (500 + 2 * n) as f32 / 65_536.0));
        s.speed = Speed::REVERSE;
        let out = mix(&plan(0, 100, vec![s.clone()]), &mut counting);
        assert!((0..100).all(|n| out[n * 2] == (500 - n) as f32 / 65_536.0));
        s.speed = Speed(1, 2);
        let out = mix(&plan(0, 100, vec![s]), &mut counting);
        assert!((0..100).all(|n| (out[n * 2] * 65_536.0 - (500.0 + n as f32 / 2.0)).abs() < 0.01), "a straight line stays one");
    }

    #[test]
    fn an_extreme_speed_needs_no_extreme_memory() {
        let mut s = segment(0, 1000, Time::ZERO);
        s.speed = Speed(i32::MAX, 1);
        let mut largest = 0;
        let mut read = |_: MediaId, _: i64, out: &mut [f32]| largest = largest.max(out.len());
        mix(&plan(0, 1000, vec![s]), &mut read);
        assert!(largest <= 2 * (MAX_SPAN as usize + 4));
    }

    #[test]
    fn gain_and_envelope_follow_their_corners() {
        let mut s = segment(0, 100, Time::ZERO);
        (s.gain, s.envelope) = ([0.5, 0.25], Envelope(vec![(-10, 0.0), (10, 1.0), (90, 1.0), (110, 0.0)]));
        let mut ones = |_: MediaId, _: i64, out: &mut [f32]| out.fill(1.0);
        let out = mix(&plan(0, 100, vec![s.clone()]), &mut ones);
        for n in 0..100 {
            let e = s.envelope.gain_at(n);
            assert!((out[n as usize * 2] - 0.5 * e).abs() < 1e-6 && (out[n as usize * 2 + 1] - 0.25 * e).abs() < 1e-6, "{n}");
        }
    }

    proptest! {
        #[test]
        fn a_stretch_sounds_the_same_however_it_is_cut(cut in 1i64..4999, speed in prop::sample::select(vec![(1, 1u32), (2, 1), (-1, 1), (3, 7), (-5, 2)]), source in 0i64..40_000_000) {
            let mut s = segment(0, 5000, Time(source));
            (s.speed, s.gain) = (Speed(speed.0, speed.1), [0.7, 1.3]);
            let whole = mix(&plan(0, 5000, vec![s.clone()]), &mut counting);
            let mut parts = mix(&plan(0, cut, vec![s.clone()]), &mut counting);
            parts.extend(mix(&plan(cut, 5000 - cut, vec![s]), &mut counting));
            prop_assert!(whole.iter().zip(&parts).all(|(a, b)| (a - b).abs() < 1e-6));
        }
    }
}
