//! Catching on cuts, markers, the playhead and the ends of the marked range.

use crate::{base::ClipId, model::Sequence};
use std::collections::BTreeSet;

/// Frames that a moving thing catches on, sorted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SnapList(Vec<i64>);

impl SnapList {
    /// Every edge of the sequence but those of `moving`, and `extra` (playhead, marks).
    pub fn new(sequence: &Sequence, moving: &BTreeSet<ClipId>, extra: impl IntoIterator<Item = i64>) -> Self {
        let mut frames: Vec<i64> = sequence
            .tracks
            .iter()
            .flat_map(|t| &t.clips)
            .filter(|c| !moving.contains(&c.id))
            .flat_map(|c| [c.start, c.end()])
            .chain(sequence.markers.iter().flat_map(|m| [m.frame, m.frame + m.duration]))
            .chain(extra)
            .chain([0])
            .collect();
        frames.sort_unstable();
        frames.dedup();
        Self(frames)
    }

    /// The listed frame nearest to `frame`, at most `radius` frames away.
    pub fn near(&self, frame: f64, radius: f64) -> Option<i64> {
        let i = self.0.partition_point(|f| (*f as f64) < frame);
        let around = [i.checked_sub(1).map(|j| self.0[j]), self.0.get(i).copied()];
        let distance = |f: &i64| (*f as f64 - frame).abs();
        around.into_iter().flatten().filter(|f| distance(f) <= radius).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The smallest shift in addition to `delta` that puts one of `edges` on a listed frame: (whole shift, frame caught).
    pub fn shift(&self, edges: &[i64], delta: f64, radius: f64) -> Option<(i64, i64)> {
        edges
            .iter()
            .filter_map(|e| self.near(*e as f64 + delta, radius).map(|f| (f - e, f)))
            .min_by(|a, b| (a.0 as f64 - delta).abs().total_cmp(&(b.0 as f64 - delta).abs()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::FrameRate,
        model::{Clip, ClipContent},
    };
    use std::sync::Arc;

    fn sequence() -> Sequence {
        let mut s = Sequence::new(1920, 1080, FrameRate::FPS_25);
        let solid = || ClipContent::Solid { color: [0.0; 4] };
        let t = Arc::make_mut(&mut s.tracks[0]);
        t.clips = vec![Arc::new(Clip::new(ClipId(10), 100, 50, solid())), Arc::new(Clip::new(ClipId(11), 200, 50, solid()))];
        s
    }

    #[test]
    fn the_nearest_edge_within_reach_wins() {
        let list = SnapList::new(&sequence(), &BTreeSet::new(), [170]);
        assert_eq!(list.near(103.0, 5.0), Some(100));
        assert_eq!(list.near(160.1, 20.0), Some(170));
        assert_eq!(list.near(120.0, 5.0), None);
        assert_eq!(list.near(-3.0, 5.0), Some(0));
    }

    #[test]
    fn a_moving_clip_does_not_catch_on_itself() {
        let list = SnapList::new(&sequence(), &BTreeSet::from([ClipId(10)]), []);
        assert_eq!(list.near(101.0, 5.0), None);
    }

    #[test]
    fn either_end_of_what_moves_may_catch() {
        let list = SnapList::new(&sequence(), &BTreeSet::from([ClipId(10)]), []);
        // 100–150 moved by about 48: its end meets 200
        assert_eq!(list.shift(&[100, 150], 48.0, 5.0), Some((50, 200)));
        assert_eq!(list.shift(&[100, 150], 20.0, 5.0), None);
    }
}
