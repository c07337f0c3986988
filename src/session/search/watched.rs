//! Watching films as jobs: what is found lies in the cache by the film's content, for the index, the automatic montage and scripts
//! alike.

use super::collect::SORT;
use crate::{
    base::{ContentHash, Trouble, words::say},
    engine::{self, Survey},
    media::{self, MediaError},
    session::{
        batch,
        jobs::{Cache, Ended, Failure, Job, JobContext, JobSpec, Lane, Progress, Runner, WorkKey, kinds},
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
}

impl Watcher {
    pub fn new(cache: Cache) -> Self {
        Self { cache }
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
        let mut progress = |fraction| {
            cx.progress(Progress { fraction, ..Progress::default() });
            let _ = cx.check();
        };
        let mut survey = Survey { cache: Some(&cache), cancel: &cancel, progress: &mut progress };
        match engine::watch(&p.input, &info, &mut survey) {
            Ok(watched) => Ok(json!({ "hash": p.hash, "shots": watched.footage.shots.len() })),
            Err(MediaError::Cancelled) => Err(Ended::Stopped),
            Err(e) => Err(Failure { retryable: matches!(e, MediaError::Stalled { .. }), ..Failure::of(&e) }.into()),
        }
    }

    fn still_good(&self, result: &Value) -> bool {
        let hash = result.get("hash").and_then(|h| ContentHash::deserialize(h).ok());
        hash.is_some_and(|hash| engine::watched(&self.cache.root().join(SORT), hash).is_some())
    }
}
