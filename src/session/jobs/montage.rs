//! Montages as jobs: look at the footage and plan. The plan is written as a project (and exported where that was asked for), or is the
//! job's result, which a window's session puts into its document.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, MakeRenderer, Progress, Runner, WorkKey, kinds};
use crate::{
    base::Trouble,
    session::{
        batch::{self, ExportWish},
        montage::{self, MontageError, Reroll, Wish},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// Part of the work that planning is, where the film is exported too.
const PLANNING: f32 = 0.4;

/// What becomes of a montage.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum MontageAim {
    /// A project, and a film of it. Paths are absolute.
    Files { output: PathBuf, export: Option<PathBuf> },
    /// The document of a window, which knows it by this number. With a reroll only some shots are chosen.
    Window { document: u64, reroll: Option<Reroll> },
}

/// All that a montage needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    wish: Wish,
    aim: MontageAim,
}

/// What is to be done.
pub(in crate::session) fn spec(wish: Wish, aim: MontageAim) -> JobSpec {
    let name = |p: &PathBuf| p.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (subject, asked) = match &aim {
        MontageAim::Files { output, .. } => (name(output), true),
        // the window says itself how it went
        MontageAim::Window { .. } => (wish.music.as_ref().or(wish.media.first()).map_or_else(String::new, name), false),
    };
    let mut params = json!(Params { wish, aim });
    if let Some(output) = params["aim"]["Files"].get("output").cloned() {
        // where lists look for what a job writes
        params["output"] = output;
    }
    // the files of a wish may have changed: it is the same work only while it is under way, and then it has the same text
    let key = WorkKey::of(["montage", &params.to_string()]);
    JobSpec { asked, ..JobSpec::new(kinds::MONTAGE, subject, params, Lane::Cpu).keyed(key) }
}

/// Makes montages.
pub(super) struct Montage {
    renderer: MakeRenderer,
    cache: Cache,
}

impl Montage {
    pub fn new(renderer: MakeRenderer, cache: Cache) -> Self {
        Self { renderer, cache }
    }
}

impl Runner for Montage {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let mut p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        p.wish.cache = Some(self.cache.root().to_owned());
        let exports = matches!(p.aim, MontageAim::Files { export: Some(_), .. });
        let whole = if exports { PLANNING } else { 1.0 };
        let stop = || cx.stop_flag().load(Ordering::Relaxed);
        let told = |fraction: f32, step: &str| cx.progress(Progress { fraction, step: step.to_owned(), rate: 0.0, secs_left: None });
        if let MontageAim::Window { reroll: Some(what), .. } = &p.aim {
            let rerolled = montage::reroll(&p.wish, what, &stop, &mut |part, step| told(part, step)).map_err(ended)?;
            return Ok(json!({ "rerolled": rerolled }));
        }
        let made = montage::make(&p.wish, &stop, &mut |part, step| told(part * whole, step)).map_err(ended)?;
        let (output, export) = match &p.aim {
            MontageAim::Files { output, export } => (output, export),
            MontageAim::Window { .. } => {
                let media: BTreeMap<_, _> = made.project.media.iter().map(|(id, m)| (*id, &m.file.path)).collect();
                return Ok(json!({
                    "sequence": made.project.sequence, "media": media, "style": made.style, "decisions": made.decisions,
                }));
            }
        };
        batch::save(output, &made.project).map_err(Failure::permanent)?;
        let secs = made.project.sequence.duration_time().as_secs_f64();
        if let Some(film) = export {
            let renderer = (self.renderer)().map_err(Failure::permanent)?;
            let wish = ExportWish::default();
            let export = batch::export(Arc::new(made.project), film, wish, renderer, cx.stop_flag(), &mut |e| {
                told(PLANNING + (1.0 - PLANNING) * e.fraction, "");
            });
            if stop() {
                return Err(Ended::Stopped);
            }
            export.map_err(Failure::permanent)?.warnings.iter().for_each(|w| cx.log(w.clone()));
        }
        Ok(json!({
            "project": output, "output": export.as_ref().unwrap_or(output), "export": export, "duration_secs": secs,
            "cuts": made.cuts, "style": made.style, "decisions": made.decisions,
        }))
    }

    // footage and style may be others by now
    fn still_good(&self, _: &Value) -> bool {
        false
    }
}

fn ended(e: MontageError) -> Ended {
    match e {
        MontageError::Stopped => Ended::Stopped,
        MontageError::Failed(t) => Failure::permanent(t).into(),
    }
}
