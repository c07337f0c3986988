//! What a script does with a project, without a session: each function reads, works, and returns; nothing runs on.

use super::{
    files::{append_command, media_entry},
    jobs::{CaptionsTo, sidecar},
    relink::Relinks,
    steady::motions,
};
use crate::{
    base::{FrameRate, MediaId, MediaInfo, Picture, Rounding, Time, Trouble, words::say},
    edit::{self, EditCommand},
    engine::{self, Decoders, ExportProgress, ExportReport, ExportRequest, Fetched, FoundBy, Paths, Preset, stamp_of},
    gpu::{Output, Rendered, Renderer},
    media,
    model::{Project, Sequence},
    plan,
    store::{self, Dirs},
};
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
};

/// What a file is, by the guarded path of first contact.
///
/// # Errors
/// The file is missing, unreadable, or of a kind that no plug-in knows.
pub fn probe(path: &Path) -> Result<MediaInfo, Trouble> {
    media::probe_guarded(path).map_err(|e| Trouble::of(&e))
}

/// The child's side of [`probe`], or with no path of an import of many files; the exit status.
pub fn probe_child(path: Option<&Path>) -> i32 {
    path.map_or_else(media::probe_server_main, media::probe_child_main)
}

/// True for the project file's extension.
pub fn is_project(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("montage"))
}

/// A project file as it is, or a project made of one media file.
///
/// # Errors
/// The file cannot be read, or is not what its name says.
pub fn open(path: &Path) -> Result<Project, Trouble> {
    if is_project(path) {
        return store::load(path).map_err(|e| Trouble::of(&e));
    }
    let name = path.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    new_project(&name, std::slice::from_ref(&path.to_path_buf()), None, None)
}

/// A project with each file appended to the timeline; rate and size from the first picture unless given.
///
/// # Errors
/// A file cannot be read.
pub fn new_project(name: &str, files: &[PathBuf], rate: Option<FrameRate>, size: Option<(u32, u32)>) -> Result<Project, Trouble> {
    let mut project = Project::new(name, Sequence::new(1920, 1080, FrameRate::FPS_30));
    let mut ids = edit::fresh_ids(&project);
    let mut media = Vec::new();
    for file in files {
        let info = probe(file)?;
        let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        let stamp = stamp_of(&path);
        let Some(id) = ids.next().map(MediaId) else { break };
        project = apply(&project, &EditCommand::AddMedia { id, media: media_entry(path, info, stamp) })?;
        media.push(id);
    }
    if !media.is_empty() {
        let command = append_command(&project, &media).map_err(|e| Trouble::of(&e))?;
        project = apply(&project, &command)?;
    }
    if rate.is_some() || size.is_some() {
        let s = &project.sequence;
        let (width, height) = size.unwrap_or((s.width, s.height));
        let command = EditCommand::SetFormat { width, height, frame_rate: rate.unwrap_or(s.frame_rate), color: s.color };
        project = apply(&project, &command)?;
    }
    Ok(project)
}

fn apply(project: &Project, command: &EditCommand) -> Result<Project, Trouble> {
    edit::apply(project, command).map_err(|e| Trouble::of(&e))
}

/// Apply edit commands, one RON value after another (comments and blank lines are fine); all or nothing.
///
/// # Errors
/// The text is not RON commands (with line and column), or a command cannot be applied (with its number).
pub fn apply_commands(project: &Project, text: &str) -> Result<(Project, usize), Trouble> {
    let commands = parse_commands(text)?;
    let mut current = project.clone();
    for (i, c) in commands.iter().enumerate() {
        current = edit::apply(&current, c).map_err(|e| {
            let t = Trouble::of(&e);
            Trouble { text: format!("command {} ({}): {}", i + 1, edit::label(c), t.text), ..t }
        })?;
    }
    Ok((current, commands.len()))
}

/// RON values one after another, or one RON list of them.
fn parse_commands(text: &str) -> Result<Vec<EditCommand>, Trouble> {
    let hint = "each command is a RON value such as Split(clip: 4, at: 90, new_id: 20)";
    let mut commands = Vec::new();
    let mut rest = text;
    loop {
        rest = skip_blank(rest);
        if rest.is_empty() {
            return Ok(commands);
        }
        let wrong = |e: ron::error::SpannedError| {
            let before = &text[..text.len() - rest.len()];
            let (line, column) = (e.span.start.line, e.span.start.col);
            // the position counts from where this command begins
            let column = if line > 1 { column } else { before.chars().rev().take_while(|c| *c != '\n').count() + column };
            let line = before.matches('\n').count() + line;
            Trouble::new(format!("line {line}, column {column}: {}", e.code), hint)
        };
        let mut de = ron::Deserializer::from_str(rest).map_err(wrong)?;
        if rest.starts_with('[') {
            commands.extend(Vec::<EditCommand>::deserialize(&mut de).map_err(|e| wrong(de.span_error(e)))?);
        } else {
            commands.push(EditCommand::deserialize(&mut de).map_err(|e| wrong(de.span_error(e)))?);
        }
        let left = de.remainder().len();
        rest = &rest[rest.len() - left..];
    }
}

/// Without leading white space, line comments, and the commas that people leave between values.
fn skip_blank(mut text: &str) -> &str {
    loop {
        let t = text.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        match t.strip_prefix("//") {
            Some(comment) => text = comment.find('\n').map_or("", |i| &comment[i..]),
            None => return t,
        }
    }
}

/// Files of a project that cannot be read, looked for in a folder and those in it, as the window does. Gives the project with what
/// was found by more than its name, and all that was found and not.
///
/// # Errors
/// The folder cannot be read.
pub fn relink(project: &Project, folder: &Path) -> Result<(Project, Relinks), Trouble> {
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    std::fs::read_dir(&folder)
        .map_err(|e| say!("session-no-folder", reason = e.to_string(), path = folder.display().to_string()).trouble())?;
    let missing = |id: &MediaId| project.media.get(id).is_some_and(|m| media::quick_stamp(&m.file.path).is_err());
    let wanted = project.media.iter().filter(|(id, _)| missing(id)).map(|(id, m)| (*id, m.file.clone())).collect();
    let relinks = Relinks::of(project, folder.clone(), &engine::search(&folder, wanted), missing);
    let sure = relinks.found.iter().filter(|r| r.by != FoundBy::Name);
    let commands: Vec<_> = sure.filter_map(|r| r.command(project)).collect();
    Ok((apply(project, &EditCommand::Batch(commands))?, relinks))
}

/// Save a project.
///
/// # Errors
/// The folder cannot be written, or a window has the project open: it would write over this later.
pub fn save(path: &Path, project: &Project) -> Result<(), Trouble> {
    let access = store::acquire(path);
    if let store::Access::Taken(who) = &access {
        return Err(say!("session-save-taken", who = who.as_str(), path = path.display().to_string()).trouble());
    }
    store::save(path, project).map_err(|e| Trouble::of(&e))
}

/// Frame of the sequence at `time`, held inside the timeline.
///
/// # Errors
/// The timeline is empty.
pub fn frame_at(project: &Project, time: Time) -> Result<i64, Trouble> {
    let s = &project.sequence;
    if s.duration() == 0 {
        return Err(Trouble::new("the timeline is empty", "add a clip first"));
    }
    Ok(time.to_frames(s.frame_rate, Rounding::Floor).clamp(0, s.duration() - 1))
}

/// The composited picture of one frame, RGBA8.
///
/// # Errors
/// A file cannot be read or the picture cannot be drawn.
pub fn frame(project: &Project, frame: i64, renderer: &mut dyn Renderer) -> Result<Picture, Trouble> {
    let steady = Paths::new(motions(&Dirs::find().cache)).steady(project, plan::frame(project, frame, 1));
    let plan = plan::without_hidden(steady, project);
    let refs = plan.moments();
    let mut pictures = Vec::with_capacity(refs.len());
    for (r, f) in refs.iter().zip(Decoders::default().fetch(project, &refs, false)) {
        match f {
            Fetched::Got(got) => pictures.push((*r, got.picture)),
            Fetched::Failed(text) => return Err(Trouble { text, hint: Some("check the file with: montage-ai probe FILE".into()) }),
        }
    }
    let mut source = |r: &plan::MediaRef| pictures.iter().find(|(m, _)| m == r).map(|(_, p)| p.clone());
    let drawn = renderer.render(&plan, &mut source, Output::Planes(crate::base::PixelFormat::Rgba8));
    match drawn {
        Ok(Rendered::Picture(p)) => Ok(p),
        Ok(Rendered::Texture(_)) => Err(Trouble::new("the renderer kept the picture on the device", "this is a defect: please report it")),
        Err(e) => Err(Trouble { text: e.to_string(), hint: Some("try --cpu".into()) }),
    }
}

/// Write an RGBA8 picture as PNG; it appears under its name only when complete.
///
/// # Errors
/// The folder cannot be written.
pub fn write_png(path: &Path, picture: &Picture) -> Result<(), Trouble> {
    let row = picture.width as usize * 4;
    let mut bytes = Vec::with_capacity(row * picture.height as usize);
    for y in 0..picture.height {
        bytes.extend_from_slice(picture.row(0, y));
    }
    let wrong = |e: &dyn std::fmt::Display| Trouble {
        text: format!("the picture could not be written: {e}: {}", path.display()),
        hint: Some("choose a folder that can be written".into()),
    };
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|e| wrong(&e))?;
    let encoder = image::codecs::png::PngEncoder::new(&mut file);
    image::ImageEncoder::write_image(encoder, &bytes, picture.width, picture.height, image::ExtendedColorType::Rgba8)
        .map_err(|e| wrong(&e))?;
    file.as_file().sync_all().map_err(|e| wrong(&e))?;
    file.persist(path).map(|_| ()).map_err(|e| wrong(&e.error))
}

/// The export presets, with whether this machine can write each.
///
/// # Errors
/// GStreamer could not be started.
pub fn presets() -> Result<Vec<Preset>, Trouble> {
    media::init().map_err(|e| Trouble::of(&e))?;
    Ok(engine::presets())
}

/// Take away what an export that can no longer be waited for has left beside its output.
pub fn remove_unfinished(output: &Path) {
    for file in media::encode::unfinished_files(output) {
        // most often there is none; a picture sequence leaves a folder
        let _ = if file.is_dir() { std::fs::remove_dir_all(file) } else { std::fs::remove_file(file) };
    }
}

/// How a project is to be exported.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExportWish<'a> {
    /// By the file's extension where it is not named.
    pub preset: Option<&'a str>,
    /// Frames, end exclusive; None for the whole timeline.
    pub range: Option<(i64, i64)>,
    /// Proxies may take the place of originals that are missing.
    pub allow_proxies: bool,
    /// Where the captions go.
    pub captions: CaptionsTo,
}

/// Render a project to a file.
///
/// # Errors
/// No such preset, nothing to export, a file that is missing, or a failure on the way: nothing is left behind.
pub fn export(
    project: Arc<Project>,
    output: &Path,
    wish: ExportWish<'_>,
    renderer: Box<dyn Renderer>,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<ExportReport, Trouble> {
    let presets = presets()?;
    let hint = "see `montage-ai presets`";
    let ExportWish { preset, range, allow_proxies, captions } = wish;
    let preset = match preset {
        Some(name) => {
            presets.into_iter().find(|p| p.name == name).ok_or_else(|| Trouble::new(format!("there is no export preset {name:?}"), hint))?
        }
        None => engine::preset_for(output)
            .ok_or_else(|| Trouble::new(format!("no export preset writes such a file: {}", output.display()), hint))?,
    };
    let request = ExportRequest {
        project,
        output: output.to_path_buf(),
        preset,
        range,
        captions,
        allow_proxies,
        work_dir: None,
        motions: motions(&Dirs::find().cache),
    };
    let done = engine::export(&request, renderer, cancel, progress).map_err(|e| Trouble::of(&e))?;
    sidecar(&request)?;
    Ok(done)
}
