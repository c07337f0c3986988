//! The journal of one open document: a whole copy of it, then line by line what was done since, each flushed to the disk, so
//! that a crash loses nothing. Plain text, append-only; every record carries its length and a checksum that also covers its
//! place, so that a torn or damaged end is noticed and cut. What an edit is, the caller knows: here it is one opaque text.
//!
//! A journal that is in use is locked by its process; the system takes the lock away from a dead one, however it died.

mod file;
mod orphans;

pub use file::Journal;
pub(super) use orphans::is_at;
pub use orphans::{Orphan, journal_folder, orphans};

use super::{StoreError, paths::StoredPath, to_text};
use crate::model::Project;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Version of the journal's own format.
const FORMAT: u32 = 1;
/// Where the base's media paths are seen from: the root, so that a journal means the same wherever it lies.
const PLACE: &str = "/journal";
/// Of a journal's file name.
const EXTENSION: &str = "journal";
/// The same while its base is being written.
const UNFINISHED: &str = "journal-new";

/// What a journal is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Name of the project.
    pub name: String,
    /// The document's file; None while it was never saved.
    pub document: Option<PathBuf>,
    /// Whether that file holds exactly the base.
    pub saved: bool,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    name: String,
    document: Option<StoredPath>,
    saved: bool,
}

/// One thing that happened to the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// One undo step, as the caller writes it.
    Done(String),
    /// More of the last step, which came later.
    Joined(String),
    /// A step that is still being made; counts only where nothing follows it.
    Draft(String),
    /// The step that was being made has been given up.
    Dropped,
    Undone,
    Redone,
    /// The document was saved here. `behind`: the file holds an earlier state than the entries before this one lead to.
    Saved {
        document: PathBuf,
        behind: bool,
    },
    /// A start took the journal over from a process that had died.
    Resumed,
    /// [`fingerprint`] of the project at this point.
    Check(u64),
}

/// A stable hash of a whole project.
///
/// # Errors
/// As for [`to_text`].
pub fn fingerprint(project: &Project) -> Result<u64, StoreError> {
    Ok(xxh3_64(to_text(project, Path::new(PLACE))?.as_bytes()))
}

impl Entry {
    fn frame(&self, index: u64, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let (kind, body) = match self {
            Self::Done(text) => (b'd', text.clone()),
            Self::Joined(text) => (b'j', text.clone()),
            Self::Draft(text) => (b'g', text.clone()),
            Self::Dropped => (b'x', String::new()),
            Self::Undone => (b'u', String::new()),
            Self::Redone => (b'r', String::new()),
            Self::Saved { document, behind } => (if *behind { b't' } else { b's' }, line(&StoredPath(document.clone()))?),
            Self::Resumed => (b'a', String::new()),
            Self::Check(hash) => (b'c', format!("{hash:016x}")),
        };
        frame(index, kind, body.as_bytes(), out);
        Ok(())
    }

    fn of(kind: u8, body: &str) -> Option<Self> {
        let saved = |behind| ron::from_str::<StoredPath>(body).ok().map(|p| Self::Saved { document: p.0, behind });
        match kind {
            b'd' => Some(Self::Done(body.to_owned())),
            b'j' => Some(Self::Joined(body.to_owned())),
            b'g' => Some(Self::Draft(body.to_owned())),
            b'x' => Some(Self::Dropped),
            b'u' => Some(Self::Undone),
            b'r' => Some(Self::Redone),
            b's' => saved(false),
            b't' => saved(true),
            b'a' => Some(Self::Resumed),
            b'c' => u64::from_str_radix(body, 16).ok().map(Self::Check),
            _ => None,
        }
    }
}

fn line<T: Serialize>(value: &T) -> Result<String, StoreError> {
    ron::to_string(value).map_err(|e| StoreError::Unwritable { what: e.to_string() })
}

fn checksum(index: u64, kind: u8, body: &[u8]) -> u64 {
    xxh3_64_with_seed(body, index.wrapping_mul(256).wrapping_add(u64::from(kind)))
}

/// `d 17 0123456789abcdef`, a line break, the body, a line break.
fn frame(index: u64, kind: u8, body: &[u8], out: &mut Vec<u8>) {
    out.push(kind);
    out.extend_from_slice(format!(" {} {:016x}\n", body.len(), checksum(index, kind, body)).as_bytes());
    out.extend_from_slice(body);
    out.push(b'\n');
}

/// What stands where a record should begin.
enum Cut<'a> {
    Record {
        kind: u8,
        body: &'a str,
        len: usize,
    },
    /// The file ends within it, as after a death while writing.
    Torn,
    Damaged,
}

fn cut(bytes: &[u8], index: u64) -> Cut<'_> {
    /// A kind, two numbers and what is between them are never longer.
    const LONGEST_HEAD: usize = 48;
    let Some(end) = bytes.iter().take(LONGEST_HEAD).position(|b| *b == b'\n') else {
        return if bytes.len() < LONGEST_HEAD { Cut::Torn } else { Cut::Damaged };
    };
    let parts = std::str::from_utf8(&bytes[..end]).ok().and_then(|head| {
        let mut parts = head.split(' ');
        let kind = parts.next().filter(|k| k.len() == 1)?.as_bytes().first().copied()?;
        let len = parts.next()?.parse::<usize>().ok()?;
        let sum = u64::from_str_radix(parts.next()?, 16).ok()?;
        parts.next().is_none().then_some((kind, len, sum))
    });
    let Some((kind, len, sum)) = parts else { return Cut::Damaged };
    let start = end + 1;
    let Some(body) = start.checked_add(len).and_then(|stop| bytes.get(start..stop)) else { return Cut::Torn };
    match (bytes.get(start + len), std::str::from_utf8(body)) {
        (None, _) => Cut::Torn,
        (Some(b'\n'), Ok(text)) if checksum(index, kind, body) == sum => Cut::Record { kind, body: text, len: start + len + 1 },
        _ => Cut::Damaged,
    }
}

/// What a journal holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    pub origin: Origin,
    /// Text of the project that the entries begin with; read it with [`Recording::project`].
    base: String,
    pub entries: Vec<Entry>,
    /// Bytes up to the end of the base.
    base_len: u64,
    /// Bytes up to the end of the last sound record.
    len: u64,
    /// More follows the last sound record than a death while writing explains.
    pub damaged: bool,
}

impl Recording {
    /// The sound beginning of a journal's bytes.
    ///
    /// # Errors
    /// There is no sound base to begin with.
    pub fn of(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (mut at, mut index) = (0, 0);
        let mut next = |at: &mut usize| {
            let found = cut(&bytes[*at..], index);
            if let Cut::Record { len, .. } = found {
                *at += len;
                index += 1;
            }
            found
        };
        let mut first = |kind: u8| match next(&mut at) {
            Cut::Record { kind: k, body, .. } if k == kind => Ok(body),
            Cut::Torn => Err(Unreadable::Unfinished),
            _ => Err(Unreadable::Damaged),
        };
        let head: Head = ron::from_str(first(b'H')?).map_err(|_| Unreadable::Damaged)?;
        if head.format > FORMAT {
            return Err(Unreadable::Newer);
        }
        let base = first(b'B')?.to_owned();
        let origin = Origin { name: head.name, document: head.document.map(|p| p.0), saved: head.saved };
        let mut found = Self { origin, base, entries: Vec::new(), base_len: at as u64, len: at as u64, damaged: false };
        while at < bytes.len() {
            match next(&mut at) {
                Cut::Record { kind, body, .. } => match Entry::of(kind, body) {
                    Some(entry) => found.entries.push(entry),
                    // a newer program's: what follows may rest on it
                    None => {
                        found.damaged = true;
                        break;
                    }
                },
                Cut::Torn => break,
                Cut::Damaged => {
                    found.damaged = true;
                    break;
                }
            }
            found.len = at as u64;
        }
        Ok(found)
    }

    /// The project that the entries begin with.
    ///
    /// # Errors
    /// As for [`super::from_text`].
    pub fn project(&self) -> Result<Project, StoreError> {
        super::from_text(self.base.as_bytes(), Path::new(PLACE))
    }
}

/// Why there is nothing to be had from a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Its process died before the base was whole: nothing had been recorded yet.
    Unfinished,
    Damaged,
    Newer,
}
