//! Motion on the device as on the processor: each pass by itself, then the track of a film.

use crate::support::context;
use montage_ai::{
    analysis::{
        motion::{Bend, Grid, Layers, OnProcessor, Passes, Plane, Tracker},
        stabilize::{MotionTrack, Pose},
    },
    base::{FLICKS_PER_SEC, Time},
    engine::steady::OnDevice,
};
use std::sync::Arc;

const SIZE: (usize, usize) = (320, 180);
const FOCAL: f64 = 1.1;
/// Half the height in widths.
const HALF: f64 = 0.5 * 180.0 / 320.0;

/// Blobs of many sizes, from sums of sines that never repeat within sight; seen by a camera, with grain of two levels.
fn seen(pose: &Pose, grain: u64) -> Plane {
    let back = pose.inverse_homography(FOCAL);
    let (w, h) = SIZE;
    let mut noise = fastrand::Rng::with_seed(grain);
    let mut pixel = |i: usize| {
        let (x, y) = (((i % w) as f64 - (w as f64 - 1.0) / 2.0) / w as f64, ((i / w) as f64 - (h as f64 - 1.0) / 2.0) / w as f64);
        let [u, v, s] = [0, 1, 2].map(|i| back[i][0] * x + back[i][1] * y + back[i][2]);
        let (x, y) = (u / s, v / s);
        let blob = |k: f64| {
            let (f, a) = (13.0 + 17.3 * k, 2.399 * k + 0.3);
            ((x * a.cos() + y * a.sin()) * f + 1.7 * k * k).sin() / (1.0 + 0.12 * k)
        };
        let v: f64 = (0..9).map(|k| blob(f64::from(k))).sum();
        (128.0 + 22.0 * v + 4.0 * (noise.f64() - 0.5)).clamp(0.0, 255.0).round() as f32
    };
    Plane::new(w, h, (0..w * h).map(&mut pixel).collect())
}

fn poses(n: usize) -> Vec<Pose> {
    let wave = |i: usize, f: f64| (f * i as f64).sin();
    let pose = |i| Pose {
        yaw: 0.012 * wave(i, 1.9) + 0.004 * i as f64,
        pitch: 0.01 * wave(i, 2.3),
        roll: 0.01 * wave(i, 1.1),
        log_zoom: 0.006 * wave(i, 1.5),
    };
    (0..n).map(pose).collect()
}

fn on_device() -> OnDevice {
    OnDevice::new(context()).expect("the passes")
}

fn largest<'a>(a: impl IntoIterator<Item = &'a f32>, b: impl IntoIterator<Item = &'a f32>) -> f32 {
    a.into_iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// The layers of two pictures by both.
fn layers(passes: &dyn Passes) -> [Layers; 2] {
    let p = poses(2);
    [passes.layers(&seen(&p[0], 1)), passes.layers(&seen(&p[1], 2))]
}

#[test]
fn the_copies_of_a_picture_are_the_same_to_rounding() {
    let (device, processor) = (layers(&on_device()), layers(&OnProcessor));
    for (a, b) in device.iter().zip(&processor) {
        assert!(a.kept.is_some() && b.kept.is_none());
        assert_eq!(a.small.len(), b.small.len());
        for (a, b) in [(&a.sharp, &b.sharp), (&a.half, &b.half)].into_iter().chain(a.small.iter().zip(&b.small)) {
            assert_eq!((a.width, a.height, a.data.len()), (b.width, b.height, b.data.len()));
        }
        // normalised pictures are some units high; brightness is 0 to 255
        assert!(largest(&a.sharp.data, &b.sharp.data) < 2e-3, "{}", largest(&a.sharp.data, &b.sharp.data));
        assert!(largest(&a.half.data, &b.half.data) < 1e-3);
        for (a, b) in a.small.iter().zip(&b.small) {
            assert!(largest(&a.data, &b.data) < 2e-3, "{}", largest(&a.data, &b.data));
        }
    }
    // odd sizes, and one that is too small to be halved often
    for (w, h) in [(161, 91), (40, 23), (16, 16)] {
        let plane = Plane::new(w, h, (0..w * h).map(|i| (i * 37 % 251) as f32).collect());
        let (a, b) = (on_device().layers(&plane), OnProcessor.layers(&plane));
        assert_eq!(a.small.len(), b.small.len(), "{w}×{h}");
        assert!(largest(&a.sharp.data, &b.sharp.data) < 2e-3, "{w}×{h}");
        assert!(a.small.iter().zip(&b.small).all(|(a, b)| a.width == b.width && largest(&a.data, &b.data) < 2e-3), "{w}×{h}");
    }
}

#[test]
fn tiles_and_patches_are_found_where_the_processor_finds_them() {
    let device = on_device();
    let (on_device, on_processor) = (layers(&device), layers(&OnProcessor));
    let p = poses(2);
    let grid = Grid::of(SIZE.0, SIZE.1).unwrap();
    // as it is, near where it went, and with rows that moved apart
    let apart: Vec<Pose> = (0..9).map(|k| Pose { yaw: p[1].yaw + 0.0005 * f64::from(k - 4), ..p[1] }).collect();
    let bends = [
        Bend::between(&[Pose::default()], &[Pose::default()], FOCAL, HALF),
        Bend::between(&[p[0]], &[Pose { yaw: p[1].yaw + 0.001, ..p[1] }], FOCAL, HALF),
        Bend::between(&[p[0]; 9], &apart, FOCAL, HALF),
    ];
    let spots: Vec<(u32, u32)> = (0..60).map(|i| (11 + i % 10 * 32, 11 + i / 10 * 31)).collect();
    for (n, bend) in bends.iter().enumerate() {
        let (a, b) =
            (device.tiles(&on_device[0], &on_device[1], bend, &grid), OnProcessor.tiles(&on_processor[0], &on_processor[1], bend, &grid));
        assert_eq!((a.len(), a.len()), (b.len(), grid.across * grid.down));
        let worst = largest(a.iter().flatten(), b.iter().flatten());
        assert!(worst < 0.02, "bend {n}: sums over {} pixels are {worst} apart", grid.side * grid.side);
        let (a, b) = (
            device.patches(&on_device[0], &on_device[1], bend, &spots),
            OnProcessor.patches(&on_processor[0], &on_processor[1], bend, &spots),
        );
        assert_eq!(a.len(), spots.len());
        // one that is nearly lost may be lost by either
        let lost = a.iter().zip(&b).filter(|(a, b)| (a.alike < 0.0) != (b.alike < 0.0)).count();
        assert!(lost <= 1, "bend {n}: {lost}");
        let both: Vec<_> = a.iter().zip(&b).filter(|(a, b)| a.alike > 0.5 && b.alike > 0.5).collect();
        assert!(n == 0 || both.len() > 40, "bend {n}: {} patches", both.len());
        for (a, b) in both {
            // the search ends at steps of 0.002 pixels
            assert!((a.x - b.x).abs() < 0.01 && (a.y - b.y).abs() < 0.01, "bend {n}: {a:?} {b:?}");
            assert!((a.alike - b.alike).abs() < 0.01 && (a.texture - b.texture).abs() < 1e-3 * b.texture + 1e-3, "bend {n}: {a:?} {b:?}");
        }
    }
    assert!(device.patches(&on_device[0], &on_device[1], &bends[0], &[]).is_empty());
}

#[test]
fn a_camera_is_followed_alike_within_a_twentieth_of_a_pixel() {
    let planes: Vec<Plane> = poses(7).iter().enumerate().map(|(i, p)| seen(p, i as u64)).collect();
    let tracked = |passes: Arc<dyn Passes>| -> MotionTrack {
        let mut tracker = Tracker::with((SIZE.0 as u32, SIZE.1 as u32), passes);
        planes.iter().enumerate().for_each(|(i, p)| tracker.push(Time(i as i64 * FLICKS_PER_SEC / 30), p.clone()));
        tracker.finish()
    };
    let (a, b) = (tracked(Arc::new(on_device())), tracked(Arc::new(OnProcessor)));
    assert!((a.focal / b.focal - 1.0).abs() < 0.02, "{} {}", a.focal, b.focal);
    let place = |track: &MotionTrack, i: usize, (x, y): (f64, f64)| {
        let m = track.frames[i].pose.homography(track.focal);
        let [u, v, s] = m.map(|r| r[0] * x + r[1] * y + r[2]);
        (u / s * SIZE.0 as f64, v / s * SIZE.0 as f64)
    };
    for i in 0..7 {
        assert_eq!(a.frames[i].flags, b.frames[i].flags);
        for at in [(-0.45, -0.25), (0.45, -0.25), (0.0, 0.0), (-0.45, 0.25), (0.45, 0.25)] {
            let (p, q) = (place(&a, i, at), place(&b, i, at));
            assert!((p.0 - q.0).hypot(p.1 - q.1) < 0.05, "frame {i}: {p:?} {q:?}");
        }
    }
    assert_eq!(tracked(Arc::new(on_device())), a, "and the same each time");
}
