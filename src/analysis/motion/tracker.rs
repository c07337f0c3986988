//! Takes a film's pictures in order and gives the camera's track.
//!
//! Pictures are prepared and compared in batches on all cores. What is out of the ordinary is settled afterwards, in order: a
//! picture that shows nothing is skipped; one that does not fit what was before it waits for the next, which says whether it was a
//! flash (or damage) or the first of another shot.

use super::{
    coarse::align,
    fit::{Fit, LEAST, fit},
    focal,
    patches::{Match, matches},
    plane::{Plane, Similarity},
    prepare::Prepared,
};
use crate::{
    analysis::stabilize::{Flags, FrameMotion, MotionTrack, Pose},
    base::Time,
};
use rayon::prelude::*;
use std::sync::Arc;

/// Pictures compared at a time.
const BATCH: usize = 8;
/// Mean difference in levels below which two pictures are the same one.
const SAME: f32 = 0.35;
/// So many repeats in a row are a still scene rather than a rate that was converted.
const MOST_REPEATS: usize = 3;
/// Correlation of a whole picture with the one before below which it shows something else, also where no patch was found.
const OTHER: f32 = 0.15;
const OTHER_BLIND: f32 = 0.25;
/// Correlation below which few agreeing matches mean another scene.
const DOUBTFUL: f32 = 0.3;
/// Share of matches that must agree then.
const FEW_AGREE: f64 = 0.25;
/// Matches below which the picture as a whole says more, and correlation above which it says something.
const FEW: usize = 40;
const TRUSTED: f32 = 0.5;
const FEWEST: usize = 12;
/// Median motion in pixels of a picture 640 wide that is none.
const STILL_PX: f32 = 0.08;
/// Change of the mean brightness, in levels, that is a flash.
const FLASH: f32 = 25.0;
/// What is left of a motion with each frame in which it cannot be seen.
const CARRY: f64 = 0.9;
/// Pairs after which the focal length is settled: the rest is fitted as it comes.
const SETTLED: usize = 900;

/// What a picture is to an earlier one.
#[derive(Clone)]
enum Link {
    /// The first of the film or of a shot.
    Start,
    Same,
    /// Cannot be told.
    Blind,
    /// Moved like this since frame `from`.
    Moved {
        from: usize,
        matches: Vec<Match>,
    },
}

struct Seen {
    pts: Time,
    link: Link,
    flash: bool,
}

/// Measures a film, picture by picture.
pub struct Tracker {
    size: (u32, u32),
    waiting: Vec<(Time, Plane)>,
    /// The last picture that shows something of the current shot, with its number.
    anchor: Option<(usize, Arc<Prepared>)>,
    /// The last of all, with its number.
    last: Option<(usize, Arc<Prepared>)>,
    /// One that did not fit, and waits for the next.
    suspect: Option<(usize, Arc<Prepared>)>,
    seen: Vec<Seen>,
    focal: Option<f64>,
    poses: Vec<Placed>,
}

/// A frame with its pose.
#[derive(Clone, Copy)]
struct Placed {
    pose: Pose,
    confidence: f32,
    weak: bool,
}

/// A comparison of two pictures.
enum Compared {
    Same,
    Other,
    Moved(Vec<Match>),
    Unclear,
}

impl Tracker {
    /// For a film whose pictures are stored as `size`; the planes may be smaller, of the same proportions and all of one size.
    pub fn new(size: (u32, u32)) -> Self {
        Self { size, waiting: Vec::new(), anchor: None, last: None, suspect: None, seen: Vec::new(), focal: None, poses: Vec::new() }
    }

    /// The next picture.
    pub fn push(&mut self, pts: Time, luma: Plane) {
        self.waiting.push((pts, luma));
        if self.waiting.len() >= BATCH {
            self.work();
        }
    }

    /// The track of all that was pushed.
    pub fn finish(mut self) -> MotionTrack {
        self.work();
        if let Some((number, _)) = self.suspect.take() {
            self.seen[number].link = Link::Start;
        }
        self.place(true);
        let repeats = repeats(&self.seen);
        let frames = self.seen.iter().zip(&self.poses).enumerate().map(|(i, (seen, placed))| FrameMotion {
            pts: seen.pts,
            pose: placed.pose,
            confidence: placed.confidence,
            flags: Flags { cut: matches!(seen.link, Link::Start), dup: repeats[i], weak: placed.weak, flash: seen.flash },
        });
        let frames = frames.collect();
        MotionTrack { size: self.size, focal: self.focal.unwrap_or(focal::USUAL), readout_secs: 0.0, frames }
    }

    fn work(&mut self) {
        let batch = std::mem::take(&mut self.waiting);
        let (times, planes): (Vec<Time>, Vec<Plane>) = batch.into_iter().unzip();
        let prepared: Vec<Arc<Prepared>> = planes.into_par_iter().map(|p| Arc::new(Prepared::new(p))).collect();
        let before = self.last.as_ref().map(|(_, p)| p.clone());
        let compared: Vec<Option<Compared>> = (0..prepared.len())
            .into_par_iter()
            .map(|i| {
                let earlier = if i == 0 { before.as_ref() } else { prepared.get(i - 1) };
                earlier.filter(|e| !e.flat && !prepared[i].flat).map(|e| compare(e, &prepared[i]))
            })
            .collect();
        for ((pts, picture), compared) in times.into_iter().zip(prepared).zip(compared) {
            self.take(pts, picture, compared);
        }
        self.place(false);
    }

    /// Settles what a picture is to those before it. `compared` is with the one just before, where both show something.
    fn take(&mut self, pts: Time, picture: Arc<Prepared>, compared: Option<Compared>) {
        let number = self.seen.len();
        let flash = self.last.as_ref().is_some_and(|(_, l)| (l.mean - picture.mean).abs() > FLASH);
        let last_number = self.last.as_ref().map(|l| l.0);
        self.last = Some((number, picture.clone()));
        let mut link = Link::Blind;
        if number == 0 {
            link = Link::Start;
            self.anchor = (!picture.flat).then(|| (number, picture.clone()));
        } else if !picture.flat {
            match (self.anchor.clone(), self.suspect.take()) {
                (None, _) => {
                    // nothing to be seen until now: this begins
                    link = Link::Start;
                    self.anchor = Some((number, picture.clone()));
                }
                (Some((anchor, shown)), None) => {
                    let found = match compared {
                        Some(c) if Some(anchor) == last_number => c,
                        _ => compare(&shown, &picture),
                    };
                    link = self.follow(found, anchor, number, &picture);
                }
                (Some((anchor, shown)), Some((suspect, odd))) => match compare(&shown, &picture) {
                    Compared::Other => {
                        // the one before was the first of another shot
                        self.seen[suspect].link = Link::Start;
                        self.anchor = Some((suspect, odd.clone()));
                        let found = compared.unwrap_or_else(|| compare(&odd, &picture));
                        link = self.follow(found, suspect, number, &picture);
                    }
                    found => link = self.follow(found, anchor, number, &picture),
                },
            }
        }
        self.seen.push(Seen { pts, link, flash });
    }

    fn follow(&mut self, found: Compared, anchor: usize, number: usize, picture: &Arc<Prepared>) -> Link {
        match found {
            Compared::Same => {
                self.anchor = Some((number, picture.clone()));
                Link::Same
            }
            Compared::Moved(matches) => {
                self.anchor = Some((number, picture.clone()));
                Link::Moved { from: anchor, matches }
            }
            Compared::Unclear => {
                self.anchor = Some((number, picture.clone()));
                Link::Blind
            }
            Compared::Other => {
                self.suspect = Some((number, picture.clone()));
                Link::Blind
            }
        }
    }

    /// Gives poses to the frames whose links are settled, once the focal length is.
    fn place(&mut self, all: bool) {
        if self.focal.is_none() {
            if !all && self.seen.len() < SETTLED {
                return;
            }
            let pairs: Vec<&[Match]> = self
                .seen
                .iter()
                .filter_map(|s| match &s.link {
                    Link::Moved { matches, .. } if matches.iter().filter(|m| m.weight > LEAST).count() > FEW => Some(matches.as_slice()),
                    _ => None,
                })
                .collect();
            self.focal = Some(focal::estimate(&pairs));
        }
        let focal = self.focal.unwrap_or(focal::USUAL);
        // one that is suspected may yet be called a start
        let settled = self.suspect.as_ref().map_or(self.seen.len(), |s| s.0);
        for i in self.poses.len()..settled {
            let before = i.checked_sub(1).map(|b| self.poses[b]);
            let placed = self.placed(i, before, focal);
            self.poses.push(placed);
            // what was fitted is not needed again
            if let Link::Moved { matches, .. } = &mut self.seen[i].link {
                *matches = Vec::new();
            }
        }
    }

    fn placed(&self, i: usize, before: Option<Placed>, focal: f64) -> Placed {
        let rest = Placed { pose: Pose::default(), confidence: 1.0, weak: false };
        let Some(before) = before else { return rest };
        match &self.seen[i].link {
            Link::Start => rest,
            Link::Same => Placed { confidence: before.confidence, weak: before.weak, ..before },
            Link::Moved { from, matches } => {
                let origin = self.poses[*from].pose;
                if still(matches) {
                    return Placed { pose: origin, ..rest };
                }
                match fit(matches, &origin, focal) {
                    Some(Fit { pose, agree, .. }) => {
                        let count = matches.iter().filter(|m| m.weight > LEAST).count() as f32;
                        Placed { pose, confidence: agree as f32 * (count / FEW as f32).min(1.0), weak: false }
                    }
                    None => self.carried(i, before),
                }
            }
            Link::Blind => self.carried(i, before),
        }
    }

    /// The motion goes on as it was, and dies away.
    fn carried(&self, i: usize, before: Placed) -> Placed {
        let two = i.checked_sub(2).filter(|_| !matches!(self.seen[i - 1].link, Link::Start)).map(|j| self.poses[j].pose);
        let (a, b) = (two.unwrap_or(before.pose), before.pose);
        let go = |a: f64, b: f64| b + CARRY * (b - a);
        let pose =
            Pose { yaw: go(a.yaw, b.yaw), pitch: go(a.pitch, b.pitch), roll: go(a.roll, b.roll), log_zoom: go(a.log_zoom, b.log_zoom) };
        Placed { pose, confidence: 0.0, weak: true }
    }
}

/// Lays `b` on `a`.
fn compare(a: &Prepared, b: &Prepared) -> Compared {
    if a.luma.data.len() != b.luma.data.len() {
        return Compared::Other;
    }
    if a.difference(b) < SAME {
        return Compared::Same;
    }
    let (map, alike) = align(a, b);
    if alike < OTHER {
        return Compared::Other;
    }
    let found = matches(a, b, &map);
    let usable = found.iter().filter(|m| m.weight > LEAST).count();
    if usable < FEW {
        if alike > TRUSTED {
            return Compared::Moved(whole(&map, &a.luma));
        }
        if usable < FEWEST {
            return if alike < OTHER_BLIND { Compared::Other } else { Compared::Unclear };
        }
    }
    if alike < DOUBTFUL {
        let agree = fit(&found, &Pose::default(), focal::USUAL).map_or(0.0, |f| f.agree);
        if agree < FEW_AGREE {
            return Compared::Other;
        }
    }
    Compared::Moved(found)
}

/// What the coarse alignment says, as matches all over the picture.
fn whole(map: &Similarity, luma: &Plane) -> Vec<Match> {
    let (cx, cy) = luma.centre();
    let width = luma.width as f32;
    let grid = (0..35).map(|k| ((k % 7) as f32 / 3.0 - 1.0, (k / 7) as f32 / 2.0 - 1.0));
    grid.map(|(x, y)| {
        let (x, y) = (0.9 * x * cx, 0.9 * y * cy);
        let (u, v) = map.apply(x, y);
        Match { from: (x / width, y / width), to: (u / width, v / width), weight: 0.5 }
    })
    .collect()
}

/// Whether hardly anything moved.
fn still(matches: &[Match]) -> bool {
    let moved = |m: &Match| (m.to.0 - m.from.0).hypot(m.to.1 - m.from.1) * 640.0;
    let mut ways: Vec<f32> = matches.iter().filter(|m| m.weight > LEAST).map(moved).collect();
    let middle = ways.len() / 2;
    ways.get_mut(..).filter(|w| !w.is_empty()).is_some_and(|w| *w.select_nth_unstable_by(middle, f32::total_cmp).1 < STILL_PX)
}

/// Which frames repeat the one before them: not those of a long still stretch, in which nothing moved.
fn repeats(seen: &[Seen]) -> Vec<bool> {
    let same: Vec<bool> = seen.iter().map(|s| matches!(s.link, Link::Same)).collect();
    let mut out = same.clone();
    let mut start = 0;
    for i in 0..=same.len() {
        if i < same.len() && same[i] {
            continue;
        }
        if i - start > MOST_REPEATS {
            out[start..i].iter_mut().for_each(|r| *r = false);
        }
        start = i + 1;
    }
    out
}
