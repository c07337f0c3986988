//! One input onto a row: its samples become light, pass through its effects and are added with their share of the
//! layer. Twin of `light` in `composite.wgsl`.

use super::{
    curve,
    grade::graded,
    light::Light,
    power::power,
    sample::{Codes, coverage, fetch, mask_parts, mask_share, span},
    separable::Separable,
    simd::{fma, kernel},
    warp,
};
use crate::{
    base::{Picture, color::SDR_GAMMA},
    gpu::{
        nest::Nests,
        params::{FLAG_PRIMARIES, FLAG_TONE_MAP, InputParams, KIND_LIGHT, KIND_RGBA, KIND_SOLID, TRANSFER_SDR, WarpParams},
        prepare::{PreparedInput, Texels},
    },
};
use std::ops::Range;

/// What an input is read from.
#[derive(Clone, Copy)]
pub(super) enum Source<'a> {
    Picture(&'a Picture),
    Light(&'a Light),
}

/// An input with the filters that its placement needs.
pub(super) struct DrawInput<'a> {
    source: Option<Source<'a>>,
    pub params: &'a InputParams,
    separable: Option<Separable>,
    warp: Option<&'a WarpParams>,
}

impl<'a> DrawInput<'a> {
    pub fn new(i: &'a PreparedInput, nests: &'a Nests<Light>, width: usize, height: usize) -> Self {
        let source = match &i.texels {
            Texels::None => None,
            Texels::Picture(p) => Some(Source::Picture(p)),
            Texels::Nest(n) => nests.get(&n.key).map(Source::Light),
        };
        let warp = i.warp.as_deref();
        let separable = source.filter(|_| warp.is_none()).and_then(|s| Separable::new(&i.params, s, width, height));
        Self { source, params: &i.params, separable, warp }
    }
}

/// Work space: code values, then light; and the share of each pixel.
type Work<'a> = (&'a mut Codes, &'a mut [f32]);

/// Adds premultiplied light × weight to `light`, and alpha × weight to `alpha` where asked. Returns the columns touched.
pub(super) fn add_input(
    input: &DrawInput<'_>,
    y: usize,
    work: Work<'_>,
    light: [&mut Vec<f32>; 3],
    mut alpha: Option<&mut Vec<f32>>,
) -> Range<usize> {
    let (p, width) = (input.params, light[0].len());
    let s = match p.kind {
        KIND_SOLID => super::sample::Span { columns: 0..width, full: true },
        _ => span(p, y, width),
    };
    if s.columns.is_empty() || p.kind != KIND_SOLID && input.source.is_none() {
        return 0..0;
    }
    let [r, g, b] = light;
    let (codes, share) = work;
    let mut touched = width..0;
    // what a wipe hides is not even read
    for (cols, whole) in mask_parts(p, y, &s.columns) {
        if cols.is_empty() {
            continue;
        }
        touched = touched.start.min(cols.start)..touched.end.max(cols.end);
        let rows = [&mut r[cols.clone()], &mut g[cols.clone()], &mut b[cols.clone()]];
        let alpha = alpha.as_mut().map(|a| &mut a[cols.clone()]);
        let part = Part { y, cols, full: s.full, whole };
        match input.source {
            None if p.stages().is_empty() && whole => add_solid(p, rows, alpha),
            None => {
                solid_codes(p, &part.cols, codes);
                add_shares(p, &part, (codes, share), rows, alpha);
            }
            Some(source) => {
                match (input.warp, source) {
                    (Some(w), Source::Light(light)) => warp::fetch(light, p, w, y, &part.cols, codes),
                    _ => fetch(source, p, input.separable.as_ref(), y, &part.cols, codes),
                }
                add_part(p, &part, (codes, share), rows, alpha);
            }
        }
    }
    touched
}

/// Columns of a row that are treated alike.
struct Part {
    y: usize,
    cols: Range<usize>,
    /// All lie wholly inside the shown part of the picture.
    full: bool,
    /// The mask hides none of them.
    whole: bool,
}

fn add_solid(p: &InputParams, light: [&mut [f32]; 3], alpha: Option<&mut [f32]>) {
    for (row, v) in light.into_iter().zip(p.color) {
        row.iter_mut().for_each(|o| *o += v * p.weight);
    }
    if let Some(alpha) = alpha {
        alpha.iter_mut().for_each(|o| *o += p.color[3] * p.weight);
    }
}

/// A solid's straight light, and its alpha.
fn solid_codes(p: &InputParams, cols: &Range<usize>, codes: &mut Codes) {
    let a = p.color[3];
    let k = if a > 0.0 { 1.0 / a } else { 0.0 };
    let values = [p.color[0] * k, p.color[1] * k, p.color[2] * k, a];
    codes.c.iter_mut().zip(values).for_each(|(row, v)| row[cols.clone()].fill(v));
}

/// Adds a picture's code values, or a nest's light.
fn add_part(p: &InputParams, part: &Part, (codes, share): Work<'_>, light: [&mut [f32]; 3], alpha: Option<&mut [f32]>) {
    let [c0, c1, c2, _] = &mut codes.c;
    let (c0, c1, c2) = (&mut c0[part.cols.clone()], &mut c1[part.cols.clone()], &mut c2[part.cols.clone()]);
    let simple = p.transfer == TRANSFER_SDR && p.flags & (FLAG_PRIMARIES | FLAG_TONE_MAP) == 0 && p.stages().is_empty();
    if simple && part.full && part.whole && p.kind != KIND_RGBA {
        let [r, g, b] = light;
        add_sdr(c0, c1, c2, &p.to_rgb, p.weight, r, g, b);
        if let Some(alpha) = alpha {
            alpha.iter_mut().for_each(|o| *o += p.weight);
        }
        return;
    }
    if p.kind != KIND_LIGHT {
        matrix(&p.to_rgb, c0, c1, c2);
    }
    to_light(p, c0, c1, c2);
    add_shares(p, part, (codes, share), light, alpha);
}

/// Adds straight light: first its effects, then its share.
fn add_shares(p: &InputParams, part: &Part, (codes, share): Work<'_>, light: [&mut [f32]; 3], alpha: Option<&mut [f32]>) {
    let cols = part.cols.clone();
    let [c0, c1, c2, ca] = &mut codes.c;
    let (c0, c1, c2, ca) = (&mut c0[cols.clone()], &mut c1[cols.clone()], &mut c2[cols.clone()], &ca[cols.clone()]);
    if !p.stages().is_empty() {
        graded(p.stages(), cols.start, part.y, c0, c1, c2);
    }
    if p.flags & FLAG_TONE_MAP != 0 {
        curve::tone_map(c0, c1, c2);
    }
    let share = &mut share[cols];
    shares(p, part, ca, share);
    for (out, v) in light.into_iter().zip([c0, c1, c2]) {
        add_weighted(out, v, share);
    }
    if let Some(alpha) = alpha {
        alpha.iter_mut().zip(&*share).for_each(|(o, s)| *o += s);
    }
}

/// R'G'B' rows to light in the working primaries, in place.
fn to_light(p: &InputParams, r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    for row in [&mut *r, &mut *g, &mut *b] {
        if p.transfer == TRANSFER_SDR && !p.stages().is_empty() {
            // effects may bring up what lies in the dark, and the polynomials' error with it
            power(SDR_GAMMA as f32, row);
        } else if p.transfer == TRANSFER_SDR && p.flags & FLAG_PRIMARIES != 0 {
            curve::sdr_to_linear_precise(row);
        } else {
            curve::to_linear(p.transfer, row);
        }
    }
    if p.flags & FLAG_PRIMARIES != 0 {
        matrix(&p.to_working, r, g, b);
    }
}

/// Weight × coverage × mask × alpha of each pixel.
fn shares(p: &InputParams, part: &Part, alpha: &[f32], out: &mut [f32]) {
    let yc = part.y as f32 + 0.5;
    out.fill(p.weight);
    if !part.full {
        for (x, o) in part.cols.clone().zip(&mut *out) {
            *o *= coverage(p, x as f32 + 0.5, yc);
        }
    }
    if !part.whole {
        for (x, o) in part.cols.clone().zip(&mut *out) {
            *o *= mask_share(p, x as f32 + 0.5, yc);
        }
    }
    match p.kind {
        KIND_RGBA | KIND_LIGHT => out.iter_mut().zip(alpha).for_each(|(o, a)| *o *= a * p.alpha_scale),
        KIND_SOLID => out.iter_mut().zip(alpha).for_each(|(o, a)| *o *= a),
        _ => {}
    }
}

/// Rows of the colour matrix, copied out so that the loops keep them in registers.
type ColorRows = [[f32; 4]; 3];

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
