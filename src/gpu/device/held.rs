//! Pictures that were made on the device and stay there: the renderer takes them as they are, and what needs their bytes in memory
//! gets them brought back at the first touch. Any thread.

use super::{texture, view};
use crate::{
    base::{ColorTags, Picture, PixelFormat, Rotation},
    gpu::{GpuContext, RenderError},
};
use std::sync::{Arc, OnceLock};

/// A picture on the device: opaque R, G, B, A code values of 8 or 16 bits. Cloning shares it.
#[derive(Clone)]
pub struct DevicePicture {
    picture: Picture,
    texels: Arc<Texels>,
}

struct Texels {
    ctx: GpuContext,
    texture: wgpu::Texture,
    format: PixelFormat,
    bytes: OnceLock<Vec<u8>>,
}

impl DevicePicture {
    /// Bytes that are brought back to memory at a time.
    pub const BAND_BYTES: u64 = 64 << 20;

    /// An undefined picture, to be written by a pass. `format`: `Rgba8` or `Rgba16`.
    ///
    /// # Errors
    /// It is larger than textures can be.
    pub fn new(ctx: &GpuContext, format: PixelFormat, size: (u32, u32), color: ColorTags) -> Result<Self, RenderError> {
        let (width, height) = size;
        if !Self::fits(ctx, size) || !format.is_rgb() {
            return Err(RenderError::TooLarge(width, height));
        }
        let texels = if format.bits() > 8 { wgpu::TextureFormat::Rgba16Uint } else { wgpu::TextureFormat::Rgba8Uint };
        let usage = wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::STORAGE_BINDING | wgpu::TextureUsages::COPY_SRC;
        let texture = texture(&ctx.device, "picture", texels, size, usage);
        let texels = Arc::new(Texels { ctx: ctx.clone(), texture, format, bytes: OnceLock::new() });
        let planes = Picture::packed_layout(format, width, height).0;
        let (data, pixel_aspect, rotation) = (texels.clone(), (1, 1), Rotation::None);
        Ok(Self { picture: Picture { format, width, height, planes, data, color, pixel_aspect, rotation }, texels })
    }

    /// Whether a texture can be so large.
    pub fn fits(ctx: &GpuContext, (width, height): (u32, u32)) -> bool {
        (1..=ctx.device.limits().max_texture_dimension_2d).contains(&width.min(height))
            && width.max(height) <= ctx.device.limits().max_texture_dimension_2d
    }

    pub fn size(&self) -> (u32, u32) {
        (self.picture.width, self.picture.height)
    }

    pub fn with_pixel_aspect(mut self, pixel_aspect: (u32, u32)) -> Self {
        self.picture.pixel_aspect = pixel_aspect;
        self
    }

    /// The picture as others know pictures. A renderer that has adopted it draws it from where it lies; whoever looks at its bytes waits
    /// until they have come from the device, black ones where that has failed.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// The same, its bytes in memory. Blocks.
    ///
    /// # Errors
    /// The device failed or does not answer.
    pub fn read(&self) -> Result<Picture, RenderError> {
        if self.texels.bytes.get().is_none() {
            // another thread may have been quicker
            let _ = self.texels.bytes.set(self.texels.read()?);
        }
        Ok(self.picture.clone())
    }

    /// Whether the bytes have been brought to memory.
    pub fn was_read(&self) -> bool {
        self.texels.bytes.get().is_some()
    }

    pub(in crate::gpu) fn texture_on(&self, ctx: &GpuContext) -> Option<&wgpu::Texture> {
        self.texels.ctx.is_same(ctx).then_some(&self.texels.texture)
    }

    pub(super) fn view(&self) -> wgpu::TextureView {
        view(&self.texels.texture)
    }
}

impl Texels {
    fn read(&self) -> Result<Vec<u8>, RenderError> {
        let _span = tracing::debug_span!("readback of a picture").entered();
        let (width, height) = (self.texture.width(), self.texture.height());
        let row = width * 4 * self.format.bytes_per_sample() as u32;
        let stride = row.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let band = (DevicePicture::BAND_BYTES as u32 / stride).clamp(1, height);
        let device = &self.ctx.device;
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("picture back"),
            size: u64::from(stride) * u64::from(band),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut bytes = Vec::with_capacity(row as usize * height as usize);
        for y in (0..height).step_by(band as usize) {
            let rows = band.min(height - y);
            let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("picture back") });
            let from = wgpu::TexelCopyTextureInfo { origin: wgpu::Origin3d { x: 0, y, z: 0 }, ..self.texture.as_image_copy() };
            let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(stride), rows_per_image: None };
            let to = wgpu::TexelCopyBufferInfo { buffer: &buffer, layout };
            encoder.copy_texture_to_buffer(from, to, wgpu::Extent3d { width, height: rows, depth_or_array_layers: 1 });
            let submission = self.ctx.queue.submit([encoder.finish()]);
            let data = super::readback::read(&self.ctx, &buffer, submission)?;
            data.chunks_exact(stride as usize).take(rows as usize).for_each(|line| bytes.extend_from_slice(&line[..row as usize]));
        }
        Ok(bytes)
    }
}

impl AsRef<[u8]> for Texels {
    fn as_ref(&self) -> &[u8] {
        self.bytes.get_or_init(|| {
            self.read().unwrap_or_else(|e| {
                tracing::error!("a picture could not be brought back from the device: {e}");
                vec![0; Picture::packed_layout(self.format, self.texture.width(), self.texture.height()).1]
            })
        })
    }
}
