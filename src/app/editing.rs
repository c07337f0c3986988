//! Carries out the commands of the timeline: what changes the document, the selection and the view of time. Other commands are
//! `perform`'s and `viewing`'s.

use super::{
    commands::CommandId as C,
    edits::{self, Desk, clipboard, clips, transitions},
    program::Program,
    shell::Shell,
    state::Selection,
    timeline::{LARGE, SMALL},
    words::tr,
};
use crate::{
    base::Severity,
    edit::{Edge, EditCommand, Placement, TrackChange},
    model::{TrackKind, TransitionKind},
    session::{Command, Notice},
};
use egui::{Context, Event, ViewportCommand};

/// An edit with what is selected after it.
type Wish = Result<Option<(EditCommand, Option<Selection>)>, String>;

fn plain(edit: Option<EditCommand>) -> Wish {
    Ok(edit.map(|e| (e, None)))
}

fn then_select(edit: Option<EditCommand>, selection: Selection) -> Wish {
    Ok(edit.map(|e| (e, Some(selection))))
}

impl Shell {
    /// Commands of the timeline.
    pub(super) fn edit_command(&mut self, ctx: &Context, program: &mut dyn Program, id: C) {
        match id {
            C::SelectAll => {
                let all = program.project().sequence.tracks.iter().flat_map(|t| t.clips.iter().map(|c| c.id));
                self.shared.selection = Selection::clips(all).into();
            }
            C::SelectNone => self.shared.selection = Default::default(),
            C::SelectForward | C::SelectBackward => {
                let found = self.with_desk(program, |desk| edits::from_playhead(desk, id == C::SelectForward));
                self.shared.selection = Selection::clips(found).into();
            }
            C::Copy | C::Cut => self.copy(ctx, program, id == C::Cut),
            C::Paste | C::PasteInsert => self.paste(ctx, program, id == C::PasteInsert),
            C::ClipSpeed => {
                let first =
                    self.with_desk(program, |desk| desk.selected().find(|(_, c)| c.content.source().is_some()).map(|(_, c)| c.clone()));
                match first {
                    Some(clip) => self.panels.timeline.ask_speed(&clip),
                    None => self.warn(ctx, tr("edits-no-speed")),
                }
            }
            C::OpenNested => {
                if let Some(id) = self.with_desk(program, clips::nested) {
                    self.panels.timeline.trail().enter();
                    self.send(program, EditCommand::OpenSequence { id });
                }
            }
            C::CloseNested => {
                if let Some(id) = self.panels.timeline.trail().outer() {
                    self.send(program, EditCommand::OpenSequence { id });
                }
            }
            C::TracksSmall | C::TracksMedium | C::TracksLarge => self.set_heights(program, id),
            _ if self.view_command(program, id) => {}
            _ => self.edit(ctx, program, id),
        }
    }

    fn send(&mut self, program: &mut dyn Program, edit: EditCommand) {
        self.shared.selection = Default::default();
        program.dispatch(Command::Edit(edit));
    }

    fn warn(&mut self, ctx: &Context, text: String) {
        self.toasts.push(Notice { severity: Severity::Warning, good: false, text, hint: None }, ctx.input(|i| i.time));
    }

    /// What an edit is made from, as things are now.
    fn with_desk<T>(&mut self, program: &dyn Program, make: impl FnOnce(&Desk<'_>) -> T) -> T {
        let project = program.project().clone();
        self.index.update(&project.sequence);
        make(&Desk {
            project: &project,
            index: &self.index,
            selection: &self.shared.selection,
            frame: program.playhead(),
            marks: self.shared.marks,
            transition: self.shared.transition_frames(&project),
        })
    }

    /// Commands that change the document.
    fn edit(&mut self, ctx: &Context, program: &mut dyn Program, id: C) {
        let wish: Wish = self.with_desk(program, |desk| wish(desk, id));
        match wish {
            Ok(Some((edit, selection))) => {
                program.dispatch(Command::Edit(edit));
                if let Some(selection) = selection {
                    self.shared.selection = selection.into();
                }
            }
            Ok(None) => {}
            Err(why) => self.warn(ctx, why),
        }
    }

    fn copy(&mut self, ctx: &Context, program: &mut dyn Program, cut: bool) {
        let Some((text, edit)) = self.with_desk(program, |desk| Some((clipboard::copy(desk)?, edits::delete(desk, false)))) else { return };
        ctx.copy_text(text);
        if let Some(edit) = edit.filter(|_| cut) {
            self.send(program, edit);
        }
    }

    /// The text comes with the desktop's event; from a menu it is asked for and comes in a later pass.
    fn paste(&mut self, ctx: &Context, program: &mut dyn Program, between: bool) {
        let text = ctx.input(|i| i.events.iter().find_map(|e| if let Event::Paste(text) = e { Some(text.clone()) } else { None }));
        let Some(text) = text else {
            self.paste_between = between;
            ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
            return;
        };
        let between = std::mem::take(&mut self.paste_between) || between || ctx.input(|i| i.modifiers.shift);
        let mode = if between { Placement::Ripple } else { Placement::Overwrite };
        match self.with_desk(program, |desk| clipboard::paste(desk, &text, mode)) {
            Ok((edit, made)) => {
                self.shared.selection = Selection::clips(made).into();
                program.dispatch(Command::Edit(edit));
            }
            Err(why) => self.warn(ctx, why),
        }
    }

    fn set_heights(&mut self, program: &mut dyn Program, id: C) {
        let height = match id {
            C::TracksSmall => SMALL,
            C::TracksLarge => LARGE,
            _ => 0,
        };
        let tracks = program.project().sequence.tracks.iter().filter(|t| t.height != height);
        let set: Vec<_> = tracks.map(|t| EditCommand::SetTrack { id: t.id, change: TrackChange::Height(height) }).collect();
        if !set.is_empty() {
            program.dispatch(Command::Edit(EditCommand::Batch(set)));
        }
    }

    /// Commands that change what is seen of the film; false where `id` is none of them.
    fn view_command(&mut self, program: &dyn Program, id: C) -> bool {
        let duration = program.project().sequence.duration();
        let span = || {
            let clips = self.index.clips(&self.shared.selection.clips);
            clips.iter().map(|(_, c)| (c.start, c.end())).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        };
        match id {
            C::ZoomIn => self.panels.timeline.zoom_around(program.playhead(), 1.5),
            C::ZoomOut => self.panels.timeline.zoom_around(program.playhead(), 1.0 / 1.5),
            C::ZoomFit => self.panels.timeline.fit(duration),
            C::ZoomSelection => {
                if let Some((from, to)) = span() {
                    self.panels.timeline.fit_range(from, to);
                }
            }
            _ => return false,
        }
        true
    }
}

/// The edit of a command.
fn wish(desk: &Desk<'_>, id: C) -> Wish {
    let (project, frame) = (desk.project, desk.frame);
    match id {
        C::Delete => then_select(edits::delete(desk, false), after_delete(desk)),
        C::RippleDelete => then_select(edits::delete(desk, true), Selection::default()),
        C::Split => plain(edits::split(project, &desk.selection.clips, frame)),
        C::SplitAll => plain(edits::split(project, &Default::default(), frame)),
        C::TrimStart => plain(edits::trim_to(desk, Edge::Start)),
        C::TrimEnd => plain(edits::trim_to(desk, Edge::End)),
        C::RippleTrimStart => plain(edits::ripple_trim_to(desk, Edge::Start)),
        C::RippleTrimEnd => plain(edits::ripple_trim_to(desk, Edge::End)),
        C::NudgeLeft => plain(edits::nudge(desk, -1)),
        C::NudgeRight => plain(edits::nudge(desk, 1)),
        C::NudgeLeftFar => plain(edits::nudge(desk, -5)),
        C::NudgeRightFar => plain(edits::nudge(desk, 5)),
        C::ClipUp => plain(edits::to_track(desk, -1)),
        C::ClipDown => plain(edits::to_track(desk, 1)),
        C::Lift => edits::take_range(desk, false).and_then(plain),
        C::Extract => edits::take_range(desk, true).and_then(plain),
        C::CloseGaps => edits::close_gaps(desk).and_then(plain),
        C::Duplicate => match clipboard::duplicate(desk) {
            Some((edit, made)) => then_select(Some(edit), Selection::clips(made)),
            None => Ok(None),
        },
        C::ToggleEnabled => plain(clips::toggle_enabled(desk)),
        C::Link => plain(clips::toggle_link(desk)),
        C::GroupClips => plain(clips::group(desk, true)),
        C::UngroupClips => plain(clips::group(desk, false)),
        C::Nest => then_select(clips::nest(desk), Selection::default()),
        C::FreezeFrame => clips::freeze_frame(desk).and_then(plain),
        C::Dissolve => transitions::add(desk, TransitionKind::CrossDissolve, false).map(Some).and_then(plain),
        C::CrossFade => transitions::add(desk, TransitionKind::CrossDissolve, true).map(Some).and_then(plain),
        C::Title | C::AdjustmentClip => {
            let make = if id == C::Title { edits::title } else { edits::adjustment };
            match make(project, frame) {
                Some((edit, clip)) => then_select(Some(edit), Selection::clips([clip])),
                None => Ok(None),
            }
        }
        C::AddMarker => plain(edits::marker(project, frame)),
        C::AddCaption => plain(edits::caption(project, frame)),
        C::AddVideoTrack => plain(edits::add_track(project, TrackKind::Video)),
        C::AddAudioTrack => plain(edits::add_track(project, TrackKind::Audio)),
        C::RemoveEmptyTracks => plain(edits::remove_empty_tracks(project)),
        _ => Ok(None),
    }
}

/// A clip whose key went stays selected.
fn after_delete(desk: &Desk<'_>) -> Selection {
    match desk.selection.key {
        Some(_) => Selection::clips(desk.selection.clips.iter().copied()),
        None => Selection::default(),
    }
}
