//! What is done to whole pictures, the heavy part of measuring: done here on the processor, or by somebody else's device that does the
//! same to within rounding.

use super::{
    bend::Bend,
    dense::{self, Grid, Sums},
    patches::{self, Spot},
    plane::{Plane, half_size},
    prepare::{LEAST_SIDE, LEVELS, REACH, small_reach},
};
use std::any::Any;

/// A picture and what it is compared by.
pub struct Layers {
    /// Smoothed and normalised at full size.
    pub sharp: Plane,
    /// At half size, for differences.
    pub half: Plane,
    /// Normalised at ¼, ⅛, … of the size, the smallest last.
    pub small: Vec<Plane>,
    /// Whatever the one who made them keeps of them.
    pub kept: Option<Box<dyn Any + Send + Sync>>,
}

/// The passes. Each call stands for itself; several threads call at once.
pub trait Passes: Send + Sync {
    /// A picture's layers.
    fn layers(&self, luma: &Plane) -> Layers;
    /// Finds patches of the first picture in the second, which lies as `bend` says: one answer for each spot.
    fn patches(&self, a: &Layers, b: &Layers, bend: &Bend, spots: &[(u32, u32)]) -> Vec<Spot>;
    /// Compares tiles of the first picture with the second, bent: one answer for each tile, row by row.
    fn tiles(&self, a: &Layers, b: &Layers, bend: &Bend, grid: &Grid) -> Vec<Sums>;
}

/// On the processor: the twin of every device.
pub struct OnProcessor;

/// Sizes of the normalisation of a picture: its own reach and those of the small copies, of which there are as many.
pub fn reaches(width: usize, height: usize) -> (usize, Vec<usize>) {
    let mut small = Vec::new();
    let mut size = half_size(half_size((width, height)));
    for _ in 2..=LEVELS {
        if size.0.min(size.1) < LEAST_SIDE {
            break;
        }
        small.push(small_reach(size.0));
        size = half_size(size);
    }
    (REACH.min(width.min(height) / 2), small)
}

impl Passes for OnProcessor {
    fn layers(&self, luma: &Plane) -> Layers {
        let (reach, reaches) = reaches(luma.width, luma.height);
        let half = luma.halved();
        let mut level = half.halved();
        let mut small = Vec::with_capacity(reaches.len());
        for (n, reach) in reaches.iter().enumerate() {
            if n > 0 {
                level = level.halved();
            }
            small.push(level.normalised(*reach));
        }
        Layers { sharp: luma.smoothed().normalised(reach), half, small, kept: None }
    }

    fn patches(&self, a: &Layers, b: &Layers, bend: &Bend, spots: &[(u32, u32)]) -> Vec<Spot> {
        // the second picture as the first would see it: what is left to find is small
        let second = bend.seen(&b.sharp);
        spots.iter().map(|(x, y)| patches::patch(&a.sharp, &second, *x as usize, *y as usize).unwrap_or(Spot::LOST)).collect()
    }

    fn tiles(&self, a: &Layers, b: &Layers, bend: &Bend, grid: &Grid) -> Vec<Sums> {
        let second = bend.seen(&b.sharp);
        grid.tiles().map(|place| dense::sums(&a.sharp, &second, place, grid.side)).collect()
    }
}
