//! Steady pictures: from the motion of a camera (`MotionTrack`) and a user's wishes (`Settings`) to the path that the
//! picture shall follow instead (`Path`), and to the maps that put each frame on it.
//!
//! Lengths are in widths of the picture, with the origin at its centre, x to the right and y down, so that a track holds
//! for proxies and originals alike. Nothing here touches pixels.

mod basis;
mod course;
mod envelope;
mod file;
mod geometry;
mod interior;
mod path;
mod planner;
mod reach;
mod settings;
mod solver;
mod times;
mod track;
mod windows;

#[cfg(test)]
mod tests;

pub use geometry::{Mat3, Pose};
pub(in crate::analysis) use geometry::{apply, mul};
pub(in crate::analysis) use path::Raws;
pub use path::{Path, Planned, Reason};
pub use planner::{plan, plan_near, plan_until};
pub use settings::{Settings, Zoom};
pub use track::{Flags, FrameMotion, MotionTrack};
