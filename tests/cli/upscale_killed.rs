//! The program killed without a word while it makes a film larger: what it had finished stays, the next run goes on behind it, and the
//! film is the one that an undisturbed run makes. And parts of films, from the command line.
//!
//! A film of four pictures a second has parts of forty pictures: many of them end during a test.

use crate::{
    common::undated,
    desk::{Desk, Running},
    footage::{Film, numbers, sound, times},
};
use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    thread,
    time::{Duration, SystemTime},
};

const FRAMES: u32 = 120;
/// Finished parts after which the program is killed.
const KILLS: [usize; 2] = [1, 2];

fn film() -> PathBuf {
    let audio = "-ac 2 -c:a pcm_s16le -ar 48000";
    Film { width: 32, height: 18, rate: "4", frames: FRAMES, audio, extension: "mov", ..Film::default() }.file()
}

fn arguments(output: &str) -> [&str; 5] {
    ["upscale", "film.mov", "-o", output, "--cpu"]
}

/// The finished parts in the work folder, and when each was finished.
fn parts(desk: &Desk) -> BTreeMap<PathBuf, SystemTime> {
    let folders = fs::read_dir(desk.home().join("cache/work")).into_iter().flatten().flatten();
    let files = folders.flat_map(|f| fs::read_dir(f.path()).into_iter().flatten().flatten());
    let sealed = files.filter(|f| f.path().extension().is_some_and(|e| e == "json"));
    sealed.filter_map(|f| Some((f.path(), f.metadata().ok()?.modified().ok()?))).collect()
}

#[test]
fn a_film_whose_program_is_killed_comes_out_the_same_and_makes_no_part_twice() {
    let undisturbed = Desk::new();
    undisturbed.copy(&film(), "film.mov");
    undisturbed.run(arguments("large.mov")).succeeded();
    let right = undisturbed.path("large.mov");

    let desk = Desk::new();
    desk.copy(&film(), "film.mov");
    let mut before = BTreeMap::new();
    for wanted in KILLS {
        let mut program = Running::start(desk.command(arguments("large.mov")));
        program.until("a part is finished", || parts(&desk).len() >= wanted);
        program.signal(libc::SIGKILL);
        program.end();
        let after = parts(&desk);
        let kept = before.iter().filter(|(part, at)| after.get(*part) == Some(at)).count();
        assert_eq!(kept, before.len(), "finished parts were made again: {before:?}, then {after:?}");
        assert!(!desk.path("large.mov").exists());
        before = after;
    }
    desk.run(arguments("large.mov")).succeeded();
    let made = desk.path("large.mov");
    assert!(undated(&made) == undated(&right), "it is not the film of an undisturbed run");
    assert_eq!(numbers(&made), (0..FRAMES).collect::<Vec<_>>());
    assert_eq!(times(&made), times(&desk.path("film.mov")));
    assert_eq!(sound(&made), sound(&desk.path("film.mov")));
    assert_eq!(fs::read_dir(desk.home().join("cache/work")).map_or(0, Iterator::count), 0, "no work folder is left");
}

#[test]
fn a_cancelled_film_stops_within_a_tile_and_leaves_nothing() {
    let desk = Desk::new();
    desk.copy(&film(), "film.mov");
    let mut program = Running::start(desk.command(arguments("large.mov")));
    program.until("a part is finished", || !parts(&desk).is_empty());
    program.signal(libc::SIGINT);
    program.end().exit(130);
    thread::sleep(Duration::from_millis(50));
    assert_eq!(desk.listing(), ["film.mov"]);
}

#[test]
fn a_part_of_a_film_is_a_film_of_its_own() {
    let desk = Desk::new();
    desk.copy(&film(), "film.mov");
    let range = |range: &'static str| arguments("part.mov").into_iter().chain(["--range", range]).collect::<Vec<_>>();
    let said = desk.json(range("21f..33f"));
    assert_eq!((&said["frames"], &said["width"]), (&12.into(), &64.into()));
    let part = desk.path("part.mov");
    assert_eq!(numbers(&part), (21..33).collect::<Vec<_>>());
    // four pictures a second: 12,000 samples each
    let (all, cut) = (sound(&desk.path("film.mov")), sound(&part));
    assert_eq!(cut.len() * usize::try_from(FRAMES).unwrap(), all.len() * 12);
    let first = all.len() / FRAMES as usize * 21;
    let off = cut.iter().zip(&all[first..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    let beside = cut.iter().zip(&all[first + 7..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 1e-3 && beside > 0.01, "the sound is not that of these pictures: {off}, {beside}");
    desk.json(range("2.5..3.5"));
    assert_eq!(numbers(&part), (10..14).collect::<Vec<_>>());
    let outcome = desk.run(range("300f..400f"));
    assert_eq!(outcome.status.code(), Some(1));
    assert!(outcome.stderr.contains("300f") && outcome.stderr.contains("hint: "), "{}", outcome.stderr);
    assert_eq!(desk.run(range("9f..a")).status.code(), Some(2));
}
