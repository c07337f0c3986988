//! Upright scaling: the mean of bilinear samples of `composite.wgsl`, split into one filter along columns and one along
//! rows. The same sums in another order, at a fraction of the reads.

use super::{
    input::Source,
    light::Light,
    sample::Codes,
    simd::{fma, kernel},
};
use crate::{
    base::Picture,
    gpu::params::{FLAG_ALIGNED, InputParams, KIND_RGBA, KIND_SEMI_PLANAR, KIND_SOLID},
};
use std::ops::Range;

/// Filter along one axis: canvas position `i` reads `taps` samples from `start[i]` on.
struct Axis {
    start: Vec<usize>,
    weights: Vec<f32>,
    taps: usize,
}

/// From canvas positions to samples of a plane along one axis.
struct AxisMap {
    scale: f32,
    offset: f32,
    samples: u32,
    bounds: (f32, f32),
    /// Luma texel to this plane's texel: factor and offset.
    plane: (f32, f32),
    size: usize,
}

impl Axis {
    fn new(m: &AxisMap, length: usize) -> Self {
        let last = m.size - 1;
        let mut reads: Vec<(usize, Vec<f32>)> = Vec::with_capacity(length);
        let mut taps = 1;
        for x in 0..length {
            let mut hits: Vec<(usize, f32)> = Vec::with_capacity(2 * m.samples as usize);
            for i in 0..m.samples {
                let at = x as f32 + (i as f32 + 0.5) / m.samples as f32;
                let u = (m.scale * at + m.offset).clamp(m.bounds.0, m.bounds.1) * m.plane.0 + m.plane.1 - 0.5;
                let whole = u.floor();
                let f = u - whole;
                let texel = |v: f32| (v.max(0.0) as usize).min(last);
                hits.push((texel(whole), 1.0 - f));
                hits.push((texel(whole + 1.0), f));
            }
            hits.retain(|h| h.1 > 0.0);
            let first = hits.iter().map(|h| h.0).min().unwrap_or(0);
            let end = hits.iter().map(|h| h.0).max().unwrap_or(0) + 1;
            let mut w = vec![0.0; end - first];
            hits.iter().for_each(|(i, v)| w[i - first] += v / m.samples as f32);
            taps = taps.max(w.len());
            reads.push((first, w));
        }
        let mut start = Vec::with_capacity(length);
        let mut weights = vec![0.0; length * taps];
        for (x, (first, w)) in reads.into_iter().enumerate() {
            // the window stays inside the plane
            let from = first.min(m.size - taps);
            weights[x * taps + first - from..][..w.len()].copy_from_slice(&w);
            start.push(from);
        }
        Self { start, weights, taps }
    }

    fn weights(&self, i: usize) -> &[f32] {
        &self.weights[i * self.taps..(i + 1) * self.taps]
    }

    /// The samples that the positions `span` read. Windows only rise or only fall along an axis.
    fn reach(&self, span: &Range<usize>) -> Range<usize> {
        let starts = &self.start[span.clone()];
        let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return 0..self.taps };
        *first.min(last)..*first.max(last) + self.taps
    }
}

/// The filters of one input.
pub(super) struct Separable {
    luma: (Axis, Axis),
    /// None for R, G, B, A.
    chroma: Option<(Axis, Axis)>,
}

impl Separable {
    /// Filters for an input that is scaled upright; None where it is copied, turned, or has no picture.
    pub fn new(p: &InputParams, source: Source<'_>, width: usize, height: usize) -> Option<Self> {
        if p.kind == KIND_SOLID || p.flags & FLAG_ALIGNED != 0 || p.map_x[1] != 0.0 || p.map_y[0] != 0.0 {
            return None;
        }
        let axes = |plane_x: (f32, f32), plane_y: (f32, f32), size: (u32, u32)| {
            let x = AxisMap {
                scale: p.map_x[0],
                offset: p.map_x[2],
                samples: p.taps_x,
                bounds: (p.bounds[0], p.bounds[2]),
                plane: plane_x,
                size: size.0 as usize,
            };
            let y = AxisMap {
                scale: p.map_y[1],
                offset: p.map_y[2],
                samples: p.taps_y,
                bounds: (p.bounds[1], p.bounds[3]),
                plane: plane_y,
                size: size.1 as usize,
            };
            (Axis::new(&x, width), Axis::new(&y, height))
        };
        let picture = match source {
            Source::Picture(picture) => picture,
            Source::Light(l) => {
                return Some(Self { luma: axes((1.0, 0.0), (1.0, 0.0), (l.width as u32, l.height as u32)), chroma: None });
            }
        };
        let luma = axes((1.0, 0.0), (1.0, 0.0), (picture.width, picture.height));
        let chroma = (p.kind != KIND_RGBA).then(|| {
            let (w, h) = picture.format.plane_size(1, picture.width, picture.height);
            let w = if p.kind == KIND_SEMI_PLANAR { w / 2 } else { w };
            axes((p.chroma[0], p.chroma[2]), (p.chroma[1], p.chroma[3]), (w, h))
        });
        Some(Self { luma, chroma })
    }

    /// Code values of canvas row `y`, columns `span`. Colour of R, G, B, A comes back straight, light premultiplied.
    pub fn fetch(&self, source: Source<'_>, p: &InputParams, y: usize, span: &Range<usize>, out: &mut Codes) {
        let Codes { c, wide, .. } = out;
        let picture = match source {
            Source::Picture(picture) => picture,
            Source::Light(light) => {
                for (k, c) in c.iter_mut().enumerate() {
                    let at = self.light_sums(light, k, y, span, wide);
                    across::<1>(&self.luma.0, span, at, wide, 0, &mut c[span.clone()]);
                }
                return;
            }
        };
        let [c0, c1, c2, c3] = c;
        let [c0, c1, c2, c3] = [&mut c0[span.clone()], &mut c1[span.clone()], &mut c2[span.clone()], &mut c3[span.clone()]];
        match (&self.chroma, p.kind) {
            (Some(chroma), KIND_SEMI_PLANAR) => {
                let at = self.luma.column_sums(picture, 0, 1, y, span, wide);
                across::<1>(&self.luma.0, span, at, wide, 0, c0);
                let at = chroma.column_sums(picture, 1, 2, y, span, wide);
                across::<2>(&chroma.0, span, at, wide, 0, c1);
                across::<2>(&chroma.0, span, at, wide, 1, c2);
            }
            (Some(chroma), _) => {
                let at = self.luma.column_sums(picture, 0, 1, y, span, wide);
                across::<1>(&self.luma.0, span, at, wide, 0, c0);
                for (plane, c) in [(1, c1), (2, c2)] {
                    let at = chroma.column_sums(picture, plane, 1, y, span, wide);
                    across::<1>(&chroma.0, span, at, wide, 0, c);
                }
            }
            (None, _) => {
                let at = self.luma.column_sums(picture, 0, 4, y, span, wide);
                for (k, c) in [&mut *c0, &mut *c1, &mut *c2, &mut *c3].into_iter().enumerate() {
                    across::<4>(&self.luma.0, span, at, wide, k, c);
                }
                for (((r, g), b), a) in c0.iter_mut().zip(c1).zip(c2).zip(c3) {
                    let share = *a * p.alpha_scale;
                    let k = if share > 0.0 { 1.0 / share } else { 0.0 };
                    (*r, *g, *b) = (*r * k, *g * k, *b * k);
                }
            }
        }
    }
}

impl Separable {
    /// Sums down the columns of component `k` of a nest. Returns the first column.
    fn light_sums(&self, light: &Light, k: usize, y: usize, span: &Range<usize>, out: &mut Vec<f32>) -> usize {
        let (across, down) = &self.luma;
        let reach = across.reach(span);
        out.resize(out.len().max(reach.len()), 0.0);
        let sums = &mut out[..reach.len()];
        sums.fill(0.0);
        for (i, w) in down.weights(y).iter().enumerate().filter(|(_, w)| **w != 0.0) {
            let row = &light.row(k, down.start[y] + i)[reach.clone()];
            sums.iter_mut().zip(row).for_each(|(o, v)| *o += v * w);
        }
        reach.start
    }
}

/// Sums down the columns.
trait ColumnSums {
    fn column_sums(&self, picture: &Picture, plane: usize, step: usize, y: usize, span: &Range<usize>, out: &mut Vec<f32>) -> usize;
}

impl ColumnSums for (Axis, Axis) {
    /// The weighted sum of the rows that canvas row `y` reads, for the samples that `span` needs (`step` components each,
    /// four are premultiplied). Returns the first sample.
    fn column_sums(&self, picture: &Picture, plane: usize, step: usize, y: usize, span: &Range<usize>, out: &mut Vec<f32>) -> usize {
        let reach = self.0.reach(span);
        let n = reach.len() * step;
        out.resize(out.len().max(n), 0.0);
        let sums = &mut out[..n];
        sums.fill(0.0);
        let scale = 1.0 / ((1u32 << picture.format.bits()) - 1) as f32;
        for (k, w) in self.1.weights(y).iter().enumerate().filter(|(_, w)| **w != 0.0) {
            let row = picture.row(plane, (self.1.start[y] + k) as u32);
            let bytes = picture.format.bytes_per_sample();
            let row = &row[reach.start * step * bytes..reach.end * step * bytes];
            match (step, bytes) {
                (4, 1) => add_premultiplied8(row, *w, scale, sums),
                (4, _) => add_premultiplied16(row, *w, scale, sums),
                (_, 1) => add8(row, *w, sums),
                _ => add16(row, *w, sums),
            }
        }
        reach.start
    }
}

#[inline(always)]
fn add8_body<const FMA: bool>(row: &[u8], w: f32, sums: &mut [f32]) {
    for (o, s) in sums.iter_mut().zip(row) {
        *o = fma::<FMA>(f32::from(*s), w, *o);
    }
}
#[inline(always)]
fn add16_body<const FMA: bool>(row: &[u8], w: f32, sums: &mut [f32]) {
    for (o, s) in sums.iter_mut().zip(row.as_chunks::<2>().0) {
        *o = fma::<FMA>(f32::from(u16::from_le_bytes(*s)), w, *o);
    }
}
#[inline(always)]
fn add_premultiplied8_body<const FMA: bool>(row: &[u8], w: f32, scale: f32, sums: &mut [f32]) {
    for (o, s) in sums.as_chunks_mut::<4>().0.iter_mut().zip(row.as_chunks::<4>().0) {
        let k = f32::from(s[3]) * scale * w;
        for i in 0..3 {
            o[i] = fma::<FMA>(f32::from(s[i]), k, o[i]);
        }
        o[3] = fma::<FMA>(f32::from(s[3]), w, o[3]);
    }
}
#[inline(always)]
fn add_premultiplied16_body<const FMA: bool>(row: &[u8], w: f32, scale: f32, sums: &mut [f32]) {
    for (o, s) in sums.as_chunks_mut::<4>().0.iter_mut().zip(row.as_chunks::<8>().0) {
        let v: [f32; 4] = std::array::from_fn(|i| f32::from(u16::from_le_bytes([s[2 * i], s[2 * i + 1]])));
        let k = v[3] * scale * w;
        for i in 0..3 {
            o[i] = fma::<FMA>(v[i], k, o[i]);
        }
        o[3] = fma::<FMA>(v[3], w, o[3]);
    }
}
kernel! { fn add8(row: &[u8], w: f32, sums: &mut [f32]) = add8_body }
kernel! { fn add16(row: &[u8], w: f32, sums: &mut [f32]) = add16_body }
kernel! { fn add_premultiplied8(row: &[u8], w: f32, scale: f32, sums: &mut [f32]) = add_premultiplied8_body }
kernel! { fn add_premultiplied16(row: &[u8], w: f32, scale: f32, sums: &mut [f32]) = add_premultiplied16_body }

/// Sums along a row of `STEP` interleaved components, component `k`; `first` is the sample that `sums` begins with.
fn across<const STEP: usize>(axis: &Axis, span: &Range<usize>, first: usize, sums: &[f32], k: usize, out: &mut [f32]) {
    match axis.taps {
        1 => across_taps::<STEP, 1>(axis, span, first, sums, k, out),
        2 => across_taps::<STEP, 2>(axis, span, first, sums, k, out),
        3 => across_taps::<STEP, 3>(axis, span, first, sums, k, out),
        4 => across_taps::<STEP, 4>(axis, span, first, sums, k, out),
        5 => across_taps::<STEP, 5>(axis, span, first, sums, k, out),
        taps => {
            for (o, x) in out.iter_mut().zip(span.clone()) {
                let s = &sums[(axis.start[x] - first) * STEP..][..taps * STEP];
                *o = axis.weights(x).iter().zip(s.chunks(STEP)).map(|(w, s)| w * s[k]).sum();
            }
        }
    }
}

/// The same with a number of taps known to the compiler.
fn across_taps<const STEP: usize, const TAPS: usize>(
    axis: &Axis,
    span: &Range<usize>,
    first: usize,
    sums: &[f32],
    k: usize,
    out: &mut [f32],
) {
    let weights = &axis.weights.as_chunks::<TAPS>().0[span.clone()];
    for ((o, w), start) in out.iter_mut().zip(weights).zip(&axis.start[span.clone()]) {
        let s = &sums[(start - first) * STEP..][..TAPS * STEP];
        let mut v = 0.0;
        for t in 0..TAPS {
            v += w[t] * s[t * STEP + k];
        }
        *o = v;
    }
}
