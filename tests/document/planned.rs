//! Plans of random timelines against a slow, plain reading of the document.

use super::{cases, program::op, run};
use montage_ai::{
    base::{FLICKS_PER_SEC, Rounding, Time},
    model::{Clip, ClipContent, Project, Track, TransitionKind},
    plan::{self, AudioPlan, AudioSegment, Source},
};
use proptest::prelude::*;

/// A microsecond: how far a source point may lie from a picture's edge and still count as either side of it.
const SLACK: i64 = FLICKS_PER_SEC / 1_000_000;

/// What one input of a layer is expected to be.
#[derive(Debug)]
enum Expected<'a> {
    Clip(&'a Clip),
    Color,
}

/// What shows at a frame of a track, by looking at every clip and every transition.
fn shown(track: &Track, frame: i64) -> Vec<Expected<'_>> {
    let clip = |id| track.clips.iter().find(|c| c.id == id).unwrap();
    for x in &track.transitions {
        let (l, r) = (clip(x.left), clip(x.right));
        let done = frame - (r.start - x.before);
        if (0..x.before + x.after).contains(&done) {
            let first_half = 2 * done + 1 < x.before + x.after;
            let middle = 2 * done + 1 == x.before + x.after;
            return match x.kind {
                TransitionKind::CrossDissolve | TransitionKind::Wipe { .. } | TransitionKind::Slide { .. } => {
                    vec![Expected::Clip(l), Expected::Clip(r)]
                }
                TransitionKind::DipToColor { .. } if middle => vec![Expected::Color],
                TransitionKind::DipToColor { .. } if first_half => vec![Expected::Clip(l), Expected::Color],
                TransitionKind::DipToColor { .. } => vec![Expected::Color, Expected::Clip(r)],
            };
        }
    }
    track.clips.iter().filter(|c| c.start <= frame && frame < c.end()).map(|c| Expected::Clip(c)).collect()
}

/// The clips that have a part in a frame of a track.
fn under(track: &Track, frame: i64) -> Vec<&Clip> {
    let clip = |id| track.clips.iter().find(|c| c.id == id).unwrap();
    for x in &track.transitions {
        let (l, r) = (clip(x.left), clip(x.right));
        if (r.start - x.before..r.start + x.after).contains(&frame) {
            return vec![l, r];
        }
    }
    track.clips.iter().filter(|c| c.contains(frame)).map(|c| &**c).collect()
}

fn adjusts(c: &Clip, frame: i64) -> bool {
    let works = c.effects.iter().any(|e| e.enabled) && c.transform_at(frame).opacity > 0.0;
    c.enabled && works && c.content == ClipContent::Adjustment
}

fn is_visible(p: &Project, c: &Clip, frame: i64) -> bool {
    let crop = &c.transform.crop;
    let has_picture = p.media_of(&c.content).is_none_or(|m| m.info.video.is_some());
    let shows = c.content != ClipContent::Adjustment && has_picture && c.transform_at(frame).opacity > 0.0;
    c.enabled && shows && crop.left + crop.right < 1.0
}

/// The picture numbers that may show: the exact source point, give or take a microsecond, within the media.
fn pictures(p: &Project, c: &Clip, frame: i64) -> Option<[i64; 2]> {
    let ClipContent::Media { source_in, speed, .. } = c.content else { return None };
    let info = &p.media_of(&c.content)?.info;
    let (video, rate) = (info.video.as_ref()?, p.sequence.frame_rate);
    if video.still {
        return Some([0, 0]);
    }
    let span = i128::from(frame - c.start) * i128::from(rate.den()) * i128::from(FLICKS_PER_SEC) * i128::from(speed.0)
        / (i128::from(rate.num()) * i128::from(speed.1));
    let at = |slack: i64| {
        let point = source_in.0 + span as i64 + slack;
        Time(point.clamp(0, info.duration.0 - SLACK)).to_frames(video.frame_rate, Rounding::Floor)
    };
    Some([at(-SLACK), at(SLACK)])
}

fn source_at(s: &AudioSegment, sample: i64) -> Time {
    s.source + s.speed.source_span(Time::from_samples(sample - s.start, 48_000))
}

/// The segments that sound at a sample, in order.
fn heard(plans: &[&AudioPlan], sample: i64) -> Vec<AudioSegment> {
    let all = plans.iter().flat_map(|p| &p.segments);
    let mut found: Vec<_> = all.filter(|s| (s.start..s.start + s.len).contains(&sample)).cloned().collect();
    found.sort_by_key(|s| (s.media, source_at(s, sample)));
    found
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn every_frame_of_a_random_timeline_plans_the_clips_that_lie_there(ops in prop::collection::vec(op(), 20..60)) {
        let (h, _) = run(&ops)?;
        let p = h.current();
        for frame in -1..p.sequence.duration().min(700) + 1 {
            let plan = plan::frame(p, frame, 1);
            let (adjusted, pictures_of): (Vec<_>, Vec<_>) = plan.layers.iter().partition(|l| l.adjust.is_some());
            let mut adjusting = Vec::new();
            let mut layers = pictures_of.into_iter();
            for track in p.sequence.video_tracks().filter(|t| !t.muted) {
                let mut expected = shown(track, frame);
                expected.retain(|e| !matches!(e, Expected::Clip(c) if !is_visible(p, c, frame)));
                for clip in under(track, frame).into_iter().filter(|c| adjusts(c, frame)) {
                    adjusting.push(clip.effects.iter().filter(|e| e.enabled).count());
                }
                if expected.is_empty() {
                    continue;
                }
                let Some(layer) = layers.next() else { return Err(TestCaseError::fail(format!("no layer at {frame}: {expected:?}"))) };
                prop_assert_eq!(layer.inputs.len(), expected.len(), "frame {}: {:?}", frame, expected);
                for (input, expected) in layer.inputs.iter().zip(expected) {
                    prop_assert!(input.weight > 0.0 && input.weight <= 1.0);
                    match (&input.source, expected) {
                        (Source::Media(m), Expected::Clip(c)) => {
                            prop_assert_eq!(Some(m.media), c.media());
                            let rate = p.media[&m.media].info.video.as_ref().unwrap().frame_rate;
                            let [low, high] = pictures(p, c, frame).unwrap();
                            let got = m.time.to_frames(rate, Rounding::Floor);
                            prop_assert!(got == low || got == high, "frame {frame} of {c:?}: {got}, not {low} or {high}");
                        }
                        (Source::Title(t), Expected::Clip(c)) => prop_assert_eq!(&ClipContent::Title(t.clone()), &c.content),
                        (Source::Solid(color), Expected::Clip(c)) => {
                            prop_assert_eq!(&ClipContent::Solid { color: *color }, &c.content);
                        }
                        (Source::Solid(_), Expected::Color) => {}
                        (Source::Nested(inner), Expected::Clip(c)) => {
                            let s = p.sequence_of(c.nested().unwrap()).unwrap();
                            let wanted = c.source_at(frame, p.sequence.frame_rate).unwrap().to_frames(s.frame_rate, Rounding::Floor);
                            prop_assert!((inner.frame - wanted.clamp(0, (s.duration() - 1).max(0))).abs() <= 1);
                            prop_assert_eq!(inner.hash, plan::frame_of(p, s, inner.frame, 1).hash);
                        }
                        (source, expected) => return Err(TestCaseError::fail(format!("{source:?} for {expected:?}"))),
                    }
                }
            }
            prop_assert!(layers.next().is_none(), "a layer too many at {}", frame);
            let effects: Vec<usize> = adjusted.iter().filter_map(|l| l.adjust.as_ref()).map(|a| a.effects.len()).collect();
            prop_assert_eq!(effects, adjusting, "adjustments at {}", frame);
        }
    }

    #[test]
    fn sound_does_not_depend_on_the_window_it_is_asked_in(
        ops in prop::collection::vec(op(), 20..60),
        cuts in (0i64..400_000, 0i64..400_000, 0i64..400_000),
    ) {
        let (h, _) = run(&ops)?;
        let mut cuts = [cuts.0, cuts.1, cuts.2];
        cuts.sort_unstable();
        let [a, b, c] = cuts;
        let (first, second, whole) = (plan::audio(h.current(), a, b - a), plan::audio(h.current(), b, c - b), plan::audio(h.current(), a, c - a));
        // every point where something begins or ends, and its neighbours
        let edges = whole.segments.iter().flat_map(|s| [s.start, s.start + s.len, s.start + s.len / 3]).chain(cuts);
        let mut samples: Vec<i64> = edges.flat_map(|e| [e - 1, e, e + 1]).filter(|s| (a..c).contains(s)).collect();
        samples.sort_unstable();
        samples.dedup();
        for s in samples {
            let (apart, together) = (heard(&[&first, &second], s), heard(&[&whole], s));
            prop_assert_eq!(apart.len(), together.len(), "at sample {}", s);
            for (x, y) in apart.iter().zip(&together) {
                prop_assert_eq!((x.media, x.speed, x.gain), (y.media, y.speed, y.gain));
                prop_assert!((source_at(x, s) - source_at(y, s)).0.abs() <= 2, "at sample {}", s);
                let (x, y) = (x.envelope.gain_at(s - x.start), y.envelope.gain_at(s - y.start));
                prop_assert!((x - y).abs() < 1e-4 && (0.0..=1.2).contains(&x), "at sample {s}: {x} and {y}");
            }
        }
    }

    #[test]
    fn a_track_without_transitions_never_sounds_twice_nor_skips_a_sample(ops in prop::collection::vec(op(), 20..60)) {
        let (h, _) = run(&ops)?;
        let mut p = (**h.current()).clone();
        let Some(track) = p.sequence.audio_tracks().next() else { return Ok(()) };
        let mut t = (**track).clone();
        t.transitions.clear();
        (t.muted, t.solo, t.gain_db) = (false, false, 0.0);
        t.clips.retain(|c| c.enabled && !c.speed().is_freeze() && p.media_of(&c.content).is_some_and(|m| m.info.audio.is_some()));
        let clips = t.clips.clone();
        std::sync::Arc::make_mut(&mut p.sequence).tracks = vec![std::sync::Arc::new(t)];
        let plan = plan::audio(&p, 0, 48_000 * 3600);
        prop_assert_eq!(plan.segments.len(), clips.len());
        for (segment, clip) in plan.segments.iter().zip(&clips) {
            prop_assert_eq!(segment.start, plan::sample_of_frame(clip.start, p.sequence.frame_rate));
            prop_assert_eq!(segment.start + segment.len, plan::sample_of_frame(clip.end(), p.sequence.frame_rate));
        }
    }
}
