//! What is made from media and stands in for them: which files the viewers read, results of jobs on their way into the document,
//! and what the window shows of it. Owned by the session's thread; the disk is looked at by the library.

mod heavy;
mod offer;

pub use heavy::{ProxyReason, heavy};
pub use offer::ProxyOffer;

use super::{
    Session,
    jobs::{Job, State, kinds},
};
use crate::{
    base::MediaId,
    edit::{EditCommand, MediaChange},
    engine::{PreviewCommand, Task},
    model::{Media, Rendition, Variant},
    plan::Choice,
};
use serde::Deserialize;
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How a media stands with its proxy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum ProxyState {
    #[default]
    None,
    /// A job makes one; 0–1.
    Making(f32),
    Ready,
    /// The file has changed since its proxy was made: the original is shown.
    Stale,
    /// The proxy's file is gone: the original is shown.
    Missing,
}

/// A file that a job has made, until it is in the document.
struct Made {
    input: PathBuf,
    rendition: Rendition,
    variant: Variant,
}

/// What waits for a file to be read again.
enum Wanted {
    /// A proxy is to be made; whether the user asked for it.
    Proxy { asked: bool },
    /// What was made of it goes into the document.
    Attach(Box<Made>),
}

#[derive(Default)]
pub(super) struct Proxies {
    /// What the viewers were told last.
    told: Choice,
    /// How far proxies are that are being made, by the original's path.
    making: HashMap<PathBuf, f32>,
    made: Vec<Made>,
    /// Revision of the document that the last of them left: what comes one after another is one step.
    left: Option<u64>,
    offer: Option<ProxyOffer>,
    /// Changed files that are being read again, and what is to be done then.
    once_read: HashMap<MediaId, Wanted>,
}

impl Proxies {
    /// Another document: what was offered and awaited for the last one is void.
    pub fn start_over(&mut self) {
        (self.offer, self.left) = (None, None);
        self.once_read.clear();
    }
}

impl Session {
    /// How a media stands with its proxy.
    pub fn proxy_state(&self, media: MediaId) -> ProxyState {
        let Some(m) = self.project().media.get(&media) else { return ProxyState::None };
        match (self.proxies.making.get(&m.file.path), &m.proxy) {
            (Some(fraction), _) => ProxyState::Making(*fraction),
            (None, None) => ProxyState::None,
            _ if m.is_stale(Rendition::Proxy) || self.bin.has_changed(media) => ProxyState::Stale,
            _ if self.bin.is_lost(media, Rendition::Proxy) => ProxyState::Missing,
            _ => ProxyState::Ready,
        }
    }

    /// Tell the viewers which files to read, if that is news.
    pub(super) fn choose_files(&mut self) {
        let choice = Choice { proxies: self.settings.get().use_proxies, changed: self.bin.changed(), captions: true, ..Choice::default() };
        if choice != self.proxies.told {
            self.preview.send(PreviewCommand::Files(choice.clone()));
            self.proxies.told = choice;
            self.with_program(|t| t.changed(false));
            self.with_source(|t| t.changed(false));
        }
    }

    /// Take proxies out of the document; their files stay in the cache, so that one step back brings them back.
    pub(super) fn remove_proxies(&mut self, media: &[MediaId]) {
        let has = |id: &&MediaId| self.project().media.get(id).is_some_and(|m| m.proxy.is_some());
        let change = |id: &MediaId| EditCommand::SetMedia { id: *id, change: MediaChange::Proxy(None) };
        let commands: Vec<_> = media.iter().filter(has).map(change).collect();
        if !commands.is_empty() {
            self.dispatch(super::Command::Edit(EditCommand::Batch(commands)));
        }
    }

    /// The table of jobs has changed.
    pub(super) fn follow_proxy_jobs(&mut self) {
        let table = self.jobs.desk().jobs().snapshot();
        let wanted = table.jobs().iter().filter(|j| j.kind == kinds::PROXY && !j.state.is_over());
        self.proxies.making = wanted.filter_map(|j| Some((input(j)?.to_path_buf(), j.progress.fraction))).collect();
    }

    /// A job has ended: if it made a file that stands in for a media, that goes into the document.
    pub(super) fn take_variant(&mut self, job: &Job) {
        let rendition = match &job.kind {
            k if *k == kinds::PROXY => Rendition::Proxy,
            k if *k == kinds::UPSCALE => Rendition::Upscaled,
            _ => return,
        };
        let result = job.result.as_ref().filter(|_| job.state == State::Completed);
        // a part that was made larger is a media of its own, of the project that its original is in
        let part = result.filter(|r| r.get("beside").is_some()).and_then(|r| r["output"].as_str());
        if let (Some(part), Some(input)) = (part, input(job))
            && self.project().media.values().any(|m| m.file.path == input)
        {
            self.dispatch(super::Command::Import(vec![part.into()]));
        }
        let variant = result.and_then(|r| r.get("variant"));
        if let (Some(input), Some(variant)) = (input(job), variant) {
            match Variant::deserialize(variant) {
                Ok(variant) => self.proxies.made.push(Made { input: input.to_path_buf(), rendition, variant }),
                Err(e) => tracing::error!("the result of a job is not understood: {e}"),
            }
        }
    }

    /// Put what was made into the document; with nothing done in between, one step for all. Waits for the end of a drag, of which it
    /// would become a part.
    pub(super) fn deliver_variants(&mut self) {
        if self.proxies.made.is_empty() || self.history.in_gesture() {
            return;
        }
        // another window may have taken the document meanwhile
        if self.is_read_only() {
            self.proxies.made.clear();
            return;
        }
        for Made { input, rendition, variant } in std::mem::take(&mut self.proxies.made) {
            let project = self.project().clone();
            // made of a file that the document does not know as it is now: that comes first
            let outdated = |m: &Media| m.file.path == input && !m.file.stamp().same_content(&variant.of);
            if let Some(id) = project.media.iter().find(|(id, m)| outdated(m) && self.bin.has_changed(**id)).map(|(id, _)| *id) {
                self.library.ask(Task::Relink { id, path: input.clone() });
                self.proxies.once_read.insert(id, Wanted::Attach(Box::new(Made { input, rendition, variant })));
                continue;
            }
            // the same film may be there under another name
            let is_its = |m: &Media| m.file.path == input || m.file.hash.is_some() && m.file.hash == variant.of.hash;
            let wanted: Vec<MediaId> = project.media.iter().filter(|(_, m)| is_its(m)).map(|(id, _)| *id).collect();
            wanted.iter().for_each(|id| self.bin.has_again(*id, rendition));
            let change = |id: MediaId| {
                let variant = Some(Box::new(variant.clone()));
                let change = if rendition == Rendition::Proxy { MediaChange::Proxy(variant) } else { MediaChange::Upscaled(variant) };
                EditCommand::SetMedia { id, change }
            };
            let new = |id: &&MediaId| project.media.get(id).is_some_and(|m| m.variant(rendition) != Some(&variant));
            let commands: Vec<_> = wanted.iter().filter(new).map(|id| change(*id)).collect();
            if !commands.is_empty() {
                self.edit_joined(&EditCommand::Batch(commands), self.proxies.left);
                self.proxies.left = Some(self.history.revision());
            }
        }
    }
}

/// The file that a job works on.
fn input(job: &Job) -> Option<&Path> {
    job.params.get("input").and_then(|v| v.as_str()).map(Path::new)
}

/// Which media have changed on the disk, for sharing.
pub(super) type Changed = Arc<BTreeSet<MediaId>>;
