//! Looks at everything that a montage is made of: hears the music, watches films in parallel. Blocks; what was looked at before comes
//! from the cache.

use super::{MontageError, Wish};
use crate::{
    analysis::{
        footage::{Footage, Shot},
        music::Music,
    },
    assist::Source,
    base::{MediaInfo, Trouble},
    engine::{self, Survey},
    media::MediaError,
    session::{batch, survey},
    store::Dirs,
};
use std::path::{Path, PathBuf};

/// A file that was looked at.
pub(super) struct Looked {
    pub path: PathBuf,
    pub info: MediaInfo,
    pub source: Source,
}

/// The music, with its absolute path.
pub(super) fn hear(path: &Path, wish: &Wish, cancel: &dyn Fn() -> bool) -> Result<(PathBuf, MediaInfo, Music), MontageError> {
    let info = batch::probe(path)?;
    let cache = cache_of(wish);
    let mut survey = Survey { cache: Some(&cache), cancel, progress: &mut |_| {} };
    match engine::listen(path, &info, &wish.counting, &mut survey) {
        Ok(music) => Ok((absolute(path), info, music)),
        Err(MediaError::Cancelled) => Err(MontageError::Stopped),
        Err(e) => Err(Trouble::of(&e).into()),
    }
}

/// Where analyses are remembered.
fn cache_of(wish: &Wish) -> PathBuf {
    wish.cache.clone().unwrap_or_else(|| Dirs::find().cache).join(survey::SORT)
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Watch all films, in parallel; those that cannot be are named with the reason. `progress` gets the part done.
pub(super) fn look(
    wish: &Wish,
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32),
) -> Result<(Vec<Looked>, Vec<String>), MontageError> {
    let cache = cache_of(wish);
    let results = survey::side_by_side(&wish.media, cancel, progress, |path, tell| look_at(path, &cache, cancel, tell));
    if cancel() {
        return Err(MontageError::Stopped);
    }
    let (mut looked, mut skipped) = (Vec::new(), Vec::new());
    for result in results.into_iter().flatten() {
        match result {
            Ok(l) => looked.push(l),
            Err(t) => skipped.push(t.text),
        }
    }
    Ok((looked, skipped))
}

fn look_at(path: &Path, cache: &Path, cancel: &dyn Fn() -> bool, progress: &mut dyn FnMut(f32)) -> Result<Looked, Trouble> {
    let info = batch::probe(path)?;
    let video = info.video.as_ref().ok_or_else(|| Trouble::of(&MediaError::NoVideo(path.into())))?;
    let still = video.still;
    let mut survey = Survey { cache: Some(cache), cancel, progress };
    let watched = engine::watch(path, &info, &mut survey).map_err(|e| Trouble::of(&e))?;
    let mut footage = watched.footage;
    if footage.shots.is_empty() {
        return Err(Trouble::of(&MediaError::Damaged { path: path.into(), reason: "no picture could be decoded".into() }));
    }
    if still {
        lasting(&mut footage);
    }
    Ok(Looked { path: absolute(path), info, source: Source { footage, voice: watched.voice, still } })
}

/// A still is one shot as long as anybody wants.
fn lasting(footage: &mut Footage) {
    let shot = Shot { start: 0, end: 1, start_secs: 0.0, end_secs: 5.0, begins_with: None, mixed_secs: (0.0, 0.0) };
    (footage.duration_secs, footage.shots) = (5.0, vec![shot]);
}
