//! How an error speaks to a user: one line of what happened and to which file, then one line of what to do.

use super::words::Said;

/// How loud an error is: the window shows a warning as a badge or toast and a failure as a dialog line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Work went on; something is worth knowing.
    Warning,
    /// The thing asked for did not happen; nothing was lost.
    Failure,
}

/// An error that can be shown to a user as it is. `Display` is the one line of what happened, to which file.
pub trait UserError: std::error::Error {
    /// What the user can do about it, without the word "hint".
    fn hint(&self) -> Option<String> {
        None
    }
    fn severity(&self) -> Severity {
        Severity::Failure
    }
}

/// An error that has been turned into words for a user: what happened, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Trouble {
    pub text: String,
    pub hint: Option<String>,
}

impl Trouble {
    pub fn new(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { text: text.into(), hint: Some(hint.into()) }
    }
    /// The words of an error.
    pub fn of(e: &(impl UserError + ?Sized)) -> Self {
        Self { text: e.to_string(), hint: e.hint() }
    }
}

impl Said<'_> {
    /// Text and hint, in the language of now.
    pub fn trouble(&self) -> Trouble {
        Trouble { text: self.text(), hint: self.hint() }
    }
}

impl UserError for Trouble {
    fn hint(&self) -> Option<String> {
        self.hint.clone()
    }
}
