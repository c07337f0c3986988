//! Each tool of the timeline as a person uses it, down to the document.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, drag, key, open, press_and_move},
};
use egui::{Event, Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{program::ProgramView, state::Tool},
    base::{ClipId, Time, TrackId},
    edit::EditCommand,
    model::{Project, TransitionKind},
};
use std::sync::Arc;

pub type Window = Harness<'static, World>;

pub fn window() -> Window {
    of(day_at_sea())
}

pub fn of(project: Project) -> Window {
    open(World::new(Fake::new(project).with_picture()), [1500.0, 960.0])
}

/// The film without transitions, so that cuts can be taken hold of anywhere.
fn plain_cuts() -> Project {
    let mut p = day_at_sea();
    let s = Arc::make_mut(&mut p.sequence);
    s.tracks.iter_mut().for_each(|t| Arc::make_mut(t).transitions.clear());
    p
}

pub fn clip(h: &Window, label: &str) -> Rect {
    h.get_by_label_contains(label).rect()
}

pub fn x(h: &Window, frame: i64) -> f32 {
    h.get_by_label("Timeline lanes").rect().left() + h.state().shell().timeline().view.x(frame as f64) as f32
}

pub fn at(h: &Window, frame: i64, y: f32) -> Pos2 {
    Pos2::new(x(h, frame), y)
}

pub fn span(h: &Window, id: u64) -> (i64, i64) {
    let c = h.state().program.clip(id);
    (c.start, c.end())
}

fn source_in(h: &Window, id: u64) -> Time {
    h.state().program.clip(id).content.source().map(|s| s.0).expect("it has a source")
}

/// Hold modifiers while something is done.
pub fn holding(h: &mut Window, modifiers: Modifiers, act: impl FnOnce(&mut Window)) {
    h.event(Event::ModifiersChanged(modifiers));
    h.step();
    act(h);
    h.event(Event::ModifiersChanged(Modifiers::NONE));
    h.run_steps(2);
}

pub fn click(h: &mut Window, pos: Pos2) {
    h.hover_at(pos);
    h.step();
    h.drag_at(pos);
    h.step();
    h.drop_at(pos);
    h.run_steps(2);
}

/// No snapping, so that a drag lands where it is let go.
fn free(h: &mut Window) {
    key(h, Key::N);
}

fn near(a: i64, b: i64) -> bool {
    (a - b).abs() <= 3
}

/// A height on V1 at which ends are taken hold of.
fn v1(h: &Window) -> f32 {
    clip(h, "old_town_02.mp4, V1").top() + 40.0
}

fn undo_leaves(h: &mut Window, before: &Project) {
    h.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    h.run_steps(2);
    assert!(**h.state().program.project() == *before, "one undo takes all of it back");
    assert!(h.state().program.refused.is_empty(), "{:?}", h.state().program.refused);
}

#[test]
fn every_tool_has_a_button_and_a_key() {
    let mut h = window();
    let keys = [
        (Key::A, "Track select tool", Tool::TrackSelect),
        (Key::X, "Ripple trim tool", Tool::RippleTrim),
        (Key::R, "Roll tool", Tool::Roll),
        (Key::Y, "Slip tool", Tool::Slip),
        (Key::U, "Slide tool", Tool::Slide),
        (Key::B, "Razor tool", Tool::Razor),
        (Key::H, "Hand tool", Tool::Hand),
        (Key::Z, "Zoom tool", Tool::Zoom),
        (Key::V, "Select tool", Tool::Select),
    ];
    for (k, name, tool) in keys {
        key(&mut h, k);
        assert_eq!(h.state().shell().shared().tool, tool, "{name}");
        key(&mut h, Key::V);
        h.get_by_label(name).click();
        h.run_steps(2);
        assert_eq!(h.state().shell().shared().tool, tool, "{name}");
    }
}

#[test]
fn the_ripple_tool_trims_and_everything_later_follows() {
    let mut h = of(plain_cuts());
    let before = h.state().program.project().clone();
    key(&mut h, Key::X);
    free(&mut h);
    let y = v1(&h);
    let (from, to) = (at(&h, 686, y) - vec2(4.0, 0.0), at(&h, 646, y) - vec2(4.0, 0.0));
    drag(&mut h, from, to);
    let (picture, sound) = (span(&h, 12), span(&h, 32));
    assert_eq!(picture, sound);
    assert!(picture.0 == 424 && near(picture.1, 646), "{picture:?}");
    assert_eq!(span(&h, 13).0, picture.1, "the next clip follows");
    assert_eq!(span(&h, 52).0, 950 - (686 - picture.1), "and what is in sync on other tracks");
    assert!(matches!(h.state().program.edits().last(), Some(EditCommand::RippleTrim { clips, .. }) if clips.len() == 2));
    undo_leaves(&mut h, &before);
}

#[test]
fn ctrl_makes_a_trim_of_the_select_tool_ripple() {
    let mut h = of(plain_cuts());
    free(&mut h);
    let y = v1(&h);
    let (from, to) = (at(&h, 686, y) - vec2(4.0, 0.0), at(&h, 656, y) - vec2(4.0, 0.0));
    holding(&mut h, Modifiers::COMMAND, |h| drag(h, from, to));
    assert_eq!(span(&h, 13).0, span(&h, 12).1);
    assert!(near(span(&h, 12).1, 656));
}

#[test]
fn the_roll_tool_moves_a_cut_and_nothing_else() {
    let mut h = of(plain_cuts());
    let before = h.state().program.project().clone();
    key(&mut h, Key::R);
    free(&mut h);
    let y = v1(&h);
    let (from, to) = (at(&h, 686, y) + vec2(1.0, 0.0), at(&h, 736, y) + vec2(1.0, 0.0));
    drag(&mut h, from, to);
    let (left, right) = (span(&h, 12), span(&h, 13));
    assert!(left.1 == right.0 && near(left.1, 736) && right.1 == 848, "{left:?} {right:?}");
    assert_eq!((span(&h, 32), span(&h, 33)), (left, right), "the sound's cut goes along");
    undo_leaves(&mut h, &before);
}

#[test]
fn a_roll_stops_at_the_handles() {
    let mut h = of(plain_cuts());
    key(&mut h, Key::R);
    let y = v1(&h);
    // market_walk begins 5 s into its media: 150 frames are there before it
    let (from, to) = (at(&h, 424, y), at(&h, 240, y));
    drag(&mut h, from, to);
    let rate = h.state().program.project().sequence.frame_rate;
    let handle = Time::from_secs(5).to_frames(rate, montage_ai::base::Rounding::Floor);
    assert_eq!(span(&h, 12).0, 424 - handle);
    assert!(h.state().program.refused.is_empty(), "{:?}", h.state().program.refused);
}

#[test]
fn the_slip_tool_moves_the_source_inside_the_clip() {
    let mut h = window();
    let before = h.state().program.project().clone();
    key(&mut h, Key::Y);
    let y = v1(&h);
    let (from, to) = (at(&h, 780, y), at(&h, 730, y));
    press_and_move(&mut h, from, to);
    h.drop_at(to);
    h.run_steps(2);
    assert_eq!((span(&h, 13), span(&h, 33)), ((686, 848), (686, 848)), "the clip stays");
    let rate = h.state().program.project().sequence.frame_rate;
    let moved = (source_in(&h, 13) - Time::from_secs(5)).to_frames(rate, montage_ai::base::Rounding::Nearest);
    assert!(near(moved, 50), "dragged to the left it shows {moved} frames later");
    assert_eq!(source_in(&h, 13), source_in(&h, 33), "the sound slips along");
    undo_leaves(&mut h, &before);
}

#[test]
fn a_slip_stops_where_the_media_begins_and_alt_slips_one_alone() {
    let mut h = window();
    key(&mut h, Key::Y);
    let y = v1(&h);
    let (from, to) = (at(&h, 700, y), at(&h, 1100, y));
    holding(&mut h, Modifiers::ALT, |h| drag(h, from, to));
    assert!(source_in(&h, 13) >= Time::ZERO && source_in(&h, 13) < Time::from_ratio(1, 15));
    assert_eq!(source_in(&h, 33), Time::from_secs(5), "the sound stays");
}

#[test]
fn the_slide_tool_moves_a_clip_between_its_neighbours() {
    let mut h = of(plain_cuts());
    let before = h.state().program.project().clone();
    key(&mut h, Key::U);
    free(&mut h);
    let y = v1(&h);
    let (from, to) = (at(&h, 760, y), at(&h, 790, y));
    drag(&mut h, from, to);
    let (l, c, r) = (span(&h, 12), span(&h, 13), span(&h, 14));
    assert!(near(c.0, 716) && c.1 - c.0 == 162, "{c:?}");
    assert_eq!((l.1, r.0, l.0, r.1), (c.0, c.1, 424, 1174), "the neighbours give way");
    assert_eq!(source_in(&h, 13), Time::from_secs(5), "what it shows stays");
    undo_leaves(&mut h, &before);
}

#[test]
fn shift_makes_the_razor_cut_all_tracks() {
    let mut h = window();
    key(&mut h, Key::B);
    let pos = at(&h, 560, v1(&h));
    holding(&mut h, Modifiers::SHIFT, |h| click(h, pos));
    let cut = |id| h.state().program.project().sequence.track(TrackId(id)).expect("it is there").clips.len();
    assert_eq!([2, 3, 4, 5].map(cut), [8, 8, 4, 2]);
}

#[test]
fn track_select_takes_everything_from_the_clip_on() {
    let mut h = window();
    key(&mut h, Key::A);
    let pos = at(&h, 900, v1(&h));
    click(&mut h, pos);
    assert_eq!(h.state().shell().shared().selection.clips, [14, 15, 16, 34, 35, 36, 52].map(ClipId).into());
    holding(&mut h, Modifiers::SHIFT, |h| click(h, pos));
    assert_eq!(h.state().shell().shared().selection.clips, [14, 15, 16].map(ClipId).into(), "with Shift on one track");
}

#[test]
fn hand_and_zoom_move_the_view_and_leave_the_film_alone() {
    let mut h = window();
    key(&mut h, Key::Z);
    let y = v1(&h);
    let (from, to) = (at(&h, 424, y), at(&h, 686, y));
    drag(&mut h, from, to);
    let view = h.state().shell().timeline().view;
    let width = f64::from(h.get_by_label("Timeline lanes").rect().width());
    assert!((view.left - 424.0).abs() < 8.0 && (view.frame_at(width) - 686.0).abs() < 8.0, "{view:?}");
    key(&mut h, Key::H);
    let r = h.get_by_label("Timeline lanes").rect();
    drag(&mut h, r.center(), r.center() + vec2(100.0, 0.0));
    let moved = h.state().shell().timeline().view;
    assert!(moved.left < view.left && moved.scale == view.scale);
    let pos = r.center();
    key(&mut h, Key::Z);
    holding(&mut h, Modifiers::ALT, |h| click(h, pos));
    assert!(h.state().shell().timeline().view.scale < moved.scale, "Alt zooms out");
    assert!(h.state().program.edits().is_empty());
}

#[test]
fn an_end_dragged_over_its_neighbour_makes_a_dissolve() {
    let mut h = of(plain_cuts());
    free(&mut h);
    let y = v1(&h);
    let (from, to) = (at(&h, 686, y) - vec2(4.0, 0.0), at(&h, 710, y) - vec2(4.0, 0.0));
    drag(&mut h, from, to);
    let track = h.state().program.project().sequence.track(TrackId(2)).cloned().expect("it is there");
    let made = track.transitions.first().copied().expect("a dissolve is made");
    assert_eq!((made.left, made.right, made.kind), (ClipId(12), ClipId(13), TransitionKind::CrossDissolve));
    assert!(near(made.after, 24) && made.before == 0, "{made:?}");
    assert_eq!((span(&h, 12), span(&h, 13)), ((424, 686), (686, 848)), "the cut stays");
}

#[test]
fn a_gesture_that_ends_where_it_began_changes_nothing() {
    for k in [Key::V, Key::X, Key::R, Key::Y, Key::U] {
        let mut h = of(plain_cuts());
        key(&mut h, k);
        free(&mut h);
        for frame in [686, 780] {
            let pos = at(&h, frame, v1(&h)) - vec2(1.0, 0.0);
            drag(&mut h, pos, pos);
            press_and_move(&mut h, pos, pos + vec2(60.0, 0.0));
            key(&mut h, Key::Escape);
            h.drop_at(pos);
            h.run_steps(2);
        }
        assert_eq!(h.state().program.undo_label(), None, "{k:?}");
        assert!(**h.state().program.project() == plain_cuts(), "{k:?}");
    }
}

#[test]
fn a_clip_dragged_above_all_lanes_makes_a_track() {
    let mut h = window();
    let from = clip(&h, "b-roll: gulls, V2").center() + vec2(0.0, 6.0);
    let top = h.get_by_label("Timeline lanes").rect().top();
    drag(&mut h, from, Pos2::new(from.x, top - 8.0));
    let s = h.state().program.project().sequence.clone();
    assert_eq!(s.video_tracks().count(), 3);
    let (track, _) = s.clip(ClipId(51)).expect("it is there");
    assert_eq!(Some(track.id), s.video_tracks().next_back().map(|t| t.id), "it lies on the new one");
}
