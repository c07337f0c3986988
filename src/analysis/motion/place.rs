//! Gives each frame its pose, along the film.
//!
//! Where rows are exposed one after the other, what a match says holds for the moments at which its two rows were read. So the
//! path is laid roughly first, and then each match is taken to where it would be at its frames' own time, by the path so far;
//! a few rounds settle it (as in Ringaby & Forssén 2012, for a path through the frames).

use super::{
    bend::Bend,
    dense::Match,
    fit::{Fit, LEAST, PIXEL, fit, fit_all, fit_moving},
};
use crate::{
    analysis::stabilize::{Planned, Pose, Raws},
    base::Time,
};

/// Matches below which a picture is less than sure.
pub(super) const FEW: usize = 40;
/// What is left of a motion with each frame in which it cannot be seen.
const CARRY: f64 = 0.9;
/// Rounds in which a skewed path is settled after the first.
const ROUNDS: usize = 4;
/// Rows of a frame at which its camera is taken from the path.
const KNOTS: usize = 9;

/// What a picture is to an earlier one.
#[derive(Clone)]
pub(super) enum Link {
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

#[derive(Clone)]
pub(super) struct Seen {
    pub pts: Time,
    pub link: Link,
    pub flash: bool,
}

/// A frame with its pose.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub pose: Pose,
    pub confidence: f32,
    pub weak: bool,
    /// What the matches miss on average, in pixels of 640, a distant one counted as one pixel. None where nothing was fitted.
    pub miss_px: Option<f64>,
    /// How far the middle of the matches of a quarter of the picture went, in pixels of 640: of the second stillest quarter, for something may
    /// pass before two of them. None where there were none.
    pub shift_px: Option<f64>,
}

const REST: Placed =
    Placed { pose: Pose { yaw: 0.0, pitch: 0.0, roll: 0.0, log_zoom: 0.0 }, confidence: 1.0, weak: false, miss_px: None, shift_px: None };

/// How a film's pictures come about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Optics {
    /// Focal length in widths.
    pub focal: f64,
    /// Seconds from the first row to the last.
    pub readout_secs: f64,
    /// Half the height in widths.
    pub half: f64,
}

/// Places the frames after those in `placed` until `until`.
pub(super) fn place(seen: &[Seen], placed: &mut Vec<Placed>, until: usize, optics: &Optics) {
    let start = placed.len();
    let skewed = optics.readout_secs != 0.0;
    for round in 0..=if skewed { ROUNDS } else { 0 } {
        let rows = (round > 0).then(|| Rows::of(seen, placed, start, optics));
        placed.truncate(start);
        for i in start..until {
            let next = one(seen, placed, i, optics, rows.as_ref());
            placed.push(next);
        }
    }
}

/// Places frame `i`. `rows` is a path laid before; without one the rows of a skewed picture are left to move as they will.
fn one(seen: &[Seen], placed: &[Placed], i: usize, optics: &Optics, rows: Option<&Rows>) -> Placed {
    let Some(before) = placed.last() else { return REST };
    match &seen[i].link {
        Link::Start => REST,
        Link::Same => Placed { shift_px: Some(0.0), ..*before },
        Link::Moved { from, matches } => {
            let origin = placed[*from].pose;
            let fitted = match rows {
                None if optics.readout_secs == 0.0 => fit(matches, &origin, optics.focal),
                None => fit_moving(matches, &origin, optics.focal).or_else(|| fit_all(matches, &origin, optics.focal)),
                Some(rows) => fit_all(&rows.settled(matches, *from, i, optics), &origin, optics.focal),
            };
            match fitted {
                Some(Fit { pose, agree, miss_px, .. }) => {
                    let count = matches.iter().filter(|m| m.weight > LEAST).count() as f32;
                    let confidence = agree as f32 * (count / FEW as f32).min(1.0);
                    Placed { pose, confidence, weak: false, miss_px: Some(miss_px), shift_px: shift_px(matches) }
                }
                None => carried(seen, placed, i),
            }
        }
        Link::Blind => carried(seen, placed, i),
    }
}

/// See [`Placed::shift_px`].
fn shift_px(matches: &[Match]) -> Option<f64> {
    let middle = |mut all: Vec<f64>| {
        let half = all.len() / 2;
        (!all.is_empty()).then(|| *all.select_nth_unstable_by(half, f64::total_cmp).1)
    };
    let quarter = |k: usize| {
        let own = || matches.iter().filter(move |m| m.weight > LEAST && usize::from(m.from.0 > 0.0) + 2 * usize::from(m.from.1 > 0.0) == k);
        let x = middle(own().map(|m| f64::from(m.to.0 - m.from.0)).collect())?;
        let y = middle(own().map(|m| f64::from(m.to.1 - m.from.1)).collect())?;
        Some(x.hypot(y) / PIXEL)
    };
    let mut all: Vec<f64> = (0..4).filter_map(quarter).collect();
    all.sort_by(f64::total_cmp);
    all.get(1).copied()
}

/// The motion goes on as it was, and dies away.
fn carried(seen: &[Seen], placed: &[Placed], i: usize) -> Placed {
    let last = placed.last().map_or(Pose::default(), |p| p.pose);
    let two = i.checked_sub(2).filter(|_| !matches!(seen[i - 1].link, Link::Start)).map(|j| placed[j].pose);
    let (a, b) = (two.unwrap_or(last).array(), last.array());
    let pose = Pose::from_array(std::array::from_fn(|k| b[k] + CARRY * (b[k] - a[k])));
    Placed { pose, confidence: 0.0, weak: true, miss_px: None, shift_px: None }
}

/// The camera while each row of some frames was read, by a path through the frames.
struct Rows {
    first: usize,
    knots: Vec<[Pose; KNOTS]>,
}

impl Rows {
    /// Of the frames from `start` on, and those before that they may refer to.
    fn of(seen: &[Seen], placed: &[Placed], start: usize, optics: &Optics) -> Self {
        let earliest = |i: usize| match &seen[i].link {
            Link::Moved { from, .. } => *from,
            _ => i,
        };
        let first = (start..placed.len()).map(earliest).min().unwrap_or(start).min(start);
        // two more, for the slope at the first
        let base = first.saturating_sub(2);
        let mut frames: Vec<Planned> = Vec::with_capacity(placed.len() - base);
        for i in base..placed.len() {
            let cut = i == base || matches!(seen[i].link, Link::Start);
            let own = frames.len();
            let shows = match (&seen[i].link, frames.last()) {
                (Link::Same, Some(b)) if !cut => b.shows,
                _ => own,
            };
            let raw = placed[i].pose;
            frames.push(Planned { pts: seen[i].pts, raw, pose: raw, zoom: 0.0, cut, weak: placed[i].weak, shows });
        }
        let raws = Raws::new(&frames, 0..frames.len(), optics.readout_secs);
        let row = |i: usize, k: usize| raws.at_row(i, k as f64 / (KNOTS - 1) as f64);
        let knots = (first - base..frames.len()).map(|i| std::array::from_fn(|k| row(i, k))).collect();
        Self { first, knots }
    }

    /// Matches of frame `to` with frame `from` as if all rows had been exposed at once.
    fn settled(&self, matches: &[Match], from: usize, to: usize, optics: &Optics) -> Vec<Match> {
        let bend = |i: usize| {
            let knots = &self.knots[i - self.first];
            Bend::between(knots, &[knots[KNOTS / 2]; KNOTS], optics.focal, optics.half)
        };
        let (a, b) = (bend(from), bend(to));
        let through = |bend: &Bend, p: (f32, f32)| {
            let (x, y) = bend.apply(f64::from(p.0), f64::from(p.1));
            (x as f32, y as f32)
        };
        matches.iter().map(|m| Match { from: through(&a, m.from), to: through(&b, m.to), ..*m }).collect()
    }
}

/// Root mean square of how far a picture's points move between two poses, in pixels of a picture 640 wide.
pub(super) fn moved_px(from: &Pose, to: &Pose, optics: &Optics) -> f64 {
    let map = Bend::between(&[*from], &[*to], optics.focal, optics.half);
    let points = [(-0.4, -0.8), (0.4, -0.8), (0.0, 0.0), (-0.4, 0.8), (0.4, 0.8)].map(|(x, y)| (x, y * optics.half));
    let squares = points.map(|(x, y)| {
        let (u, v) = map.apply(x, y);
        (u - x).powi(2) + (v - y).powi(2)
    });
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt() / PIXEL
}
