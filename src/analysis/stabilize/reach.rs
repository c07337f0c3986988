//! How far a frame can be moved before its edge shows: to first order for the optimiser, exactly for the verdict.

use super::{
    geometry::{Mat3, Pose},
    path::{Raws, frame_map},
};

/// Rows of the optimiser per frame: two edges at each of four corners, and the cap of the zoom.
pub(super) const ROWS: usize = 9;

/// The edge stays this far outside, in widths of the picture: a tenth of a pixel of a large one, so that rounding in 32 bits
/// shows nothing.
const MARGIN: f64 = 5e-5;

/// Corners of the unit square about the origin.
const CORNERS: [(f64, f64); 4] = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];

/// The picture's half sizes in widths, and the camera's focal length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub half: (f64, f64),
    pub focal: f64,
}

impl Frame {
    pub fn new(aspect: f64, focal: f64) -> Self {
        Self { half: (0.5, 0.5 * aspect), focal }
    }

    /// Coefficients of the rows `g·(s−c) ≤ room` at a frame whose camera was at `raw`, for an enlargement of `e^zoom`: where the
    /// corners of the steady picture fall in the frame, to first order in the correction, with perspective. The variables are
    /// those of `units`.
    pub fn rows(&self, raw: &Pose, zoom: f64, cap: f64) -> ([[f64; 4]; ROWS], [f64; ROWS]) {
        let (mut g, mut room) = ([[0.0; 4]; ROWS], [0.0; ROWS]);
        let shrink = (-zoom).exp();
        let units = self.units();
        for (n, (sx, sy)) in CORNERS.into_iter().enumerate() {
            let (x, y) = (sx * self.half.0 * shrink, sy * self.half.1 * shrink);
            for (k, (u, v)) in raw.velocities(self.focal, x, y).into_iter().enumerate() {
                // the frame's point moves against the correction
                g[2 * n][k] = -sx * u * units[k];
                g[2 * n + 1][k] = -sy * v * units[k];
            }
            room[2 * n] = self.half.0 - sx * x - MARGIN;
            room[2 * n + 1] = self.half.1 - sy * y - MARGIN;
        }
        g[ROWS - 1] = [0.0, 0.0, 0.0, units[3]];
        room[ROWS - 1] = cap;
        (g, room)
    }

    /// How far beyond the linear rows the corners really go for a correction from `raws` (the camera at the top row and at the
    /// bottom one) to `pose`, per row.
    pub fn excess(&self, raws: &[Pose; 2], pose: &Pose, zoom: f64, linear: &[f64; ROWS]) -> [f64; ROWS] {
        let top = frame_map(&raws[0], pose, zoom, self.focal);
        let bottom = if raws[0] == raws[1] { top } else { frame_map(&raws[1], pose, zoom, self.focal) };
        let shrink = (-zoom).exp();
        let mut out = [0.0; ROWS];
        for (n, (sx, sy)) in CORNERS.into_iter().enumerate() {
            let map = if sy < 0.0 { &top } else { &bottom };
            let (x, y) = super::geometry::apply(map, sx * self.half.0, sy * self.half.1);
            out[2 * n] = (sx * x - self.half.0 * shrink).min(1.0) - linear[2 * n];
            out[2 * n + 1] = (sy * y - self.half.1 * shrink).min(1.0) - linear[2 * n + 1];
        }
        out
    }

    /// Widths of picture per unit of the optimiser's variables are alike: yaw·f, pitch·f, roll/2 and zoom/2 in widths. Gives
    /// what one such unit is in radians (or logarithm of zoom).
    pub fn units(&self) -> [f64; 4] {
        [1.0 / self.focal, 1.0 / self.focal, 2.0, 2.0]
    }

    /// The least enlargement (logarithm, 0 or more) at which a map without zoom shows no edge. The steady picture's corners
    /// suffice: a projective map keeps it convex. A point k·p maps to a quotient of two lines in k, hence no search.
    pub fn need(&self, m: &Mat3) -> f64 {
        let corners = CORNERS.map(|(sx, sy)| (sx * self.half.0, sy * self.half.1));
        need_of(corners.iter().map(|p| (*p, m)), self.half)
    }

    /// The same for a frame whose rows were exposed one after the other: points all around the border, each through the map of
    /// the row that it falls on.
    pub fn need_by_rows(&self, raws: &Raws<'_>, pose: &Pose, i: usize) -> f64 {
        let back = pose.inverse_homography(self.focal);
        let knots: [Mat3; 9] = std::array::from_fn(|k| super::geometry::mul(&raws.at_row(i, k as f64 / 8.0).homography(self.focal), &back));
        // each border point with every map that its row can have: rows within reach of the shake
        let near = |y: f64| {
            let at = ((y / self.half.1 + 1.0) * 4.0).clamp(0.0, 8.0);
            ((at - 2.0).max(0.0) as usize, (at + 2.0).ceil().min(8.0) as usize)
        };
        let points = (0..=8).flat_map(|k| {
            let t = f64::from(k) / 4.0 - 1.0;
            [(t, -1.0), (t, 1.0), (-1.0, t), (1.0, t)]
        });
        let points: Vec<(f64, f64)> = points.map(|(x, y)| (x * self.half.0, y * self.half.1)).collect();
        need_of(
            points.iter().flat_map(|p| {
                let (a, b) = near(p.1);
                knots[a..=b].iter().map(move |m| (*p, m))
            }),
            self.half,
        )
    }
}

/// Least logarithm of zoom that keeps every point's image within the frame.
fn need_of<'a>(points: impl Iterator<Item = ((f64, f64), &'a Mat3)>, half: (f64, f64)) -> f64 {
    let mut largest = 1.0_f64;
    for ((x, y), m) in points {
        let line = |i: usize| (m[i][0] * x + m[i][1] * y, m[i][2]);
        let (u, v, w) = (line(0), line(1), line(2));
        for (n, half) in [(u, half.0), (v, half.1)] {
            for sign in [1.0, -1.0] {
                // sign·(n0·k + n1) ≤ (half − margin)·(w0·k + w1)
                let reach = half - MARGIN / 2.0;
                let (slope, room) = (sign * n.0 - reach * w.0, reach * w.1 - sign * n.1);
                if room < 0.0 {
                    largest = 0.0;
                } else if slope > 0.0 {
                    largest = largest.min(room / slope);
                }
            }
        }
    }
    // not even the centre lies within the frame: more than any zoom mends
    if largest <= 1e-3 { f64::INFINITY } else { -largest.ln() }
}
