//! `relink`: missing files of a project, found again under a folder, as the window's dialog finds them.

use super::{
    args::RelinkArgs,
    report::{Failure, Report},
};
use crate::session::{FoundBy, Relink, batch};
use serde_json::{Value, json};

pub(super) fn relink(a: &RelinkArgs, report: &Report) -> Result<(), Failure> {
    if !batch::is_project(&a.project) {
        return Err(Failure::usage(format!("no project: {}", a.project.display()), "write: montage-ai relink film.montage --under FOLDER"));
    }
    let project = batch::open(&a.project)?;
    let (relinked, relinks) = batch::relink(&project, &a.under)?;
    let saved = !a.dry_run && relinked != project;
    if saved {
        batch::save(&a.project, &relinked)?;
    }
    let (sure, unsure): (Vec<&Relink>, Vec<&Relink>) = relinks.found.iter().partition(|r| r.by != FoundBy::Name);
    let rows = |list: &[&Relink]| -> Vec<Value> {
        list.iter().map(|r| json!({ "name": r.name, "from": r.old, "to": r.new, "by": r.by.as_str() })).collect()
    };
    let missing: Vec<_> = relinks.lost.iter().map(|l| json!({ "path": l.old, "other_content": l.other_content })).collect();
    let json = json!({ "project": a.project, "relinked": rows(&sure), "unsure": rows(&unsure), "missing": missing, "saved": saved });
    let mut lines: Vec<String> = sure.iter().map(|r| format!("{} → {} ({})", r.old.display(), r.new.display(), how(r.by))).collect();
    lines.extend(unsure.iter().map(|r| format!("not linked, only the name fits: {} → {}", r.old.display(), r.new.display())));
    lines.extend(relinks.lost.iter().map(|l| {
        let why = if l.other_content { "a file of this name has other content" } else { "not found" };
        format!("{why}: {}", l.old.display())
    }));
    if lines.is_empty() {
        lines.push("no file is missing".into());
    }
    report.result(&json, &lines.join("\n"))
}

fn how(by: FoundBy) -> &'static str {
    match by {
        FoundBy::Content => "same content",
        FoundBy::Size => "same name and size, content not known",
        FoundBy::Name => "same name",
    }
}
