//! The pool at work: every promise of the room, with real threads and a real journal.

mod crash;
mod programs;

use super::*;
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::atomic::{AtomicU32, AtomicUsize},
    time::Instant,
};

/// Does what its parameters say.
#[derive(Default)]
struct Puppet {
    runs: AtomicU32,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Runner for Puppet {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let done = puppet(params, cx);
        self.now.fetch_sub(1, Ordering::SeqCst);
        done
    }
    fn still_good(&self, result: &Value) -> bool {
        result != "gone"
    }
}

fn puppet(params: &Value, cx: &JobContext) -> Result<Value, Ended> {
    match params["do"].as_str().unwrap_or_default() {
        "panic" => panic!("boom"),
        "wait" => loop {
            cx.check()?;
            std::thread::sleep(Duration::from_millis(2));
        },
        "fail" => Err(Failure { text: "no such file: x.mov".into(), hint: Some("look".into()), retryable: false }.into()),
        "flaky" if u64::from(cx.attempt()) <= params["times"].as_u64().unwrap_or(0) => {
            Err(Failure { text: "network".into(), hint: None, retryable: true }.into())
        }
        "keep" => {
            let mark = cx.work_dir().join("mark");
            let before = std::fs::read_to_string(&mark).unwrap_or_default();
            std::fs::write(&mark, "x").unwrap();
            cx.progress(Progress { fraction: 0.5, ..Progress::default() });
            if before.is_empty() { puppet(&json!({"do": "wait"}), cx) } else { Ok(json!(before)) }
        }
        _ => {
            cx.progress(Progress { fraction: 0.5, step: "half".into(), rate: 2.0, secs_left: Some(1.0) });
            cx.log("done");
            Ok(params["give"].clone())
        }
    }
}

const KIND: Kind = Kind::named("puppet");

struct Stage {
    jobs: Jobs,
    puppet: Arc<Puppet>,
}

fn stage_in(dir: &Path, journal: bool) -> Stage {
    let puppet = Arc::new(Puppet::default());
    let runner: Arc<dyn Runner> = puppet.clone();
    let options = Options {
        journal: journal.then(|| dir.join("data")),
        work: dir.join("work"),
        lanes: Lanes { cpu: 2, gpu: 1, io: 1 },
        retry: Retry { pauses: vec![Duration::from_millis(5); 3], jitter: 0.2 },
        runners: HashMap::from([(KIND, runner)]),
    };
    Stage { jobs: Jobs::start(options).unwrap(), puppet }
}

fn stage() -> (Stage, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (stage_in(dir.path(), false), dir)
}

fn spec(params: Value) -> JobSpec {
    JobSpec::new(KIND, "x.mov", params, Lane::Gpu)
}

impl Stage {
    fn go(&self, spec: JobSpec) -> JobId {
        self.jobs.submit(spec).wait().unwrap().unwrap().ids[0]
    }
    fn until(&self, id: JobId, want: impl Fn(&Job) -> bool) -> Arc<Job> {
        let began = Instant::now();
        loop {
            if let Some(job) = self.jobs.snapshot().get(id).filter(|j| want(j)) {
                return job.clone();
            }
            assert!(began.elapsed() < Duration::from_secs(60), "{:?}", self.jobs.snapshot().get(id));
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    fn over(&self, id: JobId) -> Arc<Job> {
        self.until(id, |j| j.state.is_over())
    }
    fn running(&self, id: JobId) -> Arc<Job> {
        self.until(id, |j| j.state == State::Running)
    }
}

#[test]
fn a_job_runs_and_its_result_stays_in_the_table() {
    let (s, _dir) = stage();
    let job = s.over(s.go(spec(json!({"give": [1, 2]}))));
    assert_eq!(job.state, State::Completed);
    assert_eq!(job.result.as_deref(), Some(&json!([1, 2])));
    assert_eq!((job.progress.fraction, job.attempts), (1.0, 1));
    assert_eq!(*job.log, ["done"]);
    assert!(job.ended >= job.started && job.started >= Some(job.created));
}

#[test]
fn a_permanent_failure_is_not_tried_again_and_a_passing_one_is() {
    let (s, _dir) = stage();
    let job = s.over(s.go(spec(json!({"do": "fail"}))));
    assert_eq!((&job.state, job.attempts), (&State::Failed, 1));
    assert_eq!(job.failure.as_ref().map(|f| f.text.as_str()), Some("no such file: x.mov"));
    for (times, state, attempts) in [(0, State::Completed, 1), (1, State::Completed, 2), (3, State::Completed, 4), (4, State::Failed, 4)] {
        let job = s.over(s.go(spec(json!({"do": "flaky", "times": times}))));
        assert_eq!((&job.state, job.attempts), (&state, attempts), "{times}");
    }
}

#[test]
fn a_panic_fails_its_job_alone_with_its_message() {
    let (s, _dir) = stage();
    let (bad, good) = (s.go(spec(json!({"do": "panic"}))), s.go(spec(json!({}))));
    let job = s.over(bad);
    assert_eq!(job.state, State::Failed);
    assert!(job.failure.as_ref().is_some_and(|f| f.text.contains("boom")), "{:?}", job.failure);
    assert_eq!(s.over(good).state, State::Completed);
}

#[test]
fn cancelling_stops_running_queued_and_retrying_jobs() {
    let (s, _dir) = stage();
    let (running, queued) = (s.go(spec(json!({"do": "wait"}))), s.go(spec(json!({}))));
    s.running(running);
    assert!(s.jobs.cancel(queued).wait().unwrap());
    assert!(s.jobs.cancel(running).wait().unwrap());
    assert_eq!(s.over(queued).state, State::Cancelled);
    assert_eq!(s.over(running).state, State::Cancelled);
    assert!(!s.jobs.cancel(running).wait().unwrap(), "there is nothing left to stop");

    let dir = tempfile::tempdir().unwrap();
    let mut slow = stage_in(dir.path(), false);
    let runner: Arc<dyn Runner> = slow.puppet.clone();
    slow.jobs = Jobs::start(Options {
        journal: None,
        work: dir.path().join("work"),
        lanes: Lanes { cpu: 1, gpu: 1, io: 1 },
        retry: Retry { pauses: vec![Duration::from_secs(3600)], jitter: 0.0 },
        runners: HashMap::from([(KIND, runner)]),
    })
    .unwrap();
    let id = slow.go(spec(json!({"do": "flaky", "times": 9})));
    slow.until(id, |j| matches!(j.state, State::Waiting(Wait::Retry(_))));
    slow.jobs.cancel(id).wait().unwrap();
    assert_eq!(slow.over(id).state, State::Cancelled);
}

#[test]
fn a_paused_job_gives_its_place_to_others_and_goes_on() {
    let (s, _dir) = stage();
    let long = s.go(spec(json!({"do": "wait"})));
    s.running(long);
    let next = s.go(spec(json!({})));
    assert!(s.jobs.pause(long).wait().unwrap());
    assert_eq!(s.over(next).state, State::Completed);
    assert!(s.jobs.resume(long).wait().unwrap());
    assert_eq!(s.running(long).attempts, 1, "it went on, it did not begin again");
    s.jobs.pause(long).wait().unwrap();
    s.jobs.cancel(long).wait().unwrap();
    assert_eq!(s.over(long).state, State::Cancelled);
}

#[test]
fn a_job_waits_for_those_before_it_and_ends_as_they_do() {
    let (s, _dir) = stage();
    let first = s.go(spec(json!({"do": "wait"})));
    let second = s.go(JobSpec { lane: Lane::Cpu, ..spec(json!({})) }.after(vec![first]));
    let third = s.go(JobSpec { lane: Lane::Io, ..spec(json!({})) }.after(vec![second]));
    s.until(second, |j| j.state == State::Waiting(Wait::For(first)));
    s.jobs.cancel(first).wait().unwrap();
    assert_eq!((&s.over(second).state, &s.over(third).state), (&State::Cancelled, &State::Cancelled));

    let bad = s.go(spec(json!({"do": "fail"})));
    let after = s.over(s.go(spec(json!({})).after(vec![bad])));
    assert!(after.state == State::Failed && after.attempts == 0);
    let good = s.go(spec(json!({})));
    assert_eq!(s.over(s.go(spec(json!({})).after(vec![good]))).state, State::Completed);
}

#[test]
fn a_lane_is_never_fuller_than_it_is() {
    let (s, _dir) = stage();
    let specs = (0..200).map(|_| JobSpec { lane: Lane::Cpu, ..spec(json!({})) }).collect();
    let batch = s.jobs.submit_batch(specs).wait().unwrap().unwrap();
    for id in &batch.ids {
        s.over(*id);
    }
    assert!(s.puppet.most.load(Ordering::SeqCst) <= 2);
    let table = s.jobs.snapshot();
    let sum = Summary::of(table.jobs().iter().filter(|j| j.batch == batch.batch));
    assert_eq!((sum.total, sum.completed, sum.fraction), (200, 200, 1.0));
}

#[test]
fn urgent_jobs_go_first_and_equals_in_their_order() {
    let (s, _dir) = stage();
    let block = s.go(spec(json!({"do": "wait"})));
    s.running(block);
    let low = s.go(spec(json!({})).priority(Priority::Background));
    let (a, b) = (s.go(spec(json!({}))), s.go(spec(json!({}))));
    let high = s.go(spec(json!({})).priority(Priority::Urgent));
    s.jobs.cancel(block).wait().unwrap();
    let serial = |id| s.over(id).started;
    let order = [high, a, b, low].map(|id| (serial(id), s.over(id).serial));
    assert!(order.is_sorted_by_key(|(_, serial)| *serial), "{order:?}");
}

#[test]
fn the_same_work_is_not_done_twice() {
    let dir = tempfile::tempdir().unwrap();
    let s = stage_in(dir.path(), true);
    let key = || WorkKey::of(["puppet", "content", "2"]);
    let first = s.go(spec(json!({"do": "wait"})).keyed(key()));
    let again = s.jobs.submit(spec(json!({"do": "wait"})).keyed(key())).wait().unwrap().unwrap();
    assert_eq!((again.ids[0], again.existing.len()), (first, 1));
    s.jobs.cancel(first).wait().unwrap();
    s.over(first);
    let second = s.go(spec(json!({"give": "here"})).keyed(key()));
    assert_ne!(second, first, "a cancelled job is no result");
    s.over(second);
    assert_eq!(s.go(spec(json!({})).keyed(key())), second, "the result is handed out again");
    let lost = s.go(spec(json!({"give": "gone"})).keyed(WorkKey::of(["other"])));
    s.over(lost);
    assert_ne!(s.go(spec(json!({})).keyed(WorkKey::of(["other"]))), lost, "its files are gone");
}

#[test]
fn closing_keeps_what_is_not_over_for_the_next_program() {
    let dir = tempfile::tempdir().unwrap();
    let s = stage_in(dir.path(), true);
    let (running, queued) = (s.go(spec(json!({"do": "keep"}))), s.go(spec(json!({"give": 7}))));
    let done = s.go(JobSpec { lane: Lane::Cpu, ..spec(json!({"give": 8})) });
    s.over(done);
    // not before it has something to keep
    s.until(running, |j| j.progress.fraction > 0.0);
    s.jobs.close(Duration::from_secs(30));

    let s = stage_in(dir.path(), true);
    let table = s.jobs.snapshot();
    assert_eq!(table.interrupted().map(|j| j.id).collect::<Vec<_>>(), [running, queued]);
    assert_eq!(table.get(done).map(|j| j.result.clone()), Some(Some(Arc::new(json!(8)))));
    assert_eq!(s.puppet.runs.load(Ordering::SeqCst), 0, "nothing runs unasked");
    assert!(s.jobs.resume(running).wait().unwrap());
    assert_eq!(s.over(running).result.as_deref(), Some(&json!("x")), "it found what it had finished");
    assert!(s.jobs.cancel(queued).wait().unwrap());
    assert_eq!(s.over(queued).state, State::Cancelled);
}

#[test]
fn two_programs_share_one_table() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (stage_in(dir.path(), true), stage_in(dir.path(), true));
    let _watch = b.jobs.watch(true, || {});
    let key = || WorkKey::of(["shared"]);
    let id = a.go(spec(json!({"do": "wait"})).keyed(key()));
    assert_eq!(b.running(id).owner, Owner::Other);
    assert_eq!(b.go(spec(json!({})).keyed(key())), id, "somebody does it already");
    assert!(b.jobs.cancel(id).wait().unwrap());
    assert_eq!(a.over(id).state, State::Cancelled);
    assert_eq!(b.over(id).state, State::Cancelled);
    assert_eq!(b.puppet.runs.load(Ordering::SeqCst), 0);
}

#[test]
fn a_watcher_hears_of_every_change_since_a_number() {
    let (s, _dir) = stage();
    let heard = Arc::new(AtomicUsize::new(0));
    let count = heard.clone();
    let watch = s.jobs.watch(false, move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let before = s.jobs.snapshot().serial();
    let id = s.go(spec(json!({})));
    s.over(id);
    assert!(heard.load(Ordering::SeqCst) > 0);
    let table = s.jobs.snapshot();
    assert_eq!(table.changed_since(before).iter().map(|j| j.id).collect::<Vec<_>>(), [id]);
    assert!(table.changed_since(table.serial()).is_empty());
    drop(watch);
}

#[test]
fn an_unknown_kind_and_a_damaged_journal_are_said_plainly() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(data.join("jobs.sqlite"), [b'x'; 5000]).unwrap();
    let s = stage_in(dir.path(), true);
    assert!(data.join("jobs.damaged.sqlite").exists(), "kept for whoever wants to look");
    let strange = JobSpec::new(Kind::named("nonsense"), "x", Value::Null, Lane::Cpu);
    assert!(s.jobs.submit(strange).wait().unwrap().unwrap_err().text.contains("nonsense"));
    assert_eq!(s.over(s.go(spec(json!({})))).state, State::Completed);
    s.jobs.close(Duration::from_secs(5));

    let db = rusqlite::Connection::open(data.join("jobs.sqlite")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let newer = Jobs::start(Options {
        journal: Some(data),
        work: dir.path().join("work"),
        lanes: Lanes::of_this_machine(),
        retry: Retry::default(),
        runners: HashMap::new(),
    });
    assert!(matches!(newer, Err(JournalError::Newer(_))));
}

#[test]
fn a_failed_job_can_be_tried_again() {
    let (s, _dir) = stage();
    let id = s.go(spec(json!({"do": "fail"})));
    s.over(id);
    assert!(s.jobs.retry(id).wait().unwrap());
    s.until(id, |j| j.state == State::Failed && s.puppet.runs.load(Ordering::SeqCst) == 2);
    s.jobs.clear(None);
    let began = Instant::now();
    while s.jobs.snapshot().get(id).is_some() {
        assert!(began.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn programs_that_start_at_the_same_moment_make_one_journal() {
    for _ in 0..20 {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| super::journal::Journal::open(Some(dir.path())).map(drop))).collect();
            for one in all {
                one.join().unwrap().unwrap();
            }
        });
    }
}
