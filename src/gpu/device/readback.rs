//! A ring of buffers that bring finished planes back from the device while the next frames are drawn.

use crate::{
    base::{ColorTags, Picture, PixelFormat, PlaneLayout},
    gpu::{GpuContext, RenderError, Rendered, context::WATCHDOG},
};
use crossbeam::channel::{Receiver, Sender, bounded, unbounded};
use std::sync::Arc;

/// Free buffers kept.
const KEPT: usize = 4;

/// Buffers for readback: they come back through the channel when their pictures were taken.
pub struct Ring {
    free: Vec<wgpu::Buffer>,
    returned: Receiver<wgpu::Buffer>,
    give: Sender<wgpu::Buffer>,
}

impl Ring {
    pub fn new() -> Self {
        let (give, returned) = unbounded();
        Self { free: Vec::new(), returned, give }
    }

    /// An unmapped buffer of exactly this size.
    pub fn take(&mut self, device: &wgpu::Device, size: u64) -> wgpu::Buffer {
        self.free.extend(self.returned.try_iter());
        self.free.retain(|b| b.size() == size);
        self.free.truncate(KEPT);
        self.free.pop().unwrap_or_else(|| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("readback"),
                size,
                usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        })
    }

    /// Starts to bring a submitted buffer back.
    pub fn bring(&self, ctx: &GpuContext, buffer: wgpu::Buffer, submission: wgpu::SubmissionIndex, shape: Shape) -> Readback {
        let (tell, told) = bounded(1);
        buffer.map_async(wgpu::MapMode::Read, .., move |result| {
            // nobody listens any more where the picture was given up
            let _ = tell.send(result);
        });
        Readback { ctx: ctx.clone(), buffer, submission, told, shape, give: self.give.clone() }
    }
}

/// What lies in the buffer.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub format: PixelFormat,
    pub width: u32,
    pub height: u32,
    pub planes: [PlaneLayout; 3],
    pub color: ColorTags,
}

/// What a buffer holds that is being mapped after `submission`; unmaps it. Blocks until it is there.
///
/// # Errors
/// The device failed or does not answer.
pub fn mapped(
    ctx: &GpuContext,
    buffer: &wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
    told: &Receiver<Result<(), wgpu::BufferAsyncError>>,
) -> Result<Vec<u8>, RenderError> {
    ctx.wait(Some(submission))?;
    match told.recv_timeout(WATCHDOG) {
        Ok(Ok(())) => {}
        _ => return Err(RenderError::DeviceLost),
    }
    let data = match buffer.get_mapped_range(..) {
        Ok(view) => view.to_vec(),
        Err(e) => return Err(RenderError::Device(e.to_string())),
    };
    buffer.unmap();
    Ok(data)
}

/// What a buffer holds after `submission`. Blocks until it is there.
///
/// # Errors
/// The device failed or does not answer.
pub fn read(ctx: &GpuContext, buffer: &wgpu::Buffer, submission: wgpu::SubmissionIndex) -> Result<Vec<u8>, RenderError> {
    let (tell, told) = bounded(1);
    buffer.map_async(wgpu::MapMode::Read, .., move |result| {
        // nobody listens any more where the device did not answer in time
        let _ = tell.send(result);
    });
    mapped(ctx, buffer, submission, &told)
}

/// Planes on their way back.
pub struct Readback {
    ctx: GpuContext,
    buffer: wgpu::Buffer,
    submission: wgpu::SubmissionIndex,
    told: Receiver<Result<(), wgpu::BufferAsyncError>>,
    shape: Shape,
    give: Sender<wgpu::Buffer>,
}

impl Readback {
    /// Blocks until the planes are there.
    ///
    /// # Errors
    /// The device failed or does not answer.
    pub fn wait(self) -> Result<Rendered, RenderError> {
        let _span = tracing::debug_span!("readback").entered();
        let data = mapped(&self.ctx, &self.buffer, self.submission, &self.told)?;
        let s = self.shape;
        // the renderer may be gone; then the buffer goes too
        let _ = self.give.send(self.buffer);
        let picture = Picture::with_layout(s.format, s.width, s.height, s.planes, Arc::new(data), s.color);
        picture.map(Rendered::Picture).map_err(|e| RenderError::Device(e.to_string()))
    }
}
