//! `demo`.

use super::{
    INTERRUPTED,
    args::DemoArgs,
    export,
    report::{Failure, Report},
};
use crate::session::{AdapterChoice, batch::ExportWish, demo as make};
use serde_json::json;
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

/// Makes the sample film; the project to open in the window, or None when it was exported.
pub(super) fn demo(a: &DemoArgs, adapter: &AdapterChoice, report: &Report) -> Result<Option<PathBuf>, Failure> {
    let gpu = adapter.context()?;
    let mut progress = report.progress("sample film");
    let made = make::make(a.out.as_deref(), &gpu, &mut |fraction, step| progress.set(fraction, step, None), &INTERRUPTED);
    drop(progress);
    let made = match made {
        Err(_) if INTERRUPTED.load(Ordering::SeqCst) => return Err(Failure::interrupted()),
        other => other?,
    };
    let display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|v| std::env::var_os(v).is_some_and(|x| !x.is_empty()));
    if display && !a.headless {
        return Ok(Some(made.project_file));
    }
    let output = made.project_file.with_extension("mp4");
    let cuts = made.cuts;
    let clips = made.clips;
    let done = export::run(Arc::new(made.project), &output, ExportWish::default(), adapter, report)?;
    report.result(
        &json!({ "project": made.project_file, "output": output, "clips": clips, "cuts": cuts }),
        &format!("project: {}\n{}", made.project_file.display(), export::result_text(&output, &done)),
    )?;
    Ok(None)
}
