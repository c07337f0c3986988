//! The sound of an export: plans mixed block by block, on a thread of its own.

use super::{
    ExportError,
    footage::{Footage, Sounds},
};
use crate::{base::MediaId, engine::mixer, media::MediaError, model::Project, plan};
use crossbeam::channel::Sender;
use std::ops::Range;

/// Samples mixed at a time, half a second.
const BLOCK: i64 = 24_000;
/// Readers held open; enough for every track of a busy mix.
const MAX_OPEN: usize = 24;
/// Samples kept behind a reader, for the few that resampling reads twice.
const TAIL: usize = 8;

/// Mixes `samples` of the film and sends them in order; ends early when nobody listens any more.
pub(super) fn run(project: &Project, footage: &dyn Footage, samples: Range<i64>, out: &Sender<Vec<f32>>) -> Result<(), ExportError> {
    let mut readers = Readers { footage, project, open: Vec::new(), clock: 0 };
    let mut at = samples.start;
    while at < samples.end {
        let n = BLOCK.min(samples.end - at);
        let _span = tracing::debug_span!("mix", at, n).entered();
        let mut failed = None;
        let block = mixer::mix(&plan::audio(project, at, n), &mut |media, from, out| {
            if let Err(e) = readers.read(media, from, out) {
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

struct Reader {
    media: MediaId,
    next: i64,
    used: u64,
    /// The last samples before `next`.
    tail: Vec<f32>,
    sounds: Box<dyn Sounds>,
}

/// One reader per place that is being played, so that each reads on.
struct Readers<'a> {
    footage: &'a dyn Footage,
    project: &'a Project,
    open: Vec<Reader>,
    clock: u64,
}

impl Readers<'_> {
    fn read(&mut self, media: MediaId, from: i64, out: &mut [f32]) -> Result<(), MediaError> {
        out.fill(0.0);
        let Some(m) = self.project.media.get(&media) else { return Ok(()) };
        self.clock += 1;
        let behind = |r: &Reader| r.next - from;
        let reads_on = |r: &Reader| r.media == media && (0..=(r.tail.len() / 2) as i64).contains(&behind(r));
        let at = match self.open.iter().position(reads_on) {
            Some(i) => i,
            None => {
                if self.open.len() >= MAX_OPEN
                    && let Some(oldest) = (0..self.open.len()).min_by_key(|i| self.open[*i].used)
                {
                    self.open.swap_remove(oldest);
                }
                let sounds = self.footage.sounds(m)?;
                self.open.push(Reader { media, next: from, used: 0, tail: Vec::new(), sounds });
                self.open.len() - 1
            }
        };
        let r = &mut self.open[at];
        let known = (((r.next - from) * 2) as usize).min(out.len());
        let start = r.tail.len() - ((r.next - from) * 2) as usize;
        out[..known].copy_from_slice(&r.tail[start..start + known]);
        if known < out.len() {
            r.sounds.read(r.next, &mut out[known..])?;
            r.next = from + (out.len() / 2) as i64;
            r.tail = out[out.len().saturating_sub(TAIL * 2)..].to_vec();
        }
        r.used = self.clock;
        Ok(())
    }
}
