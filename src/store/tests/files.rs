//! Saving to and opening from the disk.

use super::*;
use std::fs;

#[test]
fn a_saved_project_opens_as_it_was_under_odd_names_too() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.montage", "ü % # 日本 \"q\".montage", &format!("{}.montage", "x".repeat(200))] {
        let path = dir.path().join(name);
        save(&path, &rich()).unwrap();
        assert_eq!(load(&path).unwrap(), rich());
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3, "no temporary file remains");
}

#[test]
fn a_moved_folder_takes_its_footage_along() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    fs::create_dir_all(old.join("clips")).unwrap();
    let mut p = project(FrameRate::FPS_25);
    let near = std::sync::Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap());
    near.file.path = old.join("clips/a.mp4");
    save(&old.join("f.montage"), &p).unwrap();
    assert!(fs::read_to_string(old.join("f.montage")).unwrap().contains(r#"file: (path: "clips/a.mp4", size: 1000)"#));
    fs::rename(&old, &new).unwrap();
    let q = load(&new.join("f.montage")).unwrap();
    assert_eq!(q.media[&crate::base::MediaId(10)].file.path, new.join("clips/a.mp4"));
}

#[test]
fn a_proxy_in_the_projects_folder_moves_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    fs::create_dir_all(old.join("proxies")).unwrap();
    let mut p = project(FrameRate::FPS_25);
    let media = std::sync::Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap());
    let proxy = crate::model::Variant { path: old.join("proxies/a.mov"), ..proxy_of(media) };
    media.proxy = Some(Box::new(proxy.clone()));
    save(&old.join("f.montage"), &p).unwrap();
    assert!(
        fs::read_to_string(old.join("f.montage")).unwrap().contains(r#"proxy: Some((file: (path: "proxies/a.mov"), of: (size: 1000, "#)
    );
    fs::rename(&old, &new).unwrap();
    let q = load(&new.join("f.montage")).unwrap();
    let moved = crate::model::Variant { path: new.join("proxies/a.mov"), ..proxy };
    assert_eq!(q.media[&crate::base::MediaId(10)].proxy.as_deref(), Some(&moved));
}

#[test]
fn a_project_moved_alone_still_finds_footage_outside_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let (footage, film, elsewhere) = (dir.path().join("footage"), dir.path().join("film"), dir.path().join("x/y/z"));
    for d in [&footage, &film, &elsewhere] {
        fs::create_dir_all(d).unwrap();
    }
    fs::write(footage.join("a.mp4"), "x").unwrap();
    let mut p = project(FrameRate::FPS_25);
    std::sync::Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap()).file.path = footage.join("a.mp4");
    save(&film.join("f.montage"), &p).unwrap();
    fs::rename(film.join("f.montage"), elsewhere.join("f.montage")).unwrap();
    let found = |path: &Path| load(path).unwrap().media[&crate::base::MediaId(10)].file.path.clone();
    assert_eq!(found(&elsewhere.join("f.montage")), footage.join("a.mp4"));
    // gone altogether: offline, but open
    fs::remove_file(footage.join("a.mp4")).unwrap();
    assert!(!found(&elsewhere.join("f.montage")).exists());
}

#[test]
fn a_failed_save_says_why_and_leaves_the_old_file() {
    let dir = tempfile::tempdir().unwrap();
    let e = save(&dir.path().join("no/such/f.montage"), &rich()).unwrap_err();
    assert!(e.to_string().starts_with("cannot save: no such file or folder: /"), "{e}");
    assert!(e.hint().is_some());
    assert!(matches!(save(dir.path(), &rich()), Err(StoreError::Write { .. })), "a folder in its place");
    let path = dir.path().join("f.montage");
    fs::write(&path, "old").unwrap();
    let mut mode = fs::metadata(&path).unwrap().permissions();
    mode.set_readonly(true);
    fs::set_permissions(&path, mode).unwrap();
    assert!(matches!(save(&path, &rich()), Err(StoreError::Write { .. })), "write-protected");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file remains");
}

#[cfg(unix)]
#[test]
fn saving_keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = tempfile::tempdir().unwrap();
    let (real, link) = (dir.path().join("real.montage"), dir.path().join("link.montage"));
    fs::write(&real, "old").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&real, &link).unwrap();
    save(&link, &rich()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(load(&real).unwrap(), rich());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    // a new file is what any program would create here
    let (plain, ours) = (dir.path().join("plain"), dir.path().join("new.montage"));
    fs::write(&plain, "").unwrap();
    save(&ours, &rich()).unwrap();
    assert_eq!(fs::metadata(&ours).unwrap().permissions(), fs::metadata(&plain).unwrap().permissions());
}

#[test]
fn settings_come_back_and_missing_or_wild_ones_are_as_usual() {
    let home = tempfile::tempdir().unwrap();
    let dirs = Dirs::at(home.path());
    assert_eq!(Settings::load(&dirs).unwrap(), Settings::default());
    let mut s = Settings { theme: Theme::Light, export_folder: Some("/films".into()), ..Settings::default() };
    for i in 0..20 {
        s = s.with(Setting::RecentProject(format!("/p{i}.montage").into()));
    }
    s = s.with(Setting::RecentProject("/p15.montage".into()));
    s = s.with(Setting::Keymap(Some("(undo: \"Ctrl+Z\")".into())));
    assert_eq!((s.recent_projects.len(), s.recent_projects[0].as_path()), (12, Path::new("/p15.montage")));
    s.save(&dirs).unwrap();
    assert_eq!(Settings::load(&dirs).unwrap(), s);
    let file = dirs.config.join("settings.ron");
    fs::write(&file, "(ui_scale: 1e9, preview_divisor: 7, from_the_future: [1])").unwrap();
    let wild = Settings::load(&dirs).unwrap();
    assert_eq!((wild.ui_scale, wild.preview_divisor), (3.0, 0));
    fs::write(&file, "(ui_scale: ,)").unwrap();
    assert!(matches!(Settings::load(&dirs), Err(StoreError::Malformed { line: 1, .. })));
}
