//! Sound of media by sample position, for mixing: open readers, one per place that is being played, so that each reads on.
//! Owned by the mixing thread, of an export or of playback.

use crate::{
    base::{MIX_RATE, MediaId},
    media::{AudioReader, MediaError},
    model::Media,
};
use std::path::PathBuf;

/// Readers held open; enough for every track of a busy mix.
const MAX_OPEN: usize = 24;
/// Samples kept behind a reader that reads on, for the few that resampling reads twice.
pub(super) const TAIL: usize = 8;
/// What is read at once where sound runs backwards: decoders only go forward, and each way back is a seek.
const STRIDE_BACK: i64 = MIX_RATE as i64 / 2;

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
    used: u64,
    round: u64,
    /// Samples in hand, from `start` on; the reader itself stands at their end.
    start: i64,
    held: Vec<f32>,
    /// First sample of what was asked for last.
    given: i64,
    sounds: Box<dyn Sounds>,
}

impl Reader {
    fn end(&self) -> i64 {
        self.start + (self.held.len() / 2) as i64
    }

    /// What is wanted lies in hand or right behind it.
    fn reads_on(&self, from: i64) -> bool {
        (self.start..=self.end()).contains(&from)
    }

    /// What is wanted ends where that begins which was given last, or in hand.
    fn reads_back(&self, from: i64, len: i64) -> bool {
        from < self.start && (self.start.min(self.given)..=self.end()).contains(&(from + len))
    }

    /// Copy out what is wanted, reading what is not in hand.
    fn give(&mut self, from: i64, out: &mut [f32]) -> Result<(), MediaError> {
        let len = (out.len() / 2) as i64;
        if self.reads_back(from, len) {
            // everything from a stride back to the end of what was wanted, which overlaps what is in hand by a little
            let start = (from + len - STRIDE_BACK.max(len)).min(from);
            self.held = vec![0.0; ((from + len - start) * 2) as usize];
            self.start = start;
            self.sounds.read(start, &mut self.held)?;
        } else if !self.reads_on(from) {
            (self.start, self.held) = (from, Vec::new());
        }
        self.given = from;
        let skip = ((from - self.start) * 2) as usize;
        let known = self.held.get(skip..).unwrap_or_default();
        let known_len = known.len().min(out.len());
        out[..known_len].copy_from_slice(&known[..known_len]);
        if known_len < out.len() {
            self.sounds.read(self.end(), &mut out[known_len..])?;
            self.held = out[out.len().saturating_sub(TAIL * 2)..].to_vec();
            self.start = from + len - (self.held.len() / 2) as i64;
        }
        Ok(())
    }
}

/// The open readers.
#[derive(Default)]
pub(super) struct SoundReaders {
    open: Vec<Reader>,
    clock: u64,
    round: u64,
}

impl SoundReaders {
    /// A new block is being mixed: a reader that neither this one nor the last has used may be sent elsewhere.
    pub fn next_round(&mut self) {
        self.round += 1;
    }

    /// Fill `out` (interleaved stereo at the mix rate) from sample `from` of a media; silence where there is nothing.
    ///
    /// # Errors
    /// The file cannot be opened or read; `out` is silent then.
    pub fn read(&mut self, id: MediaId, media: &Media, from: i64, out: &mut [f32], open: &mut OpenSound<'_>) -> Result<(), MediaError> {
        self.clock += 1;
        let at = match self.find(id, media, from, (out.len() / 2) as i64) {
            Some(i) => i,
            None => match open(media) {
                Ok(sounds) => self.add(id, media, from, sounds),
                Err(e) => {
                    out.fill(0.0);
                    return Err(e);
                }
            },
        };
        let r = &mut self.open[at];
        (r.used, r.round) = (self.clock, self.round);
        r.give(from, out).inspect_err(|_| {
            out.fill(0.0);
            self.open.swap_remove(at);
        })
    }

    /// What was read last will be read on from in a while: nobody else gets its reader for so many rounds.
    pub fn keep(&mut self, id: MediaId, rounds: u64) {
        let (clock, round) = (self.clock, self.round);
        if let Some(r) = self.open.iter_mut().find(|r| r.media == id && r.used == clock) {
            r.round = round + rounds;
        }
    }

    /// The reader that has what is wanted in hand or reads on to it, or else one of the same file that nobody uses now.
    fn find(&self, id: MediaId, media: &Media, from: i64, len: i64) -> Option<usize> {
        let mine = |r: &&(usize, &Reader)| r.1.media == id && r.1.path == media.file.path;
        let all: Vec<(usize, &Reader)> = self.open.iter().enumerate().collect();
        let idle = |r: &Reader| r.round + 1 < self.round;
        let by = |wanted: &dyn Fn(&Reader) -> bool| all.iter().filter(mine).find(|(_, r)| wanted(r)).map(|(i, _)| *i);
        by(&|r| r.reads_on(from)).or_else(|| by(&|r| r.reads_back(from, len))).or_else(|| by(&idle))
    }

    fn add(&mut self, media: MediaId, m: &Media, start: i64, sounds: Box<dyn Sounds>) -> usize {
        if self.open.len() >= MAX_OPEN
            && let Some(oldest) = (0..self.open.len()).min_by_key(|i| self.open[*i].used)
        {
            self.open.swap_remove(oldest);
        }
        self.open.push(Reader {
            media,
            path: m.file.path.clone(),
            used: 0,
            round: self.round,
            start,
            held: Vec::new(),
            given: start,
            sounds,
        });
        self.open.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixture::song;
    use std::{cell::RefCell, rc::Rc};

    /// Sample n of the left channel is n; notes what is asked of it.
    struct Counting(Rc<RefCell<Vec<(i64, usize)>>>);

    impl Sounds for Counting {
        fn read(&mut self, start: i64, out: &mut [f32]) -> Result<(), MediaError> {
            self.0.borrow_mut().push((start, out.len() / 2));
            out.as_chunks_mut::<2>().0.iter_mut().zip(start..).for_each(|(p, n)| *p = [n as f32, 0.0]);
            Ok(())
        }
    }

    struct Desk {
        readers: SoundReaders,
        media: Media,
        opened: usize,
        asked: Rc<RefCell<Vec<(i64, usize)>>>,
    }

    impl Desk {
        fn new() -> Self {
            Self { readers: SoundReaders::default(), media: song("x", 5), opened: 0, asked: Rc::default() }
        }
        fn read(&mut self, from: i64, len: usize) {
            let mut out = vec![9.0; len * 2];
            let Self { readers, media, opened, asked } = self;
            let mut open = |_: &Media| {
                *opened += 1;
                Ok(Box::new(Counting(asked.clone())) as Box<dyn Sounds>)
            };
            readers.read(MediaId(1), media, from, &mut out, &mut open).unwrap();
            let want: Vec<f32> = (from..from + len as i64).flat_map(|n| [n as f32, 0.0]).collect();
            assert_eq!(out, want, "from {from}");
        }
    }

    #[test]
    fn reading_on_reads_nothing_twice_and_asks_for_nothing_more() {
        let mut d = Desk::new();
        for from in [100, 200, 297, 400] {
            d.readers.next_round();
            d.read(from, if from == 297 { 103 } else { 100 });
        }
        assert_eq!(d.opened, 1);
        assert_eq!(*d.asked.borrow(), [(100, 100), (200, 100), (300, 100), (400, 100)]);
    }

    #[test]
    fn backwards_sound_is_read_in_strides_by_one_reader() {
        let mut d = Desk::new();
        for block in (0..200).rev() {
            d.readers.next_round();
            d.read(block * 1000 - 3, 1006);
        }
        assert_eq!(d.opened, 1);
        assert!(d.asked.borrow().len() <= 11, "{:?}", d.asked.borrow());
    }

    #[test]
    fn a_reader_that_is_kept_waits_for_its_clip() {
        let mut d = Desk::new();
        d.readers.next_round();
        d.read(90_000, TAIL);
        d.readers.keep(MediaId(1), 60);
        for block in 0..50 {
            d.readers.next_round();
            d.read(7000 * block + 11, 100);
        }
        let opened = d.opened;
        d.read(90_000, 100);
        assert_eq!(d.opened, opened);
        assert_eq!(d.asked.borrow().last(), Some(&(90_000 + TAIL as i64, 100 - TAIL)));
    }

    #[test]
    fn a_reader_that_nobody_uses_is_sent_elsewhere_and_a_busy_one_is_not() {
        let mut d = Desk::new();
        // two clips of one file at once
        for block in 0..5 {
            d.readers.next_round();
            d.read(block * 100, 100);
            d.read(90_000 + block * 100, 100);
        }
        assert_eq!(d.opened, 2);
        // the clip is dragged about: each block comes from elsewhere
        for block in 0..50 {
            d.readers.next_round();
            d.read(7000 * block + 11, 100);
        }
        assert!(d.opened <= 3, "{}", d.opened);
    }
}
