//! `upscale` and `models`.

use super::{
    INTERRUPTED,
    args::{ModelsCommand, Position, UpscaleArgs},
    jobs::{failed_if, stay},
    media::refuse_overwriting_input,
    report::{Failure, Report},
    watch_interrupts,
};
use crate::session::{
    AdapterChoice, Dirs,
    jobs::{Desk, Moment, State, UpscaleAsk, UpscaleTarget},
    models,
};
use serde_json::json;

pub(super) fn upscale(a: &UpscaleArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    refuse_overwriting_input(&a.output, &a.input)?;
    let target = a.to.map_or(UpscaleTarget::Times(a.scale), UpscaleTarget::Height);
    let moment = |p: Position| match p {
        Position::Frame(n) => Moment::Frame(n.unsigned_abs()),
        Position::Time(t) => Moment::Time(t),
    };
    let range = a.range.map(|(from, to)| (moment(from), moment(to)));
    let usual = UpscaleAsk::new(target);
    let ask =
        UpscaleAsk { model: a.model.clone().unwrap_or(usual.model), target, denoise: a.denoise, tile: a.tile.map(usize::from), range };
    let desk = Desk::headless(Some(&Dirs::find()), adapter)?;
    let spec = desk.upscale(&a.input, Some(&a.output), &ask)?;
    let submitted = desk.jobs().submit(spec).wait().map_err(|e| Failure::failed(e.to_string(), None))??;
    let ended = stay(&desk, &submitted.ids, report)?;
    if let Some(result) = ended.iter().find(|j| j.state == State::Completed).and_then(|j| j.result.as_deref()) {
        let rate = result["frames_per_sec"].as_f64().unwrap_or(0.0);
        let text = format!(
            "{}: {}×{}, {} frames, {rate:.2} frames/s, {}",
            a.output.display(),
            result["width"],
            result["height"],
            result["frames"],
            result["device"].as_str().unwrap_or_default()
        );
        report.result(result, &text)?;
    }
    ended.iter().try_for_each(|j| failed_if(j))
}

pub(super) fn models(command: ModelsCommand, report: &Report) -> Result<(), Failure> {
    let dirs = Dirs::find();
    match command {
        ModelsCommand::List => {
            let mut all = models::list(&dirs);
            all.extend(models::speech_list(&dirs));
            all.extend(models::meaning_list(&dirs));
            let line = |m: &models::ModelView| {
                let here = if m.installed { "here" } else { "" };
                let size = m.bytes.map_or_else(String::new, |b| format!("{:.1} MB", b as f64 / 1e6));
                let scale = m.scale.map_or_else(String::new, |s| format!("×{s}"));
                format!("{:<28} {:<8} {scale:<3} {here:<5} {size:>9}  {}", m.name, m.task, m.about)
            };
            report.result(&json!(all), &all.iter().map(line).collect::<Vec<_>>().join("\n"))
        }
        ModelsCommand::Pull { name, from } => {
            watch_interrupts()?;
            let mut progress = report.progress(&name);
            let done = models::pull(&name, from.as_deref(), &dirs, &INTERRUPTED, &mut |f| progress.set(f, "", None));
            drop(progress);
            if INTERRUPTED.load(std::sync::atomic::Ordering::SeqCst) {
                return Err(Failure::interrupted());
            }
            let (path, was_there) = done?;
            let text = format!("{} {}", path.display(), if was_there { "was there already" } else { "is there" });
            report.result(&json!({ "name": name, "path": path, "was_there": was_there }), &text)
        }
        ModelsCommand::Verify => {
            let all = models::verify(&dirs);
            let line = |c: &models::ModelCheck| format!("{:<28} {:<5} {}", c.name, if c.ok { "good" } else { "BAD" }, c.detail);
            let text = if all.is_empty() { "no models are here".to_owned() } else { all.iter().map(line).collect::<Vec<_>>().join("\n") };
            report.result(&json!(all), &text)?;
            match all.iter().filter(|c| !c.ok).count() {
                0 => Ok(()),
                n => Err(Failure::failed(format!("{n} of {} models cannot be used", all.len()), Some("fetch them again".into()))),
            }
        }
    }
}
