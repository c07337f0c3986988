//! Exports as jobs. A job works on a copy of the project as it was when the export was asked for, so that the user can go on
//! cutting, and so that another run of the program can take it up after a crash. Copies are named by their content.

use super::{
    Cache, Ended, Failure, InUse, JobContext, JobSpec, Lane, MakeRenderer, Runner, WorkKey, give_back_room, kinds, media_ended, told,
};
use crate::{
    base::{Trouble, words::say},
    engine::{self, CaptionsTo, ExportError, ExportReport, ExportRequest, Motions, Preset},
    gpu::RenderError,
    interchange::captions::{self, CaptionFormat, Cue},
    model::Project,
    store,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Copies of projects that no job has used for so long are removed; ended jobs are forgotten sooner.
const KEEP_COPIES: Duration = Duration::from_secs(40 * 24 * 3600);

/// All that an export needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    /// The copy.
    project: PathBuf,
    output: PathBuf,
    preset: String,
    range: Option<(i64, i64)>,
    /// Proxies may take the place of originals that are missing.
    #[serde(default)]
    allow_proxies: bool,
    #[serde(default)]
    captions: CaptionsTo,
}

/// How a film is exported, beside its preset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportHow {
    /// Frames, end exclusive; None for the whole timeline.
    pub range: Option<(i64, i64)>,
    /// Proxies may take the place of originals that are missing.
    pub allow_proxies: bool,
    /// Where the captions go.
    pub captions: CaptionsTo,
}

/// Writes the copy of the project into `copies` and says what is to be done.
pub(super) fn spec(copies: &Path, project: &Project, output: &Path, preset: Option<&str>, how: ExportHow) -> Result<JobSpec, Trouble> {
    let ExportHow { range, allow_proxies, captions } = how;
    let preset = preset_of(preset, output)?.name;
    let output = std::path::absolute(output).map_err(|e| unreadable(output, &e))?;
    let (copy, content) = keep_copy(copies, project)?;
    let key = WorkKey::of(["export", &content, &output.to_string_lossy(), &preset, &format!("{range:?} {allow_proxies} {captions:?}")]);
    let subject = output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let params = json!(Params { project: copy, output, preset, range, allow_proxies, captions });
    Ok(JobSpec::new(kinds::EXPORT, subject, params, Lane::Cpu).keyed(key))
}

fn unreadable(path: &Path, e: &std::io::Error) -> Trouble {
    say!("session-no-copy", reason = e.to_string(), path = path.display().to_string()).trouble()
}

/// The preset of this name; without a name the first that writes files with the output's extension.
fn preset_of(name: Option<&str>, output: &Path) -> Result<Preset, Trouble> {
    let presets = engine::presets();
    let extension = output.extension().map_or_else(String::new, |e| e.to_string_lossy().to_lowercase());
    let found = match name {
        Some(name) => presets.into_iter().find(|p| p.name == name),
        None => presets.into_iter().find(|p| p.extension == extension),
    };
    let wanted = name.map_or(extension, str::to_owned);
    found.ok_or_else(|| say!("session-no-preset", preset = wanted).trouble())
}

/// Writes the project under the name of its content, and returns that too.
fn keep_copy(folder: &Path, project: &Project) -> Result<(PathBuf, String), Trouble> {
    fs::create_dir_all(folder).map_err(|e| unreadable(folder, &e))?;
    // media are named from where the file lies, so the text is made for that folder
    let text = store::to_text(project, &folder.join("copy.montage")).map_err(|e| Trouble::of(&e))?;
    let content = format!("{:032x}", xxhash_rust::xxh3::xxh3_128(text.as_bytes()));
    let path = folder.join(format!("{content}.montage"));
    store::write_atomic(&path, text.as_bytes()).map_err(|e| Trouble::of(&e))?;
    sweep(folder);
    Ok((path, content))
}

fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let age = entry.metadata().and_then(|m| m.modified()).ok().and_then(|t| SystemTime::now().duration_since(t).ok());
        if age.is_some_and(|a| a > KEEP_COPIES) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Does exports.
pub(super) struct Export {
    renderer: MakeRenderer,
    cache: Cache,
    motions: Motions,
}

impl Export {
    pub fn new(renderer: MakeRenderer, cache: Cache, motions: Motions) -> Self {
        Self { renderer, cache, motions }
    }
}

impl Runner for Export {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let project = Arc::new(store::load(&p.project).map_err(|e| Failure::of(&e))?);
        let _kept = held(&self.cache, &project);
        let preset = preset_of(Some(&p.preset), &p.output).map_err(Failure::permanent)?;
        let renderer = (self.renderer)().map_err(Failure::permanent)?;
        let work_dir = Some(cx.work_dir().to_owned());
        let request = ExportRequest {
            project,
            output: p.output,
            preset,
            range: p.range,
            captions: p.captions,
            allow_proxies: p.allow_proxies,
            work_dir,
            motions: self.motions.clone(),
        };
        let done = engine::export(&request, renderer, cx.stop_flag(), &mut told(cx));
        match done {
            Ok(report) => {
                report.warnings.iter().for_each(|w| cx.log(w.clone()));
                let beside = sidecar(&request).map_err(Failure::permanent)?;
                let mut result = result(&request.output, &report);
                if let Some(beside) = beside {
                    result["captions"] = json!(beside);
                }
                Ok(result)
            }
            Err(e) => {
                let ended = ended(&e);
                if let ExportError::Media(media) = &e {
                    give_back_room(cx, media, &ended);
                }
                Err(ended)
            }
        }
    }

    /// Whoever asks for an export again wants the file written again.
    fn still_good(&self, _: &Value) -> bool {
        false
    }
}

/// Writes the captions beside the film, where that was asked for and there are any; where they are then.
///
/// # Errors
/// The file cannot be written.
pub(in crate::session) fn sidecar(request: &ExportRequest) -> Result<Option<PathBuf>, Trouble> {
    if request.captions != CaptionsTo::Sidecar {
        return Ok(None);
    }
    let s = &request.project.sequence;
    let (from, to) = request.range.unwrap_or((0, s.duration()));
    let texts = engine::captions_within(s, &(from..to));
    if texts.is_empty() {
        return Ok(None);
    }
    let cues: Vec<Cue> = texts.into_iter().map(|t| Cue { start: t.start, end: t.end, text: t.text }).collect();
    let path = request.output.with_extension("srt");
    store::write_atomic(&path, captions::write(&cues, CaptionFormat::Srt).as_bytes()).map_err(|e| Trouble::of(&e))?;
    Ok(Some(path))
}

/// Files of the cache that stand in for a project's media: they stay while it is worked on.
fn held(cache: &Cache, project: &Project) -> Vec<InUse> {
    let made = project.media.values().flat_map(|m| [&m.proxy, &m.upscaled]).flatten();
    made.filter_map(|v| cache.keep(&v.path)).collect()
}

fn result(output: &Path, r: &ExportReport) -> Value {
    json!({
        "output": output,
        "frames": r.frames,
        "duration_secs": r.duration.as_secs_f64(),
        "wall_secs": r.wall_secs,
        "bytes": r.bytes,
        "encoder": r.encoder,
        "direct_frames": r.direct_frames,
        "warnings": r.warnings,
    })
}

/// As the media's errors say; a lost device may be well again too.
pub(super) fn ended(e: &ExportError) -> Ended {
    match e {
        ExportError::Cancelled => Ended::Stopped,
        ExportError::Media(media) => media_ended(media, e),
        ExportError::Render { source: RenderError::DeviceLost, .. } => Failure { retryable: true, ..Failure::of(e) }.into(),
        _ => Failure::of(e).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{MediaError, encode::EncodeError};
    use crate::{base::FrameRate, model::Sequence};

    #[test]
    fn the_same_export_of_the_same_film_has_the_same_key_and_another_film_has_not() {
        let dir = tempfile::tempdir().unwrap();
        let film = |name| Project::new(name, Sequence::new(320, 180, FrameRate::FPS_25));
        let how = |range| ExportHow { range, ..ExportHow::default() };
        let spec = |name, range| spec(dir.path(), &film(name), Path::new("/out/a.mp4"), Some("h264"), how(range)).unwrap();
        let a = spec("a", None);
        assert_eq!(a.subject, "a.mp4");
        assert_eq!(a.key, spec("a", None).key);
        assert_ne!(a.key, spec("b", None).key);
        assert_ne!(a.key, spec("a", Some((0, 5))).key);
        let copy = PathBuf::from(a.params["project"].as_str().unwrap());
        assert_eq!(store::load(&copy).unwrap().name, "a", "it can be read again");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "one copy for each film");
    }

    #[test]
    fn a_preset_is_found_by_name_or_by_the_files_extension() {
        assert_eq!(preset_of(Some("h264"), Path::new("x.mkv")).unwrap().name, "h264");
        assert_eq!(preset_of(None, Path::new("x.MP4")).unwrap().extension, "mp4");
        assert!(preset_of(Some("nonsense"), Path::new("x.mp4")).unwrap_err().text.contains("nonsense"));
        assert!(preset_of(None, Path::new("x.nonsense")).is_err());
    }

    #[test]
    fn what_may_pass_is_tried_again_and_a_stop_is_no_failure() {
        let full = ExportError::Media(MediaError::Encode(EncodeError::DiskFull("/x".into())));
        assert!(matches!(ended(&full), Ended::Failed(f) if f.retryable));
        assert!(matches!(ended(&ExportError::Empty), Ended::Failed(f) if !f.retryable));
        assert!(matches!(ended(&ExportError::Cancelled), Ended::Stopped));
    }
}
