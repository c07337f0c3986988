//! From the points of one picture to those of the next, row by row where the sensor read them so.

use super::plane::{Plane, Similarity, catmull_rom};
use crate::{
    analysis::stabilize::{Mat3, Pose, apply, mul},
    base::simd::kernel,
};

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
        let (_, cy) = plane.centre();
        let mut places = Places { x: vec![0.0; w], y: vec![0.0; w], first: vec![0; w] };
        for (y, row) in out.data.chunks_exact_mut(w).enumerate() {
            let oy = f64::from(y as f32 - cy);
            let m = self.at(oy / w as f64);
            // in pixels about the centre
            let line = |i: usize, k: f64| ((m[i][0] * k) as f32, (m[i][1] * k * oy + m[i][2] * k * w as f64) as f32);
            let lines = [line(0, 1.0), line(1, 1.0), line(2, 1.0 / w as f64)];
            find(&lines, plane, &mut places.x, &mut places.y, &mut places.first);
            sample(plane, &places, row);
        }
        out
    }
}

/// Where the pixels of a row lie in a plane.
struct Places {
    /// At first the position in pixels, then the part of it below 1 where all of its neighbours are there.
    x: Vec<f32>,
    y: Vec<f32>,
    /// The first of sixteen neighbours, counted along the rows; −1 where some are beyond the edges.
    first: Vec<i32>,
}

// No fused products in here, so that every processor finds the same numbers.

#[inline(always)]
fn find_body<const FMA: bool>(lines: &[(f32, f32); 3], plane: &Plane, x: &mut [f32], y: &mut [f32], first: &mut [i32]) {
    let n = first.len();
    let (x, y) = (&mut x[..n], &mut y[..n]);
    let (cx, cy) = plane.centre();
    let (right, bottom) = (plane.width as f32 - 1.0, plane.height as f32 - 1.0);
    let (w, h) = (plane.width as i32, plane.height as i32);
    let [u, v, s] = *lines;
    for k in 0..n {
        let ox = k as f32 - cx;
        let scale = 1.0 / (s.0 * ox + s.1).max(1e-3);
        let px = ((u.0 * ox + u.1) * scale + cx).clamp(-2.0, right + 2.0);
        let py = ((v.0 * ox + v.1) * scale + cy).clamp(-2.0, bottom + 2.0);
        // nothing is below −2: what is cut off 2 above that is rounded down
        let (i, j) = ((px + 2.0) as i32 - 2, (py + 2.0) as i32 - 2);
        let is_inner = (i >= 1) & (j >= 1) & (i < w - 2) & (j < h - 2);
        let part = |p: f32, whole: i32| if is_inner { p - whole as f32 } else { p };
        (x[k], y[k]) = (part(px, i), part(py, j));
        first[k] = if is_inner { (j - 1) * w + i - 1 } else { -1 };
    }
}
kernel! { fn find(lines: &[(f32, f32); 3], plane: &Plane, x: &mut [f32], y: &mut [f32], first: &mut [i32]) = find_body }

#[inline(always)]
fn sample_body<const FMA: bool>(plane: &Plane, places: &Places, out: &mut [f32]) {
    let w = plane.width;
    for (((out, x), y), first) in out.iter_mut().zip(&places.x).zip(&places.y).zip(&places.first) {
        let field = usize::try_from(*first).ok().and_then(|first| plane.data.get(first..first + 3 * w + 4));
        let Some(field) = field else {
            *out = at_edge(plane, *x, *y);
            continue;
        };
        let (wx, wy) = (catmull_rom(*x), catmull_rom(*y));
        let mut sum = [0.0_f32; 4];
        for (j, wy) in wy.iter().enumerate() {
            sum.iter_mut().zip(&field[j * w..][..4]).for_each(|(s, v)| *s += wy * v);
        }
        *out = (sum[0] * wx[0] + sum[1] * wx[1]) + (sum[2] * wx[2] + sum[3] * wx[3]);
    }
}
kernel! { fn sample(plane: &Plane, places: &Places, out: &mut [f32]) = sample_body }

fn half_height(luma: &Plane) -> f64 {
    0.5 * luma.height as f64 / luma.width.max(1) as f64
}

/// Between sixteen pixels (Catmull & Rom 1974), of which some are beyond the edges: those are repeated.
#[cold]
fn at_edge(plane: &Plane, x: f32, y: f32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (wx, wy) = (catmull_rom(x - fx), catmull_rom(y - fy));
    let (ix, iy) = (fx as isize - 1, fy as isize - 1);
    let (w, h) = (plane.width as isize, plane.height as isize);
    let column: [usize; 4] = std::array::from_fn(|i| (ix + i as isize).clamp(0, w - 1) as usize);
    let mut sum = 0.0;
    for (j, wy) in wy.iter().enumerate() {
        let row = plane.row((iy + j as isize).clamp(0, h - 1) as usize);
        sum += wy * (0..4).map(|i| wx[i] * row[column[i]]).sum::<f32>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_seen_bent_is_its_pixels_where_they_lie() {
        let mut rng = fastrand::Rng::with_seed(9);
        let plane = Plane::new(61, 37, (0..61 * 37).map(|_| rng.f32()).collect());
        let poses = |y: f64| Pose { yaw: 0.03 + 0.02 * y, pitch: -0.02, roll: 0.05 - 0.03 * y, log_zoom: -0.03 };
        for skewed in [false, true] {
            let bend = Bend::turned(&plane, 1.1, skewed, poses);
            let seen = bend.seen(&plane);
            let (cx, cy) = plane.centre();
            for y in 0..37 {
                for x in 0..61 {
                    let (u, v) = bend.apply(f64::from(x as f32 - cx) / 61.0, f64::from(y as f32 - cy) / 61.0);
                    let (u, v) = ((u * 61.0) as f32 + cx, (v * 61.0) as f32 + cy);
                    let expected = at_edge(&plane, u.clamp(-2.0, 62.0), v.clamp(-2.0, 38.0));
                    let off = (seen.data[y * 61 + x] - expected).abs();
                    assert!(off < 1e-3, "{x}, {y}: {off}");
                }
            }
        }
    }
}
