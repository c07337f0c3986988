//! Carries wishes out: commands of the table become session commands, dialogs or changes of the window's own state.

use super::{
    archive::{self, Archive, Choice},
    commands::CommandId as C,
    dialogs::Ask,
    dock::PanelId,
    help::{self, Answer},
    offer, prefs,
    program::Program,
    relink,
    shell::{Pending, Shell},
    state::{Action, Cx, Tool},
    theme::size,
    timeline::Follow,
    transcript,
    words::tr,
};
use crate::{
    edit::{ClipChange, EditCommand},
    model::{Chosen, Clip},
    session::{Command, MontageWish, Setting, ThemeSetting, UpscaleWish, timelines::caption_extension},
};
use egui::{Context, Ui, ViewportCommand};
use std::{path::PathBuf, sync::Arc};

impl Shell {
    pub(super) fn carry_out(&mut self, ctx: &Context, program: &mut dyn Program, action: Action) {
        match action {
            Action::Program(command @ Command::Set(_)) => {
                program.dispatch(command);
                let settings = program.settings().clone();
                self.apply_settings(ctx, &settings);
            }
            Action::Program(Command::OpenSource(media)) => self.open_source(ctx, program, media),
            Action::Program(command) => program.dispatch(command),
            Action::Select(selection) => self.shared.selection = selection.into(),
            Action::Activate(monitor) => self.shared.active = monitor,
            Action::Mark(marks) => self.set_marks(program, None, marks),
            Action::MarkSource(media, marks) => self.set_marks(program, Some(media), marks),
            Action::Target(target) => self.shared.target = target,
            Action::TransitionLength(tenths) => {
                self.shared.transition_tenths = tenths;
                program.dispatch(Command::Set(Setting::TransitionTenths(tenths)));
            }
            Action::Tell(notice) => self.toasts.push(notice, ctx.input(|i| i.time)),
            Action::Ask(ask) => self.ask(ask),
            Action::CloseExport => self.export.open = false,
            Action::Run(id) => {
                // what is being typed or dragged in the inspector is a step of its own
                if self.panels.inspector.finish() {
                    program.dispatch(Command::Commit);
                }
                self.run_command(ctx, program, id);
            }
        }
        ctx.request_repaint();
    }

    fn run_command(&mut self, ctx: &Context, program: &mut dyn Program, id: C) {
        match id {
            C::New => self.guarded(program, Pending::New),
            C::Open => self.ask(Ask::Open),
            C::Import => self.ask(Ask::Import),
            C::ImportFolder => self.ask(Ask::ImportFolder),
            C::ImportTimeline => self.ask(Ask::Timeline),
            C::ExportTimeline => self.with(program, |s| &mut s.interchange, |dialog, cx| dialog.show(cx)),
            C::ImportCaptions => self.ask(Ask::Captions),
            C::ExportCaptions => {
                self.ask(Ask::CaptionsOutput { suggestion: project_file(program).with_extension(caption_extension(program.project())) })
            }
            C::RelinkMissing => self.ask(Ask::RelinkFolder),
            C::FindMedia | C::NewFolder | C::RemoveUnused => self.run_in_bin(program, id),
            C::Delete if !self.shared.selection.media.is_empty() => self.run_in_bin(program, id),
            C::Save => self.save(program),
            C::RecoverWork => self.archive = Archive::Unsaved,
            C::Versions => {
                program.dispatch(Command::ListVersions);
                self.archive = Archive::Versions;
            }
            C::SaveAs => self.ask(Ask::SaveAs { suggestion: project_file(program) }),
            C::Export => self.with(program, |s| &mut s.export, |dialog, cx| dialog.show(cx)),
            C::Quit => self.guarded(program, Pending::Quit),
            C::Undo => program.dispatch(Command::Undo),
            C::Redo => program.dispatch(Command::Redo),
            C::ScrubSound => {
                let on = !program.settings().scrub_sound;
                program.dispatch(Command::Set(Setting::ScrubSound(on)));
            }
            C::Delete | C::RippleDelete if self.shared.selection.words.is_some() => self.with_cx(program, transcript::cut_selected),
            C::CaptionsFromWords => self.with_cx(program, transcript::captions),
            C::UseProxies => {
                let on = !program.settings().use_proxies;
                program.dispatch(Command::Set(Setting::UseProxies(on)));
            }
            C::Upscale => self.with(program, |s| &mut s.upscale, |dialog, cx| dialog.show(cx)),
            C::Montage => self.with(program, |s| &mut s.montage, |dialog, cx| dialog.show(cx)),
            C::RerollRest => program.dispatch(Command::Montage(MontageWish::RerollRest)),
            C::RerollShot => {
                let clips = self.chosen_clips(program).into_iter().map(|c| c.id).collect();
                program.dispatch(Command::Montage(MontageWish::Reroll(clips)));
            }
            C::LockShot => self.lock_shots(program),
            C::RemoveUpscaled => {
                let media = self.shared.selection.media.iter().copied().collect();
                program.dispatch(Command::Upscaling(UpscaleWish::Remove(media)));
            }
            C::MakeProxies => {
                let selected = &self.shared.selection.media;
                let media = if selected.is_empty() {
                    program.project().media.keys().copied().collect()
                } else {
                    selected.iter().copied().collect()
                };
                program.dispatch(Command::MakeProxies(media));
            }
            C::RemoveProxies => program.dispatch(Command::RemoveProxies(self.shared.selection.media.iter().copied().collect())),
            C::Snapping => self.shared.snapping = !self.shared.snapping,
            C::MaximisePanel => self.dock.toggle_maximised(ctx.pointer_hover_pos()),
            C::ResetLayout => self.dock.reset(),
            C::FullscreenViewer if self.cinema => self.leave_cinema(ctx),
            C::FullscreenViewer => {
                self.cinema = true;
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(true));
            }
            C::SwitchTheme => {
                let other = if self.theme.is_dark() { ThemeSetting::Light } else { ThemeSetting::Dark };
                self.set(ctx, program, Setting::Theme(other));
            }
            C::LargerText | C::SmallerText => {
                let scale = prefs::next_scale(program.settings().ui_scale, id == C::LargerText);
                self.set(ctx, program, Setting::UiScale(scale));
            }
            C::UsualText => self.set(ctx, program, Setting::UiScale(1.0)),
            C::Settings => self.show_settings = true,
            C::Fullscreen => {
                let now = ctx.input(|i| i.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!now));
            }
            C::Shortcuts => self.show_shortcuts = true,
            C::EditShortcuts => {
                self.show_settings = false;
                self.key_editor.show();
            }
            C::Palette => self.palette.show(),
            C::QualityAuto => program.dispatch(Command::SetQuality(0)),
            C::QualityFull => program.dispatch(Command::SetQuality(1)),
            C::QualityHalf => program.dispatch(Command::SetQuality(2)),
            C::QualityQuarter => program.dispatch(Command::SetQuality(4)),
            C::FollowPage => self.follow(program, Follow::Page),
            C::FollowSmooth => self.follow(program, Follow::Smooth),
            C::FollowOff => self.follow(program, Follow::Off),
            C::Append => program.dispatch(Command::Append(self.shared.selection.media.iter().copied().collect())),
            _ if let Some(panel) = PanelId::of_command(id) => self.dock.toggle(panel),
            _ if let Some(tool) = Tool::of_command(id) => self.shared.tool = tool,
            _ if is_move(id) => self.move_playhead(program, id),
            _ if self.view(ctx, program, id) => {}
            _ => self.edit_command(ctx, program, id),
        }
    }

    fn set(&mut self, ctx: &Context, program: &mut dyn Program, setting: Setting) {
        self.carry_out(ctx, program, Action::Program(Command::Set(setting)));
    }

    /// Commands about the media bin, which opens for them.
    fn run_in_bin(&mut self, program: &mut dyn Program, id: C) {
        if matches!(id, C::FindMedia | C::NewFolder) {
            self.dock.show(PanelId::Media);
        }
        self.with(program, |s| &mut s.panels.bin, |bin, cx| _ = bin.run(id, cx));
    }

    /// What a part of the window does outside of a pass. The part is lent out meanwhile.
    fn with<T: Default>(&mut self, program: &mut dyn Program, part: fn(&mut Self) -> &mut T, run: impl FnOnce(&mut T, &mut Cx<'_>)) {
        let mut lent = std::mem::take(part(self));
        self.with_cx(program, |cx| run(&mut lent, cx));
        *part(self) = lent;
    }

    /// What is done with the window's state outside of a pass.
    fn with_cx(&mut self, program: &mut dyn Program, run: impl FnOnce(&mut Cx<'_>)) {
        let facts = self.facts(program);
        let project = program.project().clone();
        run(&mut Cx {
            program,
            project,
            index: &self.index,
            theme: &self.theme,
            shared: &self.shared,
            facts,
            pictures: &mut self.pictures,
            out: &mut self.queue,
        });
    }

    pub(super) fn leave_cinema(&mut self, ctx: &Context) {
        self.cinema = false;
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
    }

    fn save(&mut self, program: &mut dyn Program) {
        if program.project_path().is_some() {
            program.dispatch(Command::Save);
        } else {
            self.ask(Ask::SaveAs { suggestion: project_file(program) });
        }
    }

    /// The selected clips that a montage chose.
    fn chosen_clips(&self, program: &dyn Program) -> Vec<Arc<Clip>> {
        let project = program.project();
        self.shared.selection.clips_of(project).into_iter().filter(|c| c.chosen.is_some()).cloned().collect()
    }

    /// Lock the selected shots, or unlock them where all are locked.
    fn lock_shots(&mut self, program: &mut dyn Program) {
        let clips = self.chosen_clips(program);
        let locked = !clips.iter().all(|c| c.chosen.as_ref().is_some_and(|x| x.locked));
        let change = |c: &Arc<Clip>| {
            let chosen = c.chosen.as_ref().map(|x| Box::new(Chosen { locked, ..(**x).clone() }));
            EditCommand::SetClip { clip: c.id, change: ClipChange::Chosen(chosen) }
        };
        let edits: Vec<EditCommand> = clips.iter().map(change).collect();
        if !edits.is_empty() {
            program.dispatch(Command::Edit(EditCommand::Batch(edits)));
        }
    }

    /// Do what replaces the document, but ask first where changes would be lost.
    pub(super) fn guarded(&mut self, program: &mut dyn Program, what: Pending) {
        if program.is_dirty() {
            self.pending = Some(what);
        } else {
            self.replace(program, what);
        }
    }

    fn replace(&mut self, program: &mut dyn Program, what: Pending) {
        self.shared.selection = Default::default();
        self.shared.marks = Default::default();
        self.shared.source_marks = Default::default();
        match what {
            Pending::New => program.dispatch(Command::New),
            Pending::Open(path) => program.dispatch(Command::Open(path)),
            Pending::Recover(id) => program.dispatch(Command::Recover(id)),
            Pending::Timeline(path, all_media) => program.dispatch(Command::ImportTimeline { path, all_media }),
            Pending::Version(file) => program.dispatch(Command::OpenVersion(file)),
            Pending::Quit => {
                program.dispatch(Command::Close);
                self.may_close = true;
            }
        }
    }

    /// The list of unsaved work or of versions, while one is open. Unsaved work that the start did not bring back is shown once.
    pub(super) fn archive_ui(&mut self, ui: &Ui, program: &mut dyn Program) {
        if !program.recoverable().is_empty() && !std::mem::replace(&mut self.offered, true) {
            self.archive = Archive::Unsaved;
        }
        let choice = match self.archive {
            Archive::Closed => None,
            Archive::Unsaved if program.recoverable().is_empty() => Some(Choice::Close),
            Archive::Unsaved => archive::unsaved_ui(ui, &self.theme, program.recoverable()),
            Archive::Versions => archive::versions_ui(ui, &self.theme, program.versions()),
        };
        match choice {
            None => return,
            Some(Choice::Discard(id)) => program.dispatch(Command::DiscardRecovery(id)),
            Some(choice) => {
                self.archive = Archive::Closed;
                match choice {
                    Choice::Recover(id) => self.guarded(program, Pending::Recover(id)),
                    Choice::Version(file) => self.guarded(program, Pending::Version(file)),
                    Choice::Discard(_) | Choice::Close => {}
                }
            }
        }
        ui.ctx().request_repaint();
    }

    /// What was found for missing files, while it waits for the user's word.
    pub(super) fn relink_ui(&mut self, ui: &Ui, program: &mut dyn Program) {
        let Some(relinks) = program.relinks() else { return };
        match relink::relink_ui(ui, &mut self.relink, &self.theme, relinks) {
            None => {}
            Some(relink::Answer::Link(media)) => self.queue.send(Command::ApplyRelinks(media)),
            Some(relink::Answer::Elsewhere) => self.queue.push(Action::Ask(Ask::RelinkFolder)),
            Some(relink::Answer::Close) => self.queue.send(Command::CloseRelinks),
        }
    }

    /// The offer of proxies while there is one; the height that it takes at the bottom.
    pub(super) fn offer_ui(&mut self, ui: &Ui, program: &mut dyn Program) -> f32 {
        let Some(offer) = program.proxy_offer().filter(|_| !self.cinema) else { return 0.0 };
        let (answer, height) = offer::offer_ui(ui, &self.theme, offer, size::STATUS + 12.0);
        match answer {
            Some(offer::Answer::Make) => self.queue.send(Command::MakeProxies(offer.media.iter().copied().collect())),
            Some(offer::Answer::NotNow) => self.queue.send(Command::DeclineProxies),
            None => {}
        }
        height
    }

    /// Ask about unsaved changes while something waits for the answer.
    pub(super) fn ask_unsaved(&mut self, ui: &Ui, program: &mut dyn Program) {
        if self.may_close {
            ui.ctx().send_viewport_cmd(ViewportCommand::Close);
        }
        let Some(pending) = self.pending.clone() else { return };
        let name = program.project().name.clone();
        let name = if name.is_empty() { tr("shell-this-project") } else { name };
        match help::unsaved_ui(ui, &self.theme, &name) {
            None => return,
            Some(Answer::Cancel) => {}
            Some(Answer::Discard) => self.replace(program, pending),
            Some(Answer::Save) => {
                self.after_save = Some(pending);
                self.save(program);
            }
        }
        self.pending = None;
        ui.ctx().request_repaint();
    }

    /// What waited for a save goes on once the document is clean.
    pub(super) fn go_on_after_save(&mut self, ctx: &Context, program: &mut dyn Program) {
        if self.after_save.is_some()
            && !program.is_dirty()
            && let Some(what) = self.after_save.take()
        {
            self.replace(program, what);
            ctx.request_repaint();
        }
    }
}

fn is_move(id: C) -> bool {
    matches!(
        id,
        C::StepBack
            | C::StepForward
            | C::StepBackFar
            | C::StepForwardFar
            | C::BackSecond
            | C::GoToStart
            | C::GoToEnd
            | C::PreviousCut
            | C::NextCut
            | C::PreviousMarker
            | C::NextMarker
    )
}

/// Where the project is or could be saved.
fn project_file(program: &dyn Program) -> PathBuf {
    if let Some(path) = program.project_path() {
        return path.to_path_buf();
    }
    let project = program.project();
    let name = if project.name.trim().is_empty() { tr("shell-untitled") } else { project.name.trim().to_owned() };
    let beside = project.media.values().next().and_then(|m| m.file.path.parent()).map(PathBuf::from).unwrap_or_default();
    beside.join(format!("{}.montage", name.replace(['/', '\\'], "-")))
}
