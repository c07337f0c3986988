//! A shell in a test harness.

use crate::fake::Fake;
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::app::{
    Shell,
    dialogs::{Ask, Chosen},
    theme::ThemeChoice,
    words::{self, Language},
};
use montage_ai::session::{Command, ThemeSetting};
use std::{cell::RefCell, path::PathBuf, rc::Rc};

/// Window and program under test.
pub struct World {
    pub shell: Option<Shell>,
    pub program: Fake,
    pub theme: ThemeChoice,
    /// What the window asked the user.
    pub asked: Rc<RefCell<Vec<Ask>>>,
    /// What the user answers to every question.
    pub answer: Option<Chosen>,
}

impl World {
    pub fn new(program: Fake) -> Self {
        Self { shell: None, program, theme: ThemeChoice::Dark, asked: Rc::default(), answer: None }
    }

    pub fn shell(&self) -> &Shell {
        self.shell.as_ref().expect("a pass has run")
    }
}

fn pass(ui: &mut egui::Ui, w: &mut World) {
    let shell = w.shell.get_or_insert_with(|| {
        let (asked, answer) = (w.asked.clone(), w.answer.clone());
        let show = move |ask, tell: crossbeam::channel::Sender<Chosen>| {
            asked.borrow_mut().push(ask);
            if let Some(chosen) = &answer {
                let _ = tell.send(chosen.clone());
            }
        };
        w.program.settings.theme = match w.theme {
            ThemeChoice::Dark => ThemeSetting::Dark,
            ThemeChoice::Light => ThemeSetting::Light,
            ThemeChoice::System => ThemeSetting::System,
        };
        // tests run side by side: each thread has a language of its own
        let speak = |chosen: Option<Language>| words::set_language(chosen.unwrap_or_default());
        Shell::new(ui.ctx(), speak, Box::new(show), None)
    });
    // the harness leaves a margin; a window has none
    let whole = ui.ctx().content_rect();
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(whole));
    ui.set_clip_rect(whole);
    shell.ui(&mut ui, &mut w.program);
}

/// A window of `size` points, settled.
pub fn open(world: World, size: [f32; 2]) -> Harness<'static, World> {
    let mut h = Harness::builder()
        .with_size(size)
        .with_max_steps(12)
        .with_context_setup(montage_ai::app::fonts::install)
        .with_step_dt(1.0 / 30.0)
        .build_ui_state(pass, world);
    h.run_steps(3);
    h
}

/// Pictures that must stay as they are, beside `tests/ui/snapshots`. The window in both themes, each panel, the timeline at
/// three zooms, the dialogs; `UPDATE_SNAPSHOTS=1 cargo test --test ui` takes them anew: look at them before you keep them.
pub const SNAPSHOTS: &[&str] = &[
    "film-dark-1280",
    "film-light-1280",
    "empty",
    "small-640",
    "timeline-fit-dark",
    "timeline-near-dark",
    "timeline-far-dark",
    "timeline-fit-light",
    "inspector-clip-dark",
    "inspector-effects-dark",
    "inspector-keys-light",
    "inspector-title-dark",
    "montage-dark",
    "montage-light",
    "montage-why-dark",
    "steady-window-dark",
    "steady-inspector-light",
    "bin-grid-dark",
    "bin-list-light",
    "viewers-dark",
    "scopes-dark",
    "history",
    "markers",
    "jobs",
    "jobs-many-dark",
    "jobs-many-light",
    "palette-found",
    "settings",
    "settings-storage-dark",
    "settings-speech-dark",
    "offer-dark",
    "relink-light",
    "key-editor",
    "export",
    "transcript-dark",
    "transcript-fillers-light",
    "footage-dark",
    "export-timeline",
    "import-timeline",
];

/// Pixels of a snapshot (half the window's size) that may differ: edges fall a little differently on other drivers.
const MAY_DIFFER: usize = 20;

fn keep(picture: &image::RgbaImage, name: &str) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("ui");
    std::fs::create_dir_all(&folder).expect("the test folder can be written");
    picture.save(folder.join(format!("{name}.png"))).expect("the picture is written");
    if SNAPSHOTS.contains(&name) {
        let (width, height) = (picture.width() / 2, picture.height() / 2);
        let small = image::imageops::resize(picture, width, height, image::imageops::FilterType::Triangle);
        let options = egui_kittest::SnapshotOptions::new().output_path("tests/ui/snapshots").max_failed_pixels(MAY_DIFFER);
        egui_kittest::try_image_snapshot_options(&small, name, &options).unwrap_or_else(|e| panic!("{e}"));
    }
}

/// Write what the window looks like to the test folder, for people to look at; one of [`SNAPSHOTS`] must look as before.
pub fn picture(h: &mut Harness<'static, World>, name: &str) {
    keep(&h.render().expect("the window renders"), name);
}

/// [`picture`] of a part of the window.
pub fn picture_of(h: &mut Harness<'static, World>, name: &str, part: egui::Rect) {
    let whole = h.render().expect("the window renders");
    let (min, size) = (part.min, part.size());
    let cut = image::imageops::crop_imm(&whole, min.x as u32, min.y as u32, size.x as u32, size.y as u32).to_image();
    keep(&cut, name);
}

#[test]
fn every_snapshot_has_its_picture_and_every_picture_its_snapshot() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/ui/snapshots");
    let files = std::fs::read_dir(folder).expect("the folder is there").map(|e| e.expect("it can be read").file_name());
    let mut there: Vec<String> = files.filter_map(|f| f.to_str()?.strip_suffix(".png").map(str::to_owned)).collect();
    // what a failed comparison leaves behind
    there.retain(|f| !f.ends_with(".new") && !f.ends_with(".diff") && !f.ends_with(".old"));
    there.sort();
    let mut wanted: Vec<&str> = SNAPSHOTS.to_vec();
    wanted.sort_unstable();
    assert_eq!(there, wanted);
}

/// Press at `from`, move to `to` in a few steps, leave the button down.
pub fn press_and_move(h: &mut Harness<'static, World>, from: egui::Pos2, to: egui::Pos2) {
    h.hover_at(from);
    h.step();
    h.drag_at(from);
    h.step();
    for i in 1..=4 {
        h.hover_at(from + (to - from) * (i as f32 / 4.0));
        h.step();
    }
    h.step();
}

/// Drag from one point to another.
pub fn drag(h: &mut Harness<'static, World>, from: egui::Pos2, to: egui::Pos2) {
    press_and_move(h, from, to);
    h.drop_at(to);
    h.run_steps(3);
}

/// Press and release a key, alone.
pub fn key(h: &mut Harness<'static, World>, key: egui::Key) {
    h.key_press(key);
    h.run_steps(2);
}

/// What was asked of the session, of one sort.
pub fn sent<T>(h: &Harness<'static, World>, sort: impl Fn(&Command) -> Option<T>) -> Vec<T> {
    h.state().program.sent.iter().filter_map(sort).collect()
}

/// Run a command by typing a part of its name into the palette.
pub fn by_palette(h: &mut Harness<'static, World>, words: &str) {
    chord(h, egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT), egui::Key::P);
    h.get_by_label("Search commands").type_text(words);
    h.run_steps(3);
    key(h, egui::Key::Enter);
    h.run_steps(3);
}

/// Press and release a key with modifiers.
pub fn chord(h: &mut Harness<'static, World>, modifiers: egui::Modifiers, key: egui::Key) {
    h.key_press_modifiers(modifiers, key);
    h.run_steps(2);
}
