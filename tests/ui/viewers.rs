//! The viewers: handles on the picture, guides, comparison, scrub bar, meters, scopes, sources, full screen.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, drag, key, open, picture, press_and_move},
};
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, accesskit::Role, pos2, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use montage_ai::{
    app::{program::ProgramView, theme::ThemeChoice},
    base::{ClipId, FrameRate, MediaId},
    edit::{ClipChange, EditCommand},
    model::{Animated, Clip, Curve, Ease, Effect, EffectKind, Key as CurveKey, Project, Sequence, Speed},
    session::{Command, Level, Levels, Monitor, Transport, ViewState, Without},
};

pub type Window = Harness<'static, World>;

pub fn film() -> World {
    World::new(Fake::new(day_at_sea()).with_picture())
}

pub fn window(world: World) -> Window {
    open(world, [1600.0, 1000.0])
}

pub fn sent(h: &Window, what: impl Fn(&Command) -> bool) -> bool {
    h.state().program.sent.iter().any(what)
}

pub fn click(h: &mut Window, label: &str) {
    h.get_by_label(label).click();
    h.run_steps(3);
}

/// Where the selected clip's picture lies, from corner to corner of its handles.
fn frame_of(h: &Window) -> Rect {
    let at = |name| h.get_by_label(name).rect().center();
    Rect::from_two_pos(at("Scale handle, left top"), at("Scale handle, right bottom"))
}

/// Select the b-roll on V2 with the playhead in it.
fn nets() -> Window {
    let mut h = window(film());
    h.state_mut().program.playhead = 1000;
    h.run_steps(2);
    h.get_by_label_contains("b-roll: nets, V2").click();
    h.run_steps(20);
    h
}

fn wheel(h: &mut Window, at: Pos2, y: f32, modifiers: Modifiers) {
    h.hover_at(at);
    h.step();
    let (unit, phase, source) = (egui::MouseWheelUnit::Point, egui::TouchPhase::Move, egui::MouseWheelSource::Wheel);
    h.event(Event::MouseWheel { unit, delta: vec2(0.0, y), phase, modifiers, source });
    h.run_steps(8);
}

/// A window with a media in the source viewer.
pub fn with_source(media: &str) -> Window {
    let mut h = window(film());
    h.get_by_label_contains(media).click();
    h.run_steps(3);
    chord(&mut h, Modifiers::SHIFT, Key::F);
    h.run_steps(3);
    h
}

pub fn source_playhead(h: &Window) -> i64 {
    h.state().program.source.as_ref().unwrap().deck.playhead
}

pub fn put_source_at(h: &mut Window, frame: i64) {
    h.state_mut().program.source.as_mut().unwrap().deck.playhead = frame;
    h.run_steps(2);
}

/// The clips of a track that lie at a frame.
pub fn at(h: &Window, track: usize, frame: i64) -> Option<Clip> {
    let track = &h.state().program.project().sequence.tracks[track];
    track.clip_index_at(frame).map(|i| (*track.clips[i]).clone())
}

#[test]
fn both_viewers_in_both_themes_are_drawn_and_named() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = film();
        world.theme = theme;
        world.program.playhead = 1000;
        let level = |peak_db, hold_db, over| Level { peak_db, hold_db, over };
        world.program.meters = Some(Levels { channels: [level(-9.0, -4.5, false), level(-5.0, -0.3, true)], moving: false });
        let mut h = window(world);
        h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
        h.run_steps(3);
        chord(&mut h, Modifiers::SHIFT, Key::F);
        h.run_steps(3);
        put_source_at(&mut h, 300);
        key(&mut h, Key::I);
        put_source_at(&mut h, 700);
        key(&mut h, Key::O);
        put_source_at(&mut h, 500);
        h.get_by_label_contains("b-roll: nets, V2").click();
        h.run_steps(3);
        key(&mut h, Key::F4);
        h.run_steps(3);
        h.check_accessibility();
        picture(&mut h, &format!("viewers-{name}"));
    }
}

#[test]
fn a_dragged_picture_moves_as_one_undo_step_and_catches_on_the_middle() {
    let mut h = nets();
    let r = frame_of(&h);
    let per_pixel = r.width() / 1920.0;
    drag(&mut h, r.center(), r.center() + vec2(200.0 * per_pixel, 100.0 * per_pixel));
    let (x, y) = h.state().program.clip(52).transform.position;
    assert!((x - 200.0).abs() < 3.0 && (y - 100.0).abs() < 3.0, "{x} {y}");
    assert_eq!(h.state().program.undo_label(), Some("Transform clip"));
    // nearly back: the middle catches it
    let r = frame_of(&h);
    drag(&mut h, r.center(), r.center() - vec2(203.0 * per_pixel, 98.0 * per_pixel));
    assert_eq!(h.state().program.clip(52).transform.position, (0.0, 0.0));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(h.state().program.undo_label(), None, "two drags, two steps");
}

#[test]
fn a_corner_scales_and_just_outside_it_turns() {
    let mut h = nets();
    let r = frame_of(&h);
    drag(&mut h, r.right_bottom(), r.center() + r.size() * 0.25);
    let t = h.state().program.clip(52).transform;
    assert!((t.scale - 0.5).abs() < 0.01 && t.rotation == 0.0, "{t:?}");
    let r = frame_of(&h);
    let from = r.right_bottom() + vec2(13.0, 11.0);
    let arm = from - r.center();
    press_and_move(&mut h, from, r.center() + vec2(-arm.y, arm.x));
    picture(&mut h, "viewer-turning");
    h.drop_at(r.center() + vec2(-arm.y, arm.x));
    h.run_steps(3);
    assert_eq!(h.state().program.clip(52).transform.rotation, 90.0, "a quarter turn catches");
}

#[test]
fn escape_puts_a_dragged_picture_back() {
    let mut h = nets();
    let r = frame_of(&h);
    press_and_move(&mut h, r.center(), r.center() + vec2(90.0, 40.0));
    assert_ne!(h.state().program.clip(52).transform.position, (0.0, 0.0));
    key(&mut h, Key::Escape);
    h.drop_at(r.center() + vec2(90.0, 40.0));
    h.run_steps(3);
    assert_eq!(h.state().program.clip(52).transform.position, (0.0, 0.0));
    assert_eq!(h.state().program.undo_label(), None);
}

#[test]
fn a_dragged_picture_that_is_animated_gets_a_key_at_the_playhead() {
    let mut world = film();
    let keyed = |frame, value| CurveKey { frame, value, ease: Ease::Linear };
    let curve = Curve::new([keyed(0, (0.0, 0.0)), keyed(100, (0.0, 0.0))]);
    let edit = EditCommand::SetClip { clip: ClipId(52), change: ClipChange::Animate(Animated::Position(curve)) };
    world.program.history.exec(&edit).unwrap();
    world.program.playhead = 1000;
    let mut h = window(world);
    h.get_by_label_contains("b-roll: nets, V2").click();
    h.run_steps(20);
    let r = frame_of(&h);
    drag(&mut h, r.center(), r.center() + vec2(r.width() / 4.0, 0.0));
    let clip = h.state().program.clip(52);
    let key = clip.keyframes.position.key_at(50).expect("a key at the playhead");
    assert!((key.value.0 - 480.0).abs() < 4.0 && clip.transform.position == (0.0, 0.0), "{key:?}");
    assert_eq!(clip.keyframes.position.keys().len(), 3);
}

#[test]
fn a_click_in_the_picture_picks_the_topmost_clip() {
    let mut h = window(film());
    h.state_mut().program.playhead = 1000;
    h.run_steps(2);
    let middle = h.get_by_label("Program viewer").rect().center();
    h.hover_at(middle);
    h.drag_at(middle);
    h.step();
    h.drop_at(middle);
    h.run_steps(3);
    assert!(h.state().shell().shared().selection.clips.contains(&ClipId(52)));
    assert!(h.query_by_label("Scale handle, left top").is_some());
    h.state_mut().program.playing = true;
    h.run_steps(2);
    assert!(h.query_by_label("Scale handle, left top").is_none(), "no handles on a moving picture");
}

#[test]
fn ctrl_and_wheel_zoom_about_the_pointer_and_the_middle_button_moves() {
    let mut h = nets();
    let before = frame_of(&h);
    let pointer = before.min + before.size() * 0.25;
    wheel(&mut h, pointer, 120.0, Modifiers::COMMAND);
    let zoomed = frame_of(&h);
    assert!(zoomed.width() > before.width() * 1.2, "{zoomed:?}");
    let share = (pointer - zoomed.min) / zoomed.size();
    assert!((share - vec2(0.25, 0.25)).length() < 0.01, "{share:?}");
    let button = |pos, pressed| Event::PointerButton { pos, button: PointerButton::Middle, pressed, modifiers: Modifiers::NONE };
    h.event(button(pointer, true));
    h.step();
    for i in 1..=4 {
        h.hover_at(pointer + vec2(10.0, 5.0) * i as f32);
        h.step();
    }
    h.event(button(pointer + vec2(40.0, 20.0), false));
    h.run_steps(3);
    let moved = frame_of(&h).min - zoomed.min;
    assert!((moved - vec2(40.0, 20.0)).length() < 2.0, "{moved:?}");
    click(&mut h, "Viewer zoom");
    click(&mut h, "25 %");
    let quarter = frame_of(&h);
    assert!((quarter.width() - 480.0).abs() < 1.0, "four pixels of the film on one of the screen: {quarter:?}");
    click(&mut h, "Viewer zoom");
    click(&mut h, "Fit");
    assert_eq!(frame_of(&h), before);
}

#[test]
fn guides_and_masks_lie_over_the_picture() {
    let mut h = window(film());
    for (item, name) in [("Safe areas", "safe"), ("Thirds", "thirds"), ("Centre cross", "centre"), ("2.39:1", "mask")] {
        click(&mut h, "Viewer guides");
        click(&mut h, item);
        key(&mut h, Key::Escape);
        h.run_steps(3);
        picture(&mut h, &format!("viewer-guides-{name}"));
    }
}

#[test]
fn the_scrub_bar_scrubs_and_its_marks_can_be_dragged() {
    let mut h = window(film());
    let bar = h.get_by_label("Program position").rect().shrink2(vec2(16.0, 0.0));
    let x = |frame: i64| pos2(bar.left() + bar.width() * frame as f32 / 1734.0, bar.center().y);
    press_and_move(&mut h, x(100), x(867));
    assert!((h.state().program.playhead - 867).abs() <= 2);
    assert!(sent(&h, |c| matches!(c, Command::Program(Transport::Scrub(_)))));
    h.drop_at(x(867));
    h.run_steps(3);
    assert!(matches!(h.state().program.sent.last(), Some(Command::Program(Transport::Seek(_)))), "the exact picture at the end");
    h.state_mut().program.playhead = 400;
    key(&mut h, Key::I);
    h.state_mut().program.playhead = 1199;
    key(&mut h, Key::O);
    drag(&mut h, x(400), x(600));
    let marks = h.state().shell().shared().marks;
    assert!((marks.start.unwrap() - 600).abs() <= 2 && marks.end == Some(1200), "{marks:?}");
    drag(&mut h, x(1200), x(300));
    let marks = h.state().shell().shared().marks;
    assert!(marks.end > marks.start, "the out point stays behind the in point: {marks:?}");
}

#[test]
fn a_loop_plays_the_marked_range_and_follows_its_marks() {
    let mut h = window(film());
    click(&mut h, "Loop playback");
    assert_eq!(h.state().program.looping, Some((0, 1734)));
    h.state_mut().program.playhead = 100;
    key(&mut h, Key::I);
    assert_eq!(h.state().program.looping, Some((100, 1734)));
    click(&mut h, "Loop playback");
    assert_eq!(h.state().program.looping, None);
}

#[test]
fn before_and_after_stand_side_by_side_of_a_divider() {
    let mut world = film();
    let effect = Effect { kind: EffectKind::Exposure { stops: 1.0 }, enabled: true };
    let edit = EditCommand::SetClip { clip: ClipId(52), change: ClipChange::Effects(vec![effect]) };
    world.program.history.exec(&edit).unwrap();
    world.program.playhead = 1000;
    let mut h = window(world);
    click(&mut h, "Compare");
    assert!(sent(&h, |c| matches!(c, Command::Compare(Some(Without::Effects)))));
    let divider = h.get_by_label("Compare divider").rect().center();
    picture(&mut h, "compare-wipe");
    drag(&mut h, divider, divider - vec2(150.0, 0.0));
    let moved = h.get_by_label("Compare divider").rect().center();
    assert!((moved.x - divider.x + 150.0).abs() < 2.0, "{moved:?}");
    h.get_by_label_contains("b-roll: nets, V2").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::Compare(Some(Without::EffectsOf(ClipId(52)))))), "of the selected clip");
    click(&mut h, "Viewer guides");
    click(&mut h, "Side by side");
    key(&mut h, Key::Escape);
    picture(&mut h, "compare-side-by-side");
    chord(&mut h, Modifiers::SHIFT, Key::C);
    assert!(matches!(h.state().program.sent.last(), Some(Command::Compare(None))), "nothing is drawn twice without need");
    assert!(h.query_by_label("Compare divider").is_none());
}

#[test]
fn meters_hold_their_peak_and_a_click_puts_the_lamp_out() {
    let mut world = film();
    let level = |peak_db, over| Level { peak_db, hold_db: peak_db + 3.0, over };
    world.program.meters = Some(Levels { channels: [level(-12.0, false), level(-3.0, true)], moving: false });
    let mut h = window(world);
    let meter = h.get_by_role_and_label(Role::Meter, "Sound level");
    assert_eq!(meter.accesskit_node().numeric_value(), Some(-3.0));
    meter.click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::ResetMeters)));
}

#[test]
fn dropped_frames_count_until_they_are_clicked_and_a_shuttle_says_its_speed() {
    let mut world = film();
    world.program.viewer.dropped_frames = 12;
    (world.program.viewer.quality, world.program.viewer.divisor) = (0, 4);
    (world.program.playing, world.program.speed) = (true, Speed(4, 1));
    let mut h = window(world);
    h.get_by_label("Viewer quality");
    picture(&mut h, "viewer-shuttle");
    click(&mut h, "12 dropped");
    h.get_by_label("0 dropped");
    assert!(sent(&h, |c| matches!(c, Command::Program(Transport::ResetDropped))));
}

#[test]
fn scopes_are_counted_only_while_they_are_seen() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = film();
        world.theme = theme;
        let mut h = window(world);
        assert!(!sent(&h, |c| matches!(c, Command::Scopes(Some(Monitor::Program)))));
        key(&mut h, Key::F4);
        h.run_steps(3);
        assert!(matches!(h.state().program.sent.last(), Some(Command::Scopes(Some(Monitor::Program)))));
        for scope in ["Waveform", "RGB parade", "Vectorscope", "Histogram"] {
            h.get_by_role_and_label(Role::Image, scope);
        }
        h.check_accessibility();
        picture(&mut h, &format!("scopes-{name}"));
        click(&mut h, "Choose scope");
        h.get_by_role_and_label(Role::RadioButton, "Vectorscope").click();
        h.run_steps(3);
        key(&mut h, Key::Escape);
        assert!(h.query_by_role_and_label(Role::Image, "Histogram").is_none());
        picture(&mut h, &format!("scopes-vector-{name}"));
        key(&mut h, Key::F4);
        h.run_steps(3);
        assert!(matches!(h.state().program.sent.last(), Some(Command::Scopes(None))));
    }
}

#[test]
fn every_state_of_a_viewer_has_its_look() {
    let mut h = with_source("harbour_dawn.mp4, 4K");
    for (state, name) in [
        (ViewState::Loading, "loading"),
        (ViewState::Behind, "behind"),
        (ViewState::Error("the disk went away: /films/sea/harbour_dawn.mp4".into()), "error"),
    ] {
        let source = h.state_mut().program.source.as_mut().unwrap();
        source.deck.viewer.state = state.clone();
        if state == ViewState::Loading {
            source.deck.viewer.image = None;
        } else {
            let picture = h.state().program.viewer.image.clone();
            let source = h.state_mut().program.source.as_mut().unwrap();
            (source.deck.viewer.image, source.deck.viewer.image_serial) = (picture, 7);
        }
        h.state_mut().program.viewer.state = state;
        h.run_steps(3);
        assert!(h.query_by_label("Source viewer").is_some());
        h.run_steps(12);
        picture(&mut h, &format!("viewer-{name}"));
    }
    click(&mut h, "Close source");
    let source = h.query_by_label("No source");
    assert!(source.is_none());
    let mut h = window(film());
    h.get_by_role_and_label(Role::Button, "View").click();
    h.run_steps(3);
    h.state_mut().program.states.insert(MediaId(100), montage_ai::session::MediaState::Offline("no such file".into()));
    picture(&mut h, "viewer-menu");
}

#[test]
fn full_screen_hides_its_deck_while_the_pointer_rests_and_esc_leaves() {
    let mut h = window(film());
    key(&mut h, Key::F11);
    h.run_steps(2);
    picture(&mut h, "full-screen");
    assert!(h.query_by_label("Timeline lanes").is_none());
    h.get_by_label("Leave full screen");
    key(&mut h, Key::Space);
    assert!(h.state().program.playing);
    h.run_steps(90);
    assert!(h.query_by_label("Leave full screen").is_none(), "it went after two seconds of rest");
    h.hover_at(pos2(500.0, 400.0));
    h.run_steps(2);
    h.get_by_label("Leave full screen");
    key(&mut h, Key::Escape);
    h.get_by_label("Timeline lanes");
}

#[test]
fn small_windows_and_strange_films_are_no_trouble() {
    let mut tall = day_at_sea();
    let s = std::sync::Arc::make_mut(&mut tall.sequence);
    (s.width, s.height) = (1080, 1920);
    for (project, name) in [(tall, "tall"), (Project::new("", Sequence::new(2, 2, FrameRate::FPS_25)), "tiny")] {
        for size in [[640.0, 420.0], [1280.0, 800.0]] {
            let mut h = open(World::new(Fake::new(project.clone()).with_picture()), size);
            h.state_mut().program.playhead = 1_000_000;
            h.run_steps(2);
            for k in [Key::F, Key::Comma, Key::F4, Key::I, Key::O, Key::End] {
                key(&mut h, k);
            }
            h.check_accessibility();
            picture(&mut h, &format!("viewer-{name}-{}", size[0]));
        }
    }
}
