//! Trimming a clip's ends and slipping its media.

use crate::{
    base::{ClipId, Time},
    edit::{Edge, EditError, draft::Draft, limits, track_ops},
    model::{ClipContent, MAX_FRAME},
};
use std::sync::Arc;

pub(in crate::edit) fn trim(d: &mut Draft, clip: ClipId, edge: Edge, to: i64, ripple: bool) -> Result<(), EditError> {
    let place @ (t, i) = d.find(clip)?;
    let rate = d.rate();
    let old = d.clip(place).clone();
    let name = || d.clip_name(&old);
    let (from, leaves_something) = match edge {
        Edge::Start => (old.start, to < old.end()),
        Edge::End => (old.end(), to > old.start),
    };
    if !leaves_something {
        return Err(EditError::OutsideClip { clip: name(), frame: to });
    }
    if !(-MAX_FRAME..=MAX_FRAME).contains(&to) {
        return Err(EditError::TooLong { clip: name() });
    }
    // Only the end that moves is held to the media: a clip whose file got shorter can still be trimmed back.
    let (first_frame_gained, grows) = match edge {
        Edge::Start => (to, to < from),
        Edge::End => (to - 1, to > from),
    };
    if grows && !limits::has_media_at(&d.project, &old, first_frame_gained, rate) {
        return Err(EditError::OutsideMedia { clip: name() });
    }
    let mut new = old.clone();
    match edge {
        Edge::Start => track_ops::set_start(&mut new, to, rate),
        Edge::End => track_ops::set_end(&mut new, to),
    }
    if ripple {
        new.start = old.start;
        // Later clips keep their distance to the clip's end.
        let by = new.end() - old.end();
        if by > 0 {
            d.ripple(t, old.end(), by)?;
            d.check_clip(&new)?;
        } else {
            track_ops::shift(d.open(t)?, old.end(), by);
        }
    } else {
        d.check_clip(&new)?;
        let clips = &d.project.sequence.tracks[t].clips;
        let before = i.checked_sub(1).map(|p| &clips[p]).filter(|p| p.end() > new.start);
        if let Some(other) = before.or(clips.get(i + 1).filter(|n| n.start < new.end())) {
            return Err(EditError::Overlap { clip: d.clip_name(&old), other: d.clip_name(other) });
        }
    }
    d.open(t)?.clips[i] = Arc::new(new);
    Ok(())
}

pub(in crate::edit) fn slip(d: &mut Draft, clip: ClipId, by_frames: i64) -> Result<(), EditError> {
    let place @ (t, i) = d.find(clip)?;
    let rate = d.rate();
    let mut new = d.clip(place).clone();
    if !(-MAX_FRAME..=MAX_FRAME).contains(&by_frames) {
        return Err(EditError::OutsideMedia { clip: d.clip_name(&new) });
    }
    let point = new.source_at(new.start.saturating_add(by_frames), rate);
    if let (ClipContent::Media { source_in, .. }, Some(point)) = (&mut new.content, point) {
        *source_in = point;
        if !limits::is_inside_media(&d.project, &new, rate) || point < Time::ZERO {
            return Err(EditError::OutsideMedia { clip: d.clip_name(&new) });
        }
    }
    d.open(t)?.clips[i] = Arc::new(new);
    Ok(())
}
