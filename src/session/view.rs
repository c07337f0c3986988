//! What a face of the program can see of a session: plain values, replaced whole.

use crate::{
    base::{Severity, Time},
    gpu::Rendered,
};
use std::path::PathBuf;

/// How the viewer's picture relates to the playhead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewState {
    UpToDate,
    /// The picture shown is an earlier or a stand-in one; the right one is on its way.
    Behind,
    /// Nothing has been shown yet.
    Loading,
    Error(String),
}

/// The program viewer.
#[derive(Clone)]
pub struct Viewer {
    /// The last finished picture; stays until the next.
    pub image: Option<Rendered>,
    /// The picture of the same frame without what is compared, while something is.
    pub before: Option<Rendered>,
    /// Counts up with each new image.
    pub image_serial: u64,
    /// Frame that `image` shows.
    pub frame: i64,
    pub state: ViewState,
    /// Quality of `image`: 1 full, 2 half, 4 quarter.
    pub divisor: u32,
    /// What was asked for: 1, 2, 4, or 0 for automatic.
    pub quality: u32,
    /// Frames that playback has skipped since it started.
    pub dropped_frames: u64,
}

impl Default for Viewer {
    fn default() -> Self {
        Self { image: None, before: None, image_serial: 0, frame: 0, state: ViewState::Loading, divisor: 1, quality: 0, dropped_frames: 0 }
    }
}

/// Whether a media file can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum MediaState {
    /// Not looked at yet.
    #[default]
    Loading,
    Online,
    /// With the reason.
    Offline(String),
    /// Readable, but shorter than it declares: the last picture is held from here on.
    EndedEarly(Time),
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// A job as the window shows it.
#[derive(Clone, Debug)]
pub struct JobStatus {
    pub id: u64,
    pub title: String,
    pub state: JobState,
    /// 0–1.
    pub progress: f32,
    /// Frames per second; 0 while not known.
    pub rate: f32,
    /// Seconds.
    pub time_left: Option<f32>,
    pub output: PathBuf,
    pub error: Option<Notice>,
}

/// Something to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub severity: Severity,
    /// Good news is neither warning nor failure.
    pub good: bool,
    pub text: String,
    pub hint: Option<String>,
}

/// For the status line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusLine {
    /// Adapter or processor that draws.
    pub renderer: String,
    /// `1920×1080 · 29.97`.
    pub format: String,
}
