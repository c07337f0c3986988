//! From a camera's motion and a user's wishes to a path: each shot for itself, smooth, with every edge outside the picture.

use super::{
    course::{Course, Shot},
    envelope,
    geometry::Pose,
    interior::Bounds,
    path::{Path, Planned, Raws, Reason, frame_map},
    reach::{Frame, RowMaps},
    settings::{Settings, Zoom},
    solver::Vector,
    times::{own_times, usual_step},
    track::MotionTrack,
    windows::bounded_by_parts,
};
use crate::base::{FLICKS_PER_SEC, Time};
use rayon::prelude::*;
use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

/// Shots with fewer pictures of their own are left alone.
const FEWEST: usize = 8;
/// Shake below this is none, in widths: 0.15 pixels of 960.
const STEADY: f64 = 0.15 / 960.0;
/// What a frame of unknown motion counts beside a measured one.
const WEAK_WEIGHT: f64 = 1e-3;
/// A frame that is this far from where it would be without a bound is told of, in widths.
const BOUND: f64 = 0.003;
/// Lowest cut-off per frame, in radians: below it, 64-bit numbers no longer hold the stiffness (ω⁻⁶) and 1 together.
const LEAST_OMEGA: f64 = 0.01;

/// Frames around one that its path is planned from at first (`plan_near`): so long on each side, in units of 1/ω, and in seconds at least.
const NEAR: f64 = 8.0;
const NEAR_SECS: f64 = 3.0;

/// Plans the path of a whole file. Takes time linear in its frames; the outcome is a function of the arguments alone.
pub fn plan(track: &MotionTrack, settings: &Settings) -> Path {
    planned(track, settings, 0..track.frames.len(), &AtomicBool::new(false))
}

/// The same; None soon after `stop` is set.
pub fn plan_until(track: &MotionTrack, settings: &Settings, stop: &AtomicBool) -> Option<Path> {
    let path = planned(track, settings, 0..track.frames.len(), stop);
    (!stop.load(Ordering::Relaxed)).then_some(path)
}

/// The path around frame `at` alone, in a time that does not depend on the length of the file; and the frames for which it is near to
/// what [`plan`] finds. It knows nothing of how close the camera must be zoomed elsewhere in the shot, and its other frames are left alone.
pub fn plan_near(track: &MotionTrack, settings: &Settings, at: usize) -> (Path, Range<usize>) {
    let Some(here) = track.frames.get(at) else { return (plan(track, settings), 0..track.frames.len()) };
    let secs = (NEAR / (std::f64::consts::TAU * settings.clamped().cutoff_hz())).max(NEAR_SECS);
    let around = |secs: f64| {
        let reach = (secs * FLICKS_PER_SEC as f64) as i64;
        let (from, to) = (Time(here.pts.0.saturating_sub(reach)), Time(here.pts.0.saturating_add(reach)));
        let first = track.frames.partition_point(|f| f.pts < from);
        // a repeated frame stands where its source stands
        let first = (0..=first.min(at)).rev().find(|i| !track.frames[*i].flags.dup).unwrap_or(0);
        first..track.frames.partition_point(|f| f.pts <= to).max(at + 1)
    };
    (planned(track, settings, around(secs), &AtomicBool::new(false)), around(0.5 * secs))
}

/// The path of the frames within `seen`.
fn planned(track: &MotionTrack, settings: &Settings, seen: Range<usize>, stop: &AtomicBool) -> Path {
    let settings = settings.clamped();
    let focal = if track.focal.is_finite() { track.focal.clamp(0.2, 20.0) } else { 1.0 };
    let readout_secs = if settings.rolling && track.readout_secs.is_finite() { track.readout_secs } else { 0.0 };
    let mut frames = laid_out(track);
    let mut shots = track.shots();
    shots.retain(|shot| shot.start < seen.end && shot.end > seen.start);
    let scene = Scene { laid: &frames, frame: Frame::new(track.aspect(), focal), readout_secs, settings, stop };
    let of_shot = |shot: &Range<usize>| scene.plan_shot(shot.clone(), shot.start.max(seen.start)..shot.end.min(seen.end));
    let planned: Vec<(Vec<Posed>, Verdict)> = shots.par_iter().map(of_shot).collect();
    let mut verdict = Verdict::default();
    for (poses, of_shot) in planned {
        for (i, pose, zoom) in poses {
            (frames[i].pose, frames[i].zoom) = (pose, zoom);
        }
        verdict.add(&of_shot);
    }
    for i in 0..frames.len() {
        let shows = frames[frames[i].shows];
        (frames[i].pose, frames[i].zoom) = (shows.pose, shows.zoom);
    }
    let crop = 1.0 - (-frames.iter().fold(0.0_f64, |m, f| m.max(f.zoom))).exp();
    let reasons = verdict.reasons(&frames, shots.len());
    Path { size: track.size, focal, readout_secs, frames, crop, reasons }
}

/// The frames with the camera as it was, and nothing done to them. A repeated frame stands where its source stands.
fn laid_out(track: &MotionTrack) -> Vec<Planned> {
    let mut frames: Vec<Planned> = Vec::with_capacity(track.frames.len());
    for (i, f) in track.frames.iter().enumerate() {
        let cut = i == 0 || f.flags.cut;
        let before = frames.last().filter(|_| !cut).copied();
        let sound = f.pose.is_finite();
        let shows = before.filter(|_| f.flags.dup).map_or(i, |b| b.shows);
        let raw = match before {
            Some(b) if shows != i || !sound => b.raw,
            _ if sound => f.pose,
            _ => Pose::default(),
        };
        frames.push(Planned { pts: f.pts, raw, pose: raw, zoom: 0.0, cut, weak: f.flags.weak || !sound, shows });
    }
    frames
}

/// What is found out on the way.
#[derive(Default)]
struct Verdict {
    short: usize,
    unmeasured: usize,
    steady: usize,
    planned: usize,
    bound: usize,
}

impl Verdict {
    fn add(&mut self, other: &Self) {
        self.short += other.short;
        self.unmeasured += other.unmeasured;
        self.steady += other.steady;
        self.planned += other.planned;
        self.bound += other.bound;
    }

    fn reasons(&self, frames: &[Planned], shots: usize) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let weak = frames.iter().filter(|f| f.weak).count();
        if self.planned == 0 && self.steady > 0 {
            reasons.push(Reason::AlreadySteady);
        } else if self.planned == 0 && self.unmeasured > 0 {
            reasons.push(Reason::NothingMeasured);
        } else if self.planned == 0 {
            reasons.push(Reason::TooFewFrames);
        } else if weak > 0 {
            reasons.push(Reason::WeakFrames { weak, of: frames.len() });
        }
        if self.bound > 0 {
            reasons.push(Reason::CropBinds { frames: self.bound, of: frames.len() });
        }
        if shots > 1 {
            reasons.push(Reason::Shots(shots));
        }
        reasons
    }
}

/// What all shots of a film are planned from.
struct Scene<'a> {
    /// The camera as it was.
    laid: &'a [Planned],
    frame: Frame,
    readout_secs: f64,
    settings: Settings,
    /// Set: nobody waits for the outcome any longer, whatever it is.
    stop: &'a AtomicBool,
}

/// A frame, where its camera shall seem, and its zoom.
type Posed = (usize, Pose, f64);

/// A shot's pictures of their own, and how the enlargement that the crop allows is shared (`shares`).
struct Shown<'a> {
    own: &'a [usize],
    /// Where the rows of a frame are exposed one after the other.
    rows: Option<Vec<RowMaps>>,
    zoom: f64,
    cap: f64,
}

impl Scene<'_> {
    /// Poses and zooms of a shot's own pictures, as far as they are `seen`; of those only that are not left alone.
    fn plan_shot(&self, shot: Range<usize>, seen: Range<usize>) -> (Vec<Posed>, Verdict) {
        let (laid, settings) = (self.laid, &self.settings);
        let own: Vec<usize> = seen.clone().filter(|i| laid[*i].shows == *i).collect();
        let measured = own.iter().filter(|i| !laid[**i].weak).count();
        if own.len() < FEWEST {
            return (Vec::new(), Verdict { short: own.len(), ..Verdict::default() });
        }
        // the first frame is at rest by definition: it alone measures nothing
        if measured <= 1 || self.is_stopped() {
            return (Vec::new(), Verdict { unmeasured: own.len(), ..Verdict::default() });
        }
        let times = own_times(laid, seen.clone());
        let frame_secs = usual_step(&times);
        let wishes = self.wishes(shot, &own, times, frame_secs);
        let mut course = Course::new(&wishes);
        if !settings.tripod {
            course.follow(frame_secs);
        }
        let free = course.free();
        let inner = course.lead..course.lead + own.len();
        let skewed = self.readout_secs != 0.0 && self.readout_secs.abs() / frame_secs > 0.02;
        if !skewed && !settings.tripod && shake(&free[inner.clone()], &wishes.weights) < STEADY {
            return (Vec::new(), Verdict { steady: own.len(), ..Verdict::default() });
        }
        let mut verdict = Verdict { planned: own.len(), ..Verdict::default() };
        let (zoom, cap) = shares(-(1.0 - settings.max_crop).ln(), &free[inner.clone()]);
        let raws = skewed.then(|| Raws::new(laid, seen, self.readout_secs));
        let maps = |raws| own.par_iter().with_min_len(64).map(|i| self.frame.row_maps(raws, *i)).collect();
        let shown = Shown { own: &own, rows: raws.as_ref().map(maps), zoom, cap };
        let poses = |d: &[[f64; 4]]| -> Vec<Pose> {
            let units = self.frame.units();
            let pose = |(own, d): (&[f64; 4], &[f64; 4])| Pose::from_array(std::array::from_fn(|k| (own[k] + d[k]) * units[k]));
            wishes.own.iter().zip(d).map(pose).collect()
        };
        let mut out = poses(&free[inner.clone()]);
        if self.is_stopped() {
            return (Vec::new(), verdict);
        }
        let mut need = self.needs(&shown, &out);
        let crosses = |need: f64| need.is_nan() || need > zoom;
        if need.iter().any(|n| crosses(*n)) {
            let mut where_to_look = vec![false; course.len()];
            where_to_look[inner.clone()].iter_mut().zip(&need).for_each(|(look, need)| *look = crosses(*need));
            let ends = |i: usize| {
                let i = *own.get(i.checked_sub(course.lead)?)?;
                Some(raws.as_ref().map_or([laid[i].raw; 2], |raws| [raws.at_row(i, 0.0), raws.at_row(i, 1.0)]))
            };
            let d =
                bounded_by_parts(&course, &Bounds { frame: self.frame, zoom, cap, raws: &ends, stop: self.stop }, &free, &where_to_look);
            let far = |a: &[f64; 4], b: &[f64; 4]| (0..4).any(|k| (a[k] - b[k]).abs() > BOUND);
            verdict.bound = d[inner.clone()].iter().zip(&free[inner.clone()]).filter(|(a, b)| far(a, b)).count();
            out = poses(&d[inner]);
            need = self.needs(&shown, &out);
            if need.iter().any(|n| crosses(*n)) {
                self.give_way(&shown, &mut out, &need, frame_secs);
                need = self.needs(&shown, &out);
            }
        }
        let zooms = match settings.zoom {
            Zoom::None => vec![0.0; own.len()],
            Zoom::Static => vec![need.iter().fold(0.0_f64, |m, n| m.max(*n)); own.len()],
            Zoom::Dynamic => envelope::above(&need, (1.0 / frame_secs).round().clamp(1.0, 240.0) as usize),
        };
        (own.iter().zip(out).zip(zooms).map(|((i, pose), zoom)| (*i, pose, zoom)).collect(), verdict)
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// What the optimiser smooths: those pictures of a shot. Where the camera shall stand still, all of the shot says where.
    fn wishes(&self, shot: Range<usize>, own: &[usize], times: Vec<f64>, frame_secs: f64) -> Shot {
        let (frames, settings, units) = (self.laid, &self.settings, self.frame.units());
        let in_units = |i: usize| -> [f64; 4] {
            let p = frames[i].raw.array();
            std::array::from_fn(|k| p[k] / units[k])
        };
        let poses: Vector = own.iter().map(|i| in_units(*i)).collect();
        let weights: Vec<f64> = own.iter().map(|i| if frames[*i].weak { WEAK_WEIGHT } else { 1.0 }).collect();
        let mut wanted = poses.clone();
        for k in 0..4 {
            if settings.tripod || (settings.horizon && k == 2) {
                let middle = median(shot.clone().filter(|i| frames[*i].shows == *i).map(|i| in_units(i)[k]).collect());
                wanted.iter_mut().for_each(|w| w[k] = middle);
            }
        }
        let omega = (std::f64::consts::TAU * settings.cutoff_hz() * frame_secs).max(LEAST_OMEGA);
        Shot { times, own: poses, wanted, weights, frame_secs, omega }
    }

    /// The enlargement at which the picture of the n-th frame shows no edge.
    fn need(&self, shown: &Shown<'_>, n: usize, pose: &Pose) -> f64 {
        let raw = &self.laid[shown.own[n]].raw;
        let need = match &shown.rows {
            Some(rows) => self.frame.need_by_rows(&rows[n], pose),
            None => self.frame.need(&frame_map(raw, pose, 0.0, self.frame.focal)),
        };
        // a zoom beyond its share counts as an edge that shows
        let over = pose.log_zoom - raw.log_zoom - shown.cap;
        if over > 1e-6 { need.max(shown.zoom + over) } else { need }
    }

    fn needs(&self, shown: &Shown<'_>, poses: &[Pose]) -> Vec<f64> {
        poses.par_iter().enumerate().with_min_len(256).map(|(n, pose)| self.need(shown, n, pose)).collect()
    }

    /// Frames that still need more than there is zoom go back towards the camera's own pose as far as they must, and their
    /// neighbours with them, slowly.
    fn give_way(&self, shown: &Shown<'_>, poses: &mut [Pose], need: &[f64], frame_secs: f64) {
        let raw = |i: usize| &self.laid[i].raw;
        let share = |((n, pose), need): ((usize, &Pose), &f64)| {
            if *need <= shown.zoom {
                return 1.0;
            }
            let (mut low, mut high) = (0.0, 1.0);
            for _ in 0..12 {
                let middle = 0.5 * (low + high);
                let fits = self.need(shown, n, &raw(shown.own[n]).mix(pose, middle)) <= shown.zoom;
                if fits { low = middle } else { high = middle }
            }
            low
        };
        let shares: Vec<f64> = poses.par_iter().enumerate().zip(need).with_min_len(64).map(share).collect();
        let reach = (0.5 / frame_secs).round().clamp(1.0, 120.0) as usize;
        for ((i, pose), share) in shown.own.iter().zip(poses).zip(envelope::below(&shares, reach)) {
            *pose = raw(*i).mix(pose, share);
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Root mean square of the correction where frames were measured, in widths.
fn shake(free: &[[f64; 4]], weights: &[f64]) -> f64 {
    let squares = free.iter().zip(weights).map(|(d, w)| w * d.iter().map(|v| v * v).sum::<f64>());
    (squares.sum::<f64>() / weights.iter().sum::<f64>().max(f64::MIN_POSITIVE)).sqrt()
}

/// Shares the enlargement that the crop allows between hiding edges and steadying a zoom that shakes; the second gets what nearly
/// all frames ask, and no more than half.
fn shares(budget: f64, free: &[[f64; 4]]) -> (f64, f64) {
    let mut zooms: Vec<f64> = free.iter().map(|d| 2.0 * d[3]).collect();
    let place = (zooms.len() - 1) * 99 / 100;
    let usual = *zooms.select_nth_unstable_by(place, f64::total_cmp).1;
    let cap = (1.1 * usual + 0.002).max(0.002).min(0.5 * budget);
    (budget - cap, cap)
}
