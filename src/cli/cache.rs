//! `jobs cache`: what jobs have made that can be made again, and what unfinished ones keep.

use super::report::{Failure, Report};
use crate::session::jobs::{Desk, Usage, size_text};
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn cache(clear: bool, desk: &Desk, report: &Report) -> Result<(), Failure> {
    let storage = desk.storage();
    let cleared = clear.then(|| storage.clear());
    let usage = storage.usage();
    let bytes: u64 = usage.values().map(|u| u.bytes).sum();
    let mut result = json!({ "folder": storage.root(), "budget": storage.budget(), "bytes": bytes, "usage": usage });
    if let Some(cleared) = cleared {
        result["cleared"] = cleared.into();
    }
    let mut lines: Vec<_> = cleared.map(|freed| format!("{} came free", size_text(freed))).into_iter().collect();
    lines.extend(table(&usage));
    lines.push(format!("{} of {} in {}", size_text(bytes), size_text(storage.budget()), storage.root().display()));
    report.result(&result, &lines.join("\n"))
}

/// A line for each sort of files.
fn table(usage: &BTreeMap<String, Usage>) -> impl Iterator<Item = String> {
    usage
        .iter()
        .map(|(sort, u)| format!("{sort:<12} {:>6} {:<5} {:>10}", u.files, if u.files == 1 { "file" } else { "files" }, size_text(u.bytes)))
}
