//! RGBA code values to the encoder's 8-bit 4:2:0 planes, on the processor.
//!
//! A pass on the device would cost a software adapter more than this loop costs the processor, and a real one waits for
//! the encoder anyway.

use crate::base::{ColorTags, Picture, PixelFormat, color::rgb_to_ycbcr};
use rayon::prelude::*;

/// Fixed-point scale of the matrix.
const BITS: u32 = 16;

/// One I420 picture of BT.709 limited range from rows of RGBA8, `stride` bytes apart. Chroma is the mean of four pixels.
/// None when `rgba` is shorter than its rows.
pub fn to_i420(rgba: &[u8], stride: usize, width: u32, height: u32) -> Option<Picture> {
    let tags = ColorTags::BT709;
    let (w, h) = (width as usize, height as usize);
    if stride < w * 4 || rgba.len() < stride * h.saturating_sub(1) + w * 4 || w == 0 || h == 0 {
        return None;
    }
    let m = rgb_to_ycbcr(tags.matrix, tags.range, 8);
    let one = f64::from(1u32 << BITS);
    let k = m.m.map(|row| row.map(|v| (v * one).round() as i32));
    let offset = m.offset.map(|v| (v * 255.0 * one + one / 2.0).round() as i32);
    let weigh = |row: usize, r: i32, g: i32, b: i32| (k[row][0] * r + k[row][1] * g + k[row][2] * b + offset[row]) >> BITS;

    let (planes, len) = Picture::packed_layout(PixelFormat::I420, width, height);
    let mut data = vec![0u8; len];
    let (luma, chroma) = data.split_at_mut(planes[1].offset);
    let (cb, cr) = chroma.split_at_mut(planes[2].offset - planes[1].offset);
    let half = planes[1].stride;
    luma.par_chunks_mut(2 * w).zip(cb.par_chunks_mut(half)).zip(cr.par_chunks_mut(half)).enumerate().for_each(
        |(pair, ((luma, cb), cr))| {
            let row = |y: usize| &rgba[y.min(h - 1) * stride..][..w * 4];
            let (upper, lower) = (row(2 * pair), row(2 * pair + 1));
            for (line, source) in luma.chunks_mut(w).zip([upper, lower]) {
                for (y, p) in line.iter_mut().zip(source.chunks_exact(4)) {
                    *y = weigh(0, p[0].into(), p[1].into(), p[2].into()) as u8;
                }
            }
            for (x, (cb, cr)) in cb.iter_mut().zip(cr).enumerate() {
                let (left, right) = (2 * x * 4, (2 * x + 1).min(w - 1) * 4);
                let mean = |c: usize| {
                    let sum =
                        i32::from(upper[left + c]) + i32::from(upper[right + c]) + i32::from(lower[left + c]) + i32::from(lower[right + c]);
                    (sum + 2) >> 2
                };
                let (r, g, b) = (mean(0), mean(1), mean(2));
                *cb = weigh(1, r, g, b) as u8;
                *cr = weigh(2, r, g, b) as u8;
            }
        },
    );
    Picture::from_packed(PixelFormat::I420, width, height, data, tags).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours_have_the_code_values_of_the_standard() {
        // BT.709-6: 75 % bars are not needed here; full white, black and the primaries say the same
        for (rgb, expected) in
            [([255, 255, 255], [235, 128, 128]), ([0, 0, 0], [16, 128, 128]), ([255, 0, 0], [63, 102, 240]), ([0, 0, 255], [32, 240, 118])]
        {
            let rgba: Vec<u8> = std::iter::repeat_n([rgb[0], rgb[1], rgb[2], 255], 16).flatten().collect();
            let p = to_i420(&rgba, 16, 4, 4).unwrap();
            for (plane, value) in expected.into_iter().enumerate() {
                assert!(p.row(plane, 0).iter().all(|v| v.abs_diff(value) <= 1), "{rgb:?} plane {plane}: {:?}", p.row(plane, 0));
            }
        }
    }

    #[test]
    fn padding_is_skipped_odd_sizes_work_and_short_rows_are_refused() {
        let mut rgba = vec![255u8; 16 * 3];
        rgba[12..16].fill(0);
        let p = to_i420(&rgba, 16, 3, 3).unwrap();
        assert_eq!((p.row(0, 0), p.row(0, 2), p.row(1, 1).len()), (&[235; 3][..], &[235; 3][..], 2));
        assert!(to_i420(&rgba, 16, 3, 4).is_none());
        assert!(to_i420(&rgba, 8, 3, 3).is_none());
    }
}
