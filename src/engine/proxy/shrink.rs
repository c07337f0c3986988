//! Pictures made small and upright: GStreamer's converter scales and brings them to the encoder's layout and range, then quarter turns
//! and mirroring are done on the small picture. One thread.

use super::ProxyError;
use crate::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{rgb_to_ycbcr, ycbcr_to_rgb},
    },
    media::convert::{Converter, Shape},
};

pub(super) struct Shrinker {
    /// And what it is made for: a film may change it on the way.
    converter: Option<(Shape, Converter)>,
    format: PixelFormat,
    size: (u32, u32),
    color: ColorTags,
}

impl Shrinker {
    /// Into pictures of this layout, upright size and colours.
    pub fn new(format: PixelFormat, size: (u32, u32), color: ColorTags) -> Self {
        Self { converter: None, format, size, color }
    }

    pub fn shrink(&mut self, picture: &Picture) -> Result<Picture, ProxyError> {
        let shape = (picture.format, picture.width, picture.height, picture.color);
        let lying = if picture.rotation.swaps_sides() { (self.size.1, self.size.0) } else { self.size };
        if self.converter.as_ref().is_none_or(|(s, _)| *s != shape) {
            // the colours are changed below: GStreamer's 8-bit matrices are off by four code values
            let converter = Converter::new(shape, (self.format, lying.0, lying.1, picture.color)).map_err(ProxyError::Convert)?;
            self.converter = Some((shape, converter));
        }
        let Some((_, converter)) = &mut self.converter else { return Err(ProxyError::RanDry) };
        let mut small = converter.convert(picture).map_err(ProxyError::Convert)?;
        if (small.color.matrix, small.color.range) != (self.color.matrix, self.color.range) {
            small = recoded(&small, self.color).ok_or_else(|| ProxyError::Convert("a picture is shorter than its planes".into()))?;
        }
        if picture.rotation == Rotation::None {
            return Ok(small);
        }
        upright(&small, picture.rotation, self.size).ok_or_else(|| ProxyError::Convert("a picture is shorter than its planes".into()))
    }
}

/// An 8-bit 4:2:0 picture with the matrix and range of `to`. Each luma sample takes the chroma sample of its 2 × 2 block; grey stays
/// grey, so chroma depends on chroma alone.
fn recoded(p: &Picture, to: ColorTags) -> Option<Picture> {
    if p.format != PixelFormat::I420 {
        return None;
    }
    let (from, into) = (ycbcr_to_rgb(p.color.matrix, p.color.range, 8), rgb_to_ycbcr(to.matrix, to.range, 8));
    // code values from code values: out = m · in + offset
    let m = [0, 1, 2].map(|i| [0, 1, 2].map(|j| (0..3).map(|k| into.m[i][k] * from.m[k][j]).sum::<f64>() as f32));
    let offset = [0, 1, 2].map(|i| (255.0 * ((0..3).map(|k| into.m[i][k] * from.offset[k]).sum::<f64>() + into.offset[i]) + 0.5) as f32);
    let (planes, len) = Picture::packed_layout(p.format, p.width, p.height);
    let mut out = vec![0; len];
    let bytes: &[u8] = (*p.data).as_ref();
    let row = |plane: usize, y: usize, w: usize| bytes.get(p.planes[plane].offset + y * p.planes[plane].stride..)?.get(..w);
    let (w, (cw, ch)) = (p.width as usize, p.format.plane_size(1, p.width, p.height));
    let (cw, ch) = (cw as usize, ch as usize);
    let mut shift = vec![0.0f32; cw];
    for cy in 0..ch {
        let (cb, cr) = (row(1, cy, cw)?, row(2, cy, cw)?);
        for x in 0..cw {
            let (b, r) = (f32::from(cb[x]), f32::from(cr[x]));
            shift[x] = m[0][1] * b + m[0][2] * r + offset[0];
            // `as` holds to 0–255
            out[planes[1].offset + cy * planes[1].stride + x] = (m[1][1] * b + m[1][2] * r + offset[1]) as u8;
            out[planes[2].offset + cy * planes[2].stride + x] = (m[2][1] * b + m[2][2] * r + offset[2]) as u8;
        }
        for y in 2 * cy..(2 * cy + 2).min(p.height as usize) {
            let luma = row(0, y, w)?;
            let to = &mut out[planes[0].offset + y * planes[0].stride..][..w];
            for (x, (to, luma)) in to.iter_mut().zip(luma).enumerate() {
                *to = (m[0][0] * f32::from(*luma) + shift[x / 2]) as u8;
            }
        }
    }
    Picture::from_packed(p.format, p.width, p.height, out, to).ok()
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
