//! What an enlargement is worth: PSNR and SSIM of luma against the true picture, beside the cubic and the Lanczos kernel.

use super::{
    degrade,
    letters::Letters,
    net::Net,
    resize::{Kernel, resize},
    rgb::Rgb,
    scene::scene,
    weights::{SCALE, Weights},
};
use fastrand::Rng;
use std::path::{Path, PathBuf};

/// Pixels at each edge that are not judged, as papers do.
const EDGE: usize = 4;
/// Largest part of a photograph that is judged, from its middle.
const PART: (usize, usize) = (480, 400);

/// Peak signal to noise of luma, in decibels.
pub fn psnr(a: &Rgb, b: &Rgb) -> f64 {
    let (la, lb) = (inner(a), inner(b));
    let mse = la.0.iter().zip(&lb.0).map(|(x, y)| f64::from(x - y).powi(2)).sum::<f64>() / la.0.len() as f64;
    10.0 * (255.0f64.powi(2) / mse.max(1e-9)).log10()
}

/// Structural similarity of luma (Z. Wang et al., IEEE TIP 13, 2004): Gaussian window of 11 pixels and 1.5 pixels deviation.
pub fn ssim(a: &Rgb, b: &Rgb) -> f64 {
    let ((a, w, h), (b, ..)) = (inner(a), inner(b));
    let raw: [f64; 11] = std::array::from_fn(|i| (-(i as f64 - 5.0).powi(2) / (2.0 * 1.5 * 1.5)).exp());
    let sum: f64 = raw.iter().sum();
    let window = raw.map(|v| v / sum);
    let smooth = |plane: Vec<f64>| {
        let wide = w - 10;
        let rows: Vec<f64> = (0..h * wide).map(|i| (0..11).map(|k| window[k] * plane[i / wide * w + i % wide + k]).sum()).collect();
        (0..(h - 10) * wide).map(|i| (0..11).map(|k| window[k] * rows[i + k * wide]).sum()).collect::<Vec<f64>>()
    };
    let product = |x: &[f32], y: &[f32]| smooth(x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y)).collect());
    let plain = |x: &[f32]| smooth(x.iter().map(|v| f64::from(*v)).collect());
    let (ma, mb, aa, bb, ab) = (plain(&a), plain(&b), product(&a, &a), product(&b, &b), product(&a, &b));
    let (c1, c2) = ((0.01f64 * 255.0).powi(2), (0.03f64 * 255.0).powi(2));
    let one = |i: usize| {
        let (x, y) = (ma[i], mb[i]);
        let (va, vb, cov) = (aa[i] - x * x, bb[i] - y * y, ab[i] - x * y);
        (2.0 * x * y + c1) * (2.0 * cov + c2) / ((x * x + y * y + c1) * (va + vb + c2))
    };
    (0..ma.len()).map(one).sum::<f64>() / ma.len() as f64
}

/// Luma without the edge, its width and height.
fn inner(p: &Rgb) -> (Vec<f32>, usize, usize) {
    let (w, h) = (p.width - 2 * EDGE, p.height - 2 * EDGE);
    (p.crop(EDGE, EDGE, w, h).luma(), w, h)
}

/// A true picture with its two small ones.
pub struct Check {
    name: String,
    whole: Rgb,
    small: [Rgb; 2],
}

impl Check {
    fn new(name: String, whole: Rgb, seed: u64) -> Result<Self, String> {
        let small = [degrade::clean(&whole), degrade::degraded(&whole, &mut Rng::with_seed(seed))?];
        Ok(Self { name, whole, small })
    }
}

/// Eight made pictures that training does not see.
pub fn made_checks(seed: u64) -> Result<Vec<Check>, String> {
    let mut letters = Letters::new();
    let first = seed.wrapping_mul(1_000_003) | 1 << 40;
    (0..8).map(|i| Check::new(format!("made {i}"), scene(first + i, 128, &mut letters), i)).collect()
}

/// Gains over the cubic kernel in a line.
pub fn quick(weights: &Weights, checks: &[Check]) -> String {
    let table = table(weights, checks);
    let mean = |kind: usize, way: usize| table.iter().map(|row| row[kind][way].0).sum::<f64>() / table.len() as f64;
    format!("{:+.2} dB clean, {:+.2} dB degraded over bicubic", mean(0, 2) - mean(0, 0), mean(1, 2) - mean(1, 0))
}

/// [clean, degraded][bicubic, Lanczos, network] of (PSNR, SSIM) for each picture.
type Row = [[(f64, f64); 3]; 2];

fn table(weights: &Weights, checks: &[Check]) -> Vec<Row> {
    let net = Net::new(weights);
    let row = |check: &Check| {
        let mut row = Row::default();
        for (cells, small) in row.iter_mut().zip(&check.small) {
            for (cell, made) in cells.iter_mut().zip(ways(&net, small)) {
                *cell = (psnr(&made, &check.whole), ssim(&made, &check.whole));
            }
        }
        row
    };
    checks.iter().map(row).collect()
}

/// Bicubic, Lanczos, network.
fn ways(net: &Net, small: &Rgb) -> [Rgb; 3] {
    let by = |kernel| resize(small, small.width * SCALE, small.height * SCALE, kernel).in_8_bits();
    [by(Kernel::Cubic), by(Kernel::Lanczos3), net.enlarge(small).in_8_bits()]
}

/// Judges the weights on every PNG, JPEG and WebP in a folder, prints a table, and writes the pictures side by side
/// (true, bicubic, Lanczos, network) where `look` is given. An error where a gate is missed.
pub fn evaluate(weights: &Weights, folder: &Path, look: Option<&Path>) -> Result<(), String> {
    let checks = photographs(folder)?;
    if let Some(look) = look {
        write_pictures(weights, &checks, look)?;
    }
    let table = table(weights, &checks);
    for (kind, title) in ["clean", "degraded"].into_iter().enumerate() {
        println!("{title:24} {:>15} {:>15} {:>15}", "bicubic", "Lanczos", "network");
        let line = |name: &str, cells: [(f64, f64); 3]| {
            let cells = cells.map(|(p, s)| format!("{p:.2} / {s:.4}"));
            println!("{name:24} {:>15} {:>15} {:>15}", cells[0], cells[1], cells[2]);
        };
        table.iter().zip(&checks).for_each(|(row, check)| line(&check.name, row[kind]));
        line("mean", mean(&table, kind));
    }
    let [clean, degraded] = [mean(&table, 0), mean(&table, 1)];
    let gain = |cells: [(f64, f64); 3], over: usize| cells[2].0 - cells[over].0;
    println!("over bicubic: {:+.2} dB clean, {:+.2} dB degraded", gain(clean, 0), gain(degraded, 0));
    println!("over Lanczos: {:+.2} dB clean, {:+.2} dB degraded", gain(clean, 1), gain(degraded, 1));
    let is_good = gain(clean, 0) >= 0.8 && gain(degraded, 0) >= 0.6 && gain(clean, 1) >= 0.0 && gain(degraded, 1) >= 0.0;
    if is_good { Ok(()) } else { Err("the gate (+0.8 dB clean, +0.6 dB degraded over bicubic, not below Lanczos) is missed".into()) }
}

fn mean(table: &[Row], kind: usize) -> [(f64, f64); 3] {
    let n = table.len() as f64;
    std::array::from_fn(|way| {
        let sum = |get: fn(&(f64, f64)) -> f64| table.iter().map(|row| get(&row[kind][way])).sum::<f64>() / n;
        (sum(|c| c.0), sum(|c| c.1))
    })
}

fn photographs(folder: &Path) -> Result<Vec<Check>, String> {
    let fault = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).map_err(fault)?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.retain(|p| p.extension().is_some_and(|e| ["png", "jpg", "jpeg", "webp"].iter().any(|k| e.eq_ignore_ascii_case(k))));
    paths.sort();
    let one = |(i, path): (usize, &PathBuf)| {
        let picture = Rgb::read(path)?;
        let (w, h) = (picture.width.min(PART.0) & !1, picture.height.min(PART.1) & !1);
        if w < 32 || h < 32 {
            return Err(format!("{}: smaller than 32 pixels", path.display()));
        }
        let part = picture.crop((picture.width - w) / 2, (picture.height - h) / 2, w, h);
        let name = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Check::new(name, part, i as u64)
    };
    let checks: Vec<Check> = paths.iter().enumerate().map(one).collect::<Result<_, _>>()?;
    if checks.is_empty() { Err(format!("{}: no pictures", folder.display())) } else { Ok(checks) }
}

fn write_pictures(weights: &Weights, checks: &[Check], folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let net = Net::new(weights);
    for check in checks {
        for (small, kind) in check.small.iter().zip(["clean", "degraded"]) {
            let mut sheet = Rgb::new(check.whole.width * 4, check.whole.height);
            let all = [vec![check.whole.clone()], ways(&net, small).to_vec()].concat();
            for (i, picture) in all.iter().enumerate() {
                for y in 0..picture.height {
                    (0..picture.width).for_each(|x| sheet.set(i * picture.width + x, y, picture.pixel(x, y)));
                }
            }
            sheet.write(&folder.join(format!("{}-{kind}.png", check.name)))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(shift: f32) -> Rgb {
        Rgb { width: 40, height: 36, data: (0..40 * 36 * 3).map(|i| 0.5 + 0.3 * (i as f32 * 0.01).sin() + shift).collect() }
    }

    #[test]
    fn a_known_error_has_its_known_psnr() {
        // luma is off by 0.1 of its range of 219
        let got = psnr(&picture(0.0), &picture(0.1));
        assert!((got - 20.0 * (255.0f64 / 21.9).log10()).abs() < 0.01, "{got}");
    }

    #[test]
    fn ssim_is_one_for_the_same_and_less_for_another() {
        assert!((ssim(&picture(0.0), &picture(0.0)) - 1.0).abs() < 1e-9);
        let soft = resize(&resize(&picture(0.0), 8, 8, Kernel::Box), 40, 36, Kernel::Linear);
        assert!(ssim(&picture(0.0), &soft) < 0.95);
    }
}
