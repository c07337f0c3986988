//! A bent picture onto a row: where each pixel lies in it, and its light there, by Keys' cubic over sixteen
//! texels; by means of bilinear samples where the picture is made smaller. Twin of `bent_light` in `composite.wgsl`.

use super::{
    keys::{BILINEAR, Places, SHARP, Texel, Weights, add_inner, weights},
    light::Light,
    sample::Codes,
    simd::kernel,
};
use crate::gpu::params::{BORDER_CROP, BORDER_MIRROR, InputParams, WarpParams};
use std::ops::Range;

/// Passes that find the row of a picture whose rows have maps of their own.
const ROW_PASSES: usize = 3;
/// Farthest position that is told apart from one farther out.
const FAR: f32 = 8e6;
/// Pixels of a row for which a parabola through three of them stands where rows have maps of their own, and one map is for all. What bends a
/// path within a map is its perspective alone: at a turn of 10° and a focal length of one width the parabola is off by 1e-6 texels.
const STRETCH: usize = 16;

/// Work space of one thread.
#[derive(Default)]
pub(super) struct Bent {
    places: Places,
    texels: Vec<Texel>,
}

fn mapped(w: &WarpParams, i: usize, f: f32, x: f32, y: f32) -> (f32, f32) {
    let at = |i: usize| w.maps[i].map(|r| r[0] * x + r[1] * y + r[2]);
    let mut p = at(i);
    if f > 0.0 {
        let q = at(i + 1);
        p = std::array::from_fn(|k| p[k] + (q[k] - p[k]) * f);
    }
    (p[0] / p[2], p[1] / p[2])
}

/// Where a canvas point lies in the picture, in texels, and which map says so.
fn bent(w: &WarpParams, x: f32, y: f32) -> (f32, f32, usize) {
    let count = w.count as usize;
    let mut map = (count - 1) / 2;
    let mut p = mapped(w, map, 0.0, x, y);
    if count > 1 {
        for _ in 0..ROW_PASSES {
            let t = (w.rows[0] * p.0 + w.rows[1] * p.1 + w.rows[2]).clamp(0.0, (count - 1) as f32);
            map = (t as usize).min(count - 2);
            p = mapped(w, map, t - map as f32, x, y);
        }
    }
    (p.0, p.1, map)
}

/// Positions of the pixels from `x` on.
fn find(w: &WarpParams, x: f32, y: f32, places: &mut Places) {
    if w.count == 1 {
        return by_one_map(&w.maps[0], x, y, &mut places.x, &mut places.y);
    }
    let mut from = bent(w, x, y);
    for (n, (us, vs)) in places.x.chunks_mut(STRETCH).zip(places.y.chunks_mut(STRETCH)).enumerate() {
        let x = x + (n * STRETCH) as f32;
        let to = bent(w, x + STRETCH as f32, y);
        if from.2 == to.2 {
            let middle = bent(w, x + 0.5 * STRETCH as f32, y);
            parabola([from.0, middle.0, to.0], us);
            parabola([from.1, middle.1, to.1], vs);
        } else {
            for (i, (u, v)) in us.iter_mut().zip(vs).enumerate() {
                (*u, *v, _) = bent(w, x + i as f32, y);
            }
        }
        from = to;
    }
}

/// Through three values at the beginning, the middle and the end of a stretch.
fn parabola([a, b, c]: [f32; 3], out: &mut [f32]) {
    const STEP: f32 = 1.0 / STRETCH as f32;
    let (rise, bend) = (c - a, 2.0 * (a - 2.0 * b + c));
    for (i, o) in out.iter_mut().enumerate() {
        let t = i as f32 * STEP;
        *o = a + t * (rise + (t - 1.0) * bend);
    }
}

#[inline(always)]
fn by_one_map_body<const FMA: bool>(m: &[[f32; 4]; 3], x: f32, y: f32, us: &mut [f32], vs: &mut [f32]) {
    let [u, v, w] = m.map(|r| (r[0], r[1] * y + r[2]));
    for (i, (us, vs)) in us.iter_mut().zip(vs).enumerate() {
        let x = x + i as f32;
        let k = 1.0 / (w.0 * x + w.1);
        (*us, *vs) = ((u.0 * x + u.1) * k, (v.0 * x + v.1) * k);
    }
}
kernel! { fn by_one_map(m: &[[f32; 4]; 3], x: f32, y: f32, us: &mut [f32], vs: &mut [f32]) = by_one_map_body }

/// Counts positions from the first texel's middle and finds the texels about them.
#[inline(always)]
fn settle_body<const FMA: bool>(width: i32, height: i32, x: &mut [f32], y: &mut [f32], parts: [&mut [f32]; 2], first: &mut [i32]) {
    let [part_x, part_y] = parts;
    let n = first.len();
    let (x, y, part_x, part_y) = (&mut x[..n], &mut y[..n], &mut part_x[..n], &mut part_y[..n]);
    for k in 0..n {
        let (u, v) = (x[k].clamp(-FAR, FAR) - 0.5, y[k].clamp(-FAR, FAR) - 0.5);
        // rounded down by hand: the least kind of processor has no instruction for it
        let whole = |p: f32| {
            let i = p as i32;
            i - i32::from(i as f32 > p)
        };
        let (i, j) = (whole(u), whole(v));
        (x[k], y[k], part_x[k], part_y[k]) = (u, v, u - i as f32, v - j as f32);
        let is_inner = (i >= 1) & (j >= 1) & (i < width - 2) & (j < height - 2);
        let at = (j - 1).wrapping_mul(width).wrapping_add(i - 1);
        first[k] = if is_inner { at } else { -1 };
    }
}
kernel! {
    fn settle(width: i32, height: i32, x: &mut [f32], y: &mut [f32], parts: [&mut [f32]; 2], first: &mut [i32]) = settle_body
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

/// Adds the light of those pixels that the border is about.
fn add_border(light: &Light, w: &Weights, border: u32, places: &Places, out: &mut [Texel]) {
    let (width, height) = (light.width as i32, light.height as i32);
    for (k, out) in out.iter_mut().enumerate().filter(|(k, _)| places.first[*k] < 0) {
        let (u, v) = (places.x[k], places.y[k]);
        let cover = if border == BORDER_CROP {
            let side = |p: f32, size: i32| ((p + 0.5).min(size as f32 - p - 0.5) + 0.5).clamp(0.0, 1.0);
            side(u, width) * side(v, height)
        } else {
            1.0
        };
        if cover <= 0.0 {
            continue;
        }
        let (wx, wy) = (weights::<false>(w, places.part_x[k]), weights::<false>(w, places.part_y[k]));
        let (i, j) = (u.floor() as i32, v.floor() as i32);
        let columns: [usize; 4] = std::array::from_fn(|n| inside(i - 1 + n as i32, width, border));
        for (n, wy) in wy.iter().enumerate() {
            let row = &light.texels()[inside(j - 1 + n as i32, height, border) * light.width..][..light.width];
            for (column, wx) in columns.iter().zip(wx) {
                out.iter_mut().zip(row[*column]).for_each(|(o, v)| *o += cover * wy * wx * v);
            }
        }
    }
}

#[inline(always)]
fn opaque_body<const FMA: bool>(from: &[Texel], share: f32, r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    for (((t, r), g), b) in from.iter().zip(r).zip(g).zip(b) {
        (*r, *g, *b) = (t[0] * share, t[1] * share, t[2] * share);
    }
}
kernel! { fn opaque(from: &[Texel], share: f32, r: &mut [f32], g: &mut [f32], b: &mut [f32]) = opaque_body }

/// Straight light of canvas row `y`, columns `span`, and alpha.
pub(super) fn fetch(light: &Light, p: &InputParams, w: &WarpParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let Bent { places, texels } = &mut out.bent;
    places.resize(span.len());
    texels.clear();
    texels.resize(span.len(), [0.0; 4]);
    let weights = if p.taps_x * p.taps_y == 1 { &SHARP } else { &BILINEAR };
    let (width, height) = (light.width as i32, light.height as i32);
    for j in 0..p.taps_y {
        for i in 0..p.taps_x {
            let (dx, dy) = ((i as f32 + 0.5) / p.taps_x as f32, (j as f32 + 0.5) / p.taps_y as f32);
            find(w, span.start as f32 + dx, y as f32 + dy, places);
            settle(width, height, &mut places.x, &mut places.y, [&mut places.part_x, &mut places.part_y], &mut places.first);
            add_inner(light.texels(), light.width, weights, places, texels);
            add_border(light, weights, w.border, places, texels);
        }
    }
    let share = 1.0 / (p.taps_x * p.taps_y) as f32;
    let [r, g, b, a] = out.c.each_mut().map(|c| &mut c[span.clone()]);
    if w.has_alpha == 0 && w.border != BORDER_CROP {
        opaque(texels, share, r, g, b);
        return a.fill(1.0);
    }
    for ((((t, r), g), b), a) in texels.iter().zip(r).zip(g).zip(b).zip(a) {
        let alpha = t[3] * share;
        // the cubic overshoots where alpha ends
        let k = if alpha > 1e-4 { share / alpha } else { 0.0 };
        (*r, *g, *b) = (t[0] * k, t[1] * k, t[2] * k);
        *a = if alpha > 1e-4 { alpha.min(1.0) } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_a_row_lies_where_its_pixels_lie() {
        let mut w = WarpParams { count: 17, rows: [0.001, 16.0 / 1080.0, 0.0, 0.0], ..WarpParams::default() };
        for (k, m) in w.maps.iter_mut().enumerate() {
            let k = k as f32;
            let shear = 0.004 * (0.9 * k).sin();
            *m = [
                [0.93, 0.01 + shear, 50.0 + 3.0 * (1.3 * k).sin(), 0.0],
                [-0.02, 0.94, 40.0 + 2.0 * k.cos(), 0.0],
                [2e-5, -3e-5, 1.0, 0.0],
            ];
        }
        let mut places = Places::default();
        let mut worst = 0.0_f32;
        for y in (0..1080).step_by(37) {
            places.resize(1913);
            find(&w, 3.5, y as f32 + 0.5, &mut places);
            for x in 0..1913 {
                let (u, v, _) = bent(&w, 3.5 + x as f32, y as f32 + 0.5);
                worst = worst.max((places.x[x] - u).abs()).max((places.y[x] - v).abs());
            }
        }
        assert!(worst < 1e-3, "{worst} texels");
        assert!(worst > 0.0, "the parabola is not the map itself");
    }
}
