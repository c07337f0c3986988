//! Missing files found again in a folder and those in it: by name, and by what the project remembers of their content. Blocking.

use super::{imports, library::stamp_of};
use crate::{
    base::{MediaId, Stamp},
    model::MediaFile,
};
use std::{
    collections::{HashMap, VecDeque},
    path::{Path, PathBuf},
};

/// Folders looked into, so that a search of a whole disk ends.
const MAX_SEARCHED: usize = 50_000;

/// How sure it is that a file is the one that is missing, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    /// Its name and the hash of its content.
    Content,
    /// Its name and size: the project is of an earlier version and does not know the content.
    Size,
    /// Its name alone: nothing else is known.
    Name,
}

impl FoundBy {
    /// For scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Size => "size",
            Self::Name => "name",
        }
    }
}

/// A file that may take the place of a missing one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchHit {
    pub id: MediaId,
    pub path: PathBuf,
    /// What it is now.
    pub stamp: Stamp,
    pub by: FoundBy,
}

/// What a search for missing files came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// At most one for each missing file.
    pub found: Vec<SearchHit>,
    /// Those of whose name there is a file, but of other content.
    pub other_content: Vec<MediaId>,
}

/// Look for files, the nearest to the top first.
pub fn search(folder: &Path, wanted: Vec<(MediaId, MediaFile)>) -> Search {
    let mut result = Search::default();
    let mut by_name: HashMap<_, Vec<(MediaId, Stamp)>> = HashMap::new();
    for (id, file) in wanted {
        if let Some(name) = file.path.file_name() {
            by_name.entry(name.to_owned()).or_default().push((id, file.stamp()));
        }
    }
    let mut folders = VecDeque::from([folder.to_path_buf()]);
    let mut looked = 0;
    while let Some(folder) = folders.pop_front().filter(|_| !by_name.is_empty() && looked < MAX_SEARCHED) {
        looked += 1;
        let (files, inside) = imports::entries(&folder);
        folders.extend(inside);
        for path in files {
            let Some(name) = path.file_name() else { continue };
            let Some(waiting) = by_name.get_mut(name) else { continue };
            let there = stamp_of(&path);
            waiting.retain(|(id, was)| match match_of(was, &there) {
                Some(by) => {
                    result.found.push(SearchHit { id: *id, path: path.clone(), stamp: there, by });
                    false
                }
                None => {
                    result.other_content.push(*id);
                    true
                }
            });
            if waiting.is_empty() {
                let name = name.to_owned();
                by_name.remove(&name);
            }
        }
    }
    // one of other content may have been followed by the right one
    result.other_content.retain(|id| !result.found.iter().any(|hit| hit.id == *id));
    result.other_content.sort_unstable();
    result.other_content.dedup();
    result.found.sort_by_key(|hit| hit.id);
    result
}

/// Whether a file of the right name is the one that was, as far as can be known. A file that was moved may have got a new time on
/// the way: that says nothing.
fn match_of(was: &Stamp, there: &Stamp) -> Option<FoundBy> {
    if !(Stamp { modified: 0, ..*was }).same_content(there) {
        return None;
    }
    Some(match (was.hash, there.hash) {
        (Some(_), Some(_)) => FoundBy::Content,
        _ if was.size != 0 => FoundBy::Size,
        _ => FoundBy::Name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ContentHash;
    use std::fs;

    #[test]
    fn files_are_found_by_content_then_by_size_then_by_name_and_each_says_which() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path
        };
        // the right name and other content lies nearer
        let (decoy, right) = (put("a.mp4", "decoy"), put("deep/er/a.mp4", "the film"));
        let (b, c) = (put("deep/b.mp4", "five!"), put("c.mp4", "anything"));
        put("d.mp4", "other");
        let hash = stamp_of(&right).hash;
        assert!(hash.is_some() && stamp_of(&decoy).hash != hash);
        let file = |name: &str, size, hash| MediaFile { path: Path::new("/gone").join(name), size, modified: 9, hash };
        let wanted = vec![
            (MediaId(1), file("a.mp4", 8, hash)),
            (MediaId(2), file("b.mp4", 5, None)),
            (MediaId(3), file("c.mp4", 0, None)),
            (MediaId(4), file("d.mp4", 5, Some(ContentHash(7)))),
            (MediaId(5), file("e.mp4", 5, None)),
        ];
        let search = search(dir.path(), wanted);
        let found: Vec<_> = search.found.iter().map(|h| (h.id.0, h.path.clone(), h.by)).collect();
        assert_eq!(found, [(1, right, FoundBy::Content), (2, b, FoundBy::Size), (3, c, FoundBy::Name)]);
        assert_eq!(search.other_content, [MediaId(4)]);
    }
}
