//! Fetching a model as a job: it goes on where it was interrupted, and counts only when its sum is right.

use super::{Ended, Failure, JobContext, JobSpec, Lane, Progress, Runner, WorkKey, kinds};
use crate::{
    base::{Trouble, words::say},
    ml::MlError,
    session::{Dirs, models},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::Path;

#[derive(Debug, Serialize, Deserialize)]
struct Params {
    name: String,
}

/// What is to be done for one model, by any of its names. Touches neither disk nor network.
///
/// # Errors
/// There is no such model.
pub(super) fn spec(name: &str) -> Result<JobSpec, Trouble> {
    if models::size(name).is_none() {
        return Err(Trouble::of(&MlError::NoModel(name.to_owned())));
    }
    Ok(JobSpec::new(kinds::FETCH, name.to_owned(), json!(Params { name: name.to_owned() }), Lane::Io).keyed(WorkKey::of(["fetch", name])))
}

/// Fetches.
pub(super) struct Fetch {
    /// None where nothing is kept.
    pub dirs: Option<Dirs>,
}

impl Runner for Fetch {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let Some(dirs) = &self.dirs else { return Err(Failure::permanent(say!("session-no-models").trouble()).into()) };
        let mut told = |fraction| {
            cx.progress(Progress { fraction, step: String::new(), rate: 0.0, secs_left: None });
            let _ = cx.check();
        };
        let pulled = models::fetch(&p.name, None, dirs, cx.stop_flag(), &mut told).map_err(|e| match e {
            MlError::Cancelled => Ended::Stopped,
            // it goes on where the line broke
            MlError::Download { .. } => Failure { retryable: true, ..Failure::of(&e) }.into(),
            _ => Failure::of(&e).into(),
        })?;
        Ok(json!({ "name": p.name, "path": pulled.path, "output": pulled.path, "was_there": pulled.was_there }))
    }

    fn still_good(&self, result: &Value) -> bool {
        result["path"].as_str().is_some_and(|p| Path::new(p).is_file())
    }
}
