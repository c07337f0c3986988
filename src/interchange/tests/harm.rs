//! Files that mean harm, and files that were damaged: an error or a document, never a panic.

use super::{random, *};
use crate::{
    interchange::{
        captions::{CaptionFormat, Cue},
        transcript::TextFormat,
    },
    speech::{Transcript, Word},
};
use std::path::PathBuf;

fn options() -> ReadOptions<'static> {
    ReadOptions::new("harm", Path::new("/base"))
}

/// What a reader makes of bytes must be sound.
fn survives(bytes: &[u8], format: Format) {
    if let Ok((p, losses)) = read(bytes, format, &options()) {
        assert_eq!(p.validate(), []);
        losses.iter().for_each(|l| assert!(!l.text().is_empty()));
    }
}

/// Pieces that break readers.
const NASTY: &[&str] = &[
    "-1",
    "0",
    "1e308",
    "NaN",
    "Infinity",
    "-Infinity",
    "9223372036854775807",
    "-9223372036854775808",
    "1/0s",
    "99999999999999999999",
    "null",
    "{}",
    "[]",
    "\"",
    "<",
    ">",
    "</spine>",
    "<spine>",
    "<clipitem>",
    "<sequence>",
    "&a;",
    "<!ENTITY",
    "\u{0}",
    "\u{ffff}",
    "//server/x",
    "file://server/x",
    "../../../../etc/passwd",
    "24:61:61:99",
    "00:00:00;00",
    "M2 X -99999 00:00:00:00",
    "D 99999",
    "Clip.9",
    "\r\n\r\n",
];

/// Cuts, doubles and replaces parts of a file.
fn mutate(file: &[u8], dice: &mut random::Dice) -> Vec<u8> {
    let mut out = file.to_vec();
    for _ in 0..dice.range(1, 6) {
        let n = out.len() as i64;
        let (a, len) = (dice.range(0, n + 1) as usize, dice.range(0, 60) as usize);
        let b = (a + len).min(out.len());
        match dice.range(0, 6) {
            0 => drop(out.drain(a..b)),
            1 => {
                let piece = out[a..b].to_vec();
                let at = dice.range(0, n + 1) as usize;
                out.splice(at..at, piece);
            }
            2 => out.truncate(a),
            3 => {
                // a number where a number stands
                let digits: Vec<usize> = out.iter().enumerate().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
                if !digits.is_empty() {
                    let at = digits[dice.range(0, digits.len() as i64) as usize];
                    let end = at + out[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                    let with = NASTY[dice.range(0, 10) as usize].bytes();
                    out.splice(at..end, with);
                }
            }
            4 => {
                let with = NASTY[dice.range(0, NASTY.len() as i64) as usize].bytes();
                out.splice(a..a, with);
            }
            _ => {
                if a < out.len() {
                    out[a] = dice.range(0, 256) as u8;
                }
            }
        }
    }
    out
}

/// What reads something from outside.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    Timeline(Format),
    Archive,
    Captions,
    Transcript(TextFormat),
}

impl Reader {
    const ALL: [Self; 9] = [
        Self::Timeline(Format::Otio),
        Self::Timeline(Format::Fcpxml),
        Self::Timeline(Format::Xmeml),
        Self::Timeline(Format::Edl),
        Self::Archive,
        Self::Captions,
        Self::Transcript(TextFormat::Json),
        Self::Transcript(TextFormat::Srt),
        Self::Transcript(TextFormat::Vtt),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Timeline(format) => format.extension(),
            Self::Archive => Format::Otioz.extension(),
            Self::Captions => "captions",
            Self::Transcript(_) => "transcripts",
        }
    }

    /// A sound file for it; None where this seed has nothing that can be written.
    fn sound(self, seed: u64) -> Option<Vec<u8>> {
        let p = || random::project(seed, None, false);
        let options = WriteOptions { target: Target::ALL[(seed % 4) as usize], ..WriteOptions::default() };
        match self {
            Self::Timeline(format) => Some(write(&p(), format, &options).ok()?.parts.swap_remove(0).bytes),
            Self::Archive => {
                let mut out = std::io::Cursor::new(Vec::new());
                let mut open = |path: &Path| Ok(std::io::Cursor::new(path.to_string_lossy().into_owned().into_bytes()));
                write_archive(&p(), &options, &mut out, &mut open).ok()?;
                Some(out.into_inner())
            }
            Self::Captions => {
                let cues: Vec<_> = spoken(seed).words().iter().map(|w| Cue { start: w.start, end: w.end, text: w.text.clone() }).collect();
                let format = if seed.is_multiple_of(2) { CaptionFormat::Srt } else { CaptionFormat::Vtt };
                Some(captions::write(&cues, format).into_bytes())
            }
            Self::Transcript(format) => Some(transcript::write(&spoken(seed), format).into_bytes()),
        }
    }

    /// What it makes of any bytes must be sound.
    fn survives(self, bytes: &[u8]) {
        match self {
            Self::Timeline(format) => survives(bytes, format),
            Self::Archive => {
                let Ok(mut archive) = open_archive(std::io::Cursor::new(bytes), bytes.len() as u64) else { return };
                survives(archive.content.as_bytes(), Format::Otio);
                for name in archive.media.clone() {
                    // a checksum that is wrong is an error, and nothing is larger than what such a file can hold
                    if let Ok(n) = archive.unpack(&name, &mut std::io::sink()) {
                        assert!(n <= MAX_BYTES, "{name}: {n} bytes from {}", bytes.len());
                    }
                }
            }
            Self::Captions => {
                let Ok(text) = std::str::from_utf8(bytes) else { return };
                let Ok((p, _)) = captions::timeline(text, random::RATES[bytes.len() % 8].parse().unwrap(), &options()) else { return };
                assert_eq!(p.validate(), []);
            }
            Self::Transcript(format) => {
                let Ok(t) = transcript::read(bytes, &Path::new("x").with_extension(format.extension())) else { return };
                assert!(t.words().iter().all(|w| Time::ZERO <= w.start && w.start <= w.end));
                assert!(t.words().is_sorted_by_key(|w| w.start));
                for format in TextFormat::ALL {
                    let _ = transcript::write(&t, format);
                }
            }
        }
    }
}

/// Random words, one after another.
fn spoken(seed: u64) -> Transcript {
    let mut dice = random::Dice(seed);
    let mut at = 0;
    let words = (0..dice.range(1, 30)).map(|_| {
        let start = at + dice.range(0, 900);
        at = start + dice.range(1, 700);
        let text = ["Hello", "wörld,", "<i>so</i>", "-->", "你好", "שלום", "1", "end."];
        let time = |ms: i64| Time::from_ratio(ms, 1000);
        Word::new(time(start), time(at), text[dice.range(0, text.len() as i64) as usize])
    });
    Transcript::new("en", words.collect::<Vec<_>>())
}

/// Damages a sound file four times; says how often.
fn fuzz(reader: Reader, seed: u64) -> u64 {
    let Some(sound) = reader.sound(seed) else { return 0 };
    let mut dice = random::Dice(seed);
    for _ in 0..4 {
        reader.survives(&mutate(&sound, &mut dice));
    }
    4
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn damaged_otio_is_an_error_or_a_document(seed: u64) {
        fuzz(Reader::Timeline(Format::Otio), seed);
    }
    #[test]
    fn damaged_fcpxml_is_an_error_or_a_document(seed: u64) {
        fuzz(Reader::Timeline(Format::Fcpxml), seed);
    }
    #[test]
    fn damaged_xmeml_is_an_error_or_a_document(seed: u64) {
        fuzz(Reader::Timeline(Format::Xmeml), seed);
    }
    #[test]
    fn damaged_lists_are_an_error_or_a_document(seed: u64) {
        fuzz(Reader::Timeline(Format::Edl), seed);
    }
    #[test]
    fn a_damaged_archive_is_an_error_or_a_document(seed: u64) {
        fuzz(Reader::Archive, seed);
    }
    #[test]
    fn damaged_captions_and_transcripts_are_an_error_or_words(seed: u64) {
        for reader in Reader::ALL.into_iter().skip(5) {
            fuzz(reader, seed);
        }
    }
    #[test]
    fn any_bytes_are_an_error_or_a_document(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for reader in Reader::ALL {
            reader.survives(&bytes);
        }
        for format in [Format::Otioz, Format::Csv] {
            prop_assert!(read(&bytes, format, &options()).is_err());
        }
    }
}

/// The same for as long as one likes, on files of other programs too; `MONTAGE_INTERCHANGE_READER` names one reader (see `Reader`).
#[test]
#[ignore = "needs MONTAGE_INTERCHANGE_FUZZ_SECS; MONTAGE_INTERCHANGE_SAMPLES adds files of other programs"]
fn mutations_for_a_while() {
    let secs: u64 = std::env::var("MONTAGE_INTERCHANGE_FUZZ_SECS").unwrap().parse().unwrap();
    let wanted = std::env::var("MONTAGE_INTERCHANGE_READER").ok();
    let readers: Vec<_> = Reader::ALL.into_iter().filter(|r| wanted.as_deref().is_none_or(|w| w == r.name())).collect();
    let mut samples = Vec::new();
    let mut todo: Vec<PathBuf> = std::env::var_os("MONTAGE_INTERCHANGE_SAMPLES").map(PathBuf::from).into_iter().collect();
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        let named = |r: &&Reader| r.name() == extension || **r == Reader::Captions && matches!(&*extension, "srt" | "vtt");
        if let Some(reader) = readers.iter().find(named)
            && let Ok(file) = std::fs::read(&path)
            && file.len() < 200_000
        {
            samples.push((file, *reader));
        }
    }
    let begun = std::time::Instant::now();
    let (mut seed, mut count) = (std::process::id().into(), 0u64);
    while begun.elapsed().as_secs() < secs {
        seed += 1;
        let mut dice = random::Dice(seed);
        if samples.is_empty() || dice.one_in(3) {
            count += fuzz(readers[dice.range(0, readers.len() as i64) as usize], seed);
        } else {
            let (file, reader) = &samples[dice.range(0, samples.len() as i64) as usize];
            reader.survives(&mutate(file, &mut dice));
            count += 1;
        }
    }
    println!("{count} files damaged, {} of other programs", samples.len());
}

#[test]
fn times_and_rates_that_cannot_be_are_errors() {
    let otio = |value: &str, rate: &str| {
        format!(
            r#"{{"OTIO_SCHEMA":"Timeline.1","tracks":{{"OTIO_SCHEMA":"Stack.1","children":[{{"OTIO_SCHEMA":"Track.1","kind":"Video","children":[
            {{"OTIO_SCHEMA":"Clip.2","media_references":{{"DEFAULT_MEDIA":{{"OTIO_SCHEMA":"MissingReference.1"}}}},"active_media_reference_key":"DEFAULT_MEDIA",
            "source_range":{{"duration":{{"rate":{rate},"value":{value}}},"start_time":{{"rate":{rate},"value":0}}}}}}]}}]}}}}"#
        )
    };
    let reads = |text: &str| read(text.as_bytes(), Format::Otio, &options());
    assert!(reads(&otio("10", "24")).is_ok());
    for (value, rate) in [("1e300", "24"), ("-5", "24"), ("10", "0"), ("10", "-24"), ("10", "1e9"), ("NaN", "24"), ("10", "Infinity")] {
        assert!(reads(&otio(value, rate)).is_err(), "{value} at {rate}");
    }
    let fcp = |d: &str| {
        format!(
            "<fcpxml version=\"1.10\"><resources><format id=\"r1\" frameDuration=\"1/25s\"/></resources><project><sequence format=\"r1\"><spine><gap duration=\"{d}\"/></spine></sequence></project></fcpxml>"
        )
    };
    // rates far below one picture a second are rates all the same
    survives(otio("10", "0.3").as_bytes(), Format::Otio);
    for slow in ["3s", "20000s"] {
        survives(fcp("10s").replace("1/25s", slow).as_bytes(), Format::Fcpxml);
    }
    let backwards = fcp("10s").replace("</spine>", "<transition offset=\"5s\" duration=\"-1s\"/></spine>");
    assert!(read(backwards.as_bytes(), Format::Fcpxml, &options()).is_err());
    for d in ["-1s", "1/0s", "nan", "1e400s", "99999999999999s"] {
        assert!(read(fcp(d).as_bytes(), Format::Fcpxml, &options()).is_err(), "{d}");
    }
}

#[test]
fn nul_bytes_and_huge_files_are_refused() {
    for format in [Format::Otio, Format::Fcpxml, Format::Xmeml, Format::Edl] {
        assert_eq!(read(b"a\0b", format, &options()).err(), Some(InterchangeError::NotText));
    }
    let huge = vec![b' '; MAX_BYTES as usize + 1];
    assert!(matches!(read(&huge, Format::Otio, &options()), Err(InterchangeError::TooLarge { .. })));
}

#[test]
fn nests_that_show_themselves_end() {
    let fcp = r#"<fcpxml version="1.10"><resources><format id="f" frameDuration="1/25s" width="64" height="64"/>
        <media id="m"><sequence format="f"><spine><ref-clip ref="m" duration="1s"/></spine></sequence></media></resources>
        <project><sequence format="f"><spine><ref-clip ref="m" duration="1s"/></spine></sequence></project></fcpxml>"#;
    let (_, losses) = read(fcp.as_bytes(), Format::Fcpxml, &options()).unwrap();
    assert!(losses.iter().any(|l| l.key() == "interchange-import-shows-itself"));
    let xmeml = r#"<xmeml version="5"><sequence id="s"><rate><timebase>25</timebase></rate><media><video><track>
        <clipitem id="c"><start>0</start><end>25</end><in>0</in><out>25</out><sequence id="s"/></clipitem></track></video></media></sequence></xmeml>"#;
    survives(xmeml.as_bytes(), Format::Xmeml);
    let deep = format!("{}{}", r#"{"OTIO_SCHEMA":"Stack.1","children":["#.repeat(5000), "]}".repeat(5000));
    assert!(read(deep.as_bytes(), Format::Otio, &options()).is_err());
}

#[test]
fn media_on_the_network_are_named_and_not_followed() {
    let list = "TITLE: x\n001  A V C 00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n* FROM FILE: \\\\server\\share\\a.mov\n";
    let (p, losses) = read(list.as_bytes(), Format::Edl, &options()).unwrap();
    assert!(losses.iter().any(|l| l.key() == "interchange-media-network" && l.grade == Grade::Dropped));
    assert!(p.media.values().all(|m| m.file.path.starts_with("/base")), "{:?}", p.media);
}

#[test]
fn archives_unpack_only_into_their_media_folder() {
    use ::zip::{ZipWriter, write::SimpleFileOptions};
    let made = |names: &[&str], content: bool| {
        let mut out = std::io::Cursor::new(Vec::new());
        let mut z = ZipWriter::new(&mut out);
        if content {
            z.start_file("content.otio", SimpleFileOptions::default()).unwrap();
            z.write_all(b"{}").unwrap();
        }
        for n in names {
            z.start_file(*n, SimpleFileOptions::default()).unwrap();
            z.write_all(b"x").unwrap();
        }
        z.finish().unwrap();
        out.into_inner()
    };
    let opens = |bytes: &[u8]| open_archive(std::io::Cursor::new(bytes.to_vec()), bytes.len() as u64).map(|a| a.media);
    assert_eq!(opens(&made(&["media/a.mov"], true)), Ok(vec!["media/a.mov".to_owned()]));
    for bad in ["../evil.mov", "media/../../evil", "/etc/passwd", "media/a/b.mov", "other.txt", "media/..", "media/C:evil", "media/a\\b"] {
        assert!(matches!(opens(&made(&[bad], true)), Err(InterchangeError::BadArchive { .. })), "{bad}");
    }
    assert!(opens(&made(&["media/a.mov"], false)).is_err());
    // a bomb: far more inside than such a file can hold
    let mut out = std::io::Cursor::new(Vec::new());
    let mut z = ZipWriter::new(&mut out);
    z.start_file("content.otio", SimpleFileOptions::default()).unwrap();
    z.write_all(b"{}").unwrap();
    z.start_file("media/a.mov", SimpleFileOptions::default().compression_method(::zip::CompressionMethod::Deflated)).unwrap();
    let zeros = vec![0u8; 1 << 20];
    (0..80).for_each(|_| z.write_all(&zeros).unwrap());
    z.finish().unwrap();
    assert!(matches!(opens(&out.into_inner()), Err(InterchangeError::BadArchive { .. })));
}

#[test]
fn an_archive_gives_its_media_back() {
    let p = (0..).map(|seed| random::project(seed, None, true)).find(|p| p.sequence.duration() > 0).unwrap();
    let mut out = std::io::Cursor::new(Vec::new());
    let mut open = |path: &Path| Ok(std::io::Cursor::new(path.to_string_lossy().into_owned().into_bytes()));
    write_archive(&p, &WriteOptions::default(), &mut out, &mut open).unwrap();
    let bytes = out.into_inner();
    let size = bytes.len() as u64;
    let mut a = open_archive(std::io::Cursor::new(bytes), size).unwrap();
    let (got, _) = read(a.content.as_bytes(), Format::Otio, &options()).unwrap();
    assert_eq!(a.media.len(), got.media.len());
    for m in got.media.values() {
        let name = format!("media/{}", m.file.path.file_name().unwrap().to_string_lossy());
        assert_eq!(m.file.path, Path::new("/base").join(&name));
        let mut original = Vec::new();
        a.unpack(&name, &mut original).unwrap();
        assert!(String::from_utf8(original).unwrap().starts_with("/footage/"));
    }
}
