//! The desktop's file dialogs. Each runs on a thread of its own and answers by message; the window never waits for one.

use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{path::PathBuf, sync::Arc};

/// What the user is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    Open,
    Import,
    SaveAs { suggestion: PathBuf },
    Output { suggestion: PathBuf },
}

/// What the user chose; a closed dialog sends nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Project(PathBuf),
    Media(Vec<PathBuf>),
    SaveAs(PathBuf),
    Output(PathBuf),
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

/// Extensions offered by the import dialog; any other file can be chosen too.
const MEDIA: &[&str] = &[
    "mp4", "mov", "mkv", "webm", "avi", "m4v", "mxf", "ts", "wav", "mp3", "flac", "ogg", "opus", "m4a", "aac", "png", "jpg", "jpeg", "webp",
];

/// The desktop's own dialogs. `wake` is called when an answer is there.
pub fn desktop(wake: Arc<dyn Fn() + Send + Sync>) -> ShowDialog {
    Box::new(move |ask, tell| {
        let wake = wake.clone();
        let run = move || {
            if let Some(chosen) = show(ask) {
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

fn show(ask: Ask) -> Option<Chosen> {
    let at = |suggestion: &PathBuf| {
        let mut dialog = rfd::FileDialog::new();
        if let Some(folder) = suggestion.parent().filter(|f| !f.as_os_str().is_empty()) {
            dialog = dialog.set_directory(folder);
        }
        let name = suggestion.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        dialog.set_file_name(name)
    };
    match ask {
        Ask::Open => {
            let dialog = rfd::FileDialog::new().set_title("Open project").add_filter("Montage project", &["montage"]);
            dialog.pick_file().map(Chosen::Project)
        }
        Ask::Import => {
            let dialog = rfd::FileDialog::new().set_title("Import media").add_filter("Media", MEDIA).add_filter("All files", &["*"]);
            dialog.pick_files().map(Chosen::Media)
        }
        Ask::SaveAs { suggestion } => {
            at(&suggestion).set_title("Save project as").add_filter("Montage project", &["montage"]).save_file().map(Chosen::SaveAs)
        }
        Ask::Output { suggestion } => at(&suggestion).set_title("Export to").save_file().map(Chosen::Output),
    }
}
