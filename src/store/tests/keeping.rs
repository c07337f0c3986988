//! What saving keeps of earlier states, and who may save.

use super::*;
use std::{
    fs,
    time::{Duration, SystemTime},
};

fn named(name: &str) -> Project {
    Project { name: name.into(), ..rich() }
}

#[test]
fn the_last_ten_states_stay_and_each_can_be_opened() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.montage");
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_647_049);
    for i in 0..14u64 {
        save(&path, &named(&format!("state {i}"))).unwrap();
        save(&path, &named(&format!("state {i}"))).unwrap();
        // two of them at the same moment
        fs::File::options().write(true).open(&path).unwrap().set_modified(start + Duration::from_secs(i / 2 * 60)).unwrap();
    }
    let kept = versions(&path);
    let names: Vec<_> = kept.iter().map(|v| load(&v.file).unwrap().name).collect();
    assert_eq!(names, (3..13).rev().map(|i| format!("state {i}")).collect::<Vec<_>>(), "newest first; saving the same again adds none");
    assert_eq!(kept[0].saved, start + Duration::from_secs(360));
    assert!(kept[0].file.starts_with(versions_folder(&path).unwrap()));
    assert_eq!(load(&path).unwrap().name, "state 13");
}

#[test]
fn a_version_finds_its_footage_from_where_the_project_lies() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.montage");
    let mut p = rich();
    std::sync::Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap()).file.path = dir.path().join("clips/a.mp4");
    save(&path, &p).unwrap();
    save(&path, &named("later")).unwrap();
    assert_eq!(load(&versions(&path)[0].file).unwrap(), p);
}

#[cfg(unix)]
#[test]
fn a_folder_that_takes_no_versions_still_takes_the_project() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.montage");
    save(&path, &named("one")).unwrap();
    fs::write(versions_folder(&path).unwrap(), "in the way").unwrap();
    save(&path, &named("two")).unwrap();
    assert_eq!(load(&path).unwrap().name, "two");
    assert!(versions(&path).is_empty());
}

#[test]
fn one_window_at_a_time_may_change_a_project() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ü f.montage");
    let Access::Ours(lock) = acquire(&path) else { panic!("free, though the file is not there yet") };
    save(&path, &rich()).unwrap();
    assert!(lock.is_of(&path) && !lock.is_of(dir.path()));
    let Access::Taken(who) = acquire(&path) else { panic!("taken") };
    assert!(who.contains(&format!("process {}", std::process::id())), "{who}");
    assert!(matches!(acquire(&dir.path().join("other.montage")), Access::Ours(_)));
    drop(lock);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no lock file remains");
    // what a crash leaves behind
    fs::write(dir.path().join(".ü f.montage.lock"), "1 moon").unwrap();
    assert!(matches!(acquire(&path), Access::Ours(_)));
}

#[cfg(unix)]
#[test]
fn a_link_and_its_file_are_one_project_and_a_place_without_locks_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let (real, link) = (dir.path().join("real.montage"), dir.path().join("link.montage"));
    save(&real, &rich()).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let Access::Ours(lock) = acquire(&link) else { panic!("free") };
    assert!(matches!(acquire(&real), Access::Taken(_)) && lock.is_of(&real));
    assert!(matches!(acquire(&dir.path().join("no/such/folder.montage")), Access::Unlocked));
    assert!(matches!(acquire(Path::new("/proc/f.montage")), Access::Unlocked));
}
