//! Playback as a window drives it: every picture that is shown carries the number of the frame that it is shown for, in
//! whatever direction, at whatever speed, while the document changes under it.

use crate::*;
use montage_ai::{model::Speed, session::Transport};

/// Looks at each new picture until `done`; gives (frame, number in the picture).
fn watch(s: &mut Session, what: &str, mut done: impl FnMut(&mut Session) -> bool) -> Vec<(i64, i64)> {
    let (mut seen, mut serial) = (Vec::new(), s.viewer().image_serial);
    until(s, what, |s| {
        assert!(s.viewer().image.is_some(), "the last picture stays until the next");
        if s.viewer().image_serial != serial {
            serial = s.viewer().image_serial;
            seen.push((s.viewer().frame, i64::from(common::number_in(&shown(s)))));
        }
        done(s)
    });
    seen
}

fn start_at(s: &mut Session, frame: i64) {
    s.dispatch(Command::Seek(frame));
    settle(s);
}

fn program(s: &mut Session, what: Transport) {
    s.dispatch(Command::Program(what));
}

#[test]
fn cuts_while_playing_keep_the_right_pictures_coming() {
    let mut s = with_film(&film());
    s.dispatch(Command::Play);
    let mut cuts = 0;
    let seen = watch(&mut s, "forty cuts", |s| {
        // a cut changes no picture: whatever is shown must be what the clip had there
        let at = s.playhead() + 1 + cuts % 7;
        let clip = s.project().sequence.tracks[0].clips.iter().find(|c| c.start < at && at < c.end()).map(|c| c.id);
        if let Some(clip) = clip {
            let new_id = montage_ai::base::ClipId(s.fresh_ids().next().unwrap());
            s.dispatch(Command::Edit(EditCommand::Split { clip, at, new_id }));
            cuts += 1;
        }
        cuts >= 40 && s.playhead() > 40
    });
    assert!(s.is_playing());
    assert!(seen.len() > 5 && seen.iter().all(|(frame, number)| frame == number), "{seen:?}");
    assert!(seen.windows(2).all(|w| w[0].0 <= w[1].0));
    s.dispatch(Command::Pause);
    settle(&mut s);
    assert_eq!(i64::from(common::number_in(&shown(&s))), s.playhead());
}

#[test]
fn a_clip_that_is_dragged_under_the_playhead_while_playing_never_leaves_an_old_or_empty_picture() {
    let mut s = with_film(&film());
    let clip = s.project().sequence.tracks[0].clips[0].id;
    s.dispatch(Command::Edit(EditCommand::Trim { clip, edge: montage_ai::edit::Edge::End, to: 200 }));
    s.dispatch(Command::Play);
    until(&mut s, "some frames", |s| s.playhead() > 20);
    s.dispatch(Command::Begin("Slip clip"));
    let (mut by, mut given) = (0, Instant::now());
    let seen = watch(&mut s, "the drag", |s| {
        if given.elapsed() > Duration::from_millis(15) {
            (by, given) = (by + 1, Instant::now());
            s.dispatch(Command::EditAbsolute(EditCommand::Slip { clip, by_frames: by }));
        }
        by == 45
    });
    s.dispatch(Command::Commit);
    assert!(s.is_playing());
    // the content has moved by at most as much as the drag had then
    assert!(seen.len() > 3 && seen.iter().all(|(frame, number)| (0..=45).contains(&(number - frame))), "{seen:?}");
    assert!(seen.windows(2).all(|w| w[0].1 - w[0].0 <= w[1].1 - w[1].0), "{seen:?}");
    let after = watch(&mut s, "the new place", |s| s.playhead() > 130);
    let settled = &after[3.min(after.len() - 1)..];
    assert!(settled.iter().all(|(frame, number)| number - frame == 45), "{after:?}");
}

#[test]
fn a_seek_while_playing_goes_on_there_and_keeps_the_last_picture_until_it_does() {
    let mut s = with_film(&film());
    s.dispatch(Command::Play);
    for to in [180, 20, 120, 60] {
        until(&mut s, "some frames", |s| s.viewer().frame == s.playhead());
        s.dispatch(Command::Seek(to));
        assert_eq!(s.playhead(), to);
        let seen = watch(&mut s, "the new place", |s| (to + 2..to + 40).contains(&s.viewer().frame));
        assert!(s.is_playing());
        let first = seen.iter().position(|(frame, _)| (to..to + 40).contains(frame)).unwrap();
        assert!(first <= 2, "pictures that were under way, no more: {seen:?}");
        assert!(seen.iter().all(|(frame, number)| frame == number), "{seen:?}");
    }
    // several at once: only the last matters
    for to in [10, 200, 30, 100] {
        s.dispatch(Command::Seek(to));
    }
    let seen = watch(&mut s, "the last place", |s| (102..140).contains(&s.viewer().frame));
    assert!(seen.iter().all(|(frame, number)| frame == number), "{seen:?}");
}

#[test]
fn the_shuttle_goes_both_ways_at_every_speed_and_stops_at_the_ends() {
    let mut s = with_film(&film());
    start_at(&mut s, 150);
    program(&mut s, Transport::Shuttle(Speed(-2, 1)));
    let back = watch(&mut s, "going back", |s| s.viewer().frame < 110);
    assert!(back.windows(2).all(|w| w[1].0 < w[0].0) && back.iter().all(|(f, n)| f == n), "{back:?}");
    // turning around goes on from where it is; on a busy machine what is known of that is a little old
    program(&mut s, Transport::Shuttle(Speed(4, 1)));
    let turned = s.playhead();
    let forward = watch(&mut s, "the end", |s| !s.is_playing());
    assert!(forward.iter().all(|(f, n)| f == n && *f >= turned - 15), "{forward:?}");
    assert_eq!((s.playhead(), common::number_in(&shown(&s))), (249, 249));
    assert!(forward.len() <= 60, "at four times the speed not every picture is shown: {}", forward.len());
    start_at(&mut s, 12);
    program(&mut s, Transport::Shuttle(Speed::REVERSE));
    let back = watch(&mut s, "the start", |s| !s.is_playing());
    assert!(back.iter().all(|(f, n)| f == n), "{back:?}");
    assert_eq!((s.playhead(), common::number_in(&shown(&s))), (0, 0));
    // there is nothing further back
    program(&mut s, Transport::Shuttle(Speed::REVERSE));
    assert!(!s.is_playing());
}

#[test]
fn slow_motion_shows_each_frame_and_drops_none() {
    let mut s = with_film(&film());
    let good = (vec![51, 52, 53, 54], 0);
    // a frame stands for a third of a second: a machine that is kept busy for longer may rightly leave one out, but not each time
    let mut tries = Vec::new();
    while tries.len() < 5 && tries.last() != Some(&good) {
        start_at(&mut s, 50);
        let before = s.viewer().dropped_frames;
        program(&mut s, Transport::Shuttle(Speed(1, 8)));
        let seen = watch(&mut s, "four frames", |s| s.viewer().frame >= 54);
        program(&mut s, Transport::Pause);
        let frames: Vec<i64> = seen.iter().map(|s| s.0).filter(|f| *f > 50).collect();
        tries.push((frames, s.viewer().dropped_frames - before));
    }
    assert_eq!(tries.last(), Some(&good), "{tries:?}");
}

#[test]
fn a_loop_goes_round_within_its_range() {
    let mut s = with_film(&film());
    start_at(&mut s, 100);
    program(&mut s, Transport::Loop(Some((100, 110))));
    s.dispatch(Command::Play);
    let (mut turns, mut last) = (0, 100);
    let seen = watch(&mut s, "three turns", |s| {
        turns += i32::from(s.viewer().frame < last);
        last = s.viewer().frame;
        turns == 3
    });
    assert!(seen.iter().all(|(f, n)| f == n && (100..110).contains(f)), "{seen:?}");
    // without the loop it plays on
    program(&mut s, Transport::Loop(None));
    until(&mut s, "what comes after", |s| s.viewer().frame > 115);
    assert!(s.is_playing());
}

#[test]
fn sound_that_cannot_be_read_is_said_once_and_the_rest_plays() {
    let dir = tempfile::tempdir().unwrap();
    let song = dir.path().join("song.wav");
    common::ffmpeg(&["-f", "lavfi", "-i", "sine=d=4:r=48000"], &song);
    let mut s = with_film(&film());
    s.dispatch(Command::Import(vec![song.clone()]));
    until(&mut s, "the import", |s| s.project().media.len() == 2);
    let media = *s.project().media.keys().next_back().unwrap();
    s.dispatch(Command::Append(vec![media]));
    std::fs::remove_file(&song).unwrap();
    s.take_notices();
    let mut said = Vec::new();
    for _ in 0..2 {
        s.dispatch(Command::Seek(255));
        s.dispatch(Command::Play);
        until(&mut s, "playing", |s| s.playhead() > 265);
        s.dispatch(Command::Pause);
        until(&mut s, "the pause", |s| !s.is_playing());
        said.extend(s.take_notices().into_iter().filter(|n| n.text.contains("sound")));
    }
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].text.contains("song") && said[0].hint.is_some());
}
