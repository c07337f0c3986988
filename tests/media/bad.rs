//! Files that are broken, strange or vanish: one clear error or a held picture, never a wait without end.

use crate::common::{SIZE, cached, ffmpeg, number_in, numbered, numbered_video};
use montage_ai::{
    base::{Time, UserError},
    media::{AudioReader, MediaError, ReaderOptions, VideoReader, probe, still},
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const CODEC: [&str; 10] = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0", "-movflags", "+faststart"];
const FRAMES: u32 = 250;

fn good() -> PathBuf {
    numbered_video("bad-base.mp4", "25", FRAMES, &CODEC)
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn refused(path: &Path) -> MediaError {
    let start = Instant::now();
    let error = probe(path).expect_err("this is no media file");
    assert!(start.elapsed() < Duration::from_secs(8), "the verdict took {:?}", start.elapsed());
    let text = error.to_string();
    assert_eq!(text.lines().count(), 1, "one line: {text}");
    assert!(text.ends_with(&path.display().to_string()), "the path comes last: {text}");
    assert!(error.hint().is_some());
    error
}

fn options() -> ReaderOptions {
    ReaderOptions::default()
}

#[test]
fn what_is_no_media_is_refused_in_one_line() {
    let dir = folder();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    assert!(matches!(refused(&file("zero.mp4", b"")), MediaError::Empty(_)));
    assert!(matches!(refused(&dir.path().join("missing.mp4")), MediaError::NotFound(_)));
    assert!(matches!(refused(dir.path()), MediaError::Unreadable { .. }));
    let text = refused(&file("text.mp4", "Dear diary, today I filmed nothing at all.\n".repeat(400).as_bytes()));
    assert!(text.to_string().contains("text file"), "{text}");
    let mut seed = 1u32;
    let noise = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    });
    let noise: Vec<u8> = noise.take(300_000).collect();
    assert!(matches!(refused(&file("noise.mp4", &noise)), MediaError::NotMedia { .. } | MediaError::Damaged { .. }));
    refused(&file("short.png", b"\x89PNG\r\n\x1a\n"));
    refused(&file("short.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF"));
    refused(&file("short.wav", b"RIFF\x24\0\0\0WAVEfmt "));
    refused(&file("short.mkv", b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"));
}

#[test]
fn a_recording_without_its_index_is_damaged() {
    let dir = folder();
    let path = dir.path().join("cut.mp4");
    let whole = cached("moov-last.mp4", |out| {
        let graph = numbered(SIZE, "25", 100, "");
        ffmpeg(&["-f", "lavfi", "-i", &graph, "-c:v", "libx264", "-preset", "ultrafast"], out);
    });
    let bytes = fs::read(whole).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(refused(&path), MediaError::Damaged { .. }));
}

#[test]
fn a_cut_off_file_promises_its_full_length_and_holds_its_last_picture() {
    let dir = folder();
    let path = dir.path().join("cut.mp4");
    let bytes = fs::read(good()).unwrap();
    fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
    let info = probe(&path).unwrap();
    assert_eq!(info.video.as_ref().unwrap().frames, u64::from(FRAMES));
    let mut reader = VideoReader::open(&path, &info, options()).unwrap();
    let held = reader.frame_at(Time::from_ratio(99, 10)).unwrap();
    let early = reader.ended_early().expect("the end came early");
    assert!(early < Time::from_secs(8) && early > Time::from_secs(3), "{early}");
    assert_eq!(held.pts + held.duration, early);
    let again = reader.frame_at(Time::from_secs(9)).unwrap();
    assert_eq!(again.index, held.index);
    assert_eq!(number_in(&reader.frame_at(Time::from_secs(1)).unwrap().picture), 25);
}

#[test]
fn a_corrupt_payload_gives_pictures_or_holds_them() {
    let dir = folder();
    let path = dir.path().join("corrupt.mp4");
    let mut bytes = fs::read(good()).unwrap();
    let (from, to) = (bytes.len() * 4 / 10, bytes.len() * 6 / 10);
    for (i, b) in bytes[from..to].iter_mut().enumerate() {
        *b = (i as u8).wrapping_mul(167) ^ 0x5a;
    }
    fs::write(&path, bytes).unwrap();
    let info = probe(&path).unwrap();
    let mut reader = VideoReader::open(&path, &info, options()).unwrap();
    for ms in (0..10_000).step_by(370) {
        reader.frame_at(Time::from_ratio(ms, 1000)).unwrap();
    }
    assert_eq!(number_in(&reader.frame_at(Time::from_secs(1)).unwrap().picture), 25);
    assert_eq!(number_in(&reader.frame_at(Time::from_ratio(95, 10)).unwrap().picture), 237);
}

#[test]
fn sound_alone_has_no_picture_and_the_other_way_round() {
    let sound = cached("only-sound.m4a", |out| ffmpeg(&["-f", "lavfi", "-i", "sine=d=2", "-c:a", "aac"], out));
    let info = probe(&sound).unwrap();
    assert!(info.video.is_none() && info.audio.is_some());
    assert!(matches!(VideoReader::open(&sound, &info, options()), Err(MediaError::NoVideo(_))));
    let info = probe(&good()).unwrap();
    assert!(matches!(AudioReader::open(&good(), &info), Err(MediaError::NoAudio(_))));
    // a description that no longer fits the file
    let mut lie = probe(&sound).unwrap();
    lie.video = info.video;
    assert!(matches!(VideoReader::open(&sound, &lie, options()), Err(MediaError::NoVideo(_))));
}

#[test]
fn a_file_deleted_while_reading_is_read_on() {
    let dir = folder();
    let path = dir.path().join("gone.mp4");
    fs::copy(good(), &path).unwrap();
    let info = probe(&path).unwrap();
    let mut reader = VideoReader::open(&path, &info, options()).unwrap();
    reader.frame_at(Time::ZERO).unwrap();
    fs::remove_file(&path).unwrap();
    assert_eq!(number_in(&reader.frame_at(Time::from_secs(8)).unwrap().picture), 200);
    assert!(matches!(VideoReader::open(&path, &info, options()), Err(MediaError::NotFound(_))));
}

#[test]
fn a_file_truncated_while_reading_holds_its_last_picture() {
    let dir = folder();
    let path = dir.path().join("shrinking.mp4");
    fs::copy(good(), &path).unwrap();
    let info = probe(&path).unwrap();
    let mut reader = VideoReader::open(&path, &info, ReaderOptions { cache_bytes: 1 << 20, ..options() }).unwrap();
    reader.frame_at(Time::ZERO).unwrap();
    let len = fs::metadata(&path).unwrap().len();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(len / 2).unwrap();
    let held = reader.frame_at(Time::from_secs(9)).unwrap();
    assert!(held.index < 225);
    assert!(reader.ended_early().is_some());
}

#[test]
fn odd_names_are_only_names() {
    let dir = folder();
    let long = format!("{}.mp4", "n".repeat(200));
    for name in ["sp ace 100%25 #1?.mp4", "Grüße aus Köln.mp4", "日本の映画.mp4", "-dash.mp4", "quote's \"x\".mp4", &long] {
        let path = dir.path().join(name);
        fs::copy(good(), &path).unwrap();
        let info = probe(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut reader = VideoReader::open(&path, &info, options()).unwrap();
        assert_eq!(number_in(&reader.frame_at(Time::from_secs(2)).unwrap().picture), 50, "{name}");
    }
}

#[test]
fn odd_sizes_are_read() {
    for (w, h) in [(1, 1), (1919, 1079)] {
        for (ext, format) in [("mkv", "yuv444p"), ("webm", "yuv420p")] {
            let path = cached(&format!("odd-{w}x{h}.{ext}"), |out| {
                let graph = format!("testsrc2=s=1920x1080:r=25:d=0.4,crop={w}:{h}:exact=1,format={format}");
                let codec: &[&str] = match ext {
                    "mkv" => &["-c:v", "ffv1"],
                    _ => &["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"],
                };
                ffmpeg(&[&["-f", "lavfi", "-i", graph.as_str()][..], codec].concat(), out);
            });
            let info = probe(&path).unwrap();
            let video = info.video.as_ref().unwrap();
            assert_eq!((video.width, video.height, video.frames), (w, h, 10), "{}", path.display());
            let mut reader = VideoReader::open(&path, &info, options()).unwrap();
            assert_eq!(reader.frame_at(Time::from_ratio(3, 10)).unwrap().index, 7);
        }
    }
}

#[test]
fn a_picture_that_would_fill_the_memory_is_refused() {
    let dir = folder();
    let path = dir.path().join("bomb.png");
    // a header that promises 60,000 × 60,000 pixels: signature, IHDR with its checksum, nothing more
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0".to_vec();
    png.extend(crc32(&png[12..]).to_be_bytes());
    png.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    fs::write(&path, png).unwrap();
    assert!(matches!(still(&path), Err(MediaError::TooLarge { .. })), "{:?}", still(&path));
}

/// CRC-32 of PNG (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, b| (0..8).fold(crc ^ u32::from(*b), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 }))
}
