//! Time put in and taken out, and which tracks follow.

use super::*;

fn solid(id: u64, start: i64, duration: i64) -> Clip {
    clip(id, start, duration, crate::model::ClipContent::Solid { color: [1.0; 4] })
}

fn unsynced(mut p: Project, track: u64) -> Project {
    with_track(&mut p, track, |t| t.sync_lock = false);
    p
}

#[test]
fn an_insert_moves_what_is_later_on_sync_locked_tracks() {
    let p = scene();
    let q = done(&p, insert(2, solid(40, 100, 25), Placement::Ripple));
    assert_eq!((spans(&q, 2).last(), spans(&q, 3).last()), (Some(&(21, 125, 225)), Some(&(23, 125, 225))));
    assert_eq!(spans(&q, 4), [(24, 50, 80)], "earlier things stay");
    let q = done(&unsynced(p.clone(), 3), insert(2, solid(40, 100, 25), Placement::Ripple));
    assert_eq!(spans(&q, 3), spans(&p, 3));
    let q = done(&locked(p.clone(), 3), insert(2, solid(40, 100, 25), Placement::Ripple));
    assert_eq!(spans(&q, 3), spans(&p, 3), "a locked track never follows");
}

#[test]
fn linked_sound_is_cut_where_its_picture_is_and_a_bed_of_music_is_not() {
    let mut p = scene();
    put(&mut p, 5, [clip(25, 0, 500, media_content(13, Time::ZERO))]);
    let q = done(&p, insert(2, solid(40, 50, 25), Placement::Ripple));
    assert_eq!(spans(&q, 2), [(20, 0, 50), (40, 50, 75), (41, 75, 125), (21, 125, 225)]);
    assert_eq!(spans(&q, 3), [(22, 0, 50), (42, 75, 125), (23, 125, 225)]);
    assert_eq!(spans(&q, 5), [(25, 0, 500)]);
    assert_eq!(spans(&q, 4), [(24, 75, 105)], "the title stays with its picture");
    let links = [20, 22, 41, 42].map(|id| get(&q, id).link);
    assert_eq!(links, [Some(1), Some(1), Some(3), Some(3)], "the right parts are a group of their own");
}

#[test]
fn clips_inserted_together_make_room_once() {
    let p = scene();
    let film = |id| clip(id, 100, 30, media_content(10, Time::ZERO));
    let both = EditCommand::InsertClips { clips: vec![(TrackId(2), film(40)), (TrackId(3), film(41))], mode: Placement::Ripple };
    let q = done(&p, both);
    assert_eq!((spans(&q, 2)[2], spans(&q, 3)[2]), ((21, 130, 230), (23, 130, 230)));
    let q = done(&p, move_to(&[(20, 2, 100), (22, 3, 100)], Placement::Ripple));
    assert_eq!((spans(&q, 2), spans(&q, 3)), (vec![(20, 100, 200), (21, 200, 300)], vec![(22, 100, 200), (23, 200, 300)]));
}

#[test]
fn a_ripple_delete_takes_the_time_out_everywhere_but_through_no_clip() {
    let mut p = scene();
    put(&mut p, 4, [solid(30, 120, 10), solid(31, 250, 10)]);
    put(&mut p, 5, [clip(25, 0, 150, media_content(13, Time::ZERO)), clip(26, 160, 10, media_content(13, Time::ZERO))]);
    let q = done(&p, EditCommand::Remove { clips: vec![ClipId(20), ClipId(22)], ripple: true });
    assert_eq!((spans(&q, 2), spans(&q, 3)), (vec![(21, 0, 100)], vec![(23, 0, 100)]));
    // the title in the time that goes stays where it can: it starts 50 frames into it
    assert_eq!(spans(&q, 4), [(24, 0, 30), (30, 30, 40), (31, 150, 160)]);
    assert_eq!(spans(&q, 5), [(25, 0, 150), (26, 150, 160)], "held up by the music before it");
}

#[test]
fn lift_leaves_a_gap_and_extract_closes_it() {
    let p = scene();
    let q = done(&p, EditCommand::Lift { from: 90, to: 110, tracks: vec![] });
    assert_eq!((spans(&q, 2), spans(&q, 4)), (vec![(20, 0, 90), (21, 110, 200)], spans(&p, 4)));
    let q = done(&p, EditCommand::Extract { from: 90, to: 110, tracks: vec![] });
    assert_eq!((spans(&q, 2), spans(&q, 3)), (vec![(20, 0, 90), (21, 90, 180)], vec![(22, 0, 90), (23, 90, 180)]));
    assert_eq!(source_frame(&q, 21, 90), 310);
    let q = done(&p, EditCommand::Extract { from: 10, to: 20, tracks: vec![TrackId(2)] });
    assert_eq!((spans(&q, 2)[1].1, spans(&q, 3), spans(&q, 4)), (10, spans(&p, 3), vec![(24, 40, 70)]), "its sound is held up");
    for (from, to) in [(5, 5), (9, 3), (-1, 4), (0, i64::MAX)] {
        assert!(matches!(refused(&p, EditCommand::Lift { from, to, tracks: vec![] }), EditError::EmptyRange { .. }));
    }
    let lift = EditCommand::Lift { from: 90, to: 110, tracks: vec![TrackId(2)] };
    assert!(matches!(refused(&locked(p, 2), lift), EditError::Locked { .. }));
}

#[test]
fn a_gap_is_closed_with_all_that_follows() {
    let mut p = scene();
    put(&mut p, 2, [solid(40, 230, 10)]);
    put(&mut p, 5, [clip(25, 300, 10, media_content(13, Time::ZERO))]);
    let gap = |track, at| EditCommand::CloseGap { track: TrackId(track), at };
    let q = done(&p, gap(2, 215));
    assert_eq!((spans(&q, 2)[2], spans(&q, 5)[0]), ((40, 200, 210), (25, 270, 280)));
    assert_eq!(spans(&done(&p, gap(4, 0)), 4)[0], (24, 0, 30), "before the first clip too");
    for (track, at) in [(2, 199), (2, 230), (2, 240), (2, -1), (2, i64::MAX)] {
        assert_eq!(refused(&p, gap(track, at)), EditError::NoGap(at));
    }
}

#[test]
fn ripple_trims_take_sound_and_titles_along() {
    let p = scene();
    let q = done(&p, ripple_trim(&[20, 22], Edge::End, -40));
    assert_eq!((spans(&q, 2)[1], spans(&q, 3)[1]), ((21, 60, 160), (23, 60, 160)));
    let q = done(&p, ripple_trim(&[20, 22], Edge::Start, 30));
    assert_eq!((spans(&q, 2), spans(&q, 4)), (vec![(20, 0, 70), (21, 70, 170)], vec![(24, 20, 50)]));
    assert_eq!(source_frame(&q, 20, 0), 230);
    let q = done(&p, ripple_trim(&[20, 22], Edge::Start, -30));
    assert_eq!((spans(&q, 2)[1], spans(&q, 4)), ((21, 130, 230), vec![(24, 80, 110)]));
    assert!(matches!(refused(&p, ripple_trim(&[20, 23], Edge::End, 5)), EditError::EndsApart { .. }));
    assert!(matches!(refused(&p, ripple_trim(&[20, 20], Edge::End, 5)), EditError::EndsApart { .. }));
    assert!(matches!(refused(&p, ripple_trim(&[20], Edge::End, 801)), EditError::OutsideMedia { .. }));
    assert!(matches!(refused(&p, ripple_trim(&[20], Edge::End, -100)), EditError::OutsideClip { .. }));
    assert_eq!(done(&p, ripple_trim(&[20], Edge::End, 0)), p);
}

#[test]
fn a_frozen_frame_is_put_in_at_the_playhead() {
    let p = scene();
    let q = done(&p, freeze_frame(&p, ClipId(20), 40, 50).unwrap());
    assert_eq!(spans(&q, 2), [(20, 0, 40), (25, 40, 90), (26, 90, 150), (21, 150, 250)]);
    assert_eq!([40, 89].map(|f| source_frame(&q, 25, f)), [240, 240]);
    assert_eq!((source_frame(&q, 26, 90), spans(&q, 3)[1]), (240, (27, 90, 150)));
    assert!(freeze_frame(&p, ClipId(20), 100, 50).is_err());
    assert!(freeze_frame(&p, ClipId(24), 60, 50).is_err(), "a title does not move");
}
