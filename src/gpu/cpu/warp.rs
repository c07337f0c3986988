//! A bent picture onto a row: where each pixel lies in it, and its light there, by Keys' cubic over sixteen
//! texels; by means of bilinear samples where the picture is made smaller. Twin of `bent_light` in `composite.wgsl`.

use super::{
    light::Light,
    sample::Codes,
    simd::{fma, kernel},
};
use crate::gpu::params::{BORDER_CROP, BORDER_MIRROR, CUBIC, InputParams, WarpParams};
use std::ops::Range;

/// Passes that find the row of a picture whose rows have maps of their own.
const ROW_PASSES: usize = 3;
/// Farthest position that is told apart from one farther out.
const FAR: f32 = 8e6;

fn mapped(w: &WarpParams, i: usize, f: f32, x: f32, y: f32) -> (f32, f32) {
    let at = |i: usize| w.maps[i].map(|r| r[0] * x + r[1] * y + r[2]);
    let mut p = at(i);
    if f > 0.0 {
        let q = at(i + 1);
        p = std::array::from_fn(|k| p[k] + (q[k] - p[k]) * f);
    }
    (p[0] / p[2], p[1] / p[2])
}

/// Where a canvas point lies in the picture, in texels.
fn bent(w: &WarpParams, x: f32, y: f32) -> (f32, f32) {
    let count = w.count as usize;
    let mut p = mapped(w, (count - 1) / 2, 0.0, x, y);
    if count > 1 {
        for _ in 0..ROW_PASSES {
            let t = (w.rows[0] * p.0 + w.rows[1] * p.1 + w.rows[2]).clamp(0.0, (count - 1) as f32);
            let i = (t as usize).min(count - 2);
            p = mapped(w, i, t - i as f32, x, y);
        }
    }
    p
}

#[inline(always)]
fn cubic(f: f32) -> [f32; 4] {
    let g = f * f;
    let h = g * f;
    let a = CUBIC;
    [a * (h - 2.0 * g + f), (a + 2.0) * h - (a + 3.0) * g + 1.0, (2.0 * a + 3.0) * g - (a + 2.0) * h - a * f, a * (g - h)]
}

/// What the sampling of a row needs to know of its picture.
#[derive(Clone, Copy)]
struct Field<'a> {
    light: &'a Light,
    border: u32,
    has_alpha: bool,
}

/// The texel that stands for one beyond the border.
fn inside(i: i32, size: i32, border: u32) -> usize {
    if border == BORDER_MIRROR {
        let m = i.rem_euclid(2 * size);
        (if m < size { m } else { 2 * size - 1 - m }) as usize
    } else {
        i.clamp(0, size - 1) as usize
    }
}

#[inline(always)]
fn sharp<const FMA: bool>(plane: &[f32], width: usize, first: usize, wx: &[f32; 4], wy: &[f32; 4]) -> f32 {
    let mut sum = [0f32; 4];
    for (j, w) in wy.iter().enumerate() {
        let row = &plane[first + j * width..][..4];
        for (s, v) in sum.iter_mut().zip(row) {
            *s = fma::<FMA>(*w, *v, *s);
        }
    }
    fma::<FMA>(sum[0], wx[0], sum[1] * wx[1]) + fma::<FMA>(sum[2], wx[2], sum[3] * wx[3])
}

#[inline(always)]
fn gather_body<const FMA: bool>(field: Field<'_>, places: &[(f32, f32)], is_sharp: bool, out: &mut [&mut [f32]; 4]) {
    let (width, height) = (field.light.width, field.light.height);
    let (w, h) = (width as i32, height as i32);
    let components = if field.has_alpha { 4 } else { 3 };
    for (x, p) in places.iter().enumerate() {
        let (u, v) = (p.0.clamp(-FAR, FAR) - 0.5, p.1.clamp(-FAR, FAR) - 0.5);
        let (i, j) = (u.floor(), v.floor());
        let (fx, fy) = (u - i, v - j);
        let (i, j) = (i as i32, j as i32);
        let cover = if field.border == BORDER_CROP {
            let side = |p: f32, size: usize| (p.min(size as f32 - p) + 0.5).clamp(0.0, 1.0);
            side(p.0, width) * side(p.1, height)
        } else {
            1.0
        };
        if cover <= 0.0 {
            continue;
        }
        let (wx, wy) = if is_sharp { (cubic(fx), cubic(fy)) } else { ([0.0, 1.0 - fx, fx, 0.0], [0.0, 1.0 - fy, fy, 0.0]) };
        if i >= 1 && j >= 1 && i + 2 < w && j + 2 < h {
            let first = (j - 1) as usize * width + (i - 1) as usize;
            for (k, out) in out.iter_mut().enumerate().take(components) {
                out[x] += cover * sharp::<FMA>(field.light.plane(k), width, first, &wx, &wy);
            }
        } else {
            let columns: [usize; 4] = std::array::from_fn(|k| inside(i - 1 + k as i32, w, field.border));
            let rows: [usize; 4] = std::array::from_fn(|k| inside(j - 1 + k as i32, h, field.border) * width);
            for (k, out) in out.iter_mut().enumerate().take(components) {
                let plane = field.light.plane(k);
                let row = |r: usize| (0..4).map(|c| plane[rows[r] + columns[c]] * wx[c]).sum::<f32>();
                out[x] += cover * (0..4).map(|r| row(r) * wy[r]).sum::<f32>();
            }
        }
        if !field.has_alpha {
            out[3][x] += cover;
        }
    }
}
kernel! {
    /// Adds the premultiplied light at each place.
    fn gather(field: Field<'_>, places: &[(f32, f32)], is_sharp: bool, out: &mut [&mut [f32]; 4]) = gather_body
}

/// Straight light of canvas row `y`, columns `span`, and alpha.
pub(super) fn fetch(light: &Light, p: &InputParams, w: &WarpParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let field = Field { light, border: w.border, has_alpha: w.has_alpha != 0 };
    let mut rows = out.c.each_mut().map(|c| &mut c[span.clone()]);
    rows.iter_mut().for_each(|c| c.fill(0.0));
    let is_sharp = p.taps_x * p.taps_y == 1;
    let mut places = std::mem::take(&mut out.bent);
    for j in 0..p.taps_y {
        for i in 0..p.taps_x {
            let (dx, dy) = ((i as f32 + 0.5) / p.taps_x as f32, (j as f32 + 0.5) / p.taps_y as f32);
            places.clear();
            places.extend(span.clone().map(|x| bent(w, x as f32 + dx, y as f32 + dy)));
            gather(field, &places, is_sharp, &mut rows);
        }
    }
    out.bent = places;
    let share = 1.0 / (p.taps_x * p.taps_y) as f32;
    let [r, g, b, a] = rows;
    for (((r, g), b), a) in r.iter_mut().zip(g).zip(b).zip(a) {
        let alpha = *a * share;
        // the cubic overshoots where alpha ends
        let k = if alpha > 1e-4 { share / alpha } else { 0.0 };
        (*r, *g, *b) = (*r * k, *g * k, *b * k);
        *a = if alpha > 1e-4 { alpha.min(1.0) } else { 0.0 };
    }
}
