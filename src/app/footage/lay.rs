//! How a shot is laid over the film: which piece of it, where, and for how long. Pure.

use crate::{
    app::{
        edits,
        state::DraggedSource,
        viewer::cut::{self, Cut, Way},
    },
    base::{ClipId, MediaId, Rounding, Time},
    edit::{EditCommand, Target},
    model::Project,
    session::search::{Answer, FoundShot},
};

/// Seconds that a photo stands where nothing says how long.
const PHOTO_SECS: i64 = 5;

/// A piece of a shot and its place on the timeline, in frames of the sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub source_in: Time,
    pub start: i64,
    pub length: i64,
}

/// The piece of a shot for an answer. A sentence's shot lies where it is said, or at the playhead, for as long as it is said; that of a
/// query fills the marked range (`marks`), or lasts as long as it is. No piece is longer than its shot.
pub(super) fn piece(project: &Project, answer: &Answer, shot: &FoundShot, marks: Option<(i64, i64)>, playhead: i64) -> Piece {
    let rate = project.sequence.frame_rate;
    let frames = |t: Time| t.to_frames(rate, Rounding::Floor).max(1);
    let place = answer.place.or(marks);
    let start = place.map_or(playhead, |p| p.0).max(0);
    let wanted = place.map(|p| p.1 - p.0).or(answer.length.map(frames)).map(|f| f.max(1));
    let photo = project.media.get(&shot.media).and_then(|m| m.info.video.as_ref()).is_some_and(|v| v.still);
    if photo {
        return Piece { source_in: Time::ZERO, start, length: wanted.unwrap_or_else(|| frames(Time::from_secs(PHOTO_SECS))) };
    }
    let all = frames(shot.to - shot.from);
    let length = wanted.map_or(all, |w| w.min(all));
    // from where it was found on, unless too little is left of it there
    let from = match wanted {
        Some(_) => shot.at.min(shot.to - Time::from_frames(length, rate)).max(shot.from),
        None => shot.from,
    };
    Piece { source_in: from, start, length }
}

/// The edit that lays it there: on the lowest picture track above the film that is free, or on a new one. An empty timeline takes it as
/// its first clip. With the new clip.
pub(super) fn edit(project: &Project, media: MediaId, piece: &Piece) -> Option<(EditCommand, ClipId)> {
    if project.sequence.duration() > 0 {
        return edits::overlay(project, media, piece.source_in, piece.length, piece.start);
    }
    let to = piece.source_in + Time::from_frames(piece.length, project.sequence.frame_rate);
    let dragged = DraggedSource { media, from: piece.source_in, to, picture: true, sound: false };
    let cut = Cut { piece: dragged, marked: (true, true), marks: Default::default(), playhead: piece.start, target: Target::default() };
    let (edit, made) = cut::cut(project, &cut, Way::Overwrite).ok()?;
    Some((edit, *made.first()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::FrameRate,
        edit::{append_media, apply},
        model::{ClipContent, Sequence, fixture},
    };
    use std::sync::Arc;

    fn film() -> Project {
        let mut p = Project::new("p", Sequence::new(640, 360, FrameRate::FPS_25));
        p.media.insert(MediaId(10), Arc::new(fixture::film("a", FrameRate::FPS_25, 500)));
        p.media.insert(MediaId(11), Arc::new(fixture::still("b")));
        p
    }

    fn shot(media: u64, from: i64, to: i64, at: i64) -> FoundShot {
        let secs = Time::from_secs;
        FoundShot { media: MediaId(media), number: 0, from: secs(from), to: secs(to), at: secs(at), score: 1.0, reasons: Vec::new() }
    }

    fn answer(secs: Option<i64>, place: Option<(i64, i64)>) -> Answer {
        Answer { text: "x".into(), length: secs.map(Time::from_secs), place, shots: Vec::new() }
    }

    #[test]
    fn the_length_is_that_of_the_sentence_of_the_range_or_of_the_shot() {
        let p = film();
        let one = |answer: &Answer, marks| piece(&p, answer, &shot(10, 4, 10, 6), marks, 30);
        let at = |secs| Time::from_secs(secs);
        assert_eq!(one(&answer(None, None), None), Piece { source_in: at(4), start: 30, length: 150 });
        assert_eq!(one(&answer(None, None), Some((50, 100))), Piece { source_in: at(6), start: 50, length: 50 });
        assert_eq!(one(&answer(Some(2), None), None), Piece { source_in: at(6), start: 30, length: 50 });
        assert_eq!(one(&answer(Some(2), Some((80, 205))), None), Piece { source_in: at(5), start: 80, length: 125 });
        // never longer than the shot
        assert_eq!(one(&answer(Some(9), None), None), Piece { source_in: at(4), start: 30, length: 150 });
        assert_eq!(piece(&p, &answer(Some(9), None), &shot(11, 0, 0, 0), None, 0).length, 225);
        assert_eq!(piece(&p, &answer(None, None), &shot(11, 0, 0, 0), None, 0).length, 125);
    }

    #[test]
    fn it_lies_above_the_film_and_two_do_not_collide() {
        let p = film();
        let p = apply(&p, &append_media(&p, &[MediaId(10)])).unwrap();
        let (first, one) = edit(&p, MediaId(10), &Piece { source_in: Time::from_secs(4), start: 30, length: 50 }).unwrap();
        let p = apply(&p, &first).unwrap();
        let (second, two) = edit(&p, MediaId(11), &Piece { source_in: Time::ZERO, start: 60, length: 50 }).unwrap();
        let p = apply(&p, &second).unwrap();
        let tracks: Vec<_> = p.sequence.video_tracks().map(|t| t.id).collect();
        let of =
            |clip| p.sequence.clip(clip).map(|(t, c)| (tracks.iter().position(|id| *id == t.id), c.start, c.duration, c.content.clone()));
        let content =
            |media, secs| ClipContent::Media { media: MediaId(media), source_in: Time::from_secs(secs), speed: Default::default() };
        assert_eq!(of(one), Some((Some(1), 30, 50, content(10, 4))));
        assert_eq!(of(two), Some((Some(2), 60, 50, content(11, 0))));
        assert_eq!(p.validate(), []);
    }

    #[test]
    fn an_empty_timeline_takes_it_as_its_first_clip_and_its_format() {
        let p = film();
        let (first, clip) = edit(&p, MediaId(10), &Piece { source_in: Time::ZERO, start: 0, length: 50 }).unwrap();
        let p = apply(&p, &first).unwrap();
        assert_eq!(p.sequence.video_tracks().next().unwrap().clips[0].id, clip);
        assert_eq!((p.sequence.width, p.sequence.audio_tracks().map(|t| t.clips.len()).sum::<usize>()), (1920, 0));
    }
}
