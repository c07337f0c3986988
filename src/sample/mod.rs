//! The sample film: six clips and a piece of music, made on the spot, and a timeline that shows them.
//!
//! Scenes are drawn by WGSL on the graphics device (a software one will do), sounds and music are computed, and all of it
//! is encoded into real files, which are then imported like any other. Everything follows from fixed seeds. It blocks for
//! up to two minutes: run it on a worker thread.

pub mod camera;
pub mod convert;
mod make;
pub mod music;
pub mod painter;
pub mod scenes;
pub mod shots;
mod sounds;
mod synth;
mod timeline;
pub mod tracks;

pub use make::{Options, SampleSet, make, make_with, still};
pub use music::{MusicTruth, Section};
pub use timeline::timeline;

use crate::{
    base::{FrameRate, UserError},
    media::MediaError,
};
use std::path::PathBuf;

/// Of the clips and of the sample sequence.
pub const FRAME_RATE: FrameRate = FrameRate::FPS_30;

/// Why the sample film could not be made. No part of it remains.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    #[error("the scene {scene} could not be drawn: {reason}")]
    Drawing { scene: String, reason: String },
    #[error("the sample film could not be written: {source}: {}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("the sample film was cancelled")]
    Cancelled,
    #[error("facts about {given} files were given for the {needed} of the sample film")]
    Infos { given: usize, needed: usize },
}

impl UserError for SampleError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Drawing { .. } => Some("try again with the software adapter".into()),
            Self::Folder { .. } => Some("check that the folder can be written and the disk has 100 MB free".into()),
            Self::Media(e) => e.hint(),
            Self::Cancelled | Self::Infos { .. } => None,
        }
    }
}
