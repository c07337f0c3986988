//! Still pictures: PNG, JPEG, WebP through the `image` crate, with a limit on size before anything is unpacked.
//! Blocks; any worker thread.

use super::{MediaError, container::Container};
use crate::base::{ColorTags, FrameRate, MediaInfo, Picture, PixelFormat, Rotation, Time, VideoInfo};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, metadata::Orientation};
use std::{fs::File, io::BufReader, path::Path};

/// Longest side that is read.
const MAX_SIDE_PX: u32 = 32_768;
/// Most memory that unpacking may take: a picture of 128 million RGBA pixels with 16 bits each.
const MAX_BYTES: u64 = 1 << 30;

/// A still picture: 8-bit files as `Rgba8`, deeper ones as `Rgba16`, straight alpha, sRGB. The picture is not turned; its
/// `rotation` says how (EXIF orientation).
///
/// # Errors
/// Not a PNG, JPEG or WebP file, damaged, or too large.
pub fn still(path: &Path) -> Result<Picture, MediaError> {
    let _span = tracing::debug_span!("decode still", path = %path.display()).entered();
    let mut decoder = open(path)?;
    let rotation = decoder.orientation().map_or(Rotation::None, rotation);
    let deep = is_deep(&decoder);
    let image = DynamicImage::from_decoder(decoder).map_err(|e| error(path, &e))?;
    let (width, height) = (image.width(), image.height());
    let (format, bytes) = if deep {
        (PixelFormat::Rgba16, image.into_rgba16().into_raw().iter().flat_map(|v| v.to_le_bytes()).collect())
    } else {
        (PixelFormat::Rgba8, image.into_rgba8().into_raw())
    };
    let picture = Picture::from_packed(format, width, height, bytes, ColorTags::SRGB)
        .map_err(|e| MediaError::Damaged { path: path.into(), reason: e.to_string() })?;
    Ok(Picture { rotation, ..picture })
}

/// What a still file is, from its header.
pub(super) fn info(path: &Path, container: Container) -> Result<MediaInfo, MediaError> {
    let mut decoder = open(path)?;
    let (width, height) = decoder.dimensions();
    let deep = is_deep(&decoder);
    let video = VideoInfo {
        codec: container.name().into(),
        width,
        height,
        pixel_aspect: (1, 1),
        rotation: decoder.orientation().map_or(Rotation::None, rotation),
        frame_rate: FrameRate::FPS_25,
        frames: 1,
        variable_frame_rate: false,
        still: true,
        pixel_format: if deep { "RGBA64_LE" } else { "RGBA" }.into(),
        bit_depth: if deep { 16 } else { 8 },
        alpha: decoder.color_type().has_alpha(),
        color: ColorTags::SRGB,
        color_assumed: false,
        gop: 1,
    };
    Ok(MediaInfo { container: container.name().into(), duration: Time::ZERO, video: Some(video), audio: None, start_timecode: None })
}

fn open(path: &Path) -> Result<impl ImageDecoder + use<>, MediaError> {
    let unreadable = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => MediaError::NotFound(path.into()),
        _ => MediaError::Unreadable { path: path.into(), reason: e.to_string() },
    };
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut reader = ImageReader::new(file).with_guessed_format().map_err(unreadable)?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(MAX_SIDE_PX), Some(MAX_SIDE_PX), Some(MAX_BYTES));
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|e| error(path, &e))?;
    let (width, height) = decoder.dimensions();
    // unpacked as RGBA, whatever the file holds
    let bytes = u64::from(width) * u64::from(height) * if is_deep(&decoder) { 8 } else { 4 };
    if width > MAX_SIDE_PX || height > MAX_SIDE_PX || bytes > MAX_BYTES {
        return Err(MediaError::TooLarge { path: path.into(), width, height });
    }
    Ok(decoder)
}

fn is_deep(decoder: &impl ImageDecoder) -> bool {
    let color = decoder.color_type();
    color.bytes_per_pixel() > color.channel_count()
}

fn error(path: &Path, e: &image::ImageError) -> MediaError {
    let path = path.to_path_buf();
    match e {
        image::ImageError::Unsupported(_) => MediaError::NotMedia { path, found: format!("this picture cannot be read ({e})") },
        image::ImageError::Limits(_) => MediaError::TooLarge { path, width: 0, height: 0 },
        // the decoders' texts may run over several lines
        _ => MediaError::Damaged { path, reason: e.to_string().split_whitespace().collect::<Vec<_>>().join(" ") },
    }
}

/// EXIF orientation says what to do to show the picture upright.
fn rotation(o: Orientation) -> Rotation {
    match o {
        Orientation::NoTransforms => Rotation::None,
        Orientation::Rotate90 => Rotation::Cw90,
        Orientation::Rotate180 => Rotation::Cw180,
        Orientation::Rotate270 => Rotation::Cw270,
        Orientation::FlipHorizontal => Rotation::Flip,
        Orientation::FlipVertical => Rotation::FlipCw180,
        // turned, then mirrored, is mirrored, then turned the other way
        Orientation::Rotate90FlipH => Rotation::FlipCw270,
        Orientation::Rotate270FlipH => Rotation::FlipCw90,
    }
}
