//! Jobs as a window has them: they wait, stand still, go on, and outlive the program.

use super::{PATIENCE, common, film, until, with_film};
use montage_ai::session::{
    Command, Dirs, JobState, Session, SessionOptions,
    jobs::{self, CaptionsTo},
};
use std::{path::Path, sync::Arc, time::Instant};

fn at_home(home: &Path) -> Session {
    let dirs = Some(Dirs::at(home));
    Session::new(SessionOptions { gpu: None, force_cpu: true, silent: true, dirs, wake: Arc::new(|| {}) }).unwrap()
}

fn cut(s: &mut Session) {
    s.dispatch(Command::Import(vec![film()]));
    until(s, "the import", |s| !s.project().media.is_empty());
    let media: Vec<_> = s.project().media.keys().copied().collect();
    s.dispatch(Command::Append(media));
}

fn export(s: &mut Session, output: &Path) -> u64 {
    s.dispatch(Command::Export {
        output: output.to_owned(),
        preset: "h264".into(),
        range: None,
        allow_proxies: false,
        captions: CaptionsTo::default(),
    });
    until(s, "the job in the table", |s| s.jobs().iter().any(|j| j.output == output && j.ours));
    s.jobs().iter().rev().find(|j| j.output == output).unwrap().id
}

fn state(s: &Session, id: u64) -> JobState {
    s.jobs().iter().find(|j| j.id == id).unwrap().state.clone()
}

fn frames(output: &Path) -> String {
    common::ffprobe(output, "v:0", "stream=nb_frames").trim().trim_end_matches(',').to_owned()
}

#[test]
fn an_export_that_the_end_of_the_program_cut_off_is_offered_and_taken_up() {
    let home = tempfile::tempdir().unwrap();
    let output = home.path().join("film.mp4");
    let mut s = at_home(home.path());
    cut(&mut s);
    s.dispatch(Command::Export {
        output: output.clone(),
        preset: "h264".into(),
        range: None,
        allow_proxies: false,
        captions: CaptionsTo::default(),
    });
    until(&mut s, "the begin", |s| s.jobs().first().is_some_and(|j| j.state == JobState::Running));
    drop(s);
    assert!(!output.exists(), "nothing half lies under the final name");

    let mut s = at_home(home.path());
    assert_eq!(s.jobs()[0].state, JobState::Interrupted);
    assert!(s.take_notices().iter().any(|n| n.text.contains("not finished")), "it is offered");
    let id = s.jobs()[0].id;
    // nothing of the new window's document goes into it
    s.dispatch(Command::ResumeJob(id));
    until(&mut s, "the export", |s| s.jobs()[0].state.is_over());
    assert_eq!(s.jobs()[0].state, JobState::Completed, "{:?}", s.jobs()[0].error);
    assert_eq!(frames(&output), "250");
    assert!(s.take_notices().iter().any(|n| n.good && n.text.contains("film.mp4")), "and its end is told");
    s.dispatch(Command::ClearJobs);
    until(&mut s, "an empty list", |s| s.jobs().is_empty());
}

#[test]
fn a_paused_export_stands_still_and_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let output = dir.path().join("film.mp4");
    let mut s = with_film(&film());
    s.dispatch(Command::Export {
        output: output.clone(),
        preset: "h264".into(),
        range: None,
        allow_proxies: false,
        captions: CaptionsTo::default(),
    });
    until(&mut s, "the begin", |s| s.jobs().first().is_some_and(|j| j.state == JobState::Running));
    let id = s.jobs()[0].id;
    s.dispatch(Command::PauseJob(id));
    // a quick machine may be done before
    until(&mut s, "the pause", |s| state(s, id) == JobState::Paused || state(s, id).is_over());
    s.dispatch(Command::ResumeJob(id));
    until(&mut s, "the end", |s| state(s, id).is_over());
    assert_eq!(state(&s, id), JobState::Completed);
    assert_eq!(frames(&output), "250");
}

#[test]
fn exports_wait_for_each_other_and_a_failed_one_says_why_and_can_be_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = with_film(&film());
    let missing = dir.path().join("no such folder").join("film.mp4");
    let bad = export(&mut s, &missing);
    let good = export(&mut s, &dir.path().join("good.mp4"));
    until(&mut s, "both ends", |s| state(s, bad).is_over() && state(s, good).is_over());
    assert_eq!((state(&s, bad), state(&s, good)), (JobState::Failed, JobState::Completed));
    let error = s.jobs().iter().find(|j| j.id == bad).unwrap().error.clone().unwrap();
    assert!(error.text.contains("film.mp4"), "{error:?}");
    assert_eq!(s.take_notices().iter().filter(|n| n.text == error.text).count(), 1, "told once");
    std::fs::create_dir(missing.parent().unwrap()).unwrap();
    s.dispatch(Command::RetryJob(bad));
    until(&mut s, "the second try", |s| state(s, bad) == JobState::Completed);
    assert_eq!(frames(&missing), "250");
}

#[test]
fn a_program_without_a_window_sees_and_stops_the_windows_jobs() {
    let home = tempfile::tempdir().unwrap();
    let mut s = at_home(home.path());
    cut(&mut s);
    let blocked = home.path().join("film.mp4");
    s.dispatch(Command::Export {
        output: blocked.clone(),
        preset: "h264".into(),
        range: None,
        allow_proxies: false,
        captions: CaptionsTo::default(),
    });
    until(&mut s, "the begin", |s| s.jobs().first().is_some_and(|j| j.state == JobState::Running));
    let id = s.jobs()[0].id;
    let desk = jobs::Desk::headless(Some(&Dirs::at(home.path())), &Default::default()).unwrap();
    assert!(desk.can(&jobs::kinds::EXPORT));
    let job = desk.jobs().snapshot().get(jobs::JobId(id)).cloned().expect("one table");
    assert_eq!((job.subject.as_str(), job.owner), ("film.mp4", jobs::Owner::Other));
    let asked = Instant::now();
    assert!(desk.jobs().cancel(jobs::JobId(id)).wait().unwrap());
    until(&mut s, "the cancel", |s| state(s, id).is_over());
    assert!(asked.elapsed() < PATIENCE);
    if state(&s, id) == JobState::Cancelled {
        assert!(!blocked.exists());
    }
    desk.close(PATIENCE);
}
