//! What a person does where files are missing: finds them again, or exports from their proxies.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, open, picture},
};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{
        dialogs::{Ask, Chosen},
        program::ProgramView,
        theme::ThemeChoice,
    },
    base::{ContentHash, MediaId, Stamp},
    edit::{self, EditCommand, MediaChange},
    model::{Project, Variant},
    session::{Command, FoundBy, Lost, MediaState, Relink, Relinks, Setting},
};
use std::path::{Path, PathBuf};

type Window = Harness<'static, World>;

fn film() -> Fake {
    let mut program = Fake::new(day_at_sea()).with_picture();
    for id in [100, 101, 102, 103] {
        program.states.insert(MediaId(id), MediaState::Offline("the file is not there any more".into()));
    }
    program
}

/// Three of four files found in another folder, each known by something else.
fn found(program: &Fake) -> Relinks {
    let row = |id: u64, by| {
        let m = &program.project().media[&MediaId(id)];
        let new = Path::new("/archive/2026").join(m.file.path.file_name().unwrap());
        Relink { media: MediaId(id), name: m.name.clone(), old: m.file.path.clone(), new, by, stamp: Stamp::default() }
    };
    let lost = Lost { media: MediaId(103), old: program.project().media[&MediaId(103)].file.path.clone(), other_content: true };
    Relinks {
        folder: "/archive".into(),
        searching: false,
        found: vec![row(100, FoundBy::Content), row(101, FoundBy::Size), row(102, FoundBy::Name)],
        lost: vec![lost],
    }
}

fn window(program: Fake, theme: ThemeChoice) -> Window {
    let mut world = World::new(program);
    world.theme = theme;
    open(world, [1280.0, 800.0])
}

fn sent(h: &Window, what: impl Fn(&Command) -> bool) -> bool {
    h.state().program.sent.iter().any(what)
}

#[test]
fn missing_files_are_searched_for_in_a_folder_that_the_user_names() {
    let mut world = World::new(film());
    world.answer = Some(Chosen::RelinkFolder("/archive".into()));
    let mut h = open(world, [1280.0, 800.0]);
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P);
    h.get_by_label("Search commands").type_text("relink miss");
    h.run_steps(3);
    h.key_press(Key::Enter);
    h.run_steps(4);
    assert_eq!(*h.state().asked.borrow(), [Ask::RelinkFolder]);
    assert!(sent(&h, |c| matches!(c, Command::FindMissing(p) if p == Path::new("/archive"))));
    h.state_mut().program.relinks = Some(Relinks { folder: "/archive".into(), searching: true, ..Relinks::default() });
    h.run_steps(3);
    h.get_by_label("Looking in /archive");
    h.get_by_label("Cancel").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::CloseRelinks)));
}

#[test]
fn what_was_found_is_shown_and_only_what_is_ticked_is_linked() {
    for (theme, name) in [(ThemeChoice::Dark, "relink-dark"), (ThemeChoice::Light, "relink-light")] {
        let mut program = film();
        program.relinks = Some(found(&program));
        let mut h = window(program, theme);
        h.check_accessibility();
        picture(&mut h, name);
        h.get_by_label("3 of 4 missing files found in /archive");
        h.get_by_label("There is a file of this name, but with other content");
        // a name alone is not taken for proof
        let m = h.state().program.project().media.clone();
        h.get_by_role_and_label(Role::CheckBox, &m[&MediaId(102)].name);
        h.get_by_label("Link 2 files");
        h.get_by_role_and_label(Role::CheckBox, &m[&MediaId(100)].name).click();
        h.run_steps(3);
        h.get_by_label("Link one file").click();
        h.run_steps(3);
        assert!(sent(&h, |c| matches!(c, Command::ApplyRelinks(ids) if ids[..] == [MediaId(101)])));
        assert!(h.query_by_label("Relink missing media").is_none(), "the dialog is gone");
    }
}

#[test]
fn where_nothing_was_found_the_user_can_look_elsewhere_or_give_up() {
    let mut program = film();
    let lost = found(&program).lost;
    program.relinks = Some(Relinks { folder: "/archive".into(), searching: false, found: vec![], lost });
    let mut h = window(program, ThemeChoice::Dark);
    h.get_by_label("None of the missing files was found in /archive");
    h.get_by_label("Look elsewhere…").click();
    h.run_steps(3);
    assert_eq!(*h.state().asked.borrow(), [Ask::RelinkFolder]);
    h.key_press(Key::Escape);
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::CloseRelinks)));
    assert!(!sent(&h, |c| matches!(c, Command::ApplyRelinks(_))));
}

/// The film with a proxy of one of its media, whose original is missing.
fn with_stand_in() -> Fake {
    let film: Project = day_at_sea();
    let m = &film.media[&MediaId(100)];
    let of = Stamp { size: 7, modified: 0, hash: Some(ContentHash(1)) };
    let file = montage_ai::model::MediaFile::new(&m.file.path, of);
    let proxy = Variant { path: "/cache/proxies/1.mov".into(), of, recipe: "mjpeg 720".into(), info: m.info.clone() };
    let set = |change| EditCommand::SetMedia { id: MediaId(100), change };
    let edits = vec![set(MediaChange::File { file, info: Box::new(m.info.clone()) }), set(MediaChange::Proxy(Some(Box::new(proxy))))];
    let mut program = Fake::new(edit::apply(&film, &EditCommand::Batch(edits)).expect("the media is there")).with_picture();
    program.states.insert(MediaId(100), MediaState::Offline("the file is not there any more".into()));
    program
}

#[test]
fn an_export_takes_proxies_of_missing_originals_only_where_the_user_ticks_that_and_the_next_dialog_remembers_the_rest() {
    let mut h = window(with_stand_in(), ThemeChoice::Dark);
    chord(&mut h, Modifiers::COMMAND, Key::E);
    h.run_steps(3);
    picture(&mut h, "export-missing");
    let allowed = |h: &Window| {
        let last = h.state().program.sent.iter().rev().find_map(|c| match c {
            Command::Export { allow_proxies, preset, output, .. } => Some((*allow_proxies, preset.clone(), output.clone())),
            _ => None,
        });
        last.expect("an export was asked for")
    };
    h.get_by_label("Start export").click();
    h.run_steps(3);
    assert!(!allowed(&h).0, "not without a word");
    h.key_press(Key::Escape);
    h.run_steps(3);
    h.state_mut().program.jobs.clear();
    chord(&mut h, Modifiers::COMMAND, Key::E);
    h.run_steps(3);
    h.get_by_role_and_label(Role::CheckBox, "One original is missing: use its proxy").click();
    h.run_steps(2);
    h.get_by_label("VP9 and Opus").click();
    h.run_steps(2);
    h.get_by_role_and_label(Role::TextInput, "Destination").click();
    h.run_steps(2);
    chord(&mut h, Modifiers::COMMAND, Key::A);
    h.get_by_role_and_label(Role::TextInput, "Destination").type_text("/deliver/sea.webm");
    h.run_steps(3);
    h.get_by_label("Start export").click();
    h.run_steps(3);
    assert_eq!(allowed(&h), (true, "webm".into(), PathBuf::from("/deliver/sea.webm")));
    let settings = h.state().program.settings.clone();
    assert_eq!((settings.export_preset.as_deref(), settings.export_folder.as_deref()), (Some("webm"), Some(Path::new("/deliver"))));

    // the next window begins with them, but never with the proxies
    let mut next = with_stand_in();
    next.settings = settings;
    let mut h = window(next, ThemeChoice::Dark);
    chord(&mut h, Modifiers::COMMAND, Key::E);
    h.run_steps(3);
    h.get_by_label("Start export").click();
    h.run_steps(3);
    assert_eq!(allowed(&h), (false, "webm".into(), PathBuf::from("/deliver/A day at sea export.webm")));
    assert!(sent(&h, |c| matches!(c, Command::Set(Setting::ExportFolder(Some(f))) if f == Path::new("/deliver"))));
}

#[test]
fn where_no_original_is_missing_nothing_is_said_of_proxies() {
    let mut program = with_stand_in();
    program.states.clear();
    let mut h = window(program, ThemeChoice::Dark);
    chord(&mut h, Modifiers::COMMAND, Key::E);
    h.run_steps(3);
    assert!(h.query_by_label_contains("original is missing").is_none());
}
