//! SRVGGNetCompact (xinntao/Real-ESRGAN, `srvgg_arch.py`): 3×3 convolutions with PReLU between them, a pixel shuffle, and the
//! nearest pixel added; forwards, and backwards for training. One picture at a time, on one thread.

use super::{
    kernel::{self, C, Map, WEIGHTS},
    rgb::Rgb,
    weights::{CONVS, SCALE, Weights, layout},
};

/// Parameters of a layer as they lie in the network's array: weights by tap, input, output; biases; slopes.
const LAYER: usize = WEIGHTS + 2 * C;
/// All of them, with the zeros that pad the first and the last layer.
pub const PARAMETERS: usize = CONVS * LAYER;

/// The network's parameters, or how the loss changes with them.
#[derive(Clone)]
pub struct Net(pub Vec<f32>);

/// What a pass forwards leaves for the way back.
pub struct Passed {
    /// What went into each layer.
    inputs: Vec<Map>,
    /// What came out of each convolution.
    outputs: Vec<Map>,
}

impl Net {
    pub fn zero() -> Self {
        Self(vec![0.0; PARAMETERS])
    }

    pub fn new(weights: &Weights) -> Self {
        let mut net = Self::zero();
        for (values, (at, shape)) in weights.0.iter().zip(places()) {
            spread(&shape, |i, place| net.0[at + place] = values[i]);
        }
        net
    }

    pub fn weights(&self) -> Weights {
        let read = |(at, shape): (usize, Vec<usize>)| {
            let mut values = vec![0.0; shape.iter().product()];
            spread(&shape, |i, place| values[i] = self.0[at + place]);
            values
        };
        Weights(places().map(read).collect())
    }

    fn layer(&self, k: usize) -> (&[f32; WEIGHTS], &[f32; C], &[f32; C]) {
        let all = &self.0[k * LAYER..(k + 1) * LAYER];
        let part = |at: usize| all[at..].first_chunk::<C>().expect("a layer's parameters");
        (all.first_chunk().expect("a layer's parameters"), part(WEIGHTS), part(WEIGHTS + C))
    }

    fn pass(&self, small: &Rgb, keep: bool) -> Passed {
        let mut input = Map::new(small.width, small.height);
        for (i, p) in small.data.chunks_exact(3).enumerate() {
            input.pixel_mut(i % small.width, i / small.width)[..3].copy_from_slice(p);
        }
        let mut passed = Passed { inputs: Vec::new(), outputs: Vec::new() };
        for k in 0..CONVS {
            let (weights, bias, slope) = self.layer(k);
            let mut output = Map::new(small.width, small.height);
            kernel::forward(&input, weights, bias, &mut output);
            let mut next = Map::new(small.width, small.height);
            if k < CONVS - 1 {
                for (x, y) in pixels(&output) {
                    let (from, to) = (output.pixel(x, y), next.pixel_mut(x, y));
                    (0..C).for_each(|c| to[c] = from[c].max(0.0) + slope[c] * from[c].min(0.0));
                }
            }
            if keep || k == CONVS - 1 {
                passed.inputs.push(input);
                passed.outputs.push(output);
            }
            input = next;
        }
        passed
    }

    /// The picture in `SCALE` times its size; not clamped.
    pub fn enlarge(&self, small: &Rgb) -> Rgb {
        self.shuffled(small, &self.pass(small, false))
    }

    fn shuffled(&self, small: &Rgb, passed: &Passed) -> Rgb {
        let mut large = Rgb::new(small.width * SCALE, small.height * SCALE);
        let Some(last) = passed.outputs.last() else { return large };
        for y in 0..large.height {
            for x in 0..large.width {
                let (from, base) = (last.pixel(x / SCALE, y / SCALE), small.pixel(x / SCALE, y / SCALE));
                large.set(x, y, std::array::from_fn(|c| from[place(c, x, y)] + base[c]));
            }
        }
        large
    }

    /// The loss of one lesson, and what it adds to how the loss changes with the parameters. `loss` gives the loss of an
    /// enlarged picture and how it changes with each of its samples.
    pub fn learn(&self, small: &Rgb, loss: impl Fn(&Rgb) -> (f32, Rgb), gradient: &mut Self) -> f32 {
        let passed = self.pass(small, true);
        let (value, wanted) = loss(&self.shuffled(small, &passed));
        let mut change = Map::new(small.width, small.height);
        for y in 0..wanted.height {
            for x in 0..wanted.width {
                let (from, to) = (wanted.pixel(x, y), change.pixel_mut(x / SCALE, y / SCALE));
                (0..3).for_each(|c| to[place(c, x, y)] = from[c]);
            }
        }
        for k in (0..CONVS).rev() {
            let (weights, _, slope) = self.layer(k);
            let into = &mut gradient.0[k * LAYER..(k + 1) * LAYER];
            if k < CONVS - 1 {
                // back through PReLU
                for (x, y) in pixels(&change) {
                    let (v, d) = (passed.outputs[k].pixel(x, y), change.pixel_mut(x, y));
                    for c in 0..C {
                        into[WEIGHTS + C + c] += d[c] * v[c].min(0.0);
                        d[c] *= if v[c] < 0.0 { slope[c] } else { 1.0 };
                    }
                }
            }
            for (x, y) in pixels(&change) {
                change.pixel(x, y).iter().zip(&mut into[WEIGHTS..]).for_each(|(d, g)| *g += d);
            }
            kernel::weight_gradient(&passed.inputs[k], &change, into.first_chunk_mut().expect("a layer's parameters"));
            if k > 0 {
                let mut before = Map::new(small.width, small.height);
                kernel::forward(&change, &kernel::turned(weights), &[0.0; C], &mut before);
                change = before;
            }
        }
        value
    }
}

/// Channel of the last layer that holds colour `c` of the enlarged pixel (torch's PixelShuffle).
fn place(c: usize, x: usize, y: usize) -> usize {
    c * SCALE * SCALE + (y % SCALE) * SCALE + x % SCALE
}

fn pixels(map: &Map) -> impl Iterator<Item = (usize, usize)> + use<> {
    let (w, h) = (map.width, map.height);
    (0..h).flat_map(move |y| (0..w).map(move |x| (x, y)))
}

/// Where each tensor of the file begins in the network's array.
fn places() -> impl Iterator<Item = (usize, Vec<usize>)> {
    layout().into_iter().map(|(name, shape)| {
        let index: usize = name.split('.').nth(1).and_then(|n| n.parse().ok()).unwrap_or(0);
        let part = match (index % 2, shape.len()) {
            (1, _) => WEIGHTS + C,
            (_, 1) => WEIGHTS,
            _ => 0,
        };
        (index / 2 * LAYER + part, shape)
    })
}

/// Each number of a tensor (output, input, tap) with its place in the layer (tap, input, output).
fn spread(shape: &[usize], mut each: impl FnMut(usize, usize)) {
    match *shape {
        [out, into, ..] => {
            (0..out * into * 9).for_each(|i| each(i, (i % 9 * C + i / 9 % into) * C + i / 9 / into));
        }
        [count] => (0..count).for_each(|i| each(i, i)),
        [] => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::resize::{Kernel, resize};
    use super::*;
    use fastrand::Rng;

    fn picture(width: usize, height: usize) -> Rgb {
        Rgb { width, height, data: (0..width * height * 3).map(|i| (i as f32 * 0.37).sin() * 0.4 + 0.5).collect() }
    }

    #[test]
    fn weights_go_in_and_out_unchanged() {
        let weights = Weights::first(&mut Rng::with_seed(1));
        assert_eq!(Net::new(&weights).weights(), weights);
    }

    #[test]
    fn a_network_that_has_learnt_nothing_interpolates_linearly() {
        let small = picture(6, 5);
        let (got, want) = (Net::new(&Weights::linear()).enlarge(&small), resize(&small, 12, 10, Kernel::Linear));
        let inside = |p: &Rgb| p.crop(2, 2, 8, 6).data;
        assert!(inside(&got).iter().zip(inside(&want)).all(|(a, b)| (a - b).abs() < 1e-5));
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss() {
        let net = Net::new(&Weights::first(&mut Rng::with_seed(2)));
        let small = picture(5, 4);
        let loss = |p: &Rgb| (p.data.iter().map(|v| v * v).sum::<f32>() / 2.0, p.clone());
        let mut gradient = Net::zero();
        net.learn(&small, loss, &mut gradient);
        // a weight of the first layer, one in the middle, a bias, a slope, one of the last layer
        for at in [30, 4 * LAYER + 1000, 5 * LAYER + WEIGHTS + 3, 2 * LAYER + WEIGHTS + C + 5, 9 * LAYER + 40] {
            let value = |by: f32| {
                let mut moved = net.clone();
                moved.0[at] += by;
                f64::from(loss(&moved.enlarge(&small)).0)
            };
            let slope = (value(1e-2) - value(-1e-2)) / 2e-2;
            assert!((slope - f64::from(gradient.0[at])).abs() < 0.02 * slope.abs() + 0.05, "{at}: {slope} {}", gradient.0[at]);
        }
    }
}
