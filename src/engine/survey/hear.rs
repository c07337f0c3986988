//! The sound of a file, block by block, for whoever listens to it: as it is mixed, or at half the rate, mono.

use super::Survey;
use crate::{
    analysis::downsample::Downsampler,
    base::{MIX_RATE, MediaInfo, Rounding},
    media::{AudioReader, MediaError},
};
use std::{ops::Range, path::Path};

/// Pairs of samples that are decoded at a time.
const BLOCK: usize = MIX_RATE as usize / 2;

/// Decodes these mix samples, left and right in turn, for `take`, which also hears how many are done.
///
/// # Errors
/// Damaged, no answer for 5 s, or cancelled.
pub(super) fn blocks(
    reader: &mut AudioReader,
    samples: Range<i64>,
    cancel: &dyn Fn() -> bool,
    mut take: impl FnMut(&[f32], usize),
) -> Result<(), MediaError> {
    let total = usize::try_from(samples.end - samples.start).unwrap_or(0);
    let mut block = vec![0.0; BLOCK * 2];
    for at in (0..total).step_by(BLOCK) {
        if cancel() {
            return Err(MediaError::Cancelled);
        }
        let part = &mut block[..BLOCK.min(total - at) * 2];
        reader.read(samples.start + at as i64, part)?;
        take(part, (at + BLOCK).min(total));
    }
    Ok(())
}

/// Decodes all of it for `take`, at half the mix rate. `part` is where in the whole survey's progress this lies.
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
    let total = info.duration.to_samples(MIX_RATE, Rounding::Ceil).max(0);
    let mut halves = Downsampler::by(2);
    blocks(&mut reader, 0..total, survey.cancel, |block, done| {
        take(&halves.push(block));
        (survey.progress)(part.start + (part.end - part.start) * done as f32 / total as f32);
    })?;
    take(&halves.finish());
    Ok(())
}
