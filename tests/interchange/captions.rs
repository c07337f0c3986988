//! Captions from file to file, through projects and timelines.

use montage_ai::session::timelines::{ConvertOptions, convert};
use std::{fs, path::Path};

const SAID: &str = "1\n00:00:01,000 --> 00:00:02,400\nHello\n\n2\n00:00:02,400 --> 00:00:05,000\ntwo\nlines & <more>\n\n";

fn converted(folder: &Path, from: &str, to: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let done = convert(&folder.join(from), &folder.join(to), &ConvertOptions::default()).unwrap();
    let names = done.outputs.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect();
    (names, done.warnings, done.unsupported)
}

/// A caption from frame 10 to 40.
fn caption(text: &str) -> montage_ai::model::Caption {
    montage_ai::model::Caption { id: montage_ai::base::CaptionId(90), start: 10, duration: 30, text: text.into(), words: Vec::new() }
}

#[test]
fn captions_go_through_projects_and_timelines_and_come_out_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    fs::write(folder.join("said.srt"), SAID).unwrap();
    assert_eq!(converted(folder, "said.srt", "film.montage"), (vec!["film.montage".into()], vec![], vec![]));
    assert_eq!(converted(folder, "film.montage", "again.srt"), (vec!["again.srt".into()], vec![], vec![]));
    assert_eq!(text("again.srt"), SAID);
    converted(folder, "film.montage", "again.vtt");
    converted(folder, "again.vtt", "third.srt");
    assert_eq!(text("third.srt"), SAID);
    // nothing to cut is nothing to hand over, and a project without captions has none to write
    assert!(convert(&folder.join("film.montage"), &folder.join("film.otio"), &ConvertOptions::default()).is_err());
    fs::write(folder.join("empty.srt"), "").unwrap();
    converted(folder, "empty.srt", "empty.montage");
    let refused = convert(&folder.join("empty.montage"), &folder.join("none.srt"), &ConvertOptions::default()).unwrap_err();
    assert!(refused.hint.is_some());
}

#[test]
fn timelines_without_a_place_for_captions_get_them_beside() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let mut p = crate::film::film("25".parse().unwrap());
    let s = std::sync::Arc::make_mut(&mut p.sequence);
    s.captions.push(caption("Hello"));
    montage_ai::store::save(&folder.join("film.montage"), &p).unwrap();
    for name in ["film.otio", "film.xml", "film.csv"] {
        let (outputs, warnings, _) = converted(folder, "film.montage", name);
        assert_eq!(outputs, [name, "film.captions.srt"], "{warnings:?}");
        assert_eq!(fs::read_to_string(folder.join("film.captions.srt")).unwrap(), "1\n00:00:00,400 --> 00:00:01,600\nHello\n\n");
        fs::remove_file(folder.join("film.captions.srt")).unwrap();
    }
    assert_eq!(converted(folder, "film.montage", "film.fcpxml").0, ["film.fcpxml"]);
    converted(folder, "film.fcpxml", "back.srt");
    assert_eq!(fs::read_to_string(folder.join("back.srt")).unwrap(), "1\n00:00:00,400 --> 00:00:01,600\nHello\n\n");
}

#[test]
fn the_language_of_captions_is_in_names_roles_and_metadata() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let language = |name: &str| montage_ai::store::load(&folder.join(name)).unwrap().sequence.caption_language.clone();
    fs::write(folder.join("said.pt-BR.srt"), SAID).unwrap();
    converted(folder, "said.pt-BR.srt", "said.montage");
    assert_eq!(language("said.montage"), "pt-BR");
    // a word that is no language, and a language that is none of a caption file's name
    for name in ["said.cut.srt", "said.xx.srt", "de.srt", "said.german.srt"] {
        fs::write(folder.join(name), SAID).unwrap();
        converted(folder, name, "other.montage");
        assert_eq!(language("other.montage"), "", "{name}");
    }
    let mut p = crate::film::film("25".parse().unwrap());
    let s = std::sync::Arc::make_mut(&mut p.sequence);
    s.captions.push(caption("Hallo"));
    s.caption_language = "de".into();
    montage_ai::store::save(&folder.join("film.montage"), &p).unwrap();
    assert_eq!(converted(folder, "film.montage", "film.otio").0, ["film.otio", "film.captions.de.srt"]);
    converted(folder, "film.montage", "film.fcpxml");
    assert!(text("film.fcpxml").contains("role=\"SRT?captionFormat=SRT.de\""));
    for name in ["film.otio", "film.fcpxml", "film.captions.de.srt"] {
        converted(folder, name, "back.montage");
        assert_eq!(language("back.montage"), "de", "{name}");
    }
    // Final Cut Pro's captions have a language in any case, and one of several comes over
    std::sync::Arc::make_mut(&mut p.sequence).caption_language.clear();
    montage_ai::store::save(&folder.join("film.montage"), &p).unwrap();
    let (_, warnings, _) = converted(folder, "film.montage", "film.fcpxml");
    assert!(warnings.iter().any(|w| w.contains("language")), "{warnings:?}");
    let whole = text("film.fcpxml");
    let (from, to) = (whole.find("<caption").unwrap(), whole.find("</caption>").unwrap() + "</caption>".len());
    let other = whole[from..to].replace("captionFormat=SRT.en", "captionFormat=ITT.de").replace("Hallo", "später");
    fs::write(folder.join("two.fcpxml"), format!("{}{other}{}", &whole[..to], &whole[to..])).unwrap();
    let (_, _, unsupported) = converted(folder, "two.fcpxml", "back.montage");
    assert_eq!(unsupported, ["“später” at 00:00:00:10: caption in another language (de)"]);
    assert_eq!(language("back.montage"), "en");
}
