//! Trimming a clip's ends, alone or with what follows; rolling a cut, slipping and sliding.

use crate::{
    base::{ClipId, Time},
    edit::{Edge, EditError, draft::Draft, limits, ripple, track_ops},
    model::{Clip, MAX_FRAME},
};
use std::sync::Arc;

/// The clip with one end at `to`, checked against its media but not against its neighbours.
fn trimmed(d: &Draft, old: &Clip, edge: Edge, to: i64) -> Result<Clip, EditError> {
    let rate = d.rate();
    let (from, leaves_something) = match edge {
        Edge::Start => (old.start, to < old.end()),
        Edge::End => (old.end(), to > old.start),
    };
    if !leaves_something {
        return Err(EditError::OutsideClip { clip: d.clip_name(old), frame: to });
    }
    if !(-MAX_FRAME..=MAX_FRAME).contains(&to) {
        return Err(EditError::TooLong { clip: d.clip_name(old) });
    }
    // Only the end that moves is held to the media: a clip whose file got shorter can still be trimmed back.
    let (first_frame_gained, grows) = match edge {
        Edge::Start => (to, to < from),
        Edge::End => (to - 1, to > from),
    };
    if grows && !limits::has_media_at(&d.project, old, first_frame_gained, rate) {
        return Err(EditError::OutsideMedia { clip: d.clip_name(old) });
    }
    let mut new = old.clone();
    match edge {
        Edge::Start => track_ops::set_start(&mut new, to, rate),
        Edge::End => track_ops::set_end(&mut new, to),
    }
    Ok(new)
}

pub(in crate::edit) fn trim(d: &mut Draft, clip: ClipId, edge: Edge, to: i64) -> Result<(), EditError> {
    let (t, i) = d.find(clip)?;
    let old = d.clip((t, i)).clone();
    let new = trimmed(d, &old, edge, to)?;
    d.check_clip(&new)?;
    let clips = &d.project.sequence.tracks[t].clips;
    let before = i.checked_sub(1).map(|p| &clips[p]).filter(|p| p.end() > new.start);
    if let Some(other) = before.or(clips.get(i + 1).filter(|n| n.start < new.end())) {
        return Err(EditError::Overlap { clip: d.clip_name(&old), other: d.clip_name(other) });
    }
    d.open(t)?.clips[i] = Arc::new(new);
    Ok(())
}

/// Trims the same end of clips on several tracks, which lies at one frame, by the same amount. Their starts stay, and
/// everything later moves.
pub(in crate::edit) fn ripple_trim(d: &mut Draft, clips: &[ClipId], edge: Edge, by: i64) -> Result<(), EditError> {
    let places = clips.iter().map(|c| d.find(*c)).collect::<Result<Vec<_>, _>>()?;
    let mut at = None;
    let mut concerned = Vec::with_capacity(places.len());
    for place in &places {
        let old = d.clip(*place);
        let frame = if edge == Edge::Start { old.start } else { old.end() };
        if *at.get_or_insert(frame) != frame || concerned.contains(&place.0) {
            return Err(EditError::EndsApart { clip: d.clip_name(old) });
        }
        concerned.push(place.0);
    }
    let Some(at) = at.filter(|_| by != 0) else { return Ok(()) };
    let longer = if edge == Edge::Start { -by } else { by };
    for (t, i) in &places {
        let old = d.clip((*t, *i)).clone();
        let mut new = trimmed(d, &old, edge, at.saturating_add(by))?;
        new.start = old.start;
        ripple::shift(d, *t, old.end(), longer)?;
        d.check_clip(&new)?;
        d.open(*t)?.clips[*i] = Arc::new(new);
    }
    if longer > 0 {
        return ripple::shift_followers(d, at, longer, &concerned);
    }
    let gone = if edge == Edge::Start { (at, at - longer) } else { (at + longer, at) };
    ripple::close_followers(d, gone, &concerned)
}

/// Moves the cut after clip `left` to frame `to`.
pub(in crate::edit) fn roll(d: &mut Draft, left: ClipId, to: i64) -> Result<(), EditError> {
    let (t, i) = d.find(left)?;
    let (l, r) = (d.clip((t, i)), d.project.sequence.tracks[t].clips.get(i + 1).cloned());
    let Some(r) = r.filter(|r| r.start == l.end()) else { return Err(EditError::NoCut { clip: d.clip_name(l) }) };
    // the side that gives way first
    if to > l.end() {
        trim(d, r.id, Edge::Start, to)?;
        trim(d, left, Edge::End, to)
    } else {
        trim(d, left, Edge::End, to)?;
        trim(d, r.id, Edge::Start, to)
    }
}

/// Moves a clip by frames; neighbours that touch it are trimmed so that they go on touching it.
pub(in crate::edit) fn slide(d: &mut Draft, clip: ClipId, by: i64) -> Result<(), EditError> {
    let (t, i) = d.find(clip)?;
    let clips = d.project.sequence.tracks[t].clips.clone();
    let mut new = (*clips[i]).clone();
    let before = i.checked_sub(1).map(|p| clips[p].clone()).filter(|p| p.end() == new.start);
    let after = clips.get(i + 1).filter(|n| n.start == new.end()).cloned();
    let (start, end) = (new.start.saturating_add(by), new.end().saturating_add(by));
    new.start = start;
    d.check_clip(&new)?;
    // a neighbour that gives way goes first, then the clip moves, then the other one follows
    if by > 0 {
        after.iter().try_for_each(|n| trim(d, n.id, Edge::Start, end))?;
    } else {
        before.iter().try_for_each(|p| trim(d, p.id, Edge::End, start))?;
    }
    let track = d.open(t)?;
    track.clips.remove(i);
    d.place(t, Arc::new(new))?;
    if by > 0 {
        before.iter().try_for_each(|p| trim(d, p.id, Edge::End, start))
    } else {
        after.iter().try_for_each(|n| trim(d, n.id, Edge::Start, end))
    }
}

pub(in crate::edit) fn slip(d: &mut Draft, clip: ClipId, by_frames: i64) -> Result<(), EditError> {
    let place @ (t, i) = d.find(clip)?;
    let rate = d.rate();
    let mut new = d.clip(place).clone();
    if !(-MAX_FRAME..=MAX_FRAME).contains(&by_frames) {
        return Err(EditError::OutsideMedia { clip: d.clip_name(&new) });
    }
    let point = new.source_at(new.start.saturating_add(by_frames), rate);
    if let (Some((source_in, _)), Some(point)) = (new.content.source_mut(), point) {
        *source_in = point;
        if !limits::is_inside_media(&d.project, &new, rate) || point < Time::ZERO {
            return Err(EditError::OutsideMedia { clip: d.clip_name(&new) });
        }
    }
    d.open(t)?.clips[i] = Arc::new(new);
    Ok(())
}
