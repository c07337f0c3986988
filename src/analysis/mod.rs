//! Pure algorithms on samples and pictures: what they find out, `engine` feeds them with and `plan` works from.
//! No files, no clock, no device; may use several cores.

pub mod motion;
pub mod stabilize;
