//! Footage: decode every picture small and have it watched, decode the sound and have it heard.

use super::{Survey, hear::hear, kept};
use crate::{
    analysis::{
        footage::{Footage, Watcher},
        voice::{Listener, Voice},
    },
    base::{ContentHash, MediaInfo},
    media::{self, MediaError},
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Sort of the results; a change of the algorithms raises the number.
const SORT: &str = "footage-5";
/// Rows of the pictures that are looked at.
const HEIGHT_PX: u32 = 180;
/// Part of the work that the pictures are.
const PICTURES: f32 = 0.9;

/// A film as it was watched and heard.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    pub footage: Footage,
    /// None without sound.
    pub voice: Option<Voice>,
}

/// Shots, movement, sharpness, light and colours of a film from moment to moment, and its own sound.
///
/// # Errors
/// No picture, damaged, no answer for 5 s, or cancelled.
pub fn watch(path: &Path, info: &MediaInfo, survey: &mut Survey<'_>) -> Result<Watched, MediaError> {
    let _span = tracing::info_span!("watch", path = %path.display()).entered();
    let place = survey.cache.and_then(|cache| {
        let content = media::stamp(path).ok()?.hash?;
        Some(kept::place(cache, SORT, content, ""))
    });
    if let Some(watched) = place.as_deref().and_then(kept::find) {
        return Ok(watched);
    }
    let footage = pictures(path, info, survey)?;
    let voice = if info.audio.is_some() {
        let mut listener = Listener::new();
        hear(path, info, survey, PICTURES..1.0, &mut |samples| listener.push(samples))?;
        Some(listener.finish())
    } else {
        None
    };
    let watched = Watched { footage, voice };
    if let Some(place) = place {
        kept::keep(&place, &watched);
    }
    Ok(watched)
}

/// What was found when a film of this content was watched, if it is kept. Reads one file of the cache.
pub fn watched(cache: &Path, content: ContentHash) -> Option<Watched> {
    kept::find(&kept::place(cache, SORT, content, ""))
}

fn pictures(path: &Path, info: &MediaInfo, survey: &mut Survey<'_>) -> Result<Footage, MediaError> {
    let mut watcher = Watcher::new();
    let frames = info.video.as_ref().map_or(0, |v| v.frames).max(1) as f32;
    let mut cancelled = false;
    media::every_picture(path, info, HEIGHT_PX, &mut |picture, time| {
        watcher.push(picture.plane(0), picture.width as usize, picture.height as usize, time.as_secs_f64());
        (survey.progress)((watcher.len() as f32 / frames).min(1.0) * PICTURES);
        cancelled = (survey.cancel)();
        !cancelled
    })?;
    if cancelled {
        return Err(MediaError::Cancelled);
    }
    Ok(watcher.finish(info.duration.as_secs_f64()))
}
