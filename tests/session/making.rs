//! Proxies that a window asks for: made as jobs, put into the document, offered where films are heavy.

use super::{common, session, until};
use montage_ai::{
    base::MediaId,
    session::{Command, JobState, Notice, ProxyCodec, ProxyPolicy, ProxyReason, ProxyState, Session, Setting},
};
use std::path::{Path, PathBuf};

fn film(folder: &Path, name: &str, size: &str, frames: &str, more: &[&str]) -> PathBuf {
    let path = folder.join(name);
    // the name gives each its own content
    let graph = format!("testsrc2=s={size}:r=25,drawbox=c=white:x={}:y=0:w=9:h=9:t=fill", name.len() * 7);
    let usual = ["-f", "lavfi", "-i", &graph, "-frames:v", frames, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
    common::ffmpeg(&[&usual[..], more].concat(), &path);
    path
}

fn import(s: &mut Session, files: &[PathBuf]) -> Vec<MediaId> {
    let before = s.project().media.len();
    s.dispatch(Command::Import(files.to_vec()));
    until(s, "the import", |s| s.project().media.len() == before + files.len() && s.import_progress().is_none());
    files.iter().map(|f| *s.project().media.iter().find(|(_, m)| m.file.path == *f).unwrap().0).collect()
}

fn ready(s: &mut Session, media: &[MediaId]) {
    until(s, "the proxies", |s| media.iter().all(|m| s.proxy_state(*m) == ProxyState::Ready));
}

fn told(s: &mut Session) -> Vec<Notice> {
    s.take_notices()
}

#[test]
fn many_are_one_batch_one_message_and_one_step() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = session();
    let files = [film(dir.path(), "a.mp4", "320x180", "25", &[]), film(dir.path(), "bb.mp4", "320x180", "30", &[])];
    let media = import(&mut s, &files);
    assert_eq!(s.proxy_offer(), None, "small films need none");
    told(&mut s);
    s.dispatch(Command::MakeProxies(media.clone()));
    ready(&mut s, &media);
    until(&mut s, "both jobs", |s| s.jobs().iter().filter(|j| j.state == JobState::Completed).count() == 2);
    let jobs = s.jobs();
    assert!(jobs[0].batch.is_some() && jobs[0].batch == jobs[1].batch);
    s.poll();
    let notices = told(&mut s);
    assert_eq!(notices.iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["2 proxies are ready"]);
    assert!(s.project().media.values().all(|m| m.proxy.as_ref().unwrap().recipe == "mjpeg 720"));
    s.dispatch(Command::MakeProxies(media.clone()));
    assert!(told(&mut s)[0].good, "nothing to do is no trouble");

    s.dispatch(Command::Undo);
    assert!(media.iter().all(|m| s.proxy_state(*m) == ProxyState::None), "one step for both");
    // what was made is there still: nothing is done twice
    s.dispatch(Command::MakeProxies(media.clone()));
    ready(&mut s, &media);
    assert_eq!(s.jobs().len(), 2);

    s.dispatch(Command::Set(Setting::ProxyCodec(ProxyCodec::H264)));
    s.dispatch(Command::MakeProxies(vec![media[0]]));
    until(&mut s, "another format", |s| s.project().media[&media[0]].proxy.as_ref().is_some_and(|p| p.recipe == "h264 720"));
    assert_eq!(s.project().media[&media[1]].proxy.as_ref().unwrap().recipe, "mjpeg 720");
}

#[test]
fn a_heavy_film_is_offered_made_or_left_alone_as_the_settings_say() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = session();
    let first = import(&mut s, &[film(dir.path(), "large.mp4", "3840x2160", "2", &[])]);
    let offer = s.proxy_offer().expect("asking is the usual").clone();
    assert_eq!(
        (offer.media.into_iter().collect::<Vec<_>>(), offer.reasons.into_iter().collect::<Vec<_>>()),
        (first.clone(), vec![ProxyReason::Large])
    );
    assert_eq!(s.proxy_reason(first[0]), Some(ProxyReason::Large));
    s.dispatch(Command::DeclineProxies);
    assert_eq!(s.proxy_offer(), None);

    s.dispatch(Command::Set(Setting::ProxyPolicy(ProxyPolicy::Never)));
    import(&mut s, &[film(dir.path(), "larger.mp4", "3840x2160", "2", &[])]);
    assert_eq!((s.proxy_offer(), s.jobs().len()), (None, 0));

    s.dispatch(Command::Set(Setting::ProxyPolicy(ProxyPolicy::Automatic)));
    told(&mut s);
    let third = import(&mut s, &[film(dir.path(), "the largest.mp4", "3840x2160", "2", &[])]);
    let notices = told(&mut s);
    assert!(notices.iter().any(|n| n.good && n.text.contains("4K or more")), "{notices:?}");
    ready(&mut s, &third);
    let info = &s.project().media[&third[0]].proxy.as_ref().unwrap().info;
    assert_eq!(info.video.as_ref().unwrap().display_size(), (1280, 720));
    s.poll();
    assert_eq!(told(&mut s), [], "nobody waits for it");
}

#[test]
fn a_changed_film_is_offered_anew_and_its_proxy_is_then_of_the_film_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = session();
    let file = film(dir.path(), "a.mp4", "320x180", "25", &[]);
    let media = import(&mut s, std::slice::from_ref(&file));
    s.dispatch(Command::MakeProxies(media.clone()));
    ready(&mut s, &media);
    let project = dir.path().join("film.montage");
    s.dispatch(Command::SaveAs(project.clone()));
    until(&mut s, "the save", |s| !s.is_dirty());
    let old = s.project().media[&media[0]].file.hash;
    film(dir.path(), "a.mp4", "320x180", "40", &["-g", "5"]);
    s.dispatch(Command::Open(project));
    until(&mut s, "the offer", |s| s.proxy_offer().is_some());
    assert_eq!(s.proxy_state(media[0]), ProxyState::Stale);
    assert!(s.proxy_offer().unwrap().reasons.contains(&ProxyReason::Stale));
    s.dispatch(Command::MakeProxies(media.clone()));
    assert_eq!(s.proxy_offer(), None);
    ready(&mut s, &media);
    let m = &s.project().media[&media[0]];
    assert_ne!(m.file.hash, old, "the document knows the film as it is now");
    assert_eq!(m.proxy.as_ref().unwrap().of.hash, m.file.hash);
    assert_eq!(m.proxy.as_ref().unwrap().info.video.as_ref().unwrap().frames, 40);
}

#[test]
fn what_cannot_be_read_any_more_is_said_once_and_the_rest_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = session();
    let files = [film(dir.path(), "a.mp4", "320x180", "25", &[]), film(dir.path(), "bb.mp4", "320x180", "25", &[])];
    let media = import(&mut s, &files);
    std::fs::remove_file(&files[0]).unwrap();
    told(&mut s);
    s.dispatch(Command::MakeProxies(media.clone()));
    ready(&mut s, &media[1..]);
    let notices = told(&mut s);
    assert!(notices.iter().any(|n| n.text.contains("a.mp4") && n.hint.is_some()), "{notices:?}");
    assert_eq!(s.proxy_state(media[0]), ProxyState::None);
}
