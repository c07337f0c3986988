//! Background reading for the media bin and the timeline: probing imports, film-strip thumbnails, waveform peaks, and
//! the project file itself. Two worker threads; requests and results go by channel, so no caller ever waits.

use crate::{
    base::{MediaId, MediaInfo, Picture, Time, Trouble},
    media::{self, Peaks},
    model::{Media, Project},
    store::{self, Access},
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Thumbnails of film strips are this high, in pixels (a clip's picture area at twice the usual UI scale).
pub const THUMBNAIL_HEIGHT_PX: u32 = 90;
const WORKERS: usize = 2;

/// Something to read.
pub enum Task {
    /// First contact with files, in a guarded child process; answered together.
    Probe(Vec<PathBuf>),
    /// Is the file of this media there, and does it have the size it had?
    Check {
        id: MediaId,
        media: Arc<Media>,
    },
    /// Pictures at these times, sorted.
    Thumbnails {
        id: MediaId,
        media: Arc<Media>,
        times: Vec<Time>,
    },
    Peaks {
        id: MediaId,
        media: Arc<Media>,
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

/// A file that was looked at: what it is, and its size in bytes.
pub type Probed = (PathBuf, Result<(MediaInfo, u64), Trouble>);

/// Something that was read.
pub enum Found {
    Probed(Vec<Probed>),
    Checked {
        id: MediaId,
        trouble: Option<String>,
    },
    Thumbnail {
        id: MediaId,
        time: Time,
        picture: Option<Picture>,
    },
    Peaks {
        id: MediaId,
        peaks: Option<Arc<Peaks>>,
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

/// Handle of the workers; dropping it lets them end after what they are doing.
pub struct Library {
    tasks: Sender<Task>,
    pub found: Receiver<Found>,
}

impl Library {
    /// Start the workers. `wake` is called after each result.
    pub fn start(wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (tasks, inbox) = unbounded::<Task>();
        let (tell, found) = unbounded();
        for i in 0..WORKERS {
            let (inbox, tell, wake) = (inbox.clone(), tell.clone(), wake.clone());
            std::thread::Builder::new().name(format!("library {i}")).spawn(move || {
                for task in inbox {
                    work(task, &|f| {
                        let _ = tell.send(f);
                        wake();
                    });
                }
            })?;
        }
        Ok(Self { tasks, found })
    }

    pub fn ask(&self, task: Task) {
        if self.tasks.send(task).is_err() {
            tracing::error!("the library's workers are gone");
        }
    }
}

fn work(task: Task, tell: &dyn Fn(Found)) {
    match task {
        Task::Probe(paths) => tell(Found::Probed(
            paths
                .into_iter()
                .map(|p| {
                    let info = media::probe_guarded(&p).map(|i| (i, file_size(&p))).map_err(|e| Trouble::of(&e));
                    (p, info)
                })
                .collect(),
        )),
        Task::Check { id, media } => tell(Found::Checked { id, trouble: check(&media) }),
        Task::Thumbnails { id, media, times } => thumbnails(id, &media, &times, tell),
        Task::Peaks { id, media } => {
            let peaks = Peaks::compute(&media.file.path, &media.info, &|| false).map(Arc::new);
            if let Err(e) = &peaks {
                tracing::warn!("no waveform: {e}");
            }
            tell(Found::Peaks { id, peaks: peaks.ok() });
        }
        Task::OpenProject { path, lock } => {
            let project = store::load(&path).map(|p| (p, lock.then(|| store::acquire(&path)))).map_err(|e| Trouble::of(&e));
            tell(Found::Opened { path, project });
        }
        Task::SaveProject { path, project, revision, lock } => {
            let done = save(&path, &project, lock);
            tell(Found::Saved { path, revision, done });
        }
    }
}

fn save(path: &Path, project: &Project, lock: bool) -> Result<Option<Access>, Trouble> {
    let access = lock.then(|| store::acquire(path));
    if let Some(Access::Taken(who)) = access {
        let text = format!("cannot save: the project is open in another window ({who}): {}", path.display());
        return Err(Trouble::new(text, "choose another name, or close the other window"));
    }
    store::save(path, project).map_err(|e| Trouble::of(&e))?;
    Ok(access)
}

fn check(media: &Media) -> Option<String> {
    let path = &media.file.path;
    // only a plain file is opened: a pipe would keep the reader waiting
    let readable = std::fs::metadata(path).and_then(|m| match m.is_file() {
        true => std::fs::File::open(path).map(|_| m),
        false => Err(std::io::Error::other("it is no file")),
    });
    match readable {
        Err(e) => Some(format!("{e}: {}", path.display())),
        Ok(m) if media.file.size != 0 && m.len() != media.file.size => {
            tracing::warn!("{} has changed since it was imported", path.display());
            None
        }
        Ok(_) => None,
    }
}

fn thumbnails(id: MediaId, media: &Media, times: &[Time], tell: &dyn Fn(Found)) {
    let mut next = 0;
    let done = media::thumbnails(&media.file.path, &media.info, times, THUMBNAIL_HEIGHT_PX, &mut |i, picture| {
        if let Some(time) = times.get(i) {
            tell(Found::Thumbnail { id, time: *time, picture: Some(picture) });
        }
        next = next.max(i + 1);
        true
    });
    if let Err(e) = done {
        tracing::debug!("thumbnails: {e}");
    }
    // what could not be had is answered too, so that it is not asked for again
    for time in times.iter().skip(next) {
        tell(Found::Thumbnail { id, time: *time, picture: None });
    }
}

/// Size in bytes, 0 where it cannot be read.
pub fn file_size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |m| m.len())
}
