//! The motion of a camera, measured on the brightness of a film's pictures: how a [`MotionTrack`] is made.
//!
//! Each picture is laid on the one before: coarsely by direct alignment of whole pictures (`coarse`), then by small patches
//! all over it that may lie some way off (`patches`), then by tiles that cover it, which are measured to first order about the
//! camera's motion (`dense`, `bend`). To these a turning and zooming camera is fitted that most agree on (`fit`), once the focal
//! length (`focal`) and how the sensor is read (`readout`) are known; `place` does so along the film. Pictures are normalised to
//! their local contrast first, so that flashes and changing exposure mean little. `tracker` takes the pictures in order and tells
//! cuts, repeats, flashes and blind stretches. What is done to whole pictures (`passes`) may be done by a device.
//!
//! Deterministic: the outcome depends on the pictures alone, not on the number of cores.

mod bend;
mod coarse;
mod dense;
mod fit;
mod focal;
mod passes;
mod patches;
mod place;
mod plane;
mod prepare;
mod readout;
mod repeats;
mod tracker;

#[cfg(test)]
mod tests;

pub use bend::Bend;
pub use dense::{Grid, Sums};
pub use passes::{Layers, OnProcessor, Passes, reaches};
pub use patches::Spot;
pub use plane::{Plane, half_size};
pub use tracker::Tracker;
