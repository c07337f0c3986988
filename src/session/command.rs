//! Everything that a face of the program can ask of a session.

use super::{Enlarge, Monitor, MontageWish, SpeechWish, Transport, UpscaleWish, Without, jobs::CaptionsTo, search::SearchWish};
use crate::{base::MediaId, edit::EditCommand, model::Stabilize, store::Setting};
use std::path::PathBuf;

/// A wish. Window, command line and (later) the HTTP API send the same ones.
#[derive(Clone, Debug)]
pub enum Command {
    /// One edit, one undo step (unless inside a gesture).
    Edit(EditCommand),
    /// Inside a gesture: replaces the gesture's previous absolute edit, so that a drag applies its target, not its path.
    EditAbsolute(EditCommand),
    /// Start a gesture; everything until [`Command::Commit`] is one undo step of this name.
    Begin(&'static str),
    Commit,
    /// End the gesture and put everything back.
    Abort,
    Undo,
    Redo,
    /// Move the playhead and show exactly that frame.
    Seek(i64),
    /// Move the playhead while the pointer drags: a quick picture is welcome.
    Scrub(i64),
    /// Move the playhead by frames.
    Step(i64),
    Play,
    Pause,
    TogglePlay,
    /// The same and more for the program viewer.
    Program(Transport),
    /// For the source viewer; nothing happens while it is empty.
    Source(Transport),
    /// Show a media of the bin in the source viewer.
    OpenSource(MediaId),
    CloseSource,
    /// How a window begins: with this project or none, and with what a crash has left. With `recover` unsaved work on just that
    /// project comes back by itself, and without a project the newest does; the rest is offered by `Session::recoverable`.
    Start {
        open: Option<PathBuf>,
        recover: bool,
    },
    New,
    Open(PathBuf),
    Save,
    SaveAs(PathBuf),
    /// The user is done with the document; what is not saved shall not come back at the next start.
    Close,
    /// Bring unsaved work of before a crash into the window, by its number in `Session::recoverable`.
    Recover(u64),
    DiscardRecovery(u64),
    /// Find the earlier versions of the open project, for `Session::versions`.
    ListVersions,
    /// Put an earlier version in the place of the open project, not yet saved.
    OpenVersion(PathBuf),
    /// Bring files, and what is in folders, into the media bin; probing runs in the background.
    Import(Vec<PathBuf>),
    /// As [`Command::Import`], into a folder of the bin.
    ImportInto {
        paths: Vec<PathBuf>,
        folder: String,
    },
    /// Stop all importing; what is there stays.
    CancelImport,
    /// Let another file take the place of a media's; probing runs in the background.
    Relink {
        media: MediaId,
        path: PathBuf,
    },
    /// Look for every missing file in a folder and those in it, by name and content; what is found waits in `Session::relinks`.
    FindMissing(PathBuf),
    /// Let the files that were found for these media take the places of the missing ones, as one undo step.
    ApplyRelinks(Vec<MediaId>),
    /// Take nothing of what was found.
    CloseRelinks,
    /// Show a media's file in the desktop's file manager.
    RevealMedia(MediaId),
    /// Put media at the end of the timeline, in this order.
    Append(Vec<MediaId>),
    /// Render the sequence; `range` is in frames, end exclusive.
    Export {
        output: PathBuf,
        preset: String,
        range: Option<(i64, i64)>,
        /// Proxies may take the place of originals that are missing.
        allow_proxies: bool,
        /// Where the captions go.
        captions: CaptionsTo,
    },
    /// Write the open sequence for another program.
    ExportTimeline {
        output: PathBuf,
        format: super::TimelineFormat,
        options: super::TimelineOptions,
    },
    /// Put a timeline of another program in the place of the open project, not yet saved.
    ImportTimeline {
        path: PathBuf,
        /// Look into media outside of the timeline's folder too.
        all_media: bool,
    },
    /// Have proxies made of these, as one batch of jobs; what has one already, or can have none, is left out. Each goes into the
    /// document when it is there.
    MakeProxies(Vec<MediaId>),
    /// Proxies that were offered are not wanted.
    DeclineProxies,
    /// Put the captions of a file in the place of the open sequence's.
    ImportCaptions(PathBuf),
    /// Write the open sequence's captions.
    ExportCaptions(PathBuf),
    /// Take media's proxies out of the document.
    RemoveProxies(Vec<MediaId>),
    /// What is said in media.
    Speech(SpeechWish),
    /// Footage found by what is asked for.
    Search(SearchWish),
    /// Models and upscaled pictures of media.
    Upscaling(UpscaleWish),
    /// The automatic montage.
    Montage(MontageWish),
    /// Have the motion of these media's cameras analysed, for clips that are steadied.
    AnalyseMotion(Vec<MediaId>),
    /// Plan the path that a media takes with these settings, for [`super::SteadyState::Planned`].
    PlanSteady {
        media: MediaId,
        wish: Box<Stabilize>,
    },
    CancelJob(u64),
    /// Let a job stand; others take its place.
    PauseJob(u64),
    /// Let a paused job go on, or take up one that was interrupted when its program ended.
    ResumeJob(u64),
    /// Do a failed or cancelled job again.
    RetryJob(u64),
    /// Take all ended jobs off the list.
    ClearJobs,
    /// Measure what lies in the cache, for `Session::storage`.
    LookAtStorage,
    /// Remove everything from the cache that can be made again and is not in use.
    ClearStorage,
    /// Show the cache in the desktop's file manager.
    RevealStorage,
    /// Show jobs of other programs of this user as they change: while somebody looks at the list.
    WatchJobs(bool),
    /// Show a finished job's output in the desktop's file manager.
    RevealOutput(u64),
    /// Viewer quality: 1 full, 2 half, 4 quarter, 0 automatic.
    SetQuality(u32),
    /// Draw the program without this as well, for a comparison of before and after.
    Compare(Option<Without>),
    /// Show this upscaled by the usual model, wherever a playhead rests.
    Enlarge(Enlarge),
    /// Count what the scopes show of this viewer's picture; None while nobody looks at them.
    Scopes(Option<Monitor>),
    /// Put out the meters' over-indicators.
    ResetMeters,
    /// Change a setting of this user; it is kept for the next start.
    Set(Setting),
}
