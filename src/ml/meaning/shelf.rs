//! Takes the arrays of a network from its weights, each with the shape that its place needs, and puts them on the device.

use crate::ml::{Fault, Weights};
use burn::tensor::{Device, Tensor, TensorData};

/// Longest chain of layers and widest layer that are taken: the largest CLIP has 24 layers of 1,024 numbers.
pub(super) const MOST_LAYERS: usize = 64;
pub(super) const MOST_WIDTH: usize = 4096;
/// Numbers that a head of attention looks at, in every CLIP.
pub(super) const HEAD: usize = 64;

/// See the module.
pub(super) struct Shelf<'a> {
    pub weights: Weights,
    pub device: &'a Device,
}

impl Shelf<'_> {
    /// The shape of an array that is there.
    pub fn shape(&self, key: &str) -> Result<&[usize], Fault> {
        self.weights.0.get(key).map(|a| a.shape.as_slice()).ok_or_else(|| Fault::Missing(key.to_owned()))
    }

    /// The numbers of an array of this shape; it is not there any more.
    pub fn take(&mut self, key: &str, wanted: &[usize]) -> Result<Vec<f32>, Fault> {
        let found = self.shape(key)?;
        if found != wanted {
            return Err(Fault::Shape { key: key.to_owned(), found: found.to_vec(), wanted: wanted.to_vec() });
        }
        Ok(self.weights.0.remove(key).map(|a| a.data).unwrap_or_default())
    }

    pub fn vector(&mut self, key: &str, len: usize) -> Result<Tensor<1>, Fault> {
        let data = TensorData::new(self.take(key, &[len])?, [len]);
        Ok(Tensor::<1>::from_data(data, self.device))
    }

    /// Weights as they are multiplied from the right: files have outputs × inputs.
    pub fn matrix(&mut self, key: &str, (inputs, outputs): (usize, usize)) -> Result<Tensor<2>, Fault> {
        let data = TensorData::new(self.take(key, &[outputs, inputs])?, [outputs, inputs]);
        Ok(Tensor::<2>::from_data(data, self.device).transpose())
    }

    /// How many layers stand under a name: `{name}.0.` and so on, without gaps.
    pub fn layers(&self, name: &str) -> Result<usize, Fault> {
        let own = |n: usize| self.weights.0.contains_key(&format!("{name}.{n}.layer_norm1.weight"));
        match (0..=MOST_LAYERS).take_while(|n| own(*n)).count() {
            0 => Err(Fault::Missing(format!("{name}.0.layer_norm1.weight"))),
            n if n > MOST_LAYERS => Err(Fault::Unknown(format!("{name}.{n}"))),
            n => Ok(n),
        }
    }
}

/// A width that heads share.
pub(super) fn width(key: &str, width: usize) -> Result<usize, Fault> {
    if width == 0 || width > MOST_WIDTH || !width.is_multiple_of(HEAD) {
        return Err(Fault::Unknown(format!("{key} of {width}")));
    }
    Ok(width)
}
