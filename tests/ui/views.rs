//! Heads of tracks, the view of time, markers and marks, lines with keys, and the timeline by keyboard; and how it looks.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, drag, key, open, picture},
    tools::{at, click, clip, holding, of, span, window, x},
};
use egui::{Key, Modifiers, Pos2, vec2};
use egui_kittest::kittest::Queryable;
use montage_ai::{
    app::{program::ProgramView, theme::ThemeChoice, timeline::Follow},
    base::{ClipId, MarkerId, SequenceId, TrackId},
    edit::{EditCommand, TrackChange},
    model::{Curve, Effect, EffectKind, Marker, Project},
};
use std::sync::Arc;

fn track(h: &crate::tools::Window, id: u64) -> Arc<montage_ai::model::Track> {
    h.state().program.project().sequence.track(TrackId(id)).cloned().expect("it is there")
}

#[test]
fn heads_rename_target_and_unsync_their_track() {
    let mut h = window();
    h.ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
    let head = h.get_by_label("Track A1").rect();
    let pos = Pos2::new(head.right() - 20.0, head.top() + 12.0);
    for _ in 0..2 {
        h.drag_at(pos);
        h.step();
        h.drop_at(pos);
        h.step();
    }
    h.run_steps(3);
    h.get_by_label("Name of A1").type_text("Dialogue 🎙");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    assert_eq!(track(&h, 3).name, "Dialogue 🎙");
    h.get_by_label("Target V2").click();
    h.get_by_label("Sync lock off A2").click();
    h.run_steps(2);
    assert_eq!(h.state().shell().shared().target.video, Some(TrackId(4)));
    assert!(!track(&h, 5).sync_lock && track(&h, 3).sync_lock);
}

#[test]
fn a_track_gets_its_height_by_its_lower_edge_in_one_step() {
    let mut h = window();
    let edge = h.get_by_label("Height of V1").rect().center();
    drag(&mut h, edge, edge + vec2(0.0, 50.0));
    assert!((i32::from(track(&h, 2).height) - 112).abs() <= 2, "{}", track(&h, 2).height);
    assert_eq!(h.state().program.undo_label(), Some("Track height"));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(track(&h, 2).height, 0);
}

#[test]
fn the_strip_below_moves_and_zooms_the_view() {
    let mut h = window();
    for _ in 0..4 {
        chord(&mut h, Modifiers::COMMAND, Key::Plus);
    }
    let before = h.state().shell().timeline().view;
    let strip = h.get_by_label("Overview of the film").rect();
    let far = Pos2::new(strip.left() + strip.width() * 0.8, strip.center().y);
    click(&mut h, far);
    let moved = h.state().shell().timeline().view;
    assert!(moved.left > before.left && moved.scale == before.scale);
    let lanes = f64::from(h.get_by_label("Timeline lanes").rect().width());
    assert!((moved.frame_at(lanes / 2.0) - 1684.0 * 0.8).abs() < 60.0, "{moved:?}");
    drag(&mut h, far, far - vec2(strip.width() * 0.5, 0.0));
    assert!(h.state().shell().timeline().view.left < moved.left);
    assert!(h.state().program.edits().is_empty());
}

#[test]
fn the_view_follows_the_playhead_by_page_or_smoothly_or_not() {
    let mut h = window();
    for _ in 0..6 {
        chord(&mut h, Modifiers::COMMAND, Key::Plus);
    }
    assert_eq!(h.state().shell().timeline().follow, Follow::Page);
    h.state_mut().program.playing = true;
    h.state_mut().program.playhead = 1500;
    h.run_steps(2);
    let view = h.state().shell().timeline().view;
    assert!(view.x(1500.0) >= -1.0 && view.x(1500.0) < 50.0, "a new page begins with the playhead: {view:?}");
}

#[test]
fn markers_and_marks_are_dragged_in_the_ruler() {
    let mut h = window();
    let y = h.get_by_label("Timeline lanes").rect().top() - 5.0;
    let (from, to) = (at(&h, 760, y), at(&h, 900, y));
    drag(&mut h, from, to);
    let marker = |h: &crate::tools::Window| h.state().program.project().sequence.markers.iter().find(|m| m.id == MarkerId(71)).cloned();
    assert!(marker(&h).is_some_and(|m| (m.frame - 900).abs() <= 4), "{:?}", marker(&h));
    assert_eq!(h.state().program.undo_label(), Some("Change marker"));
    h.state_mut().program.playhead = 300;
    key(&mut h, Key::I);
    h.state_mut().program.playhead = 500;
    key(&mut h, Key::O);
    let (from, to) = (at(&h, 501, y), at(&h, 600, y));
    drag(&mut h, from, to);
    let marks = h.state().shell().shared().marks;
    assert!(marks.start == Some(300) && marks.end.is_some_and(|e| (e - 600).abs() <= 4), "{marks:?}");
}

#[test]
fn the_ruler_counts_drop_frame_and_far_in_every_frame_has_its_line() {
    let mut h = window();
    for _ in 0..30 {
        chord(&mut h, Modifiers::COMMAND, Key::Plus);
    }
    let view = h.state().shell().timeline().view;
    assert!(view.scale >= 40.0, "{view:?}");
    let s = &h.state().program.project().sequence;
    assert_eq!(s.timecode(1800), "00:01:00;02");
    picture(&mut h, "timeline-frames");
}

#[test]
fn the_line_of_loudness_is_dragged_and_takes_keys() {
    let mut h = window();
    h.get_by_label("Height of A1").rect();
    let edge = h.get_by_label("Height of A1").rect().center();
    drag(&mut h, edge, edge + vec2(0.0, 60.0));
    h.get_by_label_contains("drone_cliff.mp4, A1").click_modifiers(Modifiers::ALT);
    h.run_steps(2);
    let r = clip(&h, "drone_cliff.mp4, A1");
    // 0 dB lies three tenths down from under the name
    let (top, bottom) = (r.top() + 21.0, r.bottom() - 4.0);
    let zero = top + (bottom - top) * 0.3;
    let from = Pos2::new(x(&h, 760), zero);
    drag(&mut h, from, from + vec2(0.0, 20.0));
    let c = h.state().program.clip(33);
    assert!(c.gain_db < -6.0 && c.keyframes.is_empty(), "{}", c.gain_db);
    assert_eq!(h.state().program.undo_label(), Some("Change volume"));
    let line = Pos2::new(x(&h, 720), zero + 20.0);
    holding(&mut h, Modifiers::COMMAND, |h| click(h, line));
    let keys = |h: &crate::tools::Window| h.state().program.clip(33).keyframes.gain_db.keys().to_vec();
    assert_eq!(keys(&h).len(), 1);
    assert!((keys(&h)[0].frame - 34).abs() <= 2);
    drag(&mut h, line, line + vec2(40.0, -10.0));
    assert!(keys(&h)[0].frame > 40 && keys(&h)[0].value > c.gain_db, "{:?}", keys(&h));
    let key_at = Pos2::new(x(&h, 686 + keys(&h)[0].frame), line.y - 10.0);
    click(&mut h, key_at);
    key(&mut h, Key::Delete);
    assert!(keys(&h).is_empty(), "Delete takes the key, not the clip");
}

#[test]
fn arrows_walk_from_clip_to_clip_when_the_lanes_have_the_focus() {
    let mut h = window();
    h.get_by_label("Timeline lanes").focus();
    h.run_steps(2);
    let picked = |h: &crate::tools::Window| h.state().shell().shared().selection.clips.clone();
    key(&mut h, Key::ArrowRight);
    assert_eq!(picked(&h), [ClipId(50)].into(), "the first one in view");
    key(&mut h, Key::ArrowRight);
    assert_eq!(picked(&h), [ClipId(51)].into());
    key(&mut h, Key::ArrowDown);
    assert_eq!(picked(&h), [ClipId(12), ClipId(32)].into(), "the one below, with its sound");
    key(&mut h, Key::ArrowLeft);
    assert_eq!(picked(&h), [ClipId(11), ClipId(31)].into());
    assert_eq!(h.state().program.playhead, 0, "the playhead stays");
    h.get_by_label_contains("cafe_interior.mp4, V1").click_accesskit();
    h.run_steps(2);
    assert!(picked(&h).contains(&ClipId(15)), "a screen reader's click selects");
}

#[test]
fn names_in_any_script_are_shown_on_one_line() {
    let mut h = window();
    h.ctx.set_missing_glyph_policy(egui::MissingGlyphPolicy::Tofu);
    for (id, name) in [(51, "Möwen 🐦\nمرحبا"), (52, "\u{202e}שלום\t\u{0}"), (14, "")] {
        let change = montage_ai::edit::ClipChange::Name(name.into());
        h.state_mut().program.history.exec(&EditCommand::SetClip { clip: ClipId(id), change }).expect("any name will do");
    }
    let set = EditCommand::SetTrack { id: TrackId(2), change: TrackChange::Name("V\n🎬".repeat(40)) };
    h.state_mut().program.history.exec(&set).expect("any name will do");
    h.run_steps(3);
    h.check_accessibility();
    h.get_by_label_contains("Möwen 🐦 مرحبا, V2");
}

/// The film with everything that has a look of its own.
fn full() -> Project {
    let mut p = day_at_sea();
    let s = Arc::make_mut(&mut p.sequence);
    let section = |id, frame, duration, name: &str, color| Marker {
        id: MarkerId(id),
        frame,
        duration,
        name: name.into(),
        color,
        note: String::new(),
    };
    s.markers = vec![
        section(70, 0, 284, "intro", 3),
        section(71, 284, 476, "build", 2),
        section(72, 760, 575, "drop", 0),
        section(73, 1335, 349, "outro", 4),
    ];
    let change = |t: &mut Arc<montage_ai::model::Track>, id: u64, f: &dyn Fn(&mut montage_ai::model::Clip)| {
        let t = Arc::make_mut(t);
        t.clips.iter_mut().filter(|c| c.id == ClipId(id)).for_each(|c| f(Arc::make_mut(c)));
    };
    change(&mut s.tracks[0], 12, &|c| c.effects = vec![Effect::new(EffectKind::Exposure { stops: 0.5 })]);
    change(&mut s.tracks[0], 13, &|c| c.enabled = false);
    let keys = [(0, -18.0), (120, 0.0), (220, 2.0), (326, -30.0)];
    let curve = || Curve::new(keys.map(|(frame, value)| montage_ai::model::Key { frame, value, ease: montage_ai::model::Ease::InOut }));
    change(&mut s.tracks[2], 34, &|c| c.keyframes.gain_db = curve());
    s.tracks.iter_mut().filter(|t| t.id == TrackId(3)).for_each(|t| Arc::make_mut(t).height = 112);
    p
}

#[test]
fn the_timeline_looks_right_at_three_zooms_in_both_themes() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = World::new(Fake::new(full()).with_picture());
        world.theme = theme;
        world.program.playhead = 924;
        let mut h = open(world, [1600.0, 1000.0]);
        h.get_by_label_contains("harbour_dawn.mp4, V1, starts at 00:00:28").click();
        h.run_steps(3);
        h.state_mut().program.playhead = 700;
        key(&mut h, Key::I);
        h.state_mut().program.playhead = 1250;
        key(&mut h, Key::O);
        h.state_mut().program.playhead = 924;
        h.run_steps(2);
        h.check_accessibility();
        picture(&mut h, &format!("timeline-fit-{name}"));
        for _ in 0..3 {
            chord(&mut h, Modifiers::COMMAND, Key::Plus);
        }
        picture(&mut h, &format!("timeline-near-{name}"));
        for _ in 0..12 {
            chord(&mut h, Modifiers::COMMAND, Key::Minus);
        }
        picture(&mut h, &format!("timeline-far-{name}"));
    }
}

#[test]
fn tracks_can_be_read_at_every_height() {
    let mut h = of(full());
    for (name, height) in [("small", 26u16), ("large", 112)] {
        let ids: Vec<TrackId> = h.state().program.project().sequence.tracks.iter().map(|t| t.id).collect();
        let set = ids.into_iter().map(|id| EditCommand::SetTrack { id, change: TrackChange::Height(height) }).collect();
        h.state_mut().program.history.exec(&EditCommand::Batch(set)).expect("heights are set");
        h.run_steps(3);
        h.check_accessibility();
        picture(&mut h, &format!("timeline-{name}"));
    }
    assert_eq!(span(&h, 10), (0, 236));
}

#[test]
fn a_nested_sequence_shows_the_way_it_was_opened() {
    let mut h = window();
    h.get_by_label_contains("drone_cliff.mp4, V1").click();
    h.run_steps(2);
    chord(&mut h, Modifiers::ALT, Key::N);
    assert_eq!(h.state().program.project().others.len(), 1);
    let pos = at(&h, 760, clip(&h, "market_walk.mp4, V1").center().y + 8.0);
    h.hover_at(pos);
    h.step();
    for _ in 0..2 {
        h.drag_at(pos);
        h.step();
        h.drop_at(pos);
        h.step();
    }
    h.run_steps(4);
    assert_ne!(h.state().program.project().sequence.id, SequenceId(1), "a double click opened it");
    h.check_accessibility();
    picture(&mut h, "timeline-nested");
}
