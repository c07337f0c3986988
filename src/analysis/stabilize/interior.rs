//! The smoothest change of a path that brings it within bounds: a convex quadratic programme, solved by a primal-dual interior
//! point method with Mehrotra's predictor and corrector (Nocedal & Wright, Numerical Optimization, 16.6), linear in the number of
//! frames.
//!
//! Of the many rows of bounds only those are minded that may come to bind: the tightest of a few frames in a row. On the way and at the end all
//! are looked at, and those that were forgotten are minded too. What the rows neglect to first order is measured on the way and taken off
//! their room. Rows give a little under great pressure, so that there is an outcome also where no smooth path fits.

use super::{
    basis::Basis,
    course::Course,
    geometry::{Mat3, Pose},
    reach::{Frame, ROWS},
    solver::{BAND, Banded, Block, Vector},
};
use std::{
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
};

/// Most rounds; some 12 are usual.
const ROUNDS: usize = 50;
/// Most sets of rows.
const SETS: usize = 4;
/// How far beyond a row an outcome may be, in widths; and so much room is kept for it.
const TOLERANCE: f64 = 1.5e-4;
/// Mean product of room left and price at which the outcome counts as best: all rows together then cost next to nothing.
const GAP: f64 = 1e-8;
/// Or all of them together, as a share of what the change costs: a path that costs this much more than the best cannot be told from it.
const SHARE: f64 = 1e-4;
/// Gaps at which all rows are looked at, and the gap from which one goes on after that at the end.
const LOOKS: [f64; 2] = [3e-5, 1e-6];
const AGAIN: f64 = 1e-5;
/// Least room that a row is given at the start, in widths, and its price for each width of it.
const FIRST_ROOM: f64 = 0.01;
const FIRST_PRICE: f64 = 30.0;
/// Rows that are minded from now on begin with so much room, in widths.
const LATER_ROOM: f64 = 1e-3;
/// Prices at which a row gives by a width, for coarse and fine knots.
const GIVES: [f64; 2] = [1e5, 1e7];
/// Rows with more room at first than this and so many times what the worst around lacks do not come to bind, in widths.
const NEAR: f64 = 0.006;
const NEARER: f64 = 1.5;
/// A change grows at most so many times what is lacking in 1/ω.
const STEEPEST: f64 = 1.0;
/// Time between knots in units of 1/ω, coarse and fine.
const SPACINGS: [f64; 2] = [0.6, 0.2];
/// A row that gives by so much asks for finer knots, in widths.
const TOO_FAR: f64 = 1e-3;
/// Corrections beyond this are none that any crop allows, in units.
const FARTHEST: f64 = 0.2;

/// What bounds a path: for each frame that somebody sees, the camera at its top and at its bottom row.
pub(super) struct Bounds<'a> {
    pub frame: Frame,
    /// Logarithm of the enlargement that there is room for, and the most that a shaking zoom may add.
    pub zoom: f64,
    pub cap: f64,
    pub raws: &'a (dyn Fn(usize) -> Option<[Pose; 2]> + Sync),
    /// Set: any outcome will do, at once.
    pub stop: &'a AtomicBool,
}

/// The bounds of a frame, about the path without bounds.
struct Bound {
    /// From a picture at rest to the frame at its top and at its bottom row; one where all rows are exposed at once.
    top: Mat3,
    bottom: Option<Mat3>,
    rows: [[f64; 4]; ROWS],
    /// Room that the path without bounds leaves.
    room: [f64; ROWS],
    is_minded: [bool; ROWS],
}

/// A row that is minded.
struct Tie {
    row: usize,
    g: [f64; 4],
    room: f64,
    /// Room left, and the price of using it up.
    left: f64,
    price: f64,
    /// What the row misses of `g·e + left − price/gives = room`.
    beyond: f64,
    product: f64,
    /// Of the row in the round's equations, and 1 / price.
    stiffness: f64,
    per_price: f64,
    step_left: f64,
    step_price: f64,
}

/// How far a round is from the optimum.
struct State {
    /// Of the price and of what the rows press, by coefficient.
    slope: Vector,
    /// Of rows that are minded.
    count: f64,
    /// Mean product of room left and price.
    gap: f64,
    /// What the change and the rows that give cost.
    cost: f64,
    /// Largest miss of a row's equation, and the most that one gives, in widths.
    beyond: f64,
    gives: f64,
}

/// A frame with rows that are minded.
struct Tied {
    frame: usize,
    ties: Vec<Tie>,
}

fn dot(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
}

/// A part of a course, and what bounds it.
struct Task<'a> {
    course: &'a Course,
    part: Range<usize>,
    bounds: &'a Bounds<'a>,
    /// The best correction without bounds.
    free: &'a [[f64; 4]],
    held: Vec<Option<Bound>>,
    /// Price at which a row gives by a width.
    gives: f64,
    /// By frame, how much the worst around it lacks.
    lacks: Vec<f64>,
}

/// The best change of the correction `free` of a part of a course that brings it within bounds.
pub(super) fn bounded(course: &Course, part: Range<usize>, bounds: &Bounds<'_>, free: &Vector) -> Vector {
    let mut task = Task::new(course, part, bounds, free);
    let mut change = Vec::new();
    for (spacing, gives) in SPACINGS.into_iter().zip(GIVES) {
        task.gives = gives;
        let (found, beyond) = task.solved(spacing / course.omega);
        change = found;
        if beyond < TOLERANCE {
            break;
        }
    }
    change
}

impl<'a> Task<'a> {
    fn new(course: &'a Course, part: Range<usize>, bounds: &'a Bounds<'a>, free: &'a Vector) -> Self {
        let free = &free[part.clone()];
        let held = part.clone().map(|i| {
            let raws = (bounds.raws)(i)?;
            let rows = bounds.frame.rows(&course.pose_of(i, bounds.frame.units()), bounds.zoom);
            let [top, bottom] = raws.map(|raw| raw.homography(bounds.frame.focal));
            let bottom = (raws[0] != raws[1]).then_some(bottom);
            Some(Bound { top, bottom, rows, room: [0.0; ROWS], is_minded: [false; ROWS] })
        });
        let mut task = Self { course, bounds, free, held: held.collect(), lacks: Vec::new(), gives: 0.0, part };
        for i in 0..task.held.len() {
            let room = task.room(i, &[0.0; 4]);
            if let Some(bound) = &mut task.held[i] {
                bound.room = room;
            }
        }
        let lack = |b: &Option<Bound>| b.as_ref().map_or(0.0, |b| b.room.iter().fold(0.0_f64, |m, r| m.max(-r)));
        let lacks: Vec<f64> = task.held.iter().map(lack).collect();
        task.lacks = super::envelope::rolling_max(&lacks, (3.0 / task.course.omega) as usize);
        task
    }

    /// The room that each row of a frame has at a change, exactly; far out, where there may be no picture, to first order.
    fn room(&self, i: usize, change: &[f64; 4]) -> [f64; ROWS] {
        let Some(bound) = &self.held[i] else { return [f64::INFINITY; ROWS] };
        let d: [f64; 4] = std::array::from_fn(|k| self.free[i][k] + change[k]);
        let size = d.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let near = d.map(|v| v * (FARTHEST / size.max(f64::MIN_POSITIVE)).min(1.0));
        let (own, units) = (&self.course.own[self.part.start + i], self.bounds.frame.units());
        let pose = Pose::from_array(std::array::from_fn(|k| (own[k] + near[k]) * units[k]));
        let room = self.bounds.frame.room((&bound.top, bound.bottom.as_ref()), &pose, self.bounds.zoom, self.bounds.cap, own[3] * units[3]);
        let rest: [f64; 4] = std::array::from_fn(|k| d[k] - near[k]);
        std::array::from_fn(|r| room[r] - TOLERANCE - dot(&bound.rows[r], &rest))
    }

    /// The best change with knots every so many frames, and how far it is beyond a row at most.
    fn solved(&mut self, spacing: f64) -> (Vector, f64) {
        let basis = Basis::new(self.course, self.part.clone(), spacing);
        for bound in self.held.iter_mut().flatten() {
            bound.is_minded = [false; ROWS];
        }
        let mut tied = Vec::new();
        let nothing: Vector = vec![[0.0; 4]; self.part.len()];
        let reach = (spacing * self.course.mean_step() / 2.0) as usize;
        self.mind(&mut tied, &nothing, reach, |room, lacks| room < NEAR + NEARER * lacks);
        enter(&mut tied);
        let mut c: Vector = vec![[0.0; 4]; basis.band.len()];
        let mut matrix = Banded { rows: Vec::with_capacity(basis.band.len()) };
        let mut looks = LOOKS.iter().peekable();
        let mut sets = 0;
        let mut round = 0;
        loop {
            if self.bounds.stop.load(Ordering::Relaxed) {
                return (nothing, 0.0);
            }
            let state = self.measure(&basis, &mut tied, &c, round);
            let is_best = state.gap < (2.0 * GAP).max(SHARE * state.cost / state.count) && state.beyond < 0.2 * TOLERANCE;
            if is_best || round == ROUNDS || (state.gives > TOO_FAR) {
                let change: Vector = (0..self.part.len()).map(|i| basis.at(i, &c)).collect();
                let worst = self.mind(&mut tied, &change, 0, |room, _| room < 0.0);
                sets += 1;
                // what the rows give under pressure no other set of rows takes back
                let is_pressed = state.gives > 0.5 * TOLERANCE && worst < 1.2 * state.gives;
                if worst < 0.9 * TOLERANCE || is_pressed || state.gives > TOO_FAR || sets == SETS || round == ROUNDS {
                    return (change, worst);
                }
                centre(&mut tied, AGAIN);
                round += 1;
                continue;
            }
            if looks.next_if(|look| state.gap < **look).is_some() {
                let change: Vector = (0..self.part.len()).map(|i| basis.at(i, &c)).collect();
                self.mind(&mut tied, &change, reach / 2, |room, _| room < LATER_ROOM);
            }
            self.step(&basis, &mut tied, &mut c, &mut matrix, &state);
            round += 1;
        }
    }

    /// Minds those rows besides whose room at a change `is_near`, of `reach` frames on each side the tightest. Gives by how much
    /// the worst lacks room.
    fn mind(&mut self, tied: &mut Vec<Tied>, change: &Vector, reach: usize, is_near: impl Fn(f64, f64) -> bool) -> f64 {
        let rooms: Vec<[f64; ROWS]> = (0..self.part.len()).map(|i| self.room(i, &change[i])).collect();
        let ties = || tied.iter().flat_map(|t| &t.ties);
        let gap = ties().map(|t| t.left * t.price).sum::<f64>() / ties().count().max(1) as f64;
        let mut worst = 0.0_f64;
        for (i, room) in rooms.iter().enumerate() {
            let lacks = self.lacks[i];
            let Some(bound) = &mut self.held[i] else { continue };
            let around = i.saturating_sub(reach)..(i + reach + 1).min(rooms.len());
            let slope = STEEPEST * self.course.omega * lacks;
            for row in 0..ROWS {
                worst = worst.max(-room[row]);
                let is_tightest = || around.clone().all(|j| rooms[j][row] >= room[row] - slope * i.abs_diff(j) as f64);
                if bound.is_minded[row] || !is_near(room[row], lacks) || !is_tightest() {
                    continue;
                }
                bound.is_minded[row] = true;
                let g = bound.rows[row];
                let left = room[row].max(LATER_ROOM);
                let (price, room) = (gap / left, room[row] + dot(&g, &change[i]));
                let tie = Tie {
                    row,
                    g,
                    room,
                    left,
                    price,
                    beyond: 0.0,
                    product: 0.0,
                    stiffness: 0.0,
                    per_price: 0.0,
                    step_left: 0.0,
                    step_price: 0.0,
                };
                match tied.binary_search_by_key(&i, |t| t.frame) {
                    Ok(n) => tied[n].ties.push(tie),
                    Err(n) => tied.insert(n, Tied { frame: i, ties: vec![tie] }),
                }
            }
        }
        worst
    }

    /// What coefficients miss of the optimum.
    fn measure(&self, basis: &Basis, tied: &mut [Tied], c: &Vector, round: usize) -> State {
        let count = tied.iter().map(|t| t.ties.len()).sum::<usize>().max(1) as f64;
        let mut state = State { slope: basis.gradient(c), count, gap: 0.0, cost: 0.0, beyond: 0.0, gives: 0.0 };
        state.cost = 0.5 * state.slope.iter().zip(c).map(|(s, c)| dot(s, c)).sum::<f64>();
        for t in tied.iter_mut() {
            let e = basis.at(t.frame, c);
            if round % 3 == 2 || round > 8 {
                self.refresh(t, &e);
            }
            let mut pull = [0.0; 4];
            for tie in &mut t.ties {
                tie.beyond = dot(&tie.g, &e) + tie.left - tie.price / self.gives - tie.room;
                tie.product = tie.left * tie.price;
                tie.stiffness = tie.price / (tie.left + tie.price / self.gives);
                tie.per_price = 1.0 / tie.price;
                state.gap += tie.product / count;
                state.cost += 0.5 * tie.price * tie.price / self.gives;
                state.beyond = state.beyond.max(tie.beyond.abs());
                state.gives = state.gives.max(tie.price / self.gives);
                (0..4).for_each(|k| pull[k] += tie.g[k] * tie.price);
            }
            basis.spread(t.frame, &pull, &mut state.slope);
        }
        state
    }

    /// One round of the interior point method.
    fn step(&self, basis: &Basis, tied: &mut [Tied], c: &mut Vector, matrix: &mut Banded, state: &State) {
        assemble(matrix, basis, tied);
        matrix.factor();
        // predictor: straight at the optimum; says how much of the gap can go in this round
        newton(matrix, &state.slope, basis, tied);
        let length = longest_step(tied).min(1.0);
        let after = |t: &Tie| (t.left + length * t.step_left) * (t.price + length * t.step_price);
        let reached = tied.iter().flat_map(|t| &t.ties).map(after).sum::<f64>() / state.count;
        let centre = ((reached / state.gap.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0).powi(3) * state.gap).max(GAP);
        // corrector: with the predictor's own second order
        tied.iter_mut().flat_map(|t| &mut t.ties).for_each(|t| t.product += t.step_left * t.step_price - centre);
        let step = newton(matrix, &state.slope, basis, tied);
        let length = (0.99 * longest_step(tied)).min(1.0);
        for (c, step) in c.iter_mut().zip(&step) {
            (0..4).for_each(|k| c[k] += length * step[k]);
        }
        for tie in tied.iter_mut().flat_map(|t| &mut t.ties) {
            tie.left += length * tie.step_left;
            tie.price += length * tie.step_price;
        }
    }

    /// Takes off the rooms of a frame's rows what they neglect at a change.
    fn refresh(&self, tied: &mut Tied, change: &[f64; 4]) {
        let room = self.room(tied.frame, change);
        for tie in &mut tied.ties {
            tie.room = room[tie.row] + dot(&tie.g, change);
        }
    }
}

/// The price's second derivatives with those of the rows.
fn assemble(matrix: &mut Banded, basis: &Basis, tied: &[Tied]) {
    matrix.rows.clear();
    matrix.rows.extend(basis.band.iter().map(|band| {
        band.map(|v| {
            let mut block: Block = [0.0; 16];
            (0..4).for_each(|k| block[5 * k] = v);
            block
        })
    }));
    for t in tied {
        let mut own: Block = [0.0; 16];
        for tie in &t.ties {
            for c in 0..4 {
                let factor = tie.stiffness * tie.g[c];
                (0..4).for_each(|k| own[4 * c + k] += factor * tie.g[k]);
            }
        }
        let (first, b) = (basis.first[t.frame], &basis.weights[t.frame]);
        for (m, p) in b.iter().enumerate() {
            for (n, q) in b[..=m].iter().enumerate() {
                let (block, share) = (&mut matrix.rows[first + m][BAND + n - m], p * q);
                (0..16).for_each(|k| block[k] += share * own[k]);
            }
        }
    }
}

/// Steps of the coefficients, and of the rows' room and prices, towards `product` of the two less what it is to be.
fn newton(matrix: &Banded, slope: &Vector, basis: &Basis, tied: &mut [Tied]) -> Vector {
    let mut step: Vector = slope.iter().map(|s| s.map(|s| -s)).collect();
    for t in tied.iter() {
        let mut sum = [0.0; 4];
        for tie in &t.ties {
            let pull = tie.stiffness * (tie.beyond - tie.product * tie.per_price);
            (0..4).for_each(|k| sum[k] -= tie.g[k] * pull);
        }
        basis.spread(t.frame, &sum, &mut step);
    }
    matrix.solve(&mut step);
    for t in tied {
        let own = basis.at(t.frame, &step);
        for tie in &mut t.ties {
            tie.step_price = tie.stiffness * (dot(&tie.g, &own) + tie.beyond - tie.product * tie.per_price);
            tie.step_left = -(tie.product + tie.left * tie.step_price) * tie.per_price;
        }
    }
    step
}

/// Gives the rows a start as far within as they lack room, and prices to match.
fn enter(tied: &mut [Tied]) {
    let ties = || tied.iter().flat_map(|t| &t.ties);
    let lacks = ties().fold(FIRST_ROOM, |m, t| m.max(-t.room));
    for t in tied.iter_mut().flat_map(|t| &mut t.ties) {
        t.left = t.room.max(lacks);
        t.price = FIRST_PRICE * lacks * lacks / t.left;
    }
}

/// Takes the rows away from their bounds until no product of room left and price is below `gap`.
fn centre(tied: &mut [Tied], gap: f64) {
    for t in tied.iter_mut().flat_map(|t| &mut t.ties).filter(|t| t.left * t.price < gap) {
        // what holds keeps its price, what does not its room
        if t.price * FIRST_ROOM > t.left { t.left = gap / t.price } else { t.price = gap / t.left }
    }
}

/// How often the step can be taken before a room or a price reaches zero.
fn longest_step(tied: &[Tied]) -> f64 {
    // the least quotient, without dividing for each
    let (mut over, mut under) = (1.0, 0.0);
    for t in tied.iter().flat_map(|t| &t.ties) {
        for (v, step) in [(t.left, t.step_left), (t.price, t.step_price)] {
            if v * under < -step * over {
                (over, under) = (v, -step);
            }
        }
    }
    over / under
}
