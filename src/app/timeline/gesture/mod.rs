//! Drags in the lanes. A gesture remembers the document as it was when it began and turns each pointer position into one
//! absolute edit against that; the session replaces the one before. Nothing here paints or touches the document.

mod carry;
mod cut;
mod fade;
mod inside;
mod level;
mod trim;

use super::{
    hit::{Hit, Part},
    lanes::Lanes,
    snap::Snapper,
};
use crate::{
    app::{index::DocIndex, state::Tool},
    base::ClipId,
    edit::EditCommand,
    model::Project,
};
use std::{collections::BTreeSet, sync::Arc};

/// Where the pointer is vertically.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Above,
    Lane(usize),
    Below,
}

/// Where the pointer is and what is held down.
#[derive(Clone, Copy, Debug)]
pub struct Pointer {
    pub frame: f64,
    pub level: Level,
    /// Points from the top of the lanes, unscrolled.
    pub y: f32,
    /// Frames within which things catch; 0 while snapping is off.
    pub snap_radius: f64,
    /// Frames in a point.
    pub frames_per_point: f64,
    /// Ctrl: push later clips aside instead of covering or leaving them.
    pub ripple: bool,
    /// Shift: keep to one direction.
    pub straight: bool,
}

/// A few words beside the pointer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Note {
    #[default]
    None,
    /// Frames moved or trimmed.
    By(i64),
    /// Length of a fade or a transition in frames.
    Length(i64),
    /// Frames slipped, and the source's first and last frame then.
    Slip {
        by: i64,
        first: i64,
        last: i64,
    },
    Decibels(f32),
    /// 0–1.
    Opacity(f32),
}

/// What a pointer position asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub edit: Option<EditCommand>,
    /// Frame on which something caught, to draw its line.
    pub caught: Option<i64>,
    pub note: Note,
}

#[derive(Clone, Debug)]
enum Kind {
    Carry(carry::Carry),
    Trim(trim::Trim),
    Roll(cut::Roll),
    Slip(inside::Slip),
    Slide(inside::Slide),
    Fade(fade::Fade),
    Transition(cut::Joint),
    Level(level::Leveling),
}

/// One drag from press to release.
#[derive(Clone, Debug)]
pub struct Gesture {
    kind: Kind,
    grab: f64,
    snaps: Snapper,
    /// Whether the session has been told of the gesture; it is not before something really changes.
    pub begun: bool,
    pub last: Step,
}

/// What a gesture starts from.
pub struct Start<'a> {
    pub project: &'a Arc<Project>,
    pub index: &'a DocIndex,
    pub lanes: &'a Lanes,
    pub tool: Tool,
    /// Fractional frame and height (unscrolled) under the pointer when it was pressed.
    pub grab: (f64, f32),
    /// The clips that are taken along.
    pub selected: &'a BTreeSet<ClipId>,
    /// Alt: the grabbed clip without what is linked to it.
    pub alone: bool,
    /// Ctrl when the button went down.
    pub command: bool,
    /// Further frames to catch on: playhead and marks.
    pub extra_snaps: &'a [i64],
}

impl Gesture {
    /// What a drag of `hit` does; None where it does nothing (locked, empty, nothing to slip).
    pub fn start(hit: &Hit, s: &Start<'_>) -> Option<Self> {
        let kind = match hit {
            Hit::Clip { locked: true, .. } | Hit::Transition { locked: true, .. } | Hit::Empty | Hit::Gap { .. } => return None,
            Hit::Transition { id, .. } => Kind::Transition(cut::Joint::of(s, *id)?),
            Hit::Clip { clip, part: Part::FadeIn, .. } => Kind::Fade(fade::Fade::of(clip, true)),
            Hit::Clip { clip, part: Part::FadeOut, .. } => Kind::Fade(fade::Fade::of(clip, false)),
            Hit::Clip { clip, track, part: part @ (Part::Line | Part::Key(_)), .. } => {
                Kind::Level(level::Leveling::of(s, clip, *track, *part)?)
            }
            Hit::Clip { clip, .. } if s.tool == Tool::Slip => Kind::Slip(inside::Slip::of(s, clip)?),
            Hit::Clip { clip, .. } if s.tool == Tool::Slide => Kind::Slide(inside::Slide::of(s, clip)?),
            Hit::Clip { clip, part: Part::Edge { edge, on_cut }, .. } => {
                let roll = s.tool == Tool::Roll || (s.tool == Tool::Select && s.command && *on_cut);
                match roll.then(|| cut::Roll::of(s, clip.id, *edge)).flatten() {
                    Some(roll) => Kind::Roll(roll),
                    None if s.tool == Tool::Roll => return None,
                    None => Kind::Trim(trim::Trim::of(s, clip.id, *edge, s.tool == Tool::RippleTrim)),
                }
            }
            Hit::Clip { clip, track, part: Part::Body, .. } => match s.tool {
                Tool::RippleTrim | Tool::Roll => return None,
                _ => Kind::Carry(carry::Carry::of(s, clip.id, *track)?),
            },
        };
        let moving = kind.moving();
        let snaps = Snapper::new(&s.project.sequence, s.index, moving, s.extra_snaps.iter().copied());
        Some(Self { kind, grab: s.grab.0, snaps, begun: false, last: Step::default() })
    }

    /// Name of the undo step.
    pub fn label(&self) -> &'static str {
        match &self.kind {
            Kind::Carry(_) => "Move clip",
            Kind::Trim(t) if t.always_ripple() => "Ripple trim",
            Kind::Trim(_) => "Trim clip",
            Kind::Roll(_) => "Roll cut",
            Kind::Slip(_) => "Slip clip",
            Kind::Slide(_) => "Slide clip",
            Kind::Fade(_) => "Change fade",
            Kind::Transition(_) => "Change transition",
            Kind::Level(l) => l.label(),
        }
    }

    /// Whether it moves an end rather than a clip, for the pointer's shape.
    pub fn moves_an_end(&self) -> bool {
        matches!(self.kind, Kind::Trim(_) | Kind::Roll(_) | Kind::Transition(_))
    }

    /// The edit for a pointer position.
    pub fn step(&self, lanes: &Lanes, p: &Pointer) -> Step {
        let delta = p.frame - self.grab;
        let catch = |edges: &[i64]| {
            let snapped = if p.snap_radius > 0.0 { self.snaps.shift(edges, delta, p.snap_radius) } else { None };
            snapped.map_or((delta.round() as i64, None), |(by, frame)| (by, Some(frame)))
        };
        let step = match &self.kind {
            Kind::Carry(k) => k.step(lanes, p, catch),
            Kind::Trim(k) => k.step(p, delta, catch),
            Kind::Roll(k) => k.step(catch),
            Kind::Slip(k) => k.step(delta),
            Kind::Slide(k) => k.step(catch),
            Kind::Fade(k) => k.step(p, &self.snaps),
            Kind::Transition(k) => k.step(p),
            Kind::Level(k) => k.step(p, delta),
        };
        // before anything has changed there is nothing to put back
        if self.begun || step.edit.is_none() || !self.kind.is_idle(&step) { step } else { Step { edit: None, ..step } }
    }
}

impl Kind {
    /// Clips whose edges move, and so are nothing to catch on.
    fn moving(&self) -> BTreeSet<ClipId> {
        match self {
            Self::Carry(k) => k.clips().collect(),
            Self::Trim(k) => k.clips().collect(),
            Self::Roll(k) => k.clips().collect(),
            Self::Slide(k) => k.clips().collect(),
            Self::Slip(_) | Self::Fade(_) | Self::Transition(_) | Self::Level(_) => BTreeSet::new(),
        }
    }

    /// Whether a step would leave the document as it is.
    fn is_idle(&self, step: &Step) -> bool {
        match self {
            Self::Carry(_) => carry::is_idle(step),
            Self::Trim(k) => k.is_idle(step),
            Self::Roll(_) | Self::Slide(_) => step.note == Note::By(0),
            Self::Slip(_) => matches!(step.note, Note::Slip { by: 0, .. }),
            Self::Fade(_) | Self::Transition(_) | Self::Level(_) => false,
        }
    }
}

/// One command for several.
fn together(mut commands: Vec<EditCommand>) -> Option<EditCommand> {
    match commands.len() {
        0 => None,
        1 => commands.pop(),
        _ => Some(EditCommand::Batch(commands)),
    }
}
