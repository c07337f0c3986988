//! What a person does in the media bin, down to the document.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, drag, key, open, picture, press_and_move},
};
use egui::{Key, Modifiers, Pos2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use montage_ai::{
    app::{
        dialogs::{Ask, Chosen},
        program::ProgramView,
        theme::ThemeChoice,
    },
    base::{MediaId, words},
    edit::{self, EditCommand, MediaChange},
    model::Project,
    session::{Command, ImportProgress, MediaState},
};

type Window = Harness<'static, World>;

/// The film with its media in folders: `Harbour` (100, 101), `Harbour/Drone` (103), the rest at the top.
fn sorted_film() -> Project {
    let put = |id, folder: &str| EditCommand::SetMedia { id: MediaId(id), change: MediaChange::Folder(folder.into()) };
    let moves = vec![put(100, "Harbour"), put(101, "Harbour"), put(103, "Harbour/Drone"), EditCommand::AddFolder { path: "Later".into() }];
    edit::apply(&day_at_sea(), &EditCommand::Batch(moves)).expect("the media are there")
}

fn program() -> Fake {
    let mut f = Fake::new(sorted_film()).with_picture();
    f.states.insert(MediaId(105), MediaState::Offline("the file is not there any more".into()));
    f
}

fn window() -> Window {
    open(World::new(program()), [1400.0, 900.0])
}

fn row(h: &Window, name: &str) -> Pos2 {
    let mut rows = h.get_all_by_role(Role::ListItem);
    let found = rows.find(|n| n.accesskit_node().label().is_some_and(|l| l.starts_with(name)));
    found.unwrap_or_else(|| panic!("no row {name}")).rect().center()
}

/// Media in sight.
fn rows(h: &Window) -> usize {
    let bin = h.get_by_label("Media bin").rect();
    h.get_all_by_role(Role::ListItem).filter(|n| bin.contains(n.rect().center())).count()
}

fn folder(h: &Window, name: &str) -> Pos2 {
    h.get_by_label_contains(&format!("{name}, folder")).rect().center()
}

fn selected(h: &Window) -> Vec<u64> {
    h.state().shell().shared().selection.media.iter().map(|m| m.0).collect()
}

fn click_at(h: &mut Window, at: Pos2, modifiers: Modifiers) {
    h.hover_at(at);
    h.step();
    for pressed in [true, false] {
        let event = egui::Event::PointerButton { pos: at, button: egui::PointerButton::Primary, pressed, modifiers };
        h.event_modifiers(event, modifiers);
        h.step();
    }
    // long enough that the next click is not a double one
    h.run_steps(14);
}

#[test]
fn every_view_in_both_themes() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = World::new(program());
        world.theme = theme;
        let mut h = open(world, [1280.0, 800.0]);
        for (view, file) in [("Rows with pictures", "rows"), ("List with columns", "list"), ("Grid of pictures", "grid")] {
            h.get_by_label(view).click();
            h.run_steps(4);
            let at = row(&h, "market_walk.mp4");
            click_at(&mut h, at, Modifiers::NONE);
            h.check_accessibility();
            picture(&mut h, &format!("bin-{file}-{name}"));
        }
    }
}

#[test]
fn a_double_click_opens_the_source_and_search_finds() {
    let mut h = window();
    h.get_by_label("List with columns").click();
    h.run_steps(2);
    h.get_by_label("Search media").click();
    h.run_steps(2);
    h.get_by_label("Search media").type_text("hevc town");
    // long enough that the click into the field is not part of the double-click
    h.run_steps(20);
    assert_eq!(rows(&h), 1);
    h.get_by_label("1 of 7 media");
    let at = row(&h, "old_town_02.mp4");
    for pressed in [true, false, true, false] {
        h.event(egui::Event::PointerButton { pos: at, button: egui::PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
        h.hover_at(at);
        h.step();
    }
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::OpenSource(MediaId(101)))));
    h.get_by_label("Search media").type_text(" nowhere");
    h.run_steps(3);
    h.get_all_by_label("Clear search").last().expect("a way back").click();
    h.run_steps(3);
    assert_eq!(rows(&h), 7);
}

fn sent(h: &Window, what: impl Fn(&Command) -> bool) -> bool {
    h.state().program.sent.iter().any(what)
}

fn folder_of(h: &Window, media: u64) -> String {
    h.state().program.project().media[&MediaId(media)].folder.clone()
}

#[test]
fn clicks_keys_and_ctrl_a_select_as_everywhere() {
    let mut h = window();
    h.get_by_label("List with columns").click();
    h.run_steps(3);
    let at = row(&h, "harbour_dawn");
    click_at(&mut h, at, Modifiers::NONE);
    let at = row(&h, "cafe_interior");
    click_at(&mut h, at, Modifiers::SHIFT);
    assert_eq!(selected(&h), [100, 101, 104]);
    let at = row(&h, "old_town_02");
    click_at(&mut h, at, Modifiers::COMMAND);
    assert_eq!(selected(&h), [100, 104]);
    key(&mut h, Key::End);
    assert_eq!(selected(&h), [106]);
    h.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
    h.run_steps(2);
    assert_eq!(selected(&h), [105, 106]);
    chord(&mut h, Modifiers::COMMAND, Key::A);
    assert_eq!(selected(&h).len(), 7, "all media, not all clips");
    key(&mut h, Key::Home);
    assert_eq!(selected(&h), [0; 0], "the first row is a folder");
    key(&mut h, Key::ArrowLeft);
    assert_eq!(rows(&h), 4, "the folder is closed");
    key(&mut h, Key::ArrowRight);
    assert_eq!(rows(&h), 7);
    assert_eq!(h.state().program.playhead, 0, "the arrows were the bin's");
    let at = h.get_by_label("Timeline lanes").rect().left_top() + vec2(400.0, 4.0);
    click_at(&mut h, at, Modifiers::NONE);
    key(&mut h, Key::End);
    assert!(h.state().program.playhead > 0, "a click elsewhere gives the keys back");
}

#[test]
fn typed_letters_find_a_name_once_the_keyboard_is_in_the_bin() {
    let mut h = window();
    let at = row(&h, "harbour_dawn");
    click_at(&mut h, at, Modifiers::NONE);
    key(&mut h, Key::ArrowDown);
    for (letter, text) in [(Key::S, "s"), (Key::U, "u")] {
        h.event(egui::Event::Text(text.into()));
        h.key_press(letter);
        h.run_steps(2);
    }
    assert_eq!(selected(&h), [105], "sunset_pier");
    assert!(h.state().program.edits().is_empty(), "S has cut nothing");
}

#[test]
fn the_filter_menu_writes_the_words_into_the_search() {
    let mut h = window();
    h.get_by_label("Filter media").click();
    h.run_steps(3);
    picture(&mut h, "bin-filter");
    h.get_by_label("Sound").click();
    h.run_steps(3);
    assert_eq!(rows(&h), 1);
    h.get_by_label("1 of 7 media");
    h.get_by_label("Sound").click();
    h.get_by_label("Offline").click();
    h.run_steps(3);
    row(&h, "sunset_pier");
    assert_eq!(rows(&h), 1);
}

#[test]
fn a_box_in_the_grid_selects_what_it_touches() {
    let mut h = open(World::new(Fake::new(day_at_sea()).with_picture()), [1400.0, 1000.0]);
    h.get_by_label("Grid of pictures").click();
    h.run_steps(3);
    let (a, b) = (row(&h, "cafe_interior"), row(&h, "harbour_dawn"));
    // from the space between the first two columns
    let from = Pos2::new((a.x + row(&h, "drone_cliff").x) / 2.0, a.y);
    press_and_move(&mut h, from, b);
    picture(&mut h, "bin-box");
    h.drop_at(b);
    h.run_steps(3);
    assert!(selected(&h).len() >= 2, "{:?}", selected(&h));
}

#[test]
fn heads_of_columns_sort_and_their_edges_widen() {
    let mut h = window();
    h.get_by_label("List with columns").click();
    h.run_steps(3);
    h.get_by_role_and_label(Role::ColumnHeader, "Duration").click();
    h.run_steps(3);
    h.get_by_role_and_label(Role::ColumnHeader, "Duration, ascending").click();
    h.run_steps(3);
    h.get_by_role_and_label(Role::ColumnHeader, "Duration, descending");
    let (long, short) = (row(&h, "cafe_interior"), row(&h, "market_walk"));
    assert!(long.y < short.y);
    let edge = h.get_by_label("Width of column Name").rect().center();
    drag(&mut h, edge, edge + vec2(30.0, 0.0));
    let moved = h.get_by_label("Width of column Name").rect().center();
    assert!((moved.x - edge.x - 30.0).abs() < 4.0, "{edge} {moved}");
    let kept = |c: &Command| matches!(c, Command::Set(montage_ai::session::Setting::Panel { name, state: Some(s) }) if name == "media" && s.contains("List"));
    assert!(sent(&h, kept), "columns and order outlive the window");
}

#[test]
fn media_and_folders_are_dragged_into_folders_and_out_again() {
    let mut h = open(World::new(program()), [1400.0, 1000.0]);
    h.get_by_label("List with columns").click();
    h.run_steps(3);
    let (from, to) = (row(&h, "market_walk"), folder(&h, "Later"));
    press_and_move(&mut h, from, to);
    picture(&mut h, "bin-drag");
    h.drop_at(to);
    h.run_steps(3);
    assert_eq!(folder_of(&h, 102), "Later");
    assert_eq!(h.state().program.undo_label(), Some("Move media"));
    let (from, to) = (folder(&h, "Drone"), folder(&h, "Later"));
    drag(&mut h, from, to);
    assert_eq!(folder_of(&h, 103), "Later/Drone");
    let (from, to) = (row(&h, "market_walk"), row(&h, "cafe_interior"));
    drag(&mut h, from, to);
    assert_eq!(folder_of(&h, 102), "", "onto what lies at the top");
}

#[test]
fn media_dragged_onto_the_source_viewer_open_there() {
    let mut h = open(World::new(program()), [1600.0, 1000.0]);
    h.get_by_label("List with columns").click();
    h.run_steps(3);
    let at = row(&h, "harbour_dawn");
    click_at(&mut h, at, Modifiers::NONE);
    chord(&mut h, Modifiers::COMMAND, Key::Enter);
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::OpenSource(MediaId(100)))), "by key as by double-click");
    let (from, to) = (row(&h, "market_walk"), h.get_by_label("Source viewer").rect().center());
    press_and_move(&mut h, from, to);
    picture(&mut h, "bin-to-source");
    h.drop_at(to);
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::OpenSource(MediaId(102)))));
}

#[test]
fn the_bin_speaks_german() {
    let mut world = World::new(program());
    world.program.importing = Some(ImportProgress { done: 1312, total: Some(2000) });
    let mut h = open(world, [1280.0, 800.0]);
    words::set_language(words::Language::German);
    h.run_steps(3);
    h.get_by_label("Liste mit Spalten").click();
    h.run_steps(3);
    let at = row(&h, "harbour_dawn");
    menu(&mut h, at);
    h.get_by_label("In Ordner verschieben");
    picture(&mut h, "bin-german");
}

#[test]
fn a_folder_dragged_to_the_timeline_brings_all_its_media() {
    let mut h = open(World::new(program()), [1400.0, 1000.0]);
    let lanes = h.get_by_label("Timeline lanes").rect();
    let from = folder(&h, "Harbour");
    drag(&mut h, from, lanes.left_bottom() + vec2(700.0, -60.0));
    let project = h.state().program.project().clone();
    let newest = project.sequence.tracks.iter().flat_map(|t| &t.clips).filter(|c| c.id.0 > 106).filter_map(|c| c.media());
    let media: std::collections::BTreeSet<u64> = newest.map(|m| m.0).collect();
    assert_eq!(media.into_iter().collect::<Vec<_>>(), [100, 101, 103]);
}

#[test]
fn a_new_folder_is_named_first_and_f2_renames() {
    let mut h = window();
    h.get_by_label("New folder").click();
    h.run_steps(3);
    h.get_by_label("Name of the new folder").type_text("Sunset");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    h.run_steps(3);
    assert!(h.state().program.project().folders.contains(&"Sunset".to_owned()));
    let at = row(&h, "harbour_dawn");
    click_at(&mut h, at, Modifiers::NONE);
    key(&mut h, Key::F2);
    h.run_steps(2);
    h.get_by_label("New name").type_text("dawn");
    h.run_steps(2);
    picture(&mut h, "bin-rename");
    key(&mut h, Key::Enter);
    h.run_steps(3);
    assert_eq!(h.state().program.project().media[&MediaId(100)].name, "dawn.mp4", "the extension was not selected");
    let at = folder(&h, "Harbour");
    click_at(&mut h, at, Modifiers::NONE);
    key(&mut h, Key::Enter);
    h.run_steps(2);
    h.get_by_label("New name").type_text("Port");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    h.run_steps(3);
    assert_eq!(folder_of(&h, 103), "Port/Drone");
    key(&mut h, Key::Delete);
    h.run_steps(2);
    assert_eq!(folder_of(&h, 103), "Drone", "a folder goes, its media move up");
}

fn menu(h: &mut Window, at: Pos2) {
    h.hover_at(at);
    h.step();
    for pressed in [true, false] {
        h.event(egui::Event::PointerButton { pos: at, button: egui::PointerButton::Secondary, pressed, modifiers: Modifiers::NONE });
        h.step();
    }
    h.run_steps(4);
}

#[test]
fn a_right_click_offers_what_can_be_done_with_the_selected() {
    let mut h = window();
    let at = row(&h, "harbour_dawn");
    menu(&mut h, at);
    h.check_accessibility();
    picture(&mut h, "bin-menu");
    h.get_by_label("Select its clips").click();
    h.run_steps(3);
    assert_eq!(h.state().shell().shared().selection.clips.len(), 4);
    let at = row(&h, "harbour_dawn");
    menu(&mut h, at);
    h.get_by_label("Relink…").click();
    h.run_steps(3);
    assert!(matches!(&h.state().asked.borrow()[..], [Ask::Relink { media: MediaId(100), .. }]));
    let at = row(&h, "harbour_dawn");
    menu(&mut h, at);
    h.get_by_label("Properties…").click();
    h.run_steps(4);
    h.check_accessibility();
    picture(&mut h, "bin-properties");
    h.get_by_label("Close").click();
    h.run_steps(3);
    menu(&mut h, at);
    h.get_by_label("Colours…").click();
    h.run_steps(4);
    h.check_accessibility();
    picture(&mut h, "bin-colours");
    h.get_by_label("Use these").click();
    h.run_steps(3);
    let media = &h.state().program.project().media[&MediaId(100)];
    assert_eq!(media.color_override, media.info.video.as_ref().map(|v| v.color));
}

#[test]
fn removing_used_media_asks_and_takes_the_clips_along_in_one_step() {
    let mut h = window();
    let at = row(&h, "drone_cliff");
    click_at(&mut h, at, Modifiers::NONE);
    key(&mut h, Key::Delete);
    h.run_steps(3);
    picture(&mut h, "bin-remove");
    h.get_by_label("Remove with clips").click();
    h.run_steps(3);
    let project = h.state().program.project().clone();
    assert!(!project.media.contains_key(&MediaId(103)));
    assert_eq!(project.validate(), []);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    assert!(h.state().program.project().media.contains_key(&MediaId(103)));
    assert_eq!(h.state().program.undo_label(), None);
}

#[test]
fn a_chosen_file_relinks_and_a_chosen_folder_is_searched() {
    let mut world = World::new(program());
    world.answer = Some(Chosen::Relink { media: MediaId(105), path: "/films/found.mp4".into() });
    let mut h = open(world, [1400.0, 900.0]);
    h.get_by_label("List with columns").click();
    h.run_steps(3);
    let at = row(&h, "sunset_pier");
    menu(&mut h, at);
    h.get_by_label("Relink missing media…");
    h.get_by_label("Relink…").click();
    h.run_steps(3);
    assert!(sent(&h, |c| matches!(c, Command::Relink { media: MediaId(105), path } if path.ends_with("found.mp4"))));
}

#[test]
fn an_import_shows_how_far_it_is_and_can_be_stopped() {
    let mut world = World::new(program());
    world.program.importing = Some(ImportProgress { done: 312, total: Some(1000) });
    let mut h = open(world, [1280.0, 800.0]);
    h.get_all_by_label("Importing 312 of 1,000").next().expect("progress is told");
    picture(&mut h, "bin-importing");
    h.get_by_label("Stop importing").click();
    h.run_steps(2);
    assert!(sent(&h, |c| matches!(c, Command::CancelImport)));
}

#[test]
fn files_dropped_on_a_folder_go_into_it() {
    let mut h = window();
    let at = folder(&h, "Later");
    h.hover_at(at);
    h.step();
    h.input_mut().dropped_files.push(std::sync::Arc::new(crate::panels::Dropped("/films/c.mov".into())));
    h.run_steps(2);
    let into = |c: &Command| matches!(c, Command::ImportInto { folder, paths } if folder == "Later" && paths.len() == 1);
    assert!(sent(&h, into), "{:?}", h.state().program.sent);
}

#[test]
fn the_pointer_over_a_picture_scrubs_it() {
    let mut h = window();
    let at = row(&h, "drone_cliff");
    let left = h.get_all_by_role(Role::ListItem).next().expect("a row").rect().left();
    h.hover_at(Pos2::new(left + 100.0, at.y));
    h.run_steps(3);
    picture(&mut h, "bin-scrub");
    assert!(!h.state().program.thumbnail_times(103).is_empty());
    let asked = h.state().program.thumbnail_times(103);
    let poster = 58 / 3;
    assert!(asked.iter().any(|t| *t > poster + 5), "a later picture was asked for: {asked:?}");
}

#[test]
fn ten_thousand_media_draw_no_more_than_a_thousand() {
    let shapes = |count: usize| {
        let mut project = day_at_sea();
        let one = project.media[&MediaId(100)].clone();
        for i in 0..count as u64 {
            let mut m = (*one).clone();
            m.name = format!("clip {i}.mp4");
            project.media.insert(MediaId(10_000 + i), m.into());
        }
        let mut h = open(World::new(Fake::new(project).with_picture()), [1400.0, 900.0]);
        ["Rows with pictures", "List with columns", "Grid of pictures"].map(|view| {
            h.get_by_label(view).click();
            h.run_steps(4);
            (h.output().shapes.len(), rows(&h))
        })
    };
    let (few, many) = (shapes(1_000), shapes(10_000));
    for ((a, rows), (b, more)) in few.into_iter().zip(many) {
        assert!(b <= a + 8 && more <= rows + 2, "{a} shapes for a thousand, {b} for ten thousand");
        assert!(more < 60);
    }
}

#[test]
fn an_empty_bin_and_one_with_nothing_found_say_what_to_do() {
    use montage_ai::{base::FrameRate, model::Sequence};
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = World::new(Fake::new(Project::new("", Sequence::new(1920, 1080, FrameRate::FPS_25))));
        world.theme = theme;
        let mut h = open(world, [1280.0, 800.0]);
        picture(&mut h, &format!("bin-empty-{name}"));
        h.get_by_label("Choose a folder…").click();
        h.run_steps(2);
        assert_eq!(*h.state().asked.borrow(), [Ask::ImportFolder]);
        let mut world = World::new(program());
        world.theme = theme;
        let mut h = open(world, [1280.0, 800.0]);
        h.get_by_label("Search media").focus();
        h.get_by_label("Search media").type_text("elephant");
        h.run_steps(4);
        picture(&mut h, &format!("bin-nothing-{name}"));
    }
}
