//! Files of every version that there has been: each opens, means what it meant, and is written as this version writes it.

use super::*;
use std::fs;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/tests/golden").join(name)
}

#[test]
fn files_of_every_earlier_version_open_and_are_written_as_this_one_does() {
    for version in 1..VERSION {
        let mut files: Vec<_> = fs::read_dir(folder(&format!("v{version}"))).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "version {version} has examples");
        for file in files {
            let bytes = fs::read(&file).unwrap();
            assert_eq!(read::version_of(&bytes), Some(version), "{}", file.display());
            let project = from_text(&bytes, place()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            let text = to_text(&project, place()).unwrap();
            let now = fs::read_to_string(folder("now").join(file.file_name().unwrap())).unwrap_or_default();
            assert_eq!(text, now, "{}", file.display());
            assert_eq!(reread(&text).unwrap(), project);
        }
    }
}

#[test]
fn an_older_file_is_kept_beside_the_project_when_it_is_first_saved() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("film.montage");
    let old = fs::read(folder("v1").join("holiday.montage")).unwrap();
    fs::write(&path, &old).unwrap();
    let mut project = load(&path).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "opening writes nothing");
    for name in ["first", "second"] {
        project.name = name.into();
        save(&path, &project).unwrap();
        assert_eq!(fs::read(dir.path().join("film.montage.v1")).unwrap(), old);
    }
    assert_eq!(load(&path).unwrap(), project);
    assert_eq!(read::version_of(&fs::read(&path).unwrap()), Some(VERSION));
    assert_eq!(fs::read(&versions(&path)[1].file).unwrap(), old, "it is among the versions too, for a while");
}
