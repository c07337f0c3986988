//! Why speech was not recognised, in words for a user.

use crate::base::{
    UserError,
    words::{Said, say},
};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// No engine is set up.
    NoEngine,
    /// The address is none that can be asked.
    BadAddress {
        url: String,
        reason: String,
    },
    /// Nobody answers there, or the connection broke; may be well again in a moment.
    Unreachable {
        url: String,
        reason: String,
    },
    /// It took longer than it may.
    Slow {
        url: String,
        secs: u64,
    },
    /// It said no, or that it is busy or broken.
    Refused {
        url: String,
        status: u16,
        reason: String,
    },
    /// What it answered is no transcript.
    Nonsense {
        url: String,
        reason: String,
    },
    Cancelled,
}

impl SpeechError {
    /// Whether the same may go better in a moment.
    pub fn passes(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Slow { .. } => true,
            Self::Refused { status, .. } => *status == 429 || *status >= 500,
            _ => false,
        }
    }

    fn said(&self) -> Said<'_> {
        match self {
            Self::NoEngine => say!("error-speech-no-engine"),
            Self::BadAddress { url, reason } => say!("error-speech-address", url = url.as_str(), reason = reason.as_str()),
            Self::Unreachable { url, reason } => say!("error-speech-unreachable", url = url.as_str(), reason = reason.as_str()),
            Self::Slow { url, secs } => say!("error-speech-slow", url = url.as_str(), secs = *secs),
            Self::Refused { url, status, reason } => {
                say!("error-speech-refused", url = url.as_str(), status = status.to_string(), reason = reason.as_str())
            }
            Self::Nonsense { url, reason } => say!("error-speech-nonsense", url = url.as_str(), reason = reason.as_str()),
            Self::Cancelled => say!("error-speech-cancelled"),
        }
    }
}

impl fmt::Display for SpeechError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for SpeechError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}
