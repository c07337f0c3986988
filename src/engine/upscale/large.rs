//! A picture through a network: between pictures of the network's own device where it has one, with one way back to memory for what a coder
//! takes, else through memory.

use super::{convert::colours_of, planes_of};
use crate::{
    base::{Picture, PixelFormat},
    gpu::{DevicePicture, RenderError},
    ml::{DeviceSource, MlError, Planes, Upscaler, upscaled_to},
};
use std::sync::atomic::AtomicBool;

/// Whether a picture is opaque and has colours: grey stays grey and alpha is kept in memory only.
fn is_plain(p: &Picture) -> bool {
    if !p.format.is_rgb() {
        return true;
    }
    let (mut coloured, size) = (false, p.format.bytes_per_sample());
    for y in 0..p.height {
        for texel in p.row(0, y).chunks_exact(4 * size) {
            if texel[3 * size..].iter().any(|v| *v != 255) {
                return false;
            }
            coloured |= texel[..size] != texel[size..2 * size] || texel[..size] != texel[2 * size..3 * size];
        }
    }
    coloured
}

/// A picture made larger by the network's scale where it stays on a device; None where it cannot. `format`: `Rgba8` or `Rgba16`.
pub(super) fn there(
    upscaler: &mut dyn Upscaler,
    picture: &Picture,
    format: PixelFormat,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Option<Result<DevicePicture, MlError>> {
    if is_plain(picture) { upscaler.upscale_on_device(DeviceSource::Memory(picture), format, stop, told) } else { None }
}

/// A picture made larger, upright, as planes of this size. See [`upscaled_to`].
pub(super) fn enlarged(
    upscaler: &mut dyn Upscaler,
    picture: &Picture,
    size: (usize, usize),
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<Planes, MlError> {
    // sixteen bits, so that nothing is lost on the way to ten
    let Some(large) = there(upscaler, picture, PixelFormat::Rgba16, stop, told) else {
        return upscaled_to(upscaler, &planes_of(picture)?, size, stop, told);
    };
    let mut large = large?;
    while (large.size().0 as usize) < size.0 && (large.size().1 as usize) < size.1 && upscaler.scale() > 1 {
        match upscaler.upscale_on_device(DeviceSource::Device(&large), PixelFormat::Rgba16, stop, told) {
            Some(next) => large = next?,
            None => return upscaled_to(upscaler, &colours_of(&read(&large)?)?, size, stop, told),
        }
    }
    crate::ml::resized_to(colours_of(&read(&large)?)?, size)
}

fn read(picture: &DevicePicture) -> Result<Picture, MlError> {
    picture.read().map_err(|e: RenderError| MlError::Device(e.to_string()))
}
