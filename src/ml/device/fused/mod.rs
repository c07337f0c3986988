//! Compact networks through our own kernels (`shaders/conv.wgsl`): features in halves, all sums in singles. Our twin on the processor
//! is `ml::cpu`.
//!
//! The layers are handed over a few at a time and the device is never more than two such portions behind: the window's pictures come between,
//! and whoever stops the work waits for no more than these. One thread owns a network; it waits for the device.

mod room;
mod shape;
#[cfg(test)]
mod tests;

use super::refused;
use crate::{
    gpu::{GpuContext, Numbers, device::shaders::CONV, params::ConvParams},
    ml::{
        Compact, MlError, Planes,
        tile::{Forward, check},
    },
};
use room::Room;
pub use room::pixel_bytes;
pub use shape::{FOUR, channels};
use shape::{GROUP_BYTES, INVOCATIONS, Shape, packed};
use std::{num::NonZeroU64, sync::atomic::AtomicBool};

/// Layers that are handed over at once, and multiplications of them: a graphics chip of a laptop does these in some hundredths of a second.
const LAYERS: usize = 4;
const PRODUCTS: u64 = 8_000_000_000;

/// What a layer reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Middle,
    Last,
}

struct Layer {
    place: Place,
    shape: Shape,
    pass: Pass,
    weights: wgpu::Buffer,
    /// Its parameters on the device, and without a picture's size.
    block: wgpu::Buffer,
    params: ConvParams,
    /// Multiplications for a pixel.
    products: u64,
}

#[derive(Clone)]
struct Pass {
    layout: wgpu::BindGroupLayout,
    pipeline: wgpu::ComputePipeline,
}

/// A compact network on a device.
pub struct FusedNet {
    gpu: GpuContext,
    layers: Vec<Layer>,
    /// Channels between two layers, and how many times larger the picture becomes.
    features: usize,
    scale: usize,
    side: usize,
    room: Option<Room>,
}

/// Whether the kernels can compute this network on such a device.
pub fn takes(net: &Compact, gpu: &GpuContext) -> bool {
    // halves are read and written as pairs in whole words; everything but old OpenGL does it
    let halves = gpu.adapter.get_downlevel_capabilities().flags.contains(wgpu::DownlevelFlags::SHADER_F16_IN_F32);
    halves && fits(net, &gpu.device.limits())
}

fn fits(net: &Compact, limits: &wgpu::Limits) -> bool {
    let features = net.convs[0].outputs;
    let last = net.convs.len() - 1;
    let even = last > 0 && net.convs[1..].iter().all(|c| c.inputs == features) && net.convs[..last].iter().all(|c| c.outputs == features);
    even && limits.max_compute_invocations_per_workgroup >= INVOCATIONS
        && limits.max_compute_workgroup_size_x >= 32
        && limits.max_compute_workgroup_size_y >= 8
        && limits.max_compute_workgroup_size_z >= 2
        && limits.max_compute_workgroup_storage_size >= GROUP_BYTES
        && limits.max_storage_buffers_per_shader_stage >= 5
}

impl FusedNet {
    /// `side`: of the tiles that suit the device.
    ///
    /// # Errors
    /// The device refused the passes or has no room for the weights.
    pub fn new(net: &Compact, gpu: &GpuContext, side: usize) -> Result<Self, MlError> {
        let source = wgpu::ShaderSource::Wgsl(CONV.source.into());
        let described = wgpu::ShaderModuleDescriptor { label: Some(CONV.name), source };
        let checks = wgpu::ShaderRuntimeChecks { bounds_checks: false, ..wgpu::ShaderRuntimeChecks::checked() };
        // SAFETY: a group's arrays have the sizes that its constants say, and every index into them is made of these constants and of the
        // places of invocations; indices into buffers are compared with the picture's size first, and the device checks those itself. A
        // compiler cannot know the former, and a comparison for each reading would be an eighth of all instructions.
        let module = unsafe { gpu.device.create_shader_module_trusted(described, checks) };
        let mut layers: Vec<Layer> = Vec::new();
        let last = net.convs.len() - 1;
        for (i, conv) in net.convs.iter().enumerate() {
            let place = if i == 0 { Place::First } else { [Place::Middle, Place::Last][usize::from(i == last)] };
            let shape = Shape::of(conv.outputs);
            let known = layers.iter().find(|l| l.place == place && l.shape == shape).map(|l| l.pass.clone());
            let pass = known.unwrap_or_else(|| Pass::new(gpu, &module, place, shape));
            let p = packed(conv, net.slopes.get(i).map_or(&[], Vec::as_slice), shape);
            let weights = buffer(gpu, "weights", 4 * p.numbers.len() as u64, wgpu::BufferUsages::STORAGE);
            gpu.queue.write_buffer(&weights, 0, bytemuck::cast_slice(&p.numbers));
            let block = buffer(gpu, "layer", size_of::<ConvParams>() as u64, wgpu::BufferUsages::STORAGE);
            let planes = |channels: usize| channels.div_ceil(FOUR) as u32;
            let params = ConvParams {
                planes_in: planes(conv.inputs),
                planes_out: planes(conv.outputs),
                biases: p.biases,
                slopes: p.slopes,
                scale: net.scale as u32,
                ..ConvParams::default()
            };
            layers.push(Layer { place, shape, pass, weights, block, params, products: conv.weights.len() as u64 });
        }
        gpu.check().map_err(|e| refused(&e))?;
        Ok(Self { gpu: gpu.clone(), layers, features: net.convs[0].outputs, scale: net.scale, side, room: None })
    }

    fn room(&self) -> Result<&Room, MlError> {
        self.room.as_ref().ok_or(MlError::Memory)
    }

    /// Makes room for a picture of this size.
    ///
    /// # Errors
    /// There is none.
    pub fn make_room(&mut self, (width, height): (u32, u32)) -> Result<(), MlError> {
        let pixels = u64::from(width) * u64::from(height);
        if self.room.as_ref().is_none_or(|r| r.pixels() < pixels) {
            if self.room.take().is_some() {
                // what was there goes when the device has done with it; both would be more than was reckoned with
                self.gpu.wait(None).map_err(|e| refused(&e))?;
            }
            self.room = Some(Room::new(&self.gpu, self.features, self.scale, pixels)?);
        }
        Ok(())
    }

    /// Where the numbers of a picture go, for which room was made.
    ///
    /// # Errors
    /// It was not.
    pub fn input(&self, (width, height): (u32, u32)) -> Result<Numbers<'_>, MlError> {
        Ok(Numbers { buffer: self.room()?.picture.as_entire_binding(), steps: [width * height, width, 1] })
    }

    /// Where those of the larger picture are.
    ///
    /// # Errors
    /// There is no room.
    pub fn output(&self, (width, height): (u32, u32)) -> Result<Numbers<'_>, MlError> {
        let (w, h) = (width * self.scale as u32, height * self.scale as u32);
        Ok(Numbers { buffer: self.room()?.large.as_entire_binding(), steps: [w * h, w, 1] })
    }

    /// Computes the picture that lies in [`FusedNet::input`]; the device may not have done it yet.
    ///
    /// # Errors
    /// `stop` was set, the device failed or does not answer.
    pub fn compute(&self, (width, height): (u32, u32), stop: &AtomicBool) -> Result<(), MlError> {
        let (room, queue) = (self.room()?, &self.gpu.queue);
        let mut before = None;
        let (mut recorded, mut layers, mut products) = (None, 0, 0);
        for (i, layer) in self.layers.iter().enumerate() {
            check(stop)?;
            queue.write_buffer(&layer.block, 0, bytemuck::bytes_of(&ConvParams { width, height, ..layer.params }));
            let begun = || self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("network") });
            let encoder = recorded.get_or_insert_with(begun);
            layer.record(&self.gpu, encoder, room, i, (width, height));
            layers += 1;
            products += layer.products * u64::from(width) * u64::from(height);
            if layers == LAYERS || products >= PRODUCTS || i + 1 == self.layers.len() {
                let submitted = recorded.take().map(|e| queue.submit([e.finish()]));
                (layers, products) = (0, 0);
                if let Some(before) = std::mem::replace(&mut before, submitted) {
                    self.gpu.wait(Some(before)).map_err(|e| refused(&e))?;
                }
            }
        }
        Ok(())
    }
}

impl Forward for FusedNet {
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError> {
        let wrong = || MlError::Size { width: tile.width, height: tile.height };
        let size = (u32::try_from(tile.width).map_err(|_| wrong())?, u32::try_from(tile.height).map_err(|_| wrong())?);
        self.gpu.check().map_err(|e| refused(&e))?;
        self.make_room(size)?;
        let room = self.room()?;
        self.gpu.queue.write_buffer(&room.picture, 0, bytemuck::cast_slice(&tile.data));
        self.compute(size, stop)?;
        let (width, height) = (tile.width * self.scale, tile.height * self.scale);
        let data = room.read(&self.gpu, 3 * width * height)?;
        Ok(Planes { width, height, channels: 3, data })
    }

    fn side(&self) -> usize {
        self.side
    }
}

fn buffer(gpu: &GpuContext, label: &str, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
    let usage = usage | wgpu::BufferUsages::COPY_DST;
    gpu.device.create_buffer(&wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false })
}

impl Pass {
    fn new(gpu: &GpuContext, module: &wgpu::ShaderModule, place: Place, shape: Shape) -> Self {
        let bound = |binding: u32, ty: wgpu::BufferBindingType, size: usize| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: NonZeroU64::new(size as u64) },
            count: None,
        };
        let read = wgpu::BufferBindingType::Storage { read_only: true };
        let written = wgpu::BufferBindingType::Storage { read_only: false };
        let entries: Vec<_> = place
            .bindings()
            .iter()
            .map(|binding| match binding {
                0 => bound(0, read, size_of::<ConvParams>()),
                1 => bound(1, read, 16),
                2 | 5 => bound(*binding, if *binding == 2 { read } else { written }, 4),
                _ => bound(*binding, if *binding == 3 { read } else { written }, 8),
            })
            .collect();
        let device = &gpu.device;
        let label = Some(place.entry_point());
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label, entries: &entries });
        let whole = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label,
            layout: Some(&whole),
            module,
            entry_point: label,
            // a group writes all of its memory before it reads
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &shape.constants(),
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        Self { layout, pipeline }
    }
}

impl Place {
    fn entry_point(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Middle => "middle",
            Self::Last => "last",
        }
    }

    /// What the shader binds for it.
    fn bindings(self) -> &'static [u32] {
        match self {
            Self::First => &[0, 1, 2, 4],
            Self::Middle => &[0, 1, 3, 4],
            Self::Last => &[0, 1, 2, 3, 5],
        }
    }
}

impl Layer {
    /// The `n`th layer.
    fn record(&self, gpu: &GpuContext, encoder: &mut wgpu::CommandEncoder, room: &Room, n: usize, size: (u32, u32)) {
        let bound = |binding: u32| match binding {
            0 => &self.block,
            1 => &self.weights,
            2 => &room.picture,
            // what the layer before has written
            3 => &room.features[(n + 1) % 2],
            4 => &room.features[n % 2],
            _ => &room.large,
        };
        let entry = |binding: &u32| wgpu::BindGroupEntry { binding: *binding, resource: bound(*binding).as_entire_binding() };
        let entries: Vec<_> = self.place.bindings().iter().map(entry).collect();
        let label = Some("layer");
        let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor { label, layout: &self.pass.layout, entries: &entries });
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label, timestamp_writes: None });
        pass.set_pipeline(&self.pass.pipeline);
        pass.set_bind_group(0, &group, &[]);
        let [x, y, z] = self.shape.groups(size);
        pass.dispatch_workgroups(x, y, z);
    }
}
