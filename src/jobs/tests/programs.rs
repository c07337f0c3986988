//! Random programs of submissions, wishes and endings on the schedule: no job is lost, none runs twice, what it depends on comes
//! first, a lane is never fuller than it is and never idle while something could run.

use super::super::{
    failure::{Ended, Failure, Retry},
    schedule::{Order, Schedule},
    spec::{JobId, Kind, Lane, Lanes, Priority},
    table::{Job, Owner, Pause, Progress, State},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

const LANES: Lanes = Lanes { cpu: 2, gpu: 1, io: 2 };

#[derive(Clone, Debug)]
enum Op {
    Add {
        lane: usize,
        priority: usize,
        after: Vec<usize>,
    },
    Cancel(usize),
    Pause(usize),
    Resume(usize),
    Retry(usize),
    /// The worker of the n-th job in hand ends like this: well, passing, for good, stopped.
    End(usize, u8),
    Pass(u64),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..3usize, 0..3usize, prop::collection::vec(any::<usize>(), 0..3)).prop_map(|(lane, priority, after)| Op::Add { lane, priority, after }),
        1 => any::<usize>().prop_map(Op::Cancel),
        1 => any::<usize>().prop_map(Op::Pause),
        1 => any::<usize>().prop_map(Op::Resume),
        1 => any::<usize>().prop_map(Op::Retry),
        5 => (any::<usize>(), 0..4u8).prop_map(|(n, how)| Op::End(n, how)),
        2 => (1..3000u64).prop_map(Op::Pass),
    ]
}

struct World {
    schedule: Schedule,
    now: u64,
    ids: Vec<JobId>,
    /// Jobs that workers have in hand.
    hands: BTreeSet<JobId>,
    completed: BTreeMap<JobId, u32>,
}

impl World {
    fn new() -> Self {
        let retry = Retry { pauses: [1, 2, 4].map(Duration::from_secs).to_vec(), jitter: 0.2 };
        Self { schedule: Schedule::new(LANES, retry, 0), now: 0, ids: Vec::new(), hands: BTreeSet::new(), completed: BTreeMap::new() }
    }

    fn pick(&self, n: usize) -> Option<JobId> {
        (!self.ids.is_empty()).then(|| self.ids[n % self.ids.len()])
    }

    fn job(&self, id: JobId) -> Arc<Job> {
        self.schedule.get(id).cloned().expect("no job is ever lost")
    }

    fn add(&mut self, lane: usize, priority: usize, after: &[usize]) {
        let id = JobId(self.ids.len() as u64 + 1);
        let after = after.iter().filter_map(|n| self.pick(*n)).collect();
        let job = Job {
            id,
            kind: Kind::named("x"),
            subject: String::new(),
            params: Arc::default(),
            key: None,
            lane: Lane::ALL[lane],
            priority: [Priority::Background, Priority::Normal, Priority::Urgent][priority],
            after,
            batch: None,
            asked: true,
            state: State::Queued,
            stopping: false,
            progress: Progress::default(),
            attempts: 0,
            created: self.now,
            started: None,
            ended: None,
            result: None,
            failure: None,
            log: Arc::default(),
            owner: Owner::Ours,
            serial: 0,
        };
        self.ids.push(id);
        self.schedule.add(job, self.now);
    }

    fn end(&mut self, id: JobId, how: u8) {
        self.hands.remove(&id);
        let failure = |retryable| Ended::Failed(Failure { text: "x".into(), hint: None, retryable });
        let how: Result<Value, Ended> = match how {
            0 => Ok(json!(1)),
            1 => Err(failure(true)),
            2 => Err(failure(false)),
            _ => Err(Ended::Stopped),
        };
        self.schedule.ended(id, how, self.now, 0.5);
        if self.job(id).state == State::Completed {
            *self.completed.entry(id).or_default() += 1;
        }
    }

    fn act(&mut self, op: &Op) {
        match op {
            Op::Add { lane, priority, after } => self.add(*lane, *priority, after),
            Op::Cancel(n) => drop(self.pick(*n).map(|id| self.schedule.cancel(id, self.now))),
            Op::Pause(n) => drop(self.pick(*n).map(|id| self.schedule.pause(id))),
            Op::Resume(n) => drop(self.pick(*n).map(|id| self.schedule.resume(id, self.now))),
            Op::Retry(n) => drop(self.pick(*n).map(|id| self.schedule.retry(id, self.now))),
            Op::End(n, how) => {
                if let Some(id) = self.hands.iter().nth(n % self.hands.len().max(1)).copied() {
                    self.end(id, *how);
                }
            }
            Op::Pass(ms) => self.now += ms,
        }
        self.schedule.fill(self.now);
        for order in self.schedule.take_orders() {
            match order {
                Order::Start(id) => {
                    assert!(self.hands.insert(id), "{id} runs twice at a time");
                    assert!(!self.completed.contains_key(&id), "{id} runs again after it completed");
                    let job = self.job(id);
                    assert!(job.after.iter().all(|on| self.job(*on).state == State::Completed), "{id} runs before what it depends on");
                }
                Order::Stop(id) | Order::Pause(id) | Order::GoOn(id) => assert!(self.hands.contains(&id), "no worker has {id}"),
            }
        }
        self.check();
    }

    fn check(&self) {
        for job in self.schedule.all() {
            assert!(!job.stopping || self.hands.contains(&job.id), "{} stops, but no worker has it", job.id);
        }
        for lane in Lane::ALL {
            let of = |state: State| self.schedule.all().filter(|j| j.lane == lane && j.state == state).count();
            let (running, queued) = (of(State::Running), of(State::Queued));
            assert!(running <= LANES.size(lane), "{lane:?}: {running} run");
            assert!(queued == 0 || running == LANES.size(lane), "{lane:?}: {running} run while {queued} could");
        }
        for id in &self.hands {
            assert!(
                matches!(self.job(*id).state, State::Running | State::Paused(Pause::Asked) | State::Queued),
                "{:?}",
                self.job(*id).state
            );
        }
    }
}

proptest! {
    #[test]
    fn every_job_comes_to_an_end_once(ops in prop::collection::vec(op(), 1..120)) {
        let mut w = World::new();
        ops.iter().for_each(|op| w.act(op));
        // people let everything go on, and everything goes well: then all jobs must end
        let total = w.ids.len();
        for _ in 0..=4 * total {
            (0..total).for_each(|n| w.act(&Op::Resume(n)));
            w.act(&Op::Pass(10_000));
            for id in w.hands.clone() {
                w.end(id, 0);
                w.act(&Op::Pass(0));
            }
        }
        for id in &w.ids {
            let job = w.job(*id);
            prop_assert!(job.state.is_over(), "{id} hangs: {:?}", job.state);
            prop_assert_eq!(w.completed.get(id).copied().unwrap_or(0), u32::from(job.state == State::Completed));
        }
        prop_assert!(w.hands.is_empty() && w.schedule.is_idle());
    }
}

#[test]
fn the_end_of_the_program_interrupts_what_is_not_over_and_nothing_starts_any_more() {
    let mut w = World::new();
    for lane in [0, 0, 0, 1, 1] {
        w.act(&Op::Add { lane, priority: 1, after: Vec::new() });
    }
    w.act(&Op::Add { lane: 2, priority: 1, after: vec![0] });
    w.schedule.close();
    assert_eq!(w.schedule.take_orders().iter().filter(|o| matches!(o, Order::Stop(_))).count(), w.hands.len());
    for id in w.hands.clone() {
        w.end(id, 3);
    }
    w.schedule.fill(w.now);
    assert!(w.schedule.take_orders().is_empty());
    assert!(w.schedule.all().all(|j| j.state == State::Paused(Pause::Interrupted)));
}
