//! The general sampling: any affine map, bilinear samples averaged over the pixel. Twin of `filtered` in
//! `composite.wgsl`, sample by sample.

use super::{light::Light, sample::Codes, simd::kernel};
use crate::{
    base::Picture,
    gpu::params::{InputParams, KIND_RGBA, KIND_SEMI_PLANAR},
};
use std::ops::Range;

/// Reads a sample.
trait Texel {
    const BYTES: usize;
    /// The sample that begins at byte `i`.
    fn get(bytes: &[u8], i: usize) -> f32;
}
struct One;
struct Two;
impl Texel for One {
    const BYTES: usize = 1;
    #[inline(always)]
    fn get(bytes: &[u8], i: usize) -> f32 {
        f32::from(bytes[i])
    }
}
impl Texel for Two {
    const BYTES: usize = 2;
    #[inline(always)]
    fn get(bytes: &[u8], i: usize) -> f32 {
        f32::from(u16::from_le_bytes([bytes[i], bytes[i + 1]]))
    }
}

struct Single;
impl Texel for Single {
    const BYTES: usize = 4;
    #[inline(always)]
    fn get(bytes: &[u8], i: usize) -> f32 {
        f32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]])
    }
}

/// A plane's bytes and shape, looked up once per row.
struct Plane<'a> {
    bytes: &'a [u8],
    stride: usize,
    /// Index of the last texel along x and y.
    last: (usize, usize),
    /// Components per texel.
    step: usize,
}

impl<'a> Plane<'a> {
    fn new(picture: &'a Picture, plane: usize, step: usize) -> Self {
        let (samples, rows) = picture.format.plane_size(plane, picture.width, picture.height);
        Self {
            bytes: picture.plane(plane),
            stride: picture.planes[plane].stride,
            last: (samples as usize / step - 1, rows as usize - 1),
            step,
        }
    }
}

impl<'a> Plane<'a> {
    fn of_light(light: &'a Light, k: usize) -> Self {
        let (w, h) = (light.width, light.height);
        Self { bytes: bytemuck::cast_slice(light.plane(k)), stride: w * 4, last: (w - 1, h - 1), step: 1 }
    }
}

/// Where one row of samples lies in a plane: texel above left, and the share of its neighbours.
#[derive(Default)]
pub(super) struct Places {
    x: Vec<i32>,
    y: Vec<i32>,
    fx: Vec<f32>,
    fy: Vec<f32>,
}

/// An affine map of one coordinate along a row: start, step, bounds, then factor and offset into the plane.
#[derive(Clone, Copy)]
struct Along {
    start: f32,
    step: f32,
    bounds: (f32, f32),
    plane: (f32, f32),
}

#[inline(always)]
fn places_body<const FMA: bool>(a: Along, whole: &mut [i32], share: &mut [f32]) {
    for (i, (w, f)) in whole.iter_mut().zip(share).enumerate() {
        let u = (a.start + a.step * i as f32).clamp(a.bounds.0, a.bounds.1) * a.plane.0 + a.plane.1 - 0.5;
        // u > −1: truncation of u + 1 rounds down
        *w = (u + 1.0) as i32 - 1;
        *f = u - *w as f32;
    }
}
kernel! {
    /// Texels and shares along a row.
    fn places(a: Along, whole: &mut [i32], share: &mut [f32]) = places_body
}

impl Places {
    /// The samples of columns `span` at offset `at` (column offset, row position).
    fn set(&mut self, p: &InputParams, at: (f32, f32), is_chroma: bool, span: &Range<usize>) {
        let n = span.len();
        for v in [&mut self.x, &mut self.y] {
            v.resize(n, 0);
        }
        for v in [&mut self.fx, &mut self.fy] {
            v.resize(n, 0.0);
        }
        let c = if is_chroma { p.chroma } else { [1.0, 1.0, 0.0, 0.0] };
        let first = span.start as f32 + at.0;
        let start = |m: &[f32; 4]| m[0] * first + m[1] * at.1 + m[2];
        let (bx, by) = ((p.bounds[0], p.bounds[2]), (p.bounds[1], p.bounds[3]));
        places(Along { start: start(&p.map_x), step: p.map_x[0], bounds: bx, plane: (c[0], c[2]) }, &mut self.x, &mut self.fx);
        places(Along { start: start(&p.map_y), step: p.map_y[0], bounds: by, plane: (c[1], c[3]) }, &mut self.y, &mut self.fy);
    }

    /// Byte positions of the four texels around sample `i` (their first components), and the shares.
    #[inline(always)]
    fn around<T: Texel>(&self, plane: &Plane<'_>, i: usize) -> ([usize; 4], f32, f32) {
        let (x, y) = (self.x[i], self.y[i]);
        let column = |x: i32| (x.max(0) as usize).min(plane.last.0) * plane.step * T::BYTES;
        let row = |y: i32| (y.max(0) as usize).min(plane.last.1) * plane.stride;
        let (x0, x1, y0, y1) = (column(x), column(x + 1), row(y), row(y + 1));
        ([y0 + x0, y0 + x1, y1 + x0, y1 + x1], self.fx[i], self.fy[i])
    }
}

#[inline(always)]
fn mix(a: f32, b: f32, f: f32) -> f32 {
    a + (b - a) * f
}

#[inline(always)]
fn mix4(s: [f32; 4], fx: f32, fy: f32) -> f32 {
    mix(mix(s[0], s[1], fx), mix(s[2], s[3], fx), fy)
}

/// Adds the bilinear samples of the first `N` components.
fn add_plane<T: Texel, const N: usize>(plane: &Plane<'_>, places: &Places, mut out: [&mut [f32]; N]) {
    for i in 0..places.x.len() {
        let (at, fx, fy) = places.around::<T>(plane, i);
        for (k, o) in out.iter_mut().enumerate() {
            o[i] += mix4(at.map(|a| T::get(plane.bytes, a + k * T::BYTES)), fx, fy);
        }
    }
}

/// Adds bilinear samples of colour multiplied by alpha, and of alpha.
fn add_rgba<T: Texel>(plane: &Plane<'_>, places: &Places, scale: f32, mut out: [&mut [f32]; 4]) {
    for i in 0..places.x.len() {
        let (at, fx, fy) = places.around::<T>(plane, i);
        let alpha = at.map(|a| T::get(plane.bytes, a + 3 * T::BYTES));
        for (k, o) in out.iter_mut().enumerate() {
            let s = if k == 3 { alpha } else { std::array::from_fn(|n| T::get(plane.bytes, at[n] + k * T::BYTES) * (alpha[n] * scale)) };
            o[i] += mix4(s, fx, fy);
        }
    }
}

/// Code values of canvas row `y`, columns `span`. Colour of R, G, B, A comes back straight.
pub(super) fn fetch(picture: &Picture, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    if picture.format.bytes_per_sample() == 1 {
        fetch_texels::<One>(picture, p, y, span, out);
    } else {
        fetch_texels::<Two>(picture, p, y, span, out);
    }
}

/// Premultiplied light of canvas row `y`, columns `span`.
pub(super) fn fetch_light(light: &Light, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let Codes { c, places, .. } = out;
    c.iter_mut().for_each(|c| c[span.clone()].fill(0.0));
    for j in 0..p.taps_y {
        for i in 0..p.taps_x {
            let at = ((i as f32 + 0.5) / p.taps_x as f32, y as f32 + (j as f32 + 0.5) / p.taps_y as f32);
            places.set(p, at, false, span);
            for (k, c) in c.iter_mut().enumerate() {
                add_plane::<Single, 1>(&Plane::of_light(light, k), places, [&mut c[span.clone()]]);
            }
        }
    }
    let count = (p.taps_x * p.taps_y) as f32;
    c.iter_mut().for_each(|c| c[span.clone()].iter_mut().for_each(|v| *v /= count));
}

fn fetch_texels<T: Texel>(picture: &Picture, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let Codes { c, places, .. } = out;
    let [c0, c1, c2, c3] = c;
    let [c0, c1, c2, c3] = [&mut c0[span.clone()], &mut c1[span.clone()], &mut c2[span.clone()], &mut c3[span.clone()]];
    for c in [&mut *c0, &mut *c1, &mut *c2, &mut *c3] {
        c.fill(0.0);
    }
    let luma = Plane::new(picture, 0, if p.kind == KIND_RGBA { 4 } else { 1 });
    let count = (p.taps_x * p.taps_y) as f32;
    for j in 0..p.taps_y {
        for i in 0..p.taps_x {
            let at = ((i as f32 + 0.5) / p.taps_x as f32, y as f32 + (j as f32 + 0.5) / p.taps_y as f32);
            places.set(p, at, false, span);
            if p.kind == KIND_RGBA {
                add_rgba::<T>(&luma, places, p.alpha_scale, [&mut *c0, &mut *c1, &mut *c2, &mut *c3]);
                continue;
            }
            add_plane::<T, 1>(&luma, places, [&mut *c0]);
            places.set(p, at, true, span);
            if p.kind == KIND_SEMI_PLANAR {
                add_plane::<T, 2>(&Plane::new(picture, 1, 2), places, [&mut *c1, &mut *c2]);
            } else {
                add_plane::<T, 1>(&Plane::new(picture, 1, 1), places, [&mut *c1]);
                add_plane::<T, 1>(&Plane::new(picture, 2, 1), places, [&mut *c2]);
            }
        }
    }
    for c in [&mut *c0, &mut *c1, &mut *c2, &mut *c3] {
        c.iter_mut().for_each(|v| *v /= count);
    }
    if p.kind == KIND_RGBA {
        for (((r, g), b), a) in c0.iter_mut().zip(c1).zip(c2).zip(c3) {
            let share = *a * p.alpha_scale;
            let k = if share > 0.0 { 1.0 / share } else { 0.0 };
            (*r, *g, *b) = (*r * k, *g * k, *b * k);
        }
    }
}
