//! Making media larger, as the window asks for it: which models there are, how quick they are here, jobs for media of the project, and
//! taking results out again. What blocks runs on threads of its own; results of jobs come in through `proxies.rs`.

use super::{
    Command, Dirs, Session,
    jobs::{Desk, Job, JobId, MakeDevice, State, UpscaleAsk, upscale_specs},
    models::{self, ModelView},
};
use crate::{
    base::{MediaId, Severity, Trouble, words::tr_args},
    edit::{EditCommand, MediaChange},
    engine::{self, Enlarge, MakeUpscaler, PreviewCommand},
    ml::{self, Planes},
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
    time::Instant,
};

/// What can be asked for. See [`Command::Upscaling`].
#[derive(Clone, Debug, PartialEq)]
pub enum UpscaleWish {
    /// Look again which models there are, for [`Session::models`].
    ListModels,
    /// Take files of weights into the user's models.
    ImportModels(Vec<PathBuf>),
    /// Measure how quick a model is here, for [`Session::upscale_rate`]; once for each.
    Rate(String),
    /// Make these larger; each result takes its original's place in the project.
    Make { media: Vec<MediaId>, ask: UpscaleAsk },
    /// Take upscaled pictures out of the document; the files stay in the cache, so that one step back brings them back.
    Remove(Vec<MediaId>),
}

/// What a thread has found.
enum Found {
    Models(Vec<ModelView>),
    Imported(Result<String, Trouble>),
    Rate(String, f64),
    /// Of these the table knew already, or what was wrong.
    Asked(Result<Vec<JobId>, Trouble>),
}

/// Pixels that are measured: wide enough to be typical, small enough to be had in a moment.
const MEASURED: (usize, usize) = (96, 64);

pub(super) struct Upscaling {
    dirs: Option<Dirs>,
    device: MakeDevice,
    wake: Arc<dyn Fn() + Send + Sync>,
    tell: Sender<Found>,
    found: Receiver<Found>,
    models: Arc<[ModelView]>,
    /// Source pixels a second, by model; 0 while it is being measured.
    rates: HashMap<String, f64>,
    /// Viewers show upscaled pictures.
    live: bool,
}

impl Upscaling {
    pub fn new(dirs: Option<Dirs>, device: MakeDevice, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (tell, found) = unbounded();
        Self { dirs, device, wake, tell, found, models: Arc::default(), rates: HashMap::new(), live: false }
    }

    /// Does this on a thread of its own and takes in what it finds.
    fn on_thread(&self, work: impl FnOnce() -> Option<Found> + Send + 'static) {
        let (tell, wake) = (self.tell.clone(), self.wake.clone());
        let run = move || {
            if let Some(found) = work() {
                // the session may have ended
                let _ = tell.send(found);
                wake();
            }
        };
        if let Err(e) = std::thread::Builder::new().name("upscaling".into()).spawn(run) {
            tracing::error!("no thread for upscaling: {e}");
        }
    }

    pub fn is_live(&self) -> bool {
        self.live
    }

    fn folder(&self) -> PathBuf {
        self.dirs.as_ref().map(models::folder).unwrap_or_default()
    }
}

impl Session {
    /// Every model that has a name, as of the last [`UpscaleWish::ListModels`].
    pub fn models(&self) -> &Arc<[ModelView]> {
        &self.upscaling.models
    }

    /// Source pixels a second of a model on this machine, once measured.
    pub fn upscale_rate(&self, model: &str) -> Option<f64> {
        self.upscaling.rates.get(model).copied().filter(|r| *r > 0.0)
    }

    /// Upscale what the viewers show, or no longer. The network is read on the thread that needs it.
    pub(super) fn enlarge(&mut self, of: Enlarge) {
        let (folder, device) = (self.upscaling.folder(), self.upscaling.device.clone());
        let make: MakeUpscaler = Arc::new(move || {
            let made = ml::models::open(ml::models::usual(), &folder, None).and_then(|net| engine::upscaler(&net, device().as_ref(), None));
            made.map_err(|e| e.to_string())
        });
        self.upscaling.live = of != Enlarge::Nothing;
        self.preview.send(PreviewCommand::Enlarge { of, make });
        self.with_program(|t| t.changed(false));
        self.with_source(|t| t.changed(false));
    }

    pub(super) fn upscaling(&mut self, wish: UpscaleWish) {
        let here = &mut self.upscaling;
        match wish {
            UpscaleWish::ListModels => {
                // without folders of its own the session has the program's model alone
                let dirs =
                    here.dirs.clone().unwrap_or_else(|| Dirs { cache: PathBuf::new(), data: PathBuf::new(), config: PathBuf::new() });
                here.on_thread(move || Some(Found::Models(models::list(&dirs))));
            }
            UpscaleWish::ImportModels(files) => {
                let Some(dirs) = here.dirs.clone() else { return };
                for file in files {
                    let dirs = dirs.clone();
                    here.on_thread(move || Some(Found::Imported(models::import(&file, &dirs))));
                }
            }
            UpscaleWish::Rate(model) => {
                if here.rates.contains_key(&model) {
                    return;
                }
                here.rates.insert(model.clone(), 0.0);
                let (folder, device) = (here.folder(), here.device.clone());
                here.on_thread(move || {
                    let rate = ml::models::open(&model, &folder, None).and_then(|net| rate_of(&net, &device));
                    let rate = rate.inspect_err(|e| tracing::warn!("{model} could not be measured: {e}")).ok()?;
                    Some(Found::Rate(model, rate))
                });
            }
            UpscaleWish::Make { media, ask } => self.make_larger(&media, &ask),
            UpscaleWish::Remove(media) => {
                let has = |id: &&MediaId| self.project().media.get(id).is_some_and(|m| m.upscaled.is_some());
                let change = |id: &MediaId| EditCommand::SetMedia { id: *id, change: MediaChange::Upscaled(None) };
                let commands: Vec<_> = media.iter().filter(has).map(change).collect();
                if !commands.is_empty() {
                    self.dispatch(Command::Edit(EditCommand::Batch(commands)));
                }
            }
        }
    }

    fn make_larger(&self, media: &[MediaId], ask: &UpscaleAsk) {
        let films = media.iter().filter_map(|id| self.project().media.get(id)).filter(|m| m.info.video.is_some());
        let files: Vec<PathBuf> = films.map(|m| m.file.path.clone()).collect();
        let desk: &Desk = self.jobs.desk();
        let (jobs, cache, ask) = (desk.jobs().clone(), desk.cache().clone(), ask.clone());
        self.upscaling.on_thread(move || {
            let specs = match upscale_specs(&cache, &files, &ask) {
                Ok(specs) if specs.is_empty() => return None,
                Ok(specs) => specs,
                Err(t) => return Some(Found::Asked(Err(t))),
            };
            // an error of the ticket: the window is closing
            let submitted = jobs.submit_batch(specs).wait().ok()?;
            Some(Found::Asked(submitted.map(|s| s.existing.into_iter().collect())))
        });
    }

    /// Take in what threads have found; true when anything changed.
    pub(super) fn poll_upscaling(&mut self) -> bool {
        let mut changed = false;
        while let Ok(found) = self.upscaling.found.try_recv() {
            changed = true;
            match found {
                Found::Models(models) => self.upscaling.models = models.into(),
                Found::Imported(Ok(name)) => {
                    self.good_news(tr_args("session-model-imported", &[("name", name.into())]));
                    self.upscaling(UpscaleWish::ListModels);
                }
                Found::Imported(Err(t)) | Found::Asked(Err(t)) => self.tell(Severity::Failure, t.text, t.hint),
                Found::Rate(model, rate) => {
                    self.upscaling.rates.insert(model, rate);
                }
                Found::Asked(Ok(existing)) => {
                    // what was made before and then taken out comes back without being made again
                    let table = self.jobs.desk().jobs().snapshot();
                    let done = |j: &&Arc<Job>| existing.contains(&j.id) && j.state == State::Completed;
                    let done: Vec<Arc<Job>> = table.jobs().iter().filter(done).cloned().collect();
                    done.iter().for_each(|job| self.take_variant(job));
                }
            }
        }
        changed
    }
}

/// Source pixels a second.
fn rate_of(net: &ml::Net, device: &MakeDevice) -> Result<f64, ml::MlError> {
    let mut upscaler = engine::upscaler(net, device().as_ref(), None)?;
    let picture = Planes::new(MEASURED.0, MEASURED.1, 3)?;
    let stop = AtomicBool::new(false);
    // the first time pays for memory and shaders
    upscaler.upscale(&picture, &stop, &mut |_| {})?;
    let began = Instant::now();
    upscaler.upscale(&picture, &stop, &mut |_| {})?;
    Ok((MEASURED.0 * MEASURED.1) as f64 / began.elapsed().as_secs_f64().max(1e-6))
}
