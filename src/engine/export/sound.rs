//! The sound of an export: plans mixed block by block, on a thread of its own.

use super::{ExportError, footage::Footage};
use crate::{
    engine::{mixer, sound::SoundReaders},
    model::Project,
    plan,
};
use crossbeam::channel::Sender;
use std::ops::Range;

/// Samples mixed at a time, half a second.
const BLOCK: i64 = 24_000;

/// Mixes `samples` of the film and sends them in order; ends early when nobody listens any more.
pub(super) fn run(project: &Project, footage: &dyn Footage, samples: Range<i64>, out: &Sender<Vec<f32>>) -> Result<(), ExportError> {
    let mut readers = SoundReaders::default();
    let mut at = samples.start;
    while at < samples.end {
        let n = BLOCK.min(samples.end - at);
        let _span = tracing::debug_span!("mix", at, n).entered();
        let mut failed = None;
        let block = mixer::mix(&plan::audio(project, at, n), &mut |media, from, out| {
            let Some(entry) = project.media.get(&media) else { return out.fill(0.0) };
            if let Err(e) = readers.read(media, entry, from, out, &mut |m| footage.sounds(m)) {
                failed.get_or_insert(e);
            }
        });
        if let Some(e) = failed {
            return Err(e.into());
        }
        if out.send(block).is_err() {
            return Ok(());
        }
        at += n;
    }
    Ok(())
}
