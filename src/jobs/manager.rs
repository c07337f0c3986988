//! The thread that owns the jobs: it takes messages from faces and workers, lets the schedule decide, writes the journal and
//! publishes the table. It sleeps until somebody says something, a retry is due, or (while jobs are under way or somebody
//! watches) it is time to look what other programs wrote.

use super::{
    context::{FromWorker, JobContext, Runner, Signals, Task, Told, perform},
    failure::{Ended, Failure},
    journal::{Entered, Journal, Request},
    schedule::{Order, Schedule},
    spec::{BatchId, JobId, JobSpec, Kind, Lane},
    table::{Job, Millis, Owner, State, Table},
    words,
};
use crate::base::Trouble;
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, RwLock, atomic::Ordering},
    thread,
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
    lanes: HashMap<Lane, WorkerLane>,
    inbox: Receiver<Message>,
    to_self: Sender<Message>,
    published: Published,
    watchers: HashMap<u64, Watcher>,
    unwritten: BTreeMap<JobId, Arc<Job>>,
    last_told: Instant,
    last_written: Instant,
    last_look: Instant,
    close: Option<(Instant, Sender<()>)>,
}

/// Who is told of each change.
struct Watcher {
    wake: Arc<dyn Fn() + Send + Sync>,
    /// Other programs' jobs matter to it.
    others: bool,
}

/// Threads of one lane. There are as many as jobs in hand, at least: a paused job keeps its thread, but not its place.
struct WorkerLane {
    tasks: Sender<Task>,
    queue: Receiver<Task>,
    threads: usize,
    in_hand: usize,
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
            lanes: HashMap::new(),
            inbox,
            to_self,
            published,
            watchers: HashMap::new(),
            unwritten: BTreeMap::new(),
            last_told: now,
            last_written: now,
            last_look: now,
            close: None,
        }
    }

    /// Until closed.
    pub fn run(mut self) {
        self.look_at_others(true);
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
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.look_at_others(false);
            self.schedule.fill(now());
            self.carry_out();
            self.tell();
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
        match message {
            Message::Submit(specs, batched, reply) => {
                let _ = reply.send(self.submit(specs, batched));
            }
            Message::Ask(id, what, reply) => {
                let _ = reply.send(self.ask(id, what));
            }
            Message::Clear(which) => self.clear(which),
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

    fn submit(&mut self, specs: Vec<JobSpec>, batched: bool) -> Result<Submitted, Trouble> {
        if let Some(strange) = specs.iter().find(|s| !self.runners.contains_key(&s.kind)) {
            return Err(words::no_runner(strange.kind.as_str()));
        }
        // dependencies on jobs that only the journal knows must be known to the schedule
        self.look_at_others(true);
        let runners = &self.runners;
        let good = |job: &Job| match (runners.get(&job.kind), &job.result) {
            (Some(runner), Some(result)) => runner.still_good(result),
            _ => false,
        };
        let (entered, batch) = self.journal.enter(specs, batched, now(), &good).map_err(|e| words::not_entered(&e))?;
        let mut submitted = Submitted { ids: Vec::with_capacity(entered.len()), existing: BTreeSet::new(), batch };
        for entry in entered {
            let id = match entry {
                Entered::New(job) => {
                    let id = job.id;
                    self.schedule.add(*job, now());
                    id
                }
                Entered::Existing(id) => {
                    submitted.existing.insert(id);
                    id
                }
                Entered::Adopted(id) => {
                    submitted.existing.insert(id);
                    self.look_at_others(true);
                    self.schedule.adopt(id);
                    self.schedule.resume(id, now());
                    id
                }
            };
            submitted.ids.push(id);
        }
        Ok(submitted)
    }

    /// Do what is asked where the job is ours or nobody's; else ask its owner.
    fn ask(&mut self, id: JobId, what: Request) -> bool {
        let Some(owner) = self.schedule.get(id).map(|j| j.owner) else { return false };
        match owner {
            Owner::Ours => self.act(id, what),
            Owner::Other => self.journal.ask(id, what).is_ok(),
            Owner::Gone => {
                if !self.journal.adopt(id).unwrap_or(false) {
                    return false;
                }
                self.schedule.adopt(id);
                self.act(id, what)
            }
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
        if let Some(lane) = self.lanes.get_mut(&job.lane) {
            lane.in_hand = lane.in_hand.saturating_sub(1);
        }
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
        let signals = Arc::new(Signals::default());
        self.signals.insert(id, signals.clone());
        let tell = self.to_self.clone();
        let cx = JobContext {
            id,
            signals,
            tell: Box::new(move |told| {
                let _ = tell.send(Message::Worker(FromWorker::Told(id, told)));
            }),
            work_dir: work_dir(&self.work, &job),
            attempt: job.attempts,
        };
        let task = Task { cx, params: job.params.clone(), runner };
        let lane = self.lanes.entry(job.lane).or_insert_with(|| {
            let (tasks, queue) = unbounded();
            WorkerLane { tasks, queue, threads: 0, in_hand: 0 }
        });
        if lane.in_hand == lane.threads {
            let (queue, out) = (lane.queue.clone(), self.to_self.clone());
            let name = format!("{} job {}", job.lane.as_str(), lane.threads);
            let work = move || {
                for task in queue {
                    perform(&task, &out);
                }
            };
            match thread::Builder::new().name(name).spawn(work) {
                Ok(_) => lane.threads += 1,
                // the task waits for a thread of its lane that comes free
                Err(e) if lane.threads > 0 => tracing::warn!("no further thread for jobs: {e}"),
                Err(e) => {
                    let failure = Failure::transient(words::no_thread(&e));
                    return self.schedule.ended(id, Err(Ended::Failed(failure)), now(), fastrand::f64());
                }
            }
        }
        lane.in_hand += 1;
        let _ = lane.tasks.send(task);
    }

    /// Take in what other programs wrote: their jobs' states, their wishes, and jobs whose program has died.
    fn look_at_others(&mut self, at_once: bool) {
        if !at_once && (!self.must_look() || self.last_look.elapsed() < LOOK) {
            return;
        }
        self.last_look = Instant::now();
        if !at_once && !self.journal.others_wrote() {
            return;
        }
        match self.journal.requests() {
            Ok(asked) => {
                for (id, what) in asked {
                    self.act(id, what);
                }
            }
            Err(e) => tracing::warn!("wishes of other programs cannot be read: {e}"),
        }
        let rows = match self.journal.all() {
            Ok(rows) => rows,
            Err(e) => return tracing::warn!("the list of jobs cannot be read: {e}"),
        };
        let there: BTreeSet<_> = rows.iter().map(|j| j.id).collect();
        for job in rows {
            let known = self.schedule.get(job.id);
            if job.owner != Owner::Ours && known.is_none_or(|k| k.owner != Owner::Ours && differs(k, &job)) {
                self.schedule.observe(job, now());
            }
        }
        let gone: Vec<_> = self.schedule.table().jobs().iter().map(|j| j.id).filter(|id| !there.contains(id)).collect();
        for id in gone {
            self.schedule.forget(id);
        }
    }

    /// Publish what changed, and write down what is ours: at once where a state changed, now and then where only progress did.
    fn tell(&mut self) {
        let mut urgent = false;
        for job in self.schedule.take_changed() {
            urgent |= self.unwritten.get(&job.id).is_none_or(|u| u.state != job.state) || job.state != State::Running;
            if job.state.is_over() && job.state != State::Failed && job.owner == Owner::Ours {
                let _ = std::fs::remove_dir_all(work_dir(&self.work, &job));
            }
            self.unwritten.insert(job.id, job);
        }
        if self.unwritten.is_empty() {
            return;
        }
        if urgent || self.last_told.elapsed() >= TELL_PROGRESS {
            self.last_told = Instant::now();
            self.publish();
        }
        if urgent || self.last_written.elapsed() >= WRITE_PROGRESS {
            self.write();
        }
    }

    fn publish(&self) {
        let table = self.schedule.table();
        // a reader cannot panic while it clones; were it poisoned, the value is whole all the same
        *self.published.write().unwrap_or_else(std::sync::PoisonError::into_inner) = table;
        for watcher in self.watchers.values() {
            (watcher.wake)();
        }
    }

    fn write(&mut self) {
        let jobs = std::mem::take(&mut self.unwritten);
        let ours: Vec<_> = jobs.values().filter(|j| j.owner == Owner::Ours).map(Arc::as_ref).collect();
        if ours.is_empty() {
            return;
        }
        self.last_written = Instant::now();
        if let Err(e) = self.journal.write(ours) {
            // the jobs go on; only a crash right now would find an older state
            tracing::warn!("the list of jobs could not be written: {e}");
        }
    }
}

/// Whether another program's job looks different from what we know of it.
fn differs(known: &Job, read: &Job) -> bool {
    let mut same = read.clone();
    same.serial = known.serial;
    *known != same
}

/// The folder of a job: by its key, so that the same work finds what an earlier try has finished.
fn work_dir(work: &std::path::Path, job: &Job) -> PathBuf {
    match &job.key {
        Some(key) => work.join(key.as_str()),
        None => work.join(format!("job-{}", job.id)),
    }
}

pub(super) fn now() -> Millis {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
}
