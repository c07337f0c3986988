//! The desktop's file dialogs. Each runs on a thread of its own and answers by message; the window never waits for one.

use super::{
    incoming::{CAPTIONS, TIMELINES},
    words::tr,
};
use crate::{base::MediaId, session::MEDIA_EXTENSIONS};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Nobody closes a dialog sooner: one that is "closed" by then was never there. A desktop without a portal and without zenity has none,
/// and the library does not tell that from a dialog that was closed.
const FASTEST_HAND: Duration = Duration::from_millis(150);
/// Extensions of the files that transcripts are read from and written to.
const TRANSCRIPTS: &[&str] = &["srt", "vtt", "json"];
const TRANSCRIPT_OUTPUTS: &[&str] = &["srt", "vtt", "txt", "json"];

/// What the user is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Open,
    Import,
    /// A folder whose media come in.
    ImportFolder,
    /// Files for a folder of the bin.
    ImportInto {
        folder: String,
    },
    /// A file to take the place of a media's.
    Relink {
        media: MediaId,
        suggestion: PathBuf,
    },
    /// A folder to look for missing files in.
    RelinkFolder,
    SaveAs {
        suggestion: PathBuf,
    },
    Output {
        suggestion: PathBuf,
    },
    /// A timeline of another program.
    Timeline,
    /// A file of captions.
    Captions,
    CaptionsOutput {
        suggestion: PathBuf,
    },
    TimelineOutput {
        suggestion: PathBuf,
    },
    /// What is said in a media, from elsewhere.
    Transcript {
        media: MediaId,
    },
    TranscriptOutput {
        media: MediaId,
        suggestion: PathBuf,
    },
}

/// What the user chose; a closed dialog sends nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Project(PathBuf),
    Media(Vec<PathBuf>),
    MediaInto {
        paths: Vec<PathBuf>,
        folder: String,
    },
    Relink {
        media: MediaId,
        path: PathBuf,
    },
    RelinkFolder(PathBuf),
    SaveAs(PathBuf),
    Output(PathBuf),
    Timeline(PathBuf),
    Captions(PathBuf),
    CaptionsOutput(PathBuf),
    TimelineOutput(PathBuf),
    Transcript {
        media: MediaId,
        path: PathBuf,
    },
    TranscriptOutput {
        media: MediaId,
        path: PathBuf,
    },
    /// The desktop has no file dialog to show.
    NoDialog,
}

/// Shows a dialog and sends the answer, now or later. Tests answer by themselves.
pub type ShowDialog = Box<dyn Fn(Ask, Sender<Chosen>)>;

/// Open dialogs and their answers.
pub struct Dialogs {
    show: ShowDialog,
    tell: Sender<Chosen>,
    answers: Receiver<Chosen>,
}

impl Dialogs {
    pub fn new(show: ShowDialog) -> Self {
        let (tell, answers) = unbounded();
        Self { show, tell, answers }
    }

    pub fn ask(&self, ask: Ask) {
        (self.show)(ask, self.tell.clone());
    }

    pub fn answers(&self) -> impl Iterator<Item = Chosen> + '_ {
        self.answers.try_iter()
    }
}

/// The desktop's own dialogs. `wake` is called when an answer is there.
pub fn desktop(wake: Arc<dyn Fn() + Send + Sync>) -> ShowDialog {
    Box::new(move |ask, tell| {
        let (wake, words) = (wake.clone(), Words::of(&ask));
        let run = move || {
            let begun = Instant::now();
            let none = || Some(Chosen::NoDialog).filter(|_| begun.elapsed() < FASTEST_HAND);
            if let Some(chosen) = show(ask, words).or_else(none) {
                // the window may be gone by now
                let _ = tell.send(chosen);
                wake();
            }
        };
        if let Err(e) = std::thread::Builder::new().name("file dialog".into()).spawn(run) {
            tracing::error!("a file dialog could not be opened: {e}");
        }
    })
}

/// A dialog's words, taken on the window's thread: the dialog's own does not know the language.
struct Words {
    title: String,
    project: String,
    media: String,
    timeline: String,
    captions: String,
    transcript: String,
    all: String,
}

impl Words {
    fn of(ask: &Ask) -> Self {
        let title = match ask {
            Ask::Open => "shell-ask-open",
            Ask::Import | Ask::ImportInto { .. } => "shell-ask-import",
            Ask::ImportFolder => "shell-ask-import-folder",
            Ask::Relink { .. } => "shell-ask-relink",
            Ask::RelinkFolder => "shell-ask-relink-folder",
            Ask::SaveAs { .. } => "shell-ask-save-as",
            Ask::Output { .. } => "shell-ask-output",
            Ask::Timeline => "shell-ask-timeline",
            Ask::Captions => "shell-ask-captions",
            Ask::CaptionsOutput { .. } => "shell-ask-captions-output",
            Ask::TimelineOutput { .. } => "shell-ask-timeline-output",
            Ask::Transcript { .. } => "shell-ask-transcript",
            Ask::TranscriptOutput { .. } => "shell-ask-transcript-output",
        };
        Self {
            title: tr(title),
            project: tr("shell-filter-project"),
            media: tr("shell-filter-media"),
            timeline: tr("shell-filter-timeline"),
            captions: tr("shell-filter-captions"),
            transcript: tr("shell-filter-transcript"),
            all: tr("shell-filter-all"),
        }
    }
}

fn show(ask: Ask, words: Words) -> Option<Chosen> {
    let dialog = rfd::FileDialog::new().set_title(words.title);
    let at = |dialog: rfd::FileDialog, suggestion: &PathBuf| {
        let name = suggestion.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = suggestion.parent().filter(|f| !f.as_os_str().is_empty());
        match folder {
            Some(folder) => dialog.set_directory(folder).set_file_name(name),
            None => dialog.set_file_name(name),
        }
    };
    let project: &[&str] = &["montage"];
    // any other file can be chosen too
    let media = |dialog: rfd::FileDialog| dialog.add_filter(&words.media, MEDIA_EXTENSIONS).add_filter(&words.all, &["*"]);
    match ask {
        Ask::Open => dialog.add_filter(&words.project, project).pick_file().map(Chosen::Project),
        Ask::Import => media(dialog).pick_files().map(Chosen::Media),
        Ask::ImportFolder => dialog.pick_folders().map(Chosen::Media),
        Ask::ImportInto { folder } => media(dialog).pick_files().map(|paths| Chosen::MediaInto { paths, folder }),
        Ask::Relink { media: id, suggestion } => media(at(dialog, &suggestion)).pick_file().map(|path| Chosen::Relink { media: id, path }),
        Ask::RelinkFolder => dialog.pick_folder().map(Chosen::RelinkFolder),
        Ask::SaveAs { suggestion } => at(dialog, &suggestion).add_filter(&words.project, project).save_file().map(Chosen::SaveAs),
        Ask::Timeline => dialog.add_filter(&words.timeline, TIMELINES).add_filter(&words.all, &["*"]).pick_file().map(Chosen::Timeline),
        Ask::Captions => dialog.add_filter(&words.captions, CAPTIONS).add_filter(&words.all, &["*"]).pick_file().map(Chosen::Captions),
        Ask::CaptionsOutput { suggestion } => {
            at(dialog, &suggestion).add_filter(&words.captions, CAPTIONS).save_file().map(Chosen::CaptionsOutput)
        }
        Ask::TimelineOutput { suggestion } => at(dialog, &suggestion).save_file().map(Chosen::TimelineOutput),
        Ask::Transcript { media } => dialog
            .add_filter(&words.transcript, TRANSCRIPTS)
            .add_filter(&words.all, &["*"])
            .pick_file()
            .map(|path| Chosen::Transcript { media, path }),
        Ask::TranscriptOutput { media, suggestion } => at(dialog, &suggestion)
            .add_filter(&words.transcript, TRANSCRIPT_OUTPUTS)
            .save_file()
            .map(|path| Chosen::TranscriptOutput { media, path }),
        Ask::Output { suggestion } => at(dialog, &suggestion).save_file().map(Chosen::Output),
    }
}
