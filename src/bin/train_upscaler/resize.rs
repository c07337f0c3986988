//! Resampling with the kernels that the trainer degrades with and compares against. Separable; where a picture gets smaller
//! the kernel is widened by the ratio (as Pillow and MATLAB do), so that nothing aliases.

use super::rgb::Rgb;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    Box,
    Linear,
    /// Keys' cubic with a = -0.5, the one of Pillow and MATLAB.
    Cubic,
    Lanczos3,
}

impl Kernel {
    fn radius(self) -> f32 {
        match self {
            Self::Box => 0.5,
            Self::Linear => 1.0,
            Self::Cubic => 2.0,
            Self::Lanczos3 => 3.0,
        }
    }

    fn weight(self, x: f32) -> f32 {
        let x = x.abs();
        let sinc = |x: f32| if x < 1e-6 { 1.0 } else { (std::f32::consts::PI * x).sin() / (std::f32::consts::PI * x) };
        match self {
            Self::Box => f32::from(x <= 0.5),
            Self::Linear => (1.0 - x).max(0.0),
            Self::Cubic if x < 1.0 => (1.5 * x - 2.5) * x * x + 1.0,
            Self::Cubic if x < 2.0 => ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0,
            Self::Lanczos3 if x < 3.0 => sinc(x) * sinc(x / 3.0),
            Self::Cubic | Self::Lanczos3 => 0.0,
        }
    }
}

/// For each sample of the result the first source sample and the weights from there.
fn taps(from: usize, to: usize, kernel: Kernel) -> Vec<(usize, Vec<f32>)> {
    let ratio = from as f32 / to as f32;
    let widen = ratio.max(1.0);
    let reach = kernel.radius() * widen;
    let one = |i: usize| {
        let center = (i as f32 + 0.5) * ratio;
        let first = ((center - reach).floor().max(0.0)) as usize;
        let last = ((center + reach).ceil() as usize).min(from);
        let raw: Vec<f32> = (first..last).map(|s| kernel.weight((s as f32 + 0.5 - center) / widen)).collect();
        let sum: f32 = raw.iter().sum();
        (first, raw.iter().map(|w| w / sum).collect())
    };
    (0..to).map(one).collect()
}

/// The picture in another size; not clamped.
pub fn resize(picture: &Rgb, width: usize, height: usize, kernel: Kernel) -> Rgb {
    let across = taps(picture.width, width, kernel);
    let mut wide = Rgb::new(width, picture.height);
    for y in 0..picture.height {
        for (x, (first, weights)) in across.iter().enumerate() {
            let source = &picture.data[(y * picture.width + first) * 3..];
            let mut sum = [0f32; 3];
            for (w, p) in weights.iter().zip(source.chunks_exact(3)) {
                (0..3).for_each(|c| sum[c] += w * p[c]);
            }
            wide.set(x, y, sum);
        }
    }
    let down = taps(picture.height, height, kernel);
    let mut out = Rgb::new(width, height);
    let row = width * 3;
    for (y, (first, weights)) in down.iter().enumerate() {
        let target = &mut out.data[y * row..(y + 1) * row];
        for (k, w) in weights.iter().enumerate() {
            let source = &wide.data[(first + k) * row..][..row];
            target.iter_mut().zip(source).for_each(|(t, s)| *t += w * s);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_picture_stays_flat_in_every_size_with_every_kernel() {
        let flat = Rgb { width: 9, height: 7, data: vec![0.3; 9 * 7 * 3] };
        for kernel in [Kernel::Box, Kernel::Linear, Kernel::Cubic, Kernel::Lanczos3] {
            for (w, h) in [(4, 3), (18, 14), (9, 7), (1, 1)] {
                assert!(resize(&flat, w, h, kernel).data.iter().all(|v| (v - 0.3).abs() < 1e-5), "{kernel:?} to {w}x{h}");
            }
        }
    }

    #[test]
    fn linear_by_two_is_the_known_quarter_and_three_quarters() {
        let mut p = Rgb::new(2, 1);
        p.set(1, 0, [1.0; 3]);
        let row: Vec<f32> = resize(&p, 4, 1, Kernel::Linear).data.chunks(3).map(|c| c[0]).collect();
        assert!(row.iter().zip([0.0, 0.25, 0.75, 1.0]).all(|(a, b)| (a - b).abs() < 1e-6), "{row:?}");
    }
}
