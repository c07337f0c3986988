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
    /// The outer samples for inner samples `[from, to)`: neighbours stay neighbours, and the first may lie less than a sample
    /// early, as a clip's first does.
    fn span(self, from: i64, to: i64) -> (i64, i64) {
        if self.speed.0 > 0 {
            (self.outer(from, Rounding::Floor), self.outer(to, Rounding::Floor))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, MediaId, SequenceId, TrackId},
        edit::{EditCommand, apply},
        model::{Clip, ClipContent, fixture::*},
        plan::{AudioPlan, audio},
    };

    const RATE: FrameRate = FrameRate::NTSC_30;

    /// Two faded, panned clips of sound on track 3 with a cross-fade between them.
    fn flat() -> Project {
        let mut p = project(RATE);
        let mut a = clip(20, 7, 100, media_content(10, Time::from_frames(200, RATE)));
        let mut b = clip(21, 107, 90, media_content(11, Time::from_frames(300, RATE)));
        (a.fade_in, b.fade_out, a.gain_db, b.pan) = (12, 20, -4.0, 0.4);
        put(&mut p, 3, [a, b]);
        with_track(&mut p, 3, |t| t.transitions.push(dissolve(30, 20, 21, 6, 9)));
        p
    }

    fn nested(p: &Project) -> Project {
        let clips = p.sequence.track(TrackId(3)).unwrap().clips.iter().map(|c| c.id).collect();
        apply(p, &EditCommand::Nest { clips, sequence: SequenceId(60), name: String::new() }).unwrap()
    }

    /// Source point and gain of every segment that sounds at a sample.
    fn at(plan: &AudioPlan, sample: i64) -> Vec<(MediaId, Time, Speed, [f32; 2])> {
        let sounding = plan.segments.iter().filter(|s| (s.start..s.start + s.len).contains(&sample));
        let point = |s: &AudioSegment| s.source + s.speed.source_span(Time((sample - s.start) * mix::FLICKS_PER_SAMPLE));
        let gain = |s: &AudioSegment| s.gain.map(|g| g * s.envelope.gain_at(sample - s.start));
        sounding.map(|s| (s.media, point(s), s.speed, gain(s))).collect()
    }

    #[track_caller]
    fn assert_same(a: &AudioPlan, b: &AudioPlan, shift: impl Fn(i64) -> i64, tolerance: f32) {
        for sample in (a.start..a.start + a.len).step_by(997) {
            let (x, y) = (at(a, sample), at(b, shift(sample)));
            assert_eq!(x.len(), y.len(), "sample {sample}");
            for (x, y) in x.iter().zip(&y) {
                assert_eq!(x.0, y.0);
                assert!((x.1 - y.1).0.abs() <= mix::FLICKS_PER_SAMPLE, "sample {sample}: {} and {}", x.1, y.1);
                assert!((x.3[0] - y.3[0]).abs() < tolerance && (x.3[1] - y.3[1]).abs() < tolerance, "sample {sample}: {x:?} {y:?}");
            }
        }
    }

    #[test]
    fn a_nest_sounds_as_its_clips_do() {
        let (p, len) = (flat(), 48_000 * 8);
        let q = nested(&p);
        assert!(q.sequence.track(TrackId(3)).unwrap().clips.iter().all(|c| c.nested().is_some()));
        assert_same(&audio(&p, 0, len), &audio(&q, 0, len), |s| s, 1e-3);
        // and so it does in any window
        assert_same(&audio(&q, 150_000, 30_000), &audio(&q, 0, len), |s| s, 1e-3);
    }

    #[test]
    fn a_nest_at_twice_the_speed_plays_its_clips_at_twice_the_speed() {
        let p = nested(&flat());
        let mut fast = p.clone();
        with_track(&mut fast, 3, |t| {
            let c: &mut Clip = std::sync::Arc::make_mut(&mut t.clips[0]);
            *c.content.source_mut().unwrap().1 = Speed(2, 1);
            (c.start, c.duration) = (0, c.duration / 2);
        });
        let start = mix::sample_of_frame(7, RATE);
        let (a, b) = (audio(&fast, 0, 48_000 * 3), audio(&p, 0, 48_000 * 8));
        assert!(a.segments.iter().all(|s| s.speed == Speed(2, 1)));
        assert_same(&a, &b, |s| s * 2 + start, 5e-3);
    }

    #[test]
    fn a_nest_played_backwards_plays_its_clips_backwards() {
        let p = nested(&flat());
        let mut back = p.clone();
        let frames = p.others[&SequenceId(60)].duration();
        with_track(&mut back, 3, |t| {
            let c: &mut Clip = std::sync::Arc::make_mut(&mut t.clips[0]);
            let (source_in, speed) = c.content.source_mut().unwrap();
            (*source_in, *speed) = (Time::from_frames(frames - 1, RATE), Speed::REVERSE);
            c.start = 0;
        });
        let (first, last) = (mix::sample_of_frame(7, RATE), mix::sample_of_frame(frames - 1, RATE));
        assert_same(&audio(&back, 0, 48_000 * 6), &audio(&p, 0, 48_000 * 8), |s| last - s + first, 5e-3);
    }

    #[test]
    fn a_nest_of_itself_ends() {
        let mut p = nested(&flat());
        let inner = ClipContent::Sequence { sequence: SequenceId(60), source_in: Time::ZERO, speed: Speed::NORMAL };
        let mut s = (*p.others[&SequenceId(60)]).clone();
        std::sync::Arc::make_mut(&mut s.tracks[0]).clips = vec![std::sync::Arc::new(clip(90, 0, 50, inner))];
        p.others.insert(SequenceId(60), std::sync::Arc::new(s));
        assert!(audio(&p, 0, 48_000).segments.is_empty());
        assert!(!p.validate().is_empty(), "and it is no sound document");
    }

    #[test]
    fn speeds_multiply_and_what_cannot_be_written_is_silent() {
        assert_eq!(product(Speed(2, 3), Speed(-3, 4)), Some(Speed(-1, 2)));
        assert_eq!(product(Speed(999_983, 1), Speed(999_979, 1)), None);
    }
}
