//! Unit tests of every command, by family. Programs of many commands are in `tests/document.rs`.

mod clips;
mod history;
mod others;
mod ripple;
mod sequences;
mod three_point;
mod trims;

use super::*;
use crate::{
    base::{ClipId, FrameRate, Time, TrackId},
    model::{Clip, TransitionKind, fixture::*},
};

/// 25 frames per second: film clips 20 (frames 0–100, source from 200) and 21 (100–200, source from 300) side by side on
/// track 2, their sound 22 and 23 on track 3 linked to them, a title 24 (50–80) on track 4.
fn scene() -> Project {
    let rate = FrameRate::FPS_25;
    let mut p = project(rate);
    for (track, first) in [(2, 20), (3, 22)] {
        let mut a = clip(first, 0, 100, media_content(10, Time::from_frames(200, rate)));
        let mut b = clip(first + 1, 100, 100, media_content(11, Time::from_frames(300, rate)));
        (a.link, b.link) = (Some(1), Some(2));
        put(&mut p, track, [a, b]);
    }
    let title = crate::model::Title { text: "Hello".into(), style: crate::model::TextStyle::default(), position: (0.5, 0.5) };
    put(&mut p, 4, [clip(24, 50, 30, crate::model::ClipContent::Title(title))]);
    p
}

/// The scene with a dissolve (id 30) over the cut at 100.
fn dissolved() -> Project {
    let mut p = scene();
    with_track(&mut p, 2, |t| t.transitions.push(dissolve(30, 20, 21, 10, 10)));
    p
}

/// Applies a command that must succeed and leave a sound document.
#[track_caller]
fn done(p: &Project, c: EditCommand) -> Project {
    let new = apply(p, &c).unwrap_or_else(|e| panic!("{c:?}: {e}"));
    assert_eq!(new.validate(), [], "{c:?}");
    new
}

/// Applies a command that must fail.
#[track_caller]
fn refused(p: &Project, c: EditCommand) -> EditError {
    match apply(p, &c) {
        Ok(_) => panic!("{c:?} was not refused"),
        Err(e) => e,
    }
}

/// (id, start, end) of the clips of a track.
fn spans(p: &Project, track: u64) -> Vec<(u64, i64, i64)> {
    p.sequence.track(TrackId(track)).unwrap().clips.iter().map(|c| (c.id.0, c.start, c.end())).collect()
}

fn get(p: &Project, id: u64) -> &Clip {
    p.sequence.clip(ClipId(id)).unwrap().1
}

/// The source frame (25 per second) that a clip shows at a frame of the timeline.
fn source_frame(p: &Project, id: u64, frame: i64) -> i64 {
    let at = get(p, id).source_at(frame, p.sequence.frame_rate).unwrap();
    at.to_frames(FrameRate::FPS_25, crate::base::Rounding::Nearest)
}

/// (id, left, right, before, after) of the transitions of a track.
fn transitions(p: &Project, track: u64) -> Vec<(u64, u64, u64, i64, i64)> {
    let t = p.sequence.track(TrackId(track)).unwrap();
    t.transitions.iter().map(|x| (x.id.0, x.left.0, x.right.0, x.before, x.after)).collect()
}

fn locked(mut p: Project, track: u64) -> Project {
    with_track(&mut p, track, |t| t.locked = true);
    p
}

fn insert(track: u64, clip: Clip, mode: Placement) -> EditCommand {
    EditCommand::Insert { track: TrackId(track), clip, mode }
}

fn move_to(moves: &[(u64, u64, i64)], mode: Placement) -> EditCommand {
    let moves = moves.iter().map(|m| ClipMove { clip: ClipId(m.0), track: TrackId(m.1), start: m.2 }).collect();
    EditCommand::Move { moves, mode }
}

fn trim(clip: u64, edge: Edge, to: i64) -> EditCommand {
    EditCommand::Trim { clip: ClipId(clip), edge, to }
}

fn ripple_trim(clips: &[u64], edge: Edge, by: i64) -> EditCommand {
    EditCommand::RippleTrim { clips: clips.iter().map(|c| ClipId(*c)).collect(), edge, by }
}

fn split(clip: u64, at: i64, new_id: u64) -> EditCommand {
    EditCommand::Split { clip: ClipId(clip), at, new_id: ClipId(new_id) }
}

fn change(clip: u64, change: ClipChange) -> EditCommand {
    EditCommand::SetClip { clip: ClipId(clip), change }
}

const DISSOLVE: TransitionKind = TransitionKind::CrossDissolve;
