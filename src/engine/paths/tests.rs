//! Paths for the viewer and for exports: planned once, shown at once, the newest wish first.

use super::*;
use crate::{
    analysis::stabilize::{Flags, FrameMotion, Pose},
    base::{FrameRate, MediaId, Time},
    model::fixture::*,
    plan::frame,
};
use std::sync::atomic::{AtomicU32, Ordering};

const HASH: ContentHash = ContentHash(7);

/// A camera that trembles, 25 frames a second.
fn shaky(frames: i64) -> MotionTrack {
    let at = |n: i64| {
        let t = n as f64 * 1.9;
        let pose = Pose { yaw: 0.004 * t.sin(), pitch: 0.003 * (1.3 * t).cos(), roll: 0.002 * t.cos(), log_zoom: 0.0 };
        let flags = Flags { cut: n == 0, ..Flags::default() };
        FrameMotion { pts: Time::from_frames(n, FrameRate::FPS_25), pose, confidence: 1.0, flags }
    };
    MotionTrack { size: (1920, 1080), focal: 1.0, readout_secs: 0.0, frames: (0..frames).map(at).collect() }
}

fn film() -> Project {
    let mut p = project(FrameRate::FPS_25);
    Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()).file.hash = Some(HASH);
    let mut c = clip(20, 0, 100, media_content(10, Time::ZERO));
    c.stabilize = Some(Box::default());
    put(&mut p, 2, [c]);
    p
}

#[test]
fn a_clip_is_steadied_once_its_media_was_analysed_and_planned_once_for_each_setting() {
    let loads = Arc::new(AtomicU32::new(0));
    let counted = loads.clone();
    let motions = Motions::new(move |hash| {
        counted.fetch_add(1, Ordering::Relaxed);
        (hash == HASH).then(|| shaky(100))
    });
    let p = film();
    let plain = frame(&p, 30, 1);
    assert_eq!(Paths::default().steady(&p, plain.clone()), plain);
    let mut paths = Paths::new(motions);
    let steady = paths.steady(&p, plain.clone());
    assert_ne!(steady.hash, plain.hash);
    let warp = steady.layers[0].inputs[0].warp().unwrap();
    assert_eq!((warp.maps.len(), warp.border), (1, Border::Fill));
    let told = paths.take_news();
    assert_eq!(told.len(), 1);
    assert!(told[0].jitter_px.1 < told[0].jitter_px.0 / 3.0, "{:?}", told[0].jitter_px);
    assert!(told[0].kept > 0.7 && told[0].kept < 1.0, "{}", told[0].kept);
    for n in 31..40 {
        paths.steady(&p, frame(&p, n, 1));
    }
    assert!(paths.take_news().is_empty(), "planned once");
    let mut stronger = p.clone();
    with_track(&mut stronger, 2, |t| Arc::make_mut(&mut t.clips[0]).stabilize.as_mut().unwrap().smoothness = 1.0);
    assert_ne!(paths.steady(&stronger, frame(&stronger, 30, 1)).hash, steady.hash);
    assert_eq!(paths.take_news().len(), 1);
    assert_eq!(paths.steady(&p, plain).hash, steady.hash, "the first path is still there");
    assert_eq!(loads.load(Ordering::Relaxed), 1, "read once");
    paths.forget(HASH);
    paths.steady(&p, frame(&p, 30, 1));
    assert_eq!(loads.load(Ordering::Relaxed), 2);
}

#[test]
fn no_point_of_a_steadied_picture_lies_outside_of_its_source() {
    let p = film();
    let mut paths = Paths::new(Motions::new(|_| Some(shaky(100))));
    for n in 0..100 {
        let steady = paths.steady(&p, frame(&p, n, 1));
        let map = steady.layers[0].inputs[0].warp().unwrap().maps[0];
        let (x, y) = (0.5, 0.5 * 1080.0 / 1920.0);
        for (u, v) in [(-x, -y), (x, -y), (-x, y), (x, y), (0.0, -y), (0.0, y)] {
            let q = map.map(|r| r[0] * u + r[1] * v + r[2]);
            let (q, r) = (q[0] / q[2], q[1] / q[2]);
            assert!(q.abs() <= x + 1e-6 && r.abs() <= y + 1e-6, "frame {n}: {q} {r}");
        }
    }
}

fn until_planned(paths: &mut Paths) {
    let made = paths.made().recv_timeout(std::time::Duration::from_secs(60)).expect("the background answers");
    paths.take(made);
}

#[test]
fn a_long_path_is_shown_at_once_and_whole_as_soon_as_it_is_there() {
    let p = film();
    let mut paths = Paths::at_once(Motions::new(|_| Some(shaky(3 * SHORT as i64))));
    let plain = frame(&p, 30, 1);
    let near = paths.steady(&p, plain.clone());
    assert!(paths.owes() && near.hash != plain.hash && paths.take_news().is_empty());
    assert!(paths.figures(HASH, &Stabilize::default()).is_none(), "they are those of the whole");
    until_planned(&mut paths);
    let told = paths.take_news();
    assert_eq!(told.len(), 1, "planned once for the frame and the figures");
    let whole = paths.steady(&p, plain.clone());
    assert!(!paths.owes());
    assert_eq!(paths.figures(HASH, &Stabilize::default()), Some(told[0].clone()));
    let at_export = Paths::new(Motions::new(|_| Some(shaky(3 * SHORT as i64)))).steady(&p, plain);
    assert_eq!(whole.hash, at_export.hash, "an export shows the same");
    // a camera that trembles evenly is zoomed alike everywhere
    let map = |plan: &FramePlan| plan.layers[0].inputs[0].warp().unwrap().maps[0];
    let far = map(&near).iter().flatten().zip(map(&whole).iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(far < 2e-3, "the first picture is off by {far} of its width");
}

#[test]
fn the_newest_wish_is_planned_first_and_one_that_nobody_has_any_longer_not_at_all() {
    let p = film();
    let mut paths = Paths::at_once(Motions::new(|_| Some(shaky(3 * SHORT as i64))));
    // a slider on its way; each step is shown, whatever became of the one before
    let mut steps = Vec::new();
    for step in 0..5u8 {
        let mut p = p.clone();
        with_track(&mut p, 2, |t| {
            Arc::make_mut(&mut t.clips[0]).stabilize.as_mut().unwrap().smoothness = 0.2 + 0.1 * f32::from(step);
        });
        paths.steady(&p, frame(&p, 30, 1));
        assert!(paths.owes());
        steps.push(p);
    }
    let last = &steps[4];
    let mut planned = Vec::new();
    while paths.owes() {
        until_planned(&mut paths);
        planned.extend(paths.take_news());
        paths.steady(last, frame(last, 30, 1));
    }
    assert_eq!(planned.last().map(|told| told.wish.smoothness), Some(0.6));
    assert!(planned.len() <= 2, "the first may have been done before the second was wished: {}", planned.len());
    // and nothing goes on
    assert!(paths.made().recv_timeout(std::time::Duration::from_millis(50)).is_err());
}

#[test]
fn an_analysis_that_is_made_anew_is_planned_anew() {
    let p = film();
    let mut paths = Paths::at_once(Motions::new(|_| Some(shaky(3 * SHORT as i64))));
    paths.steady(&p, frame(&p, 30, 1));
    paths.forget(HASH);
    until_planned(&mut paths);
    assert!(paths.take_news().is_empty(), "the old one is for nobody");
    paths.steady(&p, frame(&p, 30, 1));
    assert!(paths.owes());
    until_planned(&mut paths);
    assert_eq!(paths.take_news().len(), 1);
}

#[test]
fn a_camera_that_stands_still_is_left_alone() {
    let mut still = shaky(50);
    still.frames.iter_mut().for_each(|f| f.pose = Pose { yaw: 0.0, pitch: 0.0, roll: 0.0, log_zoom: 0.0 });
    let p = film();
    let mut paths = Paths::new(Motions::new(move |_| Some(still.clone())));
    let plain = frame(&p, 30, 1);
    assert_eq!(paths.steady(&p, plain.clone()), plain, "and its planes may be copied");
}
