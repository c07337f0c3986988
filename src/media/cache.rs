//! Decoded pictures kept for the next question, bounded by bytes. Pure; owned by one reader.

use super::Frame;
use crate::base::Time;
use std::collections::BTreeMap;

/// Pictures by their start time. When full, the one farthest from the wanted time goes: scrubbing back and forth and
/// stepping backwards both ask for what lies near.
pub(super) struct FrameCache {
    frames: BTreeMap<Time, Frame>,
    bytes: usize,
    budget_bytes: usize,
}

impl FrameCache {
    pub fn new(budget_bytes: usize) -> Self {
        Self { frames: BTreeMap::new(), bytes: 0, budget_bytes }
    }

    /// The picture shown at `time`, if it is here.
    pub fn get(&self, time: Time) -> Option<&Frame> {
        let (_, frame) = self.frames.range(..=time).next_back()?;
        (time < frame.pts + frame.duration).then_some(frame)
    }

    /// Keep a picture; make room by dropping what is farthest from `wanted`. At least one picture stays.
    pub fn insert(&mut self, frame: Frame, wanted: Time) {
        self.bytes += frame.picture.byte_len();
        if let Some(old) = self.frames.insert(frame.pts, frame) {
            self.bytes -= old.picture.byte_len();
        }
        while self.bytes > self.budget_bytes && self.frames.len() > 1 {
            let (Some((first, _)), Some((last, _))) = (self.frames.first_key_value(), self.frames.last_key_value()) else { break };
            let drop_first = (wanted.0 - first.0).abs() > (last.0 - wanted.0).abs();
            let dropped = if drop_first { self.frames.pop_first() } else { self.frames.pop_last() };
            self.bytes -= dropped.map_or(0, |(_, f)| f.picture.byte_len());
        }
    }

    /// Shorten a picture that turned out to end sooner, or lengthen one whose end was not known.
    pub fn set_duration(&mut self, pts: Time, duration: Time) {
        if let Some(frame) = self.frames.get_mut(&pts) {
            frame.duration = duration;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ColorTags, FrameRate, Picture, PixelFormat};

    fn frame(n: i64) -> Frame {
        let picture = Picture::from_packed(PixelFormat::Rgba8, 5, 5, vec![0; 100], ColorTags::SRGB).unwrap();
        let (pts, duration) = (Time::from_frames(n, FrameRate::FPS_25), FrameRate::FPS_25.frame_duration());
        Frame { picture, index: n as usize, pts, duration }
    }

    #[test]
    fn the_picture_shown_at_a_time_is_found_and_gaps_are_not() {
        let mut cache = FrameCache::new(1000);
        cache.insert(frame(3), Time::ZERO);
        let at = |ms| Time::from_ratio(ms, 1000);
        assert_eq!(cache.get(at(120)).map(|f| f.index), Some(3));
        assert_eq!(cache.get(at(159)).map(|f| f.index), Some(3));
        assert!(cache.get(at(160)).is_none());
        assert!(cache.get(at(119)).is_none());
    }

    #[test]
    fn the_farthest_picture_makes_room() {
        let mut cache = FrameCache::new(300);
        for n in 0..10 {
            cache.insert(frame(n), frame(9).pts);
        }
        let kept: Vec<i64> = (0..10).filter(|n| cache.get(frame(*n).pts).is_some()).collect();
        assert_eq!(kept, [7, 8, 9]);
        cache.insert(frame(5), frame(5).pts);
        assert!(cache.get(frame(9).pts).is_none(), "now frame 9 is the farthest");
    }

    #[test]
    fn a_picture_over_the_budget_is_kept_alone() {
        let mut cache = FrameCache::new(10);
        cache.insert(frame(1), frame(1).pts);
        cache.insert(frame(2), frame(2).pts);
        assert!(cache.get(frame(2).pts).is_some() && cache.get(frame(1).pts).is_none());
    }
}
