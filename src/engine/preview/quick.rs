//! Whether a network is quick enough for pictures that play, from what it took. No clock here.

use crate::base::Time;
use std::time::Duration;

/// What it is measured to take may fill this share of a frame's time, in percent; the rest is for what else the device draws.
const SHARE: u32 = 80;
/// So many pictures in a row that came too late end it for a playback.
const MISSES: u32 = 3;

/// How long a network takes for each pixel of what it is given. Its first picture does not count: it pays for shaders and memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    warm: bool,
    secs_per_pixel: Option<f64>,
}

impl Measured {
    /// So many pixels have taken so long.
    pub fn took(&mut self, pixels: u64, time: Duration) {
        if !std::mem::replace(&mut self.warm, true) || pixels == 0 {
            return;
        }
        let now = time.as_secs_f64() / pixels as f64;
        self.secs_per_pixel = Some(self.secs_per_pixel.map_or(now, |before| (3.0 * before + now) / 4.0));
    }

    /// What so many pixels will take; None while nothing was measured.
    pub fn time_for(&self, pixels: u64) -> Option<Duration> {
        self.secs_per_pixel.map(|s| Duration::from_secs_f64((s * pixels as f64).min(3600.0)))
    }
}

/// What is known when a frame may be shown upscaled while it plays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance {
    /// The network computes on graphics hardware.
    pub hardware: bool,
    /// What it will take for the frame's pictures, as measured; None = nothing was measured yet.
    pub network: Option<Duration>,
    /// What it takes to draw the frame plain, and larger.
    pub drawing: Duration,
    /// Time between two frames.
    pub frame: Time,
}

impl Chance {
    /// Whether to try. Where nothing was measured hardware is tried once: the plain frame is ready in any case.
    pub fn is_good(&self) -> bool {
        let frame = Duration::from_secs_f64(self.frame.as_secs_f64().max(0.0));
        self.hardware && self.network.is_none_or(|n| (n + self.drawing) * 100 <= frame * SHARE)
    }
}

/// How upscaling comes on in one playback: once given up, it stays so, for pictures that come and go are worse than plain ones.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trying {
    missed: u32,
    given_up: bool,
}

impl Trying {
    pub fn goes_on(self) -> bool {
        !self.given_up
    }

    /// A picture came in time.
    pub fn made(&mut self) {
        self.missed = 0;
    }

    /// A picture came when its frame was on the screen.
    pub fn missed(&mut self) {
        self.missed += 1;
        self.given_up |= self.missed >= MISSES;
    }

    /// Frames are dropped.
    pub fn too_slow(&mut self) {
        self.given_up = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn only_hardware_that_leaves_a_fifth_of_the_frame_shows_upscaled_pictures_while_they_play() {
        let chance = |hardware, network, drawing, fps| Chance { hardware, network, drawing: MS(drawing), frame: Time::from_ratio(1, fps) };
        assert!(chance(true, None, 0, 25).is_good(), "hardware is tried");
        assert!(chance(true, Some(MS(28)), 4, 25).is_good(), "32 of 40 ms");
        assert!(!chance(true, Some(MS(29)), 4, 25).is_good());
        assert!(!chance(true, Some(MS(28)), 4, 50).is_good(), "the same at twice the rate");
        assert!(!chance(true, Some(MS(1)), 40, 25).is_good(), "drawing counts");
        assert!(!chance(false, None, 0, 25).is_good() && !chance(false, Some(MS(1)), 0, 25).is_good(), "never on a software adapter");
    }

    #[test]
    fn the_first_picture_does_not_count_and_sizes_are_comparable() {
        let mut m = Measured::default();
        m.took(1000, MS(5000));
        assert_eq!(m.time_for(1000), None);
        m.took(1000, MS(10));
        assert_eq!(m.time_for(4000), Some(MS(40)));
        m.took(2000, MS(60));
        assert_eq!(m.time_for(1000), Some(MS(15)), "a quarter of the way to 30 ms");
    }

    #[test]
    fn it_is_given_up_for_good_after_three_misses_in_a_row_or_when_frames_are_dropped() {
        let mut t = Trying::default();
        for _ in 0..5 {
            t.missed();
            t.missed();
            assert!(t.goes_on());
            t.made();
        }
        (0..3).for_each(|_| t.missed());
        t.made();
        assert!(!t.goes_on());
        let mut t = Trying::default();
        t.too_slow();
        assert!(!t.goes_on());
    }
}
