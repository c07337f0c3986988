//! `jobs`: the job table of this user, whichever program runs them.
//!
//! A job that no program runs any more is taken up here when it is to go on; the command then stays until it has ended.

use super::{
    INTERRUPTED,
    args::{JobsCommand, JobsListArgs},
    cache::cache,
    report::{Failure, Report},
    watch_interrupts,
};
use crate::session::{
    AdapterChoice, Dirs,
    jobs::{Closed, Desk, Job, JobDetail, JobId, JobView, Jobs, Owner, Pause, State, Wish},
};
use serde_json::json;
use std::{
    sync::{Arc, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

/// How long another program may take to do what it was asked; it looks four times a second.
const OTHERS: Duration = Duration::from_secs(5);
/// How long a job may take to stop once its program has said that it stops it: as long as the work on a picture or two.
const STOPS: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(50);
/// Running jobs have so long to stop when this program is interrupted, before it ends all the same.
const STOP: Duration = Duration::from_millis(600);

pub(super) fn jobs(command: Option<JobsCommand>, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    let desk = Desk::headless(Some(&Dirs::find()), adapter)?;
    // other programs' jobs are looked for as long as this lives
    let _watch = desk.jobs().watch(true, || {});
    match command.unwrap_or(JobsCommand::List(JobsListArgs::default())) {
        JobsCommand::List(a) => list(&a, desk.jobs(), report),
        JobsCommand::Show { id } => show(&*find(desk.jobs(), id)?, report),
        JobsCommand::Cancel { id } => ask(&desk, id, Wish::Cancel, report),
        JobsCommand::Pause { id } => ask(&desk, id, Wish::Pause, report),
        JobsCommand::Retry { id } => ask(&desk, id, Wish::Retry, report),
        JobsCommand::Resume { id } => match id {
            Some(id) => ask(&desk, id, Wish::Resume, report),
            None => resume_all(&desk, report),
        },
        JobsCommand::Clear => clear(desk.jobs(), report),
        JobsCommand::Cache { clear } => cache(clear, &desk, report),
    }
}

fn list(a: &JobsListArgs, jobs: &Jobs, report: &Report) -> Result<(), Failure> {
    if let Some(strange) = a.state.iter().find(|s| !State::NAMES.contains(&s.as_str())) {
        return Err(Failure::usage(format!("there is no state {strange:?}"), format!("states are {}", State::NAMES.join(", "))));
    }
    let table = jobs.snapshot();
    let wanted = |j: &&Arc<Job>| {
        (a.state.is_empty() || a.state.iter().any(|s| s == j.state.as_str()))
            && (a.kind.is_empty() || a.kind.iter().any(|k| k == j.kind.as_str()))
    };
    let found: Vec<_> = table.jobs().iter().rev().filter(wanted).take(a.limit.unwrap_or(usize::MAX)).collect();
    let views: Vec<_> = found.iter().map(|j| JobView::of(j)).collect();
    let lines: Vec<_> = views.iter().map(line).collect();
    let text = if lines.is_empty() { "no jobs".to_owned() } else { lines.join("\n") };
    report.result(&json!(views), &text)
}

/// A job in one line, and what is wrong with it in another.
fn line(j: &JobView) -> String {
    let progress = match j.state {
        "running" | "paused" => format!("{:>3.0} %", j.progress.fraction * 100.0),
        _ => String::new(),
    };
    let wrong = j.error.as_ref().map_or_else(String::new, |e| format!("\n{:>6}  {}", "", e.error));
    let state = match j.state {
        _ if j.interrupted => "interrupted",
        _ if j.cancelling => "cancelling",
        state => state,
    };
    format!("{:>6}  {state:<11} {progress:>5}  {:<10} {}{wrong}", j.id, j.kind, j.subject)
}

fn show(job: &Job, report: &Report) -> Result<(), Failure> {
    let detail = JobDetail::of(job);
    let j = &detail.job;
    let mut lines = vec![line(j), format!("created {}, {} run{}", j.created, j.attempts, if j.attempts == 1 { "" } else { "s" })];
    let times = [("started", &j.started), ("ended", &j.ended), ("tried again", &j.retry_at)];
    lines.extend(times.into_iter().filter_map(|(what, at)| Some(format!("{what} {}", at.as_ref()?))));
    lines.extend(j.error.as_ref().and_then(|e| e.hint.as_ref()).map(|h| format!("hint: {h}")));
    lines.extend(j.result.as_ref().map(|r| format!("result {r}")));
    lines.extend(detail.log.iter().cloned());
    report.result(&json!(detail), &lines.join("\n"))
}

fn find(jobs: &Jobs, id: u64) -> Result<Arc<Job>, Failure> {
    let unknown = || Failure::failed(format!("there is no job {id}"), Some("see `montage-ai jobs list`".into()));
    jobs.snapshot().get(JobId(id)).cloned().ok_or_else(unknown)
}

fn closed(_: Closed) -> Failure {
    Failure::failed("the jobs are closed", None)
}

/// Ask for something, wait until it shows, and stay where the job now runs here.
fn ask(desk: &Desk, id: u64, wish: Wish, report: &Report) -> Result<(), Failure> {
    let jobs = desk.jobs();
    let before = find(jobs, id)?;
    if !wish.fits(&before) || !wish.ask(jobs, before.id).wait().map_err(closed)? {
        let hint = format!("see `montage-ai jobs show {id}`");
        return Err(Failure::failed(format!("job {id} is {}: it cannot be {}", before.state.as_str(), wish.done()), Some(hint)));
    }
    let begin = Instant::now();
    let changed = |j: &Job| j.serial != before.serial && (j.state != before.state || j.owner != before.owner);
    let mut now = find(jobs, id)?;
    // the program that runs a job says at once that it stops it, which may then take as long as the work on one picture
    let told = |j: &Job| changed(j) || (wish == Wish::Cancel && j.stopping && begin.elapsed() > STOPS);
    while !told(&now) {
        if begin.elapsed() > OTHERS && !now.stopping {
            return Err(Failure::failed(
                format!("the program that runs job {id} does not answer"),
                Some("if it hangs, end it; its job can then be resumed".into()),
            ));
        }
        thread::sleep(LOOK);
        now = find(jobs, id)?;
    }
    if now.owner == Owner::Ours && !stands(&now) {
        now = stay(desk, &[now.id], report)?.pop().unwrap_or(now);
        failed_if(&now)?;
    }
    let view = JobView::of(&now);
    report.result(&json!(view), &line(&view))
}

/// Every job that a program which is no more has left.
fn resume_all(desk: &Desk, report: &Report) -> Result<(), Failure> {
    let jobs = desk.jobs();
    let left: Vec<_> = jobs.snapshot().interrupted().filter(|j| j.owner != Owner::Other).map(|j| j.id).collect();
    let mut ours = Vec::new();
    for id in left {
        if jobs.resume(id).wait().map_err(closed)? {
            ours.push(id);
        }
    }
    let ended = stay(desk, &ours, report)?;
    let views: Vec<_> = ended.iter().map(|j| JobView::of(j)).collect();
    let lines: Vec<_> = views.iter().map(line).collect();
    report.result(&json!(views), &if lines.is_empty() { "nothing was interrupted".to_owned() } else { lines.join("\n") })?;
    ended.iter().try_for_each(|j| failed_if(j))
}

fn stands(job: &Job) -> bool {
    job.state.is_over() || job.state == State::Paused(Pause::Asked)
}

pub(super) fn failed_if(job: &Job) -> Result<(), Failure> {
    match (&job.state, &job.failure) {
        (State::Failed, Some(f)) => Err(Failure::failed(f.text.clone(), f.hint.clone())),
        _ => Ok(()),
    }
}

/// Show progress until these jobs, which run here, are over; their last states. Ctrl-C leaves them to be resumed.
pub(super) fn stay(desk: &Desk, ids: &[JobId], report: &Report) -> Result<Vec<Arc<Job>>, Failure> {
    watch_interrupts()?;
    let mut progress = report.progress("jobs");
    loop {
        let table = desk.jobs().snapshot();
        let now: Vec<_> = ids.iter().filter_map(|id| table.get(*id)).cloned().collect();
        // a job that was just asked may still look as it did before
        if now.iter().all(|j| stands(j)) {
            desk.close(STOP);
            return Ok(now);
        }
        if INTERRUPTED.load(Ordering::SeqCst) {
            desk.close(STOP);
            return Err(Failure::interrupted());
        }
        let sum = now.iter().map(|j| if j.state.is_over() { 1.0 } else { j.progress.fraction }).sum::<f32>() / now.len().max(1) as f32;
        let running = now.iter().find(|j| j.state == State::Running);
        let rate = running.map(|j| j.progress.rate).filter(|r| *r > 0.0);
        progress.set(sum, running.map_or("", |j| &j.progress.step), rate);
        thread::sleep(LOOK);
    }
}

fn clear(jobs: &Jobs, report: &Report) -> Result<(), Failure> {
    let ended = |jobs: &Jobs| jobs.snapshot().jobs().iter().filter(|j| j.state.is_over()).count();
    let before = ended(jobs);
    jobs.clear(None);
    let begin = Instant::now();
    while ended(jobs) > 0 && begin.elapsed() < OTHERS {
        thread::sleep(LOOK);
    }
    let gone = before - ended(jobs).min(before);
    report.result(&json!({ "cleared": gone }), &format!("{gone} ended jobs were dropped from the list"))
}
