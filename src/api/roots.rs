//! Which files the API may touch: those under the folders that `--root` names, links resolved. Reads the disk, so it runs on
//! threads that may wait.
//!
//! What is handed on is the resolved path, so that a link that changes later is not followed. Somebody who can exchange a
//! whole folder for a link in between already has the rights of the user on this machine.

use super::error::Refusal;
use std::{
    io,
    path::{Component, Path, PathBuf},
};

/// The folders that requests may name files in.
#[derive(Clone, Debug)]
pub(super) struct Roots(Vec<PathBuf>);

impl Roots {
    /// Folders as the user named them.
    ///
    /// # Errors
    /// One of them is not there or is no folder; the pair names it.
    pub fn new(folders: &[PathBuf]) -> Result<Self, (PathBuf, io::Error)> {
        let resolve = |folder: &PathBuf| {
            let path = folder.canonicalize().map_err(|e| (folder.clone(), e))?;
            if path.is_dir() { Ok(path) } else { Err((folder.clone(), io::ErrorKind::NotADirectory.into())) }
        };
        folders.iter().map(resolve).collect::<Result<_, _>>().map(Self)
    }

    fn holds(&self, resolved: &Path) -> bool {
        self.0.iter().any(|root| resolved.starts_with(root))
    }

    /// The path that `text` means: absolute, or within the first root.
    fn meant(&self, field: &str, text: &str) -> Result<PathBuf, Refusal> {
        if text.is_empty() {
            return Err(Refusal::bad(format!("{field}: the path is empty")).field(field));
        }
        if text.contains('\0') {
            return Err(Refusal::bad(format!("{field}: the path has a NUL character")).field(field));
        }
        match self.0.first() {
            Some(root) => Ok(root.join(text)),
            None => Err(self.outside(field, text)),
        }
    }

    fn outside(&self, field: &str, text: &str) -> Refusal {
        let hint = match self.0.as_slice() {
            [] => "start the server with --root FOLDER".to_owned(),
            roots => format!("use a file under {}", roots.iter().map(|r| r.display().to_string()).collect::<Vec<_>>().join(" or ")),
        };
        Refusal::forbidden(format!("{field}: the server may not touch this path: {text}")).field(field).hint(hint)
    }

    /// Where a path that does not resolve would lie: its nearest ancestor that is there, resolved. A path that leaves the roots
    /// is refused the same way whether or not it exists, so that nobody can find out.
    fn missing(&self, field: &str, text: &str, path: &Path, e: &io::Error) -> Refusal {
        let there = path.ancestors().skip(1).find_map(|a| a.canonicalize().ok());
        let climbs = path.components().any(|c| c == Component::ParentDir);
        if climbs || !there.is_some_and(|t| self.holds(&t)) {
            return self.outside(field, text);
        }
        let what = match e.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
            _ => format!("the file cannot be read ({e})"),
        };
        Refusal::bad(format!("{field}: {what}: {text}")).field(field)
    }

    /// The resolved path of a file that is to be read.
    ///
    /// # Errors
    /// 403 where it lies outside, 400 where it is not there or no file; both with the field's name.
    pub(super) fn input(&self, field: &str, text: &str) -> Result<PathBuf, Refusal> {
        let path = self.meant(field, text)?;
        let resolved = path.canonicalize().map_err(|e| self.missing(field, text, &path, &e))?;
        if !self.holds(&resolved) {
            return Err(self.outside(field, text));
        }
        // a device or a pipe would hold a worker for ever
        if !resolved.is_file() {
            return Err(Refusal::bad(format!("{field}: this is no plain file: {text}")).field(field));
        }
        Ok(resolved)
    }

    /// The resolved path of a file that is to be written: its folder must be there.
    ///
    /// # Errors
    /// 403 where it, or what a link of its name points to, lies outside; 400 where the folder is not there.
    pub(super) fn output(&self, field: &str, text: &str) -> Result<PathBuf, Refusal> {
        let path = self.meant(field, text)?;
        let nameless = || Refusal::bad(format!("{field}: the path names no file: {text}")).field(field);
        if text.ends_with('/') || !matches!(path.components().next_back(), Some(Component::Normal(_))) {
            // `..` at the end may lead out: say nothing else about it
            return Err(if text.ends_with("..") { self.outside(field, text) } else { nameless() });
        }
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(nameless()) };
        let folder = folder.canonicalize().map_err(|e| self.missing(field, text, folder, &e))?;
        if !self.holds(&folder) {
            return Err(self.outside(field, text));
        }
        if !folder.is_dir() {
            return Err(Refusal::bad(format!("{field}: a part of the path is no folder: {text}")).field(field));
        }
        let output = folder.join(name);
        match output.symlink_metadata() {
            // followed by none of our writers, but a link is not what anyone means to replace
            Ok(m) if m.is_symlink() => Err(self.outside(field, text)),
            Ok(m) if m.is_dir() => Err(Refusal::bad(format!("{field}: this is a folder: {text}")).field(field)),
            _ => Ok(output),
        }
    }

    /// As [`Self::output`], and not one of the inputs.
    ///
    /// # Errors
    /// As [`Self::output`]; 400 where it is an input.
    pub(super) fn output_beside(&self, field: &str, text: &str, inputs: &[&Path]) -> Result<PathBuf, Refusal> {
        let output = self.output(field, text)?;
        if inputs.iter().any(|i| *i == output || same_file(i, &output)) {
            return Err(Refusal::bad(format!("{field}: the output is an input: {text}")).field(field).hint("choose another name"));
        }
        Ok(output)
    }
}

/// Two names of one file (hard links).
#[cfg(unix)]
fn same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |p: &Path| p.metadata().ok().map(|m| (m.dev(), m.ino()));
    id(a).is_some_and(|a| Some(a) == id(b))
}

#[cfg(not(unix))]
fn same_file(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::symlink};

    fn status<T: std::fmt::Debug>(done: Result<T, Refusal>) -> u16 {
        done.unwrap_err().status.as_u16()
    }

    #[test]
    fn paths_stay_under_the_roots_however_they_are_written() {
        let place = tempfile::tempdir().unwrap();
        let base = place.path().canonicalize().unwrap();
        let (root, other) = (base.join("root"), base.join("other"));
        fs::create_dir_all(root.join("in/deep")).unwrap();
        fs::create_dir_all(&other).unwrap();
        fs::create_dir_all(base.join("root-not")).unwrap();
        for file in ["root/film.mp4", "root/in/film.mp4", "other/secret.mp4", "root-not/film.mp4"] {
            fs::write(base.join(file), "x").unwrap();
        }
        symlink(other.join("secret.mp4"), root.join("link.mp4")).unwrap();
        symlink(&other, root.join("away")).unwrap();
        symlink(other.join("nothing.mp4"), root.join("dangling.mp4")).unwrap();
        symlink("in", root.join("home")).unwrap();
        fs::hard_link(root.join("film.mp4"), root.join("same.mp4")).unwrap();
        let roots = Roots::new(std::slice::from_ref(&root)).unwrap();
        let name = |p: &Path| p.to_str().unwrap().to_owned();

        assert_eq!(roots.input("f", "film.mp4").unwrap(), root.join("film.mp4"));
        assert_eq!(roots.input("f", &name(&root.join("home/film.mp4"))).unwrap(), root.join("in/film.mp4"));
        assert_eq!(roots.output("f", "in/new.mp4").unwrap(), root.join("in/new.mp4"));
        assert_eq!(roots.output("f", "in/../new.mp4").unwrap(), root.join("new.mp4"));

        let absolute = name(&other.join("secret.mp4"));
        let absent = name(&other.join("absent.mp4"));
        let sibling = name(&base.join("root-not/film.mp4"));
        let into = [&*absolute, &absent, &sibling, "/etc/passwd", "../other/secret.mp4", "in/../../other/secret.mp4", "link.mp4"];
        for path in
            into.into_iter().chain(["away/secret.mp4", "away/absent.mp4", "dangling.mp4", "nowhere/../../other/x", "/", "..", "/nowhere/x"])
        {
            let field = roots.input("f", path);
            assert_eq!(field.as_ref().unwrap_err().field.as_deref(), Some("f"));
            // a link that points to nothing has nothing to hide: its own folder is inside
            assert_eq!(status(field), if path == "dangling.mp4" { 400 } else { 403 }, "input {path}");
            assert_eq!(status(roots.output("f", path)), if path == "/" { 400 } else { 403 }, "output {path}");
        }
        for path in ["", "no.mp4", "in", "film.mp4/x", "a\0b", "%2e%2e/other/secret.mp4", "in/deep/"] {
            assert_eq!(status(roots.input("f", path)), 400, "input {path:?}");
        }
        for path in ["", "in", "in/", "nowhere/x.mp4", "film.mp4/x", "a\0b", "%2e%2e%2fother%2f/x.mp4"] {
            assert_eq!(status(roots.output("f", path)), 400, "output {path:?}");
        }
        let film = root.join("film.mp4");
        for path in ["film.mp4", "same.mp4", "in/../film.mp4"] {
            assert_eq!(status(roots.output_beside("f", path, &[&film])), 400, "{path}");
        }
        assert_eq!(status(Roots::new(&[]).unwrap().input("f", "film.mp4")), 403);
        assert_eq!(Roots::new(&[film]).unwrap_err().0, root.join("film.mp4"));
    }
}
