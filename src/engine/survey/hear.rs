//! The sound of a file at half the mix rate, mono, block by block: what the analysis listens to.

use super::Survey;
use crate::{
    analysis::halve::Halver,
    base::{MIX_RATE, MediaInfo, Rounding},
    media::{AudioReader, MediaError},
};
use std::{ops::Range, path::Path};

/// Pairs of samples that are decoded at a time.
const BLOCK: usize = MIX_RATE as usize / 2;

/// Decodes all of it for `take`. `part` is where in the whole survey's progress this lies.
///
/// # Errors
/// No sound, damaged, no answer for 5 s, or cancelled.
pub(super) fn hear(
    path: &Path,
    info: &MediaInfo,
    survey: &mut Survey<'_>,
    part: Range<f32>,
    take: &mut dyn FnMut(&[f32]),
) -> Result<(), MediaError> {
    let mut reader = AudioReader::open(path, info)?;
    let total = info.duration.to_samples(MIX_RATE, Rounding::Ceil).max(0) as usize;
    let (mut halver, mut block) = (Halver::new(), vec![0.0; BLOCK * 2]);
    for at in (0..total).step_by(BLOCK) {
        if (survey.cancel)() {
            return Err(MediaError::Cancelled);
        }
        let samples = &mut block[..BLOCK.min(total - at) * 2];
        reader.read(at as i64, samples)?;
        take(&halver.push(samples));
        (survey.progress)(part.start + (part.end - part.start) * (at + BLOCK).min(total) as f32 / total as f32);
    }
    take(&halver.finish());
    Ok(())
}
