//! The shape of a file's sound for drawing: smallest and largest sample of short blocks, in a pyramid of ever longer ones.
//! Computing it blocks for as long as decoding the sound takes; asking it is pure arithmetic.

use super::{AudioReader, MediaError};
use crate::base::{MIX_RATE, MediaInfo, Rounding};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// Samples in a block of the finest level: 5.3 ms.
const BLOCK: usize = 256;
/// Blocks of one level that make a block of the next.
const FACTOR: usize = 4;
const MAGIC: &[u8; 8] = b"mai-pks1";

/// Smallest and largest sample of a block over both channels, in 1/32767.
type Extent = [i16; 2];

/// Min/max pyramid of a file's sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Peaks {
    levels: Vec<Vec<Extent>>,
}

impl Peaks {
    /// Read the whole sound of a file. `cancel` is asked about every second of sound.
    ///
    /// # Errors
    /// No sound, damaged, cancelled.
    pub fn compute(path: &Path, info: &MediaInfo, cancel: &dyn Fn() -> bool) -> Result<Self, MediaError> {
        let _span = tracing::info_span!("peaks", path = %path.display()).entered();
        let mut reader = AudioReader::open(path, info)?;
        let total = info.duration.to_samples(MIX_RATE, Rounding::Ceil).max(0);
        let mut finest = Vec::with_capacity(total as usize / BLOCK + 1);
        let mut buffer = vec![0.0f32; BLOCK * 2 * 188];
        let mut at = 0;
        while at < total {
            if cancel() {
                return Err(MediaError::Cancelled);
            }
            let frames = ((total - at) as usize).min(buffer.len() / 2);
            let part = &mut buffer[..frames * 2];
            reader.read(at, part)?;
            finest.extend(part.chunks(BLOCK * 2).map(extent));
            at += frames as i64;
        }
        Ok(Self::from_finest(finest))
    }

    fn from_finest(finest: Vec<Extent>) -> Self {
        let mut levels = vec![finest];
        while let Some(last) = levels.last().filter(|l| l.len() > FACTOR) {
            let next = last.chunks(FACTOR).map(union).collect();
            levels.push(next);
        }
        Self { levels }
    }

    /// Length of what was read.
    pub fn duration_secs(&self) -> f64 {
        (self.levels.first().map_or(0, Vec::len) * BLOCK) as f64 / f64::from(MIX_RATE)
    }

    /// Smallest and largest sample (−1 to 1) in each of `columns` equal parts of `from_secs` to `to_secs`; zeros outside of
    /// the sound. Columns shorter than 5.3 ms show the block they lie in.
    pub fn window(&self, from_secs: f64, to_secs: f64, columns: usize) -> Vec<(f32, f32)> {
        let blocks_per_sec = f64::from(MIX_RATE) / BLOCK as f64;
        let (start, step) = (from_secs * blocks_per_sec, (to_secs - from_secs) * blocks_per_sec / columns.max(1) as f64);
        // the longest blocks of which at least two fit into a column, so that a column's edge is off by half of it at most
        let mut level = 0;
        while level + 1 < self.levels.len() && step >= 2.0 * (FACTOR as f64).powi(level as i32 + 1) {
            level += 1;
        }
        let (blocks, scale) = (self.levels.get(level).map_or(&[][..], |l| l), (FACTOR as f64).powi(level as i32));
        let column = |i: usize| {
            let from = (start + step * i as f64) / scale;
            let to = (from + step / scale).max(from);
            let first = from.floor().max(0.0) as usize;
            let last = (to.ceil().max(0.0) as usize).max(if from < 0.0 { 0 } else { first + 1 }).min(blocks.len());
            let [low, high] = blocks.get(first..last).filter(|b| !b.is_empty()).map_or([0, 0], union);
            (f32::from(low) / 32767.0, f32::from(high) / 32767.0)
        };
        (0..columns).map(column).collect()
    }

    /// For a cache on disk: the finest level and a checksum, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let finest = self.levels.first().map_or(&[][..], |l| l);
        let mut out = MAGIC.to_vec();
        out.extend(finest.iter().flatten().flat_map(|v| v.to_le_bytes()));
        out.extend(xxh3_64(&out).to_le_bytes());
        out
    }

    /// The inverse of [`Peaks::to_bytes`]; None for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<8>()?;
        let blocks = body.strip_prefix(MAGIC.as_slice()).filter(|b| b.len() % 4 == 0)?;
        (xxh3_64(body) == u64::from_le_bytes(*sum)).then(|| {
            let finest = blocks.as_chunks::<4>().0.iter();
            Self::from_finest(finest.map(|b| [i16::from_le_bytes([b[0], b[1]]), i16::from_le_bytes([b[2], b[3]])]).collect())
        })
    }
}

fn extent(samples: &[f32]) -> Extent {
    let (low, high) = samples.iter().fold((f32::MAX, f32::MIN), |(low, high), s| (low.min(*s), high.max(*s)));
    // casting saturates, and NaN from a damaged stream becomes 0
    [low, high].map(|v| (v * 32767.0).round() as i16)
}

fn union(blocks: &[Extent]) -> Extent {
    blocks.iter().fold([i16::MAX, i16::MIN], |[low, high], b| [low.min(b[0]), high.max(b[1])])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One loud block in silence.
    fn one_click() -> Peaks {
        let mut finest = vec![[0, 0]; 1000];
        finest[300] = [-16384, 32767];
        Peaks::from_finest(finest)
    }

    #[test]
    fn a_click_shows_in_its_column_at_every_zoom() {
        let peaks = one_click();
        let at = 300.5 * BLOCK as f64 / f64::from(MIX_RATE);
        for (span, columns) in [(5.0, 10), (5.0, 1000), (0.5, 100), (0.01, 20)] {
            let window = peaks.window(at - span / 2.0, at + span / 2.0, columns);
            let loud: Vec<usize> = (0..columns).filter(|i| window[*i].1 > 0.9).collect();
            assert!(!loud.is_empty() && loud.iter().all(|i| i.abs_diff(columns / 2) <= columns / 3 + 1), "{span} s: {loud:?}");
            assert!((window[loud[0]].0 + 0.5).abs() < 0.001);
        }
    }

    #[test]
    fn outside_of_the_sound_there_is_nothing() {
        let peaks = one_click();
        assert!(peaks.window(-3.0, -1.0, 7).iter().all(|c| *c == (0.0, 0.0)));
        assert!(peaks.window(100.0, 200.0, 7).iter().all(|c| *c == (0.0, 0.0)));
        assert_eq!(peaks.window(0.0, 1.0, 0).len(), 0);
    }

    #[test]
    fn peaks_survive_the_way_to_bytes_and_damage_is_noticed() {
        let bytes = one_click().to_bytes();
        assert_eq!(Peaks::from_bytes(&bytes), Some(one_click()));
        assert_eq!(Peaks::from_bytes(&bytes[..bytes.len() - 3]), None);
        assert_eq!(Peaks::from_bytes(&[]), None);
    }
}
