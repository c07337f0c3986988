//! What making a picture larger needs of a device's memory, reckoned from the network, the tiles and the picture, so that it stays within 2 GiB
//! for 4K pictures. Pure.

use super::{
    Kernels,
    fused::{self, FOUR},
};
use crate::{
    gpu::{DevicePicture, TensorPasses},
    ml::{Compact, Conv, Net, Residual},
};

/// The arrays of one tile, at the moment when there are most.
const TILE_BYTES: u64 = 640 << 20;
/// A picture that is made whole on the device: 4K four times as wide in 16 bits fits. Larger ones come back tile by tile.
pub const PICTURE_BYTES: u64 = 1088 << 20;
/// Larger tiles gain nothing and keep the device busy for too long at a time.
const MAX_SIDE: usize = 512;
/// Smaller ones would be almost nothing but surroundings.
const MIN_SIDE: usize = 32;

/// Bytes for each pixel that a network is given: of all arrays that are there at once, and the largest that the device must take for one of
/// them.
fn pixel_bytes(net: &Net, kernels: Kernels) -> (u64, u64) {
    match (net, kernels) {
        (Net::Compact(Compact { scale, convs, .. }), Kernels::Fused) => {
            let [picture, features, large] = fused::pixel_bytes(convs[0].outputs, *scale);
            (picture + 2 * features + large, picture.max(features).max(large))
        }
        // as much again as the widest may be needed beside it
        _ => {
            let (all, widest) = numbers(net);
            (4 * all, 2 * 4 * widest)
        }
    }
}

/// Numbers for each pixel that a network is given, as Burn computes it: of all arrays that are there at once, and of the widest of them.
fn numbers(net: &Net) -> (u64, u64) {
    match net {
        Net::Compact(Compact { scale, convs, .. }) => {
            let (features, out) = (convs[0].outputs, 3 * scale * scale);
            // the input; what a convolution reads, what it writes and that in the order it computes in; or the output three times: shuffled, the
            // enlarged input, their sum
            let all = 3 + (3 * features).max(features + 3 * out);
            (all as u64, features.max(out) as u64)
        }
        Net::Residual(net) => {
            let Residual { unshuffle, features: f, growth: g, .. } = **net;
            let square = unshuffle * unshuffle;
            // a dense block: its input, the block's, the network's, four grown ones, all of them side by side twice; at the end: three
            // arrays of all features sixteen times as large
            let dense = 3 * f + 4 * g + 2 * (f + 4 * g);
            let end = f + 16 * (3 * f + 3);
            let of = |n: usize| (n as u64).div_ceil(square as u64);
            (of(dense.max(end)) + 3, of(16 * f))
        }
    }
}

fn pixels(net: &Net, side: usize) -> u64 {
    let n = (side + 2 * net.pad().next_multiple_of(4)) as u64;
    n * n
}

/// Bytes of the arrays of a tile with what lies around it.
pub fn tile_bytes(net: &Net, side: usize, kernels: Kernels) -> u64 {
    pixel_bytes(net, kernels).0 * pixels(net, side)
}

/// Side of the tiles for a device whose arrays may have `limit` bytes.
pub fn side(net: &Net, limit: u64, kernels: Kernels) -> usize {
    let fits = |side: &usize| tile_bytes(net, *side, kernels) <= TILE_BYTES && pixel_bytes(net, kernels).1 * pixels(net, *side) <= limit;
    (MIN_SIDE..=MAX_SIDE).rev().step_by(4).find(fits).unwrap_or(MIN_SIDE)
}

/// Bytes of weights. Our own kernels' are filled up to planes of four inputs and octets of outputs.
fn weights(net: &Net, kernels: Kernels) -> u64 {
    let of = |c: &Conv| {
        let (inputs, outputs) = match kernels {
            Kernels::Fused => (c.inputs.next_multiple_of(FOUR), fused::channels(c.outputs)),
            Kernels::Burn => (c.inputs, c.outputs),
        };
        4 * (outputs * (9 * inputs + 2)) as u64
    };
    match net {
        Net::Compact(n) => n.convs.iter().map(of).sum(),
        Net::Residual(n) => of(&n.first) + n.blocks.iter().flatten().flatten().chain(&n.tail).map(of).sum::<u64>(),
    }
}

/// Bytes of device memory for a picture of this size, `source` bytes of it for each pixel, made into 16-bit R, G, B, A with tiles of this side: the
/// picture, what becomes of it, weights, a tile's arrays and the way back to memory.
pub fn picture_bytes(net: &Net, (width, height): (u32, u32), source: u64, side: usize, kernels: Kernels) -> u64 {
    let input = u64::from(width) * u64::from(height);
    let output = 8 * input * (net.scale() * net.scale()) as u64;
    let kept = if output <= PICTURE_BYTES { output + DevicePicture::BAND_BYTES } else { 0 };
    (input * source).max(TensorPasses::KEPT_BYTES) + kept + weights(net, kernels) + tile_bytes(net, side, kernels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::made_up;

    fn conv(inputs: usize, outputs: usize) -> Conv {
        Conv { inputs, outputs, weights: vec![0.0; inputs * outputs * 9], biases: vec![0.0; outputs] }
    }

    fn compact(features: usize, layers: usize, scale: usize) -> Net {
        Net::Compact(made_up::compact(features, layers, scale))
    }

    fn residual(blocks: usize, unshuffle: usize) -> Net {
        let (features, growth) = (64, 32);
        let part = || std::array::from_fn(|n| conv(features + n * growth, if n == 4 { features } else { growth }));
        let blocks = (0..blocks).map(|_| [part(), part(), part()]).collect();
        let tail = std::array::from_fn(|n| conv(features, if n == 4 { 3 } else { features }));
        let first = conv(3 * unshuffle * unshuffle, features);
        Net::Residual(Box::new(Residual { scale: 4 / unshuffle, unshuffle, features, growth, first, blocks, tail }))
    }

    #[test]
    fn a_4k_picture_needs_less_than_two_gib_with_every_official_network() {
        let nets = [
            ("the program's own", compact(24, 8, 2)),
            ("animevideov3", compact(64, 16, 4)),
            ("general-x4v3", compact(64, 32, 4)),
            ("x2plus", residual(23, 2)),
            ("x4plus", residual(23, 1)),
        ];
        for (name, net) in &nets {
            let kernels: &[Kernels] = if matches!(net, Net::Compact(_)) { &[Kernels::Burn, Kernels::Fused] } else { &[Kernels::Burn] };
            for (kernels, limit) in kernels.iter().flat_map(|k| [128 << 20, 1 << 30, u64::from(u32::MAX)].map(|l| (*k, l))) {
                let side = side(net, limit, kernels);
                // sixteen-bit R, G, B, A is the largest that pictures come in
                let bytes = picture_bytes(net, (3840, 2160), 8, side, kernels);
                println!("{name}, {kernels:?}: tiles of {side}, {} MiB", bytes >> 20);
                assert!(bytes < 2 << 30, "{name}, tiles of {side}: {} MiB", bytes >> 20);
                assert!(side >= 64 || limit == 128 << 20, "{name}: tiles of {side} are mostly surroundings");
                if kernels == Kernels::Fused {
                    assert!(side >= super::side(net, limit, Kernels::Burn), "{name}: halves take no more room");
                    assert!(tile_bytes(net, side, kernels) < tile_bytes(net, side, Kernels::Burn));
                }
            }
        }
    }

    #[test]
    fn more_room_makes_no_smaller_tiles_and_a_small_device_has_the_least() {
        let net = residual(1, 1);
        let sides: Vec<usize> = (20..33).map(|n| side(&net, 1 << n, Kernels::Burn)).collect();
        assert!(sides.is_sorted() && sides[0] == MIN_SIDE && sides.iter().all(|s| s % 4 == 0), "{sides:?}");
        for kernels in [Kernels::Burn, Kernels::Fused] {
            assert_eq!(side(&compact(8, 2, 2), 1 << 32, kernels), MAX_SIDE);
        }
        assert!(tile_bytes(&net, sides[12], Kernels::Burn) <= TILE_BYTES);
    }
}
