//! From a camera's motion and a user's wishes to a path: each shot for itself, smooth, with every edge outside the picture.

use super::{
    course::{Course, Shot},
    envelope,
    geometry::Pose,
    interior::{Bound, Bounds},
    path::{Path, Planned, Raws, Reason, frame_map},
    reach::Frame,
    settings::{Settings, Zoom},
    solver::Vector,
    track::MotionTrack,
    windows::bounded_by_parts,
};
use rayon::prelude::*;
use std::ops::Range;

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

/// Plans the path of a whole file. Takes time linear in its frames; the outcome is a function of the arguments alone.
pub fn plan(track: &MotionTrack, settings: &Settings) -> Path {
    let settings = settings.clamped();
    let focal = if track.focal.is_finite() { track.focal.clamp(0.2, 20.0) } else { 1.0 };
    let readout_secs = if settings.rolling && track.readout_secs.is_finite() { track.readout_secs } else { 0.0 };
    let mut frames = laid_out(track);
    let shots = track.shots();
    let mut verdict = Verdict::default();
    let frame = Frame::new(track.aspect(), focal);
    for shot in &shots {
        plan_shot(&mut frames, shot.clone(), &frame, readout_secs, &settings, &mut verdict);
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

fn plan_shot(frames: &mut [Planned], shot: Range<usize>, frame: &Frame, readout_secs: f64, settings: &Settings, verdict: &mut Verdict) {
    let own: Vec<usize> = shot.clone().filter(|i| frames[*i].shows == *i).collect();
    let measured = own.iter().filter(|i| !frames[**i].weak).count();
    if own.len() < FEWEST {
        verdict.short += own.len();
        return;
    }
    // the first frame is at rest by definition: it alone measures nothing
    if measured <= 1 {
        verdict.unmeasured += own.len();
        return;
    }
    let times = own_times(frames, shot.clone());
    let frame_secs = usual_step(&times);
    let wishes = wishes(frames, &own, times, frame_secs, frame, settings);
    let course = Course::new(&wishes);
    let free = course.free();
    let shown = course.lead..course.lead + own.len();
    let skewed = readout_secs != 0.0 && readout_secs.abs() / frame_secs > 0.02;
    if !skewed && !settings.tripod && shake(&free[shown.clone()], &wishes.weights) < STEADY {
        verdict.steady += own.len();
        return;
    }
    verdict.planned += own.len();
    let budget = -(1.0 - settings.max_crop).ln();
    let (zoom, cap) = shares(budget, &free[shown.clone()]);
    let needs = |frames: &[Planned]| -> Vec<f64> {
        let raws = skewed.then(|| Raws::new(frames, shot.clone(), readout_secs));
        let need = |i: usize| match &raws {
            Some(raws) => frame.need_by_rows(raws, &frames[i].pose, i),
            None => frame.need(&frame_map(&frames[i].raw, &frames[i].pose, 0.0, frame.focal)),
        };
        // a zoom beyond its share counts as an edge that shows
        let over = |i: usize| frames[i].pose.log_zoom - frames[i].raw.log_zoom - cap;
        own.par_iter().map(|i| if over(*i) > 1e-6 { need(*i).max(zoom + over(*i)) } else { need(*i) }).collect()
    };
    let units = frame.units();
    let put = |frames: &mut [Planned], d: &[[f64; 4]]| {
        for ((i, d), own) in own.iter().zip(d).zip(&wishes.own) {
            frames[*i].pose = Pose::from_array(std::array::from_fn(|k| (own[k] + d[k]) * units[k]));
        }
    };
    put(frames, &free[shown.clone()]);
    let mut need = needs(frames);
    let mut crosses = vec![false; course.len()];
    for (crosses, need) in crosses[shown.clone()].iter_mut().zip(&need) {
        *crosses = need.is_nan() || *need > zoom;
    }
    if crosses.iter().any(|c| *c) {
        let bounds = bounds(frames, &own, &course, frame, (zoom, cap), skewed.then_some(readout_secs));
        let d = bounded_by_parts(&course, bounds, &free, wishes.omega, &crosses);
        let far = |a: &[f64; 4], b: &[f64; 4]| (0..4).any(|k| (a[k] - b[k]).abs() > BOUND);
        verdict.bound += d[shown.clone()].iter().zip(&free[shown.clone()]).filter(|(a, b)| far(a, b)).count();
        put(frames, &d[shown]);
        need = needs(frames);
        if need.iter().any(|n| n.is_nan() || *n > zoom) {
            give_way(frames, &own, zoom, frame_secs, &needs);
            need = needs(frames);
        }
    }
    let zooms = match settings.zoom {
        Zoom::None => vec![0.0; own.len()],
        Zoom::Static => vec![need.iter().fold(0.0_f64, |m, n| m.max(*n)); own.len()],
        Zoom::Dynamic => envelope::above(&need, (1.0 / frame_secs).round().clamp(1.0, 240.0) as usize),
    };
    for (i, zoom) in own.iter().zip(zooms) {
        frames[*i].zoom = zoom;
    }
    for i in shot {
        let shows = frames[frames[i].shows];
        frames[i].pose = shows.pose;
        frames[i].zoom = shows.zoom;
    }
}

/// Times in seconds of a shot's own pictures, less the time for which pictures were repeated: repeats come from a rate that was
/// converted (24 pictures shown as 30), before which the pictures were evenly spaced.
fn own_times(frames: &[Planned], shot: Range<usize>) -> Vec<f64> {
    let mut repeated = 0.0;
    let mut times = Vec::with_capacity(shot.len());
    for i in shot {
        let time = frames[i].pts.as_secs_f64();
        if frames[i].shows == i {
            times.push(time - repeated);
        } else {
            repeated += time - frames[i - 1].pts.as_secs_f64();
        }
    }
    times
}

/// The usual time from frame to frame in seconds.
fn usual_step(times: &[f64]) -> f64 {
    let mut steps: Vec<f64> = times.windows(2).map(|w| w[1] - w[0]).collect();
    let middle = steps.len() / 2;
    let step = steps.get_mut(..).filter(|s| !s.is_empty()).map_or(0.0, |s| *s.select_nth_unstable_by(middle, f64::total_cmp).1);
    if step > 1e-4 { step } else { 1.0 / 30.0 }
}

/// What the optimiser smooths.
fn wishes(frames: &[Planned], own: &[usize], times: Vec<f64>, frame_secs: f64, frame: &Frame, settings: &Settings) -> Shot {
    let units = frame.units();
    let poses: Vector = own.iter().map(|i| frames[*i].raw.array()).map(|p| std::array::from_fn(|k| p[k] / units[k])).collect();
    let weights: Vec<f64> = own.iter().map(|i| if frames[*i].weak { WEAK_WEIGHT } else { 1.0 }).collect();
    let mut wanted = poses.clone();
    for k in 0..4 {
        if settings.tripod || (settings.horizon && k == 2) {
            let middle = median(poses.iter().map(|p| p[k]).collect());
            wanted.iter_mut().for_each(|w| w[k] = middle);
        }
    }
    let hz = if settings.tripod { Settings { smoothness: 1.0, ..*settings }.cutoff_hz() } else { settings.cutoff_hz() };
    let omega = (std::f64::consts::TAU * hz * frame_secs).max(LEAST_OMEGA);
    Shot { times, own: poses, wanted, weights, frame_secs, omega }
}

/// What holds the correction of each frame, for an enlargement and the most that a shaking zoom may add to it. A skewed frame is
/// held by the camera at its first and its last row.
fn bounds(frames: &[Planned], own: &[usize], course: &Course, frame: &Frame, (zoom, cap): (f64, f64), skew: Option<f64>) -> Bounds {
    let mut bounds: Vec<Option<Bound>> = vec![None; course.len()];
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return Bounds { frame: *frame, zoom, frames: bounds } };
    let path = skew.map(|readout_secs| Raws::new(frames, *first..*last + 1, readout_secs));
    bounds[course.lead..].par_iter_mut().zip(own).for_each(|(bound, i)| {
        let raw = frames[*i].raw;
        let raws = path.as_ref().map_or([raw; 2], |path| [path.at_row(*i, 0.0), path.at_row(*i, 1.0)]);
        let (rows, room) = frame.rows(&raw, zoom, cap);
        *bound = Some(Bound { raws, rows, room });
    });
    Bounds { frame: *frame, zoom, frames: bounds }
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

/// Frames that still need more than `zoom` go back towards the camera's own pose as far as they must, and their neighbours with
/// them, slowly.
fn give_way(frames: &mut [Planned], own: &[usize], zoom: f64, frame_secs: f64, needs: &dyn Fn(&[Planned]) -> Vec<f64>) {
    let wanted: Vec<Pose> = own.iter().map(|i| frames[*i].pose).collect();
    let at = |frames: &mut [Planned], shares: &[f64]| {
        for ((i, pose), share) in own.iter().zip(&wanted).zip(shares) {
            frames[*i].pose = frames[*i].raw.mix(pose, *share);
        }
    };
    let (mut low, mut high) = (vec![0.0; own.len()], vec![1.0; own.len()]);
    let need = needs(frames);
    for (low, need) in low.iter_mut().zip(&need) {
        if *need <= zoom {
            *low = 1.0;
        }
    }
    for _ in 0..12 {
        let middle: Vec<f64> = low.iter().zip(&high).map(|(a, b)| 0.5 * (a + b)).collect();
        at(frames, &middle);
        for (n, need) in needs(frames).into_iter().enumerate() {
            if need <= zoom { low[n] = middle[n] } else { high[n] = middle[n] }
        }
    }
    let reach = (0.5 / frame_secs).round().clamp(1.0, 120.0) as usize;
    at(frames, &envelope::below(&low, reach));
}
