//! Handing the open sequence to other programs, and taking a timeline of theirs as a new document. Files are read and written
//! on threads of their own; see [`super::timelines`].

use super::{
    Command, Notice, Session, TimelineFormat, TimelineOptions,
    safety::News,
    timelines::{self, ConvertOptions},
};
use crate::{
    base::{
        CaptionId, Severity, Trouble,
        words::{Said, say},
    },
    edit::{EditCommand, fresh_ids},
    interchange::Losses,
    model::{Caption, Project, Sequence},
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

    pub(super) fn export_captions(&mut self, path: PathBuf) {
        let project = self.history.current().clone();
        // a name without an extension is that of a SubRip file
        let path = if path.extension().is_some() { path } else { path.with_extension("srt") };
        self.safety.ask("captions", move || {
            let written = timelines::write_captions(&project, &path);
            News::CaptionsWritten { count: project.sequence.captions.len(), path, written }
        });
    }

    pub(super) fn on_captions_written(&mut self, path: &Path, count: usize, written: Result<(), Trouble>) {
        match written {
            Ok(()) => self.good(&say!("session-captions-written", n = count, path = path.display().to_string())),
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }

    pub(super) fn import_captions(&mut self, path: PathBuf) {
        let rate = self.history.current().sequence.frame_rate;
        self.safety.ask("captions", move || {
            let read = timelines::read_captions(&path, rate).map(|(p, _)| p.sequence);
            News::CaptionsRead { path, read }
        });
    }

    pub(super) fn on_captions_read(&mut self, path: &Path, read: Result<Arc<Sequence>, Trouble>) {
        match read {
            Ok(s) => {
                let project = self.history.current().clone();
                let old = project.sequence.captions.iter().map(|c| EditCommand::RemoveCaption { id: c.id });
                let ids = fresh_ids(&project);
                let new = s.captions.iter().zip(ids).map(|(c, id)| Caption { id: CaptionId(id), ..c.clone() });
                let new: Vec<_> = new.map(|caption| EditCommand::AddCaption { caption }).collect();
                let count = new.len();
                let language = EditCommand::CaptionLanguage { tag: s.caption_language.clone() };
                self.dispatch(Command::Edit(EditCommand::Batch(old.chain(new).chain([language]).collect())));
                self.good(&say!("session-captions-read", n = count, path = path.display().to_string()));
            }
            Err(t) => self.tell(Severity::Failure, t.text, t.hint),
        }
    }

    fn good(&mut self, said: &Said<'_>) {
        self.notices.push(Notice { severity: Severity::Warning, good: true, text: said.text(), hint: said.hint() });
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
