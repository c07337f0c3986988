//! The renderer on the graphics device: one composite pass per layer on a linear-light canvas, nested sequences first on
//! canvases of their own, then one pass per plane of the output. Records and submits on its owner's thread; never waits but in [`super::Pending::wait`].

mod held;
mod motion;
mod nests;
mod passes;
pub(crate) mod readback;
mod scopes;
pub mod shaders;
mod tensors;
mod upload;

use super::{
    GpuContext, Output, Pending, PictureSource, RenderError, Rendered, Renderer,
    nest::Nests,
    params::{BELOW_BLACK, BELOW_CANVAS, BELOW_NOTHING, FLAG_ALIGNED, LayerParams, OutputParams, PlaneParams, WarpsParams},
    prepare::{self, PreparedInput, PreparedLayer, Texels},
    resolve::Resolver,
    scopes::{ScopeData, on_processor},
};
use crate::{
    base::{PixelFormat, PlaneLayout},
    model::Blend,
    plan::FramePlan,
};
pub use held::DevicePicture;
pub use motion::{KeptPicture, MotionLayers, MotionPasses, MotionTiles};
use nests::{Canvases, Job};
use passes::{CANVAS_FORMAT, InputViews, PARAM_STRIDE, Passes, Recorder, Variant};
pub use readback::Readback;
use readback::{Ring, Shape};
use scopes::ScopePass;
use std::sync::Arc;
pub use tensors::{Numbers, Part, TensorPasses, TensorSource};
pub use upload::Uploads;

/// Finished screen textures kept for use again.
const KEPT_SCREENS: usize = 6;

/// Draws plans on the shared device.
pub struct GpuRenderer {
    ctx: GpuContext,
    passes: Passes,
    resolver: Resolver,
    uploads: Uploads,
    ring: Ring,
    canvases: Canvases,
    nests: Nests<wgpu::Texture>,
    /// What is bound where there is no nest.
    no_nest: wgpu::TextureView,
    /// Planes of the output before they are copied to a readback buffer.
    words: Option<wgpu::Buffer>,
    uniforms: wgpu::Buffer,
    /// Screen textures handed out; one whose only owner is this list is free.
    screens: Vec<Arc<wgpu::Texture>>,
    scopes: Option<ScopePass>,
}

fn texture(device: &wgpu::Device, label: &str, format: wgpu::TextureFormat, size: (u32, u32), usage: wgpu::TextureUsages) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width: size.0, height: size.1, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage,
        view_formats: &[],
    })
}

fn view(t: &wgpu::Texture) -> wgpu::TextureView {
    t.create_view(&wgpu::TextureViewDescriptor::default())
}

fn uniform_buffer(device: &wgpu::Device, blocks: u64) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("parameters"),
        size: blocks * PARAM_STRIDE,
        usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

fn blend_code(b: Blend) -> u32 {
    match b {
        Blend::Normal => 0,
        Blend::Add => 1,
        Blend::Multiply => 2,
        Blend::Screen => 3,
    }
}

/// The least that a layer needs of its pass.
fn variant(layer: Option<&PreparedLayer>) -> Variant {
    let inputs = layer.map_or(&[][..], |l| &l.inputs);
    let is_filtered = |i: &PreparedInput| !matches!(i.texels, Texels::None) && i.params.flags & FLAG_ALIGNED == 0;
    Variant {
        filtered: inputs.iter().any(is_filtered),
        second: inputs.len() > 1,
        graded: inputs.iter().any(|i| i.params.stage_count > 0),
        nested: inputs.iter().any(|i| matches!(i.texels, Texels::Nest(_))),
        warped: warps(layer),
    }
}

/// Where the parameters of a frame lie.
struct Blocks {
    output: u32,
    /// Of each pass; the first block where it has none.
    warps: Vec<u32>,
}

/// Whether a layer's pass needs a block of warps.
fn warps(layer: Option<&PreparedLayer>) -> bool {
    layer.is_some_and(|l| l.inputs.iter().any(|i| i.warp.is_some()))
}

/// Planes of an output in a buffer of words: rows begin on words.
fn word_layout(format: PixelFormat, width: u32, height: u32) -> (Vec<PlaneParams>, [PlaneLayout; 3], u64) {
    let bytes = format.bytes_per_sample() as u32;
    let (sx, sy) = format.chroma_shift();
    let mut layout = [PlaneLayout::default(); 3];
    let mut at = 0u32;
    let planes = (0..format.planes())
        .map(|i| {
            let (samples, rows) = format.plane_size(i, width, height);
            let row_words = (samples * bytes).div_ceil(4);
            let (components, first_component) = match (format.planes(), i) {
                (1, _) => (4, 0),
                (2, 1) => (2, 1),
                _ => (1, i as u32),
            };
            let (shift_x, shift_y) = if i == 0 { (0, 0) } else { (sx, sy) };
            layout[i] = PlaneLayout { offset: at as usize * 4, stride: row_words as usize * 4 };
            let p = PlaneParams {
                row_words,
                rows,
                base_word: at,
                components,
                first_component,
                shift_x,
                shift_y,
                sample_bytes: bytes,
                code_shift: prepare::code_shift(format),
                ..PlaneParams::default()
            };
            at += row_words * rows;
            p
        })
        .collect();
    (planes, layout, u64::from(at) * 4)
}

impl GpuRenderer {
    /// Compiles the pipelines.
    ///
    /// # Errors
    /// The driver refuses a shader.
    pub fn new(ctx: &GpuContext) -> Result<Self, RenderError> {
        let passes = Passes::new(&ctx.device);
        ctx.check()?;
        Ok(Self {
            passes,
            resolver: Resolver::new(),
            uploads: Uploads::new(&ctx.device),
            ring: Ring::new(),
            canvases: Canvases::default(),
            nests: Nests::new(8),
            no_nest: view(&texture(&ctx.device, "no nest", CANVAS_FORMAT, (1, 1), wgpu::TextureUsages::TEXTURE_BINDING)),
            words: None,
            uniforms: uniform_buffer(&ctx.device, 16),
            screens: Vec::new(),
            scopes: None,
            ctx: ctx.clone(),
        })
    }

    /// A screen texture that nobody else holds.
    fn screen(&mut self, size: (u32, u32)) -> Arc<wgpu::Texture> {
        self.screens.retain(|t| (t.width(), t.height()) == size);
        if let Some(t) = self.screens.iter().find(|t| Arc::strong_count(t) == 1) {
            return Arc::clone(t);
        }
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::COPY_SRC;
        let t = Arc::new(texture(&self.ctx.device, "screen", wgpu::TextureFormat::Rgba8Unorm, size, usage));
        if self.screens.len() < KEPT_SCREENS {
            self.screens.push(Arc::clone(&t));
        }
        t
    }

    fn words(&mut self, size: u64) -> wgpu::Buffer {
        let device = &self.ctx.device;
        let buffer = self.words.take().filter(|b| b.size() == size).unwrap_or_else(|| {
            let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC;
            device.create_buffer(&wgpu::BufferDescriptor { label: Some("planes"), size, usage, mapped_at_creation: false })
        });
        self.words = Some(buffer.clone());
        buffer
    }

    /// Parameter blocks: those of each job's layers, the output, its planes, the warps of layers that have some.
    fn write_params(&mut self, jobs: &[Job<'_>], output: &OutputParams, planes: &[PlaneParams]) -> Blocks {
        let passes: usize = jobs.iter().map(Job::passes).sum();
        let bent = jobs.iter().flat_map(|j| j.layers).filter(|l| warps(Some(l))).count();
        let count = passes + 1 + planes.len() + bent;
        let mut bytes = vec![0u8; count * PARAM_STRIDE as usize];
        let mut put = |i: usize, b: &[u8]| bytes[i * PARAM_STRIDE as usize..][..b.len()].copy_from_slice(b);
        let (mut warps_of, mut next) = (vec![0; passes], passes + 1 + planes.len());
        let all = jobs.iter().flat_map(|job| (0..job.passes()).map(move |i| (job, i)));
        for (block, (job, i)) in all.enumerate() {
            let below = match (i, &job.target) {
                (0, None) => BELOW_BLACK,
                (0, Some(_)) => BELOW_NOTHING,
                _ => BELOW_CANVAS,
            };
            let mut p = LayerParams { width: job.size.0, height: job.size.1, below, ..LayerParams::default() };
            if let Some(layer) = job.layers.get(i) {
                p.blend = blend_code(layer.blend);
                p.inputs.iter_mut().zip(&layer.inputs).for_each(|(o, i)| *o = i.params);
                if warps(Some(layer)) {
                    let mut w = WarpsParams::default();
                    w.inputs.iter_mut().zip(&layer.inputs).for_each(|(o, i)| *o = i.warp.as_deref().copied().unwrap_or_default());
                    put(next, bytemuck::bytes_of(&w));
                    warps_of[block] = next as u32;
                    next += 1;
                }
            }
            put(block, bytemuck::bytes_of(&p));
        }
        put(passes, bytemuck::bytes_of(output));
        for (i, p) in planes.iter().enumerate() {
            put(passes + 1 + i, bytemuck::bytes_of(p));
        }
        if self.uniforms.size() < bytes.len() as u64 {
            self.uniforms = uniform_buffer(&self.ctx.device, (count as u64).next_power_of_two());
        }
        self.ctx.queue.write_buffer(&self.uniforms, 0, &bytes);
        Blocks { output: passes as u32, warps: warps_of }
    }

    /// What a layer's inputs are read from.
    fn views(&mut self, layer: Option<&PreparedLayer>) -> Result<InputViews, RenderError> {
        let planes = std::array::from_fn(|_| self.uploads.empty());
        let mut views = InputViews { planes, nests: std::array::from_fn(|_| self.no_nest.clone()) };
        for (k, input) in layer.iter().flat_map(|l| &l.inputs).enumerate() {
            match &input.texels {
                Texels::None => {}
                Texels::Picture(picture) => {
                    let planes = self.uploads.planes(&self.ctx.device, &self.ctx.queue, picture)?;
                    views.planes[3 * k..3 * k + 3].clone_from_slice(&planes);
                }
                Texels::Nest(nest) => {
                    if let Some(t) = self.nests.get(&nest.key) {
                        views.nests[k] = view(t);
                    }
                }
            }
        }
        Ok(views)
    }

    /// Draws the layers of a job, whose parameters begin at `block`; returns what holds the result.
    fn composite(
        &mut self,
        job: &Job<'_>,
        block: u32,
        warps: &[u32],
        encoder: &mut wgpu::CommandEncoder,
    ) -> Result<wgpu::TextureView, RenderError> {
        let [mut from, mut to] = self.canvases.pair(&self.ctx.device, job.size);
        for (i, warps) in warps.iter().enumerate().take(job.passes()) {
            let views = self.views(job.layers.get(i))?;
            if let Some(target) = job.target.as_ref().filter(|_| i + 1 == job.passes()) {
                to = target.clone();
            }
            let mut recorder = Recorder { device: &self.ctx.device, passes: &self.passes, encoder, uniforms: &self.uniforms };
            recorder.composite([block + i as u32, *warps], variant(job.layers.get(i)), &from, &to, &views, job.size);
            std::mem::swap(&mut from, &mut to);
        }
        Ok(from)
    }

    /// Draws all jobs, the frame itself last; returns its canvas.
    fn draw(&mut self, jobs: &[Job<'_>], warps: &[u32], encoder: &mut wgpu::CommandEncoder) -> Result<wgpu::TextureView, RenderError> {
        let (mut block, mut last) = (0, self.no_nest.clone());
        for job in jobs {
            last = self.composite(job, block, &warps[block as usize..], encoder)?;
            block += job.passes() as u32;
        }
        Ok(last)
    }
}

impl Renderer for GpuRenderer {
    fn render(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Rendered, RenderError> {
        self.start(plan, sources, output)?.wait()
    }

    fn start(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>, output: Output) -> Result<Pending, RenderError> {
        let _span = tracing::debug_span!("render", frame = plan.frame, renderer = "gpu").entered();
        let size = (plan.width, plan.height);
        let limit = self.ctx.device.limits().max_texture_dimension_2d;
        if size.0 == 0 || size.1 == 0 || size.0 > limit || size.1 > limit {
            return Err(RenderError::TooLarge(size.0, size.1));
        }
        self.ctx.check()?;
        self.uploads.next_frame();
        self.nests.next_frame();
        let layers = self.resolver.prepare(plan, sources);
        let (tags, format, params) = prepare::output(plan.color, output, size.0, size.1);
        let (planes, layout, bytes) = if output == Output::Display { Default::default() } else { word_layout(format, size.0, size.1) };
        if bytes > self.ctx.device.limits().max_storage_buffer_binding_size {
            return Err(RenderError::TooLarge(size.0, size.1));
        }
        let mut jobs = Vec::new();
        nests::gather(&self.ctx.device, &mut self.nests, &layers, &mut jobs)?;
        jobs.push(Job { layers: &layers, size, target: None });
        let Blocks { output: block, warps } = self.write_params(&jobs, &params, &planes);
        let mut encoder = self.ctx.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("frame") });
        let canvas = self.draw(&jobs, &warps, &mut encoder).inspect_err(|_| self.nests.clear())?;
        if output == Output::Display {
            let screen = self.screen(size);
            let mut recorder = Recorder { device: &self.ctx.device, passes: &self.passes, encoder: &mut encoder, uniforms: &self.uniforms };
            recorder.display(&canvas, block, &view(&screen), size);
            self.ctx.queue.submit([encoder.finish()]);
            self.ctx.check()?;
            return Ok(Pending::ready(Rendered::Texture(screen)));
        }
        let words = self.words(bytes);
        let mut recorder = Recorder { device: &self.ctx.device, passes: &self.passes, encoder: &mut encoder, uniforms: &self.uniforms };
        for (i, p) in (block + 1..).zip(&planes) {
            recorder.plane(&canvas, block, i, &words, p);
        }
        let buffer = self.ring.take(&self.ctx.device, bytes);
        encoder.copy_buffer_to_buffer(&words, 0, &buffer, 0, bytes);
        let submission = self.ctx.queue.submit([encoder.finish()]);
        self.ctx.check()?;
        let shape = Shape { format, width: size.0, height: size.1, planes: layout, color: tags };
        Ok(Pending::on_device(self.ring.bring(&self.ctx, buffer, submission, shape)))
    }

    fn scopes(&mut self, frame: &Rendered) -> Result<ScopeData, RenderError> {
        match frame {
            Rendered::Texture(t) => self.scopes.get_or_insert_with(|| ScopePass::new(&self.ctx.device)).count(&self.ctx, t),
            Rendered::Picture(_) => on_processor(frame),
        }
    }

    fn adopt(&mut self, picture: &DevicePicture) {
        if let Some(texture) = picture.texture_on(&self.ctx) {
            self.uploads.adopt(picture.picture(), texture);
        }
    }

    fn name(&self) -> String {
        self.ctx.name()
    }
}
