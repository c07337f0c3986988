//! Level meters of the master: what was heard goes in, what a meter shows comes out.
//!
//! Written by the render thread, read by whoever paints; nobody waits for anybody. How far a bar has fallen is worked
//! out when it is read, so that silence costs nothing and a stopped playback needs no thread to let its meters down.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// A bar falls by 20 dB in 1.7 s (IEC 60268-18, digital peak meter).
const FALL_DB_PER_SEC: f32 = 20.0 / 1.7;
/// How long the peak mark stays before it falls.
const HOLD: Duration = Duration::from_millis(1500);
/// Below this a meter shows nothing.
const FLOOR_DB: f32 = -72.0;

/// What the meter of one channel shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// Top of the bar in dBFS (sample peak, 0 = full scale); minus infinity in silence.
    pub peak_db: f32,
    /// The peak mark, which stays for 1.5 s before it falls; minus infinity in silence.
    pub hold_db: f32,
    /// The mix has gone beyond full scale, where the limiter works, since playback began or the meters were reset.
    pub over: bool,
}

impl Level {
    pub const SILENT: Self = Self { peak_db: f32::NEG_INFINITY, hold_db: f32::NEG_INFINITY, over: false };
}

/// What the master's meters show at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// Left and right.
    pub channels: [Level; 2],
    /// A bar or a mark is up: the next look will find it lower. Paint again soon.
    pub moving: bool,
}

impl Default for Levels {
    fn default() -> Self {
        Self { channels: [Level::SILENT; 2], moving: false }
    }
}

/// A level and when it was reached, in one word so that they are always read as a pair: dB as f32 bits, then
/// milliseconds since the meters were made.
struct Reached(AtomicU64);

impl Reached {
    fn new() -> Self {
        let slot = Self(AtomicU64::new(0));
        slot.set(f32::NEG_INFINITY, 0);
        slot
    }
    fn get(&self) -> (f32, u32) {
        let bits = self.0.load(Ordering::Relaxed);
        (f32::from_bits((bits >> 32) as u32), bits as u32)
    }
    fn set(&self, db: f32, ms: u32) {
        self.0.store(u64::from(db.to_bits()) << 32 | u64::from(ms), Ordering::Relaxed);
    }
}

struct Channel {
    peak: Reached,
    hold: Reached,
    over: AtomicBool,
}

impl Channel {
    fn new() -> Self {
        Self { peak: Reached::new(), hold: Reached::new(), over: AtomicBool::new(false) }
    }
    fn level(&self, ms: u32) -> Level {
        let (peak, at) = self.peak.get();
        let peak_db = fallen(peak, ms.saturating_sub(at));
        let (hold, at) = self.hold.get();
        let hold_db = fallen(hold, ms.saturating_sub(at).saturating_sub(HOLD.as_millis() as u32)).max(peak_db);
        Level { peak_db, hold_db, over: self.over.load(Ordering::Relaxed) }
    }
}

/// A level after it has been falling for `ms`.
fn fallen(db: f32, ms: u32) -> f32 {
    let now = db - FALL_DB_PER_SEC * ms as f32 / 1000.0;
    if now < FLOOR_DB { f32::NEG_INFINITY } else { now }
}

/// The master's meters, left and right.
pub struct Meters {
    since: Instant,
    channels: [Channel; 2],
}

impl Default for Meters {
    fn default() -> Self {
        Self { since: Instant::now(), channels: [Channel::new(), Channel::new()] }
    }
}

impl Meters {
    /// What they show now.
    pub fn levels(&self) -> Levels {
        self.levels_at(Instant::now())
    }

    /// Put out the over-indicators.
    pub fn reset_overs(&self) {
        self.channels.iter().for_each(|c| c.over.store(false, Ordering::Relaxed));
    }

    /// The peaks of what is heard now, 1 = full scale, and whether the mix before the limiter was beyond it.
    pub(super) fn heard(&self, peaks: [f32; 2], overs: [bool; 2]) {
        self.heard_at(Instant::now(), peaks, overs);
    }

    fn ms(&self, now: Instant) -> u32 {
        // after seven weeks of one session a meter may stand still
        u32::try_from(now.saturating_duration_since(self.since).as_millis()).unwrap_or(u32::MAX)
    }

    fn levels_at(&self, now: Instant) -> Levels {
        let ms = self.ms(now);
        let channels = [0, 1].map(|i| self.channels[i].level(ms));
        Levels { channels, moving: channels.iter().any(|c| c.hold_db > f32::NEG_INFINITY) }
    }

    fn heard_at(&self, now: Instant, peaks: [f32; 2], overs: [bool; 2]) {
        let ms = self.ms(now);
        for ((channel, peak), over) in self.channels.iter().zip(peaks).zip(overs) {
            let db = 20.0 * peak.log10();
            let shown = channel.level(ms);
            if db >= shown.peak_db {
                channel.peak.set(db, ms);
            }
            if db >= shown.hold_db {
                channel.hold.set(db, ms);
            }
            if over {
                channel.over.store(true, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(m: &Meters, ms: u64) -> Instant {
        m.since + Duration::from_millis(ms)
    }

    #[test]
    fn a_bar_rises_at_once_and_falls_by_20_db_in_1_7_seconds() {
        let m = Meters::default();
        m.heard_at(after(&m, 100), [1.0, 0.5], [false; 2]);
        let at = |ms| m.levels_at(after(&m, ms)).channels;
        assert_eq!(at(100)[0].peak_db, 0.0);
        assert!((at(100)[1].peak_db + 6.02).abs() < 0.01);
        assert!((at(1800)[0].peak_db + 20.0).abs() < 0.01);
        // a quieter sound does not stop the fall, a louder one does
        m.heard_at(after(&m, 1900), [0.01, 0.9], [false; 2]);
        assert!((at(1900)[0].peak_db + 21.18).abs() < 0.01);
        assert!((at(1900)[1].peak_db + 0.915).abs() < 0.01);
    }

    #[test]
    fn the_mark_stays_for_a_second_and_a_half_and_then_falls() {
        let m = Meters::default();
        m.heard_at(after(&m, 0), [1.0, 1.0], [false; 2]);
        m.heard_at(after(&m, 1000), [0.1, 1.0], [false; 2]);
        let hold = |ms| m.levels_at(after(&m, ms)).channels.map(|c| c.hold_db);
        assert_eq!(hold(1500), [0.0, 0.0]);
        assert!((hold(3200)[0] + 20.0).abs() < 0.01, "{:?}", hold(3200));
        assert!((hold(3200)[1] + 20.0 * 0.7 / 1.7).abs() < 0.01, "{:?}", hold(3200));
    }

    #[test]
    fn silence_comes_to_rest() {
        let m = Meters::default();
        assert_eq!(m.levels(), Levels::default());
        m.heard_at(after(&m, 0), [1.0, 0.0], [false; 2]);
        assert!(m.levels_at(after(&m, 5000)).moving);
        assert_eq!(m.levels_at(after(&m, 9000)), Levels::default());
    }

    #[test]
    fn an_over_stays_until_it_is_reset() {
        let m = Meters::default();
        m.heard_at(after(&m, 0), [1.0, 0.2], [true, false]);
        m.heard_at(after(&m, 10), [0.0, 0.0], [false; 2]);
        let overs = || m.levels_at(after(&m, 60_000)).channels.map(|c| c.over);
        assert_eq!(overs(), [true, false]);
        m.reset_overs();
        assert_eq!(overs(), [false; 2]);
    }
}
