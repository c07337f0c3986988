//! Networks: Real-ESRGAN's two architectures make pictures larger, on the processor or on the editor's graphics device.
//!
//! Speech is recognised by what stands behind the trait of [`speech`]; [`meaning`] says what pictures and words have in common.
//!
//! A file of weights becomes [`Weights`], those become a [`Net`], and that an [`Upscaler`]. Knows no document and no media. Burn's types stay
//! inside. Everything blocks and is called from worker threads; the window's thread never waits for it.

mod cpu;
mod device;
mod error;
#[cfg(test)]
mod genuine_tests;
pub mod made_up;
pub mod meaning;
pub mod models;
mod net;
mod planes;
pub mod remote;
mod resize;
pub mod speech;
mod tile;
mod upscale;
mod weights;

pub use device::{Kernels, on_gpu, on_gpu_by};
pub use error::{Fault, MlError};
pub use net::{Compact, Conv, Net, Residual};
pub use planes::Planes;
pub use resize::resized;
pub use upscale::{DeviceSource, Upscaler, on_cpu, resized_to, upscaled_to};
pub use weights::{Array, Weights};

use std::path::Path;

impl Net {
    /// The network of a file of weights; with the weights of its twin, mixed with them: `share` of its own.
    ///
    /// # Errors
    /// A file is none of weights, or of an unknown network; which array is wrong is named.
    pub fn load(path: &Path, twin: Option<(&Path, f32)>) -> Result<Self, MlError> {
        let bad = |fault| MlError::Weights { path: path.to_owned(), fault };
        let mut weights = Weights::load(path)?;
        if let Some((twin, share)) = twin {
            weights = weights.mixed(&Weights::load(twin)?, share).map_err(bad)?;
        }
        Self::of(&weights).map_err(bad)
    }
}

#[cfg(test)]
mod tests;
