//! Pictures made small and upright: GStreamer's converter scales and brings them to the encoder's layout and range, then quarter turns
//! and mirroring are done on the small picture. One thread.

use super::ProxyError;
use crate::{
    base::{ColorTags, Picture, PixelFormat, Rotation},
    media::convert::Converter,
};

pub(super) struct Shrinker {
    converter: Option<(Shape, Converter)>,
    format: PixelFormat,
    size: (u32, u32),
    color: ColorTags,
}

/// What a converter is made for; a film may change it on the way.
type Shape = (PixelFormat, u32, u32, ColorTags);

impl Shrinker {
    /// Into pictures of this layout, upright size and colours.
    pub fn new(format: PixelFormat, size: (u32, u32), color: ColorTags) -> Self {
        Self { converter: None, format, size, color }
    }

    pub fn shrink(&mut self, picture: &Picture) -> Result<Picture, ProxyError> {
        let shape = (picture.format, picture.width, picture.height, picture.color);
        let lying = if picture.rotation.swaps_sides() { (self.size.1, self.size.0) } else { self.size };
        if self.converter.as_ref().is_none_or(|(s, _)| *s != shape) {
            let converter = Converter::new(shape, (self.format, lying.0, lying.1, self.color)).map_err(ProxyError::Convert)?;
            self.converter = Some((shape, converter));
        }
        let Some((_, converter)) = &mut self.converter else { return Err(ProxyError::RanDry) };
        let small = converter.convert(picture).map_err(ProxyError::Convert)?;
        if picture.rotation == Rotation::None {
            return Ok(small);
        }
        upright(&small, picture.rotation, self.size).ok_or_else(|| ProxyError::Convert("a picture is shorter than its planes".into()))
    }
}

/// The picture turned as its rotation says, for layouts of one sample a plane and pixel (I420 and its kin).
fn upright(p: &Picture, rotation: Rotation, (w, h): (u32, u32)) -> Option<Picture> {
    let (planes, len) = Picture::packed_layout(p.format, w, h);
    let mut out = vec![0; len];
    let from: &[u8] = (*p.data).as_ref();
    let step = p.format.bytes_per_sample();
    for (i, plane) in planes.iter().enumerate().take(p.format.planes()) {
        let (pw, ph) = p.format.plane_size(i, w, h);
        let (sw, sh) = p.format.plane_size(i, p.width, p.height);
        for y in 0..ph {
            for x in 0..pw {
                // where the upright pixel lies in the turned picture: undo the turn, then the mirroring
                let (sx, sy) = match rotation.degrees() {
                    90 => (y, sh.checked_sub(1 + x)?),
                    180 => (sw.checked_sub(1 + x)?, sh.checked_sub(1 + y)?),
                    270 => (sw.checked_sub(1 + y)?, x),
                    _ => (x, y),
                };
                let sx = if rotation.is_flipped() { sw.checked_sub(1 + sx)? } else { sx };
                let at = p.planes[i].offset + sy as usize * p.planes[i].stride + sx as usize * step;
                let to = plane.offset + y as usize * plane.stride + x as usize * step;
                out.get_mut(to..to + step)?.copy_from_slice(from.get(at..at + step)?);
            }
        }
    }
    Picture::from_packed(p.format, w, h, out, p.color).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4 × 2 pixels, numbered by rows.
    fn numbered() -> Picture {
        let mut bytes: Vec<u8> = (0..8).collect();
        bytes.extend([100, 101, 200, 201]);
        Picture::from_packed(PixelFormat::I420, 4, 2, bytes, ColorTags::BT709).unwrap()
    }

    fn luma(rotation: Rotation) -> Vec<u8> {
        let size = if rotation.swaps_sides() { (2, 4) } else { (4, 2) };
        let p = upright(&numbered(), rotation, size).unwrap();
        (*p.data).as_ref()[..8].to_vec()
    }

    #[test]
    fn quarter_turns_are_clockwise_and_mirroring_comes_first() {
        assert_eq!(luma(Rotation::Cw90), [4, 0, 5, 1, 6, 2, 7, 3]);
        assert_eq!(luma(Rotation::Cw180), [7, 6, 5, 4, 3, 2, 1, 0]);
        assert_eq!(luma(Rotation::Cw270), [3, 7, 2, 6, 1, 5, 0, 4]);
        assert_eq!(luma(Rotation::Flip), [3, 2, 1, 0, 7, 6, 5, 4]);
        assert_eq!(luma(Rotation::FlipCw90), [7, 3, 6, 2, 5, 1, 4, 0]);
    }
}
