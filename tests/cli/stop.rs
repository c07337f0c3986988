//! Ctrl-C: the program stops soon, with status 130, and the disk looks as if the export had never begun.

use crate::{
    desk::{Desk, Running, listing},
    footage::Film,
};
use std::{fs, time::Duration};

/// A project whose export takes longer than the test: every frame is enlarged, none is copied.
fn long_project(desk: &Desk) {
    desk.copy(&Film { frames: 1000, ..Film::default() }.file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4", "--size", "1280x720"]).succeeded();
}

/// Starts the export, waits until its unfinished file grows beside the final name, and sends `signal`.
fn stopped_by(signal: i32, desk: &Desk, output: &str) -> crate::desk::Outcome {
    let before = desk.listing();
    let mut export = Running::start(desk.command(["export", "film.montage", "-o", output]));
    let folder = desk.path("");
    export.until("its unfinished file", || listing(&folder).len() > before.len());
    export.signal(signal);
    let outcome = export.end();
    assert_eq!(desk.listing(), before);
    // An optimised program stops within a second; the rest is for this one, on a machine that is busy with other tests.
    assert!(outcome.wall < Duration::from_secs(20), "took {:?} to stop", outcome.wall);
    outcome
}

#[test]
fn ctrl_c_ends_an_export_with_status_130_and_leaves_nothing() {
    let desk = Desk::new();
    long_project(&desk);
    let outcome = stopped_by(libc::SIGINT, &desk, "out.mp4").exit(130);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.lines().count() <= 2, "{}", outcome.stderr);
}

#[test]
fn an_interrupted_export_keeps_the_file_that_was_there() {
    let desk = Desk::new();
    long_project(&desk);
    desk.write("out.mkv", "the last good export");
    stopped_by(libc::SIGINT, &desk, "out.mkv").exit(130);
    assert_eq!(fs::read(desk.path("out.mkv")).unwrap(), b"the last good export");
}

#[test]
fn a_polite_kill_leaves_nothing_either() {
    let desk = Desk::new();
    long_project(&desk);
    let outcome = stopped_by(libc::SIGTERM, &desk, "out.mp4");
    assert!(!outcome.status.success());
}

#[test]
fn an_interrupted_picture_sequence_leaves_nothing() {
    let desk = Desk::new();
    long_project(&desk);
    let before = desk.listing();
    let mut export = Running::start(desk.command(["export", "film.montage", "-o", "frames"]));
    let folder = desk.path("");
    export.until("its first pictures", || listing(&folder).len() > before.len());
    export.signal(libc::SIGINT);
    export.end().exit(130);
    assert_eq!(desk.listing(), before);
}
