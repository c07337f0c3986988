//! What lies under the pointer in the lanes: arithmetic on sorted tracks, no widget per clip.

use super::{
    curve::{self, Grip, Scale},
    lanes::{Lane, Lanes},
};
use crate::{
    app::index::DocIndex,
    base::{ClipId, TrackId, TransitionId},
    edit::Edge,
    model::Clip,
};
use egui::Pos2;
use std::sync::Arc;

/// Part of a clip under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Body,
    Edge {
        edge: Edge,
        /// Right at the cut with a neighbour.
        on_cut: bool,
    },
    FadeIn,
    FadeOut,
    /// The line of its loudness or opacity.
    Line,
    /// A key of that line, by its frame from the clip's first.
    Key(i64),
}

/// What lies under the pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum Hit {
    Clip {
        clip: Arc<Clip>,
        track: TrackId,
        part: Part,
        locked: bool,
    },
    Transition {
        id: TransitionId,
        track: TrackId,
        locked: bool,
    },
    /// The space before a clip of the track.
    Gap {
        track: TrackId,
        from: i64,
        to: i64,
    },
    /// Nothing: free lane or space below the lanes.
    Empty,
}

/// Width of the zone at a clip's end that trims it, in points.
const EDGE: f32 = 6.0;
/// Width of the zone on both sides of a cut that means the cut itself.
const ON_CUT: f32 = 2.5;
/// Size of the zone at a clip's upper corner that sets a fade.
const FADE: f32 = 7.0;
/// Clips narrower than this have no corner zones.
const FADE_MIN_WIDTH: f32 = 48.0;

/// Where a clip's fade handles are: in and out.
pub fn fade_handles(lanes: &Lanes, lane: &Lane, clip: &Clip) -> Option<(Pos2, Pos2)> {
    let r = lanes.clip_rect(lane, clip.start, clip.end());
    (r.width() >= FADE_MIN_WIDTH).then(|| {
        // below the name bar, so that the name stays readable
        let y = r.top() + crate::app::theme::size::NAME_BAR + 1.0;
        let x = |frame: i64, low: f32, high: f32| lanes.x(frame).clamp(r.left() + low, r.right() - high);
        (Pos2::new(x(clip.start + clip.fade_in, FADE + 3.0, FADE), y), Pos2::new(x(clip.end() - clip.fade_out, FADE, FADE + 3.0), y))
    })
}

/// What lies at `pos`. `selected` says whether a clip shows its fade handles.
pub fn hit(lanes: &Lanes, index: &DocIndex, pos: Pos2, selected: impl Fn(ClipId) -> bool) -> Hit {
    let Some(lane) = lanes.lane_at(pos) else { return Hit::Empty };
    let (track, locked) = (lane.track.id, lane.track.locked);
    let frame = lanes.frame_at(pos.x);
    if let Some(t) = transition_at(lanes, index, lane, pos, frame.floor() as i64) {
        return Hit::Transition { id: t, track, locked };
    }
    let reach = f64::from(EDGE) / lanes.view.scale;
    // the clip whose span, widened by the edge zone, holds the pointer; the one that holds it truly comes first
    let near = lane.track.clips_in((frame - reach).floor() as i64, (frame + reach).ceil() as i64 + 1);
    let inside = near.iter().find(|c| c.start as f64 <= frame && frame < c.end() as f64);
    let found = inside.or_else(|| near.iter().find(|c| (c.start as f64 - reach..c.end() as f64 + reach).contains(&frame)));
    let Some(clip) = found else { return gap(lane, frame) };
    let part = part_of(lanes, lane, clip, pos, selected(clip.id));
    if inside.is_none() && !matches!(part, Part::Edge { .. }) {
        return gap(lane, frame);
    }
    Hit::Clip { clip: clip.clone(), track, part, locked }
}

/// The space between two clips that a frame lies in, or before the first.
fn gap(lane: &Lane, frame: f64) -> Hit {
    let at = frame.floor() as i64;
    let clips = &lane.track.clips;
    let next = clips.partition_point(|c| c.end() <= at);
    let from = next.checked_sub(1).map_or(0, |i| clips[i].end());
    match clips.get(next).filter(|c| (from..c.start).contains(&at)) {
        Some(c) => Hit::Gap { track: lane.track.id, from, to: c.start },
        None => Hit::Empty,
    }
}

fn part_of(lanes: &Lanes, lane: &Lane, clip: &Clip, pos: Pos2, selected: bool) -> Part {
    if let Some((a, b)) = fade_handles(lanes, lane, clip).filter(|_| selected) {
        if (pos - a).length() <= FADE {
            return Part::FadeIn;
        }
        if (pos - b).length() <= FADE {
            return Part::FadeOut;
        }
    }
    let (left, right) = (lanes.x(clip.start), lanes.x(clip.end()));
    // at least a third of a narrow clip is left to take hold of
    let zone = EDGE.min((right - left) / 3.0);
    let edge = if (pos.x - left).abs() <= zone || pos.x < left {
        Some((Edge::Start, clip.start, left))
    } else if (right - pos.x).abs() <= zone || pos.x > right {
        Some((Edge::End, clip.end(), right))
    } else {
        None
    };
    if let Some((edge, frame, x)) = edge {
        let meets = |f: i64| lane.track.clip_index_at(f).is_some();
        let on_cut = (pos.x - x).abs() <= ON_CUT && meets(frame) && meets(frame - 1);
        return Part::Edge { edge, on_cut };
    }
    let shown = right - left >= curve::MIN_WIDTH && (selected || lane.height >= curve::TALL);
    match shown.then(|| Scale::of(lane)).flatten().and_then(|s| s.grip(lanes, clip, pos)) {
        Some(Grip::Key(frame)) => Part::Key(frame),
        Some(Grip::Line) => Part::Line,
        None => Part::Body,
    }
}

fn transition_at(lanes: &Lanes, index: &DocIndex, lane: &Lane, pos: Pos2, frame: i64) -> Option<TransitionId> {
    // only the lower half: above it the cut itself can be taken hold of
    let r = lanes.lane_rect(lane);
    if pos.y < r.center().y {
        return None;
    }
    index.transitions_in(lane.place, frame, frame + 1).next().map(|(t, _)| t.id)
}

#[cfg(test)]
mod tests {
    use super::super::view::TimeView;
    use super::*;
    use crate::{
        base::FrameRate,
        model::{ClipContent, Sequence},
    };
    use egui::{Rect, pos2};

    fn lanes() -> Lanes {
        let mut s = Sequence::new(1920, 1080, FrameRate::FPS_25);
        let solid = || ClipContent::Solid { color: [0.0; 4] };
        Arc::make_mut(&mut s.tracks[0]).clips =
            vec![Arc::new(Clip::new(ClipId(10), 100, 100, solid())), Arc::new(Clip::new(ClipId(11), 200, 50, solid()))];
        Lanes::new(&s, Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 300.0)), 0.0, TimeView { left: 0.0, scale: 1.0 })
    }

    fn part(x: f32) -> Option<(u64, Part)> {
        match hit(&lanes(), &DocIndex::default(), pos2(x, 40.0), |_| false) {
            Hit::Clip { clip, part, .. } => Some((clip.id.0, part)),
            _ => None,
        }
    }

    #[test]
    fn edges_trim_and_the_middle_moves() {
        assert_eq!(part(150.0), Some((10, Part::Body)));
        assert_eq!(part(103.0), Some((10, Part::Edge { edge: Edge::Start, on_cut: false })));
        assert_eq!(part(197.0), Some((10, Part::Edge { edge: Edge::End, on_cut: false })));
        assert_eq!(part(203.0), Some((11, Part::Edge { edge: Edge::Start, on_cut: false })));
        assert_eq!(part(97.0), Some((10, Part::Edge { edge: Edge::Start, on_cut: false })));
        assert_eq!(part(50.0), None);
        assert_eq!(part(300.0), None);
    }

    #[test]
    fn only_a_selected_clip_has_fade_handles() {
        let lanes = lanes();
        let (handle, _) = fade_handles(&lanes, &lanes.lanes[0], &lanes.lanes[0].track.clips[0]).unwrap();
        let at = |selected: bool| match hit(&lanes, &DocIndex::default(), handle, |_| selected) {
            Hit::Clip { part, .. } => part,
            other => panic!("{other:?}"),
        };
        assert_eq!((at(true), at(false)), (Part::FadeIn, Part::Body));
    }
}
