//! Footage that is found by what is asked for: an index of the shots of the document's media, kept up on a thread of its own, and
//! what it finds for a query or for each sentence of a script.
//!
//! Media that were watched (a job, `kinds::WATCH`) have their shots and looks in it; the others are found by their names and words
//! alone, and the view says so. Where the model for it is here, their pictures are looked at too. [`batch`] does the same for scripts.

pub mod batch;
mod collect;
mod eyes;
mod watched;
mod words;
mod worker;

pub use crate::{
    ml::models::meaning::CLIP as MODEL,
    search::{By, Reason, Scale, Trait, sentences},
};
pub(super) use collect::{material_of, usual_tongue};
pub(super) use eyes::{Eyes, Sight};
pub(super) use watched::{Watcher, spec as watch_spec};
pub use words::{explain, trait_name, without_model};
use worker::Worker;

use super::{
    Session,
    jobs::{Job, State, kinds},
};
use crate::base::{MediaId, Time};
use std::{collections::HashMap, path::PathBuf, sync::Arc};

/// Shots that are shown for one query or sentence.
pub const MOST_SHOTS: usize = 24;

/// What can be asked for. See [`super::Command::Search`].
#[derive(Clone, Debug, PartialEq)]
pub enum SearchWish {
    /// Somebody looks at the results: keep the index up to the document.
    Follow,
    /// Find shots for a text; with `script` for each of its sentences.
    Find { text: String, script: bool },
    /// Have the media watched that were not yet, as jobs.
    Watch,
}

/// A shot that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundShot {
    pub media: MediaId,
    /// Its number within the media.
    pub number: usize,
    /// What of it can be shown by itself; the end exclusive.
    pub from: Time,
    pub to: Time,
    /// Where to look first: where the word is said or the picture shows it that decided, else its beginning.
    pub at: Time,
    pub score: f32,
    /// Why, what counted most first.
    pub reasons: Vec<Reason>,
}

/// What was found for a query or a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub text: String,
    /// How long a narrator takes for the sentence; None for a query.
    pub length: Option<Time>,
    /// Frames of the timeline in which it is said, if it is.
    pub place: Option<(i64, i64)>,
    pub shots: Vec<FoundShot>,
}

/// All that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// What was asked.
    pub text: String,
    pub script: bool,
    pub answers: Vec<Answer>,
}

/// What a face sees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchView {
    /// Shots in the index; None while there is none.
    pub shots: Option<usize>,
    /// Films and pictures that nobody has watched yet.
    pub unwatched: Arc<[MediaId]>,
    /// How far watching is, 0–1, while it goes on.
    pub watching: Option<f32>,
    /// Media that could not be watched.
    pub failed: usize,
    /// The model that looks at pictures is here; without it what they show is not known.
    pub looks: bool,
    /// The newest answer.
    pub found: Arc<Found>,
    /// A newer one is on its way.
    pub busy: bool,
}

/// Part of a session.
pub(super) struct Searching {
    worker: Option<Worker>,
    view: SearchView,
    /// How far jobs are, by the file; those of a round that are over count as done.
    watching: HashMap<PathBuf, f32>,
    failed: HashMap<PathBuf, String>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Searching {
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { worker: None, view: SearchView::default(), watching: HashMap::new(), failed: HashMap::new(), wake }
    }
}

impl Session {
    /// What was found, and how complete the index is.
    pub fn search(&self) -> &SearchView {
        &self.searching.view
    }

    pub(super) fn obey_search(&mut self, wish: SearchWish) {
        match wish {
            SearchWish::Follow => self.follow_document(),
            SearchWish::Find { text, script } => {
                self.follow_document();
                if let Some(worker) = &self.searching.worker {
                    worker.find(text, script);
                    self.searching.view.busy = true;
                }
            }
            SearchWish::Watch => self.watch_media(),
        }
    }

    fn follow_document(&mut self) {
        let cache = self.jobs.desk().cache().root().join(super::survey::SORT);
        let models = self.safety.dirs.as_ref().map(super::models::folder).unwrap_or_default();
        let searching = &mut self.searching;
        if searching.worker.is_none() {
            match Worker::start(cache, models, searching.wake.clone()) {
                Ok(worker) => searching.worker = Some(worker),
                Err(e) => return tracing::error!("no thread for the index of shots: {e}"),
            }
        }
        let project = self.history.current().clone();
        if let Some(worker) = &self.searching.worker {
            worker.follow(project);
        }
    }

    fn watch_media(&mut self) {
        let todo: Vec<_> = self.searching.view.unwatched.iter().filter_map(|id| self.project().media.get(id).cloned()).collect();
        let mut specs = Vec::new();
        for m in todo {
            self.searching.failed.remove(&m.file.path);
            match m.file.hash.map(|hash| self.jobs.desk().watch(&m.file.path, hash)) {
                Some(Ok(spec)) => {
                    self.searching.watching.insert(m.file.path.clone(), 0.0);
                    specs.push(spec);
                }
                Some(Err(t)) => drop(self.searching.failed.insert(m.file.path.clone(), t.text)),
                None => drop(self.searching.failed.insert(m.file.path.clone(), String::new())),
            }
        }
        if !specs.is_empty() {
            drop(self.jobs.desk().jobs().submit_batch(specs));
        }
        // another program may have watched some meanwhile: then no job of ours ends
        if let Some(worker) = &self.searching.worker {
            worker.watched();
        }
        self.tell_watching();
    }

    /// The table of jobs has changed.
    pub(super) fn follow_watching(&mut self) {
        if self.searching.watching.is_empty() {
            return;
        }
        let table = self.jobs.desk().jobs().snapshot();
        for job in table.jobs().iter().filter(|j| j.kind == kinds::WATCH && !j.state.is_over()) {
            if let Some(part) = watched::input(job).and_then(|i| self.searching.watching.get_mut(i)) {
                *part = job.progress.fraction.min(0.99);
            }
        }
        self.tell_watching();
    }

    /// A job has ended: if it was a watching, the index takes it in.
    pub(super) fn take_watched(&mut self, job: &Job) {
        let Some(input) = watched::input(job).filter(|_| job.kind == kinds::WATCH) else { return };
        if let Some(part) = self.searching.watching.get_mut(input) {
            *part = 1.0;
        }
        if let (State::Failed, Some(f)) = (&job.state, &job.failure) {
            self.searching.failed.insert(input.to_path_buf(), f.text.clone());
        }
        if let Some(worker) = &self.searching.worker {
            worker.watched();
        }
        if self.searching.watching.values().all(|p| *p >= 1.0) {
            self.searching.watching.clear();
        }
        self.tell_watching();
    }

    /// A model was fetched: what it can be asked is known now.
    pub(super) fn look_again(&self) {
        if let Some(worker) = &self.searching.worker {
            worker.watched();
        }
    }

    fn tell_watching(&mut self) {
        let s = &mut self.searching;
        let n = s.watching.len() as f32;
        s.view.watching = (n > 0.0).then(|| s.watching.values().sum::<f32>() / n);
        s.view.failed = s.failed.len();
    }

    /// Take in what the worker has found; true when anything changed.
    pub(super) fn poll_search(&mut self) -> bool {
        let s = &mut self.searching;
        let Some(worker) = &s.worker else { return false };
        let mut changed = false;
        while let Some(news) = worker.news() {
            changed = true;
            match news {
                worker::News::Indexed { shots, unwatched, looks } => {
                    (s.view.shots, s.view.looks) = (Some(shots), looks);
                    let project = self.history.current();
                    let todo = |path: &PathBuf| unwatched.iter().any(|id| project.media.get(id).is_some_and(|m| m.file.path == *path));
                    s.watching.retain(|path, _| todo(path));
                    s.view.unwatched = unwatched.into();
                }
                worker::News::Found { found, newest } => {
                    s.view.found = Arc::new(found);
                    s.view.busy = !newest;
                }
            }
        }
        if changed {
            self.tell_watching();
        }
        changed
    }
}
