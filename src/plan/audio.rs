//! Plan of a stretch of sound.

use crate::{
    base::{MediaId, Time},
    model::Speed,
};

/// A piecewise-linear gain over samples, given at its corner points (sample offset in the segment, gain factor).
/// Before the first point the first gain holds, after the last one the last. Empty: 1 throughout. Points may lie outside
/// the segment, where a ramp is cut by the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Envelope(pub Vec<(i64, f32)>);

impl Envelope {
    /// Gain at a sample offset, by binary search. Mixers walk the corners instead.
    pub fn gain_at(&self, offset: i64) -> f32 {
        let p = &self.0;
        match p.partition_point(|c| c.0 <= offset) {
            0 => p.first().map_or(1.0, |c| c.1),
            i if i == p.len() => p[i - 1].1,
            i => {
                let (a, b) = (p[i - 1], p[i]);
                a.1 + (b.1 - a.1) * ((offset - a.0) as f64 / (b.0 - a.0) as f64) as f32
            }
        }
    }
}

/// One clip's part of a stretch of sound.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioSegment {
    pub media: MediaId,
    /// First mix sample on the timeline at which this segment sounds.
    pub start: i64,
    /// Mix samples that it sounds for.
    pub len: i64,
    /// Point of the media heard at `start`; at a clip's head less than one sample before its in-point is possible, even
    /// below zero, because the clip's first frame need not start on a sample.
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
