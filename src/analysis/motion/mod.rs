//! The motion of a camera, measured on the brightness of a film's pictures: how a [`MotionTrack`] is made.
//!
//! Each picture is laid on the one before: coarsely by direct alignment of whole pictures (`coarse`), then by small patches
//! all over it (`patches`), to which a turning and zooming camera is fitted that most patches agree on (`fit`). Pictures are
//! normalised to their local contrast first, so that flashes and changing exposure mean little. `tracker` takes the pictures
//! in order and tells cuts, repeats, flashes and blind stretches.
//!
//! Deterministic: the outcome depends on the pictures alone, not on the number of cores.

mod coarse;
mod fit;
mod focal;
mod patches;
mod plane;
mod prepare;
mod tracker;

#[cfg(test)]
mod tests;

pub use plane::Plane;
pub use tracker::Tracker;
