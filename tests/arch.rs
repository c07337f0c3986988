//! The shape of the house, read from the source text: which room may know which, and how large a file may grow. A rule that does not fit is changed here, in the open, together with the code.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What each room may import. `lib.rs` and `main.rs` join them and are free.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("base", &[]),
    // what is said, as data
    ("speech", &["base"]),
    ("model", &["base", "speech"]),
    ("edit", &["base", "speech", "model"]),
    ("plan", &["base", "model"]),
    ("interchange", &["base", "speech", "model"]),
    ("store", &["base", "speech", "model"]),
    ("analysis", &["base"]),
    // shots found by words; knows neither the document nor where files lie
    ("search", &["base", "speech", "analysis"]),
    ("assist", &["base", "model", "edit", "analysis"]),
    ("media", &["base"]),
    ("jobs", &["base"]),
    ("gpu", &["base", "model", "plan"]),
    // the one room with Burn in it
    ("ml", &["base", "speech", "gpu"]),
    ("engine", &["base", "speech", "model", "edit", "plan", "store", "media", "gpu", "ml", "analysis"]),
    ("sample", &["base", "model", "edit", "media", "gpu", "engine"]),
    (
        "session",
        &[
            "base",
            "speech",
            "model",
            "edit",
            "plan",
            "interchange",
            "store",
            "media",
            "gpu",
            "ml",
            "jobs",
            "engine",
            "sample",
            "analysis",
            "search",
            "assist",
        ],
    ),
    ("app", &["base", "speech", "model", "edit", "session", "gpu"]),
    // the one room with an HTTP server and its runtime
    ("api", &["base", "session"]),
    ("cli", &["base", "speech", "model", "edit", "session", "store", "engine", "sample", "bench"]),
    (
        "bench",
        &[
            "base",
            "model",
            "edit",
            "plan",
            "interchange",
            "store",
            "media",
            "gpu",
            "ml",
            "engine",
            "sample",
            "session",
            "app",
            "jobs",
            "analysis",
            "search",
            "speech",
            "assist",
        ],
    ),
    // programs of their own, which know nothing of this one
    ("bin", &[]),
];

/// Rooms of the pure pillar, and what would make them less: disk, clock, threads, devices, windows.
const PURE: &[&str] = &["base", "speech", "model", "edit", "plan", "interchange", "analysis", "search", "assist"];
const IMPURE: &[&str] =
    &["std::fs", "std::net", "std::process", "std::thread", "Instant", "SystemTime", "gstreamer", "gst::", "wgpu", "egui", "File::"];

/// What makes the window's thread wait. Files, processes and decoders belong to the session's threads.
const BLOCKING: &[&str] = &[
    "std::fs",
    "fs::",
    "File::",
    "std::process",
    "Command::new",
    "thread::sleep",
    ".join()",
    ".recv()",
    ".wait(",
    "block_on",
    "PollType::Wait",
    "PollType::wait",
];

/// Types of locks shared between threads, in the whole program. One owner and a channel is the rule; whoever raises this
/// says in the code why the lock is there.
const MAX_SHARED_LOCKS: usize = 3;

/// Longest file, tests in it included.
const MAX_LINES: usize = 500;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every Rust file under `folder`, with its text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

/// The program part of a file: without comments and without its tests, which stand at its end.
fn program(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The rooms that a text names: `crate::room…` and each first word in `crate::{room…, room…}`.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let Some(list) = rest.strip_prefix('{') else {
            rooms.insert(word(rest));
            continue;
        };
        let (mut depth, mut start) = (0, true);
        for (at, c) in list.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if start && !c.is_whitespace() => {
                    rooms.insert(word(&list[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    rooms
}

/// Modules between a file of `src/` and the root: 1 for `room/mod.rs`, 2 for `room/file.rs`.
fn depth(path: &Path) -> usize {
    let parts = path.strip_prefix(source()).unwrap().components().count();
    if path.ends_with("mod.rs") { parts - 1 } else { parts }
}

/// What `super::super::…` names at the root of the crate, seen from a module of that depth.
fn rooms_above(text: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(&up).skip(1).map(|rest| rest.chars().take_while(|c| is_word(*c)).collect()).collect()
}

/// A file that holds nothing but tests.
fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.components().any(|c| c.as_os_str() == "tests")
}

/// (file, word) for each word of `words` in the program text of `room`.
fn found(room: &str, words: &[&str]) -> Vec<String> {
    let folder = source().join(room);
    let texts = if folder.is_dir() { files(&folder) } else { Vec::new() };
    let shipped = texts.into_iter().filter(|(path, _)| !is_test(path));
    shipped
        .flat_map(|(path, text)| {
            let text = program(&text);
            let hits: Vec<&str> = words.iter().copied().filter(|w| has_word(&text, w)).collect();
            hits.into_iter().map(move |w| format!("{}: {w}", path.display())).collect::<Vec<_>>()
        })
        .collect()
}

/// Whether `text` has `word` where no longer name ends with it.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        !word.starts_with(char::is_alphanumeric) || !(before.is_alphanumeric() || before == '_')
    })
}

#[test]
fn the_pure_rooms_touch_no_disk_no_clock_and_no_device() {
    let faults: Vec<_> = PURE.iter().flat_map(|room| found(room, IMPURE)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_window_never_waits() {
    let faults = found("app", BLOCKING);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn shared_locks_do_not_creep_in() {
    let count = |text: &str| text.matches("Arc<Mutex").count() + text.matches("Arc<RwLock").count();
    let locks: Vec<_> = files(&source())
        .into_iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(path, text)| (path, count(&program(&text))))
        .filter(|(_, n)| *n > 0)
        .collect();
    let sum: usize = locks.iter().map(|(_, n)| n).sum();
    assert!(sum <= MAX_SHARED_LOCKS, "{sum} shared locks, more than {MAX_SHARED_LOCKS}: {locks:?}");
}

#[test]
fn no_room_reaches_above_itself() {
    let mut faults = Vec::new();
    for room in fs::read_dir(source()).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        let name = room.file_name().unwrap().to_str().unwrap().to_owned();
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(r, _)| *r == name) else {
            faults.push(format!("{name} has no place in the house: say here what it may import"));
            continue;
        };
        for (path, text) in files(&room) {
            let text = program(&text);
            for named in rooms_named(&text).into_iter().chain(rooms_above(&text, depth(&path))) {
                let is_room = MAY_IMPORT.iter().any(|(r, _)| *r == named);
                if is_room && named != name && !allowed.contains(&named.as_str()) {
                    faults.push(format!("{} imports {named}", path.strip_prefix(source()).unwrap().display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn rooms_are_found_in_every_way_of_writing_a_path() {
    let text = "use crate::base::Time;\nuse crate::{\n    edit::{self, Move},\n    model,\n};\nfn f() { crate::plan::frame() }";
    assert_eq!(rooms_named(text).into_iter().collect::<Vec<_>>(), ["base", "edit", "model", "plan"]);
    assert_eq!(program("a // crate::x\nb\n#[cfg(test)]\nmod tests {}"), "a \nb");
    assert_eq!(program("#[cfg(test)]\nmod tests;\nuse crate::base;"), "#[cfg(test)]\nmod tests;\nuse crate::base;");
    assert_eq!(rooms_above("use super::super::model::Clip; use super::own;", 2).into_iter().collect::<Vec<_>>(), ["model"]);
    assert!(has_word("use std::fs;", "std::fs") && has_word("x.join()", ".join()") && !has_word("prefs::load()", "fs::"));
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    let mut faults = Vec::new();
    for (path, text) in files(&source()) {
        let path = path.strip_prefix(source()).unwrap().display().to_string();
        if path != "main.rs" && !text.starts_with("//!") {
            faults.push(format!("{path} does not begin with what it is for (//!)"));
        }
        let lines = text.lines().count();
        if lines > MAX_LINES {
            faults.push(format!("{path} has {lines} lines, more than {MAX_LINES}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
