//! No work is lost: journal and recovery, earlier versions, one window at a time, clips whose files are gone. A session that is
//! dropped with unsaved changes leaves what a killed one leaves; `tests/crash` does it with real processes.

use crate::until;
use montage_ai::{
    base::{FrameRate, MarkerId, MediaId, Severity},
    edit::{Edge, EditCommand},
    model::{Clip, ClipContent, Marker, Project, Sequence},
    session::{Command, Dirs, MediaState, Notice, Session, SessionOptions},
    store,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    fn dirs(&self) -> Dirs {
        Dirs::at(self.0.path())
    }
    /// A program that keeps its things here; nothing is opened yet.
    fn session(&self) -> Session {
        let options = SessionOptions { gpu: None, force_cpu: true, silent: true, dirs: Some(self.dirs()), wake: Arc::new(|| {}) };
        Session::new(options).unwrap()
    }
    fn started(&self, open: Option<&Path>) -> Session {
        let mut s = self.session();
        s.dispatch(Command::Start { open: open.map(Path::to_path_buf), recover: true });
        s
    }
    fn journals(&self) -> Vec<PathBuf> {
        let Ok(folder) = fs::read_dir(store::journal_folder(&self.dirs())) else { return Vec::new() };
        folder.map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect()
    }
    fn project(&self, name: &str) -> PathBuf {
        let path = self.0.path().join(format!("{name}.montage"));
        let project = Project::new(name, Sequence::new(1920, 1080, FrameRate::FPS_25));
        store::save(&path, &project).unwrap();
        path
    }
}

fn mark(s: &mut Session, frame: i64) {
    let id = MarkerId(s.fresh_ids().next().unwrap());
    let marker = Marker { id, frame, duration: 0, name: format!("at {frame}"), color: 0, note: String::new() };
    s.dispatch(Command::Edit(EditCommand::AddMarker { marker }));
}

const NONE: [i64; 0] = [];

fn frames(s: &Session) -> Vec<i64> {
    s.project().sequence.markers.iter().map(|m| m.frame).collect()
}

fn notice(s: &mut Session, part: &str) -> Notice {
    let mut found = None;
    until(s, part, |s| {
        found = found.take().or_else(|| s.take_notices().into_iter().find(|n| n.text.contains(part)));
        found.is_some()
    });
    found.unwrap()
}

fn opened(home: &Home, path: &Path) -> Session {
    let mut s = home.started(Some(path));
    until(&mut s, "the project", |s| s.project_path().is_some());
    s
}

fn saved(s: &mut Session) {
    until(s, "the save", |s| !s.is_dirty());
}

#[test]
fn unsaved_work_on_a_new_document_comes_back_with_its_history() {
    let home = Home::new();
    let mut s = home.started(None);
    for frame in [10, 20, 30, 40] {
        mark(&mut s, frame);
    }
    s.dispatch(Command::Undo);
    let before = s.project().clone();
    drop(s);
    let mut s = home.started(None);
    let n = notice(&mut s, "recovered 5 changes to “Untitled”");
    assert!(n.good && n.hint.is_some());
    assert_eq!(*s.project(), before);
    assert!(s.is_dirty() && s.project_path().is_none());
    s.dispatch(Command::Redo);
    assert_eq!(frames(&s), [10, 20, 30, 40]);
    for _ in 0..4 {
        s.dispatch(Command::Undo);
    }
    assert_eq!(frames(&s), NONE);
    s.dispatch(Command::Redo);
    drop(s);
    let mut s = home.started(None);
    notice(&mut s, "recovered");
    assert_eq!(frames(&s), [10], "the journal goes on after a recovery");
}

#[test]
fn a_clean_end_leaves_no_journal() {
    let home = Home::new();
    let path = home.project("film");
    let mut s = opened(&home, &path);
    assert!(home.journals().is_empty(), "nothing is written before something happens");
    mark(&mut s, 5);
    until(&mut s, "a journal", |_| home.journals().len() == 1);
    s.dispatch(Command::Save);
    saved(&mut s);
    drop(s);
    assert!(home.journals().is_empty(), "saved");
    let mut s = opened(&home, &path);
    mark(&mut s, 6);
    until(&mut s, "a journal", |_| home.journals().len() == 1);
    s.dispatch(Command::Close);
    drop(s);
    assert!(home.journals().is_empty(), "not wanted");
    let mut s = opened(&home, &path);
    mark(&mut s, 6);
    s.dispatch(Command::New);
    mark(&mut s, 7);
    drop(s);
    let mut s = home.started(None);
    notice(&mut s, "recovered 1 change to “Untitled”");
    assert_eq!(frames(&s), [7], "what was replaced was not wanted either");
}

#[test]
fn work_on_a_saved_project_comes_back_under_its_name() {
    let home = Home::new();
    let path = home.project("film");
    let mut s = opened(&home, &path);
    mark(&mut s, 1);
    s.dispatch(Command::Save);
    saved(&mut s);
    mark(&mut s, 2);
    mark(&mut s, 3);
    let before = s.project().clone();
    drop(s);
    for open in [None, Some(path.as_path())] {
        let mut s = home.started(open);
        notice(&mut s, "recovered 2 changes to “film”");
        assert_eq!((s.project(), s.project_path(), s.is_dirty()), (&before, Some(path.as_path()), true));
        assert!(!s.is_read_only());
    }
    assert_eq!(store::load(&path).unwrap().sequence.markers.len(), 1, "the file is as it was saved");
    let mut s = home.started(None);
    until(&mut s, "the offer", |s| !s.recoverable().is_empty());
    assert_eq!(frames(&s), NONE, "what came back twice untouched is offered only");
    let id = s.recoverable()[0].id;
    s.dispatch(Command::Recover(id));
    notice(&mut s, "recovered 2 changes to “film”");
    s.dispatch(Command::Save);
    saved(&mut s);
    assert_eq!(store::load(&path).unwrap(), *before);
    drop(s);
    assert!(home.journals().is_empty());
}

#[test]
fn a_drag_that_the_crash_interrupts_is_a_step() {
    let home = Home::new();
    let mut s = home.started(None);
    let track = s.project().sequence.tracks[0].id;
    let clip = Clip::new(montage_ai::base::ClipId(90), 0, 50, ClipContent::Solid { color: [1.0; 4] });
    s.dispatch(Command::Edit(EditCommand::Insert { track, clip, mode: Default::default() }));
    let trim = |to| Command::EditAbsolute(EditCommand::Trim { clip: montage_ai::base::ClipId(90), edge: Edge::End, to });
    s.dispatch(Command::Begin("Trim clip"));
    s.dispatch(trim(40));
    s.dispatch(Command::Abort);
    s.dispatch(Command::Begin("Trim clip"));
    for to in (20..45).rev() {
        s.dispatch(trim(to));
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(s);
    let mut s = home.started(None);
    notice(&mut s, "recovered 2 changes");
    assert_eq!(s.project().sequence.duration(), 20);
    assert_eq!(s.undo_label(), Some("Trim clip"));
    s.dispatch(Command::Undo);
    assert_eq!(s.project().sequence.duration(), 50);
}

#[test]
fn another_projects_unsaved_work_is_offered_and_can_be_thrown_away() {
    let home = Home::new();
    let (a, b) = (home.project("a"), home.project("b"));
    for frame in [1, 2] {
        let mut s = home.session();
        s.dispatch(Command::Open(a.clone()));
        until(&mut s, "the project", |s| s.project_path().is_some());
        mark(&mut s, frame);
    }
    let mut s = home.session();
    s.dispatch(Command::Start { open: None, recover: false });
    until(&mut s, "the offer", |s| s.recoverable().len() == 2);
    assert!(!s.is_dirty() && s.project_path().is_none());
    drop(s);
    let mut s = opened(&home, &b);
    until(&mut s, "the offer", |s| !s.recoverable().is_empty());
    assert_eq!((s.recoverable().len(), frames(&s), s.is_dirty()), (2, vec![], false));
    assert!(s.recoverable().iter().all(|r| r.document.as_ref() == Some(&a) && r.changes == 1));
    s.dispatch(Command::DiscardRecovery(s.recoverable()[0].id));
    assert_eq!(home.journals().len(), 1);
    s.dispatch(Command::Recover(s.recoverable()[0].id));
    notice(&mut s, "recovered 1 change to “a”");
    assert_eq!((frames(&s), s.project_path(), s.recoverable().len()), (vec![1], Some(a.as_path()), 0));
}

#[test]
fn a_damaged_recovery_file_is_put_aside_and_said() {
    let home = Home::new();
    let path = home.project("film");
    let mut s = opened(&home, &path);
    for frame in 0..6 {
        mark(&mut s, frame);
    }
    drop(s);
    let journal = home.journals().pop().unwrap();
    let whole = fs::read(&journal).unwrap();
    // a command that cannot be done: the steps before it come back
    let third = whole.windows(3).enumerate().filter(|(_, w)| w == b"\nd ").nth(3).unwrap().0 + 1;
    let mut entries = store::Recording::of(&whole).unwrap().entries;
    entries[3] = store::Entry::Done("[RemoveMarker(id: 999999)]".into());
    let origin = store::Recording::of(&whole).unwrap().origin;
    let base = store::Recording::of(&whole).unwrap().project().unwrap();
    fs::remove_file(&journal).unwrap();
    drop(store::Journal::create(&store::journal_folder(&home.dirs()), &origin, &base, &entries).unwrap());
    let mut s = home.started(Some(&path));
    let n = notice(&mut s, "recovered 3 changes to “film”");
    assert!(!n.good && n.hint.unwrap().contains("could not be done again"));
    assert_eq!(frames(&s), [0, 1, 2]);
    notice(&mut s, "it is kept as");
    drop(s);
    // flipped bytes: the steps before them come back
    for j in home.journals() {
        fs::remove_file(j).unwrap();
    }
    let mut flipped = whole.clone();
    flipped[third + 30] ^= 1;
    fs::write(&journal, &flipped).unwrap();
    let mut s = home.started(Some(&path));
    notice(&mut s, "recovered 3 changes to “film”");
    assert_eq!(frames(&s), [0, 1, 2]);
    drop(s);
    // and where nothing can be read the project opens as it was saved
    for j in home.journals() {
        fs::remove_file(j).unwrap();
    }
    flipped[60] ^= 1;
    fs::write(&journal, &flipped).unwrap();
    let mut s = home.started(Some(&path));
    let n = notice(&mut s, "could not be recovered");
    assert!(n.text.contains("aside") && home.journals().is_empty());
    until(&mut s, "the project", |s| s.project_path().is_some());
    assert_eq!(frames(&s), NONE);
}

#[test]
fn the_second_window_on_a_project_can_read_but_not_write() {
    let home = Home::new();
    let path = home.project("film");
    let mut first = opened(&home, &path);
    assert!(!first.is_read_only());
    let mut second = opened(&home, &path);
    let n = notice(&mut second, "film.montage is open in another window");
    assert!(second.is_read_only() && n.hint.unwrap().contains("Save As"));
    mark(&mut second, 3);
    notice(&mut second, "the project is read only");
    second.dispatch(Command::Begin("Move clip"));
    for frame in 0..5 {
        let name = format!("{frame}");
        second.dispatch(Command::EditAbsolute(EditCommand::RenameProject { name }));
    }
    second.dispatch(Command::Commit);
    second.dispatch(Command::Save);
    second.dispatch(Command::Undo);
    assert_eq!(second.take_notices().len(), 3, "one for the drag, one for saving, one for undo");
    assert_eq!((frames(&second), second.is_dirty()), (vec![], false));
    second.dispatch(Command::SaveAs(path.clone()));
    notice(&mut second, "cannot save, because the project is open in another window");
    let copy = path.with_file_name("copy.montage");
    second.dispatch(Command::SaveAs(copy.clone()));
    notice(&mut second, "saved");
    assert!(!second.is_read_only() && second.project_path() == Some(copy.as_path()));
    mark(&mut second, 4);
    assert_eq!(frames(&second), [4]);
    mark(&mut first, 5);
    first.dispatch(Command::Save);
    saved(&mut first);
    drop(first);
    second.dispatch(Command::Save);
    saved(&mut second);
    second.dispatch(Command::Open(path.clone()));
    until(&mut second, "the first one's work", |s| frames(s) == [5]);
    assert!(!second.is_read_only(), "the first window is gone");
    mark(&mut second, 6);
    second.dispatch(Command::Open(path));
    until(&mut second, "what is on the disk", |s| frames(s) == [5]);
    assert!(!second.is_read_only(), "a window is not another one to itself");
}

#[test]
fn an_earlier_version_takes_the_place_of_the_project_until_it_is_saved() {
    let home = Home::new();
    let path = home.project("film");
    let mut s = opened(&home, &path);
    for frame in [1, 2, 3] {
        mark(&mut s, frame);
        s.dispatch(Command::Save);
        saved(&mut s);
    }
    s.dispatch(Command::ListVersions);
    until(&mut s, "the versions", |s| s.versions().len() == 3);
    let two = s.versions()[1].clone();
    s.dispatch(Command::OpenVersion(two.file));
    notice(&mut s, "this is the version of");
    assert_eq!((frames(&s), s.project_path(), s.is_dirty()), (vec![1], Some(path.as_path()), true));
    mark(&mut s, 9);
    s.dispatch(Command::Save);
    saved(&mut s);
    assert_eq!(store::load(&path).unwrap().sequence.markers.len(), 2);
    s.dispatch(Command::ListVersions);
    until(&mut s, "the versions", |s| s.versions().len() == 4);
    assert_eq!(store::load(&s.versions()[0].file).unwrap().sequence.markers.len(), 3, "what it replaced is kept");
}

#[test]
fn clips_without_readable_files_are_offline_and_the_project_opens() {
    let home = Home::new();
    let film = crate::film();
    let mut project = store::load(&home.project("film")).unwrap();
    let info = montage_ai::session::batch::probe(&film).unwrap();
    let folder = home.0.path().join("a folder.mp4");
    fs::create_dir(&folder).unwrap();
    let link = home.0.path().join("link.mp4");
    std::os::unix::fs::symlink("/no/such/file.mp4", &link).unwrap();
    let loop_of_links = home.0.path().join("loop.mp4");
    std::os::unix::fs::symlink(&loop_of_links, &loop_of_links).unwrap();
    let closed = home.0.path().join("closed/film.mp4");
    fs::create_dir(closed.parent().unwrap()).unwrap();
    fs::write(&closed, "x").unwrap();
    fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let files = ["/no/such/film.mp4".into(), folder, link, loop_of_links, closed.clone(), film];
    for (i, path) in (100..).zip(&files) {
        let file = montage_ai::model::MediaFile { path: path.clone(), ..Default::default() };
        let media = montage_ai::model::Media::new(format!("{i}"), file, info.clone());
        project = montage_ai::edit::apply(&project, &EditCommand::AddMedia { id: MediaId(i), media }).unwrap();
    }
    let all: Vec<MediaId> = project.media.keys().copied().collect();
    project = montage_ai::edit::apply(&project, &montage_ai::edit::append_media(&project, &all)).unwrap();
    let path = home.0.path().join("offline.montage");
    store::save(&path, &project).unwrap();
    let mut s = opened(&home, &path);
    let state = |s: &Session, i: usize| s.media_state(all[i]);
    until(&mut s, "the states", |s| (0..all.len()).all(|i| state(s, i) != MediaState::Loading));
    for (i, file) in files.iter().enumerate().take(4) {
        assert!(matches!(state(&s, i), MediaState::Offline(_)), "{}: {:?}", file.display(), state(&s, i));
    }
    // whoever may read everything finds no film in it
    let may_read = fs::File::open(&closed).is_ok();
    assert!(may_read || matches!(state(&s, 4), MediaState::Offline(_)));
    assert_eq!(state(&s, 5), MediaState::Online);
    assert_eq!(**s.project(), project);
    s.dispatch(Command::Seek(3));
    until(&mut s, "a slate", |s| s.viewer().image.is_some() && s.viewer().frame == 3);
    mark(&mut s, 4);
    s.dispatch(Command::Save);
    saved(&mut s);
    assert_eq!(store::load(&path).unwrap().media, project.media, "saving loses no path");
}

#[test]
fn a_long_journal_begins_anew_and_still_undoes_what_was_done_since() {
    let home = Home::new();
    let mut s = home.started(None);
    let rename = |n: usize| Command::Edit(EditCommand::RenameProject { name: format!("take {n}") });
    s.dispatch(rename(0));
    until(&mut s, "a journal", |_| !home.journals().is_empty());
    for n in 1..2040 {
        s.dispatch(rename(n));
    }
    let origin = |file: &PathBuf| store::Recording::of(&fs::read(file).unwrap()).unwrap().origin.name;
    until(&mut s, "another base", |_| home.journals().len() == 1 && origin(&home.journals()[0]) != "Untitled");
    s.dispatch(rename(9000));
    s.dispatch(Command::Undo);
    for n in 3000..3003 {
        s.dispatch(rename(n));
    }
    // farther back than the new journal goes
    for _ in 0..70 {
        s.dispatch(Command::Undo);
    }
    let before = s.project().clone();
    drop(s);
    let mut s = home.started(None);
    notice(&mut s, "recovered");
    assert_eq!(*s.project(), before);
}

#[test]
fn a_disk_that_takes_nothing_is_said_once_and_the_window_works_on() {
    let home = Home::new();
    fs::create_dir_all(home.dirs().data).unwrap();
    fs::write(store::journal_folder(&home.dirs()), "in the way").unwrap();
    let mut s = home.started(None);
    for frame in 0..3 {
        mark(&mut s, frame);
        std::thread::sleep(Duration::from_millis(30));
    }
    let n = notice(&mut s, "changes are not kept safe from a crash");
    assert!(n.severity == Severity::Warning && n.hint.is_some());
    assert_eq!(frames(&s), [0, 1, 2]);
    // and when there is room again
    fs::remove_file(store::journal_folder(&home.dirs())).unwrap();
    until(&mut s, "a journal", |_| home.journals().len() == 1);
    assert!(s.take_notices().is_empty(), "once");
    drop(s);
    let mut s = home.started(None);
    notice(&mut s, "recovered");
    assert_eq!(frames(&s), [0, 1, 2]);
}
