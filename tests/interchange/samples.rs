//! Files that other programs wrote. They are not part of the project: `MONTAGE_INTERCHANGE_SAMPLES` names their folder.

use montage_ai::interchange::{Format, ReadOptions, read};
use std::path::{Path, PathBuf};

pub fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|e| e.unwrap().path()) {
        if path.is_dir() {
            files(&path, found);
        } else if Format::of(&path).is_some_and(|f| f.can_read()) {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
#[ignore = "needs MONTAGE_INTERCHANGE_SAMPLES, a folder of files of other programs"]
fn files_of_other_programs_read_or_say_why_not() {
    let folder = std::env::var("MONTAGE_INTERCHANGE_SAMPLES").expect("MONTAGE_INTERCHANGE_SAMPLES names a folder");
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found);
    assert!(!found.is_empty(), "no files in {folder}");
    for path in found {
        let format = Format::of(&path).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match read(&bytes, format, &ReadOptions::new("sample", path.parent().unwrap())) {
            Ok((p, losses)) => {
                assert_eq!(p.validate(), [], "{name}");
                let s = &p.sequence;
                let count = |k| s.tracks.iter().filter(|t| t.kind == k).map(|t| t.clips.len().to_string()).collect::<Vec<_>>().join("+");
                use montage_ai::model::TrackKind::{Audio, Video};
                let joins: usize = s.tracks.iter().map(|t| t.transitions.len()).sum();
                println!(
                    "{name}: {} {}x{} start {} V {} A {} joins {joins} markers {} frames {} media {} nests {} | warnings {} unsupported {}",
                    s.frame_rate,
                    s.width,
                    s.height,
                    s.start_timecode,
                    count(Video),
                    count(Audio),
                    s.markers.len(),
                    s.duration(),
                    p.media.len(),
                    p.others.len(),
                    losses.warnings().len(),
                    losses.unsupported().len()
                );
                if std::env::var_os("LOUD").is_some() {
                    for l in losses.iter().take(8) {
                        println!("    {:?} {:?} {} ", l.grade, l.place, l.key());
                    }
                }
            }
            Err(e) => println!("{name}: ERROR {e:?}"),
        }
    }
}
