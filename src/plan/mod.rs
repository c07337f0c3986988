//! What is to be drawn and heard: (project, time, quality) → plain data with a stable hash.
//!
//! Pure: no I/O, no clock, no GPU. The renderer and the mixer carry plans out; preview and export use the same ones,
//! so the same frame is the same picture in both.

mod audio;
mod frame;

pub use audio::{AudioPlan, AudioSegment, Envelope};
pub use frame::{Affine2, FramePlan, Input, Layer, MediaRef, Source};
