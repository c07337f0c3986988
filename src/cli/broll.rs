//! `broll` (or `search`): footage that fits a text or a script.

use super::{
    INTERRUPTED,
    args::BrollArgs,
    report::{Failure, Report},
};
use crate::{
    model::Project,
    session::{
        AdapterChoice,
        search::{self, Answer, By, FoundShot, Reason, batch},
    },
};
use serde_json::{Value, json};
use std::{io::Read, path::Path, sync::atomic::Ordering};

/// Longer scripts are none.
const MOST_BYTES: u64 = 4 << 20;

pub(super) fn broll(a: &BrollArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    let (text, script) = match (&a.query, &a.script) {
        (_, Some(file)) => (read(file)?, true),
        (query, None) => (query.clone().unwrap_or_default(), false),
    };
    let mut shown = report.progress("broll");
    let interrupted = || INTERRUPTED.load(Ordering::SeqCst);
    let mut tell = |part| shown.set(part, "watching", None);
    let searched = batch::find(&a.input, (&text, script), usize::from(a.limit), adapter, &interrupted, &mut tell);
    drop(shown);
    if interrupted() {
        return Err(Failure::interrupted());
    }
    let searched = searched?;
    searched.skipped.iter().for_each(|s| report.warn(s));
    if !searched.looked && !report.json {
        report.warn(&search::without_model());
    }
    let answers = &searched.found.answers;
    let shots = |answer: &Answer| answer.shots.iter().map(|s| shot_json(&searched.project, s)).collect::<Vec<_>>();
    let json = match (script, answers.first()) {
        (true, _) => answers
            .iter()
            .map(|a| json!({ "sentence": a.text, "length": a.length.map(|t| round(t.as_secs_f64())), "shots": shots(a) }))
            .collect(),
        (false, Some(answer)) => shots(answer),
        (false, None) => Vec::new(),
    };
    let mut lines = Vec::new();
    for answer in answers {
        if script {
            lines.push(format!("{}{}", if lines.is_empty() { "" } else { "\n" }, answer.text));
        }
        if answer.shots.is_empty() {
            lines.push("nothing fits".to_owned());
        }
        lines.extend(answer.shots.iter().map(|s| line(&searched.project, s)));
    }
    report.result(&Value::Array(json), &lines.join("\n"))
}

fn read(file: &Path) -> Result<String, Failure> {
    let cannot = |e: std::io::Error| {
        Failure::failed(
            format!("the script cannot be read ({e}): {}", file.display()),
            Some("name a text file, or - for standard input".into()),
        )
    };
    let mut text = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(MOST_BYTES).read_to_end(&mut text).map_err(cannot)?;
    } else {
        std::fs::File::open(file).and_then(|f| f.take(MOST_BYTES).read_to_end(&mut text)).map_err(cannot)?;
    }
    String::from_utf8(text)
        .map_err(|_| Failure::failed(format!("the script is no text: {}", file.display()), Some("save it as UTF-8".into())))
}

fn round(v: f64) -> f64 {
    (v * 1e6).round() / 1e6
}

fn why(shot: &FoundShot) -> String {
    shot.reasons.iter().map(search::explain).collect::<Vec<_>>().join(", ")
}

fn shot_json(project: &Project, shot: &FoundShot) -> Value {
    json!({
        "media": project.media.get(&shot.media).map(|m| &m.file.path),
        "start": round(shot.from.as_secs_f64()), "end": round(shot.to.as_secs_f64()), "at": round(shot.at.as_secs_f64()),
        "score": round(f64::from(shot.score)), "why": why(shot),
        "reasons": shot.reasons.iter().map(reason_json).collect::<Vec<_>>(),
    })
}

fn reason_json(reason: &Reason) -> Value {
    let (by, found, at) = match &reason.by {
        By::Said { word, at_secs } => ("said", word.clone(), Some(round(*at_secs))),
        By::Note(word) => ("note", word.clone(), None),
        By::Name(word) => ("name", word.clone(), None),
        By::Folder(word) => ("folder", word.clone(), None),
        By::Look(look) => ("look", look.name(), None),
        By::Seen { at_secs, .. } => ("seen", reason.text.clone(), Some(round(*at_secs))),
    };
    json!({ "term": reason.text, "by": by, "found": found, "at": at, "points": round(f64::from(reason.points)) })
}

fn line(project: &Project, shot: &FoundShot) -> String {
    let name = project.media.get(&shot.media).map_or("", |m| m.name.as_str());
    format!("{:5.2}  {:8.2} – {:8.2} s  {:<28} {}", shot.score, shot.from.as_secs_f64(), shot.to.as_secs_f64(), name, why(shot))
}
