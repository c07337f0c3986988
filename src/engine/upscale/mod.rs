//! Makes pictures and films larger with a network: what `ml` computes, from files and into files.
//!
//! Blocks; workers and the command line call it. The window's thread never does.

mod convert;
mod error;
mod film;
#[cfg(test)]
mod film_tests;
mod large;
mod still;
mod view;

pub use convert::{picture_of, planes_of};
pub use error::UpscaleError;
pub use still::{upscale_picture, upscale_still};
pub use view::{Enlargement, upscale_for_view};

use super::progress::ExportProgress;
use crate::{
    base::Time,
    gpu::{AdapterPick, GpuContext},
    media::{self, encode::STILL_EXTENSIONS},
    ml::{MlError, Net, Upscaler, on_cpu, on_gpu},
};
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    time::Instant,
};

/// Longest side of what is made.
pub const MAX_SIDE_PX: u32 = 16_384;

/// How large the result is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UpscaleTarget {
    /// So many times as wide and high.
    Times(u32),
    /// Pixels of the shorter side: 1080 for "1080p".
    Height(u32),
}

impl UpscaleTarget {
    /// The size that a picture of this size becomes.
    pub fn size(self, (w, h): (u32, u32)) -> (u32, u32) {
        let short = u64::from(w.min(h).max(1));
        match self {
            Self::Times(n) => (w.saturating_mul(n), h.saturating_mul(n)),
            Self::Height(n) => {
                let side = |s: u32| u32::try_from((u64::from(s) * u64::from(n) + short / 2) / short).unwrap_or(u32::MAX).max(1);
                (side(w), side(h))
            }
        }
    }

    /// As recipes and file names have it: `2x`, `1080p`.
    pub fn name(self) -> String {
        match self {
            Self::Times(n) => format!("{n}x"),
            Self::Height(n) => format!("{n}p"),
        }
    }
}

/// A moment of a film: the picture of a number, counted from 0, or that which shows at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Moment {
    Frame(u64),
    Time(Time),
}

impl Moment {
    /// As recipes, file names and messages have it: `75f`, `2.500s`.
    pub fn name(self) -> String {
        match self {
            Self::Frame(n) => format!("{n}f"),
            Self::Time(t) => format!("{:.3}s", t.as_secs_f64()),
        }
    }
}

/// What to make.
#[derive(Clone, Debug)]
pub struct UpscaleRequest {
    pub input: PathBuf,
    /// `.png`, `.jpg` or `.webp` for a picture; `.mp4`, `.mov`, `.mkv` or `.webm` for a film.
    pub output: PathBuf,
    pub target: UpscaleTarget,
    /// The pictures of a film from the first moment up to the second; None = all. See [`UpscaleError::EmptyRange`].
    pub range: Option<(Moment, Moment)>,
    /// Stands for the model and its settings: parts of another recipe are not gone on with.
    pub recipe: String,
    /// Keeps finished parts of a film.
    pub work_dir: PathBuf,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpscaleReport {
    pub frames: u64,
    pub size: (u32, u32),
    /// How many times wider.
    pub scale: f64,
    pub wall_secs: f64,
}

/// Makes a picture or a film larger and returns when the file is on the disk. `cancel` is looked at for each layer of the network; what
/// was finished of a film then stays in the work folder.
///
/// # Errors
/// See [`UpscaleError`]; no file remains under the output's name, and one that was there before is untouched.
pub fn upscale_file(
    request: &UpscaleRequest,
    upscaler: &mut dyn Upscaler,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<UpscaleReport, UpscaleError> {
    let started = Instant::now();
    let info = media::probe_guarded(&request.input)?;
    let Some(video) = &info.video else { return Err(UpscaleError::NoPicture(request.input.clone())) };
    if !video.still {
        return film::upscale_film(request, &info, video, upscaler, cancel, progress);
    }
    if request.range.is_some() {
        return Err(UpscaleError::StillRange(request.input.clone()));
    }
    if !has_extension(&request.output, &STILL_EXTENSIONS) {
        return Err(UpscaleError::Extension(request.output.clone()));
    }
    let mut told = |fraction: f32| {
        let secs = started.elapsed().as_secs_f32();
        let secs_left = (fraction > 0.0).then(|| secs / fraction - secs);
        progress(ExportProgress { fraction: 0.99 * fraction, frames_per_sec: 0.0, secs_left });
    };
    let size = upscale_still(&request.input, &request.output, upscaler, request.target, cancel, &mut told)?;
    let (w, _) = if video.rotation.swaps_sides() { (video.height, video.width) } else { (video.width, video.height) };
    let scale = f64::from(size.0) / f64::from(w.max(1));
    Ok(UpscaleReport { frames: 1, size, scale, wall_secs: started.elapsed().as_secs_f64() })
}

fn has_extension(path: &Path, known: &[&str]) -> bool {
    path.extension().is_some_and(|e| known.iter().any(|k| e.eq_ignore_ascii_case(k)))
}

/// What computes a network best: a graphics card where there is one, else this processor. A compact network's features may be halves there,
/// added up in singles: a genuine one was off by up to 2.6e-3 then, where 1e-2 is allowed. Where the card was lost, it is asked for
/// a device of its own. `side`: of the tiles in pixels; None = what suits the device, 0 = whole pictures.
///
/// # Errors
/// The device refused the network.
pub fn upscaler(net: &Net, gpu: Option<&GpuContext>, side: Option<usize>) -> Result<Box<dyn Upscaler>, MlError> {
    let renewed = gpu.filter(|g| g.is_lost()).and_then(|_| GpuContext::headless(&AdapterPick::Best).ok());
    match renewed.as_ref().or(gpu.filter(|g| !g.is_lost())) {
        Some(gpu) if !gpu.is_software() => on_gpu(net, gpu, side),
        _ => Ok(on_cpu(net, side)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_keeps_the_shape() {
        assert_eq!(UpscaleTarget::Times(3).size((640, 360)), (1920, 1080));
        assert_eq!(UpscaleTarget::Height(2160).size((1280, 720)), (3840, 2160));
        assert_eq!(UpscaleTarget::Height(1080).size((360, 640)), (1080, 1920));
        assert_eq!(UpscaleTarget::Height(1080).size((1, 1)), (1080, 1080));
        assert_eq!(UpscaleTarget::Height(1440).name(), "1440p");
    }
}
