//! Motion of cameras as jobs. A track lies in the cache under the name of its film's content: all clips of a film share it,
//! wherever it is moved, and asking again hands out what is there.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, MakeDevice, Runner, WorkKey, kinds, media_ended, told};
use crate::{
    analysis::stabilize::MotionTrack,
    base::{ContentHash, Trouble, words::say},
    engine::{
        ExportProgress,
        steady::{self, SteadyError},
    },
    media, store,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

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
pub(super) struct Analyze {
    device: MakeDevice,
}

impl Analyze {
    pub fn new(device: MakeDevice) -> Self {
        Self { device }
    }
}

impl Runner for Analyze {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let now = media::stamp(&p.input).ok().and_then(|s| s.hash);
        if now.is_some_and(|now| now != p.hash) {
            return Err(Failure::permanent(say!("session-film-changed", path = p.input.display().to_string()).trouble()).into());
        }
        let track = steady::analyse(&p.input, (self.device)().as_ref(), cx.stop_flag(), &mut told(cx)).map_err(|e| ended(&e))?;
        keep(&p.output, &track.to_bytes(p.hash))?;
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

/// The motion of a film's camera, and where it is kept.
pub(super) struct Measured {
    pub hash: ContentHash,
    pub track: MotionTrack,
    pub file: PathBuf,
    /// It was measured for this call.
    pub is_new: bool,
}

/// The motion of a film's camera: from `file` if that is there, else from the cache, else measured now and kept in the cache. Then
/// it is in `file` too.
pub(super) fn track(
    cache: &Cache,
    input: &Path,
    file: Option<&Path>,
    device: &MakeDevice,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<Measured, Ended> {
    let unreadable = |e: &std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let stamp = media::stamp(input).map_err(|e| Failure::io(&e, unreadable(&e)))?;
    let hash = stamp.hash.ok_or_else(|| Failure::permanent(unreadable(&std::io::ErrorKind::InvalidData.into())))?;
    if let Some(file) = file
        && file.exists()
    {
        let other = || Failure::permanent(say!("session-other-motion", path = file.display().to_string()).trouble());
        let bytes = std::fs::read(file).map_err(|_| other())?;
        let (_, track) = MotionTrack::from_bytes(&bytes).filter(|(of, _)| *of == hash).ok_or_else(other)?;
        return Ok(Measured { hash, track, file: file.to_owned(), is_new: false });
    }
    let kept = steady::track_path(cache.root(), hash);
    let known = steady::cached(cache.root(), hash);
    let is_new = known.is_none();
    let track = match known {
        Some(track) => track,
        None => {
            let track = steady::analyse(input, device().as_ref(), cancel, progress).map_err(|e| ended(&e))?;
            keep(&kept, &track.to_bytes(hash))?;
            track
        }
    };
    if let Some(file) = file {
        keep(file, &track.to_bytes(hash))?;
    }
    Ok(Measured { hash, track, file: file.map_or(kept, Path::to_owned), is_new })
}

/// Writes a track, with the folder that it lies in.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), Ended> {
    if let Some(folder) = path.parent() {
        let wrong =
            |e: &std::io::Error| say!("session-no-motion-folder", reason = e.to_string(), path = folder.display().to_string()).trouble();
        std::fs::create_dir_all(folder).map_err(|e| Failure::io(&e, wrong(&e)))?;
    }
    store::write_atomic(path, bytes).map_err(|e| Failure::of(&e).into())
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
    use std::sync::Arc;

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
    fn a_file_of_another_film_is_not_taken_and_a_kept_track_is_written_to_a_new_one() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path().join("cache"), &["analysis"], 1 << 30);
        let film = dir.path().join("film.mp4");
        std::fs::write(&film, b"not looked into where the motion is known").unwrap();
        let hash = media::stamp(&film).unwrap().hash.unwrap();
        let known = MotionTrack { size: (64, 36), focal: 1.0, readout_secs: 0.0, frames: Vec::new() };
        keep(&steady::track_path(cache.root(), hash), &known.to_bytes(hash)).unwrap();
        let file = dir.path().join("new/film.motion");
        let nothing: MakeDevice = Arc::new(|| None);
        let track = |file: &Path| track(&cache, &film, Some(file), &nothing, &AtomicBool::new(false), &mut |_| {});
        for _ in 0..2 {
            let found = track(&file).unwrap_or_else(|_| panic!("the motion is known"));
            assert_eq!((found.track, found.is_new, found.file), (known.clone(), false, file.clone()));
        }
        std::fs::write(&file, known.to_bytes(ContentHash(1))).unwrap();
        assert!(matches!(track(&file), Err(Ended::Failed(f)) if !f.retryable));
    }

    #[test]
    fn a_stop_is_no_failure() {
        assert!(matches!(ended(&SteadyError::Cancelled), Ended::Stopped));
        assert!(matches!(ended(&SteadyError::Media(MediaError::Cancelled)), Ended::Stopped));
        assert!(matches!(ended(&SteadyError::Still("/a.png".into())), Ended::Failed(f) if !f.retryable));
    }
}
