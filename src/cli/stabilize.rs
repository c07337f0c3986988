//! `stabilize`.

use super::{
    args::{StabilizeArgs, SteadyZoom},
    jobs::{failed_if, stay},
    media::refuse_overwriting_input,
    report::{Failure, Report},
};
use crate::session::{
    AdapterChoice, Dirs,
    jobs::{Desk, StabilizeAsk, StabilizeZoom, State, steady_wish},
};
use serde_json::json;

pub(super) fn stabilize(a: &StabilizeArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    refuse_overwriting_input(&a.output, &a.input)?;
    let zoom = a.zoom.map(|z| match z {
        SteadyZoom::None => StabilizeZoom::None,
        SteadyZoom::Static => StabilizeZoom::Static,
        SteadyZoom::Dynamic => StabilizeZoom::Dynamic,
    });
    let wish = steady_wish(a.smoothness.map(f64::from), a.max_crop.map(f64::from), zoom, a.tripod);
    let desk = Desk::headless(Some(&Dirs::find()), adapter)?;
    let spec = desk.stabilize(&a.input, &a.output, &StabilizeAsk { wish, analysis: a.analysis.clone() })?;
    let submitted = desk.jobs().submit(spec).wait().map_err(|e| Failure::failed(e.to_string(), None))??;
    let ended = stay(&desk, &submitted.ids, report)?;
    if let Some(r) = ended.iter().find(|j| j.state == State::Completed).and_then(|j| j.result.as_deref()) {
        let crop = 100.0 * r["crop"].as_f64().unwrap_or(0.0);
        let notes = r["notes"].as_array().into_iter().flatten().filter_map(|n| n.as_str());
        let head = format!("{}: {} frames, {crop:.1} % cut off", a.output.display(), r["frames"]);
        let text = notes.fold(head, |text, note| text + "\n" + note);
        let json = json!({
            "output": a.output,
            "frames": r["frames"],
            "crop": r["crop"],
            "analysis": r["analysis"],
            "notes": r["notes"],
        });
        report.result(&json, &text)?;
    }
    ended.iter().try_for_each(|j| failed_if(j))
}
