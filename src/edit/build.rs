//! Commands that several faces of the program want, built from a project. They only read; the result goes to `apply`.

use super::{ClipChange, EditCommand, EditError, Placement};
use crate::{
    base::{ClipId, FrameRate, MediaId, Rounding, Time, TrackId},
    model::{Clip, ClipContent, Media, Project, Speed, TrackKind},
};
use std::collections::HashSet;

/// How long a still stays on screen, in seconds.
const STILL_SECS: i64 = 5;

/// Ids that nothing in the project uses, rising.
pub fn fresh_ids(project: &Project) -> impl Iterator<Item = u64> + use<> {
    project.max_id() + 1..
}

/// A link group that no clip belongs to.
pub fn fresh_link(project: &Project) -> u64 {
    let clips = project.sequence.tracks.iter().flat_map(|t| &t.clips);
    clips.filter_map(|c| c.link).max().unwrap_or(0).saturating_add(1)
}

/// A group that no clip belongs to.
pub fn fresh_group(project: &Project) -> u64 {
    let clips = project.sequence.tracks.iter().flat_map(|t| &t.clips);
    clips.filter_map(|c| c.group).max().unwrap_or(0).saturating_add(1)
}

/// How many frames of a sequence a media fills: its pictures where it has any, else its sound; a still lasts five seconds.
pub fn length_in_frames(media: &Media, rate: FrameRate) -> i64 {
    let info = &media.info;
    let frames = match &info.video {
        Some(v) if v.still => Time::from_secs(STILL_SECS).to_frames(rate, Rounding::Nearest),
        Some(v) if v.frames > 0 && !v.variable_frame_rate => {
            let span = Time::from_frames(i64::try_from(v.frames).unwrap_or(i64::MAX), v.frame_rate);
            // A microsecond of slack for rates that are no whole flicks.
            (span + Time(706)).to_frames(rate, Rounding::Floor)
        }
        Some(_) => (info.duration + Time(706)).to_frames(rate, Rounding::Floor),
        // The last piece of sound may be shorter than a frame.
        None => info.duration.to_frames(rate, Rounding::Ceil),
    };
    frames.clamp(1, crate::model::MAX_FRAME)
}

/// Appends each media to the end of the timeline: its picture on the lowest unlocked video track, its sound on the first
/// unlocked audio track, linked. A track that is missing is added. Media that the project does not have are left out.
///
/// The caller sets the sequence's format first, if the first clip shall decide it.
pub fn append_media(project: &Project, media: &[MediaId]) -> EditCommand {
    let s = &project.sequence;
    let mut ids = fresh_ids(project);
    let mut next_id = move || ids.next().unwrap_or(u64::MAX);
    let mut link = fresh_link(project);
    let mut commands = Vec::new();
    let mut tracks =
        [TrackKind::Video, TrackKind::Audio].map(|kind| (kind, s.tracks.iter().find(|t| t.kind == kind && !t.locked).map(|t| t.id)));
    let mut at = s.duration();
    for id in media {
        let Some(m) = project.media.get(id) else { continue };
        let duration = length_in_frames(m, s.frame_rate);
        let has = [m.info.video.is_some(), m.info.audio.is_some()];
        for ((kind, track), has) in tracks.iter_mut().zip(has) {
            if !has {
                continue;
            }
            let track = *track.get_or_insert_with(|| {
                let id = TrackId(next_id());
                let added = commands.iter().filter(|c| matches!(c, EditCommand::AddTrack { .. })).count();
                commands.push(EditCommand::AddTrack { id, kind: *kind, index: s.tracks.len() + added });
                id
            });
            let content = ClipContent::Media { media: *id, source_in: Time::ZERO, speed: Speed::NORMAL };
            let mut clip = Clip::new(ClipId(next_id()), at, duration, content);
            clip.link = (has && m.info.video.is_some() && m.info.audio.is_some()).then_some(link);
            commands.push(EditCommand::Insert { track, clip, mode: Placement::Strict });
        }
        link += 1;
        at += duration;
    }
    EditCommand::Batch(commands)
}

/// The given clips and all that are linked to or grouped with them, in the order of the tracks: what is moved and deleted
/// together.
pub fn with_links(project: &Project, clips: &[ClipId]) -> Vec<ClipId> {
    let mut wanted: HashSet<ClipId> = clips.iter().copied().collect();
    let all = || project.sequence.tracks.iter().flat_map(|t| &t.clips);
    let (mut links, mut groups) = (HashSet::new(), HashSet::new());
    loop {
        let known = links.len() + groups.len();
        for c in all().filter(|c| wanted.contains(&c.id)) {
            links.extend(c.link);
            groups.extend(c.group);
        }
        if links.len() + groups.len() == known {
            return all().filter(|c| wanted.contains(&c.id)).map(|c| c.id).collect();
        }
        let meant = |c: &Clip| c.link.is_some_and(|l| links.contains(&l)) || c.group.is_some_and(|g| groups.contains(&g));
        wanted.extend(all().filter(|c| meant(c)).map(|c| c.id));
    }
}

/// The given clips and all that are linked to them; groups do not count. What is cut and trimmed together.
fn linked(project: &Project, clips: &[ClipId]) -> HashSet<ClipId> {
    let wanted: HashSet<ClipId> = clips.iter().copied().collect();
    let all = || project.sequence.tracks.iter().flat_map(|t| &t.clips);
    let links: HashSet<u64> = all().filter(|c| wanted.contains(&c.id)).filter_map(|c| c.link).collect();
    let is_meant = |c: &Clip| wanted.contains(&c.id) || c.link.is_some_and(|l| links.contains(&l));
    all().filter(|c| is_meant(c)).map(|c| c.id).collect()
}

/// Splits the given clips and those linked to them at a frame, where it lies inside them and their tracks are unlocked; of
/// each link group the right parts, and what begins there or later, form a new group. None where there is nothing to split.
pub fn split_linked(project: &Project, clips: &[ClipId], at: i64) -> Option<EditCommand> {
    let meant = linked(project, clips);
    let tracks = || project.sequence.tracks.iter().filter(|t| !t.locked);
    let cut = |c: &Clip| meant.contains(&c.id) && c.start < at && at < c.end();
    let mut groups: Vec<u64> = tracks().flat_map(|t| &t.clips).filter(|c| cut(c)).filter_map(|c| c.link).collect();
    groups.sort_unstable();
    groups.dedup();
    let first = fresh_link(project);
    let new_group = |old: Option<u64>| old.and_then(|l| groups.binary_search(&l).ok()).map(|i| first + i as u64);
    let mut ids = fresh_ids(project);
    let mut commands = Vec::new();
    for c in tracks().flat_map(|t| &t.clips) {
        let mut right = c.id;
        if cut(c) {
            right = ClipId(ids.next()?);
            commands.push(EditCommand::Split { clip: c.id, at, new_id: right });
        } else if c.start < at {
            continue;
        }
        if let Some(group) = new_group(c.link) {
            commands.push(EditCommand::SetClip { clip: right, change: ClipChange::Link(Some(group)) });
        }
    }
    (!commands.is_empty()).then_some(EditCommand::Batch(commands))
}

/// Holds the picture of a clip at frame `at` for `frames`: the frame is put in there, and everything later moves right.
///
/// # Errors
/// The clip has no moving picture there.
pub fn freeze_frame(project: &Project, clip: ClipId, at: i64, frames: i64) -> Result<EditCommand, EditError> {
    let s = &project.sequence;
    let (track, c) = s.clip(clip).ok_or(EditError::NoClip(clip))?;
    let point = c.source_at(at, s.frame_rate).filter(|_| c.contains(at) && track.kind == TrackKind::Video);
    let Some(point) = point else { return Err(EditError::OutsideClip { clip: c.id.to_string(), frame: at }) };
    let id = fresh_ids(project).next().ok_or(EditError::NoIdsLeft)?;
    let mut hold = Clip {
        id: ClipId(id),
        start: at,
        duration: frames.max(1),
        link: None,
        fade_in: 0,
        fade_out: 0,
        soft_in: false,
        soft_out: false,
        ..(**c).clone()
    };
    if let Some((source_in, speed)) = hold.content.source_mut() {
        (*source_in, *speed) = (point, Speed::FREEZE);
    }
    // an animated clip stands still as well
    hold.transform = c.transform_at(at);
    hold.keyframes = Default::default();
    Ok(EditCommand::Insert { track: track.id, clip: hold, mode: Placement::Ripple })
}
