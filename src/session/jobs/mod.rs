//! The program's jobs: which kinds there are, who does them, where they keep what. The window's session owns a [`Desk`]; the
//! command line and the HTTP API open one without a session. Opening and [`Desk::export`] touch the disk; the [`Jobs`] behind
//! it never block.
//!
//! A new kind of job is a name in [`kinds`], a runner in [`runners`], and a function that makes its [`JobSpec`], each in a file of
//! its own beside `export.rs`. What a session does with a result (an edit command, a notice) is in `finished.rs`.

mod asking;
mod cached;
mod export;
mod fetch;
mod finished;
mod montage;
mod panel;
mod proxy;
mod stabilize;
mod steady;
mod transcribe;
mod upscale;
mod view;
mod wish;

pub use crate::base::words::size_text;
pub use crate::engine::{CaptionsTo, Moment, ProxyFormat, UpscaleTarget};
pub use crate::jobs::cache::{Cache, InUse, Usage, free_bytes, not_enough};
pub use crate::jobs::{
    BatchId, Closed, Ended, Failure, Job, JobContext, JobId, JobSpec, Jobs, Kind, Lane, Lanes, Millis, Owner, Pause, Priority, Progress,
    Runner, State, Submitted, Summary, Table, Ticket, Wait, Watch, WorkKey,
};
pub use cached::Storage;
pub use export::ExportHow;
pub(super) use export::sidecar;
pub use montage::MontageAim;
pub(super) use montage::spec as montage_spec;
pub(super) use panel::Panel;
pub use stabilize::{StabilizeAsk, StabilizeZoom, steady_wish};
pub use transcribe::{SpeechEngine, TranscribeAsk, USUAL_RECOGNISER, has_recogniser};
pub use upscale::UpscaleAsk;
pub(super) use upscale::specs as upscale_specs;
pub use view::{ErrorView, JobDetail, JobView, ProgressView, job_counts};
pub use wish::Wish;

use super::{AdapterChoice, steady::motions};
use crate::{
    base::{ContentHash, Trouble, UserError, words::say},
    engine::ExportProgress,
    gpu::{GpuContext, Renderer},
    jobs::{Options, Retry},
    media::{MediaError, encode::EncodeError},
    model::Project,
    store::Dirs,
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Kinds of jobs, as the table and the API name them. [`Desk::can`] says which of them this build does.
pub mod kinds {
    use super::Kind;

    pub const EXPORT: Kind = Kind::named("export");
    pub const PROXY: Kind = Kind::named("proxy");
    pub const UPSCALE: Kind = Kind::named("upscale");
    pub const STABILIZE: Kind = Kind::named("stabilize");
    pub const ANALYZE: Kind = Kind::named("analyze");
    pub const TRANSCRIBE: Kind = Kind::named("transcribe");
    pub const MONTAGE: Kind = Kind::named("montage");
    /// Shots, movement, light, colours and sound of a film.
    pub const WATCH: Kind = Kind::named("watch");
    pub const FETCH: Kind = Kind::named("fetch");
    pub const ALL: [Kind; 9] = [EXPORT, PROXY, UPSCALE, STABILIZE, ANALYZE, TRANSCRIBE, MONTAGE, WATCH, FETCH];
}

/// Hands on how far a job is, and stands still while it is paused; a stop is seen through the job's flag.
fn told(cx: &JobContext) -> impl FnMut(ExportProgress) + '_ {
    |told| {
        cx.progress(Progress { fraction: told.fraction, step: String::new(), rate: told.frames_per_sec, secs_left: told.secs_left });
        let _ = cx.check();
    }
}

/// How a job ends with an error of the media's: a full disk and a stalled pipeline may be well again in a moment, everything else will
/// fail again, in the words of `whole`.
fn media_ended(e: &MediaError, whole: &impl UserError) -> Ended {
    let retryable = match e {
        MediaError::Cancelled => return Ended::Stopped,
        MediaError::Stalled { .. } | MediaError::Encode(EncodeError::DiskFull(_) | EncodeError::Stalled(_)) => true,
        MediaError::Encode(EncodeError::NoRoom { begun, .. }) => *begun,
        _ => false,
    };
    Failure { retryable, ..Failure::of(whole) }.into()
}

/// A job that fails for want of room gives back what its finished parts take: they would only keep the disk full.
fn give_back_room(cx: &JobContext, e: &MediaError, ended: &Ended) {
    let full = matches!(e, MediaError::Encode(EncodeError::NoRoom { .. } | EncodeError::DiskFull(_)));
    if full && matches!(ended, Ended::Failed(f) if !f.retryable || cx.is_last_attempt()) {
        cx.put_work_away();
    }
}

/// The graphics device, where there is one that may be used. Asked on a job's own thread.
pub type MakeDevice = Arc<dyn Fn() -> Option<GpuContext> + Send + Sync>;

/// What jobs draw and compute with.
#[derive(Clone)]
pub struct Tools {
    pub renderer: MakeRenderer,
    pub device: MakeDevice,
}

/// Makes a renderer on a job's own thread.
pub type MakeRenderer = Arc<dyn Fn() -> Result<Box<dyn Renderer>, Trouble> + Send + Sync>;

/// How long the end of the program waits for jobs to stop where they can be taken up again.
const GRACE: Duration = Duration::from_secs(3);

/// The jobs of this user, with everything registered that this build can do.
pub struct Desk {
    jobs: Jobs,
    kinds: Vec<Kind>,
    /// What jobs have made that can be made again.
    cache: Cache,
    /// Where jobs keep what is not finished.
    work: PathBuf,
    /// The user's data.
    data: Option<PathBuf>,
    /// The user's models.
    models: PathBuf,
    /// Copies of projects that jobs work on.
    projects: PathBuf,
    /// Where nothing is kept.
    _scratch: Option<tempfile::TempDir>,
}

/// Who does what.
fn runners(tools: &Tools, dirs: Option<&Dirs>, models: &Path, cache: &Cache) -> HashMap<Kind, Arc<dyn Runner>> {
    let export: Arc<dyn Runner> = Arc::new(export::Export::new(tools.renderer.clone(), cache.clone(), motions(cache.root())));
    let proxy: Arc<dyn Runner> = Arc::new(proxy::Proxy::new(cache.clone()));
    let analyze: Arc<dyn Runner> = Arc::new(steady::Analyze::new(tools.device.clone()));
    let montage: Arc<dyn Runner> = Arc::new(montage::Montage::new(tools.renderer.clone(), cache.clone()));
    let stabilize: Arc<dyn Runner> = Arc::new(stabilize::Steadier::new(tools.renderer.clone(), tools.device.clone(), cache.clone()));
    let watch: Arc<dyn Runner> = Arc::new(super::search::Watcher::new(cache.clone(), models.to_owned(), tools.device.clone()));
    let upscale: Arc<dyn Runner> = Arc::new(upscale::Upscale::new(tools.device.clone(), models.to_owned(), cache.clone()));
    let transcribe: Arc<dyn Runner> = Arc::new(transcribe::Transcriber::new(cache.clone(), models.to_owned()));
    let fetch: Arc<dyn Runner> = Arc::new(fetch::Fetch { dirs: dirs.cloned() });
    HashMap::from([
        (kinds::FETCH, fetch),
        (kinds::EXPORT, export),
        (kinds::PROXY, proxy),
        (kinds::UPSCALE, upscale),
        (kinds::ANALYZE, analyze),
        (kinds::MONTAGE, montage),
        (kinds::STABILIZE, stabilize),
        (kinds::TRANSCRIBE, transcribe),
        (kinds::WATCH, watch),
    ])
}

impl Desk {
    /// Open the jobs of this user; without `dirs` they end with the program. With it comes what was wrong with the journal, if it
    /// could not be used: the jobs then end with the program too.
    ///
    /// # Errors
    /// There is neither a folder to work in nor a thread.
    pub fn open(dirs: Option<&Dirs>, tools: Tools) -> Result<(Self, Option<Trouble>), Trouble> {
        let models = dirs.map(super::models::folder).unwrap_or_default();
        let scratch = match dirs {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(|e| say!("session-no-jobs", reason = e.to_string()).trouble())?),
        };
        let kept = dirs.map(|d| (d.data.join("jobs"), d.cache.join("work")));
        let folder = scratch.as_ref().map_or_else(std::env::temp_dir, |s| s.path().to_owned());
        let (data, work) = kept.clone().unwrap_or_else(|| (folder.join("jobs"), folder.join("work")));
        let cache = cached::open(dirs, work.parent().unwrap_or(&work));
        let runners = runners(&tools, dirs, &models, &cache);
        let kinds = runners.keys().cloned().collect();
        let options = |journal| Options {
            journal,
            work: work.clone(),
            lanes: Lanes::of_this_machine(),
            retry: Retry::default(),
            runners: runners.clone(),
        };
        let (jobs, wrong) = match Jobs::start(options(kept.map(|k| k.0))) {
            Ok(jobs) => (jobs, None),
            Err(e) => (Jobs::start(options(None)).map_err(|e| Trouble::of(&e))?, Some(Trouble::of(&e))),
        };
        let desk = Self {
            jobs,
            kinds,
            cache,
            work,
            data: dirs.map(|d| d.data.clone()),
            models,
            projects: data.join("projects"),
            _scratch: scratch,
        };
        if dirs.is_some() {
            cached::trim_in_background(&desk.cache);
        }
        Ok((desk, wrong))
    }

    /// A desk over jobs that somebody else has started, with the kinds that they do: for tests of what stands before it.
    pub fn over(jobs: Jobs, kinds: Vec<Kind>, data: &Path) -> Self {
        let (cache, work) = (cached::open(None, data), data.join("work"));
        Self { jobs, kinds, cache, work, data: None, models: PathBuf::new(), projects: data.join("projects"), _scratch: None }
    }

    /// The same for batch work and servers: draws as `adapter` says. What was wrong with the journal is logged.
    ///
    /// # Errors
    /// As [`Desk::open`].
    pub fn headless(dirs: Option<&Dirs>, adapter: &AdapterChoice) -> Result<Self, Trouble> {
        let adapter = adapter.clone();
        let device = {
            let adapter = adapter.clone();
            Arc::new(move || adapter.context().ok().filter(|_| !adapter.cpu))
        };
        let tools = Tools { renderer: Arc::new(move || adapter.renderer()), device };
        let (desk, wrong) = Self::open(dirs, tools)?;
        if let Some(wrong) = wrong {
            tracing::warn!("{wrong}");
        }
        Ok(desk)
    }

    /// Submit, cancel, pause, resume, retry, read and watch.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Whether this build does jobs of a kind.
    pub fn can(&self, kind: &Kind) -> bool {
        self.kinds.contains(kind)
    }

    /// What this build does.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// A job that exports a project as it is now: it works on a copy, which this writes. Blocks for that long. Without a
    /// `preset` the output's extension decides.
    ///
    /// # Errors
    /// The copy cannot be written, or there is no such preset.
    pub fn export(&self, project: &Project, output: &Path, preset: Option<&str>, how: ExportHow) -> Result<JobSpec, Trouble> {
        export::spec(&self.projects, project, output, preset, how)
    }

    /// A job that makes a proxy of a file, in the cache. Reads a part of the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn proxy(&self, input: &Path, format: ProxyFormat) -> Result<JobSpec, Trouble> {
        proxy::spec(&self.cache, input, format)
    }

    /// A job that makes a picture or a film larger, into `output` or into the cache. Reads a part of the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn upscale(&self, input: &Path, output: Option<&Path>, ask: &UpscaleAsk) -> Result<JobSpec, Trouble> {
        upscale::spec(&self.cache, input, output, ask)
    }

    /// A job that writes a film without its shake.
    ///
    /// # Errors
    /// No preset writes such an output.
    pub fn stabilize(&self, input: &Path, output: &Path, ask: &StabilizeAsk) -> Result<JobSpec, Trouble> {
        stabilize::spec(input, output, ask)
    }

    /// A job that writes down what is said in a file, into a file of a format or none. Reads a part of the file.
    ///
    /// # Errors
    /// The file cannot be read, or no recogniser is set up.
    pub fn transcribe(
        &self,
        input: &Path,
        output: Option<(&Path, super::words::TranscriptFormat)>,
        ask: &TranscribeAsk,
    ) -> Result<JobSpec, Trouble> {
        transcribe::spec(self.data.as_deref(), &self.models, input, output, ask)
    }

    /// A job that fetches a model, by any of its names.
    ///
    /// # Errors
    /// There is no such model.
    pub fn fetch(&self, name: &str) -> Result<JobSpec, Trouble> {
        fetch::spec(name)
    }

    /// A job that measures how the camera of a film moves, for the film of this content. Touches no disk.
    ///
    /// # Errors
    /// The path cannot be made absolute.
    pub fn analysis(&self, input: &Path, hash: ContentHash) -> Result<JobSpec, Trouble> {
        steady::spec(&self.cache, input, hash)
    }

    /// A job that watches the film of this content: its shots and how they look and sound. Touches no disk.
    ///
    /// # Errors
    /// The path cannot be made absolute.
    pub fn watch(&self, input: &Path, hash: ContentHash) -> Result<JobSpec, Trouble> {
        super::search::watch_spec(input, hash)
    }

    /// A job that makes a montage and writes it as a project, and exports that where `export` says so. Paths are absolute.
    pub fn montage(&self, wish: super::montage::Wish, output: &Path, export: Option<&Path>) -> JobSpec {
        montage::spec(wish, MontageAim::Files { output: output.into(), export: export.map(Into::into) })
    }

    pub(super) fn projects(&self) -> &Path {
        &self.projects
    }

    /// The program ends: what runs stops within `grace` and can be taken up by the next start.
    pub fn close(&self, grace: Duration) {
        self.jobs.close(grace);
    }
}

impl Drop for Desk {
    /// What runs stops, and the next start offers to take it up: no half-written file stays behind under its final name. However short a
    /// program was, what dead ones had left is put away when it ends.
    fn drop(&mut self) {
        self.close(GRACE);
    }
}
