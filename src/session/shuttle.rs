//! The speeds of J, K and L: what the next press makes of the present speed. Pure.

use crate::model::Speed;

/// Fastest speed in either direction.
pub const FASTEST: u32 = 8;
/// The speed of K held with L (or, negative, with J).
pub const SLOW: Speed = Speed(1, 2);
pub const SLOW_BACKWARD: Speed = Speed(-1, 2);

/// L: plays forward, each further press doubles up to 8×.
pub fn forward(now: Speed) -> Speed {
    if now.0 <= 0 || now.1 == 0 { Speed::NORMAL } else { faster(now) }
}

/// J: plays backward, each further press doubles up to 8×.
pub fn backward(now: Speed) -> Speed {
    if now.0 >= 0 || now.1 == 0 { Speed::REVERSE } else { faster(now) }
}

/// What playback can do of a speed: between 1/8 and 8 times in either direction. None = stand still.
pub fn within(speed: Speed) -> Option<Speed> {
    let (num, den) = (u64::from(speed.0.unsigned_abs()), u64::from(speed.1));
    let whole = |n: u32, d: u32| Some(Speed(n as i32 * speed.0.signum(), d));
    match (num, den) {
        (0, _) | (_, 0) => None,
        _ if num > den * u64::from(FASTEST) => whole(FASTEST, 1),
        _ if num * u64::from(FASTEST) < den => whole(1, FASTEST),
        _ => Some(speed),
    }
}

fn faster(now: Speed) -> Speed {
    let doubled = i64::from(now.0.unsigned_abs()) * 2;
    // below normal speed the next press goes to normal
    let whole = (doubled / i64::from(now.1)).clamp(1, i64::from(FASTEST)) as i32;
    Speed(whole * now.0.signum(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_press_doubles_and_the_other_key_turns_around() {
        let press = |keys: &str| keys.chars().fold(Speed::FREEZE, |s, k| if k == 'L' { forward(s) } else { backward(s) });
        assert_eq!(["L", "LL", "LLL", "LLLL", "LLLLL"].map(press), [1, 2, 4, 8, 8].map(|n| Speed(n, 1)));
        assert_eq!(["J", "JJ", "JJJJJJ"].map(press), [-1, -2, -8].map(|n| Speed(n, 1)));
        assert_eq!(press("LLLJ"), Speed::REVERSE);
        assert_eq!(press("JJL"), Speed::NORMAL);
        assert_eq!((forward(SLOW), backward(SLOW_BACKWARD)), (Speed::NORMAL, Speed::REVERSE));
        assert_eq!(forward(Speed(i32::MAX, 1)), Speed(8, 1));
        assert_eq!(forward(Speed(1, 0)), Speed::NORMAL);
    }

    #[test]
    fn speeds_from_outside_are_kept_within_bounds() {
        let speeds = [Speed(0, 1), Speed(1, 0), Speed(-100, 3), Speed(1, 100), Speed(-1, 2), Speed(i32::MIN, u32::MAX)];
        let want = [None, None, Some(Speed(-8, 1)), Some(Speed(1, 8)), Some(Speed(-1, 2)), Some(Speed(i32::MIN, u32::MAX))];
        assert_eq!(speeds.map(within), want);
    }
}
