//! Sound of media by sample position, for mixing: open readers, one per place that is being played, so that each reads on.
//! Owned by the mixing thread, of an export or of playback.

use crate::{
    base::MediaId,
    media::{AudioReader, MediaError},
    model::Media,
};
use std::path::PathBuf;

/// Readers held open; enough for every track of a busy mix.
const MAX_OPEN: usize = 24;
/// Samples kept behind a reader, for the few that resampling reads twice.
const TAIL: usize = 8;

/// The sound of one file at the mix rate.
pub(super) trait Sounds {
    fn read(&mut self, start: i64, out: &mut [f32]) -> Result<(), MediaError>;
}

impl Sounds for AudioReader {
    fn read(&mut self, start: i64, out: &mut [f32]) -> Result<(), MediaError> {
        self.read(start, out)
    }
}

/// Opens the sound of a media.
pub(super) type OpenSound<'a> = dyn FnMut(&Media) -> Result<Box<dyn Sounds>, MediaError> + 'a;

struct Reader {
    media: MediaId,
    path: PathBuf,
    next: i64,
    used: u64,
    /// The last samples before `next`.
    tail: Vec<f32>,
    sounds: Box<dyn Sounds>,
}

/// The open readers.
#[derive(Default)]
pub(super) struct SoundReaders {
    open: Vec<Reader>,
    clock: u64,
}

impl SoundReaders {
    /// Fill `out` (interleaved stereo at the mix rate) from sample `from` of a media; silence where there is nothing.
    ///
    /// # Errors
    /// The file cannot be opened or read; `out` is silent then.
    pub fn read(&mut self, id: MediaId, media: &Media, from: i64, out: &mut [f32], open: &mut OpenSound<'_>) -> Result<(), MediaError> {
        out.fill(0.0);
        self.clock += 1;
        let path = &media.file.path;
        let reads_on = |r: &Reader| r.media == id && r.path == *path && (0..=(r.tail.len() / 2) as i64).contains(&(r.next - from));
        let at = match self.open.iter().position(reads_on) {
            Some(i) => i,
            None => {
                if self.open.len() >= MAX_OPEN
                    && let Some(oldest) = (0..self.open.len()).min_by_key(|i| self.open[*i].used)
                {
                    self.open.swap_remove(oldest);
                }
                let sounds = open(media)?;
                self.open.push(Reader { media: id, path: path.clone(), next: from, used: 0, tail: Vec::new(), sounds });
                self.open.len() - 1
            }
        };
        let r = &mut self.open[at];
        r.used = self.clock;
        let known = (((r.next - from) * 2) as usize).min(out.len());
        let start = r.tail.len() - ((r.next - from) * 2) as usize;
        out[..known].copy_from_slice(&r.tail[start..start + known]);
        if known < out.len() {
            if let Err(e) = r.sounds.read(r.next, &mut out[known..]) {
                out.fill(0.0);
                self.open.swap_remove(at);
                return Err(e);
            }
            r.next = from + (out.len() / 2) as i64;
            r.tail = out[out.len().saturating_sub(TAIL * 2)..].to_vec();
        }
        Ok(())
    }
}
