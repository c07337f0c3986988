//! What a person does in the inspector, down to the document: numbers, key frames, several clips, places in time.

use crate::{
    fake::Fake,
    film::day_at_sea,
    inspector_looks::{fake, select},
    support::{World, chord, drag, key, open},
};
use egui::{Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{program::ProgramView, state::Selection},
    base::{ClipId, FrameRate, Rounding, TrackId},
    edit::{EditCommand, TrackChange},
    model::{Blend, Ease, Fit, Speed},
    session::Command,
};

pub type Window = Harness<'static, World>;

pub fn window(program: Fake) -> Window {
    open(World::new(program), [1400.0, 1500.0])
}

/// A window in which these clips are selected.
pub fn with_clips(program: Fake, clips: &[u64]) -> Window {
    let mut h = window(program);
    select(&mut h, Selection::clips(clips.iter().map(|id| ClipId(*id))));
    h
}

fn film() -> Fake {
    Fake::new(day_at_sea()).with_picture()
}

/// Click into a number and type over it.
pub fn type_number(h: &mut Window, name: &str, text: &str) {
    h.get_by_role_and_label(Role::SpinButton, name).click();
    h.run_steps(3);
    h.get_by_role_and_label(Role::SpinButton, name).type_text(text);
    h.run_steps(2);
    key(h, Key::Enter);
    h.run_steps(2);
}

pub fn drag_number(h: &mut Window, name: &str, points: f32) {
    let field = h.get_by_role_and_label(Role::SpinButton, name).rect().center();
    drag(h, field, field + vec2(points, 0.0));
}

pub fn click(h: &mut Window, label: &str) {
    h.get_by_label(label).click();
    h.run_steps(4);
}

/// Choose an entry of a list.
pub fn choose(h: &mut Window, list: &str, entry: &str) {
    h.get_by_role_and_label(Role::ComboBox, list).click();
    h.run_steps(4);
    click(h, entry);
}

pub fn undo_label(h: &Window) -> Option<String> {
    h.state().program.undo_label().map(str::to_owned)
}

#[test]
fn a_number_is_typed_with_or_without_its_unit() {
    let mut h = with_clips(film(), &[52]);
    type_number(&mut h, "Scale", "150");
    assert_eq!(h.state().program.clip(52).transform.scale, 1.5);
    type_number(&mut h, "Rotation", "−12,5°");
    assert_eq!(h.state().program.clip(52).transform.rotation, -12.5);
    type_number(&mut h, "Opacity", "400 %");
    assert_eq!(h.state().program.clip(52).transform.opacity, 1.0, "kept in range, and so unchanged");
    type_number(&mut h, "Scale", "nonsense");
    assert_eq!(h.state().program.clip(52).transform.scale, 1.5);
    assert_eq!(undo_label(&h).as_deref(), Some("Transform clip"));
}

#[test]
fn escape_leaves_a_number_as_it_was() {
    let mut h = with_clips(film(), &[52]);
    h.get_by_role_and_label(Role::SpinButton, "Scale").click();
    h.run_steps(3);
    h.get_by_role_and_label(Role::SpinButton, "Scale").type_text("20");
    h.run_steps(2);
    key(&mut h, Key::Escape);
    h.run_steps(3);
    assert_eq!(h.state().program.clip(52).transform.scale, 1.0);
    assert!(h.state().program.edits().is_empty());
    assert_eq!(h.state().shell().shared().selection.clips.len(), 1, "the clip stays selected");
}

#[test]
fn arrow_keys_step_a_number_and_shift_steps_ten() {
    let mut h = with_clips(film(), &[52]);
    h.get_by_role_and_label(Role::SpinButton, "Scale").click();
    h.run_steps(3);
    key(&mut h, Key::ArrowUp);
    key(&mut h, Key::ArrowUp);
    chord(&mut h, Modifiers::SHIFT, Key::ArrowDown);
    assert_eq!(h.state().program.clip(52).transform.scale, 0.92);
    assert_eq!(h.state().program.playhead, 0, "the playhead has not moved");
}

#[test]
fn tab_goes_from_number_to_number() {
    let mut h = with_clips(film(), &[52]);
    h.get_by_role_and_label(Role::SpinButton, "Position X").click();
    h.run_steps(3);
    h.get_by_role_and_label(Role::SpinButton, "Position X").type_text("25");
    key(&mut h, Key::Tab);
    h.get_by_role_and_label(Role::SpinButton, "Position Y").type_text("-7");
    key(&mut h, Key::Tab);
    h.run_steps(2);
    assert_eq!(h.state().program.clip(52).transform.position, (25.0, -7.0));
}

#[test]
fn a_reset_sign_stands_only_where_something_is_changed() {
    let mut h = with_clips(film(), &[52]);
    assert!(h.query_by_label("Reset Scale").is_none());
    drag_number(&mut h, "Scale", 60.0);
    assert!(h.state().program.clip(52).transform.scale > 1.1);
    click(&mut h, "Reset Scale");
    assert_eq!(h.state().program.clip(52).transform.scale, 1.0);
    drag_number(&mut h, "Crop left", 60.0);
    type_number(&mut h, "Crop right", "5");
    assert!(h.state().program.clip(52).transform.crop.left > 0.0);
    click(&mut h, "Reset transform");
    assert_eq!(h.state().program.clip(52).transform, Default::default());
}

#[test]
fn escape_during_a_drag_puts_everything_back() {
    let mut h = with_clips(film(), &[52]);
    let field = h.get_by_role_and_label(Role::SpinButton, "Scale").rect().center();
    crate::support::press_and_move(&mut h, field, field + vec2(80.0, 0.0));
    assert!(h.state().program.clip(52).transform.scale > 1.0);
    key(&mut h, Key::Escape);
    h.hover_at(field + vec2(120.0, 0.0));
    h.run_steps(2);
    h.drop_at(field + vec2(120.0, 0.0));
    h.run_steps(2);
    assert_eq!(h.state().program.clip(52).transform.scale, 1.0);
    assert_eq!(undo_label(&h), None);
    assert_eq!(h.state().shell().shared().selection.clips.len(), 1, "the clip stays selected");
}

#[test]
fn a_drag_over_several_clips_changes_each_by_the_same() {
    let mut h = with_clips(film(), &[51, 52]);
    type_number(&mut h, "Scale", "100");
    select(&mut h, Selection::clips([ClipId(51)]));
    type_number(&mut h, "Scale", "200");
    select(&mut h, Selection::clips([ClipId(51), ClipId(52)]));
    drag_number(&mut h, "Scale", 40.0);
    let (a, b) = (h.state().program.clip(51).transform.scale, h.state().program.clip(52).transform.scale);
    assert!(a > 2.05 && (a - b - 1.0).abs() < 0.02, "{a} and {b}");
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(h.state().program.clip(51).transform.scale, 2.0, "one step for both");
    type_number(&mut h, "Scale", "50");
    assert_eq!((h.state().program.clip(51).transform.scale, h.state().program.clip(52).transform.scale), (0.5, 0.5));
}

#[test]
fn a_mixed_selection_shows_what_all_have_and_how_many_there_are() {
    let mut h = with_clips(film(), &[52, 53]);
    h.get_by_label("2 clips");
    assert!(h.query_by_role_and_label(Role::SpinButton, "Scale").is_none());
    assert!(h.query_by_role_and_label(Role::SpinButton, "Gain").is_none());
    type_number(&mut h, "Fade in", "12");
    assert_eq!((h.state().program.clip(52).fade_in, h.state().program.clip(53).fade_in), (12, 12));
}

#[test]
fn clips_on_a_locked_track_are_shown_but_cannot_be_touched() {
    let mut program = film();
    let lock = EditCommand::SetTrack { id: TrackId(4), change: TrackChange::Locked(true) };
    program.history.exec(&lock).expect("a track can be locked");
    let mut h = with_clips(program, &[52]);
    h.get_by_label("The track is locked");
    drag_number(&mut h, "Scale", 60.0);
    assert_eq!(h.state().program.clip(52).transform.scale, 1.0);
    click(&mut h, "Unlock");
    drag_number(&mut h, "Scale", 60.0);
    assert!(h.state().program.clip(52).transform.scale > 1.0);
}

#[test]
fn size_and_blend_are_chosen_from_lists() {
    let mut h = with_clips(film(), &[52]);
    choose(&mut h, "Size", "Fill frame");
    choose(&mut h, "Blend", "Screen");
    let t = h.state().program.clip(52).transform;
    assert_eq!((t.fit, t.blend), (Fit::Fill, Blend::Screen));
}

#[test]
fn a_section_that_is_folded_stays_so() {
    let mut h = with_clips(film(), &[52]);
    click(&mut h, "Transform section");
    assert!(h.query_by_role_and_label(Role::SpinButton, "Scale").is_none());
    select(&mut h, Selection::clips([ClipId(51)]));
    assert!(h.query_by_role_and_label(Role::SpinButton, "Scale").is_none());
    click(&mut h, "Transform section");
    h.get_by_role_and_label(Role::SpinButton, "Scale");
}

#[test]
fn a_diamond_starts_an_animation_and_values_become_keys() {
    let mut h = with_clips(film(), &[52]);
    h.state_mut().program.playhead = 960;
    h.run_steps(2);
    click(&mut h, "Scale key frame");
    let keys = |h: &Window| h.state().program.clip(52).keyframes.scale.keys().iter().map(|k| (k.frame, k.value)).collect::<Vec<_>>();
    assert_eq!(keys(&h), [(10, 1.0)]);
    h.state_mut().program.playhead = 1000;
    h.run_steps(2);
    type_number(&mut h, "Scale", "130");
    assert_eq!(keys(&h), [(10, 1.0), (50, 1.3)]);
    assert_eq!(undo_label(&h).as_deref(), Some("Change key frames"));
    // a drag moves the key that is there, in one step
    let before = h.state().program.history.revision();
    drag_number(&mut h, "Scale", 40.0);
    assert_eq!(keys(&h).len(), 2);
    assert!(keys(&h)[1].1 > 1.35 && h.state().program.history.revision() > before);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(keys(&h), [(10, 1.0), (50, 1.3)]);
    click(&mut h, "Scale: previous key frame");
    assert_eq!(h.state().program.playhead, 960);
    click(&mut h, "Scale: next key frame");
    assert_eq!(h.state().program.playhead, 1000);
    click(&mut h, "Scale key frame");
    assert_eq!(keys(&h), [(10, 1.0)], "a click on a filled diamond removes the key");
    h.state_mut().program.playhead = 960;
    h.run_steps(2);
    click(&mut h, "Scale key frame");
    assert!(h.state().program.clip(52).keyframes.is_empty());
}

#[test]
fn the_menu_of_a_diamond_sets_the_ease_and_removes_all_keys() {
    let mut h = with_clips(fake(), &[52]);
    h.get_by_label("Scale key frame").click_secondary();
    h.run_steps(4);
    click(&mut h, "Ease out");
    let scale = |h: &Window| h.state().program.clip(52).keyframes.scale.clone();
    assert_eq!(scale(&h).key_at(60).map(|k| k.ease), Some(Ease::Out), "the key at the playhead");
    h.get_by_label("Scale key frame").click_secondary();
    h.run_steps(4);
    click(&mut h, "Remove all key frames");
    assert!(scale(&h).is_empty());
    assert_eq!(h.state().program.clip(52).transform.scale, 1.4, "what was seen stays");
}

#[test]
fn a_key_is_dragged_in_its_curve_in_time_and_value() {
    let mut h = with_clips(fake(), &[52]);
    click(&mut h, "Scale curve");
    let rect = h.get_by_label("Scale over the clip").rect();
    let keys = |h: &Window| h.state().program.clip(52).keyframes.scale.keys().to_vec();
    let before = keys(&h);
    // the highest key, at frame 60 of 186
    let at = egui::pos2(rect.left() + 7.0 + (rect.width() - 14.0) * 60.0 / 185.0, rect.top() + 4.0 + (rect.height() - 8.0) * 0.115);
    drag(&mut h, at, at + vec2(20.0, 15.0));
    let after = keys(&h);
    assert_eq!(after.len(), before.len());
    assert!(after[1].frame > 65 && after[1].frame < 120, "{after:?}");
    assert!(after[1].value < 1.37, "{after:?}");
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(keys(&h), before, "one step");
    choose(&mut h, "Ease", "Linear");
    assert_eq!(keys(&h)[1].ease, Ease::Linear);
}

#[test]
fn volume_and_pan_are_those_of_the_sound() {
    let mut h = with_clips(film(), &[30]);
    type_number(&mut h, "Gain", "-6");
    type_number(&mut h, "Pan", "-40");
    let c = h.state().program.clip(30);
    assert_eq!((c.gain_db, c.pan), (-6.0, -0.4));
    click(&mut h, "Gain key frame");
    assert_eq!(h.state().program.clip(30).keyframes.gain_db.keys().len(), 1);
}

#[test]
fn speed_is_set_as_percent_as_length_and_backwards() {
    let mut h = with_clips(film(), &[52]);
    type_number(&mut h, "Speed", "200");
    assert_eq!((h.state().program.clip(52).speed(), h.state().program.clip(52).duration), (Speed(2, 1), 93));
    type_number(&mut h, "Duration at this speed", "186");
    let c = h.state().program.clip(52);
    assert_eq!(c.duration, 93, "186 is no frame number at 29.97: a field is too large");
    type_number(&mut h, "Duration at this speed", "6:06");
    assert_eq!((h.state().program.clip(52).speed(), h.state().program.clip(52).duration), (Speed(1, 1), 186));
    click(&mut h, "Reverse");
    assert_eq!(h.state().program.clip(52).speed(), Speed(-1, 1));
    click(&mut h, "Freeze frame");
    assert!(h.state().program.clip(52).speed().is_freeze());
}

#[test]
fn the_place_of_a_clip_is_typed_as_timecode() {
    let mut h = with_clips(film(), &[52]);
    type_number(&mut h, "Clip start", "40:00");
    assert_eq!(h.state().program.clip(52).start, 1200);
    type_number(&mut h, "Clip end", "00:00:42:00");
    assert_eq!(h.state().program.clip(52).duration, 60);
    type_number(&mut h, "Clip duration", "1:15");
    assert_eq!((h.state().program.clip(52).start, h.state().program.clip(52).duration), (1200, 45));
    type_number(&mut h, "Source in", "5:00");
    let c = h.state().program.clip(52);
    let source_in = c.content.source().map(|s| s.0.to_frames(FrameRate::NTSC_30, Rounding::Nearest));
    assert_eq!(source_in, Some(150));
    assert_eq!((c.start, c.duration), (1200, 45), "a slip leaves the clip in its place");
    click(&mut h, "Enabled");
    assert!(!h.state().program.clip(52).enabled);
}

#[test]
fn a_linked_pair_moves_and_is_trimmed_together() {
    let mut h = with_clips(film(), &[16, 36]);
    type_number(&mut h, "Clip end", "55:00");
    let (a, b) = (h.state().program.clip(16), h.state().program.clip(36));
    assert_eq!((a.end(), b.end()), (1648 + 2, 1650), "{:?}", h.state().program.notices);
}

#[test]
fn a_dragged_start_stops_at_its_neighbour_without_a_message() {
    let mut h = with_clips(film(), &[51]);
    drag_number(&mut h, "Clip start", -600.0);
    let c = h.state().program.clip(51);
    assert!(c.start < 494 && c.start >= 261, "{}", c.start);
    assert!(h.state().program.notices.is_empty());
    let begins = h.state().program.sent.iter().filter(|c| matches!(c, Command::Begin(_))).count();
    assert_eq!(begins, 1);
}

#[test]
fn a_double_click_on_a_label_resets_its_number() {
    let mut h = with_clips(film(), &[52]);
    type_number(&mut h, "Rotation", "30");
    let (field, x) = (h.get_by_role_and_label(Role::SpinButton, "Rotation").rect(), h.get_by_label("Transform section").rect().left());
    let at = egui::pos2(x + 12.0, field.center().y);
    h.run_steps(20);
    for _ in 0..2 {
        h.hover_at(at);
        h.drag_at(at);
        h.step();
        h.drop_at(at);
        h.step();
    }
    h.run_steps(2);
    assert_eq!(h.state().program.clip(52).transform.rotation, 0.0);
}

#[test]
fn key_frames_are_set_with_the_keyboard_alone() {
    let mut h = with_clips(film(), &[52]);
    h.state_mut().program.playhead = 960;
    h.get_by_role_and_label(Role::SpinButton, "Scale").focus();
    h.run_steps(2);
    key(&mut h, Key::Tab);
    key(&mut h, Key::Enter);
    h.run_steps(2);
    assert_eq!(h.state().program.clip(52).keyframes.scale.keys().len(), 1, "the diamond comes after its number");
    h.get_by_label("Scale curve").focus();
    key(&mut h, Key::Enter);
    h.run_steps(3);
    h.get_by_label("Remove all key frames").focus();
    key(&mut h, Key::Enter);
    h.run_steps(2);
    assert!(h.state().program.clip(52).keyframes.is_empty());
}

#[test]
fn a_screen_reader_steps_and_sets_a_number() {
    let mut h = with_clips(film(), &[52]);
    h.get_by_role_and_label(Role::SpinButton, "Opacity").set_value_accesskit(41.0);
    h.run_steps(3);
    h.get_by_role_and_label(Role::SpinButton, "Opacity").decrement_accesskit();
    h.run_steps(3);
    assert_eq!(h.state().program.clip(52).transform.opacity, 0.4);
}

#[test]
fn the_volume_of_a_track_is_set_where_nothing_is_selected() {
    let mut h = window(film());
    type_number(&mut h, "Music volume", "-4");
    let track = h.state().program.project().sequence.track(TrackId(5)).cloned().expect("it is there");
    assert_eq!(track.gain_db, -4.0);
}
