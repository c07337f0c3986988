//! Which job runs next: a pure state machine over the table. It starts no thread and reads no clock; the manager carries out
//! its orders and tells it what came of them.

use super::{
    failure::{Ended, Failure, Retry},
    spec::{JobId, Lane, Lanes, Priority},
    table::{Job, Millis, Owner, Pause, Progress, State, Table, Wait},
    words,
};
use serde_json::Value;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

/// What the manager must do to a job's worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Give it to a worker.
    Start(JobId),
    /// Raise its stop flag.
    Stop(JobId),
    /// Raise its pause flag.
    Pause(JobId),
    /// Lower its pause flag.
    GoOn(JobId),
}

/// Lines of a job's log that are kept.
const LOG_LINES: usize = 100;

pub(super) struct Schedule {
    jobs: BTreeMap<JobId, Arc<Job>>,
    lanes: Lanes,
    retry: Retry,
    /// Our jobs that could run now, best first.
    ready: HashMap<Lane, BTreeSet<(Reverse<Priority>, JobId)>>,
    /// Our jobs that try again later.
    alarms: BTreeSet<(Millis, JobId)>,
    /// Who waits for whom.
    dependents: HashMap<JobId, Vec<JobId>>,
    /// Jobs that a worker has in its hands: running, paused or about to stop.
    held: HashSet<JobId>,
    /// Of those, the ones that were told to stop.
    cancelling: HashSet<JobId>,
    /// The program ends: what stops now is interrupted, not cancelled.
    closing: bool,
    running: HashMap<Lane, usize>,
    serial: u64,
    changed: BTreeSet<JobId>,
    orders: Vec<Order>,
}

impl Schedule {
    /// `serial` is the number that changes count up from.
    pub fn new(lanes: Lanes, retry: Retry, serial: u64) -> Self {
        Self {
            jobs: BTreeMap::new(),
            lanes,
            retry,
            ready: HashMap::new(),
            alarms: BTreeSet::new(),
            dependents: HashMap::new(),
            held: HashSet::new(),
            cancelling: HashSet::new(),
            closing: false,
            running: HashMap::new(),
            serial,
            changed: BTreeSet::new(),
            orders: Vec::new(),
        }
    }

    pub fn get(&self, id: JobId) -> Option<&Arc<Job>> {
        self.jobs.get(&id)
    }
    pub fn all(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.jobs.values()
    }
    pub fn table(&self) -> Table {
        Table::new(self.jobs.values().cloned().collect(), self.serial)
    }
    /// Jobs changed since the last call, to be written down and told.
    pub fn take_changed(&mut self) -> Vec<Arc<Job>> {
        let ids = std::mem::take(&mut self.changed);
        ids.iter().filter_map(|id| self.jobs.get(id).cloned()).collect()
    }
    pub fn take_orders(&mut self) -> Vec<Order> {
        std::mem::take(&mut self.orders)
    }
    /// No further attempt comes after so many runs.
    pub fn is_last(&self, attempts: u32) -> bool {
        self.retry.pause(attempts, 0.5).is_none()
    }
    pub fn next_alarm(&self) -> Option<Millis> {
        self.alarms.first().map(|(at, _)| *at)
    }
    /// No worker has anything of ours.
    pub fn is_idle(&self) -> bool {
        self.held.is_empty()
    }
    /// Something of ours is not over yet.
    pub fn is_busy(&self) -> bool {
        !self.held.is_empty() || !self.alarms.is_empty() || self.ready.values().any(|r| !r.is_empty()) || !self.dependents.is_empty()
    }

    /// A new job of ours, in state queued.
    pub fn add(&mut self, job: Job, now: Millis) {
        let id = job.id;
        self.jobs.insert(id, Arc::new(job));
        self.touch(id, |_| {});
        self.enqueue(id, now);
    }

    /// What another process says of a job; not ours to run.
    pub fn observe(&mut self, job: Job, now: Millis) {
        let id = job.id;
        if self.jobs.get(&id).is_some_and(|ours| ours.owner == Owner::Ours) {
            return;
        }
        self.jobs.insert(id, Arc::new(job));
        self.touch(id, |_| {});
        // told, but not ours to write down
        self.settle(id, now);
    }

    /// A job that is no longer in the journal.
    pub fn forget(&mut self, id: JobId) {
        if self.jobs.get(&id).is_some_and(|j| j.owner != Owner::Ours || j.state.is_over()) {
            self.jobs.remove(&id);
            self.changed.remove(&id);
            self.serial += 1;
        }
    }

    /// Take over a job whose program is gone; it then stands paused as ours.
    pub fn adopt(&mut self, id: JobId) {
        self.touch(id, |j| j.owner = Owner::Ours);
    }

    /// True when the job will stop or has stopped.
    pub fn cancel(&mut self, id: JobId, now: Millis) -> bool {
        let Some(job) = self.ours(id).filter(|j| !j.state.is_over()).cloned() else { return false };
        if self.held.contains(&id) {
            self.unready(&job);
            if self.cancelling.insert(id) {
                self.orders.push(Order::Stop(id));
                self.touch(id, |j| j.stopping = true);
            }
            return true;
        }
        self.unready(&job);
        self.end(id, State::Cancelled, now);
        true
    }

    pub fn pause(&mut self, id: JobId) -> bool {
        let Some(job) = self.ours(id).cloned() else { return false };
        match job.state {
            State::Queued | State::Waiting(_) => self.unready(&job),
            State::Running if !self.cancelling.contains(&id) => {
                self.leave_lane(job.lane);
                self.orders.push(Order::Pause(id));
            }
            _ => return false,
        }
        self.touch(id, |j| j.state = State::Paused(Pause::Asked));
        true
    }

    /// Let a paused or interrupted job of ours go on.
    pub fn resume(&mut self, id: JobId, now: Millis) -> bool {
        if !self.ours(id).is_some_and(|j| matches!(j.state, State::Paused(_))) {
            return false;
        }
        self.touch(id, |j| (j.state, j.failure) = (State::Queued, None));
        self.enqueue(id, now);
        true
    }

    /// Run a failed or cancelled job of ours again.
    pub fn retry(&mut self, id: JobId, now: Millis) -> bool {
        if self.held.contains(&id) || !self.ours(id).is_some_and(|j| matches!(j.state, State::Failed | State::Cancelled)) {
            return false;
        }
        self.touch(id, |j| {
            (j.state, j.failure, j.attempts, j.ended) = (State::Queued, None, 0, None);
            j.progress = Progress::default();
        });
        self.enqueue(id, now);
        true
    }

    /// Stop everything, keeping it for the next run of the program.
    pub fn close(&mut self) {
        self.closing = true;
        for id in self.held.iter().copied().collect::<Vec<_>>() {
            if !self.cancelling.contains(&id) {
                self.orders.push(Order::Stop(id));
            }
        }
        self.ready.clear();
        self.alarms.clear();
        let waiting: Vec<_> = self.jobs.values().filter(|j| j.owner == Owner::Ours && !j.state.is_over()).map(|j| j.id).collect();
        for id in waiting {
            if !self.held.contains(&id) {
                self.touch(id, |j| j.state = State::Paused(Pause::Interrupted));
            }
        }
    }

    pub fn progress(&mut self, id: JobId, progress: Progress) {
        if self.held.contains(&id) && self.jobs.get(&id).is_some_and(|j| j.progress != progress) {
            self.touch(id, |j| j.progress = progress);
        }
    }

    pub fn log(&mut self, id: JobId, line: String) {
        self.touch(id, |j| {
            let log = Arc::make_mut(&mut j.log);
            if log.len() == LOG_LINES {
                log.remove(0);
            }
            log.push(line);
        });
    }

    /// A worker gave a job back. `luck` 0–1 spreads the retries.
    pub fn ended(&mut self, id: JobId, how: Result<Value, Ended>, now: Millis, luck: f64) {
        if !self.held.remove(&id) {
            return;
        }
        let cancelled = self.cancelling.remove(&id);
        if cancelled {
            self.touch(id, |j| j.stopping = false);
        }
        let Some(job) = self.jobs.get(&id).cloned() else { return };
        match job.state {
            State::Running => self.leave_lane(job.lane),
            _ => self.unready(&job),
        }
        match how {
            Ok(result) => {
                self.touch(id, |j| {
                    j.result = Some(Arc::new(result));
                    (j.progress.fraction, j.progress.secs_left) = (1.0, None);
                });
                self.end(id, State::Completed, now);
            }
            Err(_) if cancelled => self.end(id, State::Cancelled, now),
            Err(Ended::Stopped) if self.closing => self.touch(id, |j| j.state = State::Paused(Pause::Interrupted)),
            Err(Ended::Stopped) => self.end(id, State::Cancelled, now),
            Err(Ended::Failed(f)) => self.failed(id, f, now, luck),
        }
    }

    fn failed(&mut self, id: JobId, f: Failure, now: Millis, luck: f64) {
        let attempts = self.jobs.get(&id).map_or(0, |j| j.attempts);
        let again = if f.retryable { self.retry.pause(attempts, luck) } else { None };
        self.touch(id, |j| j.failure = Some(f));
        match again {
            Some(_) if self.closing => self.touch(id, |j| j.state = State::Paused(Pause::Interrupted)),
            Some(pause) => {
                let at = now + u64::try_from(pause.as_millis()).unwrap_or(u64::MAX / 2);
                self.alarms.insert((at, id));
                self.touch(id, |j| j.state = State::Waiting(Wait::Retry(at)));
            }
            None => self.end(id, State::Failed, now),
        }
    }

    /// Ring the alarms that are due and fill the lanes.
    pub fn fill(&mut self, now: Millis) {
        while let Some(&(at, id)) = self.alarms.first().filter(|(at, _)| *at <= now) {
            self.alarms.remove(&(at, id));
            self.touch(id, |j| j.state = State::Queued);
            self.enqueue(id, now);
        }
        for lane in Lane::ALL {
            while !self.closing && self.running.get(&lane).copied().unwrap_or(0) < self.lanes.size(lane) {
                let Some((_, id)) = self.ready.get_mut(&lane).and_then(BTreeSet::pop_first) else { break };
                *self.running.entry(lane).or_default() += 1;
                let on_hold = !self.held.insert(id);
                self.orders.push(if on_hold { Order::GoOn(id) } else { Order::Start(id) });
                self.touch(id, |j| {
                    j.state = State::Running;
                    if !on_hold {
                        j.attempts += 1;
                        j.started = Some(now);
                    }
                });
            }
        }
    }

    fn ours(&self, id: JobId) -> Option<&Arc<Job>> {
        self.jobs.get(&id).filter(|j| j.owner == Owner::Ours)
    }

    fn leave_lane(&mut self, lane: Lane) {
        if let Some(n) = self.running.get_mut(&lane) {
            *n = n.saturating_sub(1);
        }
    }

    fn touch(&mut self, id: JobId, change: impl FnOnce(&mut Job)) {
        if let Some(job) = self.jobs.get_mut(&id) {
            self.serial += 1;
            let job = Arc::make_mut(job);
            change(job);
            job.serial = self.serial;
            self.changed.insert(id);
        }
    }

    fn unready(&mut self, job: &Job) {
        if let State::Waiting(Wait::Retry(at)) = job.state {
            self.alarms.remove(&(at, job.id));
        }
        if let Some(ready) = self.ready.get_mut(&job.lane) {
            ready.remove(&(Reverse(job.priority), job.id));
        }
    }

    /// Make a queued job ready, or let it wait for what comes before it, or end it with what ended badly.
    fn enqueue(&mut self, id: JobId, now: Millis) {
        let Some(job) = self.jobs.get(&id).cloned() else { return };
        for &before in &job.after {
            match self.jobs.get(&before).map(|b| &b.state) {
                Some(State::Completed) => {}
                Some(State::Cancelled) => return self.end(id, State::Cancelled, now),
                Some(State::Failed) | None => {
                    let words = words::predecessor_failed(before);
                    self.touch(id, |j| j.failure = Some(Failure::permanent(words)));
                    return self.end(id, State::Failed, now);
                }
                Some(_) => {
                    self.dependents.entry(before).or_default().push(id);
                    return self.touch(id, |j| j.state = State::Waiting(Wait::For(before)));
                }
            }
        }
        self.ready.entry(job.lane).or_default().insert((Reverse(job.priority), id));
    }

    fn end(&mut self, id: JobId, state: State, now: Millis) {
        self.touch(id, |j| (j.state, j.ended) = (state, Some(now)));
        self.settle(id, now);
    }

    /// A job is over: those that wait for it look again.
    fn settle(&mut self, id: JobId, now: Millis) {
        if !self.jobs.get(&id).is_some_and(|j| j.state.is_over()) {
            return;
        }
        for waiting in self.dependents.remove(&id).unwrap_or_default() {
            if self.jobs.get(&waiting).is_some_and(|j| j.state == State::Waiting(Wait::For(id))) {
                self.touch(waiting, |j| j.state = State::Queued);
                self.enqueue(waiting, now);
            }
        }
    }
}
