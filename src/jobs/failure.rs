//! How a job can end badly, and which bad ends are worth another attempt.

use crate::base::{Trouble, UserError};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Why a job failed: words for a person, and whether the same again may go better.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What happened, and to which file; one line.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The cause passes: a lost device, memory, a disk that is full for a moment, the network.
    pub retryable: bool,
}

impl Failure {
    /// The same input will fail again: no such file, damaged input, a wrong argument.
    pub fn permanent(trouble: Trouble) -> Self {
        Self { text: trouble.text, hint: trouble.hint, retryable: false }
    }
    /// Worth another attempt.
    pub fn transient(trouble: Trouble) -> Self {
        Self { text: trouble.text, hint: trouble.hint, retryable: true }
    }
    /// A user's error that does not pass by itself.
    pub fn of(e: &(impl UserError + ?Sized)) -> Self {
        Self::permanent(Trouble::of(e))
    }
    /// An input or output error: some pass, most do not.
    pub fn io(e: &std::io::Error, trouble: Trouble) -> Self {
        if passes(e.kind()) { Self::transient(trouble) } else { Self::permanent(trouble) }
    }
}

/// Kinds of input/output errors that may be gone in a few seconds.
pub fn passes(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind as K;
    matches!(
        kind,
        K::StorageFull
            | K::QuotaExceeded
            | K::OutOfMemory
            | K::ResourceBusy
            | K::Interrupted
            | K::TimedOut
            | K::WouldBlock
            | K::ConnectionReset
            | K::ConnectionAborted
            | K::ConnectionRefused
            | K::NotConnected
            | K::BrokenPipe
            | K::NetworkDown
            | K::NetworkUnreachable
            | K::HostUnreachable
            | K::StaleNetworkFileHandle
    )
}

/// Why a run of a job ended without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The job was told to stop: hand this on with `?`.
    Stopped,
    Failed(Failure),
}

impl From<Failure> for Ended {
    fn from(f: Failure) -> Self {
        Self::Failed(f)
    }
}

/// When to try again.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Pause before each further attempt; its length is their number.
    pub pauses: Vec<Duration>,
    /// Each pause is longer or shorter by up to this share, so that jobs that failed together do not come back together.
    pub jitter: f64,
}

impl Default for Retry {
    /// Three further attempts after 1, 2 and 4 s, ± 20 %.
    fn default() -> Self {
        Self { pauses: [1, 2, 4].map(Duration::from_secs).into(), jitter: 0.2 }
    }
}

impl Retry {
    /// The pause after the `attempts`-th run (from 1), or None when it was the last. `luck` 0–1 places it within its jitter.
    pub fn pause(&self, attempts: u32, luck: f64) -> Option<Duration> {
        let pause = self.pauses.get(usize::try_from(attempts).ok()?.checked_sub(1)?)?;
        Some(pause.mul_f64((1.0 + self.jitter * (2.0 * luck.clamp(0.0, 1.0) - 1.0)).max(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_further_attempts_after_one_two_and_four_seconds() {
        let retry = Retry::default();
        let secs: Vec<_> = (1..=4).map(|n| retry.pause(n, 0.5).map(|d| d.as_secs_f64())).collect();
        assert_eq!(secs, [Some(1.0), Some(2.0), Some(4.0), None]);
        assert_eq!(retry.pause(1, 0.0), Some(Duration::from_millis(800)));
        assert_eq!(retry.pause(3, 1.0), Some(Duration::from_millis(4800)));
        assert_eq!(retry.pause(0, 0.5), None);
    }

    #[test]
    fn a_full_disk_passes_and_a_missing_file_does_not() {
        let e = |kind| Failure::io(&std::io::Error::from(kind), Trouble::new("x", "y")).retryable;
        assert!(e(std::io::ErrorKind::StorageFull));
        assert!(e(std::io::ErrorKind::NetworkUnreachable));
        assert!(!e(std::io::ErrorKind::NotFound));
        assert!(!e(std::io::ErrorKind::PermissionDenied));
    }
}
