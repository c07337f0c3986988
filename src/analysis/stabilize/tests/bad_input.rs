//! Tracks that say little or nonsense: the picture is left alone, with a reason.

use super::{overhang, shaken, track};
use crate::{
    analysis::stabilize::{MotionTrack, Path, Pose, Reason, Settings, plan},
    base::Time,
};

fn untouched(path: &Path) -> bool {
    path.frames.iter().all(|f| f.pose == f.raw && f.zoom == 0.0) && path.crop == 0.0
}

#[test]
fn hardly_any_frames_are_left_alone() {
    for n in [0, 1, 2, 7] {
        let path = plan(&track(shaken(n, 1, 0.01, |_| Pose::default())), &Settings::default());
        assert!(untouched(&path) && path.frames.len() == n);
        assert_eq!(path.reasons, [Reason::TooFewFrames], "{n}");
        assert_eq!(path.index_at(Time::ZERO).is_some(), n > 0);
        for i in 0..n {
            assert_eq!(path.source_from_output(i), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        }
    }
}

#[test]
fn a_still_camera_and_a_blind_one_are_left_alone() {
    let still = plan(&track(vec![Pose::default(); 60]), &Settings::default());
    assert!(untouched(&still) && still.reasons == [Reason::AlreadySteady]);
    let mut blind = track(vec![Pose::default(); 60]);
    blind.frames[1..].iter_mut().for_each(|f| f.flags.weak = true);
    let path = plan(&blind, &Settings { tripod: true, ..Settings::default() });
    assert!(untouched(&path) && path.reasons == [Reason::NothingMeasured]);
}

#[test]
fn numbers_that_are_none_do_no_harm() {
    let mut odd: MotionTrack = track(shaken(60, 2, 0.006, |_| Pose::default()));
    odd.focal = f64::NAN;
    odd.readout_secs = f64::INFINITY;
    odd.frames[20].pose.yaw = f64::NAN;
    odd.frames[21].pose.log_zoom = f64::INFINITY;
    odd.frames[30].pts = Time(i64::MIN);
    odd.frames[31].pts = odd.frames[32].pts;
    let settings = Settings { smoothness: f64::NAN, max_crop: 9.0, ..Settings::default() };
    let path = plan(&odd, &settings);
    assert_eq!((path.focal, path.readout_secs), (1.0, 0.0));
    for (i, f) in path.frames.iter().enumerate() {
        assert!(f.pose.array().iter().all(|v| v.is_finite()) && f.zoom.is_finite());
        assert!(overhang(&path, i) < 1e-6);
    }
}

#[test]
fn no_crop_means_no_correction() {
    let path = plan(&track(shaken(60, 2, 0.006, |_| Pose::default())), &Settings { max_crop: 0.0, ..Settings::default() });
    assert!(path.crop < 1e-3, "{}", path.crop);
    assert!(path.frames.iter().all(|f| (f.pose.yaw - f.raw.yaw).abs() < 1e-3));
}
