//! Weights of a network as named arrays of f32, read from what people have: PyTorch's `.pth` (zip and legacy), `.safetensors`, ncnn's
//! `.param` with `.bin`, Burn's `.bpk`. Names come out as PyTorch's state dictionary has them, whatever the file.
//!
//! Files are data: no code in them is ever run, every length is checked before anything is made of it. Blocks; any worker thread.

mod burnpack;
mod ncnn;
mod numbers;
mod pickle;
mod pth;
mod safetensors;

use super::{Fault, MlError};
use numbers::Kind;
use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Larger files are no weights of the networks that are known (the largest official one has 67 MB).
const MAX_BYTES: u64 = 1 << 30;

/// An array; the last index is the quickest.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}

impl Array {
    /// None where the numbers are not as many as the shape says.
    pub fn new(shape: Vec<usize>, data: Vec<f32>) -> Option<Self> {
        (count(&shape)? == data.len()).then_some(Self { shape, data })
    }
}

/// Numbers in an array of this shape, if that can be counted.
fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |n, s| n.checked_mul(*s))
}

/// Named arrays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights(pub BTreeMap<String, Array>);

impl Weights {
    /// Read a file. Of a pickle the averaged weights (`params_ema`) are taken where it has them, else `params`, else what it holds itself.
    ///
    /// # Errors
    /// The file cannot be read, is of no known format, is damaged, or would run code.
    pub fn load(path: &Path) -> Result<Self, MlError> {
        let bad = |fault| MlError::Weights { path: path.to_owned(), fault };
        let (param, bin) = (path.with_extension("param"), path.with_extension("bin"));
        let is = |e: &str| path.extension().is_some_and(|x| x.eq_ignore_ascii_case(e));
        let weights = if is("param") || is("bin") {
            let text = read(&param)?;
            ncnn::read(&String::from_utf8_lossy(&text), &read(&bin)?).map_err(bad)?
        } else {
            Self::from_bytes(read(path)?).map_err(bad)?
        };
        weights.check().map_err(bad)?;
        Ok(weights)
    }

    /// Of a `.safetensors` file the arrays that `keep` wants; the others are not read, and nothing is held twice.
    ///
    /// # Errors
    /// As [`Weights::load`]; other formats are not taken.
    pub fn load_some(path: &Path, keep: &dyn Fn(&str) -> bool) -> Result<Self, MlError> {
        let unreadable = |e: std::io::Error| MlError::Unreadable { path: path.to_owned(), reason: e.to_string() };
        let bad = |fault| MlError::Weights { path: path.to_owned(), fault };
        let mut file = File::open(path).map_err(unreadable)?;
        let weights = safetensors::read_some(&mut file, keep).map_err(unreadable)?.map_err(bad)?;
        weights.check().map_err(bad)?;
        Ok(weights)
    }

    /// The same of a file in memory; its first bytes say what it is.
    ///
    /// # Errors
    /// As [`Weights::load`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Fault> {
        if bytes.starts_with(b"PK\x03\x04") || bytes.first() == Some(&0x80) {
            pth::read(&bytes)
        } else if burnpack::is(&bytes) {
            burnpack::read(bytes)
        } else if safetensors::is(&bytes) {
            safetensors::read(&bytes)
        } else {
            Err(Fault::NotWeights)
        }
    }

    fn check(&self) -> Result<(), Fault> {
        match self.0.iter().find(|(_, a)| a.data.iter().any(|v| !v.is_finite())) {
            Some((key, _)) => Err(Fault::NotFinite(key.clone())),
            None => Ok(()),
        }
    }

    /// `share` of these and the rest of the twin's, key by key: how general-x4v3 is given less strength against noise.
    ///
    /// # Errors
    /// A key or a shape differs.
    pub fn mixed(&self, twin: &Self, share: f32) -> Result<Self, Fault> {
        let mix = |(key, a): (&String, &Array)| {
            let b = twin.0.get(key).filter(|b| b.shape == a.shape).ok_or_else(|| Fault::NoTwin(key.clone()))?;
            let data = a.data.iter().zip(&b.data).map(|(a, b)| share * a + (1.0 - share) * b).collect();
            Ok((key.clone(), Array { shape: a.shape.clone(), data }))
        };
        Ok(Self(self.0.iter().map(mix).collect::<Result<_, _>>()?))
    }

    /// Write as `.safetensors`, in f32.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        std::fs::write(path, safetensors::bytes(self))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, MlError> {
    let bad = |e: std::io::Error| MlError::Unreadable { path: PathBuf::from(path), reason: e.to_string() };
    let file = File::open(path).map_err(bad)?;
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(bad)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(MlError::Weights { path: path.to_owned(), fault: Fault::NotWeights });
    }
    Ok(bytes)
}

/// Names of Burn's modules (`convs.3.weight`, `acts.3.alpha`) as those of PyTorch's compact network, where the layers alternate.
fn torch_name(name: &str) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    match parts[..] {
        ["convs", n, what] => n.parse::<usize>().map_or_else(|_| name.to_owned(), |n| format!("body.{}.{what}", 2 * n)),
        ["acts", n, "alpha"] => n.parse::<usize>().map_or_else(|_| name.to_owned(), |n| format!("body.{}.weight", 2 * n + 1)),
        _ => name.to_owned(),
    }
}

fn damaged(what: impl Into<String>) -> Fault {
    Fault::Damaged(what.into())
}

#[cfg(test)]
pub(in crate::ml) mod tests;
