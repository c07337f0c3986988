//! Pictures as networks take them and back: R'G'B' planes of f32 in the picture's own transfer curve, upright.
//!
//! Chroma is enlarged linearly and averaged back, sited as MPEG-2 and H.264 have it by default: left, between rows (H.273, type 0).

use crate::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{Affine3, rgb_to_ycbcr, ycbcr_to_rgb},
        picture::ShortPicture,
    },
    ml::{MlError, Planes},
};
use rayon::prelude::*;

/// Code values of a plane, as a share of the largest; of interleaved planes each `step`th from `first` on.
fn samples(p: &Picture, plane: usize, (first, step): (usize, usize), (w, h): (usize, usize)) -> Vec<f32> {
    let deep = p.format.bytes_per_sample() == 2;
    // ten bits may lie in the upper part of sixteen
    let shift = if p.format == PixelFormat::P010 { 6 } else { 0 };
    let max = ((1u32 << p.format.bits()) - 1) as f32;
    let mut out = vec![0.0; w * h];
    out.par_chunks_exact_mut(w).enumerate().for_each(|(y, to)| {
        let row = p.row(plane, y as u32);
        for (x, to) in to.iter_mut().enumerate() {
            let i = first + x * step;
            *to = if deep { f32::from(u16::from_le_bytes([row[2 * i], row[2 * i + 1]]) >> shift) } else { f32::from(row[i]) } / max;
        }
    });
    out
}

/// R'G'B' (with alpha where the picture has it; one plane less of each where it is grey) of a picture, turned upright.
///
/// # Errors
/// The picture has no pixels.
pub fn planes_of(p: &Picture) -> Result<Planes, MlError> {
    let (w, h) = (p.width as usize, p.height as usize);
    Planes::new(w, h, 0)?;
    let planes = if p.format.is_rgb() { rgb_planes(p, w, h)? } else { ycbcr_planes(p, w, h)? };
    Ok(if p.rotation == Rotation::None { planes } else { upright(&planes, p.rotation)? })
}

fn rgb_planes(p: &Picture, w: usize, h: usize) -> Result<Planes, MlError> {
    let mut all = Planes::new(w, h, 4)?;
    for c in 0..4 {
        all.plane_mut(c).copy_from_slice(&samples(p, 0, (c, 4), (w, h)));
    }
    if all.plane(0) == all.plane(1) && all.plane(1) == all.plane(2) {
        let data = [all.plane(0), all.plane(3)].concat();
        return Ok(Planes { channels: 2, data, ..all });
    }
    Ok(all)
}

/// R'G'B' of an upright picture of opaque colours.
///
/// # Errors
/// The picture has no pixels.
pub(super) fn colours_of(p: &Picture) -> Result<Planes, MlError> {
    let (w, h) = (p.width as usize, p.height as usize);
    let mut out = Planes::new(w, h, 3)?;
    for c in 0..3 {
        out.plane_mut(c).copy_from_slice(&samples(p, 0, (c, 4), (w, h)));
    }
    Ok(out)
}

fn ycbcr_planes(p: &Picture, w: usize, h: usize) -> Result<Planes, MlError> {
    let (sx, sy) = p.format.chroma_shift();
    let (cw, ch) = (w.div_ceil(1 << sx), h.div_ceil(1 << sy));
    let luma = samples(p, 0, (0, 1), (w, h));
    let (cb, cr) = match p.format.planes() {
        2 => (samples(p, 1, (0, 2), (cw, ch)), samples(p, 1, (1, 2), (cw, ch))),
        _ => (samples(p, 1, (0, 1), (cw, ch)), samples(p, 2, (0, 1), (cw, ch))),
    };
    let Affine3 { m, offset } = ycbcr_to_rgb(p.color.matrix, p.color.range, p.format.bits());
    let (m, offset) = (m.map(|r| r.map(|v| v as f32)), offset.map(|v| v as f32));
    let mut out = Planes::new(w, h, 3)?;
    let (r, rest) = out.data.split_at_mut(w * h);
    let (g, b) = rest.split_at_mut(w * h);
    let rows = r.par_chunks_exact_mut(w).zip(g.par_chunks_exact_mut(w)).zip(b.par_chunks_exact_mut(w)).enumerate();
    rows.for_each(|(y, ((r, g), b))| {
        // the two rows of chroma around this row, and the share of the second
        let (c0, c1, share) = match (sy, y % 2) {
            (0, _) => (y, y, 0.0),
            (_, 0) => ((y / 2).saturating_sub(1), y / 2, 0.75),
            _ => (y / 2, (y / 2 + 1).min(ch - 1), 0.25),
        };
        let chroma = |plane: &[f32], x: usize| {
            let at = |x: usize| plane[c0 * cw + x] * (1.0 - share) + plane[c1 * cw + x] * share;
            if sx == 0 {
                at(x)
            } else if x.is_multiple_of(2) {
                at(x / 2)
            } else {
                0.5 * (at(x / 2) + at((x / 2 + 1).min(cw - 1)))
            }
        };
        for x in 0..w {
            let v = [luma[y * w + x], chroma(&cb, x), chroma(&cr, x)];
            let of = |i: usize| m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2] + offset[i];
            (r[x], g[x], b[x]) = (of(0), of(1), of(2));
        }
    });
    Ok(out)
}

/// The planes turned (and mirrored before that) as a rotation says.
fn upright(p: &Planes, rotation: Rotation) -> Result<Planes, MlError> {
    let (w, h) = if rotation.swaps_sides() { (p.height, p.width) } else { (p.width, p.height) };
    let mut out = Planes::new(w, h, p.channels)?;
    for c in 0..p.channels {
        let from = p.plane(c);
        for (y, row) in out.plane_mut(c).chunks_exact_mut(w).enumerate() {
            for (x, to) in row.iter_mut().enumerate() {
                let (sx, sy) = match rotation.degrees() {
                    90 => (y, p.height - 1 - x),
                    180 => (p.width - 1 - x, p.height - 1 - y),
                    270 => (p.width - 1 - y, x),
                    _ => (x, y),
                };
                let sx = if rotation.is_flipped() { p.width - 1 - sx } else { sx };
                *to = from[sy * p.width + sx];
            }
        }
    }
    Ok(out)
}

/// A picture of a layout and colours from planes of R'G'B', or of grey; alpha is taken along where the layout has it.
///
/// # Errors
/// The layout's bytes could not be counted.
pub fn picture_of(p: &Planes, format: PixelFormat, color: ColorTags) -> Result<Picture, ShortPicture> {
    let (w, h) = (p.width, p.height);
    let (layout, len) = Picture::packed_layout(format, w as u32, h as u32);
    let mut bytes = vec![0u8; len];
    // of each plane in turn, the channels that lie in it side by side
    let (sx, sy) = format.chroma_shift();
    let grey = p.channels < 3;
    let rgb = |c: usize, i: usize| p.plane(if grey { 0 } else { c })[i];
    if format.is_rgb() {
        let alpha = (p.channels.is_multiple_of(2)).then(|| p.plane(p.channels - 1));
        let value = |x: usize, y: usize, c: usize| match c {
            3 => alpha.map_or(1.0, |a| a[y * w + x]),
            _ => rgb(c, y * w + x),
        };
        write(&mut bytes[layout[0].offset..], format, w, 4, &value);
        return Picture::from_packed(format, p.width as u32, p.height as u32, bytes, color);
    }
    let Affine3 { m, offset } = rgb_to_ycbcr(color.matrix, color.range, format.bits());
    let (m, offset) = (m.map(|r| r.map(|v| v as f32)), offset.map(|v| v as f32));
    let of = |i: usize, at: usize| m[i][0] * rgb(0, at) + m[i][1] * rgb(1, at) + m[i][2] * rgb(2, at) + offset[i];
    let (rest, cw) = (layout[1].offset, w.div_ceil(1 << sx));
    write(&mut bytes[..rest], format, w, 1, &|x, y, _| of(0, y * w + x));
    let chroma = |x: usize, y: usize, c: usize| {
        let (x, y) = (x << sx, y << sy);
        let row = |y: usize| {
            let at = |x: usize| of(c, y.min(h - 1) * w + x.min(w - 1));
            // left: a quarter, a half, a quarter around the sample's own column
            if sx == 0 { at(x) } else { 0.25 * at(x.saturating_sub(1)) + 0.5 * at(x) + 0.25 * at(x + 1) }
        };
        if sy == 0 { row(y) } else { 0.5 * (row(y) + row(y + 1)) }
    };
    if format.planes() == 2 {
        write(&mut bytes[rest..], format, cw, 2, &|x, y, c| chroma(x, y, c + 1));
    } else {
        let second = layout[2].offset;
        write(&mut bytes[rest..second], format, cw, 1, &|x, y, _| chroma(x, y, 1));
        write(&mut bytes[second..], format, cw, 1, &|x, y, _| chroma(x, y, 2));
    }
    Picture::from_packed(format, p.width as u32, p.height as u32, bytes, color)
}

/// Writes rows of `width` pixels with `channels` values each, given as shares of the largest code value.
fn write(out: &mut [u8], format: PixelFormat, width: usize, channels: usize, value: &(dyn Fn(usize, usize, usize) -> f32 + Sync)) {
    let (max, size) = (((1u32 << format.bits()) - 1) as f32, format.bytes_per_sample());
    let shift = if format == PixelFormat::P010 { 6 } else { 0 };
    out.par_chunks_exact_mut(width * channels * size).enumerate().for_each(|(y, row)| {
        for (i, to) in row.chunks_exact_mut(size).enumerate() {
            let code = (value(i / channels, y, i % channels).clamp(0.0, 1.0) * max + 0.5) as u16;
            to.copy_from_slice(&(code << shift).to_le_bytes()[..size]);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::color::Range;

    /// Luma of any kind; chroma near grey and gently sloping, so that it survives being enlarged and averaged.
    fn made(format: PixelFormat, (w, h): (u32, u32)) -> Picture {
        let (layout, len) = Picture::packed_layout(format, w, h);
        let (size, shift) = (format.bytes_per_sample(), if format == PixelFormat::P010 { 6 } else { 0 });
        let unit = 1u32 << (format.bits() - 8);
        let mut bytes = vec![0; len];
        for (plane, place) in layout.iter().enumerate().take(format.planes()) {
            let (row, rows) = format.plane_size(plane, w, h);
            for (y, x) in (0..rows).flat_map(|y| (0..row).map(move |x| (y, x))) {
                let level = if plane == 0 { 90 + (x * 7 + y * 5) % 60 } else { 122 + x / format.planes().div_ceil(2) as u32 + y };
                let at = place.offset + y as usize * place.stride + x as usize * size;
                bytes[at..at + size].copy_from_slice(&((level * unit) << shift).to_le_bytes()[..size]);
            }
        }
        Picture::from_packed(format, w, h, bytes, ColorTags::BT709).unwrap()
    }

    #[test]
    fn every_layout_comes_back_as_it_was() {
        for format in PixelFormat::ALL {
            for size in [(12, 6), (7, 5), (1, 1)] {
                for range in [Range::Limited, Range::Full] {
                    let mut p = made(format, size);
                    if format.is_rgb() {
                        p.color = ColorTags::SRGB;
                    } else {
                        p.color.range = range;
                    }
                    let back = picture_of(&planes_of(&p).unwrap(), format, p.color).unwrap();
                    let (a, b): (&[u8], &[u8]) = ((*p.data).as_ref(), (*back.data).as_ref());
                    let luma = p.planes[1].offset;
                    let exact = if format.is_rgb() {
                        a.len()
                    } else if luma > 0 {
                        luma
                    } else {
                        a.len()
                    };
                    assert_eq!(a[..exact], b[..exact], "{format:?} {size:?}");
                    if format.bytes_per_sample() == 1 {
                        let worst = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max();
                        assert!(worst <= Some(2), "{format:?} {size:?}: {worst:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn turned_pictures_become_upright() {
        let bytes: Vec<u8> = [1, 2, 3, 4, 5, 6].into_iter().flat_map(|v| [v, 0, 0, 255]).collect();
        let mut p = Picture::from_packed(PixelFormat::Rgba8, 3, 2, bytes, ColorTags::SRGB).unwrap();
        p.rotation = Rotation::Cw90;
        let planes = planes_of(&p).unwrap();
        let red: Vec<u8> = planes.plane(0).iter().map(|v| (v * 255.0 + 0.5) as u8).collect();
        assert_eq!((planes.width, planes.height, red), (2, 3, vec![4, 1, 5, 2, 6, 3]));
    }

    #[test]
    fn grey_pictures_are_one_plane_and_alpha() {
        let p = Picture::from_packed(PixelFormat::Rgba8, 1, 1, vec![9, 9, 9, 40], ColorTags::SRGB).unwrap();
        let planes = planes_of(&p).unwrap();
        assert_eq!(planes.channels, 2);
        let back = picture_of(&planes, PixelFormat::Rgba8, ColorTags::SRGB).unwrap();
        assert_eq!((*back.data).as_ref(), [9, 9, 9, 40]);
    }
}
