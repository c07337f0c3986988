//! What several panels share (selection, tool, marks), what a panel sees while it draws, and how it asks for things.
//! Panels change nothing themselves: they push [`Action`]s, which the shell carries out after the pass.

use super::{
    commands::{CommandId, Facts},
    dialogs::Ask,
    dock::PanelId,
    edits::Desk,
    index::DocIndex,
    pictures::Pictures,
    program::ProgramView,
    theme::Theme,
};
use crate::{
    base::{CaptionId, ClipId, MarkerId, MediaId, Time, TrackId, TransitionId, UserError},
    edit::Target,
    model::{Clip, Project},
    session::{Command, Enlarge, Monitor, Notice},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What the inspector shows and what Delete removes. At most one kind is not empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    pub clips: BTreeSet<ClipId>,
    pub transition: Option<TransitionId>,
    pub marker: Option<MarkerId>,
    pub caption: Option<CaptionId>,
    pub media: BTreeSet<MediaId>,
    /// A space between clips.
    pub gap: Option<Gap>,
    /// Words of the transcript panel, first and last, by their places in its list.
    pub words: Option<(usize, usize)>,
    /// A key on the line of a clip's loudness or opacity: the clip, which is selected too, and the frame from its first.
    pub key: Option<(ClipId, i64)>,
}

/// The space before a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub track: TrackId,
    pub from: i64,
    pub to: i64,
}

impl Selection {
    pub fn clips(ids: impl IntoIterator<Item = ClipId>) -> Self {
        Self { clips: ids.into_iter().collect(), ..Self::default() }
    }
    pub fn media(ids: impl IntoIterator<Item = MediaId>) -> Self {
        Self { media: ids.into_iter().collect(), ..Self::default() }
    }

    /// Forget what the document no longer has.
    pub fn retain(&mut self, project: &Project) {
        let s = &project.sequence;
        if !self.clips.is_empty() {
            let all: BTreeSet<ClipId> = s.tracks.iter().flat_map(|t| t.clips.iter().map(|c| c.id)).collect();
            self.clips.retain(|id| all.contains(id));
        }
        self.transition = self.transition.filter(|id| s.tracks.iter().any(|t| t.transitions.iter().any(|x| x.id == *id)));
        self.marker = self.marker.filter(|id| s.markers.iter().any(|m| m.id == *id));
        self.caption = self.caption.filter(|id| s.captions.iter().any(|c| c.id == *id));
        self.media.retain(|id| project.media.contains_key(id));
        let is_there = |g: &Gap| s.track(g.track).is_some_and(|t| t.clips_in(g.from, g.to).is_empty() && t.end() > g.to);
        self.gap = self.gap.filter(is_there);
        // the list of words is another one now
        self.words = None;
        self.key = self.key.filter(|(id, _)| self.clips.contains(id));
    }

    /// The selected clips in timeline order.
    pub fn clips_of<'a>(&self, project: &'a Project) -> Vec<&'a Arc<Clip>> {
        if self.clips.is_empty() {
            return Vec::new();
        }
        project.sequence.tracks.iter().flat_map(|t| t.clips.iter()).filter(|c| self.clips.contains(&c.id)).collect()
    }
}

/// What the pointer does in the lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    #[default]
    Select,
    /// Everything from the clip on.
    TrackSelect,
    /// Trims, and what follows moves along.
    RippleTrim,
    /// Moves a cut: both sides of it together.
    Roll,
    /// Moves the source inside the clip.
    Slip,
    /// Moves the clip between its neighbours, which give way.
    Slide,
    Razor,
    Hand,
    Zoom,
}

impl Tool {
    pub const ALL: [Self; 9] =
        [Self::Select, Self::TrackSelect, Self::RippleTrim, Self::Roll, Self::Slip, Self::Slide, Self::Razor, Self::Hand, Self::Zoom];

    /// The command that takes it up.
    pub fn command(self) -> CommandId {
        match self {
            Self::Select => CommandId::SelectTool,
            Self::TrackSelect => CommandId::TrackSelectTool,
            Self::RippleTrim => CommandId::RippleTool,
            Self::Roll => CommandId::RollTool,
            Self::Slip => CommandId::SlipTool,
            Self::Slide => CommandId::SlideTool,
            Self::Razor => CommandId::RazorTool,
            Self::Hand => CommandId::HandTool,
            Self::Zoom => CommandId::ZoomTool,
        }
    }

    /// The tool that a command takes up.
    pub fn of_command(id: CommandId) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.command() == id)
    }
}

/// In and out point, in frames: first frame and first frame after. Of the sequence they limit the export; of a source they are
/// the piece that goes to the timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub start: Option<i64>,
    pub end: Option<i64>,
}

impl Marks {
    /// The marked range inside a timeline of `duration` frames; None where nothing sensible is marked.
    pub fn range(self, duration: i64) -> Option<(i64, i64)> {
        if self == Self::default() {
            return None;
        }
        let (a, b) = (self.start.unwrap_or(0).max(0), self.end.unwrap_or(duration).min(duration));
        (a < b).then_some((a, b))
    }

    /// In point at `frame`; an out point before it goes.
    pub fn with_in(self, frame: i64) -> Self {
        Self { start: Some(frame), end: self.end.filter(|e| *e > frame) }
    }

    /// Out point after `frame`; an in point after it goes.
    pub fn with_out(self, frame: i64) -> Self {
        Self { start: self.start.filter(|s| *s <= frame), end: Some(frame + 1) }
    }
}

/// A piece of a source on its way to the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraggedSource {
    pub media: MediaId,
    /// Piece of the media, `to` exclusive.
    pub from: Time,
    pub to: Time,
    pub picture: bool,
    pub sound: bool,
}

/// State that more than one panel reads.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Shared, so that a pass sees it for nothing however much is selected.
    pub selection: Arc<Selection>,
    pub tool: Tool,
    pub snapping: bool,
    pub marks: Marks,
    /// Tracks that media go to; None = the first of the kind that is not locked.
    pub target: Target,
    /// Length of a new transition in tenths of a second.
    pub transition_tenths: i64,
    /// Panels that are open, in front or behind another.
    pub panels: BTreeSet<PanelId>,
    /// The viewer that keys for playing and marking go to; the program's while no source is open.
    pub active: Monitor,
    /// In and out points of sources, while the window is open. Shared: a pass sees them for nothing.
    pub source_marks: Arc<BTreeMap<MediaId, Marks>>,
    /// The program viewer shows before and after.
    pub compare: bool,
    /// The viewers upscale the frame at which their playhead rests.
    pub live_upscale: bool,
    /// Clips of which the program viewer does that, whatever becomes of the rest. Shared: a pass sees them for nothing.
    pub upscaled_clips: Arc<BTreeSet<ClipId>>,
    /// The path of a steadied clip's camera is shown under the picture.
    pub camera_path: bool,
}

impl Shared {
    /// What the viewers upscale.
    pub fn enlarge(&self) -> Enlarge {
        match self.live_upscale {
            true => Enlarge::Everything,
            false if self.upscaled_clips.is_empty() => Enlarge::Nothing,
            false => Enlarge::Clips(self.upscaled_clips.clone()),
        }
    }

    /// Frames of a new transition.
    pub fn transition_frames(&self, project: &Project) -> i64 {
        (i64::from(project.sequence.frame_rate.timecode_base()) * self.transition_tenths / 10).max(2)
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            selection: Arc::default(),
            tool: Tool::default(),
            snapping: true,
            marks: Marks::default(),
            target: Target::default(),
            transition_tenths: 10,
            panels: BTreeSet::new(),
            active: Monitor::Program,
            source_marks: Arc::default(),
            compare: false,
            live_upscale: false,
            upscaled_clips: Arc::default(),
            camera_path: false,
        }
    }
}

/// A wish of a panel.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a handful a pass; boxing each command would only add noise")]
pub enum Action {
    /// Straight to the session.
    Program(Command),
    /// A command of the table, as if from its menu.
    Run(CommandId),
    Select(Selection),
    /// Keys for playing and marking go to this viewer from now on.
    Activate(Monitor),
    /// In and out point of the sequence.
    Mark(Marks),
    MarkSource(MediaId, Marks),
    Target(Target),
    /// Length of a new transition in tenths of a second.
    TransitionLength(i64),
    Tell(Notice),
    /// Show a dialog of the desktop.
    Ask(Ask),
    CloseExport,
}

/// Wishes of this pass, in order.
#[derive(Default)]
pub struct Queue(Vec<Action>);

impl Queue {
    pub fn push(&mut self, action: Action) {
        self.0.push(action);
    }
    pub fn send(&mut self, command: Command) {
        self.0.push(Action::Program(command));
    }
    pub fn run(&mut self, id: CommandId) {
        self.0.push(Action::Run(id));
    }
    pub fn select(&mut self, selection: Selection) {
        self.0.push(Action::Select(selection));
    }
    /// Say why something cannot be done.
    pub fn refuse(&mut self, e: &dyn UserError) {
        self.0.push(Action::Tell(Notice { severity: e.severity(), good: false, text: e.to_string(), hint: e.hint() }));
    }
    pub fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}

/// What a panel sees while it draws.
pub struct Cx<'a> {
    pub program: &'a mut dyn ProgramView,
    /// The document of this pass.
    pub project: Arc<Project>,
    /// Where things lie in the document of this pass.
    pub index: &'a DocIndex,
    pub theme: &'a Theme,
    pub shared: &'a Shared,
    /// What commands can be used now.
    pub facts: Facts,
    pub pictures: &'a mut Pictures,
    pub out: &'a mut Queue,
}

impl Cx<'_> {
    /// What an edit is made from.
    pub fn desk(&self) -> Desk<'_> {
        Desk {
            project: &self.project,
            index: self.index,
            selection: &self.shared.selection,
            frame: self.program.playhead(),
            marks: self.shared.marks,
            transition: self.shared.transition_frames(&self.project),
        }
    }

    /// The selected clips in timeline order, track by track.
    pub fn selected_clips(&self) -> Vec<&Arc<Clip>> {
        self.index.clips(&self.shared.selection.clips).into_iter().map(|(_, c)| c).collect()
    }

    /// Whether the viewer upscales each of the selected clips by name.
    pub fn shows_upscaled(&self) -> bool {
        let clips = &self.shared.selection.clips;
        !clips.is_empty() && clips.is_subset(&self.shared.upscaled_clips)
    }
}
