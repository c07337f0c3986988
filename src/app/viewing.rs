//! Carries out what is asked of the viewers: the deck that keys work on, marks, loop, sources.

use super::{
    commands::CommandId as C,
    dock::PanelId,
    edits,
    footage::FootageState,
    program::Program,
    shell::Shell,
    state::{DraggedSource, Marks, Selection},
    viewer::cut::{self, Cut, Way},
};
use crate::{
    base::{MediaId, Rounding, Time},
    model::{ClipContent, Speed},
    session::{Command, Enlarge, Monitor, Transport, Without},
};
use egui::Context;
use std::sync::Arc;

/// What the program was last told about the viewers.
#[derive(Debug, Default)]
pub(super) struct Told {
    compare: Option<Without>,
    scopes: Option<Monitor>,
    enlarge: Enlarge,
}

/// The deck that keys work on, as it stands.
struct At {
    media: Option<MediaId>,
    now: i64,
    end: i64,
    second: i64,
    looping: bool,
    /// 0 while it stands.
    speed: Speed,
}

impl Shell {
    /// The viewer that keys go to: the one last used, if it can be seen.
    pub(super) fn active_monitor(&self, program: &dyn Program) -> Monitor {
        let seen = |panel| self.dock.is_in_front(panel);
        match program.source().is_some() && seen(PanelId::Source) {
            true if self.shared.active == Monitor::Source || !seen(PanelId::Program) => Monitor::Source,
            _ => Monitor::Program,
        }
    }

    /// Ask the active deck for something.
    pub(super) fn transport(&self, program: &mut dyn Program, what: Transport) {
        let command = match self.active_monitor(program) {
            Monitor::Program => Command::Program(what),
            Monitor::Source => Command::Source(what),
        };
        program.dispatch(command);
    }

    fn at(&self, program: &dyn Program) -> At {
        let in_source = self.active_monitor(program) == Monitor::Source;
        let source = program.source().filter(|_| in_source);
        let sequence = source.map_or(&program.project().sequence, |s| &s.project.sequence);
        At {
            media: source.map(|s| s.media),
            now: source.map_or(program.playhead(), |s| s.deck.playhead),
            end: sequence.duration(),
            second: i64::from(sequence.frame_rate.timecode_base()),
            looping: source.map_or(program.looping(), |s| s.deck.range).is_some(),
            speed: match source.map_or((program.is_playing(), program.speed()), |s| (s.deck.playing, s.deck.speed)) {
                (true, speed) => speed,
                (false, _) => Speed::FREEZE,
            },
        }
    }

    fn marks_of(&self, media: Option<MediaId>) -> Marks {
        media.map_or(self.shared.marks, |id| self.shared.source_marks.get(&id).copied().unwrap_or_default())
    }

    /// Set the marks of the sequence or of a source; what loops goes on within the new ones.
    pub(super) fn set_marks(&mut self, program: &mut dyn Program, media: Option<MediaId>, marks: Marks) {
        match media {
            None => self.shared.marks = marks,
            Some(id) => drop(Arc::make_mut(&mut self.shared.source_marks).insert(id, marks)),
        }
        let at = self.at(program);
        if at.looping && at.media == media {
            self.set_loop(program, true);
        }
    }

    fn set_loop(&self, program: &mut dyn Program, on: bool) {
        let at = self.at(program);
        let range = self.marks_of(at.media).range(at.end).unwrap_or((0, at.end));
        self.transport(program, Transport::Loop(on.then_some(range)));
    }

    /// Move the active playhead.
    pub(super) fn move_playhead(&mut self, program: &mut dyn Program, id: C) {
        let at = self.at(program);
        let marks = self.marks_of(at.media);
        // a source has no cuts: its marks are what one jumps between
        let stop = |forward: bool| {
            if at.media.is_none() {
                return edits::next_edge(program.project(), at.now, forward);
            }
            let stops = [Some(0), marks.start, marks.end, Some(at.end - 1)].into_iter().flatten();
            if forward { stops.filter(|f| *f > at.now).min() } else { stops.filter(|f| *f < at.now).max() }
        };
        let to = match id {
            C::StepBack => at.now - 1,
            C::StepForward => at.now + 1,
            C::StepBackFar => at.now - 10,
            C::StepForwardFar => at.now + 10,
            C::BackSecond => at.now - at.second,
            C::GoToEnd => at.end - 1,
            C::PreviousCut => stop(false).unwrap_or(0),
            C::NextCut => stop(true).unwrap_or(at.end),
            C::PreviousMarker => edits::next_marker(program.project(), at.now, false).unwrap_or(at.now),
            C::NextMarker => edits::next_marker(program.project(), at.now, true).unwrap_or(at.now),
            _ => 0,
        };
        let to = to.clamp(0, at.end.max(0));
        if matches!(id, C::StepBack | C::StepForward) {
            self.transport(program, Transport::Step(to - at.now));
        } else {
            self.transport(program, Transport::Seek(to));
        }
        if at.media.is_none() {
            self.panels.timeline.reveal(to);
        }
    }

    pub(super) fn mark(&mut self, program: &mut dyn Program, id: C) {
        let at = self.at(program);
        let marks = self.marks_of(at.media);
        let marks = match id {
            C::MarkIn => marks.with_in(at.now),
            C::MarkOut => marks.with_out(at.now),
            _ => Marks::default(),
        };
        self.set_marks(program, at.media, marks);
    }

    /// Commands of the viewers; false where it is none of them.
    pub(super) fn view(&mut self, ctx: &Context, program: &mut dyn Program, id: C) -> bool {
        match id {
            C::PlayPause => self.transport(program, Transport::TogglePlay),
            C::ShuttleForward | C::ShuttleBack => {
                let now = self.at(program).speed;
                if let Some(what) = self.shuttle.press(id, now) {
                    self.transport(program, what);
                }
            }
            C::Pause => self.transport(program, Transport::Pause),
            C::MarkIn | C::MarkOut | C::ClearMarks => self.mark(program, id),
            C::LoopPlayback => {
                let on = !self.at(program).looping;
                self.set_loop(program, on);
            }
            C::SwitchViewer => {
                let other = if self.active_monitor(program) == Monitor::Program { Monitor::Source } else { Monitor::Program };
                self.shared.active = other;
                self.dock.show(if other == Monitor::Source { PanelId::Source } else { PanelId::Program });
            }
            C::OpenInSource => self.open_in_source(ctx, program),
            C::MatchFrame => self.match_frame(ctx, program),
            C::CloseSource => {
                program.dispatch(Command::CloseSource);
                self.dock.close(PanelId::Source);
                self.dock.show(PanelId::Program);
            }
            C::Compare => self.shared.compare = !self.shared.compare,
            C::LiveUpscale => self.shared.live_upscale = !self.shared.live_upscale,
            C::LiveUpscaleClips => {
                let clips = &self.shared.selection.clips;
                let all = clips.is_subset(&self.shared.upscaled_clips);
                let set = Arc::make_mut(&mut self.shared.upscaled_clips);
                for clip in clips {
                    let _ = if all { set.remove(clip) } else { set.insert(*clip) };
                }
            }
            C::CameraPath => self.shared.camera_path = !self.shared.camera_path,
            C::InsertSource => self.cut_source(program, Way::Insert),
            C::OverwriteSource => self.cut_source(program, Way::Overwrite),
            C::AppendSource => self.cut_source(program, Way::Append),
            C::ReplaceSource => self.replace_with_source(program),
            _ => return false,
        }
        true
    }

    /// The marked piece of the source, which points are marked, and where its playhead stands.
    fn source_piece(&self, program: &dyn Program) -> Option<(DraggedSource, (bool, bool), Time)> {
        let source = program.source()?;
        let media = program.project().media.get(&source.media)?;
        let (rate, duration) = (source.project.sequence.frame_rate, source.project.sequence.duration());
        let marks = self.marks_of(Some(source.media));
        let (a, b) = marks.range(duration).unwrap_or((0, duration));
        let time = |frame| Time::from_frames(frame, rate);
        let (picture, sound) = (media.info.video.is_some(), media.info.audio.is_some());
        let piece = DraggedSource { media: source.media, from: time(a), to: time(b), picture, sound };
        Some((piece, (marks.start.is_some(), marks.end.is_some()), time(source.deck.playhead)))
    }

    /// Bring the marked piece to the timeline; the playhead goes to its end, ready for the next.
    fn cut_source(&mut self, program: &mut dyn Program, way: Way) {
        let Some((piece, marked, _)) = self.source_piece(program) else { return };
        let cut = Cut { piece, marked, marks: self.shared.marks, playhead: program.playhead(), target: self.shared.target };
        match cut::cut(program.project(), &cut, way) {
            Ok((edit, made)) => {
                program.dispatch(Command::Edit(edit));
                let end = made.iter().filter_map(|id| program.project().sequence.clip(*id)).map(|(_, c)| c.end()).max();
                if let Some(end) = end {
                    self.shared.selection = Selection::clips(made).into();
                    program.dispatch(Command::Seek(end));
                    self.panels.timeline.reveal(end);
                }
            }
            Err(e) => self.queue.refuse(&e),
        }
    }

    /// The source in the place of the selected clips, from its in point on, or from its playhead where none is marked.
    fn replace_with_source(&mut self, program: &mut dyn Program) {
        let Some((piece, marked, playhead)) = self.source_piece(program) else { return };
        let from = if marked.0 { piece.from } else { playhead };
        if let Some(edit) = cut::replace(program.project(), &self.shared.selection, &piece, from) {
            program.dispatch(Command::Edit(edit));
        }
    }

    /// Tell the program what the viewers need: the picture before, where it is compared; counts, where scopes are seen.
    pub(super) fn sync_viewers(&mut self, program: &mut dyn Program) {
        // a loop over everything grows with the film
        let duration = program.project().sequence.duration();
        let range = self.shared.marks.range(duration).unwrap_or((0, duration));
        if program.looping().is_some_and(|looping| looping != range) {
            program.dispatch(Command::Program(Transport::Loop(Some(range))));
        }
        let wanted = self.shared.compare.then(|| self.panels.viewer.compared(program.project(), &self.shared));
        if wanted != self.told.compare {
            self.told.compare = wanted;
            program.dispatch(Command::Compare(wanted));
        }
        let enlarge = self.shared.enlarge();
        if enlarge != self.told.enlarge {
            self.told.enlarge.clone_from(&enlarge);
            program.dispatch(Command::Enlarge(enlarge));
        }
        let seen = self.dock.is_in_front(PanelId::Scopes) && !self.cinema;
        let scopes = seen.then(|| self.active_monitor(program));
        if scopes != self.told.scopes {
            self.told.scopes = scopes;
            program.dispatch(Command::Scopes(scopes));
        }
    }

    /// Show a media in the source viewer and let the keys work there.
    pub(super) fn open_source(&mut self, ctx: &Context, program: &mut dyn Program, media: MediaId) {
        program.dispatch(Command::OpenSource(media));
        self.dock.show(PanelId::Source);
        self.shared.active = Monitor::Source;
        // arrows would still go through the list that the media was chosen from; but shots found are looked through one after another
        if !FootageState::has_focus(ctx) {
            ctx.memory_mut(|m| m.focused().map(|id| m.surrender_focus(id)));
        }
    }

    /// The selected media, or that of the selected clip with the clip's piece marked.
    fn open_in_source(&mut self, ctx: &Context, program: &mut dyn Program) {
        if let Some(media) = self.shared.selection.media.iter().next().copied() {
            return self.open_source(ctx, program, media);
        }
        let project = program.project().clone();
        let picked = self.shared.selection.clips_of(&project);
        let Some(clip) = picked.into_iter().find(|c| c.media().is_some()).cloned() else { return };
        let (ClipContent::Media { media, source_in, speed }, rate) = (&clip.content, project.sequence.frame_rate) else { return };
        self.open_source(ctx, program, *media);
        let Some(source) = program.source().filter(|s| s.media == *media) else { return };
        let source_rate = source.project.sequence.frame_rate;
        let length = speed.source_span(Time::from_frames(clip.duration, rate));
        let (a, b) = (*source_in, *source_in + length);
        let frame = |t: Time| t.to_frames(source_rate, Rounding::Nearest);
        let (start, end) = (frame(a.min(b)), frame(a.max(b)));
        self.set_marks(program, Some(*media), Marks { start: Some(start), end: Some(end.max(start + 1)) });
        program.dispatch(Command::Source(Transport::Seek(start)));
    }

    /// The source of what shows at the playhead, at the very frame.
    fn match_frame(&mut self, ctx: &Context, program: &mut dyn Program) {
        let project = program.project().clone();
        let (s, at) = (&project.sequence, program.playhead());
        // what is seen, from the top; where nothing is, what is heard
        let tracks = s.video_tracks().rev().chain(s.audio_tracks()).filter(|t| !t.muted);
        let under = tracks.filter_map(|t| t.clip_index_at(at).map(|i| &t.clips[i]));
        let Some(clip) = under.into_iter().find(|c| c.enabled && c.media().is_some()) else { return };
        let (Some(media), Some(time)) = (clip.media(), clip.source_at(at, s.frame_rate)) else { return };
        self.open_source(ctx, program, media);
        let Some(source) = program.source().filter(|s| s.media == media) else { return };
        // a hair later: a point that was rounded just short of a frame still means that frame
        let frame = (time + Time(706)).to_frames(source.project.sequence.frame_rate, Rounding::Floor);
        program.dispatch(Command::Source(Transport::Seek(frame)));
    }
}
