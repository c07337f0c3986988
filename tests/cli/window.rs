//! The window on a real X display (Xvfb): it opens, paints, and leaves when asked.

use crate::{
    desk::{Desk, Running},
    footage::{Film, screen},
};
use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// An X display without a screen; gone with the value.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        // The server picks a free number and tells it on its standard output.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed by `make test`");
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { server, name: format!(":{}", number.trim()) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
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
    window.until("a painted window", || {
        let colors: HashSet<_> = screen(&display.name, 1280, 800).pixels().map(|p| p.0).collect();
        colors.len() > 100
    });
    window.signal(libc::SIGTERM);
    let outcome = window.end();
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
}
