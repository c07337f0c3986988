//! What a session does when a job of its own has ended: it tells the user, and turns the result into an edit.

use super::{BatchId, Job, State, kinds};
use crate::{
    base::{
        Severity,
        words::{has, say, tr_args},
    },
    session::{JobState, Notice, Session},
};
use std::collections::BTreeSet;

impl Session {
    /// Take in what the jobs have done; true when anything changed.
    pub(in crate::session) fn poll_jobs(&mut self) -> bool {
        let (changed, ended) = self.jobs.poll(&mut self.notices);
        if changed {
            self.follow_proxy_jobs();
            self.follow_analyses();
            self.follow_speech();
            self.follow_watching();
            self.follow_fetches();
        }
        for job in &ended {
            self.take_variant(job);
            self.take_analysis(job);
            self.take_montage(job);
            self.take_transcript(job);
            self.take_watched(job);
            self.take_model(job);
        }
        // jobs that were asked for together are told together
        let batches: BTreeSet<BatchId> = ended.iter().filter_map(|j| j.batch).collect();
        let told = batches.into_iter().filter(|b| self.batch_ended(*b)).collect::<BTreeSet<_>>();
        for job in ended.iter().filter(|j| j.batch.is_none_or(|b| !told.contains(&b))) {
            self.job_ended(job);
        }
        changed
    }

    /// What the end of an earlier run has left unfinished is offered, once, at the start.
    pub(in crate::session) fn tell_interrupted(&mut self) {
        let n = self.jobs.rows().iter().filter(|j| j.state == JobState::Interrupted).count();
        if n > 0 {
            self.say(Severity::Warning, &say!("session-jobs-interrupted", n = n));
        }
    }

    /// Show a finished job's folder in the desktop's file manager.
    pub(in crate::session) fn reveal_output(&self, id: u64) {
        let Some(output) = self.jobs.output(id) else { return };
        if let Some(folder) = output.parent()
            && let Err(e) = open::that_detached(folder)
        {
            tracing::warn!("{} could not be shown: {e}", folder.display());
        }
    }

    /// One message about a batch of several jobs, once it is over. True where its jobs are told so.
    fn batch_ended(&mut self, batch: BatchId) -> bool {
        let table = self.jobs.desk().jobs().snapshot();
        let jobs: Vec<_> = table.jobs().iter().filter(|j| j.batch == Some(batch)).collect();
        if jobs.len() < 2 {
            return false;
        }
        if jobs.iter().any(|j| !j.state.is_over()) || !jobs.iter().any(|j| j.asked) {
            return true;
        }
        let count = |state| jobs.iter().filter(|j| j.state == state).count();
        let (done, failed, all) = (count(State::Completed), count(State::Failed), jobs.len());
        let first = jobs.iter().find_map(|j| j.failure.as_ref().filter(|_| j.state == State::Failed));
        let kind = jobs[0].kind.to_string();
        let key = |part: &str| {
            let own = format!("session-batch-{kind}{part}");
            if has(&own) { own } else { format!("session-batch-other{part}") }
        };
        let args = |n: usize| [("n", n.into()), ("all", all.into()), ("kind", kind.clone().into())];
        if failed > 0 {
            let text = tr_args(&key(".failed"), &args(failed));
            let hint = first.map(|f| f.text.clone());
            self.notices.push(Notice { severity: Severity::Failure, good: false, text, hint });
        } else if done > 0 {
            self.good_news(tr_args(&key(".done"), &args(done)));
        }
        true
    }

    /// A job that this program ran has ended. Jobs that nobody asked for end silently; their failures are in the panel.
    fn job_ended(&mut self, job: &Job) {
        // a montage of this window says itself how it went, but not that it failed
        let failed_here = job.kind == kinds::MONTAGE && job.state == State::Failed;
        if !job.asked && !failed_here {
            return;
        }
        match job.state {
            State::Completed if job.kind == kinds::EXPORT => self.exported(job),
            State::Completed => {
                let args = [("file", job.subject.clone().into()), ("kind", job.kind.to_string().into())];
                let own = format!("session-job-{}.done", job.kind);
                let key = if has(&own) { &own } else { "session-job-other.done" };
                let text = tr_args(key, &args);
                self.good_news(text);
            }
            State::Failed => {
                if let Some(f) = &job.failure {
                    self.notices.push(Notice { severity: Severity::Failure, good: false, text: f.text.clone(), hint: f.hint.clone() });
                }
            }
            _ => {}
        }
    }

    fn exported(&mut self, job: &Job) {
        let Some(result) = &job.result else { return };
        let path = result["output"].as_str().unwrap_or(&job.subject).to_owned();
        let frames = result["frames"].as_u64().unwrap_or(0);
        let text = say!("session-exported", path = path, frames = frames).text();
        self.good_news(text);
        let warnings = result["warnings"].as_array().into_iter().flatten().filter_map(|w| w.as_str());
        self.notices.extend(warnings.map(|w| Notice { severity: Severity::Warning, good: false, text: w.to_owned(), hint: None }));
    }
}
