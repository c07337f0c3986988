//! Where one shot ends and the next begins: cuts, dissolves, fades through black or white. Pure.
//!
//! A cut is a change that no movement explains, far above its neighbours on both sides, after which the old picture does not come
//! back (a flash does). A dissolve is a stretch whose pictures are mixtures of its ends; movement and exposure are not.

use super::{
    motion::{Change, change, slide},
    small::{AREA, Small},
};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Least unexplained change of a cut, in steps of 8 bit.
const LEAST: f32 = 5.0;
/// Times the changes around it, in the middle and at most.
const OVER_MEDIAN: f32 = 3.0;
const OVER_MOST: f32 = 1.35;
/// Changes on each side of a possible cut that are looked at.
const SIDE: usize = 6;
/// Longest flash, in pictures.
const FLASH: usize = 4;
/// Below this part of the change of a cut the picture has come back.
const BACK: f32 = 0.6;
/// Lengths of dissolves that are tried, in pictures between both shots.
const DISSOLVES: [usize; 5] = [8, 12, 18, 26, 38];
/// A dissolve is looked for at every so many pictures.
const DISSOLVE_STEP: usize = 2;
/// How much the ends differ at least, in steps of 8 bit.
const DISSOLVE_LEAST: f32 = 10.0;
/// How alike (correlation) the ends may be, at most.
const DISSOLVE_ALIKE: f32 = 0.6;
/// Part of the difference of the ends that the mixture may leave unexplained.
const DISSOLVE_REST: f32 = 0.33;
/// A picture with no more brightness than this, or less contrast in white, is empty.
const BLACK: f32 = 28.0;
const WHITE: f32 = 228.0;
const EMPTY_CONTRAST: f32 = 7.0;
/// Pictures over which a fade goes at least; a faster one is a cut to black.
const FADE: usize = 5;
/// A shift of the whole that leaves less than this part of the change is a fast pan.
const SLID: f32 = 0.5;
/// Pictures kept.
const KEPT: usize = 48;

/// How one shot becomes the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Cut,
    Dissolve,
    Fade,
}

/// A border between two shots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Border {
    /// First picture of the new shot; the middle of a dissolve or fade.
    pub frame: usize,
    pub kind: Kind,
    /// First picture that is not the old shot alone, and first that is the new one alone.
    pub from: usize,
    pub to: usize,
}

/// Finds borders in pictures that come one after another.
#[derive(Default)]
pub(super) struct Finder {
    kept: VecDeque<Small>,
    /// Change into each picture; none into the first.
    changes: Vec<Change>,
    /// Mean brightness and its deviation.
    levels: Vec<(f32, f32)>,
    cuts: Vec<usize>,
    /// Unexplained part, border.
    dissolves: Vec<(f32, Border)>,
}

impl Finder {
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// Take the next picture; what changed into it.
    pub fn push(&mut self, picture: Small) -> Change {
        let made = self.kept.back().map_or_else(Change::default, |before| change(before, &picture));
        self.levels.push(picture.brightness());
        self.changes.push(made);
        self.kept.push_back(picture);
        if self.kept.len() > KEPT {
            self.kept.pop_front();
        }
        let n = self.changes.len();
        if n > SIDE {
            self.judge(n - 1 - SIDE);
        }
        if n.is_multiple_of(DISSOLVE_STEP) {
            self.look_for_dissolve();
        }
        made
    }

    /// How the whole has moved from one kept picture to another, in widths and heights.
    pub fn shift(&self, from: usize, to: usize) -> Option<(f32, f32)> {
        Some(change(self.kept(from)?, self.kept(to)?).shift)
    }

    /// All borders, in order.
    pub fn finish(mut self) -> Vec<Border> {
        let n = self.changes.len();
        for frame in n.saturating_sub(SIDE)..n {
            self.judge(frame);
        }
        let fades = self.fades();
        let mut borders: Vec<Border> = fades.clone();
        let outside = |b: &Border, frame: usize| frame < b.from.saturating_sub(2) || frame > b.to + 2;
        let cuts = self.cuts.iter().filter(|c| fades.iter().all(|f| outside(f, **c)));
        borders.extend(cuts.map(|c| Border { frame: *c, kind: Kind::Cut, from: *c, to: *c }));
        // the clearest first; what overlaps with a clearer one is the same dissolve
        self.dissolves.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, d) in &self.dissolves {
            if borders.iter().all(|b| d.to + 2 < b.from || d.from > b.to + 2) {
                borders.push(*d);
            }
        }
        borders.sort_by_key(|b| b.frame);
        borders
    }

    fn kept(&self, frame: usize) -> Option<&Small> {
        let first = self.changes.len() - self.kept.len();
        self.kept.get(frame.checked_sub(first)?)
    }

    /// Is `frame` the first of a new shot? The pictures after it, as far as there are any, have come.
    fn judge(&mut self, frame: usize) {
        let rest = |f: usize| self.changes[f].rest;
        let here = rest(frame);
        if frame == 0 || here < LEAST {
            return;
        }
        let side = |range: std::ops::Range<usize>| {
            let mut values: Vec<f32> = range.map(rest).collect();
            values.sort_by(f32::total_cmp);
            (values.get(values.len() / 2).copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0))
        };
        // the change into the very first picture is none
        let (before, most_before) = side(frame.saturating_sub(SIDE).max(1)..frame);
        let (after, most_after) = side(frame + 1..(frame + 1 + SIDE).min(self.changes.len()));
        let next_to = rest(frame - 1).max(self.changes.get(frame + 1).map_or(0.0, |c| c.rest));
        let calm = here > OVER_MEDIAN * before.max(after) && here > OVER_MOST * next_to && here > most_before.min(most_after);
        if !calm || self.comes_back(frame, here) || self.slides(frame, here) {
            return;
        }
        self.cuts.push(frame);
    }

    /// Whether the old picture is seen again soon, or the new one was seen just before: a flash.
    fn comes_back(&self, frame: usize, here: f32) -> bool {
        let alike = |a: usize, b: usize| match (self.kept(a), self.kept(b)) {
            (Some(a), Some(b)) => change(a, b).rest < BACK * here,
            _ => false,
        };
        let last = self.changes.len() - 1;
        let back = (1..=FLASH).any(|k| frame + k <= last && alike(frame - 1, frame + k));
        back || (2..=FLASH + 1).any(|k| frame >= k && alike(frame - k, frame))
    }

    /// Whether the whole picture has only moved, farther than blocks are looked for.
    fn slides(&self, frame: usize, here: f32) -> bool {
        match (self.kept(frame - 1), self.kept(frame)) {
            (Some(a), Some(b)) => slide(a, b) < SLID * here,
            _ => false,
        }
    }

    fn look_for_dissolve(&mut self) {
        let end = self.changes.len() - 1;
        let mut best: Option<(f32, Border)> = None;
        for length in DISSOLVES {
            let Some(start) = end.checked_sub(length) else { break };
            let Some(rest) = self.mixture(start, end) else { continue };
            if best.is_none_or(|(b, _)| rest < b) {
                let border = Border { frame: (start + end).div_ceil(2), kind: Kind::Dissolve, from: start + 1, to: end };
                best = Some((rest, border));
            }
        }
        self.dissolves.extend(best);
    }

    /// The part of the pictures between that is no mixture of both ends; None where it is no dissolve.
    fn mixture(&self, start: usize, end: usize) -> Option<f32> {
        let (a, b) = (self.kept(start)?, self.kept(end)?);
        let step: Vec<f32> = b.y.iter().zip(&a.y).map(|(b, a)| f32::from(*b) - f32::from(*a)).collect();
        let distance = step.iter().map(|s| s.abs()).sum::<f32>() / AREA as f32;
        if distance < DISSOLVE_LEAST || correlation(a, b) > DISSOLVE_ALIKE {
            return None;
        }
        let power = step.iter().map(|s| s * s).sum::<f32>();
        let mut worst = 0.0f32;
        for (quarter, (least, most)) in [(1, (0.05, 0.5)), (2, (0.28, 0.72)), (3, (0.5, 0.95))] {
            let middle = self.kept(start + (end - start) * quarter / 4)?;
            let moved: Vec<f32> = middle.y.iter().zip(&a.y).map(|(m, a)| f32::from(*m) - f32::from(*a)).collect();
            let part = moved.iter().zip(&step).map(|(m, s)| m * s).sum::<f32>() / power;
            if !(least..=most).contains(&part) {
                return None;
            }
            let rest = moved.iter().zip(&step).map(|(m, s)| (m - part * s).powi(2)).sum::<f32>();
            worst = worst.max((rest / power).sqrt());
        }
        // where all of it happens in one picture it is a cut
        let most = self.changes[start + 1..=end].iter().map(|c| c.plain).fold(0.0, f32::max);
        (worst < DISSOLVE_REST && most < 0.6 * distance).then_some(worst)
    }

    /// Stretches of empty pictures that are come to, or left, by degrees.
    fn fades(&self) -> Vec<Border> {
        let n = self.levels.len();
        let empty = |f: usize| self.levels[f].1 < EMPTY_CONTRAST && !(BLACK..=WHITE).contains(&self.levels[f].0);
        let mut found = Vec::new();
        let mut frame = 0;
        while frame < n {
            if !empty(frame) {
                frame += 1;
                continue;
            }
            let to = (frame..n).find(|f| !empty(*f)).unwrap_or(n);
            // contrast rises steadily away from the empty stretch
            let slope = |range: &mut dyn Iterator<Item = usize>| {
                let (mut last, mut len) = (0.0f32, 0);
                for f in range {
                    let contrast = self.levels[f].1;
                    if contrast <= last || contrast - last > 0.34 * 60.0 {
                        break;
                    }
                    (last, len) = (contrast, len + 1);
                }
                len
            };
            let out = slope(&mut (0..frame).rev());
            let back = slope(&mut (to..n));
            let (left, come) = (out >= FADE, back >= FADE);
            // at the ends of a file there is nothing on the other side: its first shot fades in, its last one out
            let is_fade = if frame == 0 { come } else { left || come && to < n };
            if is_fade {
                let from = if left { frame - out } else { frame };
                let end = if come { to + back } else { to };
                let middle = match (frame, to) {
                    (0, _) => 0,
                    (_, to) if to == n => n,
                    _ => (frame + to) / 2,
                };
                found.push(Border { frame: middle, kind: Kind::Fade, from, to: end });
            }
            frame = to;
        }
        found
    }
}

/// Correlation of the brightness of two pictures, −1…1.
fn correlation(a: &Small, b: &Small) -> f32 {
    let ((mean_a, dev_a), (mean_b, dev_b)) = (a.brightness(), b.brightness());
    let sum: f32 = a.y.iter().zip(&b.y).map(|(x, y)| (f32::from(*x) - mean_a) * (f32::from(*y) - mean_b)).sum();
    sum / AREA as f32 / (dev_a * dev_b).max(1e-3)
}
