//! A decoded or rendered picture in memory: planes with strides, shared without copying.
//!
//! `media` fills it from a mapped decoder buffer, `gpu` uploads or reads it; neither knows the other.

use super::{ColorTags, media_info::Rotation};
use std::{fmt, sync::Arc};

/// Memory layout of a picture. Samples over 8 bit are little-endian u16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// 8-bit 4:2:0, planes Y, U, V.
    I420,
    /// 8-bit 4:2:0, planes Y, UV interleaved.
    Nv12,
    /// 8-bit 4:2:2, planes Y, U, V (GStreamer Y42B).
    I422,
    /// 8-bit 4:4:4, planes Y, U, V (GStreamer Y444).
    I444,
    /// 10-bit 4:2:0 in the low bits of u16 (I420_10LE).
    I420p10,
    /// 10-bit 4:2:2 in the low bits of u16 (I422_10LE).
    I422p10,
    /// 10-bit 4:4:4 in the low bits of u16 (Y444_10LE).
    I444p10,
    /// 10-bit 4:2:0 in the high bits of u16, planes Y, UV interleaved (P010_10LE).
    P010,
    /// 8-bit R, G, B, A, straight (not premultiplied) alpha.
    Rgba8,
    /// 16-bit R, G, B, A, straight alpha (RGBA64_LE).
    Rgba16,
}

impl PixelFormat {
    pub const ALL: [Self; 10] = [
        Self::I420,
        Self::Nv12,
        Self::I422,
        Self::I444,
        Self::I420p10,
        Self::I422p10,
        Self::I444p10,
        Self::P010,
        Self::Rgba8,
        Self::Rgba16,
    ];
    pub fn planes(self) -> usize {
        match self {
            Self::Rgba8 | Self::Rgba16 => 1,
            Self::Nv12 | Self::P010 => 2,
            _ => 3,
        }
    }
    /// Significant bits per component.
    pub fn bits(self) -> u32 {
        match self {
            Self::I420 | Self::Nv12 | Self::I422 | Self::I444 | Self::Rgba8 => 8,
            Self::I420p10 | Self::I422p10 | Self::I444p10 | Self::P010 => 10,
            Self::Rgba16 => 16,
        }
    }
    pub fn bytes_per_sample(self) -> usize {
        if self.bits() > 8 { 2 } else { 1 }
    }
    pub fn is_rgb(self) -> bool {
        matches!(self, Self::Rgba8 | Self::Rgba16)
    }
    /// Right shift of chroma width and height.
    pub fn chroma_shift(self) -> (u32, u32) {
        match self {
            Self::I420 | Self::Nv12 | Self::I420p10 | Self::P010 => (1, 1),
            Self::I422 | Self::I422p10 => (1, 0),
            _ => (0, 0),
        }
    }
    /// Samples per row (counting both chroma samples of an interleaved plane) and rows of plane `plane`.
    pub fn plane_size(self, plane: usize, width: u32, height: u32) -> (u32, u32) {
        if self.is_rgb() {
            return (width * 4, height);
        }
        if plane == 0 {
            return (width, height);
        }
        let (sx, sy) = self.chroma_shift();
        let (w, h) = (width.div_ceil(1 << sx), height.div_ceil(1 << sy));
        (if self.planes() == 2 { w * 2 } else { w }, h)
    }
}

/// Where a plane lies in the picture's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaneLayout {
    /// Offset of the first row, in bytes.
    pub offset: usize,
    /// Distance between rows, in bytes; may be larger than a row.
    pub stride: usize,
}

/// Bytes that somebody owns: a mapped decoder buffer, a `Vec<u8>`.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A picture. Cloning shares the bytes.
#[derive(Clone)]
pub struct Picture {
    pub format: PixelFormat,
    /// Coded size in pixels, before pixel aspect and rotation.
    pub width: u32,
    pub height: u32,
    pub planes: [PlaneLayout; 3],
    pub data: Bytes,
    pub color: ColorTags,
    /// Display width of a pixel over its height.
    pub pixel_aspect: (u32, u32),
    /// Clockwise turn that shows the picture upright.
    pub rotation: Rotation,
}

/// Why bytes do not make a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the picture's buffer is shorter than its planes")]
pub struct ShortPicture;

impl Picture {
    /// A tightly packed layout and its length in bytes.
    pub fn packed_layout(format: PixelFormat, width: u32, height: u32) -> ([PlaneLayout; 3], usize) {
        let mut planes = [PlaneLayout::default(); 3];
        let mut at = 0;
        for (i, p) in planes.iter_mut().enumerate().take(format.planes()) {
            let (w, h) = format.plane_size(i, width, height);
            let stride = w as usize * format.bytes_per_sample();
            *p = PlaneLayout { offset: at, stride };
            at += stride * h as usize;
        }
        (planes, at)
    }

    /// A picture over tightly packed bytes.
    ///
    /// # Errors
    /// The bytes are fewer than the layout needs.
    pub fn from_packed(format: PixelFormat, width: u32, height: u32, data: Vec<u8>, color: ColorTags) -> Result<Self, ShortPicture> {
        let (planes, len) = Self::packed_layout(format, width, height);
        Self::with_layout(format, width, height, planes, Arc::new(data), color)
            .and_then(|p| if p.data.as_ref().as_ref().len() < len { Err(ShortPicture) } else { Ok(p) })
    }

    /// A picture over shared bytes with given offsets and strides; every row of every plane is checked to lie inside.
    ///
    /// # Errors
    /// Some row would lie outside the bytes.
    pub fn with_layout(
        format: PixelFormat,
        width: u32,
        height: u32,
        planes: [PlaneLayout; 3],
        data: Bytes,
        color: ColorTags,
    ) -> Result<Self, ShortPicture> {
        let len = data.as_ref().as_ref().len();
        for (i, p) in planes.iter().enumerate().take(format.planes()) {
            let (w, h) = format.plane_size(i, width, height);
            let row = w as usize * format.bytes_per_sample();
            let end =
                (h as usize).saturating_sub(1).checked_mul(p.stride).and_then(|v| v.checked_add(p.offset)).and_then(|v| v.checked_add(row));
            if p.stride < row && h > 1 || end.is_none_or(|e| e > len) {
                return Err(ShortPicture);
            }
        }
        Ok(Self { format, width, height, planes, data, color, pixel_aspect: (1, 1), rotation: Rotation::None })
    }

    /// Bytes of plane `plane` from its first row on; rows are `planes[plane].stride` apart.
    pub fn plane(&self, plane: usize) -> &[u8] {
        &self.data.as_ref().as_ref()[self.planes[plane].offset..]
    }

    /// One row of a plane, without padding.
    pub fn row(&self, plane: usize, y: u32) -> &[u8] {
        let w = self.format.plane_size(plane, self.width, self.height).0 as usize * self.format.bytes_per_sample();
        let at = self.planes[plane].offset + y as usize * self.planes[plane].stride;
        &self.data.as_ref().as_ref()[at..at + w]
    }

    /// Size as shown: pixel aspect applied (width stretched, height kept), then rotation. Width rounds to nearest.
    pub fn display_size(&self) -> (u32, u32) {
        super::media_info::display_size(self.width, self.height, self.pixel_aspect, self.rotation)
    }

    /// Bytes held, for cache budgets.
    pub fn byte_len(&self) -> usize {
        self.data.as_ref().as_ref().len()
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({:?} {}x{} {} bytes)", self.format, self.width, self.height, self.byte_len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_sizes_round_chroma_up() {
        assert_eq!(PixelFormat::I420.plane_size(1, 1919, 1079), (960, 540));
        assert_eq!(PixelFormat::Nv12.plane_size(1, 1, 1), (2, 1));
        assert_eq!(Picture::packed_layout(PixelFormat::I420, 1, 1).1, 3);
    }

    #[test]
    fn a_picture_never_reaches_past_its_bytes() {
        let t = ColorTags::BT709;
        assert!(Picture::from_packed(PixelFormat::I420, 4, 4, vec![0; 24], t).is_ok());
        assert!(Picture::from_packed(PixelFormat::I420, 4, 4, vec![0; 23], t).is_err());
        let mut planes = Picture::packed_layout(PixelFormat::I420, 4, 4).0;
        planes[2].offset = usize::MAX;
        assert!(Picture::with_layout(PixelFormat::I420, 4, 4, planes, Arc::new(vec![0; 24]), t).is_err());
    }
}
