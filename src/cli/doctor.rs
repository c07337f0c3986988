//! `doctor`.

use super::report::{Failure, Report};
use crate::session::{AdapterChoice, doctor as examine};
use serde_json::json;

pub(super) fn doctor(adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    let checks = examine::doctor(adapter);
    let ok = checks.iter().all(|c| c.ok || !c.needed);
    let text: Vec<String> = checks
        .iter()
        .map(|c| {
            let mark = if c.ok { "✓" } else { "✗" };
            let fix = c.fix.as_ref().map_or_else(String::new, |f| format!(" — {f}"));
            format!("{mark} {:<24} {}{fix}", c.name, c.detail)
        })
        .collect();
    report.result(&json!({ "ok": ok, "checks": checks }), &text.join("\n"))?;
    if ok { Ok(()) } else { Err(Failure::failed("something that the main job needs is missing", Some("see the lines marked ✗".into()))) }
}
