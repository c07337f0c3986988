//! Who recognises speech for the window: a model on this machine or a server, as the settings and the environment say, and fetching the
//! models. What touches the disk runs on threads of its own; what touches the network is a job.

use crate::{
    base::Severity,
    ml::models::speech::{Machine, advised},
    session::{
        Session,
        jobs::{Job, SpeechEngine, State, TranscribeAsk, has_recogniser, kinds},
        models::{self, ModelView},
        safety::News,
    },
};
use std::sync::Arc;

/// Models of speech as they were when somebody last looked.
#[derive(Default)]
pub(in crate::session) struct Recognisers {
    models: Arc<[ModelView]>,
    /// The model that is being fetched, and how far that is.
    fetching: Option<(String, f32)>,
}

impl Session {
    /// Models of speech, as of the last [`crate::session::SpeechWish::ListModels`]; `usual` is the one that fits this machine.
    pub fn speech_models(&self) -> &Arc<[ModelView]> {
        &self.speech.recognisers.models
    }

    /// Whether speech can be recognised: a server is set up, or a model is here, as of the last [`crate::session::SpeechWish::ListModels`].
    pub fn can_transcribe(&self) -> bool {
        let here = self.speech.recognisers.models.iter().any(|m| m.task == "speech" && m.installed);
        here || has_recogniser() || self.settings.get().speech_server.is_some()
    }

    /// How the settings want speech recognised.
    pub(in crate::session) fn usual_recogniser(&self) -> TranscribeAsk {
        let settings = self.settings.get();
        match &settings.speech_server {
            Some(url) => TranscribeAsk { url: Some(url.clone()), ..TranscribeAsk::default() },
            None => {
                // a model that somebody chose is used even where the environment names a server
                let engine = if settings.speech_model.is_some() { SpeechEngine::Here } else { SpeechEngine::Usual };
                TranscribeAsk { engine, model: settings.speech_model.clone(), ..TranscribeAsk::default() }
            }
        }
    }

    pub(in crate::session) fn list_speech_models(&self) {
        let Some(dirs) = self.safety.dirs.clone() else { return };
        self.safety.ask("models of speech", move || News::SpeechModels(models::speech_list(&dirs)));
    }

    pub(in crate::session) fn on_speech_models(&mut self, found: Vec<ModelView>) {
        self.speech.recognisers.models = found.into();
    }

    /// Fetch a model; the one that fits this machine where none is named.
    pub(in crate::session) fn fetch_model(&mut self, name: Option<&str>) {
        let name = name.unwrap_or_else(|| advised(Machine::here()));
        match self.jobs.desk().fetch(name) {
            Ok(spec) => drop(self.jobs.desk().jobs().submit(spec)),
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }

    /// The table of jobs has changed.
    pub(in crate::session) fn follow_fetches(&mut self) {
        let table = self.jobs.desk().jobs().snapshot();
        let fetching = table.jobs().iter().find(|j| j.kind == kinds::FETCH && !j.state.is_over());
        self.speech.recognisers.fetching = fetching.map(|j| (j.subject.clone(), j.progress.fraction));
    }

    /// A job has ended: if it fetched a model, it is here now.
    pub(in crate::session) fn take_model(&mut self, job: &Job) {
        if job.kind == kinds::FETCH && job.state == State::Completed {
            self.list_speech_models();
            self.look_again();
        }
    }

    /// The model that is being fetched, and how far that is, 0–1.
    pub fn fetching(&self) -> Option<(&str, f32)> {
        self.speech.recognisers.fetching.as_ref().map(|(name, far)| (name.as_str(), *far))
    }
}
