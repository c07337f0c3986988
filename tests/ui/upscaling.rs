//! Making media larger, as a person asks for it.

use crate::{
    fake::Fake,
    film::day_at_sea,
    inspector_looks::select,
    panels::Dropped,
    support::{World, by_palette, chord, key, open, picture, sent},
};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{state::Selection, theme::ThemeChoice},
    base::{ClipId, MediaId},
    session::{
        Command, Enlarge, Enlarged, UpscaleWish, Without,
        jobs::{Moment, UpscaleTarget},
        models::ModelView,
    },
};
use std::path::PathBuf;

type Window = Harness<'static, World>;

fn model(name: &str, origin: &'static str, installed: bool) -> ModelView {
    ModelView {
        name: name.into(),
        task: "upscale",
        about: "films and photographs, quick".into(),
        scale: Some(if origin == "program" { 2 } else { 4 }),
        installed,
        origin,
        path: None,
        bytes: None,
        sha256: None,
        licence: None,
        url: None,
        usual: origin == "program",
    }
}

/// With the harbour at dawn selected in the bin.
fn window(theme: ThemeChoice) -> Window {
    let mut world = World::new(Fake::new(day_at_sea()).with_picture());
    world.theme = theme;
    let models = [
        model("compact-x2", "program", true),
        model("realesr-general-x4v3", "official", true),
        model("RealESRGAN_x4plus", "official", false),
    ];
    world.program.models = models.into();
    let mut h = open(world, [1280.0, 800.0]);
    h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
    h.run_steps(3);
    h
}

fn wishes(h: &Window) -> Vec<UpscaleWish> {
    sent(h, |c| if let Command::Upscaling(wish) = c { Some(wish.clone()) } else { None })
}

#[test]
fn the_dialog_tells_how_long_it_takes_and_asks_for_what_was_chosen() {
    let mut h = window(ThemeChoice::Dark);
    by_palette(&mut h, "upscale");
    assert_eq!(wishes(&h)[0], UpscaleWish::ListModels);
    assert!(wishes(&h).contains(&UpscaleWish::Rate("compact-x2".into())), "the usual model is chosen, and measured");
    h.get_by_label("Measuring how quick this machine is…");
    h.state_mut().program.rates.insert("compact-x2".into(), 2e7);
    h.run_steps(2);
    h.get_by_label_contains("on this machine, by what was just measured");
    picture(&mut h, "upscale");
    // what is not here can be seen and not chosen
    assert!(h.query_by_label("RealESRGAN_x4plus").is_none());
    h.get_by_label("1 more that can be fetched").click();
    h.run_steps(2);
    h.get_by_label("RealESRGAN_x4plus").click();
    h.run_steps(2);
    h.get_by_label("realesr-general-x4v3").click();
    h.get_by_label("×4").click();
    h.run_steps(2);
    h.get_by_role_and_label(Role::Button, "Upscale").click();
    h.run_steps(3);
    let Some(UpscaleWish::Make { media, ask }) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    assert_eq!((media, ask.model.as_str(), ask.target), (vec![MediaId(100)], "realesr-general-x4v3", UpscaleTarget::Times(4)));
    assert!(h.query_by_label("Measuring how quick this machine is…").is_none() && h.query_by_label("Model").is_none(), "it has closed");
}

#[test]
fn a_marked_part_can_be_asked_for_once_in_and_out_are_set() {
    let mut h = window(ThemeChoice::Dark);
    by_palette(&mut h, "upscale");
    h.get_by_label("In to out point").click();
    h.run_steps(2);
    h.get_by_label_contains("takes the original's place");
    key(&mut h, Key::Escape);
    h.run_steps(2);
    by_palette(&mut h, "open in source");
    for (frame, mark) in [(75, Key::I), (299, Key::O)] {
        h.state_mut().program.source.as_mut().unwrap().deck.playhead = frame;
        h.run_steps(2);
        key(&mut h, mark);
        h.run_steps(2);
    }
    h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
    h.run_steps(3);
    by_palette(&mut h, "upscale");
    h.get_by_label_contains("(225 frames)").click();
    h.run_steps(2);
    h.get_by_label_contains("a film of its own");
    picture(&mut h, "upscale-part-dark");
    h.get_by_role_and_label(Role::Button, "Upscale").click();
    h.run_steps(3);
    let Some(UpscaleWish::Make { ask, .. }) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    assert_eq!(ask.range, Some((Moment::Frame(75), Moment::Frame(300))));
}

#[test]
fn a_size_that_is_not_larger_cannot_be_asked_for_and_escape_closes_the_dialog() {
    let mut h = window(ThemeChoice::Light);
    by_palette(&mut h, "upscale");
    h.get_by_label("1080p").click();
    h.run_steps(2);
    h.get_by_label("The media already are that large.");
    picture(&mut h, "upscale-light");
    h.get_by_role_and_label(Role::Button, "Upscale").click();
    h.run_steps(2);
    assert!(!wishes(&h).iter().any(|w| matches!(w, UpscaleWish::Make { .. })));
    key(&mut h, Key::Escape);
    h.run_steps(2);
    assert!(h.query_by_label("1080p").is_none());
}

#[test]
fn upscaled_pictures_are_taken_out_by_command_and_dropped_weights_become_a_model() {
    let mut h = window(ThemeChoice::Dark);
    by_palette(&mut h, "remove upscaled");
    assert!(wishes(&h).contains(&UpscaleWish::Remove(vec![MediaId(100)])));
    h.input_mut().dropped_files.push(std::sync::Arc::new(Dropped("/models/own.safetensors".into())));
    h.run_steps(2);
    assert!(wishes(&h).contains(&UpscaleWish::ImportModels(vec![PathBuf::from("/models/own.safetensors")])));
    assert!(!h.state().program.sent.iter().any(|c| matches!(c, Command::Import(_))));
}

#[test]
fn the_viewer_upscales_where_the_playhead_rests_says_how_far_it_is_and_compares() {
    let mut h = window(ThemeChoice::Dark);
    let upscaled = |h: &Window| h.query_by_label("upscaled").is_some();
    chord(&mut h, Modifiers::SHIFT, Key::U);
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::Enlarge(Enlarge::Everything))));
    assert!(!upscaled(&h), "nothing is promised");
    h.state_mut().program.viewer.enlarged = Enlarged::Making(0.42);
    h.run_steps(2);
    h.get_by_label("upscaling 42 %");
    h.state_mut().program.viewer.enlarged = Enlarged::Shown;
    h.run_steps(2);
    assert!(upscaled(&h));
    picture(&mut h, "upscale-live-light");
    chord(&mut h, Modifiers::SHIFT, Key::C);
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::Compare(Some(Without::Upscaling)))));
    h.state_mut().program.viewer.image_serial += 1;
    h.run_steps(3);
    picture(&mut h, "upscale-live-dark");
    // pixel for pixel
    h.get_by_label("Viewer zoom").click();
    h.run_steps(3);
    h.get_by_label("1:1, upscaled pixels").click();
    h.run_steps(3);
    assert!(h.query_by_label("1:1, upscaled pixels").is_none());
    h.state_mut().program.viewer.enlarged = Enlarged::Failed("pictures of 3840×2160 are not upscaled in the viewer".into());
    h.run_steps(2);
    let why = "pictures of 3840×2160 are not upscaled in the viewer";
    h.get_by_label(why);
    by_palette(&mut h, "upscale in viewer");
    assert!(matches!(h.state().program.sent.iter().rfind(|c| matches!(c, Command::Enlarge(_))), Some(Command::Enlarge(Enlarge::Nothing))));
    assert!(h.query_by_label(why).is_none());
}

#[test]
fn one_clip_is_upscaled_in_the_viewer_until_it_is_asked_for_again() {
    let mut h = window(ThemeChoice::Dark);
    let told = |h: &Window| match h.state().program.sent.iter().rfind(|c| matches!(c, Command::Enlarge(_))) {
        Some(Command::Enlarge(of)) => of.clone(),
        other => panic!("{other:?}"),
    };
    select(&mut h, Selection::clips([ClipId(52)]));
    by_palette(&mut h, "upscale clip in viewer");
    assert!(matches!(told(&h), Enlarge::Clips(clips) if clips.len() == 1));
    // everything is more than the one
    chord(&mut h, Modifiers::SHIFT, Key::U);
    assert_eq!(told(&h), Enlarge::Everything);
    chord(&mut h, Modifiers::SHIFT, Key::U);
    assert!(matches!(told(&h), Enlarge::Clips(_)));
    by_palette(&mut h, "upscale clip in viewer");
    assert_eq!(told(&h), Enlarge::Nothing);
}
