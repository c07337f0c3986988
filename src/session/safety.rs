//! That no work is lost: unsaved work that a crash has left, earlier versions, and the right to change the project's file.
//! The disk is read on threads of their own; results come by channel.

use super::{
    Command, Notice, Session,
    handover::Lines,
    keeper::Keeper,
    models::ModelView,
    recorded::Recorded,
    recovery::{By, Left, Recoverable, Restored},
};
use crate::{
    base::{MediaId, Severity, Trouble, words::say},
    edit::History,
    model::{Project, Sequence},
    speech::Transcript,
    store::{self, Access, Dirs, Origin},
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// An earlier state of the open project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierVersion {
    pub file: PathBuf,
    /// When it was saved, in this machine's time: `2026-11-25 22:50:49`.
    pub when: String,
    pub bytes: u64,
}

pub(super) enum News {
    /// `open`: the project that the window was started with. `recover`: what belongs to it comes back by itself.
    Scanned {
        left: Vec<Left>,
        open: Option<PathBuf>,
        recover: bool,
        troubles: Vec<Trouble>,
    },
    Restored {
        restored: Result<Box<Restored>, Trouble>,
        by: By,
    },
    Versions {
        of: PathBuf,
        found: Vec<EarlierVersion>,
    },
    /// A timeline of another program was read: how many lines of warning, and of what is left out, with the first.
    TimelineRead {
        path: PathBuf,
        since: u64,
        read: Result<(Project, Lines), Trouble>,
    },
    TimelineWritten {
        written: Result<(PathBuf, Lines), Trouble>,
    },
    /// Captions were read, as those of a sequence at the rate that was asked for.
    CaptionsRead {
        path: PathBuf,
        read: Result<Arc<Sequence>, Trouble>,
    },
    CaptionsWritten {
        path: PathBuf,
        count: usize,
        written: Result<(), Trouble>,
    },
    /// The transcript of these media was read, from a file that somebody chose or from a job's.
    TranscriptRead {
        media: Vec<MediaId>,
        path: Option<PathBuf>,
        read: Result<Transcript, Trouble>,
    },
    TranscriptWritten {
        path: PathBuf,
        written: Result<(), Trouble>,
    },
    SpeechModels(Vec<ModelView>),
    Version {
        of: PathBuf,
        when: String,
        project: Result<Project, Trouble>,
    },
}

/// Part of a session.
pub(super) struct Safety {
    pub dirs: Option<Dirs>,
    wake: Arc<dyn Fn() + Send + Sync>,
    tell: Sender<News>,
    news: Receiver<News>,
    left: Vec<Left>,
    /// The same for the faces.
    pub offered: Vec<Recoverable>,
    versions: Vec<EarlierVersion>,
    /// Of the open document's file.
    pub access: Access,
    /// A gesture was refused: what belongs to it is, without a word.
    refused: bool,
    /// Revision of the document when another was last asked for.
    pub opening: u64,
}

/// The document's history with its journal, and the rest of the safety.
///
/// # Errors
/// The journal's thread could not be started.
pub(super) fn start(dirs: Option<Dirs>, wake: Arc<dyn Fn() + Send + Sync>, project: Arc<Project>) -> std::io::Result<(Recorded, Safety)> {
    let keeper = match &dirs {
        None => None,
        Some(dirs) => {
            let origin = Origin { name: project.name.clone(), document: None, saved: true };
            Some(Keeper::start(store::journal_folder(dirs), origin, project.clone(), wake.clone())?)
        }
    };
    let (tell, news) = unbounded();
    let safety = Safety {
        dirs,
        wake,
        tell,
        news,
        left: Vec::new(),
        offered: Vec::new(),
        versions: Vec::new(),
        access: Access::Unlocked,
        refused: false,
        opening: 0,
    };
    Ok((Recorded::new(History::new(project), keeper), safety))
}

impl Safety {
    /// Have something looked up on the disk.
    pub fn ask(&self, name: &str, work: impl FnOnce() -> News + Send + 'static) {
        let (tell, wake) = (self.tell.clone(), self.wake.clone());
        let run = move || {
            // the session may be gone by now
            let _ = tell.send(work());
            wake();
        };
        if let Err(e) = std::thread::Builder::new().name(name.to_owned()).spawn(run) {
            tracing::error!("{name}: {e}");
        }
    }

    pub fn offer(&mut self, left: Vec<Left>) {
        self.left.extend(left);
        self.offered = self.left.iter().map(|l| l.entry.clone()).collect();
    }

    pub fn withdraw(&mut self, id: u64) -> Option<Left> {
        let at = self.left.iter().position(|l| l.entry.id == id)?;
        let left = self.left.remove(at);
        self.offer(Vec::new());
        Some(left)
    }
}

impl Session {
    /// Earlier versions of the open project, newest first, as of the last [`Command::ListVersions`].
    pub fn versions(&self) -> &[EarlierVersion] {
        &self.safety.versions
    }

    /// True where another window has the project: nothing can be changed here.
    pub fn is_read_only(&self) -> bool {
        matches!(self.safety.access, Access::Taken(_))
    }

    pub(super) fn poll_safety(&mut self) -> bool {
        let news: Vec<News> = self.safety.news.try_iter().collect();
        let troubles: Vec<Trouble> = self.history.keeper().into_iter().flat_map(|k| k.troubles.try_iter()).collect();
        let changed = !news.is_empty() || !troubles.is_empty();
        for t in troubles {
            self.tell(Severity::Warning, t.text, t.hint);
        }
        for n in news {
            self.on_news(n);
        }
        changed
    }

    fn on_news(&mut self, news: News) {
        match news {
            News::Scanned { left, open, recover, troubles } => {
                for t in troubles {
                    self.tell(Severity::Failure, t.text, t.hint);
                }
                self.on_scanned(left, open, recover);
            }
            News::Restored { restored, by } => self.on_restored(restored, by),
            News::Versions { of, found } => {
                if self.path.as_ref() == Some(&of) {
                    self.safety.versions = found;
                }
            }
            News::TimelineRead { path, since, read } => self.on_timeline_read(&path, since, read),
            News::TimelineWritten { written } => self.on_timeline_written(written),
            News::CaptionsRead { path, read } => self.on_captions_read(&path, read),
            News::CaptionsWritten { path, count, written } => self.on_captions_written(&path, count, written),
            News::TranscriptRead { media, path, read } => self.on_transcript_read(&media, path.as_deref(), read),
            News::SpeechModels(found) => self.on_speech_models(found),
            News::TranscriptWritten { path, written } => self.on_transcript_written(&path, written),
            News::Version { of, when, project } => match project {
                Ok(project) if self.path.as_ref() == Some(&of) => self.on_version(project, of, &when),
                // another project has been opened meanwhile
                Ok(_) => {}
                Err(t) => self.tell(Severity::Failure, t.text, t.hint),
            },
        }
    }

    pub(super) fn list_versions(&mut self) {
        self.safety.versions.clear();
        let Some(of) = self.path.clone() else { return };
        self.safety.ask("versions", move || {
            let entry = |v: store::Version| EarlierVersion { file: v.file, when: store::local_text(v.saved), bytes: v.bytes };
            News::Versions { found: store::versions(&of).into_iter().map(entry).collect(), of }
        });
    }

    pub(super) fn open_version(&mut self, file: PathBuf) {
        let Some(of) = self.path.clone() else { return };
        self.safety.ask("versions", move || {
            let when = std::fs::metadata(&file).and_then(|m| m.modified()).map_or_else(|_| String::new(), store::local_text);
            News::Version { of, when, project: store::load(&file).map_err(|e| Trouble::of(&e)) }
        });
    }

    fn on_version(&mut self, project: Project, of: PathBuf, when: &str) {
        let access = std::mem::replace(&mut self.safety.access, Access::Unlocked);
        self.history.reset(Arc::new(project), Some(of.clone()), false);
        self.saved_revision = None;
        self.settle(Some(of), access);
        let Trouble { text, hint } = say!("session-version", when = when).trouble();
        self.notices.push(Notice { severity: Severity::Warning, good: true, text, hint });
    }

    /// Whether the right to change that file is here already.
    pub(super) fn owns(&self, path: &Path) -> bool {
        self.path.as_deref() == Some(path) && !self.is_read_only()
    }

    /// The right to change `path`, given what was found about it; nothing was looked for where it was here already.
    pub(super) fn access_after(&mut self, path: &Path, found: Option<Access>) -> Access {
        match found {
            Some(access) => access,
            None if self.owns(path) => std::mem::replace(&mut self.safety.access, Access::Unlocked),
            None => Access::Unlocked,
        }
    }

    pub(super) fn say_access(&mut self, path: &Path, access: &Access) {
        if let Access::Taken(who) = access {
            let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
            self.say(Severity::Warning, &say!("session-taken", file = name, who = who.as_str()));
        }
    }

    /// Refuses what would change a project that another window has; says so once a gesture.
    pub(super) fn refuses(&mut self, command: &Command) -> bool {
        use Command as C;
        if !self.is_read_only() {
            self.safety.refused = false;
            return false;
        }
        let spoken = self.safety.refused;
        match command {
            C::Begin(_) => self.safety.refused = true,
            C::Commit | C::Abort => {
                self.safety.refused = false;
                return true;
            }
            C::Edit(_) | C::EditAbsolute(_) if spoken => return true,
            C::Edit(_) | C::EditAbsolute(_) | C::Undo | C::Redo | C::Append(_) | C::Save | C::OpenVersion(_) => {}
            C::Import(_) | C::ImportInto { .. } | C::CancelImport | C::Relink { .. } | C::FindMissing(_) | C::ApplyRelinks(_) => {}
            C::MakeProxies(_) | C::RemoveProxies(_) => {}
            _ => return false,
        }
        self.say(Severity::Warning, &say!("session-read-only"));
        true
    }
}
