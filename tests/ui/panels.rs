//! What buttons, fields, keys and dialogs do.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, drag, key, open, picture},
};
use egui::{Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{
        dialogs::{Ask, Chosen},
        program::ProgramView,
    },
    base::{FrameRate, MediaId},
    model::{Project, Sequence, Speed},
    session::{Command, JobState, ProxyState},
};
use std::path::{Path, PathBuf};

type Window = Harness<'static, World>;

fn film() -> World {
    World::new(Fake::new(day_at_sea()).with_picture())
}

fn window(world: World) -> Window {
    open(world, [1400.0, 900.0])
}

fn sent(h: &Window, what: impl Fn(&Command) -> bool) -> bool {
    h.state().program.sent.iter().any(what)
}

#[test]
fn import_asks_for_files_and_brings_them_in() {
    let mut world = World::new(Fake::new(Project::new("", Sequence::new(1920, 1080, FrameRate::FPS_25))));
    world.answer = Some(Chosen::Media(vec!["/films/a.mp4".into(), "/films/b.wav".into()]));
    let mut h = window(world);
    h.get_by_label("Import media…").click();
    h.run_steps(3);
    assert_eq!(*h.state().asked.borrow(), [Ask::Import]);
    assert!(sent(&h, |c| matches!(c, Command::Import(p) if p.len() == 2)));
}

#[test]
fn a_desktop_without_file_dialogs_says_so_and_what_helps() {
    let mut world = World::new(Fake::new(Project::new("", Sequence::new(1920, 1080, FrameRate::FPS_25))));
    world.answer = Some(Chosen::NoDialog);
    let mut h = window(world);
    h.get_by_label("Import media…").click();
    h.run_steps(3);
    h.get_by_label_contains("no file dialog");
    h.get_by_label_contains("zenity");
    assert!(!sent(&h, |c| matches!(c, Command::Import(_))));
    picture(&mut h, "no-dialog");
}

#[derive(Debug)]
pub struct Dropped(pub PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("a test has no bytes".into())
    }
}

#[test]
fn dropped_files_are_imported_and_a_dropped_project_opens() {
    let mut h = window(film());
    for name in ["/films/c.mov", "/films/other.montage"] {
        h.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(name.into())));
    }
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::Import(p) if p == &[PathBuf::from("/films/c.mov")])));
    assert!(sent(&h, |c| matches!(c, Command::Open(p) if p.ends_with("other.montage"))));
}

#[test]
fn a_dropped_timeline_is_read_once_one_has_said_how_and_dropped_captions_come_in() {
    let mut h = window(film());
    for name in ["/films/from elsewhere.fcpxml", "/films/words.srt"] {
        h.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(name.into())));
    }
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::ImportCaptions(p) if p.ends_with("words.srt"))));
    h.get_by_label_contains("from elsewhere.fcpxml");
    h.get_by_role_and_label(Role::Button, "Read timeline").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::ImportTimeline { path, .. } if path.ends_with("from elsewhere.fcpxml"))));
    assert!(!sent(&h, |c| matches!(c, Command::Import(_))));
}

#[test]
fn j_k_and_l_shuttle_and_with_k_held_they_step() {
    let mut h = window(film());
    h.state_mut().program.playhead = 500;
    let plays = |h: &Window| h.state().program.playing.then_some(h.state().program.speed);
    for (press, want) in [(Key::L, 1), (Key::L, 2), (Key::L, 4), (Key::J, -1), (Key::J, -2), (Key::L, 1)] {
        key(&mut h, press);
        assert_eq!(plays(&h), Some(Speed(want, 1)));
    }
    key(&mut h, Key::K);
    assert_eq!(plays(&h), None);
    h.key_down(Key::K);
    h.run_steps(1);
    key(&mut h, Key::L);
    key(&mut h, Key::L);
    key(&mut h, Key::J);
    assert_eq!((plays(&h), h.state().program.playhead), (None, 501));
    h.key_up(Key::K);
    h.run_steps(1);
    key(&mut h, Key::L);
    assert_eq!(plays(&h), Some(Speed::NORMAL));
}

#[test]
fn space_plays_and_arrows_step_but_not_while_text_is_typed() {
    let mut h = window(film());
    key(&mut h, Key::Space);
    assert!(h.state().program.playing);
    key(&mut h, Key::K);
    assert!(!h.state().program.playing);
    key(&mut h, Key::ArrowRight);
    key(&mut h, Key::ArrowRight);
    key(&mut h, Key::ArrowLeft);
    assert_eq!(h.state().program.playhead, 1);
    key(&mut h, Key::End);
    assert_eq!(h.state().program.playhead, 1733);
    key(&mut h, Key::Home);
    key(&mut h, Key::ArrowDown);
    assert_eq!(h.state().program.playhead, 75, "the first cut is the title's start");
    let before = h.state().program.sent.len();
    h.get_by_label("Search media").click();
    h.run_steps(2);
    h.get_by_label("Search media").type_text("b ");
    key(&mut h, Key::Space);
    key(&mut h, Key::ArrowLeft);
    assert_eq!(h.state().program.sent.len(), before, "{:?}", &h.state().program.sent[before..]);
}

#[test]
fn transport_buttons_have_names_and_work() {
    let mut h = window(film());
    for name in ["Go to end", "Step back", "Start playback"] {
        h.get_by_label(name).click();
        h.run_steps(2);
    }
    assert_eq!(h.state().program.playhead, 1732);
    assert!(h.state().program.playing);
    h.get_by_label("Pause playback").click();
    h.run_steps(2);
    assert!(!h.state().program.playing);
}

#[test]
fn a_number_dragged_in_the_inspector_is_one_undo_step() {
    let mut h = window(film());
    h.get_by_label_contains("b-roll: nets, V2").click();
    h.run_steps(3);
    let field = h.get_by_role_and_label(Role::SpinButton, "Rotation").rect().center();
    drag(&mut h, field, field + vec2(40.0, 0.0));
    let rotation = h.state().program.clip(52).transform.rotation;
    assert!(rotation > 5.0, "turned by {rotation}");
    assert_eq!(h.state().program.undo_label(), Some("Transform clip"));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert_eq!(h.state().program.clip(52).transform.rotation, 0.0);
    assert_eq!(h.state().program.undo_label(), None, "one step, not many");
}

#[test]
fn typing_a_title_shows_at_once_and_is_one_undo_step() {
    let mut h = window(film());
    h.get_by_label_contains("A day at sea, V2").click();
    h.run_steps(3);
    h.get_by_label("Title text").focus();
    h.run_steps(2);
    h.get_by_label("Title text").type_text("!");
    h.run_steps(2);
    h.get_by_label("Title text").type_text("?");
    h.run_steps(2);
    let text = |h: &Window| match &h.state().program.clip(50).content {
        montage_ai::model::ClipContent::Title(t) => t.text.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text(&h).len(), "A day at sea".len() + 2);
    h.get_by_label("Undo").click();
    h.run_steps(3);
    assert_eq!(text(&h), "A day at sea");
    assert_eq!(h.state().program.undo_label(), None);
}

#[test]
fn exporting_takes_a_preset_and_shows_how_far_it_is() {
    let mut h = window(film());
    h.get_by_label("Export").click();
    h.run_steps(3);
    h.get_by_label("VP9 and Opus").click();
    h.run_steps(2);
    h.get_by_label("Start export").click();
    h.run_steps(3);
    let expected = |c: &Command| match c {
        Command::Export { output, preset, range, .. } => {
            preset == "webm" && range.is_none() && output == Path::new("/films/sea/A day at sea export.webm")
        }
        _ => false,
    };
    assert!(sent(&h, expected), "{:?}", h.state().program.sent);
    assert_eq!(h.get_all_by_label_contains("30 % · 48.0 frames/s · 0:12 left").count(), 2, "in the dialog and in the status line");
    h.get_by_label("Cancel export").click();
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::CancelJob(1))));
    h.state_mut().program.jobs[0].state = JobState::Completed;
    h.run_steps(2);
    h.get_by_label("Open folder").click();
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::RevealOutput(1))));
}

#[test]
fn a_preset_without_an_encoder_cannot_be_chosen() {
    let mut h = window(film());
    chord(&mut h, Modifiers::COMMAND, Key::E);
    h.get_by_label("AV1").click();
    h.run_steps(2);
    h.get_by_label("Start export").click();
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::Export { preset, .. } if preset == "h264")));
}

#[test]
fn marks_limit_the_export() {
    let mut h = window(film());
    h.state_mut().program.playhead = 100;
    key(&mut h, Key::I);
    h.state_mut().program.playhead = 199;
    key(&mut h, Key::O);
    chord(&mut h, Modifiers::COMMAND, Key::E);
    h.get_by_label("Start export").click();
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::Export { range: Some((100, 200)), .. })));
}

#[test]
fn unsaved_changes_are_never_lost_without_a_question() {
    let mut h = window(film());
    key(&mut h, Key::M);
    assert!(h.state().program.is_dirty());
    chord(&mut h, Modifiers::COMMAND, Key::N);
    assert!(!sent(&h, |c| matches!(c, Command::New)));
    h.get_by_label("Cancel").click();
    h.run_steps(3);
    chord(&mut h, Modifiers::COMMAND, Key::N);
    h.run_steps(2);
    h.get_by_label("Do not save").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::New)));
}

#[test]
fn a_menu_names_its_commands_with_their_keys() {
    let mut h = window(film());
    h.get_by_role_and_label(Role::Button, "Clip").click();
    h.run_steps(4);
    h.state_mut().program.playhead = 100;
    h.get_all_by_label("Split at playhead").next().unwrap().click();
    h.run_steps(3);
    assert_eq!(h.state().program.edits().len(), 1);
}

#[test]
fn nothing_is_repainted_without_a_cause() {
    let mut h = window(film());
    h.run_steps(30);
    let wants = h.output().viewport_output.values().map(|v| v.repaint_delay).min();
    assert!(wants.is_none_or(|d| d > std::time::Duration::from_secs(1)), "a quiet window wants to repaint in {wants:?}");
}

#[test]
fn a_timeline_for_another_program_says_what_will_be_lost_before_it_is_written() {
    let mut h = window(film());
    h.get_by_label("File").click();
    h.run_steps(3);
    h.get_by_label("Export timeline…").click();
    h.run_steps(3);
    h.get_by_label("Premiere Pro").click();
    h.run_steps(3);
    // its titles have no place in Premiere's XML
    assert!(h.query_all_by_label_contains("Left out – ").next().is_some());
    picture(&mut h, "export-timeline");
    h.get_by_label("Write timeline").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(
        c,
        Command::ExportTimeline { output, format, options }
            if output.extension().is_some_and(|e| e == "xml")
                && *format == montage_ai::session::TimelineFormat::Xmeml
                && options.target == montage_ai::session::TimelineTarget::Premiere
    )));
}

#[test]
fn a_timeline_of_another_program_is_read_only_when_it_was_said_how() {
    let mut world = film();
    world.answer = Some(Chosen::Timeline("/films/from-resolve.otio".into()));
    let mut h = window(world);
    h.get_by_label("File").click();
    h.run_steps(3);
    h.get_by_label("Import timeline…").click();
    h.run_steps(4);
    assert_eq!(*h.state().asked.borrow(), [Ask::Timeline]);
    assert!(!sent(&h, |c| matches!(c, Command::ImportTimeline { .. })));
    picture(&mut h, "import-timeline");
    h.get_by_label("Read timeline").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::ImportTimeline { all_media: false, .. })));
}

#[test]
fn proxies_are_named_in_the_bin_switched_by_key_and_removed_by_command() {
    let mut world = World::new(Fake::new(day_at_sea()).with_picture());
    let states = [ProxyState::Ready, ProxyState::Making(0.42), ProxyState::Stale, ProxyState::Missing];
    world.program.proxies = states.into_iter().enumerate().map(|(i, s)| (MediaId(100 + i as u64), s)).collect();
    let mut h = open(world, [1280.0, 800.0]);
    picture(&mut h, "proxies");
    assert!(h.state().program.settings.use_proxies);
    chord(&mut h, Modifiers::SHIFT, Key::P);
    assert!(!h.state().program.settings.use_proxies);
    chord(&mut h, Modifiers::SHIFT, Key::P);
    assert!(h.state().program.settings.use_proxies);
    h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
    h.run_steps(3);
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P);
    h.get_by_label("Search commands").type_text("remove prox");
    h.run_steps(3);
    key(&mut h, Key::Enter);
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::RemoveProxies(m) if m[..] == [MediaId(100)])));
}
