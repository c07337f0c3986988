//! Cutting by words: which frames go when words go, and taking them out.

use super::{HeardWord, Loudness, frames_within, transcript_of};
use crate::{
    base::{FLICKS_PER_SEC, Time, TrackId},
    edit::{EditCommand, EditError, clips::remove, draft::Draft, ripple},
    model::{Clip, MAX_FRAME, Project, TrackKind},
};
use std::{
    collections::{BTreeSet, HashSet},
    sync::Arc,
};

/// Air that stays beside the words that stay, and goes with those that go, where there is so much: 50 ms.
pub const PADDING: Time = Time(FLICKS_PER_SEC / 20);

/// How far from a word its cut may move to where it is quiet: 250 ms.
const REACH: Time = Time(FLICKS_PER_SEC / 4);

/// What is left of a clip beside a cut, with no word in it, goes too when it is no longer than this: 200 ms.
const SLIVER: Time = Time(FLICKS_PER_SEC / 5);

/// Frames to take out, in order and apart from each other, and the tracks that they are taken out of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    pub ranges: Vec<(i64, i64)>,
    pub tracks: Vec<TrackId>,
}

impl Cuts {
    /// Ranges of frames in which somebody is recorded, cut off every track that holds recordings of speech, and what is linked
    /// to them.
    pub(super) fn of(project: &Project, ranges: Vec<(i64, i64)>) -> Self {
        let ranges = ripple::merged(ranges);
        let tracks = if ranges.is_empty() { Vec::new() } else { tracks(project, &ranges) };
        Self { ranges, tracks }
    }

    pub fn frames(&self) -> i64 {
        self.ranges.iter().map(|r| r.1 - r.0).sum()
    }

    /// The edit; None where nothing goes.
    pub fn command(self) -> Option<EditCommand> {
        (!self.ranges.is_empty()).then_some(EditCommand::CutWords { ranges: self.ranges, tracks: self.tracks })
    }
}

/// Unlocked tracks with speech in one of the ranges, and those with clips linked to it there.
fn tracks(project: &Project, ranges: &[(i64, i64)]) -> Vec<TrackId> {
    let s = &project.sequence;
    let open = || s.tracks.iter().filter(|t| !t.locked);
    let within = |c: &&Arc<Clip>| ranges.iter().any(|r| c.start < r.1 && c.end() > r.0);
    let speaks = |c: &&Arc<Clip>| transcript_of(project, c).is_some();
    let of_speech = || open().filter(|t| t.kind == TrackKind::Audio);
    let links: HashSet<u64> = of_speech().flat_map(|t| t.clips.iter().filter(speaks).filter(within)).filter_map(|c| c.link).collect();
    let linked = |c: &Arc<Clip>| c.link.is_some_and(|l| links.contains(&l));
    let concerned =
        |t: &&Arc<crate::model::Track>| t.clips.iter().filter(within).any(|c| linked(c) || (t.kind == TrackKind::Audio && speaks(&c)));
    open().filter(concerned).map(|t| t.id).collect()
}

/// What goes when words of the list (by index) go: their time, with a little of the pause around it, cut where it is quiet. No
/// frame of a word that stays goes.
pub fn cuts_of_words(project: &Project, words: &[HeardWord], chosen: &BTreeSet<usize>, loudness: Loudness<'_>) -> Cuts {
    let mut ranges = Vec::new();
    let mut at = 0;
    let mut last_kept_end = None;
    while at < words.len() {
        if !chosen.contains(&at) {
            last_kept_end = last_kept_end.max(Some(words[at].end));
            at += 1;
            continue;
        }
        let first = at;
        while at < words.len() && chosen.contains(&at) {
            at += 1;
        }
        ranges.extend(range(project, &words[first..at], last_kept_end, words.get(at).map(|w| w.start), loudness));
    }
    Cuts::of(project, ranges)
}

/// Frames of a run of words that goes, between the words that stay.
fn range(
    project: &Project,
    run: &[HeardWord],
    kept_end: Option<Time>,
    kept_start: Option<Time>,
    loudness: Loudness<'_>,
) -> Option<(i64, i64)> {
    let s = &project.sequence;
    let (first, last) = (run.first()?, run.last()?);
    let end = run.iter().map(|w| w.end).max()?;
    let (head, tail) = (s.clip(first.clip)?.1, s.clip(last.clip)?.1);
    let (clip_start, clip_end) = (Time::from_frames(head.start, s.frame_rate), Time::from_frames(tail.end(), s.frame_rate));
    let low = kept_end.unwrap_or(Time::ZERO).max(clip_start);
    let high = kept_start.unwrap_or(Time::MAX).min(clip_end);
    // a word that stays and is said at the same time keeps its time
    let (start, end) = (first.start.max(low), end.min(high));
    let room = |gap: Time| Time(PADDING.0.min(gap.0.max(0) / 2));
    let from_low = low + room(start - low);
    let to_high = high - room(high - end);
    let mut from = quietest(head, s.frame_rate, (from_low.max(start - REACH), start), start - PADDING, loudness);
    let mut to = quietest(tail, s.frame_rate, (end, to_high.min(end + REACH)), end + PADDING, loudness);
    if low == clip_start && kept_end.is_none_or(|k| k <= clip_start) && from - clip_start <= SLIVER {
        from = clip_start;
    }
    if high == clip_end && kept_start.is_none_or(|k| k >= clip_end) && clip_end - to <= SLIVER {
        to = clip_end;
    }
    let (from, to) = frames_within(project, from, to);
    (from < to).then_some((from, to))
}

/// The quietest moment of a stretch of the timeline, in which clip `clip` plays; the one nearest to `usual` where it is equally
/// quiet, or nobody knows.
fn quietest(clip: &Clip, rate: crate::base::FrameRate, (from, to): (Time, Time), usual: Time, loudness: Loudness<'_>) -> Time {
    let usual = usual.min(to).max(from);
    let (Some(media), Some((source_in, speed))) = (clip.media(), clip.content.source()) else { return usual };
    let step = Time(FLICKS_PER_SEC / 100);
    let clip_start = Time::from_frames(clip.start, rate);
    let mut best = (f32::INFINITY, Time::MAX, usual);
    let mut at = from;
    while at <= to {
        let source = source_in + speed.source_span(at - clip_start);
        let Some(level) = loudness(media, source - step, source + step) else { return usual };
        // whole decibels, so that noise does not decide
        let found = (level.max(-90.0).round(), Time((at - usual).0.abs()), at);
        if (found.0, found.1) < (best.0, best.1) {
            best = found;
        }
        at += step;
    }
    best.2
}

/// Takes ranges of frames out of tracks; everything later follows, captions too, and sound ends softly at the cuts.
pub(in crate::edit) fn cut(d: &mut Draft, ranges: &[(i64, i64)], tracks: &[TrackId]) -> Result<(), EditError> {
    if let Some((from, to)) = ranges.iter().copied().find(|(from, to)| *from < 0 || *to > MAX_FRAME || from >= to) {
        return Err(EditError::EmptyRange { from, to });
    }
    let ranges = ripple::merged(ranges.to_vec());
    for (from, to) in ranges.iter().rev() {
        remove::clear(d, *from, *to, tracks, true)?;
        soften(d, *from, tracks)?;
    }
    let taken_before = |frame: i64| -> i64 { ranges.iter().map(|r| (r.1.min(frame) - r.0).max(0)).sum() };
    if !d.project.sequence.captions.is_empty() {
        let captions = &mut d.sequence().captions;
        for c in captions.iter_mut() {
            let moved = |frame: i64| frame - taken_before(frame);
            let (start, end) = (moved(c.start), moved(c.end()));
            let was = c.start;
            c.words.iter_mut().for_each(|w| *w = moved(was + *w) - start);
            (c.start, c.duration) = (start, end - start);
        }
        captions.retain(|c| c.duration > 0);
    }
    Ok(())
}

/// Sound that meets at a frame ends and begins softly.
fn soften(d: &mut Draft, at: i64, tracks: &[TrackId]) -> Result<(), EditError> {
    for t in 0..d.project.sequence.tracks.len() {
        let track = &d.project.sequence.tracks[t];
        let concerned = track.kind == TrackKind::Audio && !track.locked && (tracks.is_empty() || tracks.contains(&track.id));
        if !concerned || track.clips_in(at - 1, at + 1).iter().all(|c| c.end() != at && c.start != at) {
            continue;
        }
        let track = d.open(t)?;
        let first = track.clips.partition_point(|c| c.end() < at);
        for c in track.clips.iter_mut().skip(first).take(2) {
            if c.end() == at {
                Arc::make_mut(c).soft_out = true;
            } else if c.start == at {
                Arc::make_mut(c).soft_in = true;
            }
        }
    }
    Ok(())
}
