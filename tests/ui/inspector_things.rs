//! What a person does in the inspector with effects, titles, transitions, markers, sequences and media.

use crate::{
    fake::Fake,
    film::day_at_sea,
    inspector::{Window, choose, click, drag_number, type_number, undo_label, window, with_clips},
    inspector_looks::{fake, select},
    support::{chord, drag, key, picture_of},
};
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable;
use montage_ai::{
    app::{
        program::{Program, ProgramView},
        state::Selection,
    },
    base::{CaptionId, MarkerId, MediaId, SequenceId, TransitionId, color::Range},
    edit::EditCommand,
    model::{Caption, ClipContent, Effect, EffectKind, Side, TextAlign, Title, Transition, TransitionKind},
    session::Command,
};

fn effects(h: &Window, clip: u64) -> Vec<Effect> {
    h.state().program.clip(clip).effects.clone()
}

fn kinds(h: &Window, clip: u64) -> Vec<&'static str> {
    let name = |e: &Effect| match e.kind {
        EffectKind::Exposure { .. } => "exposure",
        EffectKind::WhiteBalance { .. } => "balance",
        EffectKind::Contrast { .. } => "contrast",
        EffectKind::Saturation { .. } => "saturation",
        EffectKind::Wheels { .. } => "wheels",
        EffectKind::Vignette { .. } => "vignette",
    };
    effects(h, clip).iter().map(name).collect()
}

#[test]
fn an_effect_is_found_added_and_set() {
    let mut h = with_clips(fake(), &[52]);
    click(&mut h, "Add effect");
    h.get_by_label("Search effects").type_text("vig");
    h.run_steps(2);
    assert!(h.query_by_label("Saturation").is_none());
    click(&mut h, "Vignette");
    assert_eq!(kinds(&h, 52), ["vignette"]);
    type_number(&mut h, "Amount", "80");
    assert_eq!(effects(&h, 52)[0].kind, EffectKind::Vignette { amount: 0.8, radius: 0.5, softness: 0.6 });
    assert_eq!(undo_label(&h).as_deref(), Some("Change effects"));
    click(&mut h, "Add effect");
    h.get_by_label("Search effects").type_text("exp");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    assert_eq!(kinds(&h, 52), ["vignette", "exposure"], "Enter takes the first one found");
    drag_number(&mut h, "Exposure", 60.0);
    assert!(matches!(effects(&h, 52)[1].kind, EffectKind::Exposure { stops } if stops > 0.5));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert!(matches!(effects(&h, 52)[1].kind, EffectKind::Exposure { stops: 0.0 }), "a drag is one step");
}

#[test]
fn effects_are_switched_reset_and_removed() {
    let mut h = with_clips(fake(), &[51]);
    click(&mut h, "Contrast on");
    assert!(effects(&h, 51)[1].enabled);
    click(&mut h, "Exposure menu");
    click(&mut h, "Reset");
    assert_eq!(effects(&h, 51)[0].kind, EffectKind::Exposure { stops: 0.0 });
    click(&mut h, "Exposure menu");
    click(&mut h, "Remove");
    assert_eq!(kinds(&h, 51), ["contrast", "wheels"]);
    click(&mut h, "Contrast effect");
    assert!(h.query_by_label("Pivot").is_none(), "a folded effect hides its settings");
}

#[test]
fn effects_change_places_by_hand_and_by_menu() {
    let mut h = with_clips(fake(), &[51]);
    let from = h.get_by_label("Move Exposure").rect().center();
    let to = h.get_by_label("Move Colour wheels").rect().center() + vec2(0.0, 160.0);
    drag(&mut h, from, to);
    assert_eq!(kinds(&h, 51), ["contrast", "wheels", "exposure"]);
    click(&mut h, "Exposure menu");
    click(&mut h, "Move up");
    assert_eq!(kinds(&h, 51), ["contrast", "exposure", "wheels"]);
}

#[test]
fn a_bypass_gives_back_what_was_on() {
    let mut h = with_clips(fake(), &[51]);
    let on = |h: &Window| effects(h, 51).iter().map(|e| e.enabled).collect::<Vec<_>>();
    assert_eq!(on(&h), [true, false, true]);
    click(&mut h, "All effects");
    assert_eq!(on(&h), [false, false, false]);
    click(&mut h, "All effects");
    assert_eq!(on(&h), [true, false, true]);
}

#[test]
fn effects_are_copied_to_other_clips() {
    let mut h = with_clips(fake(), &[51]);
    click(&mut h, "Effects menu");
    click(&mut h, "Copy effects");
    select(&mut h, Selection::clips([10, 11].map(montage_ai::base::ClipId)));
    click(&mut h, "Effects menu");
    click(&mut h, "Paste effects");
    assert_eq!((kinds(&h, 10), kinds(&h, 11)), (vec!["exposure", "contrast", "wheels"], vec!["exposure", "contrast", "wheels"]));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert!(effects(&h, 10).is_empty() && effects(&h, 11).is_empty(), "one step");
}

#[test]
fn a_wheel_is_turned_by_its_point_its_slider_and_its_numbers() {
    let mut h = with_clips(fake(), &[51]);
    let wheels = |h: &Window| match effects(h, 51)[2].kind {
        EffectKind::Wheels { lift, gamma, gain } => [lift, gamma, gain],
        other => panic!("{other:?}"),
    };
    let before = wheels(&h);
    let at = h.get_by_label("Gain wheel").rect().center();
    drag(&mut h, at, at + vec2(0.0, -20.0));
    let up = wheels(&h)[2];
    assert!(up[0] > before[2][0] && up[1] < before[2][1] && up[2] < before[2][2], "up is red: {up:?}");
    let mean = |v: [f32; 3]| (v[0] + v[1] + v[2]) / 3.0;
    assert!((mean(up) - mean(before[2])).abs() < 1e-4, "the master stays");
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(wheels(&h), before);
    let at = h.get_by_label("Gamma master").rect();
    drag(&mut h, at.center(), at.center() + vec2(at.width() * 0.25, 0.0));
    assert!(mean(wheels(&h)[1]) > 1.2, "{:?}", wheels(&h));
    type_number(&mut h, "Lift blue", "0,1");
    assert_eq!(wheels(&h)[0][2], 0.1);
    click(&mut h, "Reset Lift");
    assert_eq!(wheels(&h)[0], [0.0; 3]);
}

#[test]
fn an_adjustment_has_a_strength_effects_and_fades() {
    let mut h = with_clips(fake(), &[993]);
    type_number(&mut h, "Opacity", "60");
    type_number(&mut h, "Fade in", "10");
    assert!(h.query_by_label("Scale slider").is_none());
    let c = h.state().program.clip(993);
    assert_eq!((c.transform.opacity, c.fade_in), (0.6, 10));
}

fn title(h: &Window) -> Title {
    match &h.state().program.clip(50).content {
        ClipContent::Title(t) => t.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_title_takes_a_look_a_typeface_and_a_place() {
    let mut h = with_clips(fake(), &[50]);
    click(&mut h, "Title presets");
    click(&mut h, "Lower third");
    let t = title(&h);
    assert_eq!((t.text.as_str(), t.style.align, t.style.size), ("A day at sea", TextAlign::Left, 0.055));
    assert!(t.position.0 < 0.4 && t.position.1 > 0.85, "{:?}", t.position);
    click(&mut h, "Family");
    h.get_by_label("Search typefaces").type_text("noto");
    h.run_steps(2);
    click(&mut h, "Noto Sans");
    choose(&mut h, "Weight", "Light");
    click(&mut h, "Italic");
    click(&mut h, "Align right");
    type_number(&mut h, "Text size", "12");
    let s = title(&h).style;
    assert_eq!((s.family.as_str(), s.weight, s.italic, s.align, s.size), ("Noto Sans", 300, true, TextAlign::Right, 0.12));
    click(&mut h, "Top right");
    let (x, y) = title(&h).position;
    assert!(x > 0.5 && y < 0.2, "{x} {y}");
    type_number(&mut h, "Title across", "25");
    assert_eq!(title(&h).position.0, 0.25);
    type_number(&mut h, "Outline", "0.4");
    type_number(&mut h, "Shadow down", "1");
    click(&mut h, "Shadow");
    let s = title(&h).style;
    assert_eq!((s.outline, s.shadow.1, s.shadow_color[3]), (0.004, 0.01, 0.0));
}

#[test]
fn a_dragged_title_snaps_to_the_middle() {
    let mut h = with_clips(fake(), &[50]);
    type_number(&mut h, "Title across", "30");
    let frame = h.get_by_label("Place of the title").rect();
    let at = frame.center() + vec2(-0.1 * frame.width(), 0.3 * frame.height());
    drag(&mut h, at, at + vec2(frame.width() * 0.19, 0.0));
    assert_eq!(title(&h).position, (0.5, 0.5));
}

fn transition(h: &Window) -> Transition {
    let tracks = &h.state().program.project().sequence.tracks;
    *tracks.iter().flat_map(|t| &t.transitions).find(|x| x.id == TransitionId(60)).expect("it is there")
}

#[test]
fn a_transition_takes_another_kind_length_and_place() {
    let mut h = window(fake());
    select(&mut h, Selection { transition: Some(TransitionId(60)), ..Selection::default() });
    choose(&mut h, "Kind", "Wipe");
    type_number(&mut h, "Angle", "90");
    type_number(&mut h, "Softness", "35");
    assert_eq!(transition(&h).kind, TransitionKind::Wipe { angle: 90.0, softness: 0.35 });
    let dial = h.get_by_label("Angle dial").rect();
    drag(&mut h, dial.center() + vec2(0.0, 6.0), dial.center() + vec2(-9.0, 0.0));
    assert!(matches!(transition(&h).kind, TransitionKind::Wipe { angle: 180.0, .. }), "{:?}", transition(&h).kind);
    type_number(&mut h, "Transition duration", "20");
    assert_eq!((transition(&h).before, transition(&h).after), (10, 10));
    choose(&mut h, "Alignment", "Start at cut");
    assert_eq!((transition(&h).before, transition(&h).after), (0, 20));
    type_number(&mut h, "Before cut", "4");
    assert_eq!((transition(&h).before, transition(&h).after), (4, 20));
    choose(&mut h, "Kind", "Push");
    click(&mut h, "From the top");
    assert_eq!(transition(&h).kind, TransitionKind::Slide { from: Side::Top, push: true });
    click(&mut h, "Remove transition");
    assert_eq!(h.state().program.edits().last(), Some(&&EditCommand::RemoveTransition { id: TransitionId(60) }));
}

#[test]
fn a_marker_has_a_name_a_colour_a_length_and_a_note() {
    let mut h = window(fake());
    select(&mut h, Selection { marker: Some(MarkerId(71)), ..Selection::default() });
    click(&mut h, "Marker colour 3");
    type_number(&mut h, "Marker duration", "2:00");
    type_number(&mut h, "Marker start", "20:00");
    h.get_by_label("Marker note").focus();
    h.run_steps(2);
    h.get_by_label("Marker note").type_text("louder");
    h.run_steps(2);
    let m = h.state().program.project().sequence.markers.iter().find(|m| m.id == MarkerId(71)).cloned().expect("it is there");
    assert_eq!((m.color, m.duration, m.frame, m.note.as_str()), (2, 60, 600, "louder"));
}

#[test]
fn captions_have_a_language() {
    let mut project = day_at_sea();
    let caption = Caption { id: CaptionId(900), start: 30, duration: 60, text: "Wir legen ab.".into(), words: Vec::new() };
    std::sync::Arc::make_mut(&mut project.sequence).captions.push(caption);
    let mut h = window(Fake::new(project));
    select(&mut h, Selection { caption: Some(CaptionId(900)), ..Selection::default() });
    choose(&mut h, "Language", "Deutsch");
    assert_eq!(h.state().program.project().sequence.caption_language, "de");
    assert_eq!(undo_label(&h).as_deref(), Some("Change caption language"));
    let pane = h.get_by_label("Text of the caption").rect().expand2(vec2(40.0, 240.0));
    picture_of(&mut h, "inspector-caption", pane);
    // one that is not among those that are offered stands in the list all the same
    h.state_mut().program.dispatch(Command::Edit(EditCommand::CaptionLanguage { tag: "pt-BR".into() }));
    h.run_steps(2);
    choose(&mut h, "Language", "Not said");
    assert_eq!(h.state().program.project().sequence.caption_language, "");
}

#[test]
fn a_sequence_is_named_labelled_added_and_opened() {
    let mut h = window(fake());
    h.get_by_label("Sequence name").focus();
    h.run_steps(2);
    h.get_by_label("Sequence name").type_text("Film");
    h.run_steps(2);
    type_number(&mut h, "Starts at", "01:00:00;00");
    let s = h.state().program.project().sequence.clone();
    assert_eq!((s.name.as_str(), s.start_timecode), ("Film", 107_892));
    click(&mut h, "Drop frame");
    let s = h.state().program.project().sequence.clone();
    assert_eq!((s.drop_frame, s.start_timecode, s.timecode(0).as_str()), (false, 108_000, "01:00:00:00"));
    choose(&mut h, "Frame size", "1080×1920 upright");
    assert_eq!(h.state().program.project().sequence.width, 1080);
    click(&mut h, "Add sequence");
    assert_eq!(h.state().program.project().others.len(), 2);
    click(&mut h, "Open Opening");
    assert_eq!(h.state().program.project().sequence.id, SequenceId(900));
}

#[test]
fn a_nested_clip_opens_its_sequence() {
    let mut h = with_clips(fake(), &[992]);
    click(&mut h, "Open sequence");
    assert_eq!(h.state().program.project().sequence.id, SequenceId(900));
}

#[test]
fn what_the_colours_of_media_are_taken_for_can_be_set() {
    let mut program = fake();
    program.history.exec(&EditCommand::AddFolder { path: "Day 1".into() }).expect("a folder");
    let mut h = window(program);
    select(&mut h, Selection::media([MediaId(100), MediaId(101)]));
    h.get_by_label("2 media");
    click(&mut h, "Override");
    choose(&mut h, "Transfer", "HLG");
    choose(&mut h, "Range", "Full");
    choose(&mut h, "Folder", "Day 1");
    for id in [100, 101] {
        let m = &h.state().program.project().media[&MediaId(id)];
        let tags = m.color_override.expect("it is set");
        assert!(tags.is_hdr() && tags.range == Range::Full && m.folder == "Day 1", "{tags:?}");
    }
    click(&mut h, "Override");
    assert_eq!(h.state().program.project().media[&MediaId(100)].color_override, None);
}
