//! A picture made ready to be compared.

use super::plane::Plane;

/// How often a picture is halved.
pub(super) const LEVELS: usize = 4;
/// Least side of a level that is aligned, in pixels.
const LEAST_SIDE: usize = 8;
/// Reach of the normalisation at full size, in pixels.
const REACH: usize = 15;
/// Mean square of a normalised picture below which it shows nothing.
const FLAT: f32 = 0.02;

pub(super) struct Prepared {
    /// The picture smoothed and normalised at full size.
    pub sharp: Plane,
    /// At half size, for differences.
    pub half: Plane,
    /// Normalised at ¼, ⅛, … of the size, the smallest last.
    pub small: Vec<Plane>,
    /// Mean brightness.
    pub mean: f32,
    /// Nothing in it could be recognised: it is too plain or too small.
    pub flat: bool,
}

/// The reach of the normalisation for a picture of this width.
fn reach(width: usize) -> usize {
    (width / 48).max(2)
}

impl Prepared {
    pub fn new(luma: Plane) -> Self {
        let half = luma.halved();
        let mut small = Vec::new();
        let mut level = half.halved();
        for _ in 2..=LEVELS {
            if level.width.min(level.height) < LEAST_SIDE {
                break;
            }
            small.push(level.normalised(reach(level.width)));
            level = level.halved();
        }
        let sharp = sharpened(&luma);
        let energy = sharp.data.iter().map(|v| v * v).sum::<f32>() / sharp.data.len().max(1) as f32;
        let mean = luma.data.iter().sum::<f32>() / luma.data.len().max(1) as f32;
        let flat = small.is_empty() || energy < FLAT;
        Self { sharp, half, small, mean, flat }
    }

    /// Mean difference from another picture, in levels at half size.
    pub fn difference(&self, other: &Self) -> f32 {
        let sum: f32 = self.half.data.iter().zip(&other.half.data).map(|(a, b)| (a - b).abs()).sum();
        sum / self.half.data.len().max(1) as f32
    }
}

/// Full-size normalisation, as patches and tiles are compared.
fn sharpened(luma: &Plane) -> Plane {
    luma.smoothed().normalised(REACH.min(luma.width.min(luma.height) / 2))
}
