//! A picture made ready to be compared.

use super::{
    passes::{Layers, Passes},
    plane::Plane,
};

/// How often a picture is halved.
pub(super) const LEVELS: usize = 4;
/// Least side of a level that is aligned, in pixels.
pub(super) const LEAST_SIDE: usize = 8;
/// Reach of the normalisation at full size, in pixels.
pub(super) const REACH: usize = 15;
/// Mean square of a normalised picture below which it shows nothing.
const FLAT: f32 = 0.02;

pub(super) struct Prepared {
    pub layers: Layers,
    /// Mean brightness.
    pub mean: f32,
    /// Nothing in it could be recognised: it is too plain or too small.
    pub flat: bool,
}

/// The reach of the normalisation for a small copy of this width.
pub(super) fn small_reach(width: usize) -> usize {
    (width / 48).max(2)
}

impl Prepared {
    pub fn new(luma: &Plane, passes: &dyn Passes) -> Self {
        let layers = passes.layers(luma);
        let sharp = &layers.sharp.data;
        let energy = sharp.iter().map(|v| v * v).sum::<f32>() / sharp.len().max(1) as f32;
        let mean = luma.data.iter().sum::<f32>() / luma.data.len().max(1) as f32;
        let flat = layers.small.is_empty() || energy < FLAT;
        Self { layers, mean, flat }
    }

    /// Mean difference from another picture, in levels at half size.
    pub fn difference(&self, other: &Self) -> f32 {
        let (a, b) = (&self.layers.half.data, &other.layers.half.data);
        let sum: f32 = a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum();
        sum / a.len().max(1) as f32
    }
}
