//! What the jobs themselves cost: ten thousand that do nothing, through the pool and its journal on the disk, and the table of all
//! of them as a face reads it. No peer: nobody else's pool keeps a journal.

use super::{Context, Row, process::cpu_secs};
use crate::{
    base::{Trouble, UserError},
    jobs::{Ended, JobContext, JobSpec, Jobs, Kind, Lane, Lanes, Options, Retry, Runner},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

const JOBS: usize = 10_000;
const KIND: Kind = Kind::named("nothing");
const PATIENCE: Duration = Duration::from_secs(120);

struct Nothing;

impl Runner for Nothing {
    fn run(&self, _: &Value, _: &JobContext) -> Result<Value, Ended> {
        Ok(Value::Null)
    }
}

pub(super) fn jobs(_: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let folder = tempfile::tempdir().map_err(|e| Trouble::new(e.to_string(), "see that the disk is not full"))?;
    let mut rows = Vec::new();
    for (what, single) in [("in one batch", false), ("one by one", true)] {
        let home = folder.path().join(what);
        let runner: Arc<dyn Runner> = Arc::new(Nothing);
        let jobs = Jobs::start(Options {
            journal: Some(home.join("data")),
            work: home.join("work"),
            lanes: Lanes::of_this_machine(),
            retry: Retry::default(),
            runners: HashMap::from([(KIND, runner)]),
        })
        .map_err(|e| Trouble { text: e.to_string(), hint: e.hint() })?;
        let (began, cpu) = (Instant::now(), cpu_secs());
        submit(&jobs, single)?;
        while jobs.snapshot().jobs().iter().filter(|j| j.state.is_over()).count() < JOBS {
            std::thread::sleep(Duration::from_millis(5));
            if began.elapsed() > PATIENCE {
                return Err(Trouble::new("the jobs did not end within two minutes", "this is a defect: please report it"));
            }
        }
        let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_secs() - cpu);
        rows.push(Row::new(format!("jobs submitted {what} and drained, wall"), JOBS as f64 / wall, "jobs/s").goal("≥ 10,000"));
        rows.push(Row::new("… per second of processor time", JOBS as f64 / cpu.max(1e-6), "jobs/s"));
        if !single {
            let began = Instant::now();
            for _ in 0..1000 {
                std::hint::black_box(jobs.snapshot());
            }
            rows.push(Row::new("snapshot of a table of 10,000 jobs", began.elapsed().as_secs_f64(), "ms").goal("< 1"));
        }
        jobs.close(Duration::from_secs(10));
    }
    Ok(rows)
}

fn submit(jobs: &Jobs, single: bool) -> Result<(), Trouble> {
    let closed = |e: crate::jobs::Closed| Trouble::new(e.to_string(), "this is a defect: please report it");
    let specs = (0..JOBS).map(|i| JobSpec::new(KIND, format!("file {i}"), json!({ "i": i }), Lane::Cpu));
    if !single {
        return jobs.submit_batch(specs.collect()).wait().map_err(closed)?.map(drop);
    }
    let tickets: Vec<_> = specs.map(|s| jobs.submit(s)).collect();
    tickets.into_iter().try_for_each(|t| t.wait().map_err(closed)?.map(drop))
}
