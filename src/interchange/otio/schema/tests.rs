//! What survives, what is brought up to date, what is refused.

use super::*;

#[test]
fn what_is_not_known_survives() {
    let text = r#"{"OTIO_SCHEMA":"Stack.1","metadata":{"big":123456789012345678901234567890,"x":{"OTIO_SCHEMA":"My.7","a":[1e400]}},
        "name":"s","children":[{"OTIO_SCHEMA":"Mystery.4","b":{"c":null},"name":"m"}],"new_field":[1,2,{"y":0.1}]}"#;
    let n = from_str(text).unwrap();
    let again = String::from_utf8(to_vec(&n)).unwrap();
    for part in ["123456789012345678901234567890", r#""OTIO_SCHEMA":"My.7","a":[1e400]"#, r#""new_field": [1,2,{"y":0.1}]"#] {
        assert!(again.contains(part), "{part}\n{again}");
    }
    assert!(again.contains("Mystery.4") && again.contains(r#""b": {"c":null}"#));
    assert_eq!(String::from_utf8(to_vec(&from_str(&again).unwrap())).unwrap(), again);
}

#[test]
fn old_names_and_versions_are_brought_up_to_date() {
    let n = from_str(r#"{"OTIO_SCHEMA":"Clip.1","media_reference":null,"name":null}"#).unwrap();
    assert_eq!(n.active_media().map(|m| m.schema.clone()), Some(Schema::MissingReference));
    assert_eq!(from_str(r#"{"OTIO_SCHEMA":"Filler.1"}"#).unwrap().schema.label(), "Gap.1");
    assert_eq!(from_str(r#"{"OTIO_SCHEMA":"Sequence.1","kind":"Video","children":[]}"#).unwrap().schema.label(), "Track.1");
}

#[test]
fn later_versions_and_missing_fields_are_errors() {
    let newer = from_str(r#"{"OTIO_SCHEMA":"Clip.3","media_references":{}}"#).unwrap_err().to_string();
    assert!(newer.starts_with(NEWER), "{newer}");
    for bad in [
        r#"{"OTIO_SCHEMA":"Track.1","children":[]}"#,
        r#"{"OTIO_SCHEMA":"Timeline.1"}"#,
        r#"{"name":"x"}"#,
        "[]",
        "",
        r#"{"OTIO_SCHEMA":"Gap.1","source_range":{"duration":{"rate":24,"value":null},"start_time":{"rate":24,"value":0}}}"#,
    ] {
        assert!(from_str(bad).is_err(), "{bad}");
    }
}

#[test]
fn words_for_numbers_without_end_become_null_outside_of_texts() {
    let text = r#"{"a": NaN, "Infinity \" NaN": [-Infinity, Infinity, 1], "b": "NaN"}"#;
    assert_eq!(without_non_finite(text).unwrap(), r#"{"a": null, "Infinity \" NaN": [null, null, 1], "b": "NaN"}"#);
    assert_eq!(without_non_finite(r#"{"a": "NaN\\", "b": -1}"#), None);
}

#[test]
fn ranges_read_the_same_whatever_their_order_and_blanks() {
    let expected = Some(TimeRange { duration: RationalTime::new(60.0, 30.0), start_time: RationalTime::new(-1.5, 24_000.0 / 1001.0) });
    let read = |range: &str| from_str(&format!(r#"{{"OTIO_SCHEMA":"Gap.1","source_range":{range}}}"#)).map(|n| n.source_range);
    let usual = r#"{"OTIO_SCHEMA":"TimeRange.1","duration":{"OTIO_SCHEMA":"RationalTime.1","rate":30.0,"value":60},
        "start_time": {"OTIO_SCHEMA": "RationalTime.1", "rate": 23.976023976023978, "value": -15e-1}}"#;
    let turned = r#"{"start_time":{"value":-1.5,"rate":23.976023976023978,"more":[]},"duration":{"value":60.0,"rate":30}}"#;
    assert_eq!(read(usual).unwrap(), expected);
    assert_eq!(read(turned).unwrap(), expected);
    assert_eq!(read("null").unwrap(), None);
    let broken = read(&usual.replace("-15e-1", "\"60\"")).unwrap_err();
    assert_eq!((broken.line, broken.what.as_str()), (2, "a number expected, not \"60\"}}}"));
    for (good, bad) in
        [("60", "060"), ("60", "1e400"), ("60", "NaN"), ("60", "6.0.0"), ("}", "},"), ("\"value\": ", "\"value\" "), (", ", " ")]
    {
        assert!(read(&usual.replace(good, bad)).is_err(), "{bad}");
    }
    let n = Node { source_range: expected, ..Node::new(Schema::Gap, "") };
    assert_eq!(from_str(std::str::from_utf8(&to_vec(&n)).unwrap()).unwrap().source_range, expected);
}

#[test]
fn what_is_read_by_eye_is_what_the_general_rules_read() {
    // texts with escapes, numbers of every form, blanks, and what is no JSON
    let texts = [r#""plain""#, r#""\u00e4\n\"""#, r#""a\ud83d\ude00""#, r#""bad\ud83d""#, "\"line\nbreak\"", r#""open"#, "x", "null"];
    for text in texts {
        let ours = Cursor::new(text).text().ok().map(Cow::into_owned);
        assert_eq!(ours, serde_json::from_str::<String>(text).ok(), "{text}");
    }
    for n in ["0", "-0", "7", "007", "1.0", "1.50", "-1e3", "1E+2", "1e400", ".5", "5.", "+1", "0x1", "123456789012345678", "1.0.0", ""] {
        let ours = Cursor::new(n).number().ok();
        assert_eq!(ours, serde_json::from_str::<f64>(n).ok(), "{n}");
    }
    for list in ["[]", "[1,2]", "[ 1 , 2 ]", "[1,]", "[,1]", "[1 2]", "[1", "1]"] {
        let mut c = Cursor::new(list);
        let ours = c.list(Cursor::number).and_then(|l| c.end().map(|()| l)).ok();
        assert_eq!(ours, serde_json::from_str::<Vec<f64>>(list).ok(), "{list}");
    }
    let deep = format!("{}{}", r#"{"OTIO_SCHEMA":"Stack.1","children":["#.repeat(200), "]}".repeat(200));
    assert_eq!(from_str(&deep).unwrap_err().what, "too deep a nest");
}
