//! A network's memory on the device: a picture, two arrays of features, the larger picture. Kept from tile to tile.

use super::{buffer, refused, shape::FOUR};
use crate::{
    gpu::{GpuContext, block_on, device::readback},
    ml::MlError,
};

/// See the module.
pub struct Room {
    pub picture: wgpu::Buffer,
    pub features: [wgpu::Buffer; 2],
    pub large: wgpu::Buffer,
    pixels: u64,
}

/// Bytes for a pixel: of a picture, of an array of features, of the larger picture.
pub fn pixel_bytes(features: usize, scale: usize) -> [u64; 3] {
    [12, 2 * features.next_multiple_of(FOUR) as u64, 12 * (scale * scale) as u64]
}

impl Room {
    /// For pictures of so many pixels.
    ///
    /// # Errors
    /// An array would be larger than the device binds, or it has no memory for it.
    pub fn new(gpu: &GpuContext, features: usize, scale: usize, pixels: u64) -> Result<Self, MlError> {
        let limits = gpu.device.limits();
        let most = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size).min(u64::from(u32::MAX));
        let sizes = pixel_bytes(features, scale).map(|each| each.saturating_mul(pixels));
        if pixels == 0 || sizes.iter().any(|s| *s > most) {
            return Err(MlError::Memory);
        }
        let storage = wgpu::BufferUsages::STORAGE;
        // too little memory is no fault that others hear of: smaller tiles are the answer
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let [picture, each, large] = sizes;
        let made = Self {
            picture: buffer(gpu, "picture", picture, storage),
            features: [buffer(gpu, "features", each, storage), buffer(gpu, "features", each, storage)],
            large: buffer(gpu, "larger picture", large, storage | wgpu::BufferUsages::COPY_SRC),
            pixels,
        };
        let told = block_on(scope.pop());
        gpu.check().map_err(|e| refused(&e))?;
        if told.is_some() { Err(MlError::Memory) } else { Ok(made) }
    }

    pub fn pixels(&self) -> u64 {
        self.pixels
    }

    /// The first numbers of the larger picture, when the device has made it.
    ///
    /// # Errors
    /// It failed or does not answer.
    pub fn read(&self, gpu: &GpuContext, numbers: usize) -> Result<Vec<f32>, MlError> {
        let size = 4 * numbers as u64;
        let usage = wgpu::BufferUsages::MAP_READ;
        let back = buffer(gpu, "way back", size, usage);
        let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("way back") });
        encoder.copy_buffer_to_buffer(&self.large, 0, &back, 0, size);
        let submission = gpu.queue.submit([encoder.finish()]);
        let bytes = readback::read(gpu, &back, submission).map_err(|e| refused(&e))?;
        Ok(bytes.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect())
    }
}
