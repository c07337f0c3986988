//! Plan of a stretch of sound.

use crate::{
    base::{MediaId, Time},
    model::Speed,
};

/// A piecewise-linear gain over samples, given at its corner points (sample offset in the segment, gain factor).
/// Before the first point the first gain holds, after the last one the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope(pub Vec<(i64, f32)>);

/// One clip's part of a stretch of sound.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioSegment {
    pub media: MediaId,
    /// First mix sample on the timeline at which this segment sounds.
    pub start: i64,
    /// Mix samples that it sounds for.
    pub len: i64,
    /// Point of the media heard at `start`.
    pub source: Time,
    pub speed: Speed,
    /// Factor for left and right: clip and track gain, and pan.
    pub gain: [f32; 2],
    /// Fades and cross-fades; offsets count from `start`.
    pub envelope: Envelope,
}

/// Everything audible in mix samples `[start, start + len)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AudioPlan {
    pub start: i64,
    pub len: i64,
    pub segments: Vec<AudioSegment>,
}
