//! Whole exports: a film cut from files that were written by the encoder, through the exporter, and read again.

use super::tools::*;
use montage_ai::{
    base::{ClipId, FrameRate, MIX_RATE, MediaId, Rounding, Stamp, Time, TransitionId, UserError},
    engine::{CaptionsTo, ExportError, ExportProgress, ExportReport, ExportRequest, Motions, export, presets},
    gpu::CpuRenderer,
    media::{
        self, AudioReader,
        encode::{AudioCodec, AudioSettings, Container, EncodeSettings, Encoder, Speed, VideoCodec, VideoSettings},
    },
    model::{Clip, ClipContent, Media, MediaFile, Project, Sequence, Speed as ClipSpeed, Transition, TransitionKind},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

/// Of the source at 30; the ten minutes at 29.97 are smaller.
const SIZE: (u32, u32) = (320, 180);
const SMALL: (u32, u32) = (96, 54);
/// Pictures of the source.
const FRAMES: i64 = 600;

/// Sample at which frame `n` starts, as the planner rounds it.
fn sample(n: i64, rate: FrameRate) -> i64 {
    Time::from_frames(n, rate).to_samples(MIX_RATE, Rounding::Floor)
}

fn size(rate: FrameRate) -> (u32, u32) {
    if rate == FrameRate::NTSC_30 { SMALL } else { SIZE }
}

/// 600 numbered pictures with long GOPs, a click at the start of each whole second of frames (30 at 29.97); made once.
fn source(rate: FrameRate) -> PathBuf {
    static MADE: [OnceLock<PathBuf>; 2] = [const { OnceLock::new() }; 2];
    let slot = usize::from(rate == FrameRate::NTSC_30);
    let (width, height) = size(rate);
    let make = || {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("numbered-{}-{}-{}-1.mp4", rate.num(), rate.den(), width));
        if path.exists() {
            return path;
        }
        let settings = EncodeSettings {
            container: Container::Mp4,
            video: Some(VideoSettings { speed: Speed::Fast, ..VideoSettings::new(VideoCodec::H264, width, height, rate) }),
            audio: Some(AudioSettings { codec: AudioCodec::Aac, bitrate_kbps: 192 }),
            text: None,
            expected_bytes: None,
        };
        let step = sample(i64::from(rate.timecode_base()), rate);
        let mut e = Encoder::create(&path, &settings).unwrap();
        for n in 0..FRAMES {
            let (from, to) = (sample(n, rate), sample(n + 1, rate));
            e.push_audio(&clicks_every(from, to - from, step)).unwrap();
            e.push_video(&numbered(e.video_format(), width, height, n as u64)).unwrap();
        }
        e.finish().unwrap();
        path
    };
    MADE[slot].get_or_init(make).clone()
}

/// A project whose media 10 is the source.
pub fn project(rate: FrameRate) -> Project {
    let path = source(rate);
    let (width, height) = size(rate);
    let mut p = Project::new("film", Sequence::new(width, height, rate));
    let info = media::probe(&path).unwrap();
    assert_eq!(info.video.as_ref().unwrap().frames, FRAMES as u64);
    let media = Media::new("numbered", MediaFile::new(path, Stamp::default()), info);
    p.media.insert(MediaId(10), Arc::new(media));
    p
}

/// Lays pieces of the source end to end on the first video and audio track: (first frame of the source, length).
pub fn lay(p: &mut Project, pieces: &[(i64, i64)]) {
    let rate = p.sequence.frame_rate;
    let s = Arc::make_mut(&mut p.sequence);
    for (which, first_id) in [(0, 1000), (1, 5000)] {
        let mut at = 0;
        let track = Arc::make_mut(&mut s.tracks[which]);
        for (i, (from, len)) in pieces.iter().enumerate() {
            let content = ClipContent::Media { media: MediaId(10), source_in: Time::from_frames(*from, rate), speed: ClipSpeed::NORMAL };
            track.clips.push(Arc::new(Clip::new(ClipId(first_id + i as u64), at, *len, content)));
            at += len;
        }
    }
}

pub fn request(p: &Project, output: PathBuf, preset: &str) -> ExportRequest {
    let preset = presets().into_iter().find(|x| x.name == preset).unwrap();
    ExportRequest {
        project: Arc::new(p.clone()),
        output,
        preset,
        range: None,
        captions: CaptionsTo::default(),
        allow_proxies: false,
        work_dir: None,
        motions: Motions::default(),
    }
}

pub fn run_export(r: &ExportRequest, cancel: &AtomicBool, progress: &mut dyn FnMut(ExportProgress)) -> Result<ExportReport, ExportError> {
    export(r, Box::new(CpuRenderer::new()), cancel, progress)
}

pub fn export_to(p: &Project, output: &Path, preset: &str) -> ExportReport {
    run_export(&request(p, output.to_owned(), preset), &AtomicBool::new(false), &mut |_| {}).unwrap()
}

/// Names in a folder.
fn names(dir: &Path) -> Vec<String> {
    let mut v: Vec<_> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    v.sort();
    v
}

/// Left channel as the program's own reader hears it.
fn left_by_reader(path: &Path) -> Vec<f32> {
    let info = media::probe(path).unwrap();
    let mut out = vec![0.0; info.duration.to_samples(MIX_RATE, Rounding::Ceil) as usize * 2];
    AudioReader::open(path, &info).unwrap().read(0, &mut out).unwrap();
    out.chunks_exact(2).map(|p| p[0]).collect()
}

const PIECES: [(i64, i64); 4] = [(300, 60), (30, 30), (540, 45), (0, 15)];

fn expected() -> Vec<u64> {
    PIECES.iter().flat_map(|(from, len)| (*from..from + len).map(|n| n as u64)).collect()
}

#[test]
fn a_cut_up_film_shows_the_planned_frames_and_clicks_in_every_preset_with_pictures() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &PIECES);
    for preset in presets().iter().filter(|x| x.video.is_some() && x.available && x.name != "png" && x.name != "h264-1080p") {
        let out = d.path().join(format!("{}.{}", preset.name, preset.extension));
        let report = export_to(&p, &out, &preset.name);
        assert_eq!((report.frames, report.duration), (150, Time::from_secs(5)), "{}", preset.name);
        let direct = matches!(preset.video.as_ref().unwrap().codec, VideoCodec::ProRes);
        assert_eq!(report.direct_frames, if direct { 0 } else { 150 }, "{}", preset.name);
        assert_eq!(numbers(&out, 320, 180), expected(), "{}", preset.name);
        assert_eq!(probe(&out, "v", "stream=r_frame_rate,start_time"), ["30/1", "0.000000"], "{}", preset.name);
        // cuts lie on whole seconds of both sides but the last
        let want = [0, 48_000, 96_000, 144_000, 216_000];
        for (who, left) in [("ffmpeg", left(&out)), ("reader", left_by_reader(&out))] {
            assert_eq!(click_positions_near(&left, &want), want, "{} by {who}", preset.name);
        }
        let info = media::probe(&out).unwrap();
        let video = info.video.unwrap();
        assert_eq!((video.frames, video.frame_rate, video.color_assumed), (150, FrameRate::FPS_30, false), "{}", preset.name);
        assert_eq!(video.color, p.sequence.color, "{}", preset.name);
    }
    assert!(names(d.path()).iter().all(|n| !n.contains(".part")));
}

#[test]
fn sound_alone_keeps_its_clicks_in_every_preset() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &PIECES);
    let want = [0, 48_000, 96_000, 144_000, 216_000];
    for preset in presets().iter().filter(|x| x.video.is_none()) {
        let out = d.path().join(format!("{}.{}", preset.name, preset.extension));
        assert_eq!(export_to(&p, &out, &preset.name).duration, Time::from_secs(5), "{}", preset.name);
        assert_eq!(click_positions_near(&left(&out), &want), want, "{}", preset.name);
    }
}

#[test]
fn a_png_sequence_holds_each_frame_as_a_picture() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &[(100, 5)]);
    let out = d.path().join("frames");
    assert_eq!(export_to(&p, &out, "png").frames, 5);
    let files = names(&out);
    assert_eq!(files, ["00000000.png", "00000001.png", "00000002.png", "00000003.png", "00000004.png"]);
    for (i, f) in files.iter().enumerate() {
        let picture = media::still(&out.join(f)).unwrap();
        assert_eq!((picture.width, picture.height), SIZE);
        let luma: Vec<u8> = picture.data.as_ref().as_ref().chunks_exact(4).map(|c| c[1]).collect();
        assert_eq!(read_number(&luma, 320, 180), 100 + i as u64);
    }
    assert_eq!(names(d.path()), ["frames"]);
}

#[test]
fn a_dissolve_is_drawn_and_all_else_passes_untouched() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &[(100, 40), (400, 40)]);
    let kind = TransitionKind::CrossDissolve;
    let x = Transition { id: TransitionId(90), kind, left: ClipId(1000), right: ClipId(1001), before: 6, after: 6 };
    Arc::make_mut(&mut Arc::make_mut(&mut p.sequence).tracks[0]).transitions.push(x);
    let out = d.path().join("a.mp4");
    let report = export_to(&p, &out, "h264");
    assert_eq!((report.frames, report.direct_frames), (80, 68));
    let seen = numbers(&out, 320, 180);
    assert_eq!((seen[33], seen[46]), (133, 406));
}

#[test]
fn another_size_is_scaled_and_an_odd_one_made_even() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &[(7, 3)]);
    let out = d.path().join("large.mp4");
    assert_eq!(export_to(&p, &out, "h264-1080p").direct_frames, 0);
    assert_eq!(probe(&out, "v", "stream=width,height"), ["1920", "1080"]);
    assert_eq!(numbers(&out, 1920, 1080), [7, 8, 9]);
    Arc::make_mut(&mut p.sequence).width = 319;
    let out = d.path().join("odd.mp4");
    export_to(&p, &out, "h264");
    assert_eq!(probe(&out, "v", "stream=width,height"), ["318", "180"]);
}

#[test]
fn ten_minutes_at_29_97_do_not_drift() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::NTSC_30);
    lay(&mut p, &[(0, FRAMES); 30]);
    let mut r = request(&p, d.path().join("long.mp4"), "h264");
    r.preset.video.as_mut().unwrap().speed = Speed::UltraFast;
    let report = run_export(&r, &AtomicBool::new(false), &mut |_| {}).unwrap();
    assert_eq!((report.frames, report.direct_frames), (18_000, 18_000));
    // 18,000 · 1001/30000 s
    assert_eq!(probe(&r.output, "v", "stream=duration,nb_frames"), ["600.600000", "18000"]);
    assert_eq!(probe(&r.output, "a", "stream=duration"), ["600.600000"]);
    let pts = probe(&r.output, "v", "packet=pts");
    let mut pts: Vec<i64> = pts.iter().map(|s| s.parse().unwrap()).collect();
    pts.sort_unstable();
    assert!(pts.iter().enumerate().all(|(n, t)| *t == n as i64 * 1001), "in thirty-thousandths");
    let want: Vec<i64> = (0..600).map(|k| k * 48_048).collect();
    assert_eq!(click_positions_near(&left(&r.output), &want), want);
}

#[test]
fn a_cancelled_export_leaves_nothing_and_the_old_file_as_it_was() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &[(0, FRAMES); 200]);
    let out = d.path().join("film.mp4");
    std::fs::write(&out, b"the old film").unwrap();
    let cancel = AtomicBool::new(false);
    let e = run_export(&request(&p, out.clone(), "h264"), &cancel, &mut |_| cancel.store(true, Ordering::Relaxed)).unwrap_err();
    assert!(matches!(e, ExportError::Cancelled));
    assert_eq!(names(d.path()), ["film.mp4"]);
    assert_eq!(std::fs::read(&out).unwrap(), b"the old film");
}

#[test]
fn a_folder_that_cannot_be_written_and_an_input_are_refused_with_the_reason() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut p = project(FrameRate::FPS_30);
    lay(&mut p, &[(0, 10)]);
    let fail = |out: PathBuf| run_export(&request(&p, out, "h264"), &AtomicBool::new(false), &mut |_| {}).unwrap_err();
    let e = fail(d.path().join("not there/film.mp4"));
    assert!(e.to_string().starts_with("the file cannot be written: the folder does not exist: "), "{e}");
    std::fs::write(d.path().join("file"), b"").unwrap();
    let e = fail(d.path().join("file/film.mp4"));
    assert!(e.to_string().contains("a file, not a folder"), "{e}");
    assert!(e.hint().is_some());
    let e = fail(source(FrameRate::FPS_30));
    assert!(matches!(e, ExportError::OverInput(_)), "{e}");
    assert!(media::probe(&source(FrameRate::FPS_30)).is_ok(), "the input is as it was");
    // SAFETY: asks for a number.
    let root = unsafe { libc::geteuid() } == 0;
    let locked = d.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::os::unix::fs::PermissionsExt::from_mode(0o555)).unwrap();
    if !root {
        let e = fail(locked.join("film.mp4"));
        assert!(e.to_string().contains("no permission to write there"), "{e}");
    }
}
