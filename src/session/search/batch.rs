//! Footage found for a script: of a project, a folder or a file; blocks for as long as looking takes. What was watched before comes from
//! the cache.

use super::{
    Found, collect,
    collect::Known,
    eyes::{self, Eyes},
    worker,
};
use crate::{
    base::{MediaId, Trouble, words::say},
    edit::{self, EditCommand},
    engine::{self, Survey},
    media::MediaError,
    ml::models::meaning,
    model::{Media, Project, Sequence},
    session::{AdapterChoice, batch, files::media_entry, models, survey, words},
    store::Dirs,
};
use std::{path::Path, sync::Arc};

/// What was found, and in what.
pub struct Searched {
    pub project: Project,
    pub found: Found,
    /// Pictures were looked at too: the model for it is here.
    pub looked: bool,
    /// Why files were left out, or could be found by name only.
    pub skipped: Vec<String>,
}

/// Find shots in a project, in the media files of a folder and those inside, or in one file. `script`: one answer for each
/// sentence. `cancel` is asked several times a second; then what was found so far counts for nothing. `progress` gets the part
/// done. `adapter` looks at pictures, where the model for it is here.
///
/// # Errors
/// The project cannot be read, or there are no media.
pub fn find(
    input: &Path,
    (text, script): (&str, bool),
    most: usize,
    adapter: &AdapterChoice,
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32),
) -> Result<Searched, Trouble> {
    let dirs = Dirs::find();
    let mut skipped = Vec::new();
    let project = if batch::is_project(input) { batch::open(input)? } else { project_of(input, &dirs, cancel, &mut skipped)? };
    let cache = survey::kept_in(&dirs);
    let models = models::folder(&dirs);
    let looked = meaning::files(&models).is_some();
    let part = if looked { 0.5 } else { 1.0 };
    let mut known = watch(&project, &cache, cancel, &mut |p| progress(part * p), &mut skipped);
    if let Some((clip, _)) = meaning::files(&models) {
        look(&project, &known, (&clip, &cache), adapter, cancel, &mut |p| progress(part + (1.0 - part) * p), &mut skipped);
    }
    let mut eyes = Eyes::new(models, cache.clone());
    let (sight, _) = collect::index_of(&project, &cache, &mut known, &mut eyes);
    let found = worker::find(&sight, &mut eyes, Some(&project), (text, script), most);
    Ok(Searched { project, found, looked, skipped })
}

/// Look at pictures of everything that was watched and that nobody has looked at yet.
fn look(
    project: &Project,
    known: &Known,
    (clip, cache): (&Path, &Path),
    adapter: &AdapterChoice,
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32),
    skipped: &mut Vec<String>,
) {
    let Some(file) = engine::seen_file(cache, clip) else { return };
    let seen = engine::seen(&file);
    let new = |m: &&Arc<Media>| m.file.hash.is_some_and(|h| !seen.films.contains_key(&h)) && m.info.video.is_some();
    let films: Vec<&Arc<Media>> = project.media.values().filter(new).collect();
    if films.is_empty() {
        return;
    }
    let network = match eyes::network(clip, adapter.context().ok().filter(|_| !adapter.cpu)) {
        Ok(network) => network,
        Err(e) => return skipped.push(e.to_string()),
    };
    for (n, m) in films.iter().enumerate() {
        let watched = m.file.hash.and_then(|h| Some((h, known.get(&h)?.clone()?)));
        // what could not be watched has been told
        let Some((hash, watched)) = watched.filter(|_| !cancel()) else { continue };
        let mut tell = |part| progress((n as f32 + part) / films.len() as f32);
        let mut survey = Survey { cache: None, cancel: &cancel, progress: &mut tell };
        match engine::look(&m.file.path, &m.info, hash, &watched.footage, &network, &file, &mut survey) {
            Err(e) if !e.is_cancelled() => skipped.push(say!("search-not-looked", reason = Trouble::of(&e).text).text()),
            _ => {}
        }
    }
}

/// The media files of a folder as a project without a timeline, with the words that were kept for them.
fn project_of(input: &Path, dirs: &Dirs, cancel: &dyn Fn() -> bool, skipped: &mut Vec<String>) -> Result<Project, Trouble> {
    let files = if input.is_dir() { engine::media_in(input) } else { vec![input.to_path_buf()] };
    let name = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let mut project = Project::new(name, Sequence::new(1920, 1080, crate::base::FrameRate::FPS_30));
    for file in &files {
        if cancel() {
            break;
        }
        match batch::probe(file) {
            Ok(info) => {
                let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
                let stamp = engine::stamp_of(&path);
                let mut media = media_entry(path, info, stamp);
                media.transcript = stamp.hash.and_then(|h| words::read(&words::imported(&dirs.data, h)).ok()).map(Arc::new);
                let Some(id) = edit::fresh_ids(&project).next().map(MediaId) else { break };
                project = edit::apply(&project, &EditCommand::AddMedia { id, media }).map_err(|e| Trouble::of(&e))?;
            }
            // the one file that was asked for
            Err(t) if files.len() == 1 => return Err(t),
            Err(t) => skipped.push(t.text),
        }
    }
    if project.media.values().any(|m| m.info.video.is_some()) || cancel() {
        return Ok(project);
    }
    Err(say!("search-no-media", path = input.display().to_string()).trouble())
}

/// Watch everything that nobody has watched yet, in parallel.
fn watch(
    project: &Project,
    cache: &Path,
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32),
    skipped: &mut Vec<String>,
) -> Known {
    let films: Vec<&Arc<Media>> = project.media.values().filter(|m| m.info.video.is_some()).collect();
    let results = survey::side_by_side(&films, cancel, progress, |m, tell| {
        let mut survey = Survey { cache: Some(cache), cancel: &cancel, progress: tell };
        engine::watch(&m.file.path, &m.info, &mut survey)
    });
    let mut known = Known::new();
    for (m, result) in films.iter().zip(results) {
        match (result, m.file.hash) {
            (Some(Ok(watched)), Some(hash)) => drop(known.insert(hash, Some(Arc::new(watched)))),
            (Some(Err(MediaError::Cancelled)) | None, _) => {}
            (Some(Err(e)), _) => skipped.push(say!("search-by-name-only", reason = e.to_string()).text()),
            (Some(Ok(_)), None) => {}
        }
    }
    known
}
