//! Where every picture of a file lies in time: built from the packets alone, without decoding.
//!
//! Pure data and arithmetic. Containers round times (Matroska to whole milliseconds), so a file of constant rate gets the
//! exact grid back and the rounded times are kept only to recognise what a decoder delivers.

use crate::base::{FrameRate, Rounding, Time};
use std::path::Path;
use xxhash_rust::xxh3::xxh3_64;

/// One packet of a video stream, in stream time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    pub nanos: u64,
    pub duration_nanos: Option<u64>,
    pub key: bool,
}

/// Largest distance from the grid of a constant rate that rounding to milliseconds (of this and of the first time) explains.
const GRID_TOLERANCE_NANOS: i64 = 1_100_000;

/// Times and key flags of all pictures in the order they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct PacketIndex {
    /// As the demuxer gives them, ascending.
    raw_nanos: Vec<u64>,
    pts: Vec<Time>,
    /// Positions of key pictures, ascending.
    keys: Vec<u32>,
    end: Time,
    rate: FrameRate,
    constant: bool,
}

impl PacketIndex {
    /// From packets in any order; `nominal` is the rate that the container states. None without packets.
    pub(super) fn new(mut packets: Vec<Packet>, nominal: Option<FrameRate>) -> Option<Self> {
        packets.sort_by_key(|p| p.nanos);
        packets.dedup_by(|b, a| {
            let same = a.nanos == b.nanos;
            a.key |= same && b.key;
            same
        });
        let keys = packets.iter().enumerate().filter(|(_, p)| p.key).filter_map(|(i, _)| u32::try_from(i).ok()).collect();
        let last_duration = packets.last()?.duration_nanos.filter(|d| *d > 0);
        let raw: Vec<u64> = packets.iter().map(|p| p.nanos).collect();
        let (rate, constant) = fit_rate(&raw, nominal, last_duration);
        Some(Self::with_rate(raw, keys, rate, constant, last_duration))
    }

    fn with_rate(raw_nanos: Vec<u64>, keys: Vec<u32>, rate: FrameRate, constant: bool, last_duration: Option<u64>) -> Self {
        let first = raw_nanos.first().map_or(Time::ZERO, |n| Time::from_nanos(*n));
        let pts: Vec<Time> = match constant {
            true => (0..raw_nanos.len() as i64).map(|i| first + Time::from_frames(i, rate)).collect(),
            false => raw_nanos.iter().map(|n| Time::from_nanos(*n)).collect(),
        };
        let end = match (constant, pts.last(), last_duration) {
            (true, ..) => first + Time::from_frames(pts.len() as i64, rate),
            (false, Some(last), Some(d)) => *last + Time::from_nanos(d),
            (false, last, _) => last.copied().unwrap_or_default() + rate.frame_duration(),
        };
        Self { raw_nanos, pts, keys, end, rate, constant }
    }

    /// Read the packets of a file's picture. Takes as long as reading the file.
    ///
    /// # Errors
    /// No picture, damaged, cancelled.
    pub fn scan(path: &Path, info: &crate::base::MediaInfo, cancel: &dyn Fn() -> bool) -> Result<Self, super::MediaError> {
        super::survey::scan_video(path, info, cancel)
    }

    pub fn len(&self) -> usize {
        self.pts.len()
    }
    pub fn is_empty(&self) -> bool {
        self.pts.is_empty()
    }
    /// The constant rate, or the average of a variable one.
    pub fn frame_rate(&self) -> FrameRate {
        self.rate
    }
    pub fn is_constant(&self) -> bool {
        self.constant
    }
    /// When the last picture ends.
    pub fn end(&self) -> Time {
        self.end
    }
    /// When picture `index` starts; the end for those past the last.
    pub fn time_of(&self, index: usize) -> Time {
        self.pts.get(index).copied().unwrap_or(self.end)
    }
    /// How long picture `index` is shown.
    pub fn duration_of(&self, index: usize) -> Time {
        self.time_of(index + 1) - self.time_of(index)
    }
    /// The picture shown at `time`: the last one that starts at or before it, the first one before all.
    pub fn frame_at(&self, time: Time) -> usize {
        // times of variable rate come from whole nanoseconds
        let slack = if self.constant { Time::ZERO } else { Time::from_nanos(2) };
        self.pts.partition_point(|p| *p <= time + slack).saturating_sub(1)
    }
    /// The key picture at or before picture `index`; the first picture where none is marked.
    pub fn key_before(&self, index: usize) -> usize {
        let n = self.keys.partition_point(|k| *k as usize <= index);
        n.checked_sub(1).map_or(0, |i| self.keys[i] as usize)
    }
    /// The key picture after picture `index`.
    pub fn key_after(&self, index: usize) -> Option<usize> {
        self.keys.get(self.keys.partition_point(|k| *k as usize <= index)).map(|k| *k as usize)
    }
    /// Longest distance between key pictures (and to the end), in pictures.
    pub fn longest_gop(&self) -> u32 {
        let ends = self.keys.iter().skip(1).copied().chain([self.pts.len() as u32]);
        self.keys.iter().zip(ends).map(|(a, b)| b - a).max().unwrap_or(self.pts.len() as u32)
    }
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// The picture that a decoder delivers with this stream time.
    pub(super) fn nearest(&self, nanos: u64) -> usize {
        let after = self.raw_nanos.partition_point(|n| *n < nanos);
        match (after.checked_sub(1), self.raw_nanos.get(after)) {
            (Some(before), Some(next)) if nanos - self.raw_nanos[before] <= next - nanos => before,
            (Some(before), None) => before,
            _ => after,
        }
    }
    /// A time well inside picture `index`, to seek to.
    pub(super) fn inside_nanos(&self, index: usize) -> u64 {
        let at = self.raw_nanos.get(index).copied().unwrap_or_default();
        let next = self.raw_nanos.get(index + 1).copied().unwrap_or(at + 2_000_000);
        at + (next - at) / 2
    }

    /// For a cache on disk: version, rate, counts, times, keys, then a checksum, all little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.raw_nanos.len() * 8 + self.keys.len() * 4);
        out.extend_from_slice(MAGIC);
        out.extend(
            [self.rate.num(), self.rate.den(), u32::from(self.constant), self.keys.len() as u32].iter().flat_map(|v| v.to_le_bytes()),
        );
        let last = self.end - self.pts.last().copied().unwrap_or_default();
        out.extend([last.nanos(Rounding::Nearest), self.raw_nanos.len() as u64].iter().flat_map(|v| v.to_le_bytes()));
        out.extend(self.raw_nanos.iter().flat_map(|v| v.to_le_bytes()));
        out.extend(self.keys.iter().flat_map(|v| v.to_le_bytes()));
        out.extend(xxh3_64(&out).to_le_bytes());
        out
    }

    /// The inverse of [`PacketIndex::to_bytes`]; None for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (body, sum) = bytes.split_last_chunk::<8>()?;
        if xxh3_64(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let rest = body.strip_prefix(MAGIC.as_slice())?;
        let (head, rest) = rest.split_at_checked(32)?;
        let word = |i: usize| head.get(i * 4..i * 4 + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
        let long = |i: usize| Some(u64::from(word(i)?) | u64::from(word(i + 1)?) << 32);
        let (rate, constant, keys) = (FrameRate::new(word(0)?, word(1)?)?, word(2)? == 1, word(3)? as usize);
        let (last_duration, count) = (long(4)?, usize::try_from(long(6)?).ok()?);
        let (times, key_bytes) = rest.split_at_checked(count.checked_mul(8)?)?;
        if count == 0 || key_bytes.len() != keys.checked_mul(4)? {
            return None;
        }
        let raw = times.as_chunks::<8>().0.iter().map(|b| u64::from_le_bytes(*b)).collect();
        let keys = key_bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
        Some(Self::with_rate(raw, keys, rate, constant, Some(last_duration)))
    }
}

const MAGIC: &[u8; 8] = b"mai-idx1";

/// Most pictures that come later in the file than one that is shown after them (H.264 and HEVC allow 16).
const MAX_REORDER: usize = 16;

/// Rates that cameras and programs write.
const STANDARD_RATES: [(u32, u32); 17] = [
    (24000, 1001),
    (24, 1),
    (25, 1),
    (30000, 1001),
    (30, 1),
    (48000, 1001),
    (48, 1),
    (50, 1),
    (60000, 1001),
    (60, 1),
    (100, 1),
    (120000, 1001),
    (120, 1),
    (240, 1),
    (15, 1),
    (25, 2),
    (12, 1),
];

/// The constant rate whose grid all times lie on (true), or the average rate (false).
fn fit_rate(raw: &[u64], nominal: Option<FrameRate>, last_duration: Option<u64>) -> (FrameRate, bool) {
    let (Some(first), Some(last)) = (raw.first(), raw.last()) else { return (nominal.unwrap_or(FrameRate::FPS_25), true) };
    let fallback = || nominal.or_else(|| last_duration.and_then(|d| approximate(1e9 / d as f64))).unwrap_or(FrameRate::FPS_25);
    if raw.len() < 2 || last == first {
        return (fallback(), true);
    }
    if let Some(rate) = constant_rate(raw, nominal) {
        return (rate, true);
    }
    // A file that was cut off lacks some of the last pictures before its end, which lie behind them in the file.
    let whole = raw.len().saturating_sub(MAX_REORDER);
    if let Some(rate) = raw.get(..whole).filter(|r| r.len() > MAX_REORDER).and_then(|r| constant_rate(r, nominal)) {
        return (rate, false);
    }
    let average = average_rate(raw);
    let near = standard_rates(average).next().filter(|r| (r.as_f64() / average - 1.0).abs() < 0.001);
    (near.or_else(|| approximate(average)).unwrap_or_else(fallback), false)
}

/// The rate on whose grid all times lie, picture by picture.
fn constant_rate(raw: &[u64], nominal: Option<FrameRate>) -> Option<FrameRate> {
    let average = average_rate(raw);
    nominal.into_iter().chain(standard_rates(average).take(3)).chain(approximate(average)).find(|r| on_grid(raw, *r))
}

/// Pictures per second, of at least two.
fn average_rate(raw: &[u64]) -> f64 {
    let span = raw.last().unwrap_or(&0).saturating_sub(*raw.first().unwrap_or(&0)).max(1);
    raw.len().saturating_sub(1) as f64 * 1e9 / span as f64
}

/// The standard rates, those near `average` first.
fn standard_rates(average: f64) -> impl Iterator<Item = FrameRate> {
    let mut rates: Vec<FrameRate> = STANDARD_RATES.iter().filter_map(|(n, d)| FrameRate::new(*n, *d)).collect();
    rates.sort_by(|a, b| (a.as_f64() - average).abs().total_cmp(&(b.as_f64() - average).abs()));
    rates.into_iter()
}

fn on_grid(raw: &[u64], rate: FrameRate) -> bool {
    let (num, den) = (i128::from(rate.num()), i128::from(rate.den()));
    // a quarter of a frame at most, or a high rate would fit anything
    let tolerance = GRID_TOLERANCE_NANOS.min((250_000_000 * den / num) as i64);
    raw.iter().zip(0i128..).all(|(n, i)| {
        let want = i * den * 1_000_000_000 / num;
        ((i128::from(n - raw[0]) - want) as i64).abs() <= tolerance
    })
}

/// A whole rate, or one in thousandths.
fn approximate(rate: f64) -> Option<FrameRate> {
    let whole = rate.round();
    if whole >= 1.0 && (rate / whole - 1.0).abs() < 0.0005 {
        return FrameRate::new(whole as u32, 1);
    }
    FrameRate::new((rate * 1000.0).round() as u32, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(times: impl IntoIterator<Item = u64>, gop: usize) -> Vec<Packet> {
        times.into_iter().enumerate().map(|(i, nanos)| Packet { nanos, duration_nanos: Some(40_000_000), key: i % gop == 0 }).collect()
    }

    #[test]
    fn whole_milliseconds_get_their_exact_rate_back() {
        for rate in [FrameRate::NTSC_24, FrameRate::FPS_25, FrameRate::NTSC_30, FrameRate::NTSC_60, FrameRate::FPS_60] {
            let ms = |i: i64| Time::from_frames(i, rate).nanos(Rounding::Nearest).div_ceil(1_000_000) * 1_000_000;
            let index = PacketIndex::new(packets((0..300).map(ms), 50), None).unwrap();
            assert!(index.is_constant());
            assert_eq!(index.frame_rate(), rate);
            for i in 0..300 {
                let t = Time::from_frames(i, rate);
                assert_eq!(index.frame_at(t), i as usize);
                assert_eq!(index.frame_at(t + rate.frame_duration() - Time(1)), i as usize);
                assert_eq!(index.nearest(ms(i)), i as usize);
            }
        }
    }

    #[test]
    fn a_cut_off_file_keeps_the_rate_of_what_is_whole() {
        // 25 per second; of the last group the pictures that lie behind the cut are missing
        let packets = (0..60).chain([61, 63]).map(|i| Packet { nanos: i * 40_000_000, duration_nanos: None, key: i == 0 });
        let index = PacketIndex::new(packets.collect(), None).unwrap();
        assert_eq!(index.frame_rate(), FrameRate::FPS_25);
        assert_eq!(index.time_of(61), Time::from_frames(63, FrameRate::FPS_25));
    }

    #[test]
    fn variable_rate_is_told_from_constant_and_keeps_its_times() {
        let times = [0u64, 33, 100, 133, 333, 366, 500].map(|ms| ms * 1_000_000);
        let index = PacketIndex::new(packets(times, 3), FrameRate::new(30, 1)).unwrap();
        assert!(!index.is_constant());
        assert_eq!(index.frame_at(Time::from_ratio(132, 1000)), 2);
        assert_eq!(index.frame_at(Time::from_ratio(133, 1000)), 3);
        assert_eq!(index.frame_at(Time::from_secs(9)), 6);
        assert_eq!(index.frame_at(Time::from_secs(-1)), 0);
        assert_eq!(index.end(), Time::from_ratio(540, 1000));
        assert_eq!((index.key_before(2), index.key_before(3), index.longest_gop()), (0, 3, 3));
    }

    #[test]
    fn packets_in_coding_order_are_put_in_the_order_shown() {
        let order = [0u64, 4, 2, 1, 3, 8, 6, 5, 7].map(|i| i * 40_000_000);
        let index = PacketIndex::new(packets(order, 100), None).unwrap();
        assert_eq!(index.len(), 9);
        assert_eq!(index.time_of(3), Time::from_frames(3, FrameRate::FPS_25));
        assert_eq!(index.duration_of(8), Time::from_frames(1, FrameRate::FPS_25));
    }

    #[test]
    fn an_index_survives_the_way_to_bytes_and_damage_is_noticed() {
        let index = PacketIndex::new(packets([0, 33_000_000, 100_000_000, 140_000_000], 2), None).unwrap();
        let bytes = index.to_bytes();
        assert_eq!(PacketIndex::from_bytes(&bytes), Some(index));
        for cut in [0, 7, 20, bytes.len() - 1] {
            assert_eq!(PacketIndex::from_bytes(&bytes[..cut]), None);
        }
        let mut flipped = bytes;
        flipped[30] ^= 1;
        assert_eq!(PacketIndex::from_bytes(&flipped), None);
    }
}
