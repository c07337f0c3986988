//! Catching on cuts, markers, the playhead and the ends of the marked range.

use crate::{
    app::index::DocIndex,
    base::ClipId,
    model::{Sequence, Track},
};
use std::{collections::BTreeSet, sync::Arc};

/// More moving edges than these are not all tried: only the outermost catch.
const MOST_EDGES: usize = 64;

/// Frames that a moving thing catches on: found by binary search on each track, so that it costs nothing to have one.
#[derive(Clone, Debug)]
pub struct Snapper {
    sequence: Arc<Sequence>,
    /// Clips whose edges do not count, because they move.
    moving: BTreeSet<ClipId>,
    /// Markers and the start of time.
    fixed: Arc<[i64]>,
    /// Playhead and marks.
    extra: Vec<i64>,
}

impl Snapper {
    /// Every edge of the sequence but those of `moving`, its markers, and `extra` (playhead, marks).
    pub fn new(sequence: &Arc<Sequence>, index: &DocIndex, moving: BTreeSet<ClipId>, extra: impl IntoIterator<Item = i64>) -> Self {
        Self { sequence: sequence.clone(), moving, fixed: index.mark_frames(), extra: extra.into_iter().collect() }
    }

    /// The frame to catch on nearest to `frame`, at most `radius` frames away.
    pub fn near(&self, frame: f64, radius: f64) -> Option<i64> {
        let distance = |f: &i64| (*f as f64 - frame).abs();
        let i = self.fixed.partition_point(|f| (*f as f64) < frame);
        let fixed = [i.checked_sub(1), Some(i)].into_iter().flatten().filter_map(|i| self.fixed.get(i).copied());
        let edges = self.sequence.tracks.iter().flat_map(|t| self.edges_around(t, frame, radius));
        let all = fixed.chain(self.extra.iter().copied()).chain(edges);
        all.filter(|f| distance(f) <= radius).min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The nearest edges of clips that stay, on both sides of a frame.
    fn edges_around(&self, track: &Track, frame: f64, radius: f64) -> impl Iterator<Item = i64> {
        let p = track.clips.partition_point(|c| (c.start as f64) < frame);
        let stays = |c: &&Arc<crate::model::Clip>| !self.moving.contains(&c.id);
        let before = track.clips[..p].iter().rev().take_while(|c| c.end() as f64 >= frame - radius || c.start as f64 >= frame - radius);
        let after = track.clips[p..].iter().take_while(|c| c.start as f64 <= frame + radius);
        let found = [before.clone().find(stays), after.clone().find(stays)];
        found.into_iter().flatten().flat_map(|c| [c.start, c.end()]).collect::<Vec<_>>().into_iter()
    }

    /// The smallest shift in addition to `delta` that puts one of `edges` on a frame to catch on: (whole shift, frame caught).
    pub fn shift(&self, edges: &[i64], delta: f64, radius: f64) -> Option<(i64, i64)> {
        let outer = [edges.iter().min().copied(), edges.iter().max().copied()];
        let few = edges.len() <= MOST_EDGES;
        let tried = edges.iter().copied().filter(move |_| few).chain(outer.into_iter().flatten().filter(move |_| !few));
        tried
            .filter_map(|e| self.near(e as f64 + delta, radius).map(|f| (f - e, f)))
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
    use proptest::prelude::*;

    fn snapper(clips: &[(u64, i64, i64)], moving: &[u64], extra: &[i64]) -> Snapper {
        let mut s = Sequence::new(1920, 1080, FrameRate::FPS_25);
        let clip = |(id, start, length): &(u64, i64, i64)| {
            Arc::new(Clip::new(ClipId(*id), *start, *length, ClipContent::Solid { color: [0.0; 4] }))
        };
        Arc::make_mut(&mut s.tracks[0]).clips = clips.iter().map(clip).collect();
        let s = Arc::new(s);
        let mut index = DocIndex::default();
        index.update(&s);
        Snapper::new(&s, &index, moving.iter().map(|id| ClipId(*id)).collect(), extra.iter().copied())
    }

    const TWO: &[(u64, i64, i64)] = &[(10, 100, 50), (11, 200, 50)];

    #[test]
    fn the_nearest_edge_within_reach_wins() {
        let s = snapper(TWO, &[], &[170]);
        assert_eq!(s.near(103.0, 5.0), Some(100));
        assert_eq!(s.near(160.1, 20.0), Some(170));
        assert_eq!(s.near(120.0, 5.0), None);
        assert_eq!(s.near(-3.0, 5.0), Some(0));
    }

    #[test]
    fn a_moving_clip_does_not_catch_on_itself() {
        assert_eq!(snapper(TWO, &[10], &[]).near(101.0, 5.0), None);
    }

    #[test]
    fn either_end_of_what_moves_may_catch() {
        let s = snapper(TWO, &[10], &[]);
        // 100–150 moved by about 48: its end meets 200
        assert_eq!(s.shift(&[100, 150], 48.0, 5.0), Some((50, 200)));
        assert_eq!(s.shift(&[100, 150], 20.0, 5.0), None);
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_looking_at_every_edge_finds(
            lengths in prop::collection::vec((1i64..40, 0i64..40), 0..12),
            moving in prop::collection::vec(0u64..12, 0..4),
            frame in 0.0f64..500.0,
            radius in 0.1f64..60.0,
        ) {
            let mut at = 0;
            let clips: Vec<_> = lengths.iter().enumerate().map(|(i, (length, gap))| {
                let start = at + gap;
                at = start + length;
                (i as u64, start, *length)
            }).collect();
            let s = snapper(&clips, &moving, &[]);
            let still = clips.iter().filter(|c| !moving.contains(&c.0));
            let all = still.flat_map(|c| [c.1, c.1 + c.2]).chain([0]);
            let distance = |f: i64| (f as f64 - frame).abs();
            let best = all.map(distance).filter(|d| *d <= radius).min_by(f64::total_cmp);
            prop_assert_eq!(s.near(frame, radius).map(distance), best);
        }
    }
}
