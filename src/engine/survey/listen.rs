//! Music: decode, halve the rate, find the beats.

use super::{Survey, kept};
use crate::{
    analysis::{
        halve::Halver,
        music::{Counting, Ear, Music},
    },
    base::{MIX_RATE, MediaInfo, Rounding},
    media::{self, AudioReader, MediaError},
};
use std::path::Path;

/// Sort of the results; a change of the algorithm raises the number.
const SORT: &str = "music-1";
/// Pairs of samples that are decoded at a time.
const BLOCK: usize = MIX_RATE as usize / 2;

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
    let mut reader = AudioReader::open(path, info)?;
    let total = info.duration.to_samples(MIX_RATE, Rounding::Ceil).max(0) as usize;
    let (mut halver, mut ear) = (Halver::new(), Ear::new());
    let mut block = vec![0.0; BLOCK * 2];
    for at in (0..total).step_by(BLOCK) {
        if (survey.cancel)() {
            return Err(MediaError::Cancelled);
        }
        let part = &mut block[..BLOCK.min(total - at) * 2];
        reader.read(at as i64, part)?;
        ear.push(&halver.push(part));
        (survey.progress)((at + BLOCK).min(total) as f32 / total as f32);
    }
    ear.push(&halver.finish());
    let music = ear.finish().count(counting);
    if let Some(place) = place {
        kept::keep(&place, &music);
    }
    Ok(music)
}
