//! The window's frame: docking, keys, palette, dialogs of its own.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, drag, key, open, picture},
};
use egui::{Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use montage_ai::{
    app::{
        dock::{Layout, PANELS, PanelId, Part},
        keymap::{Keymap, Preset},
        program::ProgramView,
        theme::ThemeChoice,
    },
    base::Severity,
    session::{Command, JobState, JobStatus, JobWait, Notice, Setting, ThemeSetting},
};

use std::sync::Arc;

type Window = Harness<'static, World>;

const CTRL_SHIFT: Modifiers = Modifiers { ctrl: true, command: true, shift: true, ..Modifiers::NONE };

fn window() -> Window {
    open(World::new(Fake::new(day_at_sea()).with_picture()), [1280.0, 800.0])
}

fn is_shown(h: &Window, panel: PanelId) -> bool {
    h.state().shell().dock().is_in_front(panel)
}

fn width(h: &Window, panel: PanelId) -> f32 {
    h.state().shell().dock().area(panel).expect("the panel is shown").width()
}

#[test]
fn a_panel_is_closed_from_its_tab_and_comes_back_where_it_was() {
    let mut h = window();
    let before = width(&h, PanelId::Media);
    h.get_by_role_and_label(Role::Tab, "Media").click_secondary();
    h.run_steps(3);
    h.get_by_label_contains("Close panel").click();
    h.run_steps(3);
    assert!(!is_shown(&h, PanelId::Media));
    assert!(h.query_by_label("Search media").is_none());
    key(&mut h, Key::F2);
    assert!(is_shown(&h, PanelId::Media));
    assert_eq!(width(&h, PanelId::Media), before);
}

#[test]
fn a_dragged_tab_joins_another_panel_and_the_arrangement_is_kept() {
    let mut h = window();
    let from = h.get_by_role_and_label(Role::Tab, "Inspector").rect().center();
    let to = h.get_by_role_and_label(Role::Tab, "Media").rect().right_center() + vec2(12.0, 0.0);
    drag(&mut h, from, to);
    h.run_steps(3);
    let kept = h.state().program.settings().layout.clone().expect("the arrangement is in the settings");
    let layout = Layout::from_text(&kept).expect("and can be read");
    let Part::Column(parts) = &layout.root else { panic!("{layout:?}") };
    let Part::Row(row) = &parts[0].1 else { panic!("{layout:?}") };
    let Part::Tabs { panels, .. } = &row[0].1 else { panic!("{layout:?}") };
    assert!(panels.contains(&"media".into()) && panels.contains(&"inspector".into()), "{panels:?}");
    // the next window starts with it
    let mut next = Fake::new(day_at_sea());
    next.settings.layout = Some(kept);
    let mut h = open(World::new(next), [1280.0, 800.0]);
    assert!(is_shown(&h, PanelId::Inspector) != is_shown(&h, PanelId::Media), "one is behind the other");
    h.state_mut().program.sent.clear();
    let shell = h.state().shell();
    assert_eq!(shell.dock().open_panels().len(), shell.shared().panels.len());
}

#[test]
fn reset_puts_every_panel_back() {
    let mut h = window();
    key(&mut h, Key::F2);
    key(&mut h, Key::F3);
    assert!(!is_shown(&h, PanelId::Media) && !is_shown(&h, PanelId::Inspector));
    chord(&mut h, CTRL_SHIFT, Key::P);
    h.get_by_label("Search commands").type_text("reset lay");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    h.run_steps(2);
    assert!(is_shown(&h, PanelId::Media) && is_shown(&h, PanelId::Inspector));
}

#[test]
fn side_panels_keep_their_width_in_a_larger_window() {
    let mut h = window();
    let before = (width(&h, PanelId::Media), width(&h, PanelId::Inspector), width(&h, PanelId::Program));
    h.set_size(vec2(1700.0, 900.0));
    h.run_steps(3);
    let after = (width(&h, PanelId::Media), width(&h, PanelId::Inspector), width(&h, PanelId::Program));
    assert!((before.0 - after.0).abs() < 1.0 && (before.1 - after.1).abs() < 1.0, "{before:?} {after:?}");
    assert!((after.2 - before.2 - 420.0).abs() < 2.0, "{before:?} {after:?}");
}

#[test]
fn the_panel_under_the_pointer_takes_all_the_room_and_gives_it_back() {
    let mut h = window();
    let lanes = h.get_by_label("Timeline lanes").rect();
    h.hover_at(lanes.center());
    h.run_steps(2);
    key(&mut h, Key::Backtick);
    assert_eq!(h.state().shell().dock().maximised(), Some(PanelId::Timeline));
    assert!(h.get_by_label("Timeline lanes").rect().height() > 500.0);
    assert!(h.query_by_label("Program viewer").is_none());
    picture(&mut h, "maximised");
    h.get_by_label("Show all panels").click();
    h.run_steps(3);
    assert_eq!(h.get_by_label("Timeline lanes").rect(), lanes);
}

#[test]
fn the_full_screen_viewer_shows_nothing_but_the_picture_and_esc_leaves_it() {
    let mut h = window();
    chord(&mut h, Modifiers::COMMAND, Key::Backtick);
    h.run_steps(2);
    assert!(h.query_by_label("Timeline lanes").is_none());
    assert!(h.get_by_label("Full screen picture").rect().width() > 1100.0);
    key(&mut h, Key::Space);
    assert!(h.state().program.playing, "keys still work");
    key(&mut h, Key::Escape);
    h.get_by_label("Timeline lanes");
}

#[test]
fn the_palette_finds_runs_and_remembers_a_command() {
    let mut h = window();
    chord(&mut h, CTRL_SHIFT, Key::P);
    picture(&mut h, "palette");
    h.get_by_label("Search commands").type_text("mark");
    h.run_steps(2);
    picture(&mut h, "palette-found");
    h.check_accessibility();
    key(&mut h, Key::Escape);
    assert!(h.query_by_label("Search commands").is_none());
    chord(&mut h, CTRL_SHIFT, Key::P);
    h.get_by_label("Search commands").type_text("add marker");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    h.run_steps(2);
    assert_eq!(h.state().program.project().sequence.markers.len(), 4);
    chord(&mut h, CTRL_SHIFT, Key::P);
    let first = h.get_all_by_role(Role::ListBoxOption).next().and_then(|n| n.accesskit_node().label());
    assert_eq!(first.as_deref(), Some("Add marker"), "what was used last comes first");
    key(&mut h, Key::ArrowDown);
    key(&mut h, Key::ArrowUp);
    key(&mut h, Key::Enter);
    h.run_steps(2);
    assert_eq!(h.state().program.project().sequence.markers.len(), 5);
}

#[test]
fn the_palette_does_not_run_what_is_not_available() {
    let mut h = window();
    chord(&mut h, CTRL_SHIFT, Key::P);
    h.get_by_label("Search commands").type_text("ripple delete");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    assert!(h.state().program.edits().is_empty());
    h.get_by_label("Search commands");
}

#[test]
fn a_command_gets_another_key_and_the_settings_keep_it() {
    let mut h = window();
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::ALT), Key::K);
    h.get_by_label("Search commands").type_text("marker");
    h.run_steps(2);
    h.get_by_label_contains("Add marker:").click();
    h.run_steps(2);
    picture(&mut h, "key-editor");
    h.check_accessibility();
    key(&mut h, Key::G);
    h.get_by_label("Add marker: G");
    h.get_by_label("Close shortcut editor").click();
    h.run_steps(2);
    key(&mut h, Key::M);
    assert_eq!(h.state().program.edits().len(), 0, "the old key is free");
    key(&mut h, Key::G);
    assert_eq!(h.state().program.edits().len(), 1);
    let kept = h.state().program.settings().keymap.clone();
    let map = Keymap::from_text(kept.as_deref());
    assert!(map.has_own());
}

#[test]
fn a_key_that_is_taken_says_so_and_can_be_taken_over() {
    let mut h = window();
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::ALT), Key::K);
    h.get_by_label_contains("New project:").click();
    h.run_steps(2);
    chord(&mut h, Modifiers::COMMAND, Key::S);
    h.get_by_label_contains("Ctrl+S belongs to");
    picture(&mut h, "key-conflict");
    h.get_by_label("Take it").click();
    h.run_steps(2);
    h.get_by_label("New project: Ctrl+S");
    h.get_by_label("Reset New project").click();
    h.run_steps(2);
    h.get_by_label("New project: Ctrl+N");
}

#[test]
fn a_preset_brings_the_keys_of_another_editor() {
    let mut h = window();
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::ALT), Key::K);
    h.get_by_role_and_label(Role::ComboBox, "Preset").click();
    h.run_steps(3);
    h.get_by_label("Premiere Pro").click();
    h.run_steps(3);
    key(&mut h, Key::Escape);
    key(&mut h, Key::S);
    assert!(h.state().program.edits().is_empty());
    assert!(!h.state().shell().shared().snapping, "S is snapping in Premiere");
    let sent = |c: &Command| matches!(c, Command::Set(Setting::Keymap(Some(t))) if Keymap::from_text(Some(t)).preset() == Preset::Premiere);
    assert!(h.state().program.sent.iter().any(sent));
}

#[test]
fn the_window_speaks_german() {
    let mut program = Fake::new(day_at_sea()).with_picture();
    program.settings.language = Some("de".into());
    let mut h = open(World::new(program), [1280.0, 800.0]);
    h.get_by_label("Bearbeiten");
    h.get_by_role_and_label(Role::Button, "Clip").click();
    h.run_steps(4);
    h.check_accessibility();
    picture(&mut h, "german");
    key(&mut h, Key::Escape);
    key(&mut h, Key::F1);
    picture(&mut h, "german-keys");
}

#[test]
fn settings_are_in_force_at_once_and_kept() {
    let mut h = window();
    chord(&mut h, Modifiers::COMMAND, Key::Comma);
    h.run_steps(3);
    h.check_accessibility();
    picture(&mut h, "settings");
    h.get_by_role_and_label(Role::ComboBox, "Theme").click();
    h.run_steps(3);
    h.get_by_label("Light").click();
    h.run_steps(4);
    picture(&mut h, "settings-light");
    assert_eq!(h.state().program.settings().theme, ThemeSetting::Light);
    h.get_by_role_and_label(Role::ComboBox, "Language").click();
    h.run_steps(3);
    h.get_by_label("Deutsch").click();
    h.run_steps(4);
    h.get_by_label("Einstellungen schließen");
    picture(&mut h, "settings-german");
    h.get_by_role_and_label(Role::ComboBox, "Sprache").click();
    h.run_steps(3);
    h.get_by_label("English").click();
    h.run_steps(4);
    h.get_by_role_and_label(Role::Switch, "Snapping is on in a new window").click();
    h.run_steps(3);
    assert!(!h.state().program.settings().snapping);
    h.get_by_role_and_label(Role::ComboBox, "Viewer quality").click();
    h.run_steps(3);
    h.get_by_label("Half").click();
    h.run_steps(3);
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::SetQuality(2))));
    key(&mut h, Key::Escape);
    assert!(h.query_by_label("Close settings").is_none());
}

#[test]
fn text_grows_and_shrinks_by_keys() {
    let mut h = window();
    let before = h.get_by_label("Timeline lanes").rect().width();
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::ALT), Key::Equals);
    h.run_steps(3);
    assert_eq!(h.state().program.settings().ui_scale, 1.1);
    assert!(h.get_by_label("Timeline lanes").rect().width() < before);
    picture(&mut h, "larger-text");
    chord(&mut h, Modifiers::COMMAND.plus(Modifiers::ALT), Key::Num0);
    h.run_steps(3);
    assert_eq!(h.state().program.settings().ui_scale, 1.0);
}

#[test]
fn the_history_goes_back_and_forth_to_any_step() {
    let mut h = window();
    for frame in [10, 20, 30] {
        h.state_mut().program.playhead = frame;
        key(&mut h, Key::M);
    }
    let split = montage_ai::edit::EditCommand::RenameProject { name: "Another day".into() };
    h.state_mut().program.history.exec(&split).expect("a project can be renamed");
    h.get_by_role_and_label(Role::Tab, "History").click();
    h.run_steps(3);
    picture(&mut h, "history");
    h.check_accessibility();
    let markers = |h: &Window| h.state().program.project().sequence.markers.len();
    assert_eq!(markers(&h), 6);
    h.get_by_label("Opened").click();
    h.run_steps(3);
    assert_eq!((markers(&h), h.state().program.undo_label()), (3, None));
    h.get_all_by_label("Add marker").filter(|n| n.accesskit_node().role() == Role::ListItem).nth(1).expect("the second step").click();
    h.run_steps(3);
    assert_eq!(markers(&h), 5);
    h.get_by_label("Rename project").click();
    h.run_steps(3);
    assert_eq!(h.state().program.project().name, "Another day");
}

#[test]
fn the_list_of_markers_seeks_renames_recolours_and_deletes() {
    let mut h = window();
    h.get_by_role_and_label(Role::Tab, "Markers").click();
    h.run_steps(3);
    picture(&mut h, "markers");
    h.check_accessibility();
    let marker = |h: &Window, i: usize| h.state().program.project().sequence.markers[i].clone();
    let time = h.state().program.project().sequence.timecode(marker(&h, 1).frame);
    h.get_by_role_and_label(Role::ListItem, &format!("{time}, drop")).click();
    h.run_steps(3);
    assert_eq!(h.state().program.playhead, marker(&h, 1).frame);
    assert_eq!(h.state().shell().shared().selection.marker, Some(marker(&h, 1).id));
    h.get_by_label(&format!("Edit the marker at {time}")).click();
    h.run_steps(3);
    picture(&mut h, "markers-edit");
    h.get_by_label(&format!("Note of the marker at {time}")).click();
    h.run_steps(2);
    h.get_by_label(&format!("Note of the marker at {time}")).type_text("loud");
    h.run_steps(2);
    assert!(h.state().program.edits().is_empty(), "typing is not done yet");
    key(&mut h, Key::Enter);
    assert_eq!(marker(&h, 1).note, "loud");
    assert_eq!(h.state().program.undo_labels().len(), 1, "one step");
    h.run_steps(20);
    h.get_by_label(&format!("Edit the marker at {time}")).click();
    h.run_steps(3);
    h.get_by_label(&format!("Name of the marker at {time}")).type_text("never kept");
    h.run_steps(2);
    key(&mut h, Key::Escape);
    assert_eq!(marker(&h, 1).name, "drop");
    h.get_by_label(&format!("Colour of the marker at {time}")).click();
    h.run_steps(3);
    h.get_by_label("Colour 5").click();
    h.run_steps(3);
    assert_eq!(marker(&h, 1).color, 4);
    h.get_by_label(&format!("Delete the marker at {time}")).click();
    h.run_steps(3);
    assert_eq!(h.state().program.project().sequence.markers.len(), 2);
}

#[test]
fn jobs_say_how_far_they_are_and_what_went_wrong() {
    let mut world = World::new(Fake::new(day_at_sea()).with_picture());
    let job = |id, state, error| JobStatus {
        id,
        title: "Exporting".into(),
        state,
        progress: 0.4,
        rate: 61.5,
        time_left: Some(75.0),
        output: format!("/films/sea/cut {id}.mp4").into(),
        error,
        ..JobStatus::default()
    };
    let full = Notice {
        severity: Severity::Failure,
        good: false,
        text: "the disk is full: /films/sea/cut 2.mp4".into(),
        hint: Some("free some space and export again".into()),
    };
    world.program.jobs = vec![
        job(1, JobState::Completed, None),
        job(2, JobState::Failed, Some(full)),
        job(3, JobState::Cancelled, None),
        job(4, JobState::Running, None),
    ];
    let mut h = open(world, [1280.0, 800.0]);
    h.get_by_role_and_label(Role::Tab, "Jobs").click();
    h.run_steps(3);
    picture(&mut h, "jobs");
    h.check_accessibility();
    h.get_by_label("Free some space and export again");
    h.get_by_label("Try cut 2.mp4 again").click();
    h.get_by_label("Pause cut 4.mp4").click();
    h.get_by_label("Cancel cut 4.mp4").click();
    h.get_by_label("Show cut 1.mp4 in its folder").click();
    h.run_steps(2);
    let sent = |what: fn(&Command) -> bool| h.state().program.sent.iter().any(what);
    assert!(sent(|c| matches!(c, Command::CancelJob(4))) && sent(|c| matches!(c, Command::RevealOutput(1))));
    assert!(sent(|c| matches!(c, Command::PauseJob(4))) && sent(|c| matches!(c, Command::RetryJob(2))));
}

#[test]
fn many_jobs_are_sorted_by_what_becomes_of_them_and_a_batch_is_one_line() {
    for (theme, name) in [(ThemeChoice::Dark, "jobs-many-dark"), (ThemeChoice::Light, "jobs-many-light")] {
        let mut world = World::new(Fake::new(day_at_sea()).with_picture());
        world.theme = theme;
        let job = |id, kind: &str, file: &str, state| {
            let verb = if kind == "proxy" { "Making a proxy of" } else { "Exporting" };
            let title = format!("{verb} {file}");
            JobStatus { id, kind: kind.into(), title, subject: file.into(), state, progress: 0.62, ours: true, ..JobStatus::default() }
        };
        let batch = |id, file: &str, state| JobStatus { batch: Some(9), ..job(id, "proxy", file, state) };
        let broken = Notice {
            severity: Severity::Failure,
            good: false,
            text: "the file is damaged: /films/sea/cafe_interior.mp4".into(),
            hint: Some("copy it again from its source".into()),
        };
        let log = Arc::new(vec!["picture 812 could not be decoded".to_owned(), "the index ends early".to_owned()]);
        let failed = batch(3, "cafe_interior.mp4", JobState::Failed);
        world.program.jobs = vec![
            batch(1, "harbour_dawn.mp4", JobState::Completed),
            batch(2, "old_town_02.mp4", JobState::Running),
            JobStatus { error: Some(broken), log, ..failed },
            batch(4, "drone_cliff.mp4", JobState::Queued),
            JobStatus { step: "writing".into(), rate: 14.2, time_left: Some(41.0), ..job(5, "export", "day.mp4", JobState::Running) },
            job(6, "export", "trailer.mp4", JobState::Paused),
            job(7, "export", "yesterday.mp4", JobState::Interrupted),
            JobStatus { attempts: 1, ..job(8, "export", "share.mp4", JobState::Waiting(JobWait::Retry(0))) },
            job(9, "export", "first cut.mp4", JobState::Completed),
        ];
        let mut h = open(world, [1280.0, 1400.0]);
        h.get_by_role_and_label(Role::Tab, "Jobs").click();
        h.run_steps(3);
        picture(&mut h, name);
        h.check_accessibility();
        h.get_by_label("Resume yesterday.mp4").click();
        h.get_by_label("Clear the list").click();
        h.run_steps(2);
        h.get_by_label("Show the jobs of: Making proxies").click();
        h.run_steps(3);
        h.get_by_label("Log of cafe_interior.mp4").click();
        h.run_steps(3);
        picture(&mut h, &format!("{name}-open"));
        h.get_by_label("Picture 812 could not be decoded");
        h.get_by_label("Cancel all: Making proxies").click();
        h.run_steps(2);
        let sent = |what: fn(&Command) -> bool| h.state().program.sent.iter().filter(|c| what(c)).count();
        assert_eq!(sent(|c| matches!(c, Command::CancelJob(2 | 4))), 2, "what is over is left alone");
        assert_eq!(sent(|c| matches!(c, Command::ResumeJob(7) | Command::ClearJobs)), 2);
    }
}

#[test]
fn every_panel_and_menu_is_drawn_and_named_in_both_themes_on_a_large_screen() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = World::new(Fake::new(day_at_sea()).with_picture());
        world.theme = theme;
        let mut h = open(world, [2560.0, 1440.0]);
        for panel in PANELS {
            let ctx = h.ctx.clone();
            let world = h.state_mut();
            let shell = world.shell.as_mut().expect("a pass has run");
            if !shell.dock().is_in_front(panel.id) {
                shell.run(&ctx, &mut world.program, panel.command);
            }
            h.run_steps(3);
            assert!(is_shown(&h, panel.id), "{:?}", panel.id);
            h.check_accessibility();
        }
        picture(&mut h, &format!("large-{name}"));
        for menu in ["File", "Edit", "Clip", "Timeline", "Playback", "View"] {
            h.get_by_role_and_label(Role::Button, menu).click();
            h.run_steps(4);
            h.check_accessibility();
            key(&mut h, Key::Escape);
        }
    }
}

#[test]
fn a_tall_menu_scrolls_in_a_low_window() {
    let mut h = open(World::new(Fake::new(day_at_sea()).with_picture()), [900.0, 460.0]);
    h.get_by_role_and_label(Role::Button, "Clip").click();
    h.run_steps(4);
    picture(&mut h, "menu-low");
    assert!(h.get_by_label("Ungroup").rect().top() > 0.0);
}
