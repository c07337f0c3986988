//! Edges, pans, cuts, repeated frames, locks: on cameras whose way is known.

use super::{FPS, overhang, roughness, shake, shaken, track};
use crate::{
    analysis::stabilize::{Path, Pose, Reason, Settings, Zoom, plan, plan_near, plan_until},
    base::{FLICKS_PER_SEC, Time},
};
use proptest::prelude::*;

const STILL: fn(f64) -> Pose = |_| Pose::default();

fn largest_overhang(path: &Path) -> f64 {
    (0..path.frames.len()).map(|i| overhang(path, i)).fold(f64::MIN, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_edge_shows_on_any_path_and_the_crop_is_kept(
        seed in 0u64..1000, size in 0.001..0.09f64, crop in 0.01..0.3f64, smoothness in 0.0..1.0f64, dynamic: bool, tripod: bool, pan in -0.4..0.4f64,
    ) {
        let zoom = if dynamic { Zoom::Dynamic } else { Zoom::Static };
        let settings = Settings { smoothness, max_crop: crop, zoom, tripod, ..Settings::default() };
        let path = plan(&track(shaken(70, seed, size, |t| Pose { yaw: pan * t, ..Pose::default() })), &settings);
        prop_assert!(largest_overhang(&path) < 1e-6, "an edge shows by {}", largest_overhang(&path));
        let most = -(1.0 - crop).ln();
        for (i, f) in path.frames.iter().enumerate() {
            let total = f.zoom + f.pose.log_zoom - f.raw.log_zoom;
            prop_assert!(total < most + 1e-3, "frame {i} is enlarged by {total} of {most}");
        }
    }
}

#[test]
fn shake_goes_and_a_pan_stays() {
    // still, a pan of 0.5 rad over two seconds, still
    let pan = |t: f64| {
        let u = ((t - 1.5) / 2.0).clamp(0.0, 1.0);
        Pose { yaw: 0.5 * u * u * (3.0 - 2.0 * u), ..Pose::default() }
    };
    let n = 5 * FPS as usize;
    let shaky = shaken(n, 7, 0.008, pan);
    let path = plan(&track(shaky.clone()), &Settings { max_crop: 0.2, ..Settings::default() });
    let smooth = roughness(path.frames.iter().map(|f| f.pose));
    assert!(smooth < 1e-4 * roughness(shaky.iter().copied()), "{smooth}");
    let off = |i: usize| path.frames[i].pose.yaw - pan(i as f64 / FPS as f64).yaw;
    for i in 0..n {
        assert!(off(i).abs() < 0.032, "frame {i} is {} from the pan", off(i));
        let yaw = path.frames[i].pose.yaw;
        assert!((-0.008..0.508).contains(&yaw), "frame {i} is led the wrong way, to {yaw}");
    }
    // neither ahead nor behind: what it misses on the way in it misses on the way out
    let middle = (1.5 + 1.0) * FPS as f64;
    assert!(off(middle as usize).abs() < 0.008, "lags by {}", off(middle as usize));
}

#[test]
fn a_pan_is_followed_no_worse_than_by_the_mean_of_the_neighbours() {
    // what vid.stab does with 30 frames of smoothing: a Gaussian of 10.6 frames over the camera's own path
    let sigma = 10.6_f64;
    for secs in [1.0, 2.0, 2.8, 4.0] {
        let pan = |t: f64| {
            let u = ((t - 3.0) / secs).clamp(0.0, 1.0);
            Pose { yaw: 0.4 * u * u * (3.0 - 2.0 * u), ..Pose::default() }
        };
        let shaky = shaken(10 * FPS as usize, 11, 0.006, pan);
        let path = plan(&track(shaky.clone()), &Settings { max_crop: 0.2, ..Settings::default() });
        let mean = |i: usize| {
            let near =
                |k: i64| (shaky[(i as i64 + k).clamp(0, shaky.len() as i64 - 1) as usize].yaw, (-0.5 * (k as f64 / sigma).powi(2)).exp());
            let (sum, total) = (-30..=30).map(near).fold((0.0, 0.0), |(s, t), (v, w)| (s + w * v, t + w));
            sum / total
        };
        let off = |yaw: &dyn Fn(usize) -> f64| {
            let squares = (0..shaky.len()).map(|i| (yaw(i) - pan(i as f64 / FPS as f64).yaw).powi(2));
            (squares.sum::<f64>() / shaky.len() as f64).sqrt()
        };
        let (ours, theirs) = (off(&|i| path.frames[i].pose.yaw), off(&mean));
        assert!(ours < theirs, "{secs} s: {ours} and {theirs}");
        let thirds = |yaw: &dyn Fn(usize) -> f64| {
            (3..shaky.len()).map(|i| (yaw(i) - 3.0 * yaw(i - 1) + 3.0 * yaw(i - 2) - yaw(i - 3)).powi(2)).sum::<f64>()
        };
        let (ours, theirs) = (thirds(&|i| path.frames[i].pose.yaw), thirds(&mean));
        assert!(ours < theirs, "{secs} s: rough by {ours} and {theirs}");
    }
}

#[test]
fn a_pan_at_an_even_pace_is_kept_to_the_ends_of_the_shot() {
    let path = plan(
        &track(shaken(120, 12, 0.004, |t| Pose { yaw: 0.15 * t, ..Pose::default() })),
        &Settings { max_crop: 0.2, ..Settings::default() },
    );
    for (i, f) in path.frames.iter().enumerate() {
        let off = f.pose.yaw - 0.15 * i as f64 / FPS as f64;
        assert!(off.abs() < 0.006, "frame {i} is {off} from the pan");
    }
}

#[test]
fn where_the_crop_binds_the_path_goes_along_smoothly() {
    // a tilt up and down by more than the crop allows, too quick to be kept
    let swing = |t: f64| Pose { pitch: 0.12 * (std::f64::consts::TAU * 0.4 * t).sin(), ..Pose::default() };
    let path = plan(&track(shaken(180, 3, 0.004, swing)), &Settings { smoothness: 1.0, max_crop: 0.08, ..Settings::default() });
    assert!(largest_overhang(&path) < 1e-6);
    assert!(path.crop <= 0.08 + 1e-6 && path.crop > 0.07, "{}", path.crop);
    assert!(path.reasons.iter().any(|r| matches!(r, Reason::CropBinds { .. })), "{:?}", path.reasons);
    let pitch = |i: usize| path.frames[i].pose.pitch;
    let jolts = (1..179).map(|i| (pitch(i + 1) - 2.0 * pitch(i) + pitch(i - 1)).abs()).fold(0.0, f64::max);
    let shaky = |i: usize| path.frames[i].raw.pitch;
    let raw_jolts = (1..179).map(|i| (shaky(i + 1) - 2.0 * shaky(i) + shaky(i - 1)).abs()).fold(0.0, f64::max);
    assert!(jolts < 0.3 * raw_jolts, "{jolts} of {raw_jolts}");
}

#[test]
fn a_cut_parts_two_paths_and_neither_knows_of_the_other() {
    let (a, b) = (shaken(60, 1, 0.006, STILL), shaken(60, 2, 0.006, |t| Pose { yaw: 0.2 * t, ..Pose::default() }));
    let whole = {
        let mut t = track(a.iter().chain(&b).copied());
        t.frames[60].flags.cut = true;
        t
    };
    let both = plan(&whole, &Settings::default());
    assert!(both.reasons.contains(&Reason::Shots(2)));
    for (poses, start) in [(a, 0), (b, 60)] {
        let alone = plan(&track(poses), &Settings::default());
        for (x, y) in alone.frames.iter().zip(&both.frames[start..]) {
            assert!((x.pose.yaw - y.pose.yaw).abs() < 1e-9 && (x.zoom - y.zoom).abs() < 1e-9);
        }
    }
}

#[test]
fn a_repeated_frame_repeats_its_correction() {
    let mut shaky = track(shaken(90, 4, 0.006, STILL));
    for i in (4..90).step_by(5) {
        shaky.frames[i].flags.dup = true;
        // whatever was written down for it: it shows the frame before
        shaky.frames[i].pose.yaw += 0.3;
    }
    let path = plan(&shaky, &Settings::default());
    for i in (4..90).step_by(5) {
        let (f, before) = (path.frames[i], path.frames[i - 1]);
        assert_eq!((f.raw, f.pose, f.zoom, f.shows), (before.raw, before.pose, before.zoom, i - 1));
    }
    assert!(largest_overhang(&path) < 1e-6);
}

#[test]
fn a_pan_whose_rate_was_converted_goes_on_evenly_from_picture_to_picture() {
    // 24 pictures a second shown as 30: each fifth repeats the fourth
    let mut pan = track((0..100).map(|i| Pose { yaw: 0.004 * (i - i / 5) as f64, ..Pose::default() }));
    let shake = shake(9);
    for (i, f) in pan.frames.iter_mut().enumerate() {
        f.flags.dup = i % 5 == 4;
        f.pose.pitch = 0.003 * shake(0, i);
    }
    let path = plan(&pan, &Settings::default());
    let yaw: Vec<f64> = path.frames.iter().enumerate().filter(|(i, f)| f.shows == *i).map(|(_, f)| f.pose.yaw).collect();
    for w in yaw.windows(2) {
        assert!((w[1] - w[0] - 0.004).abs() < 2e-5, "{}", w[1] - w[0]);
    }
}

#[test]
fn a_pan_that_lost_pictures_goes_on_evenly_in_time() {
    // each fifth picture was lost, and the fourth stands in its place
    let mut pan = track(shaken(120, 7, 0.003, |t| Pose { yaw: 0.15 * t, ..Pose::default() }));
    for i in (4..120).step_by(5) {
        pan.frames[i].flags.dup = true;
    }
    let path = plan(&pan, &Settings { max_crop: 0.3, ..Settings::default() });
    let own: Vec<usize> = (30..90).filter(|i| path.frames[*i].shows == *i).collect();
    for w in own.windows(2) {
        let (steps, went) = ((w[1] - w[0]) as f64, path.frames[w[1]].pose.yaw - path.frames[w[0]].pose.yaw);
        assert!((went - 0.005 * steps).abs() < 4e-4, "{steps} frames: {went}");
    }
}

#[test]
fn frames_of_unknown_motion_do_not_pull() {
    let mut shaky = track(shaken(90, 5, 0.004, STILL));
    let clear = plan(&shaky, &Settings::default());
    for i in 40..46 {
        shaky.frames[i].flags.weak = true;
        shaky.frames[i].pose.yaw += 0.02;
    }
    let path = plan(&shaky, &Settings::default());
    assert!(path.reasons.contains(&Reason::WeakFrames { weak: 6, of: 90 }));
    for (a, b) in path.frames.iter().zip(&clear.frames) {
        assert!((a.pose.yaw - b.pose.yaw).abs() < 0.002);
    }
}

#[test]
fn a_tripod_stands_and_a_horizon_lies_level() {
    let poses = shaken(90, 6, 0.006, |t| Pose { roll: 0.02 * t, ..Pose::default() });
    let free = Settings { max_crop: 0.3, ..Settings::default() };
    let stands = plan(&track(poses.clone()), &Settings { tripod: true, ..free });
    let first = stands.frames[0].pose;
    assert!(stands.frames.iter().all(|f| (f.pose.yaw - first.yaw).abs() < 1e-6 && (f.pose.roll - first.roll).abs() < 1e-6));
    let level = plan(&track(poses.clone()), &Settings { horizon: true, ..free });
    assert!(level.frames.iter().all(|f| (f.pose.roll - level.frames[0].pose.roll).abs() < 1e-6));
    let rolls = plan(&track(poses), &free);
    assert!((rolls.frames[89].pose.roll - rolls.frames[0].pose.roll - 0.06).abs() < 0.01);
}

#[test]
fn a_zoom_that_changes_is_slow_and_no_larger_than_the_fixed_one() {
    // shaky only in the middle
    let shake = shake(8);
    let poses = (0..240).map(|i| {
        let size = if (100..130).contains(&i) { 0.012 } else { 0.0015 };
        Pose { yaw: size * shake(0, i), pitch: size * shake(1, i), ..Pose::default() }
    });
    let shaky = track(poses);
    let fixed = plan(&shaky, &Settings::default());
    let moves = plan(&shaky, &Settings { zoom: Zoom::Dynamic, ..Settings::default() });
    assert!(largest_overhang(&moves) < 1e-6);
    let zooms: Vec<f64> = moves.frames.iter().map(|f| f.zoom).collect();
    assert!(zooms.iter().all(|z| *z <= fixed.frames[0].zoom + 1e-9));
    assert!(zooms[10] < 0.6 * zooms[115], "{} then {}", zooms[10], zooms[115]);
    let fastest = zooms.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f64::max);
    assert!(fastest < 0.0035, "zooms by {fastest} a frame");
    let bare = plan(&shaky, &Settings { zoom: Zoom::None, ..Settings::default() });
    assert!(bare.frames.iter().all(|f| f.zoom == 0.0) && bare.crop == 0.0);
}

#[test]
fn uneven_times_are_smoothed_in_time_and_not_in_frames() {
    // a steady pan whose frames come at random: in frames it is anything but even
    let mut rng = fastrand::Rng::with_seed(3);
    let mut uneven = track((0..120).map(|_| Pose::default()));
    let mut at = 0;
    for f in &mut uneven.frames {
        f.pts = Time(at);
        f.pose.yaw = 0.3 * Time(at).as_secs_f64() + 0.002 * (rng.f64() - 0.5);
        at += FLICKS_PER_SEC / 60 * (1 + rng.i64(0..4));
    }
    let path = plan(&uneven, &Settings::default());
    for f in &path.frames {
        let off = f.pose.yaw - 0.3 * f.pts.as_secs_f64();
        assert!(off.abs() < 0.002, "{off}");
    }
}

#[test]
fn rows_that_were_exposed_in_turn_show_no_edge() {
    let mut rolling = track(shaken(90, 9, 0.008, STILL));
    rolling.readout_secs = 0.02;
    let path = plan(&rolling, &Settings { max_crop: 0.15, ..Settings::default() });
    assert_eq!(path.rows(20, 33).len(), 33);
    assert!(largest_overhang(&path) < 1e-4, "{}", largest_overhang(&path));
    let skew = plan(&rolling, &Settings { rolling: false, ..Settings::default() });
    assert_eq!((skew.readout_secs, skew.rows(20, 33).len()), (0.0, 1));
    // between two frames the camera is where both say it was
    let (upper, lower) = (path.rows(20, 3), path.rows(21, 3));
    assert_ne!(upper[0], lower[2]);
}

#[test]
fn a_shake_that_is_quick_beside_the_frames_is_known_between_them() {
    // eleven swings a second at thirty frames, on a pan; cubics would miss a seventh of the swing
    let at = |t: f64| 0.01 * (std::f64::consts::TAU * 11.0 * t).sin() + 0.1 * t;
    let mut rolling = track((0..40).map(|i| Pose { yaw: at(i as f64 / FPS as f64), ..Pose::default() }));
    rolling.readout_secs = 0.028;
    let path = plan(&rolling, &Settings { zoom: Zoom::None, ..Settings::default() });
    let raws = crate::analysis::stabilize::Raws::new(&path.frames, 0..40, path.readout_secs);
    for i in 8..32 {
        for k in 0..=4 {
            let y = f64::from(k) / 4.0;
            let real = at(i as f64 / FPS as f64 + 0.028 * (y - 0.5));
            let off = raws.at_row(i, y).yaw - real;
            assert!(off.abs() < 3e-4, "frame {i}, row {y}: off by {off}");
        }
    }
}

#[test]
fn a_time_finds_the_frame_on_screen() {
    let path = plan(&track(shaken(30, 1, 0.004, STILL)), &Settings::default());
    let frame = FLICKS_PER_SEC / FPS;
    for (time, index) in [(-5, 0), (0, 0), (frame - 10_000, 0), (frame - 1, 1), (frame, 1), (7 * frame + 99, 7), (99 * frame, 29)] {
        assert_eq!(path.index_at(Time(time)), Some(index), "{time}");
    }
}

#[test]
fn a_path_around_a_frame_is_that_of_the_whole() {
    // a walk that looks here and there, with a hand that trembles more than the crop can hide, and pictures that come twice
    let walk = |t: f64| Pose { yaw: 0.05 * (0.9 * t).sin(), pitch: 0.03 * (0.7 * t).cos(), ..Pose::default() };
    let mut shaky = track(shaken(60 * FPS as usize, 21, 0.012, walk));
    for i in (7..shaky.frames.len()).step_by(11) {
        shaky.frames[i].flags.dup = true;
    }
    shaky.frames[900].flags = Default::default();
    shaky.frames[900].flags.cut = true;
    let usual = Settings { zoom: Zoom::Dynamic, ..Settings::default() };
    for settings in [
        usual,
        Settings { smoothness: 0.0, ..usual },
        Settings { smoothness: 1.0, horizon: true, ..usual },
        Settings { max_crop: 0.05, ..usual },
    ] {
        let whole = plan(&shaky, &settings);
        for at in [0, 5, 450, 893, 900, 1300, 1799] {
            let (near, frames) = plan_near(&shaky, &settings, at);
            assert!(frames.contains(&at) && frames.len() < 600 && near.frames.len() == whole.frames.len());
            for i in frames {
                let (a, b) = (near.frames[i], whole.frames[i]);
                let off = (a.pose.yaw - b.pose.yaw).abs().max((a.pose.pitch - b.pose.pitch).abs()).max(0.5 * (a.zoom - b.zoom).abs());
                // in widths of the picture: the step when the whole path takes its place
                assert!(off < 0.004, "{settings:?}: frame {i} around {at} is {off} away");
                assert!(overhang(&near, i) < 1e-6, "{settings:?}: frame {i} around {at} shows an edge");
            }
        }
    }
    assert_eq!(plan_near(&track([]), &usual, 0).0.frames.len(), 0);
}

#[test]
fn a_plan_that_nobody_waits_for_ends() {
    let shaky = track(shaken(40, 5, 0.006, STILL));
    let stop = std::sync::atomic::AtomicBool::new(false);
    assert_eq!(plan_until(&shaky, &Settings::default(), &stop), Some(plan(&shaky, &Settings::default())));
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(plan_until(&shaky, &Settings::default(), &stop), None);
}
