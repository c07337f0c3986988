//! The smoothest path near a camera's own that keeps every row of `reach`: a convex quadratic programme, solved by a primal-dual
//! interior point method with Mehrotra's predictor and corrector (Nocedal & Wright, Numerical Optimization, 16.6), linear in
//! the number of frames.
//!
//! What the rows neglect to first order is measured on the way and taken off their room, so that the outcome holds exactly.

use super::{
    basis::Basis,
    course::Course,
    geometry::Pose,
    reach::{Frame, ROWS},
    solver::{BAND, Banded, Block, Row, Thin, Vector},
};

/// Most rounds; some 12 are usual.
const ROUNDS: usize = 40;
/// How far beyond a row an outcome may be, in widths.
const REACH_TOLERANCE: f64 = 1e-5;
/// Mean product of room left and price at which the outcome counts as best: within 1e-4 widths of it.
const GAP_TOLERANCE: f64 = 2e-9;
/// Largest slope left, in widths.
const SLOPE_TOLERANCE: f64 = 1e-5;
/// Least room that a row is given at the start, in widths, and its price for each width of it.
const FIRST_ROOM: f64 = 0.01;
const FIRST_PRICE: f64 = 100.0;
/// Rows with more room at the first guess than this and so many times what the worst lacks hardly come to bind, in widths.
const NEAR: f64 = 0.006;
const NEARER: f64 = 1.5;
/// A row that was left out and has less room in the end was left out wrongly, in widths.
const ENOUGH: f64 = 0.001;
/// How fine a spline is tried before the path is made of its frames.
const FINER: [f64; 2] = [1.0, 2.5];
/// Corrections beyond this are none that any crop allows, in units.
const FARTHEST: f64 = 0.2;

/// The bounds of a frame.
#[derive(Clone)]
pub(super) struct Bound {
    /// The camera at its top and at its bottom row.
    pub raws: [Pose; 2],
    pub rows: [[f64; 4]; ROWS],
    pub room: [f64; ROWS],
}

/// The bounds of a course; None for frames that nobody sees.
pub(super) struct Bounds {
    pub frame: Frame,
    /// Logarithm of the enlargement that there is room for.
    pub zoom: f64,
    pub frames: Vec<Option<Bound>>,
}

/// A row that may come to bind.
struct Tie {
    frame: usize,
    row: usize,
    g: [f64; 4],
    room: f64,
    /// Room left, and the price of using it up.
    left: f64,
    price: f64,
    /// What the row misses of `g·d + left = room`.
    beyond: f64,
    product: f64,
    step_left: f64,
    step_price: f64,
}

fn dot(a: &[f64; 4], b: &[f64; 4]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]
}

/// The best correction within bounds, from the best without.
pub(super) fn bounded(course: &Course, bounds: &Bounds, free: &Vector) -> Vector {
    let before = bounds.slacks(free);
    let lacks = before.iter().flatten().fold(0.0, |m: f64, slack| m.max(-slack));
    let near = NEAR + NEARER * lacks;
    let start: Vector = free.iter().zip(&course.own).map(|(d, own)| std::array::from_fn(|k| d[k] + own[k])).collect();
    let outcome = |c: &Vector, basis: &Basis<'_>| -> Vector {
        let d = |i: usize| {
            let p = basis.at(i, c);
            std::array::from_fn(|k| p[k] - course.own[i][k])
        };
        (0..course.len()).map(d).collect()
    };
    for finer in FINER {
        let Some(basis) = Basis::spline(course, finer) else { break };
        for near in [near, f64::INFINITY] {
            let Some(c) = solved(course, bounds, &basis, None, free, near) else { break };
            let d = outcome(&c, &basis);
            let now = bounds.slacks(&d);
            let forgotten = before.iter().flatten().zip(now.iter().flatten()).any(|(before, now)| *before >= near && *now < ENOUGH);
            if !forgotten {
                return d;
            }
        }
    }
    let basis = Basis::frames(course);
    let c = solved(course, bounds, &basis, Some(start.clone()), free, f64::INFINITY);
    c.map_or_else(|| vec![[0.0; 4]; course.len()], |c| outcome(&c, &basis))
}

/// The best coefficients within the rows that have less room than `near` at the correction `free`. None where none are found.
fn solved(course: &Course, bounds: &Bounds, basis: &Basis<'_>, start: Option<Vector>, free: &Vector, near: f64) -> Option<Vector> {
    let mut matrix = Banded { rows: Vec::with_capacity(basis.band.len()) };
    let mut c = match start {
        Some(c) => c,
        None => {
            let mut c = basis.gradient(&vec![[0.0; 4]; basis.band.len()]);
            c.iter_mut().flatten().for_each(|v| *v = -*v);
            Thin::factored(basis.band.clone()).solve(&mut c);
            c
        }
    };
    let mut ties = bounds.ties(free, near);
    let correction = |c: &Vector, i: usize| -> [f64; 4] {
        let p = basis.at(i, c);
        std::array::from_fn(|k| p[k] - course.own[i][k])
    };
    enter(&mut ties, |i| correction(&c, i));
    let mut is_near = false;
    let mut found = false;
    for round in 0..ROUNDS {
        if is_near && round % 3 == 0 {
            bounds.refresh(course, |i| correction(&c, i), &mut ties);
        }
        let mut slope = basis.gradient(&c);
        let (mut gap, mut worst) = (0.0, 0.0_f64);
        for ties in ties.chunk_by_mut(|a, b| a.frame == b.frame) {
            let frame = ties[0].frame;
            let d = correction(&c, frame);
            let mut pull = [0.0; 4];
            for tie in ties {
                tie.beyond = dot(&tie.g, &d) + tie.left - tie.room;
                tie.product = tie.left * tie.price;
                gap += tie.product;
                worst = worst.max(tie.beyond.abs());
                (0..4).for_each(|k| pull[k] += tie.g[k] * tie.price);
            }
            basis.spread(frame, &pull, &mut slope);
        }
        gap /= ties.len().max(1) as f64;
        // far outside, the linear rows say more than what they neglect there
        is_near = worst < FIRST_ROOM;
        let steep = slope.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
        if gap < GAP_TOLERANCE
            && worst < REACH_TOLERANCE
            && steep < SLOPE_TOLERANCE
            && bounds.refresh(course, |i| correction(&c, i), &mut ties) < REACH_TOLERANCE
        {
            found = true;
            break;
        }
        assemble(&mut matrix, basis, &ties);
        matrix.factor();
        // predictor: straight at the optimum; says how much of the gap can go in this round
        newton(&matrix, &slope, basis, &mut ties);
        let length = longest_step(&ties).min(1.0);
        let after = |t: &Tie| (t.left + length * t.step_left) * (t.price + length * t.step_price);
        let reached = ties.iter().map(after).sum::<f64>() / ties.len().max(1) as f64;
        let centre = (reached / gap.max(f64::MIN_POSITIVE)).clamp(0.0, 1.0).powi(3) * gap;
        // corrector: with the predictor's own second order
        ties.iter_mut().for_each(|t| t.product += t.step_left * t.step_price - centre);
        let step = newton(&matrix, &slope, basis, &mut ties);
        let length = (0.99 * longest_step(&ties)).min(1.0);
        for (c, step) in c.iter_mut().zip(&step) {
            (0..4).for_each(|k| c[k] += length * step[k]);
        }
        for tie in &mut ties {
            tie.left += length * tie.step_left;
            tie.price += length * tie.step_price;
        }
    }
    let is_last = basis.band.len() == course.len();
    ((found || is_last) && c.iter().flatten().all(|v| v.is_finite())).then_some(c)
}

/// The price's second derivatives with those of the rows.
fn assemble(matrix: &mut Banded, basis: &Basis<'_>, ties: &[Tie]) {
    matrix.rows.clear();
    matrix.rows.extend(basis.band.iter().map(spread));
    for ties in ties.chunk_by(|a, b| a.frame == b.frame) {
        let frame = ties[0].frame;
        let mut own: Block = [0.0; 16];
        for tie in ties {
            let weight = tie.price / tie.left;
            for c in 0..4 {
                let factor = weight * tie.g[c];
                (0..4).for_each(|k| own[4 * c + k] += factor * tie.g[k]);
            }
        }
        let (first, b) = (basis.first[frame], &basis.weights[frame]);
        for (m, p) in b.iter().enumerate().filter(|(_, p)| **p != 0.0) {
            for (n, q) in b[..=m].iter().enumerate().filter(|(_, q)| **q != 0.0) {
                let block = &mut matrix.rows[first + m][BAND + n - m];
                (0..16).for_each(|k| block[k] += p * q * own[k]);
            }
        }
    }
}

/// A row of second derivatives as blocks: the components do not mix.
fn spread(band: &[f64; 4]) -> Row {
    band.map(|v| {
        let mut block: Block = [0.0; 16];
        (0..4).for_each(|k| block[5 * k] = v);
        block
    })
}

/// Steps of the coefficients, and of the rows' room and prices, towards `product` of the two.
fn newton(matrix: &Banded, slope: &Vector, basis: &Basis<'_>, ties: &mut [Tie]) -> Vector {
    let mut step: Vector = slope.iter().map(|s| s.map(|s| -s)).collect();
    for ties in ties.chunk_by(|a, b| a.frame == b.frame) {
        let mut sum = [0.0; 4];
        for t in ties {
            let pull = (t.price * t.beyond - t.product) / t.left;
            (0..4).for_each(|k| sum[k] -= t.g[k] * pull);
        }
        basis.spread(ties[0].frame, &sum, &mut step);
    }
    matrix.solve(&mut step);
    for ties in ties.chunk_by_mut(|a, b| a.frame == b.frame) {
        let own = basis.at(ties[0].frame, &step);
        for t in ties {
            t.step_left = -t.beyond - dot(&t.g, &own);
            t.step_price = -(t.product + t.price * t.step_left) / t.left;
        }
    }
    step
}

/// Gives the rows a start as far within as the guess is beyond them, and prices to match.
fn enter(ties: &mut [Tie], correction: impl Fn(usize) -> [f64; 4]) {
    for t in ties.iter_mut() {
        t.left = t.room - dot(&t.g, &correction(t.frame));
    }
    let beyond = ties.iter().fold(FIRST_ROOM, |m, t| m.max(-t.left));
    for t in ties {
        t.left = t.left.max(beyond);
        t.price = FIRST_PRICE * beyond * beyond / t.left;
    }
}

/// How often the step can be taken before a room or a price reaches zero.
fn longest_step(ties: &[Tie]) -> f64 {
    let reach = |v: f64, step: f64| if step < 0.0 { -v / step } else { f64::INFINITY };
    ties.iter().fold(f64::INFINITY, |m, t| m.min(reach(t.left, t.step_left)).min(reach(t.price, t.step_price)))
}

impl Bounds {
    /// What room the rows of each frame have at a correction.
    fn slacks(&self, d: &Vector) -> Vec<[f64; ROWS]> {
        let slack = |(bound, d): (&Option<Bound>, &[f64; 4])| match bound {
            Some(b) => std::array::from_fn(|r| b.room[r] - dot(&b.rows[r], d)),
            None => [f64::INFINITY; ROWS],
        };
        self.frames.iter().zip(d).map(slack).collect()
    }

    /// The rows that may come to bind: those with less room than `near`.
    fn ties(&self, d: &Vector, near: f64) -> Vec<Tie> {
        let mut ties = Vec::new();
        for (frame, bound) in self.frames.iter().enumerate() {
            let Some(bound) = bound else { continue };
            for row in 0..ROWS {
                let (g, room) = (bound.rows[row], bound.room[row]);
                if room - dot(&g, &d[frame]) < near {
                    let blank = (0.0, 0.0, 0.0);
                    let (step_left, step_price, beyond) = blank;
                    ties.push(Tie { frame, row, g, room, left: 0.0, price: 0.0, beyond, product: 0.0, step_left, step_price });
                }
            }
        }
        ties
    }

    /// Takes off the room of each row what it neglects at this correction. Gives the largest change.
    fn refresh(&self, course: &Course, correction: impl Fn(usize) -> [f64; 4], ties: &mut [Tie]) -> f64 {
        let units = self.frame.units();
        let mut largest = 0.0_f64;
        for ties in ties.chunk_by_mut(|a, b| a.frame == b.frame) {
            let i = ties[0].frame;
            let Some(bound) = &self.frames[i] else { continue };
            // a first guess may be where no picture is: what counts is the way there
            let d = correction(i);
            let size = d.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            let near = d.map(|v| v * (FARTHEST / size).min(1.0));
            let pose = Pose::from_array(std::array::from_fn(|k| (course.own[i][k] + near[k]) * units[k]));
            let mut linear: [f64; ROWS] = std::array::from_fn(|r| dot(&bound.rows[r], &near));
            linear[ROWS - 1] = 0.0;
            let excess = self.frame.excess(&bound.raws, &pose, self.zoom, &linear);
            for tie in ties {
                let room = bound.room[tie.row] - excess[tie.row];
                largest = largest.max((room - tie.room).abs());
                tie.room = room;
            }
        }
        largest
    }
}
