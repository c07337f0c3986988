//! Pipelines with explicit bind group layouts, made once per renderer, and the recording of each pass. Owns no pictures.

use super::shaders::{COMPOSITE, ENCODE, ShaderModule};
use crate::gpu::params::{LayerParams, OutputParams, PlaneParams, WarpsParams};
use std::{cell::OnceCell, num::NonZeroU64};

/// Format of the canvas: linear light, half floats.
pub const CANVAS_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
/// Distance of parameter blocks in the uniform buffer: a multiple of every device's alignment that holds the largest.
pub const PARAM_STRIDE: u64 = 1792;

const _: () = assert!(size_of::<LayerParams>() <= PARAM_STRIDE as usize && PARAM_STRIDE.is_multiple_of(256));
const _: () = assert!(size_of::<WarpsParams>() <= PARAM_STRIDE as usize);

/// The pipelines.
pub struct Passes {
    /// By [`Variant::index`]; each is made when a layer first needs it.
    composite: [OnceCell<wgpu::ComputePipeline>; 32],
    composite_module: wgpu::ShaderModule,
    composite_layout: wgpu::BindGroupLayout,
    /// For luma, chroma, and R, G, B, A.
    planes: [wgpu::ComputePipeline; 3],
    planes_layout: wgpu::BindGroupLayout,
    display: wgpu::ComputePipeline,
    display_layout: wgpu::BindGroupLayout,
}

/// What a composite pipeline can do.
#[derive(Clone, Copy)]
pub struct Variant {
    /// Some input is not a copy of texels.
    pub filtered: bool,
    /// There are two inputs.
    pub second: bool,
    /// Some input has effects, or the layer is an adjustment.
    pub graded: bool,
    /// Some input is a nest.
    pub nested: bool,
    /// Some nest is bent.
    pub warped: bool,
}

impl Variant {
    fn index(self) -> usize {
        let has = [self.filtered, self.second, self.graded, self.nested, self.warped];
        has.iter().enumerate().map(|(bit, on)| usize::from(*on) << bit).sum()
    }
}

pub(super) fn entry(binding: u32, ty: wgpu::BindingType) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::COMPUTE, ty, count: None }
}

fn uniform(binding: u32, size: usize) -> wgpu::BindGroupLayoutEntry {
    let ty = wgpu::BufferBindingType::Uniform;
    entry(binding, wgpu::BindingType::Buffer { ty, has_dynamic_offset: true, min_binding_size: NonZeroU64::new(size as u64) })
}

pub(super) fn texture(binding: u32, sample_type: wgpu::TextureSampleType) -> wgpu::BindGroupLayoutEntry {
    let view_dimension = wgpu::TextureViewDimension::D2;
    entry(binding, wgpu::BindingType::Texture { sample_type, view_dimension, multisampled: false })
}

pub(super) fn storage_texture(binding: u32, format: wgpu::TextureFormat) -> wgpu::BindGroupLayoutEntry {
    let access = wgpu::StorageTextureAccess::WriteOnly;
    entry(binding, wgpu::BindingType::StorageTexture { access, format, view_dimension: wgpu::TextureViewDimension::D2 })
}

const LIGHT: wgpu::TextureSampleType = wgpu::TextureSampleType::Float { filterable: false };

/// One pipeline of one entry point.
pub(super) fn pipeline(
    device: &wgpu::Device,
    module: &wgpu::ShaderModule,
    entry_point: &'static str,
    group: &wgpu::BindGroupLayout,
    constants: &[(&str, f64)],
) -> wgpu::ComputePipeline {
    let label = Some(entry_point);
    let layout =
        device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor { label, bind_group_layouts: &[Some(group)], immediate_size: 0 });
    device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label,
        layout: Some(&layout),
        module,
        entry_point: label,
        compilation_options: wgpu::PipelineCompilationOptions { constants, ..Default::default() },
        cache: None,
    })
}

pub(super) fn layout(device: &wgpu::Device, label: &str, entries: &[wgpu::BindGroupLayoutEntry]) -> wgpu::BindGroupLayout {
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries })
}

pub(super) fn module(device: &wgpu::Device, m: &ShaderModule) -> wgpu::ShaderModule {
    let source = wgpu::ShaderSource::Wgsl(m.source.into());
    device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(m.name), source })
}

impl Passes {
    pub fn new(device: &wgpu::Device) -> Self {
        let (composite_module, encode_module) = (module(device, &COMPOSITE), module(device, &ENCODE));
        let mut entries = vec![uniform(0, size_of::<LayerParams>()), texture(1, LIGHT), storage_texture(2, CANVAS_FORMAT)];
        entries.extend((3..9).map(|b| texture(b, wgpu::TextureSampleType::Uint)));
        entries.extend((9..11).map(|b| texture(b, LIGHT)));
        entries.push(uniform(11, size_of::<WarpsParams>()));
        let composite_layout = layout(device, "composite", &entries);
        let words = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only: false },
            has_dynamic_offset: false,
            min_binding_size: NonZeroU64::new(4),
        };
        let entries = [texture(0, LIGHT), uniform(1, size_of::<OutputParams>()), uniform(2, size_of::<PlaneParams>()), entry(3, words)];
        let planes_layout = layout(device, "planes", &entries);
        let planes = ["luma", "chroma", "rgba"].map(|e| pipeline(device, &encode_module, e, &planes_layout, &[]));
        let entries = [texture(0, LIGHT), uniform(1, size_of::<OutputParams>()), storage_texture(4, wgpu::TextureFormat::Rgba8Unorm)];
        let display_layout = layout(device, "display", &entries);
        let display = pipeline(device, &encode_module, "display", &display_layout, &[]);
        let composite = Default::default();
        Self { composite, composite_module, composite_layout, planes, planes_layout, display, display_layout }
    }

    fn composite(&self, device: &wgpu::Device, variant: Variant) -> &wgpu::ComputePipeline {
        self.composite[variant.index()].get_or_init(|| {
            let set = [
                ("has_filtered", variant.filtered),
                ("has_second", variant.second),
                ("has_graded", variant.graded),
                ("has_nested", variant.nested),
                ("has_warped", variant.warped),
            ];
            let constants = set.map(|(name, on)| (name, f64::from(on)));
            pipeline(device, &self.composite_module, "composite", &self.composite_layout, &constants)
        })
    }
}

/// What the inputs of a layer are read from.
pub struct InputViews {
    /// Three for each input.
    pub planes: [wgpu::TextureView; 6],
    pub nests: [wgpu::TextureView; 2],
}

/// What the passes of one frame are recorded with.
pub struct Recorder<'a> {
    pub device: &'a wgpu::Device,
    pub passes: &'a Passes,
    pub encoder: &'a mut wgpu::CommandEncoder,
    /// Parameter blocks, [`PARAM_STRIDE`] apart.
    pub uniforms: &'a wgpu::Buffer,
}

impl Recorder<'_> {
    fn block(&self, size: usize) -> wgpu::BindingResource<'_> {
        wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: self.uniforms, offset: 0, size: NonZeroU64::new(size as u64) })
    }

    fn dispatch(&mut self, pipeline: &wgpu::ComputePipeline, group: &wgpu::BindGroup, blocks: &[u32], x: u32, y: u32) {
        let offsets: Vec<u32> = blocks.iter().map(|b| b * PARAM_STRIDE as u32).collect();
        let mut pass = self.encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(pipeline);
        pass.set_bind_group(0, group, &offsets);
        pass.dispatch_workgroups(x, y, 1);
    }

    /// A layer, with parameter block `block` and its warps in another, from canvas `below` to canvas `out`.
    pub fn composite(
        &mut self,
        [block, warps]: [u32; 2],
        variant: Variant,
        below: &wgpu::TextureView,
        out: &wgpu::TextureView,
        inputs: &InputViews,
        size: (u32, u32),
    ) {
        let mut entries = vec![
            wgpu::BindGroupEntry { binding: 0, resource: self.block(size_of::<LayerParams>()) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(below) },
            wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::TextureView(out) },
        ];
        entries.extend(
            (3..)
                .zip(inputs.planes.iter().chain(&inputs.nests))
                .map(|(binding, v)| wgpu::BindGroupEntry { binding, resource: wgpu::BindingResource::TextureView(v) }),
        );
        entries.push(wgpu::BindGroupEntry { binding: 11, resource: self.block(size_of::<WarpsParams>()) });
        let passes = self.passes;
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("composite"),
            layout: &passes.composite_layout,
            entries: &entries,
        });
        self.dispatch(passes.composite(self.device, variant), &group, &[block, warps], size.0.div_ceil(8), size.1.div_ceil(8));
    }

    /// One plane of the output buffer: `output` and `plane` are parameter blocks.
    pub fn plane(&mut self, canvas: &wgpu::TextureView, output: u32, plane: u32, words: &wgpu::Buffer, params: &PlaneParams) {
        let passes = self.passes;
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("planes"),
            layout: &passes.planes_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(canvas) },
                wgpu::BindGroupEntry { binding: 1, resource: self.block(size_of::<OutputParams>()) },
                wgpu::BindGroupEntry { binding: 2, resource: self.block(size_of::<PlaneParams>()) },
                wgpu::BindGroupEntry { binding: 3, resource: words.as_entire_binding() },
            ],
        });
        let pipeline = &passes.planes[if params.components == 4 { 2 } else { usize::from(params.first_component > 0) }];
        self.dispatch(pipeline, &group, &[output, plane], params.row_words.div_ceil(32), params.rows.div_ceil(4));
    }

    /// The canvas as the screen shows it.
    pub fn display(&mut self, canvas: &wgpu::TextureView, output: u32, screen: &wgpu::TextureView, size: (u32, u32)) {
        let passes = self.passes;
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("display"),
            layout: &passes.display_layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(canvas) },
                wgpu::BindGroupEntry { binding: 1, resource: self.block(size_of::<OutputParams>()) },
                wgpu::BindGroupEntry { binding: 4, resource: wgpu::BindingResource::TextureView(screen) },
            ],
        });
        self.dispatch(&passes.display, &group, &[output], size.0.div_ceil(8), size.1.div_ceil(8));
    }
}
