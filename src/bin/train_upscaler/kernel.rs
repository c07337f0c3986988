//! The convolution of the trainer, forwards and backwards: 3×3 of 24 channels to 24, on maps with a border of zeros, four
//! pixels at a time in registers. Layers with fewer channels are padded with zeros, whose gradients are zero too. About four
//! times as fast as Burn's convolutions on a processor, against whose gradients it is checked in `tests`.

use super::lane::Lane;

/// Channels of every map and layer.
pub const C: usize = 24;
/// Numbers of a layer's weights: tap, input, output.
pub const WEIGHTS: usize = 9 * C * C;
/// Pixels computed side by side.
const STEP: usize = 4;
/// Registers of eight numbers to a pixel.
const PARTS: usize = C / 8;

/// A map of `C` channels with a border of one pixel, which stays zero, and slack behind each row for whole steps.
#[derive(Clone, Debug)]
pub struct Map {
    pub width: usize,
    pub height: usize,
    stride: usize,
    data: Vec<f32>,
}

impl Map {
    pub fn new(width: usize, height: usize) -> Self {
        let stride = width.next_multiple_of(STEP) + 2;
        Self { width, height, stride, data: vec![0.0; stride * (height + 2) * C] }
    }

    fn at(&self, x: usize, y: usize) -> usize {
        ((y + 1) * self.stride + x + 1) * C
    }

    pub fn pixel(&self, x: usize, y: usize) -> &[f32; C] {
        self.data[self.at(x, y)..].first_chunk().expect("a pixel of the map")
    }

    pub fn pixel_mut(&mut self, x: usize, y: usize) -> &mut [f32; C] {
        let at = self.at(x, y);
        self.data[at..].first_chunk_mut().expect("a pixel of the map")
    }
}

/// `to = weights * from + bias`.
pub fn forward(from: &Map, weights: &[f32; WEIGHTS], bias: &[f32; C], to: &mut Map) {
    same_size(from, to);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has the instructions.
        return unsafe { forward_avx2(from, weights, bias, to) };
    }
    // SAFETY: nothing special is needed.
    unsafe { forward_by::<[f32; 8]>(from, weights, bias, to) }
}

/// Adds to `gradient` how the loss changes with the weights: the products of what went in and how the loss changes with what
/// came out.
pub fn weight_gradient(from: &Map, change: &Map, gradient: &mut [f32; WEIGHTS]) {
    same_size(from, change);
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has the instructions.
        return unsafe { gradient_avx2(from, change, gradient) };
    }
    // SAFETY: nothing special is needed.
    unsafe { gradient_by::<[f32; 8]>(from, change, gradient) }
}

/// Weights of the convolution that carries the loss's change from a layer's output to its input: taps turned about, input and
/// output exchanged.
pub fn turned(weights: &[f32; WEIGHTS]) -> Box<[f32; WEIGHTS]> {
    let mut out = Box::new([0.0; WEIGHTS]);
    for tap in 0..9 {
        for i in 0..C {
            for o in 0..C {
                out[((8 - tap) * C + o) * C + i] = weights[(tap * C + i) * C + o];
            }
        }
    }
    out
}

fn same_size(a: &Map, b: &Map) {
    assert!((a.width, a.height) == (b.width, b.height), "maps of one size");
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn forward_avx2(from: &Map, weights: &[f32; WEIGHTS], bias: &[f32; C], to: &mut Map) {
    // SAFETY: as the caller says.
    unsafe { forward_by::<std::arch::x86_64::__m256>(from, weights, bias, to) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn gradient_avx2(from: &Map, change: &Map, gradient: &mut [f32; WEIGHTS]) {
    // SAFETY: as the caller says.
    unsafe { gradient_by::<std::arch::x86_64::__m256>(from, change, gradient) }
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn forward_by<V: Lane>(from: &Map, weights: &[f32; WEIGHTS], bias: &[f32; C], to: &mut Map) {
    for y in 0..from.height {
        for x in (0..from.width).step_by(STEP) {
            // SAFETY: a step reads at most to the end of its row's slack and the border, which the map has.
            unsafe {
                let start: [V; PARTS] = std::array::from_fn(|p| V::load(bias.as_ptr().add(p * 8)));
                let mut sums = [start; STEP];
                for tap in 0..9 {
                    let source = from.data.as_ptr().add(((y + tap / 3) * from.stride + x + tap % 3) * C);
                    let row = weights.as_ptr().add(tap * C * C);
                    for i in 0..C {
                        let w: [V; PARTS] = std::array::from_fn(|p| V::load(row.add(i * C + p * 8)));
                        for (m, sum) in sums.iter_mut().enumerate() {
                            let v = V::splat(*source.add(m * C + i));
                            for (s, w) in sum.iter_mut().zip(w) {
                                *s = v.fma(w, *s);
                            }
                        }
                    }
                }
                let target = to.at(x, y);
                for (m, sum) in sums.iter().enumerate().take(from.width - x) {
                    for (p, s) in sum.iter().enumerate() {
                        s.store(to.data.as_mut_ptr().add(target + m * C + p * 8));
                    }
                }
            }
        }
    }
}

/// # Safety
/// The processor has the instructions of `V`.
#[inline(always)]
unsafe fn gradient_by<V: Lane>(from: &Map, change: &Map, gradient: &mut [f32; WEIGHTS]) {
    for tap in 0..9 {
        for first in (0..C).step_by(STEP) {
            // SAFETY: all pixels lie in the maps.
            unsafe {
                let mut sums = [[V::splat(0.0); PARTS]; STEP];
                for y in 0..from.height {
                    let mut source = from.data.as_ptr().add(((y + tap / 3) * from.stride + tap % 3) * C + first);
                    let mut other = change.data.as_ptr().add(change.at(0, y));
                    for _ in 0..from.width {
                        let d: [V; PARTS] = std::array::from_fn(|p| V::load(other.add(p * 8)));
                        for (m, sum) in sums.iter_mut().enumerate() {
                            let v = V::splat(*source.add(m));
                            for (s, d) in sum.iter_mut().zip(d) {
                                *s = v.fma(d, *s);
                            }
                        }
                        source = source.add(C);
                        other = other.add(C);
                    }
                }
                for (m, sum) in sums.iter().enumerate() {
                    for (p, s) in sum.iter().enumerate() {
                        let at = gradient.as_mut_ptr().add((tap * C + first + m) * C + p * 8);
                        s.add(V::load(at)).store(at);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(seed: u64, count: usize) -> Vec<f32> {
        let mut rng = fastrand::Rng::with_seed(seed);
        (0..count).map(|_| rng.f32() - 0.5).collect()
    }

    fn map(seed: u64, width: usize, height: usize) -> Map {
        let mut m = Map::new(width, height);
        let values = numbers(seed, width * height * C);
        for (i, v) in values.chunks_exact(C).enumerate() {
            m.pixel_mut(i % width, i / width).copy_from_slice(v);
        }
        m
    }

    fn value(m: &Map, x: i64, y: i64, c: usize) -> f32 {
        let inside = x >= 0 && y >= 0 && x < m.width as i64 && y < m.height as i64;
        if inside { m.pixel(x as usize, y as usize)[c] } else { 0.0 }
    }

    #[test]
    fn the_convolution_is_the_sum_of_its_definition_at_any_width() {
        let weights: [f32; WEIGHTS] = numbers(1, WEIGHTS).try_into().unwrap();
        let bias: [f32; C] = numbers(2, C).try_into().unwrap();
        for (w, h) in [(1, 1), (7, 3), (8, 2)] {
            let (from, mut to) = (map(3, w, h), Map::new(w, h));
            forward(&from, &weights, &bias, &mut to);
            for (x, y, o) in (0..h).flat_map(|y| (0..w).map(move |x| (x, y, (x * 5 + y) % C))) {
                let tap =
                    |t: usize, i: usize| value(&from, (x + t % 3) as i64 - 1, (y + t / 3) as i64 - 1, i) * weights[(t * C + i) * C + o];
                let want = bias[o] + (0..9).map(|t| (0..C).map(|i| tap(t, i)).sum::<f32>()).sum::<f32>();
                assert!((to.pixel(x, y)[o] - want).abs() < 1e-4, "{w}x{h} at {x},{y},{o}");
            }
            // the border and the slack stay zero
            assert!((0..h).all(|y| (w..to.stride - 1).all(|x| to.data[to.at(x, y)] == 0.0)));
        }
    }

    #[test]
    fn both_gradients_are_those_of_the_sum_of_products() {
        // loss = sum of change * output: its derivatives are known products
        let weights: [f32; WEIGHTS] = numbers(4, WEIGHTS).try_into().unwrap();
        let (from, change) = (map(5, 6, 4), map(6, 6, 4));
        let loss = |from: &Map, weights: &[f32; WEIGHTS]| {
            let mut to = Map::new(6, 4);
            forward(from, weights, &[0.0; C], &mut to);
            to.data.iter().zip(&change.data).map(|(a, b)| f64::from(a * b)).sum::<f64>()
        };
        let mut gradient = [0.0; WEIGHTS];
        weight_gradient(&from, &change, &mut gradient);
        for at in [0, 100, 2600, WEIGHTS - 1] {
            let mut moved = weights;
            moved[at] += 0.5;
            let slope = (loss(&from, &moved) - loss(&from, &weights)) * 2.0;
            assert!((slope - f64::from(gradient[at])).abs() < 1e-3, "{at}: {slope} {}", gradient[at]);
        }
        let mut back = Map::new(6, 4);
        forward(&change, &turned(&weights), &[0.0; C], &mut back);
        let mut moved = from.clone();
        moved.pixel_mut(2, 3)[7] += 0.5;
        let slope = (loss(&moved, &weights) - loss(&from, &weights)) * 2.0;
        assert!((slope - f64::from(back.pixel(2, 3)[7])).abs() < 1e-3);
    }
}
