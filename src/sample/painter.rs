//! Draws one scene of the sample film: its layers once, then frame after frame, read back as RGBA8.
//!
//! Knows wgpu and a scene's WGSL source; no sound, no files. Runs on the thread that makes the sample film, with at most
//! two frames in flight so that the device works while the processor converts and encodes the frame before.

use super::{SampleError, camera::Pose};
use crate::gpu::{GpuContext, block_on};
use bytemuck::Zeroable;
use std::{collections::VecDeque, sync::mpsc};

/// What every scene shares; put before the scene's own source.
pub const COMMON: &str = include_str!("../../shaders/scenes/common.wgsl");

/// Twin of `Shot` in `shaders/scenes/common.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub struct Shot {
    /// Of the pass's target, in pixels.
    pub size: [f32; 2],
    /// In picture heights.
    pub shake: [f32; 2],
    /// Seconds since the first frame.
    pub time: f32,
    /// In radians.
    pub roll: f32,
    pub zoom: f32,
    pub seed: f32,
    pub layer: u32,
    pub frame: u32,
    /// 0 at the first frame, 1 at the last.
    pub progress: f32,
    /// Width over height.
    pub aspect: f32,
}

/// What the device needs to know of a scene.
#[derive(Clone, Copy, Debug)]
pub struct SceneSource<'a> {
    pub name: &'a str,
    /// The scene's own WGSL; [`COMMON`] goes before it.
    pub wgsl: &'a str,
    /// Layers that are drawn once, 0 for none.
    pub layers: u32,
    /// Size of a layer at a picture height of 720; other heights scale it.
    pub layer_size: (u32, u32),
    /// The soft pass is this many times smaller than the picture on each side.
    pub soft_divisor: u32,
    pub seed: f32,
}

/// When and from where a frame is taken.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    pub frame: u32,
    pub time_secs: f32,
    pub progress: f32,
    pub pose: Pose,
}

struct Pass {
    pipeline: wgpu::RenderPipeline,
    uniforms: wgpu::Buffer,
    shot: wgpu::BindGroup,
}

struct InFlight {
    buffer: wgpu::Buffer,
    ready: mpsc::Receiver<Result<(), wgpu::BufferAsyncError>>,
}

/// One scene at one size on one device.
pub struct Painter {
    name: String,
    device: wgpu::Device,
    queue: wgpu::Queue,
    width: u32,
    height: u32,
    soft_size: (u32, u32),
    seed: f32,
    soft: Pass,
    picture: Pass,
    soft_inputs: wgpu::BindGroup,
    picture_inputs: wgpu::BindGroup,
    soft_view: wgpu::TextureView,
    target: wgpu::Texture,
    target_view: wgpu::TextureView,
    row_bytes: u32,
    idle: Vec<wgpu::Buffer>,
    in_flight: VecDeque<InFlight>,
}

const LAYER_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
const SOFT_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba16Float;
const PICTURE_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

impl Painter {
    /// Compile the scene and draw its layers.
    ///
    /// # Errors
    /// The device refuses the shader or a texture, or was lost.
    pub fn new(gpu: &GpuContext, scene: &SceneSource<'_>, width: u32, height: u32) -> Result<Self, SampleError> {
        let _span = tracing::info_span!("scene", name = scene.name).entered();
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let painter = Self::build(gpu, scene, width, height);
        match block_on(scope.pop()) {
            None => Ok(painter),
            Some(e) => Err(SampleError::Drawing { scene: scene.name.to_owned(), reason: e.to_string() }),
        }
    }

    fn build(gpu: &GpuContext, scene: &SceneSource<'_>, width: u32, height: u32) -> Self {
        let (device, queue) = (&gpu.device, &gpu.queue);
        let source = format!("{COMMON}\n{}", scene.wgsl);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(scene.name),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        let layouts = Layouts::new(device);
        let soft_size = (width.div_ceil(scene.soft_divisor), height.div_ceil(scene.soft_divisor));
        let scaled = |v: u32| ((u64::from(v) * u64::from(height)) / 720).max(8) as u32;
        let layer_size = (scaled(scene.layer_size.0), scaled(scene.layer_size.1));

        let layers = texture(device, "layers", layer_size, scene.layers.max(1), LAYER_FORMAT);
        let soft_texture = texture(device, "soft", soft_size, 1, SOFT_FORMAT);
        let blank = texture(device, "blank", (1, 1), 1, SOFT_FORMAT);
        let target = texture(device, "picture", (width, height), 1, PICTURE_FORMAT);
        let plane = |t: &wgpu::Texture| t.create_view(&wgpu::TextureViewDescriptor::default());
        let array =
            layers.create_view(&wgpu::TextureViewDescriptor { dimension: Some(wgpu::TextureViewDimension::D2Array), ..Default::default() });
        let sampler = device.create_sampler(&wgpu::SamplerDescriptor {
            address_mode_u: wgpu::AddressMode::Repeat,
            address_mode_v: wgpu::AddressMode::ClampToEdge,
            mag_filter: wgpu::FilterMode::Linear,
            min_filter: wgpu::FilterMode::Linear,
            ..Default::default()
        });
        let inputs = |soft: &wgpu::TextureView| {
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(scene.name),
                layout: &layouts.inputs,
                entries: &[
                    wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::Sampler(&sampler) },
                    wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(&array) },
                    wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::TextureView(soft) },
                ],
            })
        };
        let soft_view = plane(&soft_texture);
        let row_bytes = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let painter = Self {
            name: scene.name.to_owned(),
            device: device.clone(),
            queue: queue.clone(),
            width,
            height,
            soft_size,
            seed: scene.seed,
            soft: layouts.pass(device, &module, "soft", SOFT_FORMAT, true),
            picture: layouts.pass(device, &module, "picture", PICTURE_FORMAT, true),
            soft_inputs: inputs(&plane(&blank)),
            picture_inputs: inputs(&soft_view),
            soft_view,
            target_view: plane(&target),
            target,
            row_bytes,
            idle: Vec::new(),
            in_flight: VecDeque::new(),
        };
        if scene.layers > 0 {
            let pass = layouts.pass(device, &module, "layer", LAYER_FORMAT, false);
            for i in 0..scene.layers {
                let view = layers.create_view(&wgpu::TextureViewDescriptor {
                    dimension: Some(wgpu::TextureViewDimension::D2),
                    base_array_layer: i,
                    array_layer_count: Some(1),
                    ..Default::default()
                });
                let shot = Shot {
                    size: [layer_size.0 as f32, layer_size.1 as f32],
                    zoom: 1.0,
                    seed: scene.seed,
                    layer: i,
                    aspect: layer_size.0 as f32 / layer_size.1 as f32,
                    ..Shot::zeroed()
                };
                let mut encoder = device.create_command_encoder(&Default::default());
                queue.write_buffer(&pass.uniforms, 0, bytemuck::bytes_of(&shot));
                draw(&mut encoder, &pass, None, &view);
                queue.submit([encoder.finish()]);
            }
        }
        painter
    }

    /// Start drawing a frame. Call [`Painter::take`] once for every frame, in order; at most two should be in flight.
    pub fn submit(&mut self, moment: &Moment) {
        let shot = Shot {
            size: [self.soft_size.0 as f32, self.soft_size.1 as f32],
            shake: moment.pose.offset,
            time: moment.time_secs,
            roll: moment.pose.roll,
            zoom: moment.pose.zoom,
            seed: self.seed,
            layer: 0,
            frame: moment.frame,
            progress: moment.progress,
            aspect: self.width as f32 / self.height as f32,
        };
        self.queue.write_buffer(&self.soft.uniforms, 0, bytemuck::bytes_of(&shot));
        let full = Shot { size: [self.width as f32, self.height as f32], ..shot };
        self.queue.write_buffer(&self.picture.uniforms, 0, bytemuck::bytes_of(&full));
        let buffer = self.idle.pop().unwrap_or_else(|| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("sample readback"),
                size: u64::from(self.row_bytes) * u64::from(self.height),
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            })
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        draw(&mut encoder, &self.soft, Some(&self.soft_inputs), &self.soft_view);
        draw(&mut encoder, &self.picture, Some(&self.picture_inputs), &self.target_view);
        encoder.copy_texture_to_buffer(
            self.target.as_image_copy(),
            wgpu::TexelCopyBufferInfo {
                buffer: &buffer,
                layout: wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(self.row_bytes), rows_per_image: None },
            },
            wgpu::Extent3d { width: self.width, height: self.height, depth_or_array_layers: 1 },
        );
        self.queue.submit([encoder.finish()]);
        let (tell, ready) = mpsc::channel();
        buffer.slice(..).map_async(wgpu::MapMode::Read, move |r| {
            // the receiver is gone only when the painter was dropped with frames in flight
            let _ = tell.send(r);
        });
        self.in_flight.push_back(InFlight { buffer, ready });
    }

    /// Wait for the oldest frame in flight and hand its RGBA8 rows (stride in bytes, rows) to `read`.
    /// None when no frame is in flight.
    ///
    /// # Errors
    /// The device was lost.
    pub fn take<R>(&mut self, read: impl FnOnce(&[u8], usize) -> R) -> Result<Option<R>, SampleError> {
        let Some(InFlight { buffer, ready }) = self.in_flight.pop_front() else { return Ok(None) };
        let lost = |reason: String| SampleError::Drawing { scene: self.name.clone(), reason };
        let mapped = loop {
            match ready.try_recv() {
                Ok(r) => break r,
                Err(mpsc::TryRecvError::Disconnected) => return Err(lost("a frame was dropped".into())),
                Err(mpsc::TryRecvError::Empty) => {
                    self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| lost(e.to_string()))?;
                }
            }
        };
        mapped.map_err(|e| lost(e.to_string()))?;
        let result = {
            let bytes = buffer.slice(..).get_mapped_range().map_err(|e| lost(e.to_string()))?;
            read(&bytes, self.row_bytes as usize)
        };
        buffer.unmap();
        self.idle.push(buffer);
        Ok(Some(result))
    }

    /// Frames submitted and not taken yet.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }
}

/// The two bind group layouts of `common.wgsl`.
struct Layouts {
    shot: wgpu::BindGroupLayout,
    inputs: wgpu::BindGroupLayout,
}

impl Layouts {
    fn new(device: &wgpu::Device) -> Self {
        let at = |binding, ty| wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::FRAGMENT, ty, count: None };
        let image = |view_dimension| wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: true },
            view_dimension,
            multisampled: false,
        };
        let uniform = wgpu::BindingType::Buffer { ty: wgpu::BufferBindingType::Uniform, has_dynamic_offset: false, min_binding_size: None };
        Self {
            shot: device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some("shot"), entries: &[at(0, uniform)] }),
            inputs: device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: Some("inputs"),
                entries: &[
                    at(0, wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering)),
                    at(1, image(wgpu::TextureViewDimension::D2Array)),
                    at(2, image(wgpu::TextureViewDimension::D2)),
                ],
            }),
        }
    }

    fn pass(
        &self,
        device: &wgpu::Device,
        module: &wgpu::ShaderModule,
        entry: &str,
        format: wgpu::TextureFormat,
        with_inputs: bool,
    ) -> Pass {
        let groups: &[Option<&wgpu::BindGroupLayout>] =
            if with_inputs { &[Some(&self.shot), Some(&self.inputs)] } else { &[Some(&self.shot)] };
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(entry),
            bind_group_layouts: groups,
            immediate_size: 0,
        });
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some(entry),
            layout: Some(&layout),
            vertex: wgpu::VertexState { module, entry_point: Some("corner"), compilation_options: Default::default(), buffers: &[] },
            primitive: Default::default(),
            depth_stencil: None,
            multisample: Default::default(),
            fragment: Some(wgpu::FragmentState {
                module,
                entry_point: Some(entry),
                compilation_options: Default::default(),
                targets: &[Some(format.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        let uniforms = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(entry),
            size: size_of::<Shot>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let shot = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(entry),
            layout: &self.shot,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: uniforms.as_entire_binding() }],
        });
        Pass { pipeline, uniforms, shot }
    }
}

fn texture(device: &wgpu::Device, label: &str, size: (u32, u32), layers: u32, format: wgpu::TextureFormat) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some(label),
        size: wgpu::Extent3d { width: size.0, height: size.1, depth_or_array_layers: layers },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}

fn draw(encoder: &mut wgpu::CommandEncoder, pass: &Pass, inputs: Option<&wgpu::BindGroup>, target: &wgpu::TextureView) {
    let mut render = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: None,
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view: target,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::BLACK), store: wgpu::StoreOp::Store },
        })],
        ..Default::default()
    });
    render.set_pipeline(&pass.pipeline);
    render.set_bind_group(0, &pass.shot, &[]);
    if let Some(inputs) = inputs {
        render.set_bind_group(1, inputs, &[]);
    }
    render.draw(0..3, 0..1);
}
