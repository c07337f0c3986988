//! Exact time. All positions in media are integers of one fine unit; nothing here is floating point
//! except the two clearly named conversions at the edge.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    fmt,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
    str::FromStr,
};

/// Flicks per second: 1/705,600,000 s is the largest unit in which one frame of 24, 25, 30, 48, 50, 60, 90, 100,
/// 120 Hz, each of those × 1000/1001, and one sample of 8 to 192 kHz are whole numbers
/// (Facebook/Oculus "flicks", 2018).
pub const FLICKS_PER_SEC: i64 = 705_600_000;

/// A point in time or a duration, exact, in flicks (1/705,600,000 s). Range about ±414 years.
///
/// Written in files as rational seconds, reduced: `"3/2s"`, `"4s"`, `"1001/30000s"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// How a time that falls between two grid points is put on the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The grid point at or before (the frame on screen at that time).
    Floor,
    /// The grid point at or after.
    Ceil,
    /// The nearest grid point, ties away from zero.
    Nearest,
}

impl Rounding {
    /// `num / den` rounded; `den` must be positive.
    pub fn div(self, num: i128, den: i128) -> i128 {
        match self {
            Self::Floor => num.div_euclid(den),
            Self::Ceil => -((-num).div_euclid(den)),
            Self::Nearest => {
                let away = (2 * num.abs() + den).div_euclid(2 * den);
                away * num.signum()
            }
        }
    }
}

/// Saturating narrowing: the ends of the range stand for "as far as can be said".
fn narrow(v: i128) -> i64 {
    v.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

impl Time {
    pub const ZERO: Self = Self(0);
    pub const MAX: Self = Self(i64::MAX);

    /// `num / den` seconds, to the nearest flick; `den` of zero gives zero.
    pub fn from_ratio(num: i64, den: i64) -> Self {
        if den == 0 {
            return Self::ZERO;
        }
        let (num, den) = if den < 0 { (-i128::from(num), -i128::from(den)) } else { (i128::from(num), i128::from(den)) };
        Self(narrow(Rounding::Nearest.div(num * i128::from(FLICKS_PER_SEC), den)))
    }

    pub fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(FLICKS_PER_SEC))
    }

    /// From floating-point seconds (command line, sliders), to the nearest flick; not finite gives zero.
    pub fn from_secs_f64(secs: f64) -> Self {
        if secs.is_finite() { Self((secs * FLICKS_PER_SEC as f64).round() as i64) } else { Self::ZERO }
    }

    /// For display and for drawing only.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / FLICKS_PER_SEC as f64
    }

    /// From nanoseconds (GStreamer's clock), to the nearest flick. A frame's true time is then within 0.5 ns.
    pub fn from_nanos(ns: u64) -> Self {
        Self(narrow(Rounding::Nearest.div(i128::from(ns) * i128::from(FLICKS_PER_SEC), 1_000_000_000)))
    }

    /// Nanoseconds, rounded as asked; negative times give zero.
    pub fn nanos(self, rounding: Rounding) -> u64 {
        rounding.div(i128::from(self.0) * 1_000_000_000, i128::from(FLICKS_PER_SEC)).max(0) as u64
    }

    /// Start of frame `frame` at `rate`, to the nearest flick (exact for every standard rate).
    pub fn from_frames(frame: i64, rate: FrameRate) -> Self {
        let num = i128::from(frame) * i128::from(rate.den) * i128::from(FLICKS_PER_SEC);
        Self(narrow(Rounding::Nearest.div(num, i128::from(rate.num))))
    }

    /// The frame of `rate` at this time.
    pub fn to_frames(self, rate: FrameRate, rounding: Rounding) -> i64 {
        narrow(rounding.div(i128::from(self.0) * i128::from(rate.num), i128::from(rate.den) * i128::from(FLICKS_PER_SEC)))
    }

    /// Start of sample `sample` at `rate` samples per second.
    pub fn from_samples(sample: i64, rate: u32) -> Self {
        Self(narrow(Rounding::Nearest.div(i128::from(sample) * i128::from(FLICKS_PER_SEC), i128::from(rate.max(1)))))
    }

    /// The sample of `rate` at this time.
    pub fn to_samples(self, rate: u32, rounding: Rounding) -> i64 {
        narrow(rounding.div(i128::from(self.0) * i128::from(rate), i128::from(FLICKS_PER_SEC)))
    }

    /// This time × `num / den`, to the nearest flick; `den` of zero gives zero.
    pub fn scale(self, num: i64, den: i64) -> Self {
        if den == 0 {
            return Self::ZERO;
        }
        let (n, d) = if den < 0 { (-i128::from(num), -i128::from(den)) } else { (i128::from(num), i128::from(den)) };
        Self(narrow(Rounding::Nearest.div(i128::from(self.0) * n, d)))
    }
}

impl Add for Time {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self(self.0.saturating_add(o.0))
    }
}
impl Sub for Time {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        Self(self.0.saturating_sub(o.0))
    }
}
impl Neg for Time {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}
impl AddAssign for Time {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}
impl SubAssign for Time {
    fn sub_assign(&mut self, o: Self) {
        *self = *self - o;
    }
}

pub(crate) fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let g = gcd(self.0.unsigned_abs(), FLICKS_PER_SEC as u64).max(1) as i64;
        let (n, d) = (self.0 / g, FLICKS_PER_SEC / g);
        if d == 1 { write!(f, "{n}s") } else { write!(f, "{n}/{d}s") }
    }
}

/// A text that is not a time or a rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseTimeError(pub String);

impl FromStr for Time {
    type Err = ParseTimeError;
    /// Rational seconds, `3/2s` or `4s` (the `s` may be left out). Must be a whole number of flicks within half a flick.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bad = || ParseTimeError(format!("{s:?} is not a time; write rational seconds such as 3/2s or 4s"));
        let body = s.trim().trim_end_matches('s');
        let (n, d) = body.split_once('/').unwrap_or((body, "1"));
        let (n, d): (i64, i64) = (n.trim().parse().map_err(|_| bad())?, d.trim().parse().map_err(|_| bad())?);
        if d <= 0 {
            return Err(bad());
        }
        let num = i128::from(n) * i128::from(FLICKS_PER_SEC);
        i64::try_from(Rounding::Nearest.div(num, i128::from(d))).map(Self).map_err(|_| bad())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = Time;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time in rational seconds such as \"3/2s\"")
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Time, E> {
                v.parse().map_err(E::custom)
            }
        }
        d.deserialize_str(V)
    }
}

/// Frames per second as an exact ratio, reduced, both positive. Written `"30000/1001"` or `"25"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameRate {
    num: u32,
    den: u32,
}

impl FrameRate {
    pub const FPS_24: Self = Self { num: 24, den: 1 };
    pub const FPS_25: Self = Self { num: 25, den: 1 };
    pub const FPS_30: Self = Self { num: 30, den: 1 };
    pub const FPS_60: Self = Self { num: 60, den: 1 };
    pub const NTSC_24: Self = Self { num: 24000, den: 1001 };
    pub const NTSC_30: Self = Self { num: 30000, den: 1001 };
    pub const NTSC_60: Self = Self { num: 60000, den: 1001 };

    /// None unless both are positive and the rate lies in 1/3600 … 1000 frames per second.
    pub fn new(num: u32, den: u32) -> Option<Self> {
        if num == 0 || den == 0 || u64::from(num) > 1000 * u64::from(den) || u64::from(den) > 3600 * u64::from(num) {
            return None;
        }
        let g = gcd(num.into(), den.into()) as u32;
        Some(Self { num: num / g, den: den / g })
    }
    pub fn num(self) -> u32 {
        self.num
    }
    pub fn den(self) -> u32 {
        self.den
    }
    pub fn as_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }
    /// Duration of one frame, to the nearest flick.
    pub fn frame_duration(self) -> Time {
        Time::from_frames(1, self)
    }
    /// The whole number of frames that a second of timecode counts: 30 for 29.97; 1 for a picture every few seconds.
    pub fn timecode_base(self) -> u32 {
        (self.num.saturating_add(self.den / 2) / self.den).max(1)
    }
    /// 29.97 and 59.94: the rates for which drop-frame timecode is defined (SMPTE ST 12-1).
    pub fn can_drop_frames(self) -> bool {
        self.den == 1001 && matches!(self.num, 30000 | 60000)
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.den == 1 { write!(f, "{}", self.num) } else { write!(f, "{}/{}", self.num, self.den) }
    }
}

impl FromStr for FrameRate {
    type Err = ParseTimeError;
    /// `25`, `30000/1001`, or the usual short names 23.976, 23.98, 29.97, 47.952, 59.94, 119.88.
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bad = || ParseTimeError(format!("{s:?} is not a frame rate; write 25 or 30000/1001"));
        let s = s.trim();
        if let Some((n, d)) = s.split_once('/') {
            return Self::new(n.trim().parse().map_err(|_| bad())?, d.trim().parse().map_err(|_| bad())?).ok_or_else(bad);
        }
        if let Ok(n) = s.parse() {
            return Self::new(n, 1).ok_or_else(bad);
        }
        let f: f64 = s.parse().map_err(|_| bad())?;
        [24u32, 30, 48, 60, 120]
            .into_iter()
            .find(|b| (f - f64::from(*b) * 1000.0 / 1001.0).abs() < 0.005)
            .and_then(|b| Self::new(b * 1000, 1001))
            .ok_or_else(bad)
    }
}

impl Serialize for FrameRate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for FrameRate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = std::borrow::Cow::<str>::deserialize(d)?;
        s.parse().map_err(de::Error::custom)
    }
}

/// Half-open range `[start, end)` of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeRange {
    pub start: Time,
    pub end: Time,
}

impl TimeRange {
    pub fn new(start: Time, end: Time) -> Self {
        Self { start, end: end.max(start) }
    }
    pub fn duration(self) -> Time {
        self.end - self.start
    }
    pub fn contains(self, t: Time) -> bool {
        self.start <= t && t < self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rates() -> impl Strategy<Value = FrameRate> {
        prop::sample::select(vec![
            FrameRate::FPS_24,
            FrameRate::FPS_25,
            FrameRate::FPS_30,
            FrameRate::FPS_60,
            FrameRate::NTSC_24,
            FrameRate::NTSC_30,
            FrameRate::NTSC_60,
        ])
    }

    proptest! {
        #[test]
        fn a_frame_survives_the_way_to_time_and_back(n in -1_000_000_000i64..1_000_000_000, r in rates(), nudge in 0i64..100) {
            let t = Time::from_frames(n, r);
            prop_assert_eq!(t.to_frames(r, Rounding::Floor), n);
            prop_assert_eq!(t.to_frames(r, Rounding::Ceil), n);
            prop_assert_eq!((t + Time(nudge)).to_frames(r, Rounding::Floor), n);
        }
        #[test]
        fn a_sample_survives_the_way_to_time_and_back(n in -10_000_000_000i64..10_000_000_000, rate in prop::sample::select(vec![8000u32, 22050, 44100, 48000, 96000, 192000])) {
            prop_assert_eq!(Time::from_samples(n, rate).to_samples(rate, Rounding::Floor), n);
        }
        #[test]
        fn text_of_a_time_reads_back_exactly(v in any::<i32>()) {
            let t = Time(i64::from(v) * 977);
            prop_assert_eq!(t.to_string().parse::<Time>().unwrap(), t);
        }
        #[test]
        fn rounding_brackets_the_true_value(n in -100_000i64..100_000, d in 1i64..1000) {
            let (n, d) = (i128::from(n), i128::from(d));
            let (f, c, m) = (Rounding::Floor.div(n, d), Rounding::Ceil.div(n, d), Rounding::Nearest.div(n, d));
            prop_assert!(f * d <= n && c * d >= n && c - f <= 1);
            prop_assert!((m * d - n).abs() * 2 <= d);
        }
    }

    #[test]
    fn rates_read_as_people_write_them() {
        assert_eq!("29.97".parse(), Ok(FrameRate::NTSC_30));
        assert_eq!("23.976".parse(), Ok(FrameRate::NTSC_24));
        assert_eq!("60000/1001".parse(), Ok(FrameRate::NTSC_60));
        assert_eq!("50/2".parse(), Ok(FrameRate::FPS_25));
        assert!("0".parse::<FrameRate>().is_err());
        assert!("1/0".parse::<FrameRate>().is_err());
        assert!("abc".parse::<FrameRate>().is_err());
    }

    #[test]
    fn ntsc_frames_are_whole_flicks() {
        assert_eq!(FrameRate::NTSC_30.frame_duration(), Time(23_543_520));
        assert_eq!(Time::from_frames(30, FrameRate::NTSC_30), Time::from_ratio(1001, 1000));
    }
}
