//! What a planned path must hold, whatever the camera did.

mod bad_input;
mod paths;

use super::{Flags, FrameMotion, MotionTrack, Path, Pose, geometry::apply};
use crate::base::{FLICKS_PER_SEC, Time};

/// Frames per second of the tests.
const FPS: i64 = 30;

/// A camera that goes through `poses`, one per frame, in one shot.
fn track(poses: impl IntoIterator<Item = Pose>) -> MotionTrack {
    let frames = poses.into_iter().enumerate().map(|(i, pose)| FrameMotion {
        pts: Time(i as i64 * FLICKS_PER_SEC / FPS),
        pose,
        confidence: 1.0,
        flags: Flags { cut: i == 0, ..Flags::default() },
    });
    MotionTrack { size: (1920, 1080), focal: 1.15, readout_secs: 0.0, frames: frames.collect() }
}

/// Shake: a sum of sines between 1 and 9 Hz, about 1 in size.
fn shake(seed: u64) -> impl Fn(usize, usize) -> f64 {
    let mut rng = fastrand::Rng::with_seed(seed);
    let waves: Vec<[f64; 2]> = (0..24).map(|_| [1.0 + 8.0 * rng.f64(), rng.f64() * 6.3]).collect();
    move |component, i| {
        let t = i as f64 / FPS as f64;
        waves[component * 6..component * 6 + 6].iter().map(|[f, p]| (std::f64::consts::TAU * f * t + p).sin() / f.sqrt()).sum::<f64>() * 0.6
    }
}

/// Yaw, pitch, roll and zoom that shake by so many widths (radians, logarithm).
fn shaken(n: usize, seed: u64, size: f64, mean: impl Fn(f64) -> Pose) -> Vec<Pose> {
    let shake = shake(seed);
    (0..n)
        .map(|i| {
            let m = mean(i as f64 / FPS as f64);
            Pose {
                yaw: m.yaw + size * shake(0, i),
                pitch: m.pitch + size * shake(1, i),
                roll: m.roll + size * shake(2, i),
                log_zoom: m.log_zoom + 0.3 * size * shake(3, i),
            }
        })
        .collect()
}

/// How far outside the picture the border of frame `i` lies, in widths; negative inside. Points all around, not only corners.
fn overhang(path: &Path, i: usize) -> f64 {
    let half = (0.5, 0.5 * f64::from(path.size.1) / f64::from(path.size.0));
    let rows = path.rows(i, 33);
    let mut worst = f64::MIN;
    for k in 0..=32 {
        let t = f64::from(k) / 16.0 - 1.0;
        for (x, y) in [(t, -1.0), (t, 1.0), (-1.0, t), (1.0, t)] {
            let (x, y) = (x * half.0, y * half.1);
            // the row that the point falls on decides its map: a few steps to find it
            let mut point = apply(&rows[rows.len() / 2], x, y);
            for _ in 0..4 {
                let at = ((point.1 / half.1 + 1.0) / 2.0).clamp(0.0, 1.0) * (rows.len() - 1) as f64;
                let (below, share) = (at as usize, at.fract());
                let (a, b) = (apply(&rows[below], x, y), apply(&rows[(below + 1).min(rows.len() - 1)], x, y));
                point = (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1));
            }
            worst = worst.max(point.0.abs() - half.0).max(point.1.abs() - half.1);
        }
    }
    worst
}

/// Mean square of third differences per frame of the yaw, in widths.
fn roughness(poses: impl Iterator<Item = Pose>) -> f64 {
    let yaw: Vec<f64> = poses.map(|p| p.yaw).collect();
    let thirds = yaw.windows(4).map(|w| (w[3] - 3.0 * w[2] + 3.0 * w[1] - w[0]).powi(2));
    thirds.sum::<f64>() / (yaw.len().max(4) - 3) as f64
}
