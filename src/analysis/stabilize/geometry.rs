//! Poses of a camera that turns and zooms in one place, and the maps between their pictures.
//!
//! A pose maps directions of the world to points of the picture by `K(f·e^z)·R·K(f)⁻¹` (Hartley & Zisserman, Multiple View
//! Geometry, 8.4: the views of a rotating camera are related by homographies).

use serde::{Deserialize, Serialize};

/// A projective map of points (x, y, 1), by rows.
pub type Mat3 = [[f64; 3]; 3];

/// Where a camera looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    /// Radians; what is seen moves to the right as it grows.
    pub yaw: f64,
    /// Radians; what is seen moves down as it grows.
    pub pitch: f64,
    /// Radians; what is seen turns clockwise as it grows.
    pub roll: f64,
    /// Natural logarithm of the magnification.
    pub log_zoom: f64,
}

/// Product of two maps, `b` first.
pub fn mul(a: &Mat3, b: &Mat3) -> Mat3 {
    std::array::from_fn(|i| std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j]))
}

/// A point through a map; far away where the map sends it to infinity or behind the camera.
pub fn apply(m: &Mat3, x: f64, y: f64) -> (f64, f64) {
    let [u, v, w] = [0, 1, 2].map(|i| m[i][0] * x + m[i][1] * y + m[i][2]);
    if w > 1e-9 { (u / w, v / w) } else { (f64::MAX, f64::MAX) }
}

impl Pose {
    pub(in crate::analysis) fn array(&self) -> [f64; 4] {
        [self.yaw, self.pitch, self.roll, self.log_zoom]
    }

    pub(in crate::analysis) fn from_array([yaw, pitch, roll, log_zoom]: [f64; 4]) -> Self {
        Self { yaw, pitch, roll, log_zoom }
    }

    pub(in crate::analysis) fn is_finite(&self) -> bool {
        self.array().iter().all(|v| v.is_finite())
    }

    /// Rotation: roll after pitch after yaw.
    fn rotation(&self) -> Mat3 {
        let ((sy, cy), (sp, cp), (sr, cr)) = (self.yaw.sin_cos(), self.pitch.sin_cos(), self.roll.sin_cos());
        let tilted = [[cy, 0.0, sy], [-sp * sy, cp, sp * cy], [-cp * sy, -sp, cp * cy]];
        let [a, b, c] = tilted;
        [
            [cr * a[0] - sr * b[0], cr * a[1] - sr * b[1], cr * a[2] - sr * b[2]],
            [sr * a[0] + cr * b[0], sr * a[1] + cr * b[1], sr * a[2] + cr * b[2]],
            c,
        ]
    }

    /// The map from the picture of a camera at rest (focal length `focal`, in widths) to this camera's.
    pub fn homography(&self, focal: f64) -> Mat3 {
        let z = focal * self.log_zoom.exp();
        let r = self.rotation();
        let row = |i: usize, k: f64| [k * r[i][0] / focal, k * r[i][1] / focal, k * r[i][2]];
        [row(0, z), row(1, z), row(2, 1.0)]
    }

    /// The way back: from this camera's picture to that of a camera at rest.
    pub fn inverse_homography(&self, focal: f64) -> Mat3 {
        let z = 1.0 / (focal * self.log_zoom.exp());
        let r = self.rotation();
        let row = |i: usize, k: f64| [k * r[0][i] * z, k * r[1][i] * z, k * r[2][i]];
        [row(0, focal), row(1, focal), row(2, 1.0)]
    }

    /// How point (x, y) of the picture moves per unit of yaw, pitch, roll and logarithm of zoom, in this pose: velocity
    /// `F·(ω×d)` on the picture plane for a turn about ω, plus the growth of the zoom.
    pub(in crate::analysis) fn velocities(&self, focal: f64, x: f64, y: f64) -> [(f64, f64); 4] {
        let f = focal * self.log_zoom.exp();
        let ((sp, cp), (sr, cr)) = (self.pitch.sin_cos(), self.roll.sin_cos());
        let (dx, dy) = (x / f, y / f);
        let turn = |w: [f64; 3]| {
            let (cx, cy, cz) = (w[1] - w[2] * dy, w[2] * dx - w[0], w[0] * dy - w[1] * dx);
            (f * cx - x * cz, f * cy - y * cz)
        };
        [turn([-sr * cp, cr * cp, -sp]), turn([-cr, -sr, 0.0]), turn([0.0, 0.0, 1.0]), (x, y)]
    }

    /// Between two poses, component by component.
    pub(super) fn mix(&self, other: &Self, k: f64) -> Self {
        let (a, b) = (self.array(), other.array());
        Self::from_array(std::array::from_fn(|i| a[i] + k * (b[i] - a[i])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSE: Pose = Pose { yaw: 0.2, pitch: -0.15, roll: 0.3, log_zoom: 0.1 };

    #[test]
    fn the_way_back_undoes_the_way_there() {
        let m = mul(&POSE.homography(1.1), &POSE.inverse_homography(1.1));
        for (i, row) in m.iter().enumerate() {
            for (j, v) in row.iter().enumerate() {
                assert!((v - f64::from(i == j)).abs() < 1e-12, "{m:?}");
            }
        }
    }

    #[test]
    fn velocities_are_the_slopes_of_the_map() {
        let (x, y, f, e) = (0.4, -0.2, 1.1, 1e-6);
        let still = POSE.inverse_homography(f);
        for (k, (u, v)) in POSE.velocities(f, x, y).into_iter().enumerate() {
            let mut moved = POSE.array();
            moved[k] += e;
            let (px, py) = apply(&mul(&Pose::from_array(moved).homography(f), &still), x, y);
            assert!(((px - x) / e - u).abs() < 1e-5 && ((py - y) / e - v).abs() < 1e-5, "{k}: {u} {v}");
        }
    }
}
