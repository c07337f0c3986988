//! Networks and pictures of made-up numbers, the same everywhere: to measure with, and to compare one way of computing with another.

use super::{Compact, Conv, Planes};

/// Numbers within ±`size`.
pub fn numbers(n: usize, seed: usize, size: f32) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed as u64);
    (0..n).map(|_| (2.0 * rng.f32() - 1.0) * size).collect()
}

/// As official ones are laid out: so many features in so many layers between the first and the last. Features keep about the size of the
/// picture's numbers from layer to layer.
pub fn compact(features: usize, layers: usize, scale: usize) -> Compact {
    let conv = |i: usize| {
        let inputs = if i == 0 { 3 } else { features };
        let outputs = if i > layers { 3 * scale * scale } else { features };
        let size = (3.0 / (9 * inputs) as f32).sqrt();
        Conv { inputs, outputs, weights: numbers(outputs * inputs * 9, i, size), biases: numbers(outputs, i + 99, 0.1) }
    };
    let slopes = (0..=layers).map(|i| numbers(features, i + 500, 0.5)).collect();
    Compact { scale, convs: (0..layers + 2).map(conv).collect(), slopes }
}

/// Three planes of 0 to 1.
pub fn picture(width: usize, height: usize) -> Planes {
    Planes { width, height, channels: 3, data: numbers(width * height * 3, 7, 0.5).iter().map(|v| v + 0.5).collect() }
}
