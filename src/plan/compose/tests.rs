//! Plans of small timelines, read value by value.

use super::*;
use crate::{
    base::{FLICKS_PER_SEC, MediaId},
    model::{Curve, Ease, Effect, Key, Speed, Title, fixture::*},
    plan::sole_source,
};

/// The picture numbers that the bottom video track shows over `frames`, by the nominal rate of media 10.
fn pictures(p: &Project, frames: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let rate = p.media[&MediaId(10)].info.video.as_ref().unwrap().frame_rate;
    frames
        .into_iter()
        .map(|f| match &frame(p, f, 1).layers[0].inputs[0].source {
            Source::Media(m) => m.time.to_frames(rate, Rounding::Floor),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn one_clip(rate: FrameRate, source: FrameRate, source_in: Time, speed: Speed) -> Project {
    let mut p = project(rate);
    p.media.insert(MediaId(10), std::sync::Arc::new(film("a", source, 100_000)));
    let content = ClipContent::Media { media: MediaId(10), source_in, speed };
    put(&mut p, 2, [clip(20, 7, 50_000, content)]);
    p
}

#[test]
fn equal_rates_show_each_picture_once() {
    for rate in ["24", "25", "30000/1001", "60000/1001", "24000/1001", "12", "1000/999", "50"] {
        let rate: FrameRate = rate.parse().unwrap();
        let p = one_clip(rate, rate, Time::from_frames(13, rate), Speed::NORMAL);
        let frames = (7..300).chain(40_000..40_100);
        let expected: Vec<i64> = frames.clone().map(|f| f - 7 + 13).collect();
        assert_eq!(pictures(&p, frames), expected, "{rate}");
    }
}

#[test]
fn unequal_rates_show_the_picture_on_screen_at_the_start_of_the_frame() {
    for (timeline, source) in [("30", "30000/1001"), ("30000/1001", "30"), ("25", "24000/1001"), ("24", "60"), ("60", "24")] {
        let (timeline, source): (FrameRate, FrameRate) = (timeline.parse().unwrap(), source.parse().unwrap());
        let p = one_clip(timeline, source, Time::ZERO, Speed::NORMAL);
        let frames = (7..1200).chain(31_000..31_100);
        let exact = |f: i64| {
            let num = i128::from(f - 7) * i128::from(timeline.den()) * i128::from(source.num());
            (num / (i128::from(timeline.num()) * i128::from(source.den()))) as i64
        };
        let expected: Vec<i64> = frames.clone().map(exact).collect();
        assert_eq!(pictures(&p, frames), expected, "{source} in {timeline}");
    }
}

#[test]
fn speed_reverse_and_freeze_count_from_the_in_point() {
    let r = FrameRate::NTSC_30;
    let at = Time::from_frames(100, r);
    assert_eq!(pictures(&one_clip(r, r, at, Speed(2, 1)), 7..11), [100, 102, 104, 106]);
    assert_eq!(pictures(&one_clip(r, r, at, Speed(1, 3)), 7..14), [100, 100, 100, 101, 101, 101, 102]);
    assert_eq!(pictures(&one_clip(r, r, at, Speed::REVERSE), 7..11), [100, 99, 98, 97]);
    assert_eq!(pictures(&one_clip(r, r, at, Speed::FREEZE), 7..11), [100; 4]);
}

#[test]
fn variable_rate_asks_for_the_moment_itself() {
    let r = FrameRate::FPS_25;
    let mut p = one_clip(r, r, Time::ZERO, Speed::NORMAL);
    let mut m = film("a", r, 1000);
    m.info.video.as_mut().unwrap().variable_frame_rate = true;
    p.media.insert(MediaId(10), std::sync::Arc::new(m));
    let Source::Media(m) = &frame(&p, 12, 1).layers[0].inputs[0].source else { panic!() };
    let exact = Time::from_frames(5, r);
    assert!(m.time >= exact && (m.time - exact).0 < FLICKS_PER_SEC / 500_000);
}

#[test]
fn layers_come_bottom_to_top_without_muted_tracks_and_disabled_clips() {
    let mut p = project(FrameRate::FPS_25);
    put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
    put(&mut p, 4, [clip(21, 50, 50, media_content(11, Time::ZERO))]);
    put(&mut p, 3, [clip(22, 0, 100, media_content(10, Time::ZERO))]);
    let media = |p: &Project, f| -> Vec<u64> {
        let of = |l: &Layer| match &l.inputs[0].source {
            Source::Media(m) => m.media.0,
            _ => 0,
        };
        frame(p, f, 1).layers.iter().map(of).collect()
    };
    assert_eq!(media(&p, 49), [10]);
    assert_eq!(media(&p, 50), [10, 11]);
    assert!(media(&p, 100).is_empty() && media(&p, -1).is_empty() && media(&p, i64::MAX).is_empty());
    with_track(&mut p, 2, |t| t.muted = true);
    assert_eq!(media(&p, 50), [11]);
    with_track(&mut p, 4, |t| std::sync::Arc::make_mut(&mut t.clips[0]).enabled = false);
    assert!(media(&p, 50).is_empty());
}

#[test]
fn keys_move_the_picture_and_effects_that_are_on_come_along() {
    let mut p = project(FrameRate::FPS_25);
    let mut c = clip(20, 10, 100, media_content(10, Time::ZERO));
    let key = |frame, value| Key { frame, value, ease: Ease::Linear };
    c.keyframes.opacity = Curve::new([key(0, 0.0), key(10, 1.0)]);
    let place = |frame, value| Key { frame, value, ease: Ease::Linear };
    c.keyframes.position = Curve::new([place(0, (0.0, 0.0)), place(10, (100.0, 50.0))]);
    let off = Effect { enabled: false, ..Effect::new(EffectKind::Saturation { amount: 0.0 }) };
    c.effects = vec![off, Effect::new(EffectKind::Exposure { stops: 1.0 })];
    put(&mut p, 2, [c]);
    assert!(frame(&p, 10, 1).layers.is_empty(), "not there yet");
    let input = |f| frame(&p, f, 1).layers[0].inputs[0].clone();
    assert_eq!((input(15).weight, input(15).transform.0[2], input(15).transform.0[5]), (0.5, 50.0, 25.0));
    assert_eq!((input(20).weight, input(20).effects), (1.0, vec![EffectKind::Exposure { stops: 1.0 }]));
    assert!(sole_source(&frame(&p, 60, 1), &p).is_none());
    assert_ne!(frame(&p, 60, 1).hash, {
        with_track(&mut p, 2, |t| Arc::make_mut(&mut t.clips[0]).effects.clear());
        frame(&p, 60, 1).hash
    });
}

#[test]
fn an_adjustment_changes_what_lies_below_as_much_as_it_shows() {
    let mut p = project(FrameRate::FPS_25);
    put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
    let mut a = clip(21, 0, 100, ClipContent::Adjustment);
    (a.fade_in, a.transform.opacity) = (10, 0.5);
    put(&mut p, 4, [a]);
    assert_eq!(frame(&p, 50, 1).layers.len(), 1, "without effects it does nothing");
    let exposure = EffectKind::Exposure { stops: 1.0 };
    with_track(&mut p, 4, |t| Arc::make_mut(&mut t.clips[0]).effects.push(Effect::new(exposure)));
    let adjust = |f| frame(&p, f, 1).layers[1].adjust.clone().unwrap();
    assert_eq!(adjust(50), Adjust { effects: vec![exposure], weight: 0.5 });
    assert!((adjust(4).weight - 0.225).abs() < 1e-6);
}

#[test]
fn a_nested_sequence_is_planned_at_its_own_rate_and_size() {
    let mut p = project(FrameRate::FPS_25);
    let mut inner = crate::model::Sequence::new(640, 480, FrameRate::FPS_60);
    (inner.id, inner.tracks) = (SequenceId(60), vec![Arc::new(Track::new(crate::base::TrackId(61), crate::model::TrackKind::Video))]);
    let film = clip(62, 0, 600, media_content(10, Time::ZERO));
    Arc::make_mut(&mut inner.tracks[0]).clips.push(Arc::new(film));
    p.others.insert(inner.id, Arc::new(inner));
    let content = ClipContent::Sequence { sequence: SequenceId(60), source_in: Time::from_secs(1), speed: Speed(2, 1) };
    put(&mut p, 2, [clip(20, 10, 100, content)]);
    assert_eq!(p.validate(), []);
    let plan = frame(&p, 15, 2);
    let Source::Nested(nested) = &plan.layers[0].inputs[0].source else { panic!("{plan:?}") };
    // 5 frames at 25 are 0.2 s, at twice the speed 0.4 s: frame 60 + 24
    assert_eq!((nested.frame, nested.width, nested.height), (84, 320, 240));
    assert_eq!(plan.layers[0].inputs[0].size, (640, 480));
    assert_eq!(plan.media_refs().count(), 1);
}

fn two_clips(kind: TransitionKind) -> Project {
    let mut p = project(FrameRate::FPS_25);
    let r = FrameRate::FPS_25;
    let clips =
        [clip(20, 0, 100, media_content(10, Time::from_frames(200, r))), clip(21, 100, 100, media_content(11, Time::from_frames(300, r)))];
    put(&mut p, 2, clips);
    with_track(&mut p, 2, |t| t.transitions.push(Transition { kind, ..dissolve(30, 20, 21, 4, 6) }));
    p
}

#[test]
fn a_dissolve_runs_linearly_over_its_frames_and_uses_the_handles() {
    let p = two_clips(TransitionKind::CrossDissolve);
    let inputs = |f: i64| frame(&p, f, 1).layers.remove(0).inputs;
    assert_eq!((inputs(95).len(), inputs(106).len()), (1, 1));
    let r = FrameRate::FPS_25;
    for i in 0..10 {
        let got = inputs(96 + i);
        let weights: Vec<f32> = got.iter().map(|i| i.weight).collect();
        let progress = (i as f32 + 0.5) / 10.0;
        assert_eq!(weights, [1.0 - progress, progress]);
        let shown: Vec<i64> = got
            .iter()
            .map(|i| match &i.source {
                Source::Media(m) => m.time.to_frames(r, Rounding::Floor),
                _ => -1,
            })
            .collect();
        assert_eq!(shown, [296 + i, 296 + i], "outgoing past its out-point, incoming before its in-point");
    }
}

#[test]
fn a_dip_goes_through_its_colour() {
    let color = [1.0, 0.0, 0.0, 1.0];
    let p = two_clips(TransitionKind::DipToColor { color });
    let of = |f: i64| -> Vec<(bool, f32)> {
        frame(&p, f, 1).layers[0].inputs.iter().map(|i| (i.source == Source::Solid(color), (i.weight * 100.0).round())).collect()
    };
    assert_eq!(of(96), [(false, 90.0), (true, 10.0)]);
    assert_eq!(of(100), [(false, 10.0), (true, 90.0)]);
    assert_eq!(of(101), [(true, 90.0), (false, 10.0)]);
    assert_eq!(of(105), [(true, 10.0), (false, 90.0)]);
}

#[test]
fn fades_and_opacity_are_weights() {
    let mut p = project(FrameRate::FPS_25);
    let mut c = clip(20, 10, 20, ClipContent::Solid { color: [1.0; 4] });
    (c.fade_in, c.fade_out, c.transform.opacity) = (4, 2, 0.5);
    put(&mut p, 2, [c]);
    let weights: Vec<f32> = [10, 13, 14, 27, 28, 29].map(|f| frame(&p, f, 1).layers[0].inputs[0].weight).to_vec();
    assert_eq!(weights, [0.0625, 0.4375, 0.5, 0.5, 0.375, 0.125]);
}

#[test]
fn the_hash_says_whether_the_picture_is_the_same() {
    let mut p = project(FrameRate::FPS_60);
    p.media.insert(MediaId(10), std::sync::Arc::new(film("a", FrameRate::FPS_30, 1000)));
    put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
    let hash = |p: &Project, f, d| frame(p, f, d).hash;
    assert_eq!(hash(&p, 0, 1), hash(&p, 1, 1), "30 in 60 repeats each picture");
    assert_ne!(hash(&p, 1, 1), hash(&p, 2, 1));
    assert_ne!(hash(&p, 0, 1), hash(&p, 0, 2));
    let before = hash(&p, 0, 1);
    let style = crate::model::TextStyle::default();
    put(&mut p, 4, [clip(21, 0, 10, ClipContent::Title(Title { text: "Hi".into(), style, position: (0.5, 0.5) }))]);
    assert_ne!(hash(&p, 0, 1), before);
    // The value itself is part of the promise: caches outlive a run.
    assert_eq!(frame(&project(FrameRate::FPS_25), 0, 1).hash, 12_671_613_058_743_573_659);
}

#[test]
fn only_an_untouched_picture_of_the_canvas_is_a_sole_source() {
    let mut p = project(FrameRate::FPS_25);
    put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
    assert!(sole_source(&frame(&p, 0, 1), &p).is_some());
    assert!(sole_source(&frame(&p, 0, 2), &p).is_none(), "another size");
    assert!(sole_source(&frame(&p, 100, 1), &p).is_none(), "nothing there");
    let changed = |change: &dyn Fn(&mut Clip)| {
        let mut p = p.clone();
        with_track(&mut p, 2, |t| change(std::sync::Arc::make_mut(&mut t.clips[0])));
        sole_source(&frame(&p, 0, 1), &p).is_some()
    };
    assert!(changed(&|c| c.gain_db = 3.0));
    assert!(!changed(&|c| c.transform.opacity = 0.9));
    assert!(!changed(&|c| c.transform.position.0 = 1.0));
    assert!(!changed(&|c| c.transform.crop.left = 0.1));
    assert!(!changed(&|c| c.transform.blend = crate::model::Blend::Add));
    assert!(!changed(&|c| c.fade_in = 5));
    put(&mut p, 4, [clip(21, 0, 1, ClipContent::Solid { color: [0.0; 4] })]);
    assert!(sole_source(&frame(&p, 0, 1), &p).is_none(), "something above");
    assert!(sole_source(&frame(&p, 1, 1), &p).is_some());
}
