//! What the pointer and the keys do in the timeline, down to the document.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, drag, key, open, press_and_move},
};
use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::program::ProgramView,
    base::{ClipId, TrackId, TransitionId},
    edit::{ClipChange, Edge, EditCommand, Placement},
    session::Command,
};

type Window = Harness<'static, World>;

fn window() -> Window {
    open(World::new(Fake::new(day_at_sea()).with_picture()), [1400.0, 900.0])
}

/// A visible clip by name and track.
fn clip(h: &Window, start: &str) -> Rect {
    h.get_by_label_contains(start).rect()
}

fn lanes(h: &Window) -> Rect {
    h.get_by_label("Timeline lanes").rect()
}

/// Screen x of a frame.
fn x(h: &Window, frame: i64) -> f32 {
    lanes(h).left() + h.state().shell().timeline().view.x(frame as f64) as f32
}

fn at(h: &Window, frame: i64, y: f32) -> Pos2 {
    Pos2::new(x(h, frame), y)
}

fn lasts(h: &Window, id: u64) -> (i64, i64) {
    let c = h.state().program.clip(id);
    (c.start, c.end())
}

fn v1(h: &Window) -> f32 {
    clip(h, "old_town_02.mp4, V1").center().y
}

fn v2(h: &Window) -> f32 {
    clip(h, "b-roll: gulls, V2").center().y
}

#[test]
fn a_click_selects_a_clip_with_its_sound_and_alt_takes_it_alone() {
    let mut h = window();
    h.get_by_label_contains("old_town_02.mp4, V1").click();
    h.run_steps(2);
    assert_eq!(h.state().shell().shared().selection.clips, [ClipId(11), ClipId(31)].into());
    h.get_by_label_contains("market_walk.mp4, V1").click_modifiers(Modifiers::ALT);
    h.run_steps(2);
    assert_eq!(h.state().shell().shared().selection.clips, [ClipId(12)].into());
    assert!(h.state().program.edits().is_empty(), "selecting changes nothing");
}

#[test]
fn a_dragged_clip_moves_with_its_sound_as_one_undo_step() {
    let mut h = window();
    let y = v1(&h);
    // the last clip has room behind it
    let (from, to) = (at(&h, 1550, y), at(&h, 1650, y));
    drag(&mut h, from, to);
    let (picture, sound) = (lasts(&h, 16), lasts(&h, 36));
    assert_eq!(picture, sound);
    assert!((picture.0 - 1498).abs() <= 3, "moved to {picture:?}");
    let sent = &h.state().program.sent;
    assert!(matches!(sent.iter().find(|c| matches!(c, Command::Begin(_))), Some(Command::Begin("Move clip"))));
    assert!(matches!(sent.last(), Some(Command::Commit)), "{sent:?}");
    assert_eq!(h.state().program.undo_label(), Some("Move clip"));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!((lasts(&h, 16), lasts(&h, 36)), ((1398, 1684), (1398, 1684)));
}

#[test]
fn escape_puts_a_dragged_clip_back() {
    let mut h = window();
    let y = v1(&h);
    let (from, to) = (at(&h, 1550, y), at(&h, 1650, y));
    press_and_move(&mut h, from, to);
    assert_ne!(lasts(&h, 16).0, 1398, "the document follows the pointer");
    key(&mut h, Key::Escape);
    assert_eq!(lasts(&h, 16).0, 1398);
    h.drop_at(to);
    h.run_steps(2);
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::Abort)));
    assert_eq!(h.state().program.undo_label(), None);
}

#[test]
fn a_moving_clip_catches_on_a_cut_unless_alt_is_held() {
    let mut h = window();
    let y = v2(&h);
    // gulls start at 494; drag so that they nearly start at the cut at 686
    let (from, to) = (at(&h, 560, y), at(&h, 560 + 686 - 494, y) + vec2(4.0, 0.0));
    drag(&mut h, from, to);
    assert_eq!(lasts(&h, 51).0, 686);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    key(&mut h, Key::N);
    drag(&mut h, from, to);
    assert_ne!(lasts(&h, 51).0, 686, "snapping is off");
}

#[test]
fn a_clip_dragged_to_another_lane_lands_on_that_track() {
    let mut h = window();
    let (from, to) = (at(&h, 560, v2(&h)), at(&h, 1780, v1(&h)));
    // behind the last clip of V1, past the end: zoom out first
    chord(&mut h, Modifiers::COMMAND, Key::Minus);
    let (from, to) = (at(&h, 560, from.y), at(&h, 2000, to.y));
    drag(&mut h, from, to);
    let track = h.state().program.project().sequence.clip(ClipId(51)).map(|(t, _)| t.id);
    assert_eq!(track, Some(TrackId(2)));
    assert!(lasts(&h, 51).0 > 1684);
}

#[test]
fn dragging_an_end_trims_picture_and_sound_together() {
    let mut h = window();
    let y = v1(&h) + 12.0;
    let (from, to) = (at(&h, 1684, y) - vec2(3.0, 0.0), at(&h, 1600, y));
    drag(&mut h, from, to);
    let (picture, sound) = (lasts(&h, 16), lasts(&h, 36));
    assert_eq!(picture, sound);
    assert!((picture.1 - 1600).abs() <= 5 && picture.0 == 1398, "{picture:?}");
    assert_eq!(h.state().program.undo_label(), Some("Trim clip"));
    let trims =
        |e: &&EditCommand| matches!(e, EditCommand::Batch(b) if b.iter().all(|c| matches!(c, EditCommand::Trim { edge: Edge::End, .. })));
    assert!(h.state().program.edits().iter().all(trims));
}

#[test]
fn a_trim_stops_where_the_media_ends() {
    let mut h = window();
    // harbour_dawn lasts 42 s; the clip 848–1174 starts 5 s in and the next begins at 1174: free the way first
    h.get_by_label_contains("cafe_interior.mp4, V1").click();
    h.run_steps(2);
    key(&mut h, Key::Delete);
    let y = v1(&h) + 12.0;
    let (from, to) = (at(&h, 1174, y) - vec2(3.0, 0.0), at(&h, 1390, y));
    drag(&mut h, from, to);
    let (start, end) = lasts(&h, 14);
    assert!(end <= 1398, "never into the neighbour");
    let rate = h.state().program.project().sequence.frame_rate;
    let media_frames = montage_ai::base::Time::from_secs(37).to_frames(rate, montage_ai::base::Rounding::Floor);
    assert!(end - start <= media_frames);
    assert!(h.state().program.notices.is_empty(), "{:?}", h.state().program.notices);
}

#[test]
fn a_fade_handle_sets_the_fade() {
    let mut h = window();
    h.get_by_label_contains("b-roll: gulls, V2").click();
    h.run_steps(2);
    let r = clip(&h, "b-roll: gulls, V2");
    let handle = Pos2::new(r.left() + 10.0, r.top() + 17.0);
    let to = Pos2::new(x(&h, 524), handle.y);
    drag(&mut h, handle, to);
    let fade = h.state().program.clip(51).fade_in;
    assert!((fade - 30).abs() <= 2, "fades in over {fade} frames");
    assert!(matches!(h.state().program.edits().last(), Some(EditCommand::SetClip { change: ClipChange::FadeIn(_), .. })));
}

#[test]
fn the_razor_cuts_where_it_is_clicked() {
    let mut h = window();
    key(&mut h, Key::B);
    let pos = at(&h, 100, v1(&h));
    h.hover_at(pos);
    h.step();
    h.drag_at(pos);
    h.step();
    h.drop_at(pos);
    h.run_steps(2);
    let track = h.state().program.project().sequence.track(TrackId(2)).cloned().unwrap();
    assert_eq!(track.clips.len(), 8);
    assert!((track.clips[0].end() - 100).abs() <= 1);
    assert_eq!(track.clips[0].end(), track.clips[1].start);
    let sound = h.state().program.project().sequence.track(TrackId(3)).cloned().unwrap();
    assert_eq!(sound.clips.len(), 8, "the linked sound is cut too");
    assert_eq!(sound.clips[1].link, track.clips[1].link);
    assert_ne!(track.clips[0].link, track.clips[1].link);
}

#[test]
fn delete_leaves_a_gap_and_ripple_delete_closes_it() {
    let mut h = window();
    let select = |h: &mut Window| {
        h.get_by_label_contains("drone_cliff.mp4, V1").click();
        h.run_steps(2);
    };
    select(&mut h);
    key(&mut h, Key::Delete);
    assert_eq!(lasts(&h, 14).0, 848);
    assert!(h.state().program.project().sequence.clip(ClipId(33)).is_none(), "its sound went too");
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    select(&mut h);
    chord(&mut h, Modifiers::SHIFT, Key::Delete);
    assert_eq!((lasts(&h, 14).0, lasts(&h, 34).0), (686, 686));
}

#[test]
fn ctrl_and_wheel_zoom_around_the_pointer() {
    let mut h = window();
    let r = lanes(&h);
    let pos = Pos2::new(r.left() + 700.0, r.center().y);
    h.hover_at(pos);
    h.step();
    let frame = |h: &Window| h.state().shell().timeline().view.frame_at(f64::from(pos.x - lanes(h).left()));
    let (before, scale) = (frame(&h), h.state().shell().timeline().view.scale);
    h.event_modifiers(
        egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, 120.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::COMMAND,
        },
        Modifiers::COMMAND,
    );
    h.run_steps(20);
    let view = h.state().shell().timeline().view;
    assert!(view.scale > scale * 1.2, "{} then {}", scale, view.scale);
    assert!((frame(&h) - before).abs() * view.scale < 0.01, "the frame under the pointer moved from {before} to {}", frame(&h));
}

#[test]
fn the_ruler_scrubs_and_then_seeks() {
    let mut h = window();
    let y = lanes(&h).top() - 20.0;
    let (from, to) = (at(&h, 200, y), at(&h, 900, y));
    drag(&mut h, from, to);
    let sent = &h.state().program.sent;
    assert!(sent.iter().filter(|c| matches!(c, Command::Scrub(_))).count() >= 3);
    let last = sent.iter().rev().find_map(|c| match c {
        Command::Seek(f) => Some(*f),
        _ => None,
    });
    assert!(last.is_some_and(|f| (f - 900).abs() <= 1), "{last:?}");
}

#[test]
fn a_box_selects_what_it_touches() {
    let mut h = window();
    let from = Pos2::new(x(&h, 1500), v2(&h) - 20.0);
    let to = Pos2::new(x(&h, 1250), v1(&h));
    drag(&mut h, from, to);
    assert_eq!(h.state().shell().shared().selection.clips, [15, 16, 35, 36].map(ClipId).into());
}

#[test]
fn media_dragged_from_the_bin_lands_under_the_pointer_with_its_sound() {
    let mut h = window();
    let from = h.get_by_label_contains("market_walk.mp4, 1080p").rect().center();
    let to = at(&h, 1300, v2(&h));
    drag(&mut h, from, to);
    let (clips, mode) = match h.state().program.edits().last() {
        Some(EditCommand::InsertClips { clips, mode }) => (clips.clone(), *mode),
        other => panic!("{other:?}"),
    };
    assert_eq!((clips[0].0, clips[1].0, mode), (TrackId(4), TrackId(5), Placement::Overwrite), "V2 and A2");
    assert!(clips.iter().all(|(_, c)| (c.start - 1300).abs() <= 12), "{clips:?}");
}

#[test]
fn a_dissolve_goes_on_the_nearest_cut() {
    let mut h = window();
    h.state_mut().program.playhead = 840;
    h.get_by_label("Add cross dissolve").click();
    h.run_steps(2);
    match h.state().program.edits().last() {
        Some(EditCommand::AddTransition { left, right, before, after, .. }) => {
            assert_eq!((left.0, right.0, *before, *after), (13, 14, 15, 15));
        }
        other => panic!("{other:?}"),
    }
    assert!(h.state().program.notices.is_empty());
}

#[test]
fn a_transition_can_be_selected_and_deleted() {
    let mut h = window();
    let r = clip(&h, "old_town_02.mp4, V1");
    let pos = Pos2::new(x(&h, 424) + 5.0, r.bottom() - 10.0);
    h.hover_at(pos);
    h.step();
    h.drag_at(pos);
    h.step();
    h.drop_at(pos);
    h.run_steps(2);
    assert_eq!(h.state().shell().shared().selection.transition, Some(TransitionId(60)));
    key(&mut h, Key::Delete);
    assert_eq!(h.state().program.project().sequence.track(TrackId(2)).unwrap().transitions.len(), 1);
}

#[test]
fn heads_mute_lock_and_solo_their_track() {
    let mut h = window();
    for name in ["Mute A1", "Solo A2", "Lock V2", "Hide V1"] {
        h.get_by_label(name).click();
        h.run_steps(2);
    }
    let s = &h.state().program.project().sequence;
    assert!(s.track(TrackId(3)).unwrap().muted && s.track(TrackId(5)).unwrap().solo);
    assert!(s.track(TrackId(4)).unwrap().locked && s.track(TrackId(2)).unwrap().muted);
    // a locked track's clips stay where they are
    let y = v2(&h);
    let (from, to) = (at(&h, 560, y), at(&h, 700, y));
    let edits = h.state().program.edits().len();
    drag(&mut h, from, to);
    assert_eq!(h.state().program.edits().len(), edits);
}
