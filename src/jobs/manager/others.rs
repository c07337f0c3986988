//! What the manager has to do with other programs' jobs: it asks their owners, takes over what dead programs left, and takes in
//! what others wrote.

use super::{LOOK, Manager, Owner, Request, State, now};
use crate::jobs::{
    spec::JobId,
    table::{Job, Pause},
    work,
};
use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

/// How often to see whether the programs whose jobs are under way still live, while somebody looks.
const CENSUS: Duration = Duration::from_secs(1);

impl Manager {
    /// Do what is asked where the job is ours or nobody's; else ask its owner.
    pub(super) fn ask(&mut self, id: JobId, what: Request) -> bool {
        let Some(owner) = self.schedule.get(id).map(|j| j.owner) else { return false };
        match owner {
            Owner::Ours => self.act(id, what),
            Owner::Other => self.journal.ask(id, what).is_ok(),
            Owner::Gone => {
                if !self.journal.adopt(id).unwrap_or(false) {
                    return false;
                }
                self.schedule.adopt(id);
                if matches!(what, Request::Resume | Request::Retry) {
                    // it would wait for ever for what nobody takes up
                    let before = self.schedule.get(id).map(|j| j.after.clone()).unwrap_or_default();
                    before.into_iter().filter(|b| self.is_left(*b)).collect::<Vec<_>>().into_iter().for_each(|b| {
                        self.ask(b, Request::Resume);
                    });
                }
                self.act(id, what)
            }
        }
    }

    /// Take in what other programs wrote: their jobs' states, their wishes, and jobs whose program has died.
    pub(super) fn look_at_others(&mut self, at_once: bool) {
        if !at_once && (!self.must_look() || self.last_look.elapsed() < LOOK) {
            return;
        }
        self.last_look = Instant::now();
        // that a program has died is written nowhere
        let may_have_died = self.last_census.elapsed() >= CENSUS && self.others_at_work();
        if !at_once && !may_have_died && !self.journal.others_wrote() {
            return;
        }
        self.last_census = Instant::now();
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
            if job.owner != Owner::Ours && known.is_none_or(|k| k.owner != Owner::Ours && k.differs(&job)) {
                self.schedule.observe(job, now());
            }
        }
        let gone: Vec<_> = self.schedule.table().jobs().iter().map(|j| j.id).filter(|id| !there.contains(id)).collect();
        for id in gone {
            self.schedule.forget(id);
        }
    }

    /// A program that died between a job's end and the removal of its work folder has left that: it goes at the next start.
    pub(super) fn sweep(&mut self) {
        work::sweep(&self.work);
        // jobs that no journal keeps may share the folder with others'
        if !self.journal.is_kept() {
            return;
        }
        // listed first: whoever has made a folder had entered its job before
        let left = work::in_there(&self.work);
        if left.is_empty() {
            return;
        }
        self.look_at_others(true);
        let (over, needed): (Vec<_>, Vec<_>) = self.schedule.all().partition(|j| matches!(j.state, State::Completed | State::Cancelled));
        let folders = |jobs: Vec<&Arc<Job>>| jobs.into_iter().map(|j| work::folder(&self.work, j)).collect::<BTreeSet<_>>();
        let (over, needed) = (folders(over), folders(needed));
        left.iter().filter(|f| over.contains(*f) && !needed.contains(*f)).for_each(|f| work::put_away(f));
    }

    fn others_at_work(&self) -> bool {
        self.schedule.all().any(|j| j.owner == Owner::Other && !j.state.is_over())
    }

    /// Its program has died and nobody has taken it up.
    fn is_left(&self, id: JobId) -> bool {
        self.schedule.get(id).is_some_and(|j| j.owner == Owner::Gone && j.state == State::Paused(Pause::Interrupted))
    }
}
