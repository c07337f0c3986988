//! How far long work on pictures is: its share, its rate over the last seconds, the time left. Owned by the thread that does the work.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

/// How often progress is told.
const TELL: Duration = Duration::from_millis(100);

/// How far an export or a proxy is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExportProgress {
    /// 0–1.
    pub fraction: f32,
    /// Over the last seconds; 0 while not known. For sound alone, in frames of the sequence too.
    pub frames_per_sec: f32,
    pub secs_left: Option<f32>,
}

/// Tells progress at a bearable pace.
pub(super) struct Teller<'a> {
    total: i64,
    started: Instant,
    told: Instant,
    /// Frames of an earlier run.
    before: i64,
    /// Moments and frame counts of the last seconds.
    recent: VecDeque<(Instant, i64)>,
    to: &'a mut dyn FnMut(ExportProgress),
}

impl<'a> Teller<'a> {
    pub fn new(total: i64, to: &'a mut dyn FnMut(ExportProgress)) -> Self {
        let now = Instant::now();
        Self { total: total.max(1), started: now, told: now, before: 0, recent: VecDeque::from([(now, 0)]), to }
    }

    /// So much was done by an earlier run: it counts as done, but not for the rate.
    pub fn resume(&mut self, done: i64) {
        self.before = done;
        self.recent = VecDeque::from([(self.started, done)]);
    }

    pub fn tell(&mut self, done: i64) {
        if self.told.elapsed() < TELL {
            return;
        }
        let now = Instant::now();
        self.told = now;
        self.recent.push_back((now, done));
        while self.recent.len() > 2 && now - self.recent[0].0 > Duration::from_secs(3) {
            self.recent.pop_front();
        }
        let (since, before) = self.recent[0];
        let rate = (done - before) as f32 / (now - since).as_secs_f32().max(1e-3);
        let overall = (done - self.before) as f32 / (now - self.started).as_secs_f32().max(1e-3);
        // the last hundredth belongs to the end of the file
        let fraction = 0.99 * done as f32 / self.total as f32;
        (self.to)(ExportProgress {
            fraction,
            frames_per_sec: rate,
            secs_left: (overall > 0.0).then(|| (self.total - done) as f32 / overall),
        });
    }

    pub fn done(&mut self) {
        let rate = (self.total - self.before) as f32 / self.started.elapsed().as_secs_f32().max(1e-3);
        (self.to)(ExportProgress { fraction: 1.0, frames_per_sec: rate, secs_left: Some(0.0) });
    }
}
