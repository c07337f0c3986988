//! Motion of cameras as jobs. A track lies in the cache under the name of its film's content: all clips of a film share it,
//! wherever it is moved, and asking again hands out what is there.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, Runner, WorkKey, kinds, media_ended, told};
use crate::{
    base::{ContentHash, Trouble, words::say},
    engine::steady::{self, SteadyError},
    store,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// All that the measuring needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    input: PathBuf,
    hash: ContentHash,
    output: PathBuf,
}

/// What is to be done for one film. Touches no disk.
pub(super) fn spec(cache: &Cache, input: &Path, hash: ContentHash) -> Result<JobSpec, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let input = std::path::absolute(input).map_err(unreadable)?;
    let output = steady::track_path(cache.root(), hash);
    let subject = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let key = WorkKey::of(["motion", &hash.to_string()]);
    Ok(JobSpec::new(kinds::ANALYZE, subject, json!(Params { input, hash, output }), Lane::Cpu).keyed(key))
}

/// Measures films.
pub(super) struct Analyze;

impl Runner for Analyze {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let track = steady::analyse(&p.input, cx.stop_flag(), &mut told(cx)).map_err(|e| ended(&e))?;
        if let Some(folder) = p.output.parent() {
            let wrong = |e: &std::io::Error| {
                say!("session-no-motion-folder", reason = e.to_string(), path = folder.display().to_string()).trouble()
            };
            std::fs::create_dir_all(folder).map_err(|e| Failure::io(&e, wrong(&e)))?;
        }
        store::write_atomic(&p.output, &track.to_bytes(p.hash)).map_err(|e| Failure::of(&e))?;
        Ok(json!({
            "hash": p.hash,
            "analysis": p.output,
            "output": p.output,
            "frames": track.frames.len(),
        }))
    }

    fn still_good(&self, result: &Value) -> bool {
        result["analysis"].as_str().is_some_and(|p| Path::new(p).is_file())
    }
}

fn ended(e: &SteadyError) -> Ended {
    match e {
        SteadyError::Cancelled => Ended::Stopped,
        SteadyError::Media(media) => media_ended(media, e),
        _ => Failure::of(e).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::MediaError;

    #[test]
    fn a_film_is_measured_once_wherever_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path(), &["analysis"], 1 << 30);
        let spec = |name: &str, hash| spec(&cache, Path::new(name), ContentHash(hash)).unwrap();
        let (first, moved, other) = (spec("/a/film.mp4", 1), spec("/b/else.mp4", 1), spec("/a/film.mp4", 2));
        assert_eq!((first.subject.as_str(), &first.kind), ("film.mp4", &kinds::ANALYZE));
        assert_eq!((&first.key, &first.params["output"]), (&moved.key, &moved.params["output"]));
        assert_ne!(first.key, other.key);
        assert_eq!(steady::cached(cache.root(), ContentHash(1)), None);
    }

    #[test]
    fn a_stop_is_no_failure() {
        assert!(matches!(ended(&SteadyError::Cancelled), Ended::Stopped));
        assert!(matches!(ended(&SteadyError::Media(MediaError::Cancelled)), Ended::Stopped));
        assert!(matches!(ended(&SteadyError::Still("/a.png".into())), Ended::Failed(f) if !f.retryable));
    }
}
