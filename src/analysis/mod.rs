//! Pure algorithms on samples and pictures: what music, sound and footage are like and how a camera moves. `engine` feeds
//! them, plans and edits work from what they find out. No files, no clock, no device, no documents; may use several cores.

pub mod downsample;
pub mod footage;
pub mod motion;
pub mod music;
pub mod stabilize;
pub mod voice;
