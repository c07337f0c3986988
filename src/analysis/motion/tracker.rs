//! Takes a film's pictures in order and gives the camera's track.
//!
//! Pictures are prepared and compared in batches on all cores. What is out of the ordinary is settled afterwards, in order: a
//! picture that shows nothing is skipped; one that does not fit what was before it waits for the next, which says whether it was a
//! flash (or damage) or the first of another shot.

use super::{
    bend::Bend,
    coarse::align,
    dense::{self, Match},
    fit::{Fit, LEAST, fit, fit_moving},
    focal,
    passes::{OnProcessor, Passes},
    patches,
    place::{FEW, Link, Optics, Placed, Seen, place},
    plane::{Plane, Similarity},
    prepare::Prepared,
    readout,
    repeats::repeats,
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
/// Correlation of a whole picture with the one before below which it shows something else, also where no patch was found.
const OTHER: f32 = 0.15;
const OTHER_BLIND: f32 = 0.25;
/// Correlation below which few agreeing matches mean another scene.
const DOUBTFUL: f32 = 0.3;
/// Share of matches that must agree then.
const FEW_AGREE: f64 = 0.25;
/// Correlation above which the picture as a whole says something, and matches below which it must.
const TRUSTED: f32 = 0.5;
const FEWEST: usize = 12;
/// Times that the tiles are measured, each about what was found before.
const ROUNDS: usize = 2;
/// What a camera that moves while it is read must take off the misses to be followed.
const SKEW: f64 = 0.7;
/// Mean miss that raises the question, in pixels of 640.
const DOUBT_PX: f64 = 0.15;
/// Change of the mean brightness, in levels, that is a flash.
const FLASH: f32 = 25.0;
/// Pairs after which focal length and readout are settled: the rest is fitted as it comes.
const SETTLED: usize = 900;
/// What matches move by in front of a camera on a stand, as noise and coding leave it, in pixels of 640; and how many frames in ten must be so.
const STILL_PX: f64 = 0.08;
const STILL_TENTHS: usize = 9;
/// Frames that are placed at a time where the rows are read one after the other, and how many more must be known.
const CHUNK: usize = 128;
const AHEAD: usize = 8;

/// Measures a film, picture by picture.
pub struct Tracker {
    size: (u32, u32),
    passes: Arc<dyn Passes>,
    waiting: Vec<(Time, Plane)>,
    /// The last picture that shows something of the current shot, with its number.
    anchor: Option<(usize, Arc<Prepared>)>,
    /// The last of all, with its number.
    last: Option<(usize, Arc<Prepared>)>,
    /// One that did not fit, and waits for the next.
    suspect: Option<(usize, Arc<Prepared>)>,
    seen: Vec<Seen>,
    optics: Option<Optics>,
    placed: Vec<Placed>,
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
        Self::with(size, Arc::new(OnProcessor))
    }

    /// The same, with somebody else to do what is done to whole pictures.
    pub fn with(size: (u32, u32), passes: Arc<dyn Passes>) -> Self {
        Self {
            size,
            passes,
            waiting: Vec::new(),
            anchor: None,
            last: None,
            suspect: None,
            seen: Vec::new(),
            optics: None,
            placed: Vec::new(),
        }
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
        self.rest();
        let optics = self.optics.unwrap_or(self.unknown());
        let repeats = repeats(&self.seen, &self.placed, &optics);
        let frames = self.seen.iter().zip(&self.placed).enumerate().map(|(i, (seen, placed))| FrameMotion {
            pts: seen.pts,
            pose: placed.pose,
            confidence: placed.confidence,
            flags: Flags { cut: matches!(seen.link, Link::Start), dup: repeats[i], weak: placed.weak, flash: seen.flash },
        });
        let frames = frames.collect();
        MotionTrack { size: self.size, focal: optics.focal, readout_secs: optics.readout_secs, frames }
    }

    fn work(&mut self) {
        let batch = std::mem::take(&mut self.waiting);
        let (times, planes): (Vec<Time>, Vec<Plane>) = batch.into_iter().unzip();
        let passes = &*self.passes;
        let prepared: Vec<Arc<Prepared>> = planes.par_iter().map(|p| Arc::new(Prepared::new(p, passes))).collect();
        let before = self.last.as_ref().map(|(_, p)| p.clone());
        let compared: Vec<Option<Compared>> = (0..prepared.len())
            .into_par_iter()
            .map(|i| {
                let earlier = if i == 0 { before.as_ref() } else { prepared.get(i - 1) };
                earlier.filter(|e| !e.flat && !prepared[i].flat).map(|e| compare(e, &prepared[i], passes))
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
                        _ => compare(&shown, &picture, &*self.passes),
                    };
                    link = self.follow(found, anchor, number, &picture);
                }
                (Some((anchor, shown)), Some((suspect, odd))) => match compare(&shown, &picture, &*self.passes) {
                    Compared::Other => {
                        // the one before was the first of another shot
                        self.seen[suspect].link = Link::Start;
                        self.anchor = Some((suspect, odd.clone()));
                        let found = compared.unwrap_or_else(|| compare(&odd, &picture, &*self.passes));
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

    /// A camera that stands still through a whole shot is at rest, whatever passes before it.
    fn rest(&mut self) {
        let starts = (0..self.seen.len()).filter(|i| *i == 0 || matches!(self.seen[*i].link, Link::Start));
        let mut borders: Vec<usize> = starts.collect();
        borders.push(self.placed.len());
        for shot in borders.windows(2).map(|w| w[0]..w[1]) {
            let shifts: Vec<f64> = self.placed[shot.clone()].iter().filter_map(|p| p.shift_px).collect();
            let still = shifts.iter().filter(|s| **s < STILL_PX).count();
            if 2 * shifts.len() > shot.len() && 10 * still >= STILL_TENTHS * shifts.len() {
                self.placed[shot].iter_mut().for_each(|p| p.pose = Pose::default());
            }
        }
    }

    /// Optics of which nothing is known.
    fn unknown(&self) -> Optics {
        let aspect = if self.size.0 == 0 { 1.0 } else { f64::from(self.size.1) / f64::from(self.size.0) };
        Optics { focal: focal::USUAL, readout_secs: 0.0, half: 0.5 * aspect }
    }

    /// What the pairs so far say of the optics.
    fn measured_optics(&self) -> Optics {
        let optics = self.unknown();
        let pairs = |placed: &[Placed]| {
            let before = |from: usize| placed.get(from).map_or(Pose::default(), |p| p.pose);
            let moved = self.seen.iter().filter_map(|s| match &s.link {
                Link::Moved { from, matches } if count(matches) > FEW => Some(focal::Pair { matches, before: before(*from) }),
                _ => None,
            });
            moved.collect::<Vec<focal::Pair<'_>>>()
        };
        let rough = pairs(&[]);
        let is_skewed = readout::is_skewed(&rough, optics.focal);
        let Some(focal) = focal::estimate(&rough, is_skewed) else { return optics };
        let mut optics = Optics { focal, ..optics };
        let mut steps: Vec<f64> = self.seen.windows(2).map(|w| w[1].pts.as_secs_f64() - w[0].pts.as_secs_f64()).collect();
        let middle = steps.len() / 2;
        if is_skewed && !steps.is_empty() {
            let frame_secs = *steps.select_nth_unstable_by(middle, f64::total_cmp).1;
            optics.readout_secs = readout::estimate(&self.seen, frame_secs, &optics);
        }
        // once more with what the camera had zoomed by then
        let mut placed = Vec::new();
        let settled = self.suspect.as_ref().map_or(self.seen.len(), |s| s.0);
        place(&self.seen, &mut placed, settled, &optics);
        Optics { focal: focal::estimate(&pairs(&placed), is_skewed).unwrap_or(focal), ..optics }
    }

    /// Gives poses to the frames whose links are settled, once the optics are.
    fn place(&mut self, all: bool) {
        let optics = match self.optics {
            Some(optics) => optics,
            None if !all && self.seen.len() < SETTLED => return,
            None => *self.optics.insert(self.measured_optics()),
        };
        // one that is suspected may yet be called a start
        let settled = self.suspect.as_ref().map_or(self.seen.len(), |s| s.0);
        let start = self.placed.len();
        // a row's moment lies between frames: those behind must be known
        let ahead = if all || optics.readout_secs == 0.0 { 0 } else { AHEAD };
        if settled <= start || (ahead > 0 && settled < start + CHUNK) {
            return;
        }
        place(&self.seen, &mut self.placed, settled, &optics);
        self.placed.truncate(settled - ahead);
        for seen in &mut self.seen[start..settled - ahead] {
            // what was fitted is not needed again
            if let Link::Moved { matches, .. } = &mut seen.link {
                *matches = Vec::new();
            }
        }
    }
}

/// Lays `b` on `a`.
fn compare(a: &Prepared, b: &Prepared, passes: &dyn Passes) -> Compared {
    let same_size = a.layers.sharp.data.len() == b.layers.sharp.data.len();
    if !same_size {
        return Compared::Other;
    }
    if a.difference(b) < SAME {
        return Compared::Same;
    }
    let (a, b) = (&a.layers, &b.layers);
    let (map, alike) = align(a, b);
    if alike < OTHER {
        return Compared::Other;
    }
    let found = patches::matches(a, b, &map, passes);
    let usable = count(&found);
    if usable < FEWEST && alike <= TRUSTED {
        return if alike < OTHER_BLIND { Compared::Other } else { Compared::Unclear };
    }
    if alike < DOUBTFUL && fit(&found, &Pose::default(), focal::USUAL).is_none_or(|f| f.agree < FEW_AGREE) {
        return Compared::Other;
    }
    let mut bend = Bend::of(&map, &a.sharp);
    if usable >= FEW || alike <= TRUSTED {
        bend = laid(&found, &a.sharp).unwrap_or(bend);
    }
    let mut tiles = Vec::new();
    for _ in 0..ROUNDS {
        tiles = dense::matches(a, b, &bend, passes);
        bend = laid(&tiles, &a.sharp).unwrap_or(bend);
    }
    if count(&tiles) >= FEWEST {
        Compared::Moved(tiles)
    } else if usable >= FEW {
        Compared::Moved(found)
    } else {
        Compared::Moved(whole(&map, &a.sharp))
    }
}

fn count(matches: &[Match]) -> usize {
    matches.iter().filter(|m| m.weight > LEAST).count()
}

/// The motion that the matches tell, before the optics are known.
fn laid(matches: &[Match], plane: &Plane) -> Option<Bend> {
    let focal = focal::USUAL;
    let still = fit(matches, &Pose::default(), focal)?;
    let moving = (still.miss_px > DOUBT_PX).then(|| fit_moving(matches, &Pose::default(), focal)).flatten();
    let fit: Fit = moving.filter(|m| m.miss_px < SKEW * still.miss_px).unwrap_or(still);
    Some(Bend::turned(plane, focal, fit.drift != [[0.0; 4]; 2], |y| fit.at(y)))
}

/// What the coarse alignment says, as matches all over the picture.
fn whole(map: &Similarity, luma: &Plane) -> Vec<Match> {
    let (cx, cy) = luma.centre();
    let width = luma.width as f32;
    let grid = (0..35).map(|k| ((k % 7) as f32 / 3.0 - 1.0, (k / 7) as f32 / 2.0 - 1.0));
    grid.map(|(x, y)| {
        let (x, y) = (0.9 * x * cx, 0.9 * y * cy);
        let (u, v) = map.apply(x, y);
        Match { from: (x / width, y / width), to: (u / width, v / width), weight: 0.5, hold: [1.0, 0.0, 1.0] }
    })
    .collect()
}
