//! Steadied clips: what is exported is what the viewer shows; without an analysis the picture stays and the report says so.

use super::{film, tools::run};
use montage_ai::{
    analysis::stabilize::{Flags, FrameMotion, MotionTrack, Pose},
    base::{ContentHash, FrameRate, MediaId, Picture, Time},
    engine::{Monitor, Motions, Preview, PreviewCommand, PreviewEvent},
    gpu::{CpuRenderer, Rendered},
    model::Project,
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

const FRAMES: i64 = 8;

/// A hand that trembles.
fn shaky() -> Motions {
    trembling(120)
}

fn trembling(frames: i64) -> Motions {
    let at = |n: i64| {
        let t = n as f64;
        let pose = Pose { yaw: 0.02 * (t * 1.9).sin(), pitch: 0.01 * (t * 2.3).cos(), roll: 0.02 * (t * 1.1).sin(), log_zoom: 0.0 };
        let flags = Flags { cut: n == 0, ..Flags::default() };
        FrameMotion { pts: Time::from_frames(n, FrameRate::FPS_30), pose, confidence: 1.0, flags }
    };
    let track = MotionTrack { size: (320, 180), focal: 1.0, readout_secs: 0.0, frames: (0..frames).map(at).collect() };
    Motions::new(move |_| Some(track.clone()))
}

fn steadied() -> Project {
    let mut p = film::project(FrameRate::FPS_30);
    Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()).file.hash = Some(ContentHash(5));
    film::lay(&mut p, &[(10, FRAMES)]);
    let track = Arc::make_mut(&mut Arc::make_mut(&mut p.sequence).tracks[0]);
    Arc::make_mut(&mut track.clips[0]).stabilize = Some(Box::default());
    p
}

/// The viewer's picture of a frame.
fn shown(preview: &Preview, project: &Arc<Project>, frame: i64) -> Picture {
    let request = 100 + frame as u64;
    preview.send(PreviewCommand::Show { monitor: Monitor::Program, project: project.clone(), frame, scrubbing: false, request });
    loop {
        match preview.events.recv_timeout(Duration::from_secs(60)).expect("a picture") {
            PreviewEvent::Shown { image: Rendered::Picture(p), request: Some(r), .. } if r == request => return p,
            PreviewEvent::Failed { message, .. } => panic!("{message}"),
            _ => {}
        }
    }
}

/// The files of a directory, by name.
fn sorted(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    files
}

/// By how many code values a picture and a PNG file differ at most.
fn apart(seen: &Picture, file: &Path) -> u8 {
    let written = run("ffmpeg", &["-v", "error", "-i", file.to_str().unwrap(), "-f", "rawvideo", "-pix_fmt", "rgba", "-"]);
    let row = |y: u32| seen.row(0, y)[..seen.width as usize * 4].iter().zip(&written[(y * seen.width * 4) as usize..]);
    (0..seen.height).flat_map(row).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn an_export_shows_what_the_viewer_shows() {
    let project = Arc::new(steadied());
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("frames");
    let mut request = film::request(&project, output.clone(), "png");
    request.motions = shaky();
    let report = film::run_export(&request, &AtomicBool::new(false), &mut |_| {}).unwrap();
    assert_eq!((report.direct_frames, report.warnings), (0, vec![]));
    let preview = Preview::start(Box::new(CpuRenderer::new()), true, Arc::new(|| {})).unwrap();
    preview.send(PreviewCommand::Motions(shaky()));
    let files = sorted(&output);
    assert_eq!(files.len(), FRAMES as usize);
    let mut moved = 0;
    for (frame, file) in (0..).zip(&files) {
        let seen = shown(&preview, &project, frame);
        assert!(apart(&seen, file) <= 1, "frame {frame}: {} code values apart", apart(&seen, file));
        let mut plain = Project::clone(&project);
        let track = Arc::make_mut(&mut Arc::make_mut(&mut plain.sequence).tracks[0]);
        Arc::make_mut(&mut track.clips[0]).stabilize = None;
        moved += i32::from(shown(&preview, &Arc::new(plain), frame).row(0, 100) != seen.row(0, 100));
    }
    assert_eq!(moved, FRAMES as i32, "the pictures are not those of the file");
}

#[test]
fn a_clip_that_cannot_be_steadied_yet_is_exported_as_it_is_and_named() {
    let project = steadied();
    let dir = tempfile::tempdir().unwrap();
    let request = film::request(&project, dir.path().join("frames"), "png");
    let report = film::run_export(&request, &AtomicBool::new(false), &mut |_| {}).unwrap();
    assert_eq!(report.warnings.len(), 1);
    assert!(report.warnings[0].contains("numbered"), "{:?}", report.warnings);
}

#[test]
fn a_frame_of_a_long_film_is_shown_at_once_and_once_more_when_the_whole_path_is_planned() {
    let project = Arc::new(steadied());
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("frames");
    let mut request = film::request(&project, output.clone(), "png");
    request.motions = trembling(3000);
    film::run_export(&request, &AtomicBool::new(false), &mut |_| {}).unwrap();
    let preview = Preview::start(Box::new(CpuRenderer::new()), true, Arc::new(|| {})).unwrap();
    preview.send(PreviewCommand::Motions(trembling(3000)));
    preview.send(PreviewCommand::Show { monitor: Monitor::Program, project, frame: 3, scrubbing: false, request: 1 });
    let (mut pictures, mut is_told) = (Vec::new(), false);
    let last = loop {
        match preview.events.recv_timeout(Duration::from_secs(60)).expect("a picture") {
            PreviewEvent::Shown { image: Rendered::Picture(p), exact, request: Some(1), .. } => {
                pictures.push(exact);
                if exact {
                    break p;
                }
            }
            PreviewEvent::Steadied(_, path) => is_told = path.is_some(),
            PreviewEvent::Failed { message, .. } => panic!("{message}"),
            _ => {}
        }
    };
    assert!(!pictures[0], "the first picture is along a path around it");
    assert!(is_told, "the figures are those of the whole path");
    let off = apart(&last, &sorted(&output)[3]);
    assert!(off <= 1, "{off} code values from what is exported");
}
