//! What the film is: its size and rate, from what most of the footage is, unless somebody says otherwise. Pure.

use crate::{base::FrameRate, model::Media};

/// Aspects that are taken for meant within so much.
const ASPECT_SLACK: f64 = 0.08;
const ASPECTS: [(u32, u32); 6] = [(16, 9), (9, 16), (1, 1), (4, 3), (3, 4), (21, 9)];
/// Shorter sides, and how near they must be.
const SIDES: [u32; 6] = [2160, 1440, 1080, 720, 576, 480];
const SIDE_SLACK: f64 = 0.12;

/// Slower footage does not give the film its rate while there is other.
const FLUENT: f64 = 20.0;

/// Size and rate of a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    pub width: u32,
    pub height: u32,
    pub frame_rate: FrameRate,
}

/// What somebody wants the film to be, whatever the footage is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Width to height.
    pub aspect: Option<(u32, u32)>,
    /// Pixels of the shorter side, within [`SHORT_SIDE`].
    pub short_side: Option<u32>,
    pub frame_rate: Option<FrameRate>,
}

/// The shorter side of a film, in pixels.
pub const SHORT_SIDE: std::ops::RangeInclusive<u32> = 64..=4320;
/// Pictures per second of a film.
pub const RATES: std::ops::RangeInclusive<f64> = 10.0..=120.0;

/// The shape, size and rate that most seconds of footage have; 1920 × 1080 at 30 without any. What is `wanted` counts more.
pub fn profile<'a>(footage: impl Iterator<Item = &'a Media> + Clone, wanted: Wanted) -> Profile {
    let films = footage.filter_map(|m| m.info.video.as_ref().map(|v| (v, if v.still { 0.1 } else { m.info.duration.as_secs_f64() })));
    let mut shapes: Vec<((u32, u32), f64)> = Vec::new();
    let mut sides: Vec<(u32, f64)> = Vec::new();
    let mut rates: Vec<(FrameRate, f64)> = Vec::new();
    for (v, secs) in films {
        let (w, h) = v.display_size();
        add(&mut shapes, shape(w, h), secs);
        add(&mut sides, side(w.min(h)), secs);
        if !v.still {
            add(&mut rates, v.frame_rate, secs);
        }
    }
    let (a, b) = wanted.aspect.filter(|(a, b)| *a > 0 && *b > 0).or_else(|| most(&shapes)).unwrap_or((16, 9));
    // chroma planes of most codecs need even sides
    let asked = wanted.short_side.filter(|s| SHORT_SIDE.contains(s)).map(|s| s + s % 2);
    let short = asked.or_else(|| most(&sides)).unwrap_or(1080);
    let long = |n: u32, d: u32| ((f64::from(short) * f64::from(n) / f64::from(d) / 2.0).round() as u32 * 2).clamp(2, 16384);
    let (width, height) = if a >= b { (long(a, b), short) } else { (short, long(b, a)) };
    // a screen recording or a time lapse of a few pictures a second should not make the whole film stutter
    if rates.iter().any(|(r, _)| r.as_f64() >= FLUENT) {
        rates.retain(|(r, _)| r.as_f64() >= FLUENT);
    }
    let fits = |r: &FrameRate| RATES.contains(&r.as_f64());
    let rate = wanted.frame_rate.filter(fits).or_else(|| most(&rates).filter(fits));
    Profile { width, height, frame_rate: rate.unwrap_or(FrameRate::FPS_30) }
}

fn add<T: PartialEq>(list: &mut Vec<(T, f64)>, value: T, secs: f64) {
    match list.iter_mut().find(|(v, _)| *v == value) {
        Some((_, sum)) => *sum += secs,
        None => list.push((value, secs)),
    }
}

/// What has the most seconds; of equals the first.
fn most<T: Copy>(list: &[(T, f64)]) -> Option<T> {
    list.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(v, _)| *v)
}

fn shape(w: u32, h: u32) -> (u32, u32) {
    let ratio = f64::from(w.max(1)) / f64::from(h.max(1));
    let near = |&(a, b): &(u32, u32)| (ratio / (f64::from(a) / f64::from(b)) - 1.0).abs() < ASPECT_SLACK;
    ASPECTS.into_iter().find(near).unwrap_or((w.max(1), h.max(1)))
}

fn side(pixels: u32) -> u32 {
    let near = |s: &u32| (f64::from(pixels) / f64::from(*s) - 1.0).abs() < SIDE_SLACK;
    SIDES.into_iter().find(near).unwrap_or(pixels + pixels % 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixture::{film, video_info};

    fn media(w: u32, h: u32, rate: FrameRate, frames: i64) -> Media {
        let mut m = film("a", rate, frames);
        m.info.video = Some(video_info(w, h, rate, frames as u64));
        m
    }

    #[test]
    fn the_longest_footage_decides_and_odd_sizes_snap() {
        let all = [media(1920, 1088, FrameRate::FPS_25, 500), media(1080, 1920, FrameRate::FPS_30, 60)];
        assert_eq!(profile(all.iter(), Wanted::default()), Profile { width: 1920, height: 1080, frame_rate: FrameRate::FPS_25 });
        let tall = profile(all.iter(), Wanted { aspect: Some((9, 16)), ..Wanted::default() });
        assert_eq!((tall.width, tall.height), (1080, 1920));
        let small = Wanted { aspect: Some((1, 1)), short_side: Some(479), frame_rate: Some(FrameRate::NTSC_24) };
        assert_eq!(profile(all.iter(), small), Profile { width: 480, height: 480, frame_rate: FrameRate::NTSC_24 });
        assert_eq!(profile([].iter(), Wanted::default()), Profile { width: 1920, height: 1080, frame_rate: FrameRate::FPS_30 });
    }
}
