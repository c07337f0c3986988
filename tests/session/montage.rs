//! The automatic montage, as a window has it made: of media in the bin, into the open document.

use super::{common, session, until};
use montage_ai::{
    base::{ClipId, FrameRate, MediaId},
    edit::{ClipChange, EditCommand},
    model::{Chosen, Clip, Sequence},
    session::{
        Command, Session,
        montage::{Ask, Counting, MontageWish},
    },
};
use std::{path::Path, sync::Arc};

/// Three films of six seconds that look different, and a click track of 120 beats a minute.
fn bin(folder: &Path) -> (Session, Vec<MediaId>, MediaId) {
    let mut files = Vec::new();
    for (name, colour) in [("a", "red"), ("b", "green"), ("c", "blue")] {
        let file = folder.join(format!("{name}.mp4"));
        let picture = format!("color={colour}:s=64x36:r=10:d=6,noise=alls=20:allf=t");
        common::ffmpeg(&["-f", "lavfi", "-i", &picture, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"], &file);
        files.push(file);
    }
    let music = folder.join("clicks.wav");
    let clicks = "aevalsrc='0.8*sin(2*PI*(180-100*mod(t,0.5))*mod(t,0.5))*exp(-22*mod(t,0.5))':s=48000:d=10";
    common::ffmpeg(&["-f", "lavfi", "-i", clicks], &music);
    files.push(music);
    let mut s = session();
    s.dispatch(Command::Import(files));
    until(&mut s, "the import", |s| s.project().media.len() == 4);
    let of = |s: &Session, picture: bool| {
        let wanted = s.project().media.iter().filter(|(_, m)| m.info.video.is_some() == picture);
        wanted.map(|(id, _)| *id).collect::<Vec<_>>()
    };
    let (footage, music) = (of(&s, true), of(&s, false)[0]);
    (s, footage, music)
}

fn shots(s: &Session) -> Vec<Arc<Clip>> {
    shots_of(&s.project().sequence)
}

fn shots_of(s: &Sequence) -> Vec<Arc<Clip>> {
    s.tracks.iter().flat_map(|t| &t.clips).filter(|c| c.chosen.is_some()).cloned().collect()
}

/// What a shot shows.
fn looks(clips: &[Arc<Clip>]) -> Vec<(ClipId, i64, i64, String)> {
    clips.iter().map(|c| (c.id, c.start, c.end(), format!("{:?}", c.content))).collect()
}

#[test]
fn a_montage_comes_into_the_document_as_one_step_and_its_shots_are_chosen_anew_one_by_one() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, footage, music) = bin(dir.path());
    let before = s.project().clone();
    let ask = Ask { footage, music: Some(music), style: Some("dynamic".into()), seed: 7, ..Ask::default() };
    s.dispatch(Command::Montage(MontageWish::Make(Box::new(ask.clone()))));
    until(&mut s, "the montage", |s| !shots(s).is_empty());
    let first = shots(&s);
    assert!(first.len() >= 3 && first.iter().all(|c| !c.chosen.as_ref().unwrap().reasons.is_empty()));
    assert_eq!(s.undo_label(), Some("Montage"));
    let beats = s.project().sequence.markers.iter().filter(|m| m.duration == 0).count();
    assert!((18..=21).contains(&beats), "{beats} beats are marked");
    assert_eq!(s.project().validate(), []);
    s.dispatch(Command::Undo);
    assert_eq!(s.project().sequence, before.sequence, "it is one step");
    s.dispatch(Command::Redo);

    // another shot in the place of one
    let one = first[1].id;
    s.dispatch(Command::Montage(MontageWish::Reroll(vec![one])));
    until(&mut s, "another shot", |s| looks(&shots(s)) != looks(&first));
    let second = shots(&s);
    let changed: Vec<ClipId> = looks(&first).iter().zip(looks(&second)).filter(|(a, b)| *a != b).map(|(a, _)| a.0).collect();
    assert_eq!(changed, [one], "the others stay");
    assert_eq!((second[1].start, second[1].end()), (first[1].start, first[1].end()));
    assert_eq!(second[1].chosen.as_ref().unwrap().refused.len(), 1);
    assert_eq!(s.undo_label(), Some("Re-roll shot"));

    // all but a locked one
    let locked = Chosen { locked: true, ..(**second[0].chosen.as_ref().unwrap()).clone() };
    let lock = EditCommand::SetClip { clip: second[0].id, change: ClipChange::Chosen(Some(Box::new(locked))) };
    s.dispatch(Command::Edit(lock));
    s.dispatch(Command::Montage(MontageWish::RerollRest));
    until(&mut s, "other shots", |s| looks(&shots(s)) != looks(&second));
    assert_eq!(looks(&shots(&s))[0], looks(&second)[0], "what is locked stays");

    // another style beside it, to compare
    s.dispatch(Command::Montage(MontageWish::Make(Box::new(Ask { style: Some("cinematic".into()), ..ask.clone() }))));
    until(&mut s, "the other style", |s| s.project().others.len() == 1);
    assert_eq!(s.project().validate(), []);
    assert_ne!(looks(&shots(&s)).len(), 0);

    // the music from its third second on, counted half as fast, small and at another rate; a shot chosen anew leaves all that
    let counting = Counting { times: 0.5, bar_offset: 1, ..Counting::default() };
    let film = (Some((1, 1)), Some(64), Some(FrameRate::FPS_24));
    let (aspect, short_side, frame_rate) = film;
    let ask = Ask { style: Some("dynamic".into()), music_start_secs: 3.0, counting, aspect, short_side, frame_rate, ..ask };
    s.dispatch(Command::Montage(MontageWish::Make(Box::new(ask))));
    until(&mut s, "the third", |s| s.project().others.len() == 2);
    let open = s.project().sequence.clone();
    assert_eq!((open.width, open.height, open.frame_rate), (64, 64, FrameRate::FPS_24));
    assert!((open.duration_time().as_secs_f64() - 7.0).abs() < 0.05, "what is left of the music");
    let beats = open.markers.iter().filter(|m| m.duration == 0).count();
    assert!((6..=8).contains(&beats), "{beats} beats of 60 a minute in 7 s");
    let third = shots_of(&open);
    let one = third[1].id;
    s.dispatch(Command::Montage(MontageWish::Reroll(vec![one])));
    until(&mut s, "another shot", |s| looks(&shots_of(&s.project().sequence)) != looks(&third));
    assert_eq!(s.project().sequence.montage, open.montage);
    assert_eq!(s.project().sequence.montage.as_ref().map(|m| m.counting), Some(counting));
}

#[test]
fn what_cannot_be_planned_is_told_and_leaves_the_document_alone() {
    let mut s = session();
    s.dispatch(Command::Montage(MontageWish::RerollRest));
    assert!(s.take_notices().iter().any(|n| n.text.contains("no montage")));
    s.dispatch(Command::Montage(MontageWish::Make(Box::default())));
    let mut told = Vec::new();
    until(&mut s, "the failure", |s| {
        told.extend(s.take_notices());
        told.iter().any(|n| n.text.contains("nothing to cut"))
    });
    assert_eq!(s.project().sequence.duration(), 0);
}
