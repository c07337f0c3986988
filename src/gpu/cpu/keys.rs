//! Sixteen texels about a place at once: the inner loop of bent pictures. A row of four texels is one register of AVX-512, two of AVX2; elsewhere
//! the compiler makes what it can of the same sums. They differ by rounding alone.

use super::simd::fma;
use crate::gpu::params::CUBIC;

/// Premultiplied R, G, B and alpha side by side.
pub(super) type Texel = [f32; 4];

/// Weights of four texels in a row, by powers of the part of a texel gone since the second of them.
pub(super) type Weights = [Texel; 4];

/// Keys' cubic (R. Keys, *Cubic convolution interpolation*, 1981).
pub(super) const SHARP: Weights = [
    [0.0, 1.0, 0.0, 0.0],
    [CUBIC, 0.0, -CUBIC, 0.0],
    [-2.0 * CUBIC, -(CUBIC + 3.0), 2.0 * CUBIC + 3.0, CUBIC],
    [CUBIC, CUBIC + 2.0, -(CUBIC + 2.0), -CUBIC],
];
/// The middle two alone.
pub(super) const BILINEAR: Weights = [[0.0, 1.0, 0.0, 0.0], [0.0, -1.0, 1.0, 0.0], [0.0; 4], [0.0; 4]];

/// Where the pixels of a row lie in the picture.
#[derive(Default)]
pub(super) struct Places {
    /// Texels from the first one's middle.
    pub x: Vec<f32>,
    pub y: Vec<f32>,
    /// The parts of these positions below 1.
    pub part_x: Vec<f32>,
    pub part_y: Vec<f32>,
    /// The first of the sixteen texels, counted along the rows; −1 where some of them lie beyond the picture.
    pub first: Vec<i32>,
}

impl Places {
    pub fn resize(&mut self, n: usize) {
        [&mut self.x, &mut self.y, &mut self.part_x, &mut self.part_y].into_iter().for_each(|v| v.resize(n, 0.0));
        self.first.resize(n, 0);
    }
}

/// Weights at a part of a texel.
#[inline(always)]
pub(super) fn weights<const FMA: bool>(w: &Weights, part: f32) -> Texel {
    std::array::from_fn(|k| fma::<FMA>(part, fma::<FMA>(part, fma::<FMA>(part, w[3][k], w[2][k]), w[1][k]), w[0][k]))
}

/// Adds to each pixel whose sixteen texels lie within the picture their weighted sum.
pub(super) fn add_inner(texels: &[Texel], width: usize, w: &Weights, places: &Places, out: &mut [Texel]) {
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has every feature that `widest` was compiled for.
            return unsafe { x86::widest(texels, width, w, places, out) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the processor has every feature that `wide` was compiled for.
            return unsafe { x86::wide(texels, width, w, places, out) };
        }
    }
    plain(texels, width, w, places, out);
}

/// Four rows of four texels from `first` on; none where they are not all there.
#[inline(always)]
fn rows(texels: &[Texel], width: usize, first: i32) -> Option<[&[Texel; 4]; 4]> {
    let first = usize::try_from(first).ok()?;
    let field = texels.get(first..first + 3 * width + 4)?;
    // SAFETY: the last row ends where the field ends.
    Some(std::array::from_fn(|j| unsafe { &*field.as_ptr().add(j * width).cast() }))
}

fn plain(texels: &[Texel], width: usize, w: &Weights, places: &Places, out: &mut [Texel]) {
    for (((first, x), y), out) in places.first.iter().zip(&places.part_x).zip(&places.part_y).zip(out) {
        let Some(rows) = rows(texels, width, *first) else { continue };
        let (wx, wy) = (weights::<false>(w, *x), weights::<false>(w, *y));
        let mut sum = [[0.0_f32; 4]; 4];
        for (row, wy) in rows.iter().zip(wy) {
            sum.as_flattened_mut().iter_mut().zip(row.as_flattened()).for_each(|(s, v)| *s += wy * v);
        }
        (0..4).for_each(|k| out[k] += (0..4).map(|i| wx[i] * sum[i][k]).sum::<f32>());
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Places, Texel, Weights, rows};
    use std::arch::x86_64::*;

    /// Polynomials of the weights along and down, one after the other in a register.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn powers(w: &Weights) -> [__m256; 4] {
        w.map(|[a, b, c, d]| _mm256_setr_ps(a, b, c, d, a, b, c, d))
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn weights(p: &[__m256; 4], x: f32, y: f32) -> __m256 {
        let f = _mm256_set_m128(_mm_set1_ps(y), _mm_set1_ps(x));
        _mm256_fmadd_ps(f, _mm256_fmadd_ps(f, _mm256_fmadd_ps(f, p[3], p[2]), p[1]), p[0])
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn add(out: &mut Texel, sum: __m256) {
        let sum = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps::<1>(sum));
        // SAFETY: a texel is four floats.
        unsafe { _mm_storeu_ps(out.as_mut_ptr(), _mm_add_ps(sum, _mm_loadu_ps(out.as_ptr()))) }
    }

    #[target_feature(enable = "avx512f,avx2,fma")]
    pub(super) fn widest(texels: &[Texel], width: usize, w: &Weights, places: &Places, out: &mut [Texel]) {
        let each = |a: i32, b: i32, c: i32, d: i32| _mm512_setr_epi32(a, a, a, a, b, b, b, b, c, c, c, c, d, d, d, d);
        let along = each(0, 1, 2, 3);
        let down = [each(4, 4, 4, 4), each(5, 5, 5, 5), each(6, 6, 6, 6), each(7, 7, 7, 7)];
        let powers = powers(w);
        for (((first, x), y), out) in places.first.iter().zip(&places.part_x).zip(&places.part_y).zip(out) {
            let Some(rows) = rows(texels, width, *first) else { continue };
            let w = _mm512_castps256_ps512(weights(&powers, *x, *y));
            // SAFETY: a row is sixteen floats.
            let [a, b, c, d] = rows.map(|r| unsafe { _mm512_loadu_ps(r.as_ptr().cast()) });
            let [wa, wb, wc, wd] = down.map(|k| _mm512_permutexvar_ps(k, w));
            let top = _mm512_fmadd_ps(wb, b, _mm512_mul_ps(wa, a));
            let bottom = _mm512_fmadd_ps(wd, d, _mm512_mul_ps(wc, c));
            let sum = _mm512_mul_ps(_mm512_add_ps(top, bottom), _mm512_permutexvar_ps(along, w));
            let high = _mm512_castps512_ps256(_mm512_shuffle_f32x4::<0b11_10_11_10>(sum, sum));
            add(out, _mm256_add_ps(_mm512_castps512_ps256(sum), high));
        }
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn wide(texels: &[Texel], width: usize, w: &Weights, places: &Places, out: &mut [Texel]) {
        let left = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
        let right = _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3);
        let powers = powers(w);
        for (((first, x), y), out) in places.first.iter().zip(&places.part_x).zip(&places.part_y).zip(out) {
            let Some(rows) = rows(texels, width, *first) else { continue };
            let w = weights(&powers, *x, *y);
            let down = _mm256_extractf128_ps::<1>(w);
            let down = [
                _mm256_broadcastss_ps(down),
                _mm256_broadcastss_ps(_mm_permute_ps::<1>(down)),
                _mm256_broadcastss_ps(_mm_permute_ps::<2>(down)),
                _mm256_broadcastss_ps(_mm_permute_ps::<3>(down)),
            ];
            let (mut l, mut r) = (_mm256_setzero_ps(), _mm256_setzero_ps());
            for (row, w) in rows.into_iter().zip(down) {
                // SAFETY: a row is sixteen floats.
                let (p, q) = unsafe { (_mm256_loadu_ps(row.as_ptr().cast()), _mm256_loadu_ps(row[2..].as_ptr().cast())) };
                l = _mm256_fmadd_ps(w, p, l);
                r = _mm256_fmadd_ps(w, q, r);
            }
            let sum = _mm256_mul_ps(r, _mm256_permutevar8x32_ps(w, right));
            add(out, _mm256_fmadd_ps(l, _mm256_permutevar8x32_ps(w, left), sum));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of noise and places all over it.
    fn noise(width: usize, height: usize) -> (Vec<Texel>, Places) {
        let mut rng = fastrand::Rng::with_seed(4);
        let texels = (0..width * height).map(|_| std::array::from_fn(|_| rng.f32())).collect();
        let mut places = Places::default();
        places.resize(200);
        for i in 0..200 {
            (places.part_x[i], places.part_y[i]) = (rng.f32(), rng.f32());
            // one in eight lies at the border
            places.first[i] = if i % 8 == 0 { -1 } else { (rng.usize(0..height - 3) * width + rng.usize(0..width - 3)) as i32 };
        }
        (texels, places)
    }

    #[test]
    fn registers_of_all_widths_give_the_same_light() {
        let (texels, places) = noise(40, 12);
        for w in [SHARP, BILINEAR] {
            let mut expected = vec![[0.25; 4]; 200];
            plain(&texels, 40, &w, &places, &mut expected);
            assert!(expected.iter().enumerate().all(|(i, v)| (*v == [0.25; 4]) == (i % 8 == 0)));
            let mut all = vec![vec![[0.25; 4]; 200]; 2];
            add_inner(&texels, 40, &w, &places, &mut all[0]);
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the processor has them.
                unsafe { x86::wide(&texels, 40, &w, &places, &mut all[1]) };
            }
            let detected = if cfg!(target_arch = "x86_64") { 2 } else { 1 };
            for seen in &all[..detected] {
                let off = seen.as_flattened().iter().zip(expected.as_flattened()).fold(0.0_f32, |m, (a, b)| m.max((a - b).abs()));
                assert!(off < 2e-6, "{off}");
            }
        }
    }

    #[test]
    fn weights_are_those_of_the_cubic_and_come_to_one() {
        for k in 0..=16 {
            let part = k as f32 / 16.0;
            let at = |x: f32| {
                let x = x.abs();
                let a = CUBIC;
                match x {
                    x if x < 1.0 => ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0,
                    x if x < 2.0 => ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a,
                    _ => 0.0,
                }
            };
            let w = weights::<false>(&SHARP, part);
            for (i, w) in w.iter().enumerate() {
                assert!((w - at(part + 1.0 - i as f32)).abs() < 1e-6);
            }
            for w in [w, weights::<false>(&BILINEAR, part)] {
                assert!((w.iter().sum::<f32>() - 1.0).abs() < 1e-6);
            }
        }
    }
}
