//! What a face of the program can see of a session: plain values, replaced whole.

use crate::{
    base::{FrameRate, Severity, Time},
    engine::Enlarged,
    gpu::Rendered,
};
use std::{path::PathBuf, sync::Arc};

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
    /// Whether `image` is upscaled, or will be.
    pub enlarged: Enlarged,
    /// Quality of `image`: 1 full, 2 half, 4 quarter.
    pub divisor: u32,
    /// What was asked for: 1, 2, 4, or 0 for automatic.
    pub quality: u32,
    /// Frames that playback has skipped since it started.
    pub dropped_frames: u64,
}

impl Default for Viewer {
    fn default() -> Self {
        Self {
            image: None,
            before: None,
            image_serial: 0,
            frame: 0,
            state: ViewState::Loading,
            enlarged: Enlarged::No,
            divisor: 1,
            quality: 0,
            dropped_frames: 0,
        }
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum JobState {
    /// Its turn comes when others before it are done.
    #[default]
    Queued,
    Waiting(JobWait),
    Running,
    Paused,
    /// The program that ran it has ended; `Command::ResumeJob` takes it up where it was.
    Interrupted,
    Completed,
    Failed,
    Cancelled,
}

impl JobState {
    /// Nothing more happens by itself.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// What a job waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobWait {
    /// The job of this id.
    Job(u64),
    /// The next attempt, at this time in milliseconds since 1970.
    Retry(u64),
}

/// A job as the window shows it: a row of the table of all jobs (see `session::jobs`), in words.
#[derive(Clone, Debug, Default)]
pub struct JobStatus {
    pub id: u64,
    /// `export`, `proxy`, …: see `session::jobs::kinds`.
    pub kind: String,
    /// `Exporting day.mp4`.
    pub title: String,
    /// What it works on: usually a file's name.
    pub subject: String,
    pub state: JobState,
    /// 0–1.
    pub progress: f32,
    /// What it does now; empty while there is nothing to say.
    pub step: String,
    /// Frames per second; 0 while not known.
    pub rate: f32,
    /// Seconds.
    pub time_left: Option<f32>,
    /// Runs begun.
    pub attempts: u32,
    /// Jobs of one number were asked for together.
    pub batch: Option<u64>,
    /// What it writes; empty where that is no file.
    pub output: PathBuf,
    /// Why it failed, or why the last attempt did.
    pub error: Option<Notice>,
    /// What it noted on the way, oldest first.
    pub log: Arc<Vec<String>>,
    /// False while another program of this user has it: it takes wishes all the same.
    pub ours: bool,
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

/// `29.97`, `25`.
pub(super) fn rate_text(r: FrameRate) -> String {
    if r.den() == 1 { r.num().to_string() } else { format!("{:.3}", r.as_f64()).trim_end_matches('0').to_owned() }
}
