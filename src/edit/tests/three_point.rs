//! Three-point editing.

use super::*;
use crate::base::MediaId;

/// A film of 1000 frames; the source points in frames.
fn points(source: (Option<i64>, Option<i64>), timeline: (Option<i64>, Option<i64>)) -> ThreePoint {
    let time = |f: Option<i64>| f.map(|f| Time::from_frames(f, FrameRate::FPS_25));
    ThreePoint {
        media: MediaId(10),
        source: (time(source.0), time(source.1)),
        timeline,
        playhead: 500,
        target: Target { video: Some(TrackId(2)), audio: Some(TrackId(3)) },
        mode: Placement::Overwrite,
        fit: false,
    }
}

/// (start, end, first source frame) of the clips that it makes.
fn placed(p: &Project, points: &ThreePoint) -> Vec<(i64, i64, i64)> {
    let (edit, made) = three_point(p, points).unwrap();
    let q = done(p, edit);
    made.iter().map(|id| (get(&q, id.0).start, get(&q, id.0).end(), source_frame(&q, id.0, get(&q, id.0).start))).collect()
}

#[test]
fn any_three_points_give_the_fourth() {
    let p = scene();
    for (source, timeline, expected) in [
        ((Some(100), Some(150)), (Some(300), None), (300, 350, 100)),
        ((Some(100), Some(150)), (None, None), (500, 550, 100)),
        ((Some(100), Some(150)), (None, Some(400)), (350, 400, 100)),
        ((Some(100), None), (Some(300), Some(340)), (300, 340, 100)),
        ((None, Some(150)), (Some(300), Some(340)), (300, 340, 110)),
        ((None, None), (Some(300), Some(340)), (300, 340, 0)),
        ((Some(900), None), (None, None), (500, 600, 900)),
        ((None, None), (None, None), (500, 1500, 0)),
        ((Some(100), Some(150)), (Some(300), Some(340)), (300, 340, 100)),
    ] {
        let all = placed(&p, &points(source, timeline));
        assert_eq!(all, [expected; 2], "{source:?} {timeline:?}");
    }
}

#[test]
fn four_points_can_fit_the_source_by_speed() {
    let p = scene();
    let fit = ThreePoint { fit: true, ..points((Some(100), Some(200)), (Some(300), Some(350))) };
    let (edit, made) = three_point(&p, &fit).unwrap();
    let q = done(&p, edit);
    let c = get(&q, made[0].0);
    assert_eq!((c.speed(), c.duration, c.link), (crate::model::Speed(2, 1), 50, Some(3)));
}

#[test]
fn parts_without_a_target_are_left_out_and_nothing_is_an_error() {
    let p = scene();
    let base = points((Some(100), Some(150)), (None, None));
    let only = |target| three_point(&p, &ThreePoint { target, ..base }).map(|made| made.1.len());
    assert_eq!(only(Target { video: None, audio: Some(TrackId(3)) }), Ok(1));
    assert_eq!(only(Target::default()), Err(EditError::Nothing));
    assert_eq!(three_point(&p, &ThreePoint { media: MediaId(99), ..base }).err(), Some(EditError::NoMedia(MediaId(99))));
    let backwards = points((Some(150), Some(100)), (None, None));
    assert!(matches!(three_point(&p, &backwards), Err(EditError::EmptyRange { .. })));
    // more than the media has is refused when it is applied
    let (edit, _) = three_point(&p, &points((Some(900), None), (Some(0), Some(500)))).unwrap();
    assert!(matches!(refused(&p, edit), EditError::OutsideMedia { .. }));
}
