//! Time that is put in or taken out: what lies later moves, on the tracks concerned and on those that follow them.
//!
//! A track whose sync lock is on follows edits on the others, so that titles and sound stay with their picture. A clip that
//! reaches across the point (a bed of music) stays where it is, unless it is linked to one that is cut there. Locked tracks
//! never follow.

use super::{EditError, draft::Draft, track_ops};
use crate::{
    base::ClipId,
    model::{MAX_FRAME, Track},
};
use std::{collections::HashSet, sync::Arc};

/// Puts `by` frames in at frame `at`. On the tracks `concerned` (by index) clips across `at` are split and the time is free
/// afterwards.
pub(super) fn open(d: &mut Draft, at: i64, by: i64, concerned: &[usize]) -> Result<(), EditError> {
    let across = |t: &Track| t.clip_index_at(at).filter(|i| t.clips[*i].start < at);
    let mut cut = HashSet::new();
    for t in concerned {
        let track = &d.project.sequence.tracks[*t];
        if let Some(i) = across(track) {
            let link = track.clips[i].link;
            split(d, *t, i, at, link, &mut cut)?;
        }
    }
    for t in followers(d, concerned) {
        let track = &d.project.sequence.tracks[t];
        if let Some(i) = across(track)
            && let link @ Some(group) = track.clips[i].link
            && cut.contains(&group)
        {
            split(d, t, i, at, link, &mut cut)?;
        }
    }
    for t in concerned {
        shift(d, *t, at, by)?;
    }
    shift_followers(d, at, by, concerned)
}

/// Splits a clip and notes its link group as one that was cut.
fn split(d: &mut Draft, t: usize, i: usize, at: i64, link: Option<u64>, cut: &mut HashSet<u64>) -> Result<(), EditError> {
    let rate = d.rate();
    let right: ClipId = d.fresh_id()?;
    let group = d.right_link(link, at);
    cut.extend(link);
    let track = d.open(t)?;
    track_ops::split(track, i, at, right, rate);
    Arc::make_mut(&mut track.clips[i + 1]).link = group;
    Ok(())
}

/// Moves what starts at `at` or later on the tracks that follow.
pub(super) fn shift_followers(d: &mut Draft, at: i64, by: i64, concerned: &[usize]) -> Result<(), EditError> {
    followers(d, concerned).into_iter().try_for_each(|t| shift(d, t, at, by))
}

/// Tracks that are not concerned but follow.
fn followers(d: &Draft, concerned: &[usize]) -> Vec<usize> {
    let tracks = d.project.sequence.tracks.iter().enumerate();
    tracks.filter(|(i, t)| t.sync_lock && !t.locked && !concerned.contains(i)).map(|(i, _)| i).collect()
}

/// Moves what starts at `at` or later to the right.
pub(super) fn shift(d: &mut Draft, t: usize, at: i64, by: i64) -> Result<(), EditError> {
    let track = &d.project.sequence.tracks[t];
    let last = track.clips.last().filter(|c| c.start >= at);
    if let Some(last) = last.filter(|c| c.end().saturating_add(by) > MAX_FRAME) {
        return Err(EditError::TooLong { clip: d.clip_name(last) });
    }
    if last.is_some() {
        track_ops::shift(d.open(t)?, at, by);
    }
    Ok(())
}

/// Takes the frames of `ranges` (in order, apart from each other) out of the timeline: every clip of the tracks concerned
/// and of those that follow moves left by what was taken out before it, as far as the clip before it allows.
pub(super) fn close(d: &mut Draft, ranges: &[(i64, i64)], concerned: &[usize]) -> Result<(), EditError> {
    let all: Vec<usize> = concerned.iter().copied().chain(followers(d, concerned)).collect();
    close_on(d, ranges, &all)
}

/// [`close`] on the tracks that follow only.
pub(super) fn close_followers(d: &mut Draft, range: (i64, i64), concerned: &[usize]) -> Result<(), EditError> {
    let tracks = followers(d, concerned);
    close_on(d, &[range], &tracks)
}

fn close_on(d: &mut Draft, ranges: &[(i64, i64)], tracks: &[usize]) -> Result<(), EditError> {
    let Some(first) = ranges.first().map(|r| r.0) else { return Ok(()) };
    let taken_before = |frame: i64| -> i64 { ranges.iter().map(|r| (r.1.min(frame) - r.0).max(0)).sum() };
    for t in tracks.iter().copied() {
        if d.project.sequence.tracks[t].clips.last().is_none_or(|c| c.start <= first) {
            continue;
        }
        let track = d.open(t)?;
        let mut free_from = 0;
        for c in &mut track.clips {
            let start = (c.start - taken_before(c.start)).max(free_from).min(c.start);
            if start != c.start {
                Arc::make_mut(c).start = start;
            }
            free_from = c.end();
        }
    }
    Ok(())
}

/// Ranges in order, with those that overlap or touch made one.
pub(super) fn merged(mut ranges: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    ranges.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match out.last_mut().filter(|l| from <= l.1) {
            Some(last) => last.1 = last.1.max(to),
            None => out.push((from, to)),
        }
    }
    out
}
