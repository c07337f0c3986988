//! The passes of motion on a graphics device, and on the processor from the moment at which the device fails.

use crate::{
    analysis::motion::{Bend, Grid, Layers, OnProcessor, Passes, Plane, Spot, Sums, half_size, reaches},
    gpu::{GpuContext, KeptPicture, MotionPasses, MotionTiles, RenderError},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// What measures on this device; on the processor where there is none, or one that is the processor itself.
pub(super) fn passes_for(device: Option<&GpuContext>) -> Arc<dyn Passes> {
    let made = device.filter(|d| !d.is_software()).map(OnDevice::new);
    match made {
        Some(Ok(passes)) => Arc::new(passes),
        Some(Err(e)) => {
            tracing::warn!("motion is measured on the processor: {e}");
            Arc::new(OnProcessor)
        }
        None => Arc::new(OnProcessor),
    }
}

/// See the module.
pub struct OnDevice {
    passes: MotionPasses,
    has_failed: AtomicBool,
}

impl OnDevice {
    /// # Errors
    /// The device refused the passes.
    pub fn new(device: &GpuContext) -> Result<Self, RenderError> {
        Ok(Self { passes: MotionPasses::new(device)?, has_failed: AtomicBool::new(false) })
    }

    /// What the device says; None where it failed, now or before.
    fn ask<T>(&self, work: impl FnOnce(&MotionPasses) -> Result<T, RenderError>) -> Option<T> {
        if self.has_failed.load(Ordering::Relaxed) {
            return None;
        }
        work(&self.passes)
            .inspect_err(|e| {
                tracing::warn!("the device failed, motion is measured on the processor: {e}");
                self.has_failed.store(true, Ordering::Relaxed);
            })
            .ok()
    }
}

fn kept(layers: &Layers) -> Option<&KeptPicture> {
    layers.kept.as_ref()?.downcast_ref()
}

impl Passes for OnDevice {
    fn layers(&self, luma: &Plane) -> Layers {
        let (reach, own) = reaches(luma.width, luma.height);
        let own: Vec<u32> = own.iter().map(|r| *r as u32).collect();
        let asked = self.ask(|p| p.layers(&luma.data, (luma.width as u32, luma.height as u32), reach as u32, &own));
        let Some(made) = asked else { return OnProcessor.layers(luma) };
        let mut size = half_size((luma.width, luma.height));
        let half = Plane::new(size.0, size.1, made.half);
        let small = made.small.into_iter().map(|data| {
            size = half_size(size);
            Plane::new(size.0, size.1, data)
        });
        let small = small.collect();
        Layers { sharp: Plane::new(luma.width, luma.height, made.sharp), half, small, kept: Some(Box::new(made.kept)) }
    }

    fn patches(&self, a: &Layers, b: &Layers, bend: &Bend, spots: &[(u32, u32)]) -> Vec<Spot> {
        let on_device = || {
            let maps = bend.in_pixels(b.sharp.width);
            let places: Vec<[u32; 2]> = spots.iter().map(|s| [s.0, s.1]).collect();
            let (a, b) = (kept(a)?, kept(b)?);
            self.ask(|p| p.patches(a, b, &maps, &places))
        };
        match on_device() {
            Some(found) => found.into_iter().map(|[x, y, texture, alike]| Spot { x, y, texture, alike }).collect(),
            None => OnProcessor.patches(a, b, bend, spots),
        }
    }

    fn tiles(&self, a: &Layers, b: &Layers, bend: &Bend, grid: &Grid) -> Vec<Sums> {
        let [left, top, across, down, side] = [grid.left, grid.top, grid.across, grid.down, grid.side].map(|v| v as u32);
        let on_device = || {
            let maps = bend.in_pixels(b.sharp.width);
            let (a, b) = (kept(a)?, kept(b)?);
            self.ask(|p| p.tiles(a, b, &maps, &MotionTiles { left, top, across, down, side }))
        };
        on_device().unwrap_or_else(|| OnProcessor.tiles(a, b, bend, grid))
    }
}
