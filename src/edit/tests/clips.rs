//! Insert, remove, split, move.

use super::*;

fn solid(id: u64, start: i64, duration: i64) -> Clip {
    clip(id, start, duration, crate::model::ClipContent::Solid { color: [1.0; 4] })
}

#[test]
fn a_strict_insert_needs_free_space_and_names_what_is_in_the_way() {
    let p = scene();
    let q = done(&p, insert(2, solid(40, 200, 10), Placement::Strict));
    assert_eq!(spans(&q, 2), [(20, 0, 100), (21, 100, 200), (40, 200, 210)]);
    let e = refused(&p, insert(2, solid(40, 199, 10), Placement::Strict));
    assert_eq!(e.to_string(), "“clip 40” would overlap “b”");
}

#[test]
fn an_overwriting_insert_cuts_what_is_below() {
    let p = dissolved();
    let q = done(&p, insert(2, solid(40, 90, 20), Placement::Overwrite));
    assert_eq!(spans(&q, 2), [(20, 0, 90), (40, 90, 110), (21, 110, 200)]);
    assert_eq!((source_frame(&q, 21, 110), source_frame(&p, 21, 110)), (310, 310), "what remains stays in sync");
    assert!(transitions(&q, 2).is_empty(), "the cut is gone, and its transition with it");
    let q = done(&p, insert(2, solid(40, 0, 100), Placement::Overwrite));
    assert_eq!(spans(&q, 2), [(40, 0, 100), (21, 100, 200)]);
}

#[test]
fn an_overwrite_inside_a_clip_leaves_two_pieces_and_the_transition_on_the_right_one() {
    let p = dissolved();
    let q = done(&p, insert(2, solid(40, 30, 10), Placement::Overwrite));
    assert_eq!(spans(&q, 2), [(20, 0, 30), (40, 30, 40), (41, 40, 100), (21, 100, 200)]);
    assert_eq!(source_frame(&q, 41, 40), 240);
    assert_eq!(transitions(&q, 2), [(30, 41, 21, 10, 10)]);
    let batch =
        EditCommand::Batch(vec![insert(2, solid(40, 30, 10), Placement::Overwrite), insert(4, solid(41, 200, 10), Placement::Strict)]);
    assert_eq!(spans(&done(&p, batch), 2)[2].0, 42, "pieces never take an id that the command brings along");
}

#[test]
fn a_rippling_insert_splits_and_pushes() {
    let p = dissolved();
    let q = done(&p, insert(2, solid(40, 100, 25), Placement::Ripple));
    assert_eq!(spans(&q, 2), [(20, 0, 100), (40, 100, 125), (21, 125, 225)]);
    let q = done(&p, insert(2, solid(40, 50, 25), Placement::Ripple));
    assert_eq!(spans(&q, 2), [(20, 0, 50), (40, 50, 75), (41, 75, 125), (21, 125, 225)]);
    assert_eq!((source_frame(&q, 41, 75), transitions(&q, 2)), (250, vec![(30, 41, 21, 10, 10)]));
}

#[test]
fn an_insert_is_held_to_its_media_its_track_and_sane_values() {
    let p = scene();
    let film = |start_frame, duration| clip(40, 300, duration, media_content(10, Time::from_frames(start_frame, FrameRate::FPS_25)));
    done(&p, insert(2, film(990, 10), Placement::Strict));
    assert!(matches!(refused(&p, insert(2, film(990, 11), Placement::Strict)), EditError::OutsideMedia { .. }));
    done(&p, insert(2, clip(40, 300, 1_000_000, media_content(12, Time::ZERO)), Placement::Strict));
    let e = refused(&p, insert(2, clip(40, 300, 10, media_content(13, Time::ZERO)), Placement::Strict));
    assert_eq!(e.to_string(), "“d” has no picture and cannot go on track “V1”");
    let e = refused(&p, insert(5, solid(40, 0, 10), Placement::Strict));
    assert_eq!(e.to_string(), "“clip 40” has no sound and cannot go on track “A2”");
    assert!(matches!(refused(&p, insert(2, solid(40, -1, 10), Placement::Strict)), EditError::BeforeStart { .. }));
    assert!(matches!(refused(&p, insert(2, solid(40, 300, 0), Placement::Strict)), EditError::Invalid(_)));
    assert!(matches!(refused(&p, insert(2, solid(40, i64::MAX, i64::MAX), Placement::Ripple)), EditError::TooLong { .. }));
    assert_eq!(refused(&p, insert(2, solid(20, 300, 10), Placement::Strict)), EditError::IdInUse(20));
    assert_eq!(refused(&p, insert(2, solid(u64::MAX, 300, 10), Placement::Strict)), EditError::NoIdsLeft);
    assert_eq!(refused(&p, insert(9, solid(40, 300, 10), Placement::Strict)), EditError::NoTrack(TrackId(9)));
    let mut wild = solid(40, 300, 10);
    wild.transform.opacity = f32::NAN;
    assert!(matches!(refused(&p, insert(2, wild, Placement::Strict)), EditError::Invalid(_)));
    let e = refused(&locked(p, 2), insert(2, solid(40, 300, 10), Placement::Strict));
    assert_eq!(e.to_string(), "track “V1” is locked");
}

#[test]
fn removing_leaves_a_gap_or_closes_it() {
    let p = dissolved();
    let remove = |clips: &[u64], ripple| EditCommand::Remove { clips: clips.iter().map(|c| ClipId(*c)).collect(), ripple };
    let q = done(&p, remove(&[20], false));
    assert_eq!((spans(&q, 2), transitions(&q, 2)), (vec![(21, 100, 200)], vec![]));
    let q = done(&p, remove(&[20, 22], true));
    assert_eq!((spans(&q, 2), spans(&q, 3)), (vec![(21, 0, 100)], vec![(23, 0, 100)]));
    assert_eq!(refused(&p, remove(&[20, 99], false)), EditError::NoClip(ClipId(99)));
    assert_eq!(refused(&p, remove(&[20, 20], false)), EditError::Twice(ClipId(20)));
    assert!(matches!(refused(&locked(p, 3), remove(&[20, 22], true)), EditError::Locked { .. }));
}

#[test]
fn both_parts_of_a_split_play_on_as_one() {
    let mut p = dissolved();
    with_track(&mut p, 2, |t| {
        let c = std::sync::Arc::make_mut(&mut t.clips[0]);
        (c.fade_in, c.fade_out) = (40, 50);
    });
    let q = done(&p, split(20, 30, 40));
    assert_eq!(spans(&q, 2), [(20, 0, 30), (40, 30, 100), (21, 100, 200)]);
    assert_eq!((source_frame(&q, 20, 29), source_frame(&q, 40, 30)), (229, 230));
    assert_eq!((get(&q, 20).fade_in, get(&q, 20).fade_out), (30, 0));
    assert_eq!((get(&q, 40).fade_in, get(&q, 40).fade_out), (0, 50));
    assert_eq!((get(&q, 20).link, get(&q, 40).link), (Some(1), None));
    assert_eq!(transitions(&q, 2), [(30, 40, 21, 10, 10)]);
    for at in [-5, 0, 100, 150] {
        assert!(matches!(refused(&p, split(20, at, 40)), EditError::OutsideClip { .. }));
    }
    assert!(matches!(refused(&locked(p, 2), split(20, 50, 40)), EditError::Locked { .. }));
}

#[test]
fn a_split_near_a_transition_shortens_it_to_what_is_left() {
    assert_eq!(transitions(&done(&dissolved(), split(20, 96, 40)), 2), [(30, 40, 21, 4, 10)]);
}

#[test]
fn a_linked_split_gives_the_right_parts_a_group_of_their_own() {
    let p = scene();
    let q = done(&p, split_linked(&p, &[ClipId(20)], 60).unwrap());
    assert_eq!(spans(&q, 3).len(), 3);
    let (picture, sound) = (spans(&q, 2)[1].0, spans(&q, 3)[1].0);
    assert_eq!((get(&q, 20).link, get(&q, 22).link), (Some(1), Some(1)));
    assert_eq!((get(&q, picture).link, get(&q, sound).link), (Some(3), Some(3)));
    assert_eq!(split_linked(&p, &[ClipId(20)], 100), None);
}

#[test]
fn a_move_keeps_the_transition_of_clips_that_go_together() {
    let p = dissolved();
    let q = done(&p, move_to(&[(20, 4, 300), (21, 4, 400)], Placement::Strict));
    assert_eq!(spans(&q, 4), [(24, 50, 80), (20, 300, 400), (21, 400, 500)]);
    assert_eq!((transitions(&q, 2), transitions(&q, 4)), (vec![], vec![(30, 20, 21, 10, 10)]));
    let q = done(&p, move_to(&[(21, 2, 101)], Placement::Strict));
    assert!(transitions(&q, 2).is_empty());
    let q = done(&p, move_to(&[(20, 2, 10), (21, 2, 110)], Placement::Strict));
    assert_eq!(transitions(&q, 2), [(30, 20, 21, 10, 10)], "over their own old place");
}

#[test]
fn moves_obey_their_mode() {
    let p = dissolved();
    assert!(matches!(refused(&p, move_to(&[(24, 2, 90)], Placement::Strict)), EditError::Overlap { .. }));
    let q = done(&p, move_to(&[(24, 2, 90)], Placement::Overwrite));
    assert_eq!(spans(&q, 2), [(20, 0, 90), (24, 90, 120), (21, 120, 200)]);
    let q = done(&p, move_to(&[(24, 2, 100)], Placement::Ripple));
    assert_eq!(spans(&q, 2), [(20, 0, 100), (24, 100, 130), (21, 130, 230)]);
    // a clip moved within its own place overwrites nothing of itself
    assert_eq!(spans(&done(&p, move_to(&[(21, 2, 150)], Placement::Overwrite)), 2)[1], (21, 150, 250));
    for mode in [Placement::Strict, Placement::Overwrite, Placement::Ripple] {
        assert!(matches!(refused(&p, move_to(&[(20, 2, 300), (21, 2, 350)], mode)), EditError::Overlap { .. }));
    }
}

#[test]
fn moves_are_held_to_tracks_and_the_timeline() {
    let p = scene();
    done(&p, move_to(&[(22, 4, 300)], Placement::Strict)); // a film has both, so its sound may become its picture
    assert!(matches!(refused(&p, move_to(&[(24, 3, 300)], Placement::Strict)), EditError::WrongKind { .. }));
    assert!(matches!(refused(&p, move_to(&[(20, 2, -1)], Placement::Strict)), EditError::BeforeStart { .. }));
    assert!(matches!(refused(&p, move_to(&[(20, 2, i64::MAX)], Placement::Ripple)), EditError::TooLong { .. }));
    assert_eq!(refused(&p, move_to(&[(20, 2, 300), (20, 2, 500)], Placement::Strict)), EditError::Twice(ClipId(20)));
    assert_eq!(refused(&p, move_to(&[(99, 2, 300)], Placement::Strict)), EditError::NoClip(ClipId(99)));
    for track in [2, 4] {
        assert!(matches!(refused(&locked(p.clone(), track), move_to(&[(20, 4, 300)], Placement::Strict)), EditError::Locked { .. }));
    }
}
