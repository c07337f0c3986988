//! The source viewer: its marks, and the ways a marked piece comes onto the timeline.

use crate::{
    support::{chord, drag, key, picture, press_and_move},
    viewers::{Window, at, click, film, put_source_at, source_playhead, window, with_source},
};
use egui::{Key, Modifiers, pos2, vec2};
use egui_kittest::kittest::Queryable;
use montage_ai::{
    app::program::ProgramView,
    base::{FrameRate, MediaId, Time},
    model::{ClipContent, TrackKind},
    session::Monitor,
};

#[test]
fn keys_go_to_the_viewer_that_was_used_last() {
    let mut h = with_source("harbour_dawn.mp4, 4K");
    assert_eq!(h.state().shell().shared().active, Monitor::Source);
    key(&mut h, Key::ArrowRight);
    key(&mut h, Key::ArrowRight);
    assert_eq!((source_playhead(&h), h.state().program.playhead), (2, 0));
    key(&mut h, Key::Space);
    assert!(h.state().program.source.as_ref().unwrap().deck.playing && !h.state().program.playing);
    chord(&mut h, Modifiers::SHIFT, Key::Backtick);
    key(&mut h, Key::ArrowRight);
    assert_eq!((source_playhead(&h), h.state().program.playhead), (2, 1));
    h.get_by_label("Source viewer").click();
    h.run_steps(3);
    key(&mut h, Key::End);
    assert_eq!(source_playhead(&h), 1257, "the last frame of 42 s at 29.97");
}

#[test]
fn marks_of_a_source_are_its_own_and_are_remembered() {
    let mut h = with_source("harbour_dawn.mp4, 4K");
    put_source_at(&mut h, 100);
    key(&mut h, Key::I);
    put_source_at(&mut h, 199);
    key(&mut h, Key::O);
    assert_eq!(h.state().shell().shared().marks, Default::default(), "the sequence's stay as they were");
    h.get_by_label_contains("old_town_02.mp4, 4K").click();
    h.run_steps(3);
    chord(&mut h, Modifiers::SHIFT, Key::F);
    let marks = &h.state().shell().shared().source_marks;
    assert_eq!(marks.len(), 1);
    let m = marks[&MediaId(100)];
    assert_eq!((m.start, m.end), (Some(100), Some(200)));
    click(&mut h, "Close source");
    assert!(h.query_by_label("Source viewer").is_none());
    key(&mut h, Key::ArrowRight);
    assert_eq!(h.state().program.playhead, 1, "without a source the keys are the program's");
}

#[test]
fn the_marked_piece_is_inserted_overwritten_appended() {
    for (key_of, label) in [(Key::Comma, "Insert source"), (Key::Period, "Overwrite with source")] {
        let mut h = with_source("cafe_interior.mp4, 1080p");
        put_source_at(&mut h, 100);
        key(&mut h, Key::I);
        put_source_at(&mut h, 129);
        key(&mut h, Key::O);
        h.state_mut().program.playhead = 300;
        h.run_steps(2);
        if key_of == Key::Comma {
            key(&mut h, key_of)
        } else {
            click(&mut h, label)
        }
        let (video, sound) = (at(&h, 0, 300).unwrap(), at(&h, 2, 300).unwrap());
        for c in [&video, &sound] {
            assert_eq!((c.start, c.duration, c.media()), (300, 30, Some(MediaId(104))), "{label}");
        }
        let ClipContent::Media { source_in, .. } = video.content else { panic!("{video:?}") };
        assert_eq!(source_in, Time::from_frames(100, FrameRate::NTSC_30));
        assert!(video.link.is_some() && video.link == sound.link);
        assert_eq!(h.state().program.playhead, 330, "ready for the next piece");
        let moved = at(&h, 0, 1000).unwrap();
        assert_eq!(moved.start, if key_of == Key::Comma { 878 } else { 848 }, "{label}");
        chord(&mut h, Modifiers::COMMAND, Key::Z);
        assert_eq!(h.state().program.undo_label(), None, "one step");
    }
    let mut h = with_source("cafe_interior.mp4, 1080p");
    click(&mut h, "Append source");
    let last = at(&h, 0, 1800).unwrap();
    assert_eq!((last.start, last.media()), (1734, Some(MediaId(104))));
}

#[test]
fn a_source_replaces_the_selected_clip_from_its_in_point() {
    let mut h = with_source("cafe_interior.mp4, 1080p");
    put_source_at(&mut h, 60);
    key(&mut h, Key::I);
    h.get_by_label_contains("b-roll: gulls, V2").click();
    h.run_steps(3);
    click(&mut h, "Replace with source");
    let c = h.state().program.clip(51);
    let ClipContent::Media { media, source_in, .. } = c.content else { panic!("{c:?}") };
    assert_eq!((media, source_in, c.start, c.duration), (MediaId(104), Time::from_frames(60, FrameRate::NTSC_30), 494, 148));
}

#[test]
fn a_piece_dragged_from_the_picture_lands_under_the_pointer_and_sound_alone_stays_sound() {
    let mut h = with_source("drone_cliff.mp4, 4K");
    put_source_at(&mut h, 30);
    key(&mut h, Key::I);
    put_source_at(&mut h, 89);
    key(&mut h, Key::O);
    let lanes = h.get_by_label("Timeline lanes").rect();
    let x = lanes.left() + h.state().shell().timeline().view.x(1750.0) as f32;
    let to = pos2(x.min(lanes.right() - 6.0), h.get_by_label_contains("old_town_02.mp4, V1").rect().center().y);
    let from = h.get_by_label("Source viewer").rect().center();
    press_and_move(&mut h, from, to);
    picture(&mut h, "source-drag");
    h.drop_at(to);
    h.run_steps(3);
    let clips = |h: &Window, kind| {
        let tracks = h.state().program.project().sequence.tracks.iter().filter(move |t| t.kind == kind).cloned().collect::<Vec<_>>();
        tracks.iter().flat_map(|t| t.clips.iter()).filter(|c| c.media() == Some(MediaId(103)) && c.duration == 60).count()
    };
    assert_eq!((clips(&h, TrackKind::Video), clips(&h, TrackKind::Audio)), (1, 1));
    let from = h.get_by_label("Sound only").rect().center();
    drag(&mut h, from, to - vec2(120.0, 0.0));
    assert_eq!(clips(&h, TrackKind::Audio), 2);
    assert_eq!(clips(&h, TrackKind::Video), 1, "its picture stays where it was");
}

#[test]
fn match_frame_opens_the_source_at_the_very_frame() {
    let mut h = window(film());
    h.state_mut().program.playhead = 300;
    key(&mut h, Key::F);
    let s = h.state().program.source.as_ref().unwrap();
    // clip 11 begins at 236 and shows its media from five seconds on
    assert_eq!((s.media, s.deck.playhead), (MediaId(101), 300 - 236 + 149));
    h.get_by_label_contains("b-roll: nets, V2").click();
    h.run_steps(3);
    chord(&mut h, Modifiers::SHIFT, Key::F);
    let marks = h.state().shell().shared().source_marks[&MediaId(102)];
    assert_eq!(marks.end.unwrap() - marks.start.unwrap(), 186, "a clip opens with its piece marked");
}

#[test]
fn a_sound_is_shown_as_its_waveform_whose_playhead_can_be_dragged() {
    let mut h = with_source("tide_and_tempo.flac, FLAC");
    let wave = h.get_by_label("Source waveform").rect();
    drag(&mut h, wave.left_center() + vec2(20.0, 0.0), wave.center());
    let duration = h.state().program.source.as_ref().unwrap().project.sequence.duration();
    assert!((source_playhead(&h) - duration / 2).abs() <= duration / 100, "{}", source_playhead(&h));
    picture(&mut h, "source-sound");
}
