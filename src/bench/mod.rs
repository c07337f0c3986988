//! The benchmark suite: each figure beside its peer, on the same work, in the same run.
//!
//! CPU seconds (user + system, all threads) are the figures to trust on a shared machine; wall times are compared only where their
//! benchmark says how.
//! Peers are run as their users would run them, as whole processes; a process's own start is measured and taken off
//! where ours runs inside this process.

mod composite;
mod export;
mod footage;
mod interchange;
mod jobs;
mod montage;
mod music;
mod playback;
mod process;
mod project;
mod proxy;
mod scenes;
mod scrub;
mod search;
mod stabilize;
mod timeline;
mod upscale;

use crate::{base::Trouble, session::AdapterChoice};
use serde::Serialize;

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    /// What it is compared with: `ffmpeg 5.1`, and its value in the same unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    /// Ours over the peer's; below 1 is better than the peer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// The goal that the project has set itself, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<&'static str>,
}

/// A peer's figure.
#[derive(Clone, Debug, Serialize)]
pub struct Peer {
    pub name: String,
    pub value: f64,
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, peer: None, ratio: None, goal: None }
    }
    pub(crate) fn beside(mut self, peer: impl Into<String>, value: f64) -> Self {
        self.ratio = (value > 0.0).then_some(self.value / value);
        self.peer = Some(Peer { name: peer.into(), value });
        self
    }
    pub(crate) fn goal(mut self, goal: &'static str) -> Self {
        self.goal = Some(goal);
        self
    }
}

/// What a benchmark gets.
pub(crate) struct Context<'a> {
    pub adapter: &'a AdapterChoice,
    pub footage: footage::Footage,
    pub say: &'a dyn Fn(&str),
}

type Benchmark = fn(&Context<'_>) -> Result<Vec<Row>, Trouble>;

/// Name, what it measures, and the function.
const SUITE: &[(&str, &str, Benchmark)] = &[
    ("decode", "1080p H.264 to texture", scrub::decode),
    ("scrub", "random frames and steps backwards", scrub::scrub),
    ("playback", "pictures beside their sound, in real time", playback::playback),
    ("composite", "upload, conversion and composite of a frame", composite::composite),
    ("export", "cut list and dissolves to H.264", export::export),
    ("upscale", "a tile through a network on the processor", upscale::upscale),
    ("proxy", "1080p H.264 to a 720p proxy", proxy::proxy),
    ("stabilize", "a shaky 1080p film, and the path of ten minutes", stabilize::stabilize),
    ("jobs", "10,000 jobs that do nothing, and their table", jobs::jobs),
    ("timeline", "a pass of the window with 10,000 and 100,000 clips", timeline::timeline),
    ("interchange", "10,000 clips as OTIO, FCPXML, xmeml, EDL", interchange::interchange),
    ("music", "beats, bars and tempo of generated pieces", music::music),
    ("montage", "planning of five minutes from 200 clips", montage::montage),
    ("scenes", "cuts, flashes, pans, dissolves of a generated reel", scenes::scenes),
    ("search", "1,000 shots indexed and found", search::search),
    ("project", "open and save 10,000 clips, start to first picture", project::project),
];

/// Names and what they measure.
pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
    SUITE.iter().map(|(n, what, _)| (*n, *what))
}

/// Run the named benchmarks, all where none is named.
///
/// # Errors
/// A name is unknown, a peer is not installed, or a benchmark failed.
pub fn run(wanted: &[String], adapter: &AdapterChoice, say: &dyn Fn(&str)) -> Result<Vec<Row>, Trouble> {
    if let Some(unknown) = wanted.iter().find(|w| !SUITE.iter().any(|(n, ..)| n == w)) {
        let known: Vec<&str> = SUITE.iter().map(|(n, ..)| *n).collect();
        return Err(Trouble::new(format!("there is no benchmark {unknown:?}"), format!("choose from: {}", known.join(", "))));
    }
    let context = Context { adapter, footage: footage::Footage::find()?, say };
    let mut rows = Vec::new();
    for (name, what, benchmark) in SUITE {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            say(&format!("{name}: {what}"));
            rows.extend(benchmark(&context)?);
        }
    }
    Ok(rows)
}

/// Median and 95th percentile (nearest rank).
pub(crate) fn p50_p95(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |q: f64| values.get(((values.len().max(1) - 1) as f64 * q).round() as usize).copied().unwrap_or(0.0);
    (at(0.5), at(0.95))
}
