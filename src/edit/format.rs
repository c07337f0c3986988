//! Commands on the project's name and the sequence's format.

use super::{EditError, draft::Draft};
use crate::{
    base::{ColorTags, FrameRate, Rounding},
    model::{Clip, MAX_FRAME, MAX_POSITION_PX, MAX_SIDE_PX, Track},
};
use std::sync::Arc;

pub(super) fn rename(d: &mut Draft, name: &str) -> Result<(), EditError> {
    name.clone_into(&mut d.project.name);
    Ok(())
}

pub(super) fn set(d: &mut Draft, size: (u32, u32), rate: FrameRate, color: ColorTags) -> Result<(), EditError> {
    let sides = 1..=MAX_SIDE_PX;
    if !sides.contains(&size.0) || !sides.contains(&size.1) {
        return Err(EditError::Invalid(format!("the size {}×{} is not within 1 to {MAX_SIDE_PX}", size.0, size.1)));
    }
    let s = d.sequence();
    let old = ((s.width, s.height), s.frame_rate);
    (s.width, s.height, s.frame_rate, s.color) = (size.0, size.1, rate, color);
    if old.0 != size {
        for t in &mut s.tracks {
            resize(Arc::make_mut(t), old.0, size);
        }
    }
    if old.1 == rate {
        return Ok(());
    }
    let convert = |frame: i64| convert(frame, old.1, rate);
    for t in &mut s.tracks {
        retime(Arc::make_mut(t), convert);
    }
    for m in &mut s.markers {
        (m.frame, m.duration) = (convert(m.frame), convert(m.duration));
    }
    s.markers.sort_by_key(|m| (m.frame, m.id));
    let mut free = 0;
    for c in &mut s.captions {
        let (start, end) = (convert(c.start).max(free), convert(c.end()));
        let was = c.start;
        c.words.iter_mut().for_each(|w| *w = (convert(was.saturating_add(*w)) - start).max(0));
        (c.start, c.duration) = (start, (end - start).max(1));
        free = c.end();
    }
    s.start_timecode = convert(s.start_timecode).clamp(-MAX_FRAME, MAX_FRAME);
    s.drop_frame = rate.can_drop_frames();
    if s.tracks.iter().any(|t| t.end() > MAX_FRAME)
        || s.markers.iter().any(|m| m.frame.max(m.duration) > MAX_FRAME)
        || s.captions.last().is_some_and(|c| c.end() > MAX_FRAME)
    {
        return Err(EditError::Invalid(format!("at {rate} frames per second the timeline would be too long")));
    }
    d.touch_all();
    Ok(())
}

pub(super) fn set_timecode(d: &mut Draft, start: i64, drop_frame: bool) -> Result<(), EditError> {
    if !(-MAX_FRAME..=MAX_FRAME).contains(&start) {
        return Err(EditError::Invalid(format!("a first label of {start} frames is out of range")));
    }
    let s = d.sequence();
    if drop_frame && !s.frame_rate.can_drop_frames() {
        return Err(EditError::Invalid(format!("drop-frame counting does not exist at {} frames per second", s.frame_rate)));
    }
    (s.start_timecode, s.drop_frame) = (start, drop_frame);
    Ok(())
}

/// The frame of `to` nearest to a frame of `from`, exactly.
fn convert(frame: i64, from: FrameRate, to: FrameRate) -> i64 {
    let num = i128::from(frame) * i128::from(from.den()) * i128::from(to.num());
    let den = i128::from(from.num()) * i128::from(to.den());
    Rounding::Nearest.div(num, den).clamp(i128::from(i64::MIN / 4), i128::from(i64::MAX / 4)) as i64
}

/// Moves a track to another rate. Both ends of a clip are converted, so cuts stay cuts and gaps stay gaps; a clip shorter
/// than a frame of the new rate keeps one frame and pushes what follows.
fn retime(track: &mut Track, convert: impl Fn(i64) -> i64) {
    let mut free_from = 0;
    for c in &mut track.clips {
        let c: &mut Clip = Arc::make_mut(c);
        let (old_start, end) = (c.start, convert(c.end()));
        c.start = convert(c.start).max(free_from);
        let key = |frame: i64| convert(old_start.saturating_add(frame)) - convert(old_start);
        c.keyframes.map_frames(|frame| key(frame).clamp(-MAX_FRAME, MAX_FRAME));
        c.duration = (end - c.start).max(1);
        (c.fade_in, c.fade_out) = (convert(c.fade_in), convert(c.fade_out));
        super::track_ops::fit_fades(c);
        free_from = c.end();
    }
    for x in &mut track.transitions {
        (x.before, x.after) = (convert(x.before), convert(x.after));
    }
}

/// Positions are in sequence pixels: they keep their place in the picture.
fn resize(track: &mut Track, from: (u32, u32), to: (u32, u32)) {
    let scaled = |v: f32, from: u32, to: u32| {
        ((f64::from(v) * f64::from(to) / f64::from(from.max(1))) as f32).clamp(-MAX_POSITION_PX, MAX_POSITION_PX)
    };
    for c in &mut track.clips {
        let moved = |(x, y): (f32, f32)| (scaled(x, from.0, to.0), scaled(y, from.1, to.1));
        if c.transform.position != (0.0, 0.0) || !c.keyframes.position.is_empty() {
            let c = Arc::make_mut(c);
            c.transform.position = moved(c.transform.position);
            c.keyframes.position.map_values(moved);
        }
    }
}
