//! Files that come from outside (dropped on the window, chosen, named on the command line), sorted by what happens to them. By
//! their names alone: nothing is opened here.

use crate::session::MODEL_EXTENSIONS;
use std::path::{Path, PathBuf};

/// Extensions of the timelines of other programs that are read.
pub(super) const TIMELINES: &[&str] = &["otio", "otioz", "fcpxml", "fcpxmld", "xml", "edl"];
/// Extensions of the caption files that are read and written.
pub(super) const CAPTIONS: &[&str] = &["srt", "vtt"];
/// Of files that hold a part of ncnn's weights, or a model of speech.
const BIN: &str = "bin";

/// Files by what they are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Incoming {
    pub projects: Vec<PathBuf>,
    pub timelines: Vec<PathBuf>,
    pub captions: Vec<PathBuf>,
    pub models: Vec<PathBuf>,
    /// And whatever has an unknown name: the probe says what it is.
    pub media: Vec<PathBuf>,
}

impl Incoming {
    pub fn sort(paths: Vec<PathBuf>) -> Self {
        let mut all = Self::default();
        for path in paths {
            let is = |known: &[&str]| ends_with(&path, known);
            let kind = if is(&["montage"]) {
                &mut all.projects
            } else if is(TIMELINES) {
                &mut all.timelines
            } else if is(CAPTIONS) {
                &mut all.captions
            } else if is(&MODEL_EXTENSIONS) || is(&[BIN]) {
                &mut all.models
            } else {
                &mut all.media
            };
            kind.push(path);
        }
        // ncnn's come in pairs, of which one brings the other
        let pairs: Vec<PathBuf> = all.models.iter().filter(|m| ends_with(m, &["param"])).map(|m| m.with_extension(BIN)).collect();
        all.models.retain(|m| !pairs.contains(m));
        all
    }
}

fn ends_with(path: &Path, known: &[&str]) -> bool {
    path.extension().is_some_and(|e| known.iter().any(|k| e.eq_ignore_ascii_case(k)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_sorted_by_their_ends_whatever_their_case() {
        let all = Incoming::sort(
            ["a.MOV", "film.Montage", "cut.FCPXML", "b.otioz", "words.srt", "x4.pth", "n.param", "n.bin", "ggml-own.bin", "noend"]
                .map(PathBuf::from)
                .into(),
        );
        let names = |v: &[PathBuf]| v.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(" ");
        assert_eq!(names(&all.projects), "film.Montage");
        assert_eq!(names(&all.timelines), "cut.FCPXML b.otioz");
        assert_eq!(names(&all.captions), "words.srt");
        assert_eq!(names(&all.models), "x4.pth n.param ggml-own.bin");
        assert_eq!(names(&all.media), "a.MOV noend");
    }
}
