//! The source viewer and the program viewer's extras on real files: what is asked for is what is shown, to the frame.

use crate::*;
use montage_ai::session::{Monitor, Transport, Without};

/// 320×180 at 29.97, drop-frame from 01:00:00;00, each picture with its number.
fn ntsc() -> PathBuf {
    let codec = ["-c:v", "libx264", "-g", "60", "-pix_fmt", "yuv420p", "-timecode", "01:00:00;00"];
    common::numbered_video("session-ntsc.mov", "30000/1001", 90, &codec)
}

fn source_picture(s: &Session) -> Picture {
    match s.source().and_then(|s| s.deck.viewer.image.clone()) {
        Some(Rendered::Picture(p)) => p,
        _ => panic!("the processor's renderer gives pictures in memory"),
    }
}

fn source_settled(s: &mut Session) {
    until(s, "the source's exact picture", |s| {
        s.source().is_some_and(|s| s.deck.viewer.state == ViewState::UpToDate && s.deck.viewer.frame == s.deck.playhead)
    });
}

#[test]
fn a_source_is_shown_to_the_frame_and_leaves_the_program_alone() {
    let mut s = with_film(&film());
    s.dispatch(Command::Seek(77));
    settle(&mut s);
    let media = *s.project().media.keys().next().unwrap();
    let revision = s.revision();
    s.dispatch(Command::OpenSource(media));
    source_settled(&mut s);
    assert_eq!(common::number_in(&source_picture(&s)), 0);
    for frame in [200, 13, 14, 249, 100] {
        s.dispatch(Command::Source(Transport::Seek(frame)));
        source_settled(&mut s);
        assert_eq!(i64::from(common::number_in(&source_picture(&s))), frame);
    }
    for frame in (3..240).step_by(9) {
        s.dispatch(Command::Source(Transport::Scrub(frame)));
        s.poll();
        assert!(s.source().unwrap().deck.viewer.image.is_some(), "the last picture stays until the next");
    }
    s.dispatch(Command::Source(Transport::Step(-1)));
    source_settled(&mut s);
    assert_eq!(i64::from(common::number_in(&source_picture(&s))), s.source().unwrap().deck.playhead);
    assert_eq!((common::number_in(&shown(&s)), s.playhead(), s.revision()), (77, 77, revision));
}

#[test]
fn a_source_counts_in_its_own_rate_and_timecode() {
    let mut s = with_film(&film());
    s.dispatch(Command::Import(vec![ntsc()]));
    until(&mut s, "the import", |s| s.project().media.len() == 2);
    let media = *s.project().media.iter().find(|(_, m)| m.name.ends_with(".mov")).unwrap().0;
    s.dispatch(Command::OpenSource(media));
    s.dispatch(Command::Source(Transport::Seek(61)));
    source_settled(&mut s);
    assert_eq!(common::number_in(&source_picture(&s)), 61);
    let source = s.source().unwrap();
    let sequence = &source.project.sequence;
    assert_eq!((sequence.width, sequence.height, sequence.duration()), (320, 180, 90));
    assert_eq!(sequence.timecode(source.deck.playhead), "01:00:02;01");
}

#[test]
fn one_viewer_plays_at_a_time_and_each_keeps_its_place() {
    let mut s = with_film(&film());
    let media = *s.project().media.keys().next().unwrap();
    s.dispatch(Command::OpenSource(media));
    source_settled(&mut s);
    s.dispatch(Command::Source(Transport::Seek(100)));
    s.dispatch(Command::Source(Transport::Play));
    until(&mut s, "the source to run", |s| s.source().unwrap().deck.playhead > 105);
    assert!(!s.is_playing());
    s.dispatch(Command::Play);
    until(&mut s, "the program to run and the source to stand", |s| s.playhead() > 5 && !s.source().unwrap().deck.playing);
    let stands = s.source().unwrap().deck.playhead;
    assert!(stands > 105);
    s.dispatch(Command::Pause);
    until(&mut s, "the pause", |s| s.viewer().state == ViewState::UpToDate);
    s.dispatch(Command::CloseSource);
    assert!(s.source().is_none());
    s.dispatch(Command::OpenSource(media));
    source_settled(&mut s);
    assert_eq!(i64::from(common::number_in(&source_picture(&s))), stands, "a source opens where it was left");
}

#[test]
fn a_loop_starts_over_from_its_first_frame() {
    let mut s = with_film(&film());
    s.dispatch(Command::Program(Transport::Loop(Some((40, 60)))));
    s.dispatch(Command::Seek(55));
    s.dispatch(Command::Play);
    until(&mut s, "the first frames again", |s| (40..50).contains(&s.playhead()) && s.viewer().frame < 50);
    assert!(s.is_playing());
    s.dispatch(Command::Program(Transport::Loop(None)));
    until(&mut s, "frames past the loop", |s| s.playhead() > 62);
    s.dispatch(Command::Pause);
    until(&mut s, "the pause", |s| !s.is_playing());
}

#[test]
fn a_source_goes_with_its_media() {
    let mut s = with_film(&film());
    s.dispatch(Command::Import(vec![ntsc()]));
    until(&mut s, "the import", |s| s.project().media.len() == 2);
    let media = *s.project().media.iter().find(|(_, m)| m.name.ends_with(".mov")).unwrap().0;
    s.dispatch(Command::OpenSource(media));
    s.dispatch(Command::Edit(EditCommand::RemoveMedia { id: media }));
    assert!(s.source().is_none());
    s.dispatch(Command::OpenSource(media));
    assert!(s.source().is_none(), "a media that is not there does not open");
    s.dispatch(Command::Source(Transport::TogglePlay));
}

#[test]
fn scopes_count_the_shown_picture_once_it_stands_and_nothing_while_they_are_hidden() {
    let mut s = with_film(&film());
    s.dispatch(Command::Seek(50));
    settle(&mut s);
    assert!(s.scopes().is_none(), "nobody looks");
    s.dispatch(Command::Scopes(Some(Monitor::Program)));
    until(&mut s, "the counts", |s| s.scopes().is_some());
    let expected = |s: &Session| montage_ai::gpu::ScopeData::of(&shown(s)).unwrap();
    assert_eq!(*s.scopes().unwrap().0, expected(&s));
    for frame in (60..160).step_by(7) {
        s.dispatch(Command::Scrub(frame));
        s.poll();
    }
    s.dispatch(Command::Seek(201));
    settle(&mut s);
    until(&mut s, "the counts of the last picture", |s| *s.scopes().unwrap().0 == expected(s));
    s.dispatch(Command::Seek(20));
    s.dispatch(Command::Play);
    let before = s.scopes().unwrap().1;
    until(&mut s, "counts while it plays", |s| s.scopes().unwrap().1 > before + 2);
    assert!(s.is_playing());
}

#[test]
fn before_and_after_are_pictures_of_the_same_frame() {
    let mut s = with_film(&film());
    let clip = s.project().sequence.tracks[0].clips[0].id;
    let effect = montage_ai::model::Effect { kind: montage_ai::model::EffectKind::Exposure { stops: -2.0 }, enabled: true };
    s.dispatch(Command::Seek(33));
    settle(&mut s);
    let plain = shown(&s);
    s.dispatch(Command::Edit(EditCommand::SetClip { clip, change: ClipChange::Effects(vec![effect]) }));
    s.dispatch(Command::Compare(Some(Without::Effects)));
    settle(&mut s);
    let Some(Rendered::Picture(before)) = s.viewer().before.clone() else { panic!("a picture before") };
    let same = |a: &Picture, b: &Picture| (0..a.height).all(|y| a.row(0, y) == b.row(0, y));
    assert!(same(&before, &plain));
    s.dispatch(Command::Compare(None));
    settle(&mut s);
    assert!(s.viewer().before.is_none());
}
