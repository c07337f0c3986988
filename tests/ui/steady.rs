//! What a person does to steady a clip: switch it on, have its camera analysed, set it, look at its path.

use crate::{
    fake::Fake,
    film::day_at_sea,
    inspector::{Window, choose, click, drag_number, type_number, undo_label, with_clips},
    support::{World, chord, drag, open, picture, picture_of},
};
use egui::{Key, Modifiers, Rect, accesskit::Role, pos2};
use egui_kittest::kittest::Queryable;
use montage_ai::{
    app::{program::ProgramView, state::Selection, theme::ThemeChoice},
    base::{ClipId, ContentHash, FrameRate, MediaId, Time},
    model::{Border, RollingShutter, Stabilize, StabilizeZoom},
    session::{Command, SteadyNote, SteadyPath, SteadyState},
};
use std::sync::Arc;

const CLIP: u64 = 52;

fn media(f: &Fake) -> MediaId {
    f.clip(CLIP).media().expect("a clip of a file")
}

fn steady(h: &Window) -> Option<Stabilize> {
    h.state().program.clip(CLIP).stabilize.as_deref().copied()
}

/// A camera in a hand, and the calm that was planned for it.
fn path(wish: Stabilize, notes: Vec<SteadyNote>) -> Arc<SteadyPath> {
    let frames = 2000;
    let calm = |n: i64| {
        let t = n as f32 / 30.0;
        [0.12 * (t * 0.25).sin(), 0.04 * (t * 0.4).cos(), 1.5 * (t * 0.2).sin(), 1.0]
    };
    let shaken = |n: i64| {
        let (t, c) = (n as f32, calm(n));
        let tremor = (t * 1.7).sin() + 0.6 * (t * 0.9).cos() + 0.4 * (t * 2.9).sin();
        [c[0] + 0.012 * tremor, c[1] + 0.01 * (t * 1.3).sin() * tremor, c[2] + 0.5 * (t * 0.8).sin(), c[3]]
    };
    Arc::new(SteadyPath {
        media: ContentHash(1),
        wish: Stabilize { border: Border::Crop, on: true, ..wish },
        times: (0..frames).map(|n| Time::from_frames(n, FrameRate::NTSC_30)).collect(),
        raw: (0..frames).map(shaken).collect(),
        smooth: (0..frames).map(|n| calm(n).map(|v| v)).map(|c| [c[0], c[1], c[2], 1.11]).collect(),
        cuts: vec![0],
        weak: vec![false; frames as usize],
        kept: 0.81,
        jitter_px: (8.57, 0.012),
        notes,
    })
}

fn film() -> Fake {
    Fake::new(day_at_sea()).with_picture()
}

#[test]
fn a_clip_is_switched_on_its_media_analysed_and_the_path_is_told() {
    let mut h = with_clips(film(), &[CLIP]);
    assert!(h.query_by_label("Smoothness").is_none(), "nothing to set before it is on");
    click(&mut h, "Stabilise");
    assert_eq!(steady(&h), Some(Stabilize::default()));
    assert_eq!(undo_label(&h).as_deref(), Some("Change stabilisation"));
    let id = media(&h.state().program);
    let asked = |h: &Window| h.state().program.sent.iter().any(|c| matches!(c, Command::PlanSteady { media, .. } if *media == id));
    assert!(asked(&h), "whoever looks at it asks for its path");
    h.state_mut().program.steady.insert(id, SteadyState::NotAnalysed(None));
    h.run_steps(3);
    click(&mut h, "Analyse motion");
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::AnalyseMotion(m) if *m == [id])));
    h.state_mut().program.steady.insert(id, SteadyState::Analysing(0.42));
    h.run_steps(3);
    assert!(h.query_by_label("Analyse motion").is_none());
    assert!(h.query_by_role_and_label(Role::ProgressIndicator, "Analysing the camera's motion: 42 %").is_some());
    h.state_mut().program.steady.insert(id, SteadyState::Planned(path(Stabilize::default(), vec![SteadyNote::CropBinds(12, 2000)])));
    h.run_steps(3);
    assert!(h.query_by_label("81 %").is_some());
    assert!(h.query_by_label("8.6 → < 0.05 px").is_some());
    assert!(h.query_by_label_contains("12 of 2,000 frames").is_some() || h.query_by_label_contains("12 of 2000 frames").is_some());
    click(&mut h, "Stabilise");
    assert_eq!(steady(&h).map(|s| s.on), Some(false), "its settings stay");
}

#[test]
fn why_an_analysis_failed_is_said_and_it_can_be_tried_again() {
    let mut f = film();
    let id = media(&f);
    f.steady.insert(id, SteadyState::NotAnalysed(Some("the file cannot be decoded".into())));
    let mut h = with_clips(f, &[CLIP]);
    click(&mut h, "Stabilise");
    assert!(h.query_by_label_contains("the file cannot be decoded").is_some());
    click(&mut h, "Analyse motion");
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::AnalyseMotion(m) if *m == [id])));
}

#[test]
fn why_a_picture_is_left_as_it_is_stands_in_the_inspector() {
    for (note, words) in [
        (SteadyNote::NothingMeasured, "No motion could be measured"),
        (SteadyNote::TooFewFrames, "Too short to tell shaking from motion"),
        (SteadyNote::AlreadySteady, "The camera is steady already"),
        (SteadyNote::Weak(40, 2000), "could not be measured; the path between is a guess"),
    ] {
        let mut f = film();
        let id = media(&f);
        f.steady.insert(id, SteadyState::Planned(path(Stabilize::default(), vec![note])));
        let mut h = with_clips(f, &[CLIP]);
        assert!(h.query_by_label_contains(words).is_none(), "not before it is on");
        click(&mut h, "Stabilise");
        assert!(h.query_by_label_contains(words).is_some(), "{words}");
    }
}

#[test]
fn every_setting_is_set_and_a_drag_is_one_step() {
    let mut h = with_clips(film(), &[CLIP]);
    click(&mut h, "Stabilise");
    drag_number(&mut h, "Smoothness", 40.0);
    let after = steady(&h).unwrap().smoothness;
    assert!(after > 0.65, "{after}");
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(steady(&h), Some(Stabilize::default()), "one step back");
    type_number(&mut h, "Smoothness", "85");
    type_number(&mut h, "Max. crop", "99");
    choose(&mut h, "Zoom", "None");
    choose(&mut h, "Border", "Mirrored");
    click(&mut h, "Lock horizon");
    choose(&mut h, "Rolling shutter", "By hand");
    type_number(&mut h, "Readout", "-12.5");
    let wanted = Stabilize {
        smoothness: 0.85,
        max_crop: 0.3,
        zoom: StabilizeZoom::None,
        border: Border::Mirror,
        horizon_lock: true,
        rolling_shutter: RollingShutter::Ms(-12.5),
        ..Stabilize::default()
    };
    assert_eq!(steady(&h), Some(wanted));
    click(&mut h, "Tripod");
    type_number(&mut h, "Max. crop", "20");
    assert_eq!(steady(&h), Some(Stabilize { tripod: true, max_crop: 0.2, ..wanted }));
    assert!(h.state().program.refused.is_empty(), "{:?}", h.state().program.refused);
}

fn with_path(theme: ThemeChoice) -> Window {
    let mut f = film();
    f.playhead = 1010;
    let id = media(&f);
    f.steady.insert(id, SteadyState::Planned(path(Stabilize::default(), vec![SteadyNote::CropBinds(31, 2000)])));
    let mut world = World::new(f);
    world.theme = theme;
    let mut h = open(world, [1400.0, 1100.0]);
    crate::inspector_looks::select(&mut h, Selection::clips([ClipId(CLIP)]));
    click(&mut h, "Stabilise");
    h
}

#[test]
fn the_path_stands_under_the_picture_and_takes_the_playhead_along() {
    let mut h = with_path(ThemeChoice::Dark);
    assert!(h.query_by_label_contains("Camera path of").is_none());
    click(&mut h, "Camera path");
    let strip = h.get_by_label_contains("Camera path of").rect();
    assert!(strip.height() > 90.0 && strip.width() > 300.0, "{strip:?}");
    let at = pos2(strip.left() + strip.width() * 0.7, strip.center().y);
    drag(&mut h, at, at + egui::vec2(60.0, 0.0));
    let clip = h.state().program.clip(CLIP);
    assert!(clip.contains(h.state().program.playhead()), "{}", h.state().program.playhead());
    click(&mut h, "Camera path");
    assert!(h.query_by_label_contains("Camera path of").is_none());
}

#[test]
fn it_looks_right() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut h = with_path(theme);
        click(&mut h, "Camera path");
        picture(&mut h, &format!("steady-window-{name}"));
        let section = h.get_by_label("Stabilisation section").rect();
        let part = Rect::from_min_max(pos2(section.left() - 8.0, section.top() - 6.0), pos2(section.right() + 10.0, section.top() + 330.0));
        picture_of(&mut h, &format!("steady-inspector-{name}"), part);
    }
}
