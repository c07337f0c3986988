//! Frame rates as other programs write them.

use super::InterchangeError;
use crate::base::{FrameRate, Rounding, Time};

/// A rate given as a decimal number: the standard rate within 0.1 %, else the fraction over 1000.
///
/// # Errors
/// Not a rate of any film.
pub(super) fn from_f64(rate: f64) -> Result<FrameRate, InterchangeError> {
    let bad = || InterchangeError::BadRate { rate: rate.to_string() };
    if !rate.is_finite() || !(0.01..=1000.0).contains(&rate) {
        return Err(bad());
    }
    let whole = rate.round();
    if (rate - whole).abs() < 1e-6 * rate {
        return FrameRate::new(whole as u32, 1).ok_or_else(bad);
    }
    // 23.976, 23.98, 29.97 and their multiples
    let base = (rate * 1.001).round();
    if base >= 1.0 && (rate - base * 1000.0 / 1001.0).abs() < 2e-4 * rate {
        return FrameRate::new(base as u32 * 1000, 1001).ok_or_else(bad);
    }
    FrameRate::new((rate * 1000.0).round() as u32, 1000).ok_or_else(bad)
}

/// xmeml's pair: whole timebase, and whether it runs slower by 1000/1001.
pub(super) fn to_timebase(rate: FrameRate) -> (u32, bool) {
    (rate.timecode_base(), rate.den() == 1001)
}

/// The rate of xmeml's pair.
pub(super) fn from_timebase(base: u32, ntsc: bool) -> Result<FrameRate, InterchangeError> {
    let made = if ntsc { base.checked_mul(1000).and_then(|n| FrameRate::new(n, 1001)) } else { FrameRate::new(base, 1) };
    made.ok_or_else(|| InterchangeError::BadRate { rate: base.to_string() })
}

/// The frame of `rate` that begins at `time`, where one does.
pub(super) fn on_grid(time: Time, rate: FrameRate) -> Option<i64> {
    let frame = time.to_frames(rate, Rounding::Nearest);
    (Time::from_frames(frame, rate) == time).then_some(frame)
}

/// `frames`, maybe a fraction, as a time; whole numbers and near ones are exact.
///
/// # Errors
/// Not finite, or past all time.
pub(super) fn frames_to_time(frames: f64, rate: FrameRate) -> Result<Time, InterchangeError> {
    let bad = || InterchangeError::time(frames);
    if !frames.is_finite() || frames.abs() > crate::model::MAX_FRAME as f64 {
        return Err(bad());
    }
    let whole = frames.round();
    if (frames - whole).abs() < 1e-4 {
        return Ok(Time::from_frames(whole as i64, rate));
    }
    Ok(Time::from_secs_f64(frames * f64::from(rate.den()) / f64::from(rate.num())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_rates_become_exact_ones() {
        for r in ["24000/1001", "24", "25", "30000/1001", "30", "48000/1001", "50", "60000/1001", "60", "120000/1001", "15"] {
            let r: FrameRate = r.parse().unwrap();
            assert_eq!(from_f64(r.as_f64()), Ok(r));
        }
        assert_eq!(from_f64(23.98), Ok(FrameRate::NTSC_24));
        assert_eq!(from_f64(29.97), Ok(FrameRate::NTSC_30));
        assert_eq!(from_f64(12.5), Ok(FrameRate::new(25, 2).unwrap()));
        for bad in [0.0, -25.0, f64::NAN, f64::INFINITY, 1e9] {
            assert!(from_f64(bad).is_err());
        }
    }

    #[test]
    fn timebases_go_both_ways() {
        for r in ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"] {
            let r: FrameRate = r.parse().unwrap();
            let (base, ntsc) = to_timebase(r);
            assert_eq!(from_timebase(base, ntsc), Ok(r));
        }
        assert!(from_timebase(0, false).is_err() && from_timebase(u32::MAX, true).is_err());
    }

    #[test]
    fn fractions_of_frames_keep_their_place() {
        assert_eq!(frames_to_time(91046.0, FrameRate::FPS_25), Ok(Time::from_frames(91046, FrameRate::FPS_25)));
        assert_eq!(frames_to_time(91_046.625, FrameRate::FPS_25), Ok(Time::from_ratio(91_046_625, 25_000)));
        assert!(frames_to_time(f64::NAN, FrameRate::FPS_25).is_err() && frames_to_time(1e300, FrameRate::FPS_25).is_err());
    }
}
