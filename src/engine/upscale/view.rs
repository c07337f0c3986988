//! One picture of a media for the viewer, made larger as a whole job would make it, in the colours that it has. Where the network has a device
//! of its own the result stays there, for the renderer to draw it as it is.

use super::{UpscaleError, large::there, picture_of, planes_of};
use crate::{
    base::{
        Picture, PixelFormat,
        color::{ColorTags, Matrix, Range},
    },
    gpu::DevicePicture,
    ml::{MlError, Upscaler},
};
use std::sync::atomic::AtomicBool;

/// Pixels of the largest picture that is made larger for the viewer: 2048×1152. What comes of it fills a 4K screen, and larger
/// ones would neither be ready while somebody looks nor be small in memory.
const MAX_PIXELS: usize = 2048 * 1152;

/// A picture for the viewer.
#[derive(Clone)]
pub struct Enlargement {
    pub picture: Picture,
    /// The same, where it lies on a device: for [`crate::gpu::Renderer::adopt`].
    pub held: Option<DevicePicture>,
}

/// A picture made larger by the network's own scale, upright, as RGBA; its light means what the picture's did. `color`: what the user
/// says the picture's colours are, in place of its own tags.
///
/// # Errors
/// See [`UpscaleError`].
pub fn upscale_for_view(
    picture: &Picture,
    color: Option<ColorTags>,
    upscaler: &mut dyn Upscaler,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<Enlargement, UpscaleError> {
    let (width, height) = (picture.width, picture.height);
    if width as usize * height as usize > MAX_PIXELS {
        return Err(UpscaleError::TooLargeToView { width, height });
    }
    let color = color.unwrap_or(picture.color);
    let source = Picture { color, ..picture.clone() };
    let format = if picture.format.bits() > 8 { PixelFormat::Rgba16 } else { PixelFormat::Rgba8 };
    let (a, b) = picture.pixel_aspect;
    let pixel_aspect = if picture.rotation.swaps_sides() { (b, a) } else { (a, b) };
    if let Some(large) = there(upscaler, &source, format, stop, told) {
        let held = uncancelled(large)?.with_pixel_aspect(pixel_aspect);
        return Ok(Enlargement { picture: held.picture().clone(), held: Some(held) });
    }
    let large = uncancelled(upscaler.upscale(&planes_of(&source)?, stop, told))?;
    let color = ColorTags { matrix: Matrix::Rgb, range: Range::Full, ..color };
    let made = picture_of(&large, format, color).map_err(|_| MlError::Memory)?;
    Ok(Enlargement { picture: Picture { pixel_aspect, ..made }, held: None })
}

fn uncancelled<T>(result: Result<T, MlError>) -> Result<T, UpscaleError> {
    match result {
        Err(MlError::Cancelled) => Err(UpscaleError::Cancelled),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::Rotation,
        gpu::{AdapterPick, GpuContext},
        ml::{Kernels, Net, on_cpu, on_gpu_by},
    };
    use std::path::Path;

    #[test]
    fn a_picture_is_upright_and_keeps_its_colours_and_one_that_is_too_large_is_refused() {
        let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights/compact-x2.pth");
        let (mut net, stop) = (on_cpu(&Net::load(&weights, None).unwrap(), None), AtomicBool::new(false));
        let of = |w, h| {
            let len = Picture::packed_layout(PixelFormat::I420, w, h).1;
            let made = Picture::from_packed(PixelFormat::I420, w, h, vec![90; len], ColorTags::BT709).unwrap();
            Picture { rotation: Rotation::Cw90, pixel_aspect: (4, 3), ..made }
        };
        let made = upscale_for_view(&of(12, 6), None, &mut *net, &stop, &mut |_| {}).unwrap().picture;
        assert_eq!((made.width, made.height, made.rotation, made.pixel_aspect), (12, 24, Rotation::None, (3, 4)));
        assert_eq!(made.color, ColorTags { matrix: Matrix::Rgb, range: Range::Full, ..ColorTags::BT709 });
        let stated = upscale_for_view(&of(12, 6), Some(ColorTags::SRGB), &mut *net, &stop, &mut |_| {}).unwrap().picture;
        assert_eq!(stated.color.transfer, ColorTags::SRGB.transfer);
        let refused = upscale_for_view(&of(2050, 1152), None, &mut *net, &stop, &mut |_| {});
        assert!(matches!(refused, Err(UpscaleError::TooLargeToView { width: 2050, height: 1152 })));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(matches!(upscale_for_view(&of(12, 6), None, &mut *net, &stop, &mut |_| {}), Err(UpscaleError::Cancelled)));
    }

    #[test]
    fn what_a_device_has_made_stays_there_and_is_what_the_processor_makes() {
        let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights/compact-x2.pth");
        let (net, stop) = (Net::load(&weights, None).unwrap(), AtomicBool::new(false));
        let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
        let mut here = on_cpu(&net, None);
        let [mut there, mut in_halves] = [Kernels::Burn, Kernels::Fused].map(|k| on_gpu_by(&net, &gpu, None, k).unwrap());
        let formats = [PixelFormat::I420, PixelFormat::P010, PixelFormat::Rgba8];
        for (halves, format) in [false, true].into_iter().flat_map(|halves| formats.map(|f| (halves, f))) {
            let there = if halves { &mut in_halves } else { &mut there };
            let len = Picture::packed_layout(format, 16, 10).1;
            let level = |i: usize| (60 + i * 7 % 120) as u8;
            let bytes = (0..len).map(|i| match i % 4 {
                3 if format.is_rgb() => 255,
                // the lower six bits of ten in sixteen mean nothing
                0 | 2 if format == PixelFormat::P010 => level(i) & 0xc0,
                _ => level(i),
            });
            let bytes = bytes.collect();
            let picture = Picture::from_packed(format, 16, 10, bytes, ColorTags::BT709).unwrap();
            let picture = Picture { rotation: Rotation::Cw90, pixel_aspect: (4, 3), ..picture };
            let [large, usual] = [there, &mut here].map(|u| upscale_for_view(&picture, None, &mut **u, &stop, &mut |_| {}).unwrap());
            let held = large.held.expect("it lies on the device");
            assert!(usual.held.is_none() && !held.was_read());
            let (a, b) = (held.read().unwrap(), usual.picture);
            assert_eq!((a.width, a.height, a.format, a.color, a.pixel_aspect), (b.width, b.height, b.format, b.color, b.pixel_aspect));
            let size = format.bytes_per_sample();
            let value = |p: &Picture| -> Vec<u32> {
                (*p.data).as_ref().chunks_exact(size).map(|s| s.iter().rev().fold(0, |v, b| v << 8 | u32::from(*b))).collect()
            };
            let worst = value(&a).into_iter().zip(value(&b)).map(|(a, b)| a.abs_diff(b)).max();
            // one code value of eight bits, some of sixteen: both round what is computed in single precision, or a thousandth of white
            let some = if halves { 66 } else { 16 };
            assert!(worst <= Some(if size == 1 { 1 } else { some }), "{format:?}, halves {halves}: {worst:?}");
        }
        // grey stays grey and clear stays clear: through memory
        let grey = Picture::from_packed(PixelFormat::Rgba8, 2, 1, vec![90, 90, 90, 255, 70, 70, 70, 40], ColorTags::SRGB).unwrap();
        let made = upscale_for_view(&grey, None, &mut *there, &stop, &mut |_| {}).unwrap();
        assert!(made.held.is_none());
        assert!(made.picture.row(0, 0).chunks_exact(4).all(|p| p[0] == p[1] && p[1] == p[2]));
        gpu.check().unwrap();
    }
}
