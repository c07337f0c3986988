//! One picture into one file: PNG, JPEG or WebP, by the name's extension. Blocks.

use super::{
    EncodeError,
    part::{PartFile, io_error},
};
use crate::{
    base::{Picture, PixelFormat},
    media::MediaError,
};
use image::{
    ExtendedColorType, ImageEncoder,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
        webp::WebPEncoder,
    },
};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// Of JPEG, 1 to 100.
const JPEG_QUALITY: u8 = 95;

/// Extensions that [`write_still`] knows.
pub const STILL_EXTENSIONS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// Write an RGBA picture (16 bits stay 16 bits in PNG; JPEG has no alpha). The file gets its name when it is whole.
///
/// # Errors
/// The extension is none of [`STILL_EXTENSIONS`], the picture is not RGBA or too large for the format, or the file cannot be written.
pub fn write_still(path: &Path, picture: &Picture) -> Result<(), MediaError> {
    Ok(write(path, picture)?)
}

fn write(path: &Path, picture: &Picture) -> Result<(), EncodeError> {
    let extension = path.extension().map_or_else(String::new, |e| e.to_string_lossy().to_lowercase());
    if !STILL_EXTENSIONS.contains(&extension.as_str()) || !picture.format.is_rgb() {
        return Err(EncodeError::BadInput(format!("pictures are written as .png, .jpg or .webp, not as {:?}", path.display())));
    }
    let part = PartFile::create(path)?;
    let (w, h, deep) = (picture.width, picture.height, picture.format == PixelFormat::Rgba16);
    let rows = (0..h).flat_map(|y| picture.row(0, y).iter().copied());
    // of 16 bits the upper 8, of four values three
    let narrow = |rows: Vec<u8>| if deep { rows.chunks_exact(2).map(|v| v[1]).collect() } else { rows };
    let mut out = BufWriter::new(File::create(part.part()).map_err(|e| io_error(path, &e))?);
    let encoded = match extension.as_str() {
        "png" => {
            let kind = if deep { ExtendedColorType::Rgba16 } else { ExtendedColorType::Rgba8 };
            // the encoder takes its values in the machine's order
            let bytes: Vec<u8> = rows.collect();
            let bytes =
                if deep { bytes.chunks_exact(2).flat_map(|v| u16::from_le_bytes([v[0], v[1]]).to_ne_bytes()).collect() } else { bytes };
            PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive).write_image(&bytes, w, h, kind)
        }
        "webp" => WebPEncoder::new_lossless(&mut out).write_image(&narrow(rows.collect()), w, h, ExtendedColorType::Rgba8),
        _ => {
            let rgb: Vec<u8> = narrow(rows.collect()).chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
            JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY).write_image(&rgb, w, h, ExtendedColorType::Rgb8)
        }
    };
    encoded.map_err(|e| match e {
        image::ImageError::IoError(e) => io_error(path, &e),
        e => EncodeError::Failed(e.to_string()),
    })?;
    out.flush().map_err(|e| io_error(path, &e))?;
    drop(out);
    part.publish(false)
}
