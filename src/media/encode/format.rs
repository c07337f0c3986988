//! Our pixel formats and colour tags as GStreamer names them, and pictures as GStreamer buffers.

use super::EncodeError;
use crate::base::{
    ColorTags, Picture, PixelFormat,
    color::{Matrix, Primaries, Range, Transfer},
    picture::Bytes,
};
use gstreamer as gst;
use gstreamer_video::{self as gst_video, VideoColorMatrix, VideoColorPrimaries, VideoColorRange, VideoFormat, VideoTransferFunction};

/// GStreamer's name of a layout.
pub(in crate::media) fn video_format(format: PixelFormat) -> VideoFormat {
    match format {
        PixelFormat::I420 => VideoFormat::I420,
        PixelFormat::Nv12 => VideoFormat::Nv12,
        PixelFormat::I422 => VideoFormat::Y42b,
        PixelFormat::I444 => VideoFormat::Y444,
        PixelFormat::I420p10 => VideoFormat::I42010le,
        PixelFormat::I422p10 => VideoFormat::I42210le,
        PixelFormat::I444p10 => VideoFormat::Y44410le,
        PixelFormat::P010 => VideoFormat::P01010le,
        PixelFormat::Rgba8 => VideoFormat::Rgba,
        PixelFormat::Rgba16 => VideoFormat::Rgba64Le,
    }
}

/// Caps value `colorimetry` of a set of tags.
pub(in crate::media) fn colorimetry(tags: ColorTags, bits: u32) -> gst_video::VideoColorimetry {
    let range = match tags.range {
        Range::Limited => VideoColorRange::Range16_235,
        Range::Full => VideoColorRange::Range0_255,
    };
    let matrix = match tags.matrix {
        Matrix::Rgb => VideoColorMatrix::Rgb,
        Matrix::Bt709 => VideoColorMatrix::Bt709,
        Matrix::Bt601 => VideoColorMatrix::Bt601,
        Matrix::Bt2020 => VideoColorMatrix::Bt2020,
    };
    let transfer = match (tags.transfer, tags.primaries) {
        // one curve under four code points: the one that belongs to the primaries is written
        (Transfer::Bt709, Primaries::Bt601Pal | Primaries::Bt601Ntsc) => VideoTransferFunction::Bt601,
        (Transfer::Bt709, Primaries::Bt2020) if bits > 8 => VideoTransferFunction::Bt202010,
        (Transfer::Bt709, _) => VideoTransferFunction::Bt709,
        (Transfer::Srgb, _) => VideoTransferFunction::Srgb,
        (Transfer::Linear, _) => VideoTransferFunction::Gamma10,
        (Transfer::Pq, _) => VideoTransferFunction::Smpte2084,
        (Transfer::Hlg, _) => VideoTransferFunction::AribStdB67,
    };
    let primaries = match tags.primaries {
        Primaries::Bt709 => VideoColorPrimaries::Bt709,
        Primaries::Bt601Pal => VideoColorPrimaries::Bt470bg,
        Primaries::Bt601Ntsc => VideoColorPrimaries::Smpte170m,
        Primaries::Bt2020 => VideoColorPrimaries::Bt2020,
        Primaries::DisplayP3 => VideoColorPrimaries::Smpteeg432,
    };
    gst_video::VideoColorimetry::new(range, matrix, transfer, primaries)
}

/// CICP code points (H.273) of a set of tags: primaries, transfer, matrix, full range.
pub(super) fn cicp(tags: ColorTags, bits: u32) -> (u16, u16, u16, bool) {
    let c = colorimetry(tags, bits);
    (c.primaries().to_iso() as u16, c.transfer().to_iso() as u16, c.matrix().to_iso() as u16, tags.range == Range::Full)
}

/// A picture's bytes as GStreamer memory: the allocation is shared and lives as long as the last owner of either.
struct Shared {
    data: Bytes,
    end: usize,
}

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.data.as_ref().as_ref()[..self.end]
    }
}

/// The picture as a buffer, without copying: plane offsets and strides go along as a `VideoMeta`.
///
/// # Errors
/// The strides are too large for GStreamer, or the buffer could not be described.
pub(in crate::media) fn buffer(picture: &Picture) -> Result<gst::Buffer, EncodeError> {
    let bad = |e: String| EncodeError::BadInput(format!("a picture of {}×{} does not fit the encoder: {e}", picture.width, picture.height));
    let n = picture.format.planes();
    let planes = &picture.planes[..n];
    let offsets: Vec<usize> = planes.iter().map(|p| p.offset).collect();
    let strides: Vec<i32> =
        planes.iter().map(|p| i32::try_from(p.stride)).collect::<Result<_, _>>().map_err(|e| bad(format!("stride: {e}")))?;
    let mut b = gst::Buffer::from_slice(Shared { data: picture.data.clone(), end: picture.byte_len() });
    let meta = b.get_mut().ok_or_else(|| bad("buffer in use".into()))?;
    gst_video::VideoMeta::add_full(
        meta,
        gst_video::VideoFrameFlags::empty(),
        video_format(picture.format),
        picture.width,
        picture.height,
        &offsets,
        &strides,
    )
    .map_err(|e| bad(e.to_string()))?;
    Ok(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_become_the_code_points_of_h273() {
        assert_eq!(cicp(ColorTags::BT709, 8), (1, 1, 1, false));
        assert_eq!(cicp(ColorTags::assumed_for_height(576), 8), (5, 6, 6, false));
        assert_eq!(cicp(ColorTags::assumed_for_height(480), 8), (6, 6, 6, false));
        let hdr = ColorTags { primaries: Primaries::Bt2020, transfer: Transfer::Pq, matrix: Matrix::Bt2020, range: Range::Limited };
        assert_eq!(cicp(hdr, 10), (9, 16, 9, false));
        assert_eq!(cicp(ColorTags { transfer: Transfer::Hlg, ..hdr }, 10), (9, 18, 9, false));
        assert!(cicp(ColorTags::SRGB, 8).3);
    }

    #[test]
    fn a_buffer_shares_the_pictures_bytes_and_keeps_its_strides() {
        gst::init().unwrap();
        let data: std::sync::Arc<Vec<u8>> = std::sync::Arc::new(vec![7; 64 * 8 + 2 * 32 * 4]);
        let planes = [
            crate::base::PlaneLayout { offset: 0, stride: 64 },
            crate::base::PlaneLayout { offset: 512, stride: 32 },
            crate::base::PlaneLayout { offset: 640, stride: 32 },
        ];
        let p = Picture::with_layout(PixelFormat::I420, 50, 8, planes, data.clone(), ColorTags::BT709).unwrap();
        let b = buffer(&p).unwrap();
        assert_eq!(b.map_readable().unwrap().as_ptr(), data.as_ptr());
        assert_eq!(b.meta::<gst_video::VideoMeta>().unwrap().stride(), &[64, 32, 32]);
        drop(p);
        assert_eq!(std::sync::Arc::strong_count(&data), 2);
        drop(b);
        assert_eq!(std::sync::Arc::strong_count(&data), 1);
    }
}
