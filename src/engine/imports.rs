//! Bringing files in: folders are walked on one thread, files are examined on a few others, each with a guarded child
//! process of its own. Requests and news go by channel; nobody waits. Knows no document: what is known already is told.

use super::library::{Found, Tell};
use crate::{
    base::{MediaInfo, Stamp, Trouble},
    media::Prober,
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Files of these kinds are taken out of a folder; any other file can be brought in by its own name.
pub const MEDIA_EXTENSIONS: &[&str] = &[
    "mp4", "mov", "mkv", "webm", "avi", "m4v", "mxf", "ts", "mts", "m2ts", "mpg", "mpeg", "ogv", "wav", "mp3", "flac", "ogg", "oga",
    "opus", "m4a", "aac", "aif", "aiff", "png", "jpg", "jpeg", "webp",
];

/// Children that examine files at the same time. More would only fight over the disk and starve the viewer's decoder.
const MAX_PROBERS: usize = 4;
/// Folders inside folders are followed this far; links to folders are not.
const MAX_DEPTH: usize = 32;
/// A folder with more files than this is not a shoot but a mistake, such as a whole disk.
const MAX_FILES: usize = 100_000;

/// What to bring in.
pub struct ImportRequest {
    /// Comes back with each piece of news.
    pub serial: u64,
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// Folder of the bin to put them in, empty for the top.
    pub folder: String,
    /// Files that are not wanted a second time.
    pub known: HashSet<PathBuf>,
    /// Set to give the rest up.
    pub cancel: Arc<AtomicBool>,
}

/// What became of an import.
pub enum ImportNews {
    /// The folders have been walked: so much there is to examine.
    Listed {
        files: usize,
        /// Files that the project had already.
        known: Vec<PathBuf>,
        /// Files in folders that are no media.
        skipped: usize,
    },
    /// One file of them, in no particular order.
    Probed {
        /// Its place in the list.
        index: usize,
        path: PathBuf,
        folder: String,
        info: Result<(Box<MediaInfo>, Stamp), Trouble>,
    },
}

struct Job {
    serial: u64,
    index: usize,
    path: PathBuf,
    folder: String,
    cancel: Arc<AtomicBool>,
}

/// Start the threads; they end when the sender is gone.
pub(super) fn start(tell: &Tell) -> std::io::Result<Sender<ImportRequest>> {
    let (requests, inbox) = unbounded::<ImportRequest>();
    let (jobs, todo) = unbounded::<Job>();
    let lister = tell.clone();
    std::thread::Builder::new().name("import".into()).spawn(move || {
        for request in inbox {
            list(request, &jobs, &lister);
        }
    })?;
    let probers = std::thread::available_parallelism().map_or(2, usize::from).clamp(1, MAX_PROBERS);
    for i in 0..probers {
        let (todo, tell) = (todo.clone(), tell.clone());
        std::thread::Builder::new().name(format!("import {i}")).spawn(move || examine(&todo, &tell))?;
    }
    Ok(requests)
}

fn examine(todo: &Receiver<Job>, tell: &Tell) {
    // a child lives as long as there is something to do
    while let Ok(first) = todo.recv() {
        let mut prober = Prober::default();
        for job in std::iter::once(first).chain(todo.try_iter()) {
            if job.cancel.load(Ordering::Relaxed) {
                continue;
            }
            let info = prober.probe(&job.path).map(|i| (Box::new(i), super::stamp_of(&job.path))).map_err(|e| Trouble::of(&e));
            let news = ImportNews::Probed { index: job.index, path: job.path, folder: job.folder, info };
            tell.tell(Found::Import { serial: job.serial, news });
        }
    }
}

/// Walk the folders, say how much there is, hand the files out.
fn list(request: ImportRequest, jobs: &Sender<Job>, tell: &Tell) {
    let mut walk =
        Walk { in_project: request.known, seen: HashSet::new(), files: Vec::new(), known: Vec::new(), skipped: 0, cancel: &request.cancel };
    for path in &request.paths {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        if path.is_dir() {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            walk.folder(&path, &join(&request.folder, &name), 0);
        } else {
            walk.file(path, &request.folder);
        }
    }
    let Walk { files, known, skipped, .. } = walk;
    tell.tell(Found::Import { serial: request.serial, news: ImportNews::Listed { files: files.len(), known, skipped } });
    for (index, (path, folder)) in files.into_iter().enumerate() {
        let job = Job { serial: request.serial, index, path, folder, cancel: request.cancel.clone() };
        if jobs.send(job).is_err() {
            return;
        }
    }
}

struct Walk<'a> {
    /// Files that the project has.
    in_project: HashSet<PathBuf>,
    /// Files named in this request.
    seen: HashSet<PathBuf>,
    files: Vec<(PathBuf, String)>,
    known: Vec<PathBuf>,
    skipped: usize,
    cancel: &'a AtomicBool,
}

impl Walk<'_> {
    fn file(&mut self, path: PathBuf, folder: &str) {
        if !self.seen.insert(path.clone()) {
            return;
        }
        if self.in_project.contains(&path) {
            self.known.push(path);
        } else {
            self.files.push((path, folder.to_owned()));
        }
    }

    fn folder(&mut self, path: &Path, folder: &str, depth: usize) {
        let (files, folders) = entries(path);
        for path in files {
            if self.cancel.load(Ordering::Relaxed) || self.files.len() >= MAX_FILES {
                return;
            }
            if is_media(&path) {
                self.file(path, folder);
            } else {
                self.skipped += 1;
            }
        }
        for path in folders.into_iter().filter(|_| depth < MAX_DEPTH) {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            self.folder(&path, &join(folder, &name), depth + 1);
        }
    }
}

/// Files and folders in a folder, each in order of name; hidden ones and links to folders are left out.
pub(super) fn entries(path: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let list = match std::fs::read_dir(path) {
        Ok(list) => list,
        Err(e) => {
            tracing::warn!("{} cannot be read: {e}", path.display());
            return Default::default();
        }
    };
    let visible = list.flatten().filter(|e| !e.file_name().as_encoded_bytes().starts_with(b"."));
    let (mut folders, mut files): (Vec<_>, Vec<_>) = visible
        .filter_map(|e| {
            let kind = e.file_type().ok()?;
            let is_file = kind.is_file() || kind.is_symlink() && e.path().is_file();
            (is_file || kind.is_dir()).then(|| (e.path(), kind.is_dir()))
        })
        .partition(|(_, is_folder)| *is_folder);
    files.sort();
    folders.sort();
    let paths = |list: Vec<(PathBuf, bool)>| list.into_iter().map(|(p, _)| p).collect();
    (paths(files), paths(folders))
}

/// The media files in a folder and in those inside, in order. Blocks.
pub fn media_in(folder: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
        let (files, folders) = entries(folder);
        found.extend(files.into_iter().filter(|f| is_media(f)).take(MAX_FILES.saturating_sub(found.len())));
        folders.iter().filter(|_| depth < MAX_DEPTH).for_each(|f| walk(f, depth + 1, found));
    }
    let mut found = Vec::new();
    walk(folder, 0, &mut found);
    found
}

fn is_media(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    extension.is_some_and(|e| MEDIA_EXTENSIONS.contains(&e.as_str()))
}

/// A folder's path in the bin. Names there have no blanks at their ends and no slash, so a name gives those up.
fn join(folder: &str, name: &str) -> String {
    let name = name.trim().replace('/', "-");
    match (folder.is_empty(), name.is_empty()) {
        (_, true) => folder.to_owned(),
        (true, false) => name,
        (false, false) => format!("{folder}/{name}"),
    }
}
