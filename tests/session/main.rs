//! The program without a face, used as a window uses it: commands in, values out, nothing blocks. Real files, real decoders,
//! the processor's renderer, no sound output.

mod bin;
#[path = "../common/mod.rs"]
mod common;
mod jobs;
mod making;
mod montage;
mod playing;
mod proxies;
mod safety;
mod search;
mod upscaling;
mod upscaling_playing;
mod viewers;
mod words;

use montage_ai::{
    base::{Picture, Severity},
    edit::{ClipChange, EditCommand},
    gpu::Rendered,
    session::{Command, JobState, MediaState, Session, SessionOptions, ViewState, jobs::CaptionsTo},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Generous: a watchdog, not a budget.
const PATIENCE: Duration = Duration::from_secs(60);

fn session() -> Session {
    let options = SessionOptions { gpu: None, force_cpu: true, silent: true, dirs: None, wake: Arc::new(|| {}) };
    Session::new(options).expect("a session starts without a window")
}

/// Poll until `done`, as a window does between frames.
fn until(session: &mut Session, what: &str, mut done: impl FnMut(&mut Session) -> bool) {
    let started = Instant::now();
    loop {
        session.poll();
        if done(session) {
            return;
        }
        assert!(
            started.elapsed() < PATIENCE,
            "waited for {what}; notices: {:?}, viewer: {:?}",
            session.take_notices(),
            session.viewer().state
        );
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// 320×180 at 25, 250 frames, one key frame, each with its number.
fn film() -> PathBuf {
    common::numbered_video("session-gop250.mp4", "25", 250, &["-c:v", "libx264", "-g", "250", "-bf", "2", "-pix_fmt", "yuv420p"])
}

fn with_film(path: &Path) -> Session {
    let mut s = session();
    s.dispatch(Command::Import(vec![path.to_path_buf()]));
    until(&mut s, "the import", |s| !s.project().media.is_empty());
    let media: Vec<_> = s.project().media.keys().copied().collect();
    s.dispatch(Command::Append(media));
    until(&mut s, "the first picture", |s| s.viewer().image.is_some() && s.viewer().state == ViewState::UpToDate);
    s
}

fn shown(s: &Session) -> Picture {
    match &s.viewer().image {
        Some(Rendered::Picture(p)) => p.clone(),
        _ => panic!("the processor's renderer gives pictures in memory"),
    }
}

fn settle(s: &mut Session) {
    until(s, "the exact picture", |s| s.viewer().state == ViewState::UpToDate && s.viewer().frame == s.playhead());
}

#[test]
fn a_drag_over_a_long_gop_ends_on_the_exact_frame_and_never_on_an_empty_viewer() {
    let mut s = with_film(&film());
    assert_eq!(s.project().sequence.duration(), 250);
    for frame in (3..240).step_by(6) {
        s.dispatch(Command::Scrub(frame));
        s.poll();
        assert!(s.viewer().image.is_some(), "the last picture stays until the next");
        std::thread::sleep(Duration::from_millis(3));
    }
    s.dispatch(Command::Scrub(201));
    settle(&mut s);
    assert_eq!(common::number_in(&shown(&s)), 201);
}

#[test]
fn steps_in_both_directions_show_each_frame() {
    let mut s = with_film(&film());
    s.dispatch(Command::Seek(120));
    settle(&mut s);
    for by in [-1, -1, -1, 1, 1, 1, 1, -10, 25] {
        s.dispatch(Command::Step(by));
        settle(&mut s);
        assert_eq!(i64::from(common::number_in(&shown(&s))), s.playhead());
    }
    s.dispatch(Command::Step(i64::MIN));
    assert_eq!(s.playhead(), 0);
    s.dispatch(Command::Step(i64::MAX));
    assert_eq!(s.playhead(), 250);
}

#[test]
fn playing_follows_the_clock_and_stops_at_the_end() {
    let mut s = with_film(&film());
    s.dispatch(Command::Seek(200));
    settle(&mut s);
    let started = Instant::now();
    s.dispatch(Command::Play);
    let mut last = 199;
    until(&mut s, "the end of the film", |s| {
        let frame = s.viewer().frame;
        assert!(frame >= last, "playing never shows an earlier frame");
        last = frame;
        !s.is_playing()
    });
    // fifty frames at 25 a second, by the clock of the output
    assert!(started.elapsed() >= Duration::from_millis(1900), "{:?}", started.elapsed());
    assert_eq!(s.playhead(), 249);
}

#[test]
fn an_edit_while_playing_goes_on_playing() {
    let mut s = with_film(&film());
    s.dispatch(Command::Play);
    until(&mut s, "some frames", |s| s.viewer().frame > 3);
    let clip = s.project().sequence.tracks[0].clips[0].id;
    s.dispatch(Command::Edit(EditCommand::SetClip { clip, change: ClipChange::Enabled(false) }));
    until(&mut s, "black pictures", |s| {
        let p = shown(s);
        p.row(0, p.height / 2).chunks_exact(4).all(|x| x[..3] == [0, 0, 0])
    });
    assert!(s.is_playing());
    s.dispatch(Command::Pause);
    until(&mut s, "the pause", |s| !s.is_playing());
}

#[test]
fn a_gesture_is_one_undo_step_and_the_viewer_follows_undo() {
    let mut s = with_film(&film());
    s.dispatch(Command::Seek(77));
    settle(&mut s);
    let clip = s.project().sequence.tracks[0].clips[0].id;
    let before = s.project().clone();
    s.dispatch(Command::Begin("Trim clip"));
    for by in 1..=9 {
        s.dispatch(Command::EditAbsolute(EditCommand::RippleTrim { clips: vec![clip], edge: montage_ai::edit::Edge::Start, by }));
    }
    s.dispatch(Command::Commit);
    settle(&mut s);
    assert_eq!(common::number_in(&shown(&s)), 77 + 9, "the trimmed clip has moved by nine frames under the playhead");
    assert_eq!(s.undo_label(), Some("Trim clip"));
    s.dispatch(Command::Undo);
    settle(&mut s);
    assert_eq!(common::number_in(&shown(&s)), 77);
    assert_eq!(**s.project(), *before);
}

#[test]
fn bad_files_become_notices_and_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let bad = dir.path().join("not a film.mp4");
    std::fs::write(&bad, "just words, nothing to see").unwrap();
    let mut s = with_film(&film());
    let before = s.project().clone();
    s.dispatch(Command::Import(vec![bad, dir.path().join("nowhere.mov")]));
    let mut notices = Vec::new();
    until(&mut s, "two notices", |s| {
        notices.extend(s.take_notices().into_iter().filter(|n| n.severity == Severity::Failure));
        notices.len() == 2
    });
    assert!(notices.iter().all(|n| n.hint.is_some()), "{notices:?}");
    assert_eq!(*s.project(), before);
}

#[test]
fn a_file_that_vanishes_is_offline_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let (file, away) = (dir.path().join("film.mp4"), dir.path().join("away.mp4"));
    std::fs::copy(film(), &file).unwrap();
    let mut s = with_film(&file);
    let project = dir.path().join("film.montage");
    s.dispatch(Command::SaveAs(project.clone()));
    until(&mut s, "the save", |s| !s.is_dirty() && s.project_path().is_some());
    std::fs::rename(&file, &away).unwrap();
    let mut s = session();
    s.dispatch(Command::Open(project.clone()));
    until(&mut s, "the slate", |s| {
        s.project().media.keys().next().is_some_and(|m| matches!(s.media_state(*m), MediaState::Offline(_))) && s.viewer().image.is_some()
    });
    std::fs::rename(&away, &file).unwrap();
    s.dispatch(Command::Seek(9));
    until(&mut s, "the picture", |s| s.viewer().frame == 9 && common::number_in(&shown(s)) == 9);
    let media = *s.project().media.keys().next().unwrap();
    assert_eq!(s.media_state(media), MediaState::Online);
}

#[test]
fn an_export_reports_progress_and_a_cancelled_one_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = with_film(&film());
    let output = dir.path().join("film.mp4");
    s.dispatch(Command::Export {
        output: output.clone(),
        preset: "h264".into(),
        range: Some((10, 60)),
        allow_proxies: false,
        captions: CaptionsTo::default(),
    });
    until(&mut s, "the export", |s| s.jobs()[0].state.is_over());
    assert_eq!(s.jobs()[0].state, JobState::Completed, "{:?}", s.jobs()[0].error);
    assert_eq!(common::ffprobe(&output, "v:0", "stream=nb_frames").trim().trim_end_matches(','), "50");

    let second = dir.path().join("second.mp4");
    s.dispatch(Command::Export {
        output: second.clone(),
        preset: "h264".into(),
        range: None,
        allow_proxies: false,
        captions: CaptionsTo::default(),
    });
    let id = s.jobs()[1].id;
    s.dispatch(Command::CancelJob(id));
    until(&mut s, "the cancel", |s| s.jobs()[1].state.is_over());
    assert_eq!(s.jobs()[1].state, JobState::Cancelled);
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["film.mp4"]);
}

#[test]
fn thumbnails_and_waveforms_arrive_in_the_background() {
    let path = common::cached("session-sound.mp4", |out| {
        common::ffmpeg(
            &["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=4", "-f", "lavfi", "-i", "sine=d=4:r=48000", "-g", "25", "-shortest"],
            out,
        );
    });
    let mut s = with_film(&path);
    let media = *s.project().media.keys().next().unwrap();
    let at = montage_ai::base::Time::from_secs(2);
    until(&mut s, "a thumbnail", |s| s.thumbnail(media, at).is_some_and(|p| p.height == 90));
    until(&mut s, "the waveform", |s| s.peaks(media).is_some());
    let peaks = s.peaks(media).unwrap().window(1.0, 2.0, 10);
    assert!(peaks.iter().all(|(low, high)| *low < -0.05 && *high > 0.05), "a tone fills its window: {peaks:?}");
}
