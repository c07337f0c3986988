//! How a layer is cut into groups of the shader, and its weights in the order in which a group reads them. Pure.

use crate::ml::net::Conv;

/// Channels of a plane.
pub const FOUR: usize = 4;
/// Channels that an invocation computes.
const OCTET: usize = 8;
/// Columns of a group, and rows of an invocation.
const COLUMNS: u32 = 32;
const ROWS: u32 = 8;
/// Octets of a group: with 32 columns the 256 invocations that every adapter has.
const MAX_OCTETS: usize = 8;
/// Invocations of a group, and bytes of its own memory, at most: what every adapter of WebGPU has.
pub const INVOCATIONS: u32 = COLUMNS * MAX_OCTETS as u32;
pub const GROUP_BYTES: u32 = 16 << 10;

/// How the channels and pixels of a layer are shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Octets of channels of a group.
    pub octets: u32,
    /// Times eight rows of a group.
    pub strips: u32,
    /// Groups for all channels of a pixel.
    pub blocks: u32,
}

impl Shape {
    /// For a layer of so many channels.
    pub fn of(outputs: usize) -> Self {
        let all = outputs.div_ceil(OCTET);
        let blocks = all.div_ceil(MAX_OCTETS);
        let octets = all.div_ceil(blocks);
        // few channels leave room for more pixels
        let strips = if 2 * octets <= MAX_OCTETS { 2 } else { 1 };
        Self { octets: octets as u32, strips, blocks: blocks as u32 }
    }

    /// Fours of numbers in a group's memory: of the features, of the weights.
    fn sizes(self) -> (u32, u32) {
        ((COLUMNS + 2) * (ROWS * self.strips + 2), 9 * (OCTET as u32) * self.octets)
    }

    /// The shader's constants.
    pub fn constants(self) -> [(&'static str, f64); 4] {
        let (tile, kernel) = self.sizes();
        [("octets", self.octets), ("strips", self.strips), ("tile_size", tile), ("kernel_size", kernel)].map(|(n, v)| (n, f64::from(v)))
    }

    /// Groups for a picture.
    pub fn groups(self, (width, height): (u32, u32)) -> [u32; 3] {
        [width.div_ceil(COLUMNS), height.div_ceil(ROWS * self.strips), self.blocks]
    }
}

/// Channels that are computed for so many.
pub fn channels(outputs: usize) -> usize {
    let shape = Shape::of(outputs);
    (shape.blocks * shape.octets) as usize * OCTET
}

/// A layer's numbers as the shader reads them.
pub struct Packed {
    pub numbers: Vec<f32>,
    /// Fours of numbers before the biases, and before the slopes.
    pub biases: u32,
    pub slopes: u32,
}

/// Channels that the layer does not have count for nothing.
pub fn packed(conv: &Conv, slopes: &[f32], shape: Shape) -> Packed {
    let octets = shape.octets as usize;
    let weight = |output: usize, input: usize, row: usize, column: usize| {
        let there = output < conv.outputs && input < conv.inputs;
        if there { conv.weights[(output * conv.inputs + input) * 9 + row * 3 + column] } else { 0.0 }
    };
    let channels = channels(conv.outputs);
    let mut numbers = Vec::with_capacity(channels * (conv.inputs.next_multiple_of(FOUR) * 9 + 2));
    for block in 0..shape.blocks as usize {
        for plane in 0..conv.inputs.div_ceil(FOUR) {
            for (column, row, octet) in (0..3).flat_map(|c| (0..3).flat_map(move |r| (0..octets).map(move |o| (c, r, o)))) {
                for (half, input, output) in (0..2).flat_map(|h| (0..FOUR).flat_map(move |i| (0..FOUR).map(move |o| (h, i, o)))) {
                    let output = (block * octets + octet) * OCTET + half * FOUR + output;
                    numbers.push(weight(output, plane * FOUR + input, row, column));
                }
            }
        }
    }
    let fours = |n: &Vec<f32>| (n.len() / 4) as u32;
    let biases = fours(&numbers);
    let mut add = |values: &[f32]| numbers.extend(values.iter().copied().chain(std::iter::repeat(0.0)).take(channels));
    add(&conv.biases);
    add(slopes);
    Packed { biases, slopes: biases + (channels / 4) as u32, numbers }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_fits_what_every_adapter_has() {
        for outputs in 1..400 {
            let shape = Shape::of(outputs);
            let (tile, kernel) = shape.sizes();
            assert!(32 * shape.octets * shape.strips <= INVOCATIONS && 16 * (tile + kernel) <= GROUP_BYTES, "{outputs}: {shape:?}");
            let channels = (shape.octets * shape.blocks) as usize * OCTET;
            assert!(channels >= outputs && channels < outputs + OCTET * shape.blocks as usize, "{outputs}: {shape:?}");
        }
        assert_eq!(Shape::of(64), Shape { octets: 8, strips: 1, blocks: 1 });
        assert_eq!(Shape::of(24), Shape { octets: 3, strips: 2, blocks: 1 });
        assert_eq!(Shape::of(48).groups((33, 8)), [2, 1, 1]);
        assert_eq!(Shape::of(100).groups((32, 9)), [1, 2, 2]);
    }

    #[test]
    fn each_weight_lies_in_its_place_once() {
        let (inputs, outputs) = (5, 9);
        let weights: Vec<f32> = (1..=inputs * outputs * 9).map(|n| n as f32).collect();
        let conv = Conv { inputs, outputs, weights: weights.clone(), biases: vec![-1.0; outputs] };
        let p = packed(&conv, &[0.5; 9], Shape::of(outputs));
        let mut there: Vec<f32> = p.numbers[..4 * p.biases as usize].iter().copied().filter(|v| *v != 0.0).collect();
        there.sort_by(f32::total_cmp);
        assert_eq!(there, weights);
        // second plane, third column, first row, second octet, first half, first input, first output
        let at = (((((9 + 2 * 3) * 2) + 1) * 2) * 4) * 4;
        assert_eq!(p.numbers[at], conv.weights[(8 * inputs + 4) * 9 + 2]);
        let rest = &p.numbers[4 * p.biases as usize..];
        assert_eq!((rest[8], rest[9], rest.len()), (-1.0, 0.0, 32));
        assert_eq!(p.numbers[4 * p.slopes as usize..][..10], [[0.5; 9].as_slice(), &[0.0]].concat());
    }
}
