//! From the points of one picture to those of the next, row by row where the sensor read them so.

use super::plane::{Plane, Similarity, catmull_rom};
use crate::analysis::stabilize::{Mat3, Pose, apply, mul};

/// Maps of a picture whose rows moved differently.
pub(super) const KNOTS: usize = 9;

/// Maps from points of the first picture to the second, in widths from the centre: one for all rows, or several for rows evenly
/// spaced from the top to the bottom, between which they are interpolated.
#[derive(Clone, Debug)]
pub struct Bend {
    maps: Vec<Mat3>,
    /// Half the height, in widths.
    half: f64,
}

impl Bend {
    /// What the coarse alignment found on pictures of this size.
    pub(super) fn of(map: &Similarity, luma: &Plane) -> Self {
        let (a, b) = (f64::from(map.a.0), f64::from(map.a.1));
        let width = luma.width as f64;
        let (x, y) = (f64::from(map.b.0) / width, f64::from(map.b.1) / width);
        Self { maps: vec![[[a, -b, x], [b, a, y], [0.0, 0.0, 1.0]]], half: half_height(luma) }
    }

    /// A camera that was at rest and is at `pose(y)` for row `y` of the picture (in widths from the middle).
    pub(super) fn turned(luma: &Plane, focal: f64, is_skewed: bool, pose: impl Fn(f64) -> Pose) -> Self {
        let half = half_height(luma);
        let knots = if is_skewed { KNOTS } else { 1 };
        let row = |k: usize| if is_skewed { half * (2.0 * k as f64 / (KNOTS - 1) as f64 - 1.0) } else { 0.0 };
        Self { maps: (0..knots).map(|k| pose(row(k)).homography(focal)).collect(), half }
    }

    /// A camera whose pose is known for evenly spaced rows of both pictures, the same number of each.
    pub fn between(from: &[Pose], to: &[Pose], focal: f64, half: f64) -> Self {
        let maps = from.iter().zip(to).map(|(a, b)| mul(&b.homography(focal), &a.inverse_homography(focal))).collect();
        Self { maps, half }
    }

    /// The maps for pictures `width` pixels wide, from pixels about the centre to the same, the last row to the common divisor.
    pub fn in_pixels(&self, width: usize) -> Vec<[[f32; 4]; 3]> {
        let width = width as f64;
        let across = |r: [f64; 3]| [r[0] as f32, r[1] as f32, (r[2] * width) as f32, 0.0];
        let under = |r: [f64; 3]| [(r[0] / width) as f32, (r[1] / width) as f32, r[2] as f32, 0.0];
        self.maps.iter().map(|m| [across(m[0]), across(m[1]), under(m[2])]).collect()
    }

    fn at(&self, y: f64) -> Mat3 {
        let last = self.maps.len() - 1;
        if last == 0 {
            return self.maps[0];
        }
        let t = ((y / self.half + 1.0) * 0.5 * last as f64).clamp(0.0, last as f64);
        let k = (t as usize).min(last - 1);
        let u = t - k as f64;
        let (a, b) = (&self.maps[k], &self.maps[k + 1]);
        std::array::from_fn(|i| std::array::from_fn(|j| a[i][j] + u * (b[i][j] - a[i][j])))
    }

    /// Where a point of the first picture lies in the second.
    pub fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        apply(&self.at(y), x, y)
    }

    /// The second picture as the first would see it, without the edges that both sides lack: Catmull-Rom, edges repeated.
    pub(super) fn seen(&self, plane: &Plane) -> Plane {
        let (w, h) = (plane.width, plane.height);
        let mut out = Plane::new(w, h, vec![0.0; w * h]);
        let (cx, cy) = plane.centre();
        let width = w as f64;
        let (right, bottom) = (w as f32 - 1.0, h as f32 - 1.0);
        for (y, row) in out.data.chunks_exact_mut(w).enumerate() {
            let oy = y as f32 - cy;
            let m = self.at(f64::from(oy) / width);
            // in pixels about the centre
            let line = |i: usize| (m[i][0] as f32, (m[i][1] * f64::from(oy) + m[i][2] * width) as f32);
            let (u, v) = (line(0), line(1));
            let s = ((m[2][0] / width) as f32, (m[2][1] / width * f64::from(oy) + m[2][2]) as f32);
            for (x, o) in row.iter_mut().enumerate() {
                let ox = x as f32 - cx;
                let scale = 1.0 / (s.0 * ox + s.1).max(1e-3);
                let px = ((u.0 * ox + u.1) * scale + cx).clamp(-2.0, right + 2.0);
                let py = ((v.0 * ox + v.1) * scale + cy).clamp(-2.0, bottom + 2.0);
                *o = between(plane, px, py);
            }
        }
        out
    }
}

fn half_height(luma: &Plane) -> f64 {
    0.5 * luma.height as f64 / luma.width.max(1) as f64
}

/// `f32::floor` for what an `i32` holds: that is a call of a library on processors whose least kind has no instruction for it.
fn floor(v: f32) -> f32 {
    let whole = v as i32 as f32;
    if whole > v { whole - 1.0 } else { whole }
}

/// Between sixteen pixels (Catmull & Rom 1974); edges repeated.
fn between(plane: &Plane, x: f32, y: f32) -> f32 {
    let (fx, fy) = (floor(x), floor(y));
    let (wx, wy) = (catmull_rom(x - fx), catmull_rom(y - fy));
    let (ix, iy) = (fx as isize - 1, fy as isize - 1);
    let (w, h) = (plane.width as isize, plane.height as isize);
    let mut sum = 0.0;
    if ix >= 0 && iy >= 0 && ix + 4 <= w && iy + 4 <= h {
        for (j, wy) in wy.iter().enumerate() {
            let p = &plane.data[(iy as usize + j) * plane.width + ix as usize..][..4];
            sum += wy * (wx[0] * p[0] + wx[1] * p[1] + wx[2] * p[2] + wx[3] * p[3]);
        }
    } else {
        for (j, wy) in wy.iter().enumerate() {
            let row = plane.row((iy + j as isize).clamp(0, h - 1) as usize);
            sum += wy * (0..4).map(|i| wx[i] * row[(ix + i as isize).clamp(0, w - 1) as usize]).sum::<f32>();
        }
    }
    sum
}
