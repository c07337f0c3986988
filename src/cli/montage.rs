//! `montage` and `styles`: the automatic edit.

use super::{
    INTERRUPTED,
    args::MontageArgs,
    media::refuse_overwriting_input,
    report::{Failure, Report},
};
use crate::session::{
    AdapterChoice,
    batch::{self, ExportWish},
    montage::{self, Assistant, MontageError, Style, Wish},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
};

pub(super) fn montage(a: &MontageArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    let output = a.output.clone().unwrap_or_else(|| PathBuf::from("montage.montage"));
    if !batch::is_project(&output) {
        let hint = "write: montage-ai montage CLIP… --music SONG -o film.montage";
        return Err(Failure::usage(format!("a project's name ends in .montage: {}", output.display()), hint));
    }
    for input in a.media.iter().chain(&a.music) {
        refuse_overwriting_input(&output, input)?;
        a.export.as_deref().map_or(Ok(()), |e| refuse_overwriting_input(e, input))?;
    }
    let wish = Wish {
        media: a.media.clone(),
        music: a.music.clone(),
        style: a.style.clone(),
        prompt: a.prompt.clone().unwrap_or_default(),
        duration_secs: a.duration,
        music_start_secs: a.music_start,
        seed: a.seed,
        aspect: a.aspect,
        short_side: a.size,
        frame_rate: a.fps,
        counting: a.count.counting(),
        assistant: a.llm.clone().map(|url| Assistant { url, model: a.llm_model.clone() }),
        record: String::new(),
        cache: None,
    };
    let interrupted = || INTERRUPTED.load(Ordering::SeqCst);
    let mut shown = report.progress("montage");
    let made = montage::make(&wish, &interrupted, &mut |part, step| shown.set(part, step, None));
    drop(shown);
    let made = match made {
        Ok(made) => made,
        Err(MontageError::Stopped) => return Err(Failure::interrupted()),
        Err(MontageError::Failed(t)) => return Err(t.into()),
    };
    montage::notes(&made.decisions).iter().for_each(|n| report.warn(&n.text()));
    made.decisions["skipped"].as_array().into_iter().flatten().filter_map(|n| n.as_str()).for_each(|n| report.warn(n));
    batch::save(&output, &made.project)?;
    let project = Arc::new(made.project);
    if let Some(film) = &a.export {
        let wish = ExportWish::default();
        super::export::run(project.clone(), film, wish, adapter, report)?;
    }
    let secs = project.sequence.duration_time().as_secs_f64();
    report.result(
        &json!({
            "project": absolute(&output), "export": a.export.as_deref().map(absolute), "cuts": made.cuts, "style": made.style,
            "duration_secs": secs, "decisions": made.decisions,
        }),
        &format!("{}: {} shots, {secs:.3} s, style {}", output.display(), made.cuts.len() + 1, made.style),
    )
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

pub(super) fn styles(report: &Report) -> Result<(), Failure> {
    let (styles, wrong) = montage::styles();
    wrong.iter().for_each(|w| report.warn(w));
    let line = |s: &Style| format!("{:<18} {}", s.name, s.description);
    let text: Vec<String> = styles.iter().map(line).collect();
    report.result(&json!(styles), &format!("{}\nown styles: {}", text.join("\n"), montage::style_folder().join("*.ron").display()))
}
