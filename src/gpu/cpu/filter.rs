//! The general sampling: any affine map, bilinear samples averaged over the pixel. Twin of `filtered` in
//! `composite.wgsl`, sample by sample: where a sample lies is computed for a whole row, then the four texels around each
//! are gathered, then they are mixed; all but the gathering vectorises.

use super::{
    light::Light,
    sample::Codes,
    simd::{fma, kernel},
};
use crate::{
    base::Picture,
    gpu::params::{InputParams, KIND_RGBA, KIND_SEMI_PLANAR},
};
use std::ops::Range;

/// A plane's shape, in units that the caller counts in: bytes, or samples.
#[derive(Clone, Copy)]
struct Shape {
    /// Texels along x and y.
    size: (usize, usize),
    stride: usize,
    /// From one texel to the next.
    step: usize,
}

impl Shape {
    /// To the neighbour on the right and the one below; 0 where there is none.
    fn neighbours(&self) -> (usize, usize) {
        (if self.size.0 > 1 { self.step } else { 0 }, if self.size.1 > 1 { self.stride } else { 0 })
    }
}

/// Where one row of samples lies in a plane, and the texels around them.
#[derive(Default)]
pub(super) struct Places {
    /// The texel above left.
    at: Vec<u32>,
    /// Shares of its neighbours.
    fx: Vec<f32>,
    fy: Vec<f32>,
    texels: [Vec<u32>; 4],
}

/// An affine map of one coordinate along a row: start, step, bounds, then factor and offset into the plane.
#[derive(Clone, Copy)]
struct Along {
    start: f32,
    step: f32,
    bounds: (f32, f32),
    plane: (f32, f32),
    /// Index of the last texel, and of the last that has a neighbour.
    last: f32,
    last_pair: i32,
    /// Distance between texels.
    distance: u32,
}

/// Adding it to a number in 0…2²² leaves the nearest integer in the low bits.
const ROUND: f32 = 12_582_912.0;

#[inline(always)]
fn place<const FMA: bool>(a: &Along, i: f32) -> (u32, f32) {
    let v = fma::<FMA>(a.step, i, a.start).clamp(a.bounds.0, a.bounds.1);
    let u = (v * a.plane.0 + a.plane.1 - 0.5).clamp(0.0, a.last);
    // rounds down, or, on a texel, to the one before with all of the share on this one
    let whole = ((u - 0.5 + ROUND).to_bits() as i32).wrapping_sub(ROUND.to_bits() as i32).clamp(0, a.last_pair);
    ((whole as u32).wrapping_mul(a.distance), u - whole as f32)
}

#[inline(always)]
fn places_body<const FMA: bool>(x: Along, y: Along, at: &mut [u32], fx: &mut [f32], fy: &mut [f32]) {
    for (i, ((at, fx), fy)) in at.iter_mut().zip(fx).zip(fy).enumerate() {
        let ((column, f), (row, g)) = (place::<FMA>(&x, i as f32), place::<FMA>(&y, i as f32));
        (*at, *fx, *fy) = (column.wrapping_add(row), f, g);
    }
}
kernel! {
    /// Texels and shares along a row.
    fn places(x: Along, y: Along, at: &mut [u32], fx: &mut [f32], fy: &mut [f32]) = places_body
}

impl Places {
    /// The samples of columns `span` at offset `at` (column offset, row position) in a plane of luma or chroma.
    fn set(&mut self, p: &InputParams, at: (f32, f32), shape: Shape, is_chroma: bool, span: &Range<usize>) {
        let n = span.len();
        self.at.resize(n, 0);
        self.fx.resize(n, 0.0);
        self.fy.resize(n, 0.0);
        self.texels.iter_mut().for_each(|t| t.resize(n, 0));
        let c = if is_chroma { p.chroma } else { [1.0, 1.0, 0.0, 0.0] };
        let first = span.start as f32 + at.0;
        let along = |m: &[f32; 4], bounds, plane, size: usize, distance: usize| Along {
            start: m[0] * first + m[1] * at.1 + m[2],
            step: m[0],
            bounds,
            plane,
            last: (size - 1) as f32,
            last_pair: (size as i32 - 2).max(0),
            distance: distance as u32,
        };
        let x = along(&p.map_x, (p.bounds[0], p.bounds[2]), (c[0], c[2]), shape.size.0, shape.step);
        let y = along(&p.map_y, (p.bounds[1], p.bounds[3]), (c[1], c[3]), shape.size.1, shape.stride);
        places(x, y, &mut self.at, &mut self.fx, &mut self.fy);
    }

    /// The four texels around each sample, as `read` finds them.
    fn gather(&mut self, shape: Shape, read: impl Fn(usize) -> u32) {
        let (right, _) = shape.neighbours();
        self.gather_pairs(shape, |at| (read(at), read(at + right)));
    }

    /// The same by texels and their right neighbours.
    fn gather_pairs(&mut self, shape: Shape, read: impl Fn(usize) -> (u32, u32)) {
        let (_, below) = shape.neighbours();
        let [a, b, c, d] = &mut self.texels;
        for ((((at, a), b), c), d) in self.at.iter().zip(a).zip(b).zip(c).zip(d) {
            let at = *at as usize;
            (*a, *b) = read(at);
            (*c, *d) = read(at + below);
        }
    }

    /// Adds the component that lies `shift` bits up in the gathered texels.
    fn add(&self, shift: u32, mask: u32, out: &mut [f32]) {
        let [a, b, c, d] = &self.texels;
        add_mixed(a, b, c, d, &self.fx, &self.fy, shift, mask, out);
    }
}

#[inline(always)]
fn mix<const FMA: bool>(a: f32, b: f32, f: f32) -> f32 {
    fma::<FMA>(b - a, f, a)
}

#[inline(always)]
#[allow(clippy::too_many_arguments)] // rows come as separate slices so that the loop vectorises
fn add_mixed_body<const FMA: bool>(
    a: &[u32],
    b: &[u32],
    c: &[u32],
    d: &[u32],
    fx: &[f32],
    fy: &[f32],
    shift: u32,
    mask: u32,
    out: &mut [f32],
) {
    let n = out.len();
    let (a, b, c, d, fx, fy) = (&a[..n], &b[..n], &c[..n], &d[..n], &fx[..n], &fy[..n]);
    let value = |t: u32| (t.wrapping_shr(shift) & mask) as i32 as f32;
    for i in 0..n {
        let top = mix::<FMA>(value(a[i]), value(b[i]), fx[i]);
        let low = mix::<FMA>(value(c[i]), value(d[i]), fx[i]);
        out[i] += mix::<FMA>(top, low, fy[i]);
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)] // rows come as separate slices so that the loop vectorises
fn add_colored_body<const FMA: bool>(
    a: &[u32],
    b: &[u32],
    c: &[u32],
    d: &[u32],
    fx: &[f32],
    fy: &[f32],
    shift: u32,
    scale: f32,
    out: &mut [f32],
) {
    let n = out.len();
    let (a, b, c, d, fx, fy) = (&a[..n], &b[..n], &c[..n], &d[..n], &fx[..n], &fy[..n]);
    let value = |t: u32| (t.wrapping_shr(shift) & 0xFF) as i32 as f32 * ((t >> 24) as i32 as f32 * scale);
    for i in 0..n {
        let top = mix::<FMA>(value(a[i]), value(b[i]), fx[i]);
        let low = mix::<FMA>(value(c[i]), value(d[i]), fx[i]);
        out[i] += mix::<FMA>(top, low, fy[i]);
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)] // rows come as separate slices so that the loop vectorises
fn add_floats_body<const FMA: bool>(a: &[u32], b: &[u32], c: &[u32], d: &[u32], fx: &[f32], fy: &[f32], out: &mut [f32]) {
    let n = out.len();
    let (a, b, c, d, fx, fy) = (&a[..n], &b[..n], &c[..n], &d[..n], &fx[..n], &fy[..n]);
    for i in 0..n {
        let top = mix::<FMA>(f32::from_bits(a[i]), f32::from_bits(b[i]), fx[i]);
        let low = mix::<FMA>(f32::from_bits(c[i]), f32::from_bits(d[i]), fx[i]);
        out[i] += mix::<FMA>(top, low, fy[i]);
    }
}

kernel! {
    /// Adds the mix of four texels, of one component.
    fn add_mixed(a: &[u32], b: &[u32], c: &[u32], d: &[u32], fx: &[f32], fy: &[f32], shift: u32, mask: u32, out: &mut [f32]) = add_mixed_body
}
kernel! {
    /// The same for 8-bit R, G, B, A texels, the component multiplied by alpha.
    fn add_colored(a: &[u32], b: &[u32], c: &[u32], d: &[u32], fx: &[f32], fy: &[f32], shift: u32, scale: f32, out: &mut [f32]) = add_colored_body
}
kernel! {
    /// The same for texels that are floats.
    fn add_floats(a: &[u32], b: &[u32], c: &[u32], d: &[u32], fx: &[f32], fy: &[f32], out: &mut [f32]) = add_floats_body
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let b = &bytes[at..at + 2];
    u32::from(u16::from_le_bytes([b[0], b[1]]))
}

/// One plane of a picture.
struct Plane<'a> {
    bytes: &'a [u8],
    shape: Shape,
    two_bytes: bool,
}

impl<'a> Plane<'a> {
    fn new(picture: &'a Picture, plane: usize, components: usize) -> Self {
        let (samples, rows) = picture.format.plane_size(plane, picture.width, picture.height);
        let width = picture.format.bytes_per_sample();
        let size = (samples as usize / components, rows as usize);
        let shape = Shape { size, stride: picture.planes[plane].stride, step: components * width };
        Self { bytes: picture.plane(plane), shape, two_bytes: width == 2 }
    }

    /// Adds the samples of the first `N` components, one or two.
    fn add<const N: usize>(&self, places: &mut Places, out: [&mut [f32]; N]) {
        let b = self.bytes;
        match (self.two_bytes, N) {
            (false, 1) if self.shape.size.0 > 1 => places.gather_pairs(self.shape, |at| {
                let pair = word(b, at);
                (pair & 0xFF, pair >> 8)
            }),
            (false, 1) => places.gather(self.shape, |at| u32::from(b[at])),
            (false, _) | (true, 1) => places.gather(self.shape, |at| word(b, at)),
            (true, _) => places.gather(self.shape, |at| word(b, at) | word(b, at + 2) << 16),
        }
        let (bits, mask) = if self.two_bytes { (16, 0xFFFF) } else { (8, 0xFF) };
        for (k, out) in out.into_iter().enumerate() {
            places.add(bits * k as u32, mask, out);
        }
    }

    /// Adds samples of colour multiplied by alpha, and of alpha.
    fn add_rgba(&self, places: &mut Places, scale: f32, mut out: [&mut [f32]; 4]) {
        let b = self.bytes;
        if !self.two_bytes {
            places.gather(self.shape, |at| u32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]]));
            let ([a, b, c, d], [r, g, bl, al]) = (&places.texels, out);
            for (k, out) in [r, g, bl].into_iter().enumerate() {
                add_colored(a, b, c, d, &places.fx, &places.fy, 8 * k as u32, scale, out);
            }
            places.add(24, 0xFF, al);
            return;
        }
        for (k, out) in out.iter_mut().enumerate() {
            let component = |at: usize| word(b, at + 2 * k) as f32 * if k == 3 { 1.0 } else { word(b, at + 6) as f32 * scale };
            places.gather(self.shape, |at| component(at).to_bits());
            let [a, b, c, d] = &places.texels;
            add_floats(a, b, c, d, &places.fx, &places.fy, out);
        }
    }
}

/// Code values of canvas row `y`, columns `span`. Colour of R, G, B, A comes back straight.
pub(super) fn fetch(picture: &Picture, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let is_rgba = p.kind == KIND_RGBA;
    let luma = Plane::new(picture, 0, if is_rgba { 4 } else { 1 });
    sum(p, y, span, out, |places, [c0, c1, c2, c3], at| {
        places.set(p, at, luma.shape, false, span);
        if is_rgba {
            return luma.add_rgba(places, p.alpha_scale, [c0, c1, c2, c3]);
        }
        luma.add(places, [c0]);
        let components = if p.kind == KIND_SEMI_PLANAR { 2 } else { 1 };
        let second = Plane::new(picture, 1, components);
        places.set(p, at, second.shape, true, span);
        if components == 2 {
            return second.add(places, [c1, c2]);
        }
        second.add(places, [c1]);
        let third = Plane::new(picture, 2, 1);
        if (third.shape.stride, third.shape.size) != (second.shape.stride, second.shape.size) {
            places.set(p, at, third.shape, true, span);
        }
        third.add(places, [c2]);
    });
    if is_rgba {
        super::sample::straighten(out, span, p.alpha_scale);
    }
}

/// Premultiplied light of canvas row `y`, columns `span`.
pub(super) fn fetch_light(light: &Light, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let shape = Shape { size: (light.width, light.height), stride: light.width, step: 1 };
    sum(p, y, span, out, |places, rows, at| {
        places.set(p, at, shape, false, span);
        for (k, out) in rows.into_iter().enumerate() {
            let plane = light.plane(k);
            places.gather(shape, |at| plane[at].to_bits());
            let [a, b, c, d] = &places.texels;
            add_floats(a, b, c, d, &places.fx, &places.fy, out);
        }
    });
}

/// The mean of what `add` adds for each of the pixel's samples (column offset, row position).
fn sum(p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes, add: impl Fn(&mut Places, [&mut [f32]; 4], (f32, f32))) {
    let Codes { c, places, .. } = out;
    let mut rows = c.each_mut().map(|c| &mut c[span.clone()]);
    rows.iter_mut().for_each(|c| c.fill(0.0));
    for j in 0..p.taps_y {
        for i in 0..p.taps_x {
            let at = ((i as f32 + 0.5) / p.taps_x as f32, y as f32 + (j as f32 + 0.5) / p.taps_y as f32);
            add(places, rows.each_mut().map(|r| &mut **r), at);
        }
    }
    let share = 1.0 / (p.taps_x * p.taps_y) as f32;
    rows.into_iter().for_each(|c| c.iter_mut().for_each(|v| *v *= share));
}
