//! The renderer in plain Rust: twin of every pass of the GPU renderer, and the renderer where there is no hardware
//! adapter. Works on rows: two rows of the canvas go from the sources' planes through linear light to the output's
//! planes while they lie in cache; no picture in between is kept but that of a nested sequence. Bands of rows run on rayon's pool; the caller's
//! thread owns the renderer.

mod composite;
mod curve;
mod direct;
mod encode;
mod filter;
mod grade;
mod input;
mod keys;
mod light;
mod power;
mod sample;
mod separable;
mod warp;

use super::{
    Output, PictureSource, RenderError, Rendered, Renderer,
    nest::Nests,
    params::OutputParams,
    prepare::{self, PreparedLayer, Texels},
    resolve::Resolver,
};
use crate::base::simd;
use crate::{
    base::{ColorTags, Picture, PixelFormat, PlaneLayout},
    plan::FramePlan,
};
use composite::{DrawLayer, Scratch};
use encode::{Band, Target};
use light::Light;
use rayon::prelude::*;

/// Largest side of a canvas: what a GPU's texture can be as well.
const MAX_SIDE: u32 = 16_384;
/// Rows of one unit of work; even.
const BAND_ROWS: usize = 16;

/// Draws plans on the processor.
pub struct CpuRenderer {
    resolver: Resolver,
    nests: Nests<Light>,
}

impl Default for CpuRenderer {
    fn default() -> Self {
        Self::new()
    }
}

impl CpuRenderer {
    pub fn new() -> Self {
        Self { resolver: Resolver::new(), nests: Nests::new(16) }
    }
}

impl Renderer for CpuRenderer {
    fn render(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Rendered, RenderError> {
        let _span = tracing::debug_span!("render", frame = plan.frame, renderer = "cpu").entered();
        if plan.width == 0 || plan.height == 0 || plan.width > MAX_SIDE || plan.height > MAX_SIDE {
            return Err(RenderError::TooLarge(plan.width, plan.height));
        }
        let mut layers = self.resolver.prepare(plan, sources);
        direct::note_opaque(&mut layers);
        let (tags, format, params) = prepare::output(plan.color, output, plan.width, plan.height);
        let visible = direct::visible(&layers, plan.width as usize, plan.height as usize);
        if let Some(picture) = direct::sole_picture(visible, format, tags, (plan.width, plan.height), plan.color) {
            return copy(picture, format, tags).map(Rendered::Picture);
        }
        self.nests.next_frame();
        draw_nests(&mut self.nests, visible)?;
        draw(visible, &self.nests, &params, format, tags).map(Rendered::Picture)
    }

    fn name(&self) -> String {
        format!("Processor ({} threads)", rayon::current_num_threads())
    }
}

/// The frame that is one untouched picture.
fn copy(picture: &Picture, format: PixelFormat, tags: ColorTags) -> Result<Picture, RenderError> {
    let (_, len) = Picture::packed_layout(format, picture.width, picture.height);
    let mut data = vec![0u8; len];
    direct::copy_planes(picture, format, &mut data);
    Picture::from_packed(format, picture.width, picture.height, data, tags).map_err(|e| RenderError::Device(e.to_string()))
}

/// Draws the nests of these layers that are not there yet, inner ones first.
fn draw_nests(nests: &mut Nests<Light>, layers: &[PreparedLayer]) -> Result<(), RenderError> {
    for input in layers.iter().flat_map(|l| &l.inputs) {
        let Texels::Nest(nest) = &input.texels else { continue };
        if nest.size.0 == 0 || nest.size.1 == 0 || nest.size.0 > MAX_SIDE || nest.size.1 > MAX_SIDE {
            return Err(RenderError::TooLarge(nest.size.0, nest.size.1));
        }
        if nests.find(&nest.key) {
            continue;
        }
        draw_nests(nests, &nest.layers)?;
        let into = nests.reuse(nest.size).unwrap_or_default();
        let size = (nest.size.0 as usize, nest.size.1 as usize);
        let layers: Vec<DrawLayer<'_>> = nest.layers.iter().map(|l| DrawLayer::new(l, nests, size.0, size.1)).collect();
        let light = if input.warp.is_some() { Light::draw_texels(&layers, size, into) } else { Light::draw(&layers, size, into) };
        drop(layers);
        nests.keep(nest.key.clone(), nest.size, light);
    }
    Ok(())
}

/// Runs the passes over all bands.
fn draw(
    layers: &[PreparedLayer],
    nests: &Nests<Light>,
    params: &OutputParams,
    format: PixelFormat,
    tags: ColorTags,
) -> Result<Picture, RenderError> {
    let (width, height) = (params.width as usize, params.height as usize);
    let (planes, len) = Picture::packed_layout(format, params.width, params.height);
    let mut data = vec![0u8; len];
    let layers: Vec<DrawLayer<'_>> = layers.iter().map(|l| DrawLayer::new(l, nests, width, height)).collect();
    let target = Target { format, strides: planes.map(|p| p.stride), params };
    bands(&mut data, &planes, format, height).into_par_iter().for_each_init(
        || (Scratch::new(width), [rows(width), rows(width)], vec![0.0; width]),
        |(scratch, pair, line), mut band| {
            let last = (band.y + BAND_ROWS).min(height);
            for y in (band.y..last).step_by(2) {
                let n = (last - y).min(2);
                for (i, canvas) in pair.iter_mut().enumerate().take(n) {
                    composite::draw_row(&layers, y + i, canvas, None, scratch);
                    encode::to_signal(params, canvas);
                }
                encode::store(&target, &pair[..n], y - band.y, &mut band, line);
            }
        },
    );
    Picture::from_packed(format, params.width, params.height, data, tags).map_err(|e| RenderError::Device(e.to_string()))
}

fn rows(width: usize) -> [Vec<f32>; 3] {
    std::array::from_fn(|_| vec![0.0; width])
}

/// The output cut into bands that can be written independently.
fn bands<'a>(data: &'a mut [u8], planes: &[PlaneLayout; 3], format: PixelFormat, height: usize) -> Vec<Band<'a>> {
    let mut rest = data;
    let mut chunks: [Vec<&'a mut [u8]>; 3] = Default::default();
    for (i, chunk) in chunks.iter_mut().enumerate().take(format.planes()) {
        let shift = if i == 0 { 0 } else { format.chroma_shift().1 };
        let rows = if shift == 1 { height.div_ceil(2) } else { height };
        let (plane, after) = rest.split_at_mut(rows * planes[i].stride);
        rest = after;
        *chunk = plane.chunks_mut((planes[i].stride * BAND_ROWS) >> shift).collect();
    }
    let [first, mut second, mut third] = chunks.map(|c| c.into_iter());
    first
        .enumerate()
        .map(|(i, a)| Band { y: i * BAND_ROWS, planes: [a, second.next().unwrap_or_default(), third.next().unwrap_or_default()] })
        .collect()
}
