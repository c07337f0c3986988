//! FCPXML's rational seconds, and the time maps that are constant speeds.

use crate::{
    base::{FLICKS_PER_SEC, Rounding, Time},
    interchange::InterchangeError,
    model::{MAX_FRAME, Speed},
};

/// `1001/30000s`, `5s`; decimals (`1.5s`) are read too.
///
/// # Errors
/// Anything else, or a time past all timelines.
pub(super) fn parse(text: &str) -> Result<Time, InterchangeError> {
    let bad = || InterchangeError::BadTime { what: text.chars().take(60).collect() };
    let body = text.trim();
    let body = body.strip_suffix('s').unwrap_or(body).trim();
    let (n, d) = body.split_once('/').unwrap_or((body, "1"));
    let (num, den) = match (n.trim().parse::<i64>(), d.trim().parse::<i64>()) {
        (Ok(n), Ok(d)) if d > 0 => (i128::from(n), i128::from(d)),
        _ => {
            let secs: f64 = body.parse().map_err(|_| bad())?;
            if !secs.is_finite() || secs.abs() > 1e9 {
                return Err(bad());
            }
            return Ok(Time::from_secs_f64(secs));
        }
    };
    let flicks = Rounding::Nearest.div(num * i128::from(FLICKS_PER_SEC), den);
    // the longest timeline at its slowest sensible rate
    let most = i128::from(MAX_FRAME) * i128::from(FLICKS_PER_SEC) / 1000;
    if flicks.abs() > most { Err(bad()) } else { i64::try_from(flicks).map(Time).map_err(|_| bad()) }
}

/// A time map: local time of the clip → time of its source, two points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Map {
    pub from: (Time, Time),
    pub to: (Time, Time),
}

impl Map {
    /// The map of a whole source `[start, start + length]` at a speed, and the local time at which `point` of the source
    /// shows. Anchored at the source's start, as Final Cut Pro writes it; one anchored at the clip's in point is ignored by
    /// Resolve (reported).
    pub fn of(start: Time, length: Time, speed: Speed, point: Time) -> (Self, Time) {
        let (num, den) = (i64::from(speed.0), i64::from(speed.1));
        if speed.is_freeze() {
            return (Self { from: (start, point), to: (start + length, point) }, start);
        }
        let local = length.scale(den, num.abs());
        if num > 0 {
            let map = Self { from: (start, start), to: (start + local, start + length) };
            (map, start + (point - start).scale(den, num))
        } else {
            let map = Self { from: (start, start + length), to: (start + local, start) };
            (map, start + (start + length - point).scale(den, -num))
        }
    }

    /// The speed: the simplest ratio that gives these times to the flick.
    pub fn speed(&self) -> Option<Speed> {
        simplest(i128::from(self.to.1.0) - i128::from(self.from.1.0), i128::from(self.to.0.0) - i128::from(self.from.0.0))
    }

    /// The source's time at a local time.
    pub fn at(&self, local: Time) -> Time {
        match self.speed() {
            Some(s) => self.from.1 + (local - self.from.0).scale(i64::from(s.0), i64::from(s.1)),
            None => self.from.1,
        }
    }
}

/// The simplest `p/q` with |num·q − p·den| no more than what rounding both by half a flick makes.
fn simplest(num: i128, den: i128) -> Option<Speed> {
    if den <= 0 {
        return None;
    }
    let (mut h, mut k) = ((1i128, 0i128), (0i128, 1i128));
    let (mut a, mut b) = (num.abs(), den);
    while b != 0 {
        let whole = a / b;
        h = (whole.checked_mul(h.0)?.checked_add(h.1)?, h.0);
        k = (whole.checked_mul(k.0)?.checked_add(k.1)?, k.0);
        if h.0 > 1_000_000 || k.0 > 1_000_000 {
            return crate::interchange::speed::ratio(h.1 * num.signum(), k.1);
        }
        let off = num.abs().checked_mul(k.0)? - h.0.checked_mul(den)?;
        if off.abs() <= k.0 + h.0 {
            break;
        }
        (a, b) = (b, a % b);
    }
    crate::interchange::speed::ratio(h.0 * num.signum(), k.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_read_as_programs_write_them() {
        assert_eq!(parse("1001/30000s"), Ok(Time(23_543_520)));
        assert_eq!(parse("8648640000/2400000s"), Ok(Time::from_ratio(36036, 10)));
        assert_eq!(parse("0s"), Ok(Time::ZERO));
        assert_eq!(parse("2.5s"), Ok(Time::from_ratio(5, 2)));
        for bad in ["", "s", "1/0s", "x", "nan", "inf", "1/-2s", "9223372036854775807s", "1e300s"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_speed_comes_back_from_its_map(n in 1i32..5000, d in 1u32..500, back: bool, start in 0i64..100_000, frames in 100i64..100_000, at in 0i64..100) {
            let rate = crate::base::FrameRate::NTSC_24;
            let frame = |f| Time::from_frames(f, rate);
            let speed = crate::interchange::speed::reduced(Speed(if back { -n } else { n }, d));
            let point = frame(start + at);
            let (map, local) = Map::of(frame(start), frame(frames), speed, point);
            prop_assert_eq!(map.speed(), Some(speed));
            let slip = (map.at(local) - point).0.abs();
            prop_assert!(slip <= 2 + i64::from(n) / i64::from(d), "{slip}");
        }
    }
}
