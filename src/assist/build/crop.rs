//! A tall picture from a wide one: where the cut-out lies from moment to moment, so that what moves stays in it. Pure.
//!
//! The path follows the focus of the movement (`Moment::focus`), weighted by how much moves there, through a Gaussian window: it goes
//! smoothly, never quicker than [`MOST_SPEED`], and stands still where following would hardly move it. The same footage gives the same
//! path.

use crate::{
    analysis::footage::{Footage, MOMENT_SECS},
    base::FrameRate,
    model::{Curve, Ease, Key},
};

/// Deviation of the window that smooths the path, in seconds of the footage.
const SMOOTH_SECS: f64 = 0.9;
/// The cut-out moves by at most this part of its own width in a second of the film.
const MOST_SPEED: f64 = 0.35;
/// Less than this part of the cut-out's width is no reason to move at all.
const STILL: f64 = 0.06;
/// Seconds of the film from key to key.
const KEY_SECS: f64 = 0.5;
/// Movement that counts as nothing; keeps the middle where nothing moves.
const FLOOR: f64 = 0.02;

/// What is cut out of what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// Width and height of the footage as shown, and of the film.
    pub source: (u32, u32),
    pub film: (u32, u32),
    pub rate: FrameRate,
    /// First moment of the source shown, and its seconds per second of the film.
    pub from_secs: f64,
    pub speed: f64,
    /// Frames of the clip.
    pub frames: i64,
}

impl Cut {
    /// Pixels of the film by which the fitted picture is larger than the film, across and down; one of them is 0.
    fn spare(&self) -> (f64, f64) {
        let scale = |a: u32, b: u32| f64::from(a) / f64::from(b.max(1));
        let fill = scale(self.film.0, self.source.0).max(scale(self.film.1, self.source.1));
        let over = |source: u32, film: u32| (f64::from(source) * fill - f64::from(film)).max(0.0);
        (over(self.source.0, self.film.0), over(self.source.1, self.film.1))
    }
}

/// The clip's position over time; without keys where the middle is right, or next to nothing is cut away.
pub(super) fn path(footage: &Footage, cut: &Cut) -> Curve<(f32, f32)> {
    let spare = cut.spare();
    let across = spare.0 > spare.1;
    let (room, side) = if across { (spare.0, f64::from(cut.film.0)) } else { (spare.1, f64::from(cut.film.1)) };
    // a sliver at the edges is no reason to wander
    if room < side * 0.1 || footage.moments.is_empty() {
        return Curve::default();
    }
    let fps = cut.rate.as_f64();
    let count = ((cut.frames as f64 / fps / KEY_SECS).ceil() as usize).clamp(1, 10_000);
    let secs = |i: usize| (i as f64 * KEY_SECS).min(cut.frames as f64 / fps);
    // the focus in the middle of the cut-out, as far as the picture reaches
    let centred = |focus: f64| ((0.5 - focus) * (side + room)).clamp(-room / 2.0, room / 2.0);
    let mut places: Vec<f64> =
        (0..=count).map(|i| centred(smooth(footage, cut.from_secs + secs(i) * cut.speed.max(0.05), across))).collect();
    slow_down(&mut places, side * MOST_SPEED * KEY_SECS);
    let (low, high) = places.iter().fold((f64::MAX, f64::MIN), |(l, h), p| (l.min(*p), h.max(*p)));
    let at = |place: f64| if across { (place.round() as f32, 0.0) } else { (0.0, place.round() as f32) };
    if high - low < side * STILL {
        let middle = places.iter().sum::<f64>() / places.len() as f64;
        return Curve::new((middle.abs() >= 1.0).then(|| Key { frame: 0, value: at(middle), ease: Ease::Linear }));
    }
    Curve::new(places.iter().enumerate().map(|(i, p)| {
        let frame = ((secs(i) * fps).round() as i64).min(cut.frames);
        Key { frame, value: at(*p), ease: Ease::InOut }
    }))
}

/// Where things move around a time of the source, 0–1 across or down.
fn smooth(footage: &Footage, secs: f64, across: bool) -> f64 {
    let (mut sum, mut weights) = (0.5 * FLOOR, FLOOR);
    let reach = 3.0 * SMOOTH_SECS;
    let first = ((secs - reach) / MOMENT_SECS).floor().max(0.0) as usize;
    let last = (((secs + reach) / MOMENT_SECS).ceil().max(0.0) as usize).min(footage.moments.len());
    for (i, m) in footage.moments.iter().enumerate().take(last).skip(first) {
        let off = ((i as f64 + 0.5) * MOMENT_SECS - secs) / SMOOTH_SECS;
        let weight = (-0.5 * off * off).exp() * f64::from(m.stir).max(0.0);
        sum += weight * f64::from(if across { m.focus.0 } else { m.focus.1 });
        weights += weight;
    }
    sum / weights
}

/// No step is larger than `most`: the quicker ones begin earlier and end later.
fn slow_down(places: &mut [f64], most: f64) {
    for _ in 0..2 {
        for i in 1..places.len() {
            let before = places[i - 1];
            places[i] = places[i].clamp(before - most, before + most);
        }
        places.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::footage::Moment;

    /// Something crosses the picture from left to right within ten seconds.
    fn crossing() -> Footage {
        let moments = (0..50).map(|i| Moment { stir: 0.5, focus: (0.1 + 0.8 * i as f32 / 49.0, 0.5), ..Moment::default() }).collect();
        Footage { duration_secs: 10.0, shots: Vec::new(), moments }
    }

    fn tall(from_secs: f64) -> Cut {
        Cut { source: (1920, 1080), film: (1080, 1920), rate: FrameRate::FPS_30, from_secs, speed: 1.0, frames: 240 }
    }

    #[test]
    fn the_cut_out_follows_what_moves_smoothly_and_never_leaves_the_picture() {
        let curve = path(&crossing(), &tall(1.0));
        let keys = curve.keys();
        assert!(keys.len() > 8, "{keys:?}");
        assert_eq!((keys[0].frame, keys[keys.len() - 1].frame), (0, 240));
        let first = keys[0].value.0;
        let last = keys[keys.len() - 1].value.0;
        // the picture is moved to the right first, so that its left part is seen, and to the left at the end
        assert!(first > 400.0 && last < -400.0, "{first} to {last}");
        let room = (1920.0 * 1920.0 / 1080.0 - 1080.0) / 2.0;
        assert!(keys.iter().all(|k| k.value.0.abs() <= room + 1.0 && k.value.1 == 0.0));
        let most = 1080.0 * MOST_SPEED * KEY_SECS + 1.0;
        assert!(keys.windows(2).all(|w| f64::from((w[1].value.0 - w[0].value.0).abs()) <= most), "{keys:?}");
        assert_eq!(curve, path(&crossing(), &tall(1.0)));
    }

    #[test]
    fn stillness_and_fitting_pictures_need_no_path() {
        let still = Footage { moments: vec![Moment { focus: (0.5, 0.5), ..Moment::default() }; 50], ..crossing() };
        assert!(path(&still, &tall(0.0)).is_empty());
        assert!(path(&crossing(), &Cut { film: (1920, 1080), ..tall(0.0) }).is_empty());
        // what stands at the right gets one place, not a path
        let right = Footage { moments: vec![Moment { stir: 0.5, focus: (0.8, 0.5), ..Moment::default() }; 50], ..crossing() };
        let keys = path(&right, &tall(0.0));
        assert_eq!(keys.keys().len(), 1);
        assert!(keys.keys()[0].value.0 < -400.0);
        // a tall film into a wide one goes up and down
        let down = Footage { moments: vec![Moment { stir: 0.5, focus: (0.5, 0.9), ..Moment::default() }; 50], ..crossing() };
        let wide = Cut { source: (1080, 1920), film: (1920, 1080), ..tall(0.0) };
        assert!(path(&down, &wide).keys()[0].value.1 < -400.0);
    }
}
