//! Files that are not what they should be: a clear error each, and never a panic.

use super::*;
use proptest::{prelude::*, test_runner::RngSeed};

fn message(text: &str) -> String {
    let e = reread(text).unwrap_err();
    assert!(e.hint().is_some());
    e.to_string()
}

#[test]
fn a_newer_file_is_refused_by_its_version() {
    let text = to_text(&rich(), place()).unwrap();
    let e = "made by a newer version of Montage AI (file version 7, this program reads up to 6): /films/one.montage";
    assert_eq!(message(&text.replacen("version: 6", "version: 7", 1)), e);
    assert_eq!(message("(version: 7, something: Entirely(different: [1, 2]), media: {1: 2})"), e, "and when its rest is unknown");
    assert!(message(&text.replacen("version: 6", "version: 0", 1)).contains("version 0 never existed"));
}

#[test]
fn malformed_text_is_shown_by_line_and_column() {
    let text = to_text(&rich(), place()).unwrap();
    let broken = text.replacen("width: 1920,\n        height", "width: 1920\n        height", 1);
    let line = text.lines().position(|l| l == "        height: 1080,").unwrap() + 1;
    assert_eq!(message(&broken), format!("line {line}, column 9: Expected comma: /films/one.montage"));
    for (bad, at) in [
        ("", "line 1, column 1"),
        ("(version: 1, sequence: (id: 1,\n width: -5))", "line 2, column 10"),
        ("(version: 1,\n\n oops: 3)", "line 3, column 2"),
        ("(\u{0}", "line 1, column 2"),
    ] {
        let m = message(bad);
        assert!(m.starts_with(at), "{m}");
    }
    let unknown = text.replacen("start: 0,", "start: 0, strat: 1,", 1);
    assert!(message(&unknown).contains("strat"), "a misspelt field is named, not ignored");
    assert!(message(&text.replacen("source_in: \"", "source_in: \"soon ", 1)).contains("is not a time"));
}

#[test]
fn a_file_that_is_no_text_says_where() {
    let e = from_text(b"(version: 1,\n name: \"\xff\")", place()).unwrap_err();
    assert_eq!(e.to_string(), "not a text file (line 2, column 9): /films/one.montage");
}

#[test]
fn a_damaged_document_is_refused_with_its_first_problems() {
    let text = to_text(&rich(), place()).unwrap();
    let m = message(&text.replace("id: 21, start: 100", "id: 20, start: 99"));
    assert!(m.starts_with("the project is damaged: id 20 is used twice"), "{m}");
    let twice = text.replacen("            id: 11,", "            id: 10,", 1);
    assert!(message(&twice).contains("media 10 is there twice"));
    let many = text.replace("duration: ", "duration: -");
    assert!(reread(&many).is_err());
    let far = text.replace("start: 100,", "start: 9223372036854775807,");
    assert!(message(&far).contains("ends past all time"));
    assert!(message(&text.replace("scale: 0.1", "scale: inf")).contains("scale"));
}

#[test]
fn deep_nesting_is_an_error() {
    let text = format!("(version: 1, sequence: {}", "(".repeat(100_000));
    assert!(reread(&text).is_err());
    assert!(reread(&"[".repeat(100_000)).is_err());
    assert!(reread(&"/*".repeat(100_000)).is_err());
}

/// The same cases in every run; `PROPTEST_RNG_SEED` chooses others.
fn cases() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let rng_seed = if usual.rng_seed == RngSeed::Random { RngSeed::Fixed(1) } else { usual.rng_seed };
    ProptestConfig { cases: 400, rng_seed, failure_persistence: None, ..usual }
}

/// Whatever was read must be fit for use: every room above relies on it.
fn survives(bytes: &[u8]) {
    if let Ok(p) = from_text(bytes, place()) {
        assert_eq!(p.validate(), []);
        let text = to_text(&p, place()).unwrap();
        assert_eq!(reread(&text).unwrap(), p);
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn no_mutation_of_a_good_file_makes_it_panic(edits in proptest::collection::vec((any::<usize>(), any::<u8>(), 0u8..5), 1..6)) {
        let mut bytes = to_text(&rich(), place()).unwrap().into_bytes();
        for (at, value, kind) in edits {
            let at = at % bytes.len();
            let piece = at..(at + usize::from(value)).min(bytes.len());
            match kind {
                0 => bytes[at] ^= 1 << (value % 8),
                1 => bytes[at] = b"0123456789-\"(),"[usize::from(value) % 15],
                2 => drop(bytes.drain(piece)),
                3 => {
                    let copy = bytes[piece].to_vec();
                    bytes.splice(at..at, copy);
                }
                _ => bytes.truncate(at.max(1)),
            }
            if bytes.is_empty() {
                break;
            }
        }
        survives(&bytes);
    }

    #[test]
    fn no_number_makes_it_panic(which in any::<usize>(), value in prop_oneof![any::<i64>().prop_map(|v| v.to_string()), any::<f64>().prop_map(|v| format!("{v:?}")), Just("18446744073709551615".into()), Just("1e400".into())]) {
        let text = to_text(&rich(), place()).unwrap();
        // replace the n-th number after a colon
        let spots: Vec<usize> = text.match_indices(": ").map(|(i, _)| i + 2).filter(|i| text.as_bytes()[*i].is_ascii_digit()).collect();
        let at = spots[which % spots.len()];
        let end = at + text[at..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap();
        survives(format!("{}{value}{}", &text[..at], &text[end..]).as_bytes());
    }
}
