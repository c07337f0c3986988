//! What the jobs themselves have to say to a user.

use super::{failure::Failure, spec::JobId};
use crate::base::{Trouble, words::say};
use std::{any::Any, path::Path};

/// The message of a panic, as its job's failure.
pub(super) fn panicked(panic: &(dyn Any + Send)) -> Failure {
    let message = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Failure::permanent(say!("job-panicked", message = message.unwrap_or_else(|| "?".to_owned())).trouble())
}

pub(super) fn no_work_dir(dir: &Path, e: &std::io::Error) -> Trouble {
    say!("job-no-work-folder", reason = e.to_string(), path = dir.display().to_string()).trouble()
}

pub(super) fn predecessor_failed(before: JobId) -> Trouble {
    say!("job-predecessor-failed", id = before.0).trouble()
}

pub(super) fn no_runner(kind: &str) -> Trouble {
    say!("job-no-runner", kind = kind.to_owned()).trouble()
}

pub(super) fn not_entered(e: &rusqlite::Error) -> Trouble {
    say!("job-not-entered", reason = e.to_string()).trouble()
}

pub(super) fn no_thread(e: &std::io::Error) -> Trouble {
    say!("job-no-thread", reason = e.to_string()).trouble()
}
