//! What an editor wants to know of footage: its shots, and from moment to moment how it moves, how sharp, bright and steady it is.
//!
//! Pure: pictures in, facts out, on the caller's thread; a small copy of each of the last pictures is all that is kept.

mod colours;
mod cuts;
mod motion;
mod small;

pub use colours::{COLOURS, Colour, Shares};
pub use cuts::{Border, Kind};

use cuts::Finder;
use motion::Change;
use serde::{Deserialize, Serialize};
use small::Small;

/// Seconds that one [`Moment`] covers.
pub const MOMENT_SECS: f64 = 0.2;
/// Slow movement is told from pictures so far apart: from one to the next it is less than a cell of the small picture.
const SLOW_SECS: f64 = 0.4;
/// How often it is looked at.
const SLOW_STEP_SECS: f64 = 0.1;
/// Widths or heights per second above which [`Moment::pan`] tells more than [`Moment::slow_pan`]: three quarters of how far blocks are
/// looked for.
const SLOW_MOST: f32 = 0.29;

/// What a fifth of a second of footage is like.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// How far things move, in widths of the picture per second.
    pub motion: f32,
    /// Where the whole moves, in widths and heights per second; right and down are positive.
    pub pan: (f32, f32),
    /// The same for slow movement, told from pictures 0.4 s apart.
    #[serde(default)]
    pub slow_pan: (f32, f32),
    /// Which colours it has.
    #[serde(default)]
    pub colours: Shares,
    /// How unsteady that is: mean change of the movement from picture to picture, in widths per second.
    pub shake: f32,
    /// 0 blurred – 1 crisp; comparable within one camera's footage.
    pub sharp: f32,
    /// Mean brightness, 0–1.
    pub bright: f32,
    /// Deviation of the brightness, 0–1.
    pub contrast: f32,
    /// Mean colour differences towards blue and red, −0.5…0.5.
    pub tint: (f32, f32),
    /// The colour that fills most of the picture (red, green, blue, 0–1), and the part of the picture that it fills.
    pub main: (f32, f32, f32),
    pub main_part: f32,
    /// Where things move otherwise than the whole, 0–1 from left and from top; the middle where nothing does.
    pub focus: (f32, f32),
    /// How much they do: the part of the picture that moves so, 0–1.
    pub stir: f32,
}

impl Default for Moment {
    fn default() -> Self {
        Self {
            motion: 0.0,
            pan: (0.0, 0.0),
            slow_pan: (0.0, 0.0),
            colours: Shares::default(),
            shake: 0.0,
            sharp: 0.0,
            bright: 0.0,
            contrast: 0.0,
            tint: (0.0, 0.0),
            main: (0.0, 0.0, 0.0),
            main_part: 0.0,
            focus: (0.5, 0.5),
            stir: 0.0,
        }
    }
}

impl Moment {
    /// Where the whole moves, slow or fast, in widths and heights per second.
    pub fn way(&self) -> (f32, f32) {
        let (x, y) = self.pan;
        if x.abs().max(y.abs()) > SLOW_MOST { self.pan } else { self.slow_pan }
    }
}

/// A stretch of footage without a cut.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shot {
    /// First picture, and the one behind the last.
    pub start: usize,
    pub end: usize,
    pub start_secs: f64,
    pub end_secs: f64,
    /// How it begins; none at the start of the file.
    pub begins_with: Option<Kind>,
    /// Seconds at the start and at the end that are mixed with the neighbour.
    pub mixed_secs: (f64, f64),
}

/// Footage, analysed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Footage {
    pub duration_secs: f64,
    pub shots: Vec<Shot>,
    /// One for each [`MOMENT_SECS`].
    pub moments: Vec<Moment>,
}

impl Footage {
    /// The mean of the moments of a stretch; the nearest one where it is shorter.
    pub fn mean(&self, from_secs: f64, to_secs: f64) -> Moment {
        let last = self.moments.len().saturating_sub(1);
        let from = ((from_secs / MOMENT_SECS).max(0.0) as usize).min(last);
        let to = ((to_secs / MOMENT_SECS).ceil().max(0.0) as usize).clamp(from + 1, last + 1);
        mean(self.moments.get(from..to).unwrap_or_default())
    }
}

fn mean(moments: &[Moment]) -> Moment {
    let n = moments.len().max(1) as f32;
    let of = |f: fn(&Moment) -> f32| moments.iter().map(f).sum::<f32>() / n;
    // what stirs more says more about where; a little of the middle keeps the mean of nothing there
    let still = 1e-4;
    let weight = moments.iter().map(|m| m.stir).sum::<f32>() + still;
    // a mean of two colours would be one that is nowhere to be seen
    let fullest = moments.iter().rev().max_by(|a, b| a.main_part.total_cmp(&b.main_part));
    let focus = |f: fn(&Moment) -> f32| (moments.iter().map(|m| m.stir * f(m)).sum::<f32>() + still * 0.5) / weight;
    Moment {
        motion: of(|m| m.motion),
        pan: (of(|m| m.pan.0), of(|m| m.pan.1)),
        slow_pan: (of(|m| m.slow_pan.0), of(|m| m.slow_pan.1)),
        colours: std::array::from_fn(|i| (moments.iter().map(|m| f32::from(m.colours[i])).sum::<f32>() / n).round() as u8),
        shake: of(|m| m.shake),
        sharp: of(|m| m.sharp),
        bright: of(|m| m.bright),
        contrast: of(|m| m.contrast),
        tint: (of(|m| m.tint.0), of(|m| m.tint.1)),
        main: fullest.map_or((0.0, 0.0, 0.0), |m| m.main),
        main_part: fullest.map_or(0.0, |m| m.main_part),
        focus: (focus(|m| m.focus.0), focus(|m| m.focus.1)),
        stir: of(|m| m.stir),
    }
}

/// One picture as it was seen.
#[derive(Clone, Copy)]
struct Seen {
    secs: f64,
    moment: Moment,
    /// Slow movement since an earlier picture, where it was looked at.
    slow: Option<(usize, (f32, f32))>,
}

/// Watches pictures that come one after another.
#[derive(Default)]
pub struct Watcher {
    finder: Finder,
    seen: Vec<Seen>,
    last: Change,
    /// When slow movement was looked at last.
    slow_at: f64,
}

impl Watcher {
    pub fn new() -> Self {
        Self::default()
    }

    /// See the next picture: RGBA, rows without gaps, shown from `secs` on. Small ones (320 × 180) tell as much as large ones. An
    /// empty picture is passed over.
    pub fn push(&mut self, rgba: &[u8], width: usize, height: usize, secs: f64) {
        let Some(picture) = Small::new(rgba, width, height) else { return };
        let (level, deviation) = picture.brightness();
        let (u, v) = picture.tint();
        let colours = picture.colours;
        let (main, main_part) = picture.main_colour();
        let change = self.finder.push(picture);
        let gap = self.seen.last().map_or(0.0, |s| secs - s.secs);
        // a picture that is repeated, or the first: nothing moves
        let rate = if gap > 1e-4 { (1.0 / gap) as f32 } else { 0.0 };
        let turn = ((change.shift.0 - self.last.shift.0).powi(2) + (change.shift.1 - self.last.shift.1).powi(2)).sqrt();
        self.last = change;
        let moment = Moment {
            motion: change.amount * rate,
            pan: (change.shift.0 * rate, change.shift.1 * rate),
            slow_pan: (0.0, 0.0),
            colours,
            shake: turn * rate,
            sharp: small::sharpness(rgba, width, height),
            bright: level / 255.0,
            contrast: deviation / 255.0,
            tint: (u / 255.0, v / 255.0),
            main,
            main_part,
            focus: change.focus,
            stir: change.stir,
        };
        let slow = self.slow(secs);
        self.seen.push(Seen { secs, moment, slow });
    }

    /// How the whole has moved up to the newest picture, every tenth of a second.
    fn slow(&mut self, secs: f64) -> Option<(usize, (f32, f32))> {
        if secs < self.slow_at + SLOW_STEP_SECS {
            return None;
        }
        // the newest one is not among those seen yet
        let from = self.seen.iter().rposition(|s| s.secs <= secs - SLOW_SECS)?;
        let shift = self.finder.shift(from, self.seen.len())?;
        self.slow_at = secs;
        let rate = (1.0 / (secs - self.seen[from].secs)) as f32;
        Some((from, (shift.0 * rate, shift.1 * rate)))
    }

    /// Pictures seen.
    pub fn len(&self) -> usize {
        self.finder.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Everything has been seen; the last picture was shown until `duration_secs`.
    pub fn finish(mut self, duration_secs: f64) -> Footage {
        let borders = std::mem::take(&mut self.finder).finish();
        // across a border nothing moves: what was measured there compares two shots
        for b in &borders {
            for frame in b.from..=b.to.max(b.frame) {
                if let Some(s) = self.seen.get_mut(frame).filter(|_| b.kind != Kind::Fade) {
                    (s.moment.motion, s.moment.pan, s.moment.shake, s.moment.stir) = (0.0, (0.0, 0.0), 0.0, 0.0);
                }
            }
            if let Some(s) = self.seen.get_mut(b.to.max(b.frame) + 1) {
                s.moment.shake = 0.0;
            }
        }
        self.slow_down(&borders);
        Footage { duration_secs, shots: self.shots(&borders, duration_secs), moments: self.moments(duration_secs) }
    }

    /// Give every picture the slow movement that was seen last within its shot.
    fn slow_down(&mut self, borders: &[Border]) {
        let within = |from: usize, to: usize| borders.iter().all(|b| b.to.max(b.frame) <= from || b.from > to);
        let found: Vec<Option<(usize, (f32, f32))>> =
            self.seen.iter().enumerate().map(|(at, s)| s.slow.filter(|(from, _)| within(*from, at))).collect();
        for (at, slow) in found.into_iter().enumerate() {
            let Some((from, pan)) = slow else { continue };
            // the mean over the time that was looked at: the later looks write over the earlier
            for seen in &mut self.seen[from..=at] {
                seen.moment.slow_pan = pan;
            }
        }
    }

    fn shots(&self, borders: &[Border], duration_secs: f64) -> Vec<Shot> {
        let frames = self.seen.len();
        if frames == 0 {
            return Vec::new();
        }
        let secs = |frame: usize| self.seen.get(frame).map_or(duration_secs, |s| s.secs);
        let mut shots = Vec::new();
        let mut begin: Option<&Border> = None;
        for border in borders.iter().map(Some).chain([None]) {
            let start = begin.map_or(0, |b| b.frame);
            let end = border.map_or(frames, |b| b.frame);
            if end > start {
                let mixed_in = begin.map_or(0.0, |b| secs(b.to) - secs(b.frame));
                let mixed_out = border.map_or(0.0, |b| secs(b.frame) - secs(b.from));
                shots.push(Shot {
                    start,
                    end,
                    start_secs: if start == 0 { 0.0 } else { secs(start) },
                    end_secs: if end == frames { duration_secs } else { secs(end) },
                    begins_with: begin.map(|b| b.kind),
                    mixed_secs: (mixed_in.max(0.0), mixed_out.max(0.0)),
                });
            }
            begin = border;
        }
        shots
    }

    fn moments(&self, duration_secs: f64) -> Vec<Moment> {
        let count = (duration_secs / MOMENT_SECS).ceil().max(1.0) as usize;
        let mut from = 0;
        let mut moments: Vec<Moment> = Vec::with_capacity(count);
        for i in 0..count {
            let end = (i + 1) as f64 * MOMENT_SECS;
            let to = from + self.seen[from..].iter().take_while(|s| s.secs < end).count();
            let part: Vec<Moment> = self.seen[from..to].iter().map(|s| s.moment).collect();
            // slower than five pictures a second: the last one is still shown
            let moment = if part.is_empty() { moments.last().copied().unwrap_or_default() } else { mean(&part) };
            moments.push(moment);
            from = to;
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::shots::{Camera, HEIGHT, Join, RATE, Reel, WIDTH};

    fn watch(reel: &Reel) -> Footage {
        let mut watcher = Watcher::new();
        for n in 0..reel.frames() {
            watcher.push(&reel.picture(n), WIDTH, HEIGHT, n as f64 / RATE);
        }
        watcher.finish(reel.frames() as f64 / RATE)
    }

    fn cuts(f: &Footage) -> Vec<usize> {
        f.shots.iter().filter(|s| s.begins_with == Some(Kind::Cut)).map(|s| s.start).collect()
    }

    // more, and beside PySceneDetect: `montage-ai bench scenes`
    #[test]
    fn cuts_are_found_to_the_picture_and_flashes_and_pans_are_none() {
        let reel = Reel::new(&[
            (25, Camera::Still, Join::Cut),
            (25, Camera::Pan(0.01), Join::Cut),
            (30, Camera::Flash(12), Join::Cut),
            (30, Camera::Whip(14), Join::Cut),
            (20, Camera::Similar, Join::Cut),
        ]);
        assert_eq!(cuts(&watch(&reel)), reel.cuts());
    }

    #[test]
    fn dissolves_and_fades_are_told_from_cuts() {
        let reel =
            Reel::new(&[(30, Camera::Still, Join::Cut), (40, Camera::Still, Join::Dissolve(14)), (40, Camera::Pan(0.004), Join::Fade(10))]);
        let found = watch(&reel);
        let kinds: Vec<Option<Kind>> = found.shots.iter().map(|s| s.begins_with).collect();
        assert_eq!(kinds, [None, Some(Kind::Dissolve), Some(Kind::Fade)], "{:?}", found.shots);
        for (shot, start) in found.shots.iter().zip([0, 30, 70]) {
            assert!(shot.start.abs_diff(start) <= 4, "{shot:?} begins at {start}");
        }
    }

    #[test]
    fn a_file_may_fade_in_from_black_and_out_again() {
        let mut watcher = Watcher::new();
        let reel = Reel::new(&[(60, Camera::Pan(0.004), Join::Cut)]);
        for n in 0..60 {
            // black for three pictures, twelve to come, the same at the end
            let light = ((n.min(59 - n) as f32 - 2.0) / 12.0).clamp(0.0, 1.0);
            let dimmed: Vec<u8> = reel
                .picture(n)
                .chunks(4)
                .flat_map(|p| [0, 1, 2].map(|c| (f32::from(p[c]) * light) as u8).into_iter().chain([255]))
                .collect();
            watcher.push(&dimmed, WIDTH, HEIGHT, n as f64 / RATE);
        }
        let found = watcher.finish(60.0 / RATE);
        let [shot] = found.shots[..] else { panic!("{:?}", found.shots) };
        assert_eq!((shot.start, shot.end, shot.begins_with), (0, 60, Some(Kind::Fade)));
        let (come, go) = (shot.mixed_secs.0 * RATE, shot.mixed_secs.1 * RATE);
        assert!((10.0..=18.0).contains(&come) && (10.0..=18.0).contains(&go), "{come} and {go} pictures");
    }

    #[test]
    fn the_focus_lies_on_what_moves_by_itself_and_not_on_a_pan() {
        // a bright square crosses a textured wall from left to right
        let picture = |n: usize| -> Vec<u8> {
            let pixel = |i: usize| {
                let (x, y) = (i % 320, i / 320);
                let wall = 90 + ((x / 7 * 31 + y / 9 * 17) % 23) as u8;
                let left = 20 + 8 * n;
                if (left..left + 60).contains(&x) && (100..150).contains(&y) { [230, 60, 40, 255] } else { [wall, wall, wall, 255] }
            };
            (0..320 * 180).flat_map(pixel).collect()
        };
        let mut watcher = Watcher::new();
        (0..25).for_each(|n| watcher.push(&picture(n), 320, 180, n as f64 / 25.0));
        let found = watcher.finish(1.0);
        let (early, late) = (found.mean(0.0, 0.2), found.mean(0.8, 1.0));
        assert!(early.stir > 0.01 && late.stir > 0.01, "{early:?} {late:?}");
        assert!(early.focus.0 < 0.4 && late.focus.0 > 0.6, "{early:?} {late:?}");
        assert!((early.focus.1 - 0.69).abs() < 0.12, "{early:?}");
        let pan = watch(&Reel::new(&[(20, Camera::Pan(0.03125), Join::Cut)])).mean(0.2, 0.6);
        assert!(pan.stir < 0.25 && (pan.focus.0 - 0.5).abs() < 0.2, "{pan:?}");
    }

    #[test]
    fn movement_has_its_speed_and_direction_and_stillness_none() {
        let still = watch(&Reel::new(&[(20, Camera::Still, Join::Cut)])).mean(0.0, 1.0);
        assert!(still.motion < 0.02 && still.shake < 0.02, "{still:?}");
        let pan = watch(&Reel::new(&[(20, Camera::Pan(0.03125), Join::Cut)])).mean(0.2, 0.6);
        // the camera goes right, so the picture goes left
        let expected = -0.03125 * RATE as f32;
        assert!((pan.pan.0 - expected).abs() < 0.15 * expected.abs(), "{pan:?}, {expected} expected");
        assert!(pan.motion > 0.5 && pan.pan.1.abs() < 0.05);
        let shaky = watch(&Reel::new(&[(20, Camera::Shake, Join::Cut)])).mean(0.0, 1.0);
        assert!(shaky.shake > 4.0 * pan.shake.max(0.05), "{} beside {}", shaky.shake, pan.shake);
    }

    #[test]
    fn the_main_colour_is_one_that_is_there() {
        // two thirds a red, one third a blue whose mean with it would be a purple
        let pixel = |i: usize| if i % 300 < 200 { [200, 40, 30, 255] } else { [20, 30, 220, 255] };
        let picture: Vec<u8> = (0..300 * 100).flat_map(pixel).collect();
        let mut watcher = Watcher::new();
        (0..5).for_each(|n| watcher.push(&picture, 300, 100, n as f64 / 25.0));
        let found = watcher.finish(0.2).mean(0.0, 0.2);
        let near = |a: f32, b: f32| (a * 255.0 - b).abs() < 3.0;
        assert!(near(found.main.0, 200.0) && near(found.main.1, 40.0) && near(found.main.2, 30.0), "{found:?}");
        assert!((found.main_part - 0.66).abs() < 0.03, "{found:?}");
    }

    #[test]
    fn nothing_and_a_single_picture_are_footage_too() {
        assert_eq!(Watcher::new().finish(0.0).shots, []);
        let mut one = Watcher::new();
        one.push(&[200; 4], 1, 1, 0.0);
        one.push(&[], 0, 0, 0.1);
        let f = one.finish(5.0);
        assert_eq!((f.shots.len(), f.shots[0].end_secs, f.moments.len()), (1, 5.0, 25));
        assert!((f.moments[20].bright - 200.0 / 255.0).abs() < 0.01);
    }
}
