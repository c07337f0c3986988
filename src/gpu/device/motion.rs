//! What the measuring of motion does to whole pictures, on the device: copies that are compared, the second picture bent, tiles and
//! patches. Knows nothing of cameras. Several threads may call at once; each call waits for the device.

use super::{
    passes::{entry, layout, module, pipeline},
    readback::mapped,
    shaders::{MOTION, MOTION_PICTURES},
};
use crate::gpu::{
    GpuContext, RenderError,
    params::{MAX_MOTION_MAPS, MotionParams, PictureParams},
};
use crossbeam::channel::bounded;
use std::{num::NonZeroU64, sync::Arc};

/// Threads of a group along x and y in the passes that give a picture.
const GROUP: u32 = 8;
/// Distance of parameter blocks: what every device can do.
const BLOCK: u64 = 256;
/// Numbers of a tile and of a patch.
const TILE: usize = 12;
const PATCH: usize = 4;

/// The passes.
pub struct MotionPasses {
    ctx: GpuContext,
    pictures: wgpu::BindGroupLayout,
    binomial: wgpu::ComputePipeline,
    across: wgpu::ComputePipeline,
    normalise: wgpu::ComputePipeline,
    pairs: wgpu::BindGroupLayout,
    bend: wgpu::ComputePipeline,
    tiles: wgpu::ComputePipeline,
    patches: wgpu::ComputePipeline,
}

/// A smoothed and normalised picture that stays on the device.
#[derive(Clone)]
pub struct KeptPicture {
    sharp: Arc<wgpu::Buffer>,
    size: (u32, u32),
}

/// The copies of a picture, row by row: the sharp one at full size, the half, then the small ones, each half of the one before.
pub struct MotionLayers {
    pub sharp: Vec<f32>,
    pub half: Vec<f32>,
    pub small: Vec<Vec<f32>>,
    pub kept: KeptPicture,
}

/// Where the tiles of a picture lie: side by side, in pixels.
#[derive(Clone, Copy, Debug)]
pub struct MotionTiles {
    pub left: u32,
    pub top: u32,
    pub across: u32,
    pub down: u32,
    pub side: u32,
}

/// Homogeneous maps from pixels about the centre of one picture to the other, for rows evenly spaced from top to bottom.
type Maps = [[[f32; 4]; 3]];

fn half_of((w, h): (u32, u32)) -> (u32, u32) {
    (w.div_ceil(2), h.div_ceil(2))
}

fn bytes_of(size: (u32, u32)) -> u64 {
    u64::from(size.0) * u64::from(size.1) * 4
}

/// One dispatch.
struct Step<'a> {
    pipeline: &'a wgpu::ComputePipeline,
    /// A picture, and means.
    reads: [&'a wgpu::Buffer; 2],
    writes: &'a wgpu::Buffer,
    params: PictureParams,
}

/// A pass over two pictures, the second of them bent.
struct Work<'a> {
    pipeline: &'a wgpu::ComputePipeline,
    /// Where patches lie; a pass over tiles reads none.
    spots: &'a [[u32; 2]],
    groups: u32,
    /// What each group leaves.
    numbers: usize,
}

impl MotionPasses {
    /// # Errors
    /// The device refused the passes.
    pub fn new(ctx: &GpuContext) -> Result<Self, RenderError> {
        let device = &ctx.device;
        let storage = |binding, read_only, floats: u64| {
            let ty = wgpu::BufferBindingType::Storage { read_only };
            let size = NonZeroU64::new(4 * floats);
            entry(binding, wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: size })
        };
        let uniform = |has_dynamic_offset, size: usize| {
            let (ty, size) = (wgpu::BufferBindingType::Uniform, NonZeroU64::new(size as u64));
            entry(0, wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: size })
        };
        let block = uniform(true, size_of::<PictureParams>());
        let pictures = layout(device, "motion pictures", &[block, storage(1, true, 1), storage(2, true, 2), storage(3, false, 1)]);
        let block = uniform(false, size_of::<MotionParams>());
        let entries = [block, storage(1, true, 1), storage(2, true, 1), storage(3, false, 1), storage(4, true, 2)];
        let pairs = layout(device, "motion", &entries);
        let (pictures_module, pairs_module) = (module(device, &MOTION_PICTURES), module(device, &MOTION));
        let of_pictures = |name| pipeline(device, &pictures_module, name, &pictures, &[]);
        let of_pairs = |name| pipeline(device, &pairs_module, name, &pairs, &[]);
        let made = Self {
            binomial: of_pictures("binomial"),
            across: of_pictures("across"),
            normalise: of_pictures("normalise"),
            bend: of_pairs("bend"),
            tiles: of_pairs("tiles"),
            patches: of_pairs("patches"),
            ctx: ctx.clone(),
            pictures,
            pairs,
        };
        ctx.check()?;
        Ok(made)
    }

    fn buffer(&self, bytes: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        let (size, label) = (bytes.max(8), Some("motion"));
        self.ctx.device.create_buffer(&wgpu::BufferDescriptor { label, size, usage, mapped_at_creation: false })
    }

    /// A buffer between passes.
    fn scratch(&self, bytes: u64) -> wgpu::Buffer {
        self.buffer(bytes, wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST)
    }

    /// A buffer with this in it.
    fn filled(&self, bytes: &[u8], usage: wgpu::BufferUsages) -> wgpu::Buffer {
        let buffer = self.buffer(bytes.len() as u64, usage | wgpu::BufferUsages::COPY_DST);
        self.ctx.queue.write_buffer(&buffer, 0, bytes);
        buffer
    }

    /// Submits, with copies of some buffers at the end, and waits for these.
    fn finish(&self, mut encoder: wgpu::CommandEncoder, results: &[(&wgpu::Buffer, u64)]) -> Result<Vec<f32>, RenderError> {
        let size = results.iter().map(|r| r.1).sum::<u64>();
        let back = self.buffer(size, wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST);
        let mut at = 0;
        for (buffer, bytes) in results {
            encoder.copy_buffer_to_buffer(buffer, 0, &back, at, *bytes);
            at += bytes;
        }
        let submission = self.ctx.queue.submit([encoder.finish()]);
        let (tell, told) = bounded(1);
        back.map_async(wgpu::MapMode::Read, .., move |result| {
            // nobody listens any more where the device did not answer in time
            let _ = tell.send(result);
        });
        let bytes = mapped(&self.ctx, &back, submission, &told)?;
        Ok(bytes.as_chunks::<4>().0.iter().take(size as usize / 4).map(|b| f32::from_le_bytes(*b)).collect())
    }

    fn encoder(&self) -> wgpu::CommandEncoder {
        self.ctx.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("motion") })
    }

    /// The copies of a picture of brightness: normalised over `reach` pixels at full size, and over `reaches` at ¼, ⅛ … of it.
    ///
    /// # Errors
    /// The device failed or does not answer.
    pub fn layers(&self, luma: &[f32], size: (u32, u32), reach: u32, reaches: &[u32]) -> Result<MotionLayers, RenderError> {
        let source = self.filled(bytemuck::cast_slice(luma), wgpu::BufferUsages::STORAGE);
        let (half_size, quarter) = (half_of(size), half_of(half_of(size)));
        let (smooth, means) = (self.scratch(bytes_of(size)), self.scratch(2 * bytes_of(size)));
        let (sharp, half) = (self.scratch(bytes_of(size)), self.scratch(bytes_of(half_size)));
        let mut sizes = vec![quarter];
        (1..reaches.len().max(1)).for_each(|n| sizes.push(half_of(sizes[n - 1])));
        let plain: Vec<wgpu::Buffer> = sizes.iter().map(|s| self.scratch(bytes_of(*s))).collect();
        let small: Vec<wgpu::Buffer> = sizes.iter().map(|s| self.scratch(bytes_of(*s))).collect();
        // bound where no means are read: what is written may not be read at the same time
        let unread = self.scratch(8);
        let mut steps = vec![self.copied(&source, &unread, &smooth, (size, size), 1)];
        steps.extend(self.normalised(&smooth, [&unread, &means], &sharp, size, reach));
        steps.push(self.copied(&source, &unread, &half, (size, half_size), 2));
        steps.push(self.copied(&half, &unread, &plain[0], (half_size, quarter), 2));
        for (n, reach) in reaches.iter().enumerate() {
            if n > 0 {
                steps.push(self.copied(&plain[n - 1], &unread, &plain[n], (sizes[n - 1], sizes[n]), 2));
            }
            steps.extend(self.normalised(&plain[n], [&unread, &means], &small[n], sizes[n], *reach));
        }
        let mut encoder = self.encoder();
        self.record(&mut encoder, &steps);
        let mut results = vec![(&sharp, bytes_of(size)), (&half, bytes_of(half_size))];
        results.extend(small.iter().zip(&sizes).take(reaches.len()).map(|(b, s)| (b, bytes_of(*s))));
        let mut all = self.finish(encoder, &results)?;
        let mut small: Vec<Vec<f32>> = Vec::with_capacity(reaches.len());
        for (_, bytes) in results.iter().skip(2).rev() {
            small.push(all.split_off(all.len() - *bytes as usize / 4));
        }
        small.reverse();
        let half = all.split_off(bytes_of(size) as usize / 4);
        Ok(MotionLayers { sharp: all, half, small, kept: KeptPicture { sharp: Arc::new(sharp), size } })
    }

    /// Binomials, one for each `step` pixels.
    fn copied<'a>(
        &'a self,
        from: &'a wgpu::Buffer,
        unread: &'a wgpu::Buffer,
        to: &'a wgpu::Buffer,
        (size, out): ((u32, u32), (u32, u32)),
        step: u32,
    ) -> Step<'a> {
        let params = PictureParams { width: size.0, height: size.1, out_width: out.0, out_height: out.1, step, ..Default::default() };
        Step { pipeline: &self.binomial, reads: [from, unread], writes: to, params }
    }

    /// Less the local mean, by the local spread.
    fn normalised<'a>(
        &'a self,
        from: &'a wgpu::Buffer,
        [unread, means]: [&'a wgpu::Buffer; 2],
        to: &'a wgpu::Buffer,
        (width, height): (u32, u32),
        reach: u32,
    ) -> [Step<'a>; 2] {
        let params = PictureParams { width, height, out_width: width, out_height: height, reach, ..Default::default() };
        [
            Step { pipeline: &self.across, reads: [from, unread], writes: means, params },
            Step { pipeline: &self.normalise, reads: [from, means], writes: to, params },
        ]
    }

    fn record(&self, encoder: &mut wgpu::CommandEncoder, steps: &[Step<'_>]) {
        let mut blocks = vec![0_u8; steps.len() * BLOCK as usize];
        for (block, step) in blocks.chunks_exact_mut(BLOCK as usize).zip(steps) {
            block[..size_of::<PictureParams>()].copy_from_slice(bytemuck::bytes_of(&step.params));
        }
        let blocks = self.filled(&blocks, wgpu::BufferUsages::UNIFORM);
        for (n, step) in steps.iter().enumerate() {
            let size = NonZeroU64::new(size_of::<PictureParams>() as u64);
            let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: &blocks, offset: 0, size });
            let mut entries = vec![wgpu::BindGroupEntry { binding: 0, resource: params }];
            let buffers = [step.reads[0], step.reads[1], step.writes];
            entries.extend((1..).zip(buffers).map(|(binding, b)| wgpu::BindGroupEntry { binding, resource: b.as_entire_binding() }));
            let layout = &self.pictures;
            let group =
                self.ctx.device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some("motion pictures"), layout, entries: &entries });
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(step.pipeline);
            pass.set_bind_group(0, &group, &[n as u32 * BLOCK as u32]);
            pass.dispatch_workgroups(step.params.out_width.div_ceil(GROUP), step.params.out_height.div_ceil(GROUP), 1);
        }
    }

    /// Sums over each tile of the first picture and of the second, bent: twelve numbers for each.
    ///
    /// # Errors
    /// The device failed or does not answer.
    pub fn tiles(&self, a: &KeptPicture, b: &KeptPicture, maps: &Maps, tiles: &MotionTiles) -> Result<Vec<[f32; TILE]>, RenderError> {
        let &MotionTiles { left, top, across, down, side } = tiles;
        let params = MotionParams { across, side, left, top, ..params_of(b, maps) };
        let numbers =
            self.compared(a, b, &params, &Work { pipeline: &self.tiles, spots: &[[0, 0]], groups: across * down, numbers: TILE })?;
        Ok(numbers.as_chunks().0.to_vec())
    }

    /// Where patches of the first picture went in the second, bent: x, y, strength, likeness (−1 = lost) for each.
    ///
    /// # Errors
    /// The device failed or does not answer.
    pub fn patches(&self, a: &KeptPicture, b: &KeptPicture, maps: &Maps, spots: &[[u32; 2]]) -> Result<Vec<[f32; PATCH]>, RenderError> {
        if spots.is_empty() {
            return Ok(Vec::new());
        }
        let work = Work { pipeline: &self.patches, spots, groups: spots.len() as u32, numbers: PATCH };
        let numbers = self.compared(a, b, &params_of(b, maps), &work)?;
        Ok(numbers.as_chunks().0.to_vec())
    }

    /// Bends the second picture and runs a pass over groups, each of which leaves some numbers.
    fn compared(&self, a: &KeptPicture, b: &KeptPicture, params: &MotionParams, work: &Work<'_>) -> Result<Vec<f32>, RenderError> {
        let params_buffer = self.filled(bytemuck::bytes_of(params), wgpu::BufferUsages::UNIFORM);
        let spots = self.filled(bytemuck::cast_slice(work.spots), wgpu::BufferUsages::STORAGE);
        let bent = self.scratch(bytes_of(b.size));
        let bytes = u64::from(work.groups) * work.numbers as u64 * 4;
        let result = self.scratch(bytes);
        let mut encoder = self.encoder();
        let mut run = |pipeline, second: &wgpu::Buffer, to: &wgpu::Buffer, (x, y): (u32, u32)| {
            let buffers = [&params_buffer, &*a.sharp, second, to, &spots];
            let bound = (0..).zip(buffers).map(|(binding, b)| wgpu::BindGroupEntry { binding, resource: b.as_entire_binding() });
            let entries: Vec<wgpu::BindGroupEntry<'_>> = bound.collect();
            let layout = &self.pairs;
            let group = self.ctx.device.create_bind_group(&wgpu::BindGroupDescriptor { label: Some("motion"), layout, entries: &entries });
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, &group, &[]);
            pass.dispatch_workgroups(x, y, 1);
        };
        run(&self.bend, &b.sharp, &bent, (b.size.0.div_ceil(GROUP), b.size.1.div_ceil(GROUP)));
        run(work.pipeline, &bent, &result, (work.groups, 1));
        self.finish(encoder, &[(&result, bytes)])
    }
}

fn params_of(picture: &KeptPicture, maps: &Maps) -> MotionParams {
    let mut params = MotionParams { width: picture.size.0, height: picture.size.1, ..MotionParams::default() };
    params.maps_used = maps.len().clamp(1, MAX_MOTION_MAPS) as u32;
    params.maps.iter_mut().zip(maps).for_each(|(to, map)| *to = *map);
    params
}
