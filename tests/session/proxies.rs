//! Proxies as an editor meets them. The original is red and its proxy green, so that each picture says which of them it is from.

use super::{common, session, settle, shown, until, with_film};
use montage_ai::{
    base::MediaId,
    edit::{EditCommand, MediaChange},
    media,
    model::Variant,
    session::{Command, JobState, MediaState, ProxyState, Session, Setting, jobs::CaptionsTo},
};
use std::path::{Path, PathBuf};

fn plain(folder: &Path, name: &str, color: &str, size: &str, codec: &[&str]) -> PathBuf {
    let path = folder.join(name);
    let graph = format!("color={color}:s={size}:r=25:d=2");
    common::ffmpeg(&[&["-f", "lavfi", "-i", &graph][..], codec].concat(), &path);
    path
}

fn green(folder: &Path) -> PathBuf {
    plain(folder, "proxy.mov", "green", "160x90", &["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"])
}

fn variant(original: &Path, path: &Path) -> Variant {
    let info = media::probe(path).unwrap();
    Variant { path: path.to_path_buf(), of: media::stamp(original).unwrap(), recipe: "mjpeg 90".into(), info }
}

/// A film of the red file, and its media.
fn red_film(folder: &Path) -> (Session, MediaId, PathBuf) {
    let original = plain(folder, "red.mp4", "red", "320x180", &["-c:v", "libx264", "-pix_fmt", "yuv420p"]);
    let s = with_film(&original);
    let id = *s.project().media.keys().next().unwrap();
    (s, id, original)
}

fn attach(s: &mut Session, id: MediaId, variant: Variant) {
    s.dispatch(Command::Edit(EditCommand::SetMedia { id, change: MediaChange::Proxy(Some(Box::new(variant))) }));
}

fn is_red(s: &Session) -> bool {
    let p = shown(s);
    let middle = &p.row(0, p.height / 2)[p.width as usize / 2 * 4..][..3];
    assert!(middle[0].abs_diff(middle[1]) > 60, "red or green, nothing between: {middle:?}");
    middle[0] > middle[1]
}

/// The colour of the picture at a frame once it is there.
fn look(s: &mut Session, frame: i64, what: &str, red: bool) {
    s.dispatch(Command::Seek(frame));
    settle(s);
    until(s, what, |s| is_red(s) == red);
    assert_eq!((shown(s).width, shown(s).height), (320, 180), "the picture has the original's place");
}

fn export(s: &mut Session, output: &Path, allow_proxies: bool) -> (JobState, String) {
    let before = s.jobs().len();
    s.dispatch(Command::Export {
        output: output.to_owned(),
        preset: "h264".into(),
        range: None,
        allow_proxies,
        captions: CaptionsTo::default(),
    });
    until(s, "the export", |s| s.jobs().get(before).is_some_and(|j| j.state.is_over()));
    let job = &s.jobs()[before];
    (job.state.clone(), job.error.as_ref().map(|e| e.text.clone()).unwrap_or_default())
}

/// Whether the file at `path` is red all over.
fn exported_red(path: &Path, folder: &Path) -> bool {
    let raw = folder.join("one.rgb");
    common::ffmpeg(&["-i", path.to_str().unwrap(), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24"], &raw);
    let bytes = std::fs::read(&raw).unwrap();
    bytes.chunks_exact(3).all(|p| p[0] > p[1])
}

#[test]
fn the_viewer_shows_the_proxy_and_the_export_takes_the_original() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, id, original) = red_film(dir.path());
    look(&mut s, 3, "the original", true);
    assert_eq!(s.proxy_state(id), ProxyState::None);
    attach(&mut s, id, variant(&original, &green(dir.path())));
    assert_eq!(s.proxy_state(id), ProxyState::Ready);
    look(&mut s, 5, "the proxy", false);
    s.dispatch(Command::Set(Setting::UseProxies(false)));
    until(&mut s, "the original again", |s| is_red(s));
    s.dispatch(Command::Set(Setting::UseProxies(true)));
    until(&mut s, "the proxy again", |s| !is_red(s));

    let output = dir.path().join("film.mp4");
    let (state, why) = export(&mut s, &output, false);
    assert_eq!(state, JobState::Completed, "{why}");
    assert!(exported_red(&output, dir.path()), "an export is never made of proxies");

    s.dispatch(Command::RemoveProxies(vec![id]));
    look(&mut s, 7, "the original", true);
    s.dispatch(Command::Undo);
    look(&mut s, 9, "the proxy", false);
}

#[test]
fn a_proxy_that_is_gone_is_replaced_by_the_original_without_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, id, original) = red_film(dir.path());
    let proxy = green(dir.path());
    let made = variant(&original, &proxy);
    std::fs::remove_file(&proxy).unwrap();
    s.take_notices();
    attach(&mut s, id, made);
    look(&mut s, 5, "the original", true);
    assert_eq!(s.media_state(id), MediaState::Online);
    assert_eq!(s.take_notices(), []);
}

#[test]
fn an_original_that_is_gone_is_offline_shown_from_its_proxy_and_exported_only_where_that_is_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, id, original) = red_film(dir.path());
    attach(&mut s, id, variant(&original, &green(dir.path())));
    let project = dir.path().join("film.montage");
    s.dispatch(Command::SaveAs(project.clone()));
    until(&mut s, "the save", |s| !s.is_dirty());
    drop(s);
    std::fs::remove_file(&original).unwrap();
    let mut s = session();
    s.dispatch(Command::Set(Setting::UseProxies(false)));
    s.dispatch(Command::Open(project));
    until(&mut s, "the check", |s| matches!(s.media_state(id), MediaState::Offline(_)));
    look(&mut s, 5, "the proxy, though they are switched off", false);
    until(&mut s, "a thumbnail", |s| s.thumbnail(id, montage_ai::base::Time::ZERO).is_some());

    let output = dir.path().join("film.mp4");
    let (state, why) = export(&mut s, &output, false);
    assert_eq!(state, JobState::Failed);
    assert!(why.contains("red.mp4"), "it names what is missing: {why}");
    assert!(!output.exists());
    let (state, why) = export(&mut s, &output, true);
    assert_eq!(state, JobState::Completed, "{why}");
    assert!(!exported_red(&output, dir.path()));
}

#[test]
fn a_proxy_of_a_file_that_has_changed_is_stale_and_not_shown() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, id, original) = red_film(dir.path());
    attach(&mut s, id, variant(&original, &green(dir.path())));
    let project = dir.path().join("film.montage");
    s.dispatch(Command::SaveAs(project.clone()));
    until(&mut s, "the save", |s| !s.is_dirty());
    plain(dir.path(), "red.mp4", "red", "320x180", &["-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "5"]);
    s.dispatch(Command::Open(project));
    until(&mut s, "the check", |s| s.proxy_state(id) == ProxyState::Stale);
    look(&mut s, 5, "the original", true);
}
