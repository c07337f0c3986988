//! `export` and `presets`.

use super::{
    INTERRUPTED, OUTPUT,
    args::ExportArgs,
    media::{refuse_empty, refuse_overwriting_input},
    report::{Failure, Report},
};
use crate::{
    model::Project,
    session::{
        AdapterChoice, ExportReport,
        batch::{self, ExportWish},
        jobs::CaptionsTo,
    },
};
use serde_json::json;
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};

pub(super) fn export(a: &ExportArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    refuse_overwriting_input(&a.output, &a.project)?;
    if let Some(name) = &a.preset
        && !batch::presets()?.iter().any(|p| p.name == *name)
    {
        return Err(Failure::usage(format!("there is no export preset {name:?}"), "see `montage-ai presets`"));
    }
    let project = batch::open(&a.project)?;
    refuse_empty(&project, &a.project)?;
    let rate = project.sequence.frame_rate;
    let range = a.range.map(|(from, to)| (from.frame(rate), to.frame(rate)));
    let wish = ExportWish {
        preset: a.preset.as_deref(),
        range,
        allow_proxies: a.allow_proxies,
        captions: a.captions.map_or_else(CaptionsTo::default, Into::into),
    };
    let done = run(Arc::new(project), &a.output, wish, adapter, report)?;
    report.result(&result_json(&a.output, &done), &result_text(&a.output, &done))
}

/// Export with progress; Ctrl-C cancels.
pub(super) fn run(
    project: Arc<Project>,
    output: &Path,
    wish: ExportWish<'_>,
    adapter: &AdapterChoice,
    report: &Report,
) -> Result<ExportReport, Failure> {
    let renderer = adapter.renderer()?;
    // one export a process: the first output stays the one
    let _ = OUTPUT.set(output.to_path_buf());
    let mut progress = report.progress("export");
    let done = batch::export(project, output, wish, renderer, &INTERRUPTED, &mut |p| {
        progress.set(p.fraction, "", Some(p.frames_per_sec));
    });
    drop(progress);
    match done {
        Err(_) if INTERRUPTED.load(Ordering::SeqCst) => Err(Failure::interrupted()),
        Err(t) => Err(t.into()),
        Ok(done) => {
            done.warnings.iter().for_each(|w| report.warn(w));
            Ok(done)
        }
    }
}

pub(super) fn result_json(output: &Path, r: &ExportReport) -> serde_json::Value {
    json!({ "output": output, "frames": r.frames, "duration_secs": r.duration.as_secs_f64(), "wall_secs": r.wall_secs, "warnings": r.warnings })
}

pub(super) fn result_text(output: &Path, r: &ExportReport) -> String {
    format!("{}: {} frames, {:.3} s, written in {:.1} s", output.display(), r.frames, r.duration.as_secs_f64(), r.wall_secs)
}

pub(super) fn presets(report: &Report) -> Result<(), Failure> {
    let presets = batch::presets()?;
    let text: Vec<String> = presets
        .iter()
        .map(|p| {
            let missing = if p.available { "" } else { " (no encoder on this machine)" };
            let extension = if p.extension.is_empty() { "folder".to_owned() } else { format!(".{}", p.extension) };
            format!("{:<12} {extension:<7} {} — {}{missing}", p.name, p.title, p.description)
        })
        .collect();
    let list: Vec<_> = presets
        .iter()
        .map(|p| json!({ "name": p.name, "title": p.title, "description": p.description, "extension": p.extension, "available": p.available }))
        .collect();
    report.result(&json!(list), &text.join("\n"))
}
