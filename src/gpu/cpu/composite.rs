//! Layers onto a row of the canvas, in linear light with premultiplied alpha. Twin of `composite.wgsl`.

use super::{
    curve,
    sample::{Codes, coverage, fetch, span},
    separable::Separable,
    simd::{fma, kernel},
};
use crate::{
    base::Picture,
    gpu::{
        params::{FLAG_PRIMARIES, FLAG_TONE_MAP, InputParams, KIND_RGBA, KIND_SOLID, TRANSFER_SDR},
        prepare::{PreparedInput, PreparedLayer},
    },
    model::Blend,
};
use std::ops::Range;

/// Linear R, G, B rows (and alpha, for layers).
pub(super) type Rows = [Vec<f32>; 4];

/// Work space of one thread.
pub(super) struct Scratch {
    codes: Codes,
    layer: Rows,
    share: Vec<f32>,
}

impl Scratch {
    pub fn new(width: usize) -> Self {
        Self { codes: Codes::new(width), layer: std::array::from_fn(|_| vec![0.0; width]), share: vec![0.0; width] }
    }
}

/// Rows of the colour matrix, copied out so that the loops keep them in registers.
type ColorRows = [[f32; 4]; 3];

/// An input with the filters that its placement needs.
pub(super) struct DrawInput<'a> {
    pub picture: Option<&'a Picture>,
    pub params: &'a InputParams,
    pub separable: Option<Separable>,
}

/// A layer with the filters of its inputs.
pub(super) struct DrawLayer<'a> {
    pub inputs: Vec<DrawInput<'a>>,
    pub blend: Blend,
}

impl<'a> DrawLayer<'a> {
    pub fn new(layer: &'a PreparedLayer, width: usize, height: usize) -> Self {
        let draw = |i: &'a PreparedInput| DrawInput {
            picture: i.picture.as_ref(),
            params: &i.params,
            separable: i.picture.as_ref().and_then(|p| Separable::new(&i.params, p, width, height)),
        };
        Self { inputs: layer.inputs.iter().map(draw).collect(), blend: layer.blend }
    }
}

/// Draws all layers on row `y` of the canvas; `canvas` holds linear R, G, B on return.
pub(super) fn draw_row(layers: &[DrawLayer<'_>], y: usize, canvas: &mut [Vec<f32>; 3], scratch: &mut Scratch) {
    canvas.iter_mut().for_each(|c| c.fill(0.0));
    let width = canvas[0].len();
    let mut empty = true;
    for layer in layers {
        // Over black, and in additive layers, light simply adds up: no separate sum is needed.
        let direct = layer.blend == Blend::Add
            || layer.blend == Blend::Normal && (empty || hides_below(layer.inputs.iter().map(|i| i.params), y, width));
        if direct {
            if layer.blend == Blend::Normal && !empty {
                canvas.iter_mut().for_each(|c| c.fill(0.0));
            }
            let [r, g, b] = canvas;
            for input in &layer.inputs {
                add_input(input, y, width, &mut scratch.codes, &mut scratch.share, [r, g, b], None);
            }
        } else {
            let [r, g, b, a] = &mut scratch.layer;
            for c in [&mut *r, &mut *g, &mut *b, &mut *a] {
                c.fill(0.0);
            }
            let mut touched = width..0;
            for input in &layer.inputs {
                let s = add_input(input, y, width, &mut scratch.codes, &mut scratch.share, [r, g, b], Some(a));
                if !s.is_empty() {
                    touched = touched.start.min(s.start)..touched.end.max(s.end);
                }
            }
            if touched.start < touched.end {
                blend_row(layer.blend, &scratch.layer, canvas, touched);
            }
        }
        empty &= layer.inputs.is_empty();
    }
}

/// Whether nothing below inputs with these parameters can be seen on row `y`.
pub(super) fn hides_below<'a>(inputs: impl Iterator<Item = &'a InputParams>, y: usize, width: usize) -> bool {
    let mut weight = 0.0;
    for p in inputs {
        let opaque = match p.kind {
            KIND_RGBA => false,
            KIND_SOLID => p.color[3] >= 1.0,
            _ => {
                let s = span(p, y, width);
                s.full && s.columns == (0..width)
            }
        };
        if !opaque {
            return false;
        }
        weight += p.weight;
    }
    (weight - 1.0).abs() < 1e-6
}

/// Adds premultiplied light × weight to `light`, and alpha × weight to `alpha` where asked. Returns the columns touched.
fn add_input(
    input: &DrawInput<'_>,
    y: usize,
    width: usize,
    codes: &mut Codes,
    share: &mut [f32],
    light: [&mut Vec<f32>; 3],
    alpha: Option<&mut Vec<f32>>,
) -> Range<usize> {
    let p = input.params;
    if p.kind == KIND_SOLID {
        for (row, v) in light.into_iter().zip(p.color) {
            row.iter_mut().for_each(|o| *o += v * p.weight);
        }
        if let Some(alpha) = alpha {
            alpha.iter_mut().for_each(|o| *o += p.color[3] * p.weight);
        }
        return 0..width;
    }
    let s = span(p, y, width);
    let cols = s.columns.clone();
    if cols.is_empty() {
        return cols;
    }
    let Some(picture) = input.picture else { return 0..0 };
    fetch(picture, p, input.separable.as_ref(), y, &cols, codes);
    let [c0, c1, c2, ca] = &mut codes.c;
    let (c0, c1, c2) = (&mut c0[cols.clone()], &mut c1[cols.clone()], &mut c2[cols.clone()]);
    let [r, g, b] = light.map(|row| &mut row[cols.clone()]);
    let plain = s.full && p.kind != KIND_RGBA;
    if plain && p.transfer == TRANSFER_SDR && p.flags & (FLAG_PRIMARIES | FLAG_TONE_MAP) == 0 {
        add_sdr(c0, c1, c2, &p.to_rgb, p.weight, r, g, b);
        if let Some(alpha) = alpha {
            alpha[cols.clone()].iter_mut().for_each(|o| *o += p.weight);
        }
        return cols;
    }
    matrix(&p.to_rgb, c0, c1, c2);
    light_rows(p, c0, c1, c2);
    let share = &mut share[cols.clone()];
    shares(p, &cols, y, s.full, &ca[cols.clone()], share);
    for (out, v) in [(r, c0), (g, c1), (b, c2)] {
        add_weighted(out, v, share);
    }
    if let Some(alpha) = alpha {
        alpha[cols.clone()].iter_mut().zip(&*share).for_each(|(o, s)| *o += s);
    }
    cols
}

/// R'G'B' rows to light in the working primaries, in place.
fn light_rows(p: &InputParams, r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    for row in [&mut *r, &mut *g, &mut *b] {
        if p.transfer == TRANSFER_SDR && p.flags & FLAG_PRIMARIES != 0 {
            curve::sdr_to_linear_precise(row);
        } else {
            curve::to_linear(p.transfer, row);
        }
    }
    if p.flags & FLAG_PRIMARIES != 0 {
        matrix(&p.to_working, r, g, b);
    }
    if p.flags & FLAG_TONE_MAP != 0 {
        curve::tone_map(r, g, b);
    }
}

/// Weight × coverage × alpha of each pixel.
fn shares(p: &InputParams, cols: &Range<usize>, y: usize, full: bool, alpha: &[f32], out: &mut [f32]) {
    if full {
        out.fill(p.weight);
    } else {
        for (x, o) in cols.clone().zip(&mut *out) {
            *o = p.weight * coverage(p, x as f32 + 0.5, y as f32 + 0.5);
        }
    }
    if p.kind == KIND_RGBA {
        out.iter_mut().zip(alpha).for_each(|(o, a)| *o *= a * p.alpha_scale);
    }
}

#[inline(always)]
fn mad<const FMA: bool>(m: &[f32; 4], x: f32, y: f32, z: f32) -> f32 {
    fma::<FMA>(m[0], x, fma::<FMA>(m[1], y, fma::<FMA>(m[2], z, m[3])))
}

#[inline(always)]
fn matrix_body<const FMA: bool>(m: &ColorRows, a: &mut [f32], b: &mut [f32], c: &mut [f32]) {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        let (x, y, z) = (*a, *b, *c);
        (*a, *b, *c) = (mad::<FMA>(&m[0], x, y, z), mad::<FMA>(&m[1], x, y, z), mad::<FMA>(&m[2], x, y, z));
    }
}

#[inline(always)]
#[allow(clippy::too_many_arguments)] // rows come as separate slices so that the loop vectorises
fn add_sdr_body<const FMA: bool>(y: &[f32], u: &[f32], v: &[f32], m: &ColorRows, weight: f32, r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    let n = y.len();
    let (u, v, r, g, b) = (&u[..n], &v[..n], &mut r[..n], &mut g[..n], &mut b[..n]);
    for i in 0..n {
        let (x, p, q) = (y[i], u[i], v[i]);
        r[i] = fma::<FMA>(weight, curve::sdr_to_linear::<FMA>(mad::<FMA>(&m[0], x, p, q)), r[i]);
        g[i] = fma::<FMA>(weight, curve::sdr_to_linear::<FMA>(mad::<FMA>(&m[1], x, p, q)), g[i]);
        b[i] = fma::<FMA>(weight, curve::sdr_to_linear::<FMA>(mad::<FMA>(&m[2], x, p, q)), b[i]);
    }
}

#[inline(always)]
fn add_weighted_body<const FMA: bool>(out: &mut [f32], v: &[f32], share: &[f32]) {
    for ((o, v), s) in out.iter_mut().zip(v).zip(share) {
        *o = fma::<FMA>(*v, *s, *o);
    }
}

kernel! {
    /// `(a, b, c) ← m · (a, b, c, 1)` for every column.
    pub(super) fn matrix(m: &ColorRows, a: &mut [f32], b: &mut [f32], c: &mut [f32]) = matrix_body
}
kernel! {
    /// Adds the light of opaque SDR code values.
    fn add_sdr(y: &[f32], u: &[f32], v: &[f32], m: &ColorRows, weight: f32, r: &mut [f32], g: &mut [f32], b: &mut [f32]) = add_sdr_body
}
kernel! { fn add_weighted(out: &mut [f32], v: &[f32], share: &[f32]) = add_weighted_body }

/// Lays a layer's premultiplied sum over the opaque canvas.
fn blend_row(blend: Blend, layer: &Rows, canvas: &mut [Vec<f32>; 3], cols: Range<usize>) {
    let a = &layer[3][cols.clone()];
    for (below, s) in canvas.iter_mut().zip(layer) {
        let (below, s) = (&mut below[cols.clone()], &s[cols.clone()]);
        let pixels = below.iter_mut().zip(s).zip(a);
        match blend {
            Blend::Normal => pixels.for_each(|((b, s), a)| *b = s + *b * (1.0 - a)),
            Blend::Add => pixels.for_each(|((b, s), _)| *b += s),
            Blend::Multiply => pixels.for_each(|((b, s), a)| *b *= s + 1.0 - a),
            Blend::Screen => pixels.for_each(|((b, s), _)| *b += s - *b * s),
        }
    }
}
