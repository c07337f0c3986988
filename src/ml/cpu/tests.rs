//! The processor's convolutions against plain sums.

use super::{map::SQUARE, *};
use crate::ml::made_up::numbers;

fn conv(inputs: usize, outputs: usize, seed: usize) -> Conv {
    let weights = numbers(inputs * outputs * 9, seed, 1.0 / (inputs as f32).sqrt());
    Conv { inputs, outputs, weights, biases: numbers(outputs, seed + 1, 0.1) }
}

/// By the definition, in f64.
fn by_definition(c: &Conv, x: &Planes, slope: f64) -> Vec<f64> {
    let (w, h) = (x.width as isize, x.height as isize);
    let mut out = Vec::new();
    for o in 0..c.outputs {
        for y in 0..h {
            for px in 0..w {
                let mut sum = f64::from(c.biases[o]);
                for i in 0..c.inputs {
                    for k in 0..9 {
                        let (sx, sy) = (px + k % 3 - 1, y + k / 3 - 1);
                        if (0..w).contains(&sx) && (0..h).contains(&sy) {
                            let v = x.plane(i)[(sy * w + sx) as usize];
                            sum += f64::from(v) * f64::from(c.weights[(o * c.inputs + i) * 9 + k as usize]);
                        }
                    }
                }
                out.push(if sum < 0.0 { sum * slope } else { sum });
            }
        }
    }
    out
}

fn worst(c: &Conv, width: Width, (w, h): (usize, usize)) -> f64 {
    let x = Planes { width: w, height: h, channels: c.inputs, data: numbers(w * h * c.inputs, 7, 1.0) };
    let inputs = if c.inputs < 16 { c.inputs } else { c.inputs.next_multiple_of(width.lanes()) };
    let mut map = Map::new(w, h, inputs);
    for (y, row) in map.rows_mut().enumerate() {
        for (px, pixel) in row.chunks_exact_mut(inputs).enumerate() {
            (0..c.inputs).for_each(|i| pixel[i] = x.plane(i)[y * w + px]);
        }
    }
    let packed = Packed::new(c, width, inputs, |i| i, Some(&|_| 0.25));
    let mut out = Map::new(w, h, packed.outputs);
    packed.run(&map, &mut out);
    let wanted = by_definition(c, &x, 0.25);
    let mut worst = 0f64;
    for o in 0..c.outputs {
        for y in 0..h {
            for px in 0..w {
                worst = worst.max((f64::from(out.row(y)[px * packed.outputs + o]) - wanted[(o * h + y) * w + px]).abs());
            }
        }
    }
    // what lies around the picture and behind the last channel stays zero: the next convolution reads it
    let border = (0..out.stride * packed.outputs).chain(out.at(0, h)..out.data.len());
    border.for_each(|i| assert_eq!(out.data[i], 0.0));
    assert!((0..w * h).all(|i| out.row(i / w)[i % w * packed.outputs..][c.outputs..packed.outputs].iter().all(|v| *v == 0.0)));
    worst
}

#[test]
fn every_kernel_computes_the_definition_of_a_convolution() {
    let mut widths = vec![Width::Plain];
    #[cfg(target_arch = "x86_64")]
    {
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            widths.push(Width::Middle);
        }
        if is_x86_feature_detected!("avx512f") {
            widths.push(Width::Wide);
        }
    }
    for width in widths {
        // few inputs and many, odd sizes, outputs that fill no register
        for (inputs, outputs, size) in
            [(3, 24, (1, 1)), (3, 8, (9, 5)), (16, 12, (5, 6)), (24, 24, (13, 3)), (32, 48, (4, 9)), (40, 64, (3, 2))]
        {
            let worst = worst(&conv(inputs, outputs, 3), width, size);
            assert!(worst < 2e-5, "{width:?} {inputs} → {outputs}, {size:?}: off by {worst}");
        }
    }
    assert_eq!(SQUARE, 4);
}
