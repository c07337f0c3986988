//! The window: a face of the session. Panels see shared references and push wishes into a queue; the shell carries them
//! out after the pass. Everything here runs on the UI thread and returns at once: no file, process, decode or device wait
//! (dialogs of the desktop run on a thread of their own and send a message).

mod archive;
mod bin;
pub mod commands;
pub mod dialogs;
pub mod dock;
mod editing;
pub mod edits;
mod export;
pub mod fonts;
mod footage;
mod headless;
mod help;
mod history;
pub mod icons;
mod incoming;
mod index;
mod inspector;
mod interchange;
mod jkl;
mod jobs;
pub mod keymap;
mod markers;
mod montage;
mod offer;
mod palette;
mod perform;
mod pictures;
mod prefs;
pub mod program;
mod relink;
mod run;
mod screens;
mod shell;
mod speaking;
pub mod state;
mod status;
mod storage;
pub mod theme;
pub mod timeline;
mod toasts;
mod topbar;
mod transcript;
mod upscale;
mod viewer;
mod viewing;
mod widgets;

pub use crate::base::words;
pub use headless::Headless;
pub use run::{AppError, AppOptions, run};
pub use shell::Shell;
