//! What the language files must hold, read from their text and from the window's sources.

use super::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Message or message.attribute → the variables in it.
fn messages(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut id, mut key) = (String::new(), String::new());
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let name = line.split('=').next().unwrap_or_default().trim();
        let is_name = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if line.contains('=') && !line.starts_with(' ') && is_name(name) {
            id = name.to_owned();
            key.clone_from(&id);
        } else if let Some(attribute) = name.strip_prefix('.').filter(|a| line.contains('=') && is_name(a)) {
            key = format!("{id}.{attribute}");
        }
        if key.is_empty() {
            continue;
        }
        let variables = line.split('$').skip(1).map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
        found.entry(key.clone()).or_default().extend(variables);
    }
    found
}

fn all(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    language.sources().into_iter().flat_map(|(_, text)| messages(text)).collect()
}

fn rust_files() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found.retain(|(path, _)| !path.ends_with("words/tests.rs"));
    found
}

/// String literals of Rust text that look like a key of one of the areas. Comments are left out.
fn keys_in(text: &str) -> BTreeSet<String> {
    let code = text.lines().map(|l| l.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let areas: Vec<&str> = Language::English.sources().map(|(area, _)| prefix(area)).to_vec();
    let is_key = |s: &str| {
        areas.iter().any(|a| s.strip_prefix(a).is_some_and(|rest| rest.len() > 1 && rest.starts_with('-') && !rest.ends_with('-')))
            && s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.')
    };
    code.split('"').filter(|s| is_key(s)).map(str::to_owned).collect()
}

/// What the keys of an area begin with.
fn prefix(area: &'static str) -> &'static str {
    if area == "commands" { "command" } else { area }
}

/// Keys that the code makes from a name: each family has a test of its own where it is made.
fn is_made(key: &str) -> bool {
    [
        "command-",
        "edits-step-",
        "export-preset-",
        "session-job-",
        "session-batch-",
        "shell-storage-kind-",
        "jobs-batch-",
        "api-",
        "assist-style-",
        "search-look-",
    ]
    .iter()
    .any(|family| key.starts_with(family))
}

#[test]
fn the_languages_say_the_same_messages_with_the_same_variables() {
    let (english, german) = (all(Language::English), all(Language::German));
    let keys = |m: &BTreeMap<String, BTreeSet<String>>| m.keys().cloned().collect::<BTreeSet<_>>();
    let (e, g) = (keys(&english), keys(&german));
    assert_eq!(e.difference(&g).collect::<Vec<_>>(), Vec::<&String>::new(), "only English has these");
    assert_eq!(g.difference(&e).collect::<Vec<_>>(), Vec::<&String>::new(), "only German has these");
    let different: Vec<_> = english.iter().filter(|(key, variables)| german[*key] != **variables).collect();
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn every_file_reads_without_an_error_and_keeps_to_its_area() {
    for language in Language::ALL {
        let mut bundle = Bundle::new(vec![language.id()]);
        for (area, text) in language.sources() {
            let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(_, e)| panic!("{}/{area}: {e:?}", language.code()));
            bundle.add_resource(resource).unwrap_or_else(|e| panic!("{}/{area}: {e:?}", language.code()));
            for key in messages(text).keys() {
                assert!(key.starts_with(&format!("{}-", prefix(area))), "{key} does not belong into {area}.ftl");
            }
        }
        for key in all(language).keys().filter(|k| !k.contains('.')) {
            assert!(bundle.has_message(key), "{key} was read by this test but not by Fluent");
        }
    }
}

#[test]
fn every_key_in_the_code_has_a_message_and_every_message_is_used() {
    let english = all(Language::English);
    let mut used = BTreeSet::new();
    let mut faults = Vec::new();
    for (path, text) in rust_files() {
        for key in keys_in(&text) {
            if !english.contains_key(&key) {
                faults.push(format!("{}: no message {key}", path.display()));
            }
            used.insert(key);
        }
    }
    faults.extend(
        english.keys().filter(|k| !used.contains(k.trim_end_matches(".hint")) && !is_made(k)).map(|k| format!("{k} is used nowhere")),
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_language_falls_back_to_english_and_a_message_to_its_key() {
    set_language(Language::German);
    WORDS.with_borrow_mut(|w| {
        let extra = FluentResource::try_new("shell-only-english = Only here\n    .tip = A tip\n".into()).unwrap();
        w.bundles[1].add_resource(extra).unwrap();
    });
    assert_eq!(tr("shell-only-english"), "Only here");
    assert_eq!(tr("shell-only-english.tip"), "A tip");
    assert_eq!(tr("shell-not-there"), "shell-not-there");
    assert_eq!(try_tr("shell-not-there"), None);
    assert_eq!(tr("shell-only-english.other"), "shell-only-english.other");
}

#[test]
fn numbers_and_plurals_follow_the_language() {
    assert_eq!((decimal(14.25, 1), tr_args("shell-selected-clips", &[("n", 1.into())])), ("14.2".into(), "1 clip selected".into()));
    assert_eq!(tr_args("shell-selected-clips", &[("n", 2.into())]), "2 clips selected");
    assert_eq!([500, 1536, 2 << 20, 20 << 30].map(size_text), ["500 B", "1.5 KiB", "2.0 MiB", "20.0 GiB"]);
    set_language(Language::German);
    assert_eq!(size_text(1536), "1,5 KiB");
    assert_eq!((decimal(14.25, 1), tr_args("shell-selected-clips", &[("n", 1.into())])), ("14,2".into(), "1 Clip ausgewählt".into()));
    assert_eq!(tr_args("shell-selected-clips", &[("n", 2.into())]), "2 Clips ausgewählt");
}

#[test]
fn a_locale_names_its_language() {
    assert_eq!(Language::of_locale("de_AT.UTF-8"), Some(Language::German));
    assert_eq!(Language::of_locale("en-GB"), Some(Language::English));
    assert_eq!(Language::of_locale("fr_FR"), None);
    assert_eq!(Language::of_locale(""), None);
}

/// Key and argument names of each `say!("key", name = …)` in Rust text.
fn said_in(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for call in text.split("say!(\"").skip(1) {
        let Some((key, rest)) = call.split_once('"') else { continue };
        let (mut depth, mut names, mut part) = (0, BTreeSet::new(), String::new());
        for c in rest.chars() {
            match c {
                ')' if depth == 0 => break,
                ',' if depth == 0 => part.clear(),
                '=' if depth == 0 => {
                    names.insert(part.trim().to_owned());
                }
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                c => part.push(c),
            }
        }
        found.push((key.to_owned(), names));
    }
    found
}

#[test]
fn what_an_error_says_gets_the_arguments_that_it_names() {
    let english = all(Language::English);
    let mut seen = 0;
    for (path, text) in rust_files().into_iter().filter(|(p, _)| !p.ends_with("words/mod.rs")) {
        for (key, given) in said_in(&text) {
            let hint = english.get(&format!("{key}.hint")).into_iter().flatten();
            let wanted: BTreeSet<String> = english.get(&key).into_iter().flatten().chain(hint).cloned().collect();
            assert_eq!(given, wanted, "{}: {key}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_thread_speaks_as_the_program_does_unless_it_has_its_own_language() {
    // other tests of this process have no language of their own: they keep English
    std::thread::spawn(|| {
        set_language(Language::German);
        let e = say!("error-edit-locked", track = "V1");
        let said = (e.text(), e.hint());
        assert_eq!(said, ("die Spur „V1“ ist gesperrt".into(), Some("die Spur in ihrem Kopf entsperren".into())));
    })
    .join()
    .unwrap();
    assert_eq!(language(), Language::English);
}

/// Calls of the window that draw or speak their text.
const SINKS: [&str; 9] = [
    "RichText::new(",
    ".label(",
    ".button(",
    ".on_hover_text(",
    ".on_disabled_hover_text(",
    ".accessible_name(",
    ".hint_text(",
    ".selected_text(",
    "plain_button(ui, ",
];

/// Names that are the same in every language.
const NAMES: [&str; 1] = ["Montage"];

#[test]
fn the_window_draws_no_text_that_is_not_a_message() {
    let is_sentence = |text: &str| {
        let mut words = text.split(' ');
        let capital =
            |w: &str| w.len() > 1 && w.starts_with(|c: char| c.is_ascii_uppercase()) && w[1..].chars().all(|c| c.is_ascii_lowercase());
        words.next().is_some_and(capital) && words.next().is_some_and(|w| w.len() > 1 && w.chars().all(|c| c.is_ascii_lowercase()))
    };
    // steps of the history are named in English where they are made and said in the window's language
    let is_step = |text: &str| try_tr(&format!("edits-step-{}", text.to_lowercase().replace(' ', "-"))).is_some();
    let mut faults = Vec::new();
    for (path, text) in rust_files().into_iter().filter(|(p, _)| p.components().any(|c| c.as_os_str() == "app")) {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().map(|l| l.split("//").next().unwrap_or_default()).filter(|l| !l.contains("reason =")) {
            let mut fault = |what: &str| faults.push(format!("{}: {what:?}", path.display()));
            line.split('"').skip(1).step_by(2).filter(|t| is_sentence(t) && !is_step(t)).for_each(&mut fault);
            for rest in SINKS.iter().flat_map(|sink| line.split(sink).skip(1)).filter_map(|rest| rest.strip_prefix('"')) {
                let drawn = rest.split('"').next().unwrap_or_default();
                if drawn.starts_with(|c: char| c.is_ascii_uppercase()) && !NAMES.contains(&drawn) {
                    fault(drawn);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
