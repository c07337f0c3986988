//! How far a frame can be moved before its edge shows: to first order for the optimiser, exactly for the verdict.

use super::{
    geometry::{Mat3, Pose, apply, mul},
    path::{Raws, scaled},
};

/// Rows of the optimiser per frame: two edges at each of four corners, and the cap of the zoom.
pub(super) const ROWS: usize = 9;

/// The edge stays this far outside, in widths of the picture: a tenth of a pixel of a large one, so that rounding in 32 bits
/// shows nothing.
const MARGIN: f64 = 5e-5;

/// Stretches between the rows whose maps are looked at, and of how many the shake of one frame may move a point.
const KNOTS: usize = 8;
const SKEW: usize = 2;
/// From a picture at rest to a frame, at rows from its top to its bottom.
pub(super) type RowMaps = [Mat3; KNOTS + 1];

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

    /// Coefficients of the rows `g·d ≤ room` at a frame whose camera was at `raw`, for an enlargement of `e^zoom`: where the corners of
    /// the steady picture fall in the frame, to first order in the correction d, with perspective; at last how much it zooms. The
    /// variables are those of `units`.
    pub fn rows(&self, raw: &Pose, zoom: f64) -> [[f64; 4]; ROWS] {
        let mut g = [[0.0; 4]; ROWS];
        let shrink = (-zoom).exp();
        let units = self.units();
        for (n, (sx, sy)) in CORNERS.into_iter().enumerate() {
            let (x, y) = (sx * self.half.0 * shrink, sy * self.half.1 * shrink);
            for (k, (u, v)) in raw.velocities(self.focal, x, y).into_iter().enumerate() {
                // the frame's point moves against the correction
                g[2 * n][k] = -sx * u * units[k];
                g[2 * n + 1][k] = -sy * v * units[k];
            }
        }
        g[ROWS - 1] = [0.0, 0.0, 0.0, units[3]];
        g
    }

    /// The room that each row has, exactly, for a camera that shall seem at `pose`: how far within the frame the corners fall. The frame's
    /// maps from a picture at rest are those of its top row and, if that is another, of its bottom row; `own_zoom` is the camera's own.
    pub fn room(&self, (top, bottom): (&Mat3, Option<&Mat3>), pose: &Pose, zoom: f64, cap: f64, own_zoom: f64) -> [f64; ROWS] {
        let back = scaled(&pose.inverse_homography(self.focal), zoom);
        let top = mul(top, &back);
        let bottom = bottom.map_or(top, |bottom| mul(bottom, &back));
        let mut out = [cap - (pose.log_zoom - own_zoom); ROWS];
        for (n, (sx, sy)) in CORNERS.into_iter().enumerate() {
            let map = if sy < 0.0 { &top } else { &bottom };
            let (x, y) = apply(map, sx * self.half.0, sy * self.half.1);
            out[2 * n] = self.half.0 - (sx * x).min(1.0) - MARGIN;
            out[2 * n + 1] = self.half.1 - (sy * y).min(1.0) - MARGIN;
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
        let shares = CORNERS.map(|(sx, sy)| self.share_within(m, sx * self.half.0, sy * self.half.1));
        zoom_of(shares.into_iter().fold(1.0, f64::min))
    }

    /// From a picture at rest to a frame whose rows were exposed one after the other, at rows from its top to its bottom.
    pub fn row_maps(&self, raws: &Raws<'_>, i: usize) -> RowMaps {
        std::array::from_fn(|k| raws.at_row(i, k as f64 / KNOTS as f64).homography(self.focal))
    }

    /// The least enlargement for such a frame: each row's map for the part of the border that it may show.
    pub fn need_by_rows(&self, rows: &RowMaps, pose: &Pose) -> f64 {
        let back = pose.inverse_homography(self.focal);
        let mut least = 1.0_f64;
        for (k, row) in rows.iter().enumerate() {
            let map = mul(row, &back);
            // a map keeps lines straight: of the stretch of the border that it may show, the ends suffice
            for y in [k.saturating_sub(SKEW), (k + SKEW).min(KNOTS)] {
                let y = (2.0 * y as f64 / KNOTS as f64 - 1.0) * self.half.1;
                least = least.min(self.share_within(&map, -self.half.0, y)).min(self.share_within(&map, self.half.0, y));
            }
        }
        zoom_of(least)
    }

    /// The largest share of the way from the centre to a point that a map keeps within the picture, at most 1.
    fn share_within(&self, m: &Mat3, x: f64, y: f64) -> f64 {
        let line = |i: usize| (m[i][0] * x + m[i][1] * y, m[i][2]);
        let (u, v, w) = (line(0), line(1), line(2));
        let mut least = 1.0_f64;
        for (n, half) in [(u, self.half.0), (v, self.half.1)] {
            let reach = half - MARGIN / 2.0;
            for sign in [1.0, -1.0] {
                // sign·(n0·k + n1) ≤ (half − margin)·(w0·k + w1)
                let (slope, room) = (sign * n.0 - reach * w.0, reach * w.1 - sign * n.1);
                if room < 0.0 {
                    return 0.0;
                }
                if slope > room {
                    least = least.min(room / slope);
                }
            }
        }
        least
    }
}

/// The logarithm of zoom that shows so much of the way from the centre to the corners. Not even the centre lies within the picture:
/// more than any zoom mends.
fn zoom_of(share: f64) -> f64 {
    if share <= 1e-3 { f64::INFINITY } else { -share.ln() }
}
