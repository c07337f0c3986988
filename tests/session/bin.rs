//! The media bin on real files: folders and many files come in, missing ones are found again.

use crate::*;
use montage_ai::{
    media,
    session::{FoundBy, ImportProgress},
};
use std::collections::BTreeSet;

/// 64×36, half a second: many of them are quick.
fn tiny(name: &str, secs: &str) -> PathBuf {
    common::cached(name, |out| {
        let graph = format!("testsrc2=s=64x36:r=25:d={secs}");
        common::ffmpeg(&["-f", "lavfi", "-i", &graph, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "5"], out);
    })
}

fn sound() -> PathBuf {
    common::cached("session-bin.wav", |out| common::ffmpeg(&["-f", "lavfi", "-i", "sine=d=0.2:r=48000"], out))
}

fn put(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    std::fs::copy(from, to).unwrap();
}

fn imported(s: &mut Session) {
    until(s, "the import", |s| s.import_progress().is_none());
}

fn folders(s: &Session) -> Vec<(String, String)> {
    let mut list: Vec<_> = s.project().media.values().map(|m| (m.folder.clone(), m.name.clone())).collect();
    list.sort();
    list
}

fn told(s: &mut Session) -> String {
    s.take_notices().into_iter().map(|n| n.text).collect::<Vec<_>>().join("\n")
}

/// A shoot of two cameras with notes and a hidden file.
fn shoot(dir: &Path) {
    let (film, tone) = (tiny("session-tiny.mp4", "0.4"), sound());
    for (from, to) in [(&film, "a.mp4"), (&film, "Cam A/b.mp4"), (&film, "Cam A/Reel 2/c.mp4"), (&tone, "Sound/t.wav")] {
        put(from, &dir.join("Day 1").join(to));
    }
    for (name, text) in [("notes.txt", "rain"), ("Cam A/.hidden.mp4", ""), ("Sound/log.csv", "1,2")] {
        std::fs::write(dir.join("Day 1").join(name), text).unwrap();
    }
}

#[test]
fn a_folder_comes_in_with_its_folders_as_one_step_and_not_twice() {
    let dir = tempfile::tempdir().unwrap();
    shoot(dir.path());
    let mut s = session();
    let before = s.project().clone();
    s.dispatch(Command::Import(vec![dir.path().join("Day 1")]));
    imported(&mut s);
    let want = [("Day 1", "a.mp4"), ("Day 1/Cam A", "b.mp4"), ("Day 1/Cam A/Reel 2", "c.mp4"), ("Day 1/Sound", "t.wav")];
    assert_eq!(folders(&s), want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert_eq!(s.project().validate(), []);
    let notices = told(&mut s);
    assert!(notices.contains("2 files of other kinds were left out"), "{notices}");
    assert!(s.project().media.keys().all(|id| s.media_state(*id) == MediaState::Online), "just read");

    put(&sound(), &dir.path().join("Day 1/new.wav"));
    s.dispatch(Command::ImportInto { paths: vec![dir.path().join("Day 1")], folder: "Later".into() });
    imported(&mut s);
    assert_eq!(s.project().media.len(), 5);
    assert!(folders(&s).contains(&("Later/Day 1".into(), "new.wav".into())));
    let notices = told(&mut s);
    assert!(notices.contains("4 files are in the project already"), "{notices}");

    s.dispatch(Command::Undo);
    assert_eq!(s.project().media.len(), 4);
    s.dispatch(Command::Undo);
    assert_eq!(**s.project(), *before);
}

#[test]
fn hundreds_of_files_come_in_as_one_step_a_few_at_a_time() {
    // children as in the product, not this process
    media::set_probe_helper(env!("CARGO_BIN_EXE_montage-ai").into());
    const COUNT: usize = 300;
    let dir = tempfile::tempdir().unwrap();
    let (film, tone) = (tiny("session-tiny.mp4", "0.4"), sound());
    for i in 0..COUNT {
        let (from, kind) = if i % 4 == 0 { (&tone, "wav") } else { (&film, "mp4") };
        std::fs::hard_link(from, dir.path().join(format!("clip {i}.{kind}")))
            .or_else(|_| std::fs::copy(from, dir.path().join(format!("clip {i}.{kind}"))).map(|_| ()))
            .unwrap();
    }
    let mut s = session();
    let started = Instant::now();
    s.dispatch(Command::Import(vec![dir.path().to_path_buf()]));
    let (mut longest, mut batches, mut seen, mut last) = (Duration::ZERO, 0, 0, ImportProgress::default());
    while let Some(now) = s.import_progress() {
        assert!(now.done >= last.done && now.total.is_none_or(|t| t == COUNT) && started.elapsed() < PATIENCE);
        last = now;
        let at = Instant::now();
        s.poll();
        longest = longest.max(at.elapsed());
        if s.project().media.len() != seen {
            (batches, seen) = (batches + 1, s.project().media.len());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    println!("{COUNT} files in {:?}, {batches} batches, longest poll {longest:?}", started.elapsed());
    assert_eq!(s.project().media.len(), COUNT);
    assert!(batches > 1, "the first ones show while the last ones are read");
    assert_eq!(s.undo_label(), Some("Import media"));
    let names: BTreeSet<_> = s.project().media.values().map(|m| &m.name).collect();
    assert_eq!(names.len(), COUNT);
    s.dispatch(Command::Undo);
    assert_eq!(s.project().media.len(), 0, "one step, not one for each batch");
    s.dispatch(Command::Redo);
    assert_eq!(s.project().media.len(), COUNT);
}

#[test]
fn a_stopped_import_keeps_what_is_there_and_an_undone_one_stops() {
    let dir = tempfile::tempdir().unwrap();
    for i in 0..60 {
        put(&tiny("session-tiny.mp4", "0.4"), &dir.path().join(format!("{i}.mp4")));
    }
    let mut s = session();
    s.dispatch(Command::Import(vec![dir.path().to_path_buf()]));
    until(&mut s, "some files", |s| s.import_progress().is_some_and(|p| p.done > 3));
    s.dispatch(Command::CancelImport);
    assert_eq!(s.import_progress(), None);
    let kept = s.project().media.len();
    assert!((1..60).contains(&kept), "{kept}");
    assert!(told(&mut s).contains("the import was stopped after"));
    s.dispatch(Command::Undo);

    s.dispatch(Command::Import(vec![dir.path().to_path_buf()]));
    until(&mut s, "some media", |s| !s.project().media.is_empty());
    s.dispatch(Command::Undo);
    assert_eq!(s.import_progress(), None);
    for _ in 0..50 {
        s.poll();
        std::thread::sleep(Duration::from_millis(2));
    }
    assert!(s.project().media.is_empty(), "nothing trickles in after the undo");
}

#[test]
fn what_arrives_during_a_drag_waits_for_its_end() {
    let mut s = with_film(&film());
    let clip = s.project().sequence.tracks[0].clips[0].id;
    s.dispatch(Command::Begin("Trim clip"));
    s.dispatch(Command::Import(vec![tiny("session-tiny.mp4", "0.4")]));
    let trim = |to| Command::EditAbsolute(EditCommand::Trim { clip, edge: montage_ai::edit::Edge::Start, to });
    s.dispatch(trim(3));
    until(&mut s, "the file to be read", |s| s.import_progress().is_some_and(|p| p.done == 1));
    s.dispatch(trim(5));
    assert_eq!(s.project().media.len(), 1);
    s.dispatch(Command::Commit);
    imported(&mut s);
    assert_eq!(s.project().media.len(), 2);
    s.dispatch(Command::Undo);
    assert_eq!((s.project().media.len(), s.undo_label()), (1, Some("Trim clip")));
}

#[test]
fn files_of_the_same_name_and_content_are_found_again_in_one_step() {
    let dir = tempfile::tempdir().unwrap();
    shoot(dir.path());
    let mut s = session();
    s.dispatch(Command::Import(vec![dir.path().join("Day 1")]));
    imported(&mut s);
    let file = dir.path().join("film.montage");
    s.dispatch(Command::SaveAs(file.clone()));
    until(&mut s, "the save", |s| !s.is_dirty());
    drop(s);
    std::fs::create_dir(dir.path().join("archive")).unwrap();
    std::fs::rename(dir.path().join("Day 1"), dir.path().join("archive/2026")).unwrap();
    // the right name, but another film
    put(&tiny("session-longer.mp4", "0.8"), &dir.path().join("archive/2026/a.mp4"));

    let mut s = session();
    s.dispatch(Command::Open(file));
    until(&mut s, "the project", |s| s.project().media.len() == 4);
    until(&mut s, "four missing files", |s| s.project().media.keys().all(|id| matches!(s.media_state(*id), MediaState::Offline(_))));
    s.poll();
    let notices = told(&mut s);
    assert!(notices.contains("4 files are offline"), "one message, not four: {notices}");
    s.dispatch(Command::FindMissing(dir.path().join("archive")));
    assert!(s.relinks().is_some_and(|r| r.searching));
    until(&mut s, "the search", |s| s.relinks().is_some_and(|r| !r.searching));
    let found = s.relinks().unwrap().clone();
    assert!(found.found.iter().all(|r| r.by == FoundBy::Content
        && r.new.starts_with(dir.path().join("archive/2026"))
        && r.old.starts_with(dir.path().join("Day 1"))));
    assert_eq!((found.found.len(), found.lost.len()), (3, 1));
    assert!(found.lost[0].other_content && found.lost[0].old.ends_with("a.mp4"));
    assert!(!s.is_dirty(), "nothing changes before the user says so");
    s.dispatch(Command::ApplyRelinks(found.found.iter().map(|r| r.media).collect()));
    assert!(s.relinks().is_none());
    until(&mut s, "three files", |s| s.project().media.keys().filter(|id| s.media_state(**id) == MediaState::Online).count() == 3);
    let notices = s.take_notices();
    assert!(notices.iter().any(|n| n.text.contains("3 missing files were found and linked again, 1 still missing")), "{notices:?}");

    let lost = s.project().media.iter().find(|(id, _)| matches!(s.media_state(**id), MediaState::Offline(_))).map(|(id, _)| *id).unwrap();
    s.dispatch(Command::Relink { media: lost, path: dir.path().join("archive/2026/a.mp4") });
    until(&mut s, "the last one", |s| s.media_state(lost) == MediaState::Online);
    s.dispatch(Command::Undo);
    s.dispatch(Command::Undo);
    assert!(!s.is_dirty() || s.undo_label().is_none(), "two steps");
}

#[test]
fn another_file_in_the_place_of_one_keeps_its_clips_and_says_what_differs() {
    let mut s = with_film(&film());
    let id = *s.project().media.keys().next().unwrap();
    let short = common::numbered_video("session-short.mp4", "24", 240, &["-c:v", "libx264", "-g", "24", "-pix_fmt", "yuv420p"]);
    let clips = s.project().sequence.tracks[0].clips.len();
    s.dispatch(Command::Relink { media: id, path: short.clone() });
    until(&mut s, "the relink", |s| s.project().media[&id].file.path == short);
    let notices = told(&mut s);
    assert!(notices.contains("24 frames per second, not 25"), "{notices}");
    assert_eq!(s.project().sequence.tracks[0].clips.len(), clips);
    assert_eq!(s.project().validate(), []);
    s.dispatch(Command::Relink { media: id, path: "/nowhere/at all.mp4".into() });
    until(&mut s, "the refusal", |s| s.take_notices().iter().any(|n| n.severity == Severity::Failure));
    assert_eq!(s.project().media[&id].file.path, short);
}

#[test]
fn the_newest_wish_for_a_picture_comes_first() {
    let path = common::numbered_video("session-long.mp4", "25", 3000, &["-c:v", "libx264", "-g", "25", "-pix_fmt", "yuv420p"]);
    let mut s = with_film(&path);
    let media = *s.project().media.keys().next().unwrap();
    let at = montage_ai::base::Time::from_secs;
    for second in 0..100 {
        s.thumbnail(media, at(second));
    }
    let newest = |s: &mut Session| s.thumbnail(media, at(99)).is_some_and(|p| common::number_in(p) / 25 >= 97);
    until(&mut s, "the newest picture", newest);
    // whatever was given up in between is asked for again when it is looked at
    until(&mut s, "an old one", |s| s.thumbnail(media, at(50)).is_some_and(|p| common::number_in(p) / 25 == 50));
}

#[test]
fn an_import_in_batches_is_one_step_after_a_crash_too() {
    let (home, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for i in 0..80 {
        put(&tiny("session-tiny.mp4", "0.4"), &dir.path().join(format!("{i}.mp4")));
    }
    let start = || {
        let dirs = Some(montage_ai::session::Dirs::at(home.path()));
        let options = SessionOptions { gpu: None, force_cpu: true, silent: true, dirs, wake: Arc::new(|| {}) };
        let mut s = Session::new(options).unwrap();
        s.dispatch(Command::Start { open: None, recover: true });
        s
    };
    let mut s = start();
    s.dispatch(Command::Import(vec![dir.path().to_path_buf()]));
    // a start looks for unsaved work first, and only then imports
    until(&mut s, "the import", |s| s.project().media.len() == 80 && s.import_progress().is_none());
    let before = s.project().clone();
    drop(s);

    let mut s = start();
    until(&mut s, "the media to come back", |s| s.project().media.len() == 80);
    assert_eq!(**s.project(), *before);
    assert_eq!(s.undo_label(), Some("Import media"));
    s.dispatch(Command::Undo);
    assert_eq!((s.project().media.len(), s.undo_label()), (0, None));
    s.dispatch(Command::Redo);
    assert_eq!(**s.project(), *before);
}

#[test]
fn a_child_examines_one_file_after_another_whatever_they_are() {
    media::set_probe_helper(env!("CARGO_BIN_EXE_montage-ai").into());
    let dir = tempfile::tempdir().unwrap();
    let (odd, words) = (dir.path().join("two\nlines – ü.mp4"), dir.path().join("words.mp4"));
    put(&tiny("session-tiny.mp4", "0.4"), &odd);
    std::fs::write(&words, "nothing to see").unwrap();
    let mut prober = media::Prober::default();
    for _ in 0..30 {
        assert_eq!(prober.probe(&odd).unwrap(), media::probe(&odd).unwrap());
        let refused = prober.probe(&words).unwrap_err();
        assert_eq!(refused.to_string(), media::probe(&words).unwrap_err().to_string());
    }
    assert!(prober.probe(&dir.path().join("not there.mp4")).is_err());
    assert!(prober.probe(&odd).is_ok(), "a bad file costs nothing but its message");
}
