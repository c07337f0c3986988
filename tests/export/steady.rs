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
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

const FRAMES: i64 = 8;

/// A hand that trembles.
fn shaky() -> Motions {
    let at = |n: i64| {
        let t = n as f64;
        let pose = Pose { yaw: 0.02 * (t * 1.9).sin(), pitch: 0.01 * (t * 2.3).cos(), roll: 0.02 * (t * 1.1).sin(), log_zoom: 0.0 };
        let flags = Flags { cut: n == 0, ..Flags::default() };
        FrameMotion { pts: Time::from_frames(n, FrameRate::FPS_30), pose, confidence: 1.0, flags }
    };
    let track = MotionTrack { size: (320, 180), focal: 1.0, readout_secs: 0.0, frames: (0..120).map(at).collect() };
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
    let mut files: Vec<_> = std::fs::read_dir(&output).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), FRAMES as usize);
    let mut moved = 0;
    for (frame, file) in (0..).zip(&files) {
        let seen = shown(&preview, &project, frame);
        let args = ["-v", "error", "-i", file.to_str().unwrap(), "-f", "rawvideo", "-pix_fmt", "rgba", "-"];
        let written = run("ffmpeg", &args);
        let worst = (0..seen.height)
            .flat_map(|y| seen.row(0, y)[..seen.width as usize * 4].iter().zip(&written[(y * seen.width * 4) as usize..]))
            .map(|(a, b)| a.abs_diff(*b))
            .max();
        assert!(worst <= Some(1), "frame {frame}: {worst:?} code values apart");
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
