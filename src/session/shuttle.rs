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
}
