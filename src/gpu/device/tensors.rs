//! Between pictures and the numbers of networks, on the device: a part of a picture into a planar tensor, and a part of that into a
//! picture. Knows no network; whoever owns the tensors binds them here. Records and submits on its owner's thread; waits only in
//! [`TensorPasses::wait`].

use super::{
    DevicePicture, Uploads,
    passes::{entry, layout, module, pipeline, storage_texture, texture},
    shaders::TENSORS,
};
use crate::{
    base::{
        Picture, PixelFormat, Rotation,
        color::{Affine3, ycbcr_to_rgb},
    },
    gpu::{
        GpuContext, RenderError,
        params::{KIND_PLANAR, KIND_RGBA, KIND_SEMI_PLANAR, TensorParams},
        prepare::{code_shift, rows3},
    },
};
use std::num::NonZeroU64;

/// Threads of a group along x and y.
const GROUP: u32 = 8;

/// A part of a picture, in upright pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub left: u32,
    pub top: u32,
    pub columns: u32,
    pub rows: u32,
}

/// Where the numbers of a planar tensor of three channels lie.
pub struct Numbers<'a> {
    pub buffer: wgpu::BindingResource<'a>,
    /// From one channel, row and column to the next.
    pub steps: [u32; 3],
}

/// A picture from which parts are taken.
pub struct TensorSource {
    planes: [wgpu::TextureView; 3],
    params: TensorParams,
}

impl TensorSource {
    /// Upright.
    pub fn size(&self) -> (u32, u32) {
        (self.params.width, self.params.height)
    }
}

/// The passes.
pub struct TensorPasses {
    ctx: GpuContext,
    uploads: Uploads,
    pack: (wgpu::BindGroupLayout, wgpu::ComputePipeline),
    /// For 8 and for 16 bits.
    unpack: [(wgpu::BindGroupLayout, wgpu::ComputePipeline); 2],
}

impl TensorPasses {
    /// Of textures that pictures in memory go up into.
    pub const KEPT_BYTES: u64 = 64 << 20;

    /// Compiles the passes.
    ///
    /// # Errors
    /// The device refused them.
    pub fn new(ctx: &GpuContext) -> Result<Self, RenderError> {
        let device = &ctx.device;
        let bound =
            |ty, size: usize| wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: NonZeroU64::new(size as u64) };
        let params = entry(0, bound(wgpu::BufferBindingType::Storage { read_only: true }, size_of::<TensorParams>()));
        let numbers = entry(1, bound(wgpu::BufferBindingType::Storage { read_only: false }, 4));
        let module = module(device, &TENSORS);
        let made = |name: &'static str, entries: &[wgpu::BindGroupLayoutEntry]| {
            let layout = layout(device, name, entries);
            let pipeline = pipeline(device, &module, name, &layout, &[]);
            (layout, pipeline)
        };
        let plane = |binding| texture(binding, wgpu::TextureSampleType::Uint);
        let pack = made("pack", &[params, numbers, plane(2), plane(3), plane(4)]);
        let unpack = [
            made("unpack8", &[params, numbers, storage_texture(5, wgpu::TextureFormat::Rgba8Uint)]),
            made("unpack16", &[params, numbers, storage_texture(6, wgpu::TextureFormat::Rgba16Uint)]),
        ];
        ctx.check()?;
        Ok(Self { ctx: ctx.clone(), uploads: Uploads::within(device, Self::KEPT_BYTES), pack, unpack })
    }

    pub fn context(&self) -> &GpuContext {
        &self.ctx
    }

    /// A picture in memory, uploaded as it is.
    ///
    /// # Errors
    /// A plane is larger than a texture can be.
    pub fn source(&mut self, picture: &Picture) -> Result<TensorSource, RenderError> {
        self.uploads.next_frame();
        let planes = self.uploads.planes(&self.ctx.device, &self.ctx.queue, picture)?;
        Ok(TensorSource { planes, params: reading(picture) })
    }

    /// A picture of this device.
    ///
    /// # Errors
    /// It is another one's.
    pub fn source_of(&self, picture: &DevicePicture) -> Result<TensorSource, RenderError> {
        if picture.texture_on(&self.ctx).is_none() {
            return Err(RenderError::DeviceLost);
        }
        let planes = [picture.view(), self.uploads.empty(), self.uploads.empty()];
        Ok(TensorSource { planes, params: reading(picture.picture()) })
    }

    /// A part of a picture as R'G'B' numbers, 0 to 1, from the tensor's first on; what lies beyond the picture is mirrored.
    pub fn pack(&self, source: &TensorSource, part: Part, to: &Numbers<'_>) -> wgpu::SubmissionIndex {
        let params = of(source.params, part, (0, 0), to);
        let [a, b, c] = &source.planes;
        self.run(&self.pack, &params, to, &[(2, a), (3, b), (4, c)], part)
    }

    /// Numbers, from the pixel `from` of a tensor on, into a part of a picture, held to 0–1.
    pub fn unpack(&self, numbers: &Numbers<'_>, from: (u32, u32), to: &DevicePicture, part: Part) -> wgpu::SubmissionIndex {
        let deep = to.picture().format.bits() > 8;
        let max_code = if deep { 65535.0 } else { 255.0 };
        let params = of(TensorParams { max_code, ..TensorParams::default() }, part, from, numbers);
        let binding = if deep { 6 } else { 5 };
        self.run(&self.unpack[usize::from(deep)], &params, numbers, &[(binding, &to.view())], part)
    }

    fn run(
        &self,
        (layout, pipeline): &(wgpu::BindGroupLayout, wgpu::ComputePipeline),
        params: &TensorParams,
        numbers: &Numbers<'_>,
        views: &[(u32, &wgpu::TextureView)],
        part: Part,
    ) -> wgpu::SubmissionIndex {
        let (device, queue) = (&self.ctx.device, &self.ctx.queue);
        let block = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("tensor parameters"),
            size: size_of::<TensorParams>() as u64,
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        queue.write_buffer(&block, 0, bytemuck::bytes_of(params));
        let mut entries = vec![
            wgpu::BindGroupEntry { binding: 0, resource: block.as_entire_binding() },
            wgpu::BindGroupEntry { binding: 1, resource: numbers.buffer.clone() },
        ];
        for (binding, view) in views {
            entries.push(wgpu::BindGroupEntry { binding: *binding, resource: wgpu::BindingResource::TextureView(view) });
        }
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some("tensors"), layout, entries: &entries });
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("tensors") });
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(part.columns.div_ceil(GROUP), part.rows.div_ceil(GROUP), 1);
        drop(pass);
        queue.submit([encoder.finish()])
    }
}

fn of(params: TensorParams, part: Part, from: (u32, u32), numbers: &Numbers<'_>) -> TensorParams {
    let [channel_step, row_step, column_step] = numbers.steps;
    let Part { left, top, columns, rows } = part;
    TensorParams { left, top, columns, rows, from_x: from.0, from_y: from.1, channel_step, row_step, column_step, ..params }
}

/// How a picture's code values become upright R'G'B'.
fn reading(p: &Picture) -> TensorParams {
    let per_code = 1.0 / f64::from(((1u32 << p.format.bits()) - 1) << code_shift(p.format));
    // colours that are R'G'B' already are taken as they are
    let itself = Affine3 { m: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], offset: [0.0; 3] };
    let map = if p.format.is_rgb() { itself } else { ycbcr_to_rgb(p.color.matrix, p.color.range, p.format.bits()) };
    let (w, h) = (p.width as i32, p.height as i32);
    let (width, height) = if p.rotation.swaps_sides() { (p.height, p.width) } else { (p.width, p.height) };
    let (turn_x, turn_y) = turned(p.rotation, (w, h));
    let (shift_x, shift_y) = p.format.chroma_shift();
    let kind = match p.format {
        PixelFormat::Rgba8 | PixelFormat::Rgba16 => KIND_RGBA,
        f if f.planes() == 2 => KIND_SEMI_PLANAR,
        _ => KIND_PLANAR,
    };
    let to_rgb = rows3(&map.m.map(|r| r.map(|v| v * per_code)), map.offset);
    TensorParams { to_rgb, turn_x, turn_y, width, height, kind, shift_x, shift_y, ..TensorParams::default() }
}

/// Column and row, as coded, of an upright pixel.
fn turned(rotation: Rotation, (w, h): (i32, i32)) -> ([i32; 4], [i32; 4]) {
    let (x, y) = match rotation.degrees() {
        90 => ([0, 1, 0, 0], [-1, 0, h - 1, 0]),
        180 => ([-1, 0, w - 1, 0], [0, -1, h - 1, 0]),
        270 => ([0, -1, w - 1, 0], [1, 0, 0, 0]),
        _ => ([1, 0, 0, 0], [0, 1, 0, 0]),
    };
    let mirror = |v: [i32; 4]| [-v[0], -v[1], w - 1 - v[2], 0];
    (if rotation.is_flipped() { mirror(x) } else { x }, y)
}
