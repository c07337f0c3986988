//! What both viewers have in common, as one of them sees it in this pass: playhead, picture, format, marks.

use crate::{
    app::state::{Action, Cx, Marks, Queue},
    base::MediaId,
    model::{Sequence, Speed},
    session::{Command, Monitor, Transport, Viewer},
};
use std::sync::Arc;

/// One viewer's facts of this pass.
#[derive(Clone)]
pub struct Face {
    pub monitor: Monitor,
    /// The media of the source viewer.
    pub media: Option<MediaId>,
    pub playhead: i64,
    pub playing: bool,
    pub speed: Speed,
    /// Range, in frames, that plays over and over.
    pub looping: Option<(i64, i64)>,
    pub viewer: Viewer,
    pub sequence: Arc<Sequence>,
    /// Frames, end exclusive; 0 = nothing to show.
    pub duration: i64,
    pub marks: Marks,
}

impl Face {
    pub fn program(cx: &Cx<'_>) -> Self {
        let sequence = cx.project.sequence.clone();
        Self {
            monitor: Monitor::Program,
            media: None,
            playhead: cx.program.playhead(),
            playing: cx.program.is_playing(),
            speed: cx.program.speed(),
            looping: cx.program.looping(),
            viewer: cx.program.viewer().clone(),
            duration: sequence.duration(),
            sequence,
            marks: cx.shared.marks,
        }
    }

    pub fn source(cx: &Cx<'_>) -> Option<Self> {
        let s = cx.program.source()?;
        let sequence = s.project.sequence.clone();
        Some(Self {
            monitor: Monitor::Source,
            media: Some(s.media),
            playhead: s.deck.playhead,
            playing: s.deck.playing,
            speed: s.deck.speed,
            looping: s.deck.range,
            viewer: s.deck.viewer.clone(),
            duration: sequence.duration(),
            sequence,
            marks: cx.shared.source_marks.get(&s.media).copied().unwrap_or_default(),
        })
    }

    /// Ask this viewer's deck for something.
    pub fn send(&self, out: &mut Queue, what: Transport) {
        out.send(match self.monitor {
            Monitor::Program => Command::Program(what),
            Monitor::Source => Command::Source(what),
        });
    }

    pub fn set_marks(&self, out: &mut Queue, marks: Marks) {
        match self.media {
            Some(media) => out.push(Action::MarkSource(media, marks)),
            None => out.push(Action::Mark(marks)),
        }
    }

    /// What a loop plays: the marked range, else everything.
    pub fn loop_range(&self) -> (i64, i64) {
        self.marks.range(self.duration).unwrap_or((0, self.duration))
    }

    /// `00:00:12;05` of a frame, in the viewer's own counting.
    pub fn timecode(&self, frame: i64) -> String {
        self.sequence.timecode(frame)
    }

    /// A length, counted from zero.
    pub fn length_text(&self, frames: i64) -> String {
        crate::base::format_timecode(frames, self.sequence.frame_rate, self.sequence.drop_frame)
    }
}
