//! Handing the open sequence to other programs, and taking a timeline of theirs as a new document. Files are read and written
//! on threads of their own; see [`super::timelines`].

use super::{
    Notice, Session, TimelineFormat, TimelineOptions,
    safety::News,
    timelines::{self, ConvertOptions},
};
use crate::{
    base::{Severity, Trouble, words::say},
    interchange::Losses,
    model::Project,
    store::Access,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// How long a loss report is, and how it begins.
pub(super) struct Lines {
    warnings: usize,
    unsupported: usize,
    first: Option<String>,
}

impl Lines {
    fn of(losses: &Losses) -> Self {
        let (warnings, unsupported) = (losses.warnings(), losses.unsupported());
        let first = unsupported.first().or(warnings.first()).cloned();
        Self { warnings: warnings.len(), unsupported: unsupported.len(), first }
    }
}

impl Session {
    pub(super) fn export_timeline(&mut self, output: PathBuf, format: TimelineFormat, options: TimelineOptions) {
        let project = self.history.current().clone();
        self.safety.ask("timeline", move || {
            let written = timelines::write(&project, &output, format, &options);
            News::TimelineWritten { written: written.map(|(_, losses)| (output, Lines::of(&losses))) }
        });
    }

    pub(super) fn on_timeline_written(&mut self, written: Result<(PathBuf, Lines), Trouble>) {
        match written {
            Ok((path, lines)) => {
                let said = say!(
                    "session-timeline-written",
                    path = path.display().to_string(),
                    warnings = lines.warnings,
                    lost = lines.unsupported,
                );
                let text = said.text();
                self.notices.push(Notice { severity: Severity::Warning, good: lines.unsupported == 0, text, hint: lines.first });
            }
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }

    pub(super) fn import_timeline(&mut self, path: PathBuf, all_media: bool) {
        let since = self.history.revision();
        self.safety.ask("timeline", move || {
            let options = ConvertOptions { all_media, ..ConvertOptions::default() };
            let read = timelines::read(&path, &options, None, &[]).map(|(project, losses)| (project, Lines::of(&losses)));
            News::TimelineRead { path, since, read }
        });
    }

    pub(super) fn on_timeline_read(&mut self, path: &Path, since: u64, read: Result<(Project, Lines), Trouble>) {
        let shown = path.display().to_string();
        match read {
            // what was begun since the wish has not been asked about
            Ok(_) if self.is_dirty() && self.history.revision() != since => {
                self.say(Severity::Warning, &say!("session-changed-meanwhile", path = shown));
            }
            Ok((project, lines)) => {
                self.history.reset(Arc::new(project), None, false);
                self.saved_revision = None;
                self.settle(None, Access::Unlocked);
                let text = say!("session-timeline-read", path = shown, warnings = lines.warnings, lost = lines.unsupported).text();
                self.notices.push(Notice { severity: Severity::Warning, good: lines.unsupported == 0, text, hint: lines.first });
            }
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }
}
