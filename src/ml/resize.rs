//! Pictures in another size: Lanczos with three lobes, widened where the picture becomes smaller. What the network does not do itself.

use super::{MlError, Planes};
use rayon::prelude::*;

/// Lobes of the kernel on each side.
const LOBES: f64 = 3.0;

/// `sinc(x) · sinc(x / 3)` within three, else 0.
fn lanczos(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        return 1.0;
    }
    if x.abs() >= LOBES {
        return 0.0;
    }
    let p = std::f64::consts::PI * x;
    LOBES * p.sin() * (p / LOBES).sin() / (p * p)
}

/// Of each output sample: the first input sample, and the shares from it on. Sums are 1; samples outside count as the outermost.
fn shares(from: usize, to: usize) -> Vec<(usize, Vec<f32>)> {
    let ratio = from as f64 / to as f64;
    let wide = ratio.max(1.0);
    let one = |i: usize| {
        let centre = (i as f64 + 0.5) * ratio - 0.5;
        let (lo, hi) = ((centre - LOBES * wide).ceil() as i64, (centre + LOBES * wide).floor() as i64);
        let clamp = |n: i64| usize::try_from(n).unwrap_or(0).min(from - 1);
        let (first, last) = (clamp(lo), clamp(hi));
        let mut sums = vec![0.0; last - first + 1];
        for n in lo..=hi {
            sums[clamp(n).clamp(first, last) - first] += lanczos((n as f64 - centre) / wide);
        }
        let all: f64 = sums.iter().sum();
        (first, sums.iter().map(|v| (v / all) as f32).collect())
    };
    (0..to).map(one).collect()
}

/// The picture in another size.
///
/// # Errors
/// No pixels, or too many.
pub fn resized(picture: &Planes, (width, height): (usize, usize)) -> Result<Planes, MlError> {
    if (picture.width, picture.height) == (width, height) {
        return Ok(picture.clone());
    }
    let mut out = Planes::new(width, height, picture.channels)?;
    let mut narrow = Planes::new(width, picture.height, picture.channels)?;
    let (across, down) = (shares(picture.width, width), shares(picture.height, height));
    for c in 0..picture.channels {
        narrow.plane_mut(c).par_chunks_exact_mut(width).enumerate().for_each(|(y, to)| {
            let row = picture.row(c, y);
            for (to, (first, shares)) in to.iter_mut().zip(&across) {
                *to = row[*first..].iter().zip(shares).map(|(v, s)| v * s).sum();
            }
        });
        let narrow = &narrow;
        out.plane_mut(c).par_chunks_exact_mut(width).enumerate().for_each(|(y, to)| {
            let (first, shares) = &down[y];
            for (n, share) in shares.iter().enumerate() {
                to.iter_mut().zip(narrow.row(c, first + n)).for_each(|(t, v)| *t += share * v);
            }
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_stays_grey_and_a_ramp_stays_a_ramp() {
        let grey = Planes { width: 7, height: 5, channels: 1, data: vec![0.25; 35] };
        for size in [(1, 1), (3, 9), (14, 10), (13, 2)] {
            let out = resized(&grey, size).unwrap();
            assert!(out.data.iter().all(|v| (v - 0.25).abs() < 1e-6), "{size:?}");
        }
        let ramp = Planes { width: 32, height: 1, channels: 1, data: (0..32).map(|v| v as f32).collect() };
        let half = resized(&ramp, (16, 1)).unwrap();
        (4..12).for_each(|i| assert!((half.data[i] - (2.0 * i as f32 + 0.5)).abs() < 0.01, "{} at {i}", half.data[i]));
    }
}
