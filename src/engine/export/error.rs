//! Why an export did not happen. Nothing is left under the final name in any of these cases.

use crate::{base::UserError, gpu::RenderError, media::MediaError};
use std::path::PathBuf;

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the timeline is empty")]
    Empty,
    #[error("the range {from} to {to} holds no frame of the timeline")]
    BadRange { from: i64, to: i64 },
    #[error("the project itself is broken: {0}")]
    Broken(String),
    #[error("the export would overwrite a file that the film uses: {}", .0.display())]
    OverInput(PathBuf),
    #[error("{}", offline_text(.0))]
    Offline(Vec<PathBuf>),
    #[error("the film has no sound to export")]
    NoSound,
    #[error("the sound is longer than a WAV file can hold (4 GiB)")]
    TooLongForWav,
    #[error(transparent)]
    Media(#[from] MediaError),
    #[error("frame {frame} could not be drawn: {source}")]
    Render { frame: i64, source: RenderError },
    #[error("the export was cancelled")]
    Cancelled,
    #[error("the export stopped unexpectedly: {0}")]
    Stopped(&'static str),
}

fn offline_text(files: &[PathBuf]) -> String {
    let list: Vec<String> = files.iter().map(|p| p.display().to_string()).collect();
    match &list[..] {
        [one] => format!("a file of the film is missing: {one}"),
        more => format!("{} files of the film are missing: {}", more.len(), more.join(", ")),
    }
}

impl UserError for ExportError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Empty | Self::BadRange { .. } => Some("put a clip on the timeline, or choose another range".into()),
            Self::Broken(_) => Some("undo the last step, or open an earlier version of the project".into()),
            Self::OverInput(_) => Some("choose another name".into()),
            Self::Offline(_) => Some("bring the files back or relink them, or remove their clips".into()),
            Self::NoSound => Some("put a clip on an audio track, or choose a preset with pictures".into()),
            Self::TooLongForWav => Some("choose FLAC, which has no such limit, or export a shorter range".into()),
            Self::Media(e) => e.hint(),
            Self::Render { .. } => Some("try the processor in place of the graphics card (--cpu)".into()),
            Self::Cancelled => None,
            Self::Stopped(_) => Some("this is a defect: please report it with the log".into()),
        }
    }
}
