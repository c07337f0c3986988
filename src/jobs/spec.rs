//! What a job is before it runs: plain data that outlives the program.

use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// Number of a job in the table of this user; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub u64);

/// Jobs that were submitted together and are told as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BatchId(pub u64);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which runner does it: `proxy`, `export`, …. The names belong to whoever registers runners.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Kind {
    fn from(name: String) -> Self {
        Self(Cow::Owned(name))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which workers a job needs. Each lane has its own, so that a long encode does not keep the graphics card idle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// Processor cores less one.
    Cpu,
    /// One at a time: its memory is one.
    Gpu,
    /// Disk and network.
    Io,
}

impl Lane {
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Gpu, Self::Io];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
            Self::Io => "io",
        }
    }
}

/// How many jobs of each lane run at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lanes {
    pub cpu: usize,
    pub gpu: usize,
    pub io: usize,
}

impl Lanes {
    /// For this machine: all cores but one, one graphics card, two for disk and network.
    pub fn of_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { cpu: (cores - 1).max(1), gpu: 1, io: 2 }
    }

    pub fn size(self, lane: Lane) -> usize {
        match lane {
            Lane::Cpu => self.cpu,
            Lane::Gpu => self.gpu,
            Lane::Io => self.io,
        }
    }
}

/// Who goes first among those that wait for the same lane; within one priority the older job does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Nobody waits for it (analysis ahead of need).
    Background,
    #[default]
    Normal,
    /// Somebody looks at an empty picture until it is done.
    Urgent,
}

/// The same work on the same input has the same key: a hash of the input's content and of every parameter that changes the
/// result. Lower-case letters, digits and `-`: it names a folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkKey(String);

impl WorkKey {
    /// `parts` in order; the kind of work belongs among them.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = xxhash_rust::xxh3::Xxh3::new();
        for part in parts {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(format!("{:032x}", hash.digest128()))
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }
}

/// A job to do.
#[derive(Clone, Debug, PartialEq)]
pub struct JobSpec {
    pub kind: Kind,
    /// What it works on, for people: the file's name.
    pub subject: String,
    /// Everything the runner needs, so that another run of the program can go on with it.
    pub params: serde_json::Value,
    /// None: never the same as another.
    pub key: Option<WorkKey>,
    pub lane: Lane,
    pub priority: Priority,
    /// These must be completed first; if one fails or is cancelled, so is this.
    pub after: Vec<JobId>,
    /// A person asked for it and wants to hear how it ends.
    pub asked: bool,
}

impl JobSpec {
    pub fn new(kind: Kind, subject: impl Into<String>, params: serde_json::Value, lane: Lane) -> Self {
        Self { kind, subject: subject.into(), params, key: None, lane, priority: Priority::Normal, after: Vec::new(), asked: true }
    }
    #[must_use]
    pub fn keyed(self, key: WorkKey) -> Self {
        Self { key: Some(key), ..self }
    }
    #[must_use]
    pub fn after(self, after: Vec<JobId>) -> Self {
        Self { after, ..self }
    }
    #[must_use]
    pub fn priority(self, priority: Priority) -> Self {
        Self { priority, ..self }
    }
    /// Nobody asked for it: it ends silently.
    #[must_use]
    pub fn unasked(self) -> Self {
        Self { asked: false, ..self }
    }
}
