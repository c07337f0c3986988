//! Music: decode, halve the rate, find the beats.

use super::{Survey, hear::hear, kept};
use crate::{
    analysis::music::{Counting, Ear, Music},
    base::MediaInfo,
    media::{self, MediaError},
};
use std::path::Path;

/// Sort of the results; a change of the algorithm raises the number.
const SORT: &str = "music-1";

/// Tempo, beats, bars, energy and parts of the sound of a file.
///
/// # Errors
/// No sound, damaged, no answer for 5 s, or cancelled.
pub fn listen(path: &Path, info: &MediaInfo, counting: &Counting, survey: &mut Survey<'_>) -> Result<Music, MediaError> {
    let _span = tracing::info_span!("listen", path = %path.display()).entered();
    let place = survey.cache.and_then(|cache| {
        let content = media::stamp(path).ok()?.hash?;
        Some(kept::place(cache, SORT, content, &format!("{counting:?}")))
    });
    if let Some(music) = place.as_deref().and_then(kept::find) {
        return Ok(music);
    }
    let mut ear = Ear::new();
    hear(path, info, survey, 0.0..1.0, &mut |samples| ear.push(samples))?;
    let music = ear.finish().count(counting);
    if let Some(place) = place {
        kept::keep(&place, &music);
    }
    Ok(music)
}
