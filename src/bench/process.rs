//! CPU time and memory of this process and of whole child processes.

use crate::base::Trouble;
use std::{
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

/// What a process used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    /// User + system time of all threads.
    pub cpu_secs: f64,
    pub wall_secs: f64,
    pub peak_rss_mb: f64,
}

fn cpu_of(r: &libc::rusage) -> f64 {
    let secs = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    secs(r.ru_utime) + secs(r.ru_stime)
}

/// Peak memory of a running process so far. Its rusage would not do: there a child starts with what its parent held.
fn high_water_mb(pid: libc::pid_t) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// CPU seconds of this process so far, all threads.
pub(super) fn cpu_secs() -> f64 {
    used_by(libc::RUSAGE_SELF)
}

/// CPU seconds of the children of this process that have ended and were waited for.
pub(super) fn children_cpu_secs() -> f64 {
    used_by(libc::RUSAGE_CHILDREN)
}

fn used_by(whom: libc::c_int) -> f64 {
    // SAFETY: getrusage only writes the struct that it is given, which lives on this stack and is plain data.
    let r = unsafe {
        let mut r: libc::rusage = std::mem::zeroed();
        libc::getrusage(whom, &mut r);
        r
    };
    cpu_of(&r)
}

/// CPU seconds of the calling thread so far.
pub(super) fn thread_cpu_secs() -> f64 {
    // SAFETY: clock_gettime only writes the struct that it is given, which lives on this stack and is plain data.
    let t = unsafe {
        let mut t: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t);
        t
    };
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// Run a program to its end and say what it used. Its output goes nowhere.
///
/// # Errors
/// It is not installed, or it failed.
pub(super) fn run(program: &str, args: &[&str]) -> Result<Usage, Trouble> {
    let missing =
        |e: std::io::Error| Trouble::new(format!("{program} could not be run: {e}"), "install the peers: apt-get install ffmpeg melt");
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let begin = std::time::Instant::now();
    let child = command.spawn().map_err(missing)?;
    let pid = child.id() as libc::pid_t;
    let (mut status, mut peak_rss_mb) = (0, 0f64);
    let (ended, r) = loop {
        // SAFETY: wait4 reaps exactly our own child, whose handle is not waited on otherwise, and writes two plain values.
        let (ended, r) = unsafe {
            let mut r: libc::rusage = std::mem::zeroed();
            (libc::wait4(pid, &mut status, libc::WNOHANG, &mut r), r)
        };
        if ended != 0 {
            break (ended, r);
        }
        peak_rss_mb = peak_rss_mb.max(high_water_mb(pid));
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    if ended < 0 || !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) != 0 {
        return Err(Trouble::new(format!("{program} {} failed", args.join(" ")), "run it by hand to see why"));
    }
    Ok(Usage { cpu_secs: cpu_of(&r), wall_secs: begin.elapsed().as_secs_f64(), peak_rss_mb })
}

/// What a Python program says that runs a peer of ours; None where the peer is not installed, which is told with the package's name.
/// `make bench` puts them all into `target/peers`; `MONTAGE_PEERS` names another environment.
pub(super) fn python(program: &str, args: &[&std::ffi::OsStr], package: &str, say: &dyn Fn(&str)) -> Option<String> {
    let folder = std::env::var_os("MONTAGE_PEERS").unwrap_or_else(|| "target/peers".into());
    let python = std::path::Path::new(&folder).join("bin/python");
    let out = Command::new(python).args(["-c", program]).args(args).stdin(Stdio::null()).output();
    match out {
        Ok(out) if out.status.success() => String::from_utf8(out.stdout).ok(),
        Ok(out) => {
            let said = String::from_utf8_lossy(&out.stderr).into_owned();
            say(&format!("{package} did not run: {}", said.lines().last().unwrap_or_default()));
            None
        }
        Err(_) => {
            say(&format!(
                "{package} is not installed: make bench brings it, or python3 -m venv V && V/bin/pip install {package}; MONTAGE_PEERS=V"
            ));
            None
        }
    }
}

/// The first line of a program's version, shortened: `ffmpeg 5.1.9`.
pub(super) fn version(program: &str) -> String {
    let flag = if program == "ffmpeg" { "-version" } else { "--version" };
    let out = Command::new(program).arg(flag).stdin(Stdio::null()).output();
    let text =
        out.map(|o| String::from_utf8_lossy(if o.stdout.is_empty() { &o.stderr } else { &o.stdout }).into_owned()).unwrap_or_default();
    let number = text.split_whitespace().find(|w| w.starts_with(|c: char| c.is_ascii_digit())).unwrap_or("?");
    let number = number.split('-').next().unwrap_or(number);
    format!("{program} {number}")
}
