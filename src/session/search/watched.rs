//! Watching films as jobs: what is found lies in the cache by the film's content, for the index, the automatic montage and scripts
//! alike. Where the model for it is here, some pictures of each shot are looked at too.

use super::eyes;
use crate::{
    base::{ContentHash, MediaInfo, Trouble, words::say},
    engine::{self, LookError, Survey, Watched},
    media::{self, MediaError},
    ml::models::meaning,
    session::{
        batch,
        jobs::{Cache, Ended, Failure, Job, JobContext, JobSpec, Lane, MakeDevice, Progress, Runner, WorkKey, kinds},
        survey::SORT,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

/// All that the watching needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    input: PathBuf,
    hash: ContentHash,
}

/// What is to be done for one film. Touches no disk.
pub(in crate::session) fn spec(input: &Path, hash: ContentHash) -> Result<JobSpec, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let input = std::path::absolute(input).map_err(unreadable)?;
    let subject = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let key = WorkKey::of(["watch", &hash.to_string()]);
    // the panel shows how far it is; it ends without a word
    Ok(JobSpec::new(kinds::WATCH, subject, json!(Params { input, hash }), Lane::Cpu).keyed(key).unasked())
}

/// The file that a job works on.
pub(super) fn input(job: &Job) -> Option<&Path> {
    job.params.get("input").and_then(|v| v.as_str()).map(Path::new)
}

/// Watches films.
pub(in crate::session) struct Watcher {
    cache: Cache,
    /// Where the user's models lie.
    models: PathBuf,
    device: MakeDevice,
}

/// Part of the work that watching is, where pictures are looked at too.
const WATCHING: f32 = 0.7;

impl Watcher {
    pub fn new(cache: Cache, models: PathBuf, device: MakeDevice) -> Self {
        Self { cache, models, device }
    }

    /// The model and the file of what it sees, where the model is here.
    fn network(&self) -> Option<(PathBuf, PathBuf)> {
        let (clip, _) = meaning::files(&self.models)?;
        let seen = engine::seen_file(&self.cache.root().join(SORT), &clip)?;
        Some((clip, seen))
    }

    fn look(&self, p: &Params, info: &MediaInfo, watched: &Watched, survey: &mut Survey<'_>) -> Result<usize, LookError> {
        let Some((clip, seen)) = self.network().filter(|(_, seen)| !engine::seen(seen).films.contains_key(&p.hash)) else { return Ok(0) };
        let network = eyes::network(&clip, (self.device)())?;
        engine::look(&p.input, info, p.hash, &watched.footage, &network, &seen, survey)
    }
}

impl Runner for Watcher {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let now = media::stamp(&p.input).ok().and_then(|s| s.hash);
        if now.is_some_and(|now| now != p.hash) {
            return Err(Failure::permanent(say!("session-film-changed", path = p.input.display().to_string()).trouble()).into());
        }
        let info = batch::probe(&p.input).map_err(Failure::permanent)?;
        let cache = self.cache.root().join(SORT);
        let stop = cx.stop_flag();
        let cancel = || stop.load(Ordering::Relaxed);
        let watching = if self.network().is_some() { WATCHING } else { 1.0 };
        let tell = |fraction| {
            cx.progress(Progress { fraction, ..Progress::default() });
            let _ = cx.check();
        };
        let mut progress = |part: f32| tell(part * watching);
        let mut survey = Survey { cache: Some(&cache), cancel: &cancel, progress: &mut progress };
        let watched = engine::watch(&p.input, &info, &mut survey).map_err(|e| ended(&e.into()))?;
        let mut progress = |part: f32| tell(watching + part * (1.0 - watching));
        let mut survey = Survey { cache: Some(&cache), cancel: &cancel, progress: &mut progress };
        let pictures = self.look(&p, &info, &watched, &mut survey).map_err(|e| ended(&e))?;
        Ok(json!({ "hash": p.hash, "shots": watched.footage.shots.len(), "pictures": pictures }))
    }

    fn still_good(&self, result: &Value) -> bool {
        let hash = result.get("hash").and_then(|h| ContentHash::deserialize(h).ok());
        let looked_at = |hash| self.network().is_none_or(|(_, seen)| engine::seen(&seen).films.contains_key(&hash));
        hash.is_some_and(|hash| engine::watched(&self.cache.root().join(SORT), hash).is_some() && looked_at(hash))
    }
}

fn ended(e: &LookError) -> Ended {
    if e.is_cancelled() {
        return Ended::Stopped;
    }
    Failure { retryable: matches!(e, LookError::Media(MediaError::Stalled { .. })), ..Failure::of(e) }.into()
}
