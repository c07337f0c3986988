//! First contact with many files: one guarded child process examines one file after another, so that its start-up is paid
//! once and not a thousand times. A file that makes the child crash or hang costs a message and a new child. Blocks; owned
//! by one worker thread.

use super::{
    MediaError,
    guard::{self, Reply},
    probe,
};
use crate::base::MediaInfo;
use crossbeam::channel::{Receiver, RecvTimeoutError, unbounded};
use std::{
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

/// Files that one child examines: its limit on processor time holds for all of them together.
const FILES_PER_CHILD: u32 = 50;

/// A child that waits for the next file.
struct Server {
    child: Child,
    wishes: ChildStdin,
    answers: Receiver<String>,
    left: u32,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        // a killed child is gone at once; without this it would stay a zombie
        let _ = self.child.wait();
    }
}

/// Examines files one after another; see the module.
#[derive(Default)]
pub struct Prober {
    server: Option<Server>,
}

impl Prober {
    /// As [`super::probe_guarded`].
    ///
    /// # Errors
    /// As [`super::probe`], in the words of the child; and when the child crashed or took too long.
    pub fn probe(&mut self, path: &Path) -> Result<MediaInfo, MediaError> {
        let Some(helper) = guard::helper() else { return probe(path) };
        let _span = tracing::info_span!("probe in a lasting child", path = %path.display()).entered();
        let died = |reason: String| MediaError::ProbeDied { path: path.into(), reason };
        // absolute, so that the child's own folder does not matter
        let absolute = std::path::absolute(path).map_err(|e| died(e.to_string()))?;
        loop {
            let mut server = match self.server.take() {
                Some(server) => server,
                None => start(&helper).map_err(|e| died(format!("{} cannot be started: {e}", helper.display())))?,
            };
            match server.examine(&absolute) {
                Ok(reply) => {
                    self.server = (server.left > 0).then_some(server);
                    return reply.into_result();
                }
                // earlier files may have used up its time: this one gets all of a new one's
                Err(Lost::Ended(_)) if server.left < FILES_PER_CHILD => {}
                Err(Lost::Ended(reason) | Lost::Stuck(reason)) => return Err(died(reason)),
            }
        }
    }
}

/// Why there is no reply.
enum Lost {
    Ended(String),
    Stuck(String),
}

impl Server {
    fn examine(&mut self, path: &Path) -> Result<Reply, Lost> {
        ask(&mut self.wishes, path).map_err(|e| Lost::Ended(e.to_string()))?;
        loop {
            match self.answers.recv_timeout(guard::CHILD_LIMIT) {
                // a plug-in may print something of its own
                Ok(line) => {
                    if let Ok(reply) = serde_json::from_str(&line) {
                        self.left -= 1;
                        return Ok(reply);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(Lost::Stuck(format!("it took longer than {} s", guard::CHILD_LIMIT.as_secs())));
                }
                Err(RecvTimeoutError::Disconnected) => return Err(Lost::Ended(format!("the examining process ended{}", status(self)))),
            }
        }
    }
}

fn status(server: &mut Server) -> String {
    server.child.wait().map_or_else(|_| String::new(), |s| format!(" with {s}"))
}

fn start(helper: &Path) -> std::io::Result<Server> {
    let mut command = Command::new(helper);
    command.arg(guard::PROBE_COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    guard::confine(&mut command);
    let mut child = command.spawn()?;
    let gone = || std::io::Error::other("the child has no pipes");
    let wishes = child.stdin.take().ok_or_else(gone)?;
    let stdout = child.stdout.take().ok_or_else(gone)?;
    let (tell, answers) = unbounded();
    // pipes have no time limit on reading; a thread that ends with its child gives them one
    std::thread::Builder::new().name("probe replies".into()).spawn(move || {
        let mut lines = BufReader::new(stdout);
        loop {
            let mut line = Vec::new();
            let read = lines.by_ref().take(guard::MAX_REPLY_BYTES).read_until(b'\n', &mut line);
            if read.is_err() || line.is_empty() || tell.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    })?;
    Ok(Server { child, wishes, answers, left: FILES_PER_CHILD })
}

/// A path and a zero byte: names may hold line breaks.
fn ask(wishes: &mut ChildStdin, path: &Path) -> std::io::Result<()> {
    let mut wish = path.as_os_str().as_encoded_bytes().to_vec();
    wish.push(0);
    wishes.write_all(&wish)?;
    wishes.flush()
}

/// What `montage-ai __probe` without a file does: examine each file that comes in and answer with a line. Returns the
/// exit status.
pub fn probe_server_main() -> i32 {
    for wish in std::io::stdin().lock().split(0) {
        let Ok(bytes) = wish else { return 1 };
        let reply = Reply::of(probe(&path_of(bytes)));
        let Ok(line) = serde_json::to_string(&reply) else { return 2 };
        let mut out = std::io::stdout().lock();
        if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
            return 1;
        }
    }
    0
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}
