//! How good pictures become small, bad ones: cubic halving, and a second-order degradation in the manner of Real-ESRGAN
//! (X. Wang et al., ICCVW 2021, section 3.2) in a light form that fits footage of cameras: blur, resize, noise and JPEG,
//! then the same again on the way to half the size.

use super::{
    fill::normal,
    resize::{Kernel, resize},
    rgb::Rgb,
};
use fastrand::Rng;
use image::codecs::jpeg::JpegEncoder;

/// Half the size by the cubic kernel, in 8 bits.
pub fn clean(picture: &Rgb) -> Rgb {
    resize(picture, picture.width / 2, picture.height / 2, Kernel::Cubic).in_8_bits()
}

/// Half the size after two rounds of blur, resize, noise and JPEG, drawn by lot.
pub fn degraded(picture: &Rgb, rng: &mut Rng) -> Result<Rgb, String> {
    let (w, h) = (picture.width / 2, picture.height / 2);
    // first round, on the way to a size between the whole and the half
    let mut p = soften(picture, 0.2 + 0.9 * rng.f32(), rng);
    let between = 1.0 + rng.f32();
    p = resize(&p, (w as f32 * between) as usize, (h as f32 * between) as usize, any_kernel(rng));
    add_noise(&mut p, (1.0 + 5.0 * rng.f32()) / 255.0, rng);
    p = jpeg(&p, rng.u8(70..=95))?;
    // second round
    if rng.u8(0..10) < 4 {
        p = soften(&p, 0.2 + 0.5 * rng.f32(), rng);
    }
    p = resize(&p, w, h, any_kernel(rng));
    if rng.bool() {
        add_noise(&mut p, (1.0 + 2.0 * rng.f32()) / 255.0, rng);
    }
    jpeg(&p, rng.u8(75..=95))
}

fn any_kernel(rng: &mut Rng) -> Kernel {
    [Kernel::Box, Kernel::Linear, Kernel::Cubic][rng.usize(..3)]
}

/// A blur of this standard deviation in pixels, round or stretched by lot.
fn soften(picture: &Rgb, sigma: f32, rng: &mut Rng) -> Rgb {
    let (stretch, angle) = if rng.u8(0..10) < 6 { (1.0, 0.0) } else { (0.4 + 0.6 * rng.f32(), rng.f32() * std::f32::consts::PI) };
    blur(picture, sigma, stretch, angle)
}

/// Gaussian blur; `stretch` is the short axis by the long one, `angle` turns the long one. Edges are repeated.
pub fn blur(picture: &Rgb, sigma: f32, stretch: f32, angle: f32) -> Rgb {
    let reach = (3.0 * sigma).ceil().max(1.0) as i64;
    let (cos, sin) = (angle.cos(), angle.sin());
    let mut kernel = Vec::new();
    for dy in -reach..=reach {
        for dx in -reach..=reach {
            let (x, y) = (dx as f32, dy as f32);
            let (u, v) = ((x * cos + y * sin) / sigma, (y * cos - x * sin) / (sigma * stretch));
            let weight = (-0.5 * (u * u + v * v)).exp();
            if weight > 1e-4 {
                kernel.push((dx, dy, weight));
            }
        }
    }
    let sum: f32 = kernel.iter().map(|k| k.2).sum();
    let (w, h) = (picture.width as i64, picture.height as i64);
    let mut out = Rgb::new(picture.width, picture.height);
    for y in 0..h {
        for x in 0..w {
            let mut mean = [0f32; 3];
            for (dx, dy, weight) in &kernel {
                let p = picture.pixel((x + dx).clamp(0, w - 1) as usize, (y + dy).clamp(0, h - 1) as usize);
                (0..3).for_each(|c| mean[c] += p[c] * weight / sum);
            }
            out.set(x as usize, y as usize, mean);
        }
    }
    out
}

/// Gaussian noise of this standard deviation; grey in four of ten.
fn add_noise(picture: &mut Rgb, sigma: f32, rng: &mut Rng) {
    let grey = rng.u8(0..10) < 4;
    for pixel in picture.data.chunks_exact_mut(3) {
        let first = normal(rng) * sigma;
        for (c, v) in pixel.iter_mut().enumerate() {
            *v += if grey || c == 0 { first } else { normal(rng) * sigma };
        }
    }
}

fn jpeg(picture: &Rgb, quality: u8) -> Result<Rgb, String> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, quality)
        .encode(&picture.bytes(), picture.width as u32, picture.height as u32, image::ExtendedColorType::Rgb8)
        .map_err(|e| format!("JPEG: {e}"))?;
    let back = image::load_from_memory_with_format(&file, image::ImageFormat::Jpeg).map_err(|e| format!("JPEG: {e}"))?;
    Ok(Rgb::from_bytes(picture.width, picture.height, back.to_rgb8().as_raw()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_halve_the_size_and_keep_the_mean() {
        let flat = Rgb { width: 32, height: 24, data: vec![0.5; 32 * 24 * 3] };
        let small = clean(&flat);
        assert_eq!((small.width, small.height), (16, 12));
        let bad = degraded(&flat, &mut Rng::with_seed(1)).unwrap();
        assert_eq!((bad.width, bad.height), (16, 12));
        let mean = bad.data.iter().sum::<f32>() / bad.data.len() as f32;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert_ne!(bad, small);
    }

    #[test]
    fn blur_keeps_the_mean_and_spreads_a_point() {
        let mut p = Rgb::new(15, 15);
        p.set(7, 7, [1.0; 3]);
        let soft = blur(&p, 1.0, 1.0, 0.0);
        assert!((soft.data.iter().sum::<f32>() - 3.0).abs() < 1e-3);
        assert!((soft.pixel(7, 7)[0] - 0.159).abs() < 0.01);
    }
}
