//! `proxy`: proxies of media files, or of everything in a project, which then uses them.

use super::{
    args::{ProxyArgs, ProxyCodec},
    jobs::{failed_if, stay},
    report::{Failure, Report},
};
use crate::{
    base::Trouble,
    edit::{self, EditCommand, MediaChange},
    engine::stamp_of,
    model::{MediaFile, Project, Variant},
    session::{
        AdapterChoice, Dirs, batch,
        jobs::{Desk, JobId, ProxyFormat, State},
    },
};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(super) fn proxy(a: &ProxyArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut projects: Vec<(&Path, Project)> = Vec::new();
    for input in &a.inputs {
        if batch::is_project(input) {
            let project = batch::open(input)?;
            let films = project.media.values().filter(|m| m.info.video.as_ref().is_some_and(|v| !v.still));
            files.extend(films.map(|m| m.file.path.clone()));
            projects.push((input, project));
        } else {
            files.push(input.clone());
        }
    }
    let desk = Desk::headless(Some(&Dirs::find()), adapter)?;
    let format = match a.format {
        ProxyCodec::Mjpeg => ProxyFormat::Mjpeg,
        ProxyCodec::H264 => ProxyFormat::H264,
    };
    let (mut wanted, mut specs, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        match desk.proxy(&file, format) {
            Ok(spec) => {
                specs.push(spec);
                wanted.push(file);
            }
            // the others are made all the same
            Err(trouble) => wrong.push(Failure::from(trouble)),
        }
    }
    let submitted = desk.jobs().submit_batch(specs).wait().map_err(|e| Failure::failed(e.to_string(), None))??;
    let ended = stay(&desk, &submitted.ids, report)?;
    // the same content has one proxy: each file is told with its own name
    let made = |(file, id): (PathBuf, &JobId)| {
        let job = ended.iter().find(|j| j.id == *id && j.state == State::Completed)?;
        let variant = serde_json::from_value::<Variant>(job.result.as_ref()?["variant"].clone()).ok()?;
        Some((file, variant))
    };
    let made: Vec<_> = wanted.into_iter().zip(&submitted.ids).filter_map(made).collect();
    for (path, project) in &projects {
        attach(path, project, &made, report)?;
    }
    let json: Vec<Value> = made.iter().map(|(original, v)| json!({ "original": original, "proxy": v.path })).collect();
    let text: Vec<String> = made.iter().map(|(original, v)| format!("{} → {}", original.display(), v.path.display())).collect();
    wrong.extend(ended.iter().filter_map(|j| failed_if(j).err()));
    if made.is_empty() && !wrong.is_empty() {
        // a failure alone is no result
        return Err(told(wrong, report));
    }
    report.result(&json!(json), &if text.is_empty() { "no proxies".to_owned() } else { text.join("\n") })?;
    if wrong.is_empty() { Ok(()) } else { Err(told(wrong, report)) }
}

/// The first of several failures is the command's; the others are warnings.
fn told(wrong: Vec<Failure>, report: &Report) -> Failure {
    let mut wrong = wrong.into_iter();
    let first = wrong.next().unwrap_or_else(|| Failure::failed("no proxies", None));
    wrong.for_each(|f| report.warn(f.text()));
    first
}

/// Have the project use its new proxies, and save it. A file that has changed since it was imported is read again: its proxy shows it
/// as it is now.
fn attach(path: &Path, project: &Project, made: &[(PathBuf, Variant)], report: &Report) -> Result<(), Failure> {
    let mut now = project.clone();
    for (id, media) in &project.media {
        let file = &media.file;
        let Some((_, variant)) = made.iter().find(|(original, _)| *original == file.path) else { continue };
        if !variant.of.same_content(&file.stamp()) {
            let info = Box::new(batch::probe(&file.path)?);
            let file = MediaFile::new(&file.path, stamp_of(&file.path));
            report.warn(&format!("it has changed since it was imported, and the project now knows it as it is: {}", file.path.display()));
            now = edit::apply(&now, &EditCommand::SetMedia { id: *id, change: MediaChange::File { file, info } })
                .map_err(|e| Trouble::of(&e))?;
        }
        let command = EditCommand::SetMedia { id: *id, change: MediaChange::Proxy(Some(Box::new(variant.clone()))) };
        now = edit::apply(&now, &command).map_err(|e| Trouble::of(&e))?;
    }
    if now != *project {
        batch::save(path, &now)?;
    }
    Ok(())
}
