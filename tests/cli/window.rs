//! The window on a real X display (Xvfb), driven by real keys and a real pointer (xdotool): it opens, paints, is worked in
//! as a person would, and leaves when asked.

use crate::{
    desk::{Desk, Running},
    footage::{self, Film, screen},
};
use montage_ai::{
    base::TrackId,
    model::{ClipContent, Project},
    store,
};
use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// Size of the screen: the window's own size fits.
const SCREEN: (u32, u32) = (1600, 1000);

/// An X display without a screen; gone with the value.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        // The server picks a free number and tells it on its standard output.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{}x{}x24", SCREEN.0, SCREEN.1), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed by `make test`");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { server, name: format!(":{}", number.trim()) }
    }

    fn is_painted(&self) -> bool {
        let colors: HashSet<_> = screen(&self.name, SCREEN.0, SCREEN.1).pixels().map(|p| p.0).collect();
        colors.len() > 100
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The hands of a person at a window that edits `project`.
struct Person<'a> {
    display: &'a Display,
    window: Running,
    project: PathBuf,
}

impl<'a> Person<'a> {
    /// Opens the window and waits until it is there.
    fn at(display: &'a Display, desk: &Desk, arguments: &[&str]) -> Self {
        let mut command = desk.command(arguments);
        command.env("DISPLAY", &display.name).env("LANG", "C.UTF-8");
        let mut window = Running::start(command);
        window.until("a painted window", || display.is_painted());
        let person = Self { display, window, project: desk.path(arguments[0]) };
        // without a window manager nobody else gives it the keys
        person.hand(&["search", "--sync", "--onlyvisible", "--name", "Montage AI", "windowfocus"]);
        person
    }

    fn hand(&self, arguments: &[&str]) {
        let done = Command::new("xdotool").env("DISPLAY", &self.display.name).args(arguments).output();
        let done = done.expect("xdotool is installed by `make test`");
        assert!(done.status.success(), "xdotool {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// Presses keys, one chord after another.
    fn keys(&self, chords: &[&str]) {
        for chord in chords {
            self.hand(&["key", "--clearmodifiers", chord]);
            sleep(Duration::from_millis(60));
        }
    }

    fn click(&self, x: i32, y: i32) {
        self.and_looks(|p| p.hand(&["mousemove", &x.to_string(), &y.to_string()]), Duration::from_secs(2));
        self.and_looks(|p| p.hand(&["click", "1"]), Duration::from_secs(2));
    }

    /// Does something and waits until the screen shows another picture, as a person does before the next move: how long
    /// that takes depends on what else the machine does. Some moves change nothing (a row is selected already).
    fn and_looks(&self, does: impl FnOnce(&Self), patience: Duration) {
        let before = self.screen();
        does(self);
        let begin = Instant::now();
        while self.screen() == before && begin.elapsed() < patience {
            sleep(Duration::from_millis(50));
        }
        sleep(Duration::from_millis(200));
    }

    fn screen(&self) -> image::RgbImage {
        screen(&self.display.name, SCREEN.0, SCREEN.1)
    }

    /// Runs a command by its name, through the palette.
    fn command(&self, name: &str) {
        self.and_looks(|p| p.keys(&["ctrl+shift+p"]), Duration::from_secs(30));
        self.and_looks(|p| p.hand(&["type", "--delay", "30", name]), Duration::from_secs(30));
        self.and_looks(|p| p.keys(&["Return"]), Duration::from_secs(30));
    }

    /// Saves until the file holds what is expected: what is on the screen follows the hand a moment later.
    #[track_caller]
    fn sees(&mut self, what: &str, holds: impl Fn(&Project) -> bool) -> Project {
        let begin = Instant::now();
        loop {
            self.keys(&["ctrl+s"]);
            sleep(Duration::from_millis(300));
            let project = store::load(&self.project).expect("a saved project opens");
            if holds(&project) {
                return project;
            }
            if begin.elapsed() > Duration::from_secs(60) {
                self.picture("missed");
                panic!("not seen: {what}\n{project:#?}");
            }
        }
    }

    /// Keeps what the screen shows, for people to look at.
    fn picture(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("window");
        std::fs::create_dir_all(&folder).unwrap();
        self.screen().save(folder.join(format!("{name}.png"))).unwrap();
    }

    /// Closes the window; nothing may have gone wrong meanwhile.
    fn leave(self) {
        self.keys(&["ctrl+q"]);
        let outcome = self.window.end().succeeded();
        let wrong = outcome.stderr.lines().find(|l| l.contains("ERROR") || l.contains("panicked"));
        assert!(wrong.is_none(), "{}", outcome.stderr);
    }
}

#[test]
fn the_window_opens_on_a_project_paints_and_leaves_when_asked() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    let display = Display::start();
    let mut command = desk.command(["film.montage"]);
    command.env("DISPLAY", &display.name);
    let mut window = Running::start(command);
    window.until("a painted window", || display.is_painted());
    window.signal(libc::SIGTERM);
    let outcome = window.end();
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
}

fn video(p: &Project) -> Vec<(i64, i64)> {
    p.sequence.track(TrackId(2)).map(|t| t.clips.iter().map(|c| (c.start, c.end())).collect()).unwrap_or_default()
}

#[test]
fn a_film_is_cut_in_the_real_window_by_keys_and_pointer_and_exported() {
    let desk = Desk::new();
    desk.copy(&Film { frames: 150, ..Film::default() }.file(), "one.mp4");
    desk.copy(&Film { frames: 150, first: 1000, ..Film::default() }.file(), "two.mp4");
    desk.run(["new", "film.montage", "--fps", "25", "--size", "320x180"]).succeeded();
    let display = Display::start();
    let mut person = Person::at(&display, &desk, &["film.montage", "one.mp4", "two.mp4"]);

    // import: both files arrive in the bin
    person.sees("two media", |p| p.media.len() == 2);
    person.picture("1-imported");
    // append them one after the other
    person.click(180, 168);
    person.command("Append selected media");
    person.sees("a clip", |p| video(p) == [(0, 150)]);
    person.click(180, 232);
    person.command("Append selected media");
    person.sees("two clips one after the other", |p| video(p) == [(0, 150), (150, 300)]);
    person.picture("2-appended");

    // cut at frame 100, throw the rest of the first clip away and close the gap
    person.keys(&["Home"]);
    person.keys(&["shift+Right"; 10]);
    person.command("Split at playhead");
    person.sees("a cut at 100", |p| video(p) == [(0, 100), (100, 150), (150, 300)]);
    // the tail: trim the clip under the playhead so that it starts ten frames later
    person.keys(&["shift+Right"]);
    person.command("Trim start to playhead");
    person.sees("a trimmed clip", |p| video(p)[1] == (110, 150));
    person.command("Undo");
    person.sees("the trim undone", |p| video(p)[1] == (100, 150));
    person.command("Redo");
    person.sees("the trim done again", |p| video(p)[1] == (110, 150));
    person.command("Undo");
    person.sees("and undone", |p| video(p)[1] == (100, 150));

    // a dissolve at the cut, a title over it
    person.command("Add cross dissolve");
    person.sees("a transition", |p| p.sequence.tracks.iter().any(|t| !t.transitions.is_empty()));
    person.command("Add title");
    let is_title = |p: &Project| p.sequence.tracks.iter().flat_map(|t| &t.clips).any(|c| matches!(c.content, ClipContent::Title(_)));
    person.sees("a title", is_title);
    person.picture("3-cut");
    person.leave();

    // what was saved opens again, and goes out as a film
    let mut person = Person::at(&display, &desk, &["film.montage"]);
    let project = person.sees("the same film", is_title);
    person.command("Export");
    sleep(Duration::from_millis(2000));
    person.picture("4-export");
    person.keys(&["Return"]);
    let film = desk.path("film export.mp4");
    person.window.until("an exported film", || film.is_file());
    sleep(Duration::from_millis(500));
    person.picture("5-exported");
    person.keys(&["Escape"]);
    person.leave();
    let frames = footage::video_stream(&film)["nb_read_frames"].as_str().and_then(|n| n.parse::<i64>().ok());
    assert_eq!(frames, Some(project.sequence.duration()));
}
