//! From the source viewer to the timeline: the edits that bring a piece of a source there. Pure: no egui, no session.

use crate::{
    app::{
        edits,
        state::{DraggedSource, Marks, Selection},
    },
    base::{ClipId, Rounding, Time, TrackId},
    edit::{ClipChange, EditCommand, EditError, Placement, Target, ThreePoint, apply, three_point},
    model::{Project, TrackKind},
};

/// A piece of a source and what is marked on the timeline.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub piece: DraggedSource,
    /// Points of the source that are really marked; the piece fills in the others.
    pub marked: (bool, bool),
    /// Marks of the sequence.
    pub marks: Marks,
    pub playhead: i64,
    /// Tracks that were chosen for media.
    pub target: Target,
}

/// Where a piece goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Insert,
    Overwrite,
    Append,
    /// At this frame, over what is there, on the tracks beside this one.
    Drop {
        track: Option<TrackId>,
        frame: i64,
        ripple: bool,
    },
}

/// The edit that brings the piece there, and the clips that it makes. An empty timeline first takes the source's format.
///
/// # Errors
/// The points leave nothing, or no track can take it.
pub fn cut(project: &Project, c: &Cut, way: Way) -> Result<(EditCommand, Vec<ClipId>), EditError> {
    let format = first_format(project, c);
    let formatted = format.as_ref().map(|f| apply(project, f)).transpose()?;
    let project = formatted.as_ref().unwrap_or(project);
    let tracks = match way {
        Way::Drop { track, .. } => edits::drop_tracks(project, track),
        _ => edits::target_tracks(project, c.target),
    };
    let target = Target { video: tracks.video.filter(|_| c.piece.picture), audio: tracks.audio.filter(|_| c.piece.sound) };
    let here = |frame| ((Some(frame), None), Placement::Overwrite);
    let (timeline, mode) = match way {
        Way::Insert => ((c.marks.start, c.marks.end), Placement::Ripple),
        Way::Overwrite => ((c.marks.start, c.marks.end), Placement::Overwrite),
        Way::Append => here(project.sequence.duration()),
        Way::Drop { frame, ripple: false, .. } => here(frame),
        Way::Drop { frame, ripple: true, .. } => ((Some(frame), None), Placement::Ripple),
    };
    let source = (c.marked.0.then_some(c.piece.from), c.marked.1.then_some(c.piece.to));
    let points = ThreePoint { media: c.piece.media, source, timeline, playhead: c.playhead, target, mode, fit: false };
    let (edit, made) = three_point(project, &points)?;
    Ok((format.map_or(edit.clone(), |f| EditCommand::Batch(vec![f, edit])), made))
}

/// An empty timeline takes size and rate of the first picture that comes to it.
fn first_format(project: &Project, c: &Cut) -> Option<EditCommand> {
    let s = &project.sequence;
    let video = project.media.get(&c.piece.media)?.info.video.as_ref().filter(|v| !v.still && s.duration() == 0 && c.piece.picture)?;
    let (width, height) = video.display_size();
    // encoders want even sides
    let even = |v: u32| (v + v % 2).clamp(2, 16384);
    Some(EditCommand::SetFormat { width: even(width), height: even(height), frame_rate: video.frame_rate, color: s.color })
}

/// How many frames of the sequence a piece fills.
pub fn length(project: &Project, piece: &DraggedSource) -> i64 {
    (piece.to - piece.from).to_frames(project.sequence.frame_rate, Rounding::Nearest).max(1)
}

/// The source in the place of the selected clips, from `from` on: pictures by its picture, sounds by its sound.
pub fn replace(project: &Project, selection: &Selection, piece: &DraggedSource, from: Time) -> Option<EditCommand> {
    let s = &project.sequence;
    let change = ClipChange::Replace { media: piece.media, source_in: from };
    let fits =
        |id: &ClipId| s.clip(*id).is_some_and(|(t, _)| !t.locked && if t.kind == TrackKind::Video { piece.picture } else { piece.sound });
    let commands: Vec<_> =
        selection.clips.iter().filter(|id| fits(id)).map(|id| EditCommand::SetClip { clip: *id, change: change.clone() }).collect();
    (!commands.is_empty()).then_some(EditCommand::Batch(commands))
}
