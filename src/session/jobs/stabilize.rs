//! A film without its shake, as a job of its own: the camera's motion from the cache (or a file, or measured now), then an export of the
//! film by itself, steadied.

use super::{
    Cache, Ended, Failure, JobContext, JobSpec, Lane, MakeDevice, MakeRenderer, Progress, Runner, WorkKey, export, kinds,
    steady::{self, Measured},
};
pub use crate::model::StabilizeZoom;
use crate::{
    base::{Trouble, words::say},
    engine::{self, ExportProgress, ExportRequest, Motions, Paths, SteadyNote},
    model::{ClipContent, Project, Stabilize, TrackKind},
    session::batch,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// How much of the work the measuring is, where it is to be done.
const MEASURING: f32 = 0.4;

/// What is wanted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StabilizeAsk {
    pub wish: Stabilize,
    /// The camera's motion is read from this file, or written to it where there is none.
    #[serde(default)]
    pub analysis: Option<PathBuf>,
}

/// A wish in numbers from outside; what is not said is as usual.
pub fn steady_wish(smoothness: Option<f64>, max_crop: Option<f64>, zoom: Option<StabilizeZoom>, tripod: bool) -> Stabilize {
    let usual = Stabilize::default();
    Stabilize {
        smoothness: smoothness.map_or(usual.smoothness, |v| v as f32),
        max_crop: max_crop.map_or(usual.max_crop, |v| v as f32),
        zoom: zoom.unwrap_or(usual.zoom),
        tripod,
        ..usual
    }
}

/// All that the runner needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    input: PathBuf,
    output: PathBuf,
    ask: StabilizeAsk,
}

/// What is to be done for one film.
pub(super) fn spec(input: &Path, output: &Path, ask: &StabilizeAsk) -> Result<JobSpec, Trouble> {
    let absolute = |path: &Path| {
        let wrong = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = path.display().to_string()).trouble();
        std::path::absolute(path).map_err(wrong)
    };
    let (input, output) = (absolute(input)?, absolute(output)?);
    if engine::preset_for(&output).is_none() {
        let extension = output.extension().map_or_else(String::new, |e| e.to_string_lossy().to_lowercase());
        return Err(say!("session-no-preset", preset = extension).trouble());
    }
    let ask = StabilizeAsk { analysis: ask.analysis.as_deref().map(absolute).transpose()?, ..ask.clone() };
    let key = WorkKey::of(["stabilize", &input.to_string_lossy(), &output.to_string_lossy(), &format!("{ask:?}")]);
    let subject = output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(JobSpec::new(kinds::STABILIZE, subject, json!(Params { input, output, ask }), Lane::Cpu).keyed(key))
}

/// Steadies films.
pub(super) struct Steadier {
    renderer: MakeRenderer,
    device: MakeDevice,
    cache: Cache,
}

impl Steadier {
    pub fn new(renderer: MakeRenderer, device: MakeDevice, cache: Cache) -> Self {
        Self { renderer, device, cache }
    }
}

/// The film by itself, with all its pictures steadied.
fn project(input: &Path, wish: &Stabilize) -> Result<Project, Trouble> {
    let mut project = batch::open(input)?;
    let sequence = Arc::make_mut(&mut project.sequence);
    for track in sequence.tracks.iter_mut().filter(|t| t.kind == TrackKind::Video) {
        for clip in &mut Arc::make_mut(track).clips {
            if matches!(clip.content, ClipContent::Media { .. }) {
                Arc::make_mut(clip).stabilize = Some(Box::new(*wish));
            }
        }
    }
    Ok(project)
}

impl Runner for Steadier {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let part = |from: f32, share: f32| {
            move |told: ExportProgress| {
                let fraction = from + share * told.fraction;
                cx.progress(Progress { fraction, step: String::new(), rate: told.frames_per_sec, secs_left: told.secs_left });
                let _ = cx.check();
            }
        };
        let Measured { hash, track, file, is_new } =
            steady::track(&self.cache, &p.input, p.ask.analysis.as_deref(), &self.device, cx.stop_flag(), &mut part(0.0, MEASURING))?;
        let project = project(&p.input, &p.ask.wish).map_err(Failure::permanent)?;
        let motions = Motions::new(move |_| Some(track.clone()));
        let told = Paths::new(motions.clone()).figures(hash, &p.ask.wish);
        let Some(preset) = engine::preset_for(&p.output) else {
            return Err(Failure::permanent(say!("session-no-preset", preset = p.output.display().to_string()).trouble()).into());
        };
        let renderer = (self.renderer)().map_err(Failure::permanent)?;
        let work_dir = Some(cx.work_dir().to_owned());
        let project = Arc::new(project);
        let request = ExportRequest {
            project,
            output: p.output,
            preset,
            range: None,
            captions: engine::CaptionsTo::default(),
            allow_proxies: false,
            work_dir,
            motions,
        };
        let from = if is_new { MEASURING } else { 0.0 };
        let report = engine::export(&request, renderer, cx.stop_flag(), &mut part(from, 1.0 - from)).map_err(|e| export::ended(&e))?;
        report.warnings.iter().for_each(|w| cx.log(w.clone()));
        Ok(json!({
            "output": request.output,
            "frames": report.frames,
            "crop": told.as_ref().map_or(0.0, |t| 1.0 - t.kept.max(0.0).sqrt()),
            "analysis": file,
            "notes": told.map_or_else(Vec::new, |t| t.notes.iter().map(SteadyNote::text).collect()),
            "wall_secs": report.wall_secs,
            "warnings": report.warnings,
        }))
    }

    /// Whoever asks again wants the file written again.
    fn still_good(&self, _: &Value) -> bool {
        false
    }
}
