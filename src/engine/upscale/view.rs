//! One picture of a media for the viewer, made larger as a whole job would make it, in the colours that it has.

use super::{UpscaleError, picture_of, planes_of};
use crate::{
    base::{
        Picture, PixelFormat,
        color::{ColorTags, Matrix, Range},
    },
    ml::{MlError, Upscaler},
};
use std::sync::atomic::AtomicBool;

/// Pixels of the largest picture that is made larger for the viewer: 2048×1152. What comes of it fills a 4K screen, and larger
/// ones would neither be ready while somebody looks nor be small in memory.
const MAX_PIXELS: usize = 2048 * 1152;

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
) -> Result<Picture, UpscaleError> {
    let (width, height) = (picture.width, picture.height);
    if width as usize * height as usize > MAX_PIXELS {
        return Err(UpscaleError::TooLargeToView { width, height });
    }
    let color = color.unwrap_or(picture.color);
    let planes = planes_of(&Picture { color, ..picture.clone() })?;
    let large = match upscaler.upscale(&planes, stop, told) {
        Err(MlError::Cancelled) => return Err(UpscaleError::Cancelled),
        other => other?,
    };
    let format = if picture.format.bits() > 8 { PixelFormat::Rgba16 } else { PixelFormat::Rgba8 };
    let color = ColorTags { matrix: Matrix::Rgb, range: Range::Full, ..color };
    let made = picture_of(&large, format, color).map_err(|_| MlError::Memory)?;
    let (a, b) = picture.pixel_aspect;
    Ok(Picture { pixel_aspect: if picture.rotation.swaps_sides() { (b, a) } else { (a, b) }, ..made })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::Rotation,
        ml::{Net, on_cpu},
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
        let made = upscale_for_view(&of(12, 6), None, &mut *net, &stop, &mut |_| {}).unwrap();
        assert_eq!((made.width, made.height, made.rotation, made.pixel_aspect), (12, 24, Rotation::None, (3, 4)));
        assert_eq!(made.color, ColorTags { matrix: Matrix::Rgb, range: Range::Full, ..ColorTags::BT709 });
        let stated = upscale_for_view(&of(12, 6), Some(ColorTags::SRGB), &mut *net, &stop, &mut |_| {}).unwrap();
        assert_eq!(stated.color.transfer, ColorTags::SRGB.transfer);
        let refused = upscale_for_view(&of(2050, 1152), None, &mut *net, &stop, &mut |_| {});
        assert!(matches!(refused, Err(UpscaleError::TooLargeToView { width: 2050, height: 1152 })));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(matches!(upscale_for_view(&of(12, 6), None, &mut *net, &stop, &mut |_| {}), Err(UpscaleError::Cancelled)));
    }
}
