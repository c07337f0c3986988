//! Why speech was not recognised, in words for a user.

use crate::base::{
    UserError,
    words::{Said, say},
};
use std::{fmt, path::PathBuf};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpeechError {
    /// No engine is set up: neither a model nor a server. Which model would fit here.
    NoEngine {
        model: String,
    },
    /// There is no such model, or its file is not here.
    NoModel(String),
    /// The processor lacks what whisper.cpp was compiled for.
    Processor(String),
    /// The file of a model cannot be used.
    Model {
        path: PathBuf,
        reason: String,
    },
    /// The engine failed.
    Engine(String),
    /// The engine knows no such language.
    Language(String),
    /// The model knows no language but English.
    EnglishOnly(String),
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
            Self::NoEngine { model } => say!("error-speech-no-engine", model = model.as_str()),
            Self::NoModel(name) => say!("error-speech-no-model", name = name.as_str()),
            Self::Processor(lacks) => say!("error-speech-processor", lacks = lacks.as_str()),
            Self::Model { path, reason } => say!("error-speech-model", reason = reason.as_str(), path = path.display().to_string()),
            Self::Engine(reason) => say!("error-speech-engine", reason = reason.as_str()),
            Self::Language(code) => say!("error-speech-language", code = code.as_str()),
            Self::EnglishOnly(code) => say!("error-speech-english-only", code = code.as_str()),
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
