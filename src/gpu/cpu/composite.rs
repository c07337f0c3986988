//! Layers onto a row of the canvas, in linear light with premultiplied alpha. Twin of `composite.wgsl`.

use super::{
    grade::graded,
    input::{DrawInput, add_input},
    light::Light,
    sample::{Codes, span},
};
use crate::{
    gpu::{
        nest::Nests,
        params::{FLAG_OPAQUE, InputParams, KIND_ADJUST, KIND_LIGHT, KIND_PLANAR, KIND_SEMI_PLANAR, KIND_SOLID},
        prepare::PreparedLayer,
    },
    model::Blend,
};
use std::ops::Range;

/// Linear R, G, B rows (and alpha, for layers).
pub(super) type Rows = [Vec<f32>; 4];

/// Work space of one thread.
pub(super) struct Scratch {
    pub codes: Codes,
    layer: Rows,
    pub share: Vec<f32>,
}

impl Scratch {
    pub fn new(width: usize) -> Self {
        Self { codes: Codes::new(width), layer: std::array::from_fn(|_| vec![0.0; width]), share: vec![0.0; width] }
    }
}

/// A layer with the filters of its inputs.
pub(super) struct DrawLayer<'a> {
    pub inputs: Vec<DrawInput<'a>>,
    pub blend: Blend,
}

impl<'a> DrawLayer<'a> {
    pub fn new(layer: &'a PreparedLayer, nests: &'a Nests<Light>, width: usize, height: usize) -> Self {
        Self { inputs: layer.inputs.iter().map(|i| DrawInput::new(i, nests, width, height)).collect(), blend: layer.blend }
    }

    /// The parameters of an adjustment.
    fn adjust(&self) -> Option<&InputParams> {
        self.inputs.first().map(|i| i.params).filter(|p| p.kind == KIND_ADJUST)
    }
}

/// Draws all layers on row `y` of the canvas; `canvas` holds linear R, G, B on return, premultiplied by `alpha`, which is
/// None where black lies below everything.
pub(super) fn draw_row(
    layers: &[DrawLayer<'_>],
    y: usize,
    canvas: &mut [Vec<f32>; 3],
    mut alpha: Option<&mut Vec<f32>>,
    scratch: &mut Scratch,
) {
    canvas.iter_mut().chain(alpha.as_deref_mut()).for_each(|c| c.fill(0.0));
    let width = canvas[0].len();
    let mut empty = true;
    for layer in layers {
        if let Some(p) = layer.adjust() {
            adjust_row(p, y, canvas, alpha.as_deref().map(Vec::as_slice), &mut scratch.layer);
            empty = false;
            continue;
        }
        // Over black, and in additive layers, light simply adds up: no separate sum is needed.
        let direct = layer.blend == Blend::Add && alpha.is_none()
            || layer.blend == Blend::Normal && (empty || hides_below(layer.inputs.iter().map(|i| i.params), y, width));
        if direct {
            if layer.blend == Blend::Normal && !empty {
                canvas.iter_mut().chain(alpha.as_deref_mut()).for_each(|c| c.fill(0.0));
            }
            let [r, g, b] = &mut *canvas;
            for input in &layer.inputs {
                add_input(input, y, (&mut scratch.codes, &mut scratch.share), [r, g, b], alpha.as_deref_mut());
            }
        } else {
            let [r, g, b, a] = &mut scratch.layer;
            for c in [&mut *r, &mut *g, &mut *b, &mut *a] {
                c.fill(0.0);
            }
            let mut touched = width..0;
            for input in &layer.inputs {
                let s = add_input(input, y, (&mut scratch.codes, &mut scratch.share), [r, g, b], Some(a));
                if !s.is_empty() {
                    touched = touched.start.min(s.start)..touched.end.max(s.end);
                }
            }
            if touched.start < touched.end {
                blend_row(layer.blend, &scratch.layer, canvas, alpha.as_deref_mut(), touched);
            }
        }
        empty &= layer.inputs.is_empty();
    }
}

/// Whether nothing below inputs with these parameters can be seen on row `y`.
pub(super) fn hides_below<'a>(inputs: impl Iterator<Item = &'a InputParams>, y: usize, width: usize) -> bool {
    // Shares of opaque pictures that come to 1 everywhere: the weights of a dissolve, the two sides of a wipe.
    let (mut shares, mut masked) = ([0.0f32; 3], false);
    for p in inputs {
        let opaque = match p.kind {
            KIND_SOLID => p.color[3] >= 1.0,
            KIND_LIGHT if p.flags & FLAG_OPAQUE == 0 => false,
            KIND_PLANAR | KIND_SEMI_PLANAR | KIND_LIGHT => {
                let s = span(p, y, width);
                s.full && s.columns == (0..width)
            }
            _ => false,
        };
        if !opaque {
            return false;
        }
        if p.mask != InputParams::NO_MASK {
            if p.weight != 1.0 {
                return false;
            }
            masked = true;
        }
        shares.iter_mut().zip(p.mask).for_each(|(s, m)| *s += p.weight * m);
    }
    // two masks that are held between 0 and 1 come to 1 only where they mirror each other
    let flat = !masked || shares[0].abs().max(shares[1].abs()) < 1e-9;
    flat && (shares[2] - 1.0).abs() < if masked { 1e-3 } else { 1e-6 }
}

/// Effects on the canvas as it is: `below + weight · (effects(below) − below)`.
fn adjust_row(p: &InputParams, y: usize, canvas: &mut [Vec<f32>; 3], alpha: Option<&[f32]>, work: &mut Rows) {
    let [r, g, b, _] = work;
    [&mut *r, &mut *g, &mut *b].into_iter().zip(&*canvas).for_each(|(w, c)| w.copy_from_slice(c));
    if let Some(alpha) = alpha {
        [&mut *r, &mut *g, &mut *b].into_iter().for_each(|row| divide(row, alpha));
    }
    graded(p.stages(), 0, y, r, g, b);
    if let Some(alpha) = alpha {
        [&mut *r, &mut *g, &mut *b].into_iter().for_each(|row| row.iter_mut().zip(alpha).for_each(|(v, a)| *v *= a));
    }
    for (c, w) in canvas.iter_mut().zip([r, g, b]) {
        c.iter_mut().zip(w).for_each(|(c, w)| *c += p.weight * (*w - *c));
    }
}

/// Premultiplied values to straight ones; 0 where nothing is.
fn divide(row: &mut [f32], alpha: &[f32]) {
    row.iter_mut().zip(alpha).for_each(|(v, a)| *v = if *a > 0.0 { *v / a } else { 0.0 });
}

/// Lays a layer's premultiplied sum over the canvas (W3C Compositing and Blending Level 1, §9: the colours of both are
/// blended where both are, alpha is that of `over`).
fn blend_row(blend: Blend, layer: &Rows, canvas: &mut [Vec<f32>; 3], alpha: Option<&mut Vec<f32>>, cols: Range<usize>) {
    let a = &layer[3][cols.clone()];
    let under = alpha.map(|under| &mut under[cols.clone()]);
    if let (Blend::Multiply, Some(under)) = (blend, &under) {
        // where nothing is below there is nothing to multiply with
        for (below, s) in canvas.iter_mut().zip(layer) {
            let pixels = below[cols.clone()].iter_mut().zip(&s[cols.clone()]).zip(a).zip(&**under);
            pixels.for_each(|(((b, s), a), u)| *b = *b * (s + 1.0 - a) + s * (1.0 - u));
        }
    } else {
        blend_colors(blend, layer, canvas, cols);
    }
    if let Some(under) = under {
        under.iter_mut().zip(a).for_each(|(u, a)| *u += a * (1.0 - *u));
    }
}

fn blend_colors(blend: Blend, layer: &Rows, canvas: &mut [Vec<f32>; 3], cols: Range<usize>) {
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
