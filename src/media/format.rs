//! From GStreamer's words for pictures to ours: pixel formats, colour tags, and a [`Picture`] over a mapped buffer.
//! No copies are made. Any thread.

use crate::base::{
    ColorTags, Picture, PixelFormat, PlaneLayout,
    color::{Matrix, Primaries, Range, Transfer},
};
use gstreamer as gst;
use gstreamer_video::{self as gst_video, VideoFormat};
use std::sync::Arc;

/// Formats that are handed on as they are.
const NATIVE: [(VideoFormat, PixelFormat); 10] = [
    (VideoFormat::I420, PixelFormat::I420),
    (VideoFormat::Nv12, PixelFormat::Nv12),
    (VideoFormat::Y42b, PixelFormat::I422),
    (VideoFormat::Y444, PixelFormat::I444),
    (VideoFormat::I42010le, PixelFormat::I420p10),
    (VideoFormat::I42210le, PixelFormat::I422p10),
    (VideoFormat::Y44410le, PixelFormat::I444p10),
    (VideoFormat::P01010le, PixelFormat::P010),
    (VideoFormat::Rgba, PixelFormat::Rgba8),
    (VideoFormat::Rgba64Le, PixelFormat::Rgba16),
];

/// What the sink of a video chain takes; the converter before it turns anything else into the nearest of these.
pub(super) fn accepted_caps() -> gst::Caps {
    gst_video::VideoCapsBuilder::new().format_list(NATIVE.map(|(f, _)| f)).build()
}

/// A picture over the buffer's own memory, which stays mapped as long as a clone of the picture lives.
/// None where the buffer is too short for what its caps say.
pub(super) fn picture(sample: &gst::Sample, color: ColorTags) -> Option<Picture> {
    let info = gst_video::VideoInfo::from_caps(sample.caps()?).ok()?;
    let format = NATIVE.iter().find(|(f, _)| *f == info.format())?.1;
    let buffer = sample.buffer_owned()?;
    let mut planes = [PlaneLayout::default(); 3];
    {
        let meta = buffer.meta::<gst_video::VideoMeta>();
        let (offsets, strides) = meta.as_ref().map_or((info.offset(), info.stride()), |m| (m.offset(), m.stride()));
        for (i, plane) in planes.iter_mut().enumerate().take(format.planes()) {
            *plane = PlaneLayout { offset: *offsets.get(i)?, stride: usize::try_from(*strides.get(i)?).ok()? };
        }
    }
    let mapped = buffer.into_mapped_buffer_readable().ok()?;
    Picture::with_layout(format, info.width(), info.height(), planes, Arc::new(mapped), color).ok()
}

/// Colour tags of decoded caps, each None where the stream does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StatedColor {
    pub primaries: Option<Primaries>,
    pub transfer: Option<Transfer>,
    pub matrix: Option<Matrix>,
    pub range: Option<Range>,
}

impl StatedColor {
    /// What the caps say. The field is read by itself: `VideoInfo` throws all of it away and guesses where a part is
    /// unknown, which loses the flag of full range that comes without a colour description.
    pub fn from_caps(caps: &gst::Caps) -> Self {
        let Ok(info) = gst_video::VideoInfo::from_caps(caps) else { return Self::default() };
        let is_rgb = info.format_info().is_rgb();
        let field = caps.structure(0).and_then(|s| s.get::<String>("colorimetry").ok());
        let Some(c) = field.and_then(|f| f.parse::<gst_video::VideoColorimetry>().ok()) else {
            let (matrix, range) = if is_rgb { (Some(Matrix::Rgb), Some(Range::Full)) } else { (None, None) };
            return Self { matrix, range, ..Self::default() };
        };
        Self {
            primaries: primaries(c.primaries()),
            transfer: transfer(c.transfer()),
            matrix: if is_rgb { Some(Matrix::Rgb) } else { matrix(c.matrix()) },
            range: range(c.range()),
        }
    }

    /// The first word wins, tag by tag.
    pub fn or(self, other: Self) -> Self {
        Self {
            primaries: self.primaries.or(other.primaries),
            transfer: self.transfer.or(other.transfer),
            matrix: self.matrix.or(other.matrix),
            range: self.range.or(other.range),
        }
    }

    /// All four tags, and whether any of them had to be assumed.
    ///
    /// A stream that states one of primaries and matrix is assumed to mean the system of that one by the other.
    pub fn complete(self, height: u32, is_rgb: bool) -> (ColorTags, bool) {
        let assumed = if is_rgb { ColorTags::SRGB } else { ColorTags::assumed_for_height(height) };
        let from_matrix = self.matrix.and_then(|m| match m {
            Matrix::Bt709 => Some(Primaries::Bt709),
            Matrix::Bt2020 => Some(Primaries::Bt2020),
            Matrix::Bt601 => Some(if height == 576 || height == 288 { Primaries::Bt601Pal } else { Primaries::Bt601Ntsc }),
            Matrix::Rgb => None,
        });
        let from_primaries = self.primaries.filter(|_| !is_rgb).map(|p| match p {
            Primaries::Bt709 | Primaries::DisplayP3 => Matrix::Bt709,
            Primaries::Bt601Pal | Primaries::Bt601Ntsc => Matrix::Bt601,
            Primaries::Bt2020 => Matrix::Bt2020,
        });
        let tags = ColorTags {
            primaries: self.primaries.or(from_matrix).unwrap_or(assumed.primaries),
            transfer: self.transfer.unwrap_or(assumed.transfer),
            matrix: self.matrix.or(from_primaries).unwrap_or(assumed.matrix),
            range: self.range.unwrap_or(assumed.range),
        };
        let silent = self.primaries.is_none() || self.transfer.is_none() || self.matrix.is_none() || self.range.is_none();
        (tags, silent)
    }
}

fn primaries(p: gst_video::VideoColorPrimaries) -> Option<Primaries> {
    use gst_video::VideoColorPrimaries as V;
    Some(match p {
        V::Bt709 => Primaries::Bt709,
        V::Bt470bg => Primaries::Bt601Pal,
        V::Smpte170m | V::Smpte240m => Primaries::Bt601Ntsc,
        V::Bt2020 => Primaries::Bt2020,
        V::Smpteeg432 | V::Smpterp431 => Primaries::DisplayP3,
        _ => return None,
    })
}

fn transfer(t: gst_video::VideoTransferFunction) -> Option<Transfer> {
    use gst_video::VideoTransferFunction as V;
    Some(match t {
        V::Bt709 | V::Bt601 | V::Bt202010 | V::Bt202012 | V::Smpte240m | V::Gamma22 | V::Gamma28 => Transfer::Bt709,
        V::Srgb => Transfer::Srgb,
        V::Gamma10 => Transfer::Linear,
        V::Smpte2084 => Transfer::Pq,
        V::AribStdB67 => Transfer::Hlg,
        _ => return None,
    })
}

fn matrix(m: gst_video::VideoColorMatrix) -> Option<Matrix> {
    use gst_video::VideoColorMatrix as V;
    Some(match m {
        V::Rgb => Matrix::Rgb,
        V::Bt709 => Matrix::Bt709,
        V::Bt601 | V::Fcc | V::Smpte240m => Matrix::Bt601,
        V::Bt2020 => Matrix::Bt2020,
        _ => return None,
    })
}

fn range(r: gst_video::VideoColorRange) -> Option<Range> {
    match r {
        gst_video::VideoColorRange::Range0_255 => Some(Range::Full),
        gst_video::VideoColorRange::Range16_235 => Some(Range::Limited),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(colorimetry: &str) -> StatedColor {
        gst::init().unwrap();
        let caps = format!("video/x-raw,format=I420,width=64,height=64,framerate=25/1{colorimetry}");
        StatedColor::from_caps(&caps.parse().unwrap())
    }

    #[test]
    fn colour_tags_are_read_from_caps() {
        let hdr = stated(",colorimetry=bt2100-pq").complete(64, false);
        let want = ColorTags { primaries: Primaries::Bt2020, transfer: Transfer::Pq, matrix: Matrix::Bt2020, range: Range::Limited };
        assert_eq!(hdr, (want, false));
    }

    #[test]
    fn silent_caps_are_assumed_by_height_and_say_so() {
        assert_eq!(stated(""), StatedColor::default());
        assert_eq!(stated("").complete(1080, false), (ColorTags::BT709, true));
        assert_eq!(stated("").complete(480, false).0.matrix, Matrix::Bt601);
    }

    #[test]
    fn a_full_range_flag_alone_survives() {
        let (tags, assumed) = stated(",colorimetry=(string)1:0:0:0").complete(1080, false);
        assert_eq!((tags.range, tags.matrix, assumed), (Range::Full, Matrix::Bt709, true));
    }

    #[test]
    fn primaries_alone_settle_the_matrix() {
        let only = StatedColor { primaries: Some(Primaries::Bt2020), ..Default::default() };
        assert_eq!(only.complete(1080, false).0.matrix, Matrix::Bt2020);
    }
}
