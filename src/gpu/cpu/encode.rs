//! Rows of linear light to code values in planes. Twin of `encode.wgsl`. Rounds to nearest, no dither.

use super::{
    curve,
    input::matrix,
    simd::{fma, kernel},
};
use crate::{
    base::PixelFormat,
    gpu::params::{FLAG_PRIMARIES, FLAG_TONE_MAP, OutputParams},
};

/// 2²³: adding it to a small positive float leaves the nearest integer in the low bits of the sum.
const ROUND: f32 = 8_388_608.0;

/// Rows that belong to one band of the output: slices that begin at the band's first row.
pub(super) struct Band<'a> {
    /// First canvas row; even.
    pub y: usize,
    pub planes: [&'a mut [u8]; 3],
}

/// Layout and numbers of the output.
pub(super) struct Target<'a> {
    pub format: PixelFormat,
    pub strides: [usize; 3],
    pub params: &'a OutputParams,
}

/// Light to R'G'B' in place.
pub(super) fn to_signal(p: &OutputParams, rows: &mut [Vec<f32>; 3]) {
    let [r, g, b] = rows;
    if p.flags & FLAG_PRIMARIES != 0 {
        matrix(&p.to_output, r, g, b);
    }
    if p.flags & FLAG_TONE_MAP != 0 {
        curve::tone_map(r, g, b);
    }
    for row in [r, g, b] {
        curve::from_linear(p.transfer, row);
    }
}

/// Code values of one row (`rows[0]`, or two for the canvas' rows 2k and 2k+1) of R'G'B'. `line` is the first row's
/// number inside the band; `scratch` holds at least a row.
pub(super) fn store(t: &Target<'_>, rows: &[[Vec<f32>; 3]], line: usize, band: &mut Band<'_>, scratch: &mut [f32]) {
    let (f, p) = (t.format, t.params);
    let (sx, sy) = f.chroma_shift();
    for (i, row) in rows.iter().enumerate() {
        let [r, g, b] = row;
        let out = &mut band.planes[0][(line + i) * t.strides[0]..];
        if f.is_rgb() {
            store_rgba(f, p, row, out);
            continue;
        }
        component(&p.to_code[0], r, g, b, scratch);
        put(f, p.max_code, &scratch[..r.len()], out, 0, 1);
    }
    if f.is_rgb() {
        return;
    }
    let semi = f.planes() == 2;
    let groups: Vec<&[[Vec<f32>; 3]]> = if sy == 1 { vec![rows] } else { rows.chunks(1).collect() };
    for (i, group) in groups.into_iter().enumerate() {
        let at = if sy == 1 { line / 2 } else { line + i };
        for c in 0..2 {
            let n = chroma_row(&p.to_code[c + 1], group, sx, scratch);
            let (plane, first, step) = if semi { (1, c, 2) } else { (1 + c, 0, 1) };
            let out = &mut band.planes[plane][at * t.strides[plane]..];
            put(f, p.max_code, &scratch[..n], out, first, step);
        }
    }
}

/// One chroma row from one or two rows, horizontal pairs averaged where `sx` is 1. Returns its length.
fn chroma_row(m: &[f32; 4], rows: &[[Vec<f32>; 3]], sx: u32, out: &mut [f32]) -> usize {
    let [r, g, b] = &rows[0];
    match rows.get(1) {
        Some([r1, g1, b1]) => component_mean(m, r, g, b, r1, g1, b1, out),
        None => component(m, r, g, b, out),
    }
    let width = r.len();
    if sx == 0 {
        return width;
    }
    halve(&mut out[..width]);
    width.div_ceil(2)
}

#[inline(always)]
fn mad<const FMA: bool>(m: &[f32; 4], x: f32, y: f32, z: f32) -> f32 {
    fma::<FMA>(m[0], x, fma::<FMA>(m[1], y, fma::<FMA>(m[2], z, m[3])))
}
#[inline(always)]
fn component_body<const FMA: bool>(m: &[f32; 4], r: &[f32], g: &[f32], b: &[f32], out: &mut [f32]) {
    for (((o, r), g), b) in out.iter_mut().zip(r).zip(g).zip(b) {
        *o = mad::<FMA>(m, *r, *g, *b);
    }
}
#[inline(always)]
#[allow(clippy::too_many_arguments)] // rows come as separate slices so that the loop vectorises
fn component_mean_body<const FMA: bool>(
    m: &[f32; 4],
    r0: &[f32],
    g0: &[f32],
    b0: &[f32],
    r1: &[f32],
    g1: &[f32],
    b1: &[f32],
    out: &mut [f32],
) {
    let half = [m[0] * 0.5, m[1] * 0.5, m[2] * 0.5, m[3]];
    for ((((((o, r0), g0), b0), r1), g1), b1) in out.iter_mut().zip(r0).zip(g0).zip(b0).zip(r1).zip(g1).zip(b1) {
        *o = mad::<FMA>(&half, r0 + r1, g0 + g1, b0 + b1);
    }
}
#[inline(always)]
fn halve_body<const FMA: bool>(row: &mut [f32]) {
    let n = row.len();
    for i in 0..n / 2 {
        row[i] = (row[2 * i] + row[2 * i + 1]) * 0.5;
    }
    if n % 2 == 1 {
        row[n / 2] = row[n - 1];
    }
}
kernel! { fn component(m: &[f32; 4], r: &[f32], g: &[f32], b: &[f32], out: &mut [f32]) = component_body }
kernel! {
    fn component_mean(m: &[f32; 4], r0: &[f32], g0: &[f32], b0: &[f32], r1: &[f32], g1: &[f32], b1: &[f32], out: &mut [f32]) = component_mean_body
}
kernel! {
    /// Means of neighbouring pairs into the front half; a lone last one stays.
    fn halve(row: &mut [f32]) = halve_body
}

#[inline(always)]
fn code(v: f32, max: f32) -> u32 {
    (v.max(0.0).min(max) + ROUND).to_bits()
}
#[inline(always)]
fn put8_body<const FMA: bool>(max: f32, v: &[f32], out: &mut [u8]) {
    for (o, v) in out.iter_mut().zip(v) {
        *o = code(*v, max) as u8;
    }
}
#[inline(always)]
fn put16_body<const FMA: bool>(max: f32, v: &[f32], out: &mut [u8]) {
    for (o, v) in out.as_chunks_mut::<2>().0.iter_mut().zip(v) {
        *o = (code(*v, max) as u16).to_le_bytes();
    }
}
kernel! { fn put8(max: f32, v: &[f32], out: &mut [u8]) = put8_body }
kernel! { fn put16(max: f32, v: &[f32], out: &mut [u8]) = put16_body }

/// Rounds `v` into a row, at samples `first`, `first + step`, ….
fn put(f: PixelFormat, max: f32, v: &[f32], out: &mut [u8], first: usize, step: usize) {
    let shift = crate::gpu::prepare::code_shift(f);
    match (f.bytes_per_sample(), step, shift) {
        (1, 1, _) => put8(max, v, out),
        (_, 1, 0) => put16(max, v, out),
        (1, ..) => v.iter().zip(out[first..].iter_mut().step_by(step)).for_each(|(v, o)| *o = code(*v, max) as u8),
        _ => {
            let words = out.as_chunks_mut::<2>().0[first..].iter_mut().step_by(step);
            v.iter().zip(words).for_each(|(v, o)| *o = ((code(*v, max) as u16) << shift).to_le_bytes());
        }
    }
}

fn store_rgba(f: PixelFormat, p: &OutputParams, [r, g, b]: &[Vec<f32>; 3], out: &mut [u8]) {
    // the same scale and offset for all three: R, G, B have no matrix
    let (scale, offset) = (p.to_code[0][0], p.to_code[0][3]);
    if f == PixelFormat::Rgba8 {
        put_rgba8(scale, offset, p.max_code, r, g, b, out)
    } else {
        put_rgba16(scale, offset, p.max_code, r, g, b, out)
    }
}

#[inline(always)]
fn put_rgba8_body<const FMA: bool>(scale: f32, offset: f32, max: f32, r: &[f32], g: &[f32], b: &[f32], out: &mut [u8]) {
    for (((o, r), g), b) in out.as_chunks_mut::<4>().0.iter_mut().zip(r).zip(g).zip(b) {
        let c = |v: f32| code(fma::<FMA>(v, scale, offset), max) & 0xFF;
        *o = (c(*r) | c(*g) << 8 | c(*b) << 16 | 0xFF00_0000).to_le_bytes();
    }
}
#[inline(always)]
fn put_rgba16_body<const FMA: bool>(scale: f32, offset: f32, max: f32, r: &[f32], g: &[f32], b: &[f32], out: &mut [u8]) {
    for (((o, r), g), b) in out.as_chunks_mut::<8>().0.iter_mut().zip(r).zip(g).zip(b) {
        let c = |v: f32| u64::from(code(fma::<FMA>(v, scale, offset), max) & 0xFFFF);
        *o = (c(*r) | c(*g) << 16 | c(*b) << 32 | 0xFFFF << 48).to_le_bytes();
    }
}
kernel! { fn put_rgba8(scale: f32, offset: f32, max: f32, r: &[f32], g: &[f32], b: &[f32], out: &mut [u8]) = put_rgba8_body }
kernel! { fn put_rgba16(scale: f32, offset: f32, max: f32, r: &[f32], g: &[f32], b: &[f32], out: &mut [u8]) = put_rgba16_body }
