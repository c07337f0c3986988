//! Where each track's lane lies: video tracks from the top one down, then audio tracks in order.

use crate::{
    base::TrackId,
    model::{ClipContent, Sequence, Track, TrackKind},
};
use egui::{Pos2, Rect, pos2};
use std::sync::Arc;

use super::{gesture::Level, view::TimeView};

/// Heights in points, where the track does not say otherwise.
const VIDEO: f32 = 62.0;
const AUDIO: f32 = 48.0;
/// A lane of titles alone: it has no pictures to show.
const TITLES: f32 = 30.0;
const GAP: f32 = 4.0;

/// Heights that a track may be given: its label must fit, and it must fit the screen.
pub const HEIGHTS: std::ops::RangeInclusive<u16> = 20..=240;
/// Small, and large; between them lies the usual height of the kind.
pub const SMALL: u16 = 26;
pub const LARGE: u16 = 112;

fn height(track: &Track) -> f32 {
    let shows_nothing = |c: &Arc<crate::model::Clip>| matches!(c.content, ClipContent::Title(_) | ClipContent::Adjustment);
    match (track.height, track.kind) {
        (0, TrackKind::Audio) => AUDIO,
        // one clip with a picture is found at once or nearly so
        (0, TrackKind::Video) if !track.clips.is_empty() && track.clips.iter().all(shows_nothing) => TITLES,
        (0, TrackKind::Video) => VIDEO,
        (points, _) => f32::from(points.clamp(*HEIGHTS.start(), *HEIGHTS.end())),
    }
}

/// One track's lane, in points from the top of the lanes before scrolling.
#[derive(Clone, Debug)]
pub struct Lane {
    pub track: Arc<Track>,
    /// Place of the track in the sequence.
    pub place: usize,
    /// `V1`, `A2`, …: the number counts within the kind, from the first up.
    pub label: String,
    pub top: f32,
    pub height: f32,
}

/// All lanes and where they are on screen.
#[derive(Clone, Debug)]
pub struct Lanes {
    pub lanes: Vec<Lane>,
    /// On screen; the lanes' own area, right of the headers and below the ruler.
    pub rect: Rect,
    pub scroll: f32,
    pub view: TimeView,
}

impl Lanes {
    pub fn new(sequence: &Sequence, rect: Rect, scroll: f32, view: TimeView) -> Self {
        let mut lanes = Vec::with_capacity(sequence.tracks.len());
        let mut top = GAP;
        let of_kind = |kind| sequence.tracks.iter().enumerate().filter(move |(_, t)| t.kind == kind);
        let count = of_kind(TrackKind::Video).count();
        let video: Vec<_> = of_kind(TrackKind::Video).collect();
        let video = video.into_iter().rev().enumerate().map(|(i, t)| (t, format!("V{}", count - i)));
        let audio = of_kind(TrackKind::Audio).enumerate().map(|(i, t)| (t, format!("A{}", i + 1)));
        for ((place, track), label) in video.chain(audio) {
            let height = height(track);
            lanes.push(Lane { track: track.clone(), place, label, top, height });
            top += height + GAP;
        }
        Self { lanes, rect, scroll, view }
    }

    /// Height of all lanes in points.
    pub fn content_height(&self) -> f32 {
        self.lanes.last().map_or(0.0, |l| l.top + l.height + GAP)
    }

    pub fn x(&self, frame: i64) -> f32 {
        (f64::from(self.rect.left()) + self.view.x(frame as f64)) as f32
    }

    /// Frame (fractional) under a point of the screen.
    pub fn frame_at(&self, x: f32) -> f64 {
        self.view.frame_at(f64::from(x) - f64::from(self.rect.left()))
    }

    /// First and last frame that may be visible, end exclusive.
    pub fn visible(&self) -> (i64, i64) {
        let from = self.frame_at(self.rect.left()).floor() as i64;
        let to = self.frame_at(self.rect.right()).ceil() as i64;
        (from, to.max(from))
    }

    pub fn lane_rect(&self, lane: &Lane) -> Rect {
        let top = self.rect.top() + lane.top - self.scroll;
        Rect::from_min_max(pos2(self.rect.left(), top), pos2(self.rect.right(), top + lane.height))
    }

    /// Place of `[start, end)` in a lane.
    pub fn clip_rect(&self, lane: &Lane, start: i64, end: i64) -> Rect {
        let r = self.lane_rect(lane);
        Rect::from_min_max(pos2(self.x(start), r.top()), pos2(self.x(end), r.bottom()))
    }

    /// Index of the lane at a height of the screen; the gap below a lane belongs to it.
    pub fn index_at(&self, y: f32) -> Option<usize> {
        let y = y - self.rect.top() + self.scroll;
        self.lanes.iter().position(|l| y >= l.top - GAP / 2.0 && y < l.top + l.height + GAP / 2.0)
    }

    /// Points from the top of the lanes, unscrolled.
    pub fn unscrolled(&self, y: f32) -> f32 {
        y - self.rect.top() + self.scroll
    }

    /// The lane at a height of the screen, or whether it is above or below all of them.
    pub fn level_at(&self, y: f32) -> Level {
        let unscrolled = self.unscrolled(y);
        if let Some(i) = self.index_at(y) {
            return Level::Lane(i);
        }
        if unscrolled < GAP { Level::Above } else { Level::Below }
    }

    pub fn lane_at(&self, pos: Pos2) -> Option<&Lane> {
        self.index_at(pos.y).map(|i| &self.lanes[i])
    }

    pub fn index_of(&self, track: TrackId) -> Option<usize> {
        self.lanes.iter().position(|l| l.track.id == track)
    }

    /// The lane `by` places further down among lanes of `kind`, held at the ends.
    pub fn neighbour(&self, track: TrackId, kind: TrackKind, by: i64) -> TrackId {
        let same: Vec<_> = self.lanes.iter().filter(|l| l.track.kind == kind).collect();
        let Some(i) = same.iter().position(|l| l.track.id == track) else { return track };
        let j = (i as i64 + by).clamp(0, same.len() as i64 - 1);
        same[j as usize].track.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FrameRate;

    #[test]
    fn the_top_video_track_lies_on_top_and_sound_below() {
        let mut s = Sequence::new(1920, 1080, FrameRate::FPS_25);
        s.tracks.push(Arc::new(Track::new(TrackId(9), TrackKind::Video)));
        let lanes = Lanes::new(&s, Rect::from_min_max(pos2(100.0, 50.0), pos2(900.0, 400.0)), 0.0, TimeView::default());
        let order: Vec<_> = lanes.lanes.iter().map(|l| (l.label.as_str(), l.track.id.0)).collect();
        assert_eq!(order, [("V2", 9), ("V1", 2), ("A1", 3)]);
        assert_eq!(lanes.lane_at(pos2(300.0, 60.0)).map(|l| l.track.id), Some(TrackId(9)));
        assert_eq!(lanes.neighbour(TrackId(9), TrackKind::Video, 1), TrackId(2));
        assert_eq!(lanes.neighbour(TrackId(9), TrackKind::Video, 5), TrackId(2));
    }
}
