//! Sound of one file as 48 kHz stereo, addressed by sample. Blocks; owned by one thread.
//!
//! Sample `n` is what is heard at stream time `n / 48000`: edit lists (which hide an encoder's priming) are honoured, and
//! where the stream starts late or has a gap there is silence.

use super::{
    MediaError,
    chain::{Chain, Output, Pulled, Spec},
    container::Container,
    survey,
};
use crate::base::{MIX_RATE, MediaInfo, Rounding, Time};
use gstreamer as gst;
use std::path::Path;

const CHANNELS: usize = 2;
const RATE: i64 = MIX_RATE as i64;
/// Decoders carry state from block to block (AAC overlap, MP3 bit reservoir, Opus convergence of 80 ms), so decoding
/// starts at least so many samples before what is wanted.
const RUN_UP: i64 = RATE * 3 / 10;
/// Decode on rather than seek when the wanted sample is no farther ahead.
const SHORT_WAY: i64 = 2 * RATE;
/// A time stamp that differs less from the count of samples is only rounded (Matroska: whole milliseconds).
const JITTER: i64 = RATE / 500;

/// Reads the sound of one file.
pub struct AudioReader {
    spec: Spec,
    chain: Option<Chain>,
    block: Block,
    /// From here to the block's end everything is known: the block's samples, silence where it has none.
    known_from: i64,
    state: State,
}

/// Samples that lie decoded in memory.
#[derive(Default)]
struct Block {
    start: i64,
    samples: Vec<f32>,
}

impl Block {
    fn end(&self) -> i64 {
        self.start + (self.samples.len() / CHANNELS) as i64
    }
}

#[derive(PartialEq)]
enum State {
    /// Nothing pulled since the last seek.
    Sought,
    Running,
    Ended,
}

impl AudioReader {
    /// Open a file. `info` is what [`super::probe`] says about it.
    ///
    /// # Errors
    /// No sound, no decoder, damaged, or no answer within 5 s.
    pub fn open(path: &Path, info: &MediaInfo) -> Result<Self, MediaError> {
        let no_audio = || MediaError::NoAudio(path.into());
        if info.audio.is_none() {
            return Err(no_audio());
        }
        let container = Container::from_name(&info.container).filter(|c| !c.is_still()).ok_or_else(no_audio)?;
        let spec = Spec::plain(path, container, Output::Sound);
        let chain = Some(Chain::open(&spec)?);
        Ok(Self { spec, chain, block: Block::default(), known_from: 0, state: State::Sought })
    }

    /// Fill `out` (interleaved left, right) with the samples from `start` on; silence before 0, in gaps and after the end.
    ///
    /// # Errors
    /// The file is gone, cannot be decoded at all, or gave no answer within 5 s; `out` is silent from there on.
    pub fn read(&mut self, start: i64, out: &mut [f32]) -> Result<(), MediaError> {
        out.fill(0.0);
        let end = start + (out.len() / CHANNELS) as i64;
        let mut at = start.max(0);
        while at < end {
            let far = at >= self.block.end() + SHORT_WAY && self.state != State::Ended;
            if at < self.known_from || far {
                self.seek(at)?;
            }
            if at >= self.block.end() {
                if self.state == State::Ended {
                    return Ok(());
                }
                self.pull()?;
                continue;
            }
            let (from, until) = (at.max(self.block.start), end.min(self.block.end()));
            if from < until {
                let source = (from - self.block.start) as usize * CHANNELS..(until - self.block.start) as usize * CHANNELS;
                let target = (from - start) as usize * CHANNELS..(until - start) as usize * CHANNELS;
                out[target].copy_from_slice(&self.block.samples[source]);
            }
            at = until;
        }
        Ok(())
    }

    fn seek(&mut self, at: i64) -> Result<(), MediaError> {
        // whole seconds are whole samples at every rate, so that cutting a block there loses no fraction
        let second = (at - RUN_UP).max(0) / RATE;
        if self.chain.is_none() {
            self.chain = Some(Chain::open(&self.spec)?);
        }
        let nanos = Time::from_secs(second).nanos(Rounding::Nearest);
        self.known_from = at;
        if let Some(Err(error)) = self.chain.as_mut().map(|c| c.seek(gst::SeekFlags::ACCURATE, nanos)) {
            tracing::warn!(%error, "no seek possible, decoding from the start");
            self.chain = None;
            self.chain = Some(Chain::open(&self.spec)?);
        }
        self.state = State::Sought;
        self.block = Block { start: at, samples: Vec::new() };
        Ok(())
    }

    /// Decode the next block.
    fn pull(&mut self) -> Result<(), MediaError> {
        if self.chain.is_none() {
            self.chain = Some(Chain::open(&self.spec)?);
        }
        let Some(chain) = self.chain.as_mut() else { return Ok(()) };
        let sample = match chain.pull() {
            Ok(Pulled::Sample(sample)) => sample,
            Ok(Pulled::End) => {
                self.state = State::Ended;
                return Ok(());
            }
            Err(error) => {
                self.chain = None;
                self.state = State::Ended;
                if matches!(error, MediaError::Stalled { .. }) {
                    return Err(error);
                }
                tracing::warn!(%error, "the sound ends early");
                return Ok(());
            }
        };
        let Some(map) = sample.buffer().and_then(|b| b.map_readable().ok()) else { return Ok(()) };
        let stamp = survey::stream_nanos(&sample).map(|n| Time::from_nanos(n).to_samples(MIX_RATE, Rounding::Nearest));
        let expected = self.block.end();
        if self.state == State::Running {
            self.known_from = self.known_from.max(expected);
        }
        self.block.start = match stamp {
            Some(s) if self.state == State::Sought || (s - expected).abs() > JITTER => s,
            _ => expected,
        };
        self.block.samples.clear();
        self.block.samples.extend(map.as_chunks::<4>().0.iter().map(|b| f32::from_ne_bytes(*b)));
        self.state = State::Running;
        Ok(())
    }
}
