//! The planned path: where the camera was, where it shall seem to be, and the map from each point of the steady picture
//! to the point of the frame that is seen there.

use super::geometry::{Mat3, Pose, mul};
use crate::base::Time;
use std::ops::Range;

/// A source time within this of a frame's own counts as reached: 1 µs in flicks, as containers round time stamps.
const SLACK: i64 = 706;

/// Something a user should know about a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No motion could be measured anywhere: the picture is left alone.
    NothingMeasured,
    /// Too few frames to tell shake from motion.
    TooFewFrames,
    /// So many frames of the whole could not be measured.
    WeakFrames { weak: usize, of: usize },
    /// The picture is steady already and is left alone.
    AlreadySteady,
    /// The crop keeps so many frames of the whole from being as steady as asked.
    CropBinds { frames: usize, of: usize },
    /// The file has so many shots; each has a path of its own.
    Shots(usize),
}

/// A frame on the path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planned {
    pub pts: Time,
    /// The camera as it was.
    pub raw: Pose,
    /// The camera as it shall seem.
    pub pose: Pose,
    /// Natural logarithm of the enlargement that hides the edges, 0 or more.
    pub zoom: f64,
    /// First frame of a shot.
    pub cut: bool,
    /// Its motion is a guess.
    pub weak: bool,
    /// The frame whose picture it shows: itself, or an earlier one that it repeats.
    pub shows: usize,
}

/// A path for a whole file.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Size of the picture as it is stored, in pixels.
    pub size: (u32, u32),
    /// Focal length in widths of the picture.
    pub focal: f64,
    /// Seconds from the first row to the last; 0 also where the skew shall stay.
    pub readout_secs: f64,
    pub frames: Vec<Planned>,
    /// Share of width and height that the largest zoom cuts off.
    pub crop: f64,
    pub reasons: Vec<Reason>,
}

impl Path {
    /// The frame on screen at a time of the media; the first before all. None where there is no frame.
    pub fn index_at(&self, time: Time) -> Option<usize> {
        let after = self.frames.partition_point(|f| f.pts.0 <= time.0.saturating_add(SLACK));
        (!self.frames.is_empty()).then(|| after.saturating_sub(1))
    }

    /// From a point of the steady picture to the point of frame `i` that is seen there, all rows taken as exposed at once.
    pub fn source_from_output(&self, i: usize) -> Mat3 {
        let frame = &self.frames[i];
        frame_map(&frame.raw, &frame.pose, frame.zoom, self.focal)
    }

    /// The same for a sensor that is read row by row: one map for each of `knots` rows, evenly spaced from the top of the
    /// frame to its bottom, between which they are interpolated. A single map where all rows are exposed at once.
    pub fn rows(&self, i: usize, knots: usize) -> Vec<Mat3> {
        if self.readout_secs == 0.0 || knots < 2 {
            return vec![self.source_from_output(i)];
        }
        let frame = &self.frames[i];
        let back = scaled(&frame.pose.inverse_homography(self.focal), frame.zoom);
        let raws = Raws::new(&self.frames, i..i + 1, self.readout_secs);
        (0..knots).map(|k| mul(&raws.at_row(i, k as f64 / (knots - 1) as f64).homography(self.focal), &back)).collect()
    }
}

/// `m` after a shrinking by `e^zoom` about the centre.
pub(super) fn scaled(m: &Mat3, zoom: f64) -> Mat3 {
    let k = (-zoom).exp();
    m.map(|[a, b, c]| [a * k, b * k, c])
}

/// From the steady picture to the frame, for a camera that was at `raw` and shall seem at `pose`.
pub(super) fn frame_map(raw: &Pose, pose: &Pose, zoom: f64, focal: f64) -> Mat3 {
    if raw == pose && zoom == 0.0 {
        return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    }
    mul(&raw.homography(focal), &scaled(&pose.inverse_homography(focal), zoom))
}

/// Lanczos' kernel at `u` less the frames from −KERNEL to KERNEL: sin(πx)·sin(πx/n) / (πx)²·n, its sines from those of `u`.
fn kernel(u: f64) -> [f64; 2 * Raws::KERNEL + 1] {
    use std::f64::consts::PI;
    let reach = Raws::KERNEL as f64;
    let (whole, (slow_sin, slow_cos)) = ((PI * u).sin(), (PI * u / reach).sin_cos());
    let ((turn_sin, turn_cos), last) = ((PI / reach).sin_cos(), -(Raws::KERNEL as isize));
    // from one frame to the next the argument of the slow sine falls by π/n; at the first it is n more
    let (mut sine, mut cosine) = (-slow_sin, -slow_cos);
    std::array::from_fn(|n| {
        let k = last + n as isize;
        let (x, window, sign) = (u - k as f64, sine, if k % 2 == 0 { 1.0 } else { -1.0 });
        (sine, cosine) = (sine * turn_cos - cosine * turn_sin, cosine * turn_cos + sine * turn_sin);
        match x.abs() {
            x if x < 1e-6 => 1.0,
            x if x >= reach => 0.0,
            _ => sign * whole * window * reach / (PI * x).powi(2),
        }
    })
}

/// The camera between frames. Where frames are even, by Lanczos' kernel of five on each side, about the line that the neighbours
/// give: a shake of eleven swings a second at thirty frames is followed to a hundredth, by cubics to a seventh. Elsewhere (ends of shots,
/// repeats, uneven times) by cubic splines through the poses (C², natural ends). A frame's own time is that of its middle row.
pub(in crate::analysis) struct Raws<'a> {
    frames: &'a [Planned],
    readout_secs: f64,
    first: usize,
    /// Change per second at each frame from `first` on; nothing at repeats.
    slopes: Vec<[f64; 4]>,
    /// Whether as many frames as the kernel reaches follow evenly on both sides, each with a picture of its own; as `slopes`.
    even: Vec<bool>,
}

impl<'a> Raws<'a> {
    /// Frames on each side from which a frame's slope is known to a thousandth.
    const REACH: usize = 6;
    /// Frames on each side that the kernel reaches.
    const KERNEL: usize = 5;
    /// Steps in time that differ by less are even.
    const EVEN: f64 = 0.02;

    /// For rows of any of some frames.
    pub fn new(frames: &'a [Planned], range: Range<usize>, readout_secs: f64) -> Self {
        // a repeat stands for what it shows, and slopes need neighbours
        let first = range.start.saturating_sub(2 * Self::REACH);
        let last = (range.end + 2 * Self::REACH).min(frames.len());
        let first = frames.get(first).map_or(first, |f| f.shows.min(first));
        let count = last - first;
        let mut out = Self { frames, readout_secs, first, slopes: vec![[0.0; 4]; count], even: vec![false; count] };
        let mut run: Vec<usize> = Vec::new();
        for (i, frame) in frames.iter().enumerate().take(last).skip(first) {
            if frame.cut {
                out.bend(&run);
                run.clear();
            }
            if frame.shows == i {
                run.push(i);
            }
        }
        out.bend(&run);
        out
    }

    /// Slopes of the spline through some frames: h₁·m₀ + 2(h₀ + h₁)·m₁ + h₀·m₂ = 3(h₁·Δ₀ + h₀·Δ₁) at each, by elimination.
    fn bend(&mut self, run: &[usize]) {
        let n = run.len();
        let mut even_for = 0;
        for k in 2..n {
            let (a, b) = (self.secs(run[k - 1]) - self.secs(run[k - 2]), self.secs(run[k]) - self.secs(run[k - 1]));
            even_for = if (a - b).abs() < Self::EVEN * a && run[k] == run[k - 2] + 2 { even_for + 1 } else { 0 };
            if even_for + 1 >= 2 * Self::KERNEL {
                self.even[run[k - Self::KERNEL] - self.first] = true;
            }
        }
        if n < 2 {
            return;
        }
        let step = |k: usize| (self.secs(run[k + 1]) - self.secs(run[k])).max(1e-6);
        let rise = |k: usize| -> [f64; 4] {
            let (a, b) = (self.frames[run[k]].raw.array(), self.frames[run[k + 1]].raw.array());
            std::array::from_fn(|c| (b[c] - a[c]) / step(k))
        };
        // each row as it stands after elimination: what the next slope counts, and the rest
        let mut rows: Vec<(f64, [f64; 4])> = Vec::with_capacity(n);
        for k in 0..n {
            let (before, own, after, right) = if k == 0 {
                (0.0, 2.0, 1.0, rise(0).map(|v| 3.0 * v))
            } else if k == n - 1 {
                (1.0, 2.0, 0.0, rise(k - 1).map(|v| 3.0 * v))
            } else {
                let (h, g) = (step(k - 1), step(k));
                let (a, b) = (rise(k - 1), rise(k));
                (g, 2.0 * (h + g), h, std::array::from_fn(|c| 3.0 * (g * a[c] + h * b[c])))
            };
            let (share, rest) = rows.last().copied().unwrap_or((0.0, [0.0; 4]));
            let pivot = own - before * share;
            rows.push((after / pivot, std::array::from_fn(|c| (right[c] - before * rest[c]) / pivot)));
        }
        let mut next = [0.0; 4];
        for (i, (share, rest)) in run.iter().zip(&rows).rev() {
            next = std::array::from_fn(|c| rest[c] - share * next[c]);
            self.slopes[i - self.first] = next;
        }
    }

    /// The camera while row `y` (0 = top, 1 = bottom) of frame `i` was exposed.
    pub fn at_row(&self, i: usize, y: f64) -> Pose {
        let i = self.frames[i].shows;
        let offset = self.readout_secs * (y - 0.5);
        if i.checked_sub(self.first).is_some_and(|k| self.even[k]) {
            return self.even_at(i, offset);
        }
        let (from, to) = if offset < 0.0 { (self.before(i), Some(i)) } else { (Some(i), self.after(i)) };
        let (Some(from), Some(to)) = (from, to) else { return self.beyond(i, offset) };
        let (start, span) = (self.secs(from), self.secs(to) - self.secs(from));
        if span <= 0.0 {
            return self.frames[i].raw;
        }
        let u = (self.secs(i) + offset - start) / span;
        let (a, b) = (self.frames[from].raw.array(), self.frames[to].raw.array());
        let (m, n) = (self.slope(from), self.slope(to));
        let (u2, u3) = (u * u, u * u * u);
        Pose::from_array(std::array::from_fn(|k| {
            (2.0 * u3 - 3.0 * u2 + 1.0) * a[k] + (u3 - 2.0 * u2 + u) * span * m[k] + (3.0 * u2 - 2.0 * u3) * b[k] + (u3 - u2) * span * n[k]
        }))
    }

    /// The camera `offset` seconds after frame `i`, which has even neighbours.
    fn even_at(&self, i: usize, offset: f64) -> Pose {
        let (before, after) = (self.frames[i - 1].raw.array(), self.frames[i + 1].raw.array());
        let step = 0.5 * (self.secs(i + 1) - self.secs(i - 1));
        let u = (offset / step).clamp(-1.0, 1.0);
        let own = self.frames[i].raw.array();
        let slope: [f64; 4] = std::array::from_fn(|c| 0.5 * (after[c] - before[c]));
        let line = |k: f64, c: usize| own[c] + slope[c] * k;
        let weights = kernel(u);
        let (mut sum, mut total) = ([0.0; 4], 0.0);
        for ((k, weight), frame) in weights.iter().enumerate().zip(&self.frames[i - Self::KERNEL..=i + Self::KERNEL]) {
            let (raw, k) = (frame.raw.array(), k as f64 - Self::KERNEL as f64);
            (0..4).for_each(|c| sum[c] += weight * (raw[c] - line(k, c)));
            total += weight;
        }
        Pose::from_array(std::array::from_fn(|c| sum[c] / total + line(u, c)))
    }

    /// Past the first or last frame of a shot the camera goes on as it went.
    fn beyond(&self, i: usize, offset: f64) -> Pose {
        let (a, m) = (self.frames[i].raw.array(), self.slope(i));
        Pose::from_array(std::array::from_fn(|k| a[k] + m[k] * offset))
    }

    fn secs(&self, i: usize) -> f64 {
        self.frames[i].pts.as_secs_f64()
    }

    /// The frame of the same shot before `i` that shows a picture of its own.
    fn before(&self, i: usize) -> Option<usize> {
        (!self.frames[i].cut).then(|| i.checked_sub(1).map(|j| self.frames[j].shows)).flatten()
    }

    /// The next one.
    fn after(&self, i: usize) -> Option<usize> {
        (i + 1..self.frames.len()).take_while(|j| !self.frames[*j].cut).find(|j| self.frames[*j].shows == *j)
    }

    fn slope(&self, i: usize) -> [f64; 4] {
        i.checked_sub(self.first).and_then(|k| self.slopes.get(k)).copied().unwrap_or_default()
    }
}
