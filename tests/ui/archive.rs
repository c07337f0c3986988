//! What the window shows of unsaved work, earlier versions and a project that another window has.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, open, picture},
};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use montage_ai::{
    app::words::{self, Language},
    edit::EditCommand,
    session::{Command, EarlierVersion, Recoverable},
};
use std::path::PathBuf;

type Window = Harness<'static, World>;

fn window(program: Fake) -> Window {
    open(World::new(program.with_picture()), [1280.0, 800.0])
}

fn work(id: u64, name: &str, document: Option<&str>, changes: usize) -> Recoverable {
    Recoverable { id, name: name.into(), document: document.map(PathBuf::from), changes, when: "2026-11-25 22:50:49".into() }
}

fn left() -> Fake {
    let mut program = Fake::new(day_at_sea());
    let place = "/home/ida/films/a folder with a rather long name/another one inside it/Winter in the mountains.montage";
    program.recoverable = vec![work(7, "Winter in the mountains", Some(place), 23), work(9, "", None, 1)];
    program
}

fn sent(h: &Window, what: impl Fn(&Command) -> bool) -> bool {
    h.state().program.sent.iter().any(what)
}

fn click(h: &mut Window, label: &str) {
    h.get_by_label(label).click();
    h.run_steps(3);
}

fn menu(h: &mut Window, entry: &str) {
    click(h, "File");
    h.get_by_label_contains(entry).click();
    h.run_steps(3);
}

#[test]
fn unsaved_work_is_shown_once_and_stays_in_the_menu() {
    let mut h = window(left());
    assert!(h.query_by_label("Unsaved work").is_some());
    picture(&mut h, "unsaved-work");
    click(&mut h, "Later");
    assert!(h.query_by_label("Unsaved work").is_none());
    menu(&mut h, "Recover unsaved work…");
    click(&mut h, "Recover Winter in the mountains");
    assert!(sent(&h, |c| matches!(c, Command::Recover(7))));
    assert!(h.query_by_label("Unsaved work").is_none());
}

#[test]
fn unsaved_work_can_be_thrown_away_one_by_one() {
    let mut h = window(left());
    click(&mut h, "Discard changes to Winter in the mountains");
    assert!(sent(&h, |c| matches!(c, Command::DiscardRecovery(7))));
    h.state_mut().program.recoverable.remove(0);
    h.run_steps(2);
    click(&mut h, "Discard changes to Untitled");
    assert!(sent(&h, |c| matches!(c, Command::DiscardRecovery(9))));
    h.state_mut().program.recoverable.clear();
    h.run_steps(3);
    assert!(h.query_by_label("Unsaved work").is_none(), "an empty list closes");
}

#[test]
fn recovering_asks_about_the_changes_that_are_in_the_window() {
    let mut program = left();
    program.history.exec(&EditCommand::RenameProject { name: "Changed".into() }).unwrap();
    let mut h = window(program);
    click(&mut h, "Recover Winter in the mountains");
    assert!(!sent(&h, |c| matches!(c, Command::Recover(_))));
    click(&mut h, "Do not save");
    assert!(sent(&h, |c| matches!(c, Command::Recover(7))));
}

#[test]
fn an_earlier_version_is_found_and_opened_from_the_file_menu() {
    let mut program = Fake::new(day_at_sea());
    program.path = Some("/films/day at sea.montage".into());
    let mut h = window(program);
    menu(&mut h, "Earlier versions…");
    assert!(sent(&h, |c| matches!(c, Command::ListVersions)));
    assert!(h.query_by_label("There is no earlier version yet.").is_some());
    h.state_mut().program.versions = (0..10)
        .map(|i| EarlierVersion {
            file: format!("/v/{i}").into(),
            when: format!("2026-11-25 22:{:02}:49", 50 - i),
            bytes: 48_211 + 900 * i,
        })
        .collect();
    h.run_steps(2);
    picture(&mut h, "versions");
    click(&mut h, "Open the version of 2026-11-25 22:49:49");
    assert!(sent(&h, |c| matches!(c, Command::OpenVersion(p) if p.ends_with("1"))));
}

#[test]
fn a_project_without_a_file_has_no_versions_and_nothing_to_recover() {
    let mut h = window(Fake::new(day_at_sea()));
    click(&mut h, "File");
    for entry in ["Earlier versions…", "Recover unsaved work…"] {
        assert!(h.get_by_label_contains(entry).accesskit_node().is_disabled(), "{entry}");
    }
}

#[test]
fn a_read_only_project_says_so_and_leaving_gives_up_what_is_unsaved() {
    let mut program = Fake::new(day_at_sea());
    (program.path, program.read_only) = (Some("/films/day.montage".into()), true);
    let mut h = window(program);
    assert!(h.query_by_label_contains("Read only").is_some());
    picture(&mut h, "read-only");
    menu(&mut h, "Quit");
    assert!(sent(&h, |c| matches!(c, Command::Close)));
}

#[test]
fn the_lists_speak_german_too() {
    let mut program = left();
    program.settings.language = Some("de".into());
    let mut h = window(program);
    assert!(h.query_by_label("Nicht gespeicherte Arbeit").is_some());
    picture(&mut h, "unsaved-work-de");
    words::set_language(Language::English);
}
