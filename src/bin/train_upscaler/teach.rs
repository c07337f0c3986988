//! The training: Adam on the mean distance between what the network makes of the small picture and the large one, with a
//! part for the differences between neighbours (edges), a warm start, a cosine fall of the rate, and a running mean of the
//! parameters that is what is kept. The same seed gives the same weights on every run on one kind of processor.

use super::{
    measure,
    net::{Net, PARAMETERS},
    pool::Pool,
    rgb::Rgb,
    weights::Weights,
};
use fastrand::Rng;
use rayon::prelude::*;
use std::{path::Path, time::Instant};

pub struct Plan {
    pub seed: u64,
    pub steps: usize,
    pub pictures: usize,
    /// Parts in a step.
    pub batch: usize,
    /// Highest rate of Adam.
    pub rate: f32,
}

/// Share of the loss that judges differences between neighbours instead of values.
const EDGES: f32 = 0.2;
/// Steps until the rate is at its highest.
const WARM: usize = 100;
/// What the running mean keeps of itself at each step.
const KEEP: f32 = 0.998;

/// Adam (D. Kingma and J. Ba, 2014) with its usual moments.
pub struct Adam {
    first: Vec<f32>,
    second: Vec<f32>,
    step: i32,
}

impl Adam {
    pub fn new() -> Self {
        Self { first: vec![0.0; PARAMETERS], second: vec![0.0; PARAMETERS], step: 0 }
    }

    pub fn step(&mut self, net: &mut Net, gradient: &Net, rate: f32) {
        const KEEP: (f32, f32) = (0.9, 0.999);
        self.step += 1;
        let (a, b) = (1.0 - KEEP.0.powi(self.step), 1.0 - KEEP.1.powi(self.step));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((value, g), (m, v)) in net.0.iter_mut().zip(&gradient.0).zip(moments) {
            *m = KEEP.0 * *m + (1.0 - KEEP.0) * g;
            *v = KEEP.1 * *v + (1.0 - KEEP.1) * g * g;
            *value -= rate * (*m / a) / ((*v / b).sqrt() + 1e-8);
        }
    }
}

/// Trains and writes the file; a state is kept every 500 steps, so that a run that is stopped leaves something.
pub fn teach(plan: &Plan, out: &Path) -> Result<(), String> {
    let start = Instant::now();
    let pool = Pool::make(plan.seed, plan.pictures)?;
    println!("{} pictures in {:.0} s", plan.pictures, start.elapsed().as_secs_f32());
    let checks = measure::made_checks(plan.seed.wrapping_add(1))?;
    let mut rng = Rng::with_seed(plan.seed);
    let mut net = Net::new(&Weights::first(&mut rng));
    let mut mean = net.clone();
    let mut adam = Adam::new();
    let start = Instant::now();
    let mut sum = 0.0;
    for step in 1..=plan.steps {
        let (loss, gradient) = lesson(&net, &pool.batch(plan.batch, &mut rng));
        adam.step(&mut net, &gradient, rate(plan, step));
        let keep = KEEP.min(step as f32 / (step as f32 + 10.0));
        mean.0.iter_mut().zip(&net.0).for_each(|(old, new)| *old = *old * keep + new * (1.0 - keep));
        sum += loss;
        if step % 100 == 0 {
            println!("step {step}/{}: loss {:.5}, {:.3} s a step", plan.steps, sum / 100.0, start.elapsed().as_secs_f32() / step as f32);
            sum = 0.0;
        }
        if step % 500 == 0 || step == plan.steps {
            let weights = mean.weights();
            weights.write(out, &facts(plan, step))?;
            println!("  made pictures: {}", measure::quick(&weights, &checks));
        }
    }
    Ok(())
}

/// Mean loss of a batch and its gradient: a part a thread, added up in their order.
fn lesson(net: &Net, batch: &[(Rgb, Rgb)]) -> (f32, Net) {
    let one = |(small, large): &(Rgb, Rgb)| {
        let mut gradient = Net::zero();
        let loss = net.learn(small, |made| distance(made, large), &mut gradient);
        (loss, gradient)
    };
    let all: Vec<(f32, Net)> = batch.par_iter().map(one).collect();
    let share = 1.0 / batch.len() as f32;
    let mut gradient = Net::zero();
    for (_, part) in &all {
        gradient.0.iter_mut().zip(&part.0).for_each(|(sum, g)| *sum += g * share);
    }
    (all.iter().map(|a| a.0).sum::<f32>() * share, gradient)
}

/// Charbonnier's distance (a smooth mean of absolute differences) of values and of differences between neighbours, and how it
/// changes with each sample of `made`.
fn distance(made: &Rgb, wanted: &Rgb) -> (f32, Rgb) {
    let (w, h) = (made.width, made.height);
    let error: Vec<f32> = made.data.iter().zip(&wanted.data).map(|(a, b)| a - b).collect();
    let mut change = Rgb::new(w, h);
    let mut sum = 0.0;
    let mut smooth = |d: f32, share: f32| {
        let root = (d * d + 1e-6).sqrt();
        sum += root * share;
        d / root * share
    };
    let share = 1.0 / (w * h * 3) as f32;
    let (across, down) = (EDGES / 2.0 / ((w - 1) * h * 3) as f32, EDGES / 2.0 / (w * (h - 1) * 3) as f32);
    for (i, e) in error.iter().enumerate() {
        change.data[i] += smooth(*e, share);
        if (i / 3) % w + 1 < w {
            let g = smooth(error[i + 3] - e, across);
            change.data[i + 3] += g;
            change.data[i] -= g;
        }
        if i + w * 3 < error.len() {
            let g = smooth(error[i + w * 3] - e, down);
            change.data[i + w * 3] += g;
            change.data[i] -= g;
        }
    }
    (sum, change)
}

fn rate(plan: &Plan, step: usize) -> f32 {
    let warm = (step as f32 / WARM as f32).min(1.0);
    let done = step as f32 / plan.steps as f32;
    plan.rate * warm * (0.005 + 0.995 * 0.5 * (1.0 + (std::f32::consts::PI * done).cos()))
}

/// What the file says about itself.
fn facts(plan: &Plan, step: usize) -> Vec<(&'static str, String)> {
    vec![
        ("architecture", "SRVGGNetCompact".into()),
        ("scale", "2".into()),
        ("licence", "MIT OR Apache-2.0".into()),
        ("source", "pictures made by train_upscaler; no photographs".into()),
        ("seed", plan.seed.to_string()),
        ("steps", step.to_string()),
        ("pictures", plan.pictures.to_string()),
        ("batch", plan.batch.to_string()),
        ("rate", plan.rate.to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_grows_as_its_slope_says() {
        let picture = |k: f32| Rgb { width: 5, height: 4, data: (0..60).map(|i| (i as f32 * k).sin()).collect() };
        let (made, wanted) = (picture(0.7), picture(0.9));
        let (_, change) = distance(&made, &wanted);
        for at in [0, 17, 44, 59] {
            let value = |by: f32| {
                let mut moved = made.clone();
                moved.data[at] += by;
                distance(&moved, &wanted).0
            };
            let slope = (value(1e-2) - value(-1e-2)) / 2e-2;
            assert!((slope - change.data[at]).abs() < 2e-4, "{at}: {slope} {}", change.data[at]);
        }
    }

    #[test]
    fn a_few_steps_lower_the_loss_and_two_runs_are_alike() {
        let pool = Pool::make(3, 2).unwrap();
        let run = || {
            let mut rng = Rng::with_seed(3);
            let mut net = Net::new(&Weights::first(&mut rng));
            let mut adam = Adam::new();
            let batch = pool.batch(2, &mut rng);
            let mut seen = Vec::new();
            for _ in 0..6 {
                let (loss, gradient) = lesson(&net, &batch);
                adam.step(&mut net, &gradient, 1e-3);
                seen.push(loss);
            }
            seen
        };
        let seen = run();
        assert!(seen[5] < seen[0] * 0.97, "{seen:?}");
        assert_eq!(run(), seen);
    }
}
