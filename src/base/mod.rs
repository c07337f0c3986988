//! Words that every room shares: exact time, timecode, ids, colour tags, pictures, facts about a media file,
//! the language they are said in,
//! and how an error speaks to a user. No I/O, no clock, no thread, no knowledge of the document.

pub mod color;
pub mod counting;
mod error;
pub mod ids;
pub mod media_info;
pub mod picture;
pub(crate) mod simd;
mod stamp;
pub mod time;
mod timecode;
pub mod words;

pub use color::ColorTags;
pub use counting::Counting;
pub use error::{Severity, Trouble, UserError};
pub use ids::{CaptionId, ClipId, MarkerId, MediaId, SequenceId, TrackId, TransitionId};
pub use media_info::{AudioInfo, MediaInfo, Rotation, VideoInfo};
pub use picture::{Picture, PixelFormat, PlaneLayout};
pub use stamp::{ContentHash, Stamp};
pub use time::{FLICKS_PER_SEC, FrameRate, ParseTimeError, Rounding, Time, TimeRange};
pub use timecode::{format_timecode, parse_timecode};

/// The one rate at which sound is mixed, in samples per second; two channels, f32.
pub const MIX_RATE: u32 = 48_000;
