//! Why a timeline could not be read or written, in words for a user.

use crate::base::{
    UserError,
    words::{Said, say},
};
use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InterchangeError {
    /// The file is larger than what is read whole.
    TooLarge { mib: u64 },
    /// More elements, or deeper nesting, than any film has.
    TooMuch,
    /// Not text, or text with NUL bytes.
    NotText,
    /// The text is not what its format demands. `line` from 1; 0 = not known.
    Malformed { line: usize, what: String },
    /// A schema of a later version than is known.
    Newer { schema: String },
    /// A time that no timeline has: not finite, or past its end.
    BadTime { what: String },
    /// A rate that no film has.
    BadRate { rate: String },
    /// Nothing in the file is a timeline.
    NoTimeline,
    /// Nothing on the timeline can be written in this format.
    NothingToWrite,
    /// The timeline has no captions.
    NoCaptions,
    /// The format is not read, or the name's extension says nothing.
    NotRead { what: String },
    /// Text that has no times cannot be a transcript.
    NoTimes { what: String },
    /// An archive that would unpack into something else than its media.
    BadArchive { what: String },
    /// What was written does not read back as what was meant.
    Mismatch { differences: Vec<String> },
    /// The result would not be a sound document.
    Unsound { problem: String },
    /// Reading or writing a stream failed.
    Stream { reason: String },
}

impl InterchangeError {
    pub(super) fn malformed(what: impl Into<String>) -> Self {
        Self::Malformed { line: 0, what: what.into() }
    }
    pub(super) fn time(what: impl fmt::Display) -> Self {
        Self::BadTime { what: what.to_string() }
    }

    fn said(&self) -> Said<'_> {
        match self {
            Self::TooLarge { mib } => say!("interchange-error-too-large", mib = *mib),
            Self::TooMuch => say!("interchange-error-too-much"),
            Self::NotText => say!("interchange-error-not-text"),
            Self::Malformed { line: 0, what } => say!("interchange-error-malformed", what = what.as_str()),
            Self::Malformed { line, what } => say!("interchange-error-malformed-line", line = *line, what = what.as_str()),
            Self::Newer { schema } => say!("interchange-error-newer", schema = schema.as_str()),
            Self::BadTime { what } => say!("interchange-error-time", what = what.as_str()),
            Self::BadRate { rate } => say!("interchange-error-rate", rate = rate.as_str()),
            Self::NoTimeline => say!("interchange-error-no-timeline"),
            Self::NothingToWrite => say!("interchange-error-nothing"),
            Self::NoCaptions => say!("interchange-error-no-captions"),
            Self::NotRead { what } => say!("interchange-error-not-read", what = what.as_str()),
            Self::NoTimes { what } => say!("interchange-error-no-times", what = what.as_str()),
            Self::BadArchive { what } => say!("interchange-error-archive", what = what.as_str()),
            Self::Mismatch { differences } => {
                let first = differences.first().map_or("", String::as_str);
                say!("interchange-error-mismatch", n = differences.len(), first = first)
            }
            Self::Unsound { problem } => say!("interchange-error-unsound", problem = problem.as_str()),
            Self::Stream { reason } => say!("interchange-error-stream", reason = reason.as_str()),
        }
    }
}

impl fmt::Display for InterchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said().text())
    }
}

impl UserError for InterchangeError {
    fn hint(&self) -> Option<String> {
        self.said().hint()
    }
}
