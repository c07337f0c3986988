//! First contact with an unknown file in a child process with limits, so that a decoder's crash or endless loop costs a
//! message and not the program. Blocks for as long as the child takes; any worker thread.

use super::{MediaError, probe};
use crate::base::{MediaInfo, UserError};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsStr,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::{Duration, Instant},
};

/// Word on the command line that makes the program probe one file and end.
pub const PROBE_COMMAND: &str = "__probe";
/// Longest life of the child.
pub(super) const CHILD_LIMIT: Duration = Duration::from_secs(20);
/// A reply is some hundred bytes; a child that says more is broken.
pub(super) const MAX_REPLY_BYTES: u64 = 1 << 20;

static HELPER: OnceLock<PathBuf> = OnceLock::new();

/// Name the program to run as `<helper> __probe FILE` where this process is not `montage-ai` itself (tests). The first
/// call counts.
pub fn set_probe_helper(helper: PathBuf) {
    // a second helper is not an error, only late
    let _ = HELPER.set(helper);
}

/// The child's answer, one line of JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reply {
    Info(Box<MediaInfo>),
    Error { message: String, hint: Option<String> },
}

impl Reply {
    pub fn of(found: Result<MediaInfo, MediaError>) -> Self {
        match found {
            Ok(info) => Self::Info(Box::new(info)),
            Err(e) => Self::Error { message: e.to_string(), hint: e.hint() },
        }
    }

    pub fn into_result(self) -> Result<MediaInfo, MediaError> {
        match self {
            Self::Info(info) => Ok(*info),
            Self::Error { message, hint } => Err(MediaError::Probe { message, hint }),
        }
    }
}

/// As [`probe`], in a child process with limits on processor time, memory and written bytes. Where there is no helper (a
/// library user, a unit test) it is done in this process.
///
/// # Errors
/// As [`probe`], in the words of the child; and when the child crashed or took too long.
pub fn probe_guarded(path: &Path) -> Result<MediaInfo, MediaError> {
    let Some(helper) = helper() else { return probe(path) };
    let _span = tracing::info_span!("probe in a child", path = %path.display()).entered();
    let died = |reason: String| MediaError::ProbeDied { path: path.into(), reason };
    // absolute, so that no name can look like an option
    let absolute = std::path::absolute(path).map_err(|e| died(e.to_string()))?;
    let mut command = Command::new(&helper);
    command.arg(PROBE_COMMAND).arg(&absolute).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    confine(&mut command);
    let mut child = command.spawn().map_err(|e| died(format!("{} cannot be started: {e}", helper.display())))?;
    let status = wait(&mut child).map_err(died)?;
    let mut text = String::new();
    if let Some(out) = child.stdout.take() {
        out.take(MAX_REPLY_BYTES).read_to_string(&mut text).map_err(|e| died(e.to_string()))?;
    }
    // a plug-in may have printed something before
    match text.lines().rev().find_map(|line| serde_json::from_str::<Reply>(line).ok()) {
        Some(reply) => reply.into_result(),
        None => Err(died(format!("the examining process ended with {status}"))),
    }
}

/// What `montage-ai __probe FILE` does: probe in this process and print the answer. Returns the exit status.
pub fn probe_child_main(path: &Path) -> i32 {
    let reply = Reply::of(probe(path));
    match serde_json::to_string(&reply) {
        Ok(line) => {
            println!("{line}");
            i32::from(matches!(reply, Reply::Error { .. }))
        }
        Err(_) => 2,
    }
}

pub(super) fn helper() -> Option<PathBuf> {
    HELPER.get().cloned().or_else(|| std::env::current_exe().ok().filter(|p| p.file_stem() == Some(OsStr::new("montage-ai"))))
}

/// Wait for the child's end; kill it at the limit.
fn wait(child: &mut Child) -> Result<std::process::ExitStatus, String> {
    let deadline = Instant::now() + CHILD_LIMIT;
    let mut pause = Duration::from_millis(1);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if Instant::now() < deadline => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it took longer than {} s", CHILD_LIMIT.as_secs()));
            }
            Err(e) => return Err(e.to_string()),
        }
    }
}

/// Limits for a child that meets unknown files.
pub(super) fn confine(command: &mut Command) {
    // the child may not write files, so it must not try to renew the registry
    command.env("GST_REGISTRY_UPDATE", "no");
    limit(command);
}

#[cfg(unix)]
fn limit(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    const CPU_SECS: u64 = 20;
    /// Decoders reserve far more address space than they use.
    const ADDRESS_BYTES: u64 = 8 << 30;
    let limits = [(libc::RLIMIT_CPU, CPU_SECS), (libc::RLIMIT_AS, ADDRESS_BYTES), (libc::RLIMIT_FSIZE, 0), (libc::RLIMIT_CORE, 0)];
    let set = move || {
        for (what, value) in limits {
            let limit = libc::rlimit { rlim_cur: value, rlim_max: value };
            // SAFETY: a plain system call on a live local, allowed between fork and exec
            if unsafe { libc::setrlimit(what, &raw const limit) } != 0 {
                return Err(std::io::Error::last_os_error());
            }
        }
        // SAFETY: as above; writing to a file then fails with an error in place of a signal
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        Ok(())
    };
    // SAFETY: the closure only makes system calls that are safe after fork (no locks, no allocation)
    unsafe { command.pre_exec(set) };
}

#[cfg(not(unix))]
fn limit(_: &mut Command) {}
