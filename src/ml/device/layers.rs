//! The layers of a network as Burn computes them, one tile at a time.

use super::{failure, guarded};
use crate::ml::{
    MlError, Net, Planes,
    net::Conv,
    tile::{Forward, check},
};
use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{leaky_relu, prelu},
    module::{conv2d, interpolate},
    ops::{ConvOptions, InterpolateMode, InterpolateOptions},
};
use std::sync::atomic::AtomicBool;

struct Layer {
    weights: Tensor<4>,
    biases: Tensor<1>,
}

impl Layer {
    fn new(c: &Conv, device: &Device) -> Self {
        let weights = TensorData::new(c.weights.clone(), [c.outputs, c.inputs, 3, 3]);
        let biases = TensorData::new(c.biases.clone(), [c.outputs]);
        Self { weights: Tensor::<4>::from_data(weights, device), biases: Tensor::<1>::from_data(biases, device) }
    }

    fn run(&self, x: Tensor<4>) -> Tensor<4> {
        conv2d(x, self.weights.clone(), Some(self.biases.clone()), ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
    }
}

enum Layers {
    Compact { scale: usize, convs: Vec<Layer>, slopes: Vec<Tensor<1>> },
    Residual(Box<Dense>),
}

struct Dense {
    unshuffle: usize,
    first: Layer,
    blocks: Vec<[[Layer; 5]; 3]>,
    tail: [Layer; 5],
}

/// A network on one of Burn's devices.
pub struct BurnNet {
    layers: Layers,
    device: Device,
    side: usize,
}

fn doubled(x: Tensor<4>, by: usize) -> Tensor<4> {
    let [_, _, h, w] = x.dims();
    interpolate(x, InterpolateOptions::new(InterpolateMode::Nearest).with_output_size([h * by, w * by]))
}

impl BurnNet {
    /// `side`: of the tiles that suit the device.
    pub fn new(net: &Net, device: &Device, side: usize) -> Self {
        let layer = |c: &Conv| Layer::new(c, device);
        let layers = match net {
            Net::Compact(n) => {
                let slopes = n.slopes.iter().map(|s| Tensor::<1>::from_data(TensorData::new(s.clone(), [s.len()]), device));
                let convs = n.convs.iter().map(layer).collect();
                Layers::Compact { scale: n.scale, convs, slopes: slopes.collect() }
            }
            Net::Residual(n) => {
                let blocks = n.blocks.iter().map(|b| b.each_ref().map(|p| p.each_ref().map(layer))).collect();
                let tail = n.tail.each_ref().map(layer);
                Layers::Residual(Box::new(Dense { unshuffle: n.unshuffle, first: layer(&n.first), blocks, tail }))
            }
        };
        Self { layers, device: device.clone(), side }
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    /// What the network makes of a picture; the device may not have done it yet.
    ///
    /// # Errors
    /// `stop` was set.
    pub fn compute(&self, x: Tensor<4>, stop: &AtomicBool) -> Result<Tensor<4>, MlError> {
        match &self.layers {
            Layers::Compact { scale, convs, slopes } => {
                let mut y = x.clone();
                for (conv, slopes) in convs.iter().zip(slopes) {
                    check(stop)?;
                    y = prelu(conv.run(y), slopes.clone());
                }
                let y = convs.last().map_or_else(|| y.clone(), |c| c.run(y.clone()));
                Ok(shuffled(y, *scale) + doubled(x, *scale))
            }
            Layers::Residual(net) => {
                let Dense { unshuffle, first, blocks, tail } = &**net;
                let x = unshuffled(x, *unshuffle);
                let start = first.run(x);
                let mut y = start.clone();
                for block in blocks {
                    let before = y.clone();
                    for part in block {
                        check(stop)?;
                        let mut all = vec![y.clone()];
                        for conv in &part[..4] {
                            all.push(leaky_relu(conv.run(Tensor::cat(all.clone(), 1)), 0.2));
                        }
                        y = part[4].run(Tensor::cat(all, 1)).mul_scalar(0.2) + y;
                    }
                    y = y.mul_scalar(0.2) + before;
                }
                let [body, up1, up2, hr, last] = tail;
                let mut y = start + body.run(y);
                for up in [up1, up2] {
                    check(stop)?;
                    y = leaky_relu(up.run(doubled(y, 2)), 0.2);
                }
                Ok(last.run(leaky_relu(hr.run(y), 0.2)))
            }
        }
    }
}

fn shuffled(x: Tensor<4>, s: usize) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let c = c / (s * s);
    x.reshape([n, c, s, s, h, w]).permute([0, 1, 4, 2, 5, 3]).reshape([n, c, h * s, w * s])
}

fn unshuffled(x: Tensor<4>, s: usize) -> Tensor<4> {
    if s == 1 {
        return x;
    }
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, h / s, s, w / s, s]).permute([0, 1, 3, 5, 2, 4]).reshape([n, c * s * s, h / s, w / s])
}

impl Forward for BurnNet {
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError> {
        let data = TensorData::new(tile.data.clone(), [1, 3, tile.height, tile.width]);
        guarded(|| {
            let x = Tensor::<4>::from_data(data, &self.device);
            let out = self.compute(x, stop)?;
            let [_, _, height, width] = out.dims();
            let data = out.try_into_data().map_err(|e| failure(&e.to_string()))?;
            let data = data.try_to_vec::<f32>().map_err(|e| MlError::Device(e.to_string()))?;
            Ok(Planes { width, height, channels: 3, data })
        })?
    }

    fn side(&self) -> usize {
        self.side
    }
}
