//! How the command line speaks: one result on stdout, progress and errors on stderr.

use crate::base::{Trouble, UserError};
use indicatif::{ProgressBar, ProgressStyle as BarStyle};
use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
    time::Instant,
};

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ProgressStyle {
    /// A bar where stderr is a terminal, nothing elsewhere.
    Auto,
    Json,
    None,
}

/// Why a command did not do its work.
pub(super) struct Failure {
    trouble: Trouble,
    status: u8,
}

impl Failure {
    pub fn failed(text: impl Into<String>, hint: Option<String>) -> Self {
        Self { trouble: Trouble { text: text.into(), hint }, status: 1 }
    }
    pub fn usage(text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { trouble: Trouble::new(text, hint), status: 2 }
    }
    /// What happened.
    pub fn text(&self) -> &str {
        &self.trouble.text
    }
    pub fn interrupted() -> Self {
        Self { trouble: Trouble { text: "interrupted; nothing was written".into(), hint: None }, status: 130 }
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, status: 1 }
    }
}

/// Where results, progress and errors go.
pub(super) struct Report {
    pub json: bool,
    pub quiet: bool,
    progress: ProgressStyle,
}

impl Report {
    pub fn new(json: bool, quiet: bool, progress: ProgressStyle) -> Self {
        Self { json, quiet, progress }
    }

    /// The one result: JSON where asked for, else `text`.
    pub fn result(&self, json: &serde_json::Value, text: &str) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        let done = if self.json { writeln!(out, "{json}") } else { writeln!(out, "{text}") };
        match done {
            // the reader of a pipe may leave early
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Failure::failed(format!("the result could not be printed: {e}"), None))
            }
            _ => Ok(()),
        }
    }

    /// A word of warning; the work goes on.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr(), "warning: {text}");
        }
    }

    /// Print an error; the exit status.
    pub fn failure(&self, f: &Failure) -> ExitCode {
        let mut err = std::io::stderr().lock();
        // one line, whatever a library put into its message
        let _ = writeln!(err, "error: {}", one_line(&f.trouble.text));
        // whoever pressed Ctrl-C needs no advice
        let hint = f.trouble.hint().or_else(|| (f.status == 1).then(|| "run it again with -v to see more".into()));
        if let Some(hint) = hint {
            let _ = writeln!(err, "hint: {}", one_line(&hint));
        }
        ExitCode::from(f.status)
    }

    /// Start showing progress of `what`.
    pub fn progress(&self, what: &str) -> Progress {
        let bar = match self.progress {
            ProgressStyle::Auto if !self.quiet && std::io::stderr().is_terminal() => {
                let style = BarStyle::with_template("{prefix} [{bar:32}] {percent:>3} % {msg} {eta} left")
                    .unwrap_or_else(|_| BarStyle::default_bar());
                let bar = ProgressBar::new(1000).with_style(style).with_prefix(what.to_owned());
                Some(bar)
            }
            _ => None,
        };
        Progress { what: what.to_owned(), bar, json: self.progress == ProgressStyle::Json, last: Instant::now() }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A shown progress; the bar goes away when dropped.
pub(super) struct Progress {
    what: String,
    bar: Option<ProgressBar>,
    json: bool,
    last: Instant,
}

impl Progress {
    /// `fraction` 0–1; `step` is what is being done; `rate` in frames per second.
    pub fn set(&mut self, fraction: f32, step: &str, rate: Option<f32>) {
        if let Some(bar) = &self.bar {
            bar.set_position((fraction * 1000.0) as u64);
            bar.set_message(rate.map_or_else(|| step.to_owned(), |r| format!("{step} {r:.1} frames/s")));
        }
        if self.json && (self.last.elapsed().as_millis() >= 200 || fraction >= 1.0) {
            self.last = Instant::now();
            let line = serde_json::json!({ "what": self.what, "progress": fraction, "step": step, "frames_per_sec": rate });
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
