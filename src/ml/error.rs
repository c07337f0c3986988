//! Why a network cannot be had, or has not done its work.

use crate::base::{
    UserError,
    words::{Said, say},
};
use std::{fmt, path::PathBuf};

/// What is wrong with weights, whatever file they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None of the formats that are read.
    NotWeights,
    /// The pickle would run code of this name. It has not run.
    Code(String),
    /// Cut off or changed.
    Damaged(String),
    /// A tensor that the network needs is not there.
    Missing(String),
    /// A tensor has another shape than its place in the network needs.
    Shape { key: String, found: Vec<usize>, wanted: Vec<usize> },
    /// A tensor holds numbers that are none.
    NotFinite(String),
    /// Tensors of another network than the two that are known.
    Unknown(String),
    /// The twin's tensors are not those of the model.
    NoTwin(String),
}

/// Why there is no network, or no picture.
#[derive(Debug, thiserror::Error)]
pub enum MlError {
    /// The file of weights cannot be read.
    Unreadable {
        path: PathBuf,
        reason: String,
    },
    Weights {
        path: PathBuf,
        fault: Fault,
    },
    /// There is no model of this name.
    NoModel(String),
    /// The model is known and its file is not here.
    NotHere(String),
    /// The model has no strength against noise that could be set.
    NoStrength(String),
    Download {
        url: String,
        reason: String,
    },
    /// The file is not the one that it should be.
    WrongSum {
        file: String,
        found: String,
        wanted: String,
    },
    Unwritable {
        path: PathBuf,
        reason: String,
    },
    /// A picture without pixels, or with more than can be.
    Size {
        width: usize,
        height: usize,
    },
    /// The device has no room for even the smallest tile.
    Memory,
    /// The graphics device failed.
    Device(String),
    Cancelled,
}

impl MlError {
    fn said(&self) -> Said<'_> {
        let Self::Weights { path, fault } = self else {
            return match self {
                Self::Unreadable { path, reason } => {
                    say!("error-ml-unreadable", reason = reason.as_str(), path = path.display().to_string())
                }
                Self::NoModel(name) => say!("error-ml-no-model", name = name.as_str()),
                Self::NotHere(name) => say!("error-ml-not-here", name = name.as_str()),
                Self::NoStrength(name) => say!("error-ml-no-strength", name = name.as_str()),
                Self::Download { url, reason } => say!("error-ml-download", reason = reason.as_str(), url = url.as_str()),
                Self::WrongSum { file, found, wanted } => {
                    say!("error-ml-wrong-sum", file = file.as_str(), found = found.as_str(), wanted = wanted.as_str())
                }
                Self::Unwritable { path, reason } => {
                    say!("error-ml-unwritable", reason = reason.as_str(), path = path.display().to_string())
                }
                Self::Size { width, height } => say!("error-ml-size", width = *width, height = *height),
                Self::Memory => say!("error-ml-memory"),
                Self::Device(reason) => say!("error-ml-device", reason = reason.as_str()),
                Self::Cancelled | Self::Weights { .. } => say!("error-ml-cancelled"),
            };
        };
        let path = path.display().to_string();
        match fault {
            Fault::NotWeights => say!("error-ml-not-weights", path = path),
            Fault::Code(name) => say!("error-ml-code", name = name.as_str(), path = path),
            Fault::Damaged(reason) => say!("error-ml-damaged", reason = reason.as_str(), path = path),
            Fault::Missing(key) => say!("error-ml-missing", key = key.as_str(), path = path),
            Fault::Shape { key, found, wanted } => {
                say!("error-ml-shape", key = key.as_str(), found = shape(found), wanted = shape(wanted), path = path)
            }
            Fault::NotFinite(key) => say!("error-ml-not-finite", key = key.as_str(), path = path),
            Fault::Unknown(key) => say!("error-ml-unknown", key = key.as_str(), path = path),
            Fault::NoTwin(key) => say!("error-ml-no-twin", key = key.as_str(), path = path),
        }
    }
}

/// As a person writes it: `64×3×3×3`.
fn shape(sizes: &[usize]) -> String {
    if sizes.is_empty() { "1".into() } else { sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("×") }
}

impl fmt::Display for MlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for MlError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}
