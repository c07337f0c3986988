//! What every edit keeps beyond a sound document: clips within their media, transitions within the media beyond their cuts,
//! and picture and sound that were recorded together in step.

use super::{
    cases,
    program::{Op, command, op, start},
};
use montage_ai::{
    base::{ClipId, MediaId, Rounding, Time, TrackId},
    edit::{ClipMove, Edge, EditCommand, MediaChange, Placement, apply, split_linked, with_links},
    model::{Clip, ClipContent, Project, Speed, TrackKind, TransitionKind},
};
use proptest::prelude::*;

/// A microsecond in flicks.
const SLACK: Time = Time(706);

/// First and last moment of its source that a clip shows between two frames of the timeline.
fn shown(p: &Project, c: &Clip, from: i64, to: i64) -> Option<(Time, Time)> {
    let (a, b) = (c.source_at(from, p.sequence.frame_rate)?, c.source_at(to - 1, p.sequence.frame_rate)?);
    Some((a.min(b), a.max(b)))
}

/// What a clip shows outside its source, if anything, in a stretch of the timeline.
fn outside(p: &Project, c: &Clip, from: i64, to: i64) -> Option<String> {
    if c.speed().is_freeze() || from >= to {
        return None;
    }
    let (first, last) = shown(p, c, from, to)?;
    let length = p.source_duration(&c.content)?;
    // pictures are counted exactly; a file's duration may be a little short of them
    let pictures = p.media_of(&c.content).and_then(|m| m.info.video.as_ref()).map(|v| Time::from_frames(v.frames as i64, v.frame_rate));
    let end = length.max(pictures.unwrap_or(Time::ZERO));
    (first < -SLACK || last >= end + SLACK).then(|| format!("{c:?} shows {first} to {last} of {end} in {from}..{to}"))
}

fn problems(p: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for t in &p.sequence.tracks {
        found.extend(t.clips.iter().filter_map(|c| outside(p, c, c.start, c.end())));
        for x in &t.transitions {
            let clip = |id| t.clips.iter().find(|c| c.id == id).unwrap();
            let (l, r) = (clip(x.left), clip(x.right));
            let (from, to) = match x.kind {
                // a dip changes over in its middle
                TransitionKind::DipToColor { .. } => {
                    let middle = r.start - x.before + (x.before + x.after) / 2;
                    (middle, middle + (x.before + x.after) % 2)
                }
                _ => (r.start - x.before, r.start + x.after),
            };
            found.extend(outside(p, l, l.end(), to).or_else(|| outside(p, r, from, r.start)).map(|s| format!("{x:?}: {s}")));
        }
    }
    found
}

/// Whether a command may leave clips outside their source: files that change behind the project's back, rates that round,
/// sequences that get shorter under the clips that show them.
fn may_shorten(c: &EditCommand) -> bool {
    match c {
        EditCommand::SetMedia { change: MediaChange::File { .. }, .. } | EditCommand::SetFormat { .. } => true,
        EditCommand::OpenSequence { .. } | EditCommand::Nest { .. } => true,
        EditCommand::Batch(all) => all.iter().any(may_shorten),
        _ => false,
    }
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn clips_stay_within_their_media_and_transitions_within_their_handles(ops in prop::collection::vec(op(), 1..60)) {
        let mut p = start();
        for (i, op) in ops.iter().enumerate() {
            let c = command(&p, *op, 1000 + 10 * i as u64);
            if may_shorten(&c) {
                continue;
            }
            if let Ok(next) = apply(&p, &c) {
                p = next;
                prop_assert_eq!(problems(&p), Vec::<String>::new(), "after {:?}", c);
            }
        }
    }
}

/// A film of three linked clips, with a title over it and music under it, on tracks that all follow each other.
fn film() -> Project {
    let mut p = start();
    let strip: Vec<ClipId> = p.sequence.tracks.iter().flat_map(|t| t.clips.iter().map(|c| c.id)).collect();
    p = apply(&p, &EditCommand::Remove { clips: strip, ripple: false }).unwrap();
    for i in 0..3u64 {
        let at = 100 * i as i64;
        let content = ClipContent::Media { media: MediaId(10), source_in: Time::from_secs(2 + 2 * i as i64), speed: Speed::NORMAL };
        let clips = [(2, 100 + i), (3, 110 + i)].map(|(track, id)| {
            let mut clip = Clip::new(ClipId(id), at, 100, content.clone());
            clip.link = Some(i + 1);
            (TrackId(track), clip)
        });
        p = apply(&p, &EditCommand::InsertClips { clips: clips.to_vec(), mode: Placement::Strict }).unwrap();
    }
    p
}

/// An edit as the window sends it: linked clips together. A picture that was put over running sound is left alone: taking
/// its time out would need to cut the sound.
fn as_a_person(p: &Project, (which, a, b, c, _): Op, id: u64) -> EditCommand {
    let pictures: Vec<_> = p.sequence.track(TrackId(2)).unwrap().clips.iter().filter(|c| c.link.is_some()).collect();
    let Some(clip) = pictures.get(usize::from(a) % pictures.len().max(1)).map(|c| c.id) else { return EditCommand::Batch(vec![]) };
    let together = with_links(p, &[clip]);
    let at = i64::from(b % 330);
    match which % 9 {
        0 => split_linked(p, &[clip], at).unwrap_or(EditCommand::Batch(vec![])),
        1 => EditCommand::Remove { clips: together, ripple: true },
        2 => EditCommand::Remove { clips: together, ripple: false },
        3 => {
            let edge = if c.is_multiple_of(2) { Edge::Start } else { Edge::End };
            EditCommand::RippleTrim { clips: together, edge, by: i64::from(b % 41) - 20 }
        }
        4 => EditCommand::Extract { from: at, to: at + i64::from(c % 50), tracks: vec![] },
        5 => EditCommand::Lift { from: at, to: at + i64::from(c % 50), tracks: vec![] },
        6 => {
            let by = i64::from(c % 200) - 100;
            let to = |id: &ClipId| p.sequence.clip(*id).map(|(t, c)| ClipMove { clip: *id, track: t.id, start: c.start + by });
            let mode = if b.is_multiple_of(2) { Placement::Ripple } else { Placement::Overwrite };
            EditCommand::Move { moves: together.iter().filter_map(to).collect(), mode }
        }
        7 => {
            // a picture alone is put in: sound under it must follow or be cut with its picture
            let content = ClipContent::Solid { color: [0.0, 0.0, 0.0, 1.0] };
            EditCommand::Insert { track: TrackId(2), clip: Clip::new(ClipId(id), at, 20, content), mode: Placement::Ripple }
        }
        _ => EditCommand::CloseGap { track: TrackId(2), at },
    }
}

/// How far the sound of each link group is from its picture, in frames; nothing where one of the two is
/// missing.
fn out_of_step(p: &Project) -> Vec<(u64, i64)> {
    let of = |kind| p.sequence.tracks.iter().filter(move |t| t.kind == kind).flat_map(|t| &t.clips);
    let zero = |c: &Clip| c.source_at(0, p.sequence.frame_rate);
    let apart = |v: &Clip, a: &Clip| Some((zero(v)? - zero(a)?).to_frames(p.sequence.frame_rate, Rounding::Nearest));
    let mut found = Vec::new();
    for v in of(TrackKind::Video).filter(|c| c.link.is_some()) {
        for a in of(TrackKind::Audio).filter(|a| a.link == v.link) {
            found.extend(apart(v, a).filter(|d: &i64| *d != 0).map(|d| (v.link.unwrap_or(0), d)));
        }
    }
    found
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn picture_and_sound_stay_in_step_and_linked(ops in prop::collection::vec(op(), 1..40)) {
        let mut p = film();
        for (i, op) in ops.iter().enumerate() {
            let c = as_a_person(&p, *op, 1000 + 10 * i as u64);
            if let Ok(next) = apply(&p, &c) {
                p = next;
                prop_assert_eq!(out_of_step(&p), vec![], "after {:?}", c);
                prop_assert_eq!(p.validate(), vec![]);
            }
        }
    }
}
