//! What pictures show and what words mean, as directions in one space: CLIP [A. Radford and others: Learning Transferable Visual Models
//! From Natural Language Supervision, 2021], through Burn. A picture and a text that mean the same point the same way.
//!
//! The two halves are read from one file (`model.safetensors` as Hugging Face's transformers write it) and each for itself: whoever looks
//! for words needs no pictures. Sizes are found from the arrays. Blocks; any worker thread.

mod bpe;
mod layers;
mod picture;
mod shelf;
#[cfg(test)]
mod tests;

pub use bpe::Bpe;
pub use picture::prepared;

use super::{
    Fault, MlError, Planes, Weights,
    device::{burn_device, failure, guarded},
};
use crate::gpu::GpuContext;
use burn::tensor::{Device, Tensor, TensorData, module::conv2d, ops::ConvOptions};
use layers::{Norm, Tower};
use shelf::{Shelf, width};
use std::path::Path;

/// Added where attention must not look: nothing is left of it behind the exponential.
const NEVER: f32 = -1e9;
/// Pictures at a time: what one gains by more is little.
const AT_ONCE: usize = 8;

/// A direction: numbers whose squares sum to 1.
pub type Meaning = Vec<f32>;

fn load<T>(
    path: &Path,
    gpu: Option<&GpuContext>,
    parts: [&str; 3],
    make: impl FnOnce(&mut Shelf<'_>) -> Result<T, Fault>,
) -> Result<T, MlError> {
    let _span = tracing::info_span!("load clip", path = %path.display(), part = parts[0]).entered();
    let weights = Weights::load_some(path, &|name| parts.iter().any(|p| name.starts_with(p)))?;
    let device = gpu.map_or_else(|| Ok(Device::flex()), burn_device)?;
    let made = guarded(|| make(&mut Shelf { weights, device: &device }))?;
    made.map_err(|fault| MlError::Weights { path: path.to_owned(), fault })
}

/// One row each, all of length 1.
fn directions(x: Tensor<2>) -> Result<Vec<Meaning>, MlError> {
    let [_, len] = x.dims();
    let data = x.try_into_data().map_err(|e| failure(&e.to_string()))?;
    let data = data.try_to_vec::<f32>().map_err(|e| MlError::Device(e.to_string()))?;
    let unit = |row: &[f32]| {
        let length = row.iter().map(|v| v * v).sum::<f32>().sqrt();
        if length.is_finite() && length > 0.0 {
            Ok(row.iter().map(|v| v / length).collect())
        } else {
            Err(MlError::Device("the network computed no numbers".to_owned()))
        }
    };
    data.chunks_exact(len).map(unit).collect()
}

/// The half that looks at pictures.
pub struct Pictures {
    patch: usize,
    side: usize,
    patches: Tensor<4>,
    class: Tensor<3>,
    places: Tensor<3>,
    first: Norm,
    tower: Tower,
    last: Norm,
    into: Tensor<2>,
    device: Device,
    len: usize,
}

impl Pictures {
    /// Read from a file, onto a graphics device or the processor.
    ///
    /// # Errors
    /// The file cannot be read or is no CLIP, which array is wrong is named; or the device refused it.
    pub fn load(path: &Path, gpu: Option<&GpuContext>) -> Result<Self, MlError> {
        load(path, gpu, ["vision_model.", "visual_projection.", "visual_projection."], Self::of)
    }

    fn of(shelf: &mut Shelf<'_>) -> Result<Self, Fault> {
        let name = "vision_model.embeddings";
        let key = format!("{name}.patch_embedding.weight");
        let (wide, patch) = match *shelf.shape(&key)? {
            [wide, 3, a, b] if a == b && a > 0 && a <= 64 => (width(&key, wide)?, a),
            ref other => return Err(Fault::Shape { key, found: other.to_vec(), wanted: vec![768, 3, 32, 32] }),
        };
        let key_of_places = format!("{name}.position_embedding.weight");
        let places = shelf.shape(&key_of_places)?.first().copied().unwrap_or_default();
        let grid = places.saturating_sub(1).isqrt();
        if grid == 0 || grid > 64 || grid * grid + 1 != places {
            return Err(Fault::Unknown(format!("{key_of_places} of {places}")));
        }
        let len = shelf.shape("visual_projection.weight")?.first().copied().unwrap_or_default();
        let patches = TensorData::new(shelf.take(&key, &[wide, 3, patch, patch])?, [wide, 3, patch, patch]);
        let class = TensorData::new(shelf.take(&format!("{name}.class_embedding"), &[wide])?, [1, 1, wide]);
        let rows = TensorData::new(shelf.take(&key_of_places, &[places, wide])?, [1, places, wide]);
        Ok(Self {
            patch,
            side: grid * patch,
            patches: Tensor::<4>::from_data(patches, shelf.device),
            class: Tensor::<3>::from_data(class, shelf.device),
            places: Tensor::<3>::from_data(rows, shelf.device),
            // as it is spelt in every file
            first: Norm::of(shelf, "vision_model.pre_layrnorm", wide)?,
            tower: Tower::of(shelf, "vision_model.encoder", wide)?,
            last: Norm::of(shelf, "vision_model.post_layernorm", wide)?,
            into: shelf.matrix("visual_projection.weight", (wide, len))?,
            device: shelf.device.clone(),
            len,
        })
    }

    /// Pixels of a side of the squares that [`prepared`] must make for [`Pictures::read`].
    pub fn side(&self) -> usize {
        self.side
    }

    /// Numbers of a direction.
    pub fn dimensions(&self) -> usize {
        self.len
    }

    /// What prepared pictures show.
    ///
    /// # Errors
    /// One has another size, the device failed, or it was stopped.
    pub fn read(&self, pictures: &[Planes], stop: &dyn Fn() -> bool) -> Result<Vec<Meaning>, MlError> {
        let mut all = Vec::with_capacity(pictures.len());
        for some in pictures.chunks(AT_ONCE) {
            if let Some(odd) = some.iter().find(|p| (p.width, p.height, p.channels) != (self.side, self.side, 3)) {
                return Err(MlError::Size { width: odd.width, height: odd.height });
            }
            all.extend(guarded(|| self.some(some, stop))??);
        }
        Ok(all)
    }

    fn some(&self, pictures: &[Planes], stop: &dyn Fn() -> bool) -> Result<Vec<Meaning>, MlError> {
        let n = pictures.len();
        let data: Vec<f32> = pictures.iter().flat_map(|p| &p.data).copied().collect();
        let x = Tensor::<4>::from_data(TensorData::new(data, [n, 3, self.side, self.side]), &self.device);
        let x = conv2d(x, self.patches.clone(), None, ConvOptions::new([self.patch; 2], [0, 0], [1, 1], 1));
        let [_, wide, rows, columns] = x.dims();
        let x = x.reshape([n, wide, rows * columns]).swap_dims(1, 2);
        let x = Tensor::cat(vec![self.class.clone().expand([n, 1, wide]), x], 1) + self.places.clone();
        let x = self.tower.run(self.first.run(x), None, stop).ok_or(MlError::Cancelled)?;
        let class = self.last.run(x.narrow(1, 0, 1).reshape([n, wide]));
        directions(class.matmul(self.into.clone()))
    }
}

/// The half that reads words.
pub struct Words {
    bpe: Bpe,
    /// A row for each token.
    tokens: Vec<f32>,
    /// A row for each place.
    places: Vec<f32>,
    wide: usize,
    most: usize,
    tower: Tower,
    last: Norm,
    into: Tensor<2>,
    device: Device,
    len: usize,
    scale: f32,
}

impl Words {
    /// Read from a file and that of the merges, onto the processor: a few words are no work for a graphics card.
    ///
    /// # Errors
    /// A file cannot be read, is no CLIP or no list of merges, or both do not belong together.
    pub fn load(path: &Path, merges: &Path) -> Result<Self, MlError> {
        let unreadable = |e: std::io::Error| MlError::Unreadable { path: merges.to_owned(), reason: e.to_string() };
        let text = std::fs::read_to_string(merges).map_err(unreadable)?;
        let bpe = Bpe::read(&text).map_err(|fault| MlError::Weights { path: merges.to_owned(), fault })?;
        load(path, None, ["text_model.", "text_projection.", "logit_scale"], |shelf| Self::of(shelf, bpe))
    }

    fn of(shelf: &mut Shelf<'_>, bpe: Bpe) -> Result<Self, Fault> {
        let key = "text_model.embeddings.token_embedding.weight";
        let wide = width(key, shelf.shape(key)?.get(1).copied().unwrap_or_default())?;
        let key_of_places = "text_model.embeddings.position_embedding.weight";
        let most = shelf.shape(key_of_places)?.first().copied().unwrap_or_default();
        if !(2..=4096).contains(&most) {
            return Err(Fault::Unknown(format!("{key_of_places} of {most}")));
        }
        let len = shelf.shape("text_projection.weight")?.first().copied().unwrap_or_default();
        // one number without a shape
        let scale = shelf.take("logit_scale", &[])?.first().copied().unwrap_or_default().exp();
        Ok(Self {
            tokens: shelf.take(key, &[bpe.size(), wide])?,
            places: shelf.take(key_of_places, &[most, wide])?,
            wide,
            most,
            tower: Tower::of(shelf, "text_model.encoder", wide)?,
            last: Norm::of(shelf, "text_model.final_layer_norm", wide)?,
            into: shelf.matrix("text_projection.weight", (wide, len))?,
            device: shelf.device.clone(),
            len,
            scale: if scale.is_finite() { scale } else { 100.0 },
            bpe,
        })
    }

    /// Numbers of a direction.
    pub fn dimensions(&self) -> usize {
        self.len
    }

    /// What the network multiplies likenesses by before it compares them: 100 in all that OpenAI trained.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// What a text means. What is too long is cut off.
    ///
    /// # Errors
    /// The network failed, or it was stopped.
    pub fn read(&self, text: &str, stop: &dyn Fn() -> bool) -> Result<Meaning, MlError> {
        let tokens = self.bpe.tokens(text, self.most);
        guarded(|| self.tokens(&tokens, stop))?
    }

    /// Places behind the end bear on nothing, for each looks only back: they are left out.
    fn tokens(&self, tokens: &[u32], stop: &dyn Fn() -> bool) -> Result<Meaning, MlError> {
        let n = tokens.len();
        let row = |table: &'_ [f32], at: usize| table[at * self.wide..(at + 1) * self.wide].to_vec();
        let data = tokens.iter().enumerate().flat_map(|(place, token)| {
            let (token, place) = (row(&self.tokens, *token as usize), row(&self.places, place));
            token.into_iter().zip(place).map(|(a, b)| a + b)
        });
        let x = Tensor::<3>::from_data(TensorData::new(data.collect::<Vec<f32>>(), [1, n, self.wide]), &self.device);
        let mask: Vec<f32> = (0..n * n).map(|i| if i % n > i / n { NEVER } else { 0.0 }).collect();
        let mask = Tensor::<4>::from_data(TensorData::new(mask, [1, 1, n, n]), &self.device);
        let x = self.tower.run(x, Some(&mask), stop).ok_or(MlError::Cancelled)?;
        let end = self.last.run(x.narrow(1, n - 1, 1).reshape([1, self.wide]));
        directions(end.matmul(self.into.clone()))?.pop().ok_or_else(|| MlError::Device("the network computed nothing".to_owned()))
    }
}
