//! Edit commands for what the window offers, built from the document and the selection. Pure: no egui, no session.

use super::state::Selection;
use crate::{
    base::{ClipId, MarkerId, MediaId, Rounding, Time, TrackId, TransitionId},
    edit::{ClipChange, ClipMove, Edge, EditCommand, Placement, fresh_ids, fresh_link, length_in_frames, split_linked},
    model::{Clip, ClipContent, Marker, Project, Speed, TextStyle, Title, Track, TrackKind, TransitionKind},
};
use std::{collections::BTreeSet, sync::Arc};

/// Stands for "as far as one likes" in frames.
pub const UNLIMITED: i64 = 1 << 40;

/// Frames of media before the clip's first and after its last frame. [`UNLIMITED`] for stills, titles, colours, freezes.
pub fn source_room(project: &Project, clip: &Clip) -> (i64, i64) {
    let ClipContent::Media { source_in, speed, .. } = clip.content else { return (UNLIMITED, UNLIMITED) };
    let Some(length) = project.source_duration(&clip.content) else { return (UNLIMITED, UNLIMITED) };
    if speed.is_freeze() {
        return (UNLIMITED, UNLIMITED);
    }
    let rate = project.sequence.frame_rate;
    let used = speed.source_span(Time::from_frames(clip.duration, rate));
    let forward = speed.0 > 0;
    let (before, after) = if forward { (source_in, length - source_in - used) } else { (length - source_in, source_in + used) };
    let frames = |t: Time| t.scale(i64::from(speed.1), i64::from(speed.0).abs()).to_frames(rate, Rounding::Floor).max(0);
    (frames(before), frames(after))
}

/// Frames to which an edge can be trimmed without touching the neighbour or running out of media: (first, last).
pub fn trim_range(project: &Project, track: &Track, clip: &Clip, edge: Edge) -> (i64, i64) {
    let (before, after) = source_room(project, clip);
    let i = track.clip_index(clip.id).unwrap_or(0);
    match edge {
        Edge::Start => {
            let wall = i.checked_sub(1).and_then(|j| track.clips.get(j)).map_or(0, |c| c.end());
            (wall.max(clip.start.saturating_sub(before)).max(0), clip.end() - 1)
        }
        Edge::End => {
            let wall = track.clips.get(i + 1).map_or(UNLIMITED, |c| c.start);
            (clip.start + 1, wall.min(clip.end().saturating_add(after)))
        }
    }
}

fn batch(mut commands: Vec<EditCommand>) -> Option<EditCommand> {
    match commands.len() {
        0 => None,
        1 => commands.pop(),
        _ => Some(EditCommand::Batch(commands)),
    }
}

/// Cut clips at `frame`: those of `only` and what is linked to them, or where that is empty all on unlocked tracks.
pub fn split(project: &Project, only: &BTreeSet<ClipId>, frame: i64) -> Option<EditCommand> {
    let all = || project.sequence.tracks.iter().filter_map(|t| t.clip_index_at(frame).map(|i| t.clips[i].id)).collect();
    let clips: Vec<ClipId> = if only.is_empty() { all() } else { only.iter().copied().collect() };
    split_linked(project, &clips, frame)
}

/// Trim the clips under `frame` (of the selection, or all on unlocked tracks) so that they start or end there.
pub fn trim_to(project: &Project, only: &BTreeSet<ClipId>, edge: Edge, frame: i64) -> Option<EditCommand> {
    let tracks = project.sequence.tracks.iter().filter(|t| !t.locked);
    let under = tracks.filter_map(|t| t.clip_index_at(frame).map(|i| &t.clips[i]));
    let commands = under
        .filter(|c| (only.is_empty() || only.contains(&c.id)) && c.start < frame)
        .map(|c| EditCommand::Trim { clip: c.id, edge, to: frame })
        .collect();
    batch(commands)
}

/// Remove what is selected.
pub fn delete(selection: &Selection, ripple: bool) -> Option<EditCommand> {
    if !selection.clips.is_empty() {
        return Some(EditCommand::Remove { clips: selection.clips.iter().copied().collect(), ripple });
    }
    if let Some(id) = selection.transition {
        return Some(EditCommand::RemoveTransition { id });
    }
    if let Some(id) = selection.marker {
        return Some(EditCommand::RemoveMarker { id });
    }
    batch(selection.media.iter().map(|id| EditCommand::RemoveMedia { id: *id }).collect())
}

/// A cross dissolve of about one second at the cut nearest to `frame`; among selected clips only where some are selected.
///
/// # Errors
/// Why there is no place for one, in words.
pub fn dissolve(project: &Project, only: &BTreeSet<ClipId>, frame: i64) -> Result<EditCommand, &'static str> {
    let tracks = project.sequence.tracks.iter().filter(|t| !t.locked);
    let cuts = tracks.flat_map(|t| t.clips.windows(2).map(move |w| (t, &w[0], &w[1]))).filter(|(t, l, r)| {
        l.end() == r.start
            && (only.is_empty() || only.contains(&l.id) || only.contains(&r.id))
            && !t.transitions.iter().any(|x| x.left == l.id && x.right == r.id)
    });
    // picture before sound where both are as near
    let (track, left, right) = cuts
        .min_by_key(|(t, l, _)| ((l.end() - frame).abs(), t.kind == TrackKind::Audio))
        .ok_or("there is no cut without a transition; put two clips side by side first")?;
    let (before, after) = dissolve_lengths(project, track, left, right);
    if before + after < 2 {
        return Err("the clips have no media beyond this cut; trim them a little first");
    }
    let id = TransitionId(fresh_ids(project).next().unwrap_or(u64::MAX));
    Ok(EditCommand::AddTransition { id, left: left.id, right: right.id, kind: TransitionKind::CrossDissolve, before, after })
}

/// Frames before and after a cut that a dissolve of about a second can take.
fn dissolve_lengths(project: &Project, track: &Track, left: &Clip, right: &Clip) -> (i64, i64) {
    let half = i64::from(project.sequence.frame_rate.timecode_base()) / 2;
    // other transitions on the same clips keep their part
    let taken_left = track.transitions.iter().find(|x| x.right == left.id).map_or(0, |x| x.after);
    let taken_right = track.transitions.iter().find(|x| x.left == right.id).map_or(0, |x| x.before);
    let before = half.min(source_room(project, right).0).min(left.duration - taken_left).max(0);
    let after = half.min(source_room(project, left).1).min(right.duration - taken_right).max(0);
    (before, after)
}

/// A five-second title at `frame` on the lowest video track above the first that is free there; a new track if none is.
pub fn title(project: &Project, frame: i64) -> Option<(EditCommand, ClipId)> {
    let mut ids = fresh_ids(project);
    let id = ClipId(ids.next()?);
    let length = i64::from(project.sequence.frame_rate.timecode_base()) * 5;
    let content = ClipContent::Title(Title { text: "Title".into(), style: TextStyle::default(), position: (0.5, 0.5) });
    let clip = Clip::new(id, frame, length, content);
    let free = |t: &&Arc<Track>| !t.locked && t.clips_in(frame, frame + length).is_empty();
    let insert = |track: TrackId| EditCommand::Insert { track, clip: clip.clone(), mode: Placement::Strict };
    let has_picture = project.sequence.duration() > 0;
    match project.sequence.video_tracks().skip(usize::from(has_picture)).find(free) {
        Some(t) => Some((insert(t.id), id)),
        None => {
            let track = TrackId(ids.next()?);
            let add = EditCommand::AddTrack { id: track, kind: TrackKind::Video, index: project.sequence.tracks.len() };
            Some((EditCommand::Batch(vec![add, insert(track)]), id))
        }
    }
}

/// Switch all off, or all on where all are off.
pub fn toggle_enabled(project: &Project, selection: &Selection) -> Option<EditCommand> {
    let clips = selection.clips_of(project);
    let on = clips.iter().all(|c| !c.enabled);
    batch(clips.iter().map(|c| EditCommand::SetClip { clip: c.id, change: ClipChange::Enabled(on) }).collect())
}

/// Unlink where any selected clip is linked, else link all selected.
pub fn toggle_link(project: &Project, selection: &Selection) -> Option<EditCommand> {
    let clips = selection.clips_of(project);
    let linked: Vec<_> = clips.iter().filter(|c| c.link.is_some()).collect();
    let link = if linked.is_empty() { Some(fresh_link(project)) } else { None };
    batch(clips.iter().map(|c| EditCommand::SetClip { clip: c.id, change: ClipChange::Link(link) }).collect())
}

pub fn add_track(project: &Project, kind: TrackKind) -> Option<EditCommand> {
    let id = TrackId(fresh_ids(project).next()?);
    Some(EditCommand::AddTrack { id, kind, index: project.sequence.tracks.len() })
}

/// Remove tracks without clips, but keep one of each kind.
pub fn remove_empty_tracks(project: &Project) -> Option<EditCommand> {
    let mut commands = Vec::new();
    for kind in [TrackKind::Video, TrackKind::Audio] {
        let same: Vec<_> = project.sequence.tracks.iter().filter(|t| t.kind == kind).collect();
        let mut empty: Vec<_> = same.iter().filter(|t| t.clips.is_empty()).collect();
        if empty.len() == same.len() && !empty.is_empty() {
            empty.remove(0);
        }
        commands.extend(empty.iter().map(|t| EditCommand::RemoveTrack { id: t.id }));
    }
    batch(commands)
}

pub fn marker(project: &Project, frame: i64) -> Option<EditCommand> {
    let id = MarkerId(fresh_ids(project).next()?);
    Some(EditCommand::AddMarker { marker: Marker { id, frame, duration: 0, name: String::new(), color: 0, note: String::new() } })
}

/// The clips that a media makes on the timeline: length in frames, has picture, has sound.
pub fn media_shape(project: &Project, media: MediaId) -> Option<(i64, bool, bool)> {
    let media = project.media.get(&media)?;
    let length = length_in_frames(media, project.sequence.frame_rate);
    Some((length, media.info.video.is_some(), media.info.audio.is_some()))
}

/// The picture and sound tracks that media dropped on `track` go to: the track itself for its kind, and for the other
/// kind the track with the same number, or the last one.
pub fn drop_tracks(project: &Project, track: Option<TrackId>) -> (Option<TrackId>, Option<TrackId>) {
    let s = &project.sequence;
    let video: Vec<_> = s.video_tracks().collect();
    let audio: Vec<_> = s.audio_tracks().collect();
    let number = |list: &[&Arc<Track>]| list.iter().position(|t| Some(t.id) == track);
    let n = number(&video).or_else(|| number(&audio)).unwrap_or(0);
    let pick = |list: &[&Arc<Track>]| list.get(n.min(list.len().saturating_sub(1))).filter(|t| !t.locked).map(|t| t.id);
    (pick(&video), pick(&audio))
}

/// Put media on the timeline one after another from `frame`, picture and sound linked.
pub fn insert_media(
    project: &Project,
    media: &[MediaId],
    track: Option<TrackId>,
    frame: i64,
    mode: Placement,
) -> Option<(EditCommand, BTreeSet<ClipId>)> {
    let mut ids = fresh_ids(project);
    let mut link = fresh_link(project);
    let (video, audio) = drop_tracks(project, track);
    let (mut commands, mut made, mut at) = (Vec::new(), BTreeSet::new(), frame.max(0));
    for id in media {
        let Some((length, picture, sound)) = media_shape(project, *id) else { continue };
        let both = picture && sound && video.is_some() && audio.is_some();
        for (wanted, target) in [(picture, video), (sound, audio)] {
            let Some(target) = target.filter(|_| wanted) else { continue };
            let content = ClipContent::Media { media: *id, source_in: Time::ZERO, speed: Speed::NORMAL };
            let mut clip = Clip::new(ClipId(ids.next()?), at, length, content);
            clip.link = both.then_some(link);
            made.insert(clip.id);
            commands.push(EditCommand::Insert { track: target, clip, mode });
        }
        link += 1;
        at += length;
    }
    batch(commands).map(|c| (c, made))
}

/// Frames of all cuts and ends, sorted, for jumping from cut to cut.
pub fn cuts(project: &Project) -> Vec<i64> {
    let mut frames: Vec<i64> = project.sequence.tracks.iter().flat_map(|t| &t.clips).flat_map(|c| [c.start, c.end()]).chain([0]).collect();
    frames.sort_unstable();
    frames.dedup();
    frames
}

/// A move of several clips at once.
pub fn moves(moves: Vec<ClipMove>, mode: Placement) -> EditCommand {
    EditCommand::Move { moves, mode }
}
