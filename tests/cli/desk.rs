//! A desk of one's own for each test: a work folder, a home for caches and settings, and the program run on it.

use serde_json::Value;
use std::{
    ffi::OsStr,
    fs,
    io::Read,
    os::unix::process::ExitStatusExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Nothing here takes long; a program that is still running after this hangs.
const WATCHDOG: Duration = Duration::from_secs(300);

/// A temporary work folder; everything in it vanishes with the value.
pub struct Desk {
    folder: TempDir,
    home: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), home: TempDir::new().unwrap() }
    }

    /// The path of `name` on the desk.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the program keeps what is its own.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A copy of `file` on the desk, under `name`.
    pub fn copy(&self, file: &Path, name: impl AsRef<Path>) -> PathBuf {
        let path = self.path(name);
        fs::copy(file, &path).unwrap();
        path
    }

    /// The names in the work folder, sorted: what a command left behind.
    pub fn listing(&self) -> Vec<String> {
        listing(self.folder.path())
    }

    /// The program with these arguments, in the work folder, without a display, not yet started.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        // measurements may name a release build
        let program = std::env::var_os("MONTAGE_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_montage-ai").into());
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("MONTAGE_AI_HOME", self.home.path())
            .env_remove("RUST_LOG")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Outcome {
        Running::start(self.command(arguments)).end()
    }

    /// Runs with `--json` and gives the one value that must be on stdout.
    pub fn json<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Value {
        let mut command = self.command(arguments);
        command.arg("--json");
        Running::start(command).end().succeeded().json()
    }
}

/// The names in a folder, sorted.
pub fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A started program whose output is being collected.
pub struct Running {
    child: Child,
    line: String,
    readers: [thread::JoinHandle<Vec<u8>>; 2],
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let line = format!("{command:?}");
        let mut child = command.spawn().unwrap_or_else(|e| panic!("{line}: {e}"));
        fn collect(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                from.read_to_end(&mut bytes).map(|_| bytes).unwrap_or_default()
            })
        }
        let readers = [collect(child.stdout.take().unwrap()), collect(child.stderr.take().unwrap())];
        Self { child, line, readers }
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Sends `signal` to the program alone, as `kill` does.
    pub fn signal(&self, signal: i32) {
        let pid = i32::try_from(self.child.id()).unwrap();
        // SAFETY: kill(2) touches no memory; the child has not been waited for, so that the id is still its own.
        assert_eq!(unsafe { libc::kill(pid, signal) }, 0, "{}: could not be signalled", self.line);
    }

    /// Waits until it has ended; the most memory that it took, in KiB (as often as it was looked at).
    pub fn end_with_memory(mut self) -> (Outcome, u64) {
        let (begin, file, mut most) = (Instant::now(), format!("/proc/{}/status", self.child.id()), 0);
        while self.is_running() && begin.elapsed() < WATCHDOG {
            let status = std::fs::read_to_string(&file).unwrap_or_default();
            let high = status.lines().find(|l| l.starts_with("VmHWM:")).and_then(|l| l.split_whitespace().nth(1)?.parse().ok());
            most = most.max(high.unwrap_or(0));
            thread::sleep(Duration::from_millis(20));
        }
        (self.end(), most)
    }

    /// Waits until `condition` holds, while the program runs.
    pub fn until(&mut self, what: &str, mut condition: impl FnMut() -> bool) {
        let begin = Instant::now();
        while !condition() {
            assert!(self.child.try_wait().unwrap().is_none(), "{}: ended before {what}", self.line);
            assert!(begin.elapsed() < WATCHDOG, "{}: no {what}", self.line);
            thread::sleep(Duration::from_millis(2));
        }
    }

    pub fn end(mut self) -> Outcome {
        let begin = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break Some(status);
            }
            if begin.elapsed() > WATCHDOG {
                self.child.kill().unwrap();
                self.child.wait().unwrap();
                break None;
            }
            thread::sleep(Duration::from_millis(5));
        };
        let wall = begin.elapsed();
        let [stdout, stderr] = self.readers.map(|r| String::from_utf8_lossy(&r.join().unwrap()).into_owned());
        let Some(status) = status else { panic!("{}: hung\n--- stdout\n{stdout}\n--- stderr\n{stderr}", self.line) };
        Outcome { status, stdout, stderr, wall, line: self.line }
    }
}

/// How a run of the program ended.
pub struct Outcome {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    /// From the call of `end`.
    pub wall: Duration,
    line: String,
}

impl Outcome {
    /// Everything that a person needs to see what went wrong.
    fn story(&self) -> String {
        format!("{}\n{}\n--- stdout\n{}\n--- stderr\n{}", self.line, self.status, self.stdout, self.stderr)
    }

    #[track_caller]
    pub fn exit(self, code: i32) -> Self {
        assert_eq!((self.status.code(), self.status.signal()), (Some(code), None), "{}", self.story());
        self
    }

    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.exit(0)
    }

    /// Status 1, nothing on stdout, and on stderr two lines: what happened, with each of `words` (in any case), and a hint.
    #[track_caller]
    pub fn failed_clearly(self, words: &[&str]) -> Self {
        let outcome = self.exit(1);
        let story = outcome.story();
        assert_eq!(outcome.stdout, "", "{story}");
        let lines: Vec<_> = outcome.stderr.lines().collect();
        let [what, hint] = lines[..] else { panic!("stderr must be one line and a hint\n{story}") };
        assert!(what.len() > 10 && !what.contains("panicked") && !what.contains("RUST_BACKTRACE"), "{story}");
        for word in words {
            assert!(what.to_lowercase().contains(&word.to_lowercase()), "the first line does not say {word:?}\n{story}");
        }
        assert!(hint.strip_prefix("hint: ").is_some_and(|h| h.len() > 10), "{story}");
        outcome
    }

    /// Refused as wrong usage or as a failure, in words and not by a crash.
    #[track_caller]
    pub fn refused(self) -> Self {
        assert!(matches!(self.status.code(), Some(1 | 2)), "{}", self.story());
        assert!(self.stdout.is_empty() && !self.stderr.is_empty() && !self.stderr.contains("panicked"), "{}", self.story());
        self
    }

    /// The hint, without the word.
    #[track_caller]
    pub fn hint(&self) -> &str {
        self.stderr.lines().find_map(|l| l.strip_prefix("hint: ")).unwrap_or_else(|| panic!("no hint\n{}", self.story()))
    }

    /// The one JSON value on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("stdout is not one JSON value: {e}\n{}", self.story()))
    }
}
