//! Rows of code values from a picture: texels as they are, or filtered through any affine map. Twin of the sampling
//! functions of `composite.wgsl`. Code values stay as stored; colour comes later.

use super::{filter, input::Source, light::Light, separable::Separable, simd::kernel, warp::Bent};
use crate::{
    base::Picture,
    gpu::params::{FLAG_ALIGNED, InputParams, KIND_RGBA},
};
use std::ops::Range;

/// Four rows of components: Y Cb Cr, or R G B A.
#[derive(Default)]
pub(super) struct Codes {
    pub c: [Vec<f32>; 4],
    /// Work space for one row of a source.
    pub wide: Vec<f32>,
    /// Work space of the general sampling.
    pub places: filter::Places,
    /// Work space of bent pictures.
    pub bent: Bent,
}

impl Codes {
    pub fn new(width: usize) -> Self {
        Self {
            c: std::array::from_fn(|_| vec![0.0; width]),
            wide: vec![0.0; width + 4],
            places: filter::Places::default(),
            bent: Bent::default(),
        }
    }
}

/// What part of a canvas row an input touches.
pub(super) struct Span {
    pub columns: Range<usize>,
    /// Every pixel of the span lies wholly inside the shown part.
    pub full: bool,
}

fn at(e: &[f32; 4], x: f32, y: f32) -> f32 {
    e[0] * x + e[1] * y + e[2]
}

/// The columns of row `y` in which the input can be seen.
pub(super) fn span(p: &InputParams, y: usize, width: usize) -> Span {
    let yc = y as f32 + 0.5;
    let (mut lo, mut hi) = (0f64, width as f64);
    for e in &p.edges {
        // a·x + rest > −½ is where coverage begins
        let (a, rest) = (f64::from(e[0]), f64::from(e[1] * yc + e[2]) + 0.5);
        if a.abs() < 1e-9 {
            if rest <= 0.0 {
                return Span { columns: 0..0, full: false };
            }
        } else if a > 0.0 {
            lo = lo.max(-rest / a - 0.5);
        } else {
            hi = hi.min(-rest / a - 0.5 + 1.0);
        }
    }
    let (lo, hi) = (lo.floor().max(0.0) as usize, (hi.ceil().max(0.0) as usize).min(width));
    if lo >= hi {
        return Span { columns: 0..0, full: false };
    }
    let full = p.edges.iter().all(|e| at(e, lo as f32 + 0.5, yc) >= 0.4999 && at(e, hi as f32 - 0.5, yc) >= 0.4999);
    Span { columns: lo..hi, full }
}

/// Share of pixel (x, y) that the shown part covers: box coverage, exact for upright edges.
pub(super) fn coverage(p: &InputParams, x: f32, y: f32) -> f32 {
    let d: [f32; 4] = std::array::from_fn(|i| (at(&p.edges[i], x, y) + 0.5).clamp(0.0, 1.0));
    (d[0] + d[2] - 1.0).max(0.0) * (d[1] + d[3] - 1.0).max(0.0)
}

/// Share in which the mask lets the input show at a point.
pub(super) fn mask_share(p: &InputParams, x: f32, y: f32) -> f32 {
    at(&p.mask, x, y).clamp(0.0, 1.0)
}

/// The columns of row `y` in which the mask lets something show, and whether it lets all of it show: those on the edge,
/// those beside it.
pub(super) fn mask_parts(p: &InputParams, y: usize, cols: &Range<usize>) -> [(Range<usize>, bool); 2] {
    let share = |x: usize| mask_share(p, x as f32 + 0.5, y as f32 + 0.5);
    // the share only rises or only falls along a row
    let first = |found: &dyn Fn(f32) -> bool| {
        let (mut lo, mut hi) = (cols.start, cols.end);
        while lo < hi {
            let mid = lo + (hi - lo) / 2;
            if found(share(mid)) { hi = mid } else { lo = mid + 1 }
        }
        lo
    };
    if p.mask[0] >= 0.0 {
        let whole = first(&|s| s >= 1.0);
        [(first(&|s| s > 0.0)..whole, false), (whole..cols.end, true)]
    } else {
        let edge = first(&|s| s < 1.0);
        [(cols.start..edge, true), (edge..first(&|s| s <= 0.0), false)]
    }
}

/// One row's samples of `plane`, widened.
fn widen(picture: &Picture, plane: usize, y: usize, first: usize, out: &mut [f32]) {
    let row = picture.row(plane, y as u32);
    if picture.format.bytes_per_sample() == 1 {
        widen8(&row[first..first + out.len()], out);
    } else {
        let row = &row[first * 2..(first + out.len()) * 2];
        widen16(row, out);
    }
}

#[inline(always)]
fn widen8_body<const FMA: bool>(src: &[u8], out: &mut [f32]) {
    for (o, s) in out.iter_mut().zip(src) {
        *o = f32::from(*s);
    }
}
#[inline(always)]
fn widen16_body<const FMA: bool>(src: &[u8], out: &mut [f32]) {
    for (o, s) in out.iter_mut().zip(src.as_chunks::<2>().0) {
        *o = f32::from(u16::from_le_bytes(*s));
    }
}
#[inline(always)]
fn double_body<const FMA: bool>(src: &[f32], out: &mut [f32]) {
    for (o, s) in out.as_chunks_mut::<2>().0.iter_mut().zip(src) {
        *o = [*s, *s];
    }
}
kernel! { fn widen8(src: &[u8], out: &mut [f32]) = widen8_body }
kernel! { fn widen16(src: &[u8], out: &mut [f32]) = widen16_body }
kernel! { fn double(src: &[f32], out: &mut [f32]) = double_body }

/// Code values of canvas row `y`, columns `span`, into `out.c[..][span]`.
pub(super) fn fetch(source: Source<'_>, p: &InputParams, separable: Option<&Separable>, y: usize, span: &Range<usize>, out: &mut Codes) {
    let picture = match source {
        Source::Picture(picture) => picture,
        Source::Light(light) => return fetch_light(light, p, separable, y, span, out),
    };
    if p.flags & FLAG_ALIGNED != 0 && p.map_x[0] == 1.0 && p.map_y[1] == 1.0 {
        copy_row(picture, p, y, span, out);
    } else if p.flags & FLAG_ALIGNED != 0 {
        for x in span.clone() {
            let (tx, ty) = position(p, x as f32 + 0.5, y as f32 + 0.5);
            let t = (clamp_texel(tx.floor(), picture.width), clamp_texel(ty.floor(), picture.height));
            let (cx, cy) = picture.format.chroma_shift();
            let v = read(picture, t, (t.0 >> cx, t.1 >> cy));
            (0..4).for_each(|i| out.c[i][x] = v[i]);
        }
    } else if let Some(s) = separable {
        s.fetch(source, p, y, span, out);
    } else {
        filter::fetch(picture, p, y, span, out);
    }
}

fn clamp_texel(v: f32, size: u32) -> usize {
    v.clamp(0.0, (size - 1) as f32) as usize
}

fn position(p: &InputParams, x: f32, y: f32) -> (f32, f32) {
    (at(&p.map_x, x, y), at(&p.map_y, x, y))
}

/// Straight light of canvas row `y`, columns `span`, and alpha.
fn fetch_light(light: &Light, p: &InputParams, separable: Option<&Separable>, y: usize, span: &Range<usize>, out: &mut Codes) {
    if p.flags & FLAG_ALIGNED != 0 && p.map_x[0] == 1.0 && p.map_y[1] == 1.0 {
        let line = clamp_texel(y as f32 + p.map_y[2], light.height as u32);
        let column = |x: usize| clamp_texel(x as f32 + p.map_x[2], light.width as u32);
        let first = column(span.start);
        // the span reaches at most a pixel past the picture: its ends are repeated there
        let from = span.start + usize::from(column(span.start + 1) == first && span.len() > 1);
        let n = (span.end - from).min(light.width - first);
        for (k, c) in out.c.iter_mut().enumerate() {
            let row = &light.row(k, line)[first..first + n];
            c[from..from + n].copy_from_slice(row);
            c[span.start..from].fill(row[0]);
            c[from + n..span.end].fill(row[n - 1]);
        }
    } else if p.flags & FLAG_ALIGNED != 0 {
        for x in span.clone() {
            let (tx, ty) = position(p, x as f32 + 0.5, y as f32 + 0.5);
            let at = clamp_texel(ty.floor(), light.height as u32) * light.width + clamp_texel(tx.floor(), light.width as u32);
            (0..4).for_each(|k| out.c[k][x] = light.plane(k)[at]);
        }
    } else if let Some(s) = separable {
        s.fetch(Source::Light(light), p, y, span, out);
    } else {
        filter::fetch_light(light, p, y, span, out);
    }
    straighten(out, span, 1.0);
}

/// Premultiplied components to straight ones, alpha times `scale` being the share.
pub(super) fn straighten(out: &mut Codes, span: &Range<usize>, scale: f32) {
    let [r, g, b, a] = &mut out.c;
    let a = &a[span.clone()];
    for row in [r, g, b] {
        for (v, a) in row[span.clone()].iter_mut().zip(a) {
            let share = a * scale;
            *v = if share > 0.0 { *v / share } else { 0.0 };
        }
    }
}

/// A translation by whole texels: rows are taken as they are, chroma is repeated.
fn copy_row(picture: &Picture, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
    let (ox, oy) = (p.map_x[2] as i64, p.map_y[2] as i64);
    let ty = (y as i64 + oy).clamp(0, i64::from(picture.height) - 1) as usize;
    // columns that lie in the picture; the span reaches at most a pixel farther (rounding of its ends)
    let from = (span.start as i64).max(-ox) as usize;
    let to = (span.end as i64).min(i64::from(picture.width) - ox).max(from as i64) as usize;
    let first = (from as i64 + ox) as usize;
    let n = to - from;
    if n == 0 {
        return;
    }
    if p.kind == KIND_RGBA {
        rgba_row(picture, ty, first, n, from, out);
    } else {
        widen(picture, 0, ty, first, &mut out.c[0][from..to]);
        let (sx, sy) = picture.format.chroma_shift();
        let cy = ty >> sy;
        let c_first = first >> sx;
        let c_n = ((first + n - 1) >> sx) - c_first + 1;
        let Codes { c, wide, .. } = out;
        let [_, cb, cr, _] = c;
        if picture.format.planes() == 2 {
            wide.resize(wide.len().max(c_n * 2), 0.0);
            widen(picture, 1, cy, c_first * 2, &mut wide[..c_n * 2]);
            let skip = first & 1;
            for (i, (cb, cr)) in cb[from..to].iter_mut().zip(&mut cr[from..to]).enumerate() {
                let k = ((i + skip) >> 1) * 2;
                (*cb, *cr) = (wide[k], wide[k + 1]);
            }
        } else if sx == 0 {
            widen(picture, 1, cy, c_first, &mut cb[from..to]);
            widen(picture, 2, cy, c_first, &mut cr[from..to]);
        } else {
            wide.resize(wide.len().max(c_n * 3), 0.0);
            for (plane, dst) in [(1, cb), (2, cr)] {
                let (narrow, doubled) = wide.split_at_mut(c_n);
                widen(picture, plane, cy, c_first, narrow);
                if first & 1 == 0 && n.is_multiple_of(2) {
                    double(narrow, &mut dst[from..to]);
                } else {
                    double(narrow, &mut doubled[..c_n * 2]);
                    dst[from..to].copy_from_slice(&doubled[first & 1..(first & 1) + n]);
                }
            }
        }
    }
    // the rounding columns repeat the edge; their coverage is zero or a sliver
    for c in &mut out.c {
        let (a, b) = (c[from], c[to - 1]);
        c[span.start..from].fill(a);
        c[to..span.end].fill(b);
    }
}

fn rgba_row(picture: &Picture, y: usize, first: usize, n: usize, to: usize, out: &mut Codes) {
    let row = picture.row(0, y as u32);
    let [r, g, b, a] = &mut out.c;
    let rows = r[to..to + n].iter_mut().zip(&mut g[to..to + n]).zip(&mut b[to..to + n]).zip(&mut a[to..to + n]);
    if picture.format.bytes_per_sample() == 1 {
        for ((((r, g), b), a), s) in rows.zip(row[first * 4..].as_chunks::<4>().0) {
            (*r, *g, *b, *a) = (f32::from(s[0]), f32::from(s[1]), f32::from(s[2]), f32::from(s[3]));
        }
    } else {
        let v = |s: &[u8; 8], i: usize| f32::from(u16::from_le_bytes([s[2 * i], s[2 * i + 1]]));
        for ((((r, g), b), a), s) in rows.zip(row[first * 8..].as_chunks::<8>().0) {
            (*r, *g, *b, *a) = (v(s, 0), v(s, 1), v(s, 2), v(s, 3));
        }
    }
}

/// Sample `i` of a row.
fn sample(row: &[u8], i: usize, two_bytes: bool) -> f32 {
    if two_bytes { f32::from(u16::from_le_bytes([row[2 * i], row[2 * i + 1]])) } else { f32::from(row[i]) }
}

/// Components at one luma texel and one chroma texel.
fn read(picture: &Picture, luma: (usize, usize), chroma: (usize, usize)) -> [f32; 4] {
    let two = picture.format.bytes_per_sample() == 2;
    let row = picture.row(0, luma.1 as u32);
    match picture.format.planes() {
        1 => std::array::from_fn(|i| sample(row, luma.0 * 4 + i, two)),
        2 => {
            let c = picture.row(1, chroma.1 as u32);
            [sample(row, luma.0, two), sample(c, chroma.0 * 2, two), sample(c, chroma.0 * 2 + 1, two), 0.0]
        }
        _ => [
            sample(row, luma.0, two),
            sample(picture.row(1, chroma.1 as u32), chroma.0, two),
            sample(picture.row(2, chroma.1 as u32), chroma.0, two),
            0.0,
        ],
    }
}
