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

/// Colours from one matrix and range to another, in code values: out = m · in + offset. Whole numbers, so that the compiler makes vector
/// instructions of the rows.
struct Recoding {
    /// Of luma, in 1/32768.
    luma: u16,
    /// Of Cb and Cr in luma, Cb and Cr, in 1/8192: 16 bits, which every processor multiplies by the vector.
    chroma: [[i16; 2]; 3],
    /// Added to each, in 1/8192.
    offset: [i32; 3],
}

/// Luma is put together in 1/64 of a code value.
const LUMA_BITS: u32 = 6;
const CHROMA_BITS: u32 = 13;

impl Recoding {
    /// None where a code value would be more than doubled, which no matrix and range of 8 bit does.
    fn new(from: ColorTags, to: ColorTags) -> Option<Self> {
        let (from, into) = (ycbcr_to_rgb(from.matrix, from.range, 8), rgb_to_ycbcr(to.matrix, to.range, 8));
        let m = [0, 1, 2].map(|i| [0, 1, 2].map(|j| (0..3).map(|k| into.m[i][k] * from.m[k][j]).sum::<f64>()));
        let offset = [0, 1, 2].map(|i| 255.0 * ((0..3).map(|k| into.m[i][k] * from.offset[k]).sum::<f64>() + into.offset[i]) + 0.5);
        let fixed = |v: f64| (v * f64::from(1 << CHROMA_BITS)).round() as i32;
        let luma = m[0][0] * 32768.0;
        let mut chroma = [[0; 2]; 3];
        for (row, m) in chroma.iter_mut().zip(&m) {
            *row = [i16::try_from(fixed(m[1])).ok()?, i16::try_from(fixed(m[2])).ok()?];
        }
        (0.0..65535.0).contains(&luma).then(|| Self { luma: luma.round() as u16, chroma, offset: offset.map(fixed) })
    }

    #[inline(always)]
    fn chroma_of(&self, row: usize, cb: u8, cr: u8) -> i32 {
        let [b, r] = self.chroma[row].map(i32::from);
        b * i32::from(cb) + r * i32::from(cr) + self.offset[row]
    }

    /// What each luma sample of a row gets from its chroma sample.
    #[inline(always)]
    fn shifts(&self, out: &mut [i16], cb: &[u8], cr: &[u8]) {
        for ((pair, b), r) in out.chunks_exact_mut(2).zip(cb).zip(cr) {
            // within ±512 code values
            pair.fill((self.chroma_of(0, *b, *r) >> (CHROMA_BITS - LUMA_BITS)) as i16);
        }
    }

    #[inline(always)]
    fn luma_row(&self, out: &mut [u8], luma: &[u8], shifts: &[i16]) {
        for ((out, luma), shift) in out.iter_mut().zip(luma).zip(shifts) {
            // luma · 128 · 32768 · m / 65536 = 64 · m · luma
            let scaled = (u32::from(u16::from(*luma) << 7) * u32::from(self.luma)) >> 16;
            let sum = (scaled as i16).saturating_add(*shift);
            *out = (sum.clamp(0, (256 << LUMA_BITS) - 1) >> LUMA_BITS) as u8;
        }
    }

    #[inline(always)]
    fn chroma_row(&self, row: usize, out: &mut [u8], cb: &[u8], cr: &[u8]) {
        for ((out, b), r) in out.iter_mut().zip(cb).zip(cr) {
            *out = (self.chroma_of(row, *b, *r) >> CHROMA_BITS).clamp(0, 255) as u8;
        }
    }
}

/// The same lines compiled for AVX2: 16 samples at once in place of 8 or 4.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn recode_avx2(recoding: &Recoding, p: &Picture, out: &mut [u8]) -> Option<()> {
    recode(recoding, p, out)
}

/// An 8-bit 4:2:0 picture with the matrix and range of `to`. Each luma sample takes the chroma sample of its 2 × 2 block; grey stays
/// grey, so chroma depends on chroma alone.
fn recoded(p: &Picture, to: ColorTags) -> Option<Picture> {
    if p.format != PixelFormat::I420 {
        return None;
    }
    let recoding = Recoding::new(p.color, to)?;
    let mut out = vec![0; Picture::packed_layout(p.format, p.width, p.height).1];
    #[cfg(target_arch = "x86_64")]
    let done = if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2
        unsafe { recode_avx2(&recoding, p, &mut out) }
    } else {
        recode(&recoding, p, &mut out)
    };
    #[cfg(not(target_arch = "x86_64"))]
    let done = recode(&recoding, p, &mut out);
    done?;
    Picture::from_packed(p.format, p.width, p.height, out, to).ok()
}

/// Into the planes of a packed picture of the same size.
#[inline(always)] // into code for other processors, above
fn recode(recoding: &Recoding, p: &Picture, out: &mut [u8]) -> Option<()> {
    let planes = Picture::packed_layout(p.format, p.width, p.height).0;
    let bytes: &[u8] = (*p.data).as_ref();
    let row = |plane: usize, y: usize, w: usize| bytes.get(p.planes[plane].offset + y * p.planes[plane].stride..)?.get(..w);
    let (w, (cw, ch)) = (p.width as usize, p.format.plane_size(1, p.width, p.height));
    let (cw, ch) = (cw as usize, ch as usize);
    let mut shifts = vec![0; cw * 2];
    for cy in 0..ch {
        let (cb, cr) = (row(1, cy, cw)?, row(2, cy, cw)?);
        for plane in [1, 2] {
            recoding.chroma_row(plane, &mut out[planes[plane].offset + cy * planes[plane].stride..][..cw], cb, cr);
        }
        recoding.shifts(&mut shifts, cb, cr);
        for y in 2 * cy..(2 * cy + 2).min(p.height as usize) {
            recoding.luma_row(&mut out[planes[0].offset + y * planes[0].stride..][..w], row(0, y, w)?, &shifts);
        }
    }
    Some(())
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
    fn colours_are_recoded_to_the_code_value() {
        use crate::base::color::{Matrix, Range};
        let jpeg = ColorTags { matrix: Matrix::Bt601, range: Range::Full, ..ColorTags::BT709 };
        for (from, to) in [(ColorTags::BT709, jpeg), (jpeg, ColorTags::BT709), (ColorTags { range: Range::Full, ..ColorTags::BT709 }, jpeg)]
        {
            let (r, m) =
                (Recoding::new(from, to).unwrap(), (ycbcr_to_rgb(from.matrix, from.range, 8), rgb_to_ycbcr(to.matrix, to.range, 8)));
            for (y, cb, cr) in (0..=255)
                .step_by(5)
                .flat_map(|y| [0, 16, 90, 128, 200, 255].map(|b| (y, b)))
                .flat_map(|(y, b)| [0, 40, 128, 161, 255].map(|r| (y, b, r)))
            {
                let rgb =
                    [0, 1, 2].map(|i| m.0.m[i].iter().zip([y, cb, cr]).map(|(m, v)| m * f64::from(v) / 255.0).sum::<f64>() + m.0.offset[i]);
                let want = [0, 1, 2].map(|i| 255.0 * (m.1.m[i].iter().zip(rgb).map(|(m, v)| m * v).sum::<f64>() + m.1.offset[i]));
                let (mut shifts, mut luma, mut chroma) = ([0; 2], [0; 2], [[0; 1]; 2]);
                r.shifts(&mut shifts, &[cb], &[cr]);
                r.luma_row(&mut luma, &[y, y], &shifts);
                for (i, c) in chroma.iter_mut().enumerate() {
                    r.chroma_row(i + 1, c, &[cb], &[cr]);
                }
                for (got, want) in [luma[0], chroma[0][0], chroma[1][0]].into_iter().zip(want) {
                    let off = (f64::from(got) - want.clamp(0.0, 255.0)).abs();
                    assert!(off < 0.54, "{y} {cb} {cr}: {got} for {want}");
                }
                assert_eq!(luma[0], luma[1]);
            }
        }
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
