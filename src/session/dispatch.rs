//! Every command finds the room that does it.

use super::{Command, Notice, Session, empty_project, jobs};
use crate::{base::Severity, engine::PreviewCommand, session::Transport, store::Access};

impl Session {
    /// Do what is asked. What cannot be done becomes a notice; the document is then unchanged.
    pub fn dispatch(&mut self, command: Command) {
        if self.refuses(&command) {
            return;
        }
        match command {
            Command::Edit(edit) => self.edit(&edit, false),
            Command::EditAbsolute(edit) => self.edit(&edit, true),
            Command::Begin(label) => self.history.begin(label),
            Command::Commit => self.history.commit(),
            Command::Abort => {
                self.history.abort();
                self.refresh(false);
            }
            Command::Undo => {
                if self.undoes_import() {
                    self.cancel_imports();
                }
                if self.history.undo().is_some() {
                    self.refresh(false);
                }
            }
            Command::Redo => {
                if self.history.redo().is_some() {
                    self.refresh(false);
                }
            }
            Command::Seek(frame) => self.transport(Transport::Seek(frame)),
            Command::Scrub(frame) => self.transport(Transport::Scrub(frame)),
            Command::Step(by) => self.transport(Transport::Step(by)),
            Command::Play => self.transport(Transport::Play),
            Command::Pause => self.transport(Transport::Pause),
            Command::TogglePlay => self.transport(Transport::TogglePlay),
            Command::Program(what) => self.transport(what),
            Command::Source(what) => self.source_transport(what),
            Command::OpenSource(media) => self.open_source(media),
            Command::CloseSource => self.close_source(),
            Command::SetQuality(divisor) => self.set_quality(divisor),
            Command::Scopes(of) => self.preview.send(PreviewCommand::Scopes(of)),
            Command::Compare(what) => {
                self.preview.send(PreviewCommand::Compare(what));
                self.program.viewer.before = None;
                self.with_program(|t| t.changed(false));
            }
            Command::Enlarge(of) => self.enlarge(of),
            Command::ResetMeters => self.preview.meters.reset_overs(),
            Command::Start { open, recover } => self.start(open, recover),
            Command::New => self.replace(empty_project(), None, Access::Unlocked),
            Command::Open(path) => self.open(path),
            Command::Save => self.save(),
            Command::SaveAs(path) => self.save_as(path),
            Command::Close => self.history.close(),
            Command::Recover(id) => self.recover(id),
            Command::DiscardRecovery(id) => self.discard_recovery(id),
            Command::ListVersions => self.list_versions(),
            Command::OpenVersion(file) => self.open_version(file),
            Command::ExportTimeline { output, format, options } => self.export_timeline(output, format, options),
            Command::ImportTimeline { path, all_media } => self.import_timeline(path, all_media),
            Command::ImportCaptions(path) => self.import_captions(path),
            Command::ExportCaptions(path) => self.export_captions(path),
            Command::Import(paths) => self.import(paths, String::new()),
            Command::ImportInto { paths, folder } => self.import(paths, folder),
            Command::CancelImport => self.cancel_imports(),
            Command::Relink { media, path } => self.relink(media, path),
            Command::FindMissing(folder) => self.search_missing(folder),
            Command::ApplyRelinks(media) => self.apply_relinks(&media),
            Command::CloseRelinks => self.close_relinks(),
            Command::RevealMedia(media) => self.reveal_media(media),
            Command::Append(media) => self.append(&media),
            Command::Export { output, preset, range, allow_proxies, captions } => {
                let project = self.history.current().clone();
                if let Err(t) = self.jobs.export(project, output, preset, jobs::ExportHow { range, allow_proxies, captions }) {
                    self.notices.push(Notice { severity: Severity::Failure, good: false, text: t.text, hint: t.hint });
                }
            }
            Command::AnalyseMotion(media) => self.analyse_motion(&media),
            Command::PlanSteady { media, wish } => self.plan_steady(media, &wish),
            Command::CancelJob(id) => self.jobs.cancel(id),
            Command::PauseJob(id) => self.jobs.pause(id),
            Command::ResumeJob(id) => self.jobs.resume(id),
            Command::RetryJob(id) => self.jobs.retry(id),
            Command::ClearJobs => self.jobs.clear(),
            Command::MakeProxies(media) => self.make_proxies(&media),
            Command::DeclineProxies => self.decline_proxies(),
            Command::RemoveProxies(media) => self.remove_proxies(&media),
            Command::Speech(wish) => self.speech(wish),
            Command::Search(wish) => self.obey_search(wish),
            Command::Upscaling(wish) => self.upscaling(wish),
            Command::Montage(wish) => self.montage(wish),
            Command::LookAtStorage => self.look_at_storage(),
            Command::ClearStorage => self.clear_storage(),
            Command::RevealStorage => self.reveal_storage(),
            Command::WatchJobs(on) => self.jobs.watch_others(on),
            Command::RevealOutput(id) => self.reveal_output(id),
            Command::Set(setting) => self.set(setting),
        }
    }
}
