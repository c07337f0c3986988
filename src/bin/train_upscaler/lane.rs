//! Registers of several f32, so that one text of a kernel serves all widths. Nothing else.
//!
//! The methods must be inlined into a function that was compiled for their instructions: call them only below such a one.

/// Several numbers side by side.
pub(super) trait Lane: Copy {
    const N: usize;
    fn splat(v: f32) -> Self;
    /// # Safety
    /// `N` numbers lie at `p`.
    unsafe fn load(p: *const f32) -> Self;
    /// # Safety
    /// `N` numbers may be written at `p`.
    unsafe fn store(self, p: *mut f32);
    fn add(self, o: Self) -> Self;
    fn sub(self, o: Self) -> Self;
    fn mul(self, o: Self) -> Self;
    /// `self · a + b`.
    fn fma(self, a: Self, b: Self) -> Self;
    fn max(self, o: Self) -> Self;
    fn min(self, o: Self) -> Self;
}

/// For any processor: the compiler makes of it what its baseline has.
impl Lane for [f32; 8] {
    const N: usize = 8;
    #[inline(always)]
    fn splat(v: f32) -> Self {
        [v; 8]
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> Self {
        // SAFETY: promised by the caller.
        unsafe { p.cast::<Self>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(self, p: *mut f32) {
        // SAFETY: promised by the caller.
        unsafe { p.cast::<Self>().write_unaligned(self) }
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] + o[i])
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] - o[i])
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] * o[i])
    }
    #[inline(always)]
    fn fma(self, a: Self, b: Self) -> Self {
        std::array::from_fn(|i| self[i] * a[i] + b[i])
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i].max(o[i]))
    }
    #[inline(always)]
    fn min(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i].min(o[i]))
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Lane;
    use std::arch::x86_64::*;

    macro_rules! lane {
        ($register:ty, $n:literal, $set:ident, $load:ident, $store:ident, $add:ident, $sub:ident, $mul:ident, $fma:ident, $max:ident, $min:ident) => {
            // SAFETY of all: only functions compiled for these instructions, and called where the processor has them, use the type.
            impl Lane for $register {
                const N: usize = $n;
                #[inline(always)]
                fn splat(v: f32) -> Self {
                    unsafe { $set(v) }
                }
                #[inline(always)]
                unsafe fn load(p: *const f32) -> Self {
                    unsafe { $load(p) }
                }
                #[inline(always)]
                unsafe fn store(self, p: *mut f32) {
                    unsafe { $store(p, self) }
                }
                #[inline(always)]
                fn add(self, o: Self) -> Self {
                    unsafe { $add(self, o) }
                }
                #[inline(always)]
                fn sub(self, o: Self) -> Self {
                    unsafe { $sub(self, o) }
                }
                #[inline(always)]
                fn mul(self, o: Self) -> Self {
                    unsafe { $mul(self, o) }
                }
                #[inline(always)]
                fn fma(self, a: Self, b: Self) -> Self {
                    unsafe { $fma(self, a, b) }
                }
                #[inline(always)]
                fn max(self, o: Self) -> Self {
                    unsafe { $max(self, o) }
                }
                #[inline(always)]
                fn min(self, o: Self) -> Self {
                    unsafe { $min(self, o) }
                }
            }
        };
    }

    lane!(
        __m512,
        16,
        _mm512_set1_ps,
        _mm512_loadu_ps,
        _mm512_storeu_ps,
        _mm512_add_ps,
        _mm512_sub_ps,
        _mm512_mul_ps,
        _mm512_fmadd_ps,
        _mm512_max_ps,
        _mm512_min_ps
    );
    lane!(
        __m256,
        8,
        _mm256_set1_ps,
        _mm256_loadu_ps,
        _mm256_storeu_ps,
        _mm256_add_ps,
        _mm256_sub_ps,
        _mm256_mul_ps,
        _mm256_fmadd_ps,
        _mm256_max_ps,
        _mm256_min_ps
    );
}
