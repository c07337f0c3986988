//! The sample film: footage and music made on this machine, imported like any other files, as a project.

use super::batch;
use crate::{
    base::{Time, Trouble},
    gpu::GpuContext,
    model::Project,
    sample,
    store::Dirs,
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

/// The sample film on disk.
pub struct Demo {
    pub project: Project,
    pub project_file: PathBuf,
    /// Number of clips made.
    pub clips: usize,
    /// Times of the cuts, in seconds.
    pub cuts: Vec<f64>,
}

/// Make the footage (or find it in the cache) and the project, the latter in `out` or the user's data folder. A sample
/// project that is there already is opened as it is: somebody may have worked on it.
///
/// # Errors
/// A folder cannot be written, an encoder is missing, or the work was cancelled.
pub fn make(out: Option<&Path>, gpu: &GpuContext, progress: &mut dyn FnMut(f32, &str), cancel: &AtomicBool) -> Result<Demo, Trouble> {
    let dirs = Dirs::find();
    let set = sample::make(&dirs.cache.join("sample"), gpu, progress, cancel).map_err(|e| Trouble::of(&e))?;
    let folder = out.map_or_else(|| dirs.data.clone(), Path::to_path_buf);
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    std::fs::create_dir_all(&folder)
        .map_err(|e| Trouble::new(format!("{e}: {}", folder.display()), "choose a folder that can be written with --out"))?;
    let project_file = folder.join("sample.montage");
    let project = match worked_on(&project_file) {
        Some(project) => project,
        None => {
            let infos = set.files().map(batch::probe).collect::<Result<Vec<_>, _>>()?;
            let project = sample::timeline(&set, &infos).map_err(|e| Trouble::of(&e))?;
            batch::save(&project_file, &project)?;
            project
        }
    };
    Ok(Demo { clips: set.clips.len(), cuts: cuts(&project), project, project_file })
}

/// The sample project that is there already, if all its files are.
fn worked_on(file: &Path) -> Option<Project> {
    let project = batch::open(file).ok()?;
    project.media.values().all(|m| m.file.path.exists()).then_some(project)
}

/// Where one clip gives way to the next on the lowest video track, in seconds.
fn cuts(project: &Project) -> Vec<f64> {
    let rate = project.sequence.frame_rate;
    let Some(track) = project.sequence.video_tracks().next() else { return Vec::new() };
    track.clips.windows(2).filter(|w| w[0].end() == w[1].start).map(|w| Time::from_frames(w[1].start, rate).as_secs_f64()).collect()
}
