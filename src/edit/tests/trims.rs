//! Trim, slip, and single properties of a clip.

use super::*;
use crate::model::{Speed, Transform};

#[test]
fn trimming_keeps_what_remains_in_sync() {
    let p = scene();
    let q = done(&p, trim(20, Edge::Start, 30));
    assert_eq!((spans(&q, 2)[0], source_frame(&q, 20, 30)), ((20, 30, 100), 230));
    let q = done(&q, trim(20, Edge::Start, 10));
    assert_eq!((spans(&q, 2)[0], source_frame(&q, 20, 30)), ((20, 10, 100), 230));
    let q = done(&p, trim(21, Edge::End, 700));
    assert_eq!((spans(&q, 2)[1], source_frame(&q, 21, 150)), ((21, 100, 700), 350));
}

#[test]
fn trims_stop_at_neighbours_media_and_the_clip_itself() {
    let p = scene();
    assert!(matches!(refused(&p, trim(20, Edge::End, 101)), EditError::Overlap { .. }));
    assert!(matches!(refused(&p, trim(21, Edge::Start, 99)), EditError::Overlap { .. }));
    assert!(matches!(refused(&p, trim(20, Edge::Start, -1)), EditError::BeforeStart { .. }));
    for (edge, to) in [(Edge::Start, 100), (Edge::End, 0), (Edge::End, i64::MIN), (Edge::Start, i64::MAX)] {
        assert!(matches!(refused(&p, trim(20, edge, to)), EditError::OutsideClip { .. }));
    }
    // source 300–1000 is there from frame 100 on
    done(&p, trim(21, Edge::End, 800));
    assert!(matches!(refused(&p, trim(21, Edge::End, 801)), EditError::OutsideMedia { .. }));
    let q = done(&p, move_to(&[(21, 2, 500)], Placement::Strict));
    done(&q, trim(21, Edge::Start, 200));
    assert!(matches!(refused(&q, trim(21, Edge::Start, 199)), EditError::OutsideMedia { .. }));
    done(&p, trim(24, Edge::End, 100_000)); // titles have no end
    assert!(matches!(refused(&locked(p, 2), trim(21, Edge::End, 150)), EditError::Locked { .. }));
}

#[test]
fn a_clip_over_the_end_of_a_shortened_file_can_still_be_trimmed_back() {
    let mut p = scene();
    p.media.insert(crate::base::MediaId(11), std::sync::Arc::new(film("b", FrameRate::FPS_25, 310)));
    done(&p, trim(21, Edge::End, 180));
    assert!(matches!(refused(&p, trim(21, Edge::End, 201)), EditError::OutsideMedia { .. }));
    done(&p, move_to(&[(21, 2, 300)], Placement::Strict));
}

#[test]
fn ripple_trims_carry_later_clips_and_transitions_along() {
    let p = dissolved();
    let q = done(&p, ripple_trim(&[20], Edge::End, -40));
    assert_eq!((spans(&q, 2), transitions(&q, 2)), (vec![(20, 0, 60), (21, 60, 160)], vec![(30, 20, 21, 10, 10)]));
    let q = done(&p, ripple_trim(&[20], Edge::End, 30));
    assert_eq!(spans(&q, 2), [(20, 0, 130), (21, 130, 230)]);
    let q = done(&p, ripple_trim(&[20], Edge::Start, 40));
    assert_eq!((spans(&q, 2), source_frame(&q, 20, 0)), (vec![(20, 0, 60), (21, 60, 160)], 240));
    let q = done(&p, ripple_trim(&[20], Edge::Start, -50));
    assert_eq!((spans(&q, 2), source_frame(&q, 20, 0)), (vec![(20, 0, 150), (21, 150, 250)], 150));
    let q = done(&p, ripple_trim(&[20], Edge::End, -95));
    assert_eq!(transitions(&q, 2), [(30, 20, 21, 5, 10)], "shortened with its clip");
}

#[test]
fn a_plain_trim_at_the_cut_ends_its_transition_and_a_rolled_cut_keeps_it() {
    let p = dissolved();
    assert!(transitions(&done(&p, trim(20, Edge::End, 90)), 2).is_empty());
    for to in [90, 110] {
        let q = done(&p, EditCommand::Roll { left: ClipId(20), to });
        let expected = (vec![(20, 0, to), (21, to, 200)], vec![(30, 20, 21, 10, 10)]);
        assert_eq!((spans(&q, 2), transitions(&q, 2)), expected);
    }
    assert!(matches!(refused(&p, EditCommand::Roll { left: ClipId(21), to: 150 }), EditError::NoCut { .. }));
    for to in [0, 200, i64::MAX, i64::MIN] {
        assert!(matches!(refused(&p, EditCommand::Roll { left: ClipId(20), to }), EditError::OutsideClip { .. }), "{to}");
    }
}

#[test]
fn a_slid_clip_takes_its_neighbours_ends_along() {
    let mut p = scene();
    put(&mut p, 2, [clip(40, 200, 50, media_content(10, Time::from_frames(500, FrameRate::FPS_25)))]);
    let slide = |clip, by_frames| EditCommand::Slide { clip: ClipId(clip), by_frames };
    for by in [-60, 30] {
        let q = done(&p, slide(21, by));
        assert_eq!(spans(&q, 2), [(20, 0, 100 + by), (21, 100 + by, 200 + by), (40, 200 + by, 250)]);
        assert_eq!((source_frame(&q, 21, 100 + by), source_frame(&q, 40, 249)), (300, 549), "it shows the same piece");
    }
    assert!(matches!(refused(&p, slide(21, 50)), EditError::OutsideClip { .. }), "nothing of the next clip is left");
    assert!(matches!(refused(&p, slide(21, i64::MIN)), EditError::BeforeStart { .. }));
    // without a neighbour there is just room, or there is none
    let q = done(&p, move_to(&[(40, 2, 260)], Placement::Strict));
    assert_eq!(spans(&done(&q, slide(21, 60)), 2), [(20, 0, 160), (21, 160, 260), (40, 260, 310)]);
    assert!(matches!(refused(&q, slide(21, 61)), EditError::Overlap { .. }));
}

#[test]
fn slipping_shows_another_piece_within_the_media() {
    let p = scene();
    let slip = |clip, by_frames| EditCommand::Slip { clip: ClipId(clip), by_frames };
    assert_eq!(source_frame(&done(&p, slip(20, 25)), 20, 0), 225);
    assert_eq!(source_frame(&done(&p, slip(20, -200)), 20, 0), 0);
    for by in [-201, 701, i64::MAX, i64::MIN] {
        assert!(matches!(refused(&p, slip(20, by)), EditError::OutsideMedia { .. }), "{by}");
    }
    assert_eq!(done(&p, slip(24, 5)), p, "a title has nothing to slip");
    assert!(matches!(refused(&locked(p, 2), slip(20, 1)), EditError::Locked { .. }));
}

#[test]
fn plain_properties_are_set_and_checked() {
    let p = scene();
    let q = done(&p, change(20, ClipChange::Name("opening".into())));
    assert_eq!(get(&q, 20).name, "opening");
    assert!(!get(&done(&p, change(20, ClipChange::Enabled(false))), 20).enabled);
    let t = Transform { scale: 2.0, ..Transform::default() };
    assert_eq!(get(&done(&p, change(20, ClipChange::Transform(t))), 20).transform, t);
    assert_eq!(get(&done(&p, change(22, ClipChange::GainDb(-6.0))), 22).gain_db, -6.0);
    assert_eq!(get(&done(&p, change(22, ClipChange::Pan(1.0))), 22).pan, 1.0);
    assert_eq!(get(&done(&p, change(20, ClipChange::FadeIn(100))), 20).fade_in, 100);
    assert_eq!(get(&done(&p, change(20, ClipChange::FadeOut(7))), 20).fade_out, 7);
    assert_eq!(get(&done(&p, change(20, ClipChange::Link(None))), 20).link, None);
    for bad in [
        ClipChange::GainDb(f32::INFINITY),
        ClipChange::Pan(1.5),
        ClipChange::Pan(f32::NAN),
        ClipChange::FadeIn(101),
        ClipChange::FadeOut(-1),
        ClipChange::Transform(Transform { scale: 0.0, ..t }),
        ClipChange::Transform(Transform { position: (f32::INFINITY, 0.0), ..t }),
        ClipChange::Speed(Speed(1, 0)),
        ClipChange::Speed(Speed(i32::MIN, 1)),
    ] {
        assert!(matches!(refused(&p, change(20, bad)), EditError::Invalid(_)));
    }
    assert!(matches!(refused(&locked(p, 2), change(20, ClipChange::Enabled(false))), EditError::Locked { .. }));
}

#[test]
fn contents_change_only_into_their_own_kind() {
    let p = scene();
    let title = crate::model::Title { text: "New".into(), style: crate::model::TextStyle::default(), position: (0.5, 0.8) };
    let q = done(&p, change(24, ClipChange::Title(title.clone())));
    assert_eq!(get(&q, 24).content, crate::model::ClipContent::Title(title.clone()));
    assert_eq!(refused(&p, change(20, ClipChange::Title(title.clone()))).to_string(), "“a” is not a title");
    assert!(matches!(refused(&p, change(24, ClipChange::Solid([0.0; 4]))), EditError::WrongContent { .. }));
    assert!(matches!(refused(&p, change(24, ClipChange::Speed(Speed(2, 1)))), EditError::WrongContent { .. }));
    let huge = crate::model::Title { text: "x".repeat(30_000), ..title };
    assert!(matches!(refused(&p, change(24, ClipChange::Title(huge))), EditError::Invalid(_)));
    let q = done(&p, insert(4, clip(40, 300, 5, crate::model::ClipContent::Solid { color: [0.0; 4] }), Placement::Strict));
    let q = done(&q, change(40, ClipChange::Solid([1.0, 0.5, 0.0, 1.0])));
    assert_eq!(get(&q, 40).content, crate::model::ClipContent::Solid { color: [1.0, 0.5, 0.0, 1.0] });
}

#[test]
fn speed_keeps_the_piece_and_changes_the_length() {
    let p = scene();
    let speed = |n, d| change(21, ClipChange::Speed(Speed(n, d)));
    let q = done(&p, speed(2, 1));
    assert_eq!((spans(&q, 2)[1], source_frame(&q, 21, 149)), ((21, 100, 150), 398));
    let q = done(&p, speed(1, 2));
    assert_eq!((spans(&q, 2)[1], source_frame(&q, 21, 200)), ((21, 100, 300), 350));
    let q = done(&p, speed(-1, 1));
    assert_eq!((spans(&q, 2)[1], source_frame(&q, 21, 100), source_frame(&q, 21, 199)), ((21, 100, 200), 399, 300));
    assert_eq!(source_frame(&done(&q, speed(1, 1)), 21, 100), 300, "and back");
    let q = done(&p, speed(0, 1));
    assert_eq!((spans(&q, 2)[1], source_frame(&q, 21, 199)), ((21, 100, 200), 300));
    // slowed down between two clips it fills the room there is
    let q = done(&p, change(20, ClipChange::Speed(Speed(1, 2))));
    assert_eq!(spans(&q, 2)[0], (20, 0, 100));
}

#[test]
fn speeding_up_never_reaches_past_the_media() {
    let mut p = scene();
    let whole = clip(40, 300, 1000, media_content(10, Time::ZERO));
    put(&mut p, 2, [whole]);
    for (n, d) in [(1, 3), (2, 3), (7, 3), (-1, 1), (-7, 3), (1000, 1), (1, 1000)] {
        let q = done(&p, change(40, ClipChange::Speed(Speed(n, d))));
        assert!(crate::edit::limits::is_inside_media(&q, get(&q, 40), FrameRate::FPS_25), "{n}/{d}");
    }
}
