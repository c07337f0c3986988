//! The sound of a stretch of timeline: which clips sound, from where in their media, how loud.

use super::{AudioPlan, AudioSegment, Envelope, compose::transitions_of, nested_mix};
use crate::{
    base::{FLICKS_PER_SEC, FrameRate, MIX_RATE, Rounding, Time},
    model::{Clip, ClipContent, Curve, Ease, Key, Project, SOFT_SECS, Sequence, Speed, Track, TransitionKind, db_to_gain},
};
use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, SQRT_2};

/// Straight pieces that stand for one equal-power curve: off by at most (π/2 / 32)² / 8 = 0.0003, −70 dB.
const CURVE_PIECES: i64 = 32;

/// Decibels that one straight piece of an animated volume spans: off by at most (0.115)² / 8 of the gain, 0.015 dB.
const DB_PER_PIECE: f32 = 1.0;
/// Most straight pieces between two keys.
const MAX_PIECES: i64 = 128;

/// Sequences within sequences that are heard; a sound document has no circles.
const MAX_DEPTH: u32 = 16;

/// Flicks in one mix sample, a whole number.
pub(super) const FLICKS_PER_SAMPLE: i64 = FLICKS_PER_SEC / MIX_RATE as i64;

/// A soft end, in mix samples.
const SOFT_SAMPLES: i64 = SOFT_SECS.0 / FLICKS_PER_SAMPLE;

/// First mix sample of a timeline frame: the exact start of the frame, rounded down.
///
/// One rounding of the frame *number*, never a sum of rounded lengths, so adjacent clips tile without gap or overlap and
/// an hour is exact.
pub fn sample_of_frame(frame: i64, rate: FrameRate) -> i64 {
    let num = i128::from(frame) * i128::from(rate.den()) * i128::from(MIX_RATE);
    Rounding::Floor.div(num, i128::from(rate.num())).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// The frame that a mix sample lies in or just before (the floor of its time).
fn frame_of_sample(sample: i64, rate: FrameRate) -> i64 {
    let den = i128::from(rate.den()) * i128::from(MIX_RATE);
    Rounding::Floor.div(i128::from(sample) * i128::from(rate.num()), den).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

/// Plan mix samples `[start, start + len)` of the project's sequence.
///
/// Clips on audio tracks only. While any audio track is solo, the others are silent; muted ones always are. What is
/// planned for a sample does not depend on the window it was asked in. Binary search per track.
pub fn audio(project: &Project, start: i64, len: i64) -> AudioPlan {
    let len = len.max(0);
    let window = (start, start.saturating_add(len));
    AudioPlan { start, len, segments: heard(project, &project.sequence, window, MAX_DEPTH) }
}

/// What is heard of a sequence in a window of its own samples; `depth` more sequences may be entered.
pub(super) fn heard(project: &Project, s: &Sequence, window: (i64, i64), depth: u32) -> Vec<AudioSegment> {
    let any_solo = s.audio_tracks().any(|t| t.solo);
    let tracks = s.audio_tracks().filter(|t| !t.muted && (t.solo || !any_solo));
    tracks.flat_map(|t| segments_of(project, s, t, window, depth)).collect()
}

fn segments_of(project: &Project, s: &Sequence, t: &Track, window: (i64, i64), depth: u32) -> Vec<AudioSegment> {
    // One frame more at each side for the rounding of samples, one clip more for those that a transition draws in.
    let (from, to) = (frame_of_sample(window.0, s.frame_rate), frame_of_sample(window.1, s.frame_rate));
    let first = t.clips.partition_point(|c| c.end() < from).saturating_sub(1);
    let end = (t.clips.partition_point(|c| c.start <= to.saturating_add(1)) + 1).min(t.clips.len());
    let track_gain = db_to_gain(t.gain_db);
    let near = &t.clips[first..end.max(first)];
    near.iter().filter_map(|c| sounding(s.frame_rate, t, c, track_gain, window)).flat_map(|c| c.segments(project, window, depth)).collect()
}

/// A clip that sounds in a window.
pub(super) struct Sounding<'a> {
    pub content: &'a ClipContent,
    /// First frame and rate of its sequence.
    pub start: i64,
    pub rate: FrameRate,
    /// Mix samples.
    pub from: i64,
    pub to: i64,
    pub source_in: Time,
    pub speed: Speed,
    pub gain: [f32; 2],
    pub envelope: Envelope,
}

fn sounding<'a>(rate: FrameRate, track: &Track, clip: &'a Clip, track_gain: f32, window: (i64, i64)) -> Option<Sounding<'a>> {
    let (source_in, speed) = clip.content.source()?;
    if !clip.enabled || speed.is_freeze() {
        return None;
    }
    // an animated volume is part of the envelope
    let own_gain = if clip.keyframes.gain_db.is_empty() { db_to_gain(clip.gain_db) } else { 1.0 };
    let gain = own_gain * track_gain;
    if gain <= 0.0 || gain.is_nan() {
        return None;
    }
    let shape = Shape::of(track, clip, rate);
    let (from, to) = (shape.start.max(window.0), shape.end.min(window.1));
    if from >= to {
        return None;
    }
    let pan = pan_gains(clip.pan);
    let gain = [gain * pan[0], gain * pan[1]];
    Some(Sounding { content: &clip.content, start: clip.start, rate, from, to, source_in, speed, gain, envelope: shape.envelope(from, to) })
}

impl Sounding<'_> {
    fn segments(self, project: &Project, window: (i64, i64), depth: u32) -> Vec<AudioSegment> {
        match *self.content {
            ClipContent::Media { media, .. } if project.media.get(&media).is_some_and(|m| m.info.audio.is_some()) => {
                let source = self.source_in + source_offset(self.start, self.rate, self.speed, self.from);
                let Self { from: start, to, speed, gain, envelope, .. } = self;
                vec![AudioSegment { media, start, len: to - start, source, speed, gain, envelope }]
            }
            ClipContent::Sequence { sequence, .. } if depth > 0 => match project.sequence_of(sequence) {
                Some(s) => nested_mix::segments(project, s, &self, window, depth - 1),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// Media time between the clip's in-point and mix sample `sample`: `speed · (sample / 48000 − start / rate)`.
///
/// Measured from the exact start of the clip's first frame, not from the sample it was rounded to: the two halves of a
/// split clip then read on without a jump, and the first sample of a clip may lie less than one sample before its
/// in-point.
pub(super) fn source_offset(start: i64, rate: FrameRate, speed: Speed, sample: i64) -> Time {
    let elapsed = Time(sample.saturating_mul(FLICKS_PER_SAMPLE)) - Time::from_frames(start, rate);
    speed.source_span(elapsed)
}

/// Constant-power pan as left and right factors, 1 in the middle (an untouched clip passes unchanged), √2 at a side.
fn pan_gains(pan: f32) -> [f32; 2] {
    if pan == 0.0 || pan.is_nan() {
        return [1.0, 1.0];
    }
    let pan = pan.clamp(-1.0, 1.0);
    match pan {
        -1.0 => [SQRT_2, 0.0],
        1.0 => [0.0, SQRT_2],
        _ => {
            let angle = (pan + 1.0) * FRAC_PI_4;
            [SQRT_2 * angle.cos(), SQRT_2 * angle.sin()]
        }
    }
}

/// Over which samples a clip sounds and how it rises and falls there.
struct Shape<'a> {
    start: i64,
    end: i64,
    rise: Option<Ramp>,
    fall: Option<Ramp>,
    volume: Volume<'a>,
}

/// An animated volume, on the samples of the timeline.
struct Volume<'a> {
    curve: &'a Curve<f32>,
    start: i64,
    rate: FrameRate,
}

impl Volume<'_> {
    fn sample(&self, key: &Key<f32>) -> i64 {
        sample_of_frame(self.start.saturating_add(key.frame), self.rate)
    }
    fn corners(&self, into: &mut Vec<i64>) {
        let keys = self.curve.keys();
        into.extend(keys.iter().map(|k| self.sample(k)));
        for pair in keys.windows(2) {
            let (a, b) = (self.sample(&pair[0]), self.sample(&pair[1]));
            if pair[0].ease == Ease::Hold {
                into.push(b - 1);
                continue;
            }
            let by_size = ((pair[1].value - pair[0].value).abs() / DB_PER_PIECE).ceil() as i64;
            let least = if pair[0].ease == Ease::Linear { 1 } else { CURVE_PIECES };
            let pieces = by_size.clamp(least, MAX_PIECES).min((b - a).max(1));
            into.extend((1..pieces).map(|i| a + (b - a) * i / pieces));
        }
    }
    /// Gain factor at a sample; 1 without keys.
    fn at(&self, sample: i64) -> f32 {
        let keys = self.curve.keys();
        let next = keys.partition_point(|k| self.sample(k) <= sample);
        let db = match (next.checked_sub(1).map(|i| &keys[i]), keys.get(next)) {
            (Some(a), Some(b)) => {
                let (from, to) = (self.sample(a), self.sample(b));
                a.value + (b.value - a.value) * a.ease.share((sample - from) as f64 / (to - from).max(1) as f64) as f32
            }
            (Some(k), None) | (None, Some(k)) => k.value,
            (None, None) => return 1.0,
        };
        db_to_gain(db)
    }
}

/// A rise from nothing to full over samples `[from, to)`; for a fall read it backwards.
struct Ramp {
    from: i64,
    to: i64,
    equal_power: bool,
}

impl Ramp {
    fn of(kind: TransitionKind, (from, to): (i64, i64), incoming: bool) -> Self {
        let middle = from + (to - from) / 2;
        match kind {
            TransitionKind::CrossDissolve | TransitionKind::Wipe { .. } | TransitionKind::Slide { .. } => {
                Self { from, to, equal_power: true }
            }
            // Sound has no colour: the outgoing half falls to silence, the incoming one rises from it.
            TransitionKind::DipToColor { .. } if incoming => Self { from: middle, to, equal_power: false },
            TransitionKind::DipToColor { .. } => Self { from, to: middle, equal_power: false },
        }
    }
    fn linear(from: i64, to: i64) -> Self {
        Self { from, to, equal_power: false }
    }
    fn corners(&self, into: &mut Vec<i64>) {
        let pieces = if self.equal_power { CURVE_PIECES.min((self.to - self.from).max(1)) } else { 1 };
        into.extend((0..=pieces).map(|i| self.from + ((self.to - self.from) * i) / pieces));
    }
    /// Factor of a rise at `sample`.
    fn at(&self, sample: i64) -> f32 {
        if sample >= self.to {
            return 1.0;
        }
        let p = ((sample - self.from) as f64 / (self.to - self.from) as f64).max(0.0) as f32;
        if self.equal_power { (p * FRAC_PI_2).sin() } else { p }
    }
    /// Factor of a fall at `sample`: the mirrored rise.
    fn mirrored_at(&self, sample: i64) -> f32 {
        self.at(self.from.saturating_add(self.to).saturating_sub(sample))
    }
}

impl<'a> Shape<'a> {
    fn of(track: &Track, clip: &'a Clip, rate: FrameRate) -> Self {
        let sample = |frame: i64| sample_of_frame(frame, rate);
        let (before, after) = transitions_of(track, clip);
        let volume = Volume { curve: &clip.keyframes.gain_db, start: clip.start, rate };
        let mut shape = Self { start: sample(clip.start), end: sample(clip.end()), rise: None, fall: None, volume };
        if let Some(x) = before {
            let span = (sample(clip.start - x.before), sample(clip.start + x.after));
            let ramp = Ramp::of(x.kind, span, true);
            shape.start = ramp.from.min(shape.end);
            shape.rise = Some(ramp);
        } else if clip.fade_in > 0 {
            shape.rise = Some(Ramp::linear(shape.start, sample(clip.start + clip.fade_in)));
        } else if clip.soft_in {
            shape.rise = Some(Ramp::linear(shape.start, shape.start + SOFT_SAMPLES));
        }
        if let Some(x) = after {
            let span = (sample(clip.end() - x.before), sample(clip.end() + x.after));
            let ramp = Ramp::of(x.kind, span, false);
            shape.end = ramp.to.max(shape.start);
            shape.fall = Some(ramp);
        } else if clip.fade_out > 0 {
            shape.fall = Some(Ramp::linear(sample(clip.end() - clip.fade_out), shape.end));
        } else if clip.soft_out {
            shape.fall = Some(Ramp::linear(shape.end - SOFT_SAMPLES, shape.end));
        }
        shape
    }

    fn at(&self, sample: i64) -> f32 {
        let fades = self.rise.as_ref().map_or(1.0, |r| r.at(sample)) * self.fall.as_ref().map_or(1.0, |f| f.mirrored_at(sample));
        fades * self.volume.at(sample)
    }

    /// Corners around `[from, to)`, with one corner beyond each side so that the slope at the window's edge is kept.
    fn envelope(&self, from: i64, to: i64) -> Envelope {
        let mut corners = Vec::new();
        for ramp in [&self.rise, &self.fall].into_iter().flatten() {
            ramp.corners(&mut corners);
        }
        self.volume.corners(&mut corners);
        corners.sort_unstable();
        corners.dedup();
        let first = corners.partition_point(|c| *c <= from).saturating_sub(1);
        let end = (corners.partition_point(|c| *c < to) + 1).min(corners.len());
        let points: Vec<(i64, f32)> = corners[first..end.max(first)].iter().map(|c| (c - from, self.at(*c))).collect();
        // A window in the flat part needs no envelope.
        if points.iter().all(|p| p.1 == 1.0) { Envelope::default() } else { Envelope(points) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::MediaId, model::fixture::*};
    use std::sync::Arc;

    fn cut_up(rate: FrameRate) -> Project {
        let mut p = project(rate);
        let piece = |id: u64, start: i64, end: i64| clip(id, start, end - start, media_content(10, Time::from_frames(start, rate)));
        put(&mut p, 3, [piece(20, 0, 7), piece(21, 7, 8), piece(22, 8, 333), piece(23, 333, 1000)]);
        p
    }

    #[test]
    fn adjacent_clips_tile_and_read_on_where_the_last_one_stopped() {
        for rate in [FrameRate::NTSC_30, FrameRate::NTSC_24, FrameRate::FPS_25, FrameRate::NTSC_60] {
            let plan = audio(&cut_up(rate), 0, 48_000 * 60);
            let mut at = 0;
            for s in &plan.segments {
                assert_eq!(s.start, at);
                // The sequence plays the film as it is: sample n of the timeline is sample n of the file.
                assert_eq!(s.source, Time(s.start * FLICKS_PER_SAMPLE), "{rate}");
                at += s.len;
            }
            assert_eq!(at, sample_of_frame(1000, rate));
        }
    }

    #[test]
    fn an_hour_of_29_97_ends_on_the_right_sample() {
        // 107,892 frames × 1001/30000 s × 48000 = 172,799,827.2
        assert_eq!(sample_of_frame(107_892, FrameRate::NTSC_30), 172_799_827);
        assert_eq!(sample_of_frame(-1, FrameRate::NTSC_30), -1602);
    }

    #[test]
    fn windows_cut_segments_and_keep_their_source() {
        let p = cut_up(FrameRate::FPS_25);
        let s = &audio(&p, 20_000, 100).segments[0];
        assert_eq!((s.start, s.len, s.source), (20_000, 100, Time(20_000 * FLICKS_PER_SAMPLE)));
        assert!(audio(&p, -500, 500).segments.is_empty());
        assert!(audio(&p, 48_000 * 40, 4800).segments.is_empty());
        assert!(audio(&p, 0, -3).segments.is_empty());
    }

    #[test]
    fn muted_tracks_are_silent_and_solo_silences_the_others() {
        let mut p = cut_up(FrameRate::FPS_25);
        put(&mut p, 5, [clip(30, 0, 100, media_content(13, Time::ZERO))]);
        put(&mut p, 2, [clip(31, 0, 100, media_content(11, Time::ZERO))]);
        let heard = |p: &Project| audio(p, 0, 100).segments.iter().map(|s| s.media.0).collect::<Vec<_>>();
        assert_eq!(heard(&p), [10, 13], "clips on video tracks make no sound");
        with_track(&mut p, 5, |t| t.solo = true);
        assert_eq!(heard(&p), [13]);
        with_track(&mut p, 5, |t| t.muted = true);
        assert!(heard(&p).is_empty());
    }

    #[test]
    fn gains_multiply_and_pan_keeps_the_power() {
        let mut p = project(FrameRate::FPS_25);
        let mut c = clip(20, 0, 100, media_content(10, Time::ZERO));
        c.gain_db = -6.0;
        put(&mut p, 3, [c]);
        with_track(&mut p, 3, |t| t.gain_db = 6.0);
        assert_eq!(audio(&p, 0, 10).segments[0].gain.map(|g| (g * 1e5).round()), [1e5; 2]);
        for pan in [-1.0, -0.3, 0.0, 0.5, 1.0] {
            let [l, r] = pan_gains(pan);
            assert!((l * l + r * r - 2.0).abs() < 1e-5, "{pan}");
            assert_eq!(l > r, pan < 0.0);
        }
        with_track(&mut p, 3, |t| t.gain_db = -96.0);
        assert!(audio(&p, 0, 10).segments.is_empty());
    }

    #[test]
    fn fades_rise_from_nothing_and_fall_to_nothing() {
        let mut p = project(FrameRate::FPS_25);
        let mut c = clip(20, 0, 100, media_content(10, Time::ZERO));
        (c.fade_in, c.fade_out) = (10, 20);
        put(&mut p, 3, [c]);
        let end = 100 * 1920;
        let e = &audio(&p, 0, end).segments[0].envelope;
        assert_eq!([0, 9600, 19_200, end - 38_400, end - 19_200, end].map(|s| e.gain_at(s)), [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]);
        assert_eq!(audio(&p, 30_000, 1000).segments[0].envelope, Envelope::default(), "flat inside");
    }

    #[test]
    fn an_animated_volume_goes_straight_in_decibels() {
        let r = FrameRate::FPS_25;
        let mut p = project(r);
        let mut c = clip(20, 10, 100, media_content(10, Time::ZERO));
        let key = |frame, value, ease| Key { frame, value, ease };
        let keys = [key(0, -60.0, Ease::Linear), key(50, 6.0, Ease::Hold), key(80, -6.0, Ease::Linear), key(90, 0.0, Ease::InOut)];
        c.keyframes.gain_db = Curve::new(keys);
        c.gain_db = -30.0;
        put(&mut p, 3, [c.clone()]);
        let plan = audio(&p, 0, 200 * 1920);
        let s = &plan.segments[0];
        assert_eq!((s.start, s.gain), (10 * 1920, [1.0; 2]), "the keys take the fixed value's place");
        for sample in (0..50 * 1920).step_by(321) {
            let wanted = -60.0 + 66.0 * sample as f32 / (50.0 * 1920.0);
            let got = 20.0 * s.envelope.gain_at(sample).log10();
            assert!((got - wanted).abs() < 0.02, "{sample}: {got} dB, not {wanted}");
        }
        let db = |frame: i64| 20.0 * s.envelope.gain_at(frame * 1920).log10();
        assert!((db(79) - 6.0).abs() < 0.01 && (db(80) + 6.0).abs() < 0.01, "held, then a jump");
        assert!(db(99).abs() < 0.01);
        // a window in the middle is the same
        let part = audio(&p, 40 * 1920, 1920);
        let gain = |n: i64| (part.segments[0].envelope.gain_at(n), s.envelope.gain_at(30 * 1920 + n));
        assert!([0, 500, 1919].map(gain).iter().all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn a_cross_fade_keeps_equal_power_and_plays_the_handles() {
        let r = FrameRate::FPS_25;
        let mut p = project(r);
        let clips = [clip(20, 0, 100, media_content(10, Time::from_secs(1))), clip(21, 100, 100, media_content(11, Time::from_secs(2)))];
        put(&mut p, 3, clips);
        with_track(&mut p, 3, |t| t.transitions.push(dissolve(30, 20, 21, 10, 15)));
        let plan = audio(&p, 0, 200 * 1920);
        let [a, b] = &plan.segments[..] else { panic!("{plan:?}") };
        assert_eq!((a.start, a.start + a.len), (0, 115 * 1920));
        assert_eq!((b.start, b.start + b.len), (90 * 1920, 200 * 1920));
        assert_eq!(b.source, Time::from_secs(2) - Time::from_frames(10, r));
        for s in (90 * 1920..115 * 1920).step_by(97) {
            let (x, y) = (a.envelope.gain_at(s - a.start), b.envelope.gain_at(s - b.start));
            assert!((x * x + y * y - 1.0).abs() < 1e-3, "{x} {y}");
        }
    }

    #[test]
    fn a_dip_is_silent_in_its_middle() {
        let mut p = cut_up(FrameRate::FPS_25);
        with_track(&mut p, 3, |t| {
            let kind = TransitionKind::DipToColor { color: [0.0; 4] };
            t.transitions.push(crate::model::Transition { kind, ..dissolve(30, 22, 23, 10, 10) });
        });
        let plan = audio(&p, 320 * 1920, 30 * 1920);
        let [a, b] = &plan.segments[..] else { panic!("{plan:?}") };
        assert_eq!(a.start + a.len, 333 * 1920);
        assert_eq!(b.start, 333 * 1920);
        assert_eq!((a.envelope.gain_at(a.len), b.envelope.gain_at(0)), (0.0, 0.0));
    }

    #[test]
    fn silent_things_are_left_out() {
        let mut p = project(FrameRate::FPS_25);
        let mut frozen = media_content(10, Time::ZERO);
        if let ClipContent::Media { speed, .. } = &mut frozen {
            *speed = Speed::FREEZE;
        }
        let mut off = clip(23, 30, 10, media_content(10, Time::ZERO));
        off.enabled = false;
        put(&mut p, 3, [clip(20, 0, 10, frozen), clip(21, 10, 10, media_content(12, Time::ZERO)), off]);
        assert!(audio(&p, 0, 100_000).segments.is_empty());
        p.media.insert(MediaId(12), Arc::new(song("x", 5)));
        assert_eq!(audio(&p, 0, 100_000).segments.len(), 1);
    }

    #[test]
    fn reverse_reads_backwards_from_the_in_point() {
        let mut p = project(FrameRate::FPS_25);
        let content = ClipContent::Media { media: MediaId(10), source_in: Time::from_secs(3), speed: Speed::REVERSE };
        put(&mut p, 3, [clip(20, 25, 50, content)]);
        let s = &audio(&p, 48_000 + 4800, 10).segments[0];
        assert_eq!((s.source, s.speed), (Time::from_ratio(29, 10), Speed::REVERSE));
    }
}
