//! Paths in project files: relative to the project first, so that a folder with project and footage can be moved.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    fmt,
    path::{Component, Path, PathBuf},
};

/// A path as written: text with `/` where it is Unicode, else (Unix) the raw bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StoredPath(pub PathBuf);

impl Serialize for StoredPath {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0.to_str() {
            Some(text) if cfg!(windows) => s.serialize_str(&text.replace('\\', "/")),
            Some(text) => s.serialize_str(text),
            None => s.serialize_bytes(self.0.as_os_str().as_encoded_bytes()),
        }
    }
}

impl<'de> Deserialize<'de> for StoredPath {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = StoredPath;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path as text")
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<StoredPath, E> {
                Ok(StoredPath(v.into()))
            }
            #[cfg(unix)]
            fn visit_bytes<E: de::Error>(self, v: &[u8]) -> Result<StoredPath, E> {
                use std::os::unix::ffi::OsStrExt;
                Ok(StoredPath(std::ffi::OsStr::from_bytes(v).into()))
            }
        }
        d.deserialize_any(V)
    }
}

/// `path` without `.` and `..`, by its text alone. Symbolic links are not followed, in both directions alike.
pub(super) fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for c in path.components() {
        match c {
            Component::CurDir => {}
            Component::ParentDir => {
                if matches!(out.components().next_back(), Some(Component::Normal(_))) {
                    out.pop();
                } else if !out.has_root() {
                    out.push(c);
                }
            }
            other => out.push(other),
        }
    }
    out
}

/// `path` as seen from folder `dir` (both absolute), where they share more than the root. None for another drive or an
/// unrelated place.
pub(super) fn relative_to(dir: &Path, path: &Path) -> Option<PathBuf> {
    let (dir, path) = (normalize(dir), normalize(path));
    let shared = dir.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let names = dir.components().take(shared).filter(|c| matches!(c, Component::Normal(_))).count();
    if names == 0 && dir.components().any(|c| matches!(c, Component::Normal(_))) {
        return None;
    }
    let up = dir.components().skip(shared).map(|_| Component::ParentDir);
    Some(up.chain(path.components().skip(shared)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_neighbour_is_found_both_ways() {
        for (dir, path, expected) in [
            ("/a/b", "/a/b/c.mp4", Some("c.mp4")),
            ("/a/b", "/a/b/x/c.mp4", Some("x/c.mp4")),
            ("/a/b", "/a/x/c.mp4", Some("../x/c.mp4")),
            ("/a/b/./c/..", "/a/x/../b/c.mp4", Some("c.mp4")),
            ("/a/b", "/z/c.mp4", None),
            ("/", "/z/c.mp4", Some("z/c.mp4")),
        ] {
            let relative = relative_to(Path::new(dir), Path::new(path));
            assert_eq!(relative.as_deref(), expected.map(Path::new), "{path} from {dir}");
            if let Some(r) = relative {
                assert_eq!(normalize(&Path::new(dir).join(r)), normalize(Path::new(path)));
            }
        }
    }

    #[test]
    fn odd_names_survive_the_file() {
        for name in ["ü ö/日本語 %20 #1.mp4", "a\"b\\c\n.mp4", &"x".repeat(200)] {
            let p = StoredPath(name.into());
            assert_eq!(ron::from_str::<StoredPath>(&ron::to_string(&p).unwrap()).unwrap(), p);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_unicode_survives_the_file() {
        use std::os::unix::ffi::OsStrExt;
        let p = StoredPath(std::ffi::OsStr::from_bytes(b"/foot\xff\xfeage.mp4").into());
        assert_eq!(ron::from_str::<StoredPath>(&ron::to_string(&p).unwrap()).unwrap(), p);
    }
}
