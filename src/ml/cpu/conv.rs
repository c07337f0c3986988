//! 3×3 convolutions on the processor: by Winograd's F(4×4, 3×3) where there are many input channels, directly where there are few.
//!
//! Winograd: each square of 4×4 outputs is had from 6×6 transformed inputs by 36 products instead of 144. Points 0, ±√½, ±√2, ∞
//! (Lavin & Gray 2015 with the points of ncnn's `conv3x3s1_winograd43`, whose rounding errors are smaller than those of 0, ±1, ±2). Squares lie on a
//! grid that begins at the map's first pixel. Work is spread over rayon's threads; results do not depend on how.

use super::{
    lane::Lane,
    map::{Map, SQUARE},
};
use crate::ml::net::Conv;
use rayon::prelude::*;
use std::cell::RefCell;

const SQRT2: f32 = std::f32::consts::SQRT_2;
const HALF_SQRT2: f32 = std::f32::consts::FRAC_1_SQRT_2;
/// Squares that a thread transforms before it multiplies them: their numbers stay in its cache. A multiple of every step.
const BLOCK: usize = 24;
/// Fewer input channels than this are not worth a transform.
const FEW: usize = 16;

/// Which registers are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    /// AVX-512: 16 numbers.
    Wide,
    /// AVX2 and FMA: 8 numbers.
    Middle,
    /// 8 numbers in whatever the processor has.
    Plain,
}

impl Width {
    /// The best for networks of so many features.
    pub fn best(features: usize) -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            // half-empty registers would be no gain
            let fits = features.next_multiple_of(16) <= features.next_multiple_of(8) || features > 64;
            if fits && is_x86_feature_detected!("avx512f") {
                return Self::Wide;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Middle;
            }
        }
        let _ = features;
        Self::Plain
    }

    /// Numbers of a register: channels are padded to multiples of it.
    pub fn lanes(self) -> usize {
        if self == Self::Wide { 16 } else { 8 }
    }
}

/// A convolution made ready for the kernels, with what follows it: `y ≥ 0 ? y : slope · y`.
pub(super) struct Packed {
    width: Width,
    /// Input channels as they lie in the map.
    inputs: usize,
    /// Output channels, padded.
    pub outputs: usize,
    /// Registers of outputs that are computed side by side: 1 to 4.
    group: usize,
    winograd: bool,
    /// By group of outputs, tap, input, output within the group.
    weights: Vec<f32>,
    biases: Vec<f32>,
    slopes: Vec<f32>,
}

/// Rows of G, which transforms weights.
const G: [[f64; 3]; 6] = {
    const R: f64 = std::f64::consts::SQRT_2;
    [
        [1.0, 0.0, 0.0],
        [-2.0 / 3.0, -R / 3.0, -1.0 / 3.0],
        [-2.0 / 3.0, R / 3.0, -1.0 / 3.0],
        [1.0 / 6.0, R / 6.0, 1.0 / 3.0],
        [1.0 / 6.0, -R / 6.0, 1.0 / 3.0],
        [0.0, 0.0, 1.0],
    ]
};

impl Packed {
    /// `place`: where in the map's pixel each input channel lies; `inputs`: how many there are with the gaps. Without `slopes` nothing
    /// follows the convolution.
    pub fn new(conv: &Conv, width: Width, inputs: usize, place: impl Fn(usize) -> usize, slopes: Option<&dyn Fn(usize) -> f32>) -> Self {
        let lanes = width.lanes();
        let outputs = conv.outputs.next_multiple_of(lanes);
        let registers = outputs / lanes;
        let group = match width {
            Width::Wide => [4, 3, 2, 1].into_iter().find(|g| registers.is_multiple_of(*g)),
            _ => [3, 2, 1].into_iter().find(|g| registers.is_multiple_of(*g)),
        };
        let group = group.unwrap_or(1);
        let winograd = conv.inputs >= FEW;
        let taps = if winograd { 36 } else { 9 };
        let side = group * lanes;
        let mut weights = vec![0.0f32; taps * inputs * outputs];
        for o in 0..conv.outputs {
            for i in 0..conv.inputs {
                let g = &conv.weights[(o * conv.inputs + i) * 9..][..9];
                for tap in 0..taps {
                    let v = if winograd {
                        let (r, c) = (&G[tap / 6], &G[tap % 6]);
                        (0..9).map(|k| r[k / 3] * f64::from(g[k]) * c[k % 3]).sum::<f64>() as f32
                    } else {
                        g[tap]
                    };
                    let at = (o / side * taps + tap) * inputs * side + place(i) * side + o % side;
                    weights[at] = v;
                }
            }
        }
        let padded = |f: &dyn Fn(usize) -> f32, rest: f32| (0..outputs).map(|o| if o < conv.outputs { f(o) } else { rest }).collect();
        let biases = padded(&|o| conv.biases[o], 0.0);
        let slopes = padded(slopes.unwrap_or(&|_| 1.0), 1.0);
        Self { width, inputs, outputs, group, winograd, weights, biases, slopes }
    }

    /// From the first channels of `from` to `to`, from its first channel on.
    pub fn run(&self, from: &Map, to: &mut Map) {
        assert!(self.inputs <= from.channels && self.outputs <= to.channels, "channels of a convolution");
        assert!((from.width, from.height, from.stride) == (to.width, to.height, to.stride), "sizes of a convolution");
        self.spread(&Place {
            from: from.data.as_ptr(),
            step: from.channels,
            to: to.data.as_mut_ptr(),
            to_step: to.channels,
            ..Place::of(from)
        });
    }

    /// From the first channels of a map to others of the same map, from channel `at` on.
    pub fn run_within(&self, map: &mut Map, at: usize) {
        assert!(self.inputs <= at && at + self.outputs <= map.channels, "channels of a convolution");
        let data = map.data.as_mut_ptr();
        // SAFETY: `at` lies within the first pixel.
        let to = unsafe { data.add(at) };
        self.spread(&Place { from: data.cast_const(), step: map.channels, to, to_step: map.channels, ..Place::of(map) });
    }

    fn spread(&self, place: &Place) {
        let blocks = if self.winograd { (place.squares_x * place.squares_y).div_ceil(BLOCK) } else { place.height };
        (0..blocks).into_par_iter().for_each(|n| {
            SCRATCH.with_borrow_mut(|scratch| {
                if self.winograd {
                    let need = 36 * (self.plane(self.inputs) + self.plane(self.outputs));
                    if scratch.len() < need {
                        scratch.resize(need, 0.0);
                    }
                }
                // SAFETY: maps have a border that is as wide as any read or write; different blocks write different pixels, and what is read
                // are other channels or another map (checked by both callers); the processor has the instructions (`Width::best`).
                unsafe { self.block(place, n, scratch) };
            });
        });
    }

    /// Numbers from one tap's transformed squares to the next: with a gap, so that they do not fall into the same few lines of the cache.
    fn plane(&self, channels: usize) -> usize {
        BLOCK * channels + 16
    }

    unsafe fn block(&self, place: &Place, n: usize, scratch: &mut [f32]) {
        // SAFETY: as the caller says.
        unsafe {
            match self.width {
                #[cfg(target_arch = "x86_64")]
                Width::Wide => wide(self, place, n, scratch),
                #[cfg(target_arch = "x86_64")]
                Width::Middle => middle(self, place, n, scratch),
                _ => any::<[f32; 8]>(self, place, n, scratch),
            }
        }
    }
}

thread_local! {
    /// Transformed inputs and products of the thread's block.
    static SCRATCH: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

/// Where a convolution reads and writes. Pointers are to the borders' first pixels.
#[derive(Clone, Copy)]
struct Place {
    from: *const f32,
    to: *mut f32,
    /// Numbers from pixel to pixel.
    step: usize,
    to_step: usize,
    /// Pixels from row to row.
    stride: usize,
    width: usize,
    height: usize,
    squares_x: usize,
    squares_y: usize,
}

// SAFETY: see `Packed::spread`: no two threads write the same number, and none reads what another writes.
unsafe impl Sync for Place {}

impl Place {
    fn of(map: &Map) -> Self {
        Self {
            from: std::ptr::null(),
            to: std::ptr::null_mut(),
            step: 0,
            to_step: 0,
            stride: map.stride,
            width: map.width,
            height: map.height,
            squares_x: map.width.div_ceil(SQUARE),
            squares_y: map.height.div_ceil(SQUARE),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
unsafe fn wide(p: &Packed, place: &Place, n: usize, scratch: &mut [f32]) {
    // SAFETY: as the caller says.
    unsafe { any::<std::arch::x86_64::__m512>(p, place, n, scratch) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn middle(p: &Packed, place: &Place, n: usize, scratch: &mut [f32]) {
    // SAFETY: as the caller says.
    unsafe { any::<std::arch::x86_64::__m256>(p, place, n, scratch) }
}

/// One block of work with one kind of register.
#[inline(always)]
unsafe fn any<V: Lane>(p: &Packed, place: &Place, n: usize, scratch: &mut [f32]) {
    // SAFETY: as the caller says.
    unsafe {
        if p.winograd {
            let (inputs, outputs) = scratch.split_at_mut(36 * p.plane(p.inputs));
            let first = n * BLOCK;
            let count = (place.squares_x * place.squares_y - first).min(BLOCK);
            transform_inputs::<V>(p, place, first, count, inputs.as_mut_ptr());
            for tap in 0..36 {
                let a = inputs.as_ptr().add(tap * p.plane(p.inputs));
                let c = outputs.as_mut_ptr().add(tap * p.plane(p.outputs));
                products::<V>(p, tap, a, c, count);
            }
            transform_outputs::<V>(p, place, first, count, outputs.as_ptr());
        } else {
            direct::<V>(p, place, n);
        }
    }
}

/// `Bᵀ d`.
#[inline(always)]
fn six<V: Lane>(d: [V; 6]) -> [V; 6] {
    let k = |v: f32| V::splat(v);
    let t1 = d[2].fma(k(-2.0), d[4]);
    let t2 = d[1].fma(k(-SQRT2), d[3].mul(k(HALF_SQRT2)));
    let t3 = d[2].fma(k(-0.5), d[4]);
    let t4 = d[1].fma(k(-HALF_SQRT2), d[3].mul(k(SQRT2)));
    [d[2].fma(k(-2.5), d[0].add(d[4])), t1.add(t2), t1.sub(t2), t3.add(t4), t3.sub(t4), d[3].fma(k(-2.5), d[1].add(d[5]))]
}

/// `Aᵀ m`.
#[inline(always)]
fn four<V: Lane>(m: [V; 6]) -> [V; 4] {
    let k = |v: f32| V::splat(v);
    let (s1, d1, s2, d2) = (m[1].add(m[2]), m[1].sub(m[2]), m[3].add(m[4]), m[3].sub(m[4]));
    [
        m[0].add(s1).add(s2),
        d2.fma(k(SQRT2), d1.mul(k(HALF_SQRT2))),
        s2.fma(k(2.0), s1.mul(k(0.5))),
        d2.fma(k(2.0 * SQRT2), d1.fma(k(0.5 * HALF_SQRT2), m[5])),
    ]
}

#[inline(always)]
unsafe fn transform_inputs<V: Lane>(p: &Packed, place: &Place, first: usize, count: usize, out: *mut f32) {
    let plane = p.plane(p.inputs);
    for t in 0..count {
        let (x, y) = ((first + t) % place.squares_x, (first + t) / place.squares_x);
        // SAFETY: a square and its border lie within the map's border, which is rounded up to whole squares.
        unsafe {
            let square = place.from.add((y * SQUARE * place.stride + x * SQUARE) * place.step);
            for c in (0..p.inputs).step_by(V::N) {
                let mut rows = [[V::splat(0.0); 6]; 6];
                for (r, row) in rows.iter_mut().enumerate() {
                    let at = square.add(r * place.stride * place.step + c);
                    let mut d = [V::splat(0.0); 6];
                    for (i, d) in d.iter_mut().enumerate() {
                        *d = V::load(at.add(i * place.step));
                    }
                    *row = six(d);
                }
                for i in 0..6 {
                    let column = six(rows.map(|r| r[i]));
                    for (r, v) in column.into_iter().enumerate() {
                        v.store(out.add((r * 6 + i) * plane + t * p.inputs + c));
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn transform_outputs<V: Lane>(p: &Packed, place: &Place, first: usize, count: usize, from: *const f32) {
    let plane = p.plane(p.outputs);
    for t in 0..count {
        let (x, y) = ((first + t) % place.squares_x * SQUARE, (first + t) / place.squares_x * SQUARE);
        let (w, h) = ((place.width - x).min(SQUARE), (place.height - y).min(SQUARE));
        for c in (0..p.outputs).step_by(V::N) {
            // SAFETY: biases and slopes are as many as the outputs; only pixels of the map are written.
            unsafe {
                let mut rows = [[V::splat(0.0); 4]; 6];
                for (r, row) in rows.iter_mut().enumerate() {
                    let mut m = [V::splat(0.0); 6];
                    for (i, m) in m.iter_mut().enumerate() {
                        *m = V::load(from.add((r * 6 + i) * plane + t * p.outputs + c));
                    }
                    *row = four(m);
                }
                for i in 0..w {
                    let column = four(rows.map(|r| r[i]));
                    for (r, v) in column.into_iter().enumerate().take(h) {
                        let at = ((y + r + 1) * place.stride + x + i + 1) * place.to_step + c;
                        finish(p, c, v.add(V::load(p.biases.as_ptr().add(c)))).store(place.to.add(at));
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn finish<V: Lane>(p: &Packed, c: usize, v: V) -> V {
    // SAFETY: slopes are as many as the outputs.
    let slopes = unsafe { V::load(p.slopes.as_ptr().add(c)) };
    v.min(V::splat(0.0)).fma(slopes, v.max(V::splat(0.0)))
}

/// `acc += a · b`: `M` rows of `a`, `step` apart, by `G` registers of each of `k` rows of `b`.
#[inline(always)]
unsafe fn accumulate<V: Lane, const M: usize, const G: usize>(acc: &mut [[V; G]; M], a: *const f32, step: usize, k: usize, b: *const f32) {
    for i in 0..k {
        // SAFETY: promised by the callers.
        unsafe {
            let mut row = [V::splat(0.0); G];
            for (g, r) in row.iter_mut().enumerate() {
                *r = V::load(b.add((i * G + g) * V::N));
            }
            for (m, acc) in acc.iter_mut().enumerate() {
                let v = V::splat(*a.add(m * step + i));
                for (acc, r) in acc.iter_mut().zip(row) {
                    *acc = v.fma(r, *acc);
                }
            }
        }
    }
}

/// Picks the step (rows at once) that fills the registers for a group of outputs.
macro_rules! stepped {
    ($v:ty, $group:expr, $kernel:ident($($arg:expr),*)) => {
        match ($group, <$v>::N) {
            (1, 16) => $kernel::<$v, 12, 1>($($arg),*),
            (2, 16) => $kernel::<$v, 12, 2>($($arg),*),
            (3, 16) => $kernel::<$v, 8, 3>($($arg),*),
            (4, _) => $kernel::<$v, 6, 4>($($arg),*),
            (3, _) => $kernel::<$v, 4, 3>($($arg),*),
            (2, _) => $kernel::<$v, 6, 2>($($arg),*),
            _ => $kernel::<$v, 8, 1>($($arg),*),
        }
    };
}

#[inline(always)]
unsafe fn products<V: Lane>(p: &Packed, tap: usize, a: *const f32, c: *mut f32, count: usize) {
    // SAFETY: as the caller says.
    unsafe { stepped!(V, p.group, products_of(p, tap, a, c, count)) }
}

#[inline(always)]
unsafe fn products_of<V: Lane, const M: usize, const G: usize>(p: &Packed, tap: usize, a: *const f32, c: *mut f32, count: usize) {
    let side = G * V::N;
    for group in 0..p.outputs / side {
        // SAFETY: a block has room for whole steps, whether its squares are there or not.
        unsafe {
            let b = p.weights.as_ptr().add((group * 36 + tap) * p.inputs * side);
            for row in (0..count).step_by(M) {
                let mut acc = [[V::splat(0.0); G]; M];
                accumulate::<V, M, G>(&mut acc, a.add(row * p.inputs), p.inputs, p.inputs, b);
                for (m, acc) in acc.iter().enumerate() {
                    for (g, v) in acc.iter().enumerate() {
                        v.store(c.add((row + m) * p.outputs + group * side + g * V::N));
                    }
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn direct<V: Lane>(p: &Packed, place: &Place, y: usize) {
    // SAFETY: as the caller says.
    unsafe { stepped!(V, p.group, direct_of(p, place, y)) }
}

#[inline(always)]
unsafe fn direct_of<V: Lane, const M: usize, const G: usize>(p: &Packed, place: &Place, y: usize) {
    let side = G * V::N;
    for group in 0..p.outputs / side {
        for x in (0..place.width).step_by(M) {
            // SAFETY: what is read behind a row's end is the next row or the map's slack, and its products are not written.
            unsafe {
                let mut acc = [[V::splat(0.0); G]; M];
                for acc in &mut acc {
                    for (g, v) in acc.iter_mut().enumerate() {
                        *v = V::load(p.biases.as_ptr().add(group * side + g * V::N));
                    }
                }
                for tap in 0..9 {
                    let a = place.from.add(((y + tap / 3) * place.stride + x + tap % 3) * place.step);
                    let b = p.weights.as_ptr().add((group * 9 + tap) * p.inputs * side);
                    accumulate::<V, M, G>(&mut acc, a, place.step, p.inputs, b);
                }
                for (m, acc) in acc.iter().enumerate().take(place.width - x) {
                    for (g, v) in acc.iter().enumerate() {
                        let c = group * side + g * V::N;
                        let at = ((y + 1) * place.stride + x + m + 1) * place.to_step + c;
                        finish(p, c, *v).store(place.to.add(at));
                    }
                }
            }
        }
    }
}
