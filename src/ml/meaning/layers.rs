//! The layers that both halves of CLIP are made of: attention with residuals, then two layers with the quick GELU between them
//! [openai/CLIP, clip/model.py], on one of Burn's devices.

use super::shelf::{HEAD, Shelf};
use crate::ml::Fault;
use burn::tensor::{
    Tensor,
    activation::{sigmoid, softmax},
    module::{layer_norm, linear},
};

/// Keeps the spread of numbers that are all the same from being nothing.
const EPSILON: f64 = 1e-5;

pub(super) struct Norm {
    scale: Tensor<1>,
    shift: Tensor<1>,
}

impl Norm {
    pub fn of(shelf: &mut Shelf<'_>, name: &str, width: usize) -> Result<Self, Fault> {
        Ok(Self { scale: shelf.vector(&format!("{name}.weight"), width)?, shift: shelf.vector(&format!("{name}.bias"), width)? })
    }

    pub fn run<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        layer_norm(x, self.scale.clone(), Some(self.shift.clone()), EPSILON)
    }
}

struct Linear {
    weights: Tensor<2>,
    biases: Tensor<1>,
}

impl Linear {
    fn of(shelf: &mut Shelf<'_>, name: &str, sizes: (usize, usize)) -> Result<Self, Fault> {
        Ok(Self { weights: shelf.matrix(&format!("{name}.weight"), sizes)?, biases: shelf.vector(&format!("{name}.bias"), sizes.1)? })
    }

    fn run(&self, x: Tensor<3>) -> Tensor<3> {
        linear(x, self.weights.clone(), Some(self.biases.clone()))
    }
}

struct Layer {
    before_attention: Norm,
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    before_network: Norm,
    wide: Linear,
    narrow: Linear,
}

impl Layer {
    fn of(shelf: &mut Shelf<'_>, name: &str, width: usize) -> Result<Self, Fault> {
        let wider = shelf.shape(&format!("{name}.mlp.fc1.bias"))?.first().copied().unwrap_or_default();
        let mut part = |part: &str| Linear::of(shelf, &format!("{name}.self_attn.{part}_proj"), (width, width));
        let (query, key, value, out) = (part("q")?, part("k")?, part("v")?, part("out")?);
        Ok(Self {
            before_attention: Norm::of(shelf, &format!("{name}.layer_norm1"), width)?,
            query,
            key,
            value,
            out,
            before_network: Norm::of(shelf, &format!("{name}.layer_norm2"), width)?,
            wide: Linear::of(shelf, &format!("{name}.mlp.fc1"), (width, wider))?,
            narrow: Linear::of(shelf, &format!("{name}.mlp.fc2"), (wider, width))?,
        })
    }

    fn attention(&self, x: Tensor<3>, mask: Option<&Tensor<4>>) -> Tensor<3> {
        let [n, places, width] = x.dims();
        let heads = |x: Tensor<3>| x.reshape([n, places, width / HEAD, HEAD]).swap_dims(1, 2);
        let (query, key, value) = (heads(self.query.run(x.clone())), heads(self.key.run(x.clone())), heads(self.value.run(x)));
        let mut fits = query.matmul(key.swap_dims(2, 3)).mul_scalar((HEAD as f32).sqrt().recip());
        if let Some(mask) = mask {
            fits = fits + mask.clone();
        }
        self.out.run(softmax(fits, 3).matmul(value).swap_dims(1, 2).reshape([n, places, width]))
    }

    fn run(&self, x: Tensor<3>, mask: Option<&Tensor<4>>) -> Tensor<3> {
        let x = x.clone() + self.attention(self.before_attention.run(x), mask);
        let wide = self.wide.run(self.before_network.run(x.clone()));
        let curved = wide.clone() * sigmoid(wide.mul_scalar(1.702));
        x + self.narrow.run(curved)
    }
}

/// Layers in a row.
pub(super) struct Tower(Vec<Layer>);

impl Tower {
    /// Those under `{name}.layers`.
    pub fn of(shelf: &mut Shelf<'_>, name: &str, width: usize) -> Result<Self, Fault> {
        let name = format!("{name}.layers");
        (0..shelf.layers(&name)?).map(|n| Layer::of(shelf, &format!("{name}.{n}"), width)).collect::<Result<_, _>>().map(Self)
    }

    /// `stop` is asked between layers; None where it said so.
    pub fn run(&self, mut x: Tensor<3>, mask: Option<&Tensor<4>>, stop: &dyn Fn() -> bool) -> Option<Tensor<3>> {
        for layer in &self.0 {
            if stop() {
                return None;
            }
            x = layer.run(x, mask);
        }
        Some(x)
    }
}
