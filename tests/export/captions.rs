//! Where captions go: into the picture at the right frames, into a track that other programs read, or nowhere.

use super::film::{export_to, lay, project, request, run_export};
use montage_ai::{
    base::{CaptionId, FrameRate},
    engine::{CaptionsTo, ExportError},
    model::{Caption, Project},
};
use std::{
    path::Path,
    process::Command,
    sync::{Arc, atomic::AtomicBool},
};

const SAID: [(i64, i64, &str); 4] =
    [(5, 20, "Hello & <welcome>"), (25, 5, "Zwei Zeilen,\nund Ümläute"), (40, 11, "你好 مرحبا"), (70, 19, "Ende")];

/// Three seconds of the source with captions, two of them end to end, one with two lines.
fn captioned(rate: FrameRate) -> Project {
    let mut p = project(rate);
    lay(&mut p, &[(0, 90)]);
    let s = Arc::make_mut(&mut p.sequence);
    let caption = |(i, (start, duration, text)): (usize, (i64, i64, &str))| Caption {
        id: CaptionId(900 + i as u64),
        start,
        duration,
        text: text.into(),
        words: vec![],
    };
    s.captions = SAID.into_iter().enumerate().map(caption).collect();
    s.caption_language = "de-AT".into();
    p
}

fn export(p: &Project, output: &Path, preset: &str, captions: CaptionsTo, range: Option<(i64, i64)>) -> Result<(), ExportError> {
    let mut r = request(p, output.to_owned(), preset);
    (r.captions, r.range) = (captions, range);
    run_export(&r, &AtomicBool::new(false), &mut |_| ()).map(drop)
}

/// The subtitles of a file as ffmpeg reads them: start and end in milliseconds, and the text without marks.
fn read_back(file: &Path) -> Vec<(i64, i64, String)> {
    // SubRip knows no way to write what looks like a tag: ffmpeg would take it for one, so its text is copied and not understood
    let how: &[&str] = if file.extension().is_some_and(|e| e == "mkv") { &["-c:s", "copy"] } else { &[] };
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-i"]).arg(file).args(["-map", "0:s:0"]).args(how).args(["-f", "srt", "-"]);
    let out = command.output().unwrap();
    assert!(out.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8(out.stdout).unwrap();
    let clock = |t: &str| {
        let n: Vec<i64> = t.trim().split([':', ',']).map(|p| p.parse().unwrap()).collect();
        ((n[0] * 60 + n[1]) * 60 + n[2]) * 1000 + n[3]
    };
    let cue = |block: &str| {
        let mut lines = block.trim().lines().skip(1);
        let (from, to) = lines.next()?.split_once(" --> ")?;
        let text = lines.collect::<Vec<_>>().join("\n");
        // ffmpeg adds a face to timed text of MP4
        let text =
            text.strip_prefix('<').and_then(|t| t.split_once('>')).filter(|_| text.starts_with("<font")).map_or(text.as_str(), |t| t.1);
        Some((clock(from), clock(to), text.trim_end_matches("</font>").to_owned()))
    };
    text.split("\n\n").filter_map(cue).filter(|c| !c.2.is_empty()).collect()
}

fn probed(file: &Path, entries: &str) -> String {
    let out = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "s", "-show_entries", entries, "-of", "default=nk=1:nw=1"])
        .arg(file)
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn wanted(rate: FrameRate, range: (i64, i64)) -> Vec<(i64, i64, String)> {
    let ms = |frame: i64| (frame as f64 * 1000.0 / rate.as_f64()).round() as i64;
    let inside = |f: i64| f.clamp(range.0, range.1) - range.0;
    let shown = SAID.into_iter().filter(|(start, len, _)| *start < range.1 && start + len > range.0);
    shown.map(|(start, len, text)| (ms(inside(start)), ms(inside(start + len)), text.to_owned())).collect()
}

#[test]
fn a_track_of_captions_is_read_by_others_with_its_times_and_language() {
    let dir = tempfile::tempdir().unwrap();
    for (rate, range) in [(FrameRate::FPS_30, None), (FrameRate::NTSC_30, None), (FrameRate::FPS_30, Some((10, 80)))] {
        let p = captioned(rate);
        for (name, preset, codec) in [("a.mp4", "h264", "mov_text"), ("a.mov", "prores", "mov_text"), ("a.mkv", "h264-mkv", "subrip")] {
            let file = dir.path().join(name);
            export(&p, &file, preset, CaptionsTo::Mux, range).unwrap();
            let whole = range.unwrap_or((0, 90));
            let (found, wanted) = (read_back(&file), wanted(rate, whole));
            assert_eq!(found.len(), wanted.len(), "{name}: {found:?}");
            for (f, w) in found.iter().zip(&wanted) {
                assert!(f.0.abs_diff(w.0) <= 1 && f.1.abs_diff(w.1) <= 1 && f.2 == w.2, "{name} {rate}: {f:?} is not {w:?}");
            }
            assert_eq!(probed(&file, "stream=codec_name"), codec);
            let language = probed(&file, "stream_tags=language");
            assert!(["ger", "deu", "de"].contains(&language.as_str()), "{name}: {language}");
            // pictures and sound are as many as without
            let frames = Command::new("ffprobe")
                .args([
                    "-v",
                    "error",
                    "-count_frames",
                    "-select_streams",
                    "v",
                    "-show_entries",
                    "stream=nb_read_frames",
                    "-of",
                    "default=nk=1:nw=1",
                ])
                .arg(&file)
                .output()
                .unwrap();
            assert_eq!(String::from_utf8_lossy(&frames.stdout).trim(), (whole.1 - whole.0).to_string(), "{name}");
        }
    }
}

#[test]
fn the_track_goes_into_exports_that_can_be_interrupted_too() {
    let dir = tempfile::tempdir().unwrap();
    let p = captioned(FrameRate::FPS_30);
    let mut r = request(&p, dir.path().join("a.mp4"), "h264");
    r.captions = CaptionsTo::Mux;
    r.work_dir = Some(dir.path().join("work"));
    run_export(&r, &AtomicBool::new(false), &mut |_| ()).unwrap();
    assert_eq!(read_back(&r.output), wanted(FrameRate::FPS_30, (0, 90)));
}

#[test]
fn files_without_such_a_track_say_so_and_films_without_captions_have_none() {
    let dir = tempfile::tempdir().unwrap();
    let mut p = captioned(FrameRate::FPS_30);
    let file = dir.path().join("a.webm");
    assert!(matches!(export(&p, &file, "webm", CaptionsTo::Mux, None), Err(ExportError::NoTextTrack("WebM"))));
    assert!(!file.exists());
    // no caption stands in this part
    let quiet = dir.path().join("quiet.mp4");
    export(&p, &quiet, "h264", CaptionsTo::Mux, Some((52, 69))).unwrap();
    assert_eq!(probed(&quiet, "stream=codec_name"), "");
    Arc::make_mut(&mut p.sequence).captions.clear();
    let plain = dir.path().join("plain.mp4");
    export_to(&p, &plain, "h264");
    assert_eq!(probed(&plain, "stream=codec_name"), "");
}

/// Luma of every picture, decoded by ffmpeg.
fn pictures(file: &Path, (w, h): (u32, u32)) -> Vec<Vec<u8>> {
    let args = ["-f", "rawvideo", "-pix_fmt", "gray", "-"];
    let out = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(file).args(args).output().unwrap();
    out.stdout.chunks_exact((w * h) as usize).map(<[u8]>::to_vec).collect()
}

#[test]
fn burnt_captions_are_in_the_picture_on_their_frames_and_on_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let p = captioned(FrameRate::FPS_30);
    let size = (p.sequence.width, p.sequence.height);
    let (with, without) = (dir.path().join("with.mov"), dir.path().join("without.mov"));
    export(&p, &with, "prores", CaptionsTo::Burn, None).unwrap();
    export(&p, &without, "prores", CaptionsTo::None, None).unwrap();
    let (with, without) = (pictures(&with, size), pictures(&without, size));
    assert_eq!((with.len(), without.len()), (90, 90));
    for (frame, (a, b)) in with.iter().zip(&without).enumerate() {
        let frame = frame as i64;
        let off = a.iter().zip(b).filter(|(a, b)| a.abs_diff(**b) > 40).count();
        let standing = SAID.iter().any(|(start, len, _)| (*start..start + len).contains(&frame));
        assert!(if standing { off > 40 } else { off == 0 }, "frame {frame}: {off} pixels differ, {standing}");
        // and they stand below
        let upper = (size.0 * size.1 / 2) as usize;
        let above = a[..upper].iter().zip(&b[..upper]).filter(|(a, b)| a.abs_diff(**b) > 40).count();
        assert_eq!(above, 0, "frame {frame}");
    }
    // the project's own word counts where nobody says: not burnt in
    let plain = dir.path().join("plain.mov");
    export(&p, &plain, "prores", CaptionsTo::Project, None).unwrap();
    assert!(pictures(&plain, size) == without);
}
