//! Exports running in the background: one thread each, progress by channel, cancel by flag.

use super::{
    graphics::renderer_for,
    view::{JobState, JobStatus, Notice},
};
use crate::{
    base::{Severity, Trouble, words::say},
    engine::{self, ExportProgress, ExportReport, ExportRequest, Preset},
    gpu::GpuContext,
    model::Project,
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

enum News {
    Progress(u64, ExportProgress),
    Done(u64, Result<ExportReport, Trouble>),
}

/// All exports of this session, newest last.
pub(super) struct Exports {
    gpu: Option<GpuContext>,
    force_cpu: bool,
    wake: Arc<dyn Fn() + Send + Sync>,
    presets: Vec<Preset>,
    jobs: Vec<JobStatus>,
    cancels: Vec<(u64, Arc<AtomicBool>)>,
    tell: Sender<News>,
    news: Receiver<News>,
}

impl Exports {
    pub fn new(gpu: Option<GpuContext>, force_cpu: bool, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (tell, news) = unbounded();
        Self { gpu, force_cpu, wake, presets: engine::presets(), jobs: Vec::new(), cancels: Vec::new(), tell, news }
    }

    pub fn jobs(&self) -> &[JobStatus] {
        &self.jobs
    }
    pub fn presets(&self) -> &[Preset] {
        &self.presets
    }

    pub fn start(&mut self, project: Arc<Project>, output: PathBuf, preset: &str, range: Option<(i64, i64)>, notices: &mut Vec<Notice>) {
        let Some(preset) = self.presets.iter().find(|p| p.name == preset).cloned() else {
            notices.push(failure(say!("session-no-preset", preset = preset.to_owned()).trouble()));
            return;
        };
        let id = self.jobs.last().map_or(1, |j| j.id + 1);
        let file = output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let title = say!("session-exporting", file = file).text();
        let cancel = Arc::new(AtomicBool::new(false));
        let (gpu, force_cpu, tell, wake, flag) = (self.gpu.clone(), self.force_cpu, self.tell.clone(), self.wake.clone(), cancel.clone());
        let request = ExportRequest { project, output: output.clone(), preset, range };
        let run = move || {
            let progress = |p: ExportProgress| {
                let _ = tell.send(News::Progress(id, p));
                wake();
            };
            // a panic in an export must fail that export alone
            let done = catch_unwind(AssertUnwindSafe(|| {
                let renderer = renderer_for(gpu.as_ref(), force_cpu).map_err(|e| Trouble::of(&e))?;
                engine::export(&request, renderer, &flag, &mut { progress }).map_err(|e| Trouble::of(&e))
            }));
            let done = done.unwrap_or_else(|_| Err(say!("session-export-broke").trouble()));
            let _ = tell.send(News::Done(id, done));
            wake();
        };
        if let Err(e) = std::thread::Builder::new().name(format!("export {id}")).spawn(run) {
            notices.push(failure(say!("session-export-not-started", reason = e.to_string()).trouble()));
            return;
        }
        self.cancels.push((id, cancel));
        self.jobs.push(JobStatus { id, title, state: JobState::Running, progress: 0.0, rate: 0.0, time_left: None, output, error: None });
    }

    pub fn cancel(&mut self, id: u64) {
        if let Some((_, flag)) = self.cancels.iter().find(|(i, _)| *i == id) {
            flag.store(true, Ordering::Relaxed);
        }
    }

    /// Show a finished export's folder in the desktop's file manager.
    pub fn reveal(&self, id: u64) {
        let Some(job) = self.jobs.iter().find(|j| j.id == id && j.state == JobState::Completed) else { return };
        if let Some(folder) = job.output.parent()
            && let Err(e) = open::that_detached(folder)
        {
            tracing::warn!("{} could not be shown: {e}", folder.display());
        }
    }

    /// Take in what the exports tell; true when anything changed.
    pub fn poll(&mut self, notices: &mut Vec<Notice>) -> bool {
        let mut changed = false;
        while let Ok(news) = self.news.try_recv() {
            changed = true;
            match news {
                News::Progress(id, p) => {
                    if let Some(job) = self.jobs.iter_mut().find(|j| j.id == id) {
                        (job.progress, job.rate, job.time_left) = (p.fraction, p.frames_per_sec, p.secs_left);
                    }
                }
                News::Done(id, done) => {
                    let cancelled = self.cancels.iter().any(|(i, f)| *i == id && f.load(Ordering::Relaxed));
                    self.cancels.retain(|(i, _)| *i != id);
                    if let Some(job) = self.jobs.iter_mut().find(|j| j.id == id) {
                        finish(job, done, cancelled, notices);
                    }
                }
            }
        }
        changed
    }
}

impl Drop for Exports {
    /// Closing the program cancels what runs: no half-written file stays behind under its final name in any case.
    fn drop(&mut self) {
        for (_, flag) in &self.cancels {
            flag.store(true, Ordering::Relaxed);
        }
    }
}

fn finish(job: &mut JobStatus, done: Result<ExportReport, Trouble>, cancelled: bool, notices: &mut Vec<Notice>) {
    job.time_left = None;
    match done {
        Ok(report) => {
            job.state = JobState::Completed;
            job.progress = 1.0;
            let text = say!("session-exported", path = job.output.display().to_string(), frames = report.frames).text();
            notices.push(Notice { severity: Severity::Warning, good: true, text, hint: None });
            for text in report.warnings {
                notices.push(Notice { severity: Severity::Warning, good: false, text, hint: None });
            }
        }
        Err(_) if cancelled => job.state = JobState::Cancelled,
        Err(t) => {
            job.state = JobState::Failed;
            let notice = failure(t);
            job.error = Some(notice.clone());
            notices.push(notice);
        }
    }
}

fn failure(t: Trouble) -> Notice {
    Notice { severity: Severity::Failure, good: false, text: t.text, hint: t.hint }
}
