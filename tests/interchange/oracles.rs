//! Python's OpenTimelineIO with its adapters, `ffcine-import` and Apple's DTDs on files that we write. `make test` puts the first
//! two into `target/oracles` (or `MONTAGE_ORACLES` names a folder that has them); where they are not, these tests say so and pass.
//! `MONTAGE_FCPXML_DTDS` names a folder of `Final_Cut_Pro_XML_DTD_version_1.N.dtd`.

use crate::film::{RATES, film};
use montage_ai::{
    base::{CaptionId, FrameRate, format_timecode, parse_timecode},
    interchange::{FCPXML_VERSIONS, Format, Target, WriteOptions, write},
    model::Caption,
};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

fn oracle(name: &str) -> Option<PathBuf> {
    let folder =
        std::env::var_os("MONTAGE_ORACLES").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracles"), PathBuf::from);
    let program = folder.join("bin").join(name);
    if program.exists() {
        return Some(program);
    }
    eprintln!("skipped: no {name} in {}", folder.display());
    None
}

fn python() -> Option<PathBuf> {
    oracle("python")
}

/// Runs a program; what it prints.
#[track_caller]
fn output(program: &mut Command) -> String {
    let out = program.output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Runs a script on files; what it prints.
#[track_caller]
fn run(python: &Path, script: &str, arguments: &[&str]) -> String {
    output(Command::new(python).args(["-c", script]).args(arguments))
}

fn written(rate: &str, format: Format, target: Target, folder: &Path) -> PathBuf {
    written_as(rate, false, format, target, folder)
}

fn written_as(rate: &str, drop_frame: bool, format: Format, target: Target, folder: &Path) -> PathBuf {
    let mut p = film(rate.parse().unwrap());
    std::sync::Arc::make_mut(&mut p.sequence).drop_frame = drop_frame;
    let w = write(&p, format, &WriteOptions { target, ..WriteOptions::default() }).unwrap();
    let path = folder.join(format!("film.{}", format.extension()));
    std::fs::write(&path, &w.parts[0].bytes).unwrap();
    path
}

/// Cuts of each track in frames, transitions with their offsets, markers, first label: one line each.
const FACTS: &str = "
import sys, opentimelineio as o
f, kind = sys.argv[1], sys.argv[2]
extra = {'rate': eval(sys.argv[3])} if len(sys.argv) > 3 else {}
t = o.adapters.read_from_file(f, kind, **extra)
for i, tr in enumerate(t.tracks):
    for c in tr:
        if isinstance(c, o.schema.Transition):
            print(tr.kind, i, 'join', round(c.in_offset.value), round(c.out_offset.value))
        elif isinstance(c, o.schema.Clip):
            r = tr.range_of_child(c)
            print(tr.kind, i, 'clip', round(r.start_time.value), round(r.duration.value))
for m in list(t.tracks.markers):
    print('marker', round(m.marked_range.start_time.value), m.name)
if kind == 'otio_json':
    again = o.adapters.read_from_string(o.adapters.write_to_string(t, kind), kind)
    assert t.is_equivalent_to(again)
    print('start', round(t.global_start_time.value))
";

const PICTURES: &str = "Video 0 clip 0 48\nVideo 0 join 6 6\nVideo 0 clip 48 60\nVideo 0 clip 120 40\nVideo 1 clip 12 24\n";
const SOUND: &str = "Audio 2 clip 0 48\nAudio 2 clip 48 60\n";

#[test]
fn otio_is_the_same_to_its_reference_at_every_rate_and_for_every_target() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    for rate in RATES {
        for target in Target::ALL {
            let file = written(rate, Format::Otio, target, folder.path());
            let facts = run(&python, FACTS, &[file.to_str().unwrap(), "otio_json"]);
            let start = i64::from(rate.parse::<FrameRate>().unwrap().timecode_base()) * 3600;
            // Premiere counts a retimed clip by its source
            let pictures = if target == Target::Premiere { PICTURES.replace("120 40", "120 80") } else { PICTURES.to_owned() };
            assert_eq!(facts, format!("{pictures}{SOUND}marker 30 Beat 1\nstart {start}\n"), "{rate} {target:?}");
        }
    }
}

#[test]
fn xmeml_has_the_same_cuts_transitions_and_markers_to_another_reader() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    for rate in RATES {
        for target in Target::ALL {
            let file = written(rate, Format::Xmeml, target, folder.path());
            let facts = run(&python, FACTS, &[file.to_str().unwrap(), "fcp_xml"]);
            assert_eq!(facts, format!("{PICTURES}{SOUND}marker 30 Beat 1\n"), "{rate} {target:?}");
        }
    }
}

#[test]
fn lists_read_elsewhere_with_source_as_long_as_record() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    for (rate, number) in [("24000/1001", "24000/1001"), ("24", "24"), ("25", "25")] {
        let file = written(rate, Format::Edl, Target::Generic, folder.path());
        let facts = run(&python, FACTS, &[file.to_str().unwrap(), "cmx_3600", number]);
        for line in ["clip 0 42", "clip 42 66", "clip 120 40"] {
            assert!(facts.lines().any(|l| l.starts_with("Video") && l.ends_with(line)), "{rate}: {line} not in\n{facts}");
        }
        // every event: source length = record length, but for the one at twice the speed
        let text = std::fs::read_to_string(&file).unwrap();
        let rate: FrameRate = rate.parse().unwrap();
        for line in text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit())) {
            let t: Vec<i64> = line.split_whitespace().rev().take(4).map(|t| parse_timecode(t, rate).unwrap()).collect();
            let (record, source) = (t[0] - t[1], t[2] - t[3]);
            let speed = if record == 40 { 2 } else { 1 };
            assert_eq!(source, record * speed, "{line}");
        }
    }
}

/// What a second reader, written by others from the same documents, sees: cuts, speeds, transitions, markers, and nothing that
/// it would complain about.
#[test]
fn xmeml_is_the_same_film_to_ffcine_import() {
    let Some(ffcine) = oracle("ffcine-oracle") else { return };
    let folder = tempfile::tempdir().unwrap();
    for rate in RATES {
        for target in Target::ALL {
            let file = written(rate, Format::Xmeml, target, folder.path());
            let facts = output(Command::new(&ffcine).arg(&file).arg(rate));
            assert_eq!(facts, format!("{}marker 30 Beat 1\n", with_speeds(&format!("{PICTURES}{SOUND}"), "2")), "{rate} {target:?}");
        }
    }
}

#[test]
fn lists_are_the_same_film_to_ffcine_import_at_every_rate() {
    let Some(ffcine) = oracle("ffcine-oracle") else { return };
    let folder = tempfile::tempdir().unwrap();
    // the dissolve begins at the cut, as lists have it; the upper track has a list of its own
    let film = "Video 0 clip 0 42\nVideo 0 join 0 12\nVideo 0 clip 42 66\nVideo 0 clip 120 40\nAudio 1 clip 0 48\nAudio 1 clip 48 60\n";
    for (rate, drop_frame) in RATES.map(|r| (r, false)).into_iter().chain([("30000/1001", true), ("60000/1001", true)]) {
        // lists count frames of their labels, which NTSC's rates play a thousandth slower than that reader assumes
        let double = if rate.ends_with("1001") { "2.002" } else { "2" };
        for target in Target::ALL {
            let file = written_as(rate, drop_frame, Format::Edl, target, folder.path());
            let facts = output(Command::new(&ffcine).arg(&file).arg(rate));
            assert_eq!(facts, format!("{}marker 30 Beat 1\n", with_speeds(film, double)), "{rate} {drop_frame} {target:?}");
        }
    }
}

/// The lines of [`PICTURES`] with the speed of each clip, of which one is twice as fast.
fn with_speeds(film: &str, double: &str) -> String {
    let speed = |l: &str| match l {
        l if l.contains("join") => String::new(),
        l if l.ends_with("120 40") => format!(" at {double}"),
        _ => " at 1".to_owned(),
    };
    film.lines().map(|l| format!("{l}{}\n", speed(l))).collect()
}

#[test]
fn drop_frame_timecode_is_that_of_the_reference() {
    let rates = [FrameRate::NTSC_30, FrameRate::NTSC_60];
    // 24 hours, every frame, there and back
    for rate in rates {
        let day = 24 * 3600 * i64::from(rate.timecode_base()) * 999 / 1000;
        for frame in 0..day {
            let text = format_timecode(frame, rate, true);
            assert_eq!(parse_timecode(&text, rate), Ok(frame), "{text}");
        }
    }
    let Some(python) = python() else { return };
    let script = "
import opentimelineio as o
for num in (30000, 60000):
    r = num / 1001
    day = int(24 * 3600 * num / 1000 * 999 / 1000)
    for i in range(50000):
        n = i * day // 50000
        print(num, n, o.opentime.to_timecode(o.opentime.RationalTime(n, r), r, True))
";
    let mut checked = 0;
    for line in run(&python, script, &[]).lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let rate = if words[0] == "30000" { rates[0] } else { rates[1] };
        assert_eq!(format_timecode(words[1].parse().unwrap(), rate, true), words[2]);
        checked += 1;
    }
    assert_eq!(checked, 100_000);
}

#[test]
#[ignore = "needs MONTAGE_FCPXML_DTDS, a folder of Apple's DTDs, and xmllint"]
fn fcpxml_is_valid_at_every_rate_and_version() {
    let dtds = PathBuf::from(std::env::var("MONTAGE_FCPXML_DTDS").expect("MONTAGE_FCPXML_DTDS names a folder"));
    let folder = tempfile::tempdir().unwrap();
    let mut checked = 0;
    for version in FCPXML_VERSIONS {
        let dtd = dtds.join(format!("Final_Cut_Pro_XML_DTD_version_1.{version}.dtd"));
        if !dtd.exists() {
            continue;
        }
        for rate in RATES {
            for target in Target::ALL {
                let options = WriteOptions { target, fcpxml_version: Some(version), start: None };
                let mut p = film(rate.parse().unwrap());
                let s = std::sync::Arc::make_mut(&mut p.sequence);
                let caption =
                    |id, start, text: &str| Caption { id: CaptionId(id), start, duration: 20, text: text.into(), words: Vec::new() };
                // over a clip, over a cut, over a gap and past the end
                s.captions = vec![
                    caption(90, 4, "Hello"),
                    caption(91, 40, "zwei\n<Zeilen> & \"mehr\""),
                    caption(92, 100, "…"),
                    caption(93, 150, "ende"),
                ];
                s.caption_language = ["de", "pt-BR", ""][checked % 3].into();
                let w = write(&p, Format::Fcpxml, &options).unwrap();
                let file = folder.path().join("film.fcpxml");
                std::fs::write(&file, &w.parts[0].bytes).unwrap();
                let out = Command::new("xmllint").args(["--noout", "--nonet", "--dtdvalid"]).arg(&dtd).arg(&file).output().unwrap();
                assert!(out.status.success(), "1.{version} {rate} {target:?}: {}", String::from_utf8_lossy(&out.stderr));
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "no DTD of a version that is written in {}", dtds.display());
}
