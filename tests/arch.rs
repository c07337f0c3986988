//! The shape of the house, read from the source text: which room may know which, and how large a file may grow. A rule that does not fit is changed here, in the open, together with the code.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What each room may import. `lib.rs` and `main.rs` join them and are free.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("model", &["base"]),
    ("edit", &["base", "model"]),
    ("plan", &["base", "model"]),
    ("store", &["base", "model"]),
    ("media", &["base"]),
    ("gpu", &["base", "model", "plan"]),
    ("engine", &["base", "model", "edit", "plan", "store", "media", "gpu"]),
    ("sample", &["base", "model", "edit", "media", "gpu", "engine"]),
    ("session", &["base", "model", "edit", "plan", "store", "media", "gpu", "engine", "sample"]),
    ("app", &["base", "model", "edit", "session", "gpu"]),
    ("cli", &["base", "model", "edit", "session", "store", "engine", "sample"]),
];

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
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
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
            for named in rooms_named(&program(&text)) {
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
