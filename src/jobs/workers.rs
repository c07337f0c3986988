//! The workers' threads, by lane, and how often the manager may do what costs time. Threads are started when they are first needed
//! and stay; an idle one waits for its lane's channel.

use super::{
    context::{Task, perform},
    manager::Message,
    spec::Lane,
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    collections::HashMap,
    io, thread,
    time::{Duration, Instant},
};

/// Publishing and writing may each take one part in so many of the manager's time: with few jobs both happen at once, with tens
/// of thousands some milliseconds' changes go together.
const SHARE: u32 = 5;

/// Keeps something that costs time to its share of it.
pub(super) struct Pace {
    ended: Instant,
    took: Duration,
}

impl Pace {
    pub fn new() -> Self {
        Self { ended: Instant::now(), took: Duration::ZERO }
    }
    /// Time since it was done.
    pub fn since(&self) -> Duration {
        self.ended.elapsed()
    }
    /// Time until it may be done again.
    pub fn wait(&self) -> Duration {
        (self.took * (SHARE - 1)).saturating_sub(self.ended.elapsed())
    }
    /// It was done, from then until now.
    pub fn done(&mut self, began: Instant) {
        (self.ended, self.took) = (Instant::now(), began.elapsed());
    }
}

pub(super) struct Workers {
    lanes: HashMap<Lane, WorkerLane>,
    out: Sender<Message>,
}

/// Threads of one lane. There are as many as jobs in hand, at least: a paused job keeps its thread, but not its place.
struct WorkerLane {
    tasks: Sender<Task>,
    queue: Receiver<Task>,
    threads: usize,
    in_hand: usize,
}

impl Workers {
    pub fn new(out: Sender<Message>) -> Self {
        Self { lanes: HashMap::new(), out }
    }

    /// Have a task done.
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn give(&mut self, lane: Lane, task: Task) -> io::Result<()> {
        let name = lane.as_str();
        let lane = self.lanes.entry(lane).or_insert_with(|| {
            let (tasks, queue) = unbounded();
            WorkerLane { tasks, queue, threads: 0, in_hand: 0 }
        });
        if lane.in_hand == lane.threads {
            let (queue, out) = (lane.queue.clone(), self.out.clone());
            let work = move || {
                for task in queue {
                    perform(&task, &out);
                }
            };
            match thread::Builder::new().name(format!("{name} job {}", lane.threads)).spawn(work) {
                Ok(_) => lane.threads += 1,
                // the task waits for a thread of its lane that comes free
                Err(e) if lane.threads > 0 => tracing::warn!("no further thread for jobs: {e}"),
                Err(e) => return Err(e),
            }
        }
        lane.in_hand += 1;
        let _ = lane.tasks.send(task);
        Ok(())
    }

    /// A worker has no more to do with one of them.
    pub fn given_back(&mut self, lane: Lane) {
        if let Some(lane) = self.lanes.get_mut(&lane) {
            lane.in_hand = lane.in_hand.saturating_sub(1);
        }
    }
}
