//! Which canvases a frame needs before its own: nested sequences that are not there yet. Records nothing.

use super::{CANVAS_FORMAT, texture, view};
use crate::gpu::{
    RenderError,
    nest::Nests,
    prepare::{PreparedLayer, Texels},
};

/// Sizes of canvases kept.
const KEPT_SIZES: usize = 3;

/// Layers to be drawn onto a canvas.
pub struct Job<'a> {
    pub layers: &'a [PreparedLayer],
    pub size: (u32, u32),
    /// Where the result goes, with its alpha; None for the frame itself, which lies over black.
    pub target: Option<wgpu::TextureView>,
}

impl Job<'_> {
    /// At least one, so that no layers make an empty canvas.
    pub fn passes(&self) -> usize {
        self.layers.len().max(1)
    }
}

/// The nests of these layers that are not there yet, inner ones first.
///
/// # Errors
/// A nest is larger than a texture can be; none is kept then.
pub fn gather<'a>(
    device: &wgpu::Device,
    nests: &mut Nests<wgpu::Texture>,
    layers: &'a [PreparedLayer],
    jobs: &mut Vec<Job<'a>>,
) -> Result<(), RenderError> {
    for input in layers.iter().flat_map(|l| &l.inputs) {
        let Texels::Nest(nest) = &input.texels else { continue };
        if nests.find(&nest.key) {
            continue;
        }
        gather(device, nests, &nest.layers, jobs)?;
        let (limit, (w, h)) = (device.limits().max_texture_dimension_2d, nest.size);
        if w == 0 || h == 0 || w > limit || h > limit {
            nests.clear();
            return Err(RenderError::TooLarge(w, h));
        }
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::STORAGE_BINDING;
        let drawn = nests.reuse(nest.size).unwrap_or_else(|| texture(device, "nest", CANVAS_FORMAT, nest.size, usage));
        jobs.push(Job { layers: &nest.layers, size: nest.size, target: Some(view(&drawn)) });
        nests.keep(nest.key.clone(), nest.size, drawn);
    }
    Ok(())
}

/// Canvases and their other halves: layers go from one to the other. The newest at the end.
#[derive(Default)]
pub struct Canvases(Vec<[wgpu::Texture; 2]>);

impl Canvases {
    /// The two halves at this size.
    pub fn pair(&mut self, device: &wgpu::Device, size: (u32, u32)) -> [wgpu::TextureView; 2] {
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::STORAGE_BINDING;
        let kept = self.0.iter().position(|c| (c[0].width(), c[0].height()) == size).map(|i| self.0.remove(i));
        let pair = kept.unwrap_or_else(|| std::array::from_fn(|_| texture(device, "canvas", CANVAS_FORMAT, size, usage)));
        if self.0.len() >= KEPT_SIZES {
            self.0.remove(0);
        }
        let views = [view(&pair[0]), view(&pair[1])];
        self.0.push(pair);
        views
    }
}
