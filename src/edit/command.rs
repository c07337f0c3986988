//! What can be done to a project, as data: serialisable, so that a script sends what the window sends.

use crate::{
    base::{CaptionId, ClipId, ColorTags, FrameRate, MarkerId, MediaId, MediaInfo, SequenceId, Time, TrackId, TransitionId},
    model::{
        Animated, Caption, Chosen, Clip, Effect, Marker, Media, MediaFile, Sequence, Speed, Stabilize, Title, TrackKind, Transform,
        TransitionKind, Variant,
    },
    speech::Transcript,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What happens where a placed clip meets others on its track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placement {
    /// An overlap is an error.
    #[default]
    Strict,
    /// What lies under the clip is cut away.
    Overwrite,
    /// A clip under the start is split there, and everything later moves right by the clip's length, also on the other
    /// tracks that are sync-locked. Clips placed by one command make room once.
    Ripple,
}

/// One end of a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    Start,
    End,
}

/// Where one clip of a group goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipMove {
    pub clip: ClipId,
    pub track: TrackId,
    pub start: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MediaChange {
    Name(String),
    /// Another file in its place (relink).
    File {
        file: MediaFile,
        info: Box<MediaInfo>,
    },
    ColorOverride(Option<ColorTags>),
    /// Folder of the bin; made where it is not there yet.
    Folder(String),
    /// A small stand-in for smooth editing, or none.
    Proxy(Option<Box<Variant>>),
    /// A larger picture in the original's place, or none.
    Upscaled(Option<Box<Variant>>),
    /// What is said in it, or nothing known.
    Transcript(Option<Arc<Transcript>>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TrackChange {
    Name(String),
    Muted(bool),
    Solo(bool),
    Locked(bool),
    SyncLock(bool),
    /// Points; 0 = as usual.
    Height(u16),
    GainDb(f32),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ClipChange {
    Name(String),
    Enabled(bool),
    Transform(Transform),
    GainDb(f32),
    Pan(f32),
    /// Frames.
    FadeIn(i64),
    /// Frames.
    FadeOut(i64),
    /// Whether the sound begins and ends softly; see [`Clip::soft_in`].
    Soft(bool, bool),
    /// Shows the same piece of media at another speed: the length changes with it, up to the next clip. Turning the
    /// direction plays the piece from its other end; to and from a freeze the length stays.
    Speed(Speed),
    Title(Title),
    Solid([f32; 4]),
    Link(Option<u64>),
    Group(Option<u64>),
    /// The whole stack, first to last.
    Effects(Vec<Effect>),
    /// How the picture is steadied; None takes the settings away.
    Stabilize(Option<Box<Stabilize>>),
    /// One animated value's whole curve; an empty one ends the animation.
    Animate(Animated),
    /// Another media in the clip's place, from this point on, at normal speed; shorter where the media is.
    Replace {
        media: MediaId,
        #[serde(default)]
        source_in: Time,
    },
    /// Another piece of media in the clip's place; the clip stays as long as it is.
    Shot {
        media: MediaId,
        source_in: Time,
        #[serde(default)]
        speed: Speed,
    },
    /// Why it is where it is.
    Chosen(Option<Box<Chosen>>),
}

/// One edit. Frames are those of the sequence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EditCommand {
    AddMedia {
        id: MediaId,
        media: Media,
    },
    /// Refused while a clip uses it.
    RemoveMedia {
        id: MediaId,
    },
    SetMedia {
        id: MediaId,
        change: MediaChange,
    },
    /// Another text for one word of a media's transcript, by its place: of several words when it is, none when it is empty.
    CorrectWord {
        media: MediaId,
        word: usize,
        text: String,
    },
    RenameProject {
        name: String,
    },
    /// A folder of the bin, and those above it.
    AddFolder {
        path: String,
    },
    /// With all that is in it; also moves it elsewhere.
    RenameFolder {
        from: String,
        to: String,
    },
    /// What is in it moves to the folder above.
    RemoveFolder {
        path: String,
    },
    /// An empty sequence of the open one's format.
    AddSequence {
        id: SequenceId,
        #[serde(default)]
        name: String,
    },
    /// A sequence that was made elsewhere becomes the open one: in the place of the open one where that has its id and is empty,
    /// beside it otherwise. All other ids in it are new to the project.
    PutSequence {
        sequence: Box<Sequence>,
    },
    /// Edit, show and export this sequence from now on.
    OpenSequence {
        id: SequenceId,
    },
    RenameSequence {
        id: SequenceId,
        name: String,
    },
    /// Refused for the open one, and while a clip shows it.
    RemoveSequence {
        id: SequenceId,
    },
    /// Makes a sequence of clips and puts clips that show it in their place.
    Nest {
        clips: Vec<ClipId>,
        sequence: SequenceId,
        #[serde(default)]
        name: String,
    },
    /// A change of rate puts every clip, transition, fade and marker at the nearest frame of the new rate; cuts stay cuts.
    SetFormat {
        width: u32,
        height: u32,
        frame_rate: FrameRate,
        #[serde(default)]
        color: ColorTags,
    },
    /// How the open sequence's frames are labelled: the label of its first frame, in frames, and the way of counting.
    SetTimecode {
        start: i64,
        drop_frame: bool,
    },
    /// `index` is the place in the sequence's list of tracks.
    AddTrack {
        id: TrackId,
        kind: TrackKind,
        index: usize,
    },
    /// With all its clips.
    RemoveTrack {
        id: TrackId,
    },
    SetTrack {
        id: TrackId,
        change: TrackChange,
    },
    /// `index` is its place in the list of tracks afterwards.
    MoveTrack {
        id: TrackId,
        index: usize,
    },
    Insert {
        track: TrackId,
        clip: Clip,
        #[serde(default)]
        mode: Placement,
    },
    /// New clips together, a file's picture and sound for instance.
    InsertClips {
        clips: Vec<(TrackId, Clip)>,
        #[serde(default)]
        mode: Placement,
    },
    /// `ripple` takes their time out of the timeline, on their tracks and on those that are sync-locked.
    Remove {
        clips: Vec<ClipId>,
        #[serde(default)]
        ripple: bool,
    },
    /// Cuts frames `[from, to)` off tracks and leaves a gap. No tracks: all that are not locked.
    Lift {
        from: i64,
        to: i64,
        #[serde(default)]
        tracks: Vec<TrackId>,
    },
    /// [`EditCommand::Lift`], and the gap is closed, also on the tracks that are sync-locked.
    Extract {
        from: i64,
        to: i64,
        #[serde(default)]
        tracks: Vec<TrackId>,
    },
    /// Closes the gap of a track that frame `at` lies in, as [`EditCommand::Extract`] does.
    CloseGap {
        track: TrackId,
        at: i64,
    },
    /// `clip` keeps the frames before `at`; `new_id` gets the rest, unlinked.
    Split {
        clip: ClipId,
        at: i64,
        new_id: ClipId,
    },
    /// All clips are lifted first and then put down, so a group may move over its own old place.
    Move {
        moves: Vec<ClipMove>,
        #[serde(default)]
        mode: Placement,
    },
    /// Puts one end of a clip at frame `to`; what remains stays in sync with the timeline.
    Trim {
        clip: ClipId,
        edge: Edge,
        to: i64,
    },
    /// Moves one end of clips, which lies at the same frame for all of them, by frames. Their starts stay, and everything
    /// later follows, also on the other tracks that are sync-locked.
    RippleTrim {
        clips: Vec<ClipId>,
        edge: Edge,
        by: i64,
    },
    /// Moves the cut after clip `left` to frame `to`.
    Roll {
        left: ClipId,
        to: i64,
    },
    /// Moves a clip by frames; the ends of the neighbours that touch it follow.
    Slide {
        clip: ClipId,
        by_frames: i64,
    },
    /// Shows a later (or earlier) piece of the media in the same place.
    Slip {
        clip: ClipId,
        by_frames: i64,
    },
    SetClip {
        clip: ClipId,
        change: ClipChange,
    },
    AddTransition {
        id: TransitionId,
        left: ClipId,
        right: ClipId,
        kind: TransitionKind,
        before: i64,
        after: i64,
    },
    SetTransition {
        id: TransitionId,
        kind: TransitionKind,
        before: i64,
        after: i64,
    },
    RemoveTransition {
        id: TransitionId,
    },
    AddMarker {
        marker: Marker,
    },
    /// Replaces the marker of the same id.
    SetMarker {
        marker: Marker,
    },
    RemoveMarker {
        id: MarkerId,
    },
    AddCaption {
        caption: Caption,
    },
    /// Replaces the caption of the same id.
    SetCaption {
        caption: Caption,
    },
    RemoveCaption {
        id: CaptionId,
    },
    /// The look of all captions, by the name of a file of `assets/captions`.
    StyleCaptions {
        name: String,
    },
    /// All captions at once, in order, in the place of those that are there.
    SetCaptions {
        captions: Vec<Caption>,
    },
    /// Takes what is said in these stretches of frames out of the timeline: cuts them off the tracks, and everything later
    /// follows, as with [`EditCommand::Extract`], captions too. Sound ends softly where it was cut.
    CutWords {
        ranges: Vec<(i64, i64)>,
        tracks: Vec<TrackId>,
    },
    /// What language the captions are in, as a tag of BCP 47; empty where nobody knows.
    CaptionLanguage {
        tag: String,
    },
    /// Whether captions are part of the finished film's picture.
    BurnCaptions {
        on: bool,
    },
    /// All or nothing, one undo step. Transitions are checked against their cuts only after the last command, so two
    /// trims that roll a cut keep its transition.
    Batch(Vec<EditCommand>),
}

impl EditCommand {
    /// Largest id that the command brings into the project, 0 for none.
    pub(super) fn largest_new_id(&self) -> u64 {
        match self {
            Self::AddMedia { id, .. } => id.0,
            Self::AddTrack { id, .. } => id.0,
            Self::Insert { clip, .. } => clip.id.0,
            Self::InsertClips { clips, .. } => clips.iter().map(|c| c.1.id.0).max().unwrap_or(0),
            Self::PutSequence { sequence } => sequence.max_id(),
            Self::AddSequence { id, .. } | Self::Nest { sequence: id, .. } => id.0,
            Self::Split { new_id, .. } => new_id.0,
            Self::AddTransition { id, .. } => id.0,
            Self::AddMarker { marker } => marker.id.0,
            Self::AddCaption { caption } => caption.id.0,
            Self::SetCaptions { captions } => captions.iter().map(|c| c.id.0).max().unwrap_or(0),
            Self::Batch(commands) => commands.iter().map(Self::largest_new_id).max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// Name of a command for the Undo entry and tooltips.
pub fn label(command: &EditCommand) -> &'static str {
    use EditCommand as C;
    match command {
        C::AddMedia { .. } => "Import media",
        C::RemoveMedia { .. } => "Remove media",
        C::SetMedia { change, .. } => match change {
            MediaChange::Name(_) => "Rename media",
            MediaChange::File { .. } => "Relink media",
            MediaChange::ColorOverride(_) => "Change media colours",
            MediaChange::Folder(_) => "Move media",
            MediaChange::Proxy(Some(_)) => "Add proxy",
            MediaChange::Proxy(None) => "Remove proxy",
            MediaChange::Upscaled(Some(_)) => "Add upscaled picture",
            MediaChange::Upscaled(None) => "Remove upscaled picture",
            MediaChange::Transcript(Some(_)) => "Change transcript",
            MediaChange::Transcript(None) => "Remove transcript",
        },
        C::AddFolder { .. } => "Add folder",
        C::RenameFolder { .. } => "Rename folder",
        C::RemoveFolder { .. } => "Remove folder",
        C::AddSequence { .. } => "Add sequence",
        C::PutSequence { .. } => "Montage",
        C::OpenSequence { .. } => "Open sequence",
        C::RenameSequence { .. } => "Rename sequence",
        C::RemoveSequence { .. } => "Remove sequence",
        C::Nest { .. } => "Nest clips",
        C::CorrectWord { .. } => "Correct word",
        C::RenameProject { .. } => "Rename project",
        C::SetFormat { .. } => "Change format",
        C::SetTimecode { .. } => "Change timecode",
        C::AddTrack { .. } => "Add track",
        C::RemoveTrack { .. } => "Remove track",
        C::SetTrack { change, .. } => match change {
            TrackChange::Name(_) => "Rename track",
            TrackChange::Muted(_) => "Mute track",
            TrackChange::Solo(_) => "Solo track",
            TrackChange::Locked(_) => "Lock track",
            TrackChange::SyncLock(_) => "Sync-lock track",
            TrackChange::Height(_) => "Change track height",
            TrackChange::GainDb(_) => "Change track volume",
        },
        C::MoveTrack { .. } => "Move track",
        C::Insert { .. } => "Insert clip",
        C::InsertClips { clips, .. } if clips.len() > 1 => "Insert clips",
        C::InsertClips { .. } => "Insert clip",
        C::Lift { .. } => "Lift",
        C::Extract { .. } => "Extract",
        C::CloseGap { .. } => "Close gap",
        C::Remove { ripple: true, .. } => "Ripple delete",
        C::Remove { clips, .. } if clips.len() > 1 => "Delete clips",
        C::Remove { .. } => "Delete clip",
        C::Split { .. } => "Split clip",
        C::Move { moves, .. } if moves.len() > 1 => "Move clips",
        C::Move { .. } => "Move clip",
        C::Trim { .. } => "Trim clip",
        C::RippleTrim { .. } => "Ripple trim",
        C::Roll { .. } => "Roll cut",
        C::Slide { .. } => "Slide clip",
        C::Slip { .. } => "Slip clip",
        C::SetClip { change, .. } => match change {
            ClipChange::Name(_) => "Rename clip",
            ClipChange::Enabled(true) => "Enable clip",
            ClipChange::Enabled(false) => "Disable clip",
            ClipChange::Transform(_) => "Transform clip",
            ClipChange::GainDb(_) => "Change volume",
            ClipChange::Pan(_) => "Change pan",
            ClipChange::FadeIn(_) | ClipChange::FadeOut(_) | ClipChange::Soft(..) => "Change fade",
            ClipChange::Speed(_) => "Change speed",
            ClipChange::Title(_) => "Edit title",
            ClipChange::Solid(_) => "Change colour",
            ClipChange::Link(Some(_)) => "Link clips",
            ClipChange::Link(None) => "Unlink clip",
            ClipChange::Group(Some(_)) => "Group clips",
            ClipChange::Group(None) => "Ungroup clips",
            ClipChange::Effects(_) => "Change effects",
            ClipChange::Stabilize(_) => "Change stabilisation",
            ClipChange::Animate(_) => "Change key frames",
            ClipChange::Replace { .. } => "Replace clip",
            ClipChange::Shot { .. } => "Re-roll shot",
            ClipChange::Chosen(Some(c)) if c.locked => "Lock shot",
            ClipChange::Chosen(_) => "Unlock shot",
        },
        C::AddTransition { .. } => "Add transition",
        C::SetTransition { .. } => "Change transition",
        C::RemoveTransition { .. } => "Remove transition",
        C::AddMarker { .. } => "Add marker",
        C::SetMarker { .. } => "Change marker",
        C::RemoveMarker { .. } => "Remove marker",
        C::AddCaption { .. } => "Add caption",
        C::SetCaption { .. } => "Change caption",
        C::RemoveCaption { .. } => "Remove caption",
        C::StyleCaptions { .. } => "Style captions",
        C::SetCaptions { .. } => "Make captions",
        C::CutWords { .. } => "Cut words",
        C::CaptionLanguage { .. } => "Change caption language",
        C::BurnCaptions { .. } => "Burn in captions",
        C::Batch(commands) => match &commands[..] {
            [] => "Edit",
            [first, rest @ ..] => {
                let name = label(first);
                if rest.iter().all(|c| label(c) == name) { name } else { "Edit" }
            }
        },
    }
}
