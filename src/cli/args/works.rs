//! Arguments of what works on films, pictures and music: proxies, steadying, enlarging, listening, cutting by itself.

use crate::{
    base::FrameRate,
    session::montage::{Counting, DEFAULT_MODEL, DEFAULT_URL, RATES, SHORT_SIDE, counting},
};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
pub(in crate::cli) struct ProxyArgs {
    /// Media files and projects
    #[arg(required = true, value_name = "PROJECT|MEDIA")]
    pub inputs: Vec<PathBuf>,
    /// `mjpeg` is quickest to seek in, `h264` takes less room
    #[arg(long, value_enum, default_value_t = ProxyCodec::Mjpeg)]
    pub format: ProxyCodec,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum ProxyCodec {
    Mjpeg,
    H264,
}

#[derive(Args)]
pub(in crate::cli) struct StabilizeArgs {
    /// A film
    pub input: PathBuf,
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// How still: 0 leaves the most of the camera's own movement
    #[arg(long, value_name = "0..1", value_parser = strength)]
    pub smoothness: Option<f32>,
    /// How edges are hidden
    #[arg(long, value_enum)]
    pub zoom: Option<SteadyZoom>,
    /// Largest share of the picture that may be cut off
    #[arg(long, value_name = "0..0.3", value_parser = crop)]
    pub max_crop: Option<f32>,
    /// As if the camera had stood still
    #[arg(long)]
    pub tripod: bool,
    /// The camera's motion is read from this file, or written to it where there is none
    #[arg(long, value_name = "FILE")]
    pub analysis: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum SteadyZoom {
    None,
    Static,
    Dynamic,
}

fn crop(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v| (0.0..=0.3).contains(v)).ok_or_else(|| format!("{text:?} is not within 0 to 0.3"))
}

#[derive(Args)]
pub(in crate::cli) struct TranscribeArgs {
    /// A film or a sound; with --import also a project
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// How the text is written; by the output's extension unless given
    #[arg(short, long, value_enum)]
    pub format: Option<TextForm>,
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// A name of `montage-ai models list`, a ggml file of Whisper or a folder of them; the best that is here unless given. With a
    /// server, its name there: MONTAGE_AI_SPEECH_MODEL unless given
    #[arg(long, value_name = "NAME|PATH")]
    pub model: Option<String>,
    /// Recognise on this machine, even where MONTAGE_AI_SPEECH_URL names a server
    #[arg(long, conflicts_with = "endpoint")]
    pub here: bool,
    /// Language that is spoken, such as `de`
    #[arg(long, value_name = "CODE|auto", value_parser = language)]
    pub language: Option<String>,
    /// A recogniser with OpenAI's interface; MONTAGE_AI_SPEECH_URL unless given. A key is read from MONTAGE_AI_SPEECH_KEY
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = crate::session::jobs::USUAL_RECOGNISER)]
    pub endpoint: Option<String>,
    /// Take this transcript (.srt, .vtt, .json): into the project, or as the film's words from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["endpoint", "model", "language", "here"])]
    pub import: Option<PathBuf>,
    /// Which media of the project it belongs to, where there are several
    #[arg(long, value_name = "NAME", requires = "import")]
    pub media: Option<String>,
}

#[derive(Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["query", "script"]))]
pub(in crate::cli) struct BrollArgs {
    /// A project, a folder with media (and folders in it), or one file
    #[arg(value_name = "PROJECT|DIR")]
    pub input: PathBuf,
    /// What is needed: words that are said or written about it, or a look such as "dark and quiet" or "fast pan to the left"
    #[arg(long, value_name = "TEXT")]
    pub query: Option<String>,
    /// A text file; shots are found for each of its sentences. `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Shots of a query or sentence, at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub limit: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum TextForm {
    Srt,
    Vtt,
    Txt,
    Json,
}

fn language(text: &str) -> Result<String, String> {
    let code = (2..=35).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if code { Ok(text.to_owned()) } else { Err(format!("{text:?} is not a language; write a code such as de, or auto")) }
}

#[derive(Args)]
pub(in crate::cli) struct UpscaleArgs {
    /// A picture or a film
    pub input: PathBuf,
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// A name of `montage-ai models list`, or a file of weights
    #[arg(long, value_name = "NAME|PATH")]
    pub model: Option<String>,
    /// How many times as wide and high
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..=4))]
    pub scale: u32,
    /// Pixels of the shorter side instead
    #[arg(long, value_name = "1080p|1440p|2160p", value_parser = lines, conflicts_with = "scale")]
    pub to: Option<u32>,
    /// Only a part of a film, which becomes a film of its own: seconds (2.5..10) or frames (75f..300f), end exclusive
    #[arg(long, value_name = "A..B", value_parser = super::range)]
    pub range: Option<(super::Position, super::Position)>,
    /// Side of the tiles in pixels, 0 = whole pictures; by the device's memory unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=8192))]
    pub tile: Option<u16>,
    /// Strength against noise, of models that have it (realesr-general-x4v3)
    #[arg(long, value_name = "0..1", value_parser = strength)]
    pub denoise: Option<f32>,
}

#[derive(Subcommand)]
pub(in crate::cli) enum ModelsCommand {
    /// All names, and what is on this machine
    List,
    /// Fetch an official model; it goes on where it was interrupted
    Pull {
        name: String,
        /// Take it from this folder
        #[arg(long, value_name = "FOLDER")]
        from: Option<PathBuf>,
    },
    /// Check the models on this machine
    Verify,
}

fn strength(text: &str) -> Result<f32, String> {
    text.parse().ok().filter(|v| (0.0..=1.0).contains(v)).ok_or_else(|| format!("{text:?} is not within 0 to 1"))
}

/// `1080p`, `1080`, `4k`.
fn lines(text: &str) -> Result<u32, String> {
    let text = text.to_lowercase();
    if text == "4k" {
        return Ok(2160);
    }
    let n = text.strip_suffix('p').unwrap_or(&text).parse().ok().filter(|n| (16..=8640).contains(n));
    n.ok_or_else(|| format!("{text:?} is not a size such as 1080p, 1440p, 2160p"))
}

#[derive(Args)]
pub(in crate::cli) struct BeatsArgs {
    pub audio: PathBuf,
    #[command(flatten)]
    pub count: CountArgs,
}

/// How beats are counted; unless given the analysis chooses.
#[derive(Args)]
pub(in crate::cli) struct CountArgs {
    /// Look around this tempo, in beats per minute
    #[arg(long, value_name = "BPM", value_parser = tempo)]
    pub tempo: Option<f64>,
    /// Count twice as fast
    #[arg(long, conflicts_with = "half")]
    pub double: bool,
    /// Count half as fast
    #[arg(long)]
    pub half: bool,
    /// Beats of a bar
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=16))]
    pub beats_per_bar: Option<u8>,
    /// Every bar begins so many beats later
    #[arg(long, value_name = "BEATS", default_value_t = 0, allow_negative_numbers = true, value_parser = bar_offset)]
    pub bar_offset: i32,
}

impl CountArgs {
    pub fn counting(&self) -> Counting {
        let times = match (self.double, self.half) {
            (true, _) => 2.0,
            (_, true) => 0.5,
            _ => 1.0,
        };
        let beats_per_bar = self.beats_per_bar.map(usize::from);
        Counting { tempo_bpm: self.tempo, times, beats_per_bar, bar_offset: self.bar_offset }
    }
}

fn bar_offset(text: &str) -> Result<i32, String> {
    let beats = text.parse().ok().filter(|b| counting::BAR_OFFSET.contains(b));
    beats.ok_or_else(|| {
        format!("{text:?} is not a number of beats between {} and {}", counting::BAR_OFFSET.start(), counting::BAR_OFFSET.end())
    })
}

fn tempo(text: &str) -> Result<f64, String> {
    let bpm = text.parse().ok().filter(|b| counting::TEMPO_BPM.contains(b));
    bpm.ok_or_else(|| format!("{text:?} is not a tempo between 50 and 210 beats per minute"))
}

#[derive(Args)]
pub(in crate::cli) struct ScenesArgs {
    pub video: PathBuf,
}

#[derive(Args)]
pub(in crate::cli) struct MontageArgs {
    /// Films and pictures
    #[arg(required = true)]
    pub media: Vec<PathBuf>,
    /// The music; without it the cuts are even
    #[arg(long, value_name = "FILE")]
    pub music: Option<PathBuf>,
    /// See `montage-ai styles`; from the prompt unless given
    #[arg(long, value_name = "NAME")]
    pub style: Option<String>,
    /// What it shall be like, in words (English, German, French): "a calm wedding film, 90 seconds"
    #[arg(long, value_name = "TEXT")]
    pub prompt: Option<String>,
    /// Length at most; as long as the music unless given
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub duration: Option<f64>,
    /// The same seed gives the same film
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Point of the music at which the film begins
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub music_start: f64,
    #[command(flatten)]
    pub count: CountArgs,
    /// Shape of the film, such as 9:16; from the footage unless given
    #[arg(long, value_name = "W:H", value_parser = aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Lines of the film's shorter side, such as 1080p; from the footage unless given
    #[arg(long, value_name = "LINES", value_parser = film_lines)]
    pub size: Option<u32>,
    /// Pictures per second, such as 25 or 30000/1001; from the footage unless given
    #[arg(long, value_name = "RATE", value_parser = film_rate)]
    pub fps: Option<FrameRate>,
    /// Ask a language model what the prompt means: any server that speaks OpenAI's protocol; a key is taken from
    /// MONTAGE_AI_LLM_KEY or OPENAI_API_KEY. Only the prompt is sent
    #[arg(long, value_name = "URL", num_args = 0..=1, require_equals = true, default_missing_value = DEFAULT_URL)]
    pub llm: Option<String>,
    /// The model's name there
    #[arg(long, value_name = "NAME", default_value = DEFAULT_MODEL)]
    pub llm_model: String,
    /// The project to write
    #[arg(short, long, value_name = "PROJECT")]
    pub output: Option<PathBuf>,
    /// Also render the film to this file
    #[arg(long, value_name = "FILE")]
    pub export: Option<PathBuf>,
}

fn seconds(text: &str) -> Result<f64, String> {
    let secs = text.parse().ok().filter(|s| (0.0..=86_400.0).contains(s));
    secs.ok_or_else(|| format!("{text:?} is not a number of seconds within a day"))
}

fn film_lines(text: &str) -> Result<u32, String> {
    lines(text).ok().filter(|n| SHORT_SIDE.contains(n)).ok_or_else(|| format!("{text:?} is not a size such as 720p, 1080p, 2160p"))
}

fn film_rate(text: &str) -> Result<FrameRate, String> {
    let rate: FrameRate = text.parse().map_err(|e: crate::base::ParseTimeError| e.to_string())?;
    if RATES.contains(&rate.as_f64()) { Ok(rate) } else { Err(format!("{text:?} is not within 10 to 120 pictures per second")) }
}

fn aspect(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(':').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    parts.filter(|(w, h)| (1..=100).contains(w) && (1..=100).contains(h)).ok_or_else(|| format!("{text:?} is not a shape; write 16:9"))
}
