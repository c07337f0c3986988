//! Sound of one file as 48 kHz stereo, addressed by sample. Blocks; owned by one thread.
//!
//! Sample `n` is what is heard at stream time `n / 48000`: edit lists (which hide an encoder's priming) are honoured, and
//! where the stream starts late or has a gap there is silence.

use super::{
    MediaError,
    chain::{Chain, Output, Pulled, Spec, TO_KEY},
    container::Container,
    index::Packet,
    survey,
};
use crate::base::{FLICKS_PER_SEC, MIX_RATE, MediaInfo, Rounding, Time};
use gstreamer as gst;
use std::{cell::Cell, path::Path};

const CHANNELS: usize = 2;
const RATE: i64 = MIX_RATE as i64;
/// Decoders carry state from block to block (AAC overlap, MP3 bit reservoir, Opus convergence of 80 ms), so decoding
/// starts at least so many samples before what is wanted.
const RUN_UP: i64 = RATE * 3 / 10;
/// Decode on rather than seek when the wanted sample is no farther ahead.
const SHORT_WAY: i64 = 2 * RATE;
/// A time stamp that differs less from the count of samples is only rounded (Matroska: whole milliseconds).
const JITTER: i64 = RATE / 500;

/// Two times rounded to whole milliseconds differ by so much at most from their true distance, in flicks.
const ROUNDED: i64 = 11 * FLICKS_PER_SEC / 10_000;
/// Times 64 packets are read to learn their grid: enough to tell their length to a small part of a sample.
const GRID_ROUNDS: u32 = 48;

/// Reads the sound of one file.
pub struct AudioReader {
    spec: Spec,
    chain: Option<Chain>,
    block: Block,
    /// From here to the block's end everything is known: the block's samples, silence where it has none.
    known_from: i64,
    state: State,
    grid: Option<PacketGrid>,
}

/// Places of packets that all hold the same number of samples, to undo the rounding of their times.
struct PacketGrid {
    first: Time,
    samples: i64,
    rate: u32,
}

impl PacketGrid {
    /// Learnt from the packets at the beginning of a file.
    fn learn(path: &Path, container: Container, rate: u32) -> Option<Self> {
        let count = Cell::new(0);
        let enough = || {
            count.set(count.get() + 1);
            count.get() > GRID_ROUNDS
        };
        let packets = survey::survey(path, container, true, &enough).ok()?.packets;
        // the first packet may be cut short, by an encoder's delay
        let (first, last) = (packets.get(1)?.nanos, packets.last()?.nanos);
        let span = Time::from_nanos(last.checked_sub(first)?).to_samples(rate, Rounding::Nearest);
        let steps = packets.len() as i64 - 2;
        let samples = (span + steps / 2).checked_div(steps).filter(|s| *s > 0)?;
        let grid = Self { first: third_block(path, container)?, samples, rate };
        let on_grid = |p: &Packet| (grid.snap(Time::from_nanos(p.nanos)).1).abs() <= ROUNDED;
        packets[1..].iter().all(on_grid).then_some(grid)
    }

    fn start_of(&self, packet: i64) -> Time {
        self.first + Time::from_samples(packet * self.samples, self.rate)
    }

    /// The true time of the packet nearest to this rounded one, and how far off that is, in flicks.
    fn snap(&self, time: Time) -> (Time, i64) {
        let half = Time::from_samples(self.samples, self.rate).0 / 2;
        let packet = (time - self.first + Time(half)).to_samples(self.rate, Rounding::Floor).div_euclid(self.samples);
        let exact = self.start_of(packet);
        (exact, (exact - time).0)
    }
}

/// Where the third decoded block begins, counted in samples from the first one, whose time is not rounded.
fn third_block(path: &Path, container: Container) -> Option<Time> {
    let mut chain = Chain::open(&Spec::plain(path, container, Output::Sound)).ok()?;
    let (mut start, mut end) = (None, None);
    for _ in 0..3 {
        let Ok(Pulled::Sample(sample)) = chain.pull() else { return None };
        let stamp = Time::from_nanos(survey::stream_nanos(&sample)?).to_samples(MIX_RATE, Rounding::Nearest);
        start = end.or(Some(stamp));
        end = start.zip(sample.buffer()).map(|(s, b)| s + (b.size() / (CHANNELS * size_of::<f32>())) as i64);
    }
    start.map(|s| Time::from_samples(s, MIX_RATE))
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
        let audio = info.audio.as_ref().ok_or_else(no_audio)?;
        let container = Container::from_name(&info.container).filter(|c| !c.is_still()).ok_or_else(no_audio)?;
        let spec = Spec::plain(path, container, Output::Sound);
        let chain = Some(Chain::open(&spec)?);
        let grid = container.rounds_times().then(|| PacketGrid::learn(path, container, audio.rate)).flatten();
        Ok(Self { spec, chain, block: Block::default(), known_from: 0, state: State::Sought, grid })
    }

    /// Fill `out` (interleaved left, right) with the samples from `start` on; silence before 0, in gaps and after the end.
    ///
    /// # Errors
    /// The file is gone, cannot be decoded at all, or gave no answer within 5 s; `out` is silent from there on.
    pub fn read(&mut self, start: i64, out: &mut [f32]) -> Result<(), MediaError> {
        out.fill(0.0);
        let end = start + (out.len() / CHANNELS) as i64;
        let mut at = start.max(0);
        // once for each call: a demuxer without an index may land far before, and then the way there is decoded
        let mut may_jump = true;
        while at < end {
            let far = may_jump && at >= self.block.end() + SHORT_WAY && self.state != State::Ended;
            if at < self.known_from || far {
                self.seek(at)?;
                may_jump = false;
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
        // on a grid the first packet must arrive whole, so that its time tells which one it is
        let flags = if self.grid.is_some() { TO_KEY } else { gst::SeekFlags::ACCURATE };
        if let Some(Err(error)) = self.chain.as_mut().map(|c| c.seek(flags, nanos)) {
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
        let stamp = survey::stream_nanos(&sample).map(|n| {
            let time = Time::from_nanos(n);
            let exact = self.grid.as_ref().filter(|_| self.state == State::Sought).map_or(time, |g| match g.snap(time) {
                (exact, off) if off.abs() <= ROUNDED => exact,
                _ => time,
            });
            exact.to_samples(MIX_RATE, Rounding::Nearest)
        });
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
