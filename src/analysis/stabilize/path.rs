//! The planned path: where the camera was, where it shall seem to be, and the map from each point of the steady picture
//! to the point of the frame that is seen there.

use super::geometry::{Mat3, Pose, mul};
use crate::base::Time;

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
        let raws = Raws { frames: &self.frames, readout_secs: self.readout_secs };
        (0..knots).map(|k| mul(&raws.at_row(i, k as f64 / (knots - 1) as f64).homography(self.focal), &back)).collect()
    }
}

/// `m` after a shrinking by `e^zoom` about the centre.
fn scaled(m: &Mat3, zoom: f64) -> Mat3 {
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

/// The camera between frames.
pub(super) struct Raws<'a> {
    pub frames: &'a [Planned],
    pub readout_secs: f64,
}

impl Raws<'_> {
    /// The camera while row `y` (0 = top, 1 = bottom) of frame `i` was exposed: a cubic through the poses of the shot, with
    /// slopes from the frames on both sides (Catmull-Rom for uneven times). A frame's own time is that of its middle row.
    pub fn at_row(&self, i: usize, y: f64) -> Pose {
        let i = self.frames[i].shows;
        let offset = self.readout_secs * (y - 0.5);
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

    /// Change per second at frame `i`.
    fn slope(&self, i: usize) -> [f64; 4] {
        let (a, b) = (self.before(i).unwrap_or(i), self.after(i).unwrap_or(i));
        let span = self.secs(b) - self.secs(a);
        let (p, q) = (self.frames[a].raw.array(), self.frames[b].raw.array());
        std::array::from_fn(|k| if span > 0.0 { (q[k] - p[k]) / span } else { 0.0 })
    }
}
