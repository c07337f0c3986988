//! What is put on the timeline: media, titles, tracks, markers.

use super::batch;
use crate::{
    app::words::tr,
    base::{CaptionId, ClipId, MarkerId, MediaId, Rounding, Time, TrackId},
    edit::{EditCommand, Placement, Target, fresh_ids, fresh_link, length_in_frames},
    model::{Caption, Clip, ClipContent, Marker, Project, Speed, TextStyle, Title, Track, TrackKind},
};
use std::{collections::BTreeSet, sync::Arc};

/// A five-second title at `frame` on the lowest video track above the first that is free there; a new track if none is.
pub fn title(project: &Project, frame: i64) -> Option<(EditCommand, ClipId)> {
    let text = crate::app::words::tr("edits-title-text");
    above(project, frame, five_seconds(project), ClipContent::Title(Title { text, style: TextStyle::default(), position: (0.5, 0.5) }))
}

/// Five seconds of an adjustment clip, above the picture.
pub fn adjustment(project: &Project, frame: i64) -> Option<(EditCommand, ClipId)> {
    above(project, frame, five_seconds(project), ClipContent::Adjustment)
}

/// The picture of a piece of media above the picture that is there, for so many frames.
pub fn overlay(project: &Project, media: MediaId, source_in: Time, length: i64, frame: i64) -> Option<(EditCommand, ClipId)> {
    above(project, frame, length, ClipContent::Media { media, source_in, speed: Speed::NORMAL })
}

fn five_seconds(project: &Project) -> i64 {
    i64::from(project.sequence.frame_rate.timecode_base()) * 5
}

/// A clip on the lowest picture track above the first that is free there; on a new track if none is.
fn above(project: &Project, frame: i64, length: i64, content: ClipContent) -> Option<(EditCommand, ClipId)> {
    let mut ids = fresh_ids(project);
    let id = ClipId(ids.next()?);
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

/// Move a track one place up the screen (−1) or down (1) among those of its kind.
pub fn move_track(project: &Project, track: TrackId, down: i64) -> Option<EditCommand> {
    let tracks = &project.sequence.tracks;
    let t = tracks.iter().find(|t| t.id == track)?;
    let same: Vec<usize> = (0..tracks.len()).filter(|i| tracks[*i].kind == t.kind).collect();
    let at = same.iter().position(|i| tracks[*i].id == track)?;
    let step = if t.kind == TrackKind::Video { -down } else { down };
    let to = usize::try_from(i64::try_from(at).ok()? + step).ok()?;
    Some(EditCommand::MoveTrack { id: track, index: *same.get(to)? })
}

pub fn marker(project: &Project, frame: i64) -> Option<EditCommand> {
    let id = MarkerId(fresh_ids(project).next()?);
    Some(EditCommand::AddMarker { marker: Marker { id, frame, duration: 0, name: String::new(), color: 0, note: String::new() } })
}

/// A caption of two seconds at `frame`, shorter where the next one begins; None where one stands already.
pub fn caption(project: &Project, frame: i64) -> Option<EditCommand> {
    let s = &project.sequence;
    if s.caption_at(frame).is_some() {
        return None;
    }
    let usual = Time::from_secs(2).to_frames(s.frame_rate, Rounding::Nearest).max(1);
    let next = s.captions.iter().map(|c| c.start).find(|start| *start > frame);
    let duration = next.map_or(usual, |n| usual.min(n - frame));
    let id = CaptionId(fresh_ids(project).next()?);
    Some(EditCommand::AddCaption { caption: Caption { id, start: frame, duration, text: tr("inspector-caption"), words: Vec::new() } })
}

/// The clips that a media makes on the timeline: length in frames, has picture, has sound.
pub fn media_shape(project: &Project, media: MediaId) -> Option<(i64, bool, bool)> {
    let media = project.media.get(&media)?;
    let length = length_in_frames(media, project.sequence.frame_rate);
    Some((length, media.info.video.is_some(), media.info.audio.is_some()))
}

/// The picture and sound tracks that media dropped on `track` go to: the track itself for its kind, and for the other
/// kind the track with the same number, or the last one.
pub fn drop_tracks(project: &Project, track: Option<TrackId>) -> Target {
    let s = &project.sequence;
    let video: Vec<_> = s.video_tracks().collect();
    let audio: Vec<_> = s.audio_tracks().collect();
    let number = |list: &[&Arc<Track>]| list.iter().position(|t| Some(t.id) == track);
    let n = number(&video).or_else(|| number(&audio)).unwrap_or(0);
    let pick = |list: &[&Arc<Track>]| list.get(n.min(list.len().saturating_sub(1))).filter(|t| !t.locked).map(|t| t.id);
    Target { video: pick(&video), audio: pick(&audio) }
}

/// The tracks that were chosen, where they are still there and unlocked; else the first ones that are.
pub fn target_tracks(project: &Project, chosen: Target) -> Target {
    let pick = |kind: TrackKind, chosen: Option<TrackId>| {
        let mut free = project.sequence.tracks.iter().filter(|t| t.kind == kind && !t.locked);
        free.clone().find(|t| Some(t.id) == chosen).or_else(|| free.next()).map(|t| t.id)
    };
    Target { video: pick(TrackKind::Video, chosen.video), audio: pick(TrackKind::Audio, chosen.audio) }
}

/// Where media land: on tracks that are there, or on new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    Tracks(Target),
    NewTracks,
}

/// Put media on the timeline one after another from `frame`, picture and sound linked.
pub fn insert_media(
    project: &Project,
    media: &[MediaId],
    onto: Onto,
    frame: i64,
    mode: Placement,
) -> Option<(EditCommand, BTreeSet<ClipId>)> {
    let mut ids = fresh_ids(project);
    let mut link = fresh_link(project);
    let (mut commands, mut clips, mut at) = (Vec::new(), Vec::new(), frame.max(0));
    let shapes: Vec<_> = media.iter().filter_map(|id| Some((*id, media_shape(project, *id)?))).collect();
    let target = match onto {
        Onto::Tracks(target) => target,
        Onto::NewTracks => {
            let mut add = |kind: TrackKind, wanted: bool| {
                let id = TrackId(ids.next().filter(|_| wanted)?);
                commands.push(EditCommand::AddTrack { id, kind, index: project.sequence.tracks.len() + commands.len() });
                Some(id)
            };
            let video = add(TrackKind::Video, shapes.iter().any(|(_, s)| s.1));
            Target { video, audio: add(TrackKind::Audio, shapes.iter().any(|(_, s)| s.2)) }
        }
    };
    for (media, (length, picture, sound)) in shapes {
        let both = picture && sound && target.video.is_some() && target.audio.is_some();
        for (wanted, track) in [(picture, target.video), (sound, target.audio)] {
            let Some(track) = track.filter(|_| wanted) else { continue };
            let content = ClipContent::Media { media, source_in: Time::ZERO, speed: Speed::NORMAL };
            let mut clip = Clip::new(ClipId(ids.next()?), at, length, content);
            clip.link = both.then_some(link);
            clips.push((track, clip));
        }
        link += 1;
        at += length;
    }
    let made: BTreeSet<ClipId> = clips.iter().map(|(_, c)| c.id).collect();
    if made.is_empty() {
        return None;
    }
    commands.push(EditCommand::InsertClips { clips, mode });
    batch(commands).map(|c| (c, made))
}
