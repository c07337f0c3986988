//! Montages as jobs: look at the footage, plan, write the project, and export it where that was asked for.

use super::{Ended, Failure, JobContext, JobSpec, Lane, MakeRenderer, Progress, Runner, WorkKey, kinds};
use crate::{
    base::Trouble,
    session::{
        batch::{self, ExportWish},
        montage::{self, MontageError, Wish},
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

/// Part of the work that planning is, where the film is exported too.
const PLANNING: f32 = 0.4;

/// All that a montage needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    wish: Wish,
    /// The project to write.
    output: PathBuf,
    export: Option<PathBuf>,
}

/// What is to be done. Paths are absolute.
pub(super) fn spec(wish: Wish, output: &Path, export: Option<&Path>) -> JobSpec {
    let subject = output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let params = json!(Params { wish, output: output.into(), export: export.map(Into::into) });
    // the files of a wish may have changed: it is the same work only while it is under way, and then it has the same text
    let key = WorkKey::of(["montage", &params.to_string()]);
    JobSpec::new(kinds::MONTAGE, subject, params, Lane::Cpu).keyed(key)
}

/// Makes montages.
pub(super) struct Montage {
    renderer: MakeRenderer,
}

impl Montage {
    pub fn new(renderer: MakeRenderer) -> Self {
        Self { renderer }
    }
}

impl Runner for Montage {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let whole = if p.export.is_some() { PLANNING } else { 1.0 };
        let stop = || cx.stop_flag().load(Ordering::Relaxed);
        let told = |fraction: f32, step: &str| cx.progress(Progress { fraction, step: step.to_owned(), rate: 0.0, secs_left: None });
        let made = montage::make(&p.wish, &stop, &mut |part, step| told(part * whole, step)).map_err(ended)?;
        batch::save(&p.output, &made.project).map_err(Failure::permanent)?;
        let secs = made.project.sequence.duration_time().as_secs_f64();
        if let Some(film) = &p.export {
            let renderer = (self.renderer)().map_err(Failure::permanent)?;
            let wish = ExportWish { preset: None, range: None, allow_proxies: false };
            let export = batch::export(Arc::new(made.project), film, wish, renderer, cx.stop_flag(), &mut |e| {
                told(PLANNING + (1.0 - PLANNING) * e.fraction, "");
            });
            if stop() {
                return Err(Ended::Stopped);
            }
            export.map_err(Failure::permanent)?.warnings.iter().for_each(|w| cx.log(w.clone()));
        }
        Ok(json!({
            "project": p.output, "output": p.export.as_ref().unwrap_or(&p.output), "export": p.export, "duration_secs": secs,
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
