//! How clips stand with their stabilisation: what is known of their media's cameras, jobs that find it out, paths that were
//! planned. Owned by the session's thread; files are read and paths are planned by the render thread.

use super::{
    Session,
    jobs::{Job, State, kinds},
};
use crate::{
    base::{ContentHash, MediaId, words::say},
    engine::{self, Motions, PreviewCommand, SteadyPath},
    model::{Border, Stabilize},
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// How a media stands with its analysis, for one clip's wish.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SteadyState {
    /// Not looked at yet: [`super::Command::PlanSteady`] asks.
    #[default]
    Unknown,
    /// It was not analysed; with what was wrong when that was tried.
    NotAnalysed(Option<String>),
    /// 0–1.
    Analysing(f32),
    /// The newest path; for another wish while the wanted one is being planned.
    Planned(Arc<SteadyPath>),
}

/// What is known of one media.
struct Known {
    asked: Stabilize,
    /// What the render thread answered: no path where there is no analysis.
    answer: Option<Option<Arc<SteadyPath>>>,
}

#[derive(Default)]
pub(super) struct Steadies {
    known: HashMap<ContentHash, Known>,
    /// How far analyses are, by the file.
    analysing: HashMap<PathBuf, f32>,
    failed: HashMap<PathBuf, String>,
}

/// The analyses of media that lie in a cache.
pub(super) fn motions(cache: &Path) -> Motions {
    let cache = cache.to_path_buf();
    Motions::new(move |media| engine::steady::cached(&cache, media))
}

/// What a path depends on.
fn key(wish: &Stabilize) -> Stabilize {
    Stabilize { border: Border::default(), on: true, ..*wish }
}

impl Session {
    /// How a media stands with its analysis and path.
    pub fn steady_state(&self, media: MediaId) -> SteadyState {
        let Some(m) = self.project().media.get(&media) else { return SteadyState::Unknown };
        if let Some(fraction) = self.steadies.analysing.get(&m.file.path) {
            return SteadyState::Analysing(*fraction);
        }
        let failed = || SteadyState::NotAnalysed(self.steadies.failed.get(&m.file.path).cloned());
        let Some(hash) = m.file.hash else { return failed() };
        match self.steadies.known.get(&hash).map(|k| &k.answer) {
            Some(Some(Some(path))) => SteadyState::Planned(path.clone()),
            Some(Some(None)) => failed(),
            Some(None) | None => SteadyState::Unknown,
        }
    }

    /// Somebody looks at a clip: have its path planned, unless that was asked already.
    pub(super) fn plan_steady(&mut self, media: MediaId, wish: &Stabilize) {
        let Some(hash) = self.project().media.get(&media).and_then(|m| m.file.hash) else { return };
        let wish = key(wish);
        let known = self.steadies.known.get_mut(&hash);
        if known.as_ref().is_some_and(|k| k.asked == wish) {
            return;
        }
        match known {
            Some(known) => known.asked = wish,
            None => {
                self.steadies.known.insert(hash, Known { asked: wish, answer: None });
            }
        }
        self.preview.send(PreviewCommand::Steady(hash, Box::new(wish)));
    }

    /// The render thread has planned a path, or found no analysis.
    pub(super) fn steadied(&mut self, media: ContentHash, path: Option<Arc<SteadyPath>>) {
        let asked = path.as_ref().map(|p| p.wish).or_else(|| self.steadies.known.get(&media).map(|k| k.asked)).unwrap_or_default();
        self.steadies.known.insert(media, Known { asked, answer: Some(path) });
    }

    /// Have the cameras of media analysed, those that are not yet.
    pub(super) fn analyse_motion(&mut self, media: &[MediaId]) {
        for id in media {
            let Some(m) = self.project().media.get(id).cloned() else { continue };
            let Some(hash) = m.file.hash else {
                self.say(crate::base::Severity::Failure, &say!("session-steady-unread", name = m.name.as_str()));
                continue;
            };
            self.steadies.failed.remove(&m.file.path);
            match self.jobs.desk().analysis(&m.file.path, hash) {
                Ok(spec) => {
                    drop(self.jobs.desk().jobs().submit(spec));
                    // another program may have made it meanwhile: then no job runs, and it is only looked for anew
                    self.steadies.known.remove(&hash);
                    self.preview.send(PreviewCommand::Analysed(hash));
                }
                Err(e) => {
                    self.steadies.failed.insert(m.file.path.clone(), e.text);
                }
            }
        }
    }

    /// The table of jobs has changed.
    pub(super) fn follow_analyses(&mut self) {
        let table = self.jobs.desk().jobs().snapshot();
        let wanted = table.jobs().iter().filter(|j| j.kind == kinds::ANALYZE && !j.state.is_over());
        self.steadies.analysing = wanted.filter_map(|j| Some((input(j)?.to_path_buf(), j.progress.fraction))).collect();
    }

    /// A job has ended: if it was an analysis, what shows its media is drawn anew.
    pub(super) fn take_analysis(&mut self, job: &Job) {
        if job.kind != kinds::ANALYZE {
            return;
        }
        let Some(input) = input(job).map(Path::to_path_buf) else { return };
        match (&job.state, &job.failure) {
            (State::Completed, _) => {
                self.steadies.failed.remove(&input);
                let hashes: Vec<_> = self.project().media.values().filter(|m| m.file.path == input).filter_map(|m| m.file.hash).collect();
                for hash in hashes {
                    self.steadies.known.remove(&hash);
                    self.preview.send(PreviewCommand::Analysed(hash));
                }
                self.with_program(|t| t.changed(false));
            }
            (State::Failed, Some(f)) => {
                self.steadies.failed.insert(input, f.text.clone());
            }
            _ => {}
        }
    }
}

/// The file that a job works on.
fn input(job: &Job) -> Option<&Path> {
    job.params.get("input").and_then(|v| v.as_str()).map(Path::new)
}
