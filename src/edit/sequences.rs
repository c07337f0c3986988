//! Commands on whole sequences: adding, opening, removing, and making a nested sequence of clips.

use super::{EditError, draft::Draft};
use crate::{
    base::{ClipId, SequenceId, Time, TrackId},
    model::{Clip, ClipContent, Sequence, Speed, Track, TrackKind},
};
use std::{collections::HashSet, sync::Arc};

/// An empty sequence of the open one's format, not opened.
pub(super) fn add(d: &mut Draft, id: SequenceId, name: &str) -> Result<(), EditError> {
    d.claim(id.0)?;
    let tracks = [TrackKind::Video, TrackKind::Audio].map(|kind| Ok(Arc::new(Track::new(TrackId(d.fresh_number()?), kind))));
    let tracks = tracks.into_iter().collect::<Result<_, EditError>>()?;
    let new = like(&d.project.sequence, id, name, tracks);
    d.project.others.insert(id, Arc::new(new));
    Ok(())
}

fn like(s: &Sequence, id: SequenceId, name: &str, tracks: Vec<Arc<Track>>) -> Sequence {
    Sequence { id, name: name.to_owned(), tracks, markers: Vec::new(), captions: Vec::new(), start_timecode: 0, montage: None, ..s.clone() }
}

/// A sequence that was made elsewhere becomes the open one.
pub(super) fn put(d: &mut Draft, new: &Sequence) -> Result<(), EditError> {
    let open = &d.project.sequence;
    if open.id == new.id && open.duration() > 0 {
        return Err(EditError::IdInUse(new.id.0));
    }
    let before = Arc::clone(open);
    if open.id == new.id {
        // what goes gives its ids back
        d.project.sequence = Arc::new(Sequence { tracks: Vec::new(), markers: Vec::new(), captions: Vec::new(), ..(**open).clone() });
    } else {
        d.claim(new.id.0)?;
    }
    let of_tracks = new.tracks.iter().flat_map(|t| {
        let clips = t.clips.iter().map(|c| c.id.0).chain(t.transitions.iter().map(|x| x.id.0));
        std::iter::once(t.id.0).chain(clips)
    });
    let ids: Vec<u64> = of_tracks.chain(new.markers.iter().map(|m| m.id.0)).chain(new.captions.iter().map(|c| c.id.0)).collect();
    for id in ids {
        d.claim(id)?;
    }
    d.project.sequence = Arc::new(new.clone());
    if before.id != new.id {
        d.project.others.insert(before.id, before);
    }
    match d.project.validate().into_iter().next() {
        Some(wrong) => Err(EditError::Invalid(wrong.0)),
        None => Ok(()),
    }
}

/// Makes another sequence the open one.
pub(super) fn open(d: &mut Draft, id: SequenceId) -> Result<(), EditError> {
    if d.project.sequence.id == id {
        return Ok(());
    }
    let wanted = d.project.others.remove(&id).ok_or(EditError::NoSequence(id))?;
    let before = std::mem::replace(&mut d.project.sequence, wanted);
    d.project.others.insert(before.id, before);
    Ok(())
}

pub(super) fn rename(d: &mut Draft, id: SequenceId, name: &str) -> Result<(), EditError> {
    if d.project.sequence.id == id {
        d.sequence().name = name.to_owned();
        return Ok(());
    }
    let s = d.project.others.get_mut(&id).ok_or(EditError::NoSequence(id))?;
    Arc::make_mut(s).name = name.to_owned();
    Ok(())
}

/// Refused for the open sequence and for one that a clip shows.
pub(super) fn remove(d: &mut Draft, id: SequenceId) -> Result<(), EditError> {
    let s = d.project.others.get(&id).ok_or(EditError::NoSequence(id))?;
    let user = d.project.sequences().flat_map(|s| &s.tracks).flat_map(|t| &t.clips).find(|c| c.nested() == Some(id));
    if let Some(c) = user {
        let sequence = if s.name.is_empty() { id.to_string() } else { s.name.clone() };
        return Err(EditError::SequenceInUse { sequence, clip: d.clip_name(c) });
    }
    d.project.others.remove(&id);
    Ok(())
}

/// Moves clips into a new sequence, and puts clips that show it in their place: its picture on the lowest video track that
/// they lay on and where there is room (a new one where there is none), its sound on the first such audio track, linked.
pub(super) fn nest(d: &mut Draft, clips: &[ClipId], id: SequenceId, name: &str) -> Result<(), EditError> {
    let from_tracks = d.tracks_of(clips)?;
    d.keep_ids();
    d.claim(id.0)?;
    let ids: HashSet<ClipId> = clips.iter().copied().collect();
    let (mut inner, mut from, mut to) = (Vec::new(), i64::MAX, 0);
    for t in &from_tracks {
        let track_id = TrackId(d.fresh_number()?);
        let track = d.open(*t)?;
        let mut nested = Track { id: track_id, clips: Vec::new(), transitions: Vec::new(), ..track.clone() };
        (nested.locked, nested.muted, nested.solo, nested.gain_db) = (false, false, false, 0.0);
        let (moved, stay): (Vec<_>, Vec<_>) = track.clips.drain(..).partition(|c| ids.contains(&c.id));
        let (hanging, staying) = track.transitions.drain(..).partition(|x| ids.contains(&x.left) && ids.contains(&x.right));
        (track.clips, track.transitions, nested.clips, nested.transitions) = (stay, staying, moved, hanging);
        (from, to) = nested.clips.iter().fold((from, to), |(a, b), c| (a.min(c.start), b.max(c.end())));
        inner.push(nested);
    }
    if inner.is_empty() {
        return Err(EditError::Nothing);
    }
    for t in &mut inner {
        t.clips.iter_mut().for_each(|c| Arc::make_mut(c).start -= from);
    }
    let kinds: Vec<TrackKind> = inner.iter().map(|t| t.kind).collect();
    let sequence = like(&d.project.sequence, id, name, inner.into_iter().map(Arc::new).collect());
    d.project.others.insert(id, Arc::new(sequence));
    let link = (kinds.contains(&TrackKind::Video) && kinds.contains(&TrackKind::Audio)).then(|| d.fresh_link());
    for kind in [TrackKind::Video, TrackKind::Audio] {
        if !kinds.contains(&kind) {
            continue;
        }
        let content = ClipContent::Sequence { sequence: id, source_in: Time::ZERO, speed: Speed::NORMAL };
        let mut clip = Clip::new(d.fresh_id()?, from, to - from, content);
        clip.link = link;
        let free = |t: &Track| t.kind == kind && !t.locked && t.clips_in(from, to).is_empty();
        let tracks = &d.project.sequence.tracks;
        let all = from_tracks.iter().copied().chain(0..tracks.len());
        let target = match all.into_iter().find(|t| free(&tracks[*t])) {
            Some(t) => t,
            None => {
                let above = tracks.iter().rposition(|t| t.kind == kind).map_or(tracks.len(), |t| t + 1);
                let id = TrackId(d.fresh_number()?);
                d.sequence().tracks.insert(above, Arc::new(Track::new(id, kind)));
                above
            }
        };
        d.place(target, Arc::new(clip))?;
    }
    Ok(())
}
