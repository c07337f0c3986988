//! How a scene's camera stands or walks: planned moves and the shake of a hand, both known exactly.
//!
//! Pure functions of time and seed; the same shake can be computed again, to judge a stabiliser by it.

/// Where the camera points at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Right and up, in picture heights.
    pub offset: [f32; 2],
    /// In radians.
    pub roll: f32,
    /// 1 = as framed.
    pub zoom: f32,
}

/// A hand that holds a camera: slow sway, a tremor and, when walking, steps. Amplitudes are those of a phone held with
/// two hands: about 1 % of the height for the sway and a tenth of that for the tremor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shake {
    /// Peak of the sway, in picture heights.
    pub sway: f32,
    /// Peak of the tremor, in picture heights.
    pub tremor: f32,
    /// Peak of the roll, in radians.
    pub roll: f32,
    /// Rise and fall of a walk, in picture heights; 0 when standing.
    pub step: f32,
    pub seed: u32,
}

/// Steps per second of a slow walk.
pub const STEPS_PER_SEC: f32 = 1.8;

/// The pose at `time_secs`; `shake` of None is a tripod.
pub fn pose(shake: Option<&Shake>, time_secs: f32) -> Pose {
    let Some(s) = shake else { return Pose { offset: [0.0; 2], roll: 0.0, zoom: 1.0 } };
    let n = |lane: u32, hz: f32| smooth_noise(s.seed.wrapping_add(lane.wrapping_mul(0x9E37_79B9)), time_secs * hz);
    let drift = |lane: u32| 0.62 * n(lane, 0.55) + 0.38 * n(lane + 1, 1.35);
    let tremor = |lane: u32| 0.6 * n(lane, 4.5) + 0.4 * n(lane + 1, 8.0);
    let phase = time_secs * STEPS_PER_SEC * std::f32::consts::PI;
    let bounce = s.step * (phase.sin().abs() - 0.64);
    let side = 0.6 * s.step * phase.sin();
    Pose {
        offset: [s.sway * drift(1) + s.tremor * tremor(3) + side, s.sway * drift(5) + s.tremor * tremor(7) + bounce],
        roll: s.roll * (0.8 * drift(9) + 0.2 * tremor(11)),
        zoom: 1.0 + 0.25 * s.sway * drift(13),
    }
}

/// Smooth noise of unit rate in −1…1: cubic interpolation of hashed values, so that speed has no jumps.
pub fn smooth_noise(seed: u32, x: f32) -> f32 {
    let i = x.floor();
    let f = x - i;
    let v = |k: i64| hash(seed, i as i64 + k);
    let (a, b, c, d) = (v(-1), v(0), v(1), v(2));
    let cubic = b + 0.5 * f * (c - a + f * (2.0 * a - 5.0 * b + 4.0 * c - d + f * (3.0 * (b - c) + d - a)));
    cubic.clamp(-1.0, 1.0)
}

/// A number in −1…1 from a seed and a place (the finaliser of MurmurHash3).
pub fn hash(seed: u32, place: i64) -> f32 {
    let mut h = (place as u64 as u32) ^ ((place as u64 >> 32) as u32) ^ seed.wrapping_mul(0x85EB_CA6B);
    for m in [0x85EB_CA6B_u32, 0xC2B2_AE35] {
        h = (h ^ (h >> 16)).wrapping_mul(m);
    }
    h ^= h >> 15;
    (h as f32 / u32::MAX as f32) * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const HAND: Shake = Shake { sway: 0.01, tremor: 0.001, roll: 0.01, step: 0.004, seed: 7 };

    #[test]
    fn the_shake_is_the_same_every_time_and_another_for_another_seed() {
        assert_eq!(pose(Some(&HAND), 1.25), pose(Some(&HAND), 1.25));
        assert_ne!(pose(Some(&HAND), 1.25), pose(Some(&Shake { seed: 8, ..HAND }), 1.25));
    }

    #[test]
    fn the_hand_moves_but_within_its_reach() {
        let all: Vec<Pose> = (0..300).map(|f| pose(Some(&HAND), f as f32 / 30.0)).collect();
        let reach = HAND.sway + HAND.tremor + HAND.step;
        assert!(all.iter().all(|p| p.offset.iter().all(|v| v.abs() <= reach) && p.roll.abs() <= HAND.roll));
        let jump = all.windows(2).map(|w| (w[1].offset[0] - w[0].offset[0]).abs()).fold(0.0, f32::max);
        assert!(jump > 1e-4 && jump < 0.008, "largest move between frames {jump}");
        assert!(all.iter().any(|p| p.offset[0] > 0.003) && all.iter().any(|p| p.offset[0] < -0.003));
    }

    #[test]
    fn a_tripod_stands_still() {
        assert_eq!(pose(None, 0.0), pose(None, 3.7));
    }
}
