//! Background reading for the media bin and the timeline: imports, film-strip thumbnails, waveform peaks, relinking, and
//! the project file itself. Requests and results go by channel, so no caller ever waits; each kind of work has threads of
//! its own, so that a project opens while a thousand files are examined and a picture comes while a long sound is read.

use super::{
    files::{candidates, open_first},
    imports::{self, ImportNews, ImportRequest},
    search::{Search, search},
};
use crate::{
    base::{MediaId, MediaInfo, Picture, Stamp, Time, Trouble, words::say},
    media::{self, Peaks},
    model::{Media, MediaFile, Project, Rendition},
    store::{self, Access},
};
use crossbeam::channel::{Receiver, Select, Sender, bounded, unbounded};
use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Thumbnails of film strips are this high, in pixels (a clip's picture area at twice the usual UI scale).
pub const THUMBNAIL_HEIGHT_PX: u32 = 90;
const THUMBNAIL_WORKERS: usize = 2;
/// Wishes for thumbnails that wait; the oldest beyond it are given up, for nobody looks there any more.
const MAX_WAITING: usize = 200;

/// Something to read.
pub enum Task {
    /// Files and folders to bring in.
    Import(ImportRequest),
    /// Is the file of this media there, and does it have the size it had?
    Check {
        id: MediaId,
        media: Arc<Media>,
    },
    /// Pictures at these times, sorted. The newest wish comes first.
    Thumbnails {
        id: MediaId,
        media: Arc<Media>,
        times: Vec<Time>,
    },
    Peaks {
        id: MediaId,
        media: Arc<Media>,
    },
    /// What is this file, which shall take the place of a media's?
    Relink {
        id: MediaId,
        path: PathBuf,
    },
    /// Look in a folder and those in it for these files.
    Search {
        folder: PathBuf,
        wanted: Vec<(MediaId, MediaFile)>,
    },
    /// `lock`: also take the right to change it.
    OpenProject {
        path: PathBuf,
        lock: bool,
    },
    /// `lock`: first take the right to change what is there; refused where another window has it.
    SaveProject {
        path: PathBuf,
        project: Arc<Project>,
        revision: u64,
        lock: bool,
    },
}

/// Something that was read.
pub enum Found {
    Import {
        serial: u64,
        news: ImportNews,
    },
    Checked {
        id: MediaId,
        trouble: Option<String>,
        /// The file is there, but its content is no longer what the project remembers.
        changed: bool,
        /// Files made from it that are gone.
        lost: Vec<Rendition>,
    },
    Thumbnail {
        id: MediaId,
        time: Time,
        picture: Option<Picture>,
    },
    /// Newer wishes came in between; to be asked for again when it is looked at again.
    GivenUp {
        id: MediaId,
        times: Vec<Time>,
    },
    Peaks {
        id: MediaId,
        peaks: Option<Arc<Peaks>>,
    },
    Relinked {
        id: MediaId,
        path: PathBuf,
        info: Result<(MediaInfo, Stamp), Trouble>,
    },
    Searched {
        folder: PathBuf,
        search: Search,
    },
    /// With the right to change it, where that was asked for.
    Opened {
        path: PathBuf,
        project: Result<(Project, Option<Access>), Trouble>,
    },
    Saved {
        path: PathBuf,
        revision: u64,
        done: Result<Option<Access>, Trouble>,
    },
}

/// How workers answer.
#[derive(Clone)]
pub(super) struct Tell {
    results: Sender<Found>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Tell {
    pub fn tell(&self, found: Found) {
        // the session may be gone by now
        let _ = self.results.send(found);
        (self.wake)();
    }
}

/// Handle of the workers; dropping it lets them end after what they are doing.
pub struct Library {
    files: Sender<Task>,
    thumbnails: Sender<Task>,
    sounds: Sender<Task>,
    imports: Sender<ImportRequest>,
    pub found: Receiver<Found>,
}

impl Library {
    /// Start the workers. `wake` is called after each result.
    ///
    /// # Errors
    /// A thread could not be started.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (results, found) = unbounded();
        let tell = Tell { results, wake };
        let worker = |name: String, inbox: Receiver<Task>| {
            let tell = tell.clone();
            std::thread::Builder::new().name(name).spawn(move || inbox.into_iter().for_each(|task| work(task, &tell)))
        };
        let (files, inbox) = unbounded();
        worker("library files".into(), inbox)?;
        let (sounds, inbox) = unbounded();
        worker("library sounds".into(), inbox)?;
        let (thumbnails, wishes) = unbounded();
        let (next, inbox) = bounded(0);
        for i in 0..THUMBNAIL_WORKERS {
            worker(format!("library pictures {i}"), inbox.clone())?;
        }
        let giving_up = tell.clone();
        std::thread::Builder::new().name("library wishes".into()).spawn(move || newest_first(&wishes, &next, &giving_up))?;
        Ok(Self { files, thumbnails, sounds, imports: imports::start(&tell)?, found })
    }

    pub fn ask(&self, task: Task) {
        let sent = match task {
            Task::Import(request) => self.imports.send(request).is_ok(),
            Task::Thumbnails { .. } => self.thumbnails.send(task).is_ok(),
            Task::Peaks { .. } => self.sounds.send(task).is_ok(),
            _ => self.files.send(task).is_ok(),
        };
        if !sent {
            tracing::error!("the library's workers are gone");
        }
    }
}

/// Hand wishes out, the newest first, as workers become free.
fn newest_first(wishes: &Receiver<Task>, next: &Sender<Task>, tell: &Tell) {
    let mut waiting: VecDeque<Task> = VecDeque::new();
    loop {
        let mut select = Select::new();
        let incoming = select.recv(wishes);
        if !waiting.is_empty() {
            // a rendezvous: ready when a worker is free
            select.send(next);
        }
        let ready = select.select();
        if ready.index() == incoming {
            let Ok(wish) = ready.recv(wishes) else { return };
            waiting.push_back(wish);
            if waiting.len() > MAX_WAITING
                && let Some(Task::Thumbnails { id, times, .. }) = waiting.pop_front()
            {
                tell.tell(Found::GivenUp { id, times });
            }
        } else if let Some(newest) = waiting.pop_back()
            && ready.send(next, newest).is_err()
        {
            return;
        }
    }
}

fn work(task: Task, tell: &Tell) {
    match task {
        // has threads of its own
        Task::Import(_) => {}
        Task::Check { id, media } => {
            let (trouble, changed) = match check(&media) {
                Ok(changed) => (None, changed),
                Err(why) => (Some(why), false),
            };
            let gone = |r: &Rendition| media.variant(*r).is_some_and(|v| !v.path.is_file());
            let lost = [Rendition::Proxy, Rendition::Upscaled].into_iter().filter(gone).collect();
            tell.tell(Found::Checked { id, trouble, changed, lost });
        }
        Task::Thumbnails { id, media, times } => thumbnails(id, &media, &times, tell),
        Task::Peaks { id, media } => {
            let files = candidates(&media, Rendition::Original, true);
            let none = || media::MediaError::NotFound(media.file.path.clone());
            let peaks = open_first(&files, |c| Peaks::compute(&c.path, &c.info, &|| false), none).map(|(_, p)| Arc::new(p));
            if let Err(e) = &peaks {
                tracing::warn!("no waveform: {e}");
            }
            tell.tell(Found::Peaks { id, peaks: peaks.ok() });
        }
        Task::Relink { id, path } => {
            let path = std::path::absolute(&path).unwrap_or(path);
            let info = media::probe_guarded(&path).map(|i| (i, stamp_of(&path))).map_err(|e| Trouble::of(&e));
            tell.tell(Found::Relinked { id, path, info });
        }
        Task::Search { folder, wanted } => {
            let search = search(&folder, wanted);
            tell.tell(Found::Searched { folder, search });
        }
        Task::OpenProject { path, lock } => {
            let project = store::load(&path).map(|p| (p, lock.then(|| store::acquire(&path)))).map_err(|e| Trouble::of(&e));
            tell.tell(Found::Opened { path, project });
        }
        Task::SaveProject { path, project, revision, lock } => {
            let done = save(&path, &project, lock);
            tell.tell(Found::Saved { path, revision, done });
        }
    }
}

fn save(path: &Path, project: &Project, lock: bool) -> Result<Option<Access>, Trouble> {
    let access = lock.then(|| store::acquire(path));
    if let Some(Access::Taken(who)) = access {
        return Err(say!("session-save-taken", who = who, path = path.display().to_string()).trouble());
    }
    store::save(path, project).map_err(|e| Trouble::of(&e))?;
    Ok(access)
}

/// Whether the file's content has changed since it was imported; why it cannot be read.
fn check(media: &Media) -> Result<bool, String> {
    let path = &media.file.path;
    let was = media.file.stamp();
    // only a plain file is opened: a pipe would keep the reader waiting
    let readable = media::quick_stamp(path).and_then(|now| std::fs::File::open(path).map(|_| now));
    let now = readable.map_err(|e| format!("{e}: {}", path.display()))?;
    let changed = !was.untouched(&now) && !was.same_content(&stamp_of(path));
    if changed {
        tracing::warn!("{} has changed since it was imported", path.display());
    }
    Ok(changed)
}

fn thumbnails(id: MediaId, media: &Media, times: &[Time], tell: &Tell) {
    let mut next = 0;
    // a proxy is quicker, and there where the original may not be
    let proxy = media.usable(Rendition::Proxy).filter(|v| v.path.is_file());
    let (path, info) = proxy.map_or((&media.file.path, &media.info), |v| (&v.path, &v.info));
    let done = media::thumbnails(path, info, times, THUMBNAIL_HEIGHT_PX, &mut |i, picture| {
        if let Some(time) = times.get(i) {
            tell.tell(Found::Thumbnail { id, time: *time, picture: Some(picture) });
        }
        next = next.max(i + 1);
        true
    });
    if let Err(e) = done {
        tracing::debug!("thumbnails: {e}");
    }
    // what could not be had is answered too, so that it is not asked for again
    for time in times.iter().skip(next) {
        tell.tell(Found::Thumbnail { id, time: *time, picture: None });
    }
}

/// What can be known of a file; nothing where it cannot be read.
pub fn stamp_of(path: &Path) -> Stamp {
    media::stamp(path).unwrap_or_default()
}
