//! Sound of media by sample position, for the mixer: open readers, one per place that is being played.

use crate::{base::MediaId, media::AudioReader, model::Project};
use std::path::PathBuf;

/// Readers held open; enough for every track of a busy mix.
const MAX_OPEN: usize = 24;

struct Reader {
    media: MediaId,
    path: PathBuf,
    next: i64,
    used: u64,
    /// None: the file could not be opened or read; silence from then on.
    reader: Option<AudioReader>,
}

/// Reads any stretch of any media; sequential stretches reuse their reader. Owned by the mixing thread.
#[derive(Default)]
pub struct SoundSources {
    readers: Vec<Reader>,
    clock: u64,
}

impl SoundSources {
    /// Fill `out` (interleaved stereo at the mix rate) from sample `from` of `media`; silence where there is nothing.
    pub fn read(&mut self, project: &Project, media: MediaId, from: i64, out: &mut [f32]) {
        out.fill(0.0);
        let Some(m) = project.media.get(&media) else { return };
        self.clock += 1;
        let mine = |r: &Reader| r.media == media && r.path == m.file.path;
        let at = self.readers.iter().position(|r| mine(r) && r.next == from).unwrap_or_else(|| {
            // a jump: a fresh reader, so that one playing elsewhere in the same file keeps its place
            if self.readers.len() >= MAX_OPEN
                && let Some(oldest) = (0..self.readers.len()).min_by_key(|i| self.readers[*i].used)
            {
                self.readers.remove(oldest);
            }
            // at most two places per file stay open; the older one jumps
            let open: Vec<usize> = (0..self.readers.len()).filter(|i| mine(&self.readers[*i])).collect();
            if open.len() >= 2
                && let Some(older) = open.into_iter().min_by_key(|i| self.readers[*i].used)
            {
                return older;
            }
            let reader = AudioReader::open(&m.file.path, &m.info).map_err(|e| tracing::warn!("silence instead of sound: {e}")).ok();
            self.readers.push(Reader { media, path: m.file.path.clone(), next: from, used: 0, reader });
            self.readers.len() - 1
        });
        let r = &mut self.readers[at];
        r.used = self.clock;
        r.next = from + (out.len() / 2) as i64;
        if let Some(reader) = &mut r.reader
            && let Err(e) = reader.read(from, out)
        {
            tracing::warn!("silence instead of sound: {e}");
            r.reader = None;
            out.fill(0.0);
        }
    }
}
