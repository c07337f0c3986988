//! The smoothest path near a camera's own that keeps every row of `reach`: a convex quadratic programme, solved by a primal-dual
//! interior point method with Mehrotra's predictor and corrector (Nocedal & Wright, Numerical Optimization, 16.6), linear in
//! the number of frames.
//!
//! What the rows neglect to first order is measured on the way and taken off their room, so that the outcome holds exactly.

use super::{
    course::{Course, spread},
    geometry::Pose,
    reach::{Frame, ROWS},
    solver::{BAND, Banded, Vector},
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
/// Rows with more room than this at the first guess cannot come to bind, in widths.
const NEAR: f64 = 0.06;
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
    let mut d = free.clone();
    let mut ties = bounds.ties(&d);
    if ties.is_empty() {
        return d;
    }
    let band = course.curvature();
    let mut matrix = Banded { rows: Vec::new() };
    let mut near = false;
    for round in 0..ROUNDS {
        if near && round % 2 == 0 {
            bounds.refresh(course, &d, &mut ties);
        }
        let mut slope = course.gradient(&d);
        let (mut gap, mut worst) = (0.0, 0.0_f64);
        for tie in &mut ties {
            tie.beyond = dot(&tie.g, &d[tie.frame]) + tie.left - tie.room;
            tie.product = tie.left * tie.price;
            gap += tie.product;
            worst = worst.max(tie.beyond.abs());
            (0..4).for_each(|k| slope[tie.frame][k] += tie.g[k] * tie.price);
        }
        gap /= ties.len() as f64;
        // far outside, the linear rows say more than what they neglect there
        near = worst < FIRST_ROOM;
        let steep = slope.iter().flatten().fold(0.0_f64, |m, v| m.max(v.abs()));
        if gap < GAP_TOLERANCE
            && worst < REACH_TOLERANCE
            && steep < SLOPE_TOLERANCE
            && bounds.refresh(course, &d, &mut ties) < REACH_TOLERANCE
        {
            break;
        }
        matrix.rows.clear();
        matrix.rows.extend(band.iter().map(spread));
        for tie in &ties {
            let own = &mut matrix.rows[tie.frame][BAND];
            let weight = tie.price / tie.left;
            for c in 0..4 {
                let factor = weight * tie.g[c];
                (0..4).for_each(|k| own[4 * c + k] += factor * tie.g[k]);
            }
        }
        matrix.factor();
        // predictor: straight at the optimum; says how much of the gap can go in this round
        newton(&matrix, &slope, &mut ties);
        let length = longest_step(&ties).min(1.0);
        let after = |t: &Tie| (t.left + length * t.step_left) * (t.price + length * t.step_price);
        let reached = ties.iter().map(after).sum::<f64>() / ties.len() as f64;
        let centre = (reached / gap).clamp(0.0, 1.0).powi(3) * gap;
        // corrector: with the predictor's own second order
        ties.iter_mut().for_each(|t| t.product += t.step_left * t.step_price - centre);
        let step = newton(&matrix, &slope, &mut ties);
        let length = (0.99 * longest_step(&ties)).min(1.0);
        for (d, step) in d.iter_mut().zip(&step) {
            (0..4).for_each(|k| d[k] += length * step[k]);
        }
        for tie in &mut ties {
            tie.left += length * tie.step_left;
            tie.price += length * tie.step_price;
        }
    }
    if d.iter().flatten().all(|v| v.is_finite()) { d } else { vec![[0.0; 4]; d.len()] }
}

/// Steps of the correction, and of the rows' room and prices, towards `product` of the two.
fn newton(matrix: &Banded, slope: &Vector, ties: &mut [Tie]) -> Vector {
    let mut step: Vector = slope.iter().map(|s| s.map(|s| -s)).collect();
    for t in &*ties {
        let pull = (t.price * t.beyond - t.product) / t.left;
        (0..4).for_each(|k| step[t.frame][k] -= t.g[k] * pull);
    }
    matrix.solve(&mut step);
    for t in ties {
        t.step_left = -t.beyond - dot(&t.g, &step[t.frame]);
        t.step_price = -(t.product + t.price * t.step_left) / t.left;
    }
    step
}

/// How often the step can be taken before a room or a price reaches zero.
fn longest_step(ties: &[Tie]) -> f64 {
    let reach = |v: f64, step: f64| if step < 0.0 { -v / step } else { f64::INFINITY };
    ties.iter().fold(f64::INFINITY, |m, t| m.min(reach(t.left, t.step_left)).min(reach(t.price, t.step_price)))
}

impl Bounds {
    /// The rows that may come to bind, with a start as far within as the guess is beyond them, and prices to match.
    fn ties(&self, d: &Vector) -> Vec<Tie> {
        let mut ties = Vec::new();
        for (frame, bound) in self.frames.iter().enumerate() {
            let Some(bound) = bound else { continue };
            for row in 0..ROWS {
                let (g, room) = (bound.rows[row], bound.room[row]);
                if room - dot(&g, &d[frame]) < NEAR {
                    let blank = (0.0, 0.0, 0.0);
                    let (step_left, step_price, beyond) = blank;
                    ties.push(Tie { frame, row, g, room, left: 0.0, price: 0.0, beyond, product: 0.0, step_left, step_price });
                }
            }
        }
        let left = |t: &Tie| t.room - dot(&t.g, &d[t.frame]);
        let beyond = ties.iter().fold(FIRST_ROOM, |m, t| m.max(-left(t)));
        for t in &mut ties {
            t.left = left(t).max(beyond);
            t.price = FIRST_PRICE * beyond * beyond / t.left;
        }
        ties
    }

    /// Takes off the room of each row what it neglects at this correction. Gives the largest change.
    fn refresh(&self, course: &Course, d: &Vector, ties: &mut [Tie]) -> f64 {
        let units = self.frame.units();
        let mut largest = 0.0_f64;
        let mut known = (usize::MAX, [0.0; ROWS]);
        for tie in ties {
            let Some(bound) = &self.frames[tie.frame] else { continue };
            if known.0 != tie.frame {
                // a first guess may be where no picture is: what counts is the way there
                let size = d[tie.frame].iter().fold(0.0_f64, |m, v| m.max(v.abs()));
                let near = d[tie.frame].map(|v| v * (FARTHEST / size).min(1.0));
                let pose = Pose::from_array(std::array::from_fn(|k| (course.own[tie.frame][k] + near[k]) * units[k]));
                let mut linear: [f64; ROWS] = std::array::from_fn(|r| dot(&bound.rows[r], &near));
                linear[ROWS - 1] = 0.0;
                known = (tie.frame, self.frame.excess(&bound.raws, &pose, self.zoom, &linear));
            }
            let room = bound.room[tie.row] - known.1[tie.row];
            largest = largest.max((room - tie.room).abs());
            tie.room = room;
        }
        largest
    }
}
