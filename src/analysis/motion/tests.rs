//! A procedural scene seen by a camera whose way is known.

use super::{Plane, Tracker};
use crate::{
    analysis::stabilize::{MotionTrack, Pose},
    base::{FLICKS_PER_SEC, Time},
};

const SIZE: (usize, usize) = (160, 90);
const FOCAL: f64 = 1.15;

/// Brightness of the scene at a point in widths: blobs of many sizes, from sums of sines that never repeat within sight.
fn scene(seed: f64, x: f64, y: f64) -> f64 {
    let mut v = 0.0;
    for k in 0..9 {
        let k = f64::from(k);
        let (f, a) = (9.0 + 11.3 * k, 2.399 * k + seed);
        v += ((x * a.cos() + y * a.sin()) * f + 1.7 * k * k + seed).sin() / (1.0 + 0.12 * k);
    }
    128.0 + 22.0 * v
}

/// A row of the scene as a camera in this pose sees it.
fn seen_row(seed: f64, pose: &Pose, y: usize, noise: &mut fastrand::Rng) -> Vec<f32> {
    let back = pose.inverse_homography(FOCAL);
    let (w, h) = SIZE;
    let (cx, cy) = ((w as f64 - 1.0) / 2.0, (h as f64 - 1.0) / 2.0);
    let pixel = |x: usize| {
        let (x, y) = ((x as f64 - cx) / w as f64, (y as f64 - cy) / w as f64);
        let [u, v, s] = [0, 1, 2].map(|i| back[i][0] * x + back[i][1] * y + back[i][2]);
        (scene(seed, u / s, v / s) + 2.0 * (noise.f64() - 0.5)).clamp(0.0, 255.0).round() as f32
    };
    (0..w).map(pixel).collect()
}

/// The scene as a camera in this pose sees it.
fn seen(seed: f64, pose: &Pose, noise: &mut fastrand::Rng) -> Plane {
    let rows = (0..SIZE.1).map(|y| seen_row(seed, pose, y, noise));
    Plane::new(SIZE.0, SIZE.1, rows.flatten().collect())
}

/// A camera that wavers by a few pixels and turns a little.
fn poses(n: usize) -> Vec<Pose> {
    let wave = |i: usize, f: f64| (f * i as f64).sin() - (f * 0.0).sin();
    (0..n)
        .map(|i| Pose {
            yaw: 0.012 * wave(i, 1.9) + 0.004 * i as f64,
            pitch: 0.01 * wave(i, 2.3),
            roll: 0.01 * wave(i, 1.1),
            log_zoom: 0.006 * wave(i, 1.5),
        })
        .collect()
}

fn tracked(planes: impl IntoIterator<Item = Plane>) -> MotionTrack {
    let mut tracker = Tracker::new((SIZE.0 as u32, SIZE.1 as u32));
    for (i, plane) in planes.into_iter().enumerate() {
        tracker.push(Time(i as i64 * FLICKS_PER_SEC / 30), plane);
    }
    tracker.finish()
}

fn film(poses: &[Pose], seed: f64) -> Vec<Plane> {
    let mut noise = fastrand::Rng::with_seed(9);
    poses.iter().map(|p| seen(seed, p, &mut noise)).collect()
}

/// Largest distance in pixels at a corner between what was found of the way from one frame to another and what it was.
fn miss(track: &MotionTrack, truth: &[Pose], from: usize, to: usize) -> f64 {
    let map = |a: &Pose, b: &Pose, f: f64, x: f64, y: f64| {
        let through = |m: [[f64; 3]; 3], x: f64, y: f64| {
            let [u, v, w] = [0, 1, 2].map(|i| m[i][0] * x + m[i][1] * y + m[i][2]);
            (u / w, v / w)
        };
        let (u, v) = through(a.inverse_homography(f), x, y);
        through(b.homography(f), u, v)
    };
    let corners = [(-0.45, -0.25), (0.45, -0.25), (-0.45, 0.25), (0.45, 0.25)];
    let off = corners.map(|(x, y)| {
        let found = map(&track.frames[from].pose, &track.frames[to].pose, track.focal, x, y);
        let real = map(&truth[from], &truth[to], FOCAL, x, y);
        (found.0 - real.0).hypot(found.1 - real.1) * SIZE.0 as f64
    });
    off.into_iter().fold(0.0, f64::max)
}

#[test]
fn a_camera_is_followed_to_a_part_of_a_pixel() {
    let truth = poses(6);
    let track = tracked(film(&truth, 0.3));
    for i in 1..6 {
        // at the corners, where the focal length counts, which six pictures hardly tell
        assert!(miss(&track, &truth, i - 1, i) < 0.5, "frame {i} is off by {}", miss(&track, &truth, i - 1, i));
        let flags = track.frames[i].flags;
        assert!(!flags.cut && !flags.dup && !flags.weak && track.frames[i].confidence > 0.7);
    }
    assert!(track.frames[0].flags.cut && track.frames[0].pose == Pose::default());
}

#[test]
fn the_same_pictures_give_the_same_track() {
    let planes = film(&poses(5), 0.3);
    assert_eq!(tracked(planes.clone()), tracked(planes));
}

#[test]
fn a_cut_begins_anew_and_a_flash_does_not() {
    let truth = poses(4);
    let (first, second) = (film(&truth, 0.3), film(&truth, 5.1));
    let cut = tracked(first.iter().chain(&second).cloned());
    let cuts: Vec<usize> = (0..8).filter(|i| cut.frames[*i].flags.cut).collect();
    assert_eq!(cuts, [0, 4]);
    assert_eq!(cut.frames[4].pose, Pose::default());
    // one picture of something else, and one that is blown out
    for odd in [film(&[Pose::default()], 8.2).remove(0), Plane::new(SIZE.0, SIZE.1, vec![255.0; SIZE.0 * SIZE.1])] {
        let mut planes = first.clone();
        planes[2] = odd;
        let track = tracked(planes);
        assert!(track.frames[1..].iter().all(|f| !f.flags.cut));
        assert!(track.frames[2].flags.weak && !track.frames[3].flags.weak);
        assert!(miss(&track, &truth, 1, 3) < 0.4, "{}", miss(&track, &truth, 1, 3));
    }
}

#[test]
fn repeated_pictures_are_marked_and_a_still_scene_is_not() {
    let mut planes = film(&poses(4), 0.3);
    planes.insert(2, planes[1].clone());
    let track = tracked(planes);
    let repeats: Vec<bool> = track.frames.iter().map(|f| f.flags.dup).collect();
    assert_eq!(repeats, [false, false, true, false, false]);
    assert_eq!(track.frames[2].pose, track.frames[1].pose);
    let still = tracked(vec![film(&poses(1), 0.3).remove(0); 6]);
    assert!(still.frames.iter().all(|f| !f.flags.dup && !f.flags.weak && f.pose == Pose::default()));
}

#[test]
fn a_repeat_with_noise_of_its_own_is_one_too() {
    let mut truth = poses(12);
    truth.insert(6, truth[5]);
    let mut noise = fastrand::Rng::with_seed(4);
    let grain = |plane: Plane, noise: &mut fastrand::Rng| {
        let data = plane.data.iter().map(|v| v + 8.0 * (noise.f32() - 0.5)).collect();
        Plane::new(plane.width, plane.height, data)
    };
    let planes: Vec<Plane> = film(&truth, 0.3).into_iter().map(|p| grain(p, &mut noise)).collect();
    let repeats = |planes: Vec<Plane>| -> Vec<usize> {
        let track = tracked(planes);
        (0..track.frames.len()).filter(|i| track.frames[*i].flags.dup).collect()
    };
    assert_eq!(repeats(planes), [6]);
    // a still camera with grain repeats nothing
    let still = vec![truth[0]; 8];
    let planes = film(&still, 0.3).into_iter().map(|p| grain(p, &mut noise)).collect();
    assert_eq!(repeats(planes), [0usize; 0]);
}

#[test]
fn a_sensor_that_is_read_row_by_row_is_known_by_its_skew() {
    const READOUT: f64 = 0.025;
    // between two and five swings a second
    let at = |t: f64| Pose {
        yaw: 0.02 * (13.0 * t).sin() + 0.012 * (29.0 * t).cos(),
        pitch: 0.016 * (17.0 * t).cos() + 0.01 * (31.0 * t).sin(),
        roll: 0.01 * (15.0 * t).sin(),
        log_zoom: 0.0,
    };
    let n = 26;
    for readout in [READOUT, 0.0] {
        let mut noise = fastrand::Rng::with_seed(2);
        let film = (0..n).map(|i| {
            let t = f64::from(i) / 30.0;
            let rows = (0..SIZE.1).map(|y| {
                let part = y as f64 / (SIZE.1 - 1) as f64 - 0.5;
                seen_row(0.3, &at(t + readout * part), y, &mut noise)
            });
            Plane::new(SIZE.0, SIZE.1, rows.flatten().collect())
        });
        let track = tracked(film);
        assert!((track.readout_secs - readout).abs() < 0.15 * READOUT, "{} of {readout}", track.readout_secs);
        // poses are since the first frame
        let truth: Vec<Pose> = (0..n).map(|i| at(f64::from(i) / 30.0)).collect();
        for i in 3..n as usize - 2 {
            assert!(miss(&track, &truth, i - 1, i) < 0.5, "frame {i} is off by {}", miss(&track, &truth, i - 1, i));
        }
    }
}

#[test]
fn a_camera_on_a_stand_is_at_rest_whatever_passes_before_it() {
    let still = vec![Pose::default(); 12];
    let mut planes = film(&still, 0.3);
    // something with a texture of its own goes by in the left half
    let thing = film(&[Pose::default()], 4.4).remove(0);
    for (i, plane) in planes.iter_mut().enumerate() {
        for y in 10..80 {
            for x in 0..50 {
                plane.data[y * SIZE.0 + x + 2 * i] = thing.data[y * SIZE.0 + x];
            }
        }
    }
    let track = tracked(planes);
    assert!(track.frames.iter().all(|f| f.pose == Pose::default() && !f.flags.dup), "{:?}", track.frames);
}

#[test]
fn what_shows_nothing_is_a_guess() {
    for (w, h, n) in [(160, 90, 5), (16, 16, 3), (160, 90, 1), (2, 2, 2), (1, 1, 2)] {
        let mut tracker = Tracker::new((w as u32, h as u32));
        (0..n).for_each(|i| tracker.push(Time(i), Plane::new(w, h, vec![16.0; w * h])));
        let track = tracker.finish();
        assert_eq!(track.frames.len(), n as usize);
        assert!(track.frames[1..].iter().all(|f| f.flags.weak && f.pose == Pose::default()));
    }
    assert!(Tracker::new((160, 90)).finish().frames.is_empty());
}
