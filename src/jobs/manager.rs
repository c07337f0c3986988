//! The thread that owns the jobs: it takes messages from faces and workers, lets the schedule decide, writes the journal and
//! publishes the table. It sleeps until somebody says something, a retry is due, or (while jobs are under way or somebody
//! watches) it is time to look what other programs wrote.

mod others;

use super::{
    context::{FromWorker, JobContext, Runner, Signals, Task, Told},
    failure::{Ended, Failure},
    journal::{Entered, Journal, Request},
    schedule::{Order, Schedule},
    spec::{BatchId, JobId, JobSpec, Kind},
    table::{Job, Millis, Owner, State, Table},
    words, work,
    workers::{Pace, Workers},
};
use crate::base::Trouble;
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, RwLock, atomic::Ordering},
    time::{Duration, Instant, SystemTime},
};

/// How often to look what other programs wrote, while that can matter.
const LOOK: Duration = Duration::from_millis(250);
/// How often progress alone is told, and how often it is written down: a job may tell it a thousand times a second.
const TELL_PROGRESS: Duration = Duration::from_millis(50);
const WRITE_PROGRESS: Duration = Duration::from_millis(500);
/// Messages taken in one go before the table is published again.
const BURST: usize = 4096;

/// What is asked of the manager.
pub(super) enum Message {
    Submit(Vec<JobSpec>, bool, Sender<Result<Submitted, Trouble>>),
    Ask(JobId, Request, Sender<bool>),
    /// Drop ended jobs: these, or all.
    Clear(Option<BTreeSet<JobId>>),
    /// Read what other programs wrote.
    Look(Sender<()>),
    Worker(FromWorker),
    Watch(u64, Arc<dyn Fn() + Send + Sync>, bool),
    Unwatch(u64),
    Close(Duration, Sender<()>),
}

/// What came of a submission: a number for each spec, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub ids: Vec<JobId>,
    /// Which of them were there already: under way, or done with a result that is still good.
    pub existing: BTreeSet<JobId>,
    pub batch: Option<BatchId>,
}

/// The table as last published. Written by the manager's thread, read by faces for the time of one clone: the one lock of
/// this room, because a face must be able to read at any moment without asking the manager's thread.
pub(super) type Published = Arc<RwLock<Table>>;

pub(super) struct Manager {
    schedule: Schedule,
    journal: Journal,
    runners: HashMap<Kind, Arc<dyn Runner>>,
    signals: HashMap<JobId, Arc<Signals>>,
    work: PathBuf,
    workers: Workers,
    inbox: Receiver<Message>,
    to_self: Sender<Message>,
    published: Published,
    watchers: HashMap<u64, Watcher>,
    unwritten: BTreeMap<JobId, Arc<Job>>,
    /// Of ended jobs: they go when it is written down that the jobs have ended.
    unneeded: Vec<PathBuf>,
    /// Submissions of this burst: entered in one transaction, answered when the table has them.
    submits: Vec<Submission>,
    answers: Vec<(Sender<Result<Submitted, Trouble>>, Submitted)>,
    /// A state has changed that nobody was told of, or that is not written down.
    told_late: bool,
    written_late: bool,
    told: Pace,
    written: Pace,
    last_look: Instant,
    last_census: Instant,
    close: Option<(Instant, Sender<()>)>,
}

/// Specs, whether they are a batch, and who waits for the answer.
type Submission = (Vec<JobSpec>, bool, Sender<Result<Submitted, Trouble>>);

/// Who is told of each change.
struct Watcher {
    wake: Arc<dyn Fn() + Send + Sync>,
    /// Other programs' jobs matter to it.
    others: bool,
}

/// What the manager starts with.
pub(super) struct Parts {
    pub schedule: Schedule,
    pub journal: Journal,
    pub runners: HashMap<Kind, Arc<dyn Runner>>,
    pub work: PathBuf,
    pub inbox: Receiver<Message>,
    pub to_self: Sender<Message>,
    pub published: Published,
}

impl Manager {
    pub fn new(parts: Parts) -> Self {
        let now = Instant::now();
        let Parts { schedule, journal, runners, work, inbox, to_self, published } = parts;
        Self {
            schedule,
            journal,
            runners,
            signals: HashMap::new(),
            work,
            workers: Workers::new(to_self.clone()),
            inbox,
            to_self,
            published,
            watchers: HashMap::new(),
            unwritten: BTreeMap::new(),
            unneeded: Vec::new(),
            submits: Vec::new(),
            answers: Vec::new(),
            told_late: false,
            written_late: false,
            told: Pace::new(),
            written: Pace::new(),
            last_look: now,
            last_census: now,
            close: None,
        }
    }

    /// Until closed.
    pub fn run(mut self) {
        self.look_at_others(true);
        self.sweep();
        loop {
            match self.inbox.recv_timeout(self.patience()) {
                Ok(first) => {
                    let mut taken = 0;
                    let mut next = Some(first);
                    while let Some(message) = next {
                        self.take(message);
                        taken += 1;
                        next = if taken < BURST { self.inbox.try_recv().ok() } else { None };
                    }
                    self.enter();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look_at_others(false);
            self.schedule.fill(now());
            self.carry_out();
            self.tell();
            self.answer();
            if let Some((end, done)) = self.close.clone()
                && (self.schedule.is_idle() || Instant::now() >= end)
            {
                self.write();
                let _ = done.send(());
                return;
            }
        }
    }

    /// How long nothing need happen without a message.
    fn patience(&self) -> Duration {
        let mut wait = Duration::from_secs(3600);
        if let Some(at) = self.schedule.next_alarm() {
            wait = wait.min(Duration::from_millis(at.saturating_sub(now())));
        }
        if self.must_look() {
            wait = wait.min(LOOK.saturating_sub(self.last_look.elapsed()));
        }
        if !self.unwritten.is_empty() {
            wait = wait.min(TELL_PROGRESS);
        }
        if self.told_late {
            wait = wait.min(self.told.wait());
        }
        if self.written_late {
            wait = wait.min(self.written.wait());
        }
        if let Some((end, _)) = &self.close {
            wait = wait.min(end.saturating_duration_since(Instant::now()));
        }
        wait
    }

    /// Whether what other programs write can matter: they may want something of our jobs, or somebody looks at theirs.
    fn must_look(&self) -> bool {
        self.schedule.is_busy() || self.watchers.values().any(|w| w.others)
    }

    fn take(&mut self, message: Message) {
        // what was asked first is done first
        if !matches!(message, Message::Submit(..) | Message::Worker(_)) {
            self.enter();
        }
        match message {
            Message::Submit(specs, batched, reply) => self.submits.push((specs, batched, reply)),
            Message::Ask(id, what, reply) => {
                let _ = reply.send(self.ask(id, what));
            }
            Message::Clear(which) => self.clear(which),
            Message::Look(reply) => {
                self.look_at_others(true);
                self.publish();
                let _ = reply.send(());
            }
            Message::Worker(FromWorker::Told(id, Told::Progress(p))) => self.schedule.progress(id, p),
            Message::Worker(FromWorker::Told(id, Told::Log(line))) => self.schedule.log(id, line),
            Message::Worker(FromWorker::Ended(id, how)) => self.ended(id, how),
            Message::Watch(id, wake, others) => {
                self.watchers.insert(id, Watcher { wake, others });
            }
            Message::Unwatch(id) => {
                self.watchers.remove(&id);
            }
            Message::Close(grace, done) => {
                self.schedule.close();
                self.close = Some((Instant::now() + grace, done));
            }
        }
    }

    /// Enter what was submitted, all in one transaction.
    fn enter(&mut self) {
        let mut submits = std::mem::take(&mut self.submits);
        submits.retain(|(specs, _, reply)| {
            let strange = specs.iter().find(|s| !self.runners.contains_key(&s.kind));
            if let Some(s) = strange {
                let _ = reply.send(Err(words::no_runner(s.kind.as_str())));
            }
            strange.is_none()
        });
        if submits.is_empty() {
            return;
        }
        // what they depend on may be of another program
        if submits.iter().flat_map(|s| &s.0).flat_map(|s| &s.after).any(|id| self.schedule.get(*id).is_none()) {
            self.look_at_others(true);
        }
        // an earlier job with the same key must be found as it is now
        if submits.iter().flat_map(|s| &s.0).any(|s| s.key.is_some()) {
            self.write();
        }
        let runners = &self.runners;
        let good = |job: &Job| match (runners.get(&job.kind), &job.result) {
            (Some(runner), Some(result)) => runner.still_good(result),
            _ => false,
        };
        let (groups, replies): (Vec<_>, Vec<_>) = submits.into_iter().map(|(specs, batched, reply)| ((specs, batched), reply)).unzip();
        match self.journal.enter(groups, now(), &good) {
            Ok(entered) => {
                for ((entries, batch), reply) in entered.into_iter().zip(replies) {
                    let submitted = self.entered(entries, batch);
                    self.answers.push((reply, submitted));
                }
            }
            Err(e) => replies.iter().for_each(|reply| {
                let _ = reply.send(Err(words::not_entered(&e)));
            }),
        }
    }

    fn entered(&mut self, entries: Vec<Entered>, batch: Option<BatchId>) -> Submitted {
        let mut submitted = Submitted { ids: Vec::with_capacity(entries.len()), existing: BTreeSet::new(), batch };
        for entry in entries {
            let id = match entry {
                Entered::New(job) => {
                    let id = job.id;
                    self.schedule.add(*job, now());
                    id
                }
                Entered::Existing(id) => {
                    submitted.existing.insert(id);
                    if self.schedule.get(id).is_none() {
                        self.look_at_others(true);
                    }
                    id
                }
                Entered::Adopted(job) => {
                    let id = job.id;
                    submitted.existing.insert(id);
                    // what we knew of it may be from when its program still ran
                    self.schedule.observe(*job, now());
                    self.schedule.adopt(id);
                    self.schedule.resume(id, now());
                    id
                }
            };
            submitted.ids.push(id);
        }
        submitted
    }

    /// Answer submissions; whoever looks at the table after the answer finds the jobs in it.
    fn answer(&mut self) {
        if self.answers.is_empty() {
            return;
        }
        if self.told_late {
            self.publish();
        }
        for (reply, submitted) in self.answers.drain(..) {
            let _ = reply.send(Ok(submitted));
        }
    }

    fn act(&mut self, id: JobId, what: Request) -> bool {
        match what {
            Request::Cancel => self.schedule.cancel(id, now()),
            Request::Pause => self.schedule.pause(id),
            Request::Resume => self.schedule.resume(id, now()),
            Request::Retry => self.schedule.retry(id, now()) || self.schedule.resume(id, now()),
        }
    }

    fn clear(&mut self, which: Option<BTreeSet<JobId>>) {
        let table = self.schedule.table();
        let ended = table.jobs().iter().filter(|j| j.state.is_over()).map(|j| j.id);
        let ids: BTreeSet<_> = ended.filter(|id| which.as_ref().is_none_or(|w| w.contains(id))).collect();
        self.write();
        match self.journal.drop_ended(&ids) {
            Ok(()) => ids.iter().for_each(|id| self.schedule.forget(*id)),
            Err(e) => tracing::warn!("ended jobs could not be dropped: {e}"),
        }
        self.publish();
    }

    fn ended(&mut self, id: JobId, how: Result<serde_json::Value, Ended>) {
        self.signals.remove(&id);
        let Some(job) = self.schedule.get(id).cloned() else { return };
        self.workers.given_back(job.lane);
        self.schedule.ended(id, how, now(), fastrand::f64());
    }

    fn carry_out(&mut self) {
        // starting a job can fail and end it, which can order more
        loop {
            let orders = self.schedule.take_orders();
            if orders.is_empty() {
                return;
            }
            for order in orders {
                match order {
                    Order::Start(id) => self.start(id),
                    Order::Stop(id) => self.signal(id, |s| s.stop.store(true, Ordering::Relaxed)),
                    Order::Pause(id) => self.signal(id, |s| s.pause.store(true, Ordering::Relaxed)),
                    Order::GoOn(id) => self.signal(id, |s| s.pause.store(false, Ordering::Relaxed)),
                }
            }
            self.schedule.fill(now());
        }
    }

    fn signal(&self, id: JobId, give: impl FnOnce(&Signals)) {
        if let Some(signals) = self.signals.get(&id) {
            give(signals);
        }
    }

    fn start(&mut self, id: JobId) {
        let Some(job) = self.schedule.get(id).cloned() else { return };
        let Some(runner) = self.runners.get(&job.kind).cloned() else {
            let failure = Failure::permanent(words::no_runner(job.kind.as_str()));
            return self.schedule.ended(id, Err(Ended::Failed(failure)), now(), 0.0);
        };
        let folder = work::folder(&self.work, &job);
        if self.unneeded.contains(&folder) {
            // the last run's folder goes before this one begins in it
            self.write();
        }
        let signals = Arc::new(Signals::default());
        self.signals.insert(id, signals.clone());
        let tell = self.to_self.clone();
        let cx = JobContext {
            id,
            signals,
            tell: Box::new(move |told| {
                let _ = tell.send(Message::Worker(FromWorker::Told(id, told)));
            }),
            work_dir: folder,
            attempt: job.attempts,
            last: self.schedule.is_last(job.attempts),
        };
        let task = Task { cx, params: job.params.clone(), runner };
        if let Err(e) = self.workers.give(job.lane, task) {
            let failure = Failure::transient(words::no_thread(&e));
            self.schedule.ended(id, Err(Ended::Failed(failure)), now(), fastrand::f64());
        }
    }

    /// Publish what changed, and write down what is ours: soon where a state changed, now and then where only progress did.
    fn tell(&mut self) {
        for job in self.schedule.take_changed() {
            let urgent = job.state != State::Running
                || self.unwritten.get(&job.id).is_none_or(|u| (&u.state, u.stopping) != (&job.state, job.stopping));
            (self.told_late, self.written_late) = (self.told_late || urgent, self.written_late || urgent);
            if job.owner == Owner::Ours && matches!(job.state, State::Completed | State::Cancelled) {
                self.unneeded.push(work::folder(&self.work, &job));
            }
            self.unwritten.insert(job.id, job);
        }
        if self.unwritten.is_empty() && !self.told_late {
            return;
        }
        let due = |late: bool, pace: &Pace, seldom: Duration| pace.wait().is_zero() && (late || pace.since() >= seldom);
        if due(self.told_late, &self.told, TELL_PROGRESS) {
            self.publish();
        }
        if due(self.written_late, &self.written, WRITE_PROGRESS) {
            self.write();
        }
    }

    fn publish(&mut self) {
        let began = Instant::now();
        let table = self.schedule.table();
        // a reader cannot panic while it clones; were it poisoned, the value is whole all the same
        let old = std::mem::replace(&mut *self.published.write().unwrap_or_else(std::sync::PoisonError::into_inner), table);
        // outside of the lock: it may be the last to hold ten thousand rows
        drop(old);
        self.told_late = false;
        self.told.done(began);
        for watcher in self.watchers.values() {
            (watcher.wake)();
        }
    }

    /// Write down how our jobs stand. That a job has ended is written before its work folder goes: a crash in between finds
    /// either the folder to go on from, or the end.
    fn write(&mut self) {
        let began = Instant::now();
        let jobs = std::mem::take(&mut self.unwritten);
        let ours: Vec<_> = jobs.values().filter(|j| j.owner == Owner::Ours).map(Arc::as_ref).collect();
        self.written_late = false;
        if ours.is_empty() {
            return;
        }
        let written = self.journal.write(ours);
        self.written.done(began);
        if let Err(e) = written {
            // the jobs go on; only a crash right now would find an older state. Tried again with the next progress or change
            tracing::warn!("the list of jobs could not be written: {e}");
            self.unwritten = jobs;
            return;
        }
        self.unneeded.drain(..).for_each(|folder| work::put_away(&folder));
    }
}

pub(super) fn now() -> Millis {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
}
