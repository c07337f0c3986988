//! Counting a finished screen texture for the scopes, where it lies. Made when scopes are first wanted; waits for the device.

use super::{
    passes::{entry, layout, module, pipeline},
    readback::mapped,
    shaders::SCOPES,
    view,
};
use crate::gpu::{
    GpuContext, RenderError,
    params::ScopeParams,
    scopes::{CELLS, ScopeData, columns_used, row_step, rows_counted},
};
use crossbeam::channel::bounded;
use std::num::NonZeroU64;

const BYTES: u64 = CELLS as u64 * 4;

/// The pass and its buffers.
pub struct ScopePass {
    pipeline: wgpu::ComputePipeline,
    group_layout: wgpu::BindGroupLayout,
    params: wgpu::Buffer,
    counts: wgpu::Buffer,
    back: wgpu::Buffer,
}

impl ScopePass {
    pub fn new(device: &wgpu::Device) -> Self {
        let buffer = |label, size, usage| {
            device.create_buffer(&wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false })
        };
        let bound = |ty, size| wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: NonZeroU64::new(size) };
        let params = size_of::<ScopeParams>() as u64;
        let screen = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let entries = [
            entry(0, bound(wgpu::BufferBindingType::Uniform, params)),
            entry(1, screen),
            entry(2, bound(wgpu::BufferBindingType::Storage { read_only: false }, BYTES)),
        ];
        let group_layout = layout(device, "scopes", &entries);
        Self {
            pipeline: pipeline(device, &module(device, &SCOPES), "count", &group_layout, &[]),
            group_layout,
            params: buffer("scope parameters", params, wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST),
            counts: buffer("scopes", BYTES, wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST),
            back: buffer("scopes back", BYTES, wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST),
        }
    }

    /// Counts an RGBA8 texture. Blocks until the counts are there.
    ///
    /// # Errors
    /// The device failed or does not answer.
    pub fn count(&self, ctx: &GpuContext, screen: &wgpu::Texture) -> Result<ScopeData, RenderError> {
        let (width, height) = (screen.width(), screen.height());
        let params = ScopeParams { width, rows: rows_counted(height), row_step: row_step(height), columns: columns_used(width) as u32 };
        ctx.queue.write_buffer(&self.params, 0, bytemuck::bytes_of(&params));
        let group = ctx.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("scopes"),
            layout: &self.group_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: self.params.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(&view(screen)) },
                wgpu::BindGroupEntry { binding: 2, resource: self.counts.as_entire_binding() },
            ],
        });
        let mut encoder = ctx.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("scopes") });
        encoder.clear_buffer(&self.counts, 0, None);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(params.columns, 1, 1);
        drop(pass);
        encoder.copy_buffer_to_buffer(&self.counts, 0, &self.back, 0, BYTES);
        let submission = ctx.queue.submit([encoder.finish()]);
        let (tell, told) = bounded(1);
        self.back.map_async(wgpu::MapMode::Read, .., move |result| {
            // nobody listens any more where the device did not answer in time
            let _ = tell.send(result);
        });
        let bytes = mapped(ctx, &self.back, submission, &told)?;
        let counts = bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
        Ok(ScopeData::from_counts(counts, width, height))
    }
}
