//! Silences between the words of a timeline: what goes when they are taken out.

use super::{Cuts, HeardWord, Loudness, cut::PADDING, frames_within, heard_tracks, transcript_of};
use crate::{
    base::{FLICKS_PER_SEC, Time},
    model::{Clip, Project},
};

/// What counts as a silence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SilenceRule {
    /// Quieter than this, in dB of full scale.
    pub threshold_db: f32,
    pub shortest: Time,
    /// Silence that stays beside what is heard.
    pub kept: Time,
}

impl Default for SilenceRule {
    /// A pause of a second is long in speech; quieter than −40 dB is the room.
    fn default() -> Self {
        Self { threshold_db: -40.0, shortest: Time(FLICKS_PER_SEC), kept: Time(PADDING.0 * 3) }
    }
}

/// How fine loudness is looked at: 20 ms.
const STEP: Time = Time(FLICKS_PER_SEC / 50);

/// What goes when the silences of recordings with a transcript go: stretches without a word that are quiet throughout, where the
/// loudness is known.
pub fn silences(project: &Project, words: &[HeardWord], rule: &SilenceRule, loudness: Loudness<'_>) -> Cuts {
    let rate = project.sequence.frame_rate;
    let mut ranges = Vec::new();
    for clip in heard_tracks(project).filter(|t| !t.locked).flat_map(|t| &t.clips).filter(|c| transcript_of(project, c).is_some()) {
        let (start, end) = (Time::from_frames(clip.start, rate), Time::from_frames(clip.end(), rate));
        let mut free_from = start;
        let first = words.partition_point(|w| w.start < start);
        // a word of another track may have begun before this clip
        if let Some(reaches) = words[..first].iter().map(|w| w.end).max() {
            free_from = free_from.max(reaches);
        }
        for w in words[first..].iter().take_while(|w| w.start < end) {
            quiet(clip, start, (free_from, w.start), rule, loudness, &mut ranges);
            free_from = free_from.max(w.end);
        }
        quiet(clip, start, (free_from, end), rule, loudness, &mut ranges);
    }
    let frames = ranges.into_iter().map(|(from, to)| frames_within(project, from, to)).filter(|r| r.0 < r.1).collect();
    Cuts::of(project, frames)
}

/// Quiet stretches of a gap between words, less what stays of them.
fn quiet(
    clip: &Clip,
    clip_start: Time,
    (from, to): (Time, Time),
    rule: &SilenceRule,
    loudness: Loudness<'_>,
    into: &mut Vec<(Time, Time)>,
) {
    let (Some(media), Some((source_in, speed))) = (clip.media(), clip.content.source()) else { return };
    let mut put = |from: Time, to: Time| {
        if to - from >= rule.shortest && to - from > rule.kept + rule.kept {
            into.push((from + rule.kept, to - rule.kept));
        }
    };
    if to - from < rule.shortest {
        return;
    }
    let is_loud = |at: Time| {
        let source = source_in + speed.source_span(at - clip_start);
        loudness(media, source, source + speed.source_span(STEP)).is_some_and(|level| level >= rule.threshold_db)
    };
    let mut since = from;
    let mut at = from;
    while at < to {
        if is_loud(at) {
            put(since, at);
            since = at + STEP;
        }
        at += STEP;
    }
    put(since.min(to), to);
}
