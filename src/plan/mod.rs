//! What is to be drawn and heard: (project, time, quality) → plain data with a stable hash.
//!
//! Pure: no I/O, no clock, no GPU; runs on whatever thread asks. The renderer and the mixer carry plans out; preview and
//! export use the same ones, so the same frame is the same picture in both.

mod audio;
mod choice;
mod compose;
mod direct;
mod enlarged;
mod frame;
mod hash;
mod hidden;
mod mix;
mod nested_mix;
mod only;
mod outline;
mod place;
mod steady;
mod transition;
mod without;

pub use audio::{AudioPlan, AudioSegment, Envelope};
pub use choice::Choice;
pub use compose::{frame, frame_by, frame_of};
pub use direct::sole_source;
pub use enlarged::in_own_colors;
pub use frame::{Adjust, Affine2, FramePlan, Input, Layer, Mask, MediaRef, Source, Steady, Warp};
pub use hidden::without_hidden;
pub use mix::{audio, sample_of_frame};
pub use only::only;
pub use outline::outline;
pub use steady::steadied;
pub use without::{Without, frame_without};
