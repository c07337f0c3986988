//! A track as the formats see it: one thing after another, gaps said out loud, fades as transitions out of nothing.

use super::losses::Place;
use crate::{
    base::{FrameRate, Time, parse_timecode},
    model::{Clip, ClipContent, Media, Project, Sequence, Track, Transition},
};
use std::sync::Arc;

/// What stands on a track, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    Gap(i64),
    Clip(&'a Arc<Clip>),
    /// Between the clip before and the clip after it.
    Join(&'a Transition),
    /// The next clip rises out of nothing in as many frames.
    FadeIn(i64),
    /// The clip before sinks into nothing.
    FadeOut(i64),
}

/// All pieces of a track. Fades are named where nothing touches the clip on that side; see [`fade_stands_free`].
pub(super) fn pieces(track: &Track) -> Vec<Piece<'_>> {
    let mut out = Vec::with_capacity(track.clips.len() * 2);
    let mut at = 0;
    for (i, c) in track.clips.iter().enumerate() {
        if c.start > at {
            out.push(Piece::Gap(c.start - at));
        }
        let (free_in, free_out) = fade_stands_free(track, i);
        if c.fade_in > 0 && free_in {
            out.push(Piece::FadeIn(c.fade_in));
        }
        out.push(Piece::Clip(c));
        if c.fade_out > 0 && free_out {
            out.push(Piece::FadeOut(c.fade_out));
        }
        if let Some(t) = track.transition_after(c.id) {
            out.push(Piece::Join(t));
        }
        at = c.end();
    }
    out
}

/// Whether nothing touches clip `i` before its first and after its last frame: there a fade is a transition out of or into a
/// gap, which every format has.
pub(super) fn fade_stands_free(track: &Track, i: usize) -> (bool, bool) {
    let c = &track.clips[i];
    let before = i.checked_sub(1).and_then(|p| track.clips.get(p)).is_none_or(|p| p.end() < c.start);
    (before, track.clips.get(i + 1).is_none_or(|n| n.start > c.end()))
}

/// The rate that a media's frames are counted in: its own, or the timeline's where it has none (sound, stills).
pub(super) fn media_rate(m: &Media, timeline: FrameRate) -> FrameRate {
    m.info.video.as_ref().filter(|v| !v.still).map_or(timeline, |v| v.frame_rate)
}

/// Label of a media's first frame, in its own frames; 0 where it has none.
pub(super) fn media_start(m: &Media, timeline: FrameRate) -> i64 {
    m.info.start_timecode.as_deref().and_then(|t| parse_timecode(t, media_rate(m, timeline)).ok()).filter(|f| *f >= 0).unwrap_or(0)
}

/// The same as a time.
pub(super) fn media_start_time(m: &Media, timeline: FrameRate) -> Time {
    Time::from_frames(media_start(m, timeline), media_rate(m, timeline))
}

/// Whether a media is one picture that lasts as long as one likes.
pub(super) fn is_still(m: &Media) -> bool {
    m.info.video.as_ref().is_some_and(|v| v.still)
}

/// What a clip is called: its own name or its media's.
pub(super) fn clip_name<'a>(c: &'a Clip, media: Option<&'a Media>) -> &'a str {
    if c.name.is_empty() { media.map_or("", |m| m.name.as_str()) } else { &c.name }
}

/// Where a clip stands, for the loss report.
pub(super) fn clip_place(s: &Sequence, c: &Clip, project: &Project) -> Place {
    let media = project.media_of(&c.content);
    let name = match (&c.content, c.name.is_empty()) {
        (ClipContent::Title(t), true) => t.text.lines().next().unwrap_or_default(),
        _ => clip_name(c, media.map(|m| &**m)),
    };
    Place::Clip { name: name.to_owned(), at: s.timecode(c.start) }
}

/// What a track is called: its own name or `Video 1`, `Audio 2`, as other programs number them.
pub(super) fn track_name(s: &Sequence, track: &Track) -> String {
    if !track.name.is_empty() {
        return track.name.clone();
    }
    let number = s.tracks.iter().filter(|t| t.kind == track.kind).position(|t| t.id == track.id).map_or(1, |i| i + 1);
    usual_track_name(track.kind, number)
}

pub(super) fn usual_track_name(kind: crate::model::TrackKind, number: usize) -> String {
    match kind {
        crate::model::TrackKind::Video => format!("Video {number}"),
        crate::model::TrackKind::Audio => format!("Audio {number}"),
    }
}
