//! Real processes that die without a word. The child is this test program again, run with the one test that does the work.

use super::super::*;
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
};

const HOME: &str = "MONTAGE_AI_TEST_JOBS_HOME";
const KEYS: usize = 24;
const STEPS: usize = 5;
const KIND: Kind = Kind::named("steps");

/// Makes five files, one after another, and notes each one it had to make.
struct Steps(PathBuf);

impl Runner for Steps {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let name = params["name"].as_str().unwrap_or_default();
        let mut whole = String::new();
        for step in 0..STEPS {
            cx.check()?;
            let path = cx.work_dir().join(format!("{step}"));
            if !path.exists() {
                note(&self.0.join("made"), &format!("{name} {step}"));
                std::thread::sleep(Duration::from_millis(2));
                let part = path.with_extension("part");
                fs::write(&part, format!("{name}-{step};")).and_then(|()| fs::rename(&part, &path)).map_err(io)?;
            }
            whole += &fs::read_to_string(&path).map_err(io)?;
            cx.progress(Progress { fraction: step as f32 / STEPS as f32, ..Progress::default() });
        }
        Ok(json!({ "whole": whole }))
    }
}

fn io(e: std::io::Error) -> Ended {
    Failure::io(&e, Trouble { text: e.to_string(), hint: None }).into()
}

/// One line, whole, whoever else writes.
fn note(file: &Path, line: &str) {
    File::options().append(true).create(true).open(file).unwrap().write_all(format!("{line}\n").as_bytes()).unwrap();
}

fn open(home: &Path) -> Jobs {
    let runner: Arc<dyn Runner> = Arc::new(Steps(home.to_owned()));
    let lanes = Lanes { cpu: 2, gpu: 1, io: 2 };
    let runners = HashMap::from([(KIND, runner)]);
    Jobs::start(Options { journal: Some(home.join("data")), work: home.join("work"), lanes, retry: Retry::default(), runners }).unwrap()
}

fn expected(name: &str) -> Value {
    let whole: String = (0..STEPS).map(|s| format!("{name}-{s};")).collect();
    json!({ "whole": whole })
}

/// Not a test of its own: what the child does. Sees that all work is done by somebody, and ends.
#[test]
fn child_that_works_until_all_is_done() {
    let Some(home) = std::env::var_os(HOME).map(PathBuf::from) else { return };
    let jobs = open(&home);
    note(&home.join("begun"), "x");
    let specs = (0..KEYS).map(|k| {
        let name = format!("k{k}");
        JobSpec::new(KIND, &name, json!({ "name": name }), Lane::Cpu).keyed(WorkKey::of(["steps", &name]))
    });
    let submitted = jobs.submit_batch(specs.collect()).wait().unwrap().unwrap();
    for id in submitted.ids {
        // another program may die with it in hand
        while jobs.wait_for(id, |_| ()).is_some_and(|j| j.state != State::Completed) {
            let _ = jobs.resume(id).wait();
        }
    }
    jobs.close(Duration::from_secs(60));
}

fn child(home: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["jobs::tests::crash::child_that_works_until_all_is_done", "--exact", "--nocapture"])
        .env(HOME, home)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn lines(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}

/// All work is done, once, with the results that an undisturbed run gives.
fn check(home: &Path) {
    let jobs = open(home);
    let table = jobs.snapshot();
    let by_name: BTreeSet<_> = table.jobs().iter().map(|j| j.subject.clone()).collect();
    assert_eq!((table.jobs().len(), by_name.len()), (KEYS, KEYS), "each work has one job");
    for job in table.jobs() {
        assert_eq!((&job.state, job.result.as_deref()), (&State::Completed, Some(&expected(&job.subject))), "{}", job.subject);
    }
    jobs.close(Duration::from_secs(60));
    assert_eq!(fs::read_dir(home.join("work")).map_or(0, Iterator::count), 0, "no work folder is left");
}

#[test]
fn programs_killed_at_any_moment_lose_nothing_and_go_on_from_what_was_finished() {
    let dir = tempfile::tempdir().unwrap();
    let begun = dir.path().join("begun");
    let kills = 20;
    for n in 0..kills {
        let mut killed = child(dir.path());
        while lines(&begun).len() <= n && killed.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(fastrand::u64(..15_000)));
        killed.kill().unwrap();
        killed.wait().unwrap();
    }
    assert!(child(dir.path()).wait().unwrap().success());
    let made = lines(&dir.path().join("made")).len();
    // two at a time can be cut off in the middle of a step
    assert!((KEYS * STEPS..=KEYS * STEPS + 2 * kills).contains(&made), "{made} steps");
    check(dir.path());
}

#[test]
fn several_programs_at_once_share_the_work() {
    let dir = tempfile::tempdir().unwrap();
    let children: Vec<_> = (0..3).map(|_| child(dir.path())).collect();
    for mut c in children {
        assert!(c.wait().unwrap().success());
    }
    let mut made = lines(&dir.path().join("made"));
    made.sort();
    let count = made.len();
    made.dedup();
    assert_eq!((count, made.len()), (KEYS * STEPS, KEYS * STEPS), "nothing is made twice");
    check(dir.path());
}

#[test]
fn the_work_of_a_program_that_dies_is_taken_up_by_one_that_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = child(dir.path());
    while lines(&dir.path().join("made")).len() < 3 && first.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let mut second = child(dir.path());
    while lines(&dir.path().join("begun")).len() < 2 && second.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = first.kill();
    first.wait().unwrap();
    assert!(second.wait().unwrap().success());
    check(dir.path());
}
