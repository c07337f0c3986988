//! Arguments, as clap reads them.

mod works;

use super::report::ProgressStyle;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
pub(super) use works::{
    BeatsArgs, BrollArgs, ModelsCommand, MontageArgs, ProxyArgs, ProxyCodec, ScenesArgs, StabilizeArgs, SteadyZoom, TextForm,
    TranscribeArgs, UpscaleArgs,
};

/// A native video editor. Without a sub-command it opens the window.
#[derive(Parser)]
#[command(name = "montage-ai", version, about, args_conflicts_with_subcommands = true)]
pub struct Cli {
    /// A project, or media to start a new one with
    pub files: Vec<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// One JSON object on stdout instead of text
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// `json` prints one progress object a line on stderr
    #[arg(long, global = true, value_enum, default_value_t = ProgressStyle::Auto)]
    pub(super) progress: ProgressStyle,
    /// More in the log; twice for debugging
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// Errors only
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Open the window without what a crash has left; it is kept and can be had from the File menu of a later start
    #[arg(long)]
    pub(super) no_recovery: bool,
    /// Draw on the processor, whatever graphics there is
    #[arg(long, global = true)]
    pub(super) cpu: bool,
    /// Draw on the adapter whose name contains this
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "cpu")]
    pub(super) gpu: Option<String>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Make the sample film's footage and music, and open (or export) its project
    Demo(DemoArgs),
    /// What a file is
    Probe { file: PathBuf },
    /// A project with each file appended to the timeline
    New(NewArgs),
    /// The composited picture at a time, as PNG
    Frame(FrameArgs),
    /// Render a project (or a media file) to a file
    Export(ExportArgs),
    /// The export presets
    Presets,
    /// Apply edit commands (RON) to a project and save it
    Edit(EditArgs),
    /// Find the missing files of a project again under a folder, by name and content, and save it
    Relink(RelinkArgs),
    /// The jobs of this user: proxies, exports and other long work of all running programs
    Jobs {
        #[command(subcommand)]
        command: Option<JobsCommand>,
    },
    /// Make proxies of media files, or of all films of a project, which then uses them
    Proxy(ProxyArgs),
    /// Make a picture or a film larger with a network (Real-ESRGAN); its sound is kept
    Upscale(UpscaleArgs),
    /// Write down what is said in a film, or take a transcript from elsewhere for it
    Transcribe(TranscribeArgs),
    /// Write a film without its shake
    Stabilize(StabilizeArgs),
    /// The networks: what is here, fetch one, check
    Models {
        #[command(subcommand)]
        command: ModelsCommand,
    },
    /// Tempo, beats, bars, energy and parts of a piece of music
    Beats(BeatsArgs),
    /// Shots of a film: where it is cut, dissolved or faded, and how much moves
    Scenes(ScenesArgs),
    /// Cut footage to music by itself, as a project to go on with
    Montage(MontageArgs),
    /// Find footage that fits a text, or each sentence of a script, and say why
    #[command(visible_alias = "search")]
    Broll(BrollArgs),
    /// Styles of the automatic montage, with all their settings
    Styles,
    /// Serve the HTTP API and its status page until Ctrl-C
    Serve(ServeArgs),
    /// Between a project and the timelines of other programs: .otio, .otioz, .fcpxml, .fcpxmld, .xml, .edl, .csv; .srt and .vtt
    Convert(ConvertArgs),
    /// What works on this machine, and what to install for what does not
    Doctor,
    /// Measure this machine beside its peers (ffmpeg, melt)
    Bench(BenchArgs),
    /// The guarded child of `probe`; without a file it takes one after another from its input
    #[command(name = "__probe", hide = true)]
    ProbeChild { file: Option<PathBuf> },
}

#[derive(Args)]
pub(super) struct DemoArgs {
    /// Folder for the project and the film; the footage itself is cached
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Export instead of opening the window, also where there is a display
    #[arg(long)]
    pub headless: bool,
}

#[derive(Args)]
pub(super) struct NewArgs {
    /// The project file to write, extension .montage
    pub project: PathBuf,
    pub media: Vec<PathBuf>,
    /// Frame rate such as 25 or 30000/1001; from the first clip unless given
    #[arg(long, value_name = "N/D")]
    pub fps: Option<crate::base::FrameRate>,
    /// Picture size; from the first clip unless given
    #[arg(long, value_name = "WxH", value_parser = size)]
    pub size: Option<(u32, u32)>,
}

#[derive(Args)]
pub(super) struct FrameArgs {
    /// A project or a media file
    pub input: PathBuf,
    /// Seconds (12.5) or a frame number (300f)
    #[arg(long, value_name = "SECONDS|FRAMEf", value_parser = position)]
    pub at: Position,
    #[arg(short, long, value_name = "PNG")]
    pub output: PathBuf,
}

#[derive(Args)]
pub(super) struct ExportArgs {
    /// A project or a media file
    pub project: PathBuf,
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// See `montage-ai presets`; from the extension unless given
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Part of the timeline, in seconds or frames: 2.5..10, 75f..300f
    #[arg(long, value_name = "A..B", value_parser = range)]
    pub range: Option<(Position, Position)>,
    /// Export missing originals from their proxies instead of refusing
    #[arg(long)]
    pub allow_proxies: bool,
    /// Where captions go: into the picture, into a track of their own (MP4, MOV, MKV), into an .srt beside the film, nowhere; as the
    /// project says unless given
    #[arg(long, value_enum)]
    pub captions: Option<CaptionsWhere>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum CaptionsWhere {
    Burn,
    Mux,
    Sidecar,
    None,
}

impl From<CaptionsWhere> for crate::session::jobs::CaptionsTo {
    fn from(w: CaptionsWhere) -> Self {
        match w {
            CaptionsWhere::Burn => Self::Burn,
            CaptionsWhere::Mux => Self::Mux,
            CaptionsWhere::Sidecar => Self::Sidecar,
            CaptionsWhere::None => Self::None,
        }
    }
}

#[derive(Args)]
pub(super) struct EditArgs {
    pub project: PathBuf,
    /// File of RON edit commands, one after another; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub commands: PathBuf,
}

#[derive(Args)]
pub(super) struct RelinkArgs {
    pub project: PathBuf,
    /// Look here and in the folders inside
    #[arg(long, value_name = "FOLDER")]
    pub under: PathBuf,
    /// Say what would be linked and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Subcommand)]
pub(super) enum JobsCommand {
    /// All jobs, newest first
    List(JobsListArgs),
    /// One job with its parameters and log
    Show { id: u64 },
    /// Stop a job
    Cancel { id: u64 },
    /// Let a job stand
    Pause { id: u64 },
    /// Run a failed or cancelled job again
    Retry { id: u64 },
    /// Go on with a paused or interrupted job; without a number with all interrupted ones
    Resume { id: Option<u64> },
    /// Drop ended jobs from the list
    Clear,
    /// What jobs have made that can be made again: its folder, its budget, what lies there
    Cache {
        /// Remove all of it that is not in use, and what jobs have left that will not go on
        #[arg(long)]
        clear: bool,
    },
}

#[derive(Args, Default)]
pub(super) struct JobsListArgs {
    /// Only these states: queued, waiting, running, paused, completed, failed, cancelled
    #[arg(long, value_delimiter = ',', value_name = "STATE,…")]
    pub state: Vec<String>,
    /// Only these kinds, such as proxy or export
    #[arg(long, value_delimiter = ',', value_name = "KIND,…")]
    pub kind: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

#[derive(Args)]
pub(super) struct ServeArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8642")]
    pub addr: std::net::SocketAddr,
    /// Folders that requests may name files in; everything else is refused
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    pub root: Vec<PathBuf>,
    /// File with a secret of 16 characters or more, which every request must show; needed where other machines can come
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Further names of this server, for requests through a proxy
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub host: Vec<String>,
}

#[derive(Args)]
pub(super) struct ConvertArgs {
    /// A project, a timeline of another program, a media file, or captions
    pub input: PathBuf,
    /// What to write; its extension says the format
    pub output: PathBuf,
    /// The program that it is for
    #[arg(long, value_name = "PROGRAM", default_value = "generic", value_parser = ["resolve", "premiere", "fcp", "generic"])]
    pub target: String,
    /// Version of FCPXML: 1.9 to 1.13; what the target likes unless given
    #[arg(long, value_name = "1.N", value_parser = fcpxml_version)]
    pub fcpxml: Option<u8>,
    /// Label of the first frame, such as 00:59:50:00; the timeline's own unless given, 01:00:00:00 where that is zero
    #[arg(long, value_name = "TIMECODE")]
    pub start: Option<String>,
    /// Frame rate of a list (.edl) that does not say its own
    #[arg(long, value_name = "N/D")]
    pub fps: Option<crate::base::FrameRate>,
    /// Also look into media that lie outside of the folder of the timeline
    #[arg(long)]
    pub all_media: bool,
}

fn fcpxml_version(text: &str) -> Result<u8, String> {
    let minor = text.strip_prefix("1.").and_then(|n| n.parse().ok()).filter(|n| crate::session::FCPXML_VERSIONS.contains(n));
    minor.ok_or_else(|| format!("{text:?} is not one of 1.9, 1.10, 1.11, 1.12, 1.13"))
}

#[derive(Args)]
pub(super) struct BenchArgs {
    /// Benchmarks to run, all unless given
    pub names: Vec<String>,
}

/// A place on the timeline as a user writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Position {
    Time(crate::base::Time),
    Frame(i64),
}

impl Position {
    /// Frame of a sequence, not clamped; a time means the frame on screen then.
    pub fn frame(self, rate: crate::base::FrameRate) -> i64 {
        match self {
            Self::Frame(f) => f,
            Self::Time(t) => t.to_frames(rate, crate::base::Rounding::Floor),
        }
    }
}

fn position(text: &str) -> Result<Position, String> {
    let bad = || format!("{text:?} is neither seconds (12.5) nor a frame (300f)");
    if let Some(frames) = text.strip_suffix('f') {
        return frames.parse::<u32>().map(|f| Position::Frame(f.into())).map_err(|_| bad());
    }
    let secs: f64 = text.parse().map_err(|_| bad())?;
    // a day and more of timeline is fine; infinity and negatives are not
    if !(0.0..1e9).contains(&secs) {
        return Err(bad());
    }
    Ok(Position::Time(decimal_time(text).unwrap_or_else(|| crate::base::Time::from_secs_f64(secs))))
}

/// Plain decimals exactly: 0.1 is a tenth of a second, not its nearest binary fraction.
fn decimal_time(text: &str) -> Option<crate::base::Time> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let den = 10i64.pow(fraction.len() as u32);
    let fraction: i64 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    let num = whole.parse::<u32>().ok().map(i64::from)?.checked_mul(den)?.checked_add(fraction)?;
    Some(crate::base::Time::from_ratio(num, den))
}

fn range(text: &str) -> Result<(Position, Position), String> {
    let (a, b) = text.split_once("..").ok_or_else(|| format!("{text:?} is not a range; write 2.5..10 or 75f..300f"))?;
    Ok((position(a)?, position(b)?))
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let bad = || format!("{text:?} is not a size; write 1920x1080");
    let (w, h) = text.split_once(['x', 'X', '×']).ok_or_else(bad)?;
    let (w, h): (u32, u32) = (w.parse().map_err(|_| bad())?, h.parse().map_err(|_| bad())?);
    if w == 0 || h == 0 || w > 16384 || h > 16384 {
        return Err(format!("{text:?} is not within 1x1 to 16384x16384"));
    }
    Ok((w, h))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FrameRate, Time};
    use clap::CommandFactory;

    #[test]
    fn the_arguments_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn positions_are_exact() {
        assert_eq!(position("300f"), Ok(Position::Frame(300)));
        assert_eq!(position("0.1"), Ok(Position::Time(Time::from_ratio(1, 10))));
        assert_eq!(position("1.1").unwrap().frame(FrameRate::FPS_30), 33);
        assert!(position("-1").is_err());
        assert!(position("inf").is_err());
        assert!(position("f").is_err());
        assert_eq!(range("2..75f"), Ok((Position::Time(Time::from_secs(2)), Position::Frame(75))));
    }

    #[test]
    fn sizes_stay_within_reason() {
        assert_eq!(size("1920x1080"), Ok((1920, 1080)));
        assert!(size("0x5").is_err());
        assert!(size("99999x5").is_err());
    }
}
