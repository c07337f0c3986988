//! What the window shows of a planned path: curves, how much of the picture is kept, how much steadier it is. Pure.

use crate::{
    analysis::stabilize::{Path, Pose, Reason},
    base::{ContentHash, Time, words::say},
    model::Stabilize,
};

/// Jitter is what a parabola over so long to both sides does not follow, in seconds.
const HALF_WINDOW_SECS: f64 = 0.5;
/// Jitter is told for pictures of this width.
const WIDTH_PX: f64 = 960.0;
/// Mean distance of a picture's points from its middle, in widths: what a turn or a zoom moves them by.
const ARM: f64 = 0.29;

/// What a user should know of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SteadyNote {
    NothingMeasured,
    TooFewFrames,
    /// So many frames of all could not be measured.
    Weak(usize, usize),
    AlreadySteady,
    /// So many frames of all would need a larger crop.
    CropBinds(usize, usize),
    Shots(usize),
}

impl SteadyNote {
    /// In words, for whoever asked.
    pub fn text(&self) -> String {
        let said = match *self {
            Self::NothingMeasured => say!("inspector-stabilize-nothing"),
            Self::TooFewFrames => say!("inspector-stabilize-few"),
            Self::Weak(n, of) => say!("inspector-stabilize-weak", n = n, of = of),
            Self::AlreadySteady => say!("inspector-stabilize-steady"),
            Self::CropBinds(n, of) => say!("inspector-stabilize-binds", n = n, of = of),
            Self::Shots(n) => say!("inspector-stabilize-shots", n = n),
        };
        said.text()
    }
}

/// A planned path of a whole media. Each point: x and y in shares of the picture's width, degrees, magnification.
#[derive(Clone, Debug, PartialEq)]
pub struct SteadyPath {
    pub media: ContentHash,
    /// What it was planned for; its border says nothing.
    pub wish: Stabilize,
    pub times: Vec<Time>,
    /// The camera as it was.
    pub raw: Vec<[f32; 4]>,
    /// As it seems now, and the zoom that hides the borders.
    pub smooth: Vec<[f32; 4]>,
    /// First frames of shots.
    pub cuts: Vec<usize>,
    /// Frames whose motion is a guess.
    pub weak: Vec<bool>,
    /// Share of the picture's area that stays in sight at its closest.
    pub kept: f32,
    /// Before and after: root mean square, in pixels of a picture 960 wide.
    pub jitter_px: (f32, f32),
    pub notes: Vec<SteadyNote>,
}

impl SteadyPath {
    pub(super) fn of(media: ContentHash, wish: Stabilize, path: &Path) -> Self {
        let frames = &path.frames;
        let point = |p: &Pose, zoom: f64| {
            [p.yaw * path.focal, p.pitch * path.focal, p.roll.to_degrees(), (p.log_zoom + zoom).exp()].map(|v| v as f32)
        };
        let times: Vec<Time> = frames.iter().map(|f| f.pts).collect();
        let moved = |of: &dyn Fn(usize) -> Pose| {
            let poses: Vec<[f64; 4]> = (0..frames.len())
                .map(|i| {
                    let p = of(i);
                    [p.yaw * path.focal, p.pitch * path.focal, p.roll * ARM, p.log_zoom * ARM]
                })
                .collect();
            jitter(&times, &poses, &|i| frames[i].cut)
        };
        Self {
            media,
            wish,
            raw: frames.iter().map(|f| point(&f.raw, 0.0)).collect(),
            smooth: frames.iter().map(|f| point(&f.pose, f.zoom)).collect(),
            cuts: (0..frames.len()).filter(|i| frames[*i].cut).collect(),
            weak: frames.iter().map(|f| f.weak).collect(),
            kept: ((1.0 - path.crop) * (1.0 - path.crop)).clamp(0.0, 1.0) as f32,
            jitter_px: (moved(&|i| frames[i].raw), moved(&|i| frames[i].pose)),
            notes: path.reasons.iter().map(note).collect(),
            times,
        }
    }

    /// The frame on screen at a time of the media.
    pub fn index_at(&self, time: Time) -> Option<usize> {
        (!self.times.is_empty()).then(|| self.times.partition_point(|t| *t <= time).saturating_sub(1))
    }
}

fn note(reason: &Reason) -> SteadyNote {
    match *reason {
        Reason::NothingMeasured => SteadyNote::NothingMeasured,
        Reason::TooFewFrames => SteadyNote::TooFewFrames,
        Reason::WeakFrames { weak, of } => SteadyNote::Weak(weak, of),
        Reason::AlreadySteady => SteadyNote::AlreadySteady,
        Reason::CropBinds { frames, of } => SteadyNote::CropBinds(frames, of),
        Reason::Shots(n) => SteadyNote::Shots(n),
    }
}

/// Root mean square distance of a path from the parabola that fits it best around each frame, within its shot.
fn jitter(times: &[Time], poses: &[[f64; 4]], is_cut: &dyn Fn(usize) -> bool) -> f32 {
    let secs: Vec<f64> = times.iter().map(|t| t.as_secs_f64()).collect();
    let (mut sum, mut count, mut start) = (0.0, 0usize, 0);
    while start < poses.len() {
        let end = (start + 1..poses.len()).find(|i| is_cut(*i)).unwrap_or(poses.len());
        let (mut lo, mut hi) = (start, start);
        for i in start..end {
            while secs[lo] < secs[i] - HALF_WINDOW_SECS {
                lo += 1;
            }
            while hi < end && secs[hi] <= secs[i] + HALF_WINDOW_SECS {
                hi += 1;
            }
            // a parabola goes through three points whatever they are
            if hi - lo > 3 {
                sum += off(&secs[lo..hi], &poses[lo..hi], i - lo);
                count += 1;
            }
        }
        start = end;
    }
    if count == 0 { 0.0 } else { ((sum / count as f64).sqrt() * WIDTH_PX) as f32 }
}

/// Squared distance of point `at` from the parabola through all, by least squares.
fn off(secs: &[f64], poses: &[[f64; 4]], at: usize) -> f64 {
    let t0 = secs[at];
    let mut m = [0.0f64; 5];
    let mut b = [[0.0f64; 4]; 3];
    for (s, p) in secs.iter().zip(poses) {
        let t = (s - t0) / HALF_WINDOW_SECS;
        let mut power = 1.0;
        for (k, m) in m.iter_mut().enumerate() {
            *m += power;
            if k < 3 {
                b[k].iter_mut().zip(p).for_each(|(b, p)| *b += power * p);
            }
            power *= t;
        }
    }
    // Cramer's rule for the value at t = 0
    let det = |a: [f64; 3], b: [f64; 3], c: [f64; 3]| {
        a[0] * (b[1] * c[2] - b[2] * c[1]) - b[0] * (a[1] * c[2] - a[2] * c[1]) + c[0] * (a[1] * b[2] - a[2] * b[1])
    };
    let (one, two, three) = ([m[0], m[1], m[2]], [m[1], m[2], m[3]], [m[2], m[3], m[4]]);
    let whole = det(one, two, three);
    if whole.abs() < 1e-12 {
        return 0.0;
    }
    (0..4).map(|k| (poses[at][k] - det([b[0][k], b[1][k], b[2][k]], two, three) / whole).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FrameRate;

    #[test]
    fn a_parabola_has_no_jitter_and_alternation_has_all_of_it() {
        let times: Vec<Time> = (0..100).map(|n| Time::from_frames(n, FrameRate::FPS_25)).collect();
        let smooth: Vec<[f64; 4]> = (0..100).map(|n| [0.01 * f64::from(n), 0.0003 * f64::from(n * n), 0.0, 0.0]).collect();
        assert!(jitter(&times, &smooth, &|i| i == 0) < 1e-3);
        let jump: Vec<[f64; 4]> = (0..100).map(|n| [if n < 50 { 0.0 } else { 0.3 }, 0.0, 0.0, 0.0]).collect();
        assert!(jitter(&times, &jump, &|i| i == 0 || i == 50) < 1e-3, "a cut is none");
        assert!(jitter(&times, &jump, &|i| i == 0) > 5.0);
        let shaken: Vec<[f64; 4]> = (0..100).map(|n| [if n % 2 == 0 { 0.01 } else { -0.01 }, 0.0, 0.0, 0.0]).collect();
        let px = jitter(&times, &shaken, &|i| i == 0);
        assert!((8.5..10.5).contains(&px), "{px} of 9.6");
    }
}
