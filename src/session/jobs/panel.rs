//! The jobs as a window sees them: rows for its panel, kept in step with the table; wishes; and exports on their way into the
//! table. Owned by the session's thread, which it never blocks: copies of projects are written on a thread of their own.

use super::{Desk, ExportHow, Job, JobId, Owner, Pause, ProxyFormat, State, Table, Tools, Wait, Watch, asking::Asking, export, kinds};
use crate::{
    base::{Severity, Trouble, words::say},
    model::Project,
    session::view::{JobState, JobStatus, JobWait, Notice},
    store::Dirs,
};
use crossbeam::channel::{Receiver, bounded};
use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
};

type Wake = Arc<dyn Fn() + Send + Sync>;

/// An export of which the table does not know yet.
struct Coming {
    row: JobStatus,
    answer: Receiver<Result<JobId, Trouble>>,
    cancelled: bool,
}

/// See the module.
pub(in crate::session) struct Panel {
    desk: Desk,
    wake: Wake,
    _changes: Watch,
    /// While somebody looks at other programs' jobs.
    others: Option<Watch>,
    rows: Vec<JobStatus>,
    seen: u64,
    coming: Vec<Coming>,
    /// Batches of proxies on their way into the table.
    asking: Vec<Asking>,
    /// Ids that were handed out before the table gave the true ones.
    aliases: HashMap<u64, JobId>,
    /// Of which jobs it was told that they ended.
    told: BTreeSet<JobId>,
}

impl Panel {
    /// With what was wrong with the journal, if anything was.
    pub fn open(dirs: Option<&Dirs>, tools: Tools, wake: Wake) -> Result<(Self, Option<Trouble>), Trouble> {
        let (desk, wrong) = Desk::open(dirs, tools)?;
        let changes = {
            let wake = wake.clone();
            desk.jobs().watch(false, move || wake())
        };
        let table = desk.jobs().snapshot();
        let told = table.jobs().iter().filter(|j| j.state.is_over()).map(|j| j.id).collect();
        let mut panel = Self {
            desk,
            wake,
            _changes: changes,
            others: None,
            rows: Vec::new(),
            seen: table.serial(),
            coming: Vec::new(),
            asking: Vec::new(),
            aliases: HashMap::new(),
            told,
        };
        panel.show(&table);
        Ok((panel, wrong))
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// By ascending id.
    pub fn rows(&self) -> &[JobStatus] {
        &self.rows
    }

    /// Look for jobs of other programs too; costs a look at the disk four times a second.
    pub fn watch_others(&mut self, on: bool) {
        if on && self.others.is_none() {
            let wake = self.wake.clone();
            self.others = Some(self.desk.jobs().watch(true, move || wake()));
        } else if !on {
            self.others = None;
        }
    }

    /// Export a project as it is now.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn export(&mut self, project: Arc<Project>, output: PathBuf, preset: String, how: ExportHow) -> Result<(), Trouble> {
        let (tell, answer) = bounded(1);
        let (jobs, copies, wake, file) = (self.desk.jobs().clone(), self.desk.projects().to_owned(), self.wake.clone(), output.clone());
        let submit = move || {
            let done = export::spec(&copies, &project, &file, Some(&preset), how).and_then(|spec| {
                let submitted = jobs.submit(spec).wait().map_err(|e| Trouble { text: e.to_string(), hint: None })??;
                submitted.ids.first().copied().ok_or_else(|| say!("session-export-broke").trouble())
            });
            let _ = tell.send(done);
            wake();
        };
        std::thread::Builder::new()
            .name("export start".into())
            .spawn(submit)
            .map_err(|e| say!("session-export-not-started", reason = e.to_string()).trouble())?;
        let id = self.rows.iter().map(|r| r.id).max().unwrap_or(0) + 1;
        let subject = output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let title = title(kinds::EXPORT.as_str(), &subject);
        let row = JobStatus { id, kind: kinds::EXPORT.to_string(), title, subject, output, ..JobStatus::default() };
        self.rows.push(row.clone());
        self.coming.push(Coming { row, answer, cancelled: false });
        Ok(())
    }

    /// Have proxies made of files, as one batch. Jobs that nobody `asked` for let others go first and end silently.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn make_proxies(&mut self, files: Vec<PathBuf>, format: ProxyFormat, asked: bool) -> Result<(), Trouble> {
        self.asking.push(Asking::start(&self.desk, files, format, asked, self.wake.clone())?);
        Ok(())
    }

    fn real(&self, id: u64) -> JobId {
        self.aliases.get(&id).copied().unwrap_or(JobId(id))
    }

    pub fn cancel(&mut self, id: u64) {
        if let Some(coming) = self.coming.iter_mut().find(|c| c.row.id == id) {
            coming.cancelled = true;
            return;
        }
        drop(self.desk.jobs().cancel(self.real(id)));
    }
    pub fn pause(&self, id: u64) {
        drop(self.desk.jobs().pause(self.real(id)));
    }
    /// Also takes up an interrupted one.
    pub fn resume(&self, id: u64) {
        drop(self.desk.jobs().resume(self.real(id)));
    }
    pub fn retry(&mut self, id: u64) {
        let id = self.real(id);
        self.told.remove(&id);
        drop(self.desk.jobs().retry(id));
    }
    pub fn clear(&self) {
        self.desk.jobs().clear(None);
    }

    /// What a finished job wrote, if it did.
    pub fn output(&self, id: u64) -> Option<PathBuf> {
        let id = self.real(id).0;
        self.rows.iter().find(|r| r.id == id && r.state == JobState::Completed).map(|r| r.output.clone())
    }

    /// Take in what changed: whether anything did, and which jobs of ours have ended since the last call.
    pub fn poll(&mut self, notices: &mut Vec<Notice>) -> (bool, Vec<Arc<Job>>) {
        let arrived = self.take_in(notices);
        let done_before = self.take_asked(notices);
        let table = self.desk.jobs().snapshot();
        if table.serial() == self.seen && !arrived && done_before.is_empty() {
            return (false, Vec::new());
        }
        // the result of an earlier job is good for this wish too
        let mut ended: Vec<Arc<Job>> = done_before.into_iter().filter_map(|id| table.get(id).cloned()).collect();
        ended.retain(|j| j.state == State::Completed && self.told.contains(&j.id));
        for job in table.changed_since(self.seen) {
            if !job.state.is_over() {
                self.told.remove(&job.id);
            } else if self.told.insert(job.id) && job.owner == Owner::Ours {
                ended.push(job);
            }
        }
        self.seen = table.serial();
        self.show(&table);
        (true, ended)
    }

    fn take_in(&mut self, notices: &mut Vec<Notice>) -> bool {
        let before = self.coming.len();
        let (jobs, aliases) = (self.desk.jobs(), &mut self.aliases);
        self.coming.retain(|coming| match coming.answer.try_recv() {
            Ok(Ok(id)) => {
                aliases.insert(coming.row.id, id);
                if coming.cancelled {
                    drop(jobs.cancel(id));
                }
                false
            }
            Ok(Err(t)) => {
                notices.push(Notice { severity: Severity::Failure, good: false, text: t.text, hint: t.hint });
                false
            }
            Err(e) => e.is_empty(),
        });
        self.coming.len() != before
    }

    /// Batches that have come into the table; the ids of those jobs in them that were there before.
    fn take_asked(&mut self, notices: &mut Vec<Notice>) -> Vec<JobId> {
        let mut existing = Vec::new();
        self.asking.retain(|asking| {
            let Some(asked) = asking.get() else { return asking.is_under_way() };
            notices.extend(asked.failed.into_iter().map(|t| Notice {
                severity: Severity::Failure,
                good: false,
                text: t.text,
                hint: t.hint,
            }));
            existing.extend(asked.existing);
            false
        });
        existing
    }

    fn show(&mut self, table: &Table) {
        self.rows = table.jobs().iter().map(row).collect();
        self.rows.extend(self.coming.iter().map(|c| c.row.clone()));
    }
}

/// What a job is, in the language of now: `Exporting day.mp4`.
fn title(kind: &str, subject: &str) -> String {
    use crate::base::words::{has, tr_args};
    let key = format!("session-job-{kind}");
    let args = |key: &str| tr_args(key, &[("file", subject.to_owned().into()), ("kind", kind.to_owned().into())]);
    if has(&key) { args(&key) } else { args("session-job-other") }
}

fn row(job: &Arc<Job>) -> JobStatus {
    let state = match job.state {
        State::Queued => JobState::Queued,
        State::Waiting(Wait::For(id)) => JobState::Waiting(JobWait::Job(id.0)),
        State::Waiting(Wait::Retry(at)) => JobState::Waiting(JobWait::Retry(at)),
        State::Running => JobState::Running,
        State::Paused(Pause::Asked) => JobState::Paused,
        State::Paused(Pause::Interrupted) => JobState::Interrupted,
        State::Completed => JobState::Completed,
        State::Failed => JobState::Failed,
        State::Cancelled => JobState::Cancelled,
    };
    let output = job.result.as_ref().and_then(|r| r["output"].as_str()).or_else(|| job.params["output"].as_str());
    let running = state == JobState::Running;
    JobStatus {
        id: job.id.0,
        kind: job.kind.to_string(),
        title: title(job.kind.as_str(), &job.subject),
        subject: job.subject.clone(),
        progress: job.progress.fraction,
        step: job.progress.step.clone(),
        rate: if running { job.progress.rate } else { 0.0 },
        time_left: job.progress.secs_left.filter(|_| running),
        attempts: job.attempts,
        batch: job.batch.map(|b| b.0),
        output: output.map(PathBuf::from).unwrap_or_default(),
        error: job.failure.as_ref().map(|f| Notice {
            severity: Severity::Failure,
            good: false,
            text: f.text.clone(),
            hint: f.hint.clone(),
        }),
        log: job.log.clone(),
        ours: job.owner != Owner::Other,
        state,
    }
}
