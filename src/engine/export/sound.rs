//! The sound of an export: plans mixed block by block and limited, on a thread of its own.

use super::{ExportError, footage::Footage};
use crate::{
    engine::{master::Master, mixer, sound::SoundReaders},
    media::encode::AudioCodec,
    model::Project,
    plan,
};
use crossbeam::channel::Sender;
use std::ops::Range;

/// Samples mixed at a time, half a second.
const BLOCK: i64 = 24_000;

/// What the limiter lets through on the way into a file of this codec.
pub(super) fn ceiling(codec: AudioCodec) -> f32 {
    if codec.is_lossless() { Master::FULL } else { Master::LOSSY }
}

/// Mixes `samples` of the film and sends them in order; ends early when nobody listens any more. What is exported of a film
/// is to the sample what the whole film has there. Nothing passes `ceiling`, see [`ceiling`].
pub(super) fn run(
    project: &Project,
    footage: &dyn Footage,
    samples: Range<i64>,
    ceiling: f32,
    out: &Sender<Vec<f32>>,
) -> Result<(), ExportError> {
    let mut readers = SoundReaders::default();
    let mut master = Master::new(Master::RUN_UP, ceiling);
    let mut at = samples.start - Master::RUN_UP;
    let mut left = samples.end - samples.start;
    while left > 0 {
        let n = BLOCK.min(samples.end + Master::LOOK_AHEAD - at);
        let _span = tracing::debug_span!("mix", at, n).entered();
        let mut failed = None;
        readers.next_round();
        let mixed = mixer::mix(&plan::audio(project, at, n), &mut |media, from, out| {
            let Some(entry) = project.media.get(&media) else { return out.fill(0.0) };
            if let Err(e) = readers.read(media, entry, from, out, &mut |m| footage.sounds(m)) {
                failed.get_or_insert(e);
            }
        });
        if let Some(e) = failed {
            return Err(e.into());
        }
        at += n;
        let mut block = Vec::new();
        master.feed(&mixed, &mut block);
        left -= (block.len() / 2) as i64;
        if !block.is_empty() && out.send(block).is_err() {
            return Ok(());
        }
    }
    Ok(())
}
