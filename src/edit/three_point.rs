//! Three-point editing: two points of the source and one of the timeline, or the other way round, say where a piece of media
//! goes; the fourth follows.

use super::{EditCommand, EditError, Placement, fresh_ids, fresh_link, length_in_frames};
use crate::{
    base::{ClipId, MediaId, Rounding, Time, TrackId},
    model::{Clip, ClipContent, Project, Speed},
};

/// Which tracks take the picture and the sound; None leaves that part out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    pub video: Option<TrackId>,
    pub audio: Option<TrackId>,
}

/// A piece of media and a place for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ThreePoint {
    pub media: MediaId,
    /// In and out point of the media; the out point is the first moment not used.
    pub source: (Option<Time>, Option<Time>),
    /// In and out point of the timeline; the out point is the first frame not used.
    pub timeline: (Option<i64>, Option<i64>),
    /// Stands for the timeline's in point where neither is set.
    pub playhead: i64,
    pub target: Target,
    pub mode: Placement,
    /// With all four points set: change the speed so that the source fills the timeline's range. Else its out point gives
    /// way.
    pub fit: bool,
}

/// The edit that puts the piece there, and the clips that it makes.
///
/// - Source in and out, timeline in (or only the playhead): the length is the source's.
/// - Source in and out, timeline out only: *back-timed*, the piece ends there.
/// - Timeline in and out, with source in: the source's out follows; with only source out: its in follows.
/// - All four: see [`ThreePoint::fit`].
///
/// # Errors
/// The media is not there, has neither part that a target asks for, or the points leave nothing.
pub fn three_point(project: &Project, p: &ThreePoint) -> Result<(EditCommand, Vec<ClipId>), EditError> {
    let media = project.media.get(&p.media).ok_or(EditError::NoMedia(p.media))?;
    let rate = project.sequence.frame_rate;
    let whole = length_in_frames(media, rate);
    let end = if media.info.duration > Time::ZERO { media.info.duration } else { Time::from_frames(whole, rate) };
    let frames = |from: Time, to: Time| (to - from).to_frames(rate, Rounding::Nearest).max(0);
    let (source_in, source_out) = (p.source.0.unwrap_or(Time::ZERO), p.source.1.unwrap_or(end));
    let all_of_source = p.source == (None, None);
    let from_source = if all_of_source { whole } else { frames(source_in, source_out) };
    let mut speed = Speed::NORMAL;
    let (start, length, source_in) = match p.timeline {
        (Some(a), Some(b)) => {
            let length = b.saturating_sub(a);
            let back_timed = p.source.0.is_none() && p.source.1.is_some();
            if p.fit && p.source.0.is_some() && p.source.1.is_some() {
                speed = ratio(from_source, length);
            }
            let at = if back_timed { (source_out - Time::from_frames(length, rate)).max(Time::ZERO) } else { source_in };
            (a, length, at)
        }
        (Some(a), None) => (a, from_source, source_in),
        (None, Some(b)) => (b.saturating_sub(from_source), from_source, source_in),
        (None, None) => (p.playhead, from_source, source_in),
    };
    if length < 1 {
        return Err(EditError::EmptyRange { from: start, to: start.saturating_add(length) });
    }
    let parts = [(media.info.video.is_some(), p.target.video), (media.info.audio.is_some(), p.target.audio)];
    let tracks: Vec<TrackId> = parts.into_iter().filter_map(|(there, track)| track.filter(|_| there)).collect();
    let link = (tracks.len() > 1).then(|| fresh_link(project));
    let content = ClipContent::Media { media: p.media, source_in, speed };
    let clips: Vec<(TrackId, Clip)> = tracks
        .into_iter()
        .zip(fresh_ids(project))
        .map(|(track, id)| (track, Clip { link, ..Clip::new(ClipId(id), start, length, content.clone()) }))
        .collect();
    if clips.is_empty() {
        return Err(EditError::Nothing);
    }
    let made = clips.iter().map(|c| c.1.id).collect();
    Ok((EditCommand::InsertClips { clips, mode: p.mode }, made))
}

/// Speed at which `source` frames fill `length` frames, as near as the document's ratios allow.
fn ratio(source: i64, length: i64) -> Speed {
    const MOST: i64 = 1_000_000;
    let g = crate::base::time::gcd(source.unsigned_abs(), length.unsigned_abs()).max(1) as i64;
    let (mut num, mut den) = (source / g, length / g);
    let over = (num.max(den) + MOST - 1) / MOST;
    if over > 1 {
        (num, den) = (num / over, den / over);
    }
    Speed(num.clamp(1, MOST) as i32, den.clamp(1, MOST) as u32)
}
