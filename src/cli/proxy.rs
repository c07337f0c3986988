//! `proxy`: proxies of media files, or of everything in a project, which then uses them.

use super::{
    args::{ProxyArgs, ProxyCodec},
    jobs::{failed_if, stay},
    report::{Failure, Report},
};
use crate::{
    base::Trouble,
    edit::{self, EditCommand, MediaChange},
    model::{Project, Variant},
    session::{
        AdapterChoice, Dirs, batch,
        jobs::{Desk, Job, ProxyFormat, State},
    },
};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

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
    let specs = files.iter().map(|f| desk.proxy(f, format)).collect::<Result<Vec<_>, _>>()?;
    let submitted = desk.jobs().submit_batch(specs).wait().map_err(|e| Failure::failed(e.to_string(), None))??;
    let ended = stay(&desk, &submitted.ids, report)?;
    for (path, project) in &projects {
        attach(path, project, &ended)?;
    }
    let made = |j: &Arc<Job>| j.result.as_ref().filter(|_| j.state == State::Completed).cloned();
    // the same content has one proxy: each file is told with its own name
    let rows: Vec<_> = files
        .iter()
        .zip(&submitted.ids)
        .filter_map(|(file, id)| {
            let result = ended.iter().find(|j| j.id == *id).and_then(made)?;
            Some((file, result["proxy"].as_str()?.to_owned()))
        })
        .collect();
    let json: Vec<Value> = rows.iter().map(|(original, proxy)| json!({ "original": original, "proxy": proxy })).collect();
    let text: Vec<String> = rows.iter().map(|(original, proxy)| format!("{} → {proxy}", original.display())).collect();
    report.result(&json!(json), &if text.is_empty() { "no proxies".to_owned() } else { text.join("\n") })?;
    ended.iter().try_for_each(|j| failed_if(j))
}

/// Have the project use its new proxies, and save it.
fn attach(path: &Path, project: &Project, ended: &[Arc<Job>]) -> Result<(), Failure> {
    let mut now = project.clone();
    for (id, media) in &project.media {
        let stamp = media.file.stamp();
        let variant = ended.iter().filter_map(|j| j.result.as_ref()).find_map(|r| {
            let variant: Variant = serde_json::from_value(r["variant"].clone()).ok()?;
            // a project of an earlier version does not know the content of its media
            let named = stamp.hash.is_none() && r["original"].as_str().is_some_and(|o| Path::new(o) == media.file.path);
            (named || variant.of.same_content(&stamp)).then_some(variant)
        });
        if let Some(variant) = variant {
            let command = EditCommand::SetMedia { id: *id, change: MediaChange::Proxy(Some(Box::new(variant))) };
            now = edit::apply(&now, &command).map_err(|e| Trouble::of(&e))?;
        }
    }
    if now != *project {
        batch::save(path, &now)?;
    }
    Ok(())
}
