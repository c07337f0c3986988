//! `convert`.

use super::{
    args::ConvertArgs,
    media::refuse_overwriting_input,
    report::{Failure, Report},
};
use crate::session::{
    TimelineOptions, TimelineTarget,
    timelines::{self, ConvertOptions},
};
use serde_json::json;

pub(super) fn convert(a: &ConvertArgs, report: &Report) -> Result<(), Failure> {
    refuse_overwriting_input(&a.output, &a.input)?;
    let target = TimelineTarget::from_name(&a.target).unwrap_or_default();
    let write = TimelineOptions { target, fcpxml_version: a.fcpxml, start: a.start.clone() };
    let options = ConvertOptions { write, rate: a.fps, all_media: a.all_media };
    let done = timelines::convert(&a.input, &a.output, &options)?;
    let mut text = done.outputs.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join("\n");
    for (head, lines) in [("approximated:", &done.warnings), ("left out:", &done.unsupported)] {
        if !lines.is_empty() {
            text.push_str(&format!("\n{head}\n  {}", lines.join("\n  ")));
        }
    }
    let json = json!({
        "output": a.output,
        "outputs": done.outputs,
        "warnings": done.warnings,
        "unsupported": done.unsupported,
    });
    report.result(&json, &text)
}
