//! One picture: from a file into a file, or in memory.

use super::{MAX_SIDE_PX, UpscaleError, UpscaleTarget, large::enlarged, picture_of};
use crate::{
    base::{Picture, PixelFormat, color::ColorTags},
    media::{self, encode::write_still},
    ml::{MlError, Upscaler},
};
use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

/// Refuses what nothing could hold.
pub(super) fn checked(size: (u32, u32)) -> Result<(usize, usize), UpscaleError> {
    let (width, height) = size;
    if width.max(height) > MAX_SIDE_PX { Err(UpscaleError::TooLarge { width, height }) } else { Ok((width as usize, height as usize)) }
}

/// A picture made larger, upright, as RGBA: with 16 bits where the picture has more than 8.
///
/// # Errors
/// See [`UpscaleError`].
pub fn upscale_picture(
    picture: &Picture,
    upscaler: &mut dyn Upscaler,
    target: UpscaleTarget,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<Picture, UpscaleError> {
    let upright = if picture.rotation.swaps_sides() { (picture.height, picture.width) } else { (picture.width, picture.height) };
    let size = checked(target.size(upright))?;
    let large = match enlarged(upscaler, picture, size, stop, told) {
        Err(MlError::Cancelled) => return Err(UpscaleError::Cancelled),
        other => other?,
    };
    let format = if picture.format.bits() > 8 { PixelFormat::Rgba16 } else { PixelFormat::Rgba8 };
    let color = if picture.format.is_rgb() { picture.color } else { ColorTags::SRGB };
    picture_of(&large, format, color).map_err(|_| UpscaleError::Ml(MlError::Memory))
}

/// A still picture's file made larger into another (`.png`, `.jpg`, `.webp`). Returns the size of what was written.
///
/// # Errors
/// See [`UpscaleError`]; a file that was there before is then untouched.
pub fn upscale_still(
    input: &Path,
    output: &Path,
    upscaler: &mut dyn Upscaler,
    target: UpscaleTarget,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<(u32, u32), UpscaleError> {
    let large = upscale_picture(&media::still(input)?, upscaler, target, stop, told)?;
    if stop.load(Ordering::Relaxed) {
        return Err(UpscaleError::Cancelled);
    }
    write_still(output, &large)?;
    Ok((large.width, large.height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::{Net, on_cpu};

    fn upscaler(name: &str) -> Box<dyn Upscaler> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/weights/{name}.pth"));
        on_cpu(&Net::load(&path, None).unwrap(), None)
    }

    #[test]
    fn stills_of_every_kind_keep_their_depth_and_their_alpha() {
        let dir = tempfile::tempdir().unwrap();
        let (stop, mut net) = (AtomicBool::new(false), upscaler("compact-x2"));
        for (format, alpha) in [(PixelFormat::Rgba8, 255u8), (PixelFormat::Rgba8, 60), (PixelFormat::Rgba16, 255)] {
            let size = format.bytes_per_sample();
            let bytes = (0..6 * 4 * 4 * size).map(|i| if i / size % 4 == 3 { alpha } else { (i * 7 % 251) as u8 }).collect();
            let (from, to) = (dir.path().join("a.png"), dir.path().join("b.png"));
            write_still(&from, &Picture::from_packed(format, 6, 4, bytes, ColorTags::SRGB).unwrap()).unwrap();
            let made = upscale_still(&from, &to, &mut *net, UpscaleTarget::Times(3), &stop, &mut |_| {}).unwrap();
            let back = media::still(&to).unwrap();
            assert_eq!((made, back.width, back.height, back.format), ((18, 12), 18, 12, format));
            let opaque = (*back.data).as_ref().chunks(4 * size).all(|p| p[4 * size - 1] == 255);
            assert_eq!(opaque, alpha == 255);
        }
        for name in ["c.jpg", "c.webp"] {
            let to = dir.path().join(name);
            upscale_still(&dir.path().join("a.png"), &to, &mut *net, UpscaleTarget::Height(7), &stop, &mut |_| {}).unwrap();
            let back = media::still(&to).unwrap();
            assert_eq!((back.width, back.height), (11, 7));
        }
    }

    #[test]
    fn what_cannot_be_written_or_was_stopped_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("a.png"), dir.path().join("b.png"));
        let picture = Picture::from_packed(PixelFormat::Rgba8, 2, 2, vec![200; 16], ColorTags::SRGB).unwrap();
        write_still(&from, &picture).unwrap();
        let (stop, mut net) = (AtomicBool::new(true), upscaler("compact-x2"));
        let run = |to: &Path, target, stop: &AtomicBool, net: &mut dyn Upscaler| upscale_still(&from, to, net, target, stop, &mut |_| {});
        assert!(matches!(run(&to, UpscaleTarget::Times(2), &stop, &mut *net), Err(UpscaleError::Cancelled)));
        stop.store(false, Ordering::Relaxed);
        assert!(matches!(run(&to, UpscaleTarget::Times(9000), &stop, &mut *net), Err(UpscaleError::TooLarge { .. })));
        assert!(matches!(run(&dir.path().join("no/b.png"), UpscaleTarget::Times(2), &stop, &mut *net), Err(UpscaleError::Media(_))));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
