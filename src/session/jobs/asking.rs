//! A batch of proxies on its way into the table: the files are looked at on a thread of its own, for the window waits for no disk.

use super::{Desk, JobId, Priority, ProxyFormat, proxy};
use crate::base::{Trouble, words::say};
use crossbeam::channel::{Receiver, TryRecvError, bounded};
use std::{path::PathBuf, sync::Arc};

/// Files that cannot be read get a message each; more become one.
const TOLD_ONE_BY_ONE: usize = 3;

/// See the module.
pub(super) struct Asking(Receiver<Asked>);

/// What became of it.
#[derive(Default)]
pub(super) struct Asked {
    /// Of these the table knew already: under way, or done.
    pub existing: Vec<JobId>,
    /// What could not be asked for.
    pub failed: Vec<Trouble>,
}

impl Asking {
    /// `asked`: a person waits for it.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn start(
        desk: &Desk,
        files: Vec<PathBuf>,
        format: ProxyFormat,
        asked: bool,
        wake: Arc<dyn Fn() + Send + Sync>,
    ) -> Result<Self, Trouble> {
        let (tell, answer) = bounded(1);
        let (jobs, cache) = (desk.jobs().clone(), desk.cache().clone());
        let submit = move || {
            let mut specs = Vec::with_capacity(files.len());
            let mut failed = Vec::new();
            for file in &files {
                match proxy::spec(&cache, file, format) {
                    Ok(spec) if asked => specs.push(spec),
                    Ok(spec) => specs.push(spec.unasked().priority(Priority::Background)),
                    Err(t) => failed.push(t),
                }
            }
            let mut done = Asked::default();
            if !specs.is_empty() {
                match jobs.submit_batch(specs).wait() {
                    Ok(Ok(submitted)) => done.existing = submitted.existing.into_iter().collect(),
                    Ok(Err(t)) => failed.push(t),
                    // the window is closing
                    Err(_) => {}
                }
            }
            done.failed = shortened(failed);
            let _ = tell.send(done);
            wake();
        };
        std::thread::Builder::new()
            .name("proxies start".into())
            .spawn(submit)
            .map_err(|e| say!("session-proxies-not-started", reason = e.to_string()).trouble())?;
        Ok(Self(answer))
    }

    /// What became of it, once.
    pub fn get(&self) -> Option<Asked> {
        self.0.try_recv().ok()
    }

    pub fn is_under_way(&self) -> bool {
        !matches!(self.0.try_recv(), Err(TryRecvError::Disconnected))
    }
}

/// A few messages for however many.
fn shortened(failed: Vec<Trouble>) -> Vec<Trouble> {
    if failed.len() <= TOLD_ONE_BY_ONE {
        return failed;
    }
    let first = failed.first().map(|t| t.text.clone()).unwrap_or_default();
    vec![say!("session-proxies-not-asked", n = failed.len(), first = first).trouble()]
}
