//! The table on disk: one SQLite file for all programs of a user, so that the window, the command line and the server see the
//! same jobs, and so that a crash loses none.
//!
//! Write-ahead log, synchronous = normal: what is committed survives the end of the process however it ends; a power cut may
//! take the last moments, never the file. Used by the manager's thread alone.

mod owner;
mod rows;

use super::{
    spec::{BatchId, JobId, JobSpec, WorkKey},
    table::{Job, Millis, Owner, Pause, State},
};
use crate::base::{Trouble, UserError, words::say};
use owner::Life;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Layout of the tables; a file with a higher one is left alone.
const VERSION: i64 = 1;
/// Ended jobs older than this are dropped at the start of a program.
const KEEP: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long to wait for another program's write.
const BUSY: Duration = Duration::from_secs(5);

/// Why there is no journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("{}", .0.text)]
    Newer(Trouble),
    #[error("{}", .0.text)]
    Folder(Trouble),
    #[error("{}", .trouble.text)]
    Database { trouble: Trouble, source: rusqlite::Error },
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
}

impl UserError for JournalError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Newer(t) | Self::Folder(t) | Self::Database { trouble: t, .. } => t.hint.clone(),
            Self::Thread(_) => None,
        }
    }
}

/// What another program asks of the owner of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Cancel,
    Pause,
    Resume,
    Retry,
}

/// What came of a submission.
pub(super) enum Entered {
    New(Box<Job>),
    /// The same work is under way or done.
    Existing(JobId),
    /// The same work was interrupted when its program ended; as it was left. It is ours now.
    Adopted(Box<Job>),
}

/// What came of a submission of several jobs.
pub(super) type Group = (Vec<Entered>, Option<BatchId>);

pub(super) struct Journal {
    db: Connection,
    life: Option<Life>,
    me: String,
    /// SQLite's count of what others have committed, when we last looked.
    seen: i64,
}

impl Journal {
    /// Open the journal in `folder`, or one that ends with the program. A file that is no database is put aside.
    pub fn open(folder: Option<&Path>) -> Result<Self, JournalError> {
        let Some(folder) = folder else {
            let mut journal = Self { db: Connection::open_in_memory().map_err(wrong(None))?, life: None, me: "memory".into(), seen: 0 };
            journal.prepare().map_err(wrong(None))?;
            return Ok(journal);
        };
        std::fs::create_dir_all(folder).map_err(|e| {
            JournalError::Folder(say!("job-no-journal", reason = e.to_string(), path = folder.display().to_string()).trouble())
        })?;
        let path = folder.join("jobs.sqlite");
        let life = Life::begin(&folder.join("running")).map_err(|e| {
            JournalError::Folder(say!("job-no-journal", reason = e.to_string(), path = folder.display().to_string()).trouble())
        })?;
        let me = life.name().to_owned();
        match Self::at(&path) {
            Ok(db) => Self { db, life: Some(life), me, seen: 0 }.checked(&path),
            Err(e) if is_damage(&e) => {
                put_aside(&path);
                let db = Self::at(&path).map_err(wrong(Some(&path)))?;
                Self { db, life: Some(life), me, seen: 0 }.checked(&path)
            }
            Err(e) => Err(wrong(Some(&path))(e)),
        }
    }

    fn at(path: &Path) -> Result<Connection, rusqlite::Error> {
        let db = Connection::open(path)?;
        db.busy_timeout(BUSY)?;
        // SQLite itself does not wait for this one: programs that start at the same moment get in each other's way
        let until = Instant::now() + BUSY;
        while let Err(e) = db.pragma_update(None, "journal_mode", "wal") {
            if e.sqlite_error_code() != Some(rusqlite::ErrorCode::DatabaseBusy) || Instant::now() >= until {
                return Err(e);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        db.pragma_update(None, "synchronous", "normal")?;
        // reads the file's head: a file that is no database fails here
        db.query_row("SELECT count(*) FROM sqlite_master", [], |r| r.get::<_, i64>(0))?;
        Ok(db)
    }

    fn checked(mut self, path: &Path) -> Result<Self, JournalError> {
        let version: i64 = self.db.query_row("PRAGMA user_version", [], |r| r.get(0)).map_err(wrong(Some(path)))?;
        if version > VERSION {
            return Err(JournalError::Newer(say!("job-newer-journal", path = path.display().to_string()).trouble()));
        }
        self.prepare().map_err(wrong(Some(path)))?;
        Ok(self)
    }

    fn prepare(&mut self) -> Result<(), rusqlite::Error> {
        self.db.execute_batch(&format!(
            "BEGIN IMMEDIATE;
             CREATE TABLE IF NOT EXISTS jobs (
                 id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, owner TEXT NOT NULL, state TEXT NOT NULL, ended INTEGER,
                 fixed TEXT NOT NULL, moving TEXT NOT NULL);
             CREATE INDEX IF NOT EXISTS jobs_key ON jobs(key) WHERE key IS NOT NULL;
             CREATE INDEX IF NOT EXISTS jobs_open ON jobs(state) WHERE state NOT IN ('completed', 'failed', 'cancelled');
             CREATE TABLE IF NOT EXISTS requests (job INTEGER NOT NULL, owner TEXT NOT NULL, what TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS batches (id INTEGER PRIMARY KEY AUTOINCREMENT);
             PRAGMA user_version = {VERSION};
             COMMIT;"
        ))
    }

    /// Whether it outlives this program, and other programs see it.
    pub fn is_kept(&self) -> bool {
        self.life.is_some()
    }

    /// Everything that is written down, ours and others'. Jobs of programs that are no more come back as interrupted.
    /// Old ended ones are dropped.
    pub fn load(&mut self, now: Millis) -> Result<Vec<Job>, rusqlite::Error> {
        let old = now.saturating_sub(u64::try_from(KEEP.as_millis()).unwrap_or(u64::MAX));
        self.db.execute("DELETE FROM jobs WHERE ended IS NOT NULL AND ended < ?1", params![old as i64])?;
        self.all()
    }

    /// All rows, without dropping any.
    pub fn all(&mut self) -> Result<Vec<Job>, rusqlite::Error> {
        self.seen = self.db.query_row("PRAGMA data_version", [], |r| r.get(0))?;
        let mut rows = self.db.prepare_cached("SELECT id, owner, fixed, moving FROM jobs ORDER BY id")?;
        let found = rows.query_map([], rows::read)?.collect::<Result<Vec<_>, _>>()?;
        let mut lives = owner::Lives::new(self.life.as_ref());
        Ok(found.into_iter().flatten().map(|(job, owner)| settle_owner(job, &owner, &self.me, &mut lives)).collect())
    }

    /// Whether another program has written since the last [`Journal::all`]. Cheap: reads one number.
    pub fn others_wrote(&self) -> bool {
        self.db.query_row("PRAGMA data_version", [], |r| r.get::<_, i64>(0)).is_ok_and(|v| v != self.seen)
    }

    /// Enter jobs in one transaction: all or none. `good` says whether an earlier result can be handed out again.
    pub fn enter(
        &mut self,
        groups: Vec<(Vec<JobSpec>, bool)>,
        now: Millis,
        good: &dyn Fn(&Job) -> bool,
    ) -> Result<Vec<Group>, rusqlite::Error> {
        let mut lives = owner::Lives::new(self.life.as_ref());
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut all = Vec::with_capacity(groups.len());
        for (specs, batched) in groups {
            let batch = if batched {
                tx.execute("INSERT INTO batches DEFAULT VALUES", [])?;
                Some(BatchId(tx.last_insert_rowid().unsigned_abs()))
            } else {
                None
            };
            let mut entered = Vec::with_capacity(specs.len());
            for spec in specs {
                let same = match &spec.key {
                    Some(key) => same_work(&tx, key, &self.me, &mut lives, good)?,
                    None => None,
                };
                let entry = match same {
                    Some(same) => same,
                    None => Entered::New(Box::new(insert(&tx, rows::new_job(spec, batch, now), &self.me)?)),
                };
                entered.push(entry);
            }
            all.push((entered, batch));
        }
        tx.commit()?;
        Ok(all)
    }

    /// Write down how our jobs stand, in one transaction.
    pub fn write<'a>(&mut self, jobs: impl IntoIterator<Item = &'a Job>) -> Result<(), rusqlite::Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut update = tx.prepare_cached("UPDATE jobs SET owner = ?2, state = ?3, ended = ?4, moving = ?5 WHERE id = ?1")?;
            for job in jobs {
                let ended = job.ended.map(|e| e as i64);
                update.execute(params![job.id.0 as i64, self.me, job.state.as_str(), ended, rows::moving(job)])?;
            }
        }
        tx.commit()
    }

    /// Make a job of a program that is no more ours. False when somebody else was quicker.
    pub fn adopt(&mut self, id: JobId) -> Result<bool, rusqlite::Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let owner: Option<String> = tx.query_row("SELECT owner FROM jobs WHERE id = ?1", params![id.0 as i64], |r| r.get(0)).optional()?;
        let free = owner.is_some_and(|o| o != self.me && !owner::Lives::new(self.life.as_ref()).is_alive(&o));
        if free {
            tx.execute("UPDATE jobs SET owner = ?2 WHERE id = ?1", params![id.0 as i64, self.me])?;
        }
        tx.commit()?;
        Ok(free)
    }

    /// Ask the owner of a job for something.
    pub fn ask(&mut self, id: JobId, what: Request) -> Result<(), rusqlite::Error> {
        self.db.execute(
            "INSERT INTO requests (job, owner, what) SELECT id, owner, ?2 FROM jobs WHERE id = ?1",
            params![id.0 as i64, rows::request_name(what)],
        )?;
        Ok(())
    }

    /// What others ask of us; each is told once.
    pub fn requests(&mut self) -> Result<Vec<(JobId, Request)>, rusqlite::Error> {
        let mut take = self.db.prepare_cached("DELETE FROM requests WHERE owner = ?1 RETURNING job, what")?;
        let asked = take.query_map(params![self.me], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, String>(1)?)))?;
        let asked = asked.collect::<Result<Vec<_>, _>>()?;
        Ok(asked.into_iter().filter_map(|(id, what)| Some((JobId(id.unsigned_abs()), rows::request(&what)?))).collect())
    }

    /// Drop ended jobs from the table.
    pub fn drop_ended(&mut self, ids: &BTreeSet<JobId>) -> Result<(), rusqlite::Error> {
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for id in ids {
            tx.execute("DELETE FROM jobs WHERE id = ?1 AND state IN ('completed', 'failed', 'cancelled')", params![id.0 as i64])?;
        }
        tx.commit()
    }
}

fn insert(tx: &rusqlite::Transaction<'_>, mut job: Job, me: &str) -> Result<Job, rusqlite::Error> {
    tx.prepare_cached("INSERT INTO jobs (key, owner, state, fixed, moving) VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(params![
        job.key.as_ref().map(WorkKey::as_str),
        me,
        job.state.as_str(),
        rows::fixed(&job),
        rows::moving(&job)
    ])?;
    job.id = JobId(tx.last_insert_rowid().unsigned_abs());
    Ok(job)
}

/// The same work: under way anywhere, done with a result that is still good, or left behind by a program that is no more.
fn same_work(
    tx: &rusqlite::Transaction<'_>,
    key: &WorkKey,
    me: &str,
    lives: &mut owner::Lives<'_>,
    good: &dyn Fn(&Job) -> bool,
) -> Result<Option<Entered>, rusqlite::Error> {
    let mut rows = tx.prepare_cached("SELECT id, owner, fixed, moving FROM jobs WHERE key = ?1 ORDER BY id DESC")?;
    let found = rows.query_map(params![key.as_str()], rows::read)?.collect::<Result<Vec<_>, _>>()?;
    for (job, owner) in found.into_iter().flatten() {
        let id = job.id;
        let job = settle_owner(job, &owner, me, lives);
        match job.state {
            State::Completed if good(&job) => return Ok(Some(Entered::Existing(id))),
            State::Completed | State::Failed | State::Cancelled => {}
            State::Paused(Pause::Interrupted) if job.owner == Owner::Gone => {
                tx.execute("UPDATE jobs SET owner = ?2 WHERE id = ?1", params![id.0 as i64, me])?;
                return Ok(Some(Entered::Adopted(Box::new(job))));
            }
            _ => return Ok(Some(Entered::Existing(id))),
        }
    }
    Ok(None)
}

/// Whose a row is; what a dead program had not ended is interrupted.
fn settle_owner(mut job: Job, owner: &str, me: &str, lives: &mut owner::Lives<'_>) -> Job {
    job.owner = if owner == me {
        Owner::Ours
    } else if lives.is_alive(owner) {
        Owner::Other
    } else {
        Owner::Gone
    };
    if job.owner == Owner::Gone && !job.state.is_over() {
        job.state = State::Paused(Pause::Interrupted);
        job.stopping = false;
        job.progress.secs_left = None;
    }
    job
}

fn is_damage(e: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(e.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// Keep a damaged file for whoever wants to look, under a name that hinders nobody.
fn put_aside(path: &Path) {
    let mut aside = PathBuf::from(path);
    aside.set_extension("damaged.sqlite");
    if let Err(e) = std::fs::rename(path, &aside) {
        tracing::warn!("{} is damaged and could not be put aside: {e}", path.display());
    } else {
        tracing::warn!("the list of jobs was damaged; it is kept as {}", aside.display());
    }
    for tail in ["-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(tail);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
}

/// The journal is there and cannot be read.
pub(super) fn unreadable(folder: Option<&Path>, source: rusqlite::Error) -> JournalError {
    wrong(folder)(source)
}

fn wrong(path: Option<&Path>) -> impl Fn(rusqlite::Error) -> JournalError {
    let path = path.map_or_else(|| "memory".to_owned(), |p| p.display().to_string());
    move |source| JournalError::Database {
        trouble: say!("job-no-journal", reason = source.to_string(), path = path.clone()).trouble(),
        source,
    }
}
